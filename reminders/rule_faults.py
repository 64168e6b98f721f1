"""One rule by itself: what is wrong with it must not reach the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError, StatementError

from config.pack import ReminderRule
from storage.database import UnitOfWork, is_passing

log = structlog.get_logger(__name__)


@contextmanager
def apart(uow: UnitOfWork, rule: ReminderRule, faults: list[str] | None = None) -> Iterator[None]:
    """Run a rule's statements in a savepoint. A fault of the rule takes back what they did, is logged as
    `rule.bad` and goes no further: a value that is no date, or on PostgreSQL old text under a field that is
    declared as a date now. A database that is busy, full or away still stops the work. The rule's id is added to
    `faults`."""
    savepoint = uow.conn.begin_nested()
    try:
        yield
    except (ValueError, StatementError) as error:
        if isinstance(error, DBAPIError) and is_passing(error.orig):
            raise  # the whole transaction goes back
        savepoint.rollback()
        if faults is not None:
            faults.append(rule.id)
        log.error("rule.bad", rule=rule.id, reason=_reason(error))
    else:
        savepoint.commit()


def _reason(error: ValueError | StatementError) -> str:
    """The database's own words may quote a record, so of its errors the name alone is told."""
    return type(error.orig or error).__name__ if isinstance(error, StatementError) else str(error)
