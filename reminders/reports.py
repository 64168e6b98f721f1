"""Reports that come by themselves: a team's week and month (R234), and questions that a member keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Literal, cast
from zoneinfo import ZoneInfo

from reminders.answers import answer
from reminders.calendar import DAY, add_months, clock_time
from reminders.causes import causes
from reminders.churn import warnings
from reminders.figures import COMPLAINT, NOTHING_TO_COUNT, Figure, Ledger, Span, figure, last_days
from reminders.questions import TEAM, Question, period_of
from storage.database import UnitOfWork
from storage.model.charts import MOST, Chart
from storage.model.messages import Message, Picture, Text, cut
from storage.model.people import Actor, User
from storage.push_times import PushTimes
from storage.repositories.saved_reports import SavedReport, SavedReportRepository
from storage.scope import sees

Every = Literal["weekly", "monthly"]
WORDS: dict[Every, str] = {"weekly": "周报", "monthly": "月报"}
WEEKDAYS = "一二三四五六日"
NOON = time(12)
OFF = "off"
UNREADABLE = "这个报表的内容打不开了。"
_OF_SPAN = (
    "new_clients", "follow_ups", "deals", "premium", "renewals_due", "renewals_done", "renewal_rate", "aum_change",
    "lost_clients", "tier_ups", "tier_downs", "reminders_done",
)
_OF_NOW = ("overdue_count", "missed_care", "silent_clients")
_OF_DAYS = ("vip_activity",)  # what is of the last so many days, however long the report reaches back
# What is reviewed once a month, beside what is of now.
_OF_A_MONTH = ("tier_accuracy", "reminder_uptake", "suggestion_uptake")
_CAUSES = 3
SUGGESTION, MOST_SUGGESTIONS = "suggestion", 100
_SUGGESTIONS, _LINE = 5, 40
_BUSY = ("new_clients", "follow_ups", "reminders_done")


@dataclass(frozen=True, slots=True)
class Timing:
    """When a report comes: `day` is 1 (Monday) to 7 of a week, 1 to 28 of a month."""

    every: Every
    day: int
    at: time

    def latest(self, today: date) -> date:
        """The last day not after today on which it comes."""
        if self.every == "weekly":
            return today - DAY * ((today.isoweekday() - self.day) % 7)
        day = today.replace(day=self.day)
        return day if day <= today else add_months(today.replace(day=1), -1).replace(day=self.day)

    def next(self, today: date) -> date:
        """The first day from today on."""
        latest = self.latest(today)
        if latest == today:
            return today
        if self.every == "weekly":
            return latest + DAY * 7
        return add_months(latest.replace(day=1), 1).replace(day=self.day)

    @property
    def words(self) -> str:
        """每周一 09:00"""
        day = f"每周{WEEKDAYS[self.day - 1]}" if self.every == "weekly" else f"每月 {self.day} 日"
        return f"{day} {self.at:%H:%M}"

    def kept(self) -> str:
        """As a preference holds it: 「1 09:00」."""
        return f"{self.day} {self.at:%H:%M}"


def timing_of(firm: PushTimes, user: User, every: Every) -> Timing | None:
    """When a manager gets the report: as he set it, else when the firm does; None when it is switched off."""
    said = str(user.preferences.get(f"{every}_at", ""))
    if said == OFF:
        return None
    usual = firm.of(every)
    day, _, at = said.partition(" ")
    if day.isdigit():
        return Timing(every, int(day), clock_time(at, time(9)))
    return None if usual.off or usual.day is None else Timing(every, usual.day, usual.at)


def timing_of_saved(report: SavedReport) -> Timing:
    return Timing(cast(Every, report.every), report.day, clock_time(report.at, time(9)))


def slots(uow: UnitOfWork) -> Iterator[tuple[str, User, Timing]]:
    """(kind of job, whom it is for, when) of every report of the installation; saved ones are `report:id`."""
    firm = uow.push_times.in_force()
    for user in uow.users.all("manager"):
        for every in WORDS:
            if timing := timing_of(firm, user, every):
                yield every, user, timing
    for saved in SavedReportRepository(uow).everybodys():
        owner = uow.users.find(saved.user_id)
        if owner is not None and owner.active:
            yield f"report:{saved.id}", owner, timing_of_saved(saved)


def messages_of(uow: UnitOfWork, user: User, kind: str, day: date, zone: ZoneInfo) -> list[Message]:
    """What a report says that comes on a day; nothing for one that was removed. The unit of work is the reader's."""
    if kind in WORDS:
        return team_report(uow, user, kind, day, zone)
    saved = SavedReportRepository(uow).find(int(kind.partition(":")[2]))
    return saved_report(uow, user, saved, day, zone) if saved else []


