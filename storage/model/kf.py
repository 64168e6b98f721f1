"""微信客服 (customer service of WeCom, "kf" in its API): what customers write to the firm, and how long it may answer.

Rules of WeCom: developer.work.weixin.qq.com/document/path/94670 (reading), 94677 (answering)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

WINDOW = timedelta(hours=48)  # since the customer's last message
MOST_ANSWERS = 5  # to it

Origin = Literal["customer", "system", "staff"]
HeardState = Literal["new", "done", "parked"]

KIND_WORDS: Mapping[str, str] = {
    "image": "图片", "voice": "语音", "video": "视频", "file": "文件", "location": "位置", "link": "链接",
    "business_card": "名片", "miniprogram": "小程序", "recalled": "已撤回的消息", "private": "核实身份",
}


@dataclass(frozen=True, slots=True)
class KfAccount:
    """A customer service account while one process reads from it (`lease_owner`).

    `cursor` is how far it was read. `token` came with the last bell and is good for ten minutes from `token_at`.
    `bells` counts the bells heard, so that one that rings during a reading is not missed."""

    open_kfid: str
    cursor: str
    token: str
    token_at: datetime | None
    bells: int
    lease_owner: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message or event as WeCom gives it. `data` holds the ids of an event (fail_msgid, fail_type, recall_msgid,
    welcome_code, change_type) or of a file (media_id)."""

    msgid: str
    external_userid: str
    origin: Origin
    kind: str
    text: str
    said_at: datetime
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """A row of what was read. state: new (nobody was told yet), done, parked (telling failed again and again).

    `client_id` is who it was when it was told; the text's numbers are masked."""

    id: int
    open_kfid: str
    msgid: str
    external_userid: str
    client_id: int | None
    owner_id: str | None
    origin: Origin
    kind: str
    text: str
    said_at: datetime
    data: Mapping[str, str]
    state: HeardState
    tries: int

    @property
    def words(self) -> str:
        """What a person reads of it."""
        return self.text or f"[{KIND_WORDS.get(self.kind, '其他消息')}]"


@dataclass(frozen=True, slots=True)
class Talk:
    """A customer's talk with one account; `client_id` is who he is known to be. `said_at`: his last message."""

    id: int
    open_kfid: str
    external_userid: str
    client_id: int | None
    owner_id: str | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A talk that is to be served by a person in WeCom's own tool. Each try counts."""

    talk: Talk
    servicer_id: str
    tries: int


@dataclass(frozen=True, slots=True)
class KfWindow:
    """Until when, and how often, the customer may be answered."""

    said_at: datetime
    answered: int

    @property
    def until(self) -> datetime:
        return self.said_at + WINDOW

    @property
    def left(self) -> int:
        return max(0, MOST_ANSWERS - self.answered)

    def closed(self, now: datetime) -> str:
        """Why nothing can be sent now: kf_late, kf_count; "" while something can."""
        if now >= self.until:
            return "kf_late"
        return "" if self.left else "kf_count"
