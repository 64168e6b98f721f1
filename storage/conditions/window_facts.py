"""How many records of a sort a client has in the last days: 90天投诉2次, 一年内买基金2笔."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement

from storage.conditions.contract_facts import Shelf, of_sort
from storage.conditions.counting import Window, counted_for
from storage.conditions.facts import COMPARE, Fact, Op, View
from storage.model.periods import Period
from storage.tables import clients

Sort = Literal["contact", "contract", "late_payment", "referral"]
# The field that a reader must be allowed to see, to count records of a sort.
COUNTS_BY: dict[Sort, str] = {
    "contact": "interaction.kind", "contract": "contract.kind", "late_payment": "instalment.due_on",
    "referral": "client.referrer",
}


@dataclass(frozen=True, slots=True)
class Doing:
    """A sort of record and what one of it is called: 投诉 by 次. `shelf`: of contracts, which ones."""

    word: str
    unit: str
    of: Sort
    kinds: tuple[str, ...] = ()
    shelf: Shelf | None = None


@dataclass(frozen=True, slots=True)
class HowOften(Fact):
    """How many of a sort there were in a period that ends today. The value is (what, period, number)."""

    of: Sort
    label: str = "次数"
    type: str = "count"

    def test(self, op: Op, value: tuple[Doing, Period, int], view: View) -> ColumnElement[bool]:
        result: ColumnElement[bool] = COMPARE[op](self.measure(value, view), value[2])
        return result

    def measure(self, value: tuple[Doing, Period, int], view: View) -> ColumnElement[Any]:
        """The number itself, as SQL on a row of `clients`."""
        doing, period, _ = value
        first = period.before(view.today) + timedelta(days=1)
        many = counted_for(doing, clients.c.id, Window(view.midnight(first), first, view.today))
        many = many.where(of_sort(doing.shelf)) if doing.shelf is not None else many
        return many.correlate(clients).scalar_subquery()
