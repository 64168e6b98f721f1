"""What the clock sets off: plan, briefs, digests, reminders for a clock time, housekeeping.

`Jobs.tick` asks the data what is due and does it; nothing is remembered in memory. The row in `job_runs` and
the outbox key are unique and commit together with the message, so ticks may come late, twice, from several
processes or with a clock that jumped. What was missed is caught up with the latest slot alone, never at night."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

import structlog

from reminders import planner
from reminders.briefs import Brief, catch_up, morning_brief
from reminders.calendar import DAY, QUIET_FROM, clock_time, is_quiet, local_instant
from reminders.cards import reminder_card
from reminders.digests import digest
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.leases import lease_owner
from storage.model.clock import local_date
from storage.model.errors import Unavailable
from storage.model.messages import Message, Text
from storage.model.people import Actor, User
from storage.model.work import DIGEST, DUE, Reminder
from storage.repositories.jobs import JobRepository

log = structlog.get_logger(__name__)

PLAN_AT, BRIEF_AT, BRIEF_UNTIL, DIGEST_AT, PURGE_AT = time(7, 50), time(8, 30), time(20, 30), time(18), time(3, 10)
NOON = time(12)  # a digest before noon tells of the day before
FIRST_LOOK_BACK = 7  # days: an installation's first plan also shows what came due in the week before
LONGEST_GAP = 366  # days: more than a year of missed days is not caught up
LATE = timedelta(minutes=15)
SINGLE_CARDS = 3  # more late reminders than this come in one message
KEEP_MAIL, KEEP_RUNS = timedelta(days=30), timedelta(days=400)
IN_DOUBT = "刚才有消息可能没有送达（企业微信当时没有应答）。发送「今日待办」可以查看全部事项。"

OnBrief = Callable[[UnitOfWork, User, Brief], None]


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due for a slot; `at` is the instant it was meant for, `user` whom it is for."""

    job: str
    slot: str
    at: datetime
    user: User


