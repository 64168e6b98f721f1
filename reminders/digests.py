"""The evening digest of a team: one screen, one line on an empty day, and the lists behind its figures.

Everything is read in the manager's own scope. Names of clients appear in the lists only, and nothing above
level 2 anywhere: no phone, no document number, no single amount."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from reminders.calendar import day_bounds
from reminders.churn import Warned, warnings
from reminders.escalation import missed
from reminders.figures import COMPUTATIONS, Ledger, Span, Values, states_in_force
from reminders.rules import silence
from reminders.wording import category_word
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import User
from storage.model.values import money_text
from storage.model.work import Reminder
from storage.repositories.assets import AssetRepository
from storage.repositories.digests import DigestRepository

OVERDUE_AFTER = 3  # days that a reminder may wait before the manager hears of it (R150)
MOST = 15  # lines of a drill-down
_UNFOLD = "看明细发送「展开 超时」，也可展开：新增、跟进、续保、逾期、沉默、流失、漏办；只看一位「展开 超时 姓名」。"
_AT_WORK = ("adviser", "manager")


def digest(uow: UnitOfWork, manager: User, day: date, zone: ZoneInfo) -> Text:
    """The team's day. The unit of work must be the manager's own: its scope is the team."""
    uow.audit.read("digest", day.isoformat(), section="team")
    return Text(_Day(uow, manager, day, zone).text())


def digest_section(uow: UnitOfWork, manager: User, day: date, word: str, zone: ZoneInfo) -> str:
    """The list behind one figure, of one member when the words name him: 「逾期」, 「超时 李想」; for another word,
    which lists there are. Raises Invalid for a name that nobody in the team has."""
    team_day = _Day(uow, manager, day, zone)
    for words, section in SECTIONS.items():
        if known := next((known for known in words if known in word), None):
            team_day = replace(team_day, member=_member_in(team_day, word.replace(known, " ")))
            uow.audit.read("digest", day.isoformat(), section=words[0])
            head, lines = section(team_day)
            head += f"（{team_day.member.name}）" if team_day.member else ""
            return "\n".join([f"{head}：", *lines]) if lines else f"{head}：没有。"
    names = "、".join(words[0] for words in SECTIONS)
    return f"日报里没有「{word}」这一项，可以展开：{names}。例如「展开 超时」，只看一位「展开 超时 姓名」。"


_AROUND_NAME = re.compile(
    r"未缴|欠缴|没办|未办|事项|明细|清单|列表|名单|客户|今天|今日|昨天|前天|上?周[一二三四五六日天]|\d+[月日号天]|的|\W"
)


def _member_in(day: _Day, words: str) -> User | None:
    """The member that is named besides the figure's word."""
    name = _AROUND_NAME.sub("", words)
    if not name:
        return None
    people = [*day.team, day.manager]
    found = [u for u in people if u.name == name or u.id == name.casefold()]
    core = name.lstrip("小老阿")
    found = found or [u for u in people if u.name in name or (core and core in u.name)]
    if len(found) != 1:
        known = "、".join(user.name for user in people[:8])
        raise Invalid(f"团队里没有「{name}」，可以看：{known}。例如「展开 超时 {people[0].name}」。")
    return found[0]


