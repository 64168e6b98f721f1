"""The engine, and the unit of work: one transaction with an actor, a scope and an audit trail.

SQLite has one writer, so everything runs in one thread with BEGIN IMMEDIATE; PostgreSQL gets a small pool
of threads. Handlers are plain functions that run wholly inside one such hop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    Connection,
    CursorResult,
    Executable,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config.pack import Packs, PackStore
from storage import audit, journal
from storage.dictionary import Dictionary
from storage.engine import POSTGRES_THREADS, SQLITE_DEFERRED, open_engine
from storage.group import Group, Later, Unit
from storage.model.errors import Unavailable
from storage.model.people import SYSTEM, Actor
from storage.prepared import Prepared, in_one_go
from storage.repositories.accounts import AccountRepository
from storage.repositories.assignments import AssignmentRepository
from storage.repositories.base import Part
from storage.repositories.cards import CardActionRepository
from storage.repositories.clients import ClientRepository
from storage.repositories.consents import ConsentRepository
from storage.repositories.contracts import ContractRepository
from storage.repositories.conversations import ConversationRepository
from storage.repositories.covers import CoverRepository
from storage.repositories.escalations import EscalationRepository
from storage.repositories.figures import FigureRepository
from storage.repositories.glances import GlanceRepository
from storage.repositories.interactions import InteractionRepository
from storage.repositories.mailboxes import InboxRepository, OutboxRepository
from storage.repositories.offers import OfferRepository
from storage.repositories.opportunities import OpportunityRepository
from storage.repositories.push_times import PushTimeRepository
from storage.repositories.puzzles import PuzzleRepository
from storage.repositories.reminders import ReminderRepository
from storage.repositories.rules import RuleRepository
from storage.repositories.segments import SegmentRepository
from storage.repositories.standards import StandardRepository
from storage.repositories.templates import TemplateRepository
from storage.repositories.ticket_limits import TicketLimitRepository
from storage.repositories.ticket_news import TicketNewsRepository
from storage.repositories.tickets import TicketRepository
from storage.repositories.tiers import TierRepository
from storage.repositories.users import UserRepository
from storage.scope import Scope, binds, covers_somebody, scope_of
from storage.vault import Vault

T = TypeVar("T")
_SQLITE_PASSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
# SQLSTATEs, or classes of them: connection, authorization, rolled back, resources, locked, shutting down, the system,
# and a server that only reads while another takes over. The driver calls some mistakes operational as well.
_POSTGRES_PASSING = ("08", "28", "40", "53", "55P03", "57", "58", "25006")
_TOO_MANY_PARAMETERS = "65535"  # libpq does not send these; its words, in any language, name the bound
_POSTGRES_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class UnitOfWork:
    """One transaction on behalf of `actor` at the instant `now`. Repositories hang off it."""

    accounts = Part(AccountRepository)
    clients = Part(ClientRepository)
    contracts = Part(ContractRepository)
    glances = Part(GlanceRepository)
    interactions = Part(InteractionRepository)
    reminders = Part(ReminderRepository)
    consents = Part(ConsentRepository)
    figures = Part(FigureRepository)
    rules = Part(RuleRepository)
    standards = Part(StandardRepository)
    escalations = Part(EscalationRepository)
    push_times = Part(PushTimeRepository)
    assignments = Part(AssignmentRepository)
    offers = Part(OfferRepository)
    templates = Part(TemplateRepository)
    tiers = Part(TierRepository)
    tickets = Part(TicketRepository)
    ticket_limits = Part(TicketLimitRepository)
    ticket_news = Part(TicketNewsRepository)
    segments = Part(SegmentRepository)
    opportunities = Part(OpportunityRepository)
    puzzles = Part(PuzzleRepository)
    users = Part(UserRepository)
    covers = Part(CoverRepository)
    conversations = Part(ConversationRepository)
    cards = Part(CardActionRepository)
    inbox = Part(InboxRepository)
    outbox = Part(OutboxRepository)

    def __init__(
        self, conn: Connection, actor: Actor, now: datetime, vault: Vault, dictionary: Dictionary,
        group: Group | None = None,
    ) -> None:
        self._conn, self.actor, self.now, self.vault, self.dictionary = conn, actor, now, vault, dictionary
        self.audit = audit.AuditTrail(actor, now)
        self.changes: list[journal.Change] = []
        self.waiting: Later = []
        self._named: list[audit.Pending] = []
        self.wrote = False
        self._group, self._binds = group, binds(actor, now)

    def act_as(self, actor: Actor) -> None:
        """Go on on behalf of somebody else: scope and audit follow from here on."""
        if covers_somebody(self.scope):  # while he is the actor it is known whose clients these are
            self._named += self.trail()
        self.actor, self._binds = actor, binds(actor, self.now)
        self.audit.act_as(actor)

    @property
    def conn(self) -> Connection:
        """The connection, for whoever may write on it."""
        if not self.wrote:
            self.wrote = True
            if self._group is not None:
                self._group.mark()
        return self._conn

    @property
    def foreseen(self) -> dict[tuple[str, str], Any]:
        """What was read for all units of the group at once, by sort and key."""
        return self._group.foreseen if self._group is not None else {}

    @property
    def may_wait(self) -> bool:
        """Whether it may hold and wait for a row; a group writes at its end, and learns then who was quicker."""
        return self._group is None or self._group.careful

    @property
    def packs(self) -> Packs:
        return self.dictionary.packs

    @property
    def scope(self) -> Scope:
        return scope_of(self.actor, self.now)

    @property
    def own_scope(self) -> Scope:
        """Without the books of colleagues whom the actor covers for."""
        return scope_of(self.actor)

    def execute(self, statement: Executable, params: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run a statement; the scope's parameters are bound along."""
        bound = {**self._binds, **params} if params else self._binds
        return self.conn.execute(statement, bound)

    def rows(self, statement: Prepared, params: Mapping[str, Any]) -> list[Any]:
        """The rows of a prepared statement; the scope's parameters are bound along."""
        return statement.rows(self._conn, {**self._binds, **params})

    def ask(self, statement: Prepared, params: Mapping[str, Any]) -> Callable[[], list[Any]]:
        """Like `rows`, but they are given when what is returned is called: for questions that leave `in_one_go`."""
        return statement.send(self._conn, {**self._binds, **params})

    def in_one_go(self) -> AbstractContextManager[object]:
        """Questions inside leave without waiting for each other's answers, where the engine can do that."""
        return in_one_go(self._conn)

    def run(self, statement: Prepared, params: Mapping[str, Any]) -> int:
        """Run a prepared statement for its effect; the number of rows it touched."""
        return statement.run(self.conn, params)

    def later(self, statement: Prepared, params: Mapping[str, Any]) -> int:
        """Run a prepared statement that touches one row: in a group at its end, in one piece with others of its kind,
        and nobody may read before what it writes. The rows it touched; 1 for what waits, or it is Contested."""
        if self.may_wait:
            return self.run(statement, params)
        self.waiting.append((statement, params))
        return 1

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """Insert one row and note it for undo."""
        if table.name not in journal.JOURNALED:
            self.conn.execute(insert(table), values)
            return
        row = self.conn.execute(insert(table).returning(table), values).one()
        self.note_insert(table, row._asdict())

    def note_insert(self, table: Table, image: Mapping[str, Any]) -> None:
        """Note for undo a row that a statement of its own inserted."""
        self.changes.append(journal.Change(table.name, None, dict(image)))

    def update(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        """Change the one row with these key values; False when there is none. Noted for undo."""
        where = [table.c[name] == value for name, value in key.items()]
        if table.name not in journal.JOURNALED:
            return bool(self.conn.execute(update(table).where(*where).values(**values)).rowcount)
        # Locked as the update itself will, or PostgreSQL might commit somebody's change between the two: the image
        # would miss it, and an undo would wipe it. No stronger, or two who add to one client would block each other.
        before = self.conn.execute(select(table).where(*where).with_for_update(key_share=True)).one_or_none()
        if before is None:
            return False
        change = update(table).where(*where).values(**values).returning(table)
        after = self.conn.execute(change).one()
        self.changes.append(journal.Change(table.name, dict(before._mapping), dict(after._mapping)))
        return True

    def delete(self, table: Table, key: Mapping[str, Any]) -> bool:
        """Delete the one row with these key values; False when there is none. Noted for undo."""
        where = [table.c[name] == value for name, value in key.items()]
        before = self.conn.execute(select(table).where(*where).with_for_update()).one_or_none()
        if before is None:
            return False
        self.conn.execute(delete(table).where(*where))
        if table.name in journal.JOURNALED:
            self.changes.append(journal.Change(table.name, dict(before._mapping), None))
        return True

    def trail(self) -> list[audit.Pending]:
        """What the audit is to keep of this unit of work; acts of a cover name the colleague whose clients they are
        about."""
        named, self._named = self._named, []
        entries = self.audit.take()
        return [*named, *(self.covers.named_in(entries) if covers_somebody(self.scope) else entries)]

    def seal(self, place: str, row: int | str, value: Any) -> bytes:
        """`value` as JSON, encrypted for one column of one row."""
        return self.vault.seal(place, row, orjson.dumps(value))

    def unseal(self, place: str, row: int | str, sealed: bytes | None) -> Any:
        """What `seal` was given; None for an empty column."""
        return None if sealed is None else orjson.loads(self.vault.open(place, row, sealed))


class Database:
    """A database of either kind. `transaction` is synchronous; `run` hops to a thread for one."""

    def __init__(self, url: str, vault: Vault, packs: PackStore) -> None:
        self.engine = open_engine(url)
        self.vault = vault
        self.packs = packs
        self.is_postgres = self.engine.dialect.name == "postgresql"
        self._driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        self._dictionary = Dictionary(packs.current)
        self._of_thread = threading.local()
        self.threads = POSTGRES_THREADS if self.is_postgres else 1
        self._threads = ThreadPoolExecutor(self.threads, "database")

    @property
    def dictionary(self) -> Dictionary:
        if self._dictionary.packs is not self.packs.current:
            self._dictionary = Dictionary(self.packs.current)
        return self._dictionary

    def transaction(
        self, actor: Actor, now: datetime, *, durable: bool = True, one_go: bool = False
    ) -> AbstractContextManager[UnitOfWork]:
        """Commit on leaving, roll back on any exception. Without `durable` the commit does not wait for the
        disk: a power cut may undo it, a crash of the process may not. With `one_go` statements leave without waiting
        for each other's answers, so how many rows one touched cannot be asked.

        Raises Unavailable when the database is locked, full or away; the work may be tried again."""
        group: Group | None = getattr(self._of_thread, "group", None)
        if group is None:
            return self._by_itself(actor, now, durable=durable, one_go=one_go)
        uow = UnitOfWork(group.conn, actor, now, self.vault, self.dictionary, group)
        return Unit(group, uow, self._unavailable)

    @contextmanager
    def _by_itself(self, actor: Actor, now: datetime, *, durable: bool, one_go: bool) -> Iterator[UnitOfWork]:
        self.vault.refresh()
        with self._faults_translated(), self._connection(durable=durable, one_go=one_go) as conn:
            uow = UnitOfWork(conn, actor, now, self.vault, self.dictionary)
            yield uow
            audit.append(conn, self.vault, uow.trail())

    @contextmanager
    def together(self, *, careful: bool = False) -> Iterator[None]:
        """The units of work that this thread makes inside share one commit and one turn at the audit chain.

        Each is still all or nothing by itself; none counts before all are left, and an exception takes all back.
        Raises Contested when what they left for the end cannot be written: then each is to be done `careful`ly by
        itself."""
        self.vault.refresh()
        with self._faults_translated(), self._connection() as conn:
            self._of_thread.group = group = Group(conn, self._driver_error, careful=careful)
            try:
                yield
                group.finish(self.vault)
            finally:
                self._of_thread.group = None

    @contextmanager
    def _connection(self, *, durable: bool = True, one_go: bool = False) -> Iterator[Connection]:
        with (
            self.engine.connect() as conn, self._syncing(conn, durable),
            in_one_go(conn) if one_go else nullcontext(), conn.begin(),
        ):
            try:
                if self.is_postgres and not durable:
                    conn.connection.driver_connection.execute("SET LOCAL synchronous_commit = off")  # type: ignore[union-attr]
                yield conn
            except self._driver_error as error:
                self._drop_if_broken(conn, error)
                raise

    @contextmanager
    def _syncing(self, conn: Connection, durable: bool) -> Iterator[None]:
        """SQLite's switch for commits that do not wait for the disk; it turns outside of transactions only."""
        if self.is_postgres or durable:
            yield
            return
        driver: Any = conn.connection.driver_connection
        driver.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            with suppress(self._driver_error):  # closed meanwhile: then nobody writes on it any more
                driver.execute("PRAGMA synchronous=FULL")

    @contextmanager
    def _faults_translated(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if (unavailable := self._unavailable(error)) is None:
                raise
            raise unavailable from error

    def _unavailable(self, error: BaseException) -> Unavailable | None:
        """What the database's own error comes to, where trying again may help."""
        if isinstance(error, PoolTimeout):
            return Unavailable("no database connection became free")
        if not isinstance(error, (DBAPIError, self._driver_error)):
            return None
        cause = _first_cause(error)
        return Unavailable(f"{type(cause).__name__}: database busy, full or away") if is_passing(cause) else None

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """For long walks: a connection that only reads, all as of one instant, and keeps nobody from writing."""
        with self._faults_translated(), self.engine.connect() as conn:
            conn.execution_options(**(_POSTGRES_SNAPSHOT if self.is_postgres else {SQLITE_DEFERRED: True}))
            with conn.begin():
                yield conn

    def system(
        self, now: datetime, *, durable: bool = True, one_go: bool = False
    ) -> AbstractContextManager[UnitOfWork]:
        """A unit of work for the product itself: the planner, the mailboxes."""
        return self.transaction(SYSTEM, now, durable=durable, one_go=one_go)

    def _drop_if_broken(self, conn: Connection, error: Exception) -> None:
        """A connection that broke under a prepared statement does not go back to the pool."""
        if self.engine.dialect.is_disconnect(error, conn.connection.dbapi_connection, None):  # type: ignore[arg-type]
            conn.invalidate(error)

    async def run(self, work: Callable[[], T]) -> T:
        """Run a synchronous piece of work in a database thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def _first_cause(error: BaseException) -> BaseException:
    """The driver's own error. What was sent in one go after a statement that failed says `PipelineAborted`; which
    failed stands in its context."""
    cause = getattr(error, "orig", None) or error
    while type(cause).__name__ == "PipelineAborted" and cause.__context__ is not None:
        cause = getattr(cause.__context__, "orig", None) or cause.__context__
    return cause


def is_passing(error: BaseException | None) -> bool:
    """Whether trying again may help: locked, full, disconnected; not a mistake in a statement."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_PASSING
    if state := getattr(error, "sqlstate", None):
        return str(state).startswith(_POSTGRES_PASSING)
    # Without a state it did not get as far as the server, or the server is gone.
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"OperationalError", "InterfaceError"}) and _TOO_MANY_PARAMETERS not in str(error)
