"""What delivery hands to the outside world, and what it hears back.

The outbox keeps `Outgoing.body` as it was first built: every attempt sends the same bytes, because WeCom's
duplicate check compares the request JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import orjson

Call = Literal["send", "image", "paper", "update_card", "welcome"]
UPLOADED = frozenset({"image", "paper"})  # sends whose picture, or kept paper of a ticket, is uploaded first
State = Literal["sent", "retry", "refused", "blocked"]

DUPLICATE_WINDOW_SECONDS = 14_400  # WeCom's longest, four hours
# Prime, so that ids that grow in steps of 2^22 (storage.model.ids) spread over all residues as well.
_SPREAD = 3_593
_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_RECIPIENT = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to one member. `body` is the final JSON, byte-identical on every retry; `tries` counts this one."""

    id: int
    recipient: str
    call: Call
    body: bytes
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    sent     WeCom took it. `msgid` recalls it, `response_code` updates its card once.
    retry    not now, or nobody knows; the same bytes may go again, after `retry_after` seconds if given.
             With `reason` "paced" nothing was attempted: it is no failed try.
    refused  never for this message; `reason` says why.
    blocked  the whole call is closed for `retry_after` seconds (rate limit, outage, set-up fault):
             keep the queue, do not try other messages either.

    `errcode` is WeCom's, 0 when WeCom did not answer; `reason` is a short English code for logs and rows."""

    state: State
    errcode: int
    reason: str
    msgid: str = ""
    response_code: str = ""
    retry_after: float | None = None


class Sender(Protocol):
    """The way out: WeCom in service, a fake in tests."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once. Never raises for anything WeCom or the network does."""
        ...


def check_recipient(recipient: str) -> str:
    """The recipient as it is, if it is exactly one member's userid; ValueError if not.

    `touser` is a small language ("|" joins people, "@all" is everyone): this is the one place that makes
    sure a recipient built from data cannot speak it."""
    if not _RECIPIENT.fullmatch(recipient) or recipient.casefold() == "@all":
        raise ValueError("a recipient must be exactly one member's userid")
    return recipient


def build_body(
    call: Call, request: Mapping[str, Any], recipient: str, agent_id: int, unique: int
) -> bytes:
    """The final JSON of one request: canonical UTF-8, so that equal requests are equal bytes.

    `request` comes from `storage.model.messages.requests_for`; `unique` is the outbox id. Raises ValueError
    for a recipient that is not exactly one member."""
    if call == "welcome":
        check_recipient(recipient)  # whose customer it is; WeCom knows that by the code
        return canonical(request)
    body = {**request, "agentid": agent_id}
    if call == "update_card":
        body["userids"] = [check_recipient(recipient)]
    else:
        # WeCom swallows a request whose JSON it saw inside the window (path/90236). A retry must be
        # swallowed, two equal answers to two questions must not: the window's length tells them apart.
        window = DUPLICATE_WINDOW_SECONDS - unique % _SPREAD
        body |= {
            "touser": check_recipient(recipient),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": window,
        }
    return canonical(body)


def canonical(body: Mapping[str, Any]) -> bytes:
    """JSON of which equal values make equal bytes."""
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # a lone surrogate becomes "?" rather than an error
        return _sorted(body).encode("utf-8", "replace")
