"""Customers who ask for themselves in 微信客服: who they are known to be, and what the bot answers by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

How = Literal["code", "facts"]
HOW_WORDS: Mapping[How, str] = {"code": "手机验证码", "facts": "证件后四位和生日"}
CodeState = Literal["queued", "sending", "sent", "nobody", "failed"]
ReplyState = Literal["queued", "sending", "sent", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class Binding:
    """That the person behind a WeChat has proved to be a client. It holds until `expires_at`, if nobody revokes it."""

    id: int
    external_userid: str
    client_id: int
    owner_id: str
    how: How
    bound_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often somebody failed to prove who he is, how often he asked for a code, and how often all failed."""

    failed: int
    codes: int
    failed_by_all: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was asked for. `client_id` is whose phone it goes to; None: nobody's, and nothing is sent.

    The code itself is kept nowhere: it is a keyed hash of the row's id, computed where it is sent and where it is
    checked."""

    id: int
    external_userid: str
    client_id: int | None
    created_at: datetime
    expires_at: datetime
    state: CodeState
    tries: int


@dataclass(frozen=True, slots=True)
class KfReply:
    """What the bot answers a customer by itself, on its way or at its end.

    queued → sending → sent (or failed, expired). `binding_id`: it tells of the client, so the binding must still hold
    when it leaves. `to_person`: the customer waits for a human all the same. `welcome_code`: it is the welcome of a
    session, and answers no message. `key`: what it is about, said once. `said_at` is the message that it answers."""

    id: int
    key: str
    open_kfid: str
    external_userid: str
    talk_id: int | None
    client_id: int | None
    owner_id: str | None
    binding_id: int | None
    to_person: bool
    welcome_code: str
    text: str
    state: ReplyState
    reason: str
    msgid: str
    said_at: datetime
    created_at: datetime
    look_at: datetime | None
    tries: int
    tried_at: datetime | None = None
    sent_at: datetime | None = None