def saved_report(uow: UnitOfWork, user: User, saved: SavedReport, day: date, zone: ZoneInfo) -> list[Message]:
    """The answer to a kept question, of the period that ended the day before a morning report, else of today's."""
    timing = timing_of_saved(saved)
    head = f"{WORDS[timing.every]}（{timing.words}）"
    if not saved.question:
        return [Text(f"{head}\n{UNREADABLE}发送「我的报表」查看序号，删掉后重新问一次、再存下来。")]
    question = Question.from_json(saved.question)
    span = period_of(day if timing.at >= NOON else day - DAY, question.period)
    found = answer(Ledger(uow, zone), user, question, span)
    return [Text(f"{head}\n{found.text}"), *([found.picture] if found.picture else [])]


# ---------------------------------------------------------------- a team's week and month


def covered(every: Every, day: date) -> tuple[Span, Span]:
    """The days that a report of a day tells of, and those before: the seven days before, or the month before."""
    if every == "weekly":
        last = day - DAY
        return _span(last - DAY * 6, last), _span(last - DAY * 13, last - DAY * 7)
    first = add_months(day.replace(day=1), -1)
    return _span(first, day.replace(day=1) - DAY), _span(add_months(first, -1), first - DAY)


def _span(first: date, last: date) -> Span:
    return Span(first, last, f"{first:%m-%d} 至 {last:%m-%d}")


def team_report(uow: UnitOfWork, manager: User, every: Every, day: date, zone: ZoneInfo) -> list[Message]:
    """A team's period on one screen, beside the period before, with a picture; one line for an empty one."""
    uow.audit.read("report", day.isoformat(), section=every)
    return _Period(uow, manager, every, *covered(every, day), zone).messages()


@dataclass(frozen=True)
class _Period:
    """The figures of one team over a period. No client is named: a report may be passed on."""

    uow: UnitOfWork
    manager: User
    every: Every
    span: Span
    before: Span
    zone: ZoneInfo

    def messages(self) -> list[Message]:
        title = f"团队{WORDS[self.every]}（{self.span.words}）"
        moved, worries = [*self._moved(), *self._causes(), *self._suggestions()], [*self._worries()]
        if not moved and not worries:
            return [Text(f"{title}：没有新动态，也没有逾期和漏办。")]
        now = ["现在：" + "；".join(worries)] if worries else []
        text = Text("\n".join([title, *moved, *self._of_days(), *now, *self._idle()]))
        picture = self._picture()
        return [text, picture] if picture else [text]

    @property
    def _ids(self) -> list[str]:
        return [user.id for user in self.uow.users.team()]

    def _figure(self, metric: str, span: Span) -> Figure | None:
        known = self.uow.packs.find_metric(metric)
        return figure(Ledger(self.uow, self.zone), known, span) if known and not known.nearest else None

    def _moved(self) -> Iterator[str]:
        ids = self._ids
        for name in _OF_SPAN:
            now, before = self._figure(name, self.span), self._figure(name, self.before)
            if now and before and (now.part(ids) or before.part(ids)):
                yield f"{now.metric.label}：{now.text(ids)}（上期 {before.text(ids)}）"

    def _causes(self) -> Iterator[str]:
        """Of a month what complaints came from."""
        if self.every == "monthly" and (found := causes(self.uow, self.zone, self.span, self.before, COMPLAINT)):
            told = "，".join(f"{cause.words} {cause.count}" for cause in found[:_CAUSES])
            yield f"投诉原因（办结 {sum(cause.count for cause in found)} 件）：{told}"

    def _suggestions(self) -> Iterator[str]:
        """Of a week what clients suggested, and what became of it."""
        if self.every != "weekly":
            return
        found = self.uow.tickets.opened_between(SUGGESTION, *self.span.instants(self.zone), MOST_SUGGESTIONS)
        if found:
            yield f"客户建议 {len(found)} 条，发送工单号查看："
        for ticket in found[:_SUGGESTIONS]:
            state = self.uow.tickets.flows.of(ticket.flow, ticket.edition).state(ticket.state).label
            yield f"· {ticket.name} {cut(str(ticket.details.get('content') or ''), _LINE)}（{state}）"
        if len(found) > _SUGGESTIONS:
            yield f"· 还有 {len(found) - _SUGGESTIONS} 条"

    def _of_days(self) -> Iterator[str]:
        ids = self._ids
        for name in _OF_DAYS:
            metric = self.uow.packs.find_metric(name)
            span = last_days(metric, self.span.last) if metric else None
            found = self._figure(name, span) if span else None
            if found and (text := found.text(ids)) != NOTHING_TO_COUNT:
                yield f"{found.metric.label}：{text}{found.when}"

    def _worries(self) -> Iterator[str]:
        ids = self._ids
        for name in _OF_NOW:
            now = self._figure(name, self.span)
            if now and now.value(ids):
                yield f"{now.metric.label} {now.text(ids)}{self._by_member(now)}"
        for name in _OF_A_MONTH if self.every == "monthly" else ():
            now = self._figure(name, self.span)
            if now and (text := now.text(ids)) != NOTHING_TO_COUNT:
                yield f"{now.metric.label} {text}"
        if count := len(warnings(self.uow, self.zone)):
            yield f"流失预警 {count} 位"

    def _by_member(self, found: Figure) -> str:
        ranked = sorted(self._people(), key=lambda user: -found.value([user.id]))
        shown = [f"{user.name} {found.part([user.id]):f}" for user in ranked if found.value([user.id])]
        return f"（{'、'.join(shown[:4])}）" if len(shown) > 1 or (shown and len(ranked) > 1) else ""

    def _people(self) -> Sequence[User]:
        return [u for u in self.uow.users.team() if u.id != self.manager.id and u.role in ("adviser", "manager")]

    def _idle(self) -> list[str]:
        busy = [found for name in _BUSY if (found := self._figure(name, self.span))]
        idle = [user.name for user in self._people() if not any(found.value([user.id]) for found in busy)]
        return [f"没有动作：{'、'.join(idle[:8])}"] if idle else []

    def _picture(self) -> Picture | None:
        """Of a month the renewals of the year; of a week who was in touch how often."""
        if self.every == "monthly":
            question = Question("trend", "renewal_rate", TEAM)
            return answer(Ledger(self.uow, self.zone), self.manager, question, self.span).picture
        found, people = self._figure("follow_ups", self.span), self._people()
        ranked = sorted(people, key=lambda user: -found.value([user.id]))[:MOST] if found else []
        if found is None or len(ranked) < 2 or not found.value([user.id for user in ranked]):
            return None
        counts = [found.part([user.id]) for user in ranked]
        chart = Chart(
            "bars", f"{found.metric.label}（{self.span.words}）", tuple(user.name for user in ranked),
            tuple(map(float, counts)), tuple(f"{count:f}" for count in counts),
        )
        return Picture(chart, f"「{chart.title}」的图没能发出，数字以上面的文字为准。")


