"""Whom a rule reminds, as SQL: the client's adviser, the adviser's superior, or every member of a role.

A rule of several is planned as one rule for each (`ReminderRule.lines`). Each member of a role has a reminder of his
own, so what one of them finishes is still open for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from config.pack import ReminderRule
from reminders.rule_conditions import TABLES
from storage.tables import clients, reminders, users


@dataclass(frozen=True, slots=True)
class ReceiverSql:
    """`column` is the receiver of a new row, with `links` as conditions; `of_open_reminder` the receiver of a row of
    `reminders` as things stand now, and `stands` whether such a row is for him still. `several`: one occurrence may
    have rows for several receivers."""

    column: ColumnElement[Any]
    links: tuple[ColumnElement[bool], ...]
    of_open_reminder: ColumnElement[Any]
    stands: ColumnElement[bool]
    several: bool = False


def receiver_of(rule: ReminderRule) -> ReceiverSql:
    """For a rule of one receiver."""
    owner = TABLES[rule.source_record].c.owner_id
    if rule.to == "owner":
        return ReceiverSql(owner, (), _now(clients.c.owner_id), true())
    if rule.to == "supervisor":
        above = users.c.manager_id.is_not(None)
        return ReceiverSql(users.c.manager_id, (users.c.id == owner, above), supervisor_now(), true())
    return _members(rule.to, owner)


def supervisor_now() -> ColumnElement[Any]:
    """The superior of the adviser who has a reminder's client now; who has it where there is none."""
    above = select(users.c.manager_id).where(users.c.id == clients.c.owner_id, clients.c.id == reminders.c.client_id)
    return func.coalesce(above.scalar_subquery(), reminders.c.receiver_id)


def handed_over() -> ColumnElement[bool]:
    """Somebody gave the reminder to a colleague."""
    given: ColumnElement[bool] = reminders.c.data["handed_at"].as_string().is_not(None)
    return given


def _members(role: str, owner: ColumnElement[Any]) -> ReceiverSql:
    """Who has the role now, and is not the one whose client it is."""
    in_role = (users.c.role == role, users.c.active.is_(True))
    still = exists().where(users.c.id == reminders.c.receiver_id, *in_role)
    return ReceiverSql(
        users.c.id, (*in_role, users.c.id != owner), reminders.c.receiver_id, or_(still, handed_over()), several=True
    )


def _now(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(clients.c.id == reminders.c.client_id).scalar_subquery()
