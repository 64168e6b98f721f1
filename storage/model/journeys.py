"""A client's way through a journey: where it began, whether it goes on, and what ended it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

JourneyState = Literal["running", "stopped", "finished"]
Origin = Literal["client", "contract", "campaign", "hand"]
Why = Literal[
    "bought", "opted_out", "complaint", "claim", "restricted", "deceased", "lost", "left", "skipped", "retired",
]

STATE_WORDS: Mapping[JourneyState, str] = {"running": "进行中", "stopped": "已停止", "finished": "已走完"}
WHY_WORDS: Mapping[Why, str] = {
    "bought": "客户已签新合同", "opted_out": "客户已退订", "complaint": "客户有投诉在处理", "claim": "客户有理赔在处理",
    "restricted": "客户限制联系", "deceased": "客户已故或注销", "lost": "客户已流失", "left": "手动退出",
    "skipped": "顾问没有群发给他", "retired": "旅程已停用或从业务包里去掉",
}
ORIGIN_WORDS: Mapping[Origin, str] = {
    "client": "建档后自动加入", "contract": "按合同自动加入", "campaign": "群发时加入", "hand": "手动加入",
}


def cause_of(why: Why) -> str:
    """What open steps say when the journey ended: at most 40 characters."""
    return f"旅程停止：{WHY_WORDS[why]}"


@dataclass(frozen=True, slots=True)
class JourneyRun:
    """One entry of a client into a journey. `since`: what was bought after it ends it. `why` and `ended_at` of one
    that goes on no more; `reason`: what a person said about it, sealed at rest."""

    id: int
    key: str
    journey: str
    client_id: int
    owner_id: str
    origin: Origin
    origin_id: int | None
    entered_on: date
    since: datetime
    state: JourneyState
    why: Why | None
    reason: str
    ended_at: datetime | None
    entered_by: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StepMade:
    """A step that came due for a client: `rule` is the journey's and the step's id, `state` that of its reminder."""

    rule: str
    state: str
    remind_at: datetime
    receiver_id: str
    client_id: int
    reason: str = ""

    def fate(self, midnight: datetime) -> str:
        """done, skipped (somebody said that it is not needed), missed (its day was over at midnight and nobody did it),
        or open."""
        if self.state == "open":
            return "missed" if self.remind_at < midnight else "open"
        return "skipped" if self.state == "dismissed" else self.state