class Jobs:
    """All jobs of one installation. `on_brief` is told of each brief in its own transaction, so that the
    conversation can keep the numbered list."""

    def __init__(
        self, database: Database, post: Post, zone: ZoneInfo, *, jitter: float = 0.0,
        on_brief: OnBrief | None = None, company: str = "",
    ) -> None:
        self._database, self._post, self._zone, self._jitter = database, post, zone, jitter
        self._on_brief, self._company = on_brief, company
        self._owner = lease_owner()

    async def tick(self, now: datetime) -> int:
        """Do what is due; how many messages were queued. Raises Unavailable; the next tick goes on.

        A fault in one piece of work is logged and leaves the others alone; that piece is tried again."""
        with _told("plan"):
            await self.plan_if_due(now)
        work: list[tuple[str, Callable[[], int]]] = []
        for due in await self._database.run(partial(self._due, now)):
            work.append((due.job, partial(self._send, due, now)))
        for receiver, ids in await self._database.run(partial(self._timed, now)):
            work.append((f"timed:{receiver}", partial(self._push, receiver, ids, now)))
        work.append(("in-doubt", partial(self._tell_in_doubt, now)))
        work.append(("purge", partial(self._keep_house, now)))
        queued = 0
        for name, piece in work:
            with _told(name):
                queued += await self._database.run(piece)
        return queued

    # ------------------------------------------------------------ planning

    async def plan_if_due(self, now: datetime) -> None:
        """Plan the days since the last plan, once a day from 07:50 (earlier if somebody's brief is earlier).

        The last planned day is planned again, for what was entered after its plan ran. Days that a clock which
        ran ahead has planned do not count: the days up to them are still to come. Each piece commits with its
        own row in `job_runs`, so a plan that was cut off goes on where it was, in whichever process."""
        days = await self._database.run(partial(self._days_to_plan, now))
        if days is None:
            return
        counts = Counter[str]()  # of this process; a plan that went on elsewhere counted there
        for piece in planner.pieces(self._database.packs.current, *days, self._zone):
            counts[piece.kind] += await self._database.run(partial(self._plan_piece, piece, days, now))
        await self._database.run(partial(self._end_plan, counts, days, now))

    def _days_to_plan(self, now: datetime) -> tuple[date, date] | None:
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            jobs.begin(self._owner)
            last = jobs.last_slot("plan", today.isoformat())
            if last == today.isoformat():
                return None
            if last is not None and now < local_instant(today, self._plan_at(uow), self._zone):
                return None
        return _first_day(last, today), today

    def _plan_piece(self, piece: planner.Piece, days: tuple[date, date], now: datetime) -> int:
        # A piece that a power cut undoes is done again: its row in `job_runs` goes with it.
        with self._database.system(now, durable=False) as uow:
            taken = JobRepository(uow).start(f"plan:{piece.name}", days[1].isoformat(), self._owner)
            return piece.work(uow) if taken else 0

    def _end_plan(self, counts: Mapping[str, int], days: tuple[date, date], now: datetime) -> None:
        first, today = map(str, days)
        with self._database.system(now) as uow:
            if not JobRepository(uow).start("plan", today, self._owner):
                return
            uow.audit.record("plan", "reminder", "*", first=first, last=today)
        log.info("plan.done", first=first, last=today, **counts)

    def _plan_at(self, uow: UnitOfWork) -> time:
        return min([PLAN_AT, *(brief_at(user) for user in _readers(uow))])

    # ------------------------------------------------------------ briefs and digests

    def _due(self, now: datetime) -> list[Due]:
        """Briefs and digests whose slot has come and that were not sent yet."""
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            began = jobs.begin(self._owner)
            done = jobs.done([(today - DAY * n).isoformat() for n in range(3)])
            due = [*self._briefs(uow, now, today), *self._digests(uow, now, today)]
        # What lay before the installation's first moment was not missed.
        return [d for d in due if began <= d.at <= now and (d.job, d.slot) not in done]

    def _briefs(self, uow: UnitOfWork, now: datetime, today: date) -> Iterable[Due]:
        if now >= local_instant(today, BRIEF_UNTIL, self._zone):
            return
        for user in _readers(uow):
            yield self._slot("brief", user, today, today, brief_at(user))

    def _digests(self, uow: UnitOfWork, now: datetime, today: date) -> Iterable[Due]:
        """The latest slot of each manager; one that was missed in the evening comes in the morning."""
        for user in uow.users.all("manager"):
            at = digest_at(user)
            day = today if now >= self._slot("digest", user, today, today, at).at else today - DAY
            told = day if at >= NOON else day - DAY
            due = self._slot("digest", user, told, day, at)
            if now - due.at <= LATE or not is_quiet(now, self._zone):
                yield due

    def _slot(self, kind: str, user: User, slot: date, day: date, at: time) -> Due:
        # WeCom is crowded at :00 and :30 (path/90236): everyone is a little late, and the same each time.
        spread = zlib.crc32(f"{user.id}:{day}".encode()) % 1000 / 1000 * self._jitter
        instant = local_instant(day, at, self._zone) + timedelta(seconds=spread)
        return Due(f"{kind}:{user.id}", slot.isoformat(), instant, user)

    def _send(self, due: Due, now: datetime) -> int:
        """Queue one brief or digest as its reader, together with the mark that it was done."""
        with self._database.transaction(Actor.of(due.user), now) as uow:
            if not JobRepository(uow).start(due.job, due.slot, self._owner):
                return 0
            if due.job.startswith("brief:"):
                return self._send_brief(uow, due)
            message = digest(uow, due.user, date.fromisoformat(due.slot), self._zone)
            return self._put(uow, due.user, message, f"{due.job}:{due.slot}", DIGEST)

    def _send_brief(self, uow: UnitOfWork, due: Due) -> int:
        brief = morning_brief(uow, due.user, self._zone)
        if brief is None:
            return 0
        self._shown(uow, due.user, brief)
        return self._put(uow, due.user, brief.message, f"{due.job}:{due.slot}", DUE)

    def _shown(self, uow: UnitOfWork, user: User, brief: Brief) -> None:
        """What is late and stands in the brief does not come alone as well; what is set for now or later does."""
        uow.reminders.take_for_push(user.id, brief.ids, uow.now - LATE)
        if self._on_brief is not None:
            self._on_brief(uow, user, brief)

    def _put(self, uow: UnitOfWork, user: User, message: Message, key: str, priority: int) -> int:
        """Queue it until the evening: what WeCom could not take by then would wake people at night."""
        evening = local_instant(local_date(uow.now, self._zone), QUIET_FROM, self._zone)
        expires_at = max(evening, uow.now + timedelta(hours=2))
        return int(self._post.put(uow, user.id, message, key=key, priority=priority, expires_at=expires_at))

    # ------------------------------------------------------------ reminders for a clock time

    def _timed(self, now: datetime) -> list[tuple[str, list[int]]]:
        """Whose clock time has come, by receiver. Late ones wait for the end of the night."""
        quiet = is_quiet(now, self._zone)
        with self._database.system(now) as uow:
            found = uow.reminders.timed_due(now, limit=2000)
        ready = [r for r in found if not quiet or now - r.remind_at <= LATE]
        ready.sort(key=lambda r: (r.receiver_id, r.remind_at, r.id))
        return [(who, [r.id for r in group]) for who, group in groupby(ready, lambda r: r.receiver_id)]

    def _push(self, receiver: str, ids: Sequence[int], now: datetime) -> int:
        with self._database.system(now) as uow:
            user = uow.users.find(receiver)
            taken = uow.reminders.take_for_push(receiver, ids, now)
            if user is None or not user.active:
                return 0  # nobody to tell any more
            uow.act_as(Actor.of(user))
            return self._push_to(uow, user, uow.reminders.numbered(sorted(taken, key=ids.index)))

    def _push_to(self, uow: UnitOfWork, user: User, found: Sequence[Reminder]) -> int:
        late = [r for r in found if uow.now - r.remind_at > LATE]
        if len(late) <= SINGLE_CARDS:
            return sum(self._push_one(uow, user, reminder) for reminder in found)
        brief = catch_up(uow, user, self._zone, late)
        if self._on_brief is not None:
            self._on_brief(uow, user, brief)
        queued = self._put(uow, user, brief.message, f"missed:{_push_key(late[-1], user)}", DUE)
        return queued + sum(self._push_one(uow, user, r) for r in found if r not in late)

    def _push_one(self, uow: UnitOfWork, user: User, reminder: Reminder) -> int:
        card = reminder_card(uow, reminder, user, self._zone, company=self._company)
        return self._put(uow, user, card, f"reminder:{_push_key(reminder, user)}", DUE)

    # ------------------------------------------------------------ the rest

    def _tell_in_doubt(self, now: datetime) -> int:
        """Who may have missed a message is told once a day where to look."""
        if is_quiet(now, self._zone):
            return 0
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            users = [uow.users.find(who) for who in uow.outbox.in_doubt(now - DAY)]
            return sum(
                self._put(uow, user, Text(IN_DOUBT), f"in-doubt:{user.id}:{today}", DUE)
                for user in users if user is not None and user.active
            )

    def _keep_house(self, now: datetime) -> int:
        """Once a night, forget what nobody needs any more."""
        today = local_date(now, self._zone)
        if now < local_instant(today, PURGE_AT, self._zone):
            return 0
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            if not jobs.start("purge", today.isoformat(), self._owner):
                return 0
            gone = uow.inbox.purge(now - KEEP_MAIL) + uow.outbox.purge(now - KEEP_MAIL)
            gone += jobs.purge(now - KEEP_MAIL, now - KEEP_RUNS) + uow.puzzles.purge(now - KEEP_RUNS)
        log.info("purge.done", rows=gone)
        return 0

    def next_event(self, now: datetime) -> datetime | None:
        """The next instant at which something may be pushed to somebody: a reminder for a clock time, a brief,
        a digest. To be called in a database thread."""
        today = local_date(now, self._zone)
        with self._database.system(now) as uow:
            timed = uow.reminders.next_timed(now)
            slots = [
                self._slot("", user, day, day, at).at
                for day in (today, today + DAY)
                for users, clock in ((_readers(uow), brief_at), (uow.users.all("manager"), digest_at))
                for user in users for at in (clock(user),)
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


def _first_day(last_slot: str | None, today: date) -> date:
    if last_slot is None:
        return today - DAY * FIRST_LOOK_BACK
    return max(date.fromisoformat(last_slot), today - DAY * LONGEST_GAP)


def _readers(uow: UnitOfWork) -> list[User]:
    """Who has things to do: advisers and managers."""
    return [user for user in uow.users.all() if user.role in ("adviser", "manager")]


def brief_at(user: User) -> time:
    """When the member wants the morning brief."""
    return clock_time(str(user.preferences.get("brief_at", "")), BRIEF_AT)


def digest_at(user: User) -> time:
    """When the manager wants the digest."""
    return clock_time(str(user.preferences.get("digest_at", "")), DIGEST_AT)


def _push_key(reminder: Reminder, user: User) -> str:
    """A reminder that was snoozed is pushed again at its new time, one that was handed over to its new receiver;
    both make a new version of it."""
    return f"{reminder.id}:{user.id}:{reminder.version}:{int(reminder.remind_at.timestamp())}"
