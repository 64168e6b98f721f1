"""What a pack says about messages to clients: purposes, occasions, the rhythm, and days on which to write."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.pack_fields import Item, Label, Name

Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Dispute = Literal["allow", "ask", "refuse"]
# No client is written to from 22:00 to 08:00, whatever a pack says.
NEVER_FROM, NEVER_UNTIL = "22:00", "08:00"


class Purpose(Item):
    """What clients are written to for; consent is given by purpose (PIPL art. 14).

    `in_dispute`: while a complaint or claim is open, send, ask the adviser first, or refuse. `approved_only`: the
    adviser's own words will not do."""

    name: Name
    label: Label
    needs_consent: bool = True
    in_dispute: Dispute = "ask"
    approved_only: bool = False


class Occasion(Item):
    """Why a client is written to. `per_household`: relatives of one family count as one receiver.

    `repeats_after`: days of the calendar before the same client may be written to for the same occasion again."""

    name: Name
    label: Label
    purpose: Name = "care"
    per_household: bool = False
    repeats_after: Annotated[int, Field(ge=1, le=366)] = 1


class Rhythm(Item):
    """How often and when clients are written to, counted over all occasions, rules and advisers.

    `expires_after`: hours that a task waits for the adviser in WeCom. `nudge_after`: hours until he is nudged."""

    name: Literal["clients"] = "clients"
    quiet_from: Hour = "21:00"
    quiet_until: Hour = "08:30"
    at_most: Annotated[int, Field(ge=1, le=30)] = 3
    within_days: Annotated[int, Field(ge=1, le=90)] = 7
    expires_after: Annotated[int, Field(ge=1, le=240)] = 48
    nudge_after: Annotated[int, Field(ge=1, le=48)] = 4

    @model_validator(mode="after")
    def _leaves_the_night_alone(self) -> Self:
        if self.quiet_from > NEVER_FROM or self.quiet_until < NEVER_UNTIL or self.quiet_from <= self.quiet_until:
            night = f"客户 {NEVER_FROM} 到次日 {NEVER_UNTIL} 不得打扰"
            raise ValueError(f"{night}：quiet_from 不能更晚，quiet_until 不能更早")
        return self


class CareDate(Item):
    """A day on which advisers are offered a text for many clients: a festival, or content of the week.

    Just one of `solar` and `lunar` (month * 100 + day) or `weekday` (1 Monday … 7 Sunday) says when. `where` narrows
    the clients down, in the language of 筛选. `templates` take turns by week or year."""

    id: Name
    label: Label
    templates: Annotated[tuple[Name, ...], Field(min_length=1, max_length=60)]
    solar: Annotated[int, Field(ge=101, le=1231)] | None = None
    lunar: Annotated[int, Field(ge=101, le=1230)] | None = None
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    where: Annotated[str, Field(max_length=300)] = ""
    hour: Hour = "09:10"
    enabled: bool = True

    @model_validator(mode="after")
    def _has_one_day(self) -> Self:
        if [self.solar, self.lunar, self.weekday].count(None) != 2:
            raise ValueError("solar、lunar、weekday 要写一个，而且只能写一个")
        return self


