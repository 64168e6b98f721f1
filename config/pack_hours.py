"""When people work, when the product speaks by itself, and how long a reminder may lie before somebody else hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from config.pack_fields import Item, Label, Name
from config.pack_models import Category

HourOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
# Within which hours a push makes sense, whoever sets it.
PUSHED_BETWEEN: Mapping[str, tuple[time, time]] = {
    "brief": (time(6), time(12)), **dict.fromkeys(("digest", "weekly", "monthly"), (time(6), time(21))),
}
UserId = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
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


class Push(Item):
    """At what hour something comes by itself, to whoever set no hour of his own."""

    name: Literal["brief", "digest"]
    label: Label
    at: HourOfDay

    @model_validator(mode="after")
    def _by_day(self) -> Self:
        first, last = PUSHED_BETWEEN[self.name]
        if not first <= self.clock <= last:
            raise ValueError(f"{self.label}的 at 要在 {first:%H:%M} 到 {last:%H:%M} 之间")
        return self

    @property
    def clock(self) -> time:
        return time.fromisoformat(self.at)


class Receivers(Item):
    """Who else gets the digest or a report of every team whose figures he may see: people of these roles, and these
    members. Who may not see a team gets nothing of it, whatever is written here."""

    name: Literal["digest", "weekly", "monthly"]
    roles: Annotated[tuple[Literal["manager", "compliance"], ...], Field(max_length=2)] = ()
    users: Annotated[tuple[UserId, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.roles and not self.users:
            raise ValueError("roles（角色）和 users（成员账号）至少写一个")
        return self


class Limit(Item):
    """Within how many working hours something is to be decided: an approval, of which who is asked hears again after
    half of them, or whether an adviser accepts a client."""

    name: Literal["approval", "accept"]
    label: Label
    hours: WorkingHoursCount


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
