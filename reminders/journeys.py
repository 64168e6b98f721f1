"""Clients come into journeys, and leave them: set-based, once a day before the steps are planned, and at once where a
member writes down what ends one.

The steps themselves are reminder rules of the rows of `journey_runs`. Who may come in is asked as a rule is
(`Journey.entry_rule`); the unique key of a row and the one running row of a client and journey make every further run,
and every other process, add nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Update,
    case,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import Journey, ReminderRule
from reminders.calendar import DAY
from reminders.journey_stops import Since, by_open_matters, open_matter, stops
from reminders.rule_conditions import are_there
from reminders.rule_faults import apart
from reminders.rules import selection
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Conflict
from storage.model.journeys import JourneyRun, Why, cause_of
from storage.model.people import Client
from storage.repositories.journeys import JOURNEY, JourneyRepository
from storage.tables import UTCDateTime, clients, journey_runs, reminders

SYSTEM = "system"
AT_ONCE = 500  # runs of one statement
LINGERS = timedelta(days=45)  # after its last day, for holidays and steps that were put off

_WRITTEN = (
    "key", "journey", "client_id", "owner_id", "origin", "origin_id", "entered_on", "since", "state", "entered_by",
    "version", "created_at",
)  # fmt: skip


def bring_up_to_date(uow: UnitOfWork, first: date, last: date, zone: ZoneInfo) -> int:
    """Let in who comes in on the days `first` to `last`, stop what is to be stopped, close what is over; how many rows
    changed. A second run changes nothing."""
    journeys = [journey for journey in uow.packs.journeys if journey.enabled]
    entered = sum(
        _let_in(uow, journey, rule, (first, last), zone) for journey in journeys
        if (rule := journey.entry_rule) and are_there(uow.conn, rule.source_record)
    )  # fmt: skip
    if not are_there(uow.conn, JOURNEY):
        return entered
    stopped = sum(_stop(uow, journey, zone) for journey in journeys) + _stop_by_matters(uow) + _retire(uow)
    return entered + stopped + sum(_finish(uow, journey, local_date(uow.now, zone)) for journey in journeys)


# ---------------------------------------------------------------- coming in


def _let_in(
    uow: UnitOfWork, journey: Journey, rule: ReminderRule, days: tuple[date, date], zone: ZoneInfo
) -> int:
    """Who has the date on one of these days and no ground against it."""
    entered: list[Any] = []
    with apart(uow, rule):
        chosen = selection(rule, uow.packs, *days, zone=zone, now=uow.now)
        if chosen is not None:
            due = chosen.subquery("due")
            origin: ColumnElement[Any] = literal(rule.source_record, String)
            against = stops(journey, uow.packs, zone, Since(due.c.remind_at, origin, due.c.object_id))
            key = literal(f"{journey.id}:{rule.source_record}:", String) + sql_cast(due.c.object_id, String)
            rows = select(
                key, literal(journey.id, String), due.c.client_id, due.c.owner_id, origin, due.c.object_id,
                due.c.due_on, due.c.remind_at, literal("running", String), literal(SYSTEM, String),
                literal(1, Integer), literal(uow.now, UTCDateTime),
            ).join(clients, clients.c.id == due.c.client_id)  # fmt: skip
            free = rows.where(*(~ground for ground in against.values()))
            make = postgresql.insert if uow.conn.dialect.name == "postgresql" else sqlite.insert
            statement = make(journey_runs).from_select(list(_WRITTEN), free, include_defaults=False)
            once = statement.on_conflict_do_nothing().returning(journey_runs.c.id, journey_runs.c.client_id)
            entered = list(uow.conn.execute(once).all())
    for row in entered:
        uow.audit.record(
            "enter", JOURNEY, row.id, client_id=row.client_id, journey=journey.id, origin=rule.source_record
        )
    return len(entered)


def obstacle(uow: UnitOfWork, journey: Journey, client: Client, zone: ZoneInfo) -> Why | None:
    """What keeps a client from coming in now, the gravest ground; None where nothing does."""
    nothing = Since(literal(uow.now, UTCDateTime), literal("hand", String), literal(0, Integer))
    gravest = _gravest(stops(journey, uow.packs, zone, nothing))
    found = uow.conn.execute(select(gravest).where(clients.c.id == client.id)).scalar_one()
    return cast("Why", found) if found else open_matter(uow, journey, client)


def _gravest(grounds: Mapping[Why, ColumnElement[bool]]) -> ColumnElement[str]:
    """The first ground that holds of a row of clients; "" where none does."""
    return case(*((ground, why) for why, ground in grounds.items()), else_="")


# ---------------------------------------------------------------- stopping


def stop_now(uow: UnitOfWork, client_ids: Collection[int], zone: ZoneInfo) -> list[JourneyRun]:
    """Stop what the clients' records, as they are now, put an end to; those that were stopped, as they were before.
    Noted for undo, with the act that led to it."""
    runs = JourneyRepository(uow)
    going = runs.going(client_ids)
    over: dict[int, Why] = by_open_matters(uow, client_ids) if going else {}
    for journey in (found for found in uow.packs.journeys if found.id in going):
        query = (
            select(journey_runs.c.id, _gravest(stops(journey, uow.packs, zone)))
            .join(clients, clients.c.id == journey_runs.c.client_id)
            .where(journey_runs.c.client_id.in_(list(client_ids)), journey_runs.c.journey == journey.id)
            .where(journey_runs.c.state == "running")
        )
        over |= {run: cast("Why", why) for run, why in uow.conn.execute(query) if why}
    return [run for run in runs.numbered(list(over)) if _end(runs, run, over[run.id])]


def _end(runs: JourneyRepository, run: JourneyRun, why: Why) -> bool:
    """End it; False where another process was first, which is no reason to refuse the act that led here."""
    try:
        runs.end(run, why)
    except Conflict:
        return False
    return True


def _stop(uow: UnitOfWork, journey: Journey, zone: ZoneInfo) -> int:
    """Every run of the journey that has come to one of its ends."""
    stopped = 0
    for why, ground in stops(journey, uow.packs, zone).items():
        over = exists().where(clients.c.id == journey_runs.c.client_id, ground)
        stopped += _note(uow, _ended(uow, why).where(journey_runs.c.journey == journey.id, over), why)
    return stopped


def _stop_by_matters(uow: UnitOfWork) -> int:
    by_why: dict[Why, list[int]] = {}
    for run, why in by_open_matters(uow).items():
        by_why.setdefault(why, []).append(run)
    return sum(_note(uow, _ended(uow, why).where(journey_runs.c.id.in_(runs)), why) for why, runs in by_why.items())


def _retire(uow: UnitOfWork) -> int:
    """Nobody goes on in a journey that the packs have no more, or have switched off."""
    known = [journey.id for journey in uow.packs.journeys if journey.enabled]
    return _note(uow, _ended(uow, "retired").where(journey_runs.c.journey.not_in(known)), "retired")


def _ended(uow: UnitOfWork, why: Why) -> Update:
    return (
        update(journey_runs).where(journey_runs.c.state == "running")
        .values(state="stopped", why=why, ended_at=uow.now, version=journey_runs.c.version + 1)
    )


def _note(uow: UnitOfWork, statement: Update, why: Why) -> int:
    ended = statement.returning(journey_runs.c.id, journey_runs.c.client_id, journey_runs.c.journey)
    rows = uow.conn.execute(ended).all()
    for row in rows:
        uow.audit.record("leave", JOURNEY, row.id, client_id=row.client_id, journey=row.journey, why=why)
    for first in range(0, len(rows), AT_ONCE):
        _cancel_steps(uow, [row.id for row in rows[first : first + AT_ONCE]], why)
    return len(rows)


def _cancel_steps(uow: UnitOfWork, runs: list[int], why: Why) -> None:
    """Open steps of what was stopped say why it was."""
    gone = uow.conn.execute(
        update(reminders)
        .where(reminders.c.state == "open", reminders.c.object_type == JOURNEY, reminders.c.object_id.in_(runs))
        .values(
            state="cancelled", cause=cause_of(why), done_at=uow.now, done_by=SYSTEM, version=reminders.c.version + 1
        ).returning(reminders.c.id, reminders.c.client_id, reminders.c.rule)
    ).all()  # fmt: skip
    for row in gone:
        uow.audit.record("cancelled", "reminder", row.id, client_id=row.client_id, rule=row.rule, cause=cause_of(why))


# ---------------------------------------------------------------- the end


def _finish(uow: UnitOfWork, journey: Journey, today: date) -> int:
    """Runs whose last step was made, or whose time is long over, and that have nothing open."""
    of_run = (reminders.c.object_type == JOURNEY, reminders.c.object_id == journey_runs.c.id)
    last = [rule.id for rule in journey.rules if rule.offsets[0] == journey.last_day]
    made = exists().where(*of_run, reminders.c.rule.in_(last))
    long_over = journey_runs.c.entered_on < today - DAY * journey.last_day - LINGERS
    waiting = exists().where(*of_run, reminders.c.state == "open")
    statement = (
        update(journey_runs)
        .where(journey_runs.c.state == "running", journey_runs.c.journey == journey.id, or_(made, long_over), ~waiting)
        .values(state="finished", ended_at=uow.now, version=journey_runs.c.version + 1)
        .returning(journey_runs.c.id, journey_runs.c.client_id)
    )
    rows = uow.conn.execute(statement).all()
    for row in rows:
        uow.audit.record("finish", JOURNEY, row.id, client_id=row.client_id, journey=journey.id)
    return len(rows)
