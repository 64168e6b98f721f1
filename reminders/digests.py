"""The evening digest of a team: one screen, one line on an empty day, and the lists behind its figures.

Everything is read in the manager's own scope. Names of clients appear in the lists only, and nothing above
level 2 anywhere: no phone, no document number, no single amount."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from reminders import digest_lists as lists
from reminders import ticket_day
from reminders.team_day import OVERDUE_AFTER, TeamDay, first_few
from storage.database import UnitOfWork
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import User
from storage.model.values import money_text

_UNFOLD = "看明细发送「展开 超时」，其他各行用行首的词，例如「展开 逾期」；只看一位「展开 超时 姓名」。"


def digest(uow: UnitOfWork, manager: User, day: date, zone: ZoneInfo) -> Text:
    """The team's day. The unit of work must be the manager's own: its scope is the team."""
    uow.audit.read("digest", day.isoformat(), section="team")
    return Text(_text(TeamDay(uow, manager, day, zone)))


def digest_section(uow: UnitOfWork, manager: User, day: date, word: str, zone: ZoneInfo) -> str:
    """The list behind one figure, of one member when the words name him: 「逾期」, 「超时 李想」; for another word,
    which lists there are. Raises Invalid for a name that nobody in the team has."""
    line = _asked(word)
    if line is None:
        names = "、".join(each.words[0] for each in LINES)
        return f"日报里没有「{word}」这一项，可以展开：{names}。例如「展开 超时」，只看一位「展开 超时 姓名」。"
    team_day = TeamDay(uow, manager, day, zone)
    for known in sorted(line.words, key=len, reverse=True):
        word = word.replace(known, " ")
    team_day = replace(team_day, member=_member_in(team_day, word))
    uow.audit.read("digest", day.isoformat(), section=line.words[0])
    head, found = line.unfold(team_day)
    head += f"（{team_day.member.name}）" if team_day.member else ""
    return "\n".join([f"{head}：", *found]) if found else f"{head}：没有。"


_AROUND_NAME = re.compile(
    r"未缴|欠缴|没办|未办|事项|明细|清单|列表|名单|客户|今天|今日|昨天|前天|上?周[一二三四五六日天]|\d+\s*[月日号天位笔件次]?|的|\W"
)


def _member_in(day: TeamDay, words: str) -> User | None:
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


# ---------------------------------------------------------------- the lines


def _clients(day: TeamDay) -> str:
    count = sum(day.new_clients.values())
    return f"新增客户 {count} 位{day.by_member(day.new_clients)}" if count else ""


def _contacts(day: TeamDay) -> str:
    count = sum(day.contacts.values())
    return f"跟进 {count} 次{day.by_member(day.contacts)}" if count else ""


def _reminders(day: TeamDay) -> str:
    due, done = sum(day.due.values()), sum(day.done.values())
    return f"提醒：今天到期 {due} 件，办结 {done} 件" if due or done else ""


def _renewals(day: TeamDay) -> str:
    ended, renewed = sum(day.counted("renewals_due").values()), sum(day.counted("renewals_done").values())
    return f"续保：今天到期 {ended} 件，续上 {renewed} 件" if ended or renewed else ""


def _paid(day: TeamDay) -> str:
    count, premiums = sum(day.counted("payments").values()), sum(day.values("premium").values())
    shown = f"，其中保费 {money_text(premiums)}" if premiums else ""
    return f"缴费和还款 {count} 笔{shown}" if count else ""


def _assets(day: TeamDay) -> str:
    change = sum(map(Decimal, day.values("aum_change").values()))
    return f"管理资产{'增加' if change > 0 else '减少'} {money_text(abs(change))}" if change else ""


def _lost(day: TeamDay) -> str:
    count = sum(day.counted("lost_clients").values())
    return f"流失客户 {count} 位" if count else ""


def _approvals(day: TeamDay) -> str:
    return f"待审批 {len(day.approvals)} 件" if day.approvals else ""


def _unpaid(day: TeamDay) -> str:
    count = sum(day.ledger.counts.unpaid_before(day.day, day.in_force).values())
    return f"逾期未缴 {count} 笔" if count else ""


def _overdue(day: TeamDay) -> str:
    counts = Counter(reminder.receiver_id for reminder in day.overdue)
    return f"超过 {OVERDUE_AFTER} 天没办 {counts.total()} 件{day.by_member(counts)}" if counts else ""


def _missed(day: TeamDay) -> str:
    counts = Counter(reminder.receiver_id for reminder in day.missed)
    return f"漏办关怀 {counts.total()} 件{day.by_member(counts)}" if counts else ""


def _silent(day: TeamDay) -> str:
    return f"久未联系 {day.silent} 位" if day.silent else ""


def _risks(day: TeamDay) -> str:
    return f"流失预警 {len(day.risks)} 位" if day.risks else ""


def _idle(day: TeamDay) -> str:
    return f"今天没有动作：{first_few(day.idle, 8)}" if day.idle else ""


def _away(day: TeamDay) -> str:
    """请假：李想（周敏代班）, where somebody is."""
    name = day.anybodys_name
    told = [f"{name(cover.away_id)}（{name(cover.cover_id)}代班）" for cover in day.away]
    return f"请假：{first_few(list(dict.fromkeys(told)), 6)}" if told else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the digest, "" on a day that has nothing of it; the list behind it, and the words that open the list:
    the first is offered, the beginning of the line is always among them."""

    words: tuple[str, ...]
    tell: Callable[[TeamDay], str]
    unfold: Callable[[TeamDay], lists.Section]


