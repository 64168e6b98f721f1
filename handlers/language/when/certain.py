"""Days that exist, and what is raised for those that do not."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

_T = TypeVar("_T")


class Impossible(Exception):
    """No such day: 2月30日, 29 February of a common year, 闰三月 in sixty years without one."""


def day_of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Impossible from None


def month_of(n: int) -> int:
    if not 1 <= n <= 12:
        raise Impossible
    return n


def sure(found: _T | None) -> _T:
    if found is None:
        raise Impossible
    return found
