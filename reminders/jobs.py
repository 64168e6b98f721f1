"""What the clock sets off: plan, briefs, digests, reminders for a clock time, housekeeping.

`Jobs.tick` asks the data what is due and does it; nothing is remembered in memory. The row in `job_runs` and
the outbox key are unique and commit together with the message, so ticks may come late, twice, from several
processes or with a clock that jumped. What was missed is caught up with the latest slot alone, never at night."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from reminders import offering, reports, tags, ticket_limits, ticket_news
from reminders.assets import look_for_drops
from reminders.borders import look_for_borders
from reminders.briefs import Brief, catch_up, morning_brief
from reminders.calendar import DAY, QUIET_FROM, local_instant
from reminders.cards import reminder_card
from reminders.care_dates import CareDates
from reminders.digests import digest
from reminders.escalation import KIND, climb, told
from reminders.forgetting import forget
from reminders.outgoing import Post
from reminders.planning import Planning
from reminders.push_times import NOON, brief_at, digest_at, readers, whom
from reminders.quiet import Quiet
from reminders.retention import NIGHTLY_AT, Retention
from reminders.ticket_limits import Look
from reminders.tiers import recompute, recompute_by_conditions
from reminders.usage import KEPT_DAYS
from reminders.waiting_approvals import nudges
from reminders.working_hours import WorkingHours
from storage.database import Database, UnitOfWork
from storage.leases import lease_owner
from storage.model.accounts import KEPT
from storage.model.clock import local_date
from storage.model.errors import Unavailable
from storage.model.messages import Message, Text
from storage.model.people import Actor, User
from storage.model.work import DIGEST, DUE, Reminder, Step
from storage.repositories.binding_codes import CodeRepository
from storage.repositories.bindings import BindingRepository
from storage.repositories.jobs import JobRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.uploads import UploadRepository

log = structlog.get_logger(__name__)

BRIEF_UNTIL, ASSETS_AT = time(20, 30), time(7, 40)
PAST_THE_HOUR = 60.0  # seconds
LATE = timedelta(minutes=15)
REMEMBERED = 3  # days that a slot is looked back at
SINGLE_CARDS = 3  # more late reminders than this come in one message
KEEP_MAIL, KEEP_RUNS = timedelta(days=KEPT_DAYS), timedelta(days=400)
KEEP_DEAD = timedelta(days=90)  # what only a person lets go again, and nobody did
IN_DOUBT = "刚才有消息可能没有送达（企业微信当时没有应答）。发送「今日待办」可以查看全部事项。"

Work = tuple[str, Callable[[], int]]  # a name for the log; what it does says how many messages it queued
_SINCE: tuple[tuple[str, Look], ...] = (("tickets", ticket_limits.nudges), ("offers", offering.lapsed))
OnList = Callable[[UnitOfWork, User, str, Sequence[Mapping[str, Any]]], None]


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due for a slot; `at` is the instant it was meant for, `user` whom it is for."""

    job: str
    slot: str
    at: datetime
    user: User


