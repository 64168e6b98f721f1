"""The calls of 微信客服 that the product makes, as values: reading by cursor, answering, and the welcome.

Implemented over WeCom by `bot.wecom.kf`; the tests put the fake behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from storage.model.kf import Said

TEXT_BYTES = 2048  # of an answer; WeCom cuts what is longer
Row = TypeVar("Row")
PageState = Literal["read", "token_late", "withdrawn", "later"]
AnswerState = Literal["sent", "closed", "refused", "not_asked", "unclear"]


@dataclass(frozen=True, slots=True)
class Page:
    """What was read. With `more` the next page follows, also after an empty one.

    token_late: the bell's token is not taken any more, read without; withdrawn: the account is not ours to read;
    later: WeCom did not say, after `retry_after` seconds again."""

    state: PageState
    said: Sequence[Said] = ()
    cursor: str = ""
    more: bool = False
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one attempt to answer.

    sent       WeCom took it (or had taken it under this id before)
    closed     the window is over, `reason` kf_late, kf_count or kf_state
    refused    never for this text or customer; `reason` says why
    not_asked  nothing reached WeCom; after `retry_after` seconds again
    unclear    it may have; the same id may be tried again"""

    state: AnswerState
    reason: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one attempt to give a talk to whoever serves customers in WeCom's own tool.

    moved      he has it; `servicer_id` where WeCom named somebody, who may be another
    refused    not he, or not now; `reason` says why
    not_asked  nothing reached WeCom; after `retry_after` seconds again
    unclear    it may have"""

    state: Literal["moved", "refused", "not_asked", "unclear"]
    reason: str = ""
    servicer_id: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Leaving(Generic[Row]):
    """A text whose intent is written in its row, and how it leaves: as an answer, or as the welcome of a session."""

    row: Row
    open_kfid: str
    external_userid: str
    msgid: str
    text: str
    welcome_code: str = ""


class KfLine(Protocol):
    """The way to 微信客服. Never raises for anything WeCom or the network does."""

    async def read(self, open_kfid: str, cursor: str, token: str) -> Page:
        """The next messages of an account behind `cursor` ("" for the first three days WeCom still has)."""

    async def answer(self, open_kfid: str, external_userid: str, msgid: str, text: str) -> Answered:
        """Send a text under an id of ours, which WeCom takes once."""

    async def move(self, open_kfid: str, external_userid: str, servicer_id: str) -> Moved:
        """Let a member serve the customer from now on in WeCom's own tool, unless somebody does already."""

    async def welcome(self, code: str, msgid: str, text: str) -> Answered:
        """Send the welcome of a session under an id of ours; WeCom takes one within 20 seconds."""
