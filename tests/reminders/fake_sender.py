"""A `Sender` that keeps what a person would see, and fails as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from reminders.sending import Outcome, Outgoing

SENT = Outcome("sent", 0, "", msgid="m", response_code="r")
NO_ANSWER = Outcome("retry", 0, "timeout")


class FakeSender:
    """Every attempt is in `tries`; `seen` leaves out bytes that WeCom's duplicate check would swallow.

    `answer` decides each outcome; `lost` says whether a message arrived although the answer did not."""

    def __init__(self) -> None:
        self.tries: list[Outgoing] = []
        self.seen: list[Outgoing] = []
        self.answer: Callable[[Outgoing], Outcome] = lambda outgoing: SENT
        self.arrives_anyway = False
        self.called = asyncio.Event()
        self.most_at_once = 0
        self._inside = 0

    async def send(self, outgoing: Outgoing) -> Outcome:
        self._inside += 1
        self.most_at_once = max(self.most_at_once, self._inside)
        await asyncio.sleep(0)
        self._inside -= 1
        self.tries.append(outgoing)
        self.called.set()
        outcome = self.answer(outgoing)
        arrived = outcome.state == "sent" or self.arrives_anyway
        if arrived and outgoing.body not in [earlier.body for earlier in self.seen]:
            self.seen.append(outgoing)
        return outcome

    def to(self, recipient: str) -> list[Any]:
        """What one person saw, as JSON, in order."""
        return [json.loads(o.body) for o in self.seen if o.recipient == recipient]

    def texts(self, recipient: str) -> list[str]:
        """The words of the texts that one person saw."""
        return [body["text"]["content"] for body in self.to(recipient) if body["msgtype"] == "text"]

    def cards(self, recipient: str) -> list[dict[str, Any]]:
        """The template cards that one person saw."""
        return [body["template_card"] for body in self.to(recipient) if body["msgtype"] == "template_card"]