class Jobs:
    """All jobs of one installation. `on_list` is told of each numbered list that goes out (its kind and items), in
    the same transaction, so that the conversation can keep it. Of the plan and of offers, which may take minutes, a
    tick does as much as fits into `at_once` seconds, so that reminders for a clock time come in between; with
    `is_behind` the next tick is to come at once. `looks` are had once on a working day, as it begins."""

    def __init__(
        self, database: Database, post: Post, zone: ZoneInfo, *, jitter: float = 0.0,
        on_list: OnList | None = None, company: str = "", at_once: float = math.inf, looks: Iterable[Look] = (),
    ) -> None:
        self._database, self._post, self._zone, self._jitter = database, post, zone, jitter
        self._on_list, self._company, self._looks = on_list, company, tuple(looks)
        self._owner, self._at_once, self.is_behind = lease_owner(), at_once, False
        self._planning, self._retention = Planning(database, zone, self._owner), Retention(database, zone, self._owner)
        self._care_dates = CareDates(database, post, zone, self._owner, company)

    async def tick(self, now: datetime) -> int:
        """Do what is due; how many messages were queued. Raises Unavailable; the next tick goes on.

        A fault in one piece of work is logged and leaves the others alone; that piece is tried again."""
        until, self.is_behind = monotonic() + self._at_once, False
        with _told("plan"):
            self.is_behind = not await self._planning.run_if_due(now, until)
        if self.is_behind:  # what the briefs tell of is still being planned
            return await self._do(await self._asked(now, self._timed))
        work = await self._asked(now, self._mornings, self._due, self._timed, self._hourly, self._rest)
        return await self._do(work) + await self._do(await self._asked(now, self._offers), until)

    async def _asked(self, now: datetime, *questions: Callable[[datetime], list[Work]]) -> list[Work]:
        work: list[Work] = []
        for ask in questions:
            with _told(ask.__name__.strip("_")):
                work += await self._database.run(partial(ask, now))
        return work

    async def _do(self, work: Sequence[Work], until: float = math.inf) -> int:
        queued = 0
        for number, (name, piece) in enumerate(work, 1):
            with _told(name):
                queued += await self._database.run(piece)
                if monotonic() > until and number < len(work):
                    self.is_behind = True
                    break
        return queued

    def _mornings(self, now: datetime) -> list[Work]:
        """What the briefs of the morning tell of."""
        return [
            ("assets", partial(self._daily, "assets", ASSETS_AT, self._look_at_assets, now)),
            ("tiers", partial(self._daily, "tiers", ASSETS_AT, self._compute_tiers, now)),
            ("tags", partial(self._daily, "tags", ASSETS_AT, self._compute_tags, now)),
        ]

    def _hourly(self, now: datetime) -> list[Work]:
        is_open = WorkingHours.of(self._database.packs.current, self._zone).is_open(now)
        looks = [(look.__name__, partial(self._look, look, now)) for look in self._looks]
        since = [(name, partial(self._since, look, now)) for name, look in _SINCE]
        return [("escalate", partial(self._escalate, now)), *since, *looks] if is_open else []

    def _offers(self, now: datetime) -> list[Work]:
        due, offer = self._care_dates.due(now), self._care_dates.offer
        return [(f"care:{entry.id}:{user.id}", partial(offer, entry, user, now)) for entry, user in due]

    def _rest(self, now: datetime) -> list[Work]:
        return [
            ("in-doubt", partial(self._tell_in_doubt, now)), *self._retention.due(now),
            ("ticket-news", partial(ticket_news.tell_clients, self._database, self._post, self._zone, now)),
            ("forget", partial(self._daily, "forget", NIGHTLY_AT, partial(forget, zone=self._zone), now)),
            ("purge", partial(self._daily, "purge", NIGHTLY_AT, self._keep_house, now)),
        ]

    # ------------------------------------------------------------ briefs and digests

    def _due(self, now: datetime) -> list[Work]:
        """Briefs, digests and reports whose slot has come and that were not sent yet."""
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            began = jobs.begin(self._owner)
            done = jobs.done([(today - DAY * n).isoformat() for n in range(REMEMBERED)])
            due: list[Due] = []
            for slots in self._briefs, self._digests, partial(self._reports, began=began):
                with _told("slots"):
                    due += slots(uow, now, today)
        # What lay before the installation's first moment was not missed.
        due = [d for d in due if began <= d.at <= now and (d.job, d.slot) not in done]
        return [(d.job, partial(self._send, d, now)) for d in due]

    def _briefs(self, uow: UnitOfWork, now: datetime, today: date) -> Iterable[Due]:
        if now >= local_instant(today, BRIEF_UNTIL, self._zone):
            return
        firm = uow.push_times.in_force()
        for user in readers(uow):
            if not Quiet.of(user).is_free(today):
                yield self._slot("brief", user, today, today, brief_at(user, firm))

    def _digests(self, uow: UnitOfWork, now: datetime, today: date) -> Iterable[Due]:
        """The latest slot of each manager; one that was missed in the evening comes in the morning."""
        firm = uow.push_times.in_force()
        for user in uow.users.all("manager"):
            at = digest_at(user, firm)
            day = today if now >= self._slot("digest", user, today, today, at).at else today - DAY
            told = day if at >= NOON else day - DAY
            due = self._slot("digest", user, told, day, at)
            if not Quiet.of(user).is_free(day) and (now - due.at <= LATE or not Quiet.of(user).covers(now, self._zone)):
                yield due

    def _reports(self, uow: UnitOfWork, now: datetime, today: date, began: datetime) -> Iterable[Due]:
        """The latest slot of each weekly, monthly and kept report, unless it is long over or the installation has
        only just begun."""
        for kind, user, timing in reports.slots(uow):
            with _told(f"{kind}:{user.id}"):
                day = timing.latest(today)
                due = self._slot(kind, user, day, day, timing.at)
                quiet = Quiet.of(user)
                in_time = now - due.at <= LATE and not quiet.is_free(today)
                if due.at > began and today - day < DAY * REMEMBERED and (in_time or not quiet.covers(now, self._zone)):
                    yield due

    def _slot(self, kind: str, user: User, slot: date, day: date, at: time) -> Due:
        # WeCom is crowded at :00 and :30 (path/90236): everyone is a little late, and the same each time.
        share = zlib.crc32(f"{user.id}:{day}".encode()) % 1000 / 1000
        spread = min(self._jitter, PAST_THE_HOUR) + share * max(0.0, self._jitter - PAST_THE_HOUR)
        instant = local_instant(day, at, self._zone) + timedelta(seconds=spread)
        return Due(f"{kind}:{user.id}", slot.isoformat(), instant, user)

    def _send(self, due: Due, now: datetime) -> int:
        """Queue one brief or digest as its reader, together with the mark that it was done."""
        with self._database.transaction(Actor.of(due.user), now) as uow:
            if not JobRepository(uow).start(due.job, due.slot, self._owner):
                return 0
            if due.job.startswith("brief:"):
                return self._send_brief(uow, due)
            return self._send_report(uow, due)

    def _send_report(self, uow: UnitOfWork, due: Due) -> int:
        kind, day = due.job.removesuffix(f":{due.user.id}"), date.fromisoformat(due.slot)
        if kind == "digest":
            messages: list[Message] = [digest(uow, due.user, day, self._zone)]
        else:
            messages = reports.messages_of(uow, due.user, kind, day, self._zone)
        put = partial(self._put, priority=DIGEST)
        return reports.put_all(uow, due.user, messages, f"{due.job}:{due.slot}", put, kind)

    def _send_brief(self, uow: UnitOfWork, due: Due) -> int:
        brief = morning_brief(uow, due.user, self._zone)
        if brief is None:
            return 0
        self._shown(uow, due.user, brief)
        return self._put(uow, due.user, brief.message, f"{due.job}:{due.slot}", DUE)

    def _shown(self, uow: UnitOfWork, user: User, brief: Brief) -> None:
        """What is late and stands in the brief does not come alone as well; what is set for now or later does."""
        uow.reminders.take_for_push(user.id, brief.ids, uow.now - LATE)
        self._listed(uow, user, "brief", brief.items)

    def _listed(self, uow: UnitOfWork, user: User, kind: str, items: Sequence[Mapping[str, Any]]) -> None:
        if self._on_list is not None:
            self._on_list(uow, user, kind, items)

    def _put(self, uow: UnitOfWork, user: User, message: Message, key: str, priority: int) -> int:
        """Queue it until the evening: what WeCom could not take by then would wake people at night."""
        evening = local_instant(local_date(uow.now, self._zone), QUIET_FROM, self._zone)
        expires_at = max(evening, uow.now + timedelta(hours=2))
        return int(self._post.put(uow, user.id, message, key=key, priority=priority, expires_at=expires_at))

    # ------------------------------------------------------------ reminders for a clock time

    def _timed(self, now: datetime) -> list[Work]:
        """Whose clock time has come, by receiver or who stands in for him. Late ones wait for the end of the night."""
        with self._database.system(now) as uow:
            away = uow.covers.stand_ins(now)
            found = [(whom(r, away), r) for r in uow.reminders.timed_due(now, limit=2000)]
            late = [uow.users.find(who) for who in {who for who, r in found if now - r.remind_at > LATE}]
        asleep = {user.id for user in late if user is not None and Quiet.of(user).covers(now, self._zone)}
        ready = [(who, r) for who, r in found if now - r.remind_at <= LATE or who not in asleep]
        ready.sort(key=lambda one: (one[0], one[1].remind_at, one[1].id))
        return [
            (f"timed:{who}", partial(self._push, who, [r.id for _, r in group], now))
            for who, group in groupby(ready, lambda one: one[0])
        ]

    def _push(self, receiver: str, ids: Sequence[int], now: datetime) -> int:
        with self._database.system(now) as uow:
            user = uow.users.find(receiver)
            if user is None or not user.active:
                uow.reminders.take_for_push(receiver, ids, now)
                return 0  # nobody to tell any more
            uow.act_as(Actor.of(user))
            taken = uow.reminders.take_for_push(receiver, ids, now)
            return self._push_to(uow, user, uow.reminders.numbered(sorted(taken, key=ids.index)))

    def _push_to(self, uow: UnitOfWork, user: User, found: Sequence[Reminder]) -> int:
        late = [r for r in found if uow.now - r.remind_at > LATE]
        if len(late) <= SINGLE_CARDS:
            return sum(self._push_one(uow, user, reminder) for reminder in found)
        brief = catch_up(uow, user, self._zone, late)
        self._listed(uow, user, "brief", brief.items)
        queued = self._put(uow, user, brief.message, f"missed:{_push_key(late[-1], user)}", DUE)
        return queued + sum(self._push_one(uow, user, r) for r in found if r not in late)

    def _push_one(self, uow: UnitOfWork, user: User, reminder: Reminder) -> int:
        card = reminder_card(uow, reminder, user, self._zone, company=self._company)
        return self._put(uow, user, card, f"reminder:{_push_key(reminder, user)}", DUE)

    # ------------------------------------------------------------ what nobody handled

    def _since(self, look: Look, now: datetime) -> int:
        """Tell of what came due since the last look: time limits of tickets, clients whom nobody accepted."""
        with self._database.system(now) as uow:
            return sum(self._put(uow, *nudge, DUE) for nudge in look(uow, self._zone))

    def _look(self, look: Look, now: datetime) -> int:
        with self._database.system(now) as uow:
            if not JobRepository(uow).start(look.__name__, local_date(now, self._zone).isoformat(), self._owner):
                return 0
            return sum(self._put(uow, *nudge, DUE) for nudge in look(uow, self._zone))

    def _escalate(self, now: datetime) -> int:
        """Once an hour of work, tell supervisors what has lain too long, and approvers what waits for them."""
        with self._database.system(now) as uow:
            hour = f"{now.astimezone(self._zone):%Y-%m-%dT%H}"
            if not JobRepository(uow).start("escalate", hour, self._owner):
                return 0
            asked = sum(self._put(uow, user, text, key, DUE) for user, text, key in nudges(uow, self._zone))
            return asked + sum(self._tell(uow, manager, found, hour) for manager, found in climb(uow, self._zone))

    def _tell(self, uow: UnitOfWork, manager: User, found: Sequence[Step], hour: str) -> int:
        uow.act_as(Actor.of(manager))
        climbed = told(uow, manager, found, self._zone)
        self._listed(uow, manager, KIND, climbed.items)
        return self._put(uow, manager, climbed.message, f"escalated:{manager.id}:{hour}", DUE)

    # ------------------------------------------------------------ the rest

    def _tell_in_doubt(self, now: datetime) -> int:
        """Who may have missed a message is told where to look, once for a day's messages."""
        with self._database.system(now) as uow:
            found = [(uow.users.find(who), tried) for who, tried in uow.outbox.in_doubt(now - DAY)]
            return sum(
                self._put(uow, user, Text(IN_DOUBT), f"in-doubt:{user.id}:{local_date(tried, self._zone)}", DUE)
                for user, tried in found
                if user is not None and user.active and not Quiet.of(user).covers(now, self._zone)
            )

    def _daily(self, job: str, at: time, work: Callable[[UnitOfWork], Mapping[str, int]], now: datetime) -> int:
        """Once a day from a clock time on, in whichever process: a piece of work that tells nobody by itself. What it
        counted is logged."""
        today = local_date(now, self._zone)
        if now < local_instant(today, at, self._zone):
            return 0
        with self._database.system(now) as uow:
            if not JobRepository(uow).start(job, today.isoformat(), self._owner):
                return 0
            counts = work(uow)
        log.info(f"{job}.done", **counts)
        return 0

    def _look_at_assets(self, uow: UnitOfWork) -> Mapping[str, int]:
        """Before the brief: keep what changed, and remind of what fell or came near a tier's border."""
        noted, fallen = look_for_drops(uow, self._zone)
        return {"noted": noted, "fallen": fallen, "near": look_for_borders(uow, self._zone)}

    def _compute_tiers(self, uow: UnitOfWork) -> Mapping[str, int]:
        return {"moved": recompute(uow, "assets", self._zone) + recompute_by_conditions(uow, self._zone)}

    def _compute_tags(self, uow: UnitOfWork) -> Mapping[str, int]:
        given, taken = tags.recompute(uow, self._zone)
        return {"given": given, "taken": taken}

    def _keep_house(self, uow: UnitOfWork) -> Mapping[str, int]:
        """At night: forget what nobody needs any more."""
        jobs, now = JobRepository(uow), uow.now
        unhandled = {"parked": uow.inbox.purge_parked(now - KEEP_DEAD), "dead": uow.outbox.purge_dead(now - KEEP_DEAD)}
        if any(unhandled.values()):
            log.warning("mail.given_up", **unhandled)
        gone = uow.inbox.purge(now - KEEP_MAIL) + uow.outbox.purge(now - KEEP_MAIL)
        gone += jobs.purge(now - KEEP_MAIL, now - KEEP_RUNS) + uow.puzzles.purge(now - KEEP_RUNS)
        gone += KfRepository(uow).purge(now - KEEP_MAIL, now - KEEP_RUNS) + UploadRepository(uow).purge()
        gone += KfReplyRepository(uow).purge(now - KEEP_RUNS) + CodeRepository(uow).purge(now - KEEP_MAIL)
        gone += BindingRepository(uow).purge(now - KEEP_RUNS) + sum(unhandled.values())
        return {"rows": gone + uow.accounts.forget(local_date(now - KEPT, self._zone))}

    def next_event(self, now: datetime) -> datetime | None:
        """The next instant at which something may be pushed to somebody: a reminder for a clock time, a brief,
        a digest. To be called in a database thread."""
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            timed, firm = uow.reminders.next_timed(now), uow.push_times.in_force()
            slots = [
                self._slot("", user, day, day, at).at
                for day in (today, today + DAY)
                for users, clock in ((readers(uow), brief_at), (uow.users.all("manager"), digest_at))
                for user in users for at in (clock(user, firm),)
            ]
            slots += [
                self._slot("", user, day, day, timing.at).at
                for _, user, timing in reports.slots(uow)
                for day in (timing.next(today), timing.next(today + DAY))
            ]
        return min((at for at in (timed, *slots) if at is not None and at > now), default=None)


@contextmanager
def _told(job: str) -> Iterator[None]:
    """A fault in a piece of work is logged and ends there; a database that is away ends the tick."""
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:
        log.error("job.failed", job=job, error=type(error).__name__, exc_info=error)


def _push_key(reminder: Reminder, user: User) -> str:
    """A reminder that was snoozed is pushed again at its new time, one that was handed over to its new receiver;
    both make a new version of it."""
    return f"{reminder.id}:{user.id}:{reminder.version}:{int(reminder.remind_at.timestamp())}"