def receivers(uow: UnitOfWork, manager: User) -> list[User]:
    """Who else gets a manager's digest and reports: people of his team whom he named, as long as they are in it."""
    named = manager.preferences.get("report_receivers") or []
    found = map(uow.users.find, named)
    return [user for user in found if user is not None and user.active and user.path.startswith(manager.path)]


def configured(uow: UnitOfWork, manager: User, kind: str) -> list[User]:
    """Who else gets it as the packs say, of those who may: by role whoever sees the whole team himself, by name also
    people of the team, as by chat."""
    found: dict[str, User] = {}
    for written in (each for each in uow.packs.receivers if each.name == kind):
        for user in uow.users.all():
            named = user.id in written.users and user.path.startswith(manager.path)
            if named or ((user.role in written.roles or user.id in written.users) and sees(Actor.of(user), manager)):
                found[user.id] = user
    found.pop(manager.id, None)
    return list(found.values())


def configured_words(uow: UnitOfWork, manager: User) -> str:
    """日报：沈越；周报：沈越、周总; "" for nobody."""
    told = {word: configured(uow, manager, kind) for kind, word in (("digest", "日报"), *WORDS.items())}
    return "；".join(f"{word}：{'、'.join(user.name for user in users)}" for word, users in told.items() if users)


Putting = Callable[[UnitOfWork, User, Message, str], int]


def put_all(uow: UnitOfWork, user: User, messages: Sequence[Message], key: str, put: Putting, kind: str) -> int:
    """Queue messages for their reader, and copies for those whom a manager or the packs named; a kept question is for
    who keeps it alone."""
    queued = sum(put(uow, user, message, f"{key}:{n}") for n, message in enumerate(messages))
    if kind.startswith("report:"):
        return queued
    by_chat = receivers(uow, user)
    named = {each.id for each in by_chat}
    copies = [(each, f"{user.name} 让您也收到") for each in by_chat]
    copies += [(e, f"{user.name} 团队的，公司设置也发给您") for e in configured(uow, user, kind) if e.id not in named]
    for receiver, why in copies:
        for n, message in enumerate(messages):
            queued += put(uow, receiver, _passed_on(message, why), f"{key}:{receiver.id}:{n}")
    return queued


def _passed_on(message: Message, why: str) -> Message:
    return replace(message, content=f"{why}：\n{message.content}") if isinstance(message, Text) else message
