"""What a pack may declare about figures: what each means, what warns that a client may leave, what speaks for one who
may buy more, when reports come."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from config.pack_fields import Item, Label, Name

# Figures that the product can compute, each in one place (`reminders.figures`).
Computed = Literal[
    "aum", "aum_change", "calls", "claims", "client_count", "complaint_rate", "complaints", "conversion", "deals",
    "follow_ups", "followup_rate", "loss_rate", "lost_clients", "missed_care", "new_clients", "overdue_count",
    "payments", "policy_count", "premium", "referral_conversion", "referral_rate", "referrals", "reminder_uptake",
    "reminders_done", "reminders_fired", "renewal_rate", "renewals_done", "renewals_due", "response_time", "retention",
    "satisfaction", "silent_clients", "suggestion_uptake", "tickets", "tier_accuracy", "tier_downs", "tier_ups",
    "usage_rate", "vip_activity", "visits",
]
COMPUTED: frozenset[str] = frozenset(get_args(Computed))
Unit = Literal["位", "份", "次", "笔", "件", "元", "%", "小时"]


class Metric(Item):
    """A figure: its words and its one definition.

    One that cannot be computed has no definition; it says what is `missing` and names the `nearest` that can be.
    A figure of `now` has no span; one with `days` is of the last so many days where no span was said."""

    id: Name
    label: Label
    synonyms: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = ()
    definition: Annotated[str, Field(max_length=120)] = ""
    unit: Unit = "位"
    now: bool = False
    days: Annotated[int, Field(ge=0, le=366)] = 0
    missing: Annotated[str, Field(max_length=40)] = ""
    nearest: str = ""

    @model_validator(mode="after")
    def _computed_or_not(self) -> Self:
        if bool(self.definition) == bool(self.nearest):
            raise ValueError("能算的写 definition（口径），算不了的写 missing 和 nearest（最接近的指标），两者选一")
        if self.definition and self.id not in COMPUTED:
            raise ValueError(f"「{self.id}」系统不会算，请改写 missing 和 nearest")
        if self.nearest and not self.missing:
            raise ValueError("算不了的指标要写 missing：缺什么数据")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        return (self.label, *self.synonyms)


class Signal(Item):
    """Something that warns of losing a client, and how much it weighs (0 switches it off).

    `days` is how far back it looks; `percent` and `least` (yuan) say from what drop of assets on it counts."""

    id: Literal["silence", "assets_drop", "overdue", "lost_policy", "at_risk"]
    label: Label
    weight: Annotated[int, Field(ge=0, le=100)]
    days: Annotated[int, Field(ge=1, le=366)] = 90
    percent: Annotated[int, Field(ge=1, le=100)] = 20
    least: Annotated[int, Field(ge=0)] = 0


class Potential(Item):
    """Something that speaks for a client who may buy more, or against (below 0): who satisfies `when`, a condition as
    in 筛选, gets `weight` points (0 switches it off). `label` is the reason that is shown."""

    id: Name
    label: Label
    when: Annotated[str, Field(min_length=1, max_length=200)]
    weight: Annotated[int, Field(ge=-100, le=100)]


class Report(Item):
    """When a team's report comes by itself: `day` is 1 (Monday) to 7 of a week, 1 to 28 of a month."""

    id: Literal["weekly", "monthly"]
    label: Label
    day: Annotated[int, Field(ge=1, le=28)]
    hour: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    enabled: bool = True

    @model_validator(mode="after")
    def _a_day_of_the_week(self) -> Self:
        if self.id == "weekly" and self.day > 7:
            raise ValueError("周报的 day 是 1（周一）到 7（周日）")
        return self
