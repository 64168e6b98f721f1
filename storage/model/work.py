"""What advisers do and what falls due: contacts, reminders, messages waiting in the in- and outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

ReminderState = Literal["open", "done", "dismissed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Interaction:
    """One contact with a client on the time line. `text` is encrypted at rest."""

    id: int
    client_id: int
    owner_id: str
    author_id: str
    kind: str
    happened_at: datetime
    text: str
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to do for somebody. Made by a rule under a unique `key`, or by hand (`rule` "manual").

    `due_on` is the day of the fact (the renewal, the birthday); `remind_at` the instant from which it is
    shown, or pushed on its own when `timed`. A snooze moves `remind_at`; a hand-over `receiver_id`.
    `text`, `result` and `reason` are people's words, encrypted at rest; `cause` is a word of ours."""

    id: int
    key: str
    rule: str
    category: str
    receiver_id: str
    owner_id: str
    client_id: int | None
    object_type: str
    object_id: int | None
    due_on: date
    offset_days: int
    remind_at: datetime
    weight: int
    state: ReminderState = "open"
    timed: bool = False
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    result: str | None = None
    reason: str | None = None
    cause: str | None = None
    done_at: datetime | None = None
    pushed_at: datetime | None = None
    escalated_at: datetime | None = None
    snoozed: int = 0
    version: int = 1
    client_name: str = ""

    @property
    def waits_since(self) -> datetime:
        """From when it waits for its receiver: when it was first shown, or came to him by a hand-over."""
        handed = self.data.get("handed_at")
        return max(self.remind_at, datetime.fromisoformat(handed)) if handed else self.remind_at


@dataclass(frozen=True, slots=True)
class Step:
    """So much of a reminder as says what it is about, and how it stands to others."""

    id: int
    rule: str
    category: str
    receiver_id: str
    object_type: str
    object_id: int | None
    due_on: date
    offset_days: int
    weight: int


class NextStep(NamedTuple):
    """What a client's card says of what is to be done next: a person's own words, or what sort of thing it is."""

    remind_at: datetime
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A callback kept before it was acknowledged. `body` is the decrypted XML."""

    id: int
    key: str
    sender: str
    kind: str
    body: str
    received_at: datetime
    tries: int
    lease_owner: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message on its way. `body` is the final JSON, sent byte for byte on every try.
    `call` is "send", "image" or "update_card"."""

    id: int
    key: str
    recipient: str
    call: str
    body: bytes
    priority: int
    tries: int
    created_at: datetime
    first_tried_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardAction:
    """What a button means: an opaque key bound to one person, one action, one object, until it expires."""

    key: str
    task_id: str
    user_id: str
    action: str
    args: Mapping[str, Any]
    expires_at: datetime
    used_at: datetime | None = None


# Outbox priorities: lower goes first. A welcome has twenty seconds.
WELCOME = 5
REPLY, DUE, DIGEST, CARE = 10, 20, 30, 40
