"""Units of work under one commit: each is all or nothing by itself, and what they write of one kind goes in one piece.

A unit that reads, and leaves its writes for `later`, needs no savepoint: taking it back is forgetting what waits.
One is set as soon as a unit takes the connection into its own hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from storage import audit
from storage.model.errors import Unavailable
from storage.prepared import Prepared, in_one_go
from storage.vault import Vault

if TYPE_CHECKING:
    from storage.database import UnitOfWork

Later = list[tuple[Prepared, Mapping[str, Any]]]


class Contested(Exception):
    """A row that waited to be written was taken by somebody else meanwhile: the units must be done each by itself."""


class Group:
    """What the units of one commit share. `careful`: each has its savepoint from the start and writes at once, so that
    one that fails is told from the others whatever the engine makes of its failure."""

    def __init__(self, conn: Connection, driver_error: type[Exception], *, careful: bool) -> None:
        self.conn, self.careful = conn, careful
        # What was read for all units at once, by sort and key. Forgotten when a unit writes: it may be about that.
        self.foreseen: dict[tuple[str, str], Any] = {}
        self._driver: Any = conn.connection.driver_connection
        self._driver_error = driver_error
        self._entries: list[audit.Pending] = []
        self._waiting: dict[Prepared, list[Mapping[str, Any]]] = {}
        self._marked = False

    def begin(self) -> None:
        """A unit begins."""
        self._marked = False
        if self.careful:
            self.mark()

    def mark(self) -> None:
        """From here on the unit may write: what it does can be taken back alone."""
        if not self._marked:
            _check_in_transaction(self._driver)
            self._driver.execute("SAVEPOINT unit")
            self._marked = True
            self.foreseen.clear()

    def keep(self, later: Later, entries: list[audit.Pending]) -> None:
        """The unit was left in good order."""
        if self._marked:
            self._driver.execute("RELEASE SAVEPOINT unit")
        for statement, params in later:
            self._waiting.setdefault(statement, []).append(params)
        self._entries += entries

    def take_back(self) -> None:
        """The unit failed: nothing of it stays."""
        if self._marked:
            # A full disk or a lost connection has ended the whole transaction; the fault on its way says so.
            with suppress(self._driver_error):
                self._driver.execute("ROLLBACK TO SAVEPOINT unit")
                self._driver.execute("RELEASE SAVEPOINT unit")

    def finish(self, vault: Vault) -> None:
        """Write what waits, and the audit last. Raises Contested."""
        _check_in_transaction(self._driver)
        few = audit.are_few(self._entries)
        with in_one_go(self.conn):
            written = [(statement.send_many(self.conn, rows), len(rows)) for statement, rows in self._waiting.items()]
            if few:
                audit.append(self.conn, vault, self._entries)
        if not few:
            audit.append(self.conn, vault, self._entries)
        if any(touched() != expected for touched, expected in written):
            raise Contested


class Unit:
    """A unit of work inside of a group."""

    def __init__(
        self, group: Group, uow: UnitOfWork, unavailable: Callable[[BaseException], Unavailable | None]
    ) -> None:
        self._group, self._uow, self._unavailable = group, uow, unavailable

    def __enter__(self) -> UnitOfWork:
        try:
            self._group.begin()
        except Exception as error:
            self._raise_translated(error)
            raise
        return self._uow

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            try:
                self._group.keep(self._uow.waiting, self._uow.trail())
            except Exception as fault:
                self._group.take_back()
                self._raise_translated(fault)
                raise
        else:
            self._group.take_back()
            self._raise_translated(error)

    def _raise_translated(self, error: BaseException) -> None:
        if (unavailable := self._unavailable(error)) is not None:
            raise unavailable from error


def _check_in_transaction(driver: Any) -> None:
    """A full disk ends the transaction of a whole group: what its earlier units wrote is gone, so nothing may
    be written after them as if it were not. PostgreSQL says so itself at the next statement."""
    if not getattr(driver, "in_transaction", True):
        raise Unavailable("the transaction of the group was lost")
