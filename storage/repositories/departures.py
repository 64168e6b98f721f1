"""A whole book goes from one member to others: set-based, as a book may hold thousands of clients.

Whatever hangs on a client by foreign keys goes along by itself. Reminders, tickets and texts to clients name members by
themselves; they are moved here. Nothing of it is journaled: it is given back by handing over again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select, true, update

from storage.model.errors import NotAllowed
from storage.model.ids import new_token
from storage.model.opportunities import CLOSED
from storage.model.people import User
from storage.repositories.base import Repository
from storage.scope import sees
from storage.tables import client_messages, clients, journey_runs, opportunities, relations, reminders, tickets

_AT_ONCE = 500  # parameters of one statement
_UNSENT = ("drafted", "by_hand", "queued")
_HAND_ROUTE = "hand"
_TEXT = "reminders.text"


@dataclass(frozen=True, slots=True)
class Introduction:
    """That a member makes himself known to a client who is new to him."""

    client_id: int
    receiver_id: str
    due_on: date
    remind_at: datetime
    weight: int
    text: str


class DepartureRepository(Repository):
    def book(self, owner: User) -> list[int]:
        """His clients, by the assets they bring, the largest first."""
        self._check(owner)
        query = select(clients.c.id).where(clients.c.owner_id == owner.id)
        query = query.order_by(func.coalesce(clients.c.aum, 0).desc(), clients.c.id)
        return list(self.uow.conn.execute(query).scalars())

    def related(self, owner: User) -> list[tuple[int, int]]:
        """Pairs of his clients that have to do with each other."""
        query = select(relations.c.client_id, relations.c.other_id)
        query = query.join(clients, clients.c.id == relations.c.other_id)
        both = (relations.c.owner_id == owner.id, clients.c.owner_id == owner.id)
        return [(row.client_id, row.other_id) for row in self.uow.conn.execute(query.where(*both))]

    def give(self, owner: User, to: User, client_ids: Sequence[int]) -> Counter[str]:
        """Give these clients of his with all that is open about them; how much of what went along."""
        self._check(owner)
        moved: Counter[str] = Counter()
        for part in _parts(client_ids):
            moved += self._along(owner, to, part)
            theirs = (clients.c.id.in_(part), clients.c.owner_id == owner.id)
            given = update(clients).where(*theirs).values(owner_id=to.id, version=clients.c.version + 1)
            moved["clients"] += self.uow.conn.execute(given).rowcount
            self.uow.conn.execute(update(reminders).where(reminders.c.client_id.in_(part)).values(owner_id=to.id))
        self.uow.audit.record("hand_over", "user", owner.id, clients=list(client_ids), to=to.id, counts=dict(moved))
        return moved

    def _along(self, owner: User, to: User, part: Sequence[int]) -> Counter[str]:
        """What names him by itself, and the counts of what follows by foreign keys."""
        return Counter({
            "reminders": self._reminders(owner, to.id, reminders.c.client_id.in_(part)),
            "tickets": self._tickets(owner, to.id, tickets.c.client_id.in_(part)),
            "texts": self._texts(owner, to, part),
            "journeys": self._count(journey_runs, part, journey_runs.c.state == "running"),
            "opportunities": self._count(opportunities, part, opportunities.c.stage.not_in(CLOSED)),
        })  # fmt: skip

    def give_the_rest(self, owner: User, to: User) -> Counter[str]:
        """What still lies with him when his clients are gone: things of his own, and those about clients of others."""
        self._check(owner)
        c = reminders.c
        moved = Counter({
            "reminders": self._reminders(owner, to.id, true()), "tickets": self._tickets(owner, to.id, true()),
        })  # fmt: skip
        of_nobody = (c.client_id.is_(None), c.owner_id == owner.id, c.receiver_id == to.id)
        self.uow.conn.execute(update(reminders).where(*of_nobody).values(owner_id=to.id))
        self.uow.audit.record("hand_over", "user", owner.id, to=to.id, rest=True, counts=dict(moved))
        return moved

    def introduce(self, found: Sequence[Introduction], by: str) -> None:
        """One task a client for whoever has it now."""
        rows = [self._row(each, by) for each in found]
        if rows:
            self.uow.conn.execute(insert(reminders), rows)

    # ------------------------------------------------------------ inside

    def _check(self, owner: User) -> None:
        if self.uow.own_scope not in ("team", "all") or not sees(self.uow.actor, owner):
            raise NotAllowed("离职交接需要他的主管操作。")

    def _reminders(self, owner: User, to: str, which: ColumnElement[bool]) -> int:
        """The open ones that lie with him; they remember that they were handed over."""
        c = reminders.c
        his = (which, c.receiver_id == owner.id, c.state == "open")
        handed = {"handed_at": self.uow.now.isoformat()}
        rows = [
            {"row": row.id, "kept": {**row.data, **handed}}
            for row in self.uow.conn.execute(select(c.id, c.data).where(*his))
        ]
        changed: dict[str, Any] = {
            "receiver_id": to, "pushed_at": None, "escalated_at": None, "data": bindparam("kept", type_=c.data.type),
            "version": c.version + 1,
        }
        if rows:
            self.uow.conn.execute(update(reminders).where(c.id == bindparam("row")).values(changed), rows)
        return len(rows)

    def _tickets(self, owner: User, to: str, which: ColumnElement[bool]) -> int:
        c = tickets.c
        his = (which, c.handler_id == owner.id, c.ended_at.is_(None))
        stamps = {"version": c.version + 1, "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id}
        return self.uow.conn.execute(update(tickets).where(*his).values(handler_id=to, **stamps)).rowcount

    def _texts(self, owner: User, to: User, part: Sequence[int]) -> int:
        """Texts to clients that have not left. What was to go out in his name waits for the next one's hand."""
        c = client_messages.c
        his = (c.client_id.in_(part), c.sender_id == owner.id, c.state.in_(_UNSENT))
        changed = update(client_messages).where(*his)
        queued = {"state": "by_hand", "route": _HAND_ROUTE, "external_userid": None, "look_at": None}
        self.uow.conn.execute(changed.where(c.state == "queued").values(version=c.version + 1, **queued))
        return self.uow.conn.execute(changed.values(sender_id=to.id, version=c.version + 1)).rowcount

    def _count(self, table: Table, part: Sequence[int], which: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(table.c.client_id.in_(part), which)
        return int(self.uow.conn.execute(query).scalar_one())

    def _row(self, each: Introduction, by: str) -> Mapping[str, Any]:
        key = f"manual:{new_token()}"
        return {
            "key": key, "rule": "manual", "category": "task", "receiver_id": each.receiver_id,
            "owner_id": each.receiver_id, "client_id": each.client_id, "object_type": "", "object_id": None,
            "due_on": each.due_on, "offset_days": 0, "remind_at": each.remind_at, "weight": each.weight,
            "timed": False, "state": "open", "text": self.uow.seal(_TEXT, key, each.text),
            "data": {"given_by": by}, "created_at": self.uow.now,
        }


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start:start + _AT_ONCE]
