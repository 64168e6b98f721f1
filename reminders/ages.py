"""How old a client is, and whether he answers for himself."""

from __future__ import annotations

from datetime import date

from storage.model.people import Client

MAJORITY = 18


def age_on(born: date | None, day: date) -> int | None:
    """Full years; None where the birthday is not known."""
    if born is None or born.year < 1900:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(client: Client, day: date) -> bool:
    age = age_on(client.birthday, day)
    return age is not None and age < MAJORITY
