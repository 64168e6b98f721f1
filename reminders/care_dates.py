"""Days on which advisers are offered a text for many clients: festivals by the solar or lunar calendar, and the content
of the week. Each adviser gets one card for the own clients, and nothing is sent before he confirms it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog

from config.pack import CareDate, Packs, Template
from reminders.calendar import clock_time, local_instant, lunar_codes_celebrated_on
from reminders.campaign_words import part_card
from reminders.ledger import MOST_CLIENTS, enter_campaign, plan_campaign
from reminders.outgoing import Post
from reminders.quiet import Quiet
from storage.conditions import Unreadable, View, compiled, read
from storage.database import Database, UnitOfWork
from storage.model.clock import local_date
from storage.model.messages import Card, Text
from storage.model.people import Actor, User
from storage.model.work import CARE
from storage.repositories.jobs import JobRepository
from storage.templates import TemplateBook

log = structlog.get_logger(__name__)

ALL = "客户类型 是 个人"
UNTIL = time(20)  # an offer that was missed until then is not made any more


def due_dates(packs: Packs, now: datetime, zone: ZoneInfo) -> list[CareDate]:
    """The entries of today whose hour has come."""
    today = local_date(now, zone)
    if now >= local_instant(today, UNTIL, zone):
        return []
    return [
        entry for entry in packs.care_dates
        if entry.enabled and falls_on(entry, today) and now >= local_instant(today, _hour(entry), zone)
    ]


def falls_on(entry: CareDate, day: date) -> bool:
    """Whether an entry is for this day. A lunar 30th that the month has not falls on its 29th."""
    if entry.solar is not None:
        return entry.solar == day.month * 100 + day.day
    if entry.lunar is not None:
        return entry.lunar in lunar_codes_celebrated_on(day)
    return entry.weekday == day.isoweekday()


def template_of(book: TemplateBook, entry: CareDate, day: date) -> Template:
    """Whose turn it is: by the week, or by the year."""
    turn = day.toordinal() // 7 if entry.weekday is not None else day.year
    return book.get(entry.templates[turn % len(entry.templates)])


class CareDates:
    """Offers what is due, each adviser in a transaction of his own."""

    def __init__(self, database: Database, post: Post, zone: ZoneInfo, owner: str, company: str) -> None:
        self._database, self._post, self._zone = database, post, zone
        self._owner, self._company = owner, company

    def due(self, now: datetime) -> list[tuple[CareDate, User]]:
        """What is to be offered to whom, and was not yet. Nobody is offered anything in his quiet hours."""
        entries = due_dates(self._database.packs.current, now, self._zone)
        if not entries:
            return []
        with self._database.system(now) as uow:
            done = JobRepository(uow).done([local_date(now, self._zone).isoformat()])
            advisers = [
                user for user in uow.users.all()
                if user.role in ("adviser", "manager") and not Quiet.of(user).covers(now, self._zone)
            ]
        slot = local_date(now, self._zone).isoformat()
        return [(e, user) for e in entries for user in advisers if (_job(e, user), slot) not in done]

    def offer(self, entry: CareDate, adviser: User, now: datetime) -> int:
        """One adviser's card; how many messages were queued."""
        slot = local_date(now, self._zone).isoformat()
        with self._database.transaction(Actor.of(adviser), now) as uow:
            if not JobRepository(uow).start(_job(entry, adviser), slot, self._owner):
                return 0
            try:
                card, lacking = offer(uow, entry, adviser, self._zone, self._company)
            except Unreadable as error:
                return self._report(uow, entry, complaint(entry, error), slot)
            queued = self._report(uow, entry, Text(lacking), f"{slot}:{adviser.id}") if lacking else 0
            if card is None:
                return queued
            until = local_instant(local_date(now, self._zone), UNTIL, self._zone)
            key = f"{_job(entry, adviser)}:{slot}"
            return queued + self._post.put(uow, adviser.id, card, key=key, priority=CARE, expires_at=until)

    def _report(self, uow: UnitOfWork, entry: CareDate, words: Text, slot: str) -> int:
        """Tell operations, once for each slot."""
        return sum(
            self._post.put(uow, member.id, words, key=f"care-date:{entry.id}:{member.id}:{slot}:bad", priority=CARE)
            for member in uow.users.all("ops")
        )


def _job(entry: CareDate, adviser: User) -> str:
    return f"care-date:{entry.id}:{adviser.id}"


def offer(
    uow: UnitOfWork, entry: CareDate, adviser: User, zone: ZoneInfo, company: str
) -> tuple[Card | None, str]:
    """The adviser's card, with a draft for each client who may be written to, None when there is nobody; and what
    operations are to know. The unit of work is the adviser's. Raises Unreadable for conditions that cannot be read."""
    today = local_date(uow.now, zone)
    template = template_of(uow.templates.in_force(), entry, today)
    tree = read(entry.where or ALL, uow.dictionary, "adviser", today)
    condition = compiled(tree, View(uow.packs, today, zone))
    ids = uow.clients.ids_matching(condition, MOST_CLIENTS, adviser.id)
    left_off = uow.clients.count(condition, adviser.id) - len(ids) if len(ids) == MOST_CLIENTS else 0
    plan = plan_campaign(uow, template, ids, zone, company, keep=True)
    if not plan.chosen:
        return None, plan.lacking
    campaign = enter_campaign(uow, plan, zone, name=entry.label, segment=entry.label, conditions=entry.where)
    return part_card(uow, campaign, template, adviser.id, len(plan.chosen), left_off), plan.lacking


def complaint(entry: CareDate, error: Unreadable) -> Text:
    """What ops are told of an entry whose conditions cannot be read."""
    log.error("care_date.bad", entry=entry.id)
    return Text(f"care.yaml 里「{entry.label}」的 where 看不懂，今天没有提供给顾问：{error}")


def _hour(entry: CareDate) -> time:
    return clock_time(entry.hour, time(9))