@dataclass(frozen=True)
class _Day:
    """The figures of one team and day, each read when it is needed."""

    uow: UnitOfWork
    manager: User
    day: date
    zone: ZoneInfo
    member: User | None = None  # whose share is looked at; None for the whole team

    @property
    def owner(self) -> str:
        return self.member.id if self.member else ""

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        return day_bounds(self.day, self.zone)

    @cached_property
    def team(self) -> Sequence[User]:
        """The people below the manager."""
        return [u for u in self.uow.users.team() if u.role in _AT_WORK and u.id != self.manager.id]

    @cached_property
    def lists(self) -> DigestRepository:
        return DigestRepository(self.uow)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.uow, self.zone)

    def counted(self, metric: str) -> Mapping[str, int]:
        """A figure of the day by member, counted as everywhere else."""
        return {member: int(value) for member, value in self._values(metric).items() if value}

    def _values(self, metric: str) -> Values:
        span = Span(self.day, self.day, "")
        return COMPUTATIONS[metric].part(self.ledger, span)

    @cached_property
    def new_clients(self) -> Mapping[str, int]:
        return self.counted("new_clients")

    @cached_property
    def contacts(self) -> Mapping[str, int]:
        return self.counted("follow_ups")

    @cached_property
    def done(self) -> Mapping[str, int]:
        return self.counted("reminders_done")

    @cached_property
    def missed(self) -> Sequence[Reminder]:
        return [r for r in missed(self.uow, self.zone) if self.owner in ("", r.receiver_id)]

    @cached_property
    def risks(self) -> Sequence[Warned]:
        return warnings(self.uow, self.zone, self.owner)

    @cached_property
    def overdue(self) -> Sequence[Reminder]:
        before, _ = day_bounds(self.day - timedelta(days=OVERDUE_AFTER), self.zone)
        found = self.uow.reminders.waiting_since(before)
        return [r for r in found if self.owner in ("", r.receiver_id)]

    @cached_property
    def away(self) -> Sequence[str]:
        """请假：李想（周敏代班）, where somebody is."""
        names = {user.id: user.name for user in self.uow.users.all()}
        found = self.uow.covers.between(*self.bounds)
        told = [f"{names.get(c.away_id, c.away_id)}（{names.get(c.cover_id, c.cover_id)}代班）" for c in found]
        return [f"请假：{_first(list(dict.fromkeys(told)), 6)}"] if told else []

    @cached_property
    def idle(self) -> Sequence[str]:
        """Who entered no client, wrote no contact down and dealt with no reminder, and was not away."""
        away = {cover.away_id for cover in self.uow.covers.between(*self.bounds)}
        busy = {*self.new_clients, *self.contacts, *self.done, *away}
        return [user.name for user in self.team if user.id not in busy]

    @cached_property
    def in_force(self) -> Sequence[str]:
        """States in which an unpaid instalment is still waited for."""
        return states_in_force(self.uow)

    @cached_property
    def silent(self) -> int:
        return self.lists.silent(silence(self.uow.packs, self.day, self.zone))

    # ------------------------------------------------------------ the digest

    def text(self) -> str:
        title = f"{self.day.month} 月 {self.day.day} 日团队日报"
        moved = [line for line in (self._clients(), self._contacts(), self._reminders(), self._renewals(),
                                   self._paid(), self._assets(), self._lost()) if line]  # fmt: skip
        worries = [line for line in (self._unpaid(), self._overdue(), self._missed()) if line]
        if not moved and not worries:
            quiet = f"；久未联系的客户 {self.silent} 位" if self.silent else ""
            return "\n".join([f"{title}：今天没有新动态，也没有超时事项{quiet}。", *self.away])
        if self.silent:
            worries.append(f"久未联系 {self.silent} 位")
        if self.risks:
            worries.append(f"流失预警 {len(self.risks)} 位")
        if self.idle:
            worries.append(f"今天没有动作：{_first(self.idle, 8)}")
        return "\n".join([title, *moved, *worries, *self.away, _UNFOLD])

    def _clients(self) -> str:
        count = sum(self.new_clients.values())
        return f"新增客户 {count} 位{self._by_member(self.new_clients)}" if count else ""

    def _contacts(self) -> str:
        count = sum(self.contacts.values())
        return f"跟进 {count} 次{self._by_member(self.contacts)}" if count else ""

    def _reminders(self) -> str:
        due, done = self.lists.reminders_due(*self.bounds), sum(self.done.values())
        return f"提醒：今天到期 {due} 件，办结 {done} 件" if due or done else ""

    def _renewals(self) -> str:
        ended, renewed = sum(self.counted("renewals_due").values()), sum(self.counted("renewals_done").values())
        return f"续保：今天到期 {ended} 件，续上 {renewed} 件" if ended or renewed else ""

    def _paid(self) -> str:
        count, premiums = sum(self.counted("payments").values()), sum(self._values("premium").values())
        shown = f"，其中保费 {money_text(premiums)}" if premiums else ""
        return f"缴费和还款 {count} 笔{shown}" if count else ""

    def _unpaid(self) -> str:
        count = sum(self.ledger.counts.unpaid_before(self.day, self.in_force).values())
        return f"逾期未缴 {count} 笔" if count else ""

    def _overdue(self) -> str:
        counts: dict[str, int] = {}
        for reminder in self.overdue:
            counts[reminder.receiver_id] = counts.get(reminder.receiver_id, 0) + 1
        return f"超过 {OVERDUE_AFTER} 天没办 {len(self.overdue)} 件{self._by_member(counts)}" if counts else ""

    def _missed(self) -> str:
        counts = Counter(reminder.receiver_id for reminder in self.missed)
        return f"漏办关怀 {counts.total()} 件{self._by_member(counts)}" if counts else ""

    def _assets(self) -> str:
        change = sum(map(Decimal, self._values("aum_change").values()))
        return f"管理资产{'增加' if change > 0 else '减少'} {money_text(abs(change))}" if change else ""

    def _lost(self) -> str:
        count = sum(self.counted("lost_clients").values())
        return f"流失客户 {count} 位" if count else ""

    def _by_member(self, counts: Mapping[str, int]) -> str:
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        named = [f"{self.name_of(user_id)} {count}" for user_id, count in ranked]
        return f"（{_first(named, 4)}）" if len(named) > 1 or self.team else ""

    def name_of(self, user_id: str) -> str:
        """The name of a member of the team; the id of anyone else."""
        names = {user.id: user.name for user in (*self.team, self.manager)}
        return names.get(user_id, user_id)


