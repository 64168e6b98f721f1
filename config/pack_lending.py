"""What a pack says about lending: how dear a loan may be, and how debtors may be contacted.

Rules of the authorities change: a cap is data with the day from which it counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.pack_care import NEVER_FROM, NEVER_UNTIL, Hour
from config.pack_fields import Item, Label, Name
from config.pack_flows import Who

RuleText = Annotated[str, Field(min_length=1, max_length=60)]


class RateCap(Item):
    """The annual cost of a loan, fees included, may be `percent` at most from the day `since` on. `rule` is how people
    call the rule that says so."""

    name: Name
    label: Label
    percent: Annotated[Decimal, Field(gt=0, le=100)]
    since: date
    rule: RuleText


class ContactRules(Item):
    """When and how often a debtor may be contacted; nobody else than he and his guarantors ever may."""

    name: Literal["debtors"] = "debtors"
    since: Hour = NEVER_UNTIL
    until: Hour = NEVER_FROM
    a_day: Annotated[int, Field(ge=1, le=20)] = 3
    hours_rule: RuleText = "催收时间"
    times_rule: RuleText = "催收次数"
    others_rule: RuleText = "不得联系第三人"

    @model_validator(mode="after")
    def _leaves_the_night_alone(self) -> Self:
        if self.since < NEVER_UNTIL or self.until > NEVER_FROM or self.since >= self.until:
            raise ValueError(f"{NEVER_FROM} 到次日 {NEVER_UNTIL} 不得催收：since 不能更早，until 不能更晚")
        return self


class Bucket(Item):
    """Debts from `days` days overdue on, until the next bucket begins; `to` is who works on them."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+]{0,9}$")]
    label: Label
    days: Annotated[int, Field(ge=1, le=3650)]
    to: Who
