"""Messages to clients: who is whose customer in WeCom, the ledger of what was sent, and campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Route = Literal["task", "hand", "kf"]
# drafted → queued → creating → task_created → adviser_sent → delivered; by hand: by_hand → told_sent; by 微信客服:
# queued → sending → sent. No two of them are one in words: see `STATE_WORDS`.
MessageState = Literal[
    "drafted", "queued", "creating", "task_created", "adviser_sent", "delivered", "failed", "refused", "expired",
    "cancelled", "by_hand", "told_sent", "sending", "sent",
]
STATE_WORDS: Mapping[str, str] = {
    "drafted": "草稿，等顾问确认",
    "queued": "待生成群发任务",
    "creating": "正在生成群发任务",
    "task_created": "已生成任务，等顾问在企业微信确认",
    "adviser_sent": "顾问已在企业微信确认，等企业微信回执",
    "delivered": "企业微信确认已送达",
    "failed": "没有送达",
    "refused": "发送前检查没有通过",
    "expired": "过期没有发出",
    "cancelled": "已取消",
    "by_hand": "等顾问手动发送",
    "told_sent": "顾问称已发送",
    "sending": "正在通过微信客服发送",
    "sent": "已通过微信客服发出",
}
WAITING: tuple[MessageState, ...] = ("queued", "creating", "task_created", "adviser_sent", "sending")
# What may have reached the client, or still may: a second text must not follow.
LIVE: tuple[MessageState, ...] = (*WAITING, "delivered", "by_hand", "told_sent", "sent")
UNCLEAR = "kf_unclear"  # an answer in 微信客服 of which nobody can say whether it was sent
REASON_WORDS: Mapping[str, str] = {
    "erased": "客户要求删除资料，已封存",
    "quota": "客户当天已收到过别的群发消息",
    "not_friend": "客户已不是好友",
    "nobody": "企业微信不接受这位客户（不是好友，或没有权限）",
    "content": "内容被企业微信拦截",
    "too_long": "文案太长（企业微信最多 4000 字节）",
    "request": "企业微信不接受这条请求",
    "unclear": "企业微信一直没有说清有没有生成任务，客户可能已经收到，再发以前请先在企业微信里看一下",
    "gone": "任务在企业微信里已不存在",
    "unlinked": "没有绑定客户的微信",
    "unreadable": "保存的文案读不出来，请重新起草",
    "kf_late": "离客户上次留言已超过 48 小时，微信客服不能再回复",
    "kf_count": "客户上次留言以后已回复 5 条，微信客服不能再回复",
    "kf_state": "会话已结束，或正由企业微信里的人工接待",
    "kf_refused": "客户不接收这个客服账号的消息",
    "kf_failed": "企业微信没有送到",
    UNCLEAR: "企业微信没有回音，客户可能已经收到，再发以前请先在企业微信里看一下",
}

ContactState = Literal["new", "unmatched", "linked", "lost", "kf"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One member's side of a customer relation in WeCom (path/92114); `client_id` once it is known who that is.

    state: new (not looked up yet), unmatched (looked up, nobody found), linked, lost; kf: known by what he wrote to
    微信客服, and nobody's friend. `nickname` is what WeCom
    shows of the customer. `lost_by`: client, adviser or pull (noticed when comparing)."""

    id: int
    user_id: str
    external_userid: str
    client_id: int | None
    owner_id: str | None
    nickname: str
    state: ContactState
    how: str
    added_at: datetime
    lost_at: datetime | None = None
    lost_by: str = ""
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """One text to one client, on its way or at its end: a row of the ledger.

    `key` is used once: client, occasion and day, and the number of the attempt. `overrides` are what the adviser
    was asked and decided. `talk_id`: the talk of 微信客服 that it answers in. `tried_at` is the intent: written before
    WeCom is asked for a task, so that after an unclear outcome the tasks since then can be searched. `alone_at`: when
    WeCom's list was seen to hold no second task of it. `wanted` is cancelled or expired while WeCom must still be
    asked. Instants: created, confirmed (by the adviser to us), task (WeCom has it), sent (adviser in WeCom), done."""

    id: int
    key: str
    client_id: int
    owner_id: str
    sender_id: str
    purpose: str
    occasion: str
    template: str
    template_version: str
    own: bool
    text: str
    route: Route
    state: MessageState
    external_userid: str | None
    msgid: str | None
    reminder_id: int | None
    campaign_id: int | None
    overrides: tuple[str, ...]
    created_at: datetime
    not_before: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
    tried_at: datetime | None = None
    tries: int = 0
    alone_at: datetime | None = None
    look_at: datetime | None = None
    nudged: int = 0
    nudged_at: datetime | None = None
    wanted: str = ""
    reason: str = ""
    task_at: datetime | None = None
    sent_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 1
    client_name: str = ""
    talk_id: int | None = None

    @property
    def words(self) -> str:
        """Where it stands, for people."""
        if self.reason == "restored":
            return "数据库从备份恢复过，不知道有没有发出，不再自动发"
        said = "待通过微信客服发送" if (self.route, self.state) == ("kf", "queued") else STATE_WORDS[self.state]
        if self.reason and (self.state == "failed" or (self.route, self.state) == ("kf", "expired")):
            return f"{said}：{REASON_WORDS.get(self.reason, self.reason)}"
        if self.wanted == "cancelled":
            return f"{said}（正在取消）"
        return said


@dataclass(frozen=True, slots=True)
class Campaign:
    """One text to the clients of a segment: `chosen` of them; `left_out` counts by reason whom it passed over."""

    id: int
    user_id: str
    name: str
    template: str
    template_version: str
    occasion: str
    segment: str
    chosen: int
    left_out: Mapping[str, int]
    created_at: datetime
