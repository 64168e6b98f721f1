"""企业群发 as delivery sees it: a task for one adviser and one customer, and what became of it.

errcode 0 of the real call means that the adviser has something to confirm, never that the customer got it, and
nothing calls back: both have to be asked for (path/92135, 93338)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

CreatedState = Literal["created", "refused", "not_asked", "unclear"]
ReceiptState = Literal[
    "waiting", "adviser_sent", "delivered", "quota", "not_friend", "gone", "cancelled", "other", "later",
]
ReplyState = Literal["done", "gone", "too_many", "later"]


@dataclass(frozen=True, slots=True)
class Created:
    """refused: it will never be (`reason` as in REASON_WORDS); not_asked: WeCom surely made none, try again after
    `retry_after` seconds; unclear: nobody knows, so the tasks must be searched before another try."""

    state: CreatedState
    msgid: str = ""
    reason: str = ""
    retry_after: float = 60.0


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is listed: not whose it is, nor for whom."""

    msgid: str
    created_at: datetime
    text: str


class GroupSends(Protocol):
    """The calls. None raises for what WeCom or the network does."""

    async def create(self, sender: str, external_userid: str, text: str) -> Created:
        """Ask for a task."""

    async def between(self, first: datetime, last: datetime) -> Sequence[Task] | None:
        """All tasks made in that time; None when WeCom does not say."""

    async def receipt(self, msgid: str, sender: str, external_userid: str) -> ReceiptState:
        """What became of a task. other: it is not this adviser's for this customer; gone: WeCom knows no such task;
        later: it cannot be said now."""

    async def nudge(self, msgid: str) -> ReplyState:
        """Have WeCom remind the adviser; three times a day at most."""

    async def cancel(self, msgid: str) -> ReplyState:
        """Take the task back. What was sent stays sent."""
