"""What a client's card shows beside the client: his tags, contracts, open tickets and next step, by one statement.

Several would do as well, but on PostgreSQL each is a round trip, which costs more than all that is made of the
answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, reduce
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from config.pack import Packs
from storage.columns import UTCDateTime
from storage.conditions.counting import BETWEEN, counted_together
from storage.model.contracts import ContractHead
from storage.model.work import NextStep
from storage.prepared import Prepared, for_each
from storage.repositories.base import Repository
from storage.repositories.contracts import ids_of_client, owner_of
from storage.repositories.earned_tags import Earned
from storage.scope import Scope, covers_somebody, received, visible
from storage.tables import client_tags, clients, contracts, earned_tags, reminders, tickets

_PART, _ROW = "\x1f", "\x1e"
_CLIENT: ColumnElement[Any] = bindparam("client_id")
_NO_WORD, _NO_DAY, _NO_TIME, _NO_TEXT = (cast(null(), kind) for kind in (String, Date, UTCDateTime, LargeBinary))


class Glance(NamedTuple):
    """Tags in the order they were given, how many records speak for each counted tag that holds, those that the client
    has by a condition, contracts by the day they end, the reader's own next step, and the open tickets as (number,
    flow), the latest first."""

    tags: list[str]
    counted: dict[str, int]
    earned: list[Earned]
    contracts: list[ContractHead]
    step: NextStep | None
    tickets: Sequence[tuple[int, str]] = ()


class _Statements:
    """The statements of one day under one version of the packs: what counted tags look at stands in them."""

    def __init__(self, packs: Packs, today: date, zone: ZoneInfo) -> None:
        self.counted = sorted(
            ((tag.name, tag.counted) for tag in packs.counted_tags if tag.counted), key=lambda tag: tag[1].of
        )
        self._today, self._zone, self._any_earned = today, zone, bool(packs.earned_tags)
        self.of_client = cache(self._of_client)
        self.of_clients_of_advisers = cache(self._of_clients_of_advisers)

    def _of_client(self, scope: Scope) -> Prepared:
        return Prepared(self._union(scope))

    def _of_clients_of_advisers(self) -> Prepared:
        return for_each(self._union("own"), actor_id=Text(), client_id=BigInteger())

    def _union(self, scope: Scope) -> CompoundSelect[Any]:
        """Rows of several sorts, told apart by `sort`; the columns mean what each sort makes of them."""
        return union_all(_contracts(scope), _tags(scope), _step(scope), self._by_itself(scope))

    def _by_itself(self, scope: Scope) -> Select[Any]:
        """One row for all tags that a client in scope has by himself. The numbers of counted ones in the order of
        `counted`, as one text: a row for each, or a look at the records for each, would cost a card half as much
        again; in one more text those that he has by a condition, and in another his open tickets."""
        of_sorts = groupby((counted for _, counted in self.counted), key=attrgetter("of"))
        texts: list[ColumnElement[str]] = [
            counted_together(list(several), _CLIENT, self._today, self._zone).scalar_subquery()
            for _, several in of_sorts
        ]
        text = reduce(lambda said, numbers: said + BETWEEN + numbers, texts) if texts else _NO_WORD
        earned = _earned() if self._any_earned else _NO_WORD
        return select(_sort("by_itself"), clients.c.id, text, earned, _tickets(), _NO_DAY, _NO_TIME, _NO_TEXT).where(
            clients.c.id == _CLIENT, visible(scope, clients.c.owner_id)
        )

    def counts(self, text: str) -> dict[str, int]:
        """How many records speak for each counted tag that holds."""
        numbers = map(int, text.split(BETWEEN))
        return {
            name: number for (name, counted), number in zip(self.counted, numbers, strict=True)
            if number >= counted.at_least
        }


_statements: dict[tuple[str, date, ZoneInfo], _Statements] = {}


def _statements_of(packs: Packs, today: date, zone: ZoneInfo) -> _Statements:
    of_now = (packs.version, today, zone)
    found = _statements.get(of_now)
    if found is None:
        _statements.clear()
        found = _statements[of_now] = _Statements(packs, today, zone)
    return found


def _contracts(scope: Scope) -> Select[Any]:
    c = contracts.c
    return select(
        _sort("contract"), c.id.label("id"), c.kind.label("kind"), c.state.label("word"), c.product_name.label("name"),
        c.ends_on.label("day"), _NO_TIME.label("at"), _NO_TEXT.label("text"),
    ).where(c.id.in_(ids_of_client(_CLIENT)), visible(scope, owner_of(contracts)))  # fmt: skip


def _tags(scope: Scope) -> Select[Any]:
    c = client_tags.c
    return select(
        _sort("tag"), c.id, c.tag, _NO_WORD, _NO_WORD, _NO_DAY, c.created_at, _NO_TEXT
    ).where(c.client_id == _CLIENT, visible(scope, c.owner_id))  # fmt: skip


class _Together(FunctionElement[str]):
    """Texts of several rows as one."""

    type = String()
    inherit_cache = True


@compiles(_Together)
def _together(element: _Together, compiler: SQLCompiler, **kw: Any) -> str:
    joined = "group_concat" if compiler.dialect.name == "sqlite" else "string_agg"
    return f"{joined}({compiler.process(element.clauses, **kw)}, '{_ROW}')"


def _earned() -> ColumnElement[str]:
    t = earned_tags.c
    part: ColumnElement[str] = literal_column(f"'{_PART}'", String)
    one = t.tag + part + cast(t.since, String) + part + t.reason
    return select(_Together(one)).where(t.client_id == _CLIENT).scalar_subquery()


def _tickets() -> ColumnElement[str]:
    t = tickets.c
    one = cast(t.number, String) + literal_column(f"'{_PART}'", String) + t.flow
    return select(_Together(one)).where(t.client_id == _CLIENT, t.ended_at.is_(None)).scalar_subquery()


def _tickets_in(text: str) -> list[tuple[int, str]]:
    rows = (row.split(_PART) for row in text.split(_ROW))
    return sorted(((int(number), flow) for number, flow in rows), reverse=True)


def _earned_in(text: str) -> list[Earned]:
    rows = sorted(row.split(_PART) for row in text.split(_ROW))
    return [Earned(tag, reason, date.fromisoformat(since)) for tag, since, reason in rows]


def _step(scope: Scope) -> Select[Any]:
    c = reminders.c
    own = received("own and covered" if covers_somebody(scope) else "own")
    soonest = (
        select(c.id, c.category, c.key, c.remind_at, c.text)
        .where(c.client_id == _CLIENT, c.state == "open", own)
        .order_by(c.remind_at, c.id).limit(1).subquery()
    )  # fmt: skip
    s = soonest.c
    return select(_sort("step"), s.id, s.category, s.key, _NO_WORD, _NO_DAY, s.remind_at, s.text)


def _sort(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", String).label("sort")


class GlanceRepository(Repository):
    def of_client(self, client_id: int, today: date, zone: ZoneInfo) -> Glance:
        """What the card of a client in scope shows; that the next step was read is on the trail."""
        asked = _statements_of(self.uow.packs, today, zone)
        tags, counts, earned, heads, step = [], {}, [], [], None
        open_tickets: list[tuple[int, str]] = []
        found = self.uow.foreseen.get(("glance", f"{self.uow.actor.user_id}\n{client_id}"))
        if found is None:
            found = self.uow.rows(asked.of_client(self.uow.scope), {"client_id": client_id})
        for row in found:
            if row.sort == "contract":
                heads.append(ContractHead(row.id, row.kind, row.word, row.name, row.day))
            elif row.sort == "tag":
                tags.append((row.at, row.kind))
            elif row.sort == "by_itself":
                counts = asked.counts(row.kind) if row.kind else {}
                earned = _earned_in(row.word) if row.word else []
                open_tickets = _tickets_in(row.name) if row.name else []
            else:
                self.uow.audit.listed("reminder", [(row.id, client_id)], section="reminders")
                step = NextStep(row.at, row.kind, self.uow.unseal("reminders.text", row.word, row.text) or "")
        heads.sort(key=lambda head: (head.ends_on or date.max, head.id))
        return Glance([tag for _at, tag in sorted(tags)], counts, earned, heads, step, open_tickets)

    def foresee(self, asked: Sequence[tuple[str, int]], today: date, zone: ZoneInfo) -> None:
        """Read what advisers will see beside these clients of their own books, for all units of the group.
        PostgreSQL only."""
        found: list[list[Any]] = [[] for _ in asked]
        if asked:
            statement = _statements_of(self.uow.packs, today, zone).of_clients_of_advisers()
            params = {"actor_id": [user_id for user_id, _ in asked], "client_id": [client_id for _, client_id in asked]}
            for row in self.uow.rows(statement, params):
                found[row.place - 1].append(row)
        for (user_id, client_id), rows in zip(asked, found, strict=True):
            self.uow.foreseen["glance", f"{user_id}\n{client_id}"] = rows
