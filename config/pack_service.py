"""What a pack says about customers who ask for themselves in 微信客服: how they prove who they are, and in which words
they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.pack_fields import Item
from config.pack_text import MissingVariable, render, variables_in

Word = Annotated[str, Field(min_length=1, max_length=40)]

# What the bot says to customers, and the variables that each may use.
REPLIES: Mapping[str, frozenset[str]] = {
    "welcome": frozenset({"company"}),
    "greeting": frozenset({"company"}),
    "thanks": frozenset(),
    "help": frozenset(),
    "not_understood": frozenset(),
    "to_person": frozenset(),
    "to_manager": frozenset(),
    "prove": frozenset(),
    "prove_by_facts": frozenset(),
    "code_sent": frozenset({"minutes"}),
    "no_codes": frozenset(),
    "not_proved": frozenset(),
    "locked": frozenset({"hours"}),
    "proved": frozenset({"days"}),
    "minor": frozenset(),
    "nothing_found": frozenset({"what"}),
    "claim_howto": frozenset(),
    "claim_judged": frozenset(),
    "claim_reported": frozenset(),
    "claim_papers": frozenset({"papers"}),
    "claim_status": frozenset(),
    "closed": frozenset({"when"}),
    "paper": frozenset({"paper", "number", "missing"}),
    "paper_failed": frozenset({"paper", "number", "why"}),
    "cancelled": frozenset(),
    "coverage": frozenset(),
    "complained": frozenset(),
    "complaint_dropped": frozenset(),
    "complaint_over": frozenset({"number", "state"}),
    "complaint_none": frozenset(),
    "ticket": frozenset({"number"}),
    "no_ticket": frozenset(),
    "others": frozenset(),
    "surrender": frozenset(),
    "prepay": frozenset(),
    "update": frozenset(),
    "appointment": frozenset({"when"}),
    "appointment_when": frozenset(),
    "product": frozenset({"facts"}),
    "product_which": frozenset(),
    "advice": frozenset(),
    "risk_notice": frozenset(),
    "document": frozenset(),
    "assessment_invited": frozenset({"name", "count"}),
    "assessment_begun": frozenset({"name"}),
    "assessment_left": frozenset({"name"}),
    "assessment_done": frozenset({"name", "result"}),
    "opted_out": frozenset(),
    "opted_in": frozenset(),
    "privacy_summary": frozenset({"summary"}),
    "privacy_delete": frozenset(),
    "erasure_none": frozenset(),
    "erasure_open": frozenset({"number", "day", "state"}),
    "erasure_done": frozenset({"number", "day"}),
    "erasure_ended": frozenset({"number", "day", "state"}),
    "rate": frozenset(),
    "rated": frozenset(),
    "rated_low": frozenset(),
    "suggestion": frozenset(),
    "not_text": frozenset(),
}


class Reply(Item):
    """Words of the bot to customers."""

    name: str
    text: Annotated[str, Field(min_length=1, max_length=600)]

    @model_validator(mode="after")
    def _is_used_so(self) -> Self:
        if self.name not in REPLIES:
            raise ValueError(f"没有「{self.name}」这一句，可以写：{'、'.join(REPLIES)}")
        allowed = REPLIES[self.name]
        if unknown := [name for name in variables_in(self.text) if name not in allowed]:
            raise ValueError(f"这一句没有变量「{unknown[0]}」，可用：{'、'.join(sorted(allowed)) or '（无）'}")
        return self

    def render(self, **values: str) -> str:
        try:
            return render(self.text, values)
        except MissingVariable as missing:
            raise ValueError(f"reply {self.name} lacks {missing.names}") from missing


class Identity(Item):
    """How customers prove who they are, and how often they may try.

    `tries` failures within `lock_hours` keep one out until the oldest of them is so old; `tries_of_all` within an hour
    keep everybody out. A binding holds for `binding_days`."""

    name: Literal["customers"] = "customers"
    binding_days: Annotated[int, Field(ge=1, le=365)] = 30
    code_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    tries: Annotated[int, Field(ge=1, le=10)] = 5
    lock_hours: Annotated[int, Field(ge=1, le=72)] = 2
    codes: Annotated[int, Field(ge=1, le=20)] = 5
    tries_of_all: Annotated[int, Field(ge=10, le=10000)] = 200


class Subject(Item):
    """Words upon which a person answers and not the bot, whatever else is said."""

    name: Literal["risky", "regulators", "suggestion"]
    words: Annotated[tuple[Word, ...], Field(min_length=1, max_length=100)]