MOVED = (
    Line(("新增", "新客", "新增客户"), _clients, lists.new),
    Line(("跟进", "联系记录"), _contacts, lists.contact),
    Line(("提醒", "办结"), _reminders, lists.due),
    Line(("续保", "到期"), _renewals, lists.renewal),
    Line(("保费", "缴费", "还款", "缴费和还款"), _paid, lists.paid),
    Line(("资产", "aum", "AUM", "管理资产", "管理资产增加", "管理资产减少"), _assets, lists.assets),
    Line(("流失客户", "已流失"), _lost, lists.lost),
    Line(("工单", "投诉", "需求"), ticket_day.moved, ticket_day.opened_lines),
    Line(("首次答复", "答复"), ticket_day.first_answers, ticket_day.answer_lines),
)
# What makes a day worth more than one line, beside what moved.
WORRIES = (
    Line(("审批", "待审批", "待我审批"), _approvals, lists.approvals),
    Line(("红线", "红线外的工单"), ticket_day.behind, ticket_day.late_lines),
    Line(("逾期", "未缴", "欠缴", "逾期未缴"), _unpaid, lists.unpaid),
    Line(("超时", "没办", "未办", "待办", "超过", "天没办"), _overdue, lists.overdue),
    Line(("漏办", "漏关怀", "漏办关怀"), _missed, lists.missed),
)
BESIDES = (
    Line(("沉默", "久未联系"), _silent, lists.silent),
    Line(("流失", "预警", "流失预警"), _risks, lists.risk),
    Line(("无动作", "没有动作", "未动", "今天没有动作"), _idle, lists.idle),
    Line(("请假", "代班"), _away, lists.away),
)
LINES = (*WORRIES, *MOVED, *BESIDES)


def _text(day: TeamDay) -> str:
    title = f"{day.day.month} 月 {day.day.day} 日团队日报"
    told = [text for line in (*MOVED, *WORRIES) if (text := line.tell(day))]
    if not told:
        quiet = f"；久未联系的客户 {day.silent} 位" if day.silent else ""
        return "\n".join(filter(None, [f"{title}：今天没有新动态，也没有超时事项{quiet}。", _away(day)]))
    told += [text for line in BESIDES if (text := line.tell(day))]
    return "\n".join([title, *told, _UNFOLD])


def _asked(said: str) -> Line | None:
    """The line whose word was said; the longest word counts, 流失客户 before 流失."""
    found = [(len(word), line) for line in LINES for word in line.words if word in said]
    return max(found, key=lambda pair: pair[0])[1] if found else None
