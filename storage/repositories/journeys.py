"""Who is in which journey, since when, and what ended it. What comes in and ends by itself is set-based, in
`reminders.journeys`; here is what happens to a single client."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.model.errors import Conflict
from storage.model.ids import new_token
from storage.model.journeys import JourneyRun, JourneyState, Origin, StepMade, Why, cause_of
from storage.model.people import Client
from storage.prepared import Prepared
from storage.repositories.base import Repository
from storage.tables import journey_runs, reminders

_GOING = Prepared(
    select(journey_runs.c.journey).where(
        journey_runs.c.client_id == bindparam("client_id"), journey_runs.c.state == "running"
    )
)
JOURNEY = "journey"  # the record and the category of the reminders of its steps
_REASON, _WHY_NOT = "journey_runs.reason", "reminders.reason"
_COLUMNS = [journey_runs.c[name] for name in JourneyRun.__slots__]
LONGEST = timedelta(days=400)  # that a journey takes
Count = tuple[str, JourneyState, Why | None]


class JourneyRepository(Repository):
    def enter(
        self, client: Client, journey: str, entered_on: date, *, origin: Origin = "hand", origin_id: int | None = None
    ) -> JourneyRun | None:
        """Put a client into a journey, as the actor; None when he is in it already, or came in by the same origin."""
        if self.running(client.id, journey) is not None:
            return None
        token = new_token() if origin_id is None else f"{origin_id}:{client.id}"
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        row = self.uow.conn.execute(
            make(journey_runs).values(
                key=f"{journey}:{origin}:{token}", journey=journey, client_id=client.id, owner_id=client.owner_id,
                origin=origin, origin_id=origin_id, entered_on=entered_on, since=self.uow.now, state="running",
                entered_by=self.uow.actor.user_id, version=1, created_at=self.uow.now,
            ).on_conflict_do_nothing().returning(journey_runs)
        ).one_or_none()
        if row is None:
            return None
        self.uow.note_insert(journey_runs, dict(row._mapping))
        self.uow.audit.record("enter", JOURNEY, row.id, client_id=client.id, journey=journey, origin=origin)
        return self._run(row)

    def end(self, run: JourneyRun, why: Why, reason: str = "") -> None:
        """Stop it before its time; its open steps are cancelled and say why. Raises Conflict when it ended before."""
        changed = run.state == "running" and self.uow.update(
            journey_runs, {"id": run.id, "version": run.version},
            {"state": "stopped", "why": why, "reason": self._words(_REASON, run.key, reason), "ended_at": self.uow.now,
             "version": run.version + 1},
        )  # fmt: skip
        if not changed:
            raise Conflict("这位客户的旅程刚刚已经结束了。")
        self.uow.audit.record("leave", JOURNEY, run.id, client_id=run.client_id, journey=run.journey, why=why)
        self.uow.reminders.cancel_for(JOURNEY, run.id, (JOURNEY,), cause_of(why))

    def running(self, client_id: int, journey: str) -> JourneyRun | None:
        """The run that goes on, of a client in scope."""
        found = self._read(
            journey_runs.c.client_id == client_id, journey_runs.c.journey == journey, journey_runs.c.state == "running"
        )
        return found[0] if found else None

    def of_client(self, client_id: int) -> list[JourneyRun]:
        """All of a client in scope, those that go on first, then the latest first."""
        found = self._read(journey_runs.c.client_id == client_id)
        return sorted(found, key=lambda run: (run.state != "running", -run.id))

    def in_journey(self, journey: str, limit: int) -> list[JourneyRun]:
        """Who in scope is in it now, the latest first, at most `limit`."""
        going = (journey_runs.c.journey == journey, journey_runs.c.state == "running", self.mine(journey_runs))
        return self._query(select(*_COLUMNS).where(*going).order_by(journey_runs.c.id.desc()).limit(limit))

    def of_campaign(self, campaign_id: int, owner_id: str) -> list[JourneyRun]:
        """The clients of one adviser that a campaign put into a journey, as far as they are still in it."""
        return self._read(
            journey_runs.c.origin == "campaign", journey_runs.c.origin_id == campaign_id,
            journey_runs.c.owner_id == owner_id, journey_runs.c.state == "running",
        )

    def going(self, client_ids: Collection[int]) -> set[str]:
        """The journeys that any of these clients is in, whoever serves them. Asked after every change of a client."""
        return {row.journey for one in client_ids for row in self.uow.rows(_GOING, {"client_id": one})}

    def numbered(self, ids: Collection[int]) -> list[JourneyRun]:
        """These, whoever serves the clients: for what the house itself has to end."""
        return self._query(select(*_COLUMNS).where(journey_runs.c.id.in_(list(ids))).order_by(journey_runs.c.id))

    def counts(self, campaign_ids: Collection[int] | None = None) -> Mapping[Count, int]:
        """How many in scope by (journey, state, why); of campaigns, those that they put in."""
        query = select(journey_runs.c.journey, journey_runs.c.state, journey_runs.c.why, func.count()).where(
            self.mine(journey_runs)
        )
        if campaign_ids is not None:
            query = query.where(
                journey_runs.c.origin == "campaign", journey_runs.c.origin_id.in_(list(campaign_ids))
            )
        found: Any = self.uow.execute(query.group_by(journey_runs.c.journey, journey_runs.c.state, journey_runs.c.why))
        return {(journey, state, why): count for journey, state, why, count in found}

    def steps_made(self, run: JourneyRun) -> Mapping[str, str]:
        """The state of each step that was made, by the id of its rule."""
        query = select(reminders.c.rule, reminders.c.state).where(
            reminders.c.object_type == JOURNEY, reminders.c.object_id == run.id, self.mine(reminders)
        )
        return {row.rule: row.state for row in self.uow.execute(query)}

    def steps_due(self, first: datetime, end: datetime, client_id: int | None = None) -> list[StepMade]:
        """The steps in scope that were to be done from one moment up to another, of one client or of all, but for those
        that a journey's end took along; by client and moment."""
        c, runs = reminders.c, journey_runs
        query = (
            select(c.rule, c.state, c.remind_at, c.receiver_id, c.client_id, c.key, c.reason)
            .join(runs, and_(runs.c.id == c.object_id, c.object_type == JOURNEY))
            .where(runs.c.entered_on >= (first - LONGEST).date(), self.mine(runs))  # few, before many reminders
            .where(c.remind_at >= first, c.remind_at < end, c.state != "cancelled")
            .order_by(c.client_id, c.remind_at, c.id)
        )
        query = query.where(c.client_id == client_id) if client_id is not None else query
        return [
            StepMade(
                row.rule, row.state, row.remind_at, row.receiver_id, row.client_id,
                self.uow.unseal(_WHY_NOT, row.key, row.reason) or "",
            )
            for row in self.uow.execute(query)
        ]

    def _read(self, *conditions: ColumnElement[bool]) -> list[JourneyRun]:
        return self._query(select(*_COLUMNS).where(*conditions, self.mine(journey_runs)))

    def _query(self, query: Select[Any]) -> list[JourneyRun]:
        return [self._run(row) for row in self.uow.execute(query)]

    def _run(self, row: Any) -> JourneyRun:
        values = {name: getattr(row, name) for name in JourneyRun.__slots__}
        return JourneyRun(**values | {"reason": self.uow.unseal(_REASON, row.key, row.reason) or ""})
