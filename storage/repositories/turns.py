"""Whose turn it is: statements that lease the next rows of inbox and outbox.

Only the first waiting row of a sender (or of a receiver, by priority) may be claimed, so messages of one
person keep their order over any number of processes. `FOR UPDATE SKIP LOCKED` keeps PostgreSQL workers out
of each other's way; SQLite has one writer anyway."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql

from storage.model.work import InboxRow, OutboxRow
from storage.tables import inbox, outbox, outbox_is

_ANSWERS: dict[str, Any] = {"ids": BigInteger, "msgids": Text, "codes": Text}


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
    earlier_turn = tuple_(other.c.priority, other.c.id) < tuple_(outbox.c.priority, outbox.c.id)
    return and_(other.c.recipient == outbox.c.recipient, earlier_turn)


def of_outbox(dialect: Dialect) -> Any:
    """The next message of up to `most` receivers, most urgent first, leased `by` somebody `until` an instant."""
    now: Any = bindparam("now")
    sending, earlier = outbox.alias("sending"), outbox.alias("earlier")
    # What is planned for later holds nobody up; what was claimed before and waits for its next turn does. A
    # paced message counts no try, but it was put back with a reason.
    waits = or_(earlier.c.tries > 0, earlier.c.reason.is_not(None), earlier.c.not_before <= now)
    # Two looks, each for one state, so that what the receiver was ever sent is not read for each of his messages.
    nothing_under_way = ~exists().where(_before(sending), outbox_is(sending, "sending"))
    nothing_earlier = ~exists().where(_before(earlier), outbox_is(earlier, "new"), waits)
    heads = (
        select(outbox.c.id)
        .where(outbox_is(outbox, "new"), outbox.c.not_before <= now, nothing_under_way, nothing_earlier)
        .order_by(outbox.c.priority, outbox.c.id).limit(bindparam("most"))
    )  # fmt: skip
    taken = _claimed(outbox, heads, dialect).values(
        state="sending", first_tried_at=func.coalesce(outbox.c.first_tried_at, now)
    )
    return taken.returning(*(outbox.c[f] for f in OutboxRow.__slots__))


def all_sent(_dialect: Dialect) -> Any:
    """WeCom took these messages, in lists of `ids`, `msgids` and response `codes`; for PostgreSQL, to which twenty
    statements of one row each are twenty times the work."""
    lists = (bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in _ANSWERS.items())
    columns = [column(name, kind) for name, kind in _ANSWERS.items()]
    answered = func.unnest(*lists).table_valued(*columns).render_derived("answered")
    return (
        update(outbox)
        .where(outbox.c.id == answered.c.ids, outbox_is(outbox, "sending"))
        .values(state="sent", lease_until=None, sent_at=bindparam("now"), msgid=answered.c.msgids,
                response_code=answered.c.codes)
    )  # fmt: skip
