"""A client's score, made of parts that each say why: what is on record of credit, of what is owed, of what is left of
the months. The packs weigh the parts (`advice.yaml`). It is computed when it is asked for, so it is never stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from storage.database import UnitOfWork
from storage.model.accounts import month_number
from storage.model.contracts import Contract
from storage.model.people import Client
from storage.model.values import money_text

BASE, LEAST, MOST = 60, 0, 100
DEBTS = frozenset({"loan", "lease"})
LOOK_BACK = 6  # months
_OFTEN, _SELDOM = 4, 1  # months with a surplus among them
_MOST_OVERDUE = 3
_GRADES: Mapping[str, int] = {"AAA": 1, "AA": 1, "A": 1, "BBB": 0, "BB": -1, "B": -1, "C": -1, "D": -1}
_REPORTS: Mapping[str, int] = {"正常": 1, "关注": -1, "不良": -2}


@dataclass(frozen=True, slots=True)
class Reason:
    """One part: what is on record, and the points it gives or takes."""

    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """`points` from 0 to 100; without a reason nothing is on record that could be scored."""

    points: int
    reasons: tuple[Reason, ...]


# How often a part's weight counts, and what is on record; None where nothing is.
Told = tuple[int, str] | None


def score_of(uow: UnitOfWork, client: Client, today: date) -> Score:
    """The score of a client in scope, of what the actor's role may see."""
    reasons = []
    for part in uow.packs.scores:
        told = _PARTS[part.id](uow, client, today) if part.weight else None
        if told is not None:
            reasons.append(Reason(told[1], told[0] * part.weight))
    total = BASE + sum(reason.points for reason in reasons)
    return Score(max(LEAST, min(MOST, total)), tuple(reasons))


def owed(contracts: list[Contract], uow: UnitOfWork) -> Decimal:
    """What is still owed of loans and leases in force, in yuan."""
    alive = [c for c in contracts if c.kind in DEBTS and c.state in uow.packs.kind(c.kind).open_states]
    return sum((c.balance if c.balance is not None else c.amount or Decimal(0) for c in alive), Decimal(0))


def seen(uow: UnitOfWork, client: Client, name: str) -> str | None:
    """A field's value where it is declared, filled in and not kept from the actor's role."""
    if f"client.{name}" not in uow.packs.paths:
        return None
    spec, value = uow.packs.field("client", name), client.value(name)
    return str(value) if value and uow.dictionary.may(uow.actor.role, "see", spec) else None


def _grade(uow: UnitOfWork, client: Client, today: date) -> Told:
    grade = seen(uow, client, "credit_grade")
    return None if grade is None else (_GRADES.get(grade, 0), f"信用等级 {grade}")


def _report(uow: UnitOfWork, client: Client, today: date) -> Told:
    grade = seen(uow, client, "credit_report_grade")
    return None if grade is None else (_REPORTS.get(grade, 0), f"征信{grade}")


def _overdue(uow: UnitOfWork, client: Client, today: date) -> Told:
    own = [c.id for c in _owned(uow, client) if c.state in uow.packs.kind(c.kind).open_states]
    parts = uow.contracts.instalments(own) if own else []
    if not parts:
        return None
    late = sum(part.is_overdue(today) for part in parts)
    return (-min(late, _MOST_OVERDUE), f"{late} 期逾期") if late else (1, "没有逾期")


def _surplus(uow: UnitOfWork, client: Client, today: date) -> Told:
    nets = surplus_by_month(uow, client, today, LOOK_BACK)
    if not nets:
        return None
    left = sum(net > 0 for net in nets.values())
    return int(left >= _OFTEN) - int(left <= _SELDOM), f"近 {LOOK_BACK} 个月有 {left} 个月账户有结余"


def surplus_by_month(uow: UnitOfWork, client: Client, today: date, months: int) -> dict[int, Decimal]:
    """What was left of each of the last full months on the client's accounts in yuan."""
    own = [a.id for a in uow.accounts.of_client(client.id) if a.state == "open" and a.currency == "CNY"]
    this, nets = month_number(today), dict[int, Decimal]()
    for each in uow.accounts.months(own, this - months) if own else ():
        if each.month < this:
            nets[each.month] = nets.get(each.month, Decimal(0)) + each.net
    return nets


def _debts(uow: UnitOfWork, client: Client, today: date) -> Told:
    sum_ = owed(_owned(uow, client), uow)
    if client.aum is None or seen(uow, client, "aum") is None:
        return None
    if not sum_:
        return 1, "没有登记负债"
    words = f"负债 {money_text(sum_)}，管理资产 {money_text(client.aum)}"
    return int(sum_ <= client.aum) - int(sum_ > client.aum * 2), words


def _owned(uow: UnitOfWork, client: Client) -> list[Contract]:
    return [c for c in uow.contracts.of_client(client.id) if c.client_id == client.id]


_PARTS: Mapping[str, Callable[[UnitOfWork, Client, date], Told]] = {
    "grade": _grade, "report": _report, "overdue": _overdue, "surplus": _surplus, "debts": _debts,
}
