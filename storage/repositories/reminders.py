"""Reminders: rows that rules and people make, and what becomes of them.

A reminder belongs to its receiver. The planner's set-based inserts are in `reminders.rules`; everything
that happens to a single reminder is here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

import structlog
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, update

from config.pack import role_reminded
from storage.model.errors import Conflict, Corrupt, NotFound
from storage.model.ids import new_token
from storage.model.people import Client
from storage.model.work import Reminder, Step
from storage.prepared import Prepared
from storage.repositories.base import Repository
from storage.scope import Scope, covers_somebody, received, sees
from storage.tables import clients, reminders

S = TypeVar("S", Reminder, Step)
log = structlog.get_logger(__name__)

UNREADABLE = "（内容打不开，请联系运营）"
NOT_FOUND = "没有找到这条提醒，它可能已经处理过了。发送「今日待办」查看最新清单。"
_PLACE, _RESULT, _REASON = "reminders.text", "reminders.result", "reminders.reason"
_COLUMNS = [
    reminders.c[name] for name in (
        "id", "key", "rule", "category", "receiver_id", "owner_id", "client_id", "object_type", "object_id",
        "due_on", "offset_days", "remind_at", "weight", "state", "timed", "text", "data", "result", "reason",
        "cause", "done_at", "pushed_at", "escalated_at", "snoozed", "version",
    )
]


def _query(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS, clients.c.name.label("client_name"))
        .join(clients, clients.c.id == reminders.c.client_id, isouter=True)
        .where(*conditions)
        # A reminder about a client that was taken back (undo) speaks of nobody.
        .where(or_(reminders.c.client_id.is_(None), clients.c.id.is_not(None)))
    )


@cache
def _of_client(scope: Scope) -> Prepared:
    return Prepared(
        _query(
            reminders.c.client_id == bindparam("client_id"), reminders.c.state == "open",
            received(scope),
        ).order_by(reminders.c.remind_at, reminders.c.id)
    )  # fmt: skip


class ReminderRepository(Repository):
    def get(self, reminder_id: int) -> Reminder:
        """Raises NotFound when it is not there or neither the reader's own nor his people's."""
        found = self._select(reminders.c.id == reminder_id)
        if not found:
            raise NotFound(NOT_FOUND)
        return found[0]

    def numbered(self, ids: Sequence[int]) -> list[Reminder]:
        """These reminders, open or not, in the order given; those out of scope or gone are left out."""
        found = {reminder.id: reminder for reminder in self._listed(reminders.c.id.in_(list(ids)))}
        return [found[i] for i in ids if i in found]

    def open_until(self, receiver_id: str, until: datetime) -> list[Reminder]:
        """What the receiver has open and due for showing by `until`: heaviest first, then oldest.

        One object shows once per category, with its latest step: a renewal reminded of 30 days ago and
        again today is one thing to do."""
        found = self._listed(
            self._for(receiver_id), reminders.c.state == "open", reminders.c.remind_at <= until
        )
        return latest_steps(found)

    def open_between(self, receiver_id: str, first: datetime, last: datetime) -> list[Reminder]:
        """What becomes due for showing from `first` up to and without `last`, in the order of time."""
        found = self._listed(
            self._for(receiver_id), reminders.c.state == "open",
            reminders.c.remind_at >= first, reminders.c.remind_at < last,
        )
        return sorted(found, key=lambda r: (r.remind_at, r.id))

    def closed_since(self, receiver_id: str, since: datetime, state: str) -> list[Reminder]:
        """What the receiver finished, dismissed or cancelled since an instant, the latest first."""
        found = self._listed(
            reminders.c.receiver_id == receiver_id, reminders.c.state == state, reminders.c.done_at >= since
        )
        return sorted(found, key=lambda r: (r.done_at or since, r.id), reverse=True)

    def told_of(self, category: str, client_ids: Collection[int], since: datetime) -> set[int]:
        """Of these clients, those that a reminder of the category was made about since an instant."""
        query = select(reminders.c.client_id).where(
            reminders.c.category == category, reminders.c.client_id.in_(list(client_ids)),
            reminders.c.created_at >= since,
        )
        return set(self.uow.conn.execute(query).scalars())

    def given_by(self, user_id: str, since: datetime) -> list[Reminder]:
        """Tasks that a member gave to people in scope since an instant, whatever became of them; soonest due first."""
        found = self._listed(
            reminders.c.category == "task", reminders.c.created_at >= since,
            reminders.c.data["given_by"].as_string() == user_id,
        )
        return sorted(found, key=lambda r: (r.due_on, r.id))

    def of_client(self, client_id: int) -> list[Reminder]:
        """Open reminders about one client, soonest first."""
        rows = self.uow.rows(_of_client(self.uow.scope), {"client_id": client_id})
        found = [self._reminder(row) for row in rows]
        self.uow.audit.listed("reminder", [(r.id, r.client_id) for r in found], section="reminders")
        return found

    def waiting_since(self, before: datetime) -> list[Reminder]:
        """What everyone in scope has open and has had since before an instant, one line a matter; the longest
        waiting first. What was handed over waits for its new receiver only since then."""
        found = self._listed(reminders.c.state == "open", reminders.c.remind_at < before)
        waiting = [reminder for reminder in latest_steps(found) if reminder.waits_since < before]
        return sorted(waiting, key=lambda r: (r.waits_since, r.id))

    def escalated(self) -> list[Reminder]:
        """What everyone in scope still has open although a supervisor was told, one line a matter."""
        found = self._listed(reminders.c.state == "open", reminders.c.escalated_at.is_not(None))
        return sorted(latest_steps(found), key=lambda r: (r.waits_since, r.id))

    def open_notices(self, category: str) -> dict[str, Reminder]:
        """What everyone has open of a category of which each has one at most, by receiver."""
        found = self._select(reminders.c.category == category, reminders.c.state == "open", everybody=True)
        return {reminder.receiver_id: reminder for reminder in found}

    def retell(self, reminder: Reminder, text: str, data: Mapping[str, Any], due_on: date) -> None:
        """Let it say something newer, from now on."""
        sealed = self.uow.seal(_PLACE, reminder.key, text)
        self._change(reminder, text=sealed, data={**reminder.data, **data}, remind_at=self.uow.now, due_on=due_on)
        self.uow.audit.record("update", "reminder", reminder.id, client_id=reminder.client_id)

    def reword(self, reminder: Reminder, text: str) -> None:
        """Let it remind of something else, when it was to."""
        self._change(reminder, text=self.uow.seal(_PLACE, reminder.key, text))
        self.uow.audit.record("update", "reminder", reminder.id, client_id=reminder.client_id)

    def made_at(self, reminder: Reminder) -> datetime:
        """When a reminder was written down."""
        made: datetime = self.uow.conn.execute(
            select(reminders.c.created_at).where(reminders.c.id == reminder.id)
        ).scalar_one()
        return made

    def made_by(self, rule: str, object_type: str, object_id: int) -> list[Reminder]:
        """What a rule has reminded anyone of about one object, the latest first; for who may see its client."""
        found = self._select(
            reminders.c.rule == rule, reminders.c.object_type == object_type, reminders.c.object_id == object_id,
            everybody=True,
        )
        return sorted(found, key=lambda r: (r.remind_at, r.id), reverse=True)

    def timed_due(self, until: datetime, limit: int = 200) -> list[Reminder]:
        """Reminders for a clock time that has come and that were not pushed yet, over all receivers."""
        query = _query(
            reminders.c.state == "open", reminders.c.timed.is_(True), reminders.c.pushed_at.is_(None),
            reminders.c.remind_at <= until,
        ).order_by(reminders.c.remind_at).limit(limit)
        return [self._reminder(row) for row in self.uow.execute(query)]

    def next_timed(self, after: datetime) -> datetime | None:
        """When the next reminder for a clock time, of anyone, is to be pushed."""
        query = select(func.min(reminders.c.remind_at)).where(
            reminders.c.state == "open", reminders.c.timed.is_(True), reminders.c.pushed_at.is_(None),
            reminders.c.remind_at > after,
        )
        found: datetime | None = self.uow.conn.execute(query).scalar_one_or_none()
        return found

    def next_due(self, after: datetime) -> datetime | None:
        """When the next open reminder of anyone in scope becomes due."""
        query = (
            select(reminders.c.remind_at)
            .where(reminders.c.state == "open", reminders.c.remind_at > after, self._receivers())
            .order_by(reminders.c.remind_at).limit(1)
        )
        return self.uow.execute(query).scalar_one_or_none()

    def add(
        self, *, receiver_id: str, remind_at: datetime, due_on: date, category: str, text: str,
        client: Client | None = None, timed: bool = True, weight: int = 60,
        object_type: str = "", object_id: int | None = None, data: Mapping[str, Any] | None = None,
    ) -> Reminder:
        """A reminder set by a person, at a clock time (`timed`) or for the brief of a day. What a cover sets for
        himself about a client he covers is the adviser's: it comes to the cover meanwhile, and stays when he goes."""
        key = f"manual:{new_token()}"
        if client and receiver_id == self.uow.actor.user_id and client.owner_id in self.uow.covers.stands_in_for():
            receiver_id = client.owner_id
        self.uow.conn.execute(reminders.insert().values(
            key=key, rule="manual", category=category, receiver_id=receiver_id,
            owner_id=client.owner_id if client else receiver_id, client_id=client.id if client else None,
            object_type=object_type, object_id=object_id, due_on=due_on, offset_days=0, remind_at=remind_at,
            weight=weight, timed=timed, state="open", text=self.uow.seal(_PLACE, key, text),
            data=dict(data or {}), created_at=self.uow.now,
        ))
        row = self.uow.conn.execute(select(reminders).where(reminders.c.key == key)).one()
        self.uow.note_insert(reminders, dict(row._mapping))
        self.uow.audit.record(
            "create", "reminder", row.id, client_id=client.id if client else None, category=category
        )
        # Read past the scope: a reminder may be set for a colleague whose list one does not see.
        return self._select(reminders.c.id == row.id, everybody=True)[0]

    def finish(self, reminder: Reminder, state: str, *, result: str = "", reason: str = "") -> None:
        """Done, dismissed or cancelled, with all earlier open steps about the same object and category.

        Raises Conflict when somebody was quicker."""
        if reminder.state != "open":
            raise Conflict("这条提醒已经处理过了。")
        for step in self.steps_of(reminder):
            self._change(step, state=state, result=self._words(_RESULT, step.key, result),
                         reason=self._words(_REASON, step.key, reason),
                         done_at=self.uow.now, done_by=self.uow.actor.user_id)
        self.uow.audit.record(
            state, "reminder", reminder.id, client_id=reminder.client_id, rule=reminder.rule
        )

    def snooze(self, reminder: Reminder, until: datetime, *, timed: bool) -> None:
        """Show it again at `until`; at a clock time of its own (`timed`) or with that day's brief."""
        for step in self.steps_of(reminder):
            self._change(step, remind_at=until, timed=timed and step.id == reminder.id, pushed_at=None,
                         escalated_at=None, snoozed=step.snoozed + 1)
        self.uow.audit.record(
            "snooze", "reminder", reminder.id, client_id=reminder.client_id, until=until.isoformat()
        )

    def repeat(self, reminder: Reminder, data: Mapping[str, Any], at: datetime, due_on: date, *, timed: bool) -> None:
        """Let it come by another rule (in `data`) from `at` on."""
        self._change(reminder, data={**reminder.data, **data}, remind_at=at, due_on=due_on, timed=timed, pushed_at=None)
        self.uow.audit.record("update", "reminder", reminder.id, client_id=reminder.client_id, rrule=data.get("rrule"))

    def hand_over(self, reminder: Reminder, receiver_id: str, text: str = "") -> None:
        """Let somebody else do it; `text` tells him what he needs when he may not see the client."""
        for step in self.steps_of(reminder):
            told = {"text": self.uow.seal(_PLACE, step.key, text)} if text else {}
            handed = {**step.data, "handed_at": self.uow.now.isoformat()}
            self._change(step, receiver_id=receiver_id, pushed_at=None, escalated_at=None, data=handed, **told)
        self.uow.audit.record(
            "hand_over", "reminder", reminder.id, client_id=reminder.client_id, to=receiver_id
        )

    def take_for_push(self, receiver_id: str, ids: Collection[int], until: datetime) -> list[int]:
        """Mark those of these reminders as pushed that still wait for it, and say which: the receiver's, open,
        not pushed, due by `until`.

        To be called before the card is made. Of two processes one gets a reminder, and one that was snoozed or
        handed over a moment ago is left for its new time and receiver."""
        taken = self.uow.execute(
            update(reminders)
            .where(reminders.c.id.in_(list(ids)), self._for(receiver_id))
            .where(reminders.c.state == "open", reminders.c.pushed_at.is_(None), reminders.c.remind_at <= until)
            .values(pushed_at=self.uow.now).returning(reminders.c.id)
        )
        return sorted(taken.scalars())

    def cancel_for(self, object_type: str, object_id: int, categories: Collection[str], cause: str) -> int:
        """Cancel what is open about an object, because its cause is gone; says how many. `cause` says in words of
        ours what took it away: nothing that a person typed."""
        found = self._select(
            reminders.c.object_type == object_type, reminders.c.object_id == object_id,
            reminders.c.category.in_(list(categories)), reminders.c.state == "open", everybody=True,
        )
        for reminder in found:
            self._change(reminder, state="cancelled", cause=cause, done_at=self.uow.now,
                         done_by=self.uow.actor.user_id)
            self.uow.audit.record(
                "cancelled", "reminder", reminder.id, client_id=reminder.client_id, cause=cause, rule=reminder.rule
            )
        return len(found)

    def steps_of(self, reminder: Reminder) -> list[Reminder]:
        """The reminder and the other open steps of one receiver about the same matter.

        Also those of an earlier day: who speaks about a premium in grace need not hear of its due day."""
        if _matter(reminder) == reminder.id:
            return [reminder]
        found = self._select(
            reminders.c.object_type == reminder.object_type, reminders.c.object_id == reminder.object_id,
            reminders.c.category == reminder.category, reminders.c.receiver_id == reminder.receiver_id,
            reminders.c.due_on <= reminder.due_on, reminders.c.remind_at <= max(reminder.remind_at, self.uow.now),
            reminders.c.state == "open",
        )
        return [step for step in found if _matter(step) == _matter(reminder)] or [reminder]

    def is_to_do(self, reminder: Reminder) -> bool:
        """Whether it is the actor's to do: his own, or a colleague's whom he covers."""
        own = reminder.receiver_id == self.uow.actor.user_id
        return own or reminder.receiver_id in self.uow.covers.stands_in_for()

    # ------------------------------------------------------------ inside

    def _receivers(self) -> ColumnElement[bool]:
        """What the actor may see: `storage.scope.received`."""
        return received(self.uow.scope)

    def _for(self, receiver_id: str) -> ColumnElement[bool]:
        """What a member has to do: his own, and while the actor himself covers for colleagues, theirs as well."""
        wide = receiver_id == self.uow.actor.user_id and covers_somebody(self.uow.scope)
        if not wide:
            return reminders.c.receiver_id == receiver_id
        return received("own and covered")

    def _select(self, *conditions: ColumnElement[bool], everybody: bool = False) -> list[Reminder]:
        query = _query(*conditions) if everybody else _query(*conditions, self._receivers())
        found = [self._reminder(row) for row in self.uow.execute(query)]
        return sorted(found, key=lambda r: (-r.weight, r.due_on, r.id))

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Reminder]:
        """For showing them: the read is on the trail."""
        found = self._select(*conditions)
        self.uow.audit.listed("reminder", [(r.id, r.client_id) for r in found], section="reminders")
        return found

    def _reminder(self, row: Any) -> Reminder:
        try:
            opened = {
                "text": self.uow.unseal(_PLACE, row.key, row.text) or "",
                "result": self.uow.unseal(_RESULT, row.key, row.result),
                "reason": self.uow.unseal(_REASON, row.key, row.reason),
            }
        except Corrupt:  # it stands in lists of many: it must not take the others along
            log.error("reminder.unreadable", reminder_id=row.id)
            opened = {"text": UNREADABLE, "result": None, "reason": None}
        return Reminder(**{**row._asdict(), **opened, "client_name": self._client_name(row)})

    def _client_name(self, row: Any) -> str:
        """Of whom it is. Members of a role are reminded of clients that they may not see: theirs are without a name."""
        if row.client_name is None or role_reminded(row.rule) is None:
            return row.client_name or ""
        owner = self.uow.users.get(row.owner_id)
        return row.client_name if sees(self.uow.actor, owner) else f"{owner.name}的客户"

    def _change(self, reminder: Reminder, **values: Any) -> None:
        changed = self.uow.update(
            reminders, {"id": reminder.id, "version": reminder.version},
            {**values, "version": reminder.version + 1},
        )
        if not changed:
            raise Conflict("这条提醒刚刚被处理过了。")


def _matter(reminder: Reminder | Step) -> object:
    """What a reminder is about. Steps about one contract or instalment and category are one matter, whichever
    rule made them; of a client, his document and his risk class expire apart, so there each rule is its own, and so
    is each step of a journey and each event on an account."""
    if not reminder.object_type or not reminder.object_id or reminder.rule == "manual":
        return reminder.id
    rule = reminder.rule if reminder.object_type in ("client", "journey", "account", "transaction") else ""
    return reminder.category, reminder.object_type, reminder.object_id, rule


def latest_steps(found: list[S]) -> list[S]:
    """Of several open steps about one matter, the latest alone; order is kept."""
    latest: dict[object, S] = {}
    for reminder in found:
        best = latest.get(_matter(reminder))
        if best is None or (reminder.due_on, reminder.offset_days) > (best.due_on, best.offset_days):
            latest[_matter(reminder)] = reminder
    kept = {reminder.id for reminder in latest.values()}
    return [reminder for reminder in found if reminder.id in kept]
