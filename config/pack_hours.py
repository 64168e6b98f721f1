"""When people work, and how long a reminder may lie before somebody else hears of it."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.pack_fields import Item, Label, Name
from config.pack_models import Category

HourOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
WorkingHoursCount = Annotated[int, Field(ge=1, le=2000)]


class Shift(Item):
    """A stretch of the working day, such as the morning; the lunch break lies between two of them."""

    name: Name
    label: Label
    begins: HourOfDay
    ends: HourOfDay

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.begins >= self.ends:
            raise ValueError("ends 要晚于 begins")
        return self

    @property
    def span(self) -> tuple[time, time]:
        return time.fromisoformat(self.begins), time.fromisoformat(self.ends)


class Escalation(Item):
    """After how many working hours an untouched reminder of a category goes to the supervisor, and after how many
    it counts as missed care (R150)."""

    name: Category
    to_manager: WorkingHoursCount
    missed: WorkingHoursCount

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if self.missed <= self.to_manager:
            raise ValueError("missed 要大于 to_manager")
        return self
