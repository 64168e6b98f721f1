"""What can be asked of the records that hang on a client: instalments, opportunities, transactions, contacts and
accounts. Tests that stand side by side are of one and the same record: 应缴日 在 30 天内 且 应缴金额 5000以上 means the
instalment of that amount that is due."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, false, func, not_, or_, select

from config.pack import FieldSpec
from storage.columns import Sealed
from storage.conditions.contract_facts import is_open
from storage.conditions.facts import Fact, FieldFact, Op, View, test_field
from storage.tables import accounts, clients, contracts, instalments, interactions, opportunities, transactions

_TALKS = ("call", "visit", "meeting", "wechat", "note")  # kinds of contact in which somebody spoke


@dataclass(frozen=True, slots=True)
class Hanging:
    """A sort of record with a `client_id`. `one`: how one of it is told; `day`: the field that a period in front of
    another one speaks of (30天内 交易金额 50万以上), if any."""

    table: Table
    one: str
    day: str = ""


RECORDS: Mapping[str, Hanging] = {
    "instalment": Hanging(instalments, "同一期", "due_on"),
    "opportunity": Hanging(opportunities, "同一个商机"),
    "transaction": Hanging(transactions, "同一笔交易", "happened_on"),
    "interaction": Hanging(interactions, "同一次互动", "happened_at"),
    "account": Hanging(accounts, "同一个账户"),
}


def is_encrypted(spec: FieldSpec) -> bool:
    """Whether the column of a field holds what SQL cannot read."""
    table = RECORDS[spec.record].table if spec.record in RECORDS else None
    return table is not None and spec.name in table.c and isinstance(table.c[spec.name].type, Sealed)


class RecordFact(Fact):
    """Something about a record that hangs on the client."""

    @property
    @abstractmethod
    def record(self) -> str:
        """Which sort of record, a key of RECORDS."""

    @abstractmethod
    def on_record(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        """The condition on a row of the record's table."""

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return on_one_record([(self, op, value)], view)


class RecordField(FieldFact, RecordFact):
    """A field of such a record."""

    @property
    def record(self) -> str:
        return self.spec.record

    def on_record(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        return test_field(self.spec, RECORDS[self.record].table, op, value, view)


@dataclass(frozen=True, slots=True)
class Overdue(RecordFact):
    """Whether an instalment was due before today and is not paid."""

    label: str = "缴费状态"
    type: str = "late"

    @property
    def record(self) -> str:
        return "instalment"

    def on_record(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        late = and_(instalments.c.state == "due", instalments.c.due_on < view.today)
        return not_(late) if op == "!=" else late


class LastContact(FieldFact):
    """By which way somebody last spoke with the client; a call that nobody took is no contact. The field is that of
    the way."""

    @property
    def label(self) -> str:
        return "上次联系方式"

    def test(self, op: Op, value: Any, view: View) -> ColumnElement[bool]:
        spoken = select(interactions.c.kind).where(
            interactions.c.client_id == clients.c.id, interactions.c.kind.in_(_TALKS),
            interactions.c.happened_at <= clients.c.last_contact_at,
        )
        latest = spoken.order_by(interactions.c.happened_at.desc(), interactions.c.id.desc()).limit(1)
        way: ColumnElement[Any] = latest.correlate(clients).scalar_subquery()
        match op:
            case "empty" | "filled":
                return way.is_(None) if op == "empty" else way.is_not(None)
            case "in":
                return way.in_(value)
            case "!=":
                return or_(way.is_(None), way != value)
        result: ColumnElement[bool] = way == value
        return result


def on_one_record(tests: Sequence[tuple[RecordFact, Op, Any]], view: View) -> ColumnElement[bool]:
    """Whether one record of the client passes all the tests, which are of one sort: any, or the one that the view is
    of. An instalment is one of a contract that is not over."""
    record = tests[0][0].record
    table = RECORDS[record].table
    asked = [fact.on_record(op, value, view) for fact, op, value in tests]
    if record == view.record:
        return func.coalesce(and_(*asked), false())
    if record == "instalment":
        alive = select(contracts.c.id).where(contracts.c.client_id == clients.c.id, is_open(view.packs))
        asked.append(instalments.c.contract_id.in_(alive.correlate(clients)))
    # Named, because the statement of a rule may have a table of this name of its own.
    return exists().where(table.c.client_id == clients.c.id, *asked).correlate(clients)
