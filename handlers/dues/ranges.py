"""Which days a due list speaks of: always forward from today, unless the words say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.context import Context
from handlers.language import Meaning, When
from storage.model.errors import Invalid

FAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days

    def __str__(self) -> str:
        return f"{self.first:%m-%d} 至 {self.last:%m-%d}" if self.first != self.last else f"{self.first:%m-%d}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def days_of(ctx: Context, meaning: Meaning, usual: int) -> Days:
    """The days said, else the next `usual` ones. Raises Invalid for days that do not exist."""
    said = meaning.get("range")
    if not isinstance(said, When):
        return Days(ctx.today, ctx.today + timedelta(days=usual))
    if said.problem == "impossible":
        raise Invalid(f"没有「{said.text or said.start}」这一天，请核对日期。")
    if said.mod == "after":
        return Days(said.date, said.date + FAR)
    if said.deadline or said.mod == "before":
        last = said.last_date
        return Days(min(ctx.today, last), last)
    return Days(said.date, said.last_date)
