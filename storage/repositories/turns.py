"""Whose turn it is: statements that lease the next rows of inbox and outbox.

Only the first waiting row of a sender (or of a receiver, by priority) may be claimed, so messages of one
person keep their order over any number of processes. `FOR UPDATE SKIP LOCKED` keeps PostgreSQL workers out
of each other's way; SQLite has one writer anyway."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.model.work import InboxRow, OutboxRow
from storage.tables import inbox, outbox


def _claimed(table: Any, heads: Select[Any], dialect: Dialect) -> Update:
    """Lease the rows of `heads`. PostgreSQL must find them once: a subquery that the planner runs again
    would lock and skip other rows than it returns."""
    if dialect.name == "postgresql":
        locked = heads.with_for_update(skip_locked=True, of=table).scalar_subquery()
        chosen = table.c.id == func.any(func.array(locked))
    else:
        chosen = table.c.id.in_(heads)
    return (
        update(table).where(chosen)
        .values(lease_owner=bindparam("by"), lease_until=bindparam("until"), tries=table.c.tries + 1)
    )  # fmt: skip


def of_inbox(dialect: Dialect) -> Any:
    """The oldest waiting message of up to `most` senders, leased `by` somebody `until` an instant."""
    now: Any = bindparam("now")
    earlier = inbox.alias("earlier")
    waiting = earlier.c.state == literal_column("'new'")  # in the words of the index, or SQLite does not use it
    heads = (
        select(inbox.c.id)
        .where(inbox.c.state == "new")
        .where(or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < now, inbox.c.lease_owner == bindparam("by")))
        .where(or_(inbox.c.not_before.is_(None), inbox.c.not_before <= now))
        .where(~exists().where(earlier.c.sender == inbox.c.sender, waiting, earlier.c.id < inbox.c.id))
        .order_by(inbox.c.id).limit(bindparam("most"))
    )  # fmt: skip
    return _claimed(inbox, heads, dialect).returning(*(inbox.c[f] for f in InboxRow.__slots__))


def _before(other: Any) -> ColumnElement[bool]:
    """Another message to the same receiver whose turn is earlier."""
    earlier_turn = or_(
        other.c.priority < outbox.c.priority, and_(other.c.priority == outbox.c.priority, other.c.id < outbox.c.id)
    )
    return and_(other.c.recipient == outbox.c.recipient, earlier_turn)


def of_outbox(dialect: Dialect) -> Any:
    """The next message of up to `most` receivers, most urgent first, leased `by` somebody `until` an instant."""
    now: Any = bindparam("now")
    sending, earlier = outbox.alias("sending"), outbox.alias("earlier")
    # What is planned for later holds nobody up; what was claimed before and waits for its next turn does. A
    # paced message counts no try, but it was put back with a reason.
    waits = or_(earlier.c.tries > 0, earlier.c.reason.is_not(None), earlier.c.not_before <= now)
    # Two looks, each for one state, so that what the receiver was ever sent is not read for each of his messages.
    nothing_under_way = ~exists().where(_before(sending), sending.c.state == "sending")
    nothing_earlier = ~exists().where(_before(earlier), earlier.c.state == "new", waits)
    heads = (
        select(outbox.c.id)
        .where(outbox.c.state == "new", outbox.c.not_before <= now, nothing_under_way, nothing_earlier)
        .order_by(outbox.c.priority, outbox.c.id).limit(bindparam("most"))
    )  # fmt: skip
    taken = _claimed(outbox, heads, dialect).values(
        state="sending", first_tried_at=func.coalesce(outbox.c.first_tried_at, now)
    )
    return taken.returning(*(outbox.c[f] for f in OutboxRow.__slots__))
