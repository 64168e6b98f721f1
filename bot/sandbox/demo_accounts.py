"""Accounts of the bank's demo client: a salary that left more than twenty thousand yuan three months running.

Amounts are fixed and days relative to today, so that the row of months is full on the first of this month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from storage.database import UnitOfWork
from storage.model.accounts import Entry, first_day_of, month_number
from storage.model.people import Client

SALARY, MORTGAGE, MONTHS = 32_000, 5_300, 8
# What was spent in the full months before this one, the latest first; the fourth broke the row.
SPENT = (4_800, 3_300, 2_900, 17_600, 9_400, 14_000, 12_300, 15_000)


def write_accounts(uow: UnitOfWork, client: Client, today: date) -> None:
    """A salary account with eight months of it, and savings that only earn interest."""
    opened = today.replace(year=today.year - 6, month=3, day=12)
    salary = uow.accounts.put(
        client, "6222990012346688", "salary", balance=Decimal("128600.50"), opened_on=opened,
    )
    savings = uow.accounts.put(client, "6222990098761024", "savings", balance=Decimal(45_000), opened_on=opened)
    this = month_number(today)
    for back in range(MONTHS + 1):
        month = first_day_of(this - back)
        spent = SPENT[back - 1] if back else 2_600
        told = [entry for entry in _month(month, spent) if entry.happened_on <= today]
        uow.accounts.enter(salary, told)
        if month.month % 3 == 0 and month.replace(day=21) <= today:
            uow.accounts.enter(savings, [Entry(month.replace(day=21), Decimal("33.75"), "interest", f"{month}:i")])


def _month(month: date, spent: int) -> Iterator[Entry]:
    """Salary, mortgage, and what was spent in three parts."""
    yield Entry(month.replace(day=5), Decimal(SALARY), "salary", f"{month}:1")
    yield Entry(month.replace(day=8), Decimal(-MORTGAGE), "repayment", f"{month}:2")
    parts = (spent // 2, spent // 4, spent - spent // 2 - spent // 4)
    for number, (day, part) in enumerate(zip((3, 14, 25), parts, strict=True), 3):
        yield Entry(month.replace(day=day), Decimal(-part), "consumption", f"{month}:{number}")
