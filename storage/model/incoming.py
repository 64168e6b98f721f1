"""Messages in, as values: what WeCom's callbacks say, typed; made by `bot.events` from what `bot.codec` decrypts.
Fields keep WeCom's meaning (developer.work.weixin.qq.com/document/path/90239 and 90240)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Incoming:
    """Anything that came in through the callback.

    `sender` is the member's userid, case-folded ("sys" for system events, "" when there is none);
    `raw` is the decrypted XML as a nested dict (repeated elements are lists)."""

    sender: str
    created_at: datetime
    agent_id: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextMessage(Incoming):
    msg_id: str
    content: str


@dataclass(frozen=True, slots=True)
class MediaMessage(Incoming):
    """image, voice, video or file. WeCom gives no transcript of a voice message."""

    msg_id: str
    kind: str
    media_id: str


@dataclass(frozen=True, slots=True)
class LocationMessage(Incoming):
    msg_id: str
    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class LinkMessage(Incoming):
    msg_id: str
    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class MenuClick(Incoming):
    """A tap on the app's menu; `key` is what the menu definition says."""

    key: str


@dataclass(frozen=True, slots=True)
class CardClick(Incoming):
    """A tap on a template card. `response_code` updates the card once within 72 hours;
    `selections` maps question keys to the chosen option ids."""

    key: str
    task_id: str
    card_type: str
    response_code: str
    selections: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event(Incoming):
    """Any other event, by its lower-case name and change type ("" when it has none), e.g.
    ("change_external_contact", "add_external_contact"), ("enter_agent", "")."""

    event: str
    change_type: str = ""


@dataclass(frozen=True, slots=True)
class Unknown(Incoming):
    """A message or event this version does not know. Kept and acknowledged."""

    kind: str
