"""What the gate is asked, and what speaks against a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from config.pack import Packs
from storage.model.care import ClientMessage, Route
from storage.model.people import Client

Kind = Literal["refuse", "ask", "wait"]
REPLY = "reply"  # the occasion of answers in 微信客服


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing against a message. `words` say what it is, `advice` what the adviser can do.

    refuse: no; ask: the adviser may decide for it, `code` by `code`; wait: not before `until`."""

    code: str
    kind: Kind
    words: str
    advice: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The message in question. `template` "" and `own` for the adviser's words; `overrides` are the codes of reasons
    that the adviser was asked about and decided; `message_id` is its row in the ledger once it has one. `answers`: when
    the client wrote, in 微信客服, what the text answers."""

    client: Client
    occasion: str
    purpose: str
    text: str
    route: Route
    template: str = ""
    template_version: str = ""
    own: bool = False
    overrides: frozenset[str] = frozenset()
    message_id: int | None = None
    answers: datetime | None = None

    @staticmethod
    def about(
        packs: Packs, client: Client, occasion: str, text: str, route: Route, *, template: str = "",
        template_version: str = "", own: bool = False, overrides: frozenset[str] = frozenset(),
    ) -> Asked:
        """A text for an occasion; the occasion says what it is for."""
        purpose = packs.occasion(occasion).purpose
        return Asked(client, occasion, purpose, text, route, template, template_version, own, overrides)

    @staticmethod
    def answer(client: Client, text: str, said_at: datetime) -> Asked:
        """A member's own words to what the client wrote: a service that he asks for, and no marketing."""
        return Asked(client, REPLY, "service", text, "kf", own=True, answers=said_at)

    @staticmethod
    def of(message: ClientMessage, client: Client) -> Asked:
        """A row of the ledger, asked about again."""
        return Asked(
            client, message.occasion, message.purpose, message.text, message.route, message.template,
            message.template_version, message.own, frozenset(message.overrides), message.id,
        )