def _first(words: Sequence[str], most: int) -> str:
    more = f" 等 {len(words)} 人" if len(words) > most else ""
    return "、".join(words[:most]) + more


# ---------------------------------------------------------------- the lists behind the figures

Section = tuple[str, list[str]]


def _overdue_section(day: _Day) -> Section:
    lines = [
        f"{day.name_of(r.receiver_id)}：{r.client_name or '本人'} {category_word(r.category)}，"
        f"已等 {(day.day - local_date(r.waits_since, day.zone)).days} 天"
        for r in day.overdue
    ]
    return f"超过 {OVERDUE_AFTER} 天没办的事项", _cut_off(lines)


def _new_section(day: _Day) -> Section:
    found = day.lists.new_client_lines(*day.bounds, MOST + 1, day.owner)
    lines = [f"{day.name_of(c.owner_id)}：{' '.join(filter(None, [c.name, c.tier, c.source]))}" for c in found]
    return "今天新增的客户", _cut_off(lines)


def _contact_section(day: _Day) -> Section:
    ranked = sorted(day.contacts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(user_id, count) for user_id, count in ranked if day.owner in ("", user_id)]
    return "今天的跟进", [f"{day.name_of(user_id)} {count} 次" for user_id, count in shown]


def _renewal_section(day: _Day) -> Section:
    label = day.uow.packs.kind("policy").state_label if _has_policies(day) else str
    lines = [
        f"{day.name_of(c.owner_id)}：{c.client_name} {c.product_name}（{label(c.state)}）"
        for c in day.lists.ending_lines(day.day, MOST + 1, day.owner)
    ]
    return "今天到期的保单", _cut_off(lines)


def _has_policies(day: _Day) -> bool:
    return any(kind.name == "policy" for kind in day.uow.packs.kinds)


def _unpaid_section(day: _Day) -> Section:
    lines = [
        f"{day.name_of(c.owner_id)}：{c.client_name} {c.product_name} 第 {c.number} 期，逾期 {(day.day - c.on).days} 天"
        for c in day.lists.unpaid_lines(day.day, day.in_force, MOST + 1, day.owner)
    ]
    return "逾期未缴", _cut_off(lines)


def _silent_section(day: _Day) -> Section:
    found = day.lists.silent_lines(silence(day.uow.packs, day.day, day.zone), MOST + 1, day.owner)
    lines = [
        f"{day.name_of(c.owner_id)}：{c.name} {c.tier}，{(day.day - local_date(c.since, day.zone)).days} 天没联系"
        for c in found
    ]
    return "久未联系的客户", _cut_off(lines)


def _idle_section(day: _Day) -> Section:
    return "今天没有动作的同事", [name for name in day.idle if day.member is None or name == day.member.name]


def _risk_section(day: _Day) -> Section:
    shown = day.risks[: MOST + 1]
    day.uow.audit.listed("client", [(w.client.id, w.client.id) for w in shown], section="churn")
    lines = [
        f"{day.name_of(w.client.owner_id)}：{w.client.name} {w.client.tier}（{'，'.join(w.reasons)}）" for w in shown
    ]
    return "流失预警", _cut_off(lines)


def _missed_section(day: _Day) -> Section:
    lines = [f"{day.name_of(r.receiver_id)}：{r.client_name or '本人'} {category_word(r.category)}" for r in day.missed]
    return "漏办的关怀", _cut_off(lines)


def _assets_section(day: _Day) -> Section:
    """Who moved today, in percent: single amounts have no place in a digest."""
    found = AssetRepository(day.uow).movers(day.day, day.bounds[0], MOST + 1, day.owner)
    lines = [
        f"{day.name_of(m.owner_id)}：{m.name} {m.tier} {'新登记' if m.percent is None else f'{m.percent:+d}%'}"
        for m in found
    ]
    return "今天管理资产有变动的客户", _cut_off(lines)


def _cut_off(lines: list[str]) -> list[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines[:MOST], 1)]
    return [*numbered, f"只列出前 {MOST} 项。"] if len(lines) > MOST else numbered


SECTIONS: Mapping[tuple[str, ...], Callable[[_Day], Section]] = {
    ("超时", "没办", "未办", "待办"): _overdue_section,
    ("新增", "新客"): _new_section,
    ("跟进", "联系记录"): _contact_section,
    ("续保", "到期"): _renewal_section,
    ("逾期", "未缴", "欠缴"): _unpaid_section,
    ("沉默", "久未联系"): _silent_section,
    ("无动作", "没有动作", "未动"): _idle_section,
    ("流失", "预警"): _risk_section,
    ("漏办", "漏关怀"): _missed_section,
    ("资产", "aum", "AUM"): _assets_section,
}
