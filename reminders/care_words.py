"""What an adviser is told about texts to clients. The states are never mixed up: that there is a task, that he
confirmed it, and that WeCom confirmed it are three different sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.outgoing import Post
from reminders.quiet import STILL_HERE, Quiet
from storage.database import UnitOfWork
from storage.model.care import REASON_WORDS, UNCLEAR, ClientMessage, MessageState
from storage.model.messages import Text
from storage.model.work import CARE

_HEADS: Mapping[MessageState, str] = {
    "task_created": "已生成待发送任务，还没有发给客户。请在企业微信「群发助手」里逐条点发送：",
    "delivered": "企业微信确认已送达：",
    "failed": "没有送达：",
    "refused": "发送前又检查了一遍，没有发出：",
    "expired": "过了时限还没有在企业微信确认，任务已取消，没有发给客户：",
    "cancelled": "已取消，没有发给客户：",
}
_KF_HEADS: Mapping[MessageState, str] = {
    "sent": "已通过微信客服发出（客户看没看，企业微信不说）：",
    "failed": "微信客服没有确认送出：",
    "refused": "发送前又检查了一遍，没有发出：",
    "expired": "微信客服已不能回复，没有发出，给您建了一条待办：",
}
REFUSED_WORDS: Mapping[str, str] = {
    "opted_out": "客户已退订", "no_consent": "没有授权", "deceased": "登记了身故",
    "erased": "资料已封存", "restricted": "登记了限制联系",
    "complaint": "有投诉在处理", "claim": "有理赔在处理", "wording": "有违规用语", "empty": "文案是空的",
    "own_words": "只能用审定模板", "template": "模板已停用", "template_changed": "模板内容改过了",
    "unsuitable": "产品不适合客户", "already": "已发过或在发送中", "drafted": "草稿已在等顾问确认",
    "household": "同一家已有一位收到", "too_often": "近期消息太多", "quota": "当天已有一条群发",
    "quiet": "太晚了，等不到合适的时间", "handed_over": "客户已不在您名下", "unlinked": "没有绑定微信",
    "missing": "模板变量缺资料",
}
MOST_LINES = 20
LIVES_FOR = timedelta(hours=12)


class CareNews:
    """Collects what happened to messages in one transaction, and tells each adviser once for each kind of news."""

    def __init__(self) -> None:
        self._news: defaultdict[tuple[str, MessageState, bool], list[ClientMessage]] = defaultdict(list)

    def add(self, message: ClientMessage) -> None:
        if message.state in _heads(message):
            self._news[message.sender_id, message.state, message.route == "kf"].append(message)

    def post(self, uow: UnitOfWork, post: Post, zone: ZoneInfo) -> int:
        """Queue the messages in the same transaction, not to be heard at night; how many."""
        queued = 0
        for (sender, state, _), messages in self._news.items():
            user = uow.users.find(sender)
            if user is not None and user.active:
                first = messages[0]
                key = f"care:{first.id}:{first.version}:{state}"
                text = Text(news_words(uow, state, messages))
                awake = uow.now if _still_here(first, uow.now) else Quiet.of(user).over_at(uow.now, zone)
                queued += post.put(
                    uow, sender, text, key=key, priority=CARE, not_before=awake, expires_at=awake + LIVES_FOR
                )
        return queued


def news_words(uow: UnitOfWork, state: MessageState, messages: Sequence[ClientMessage]) -> str:
    lines = [f"· {m.client_name} {uow.packs.occasion(m.occasion).label}{_why(m)}" for m in messages[:MOST_LINES]]
    more = [f"……共 {len(messages)} 条"] if len(messages) > MOST_LINES else []
    return "\n".join([_heads(messages[0])[state], *lines, *more, *_what_now(state, messages)])


def _heads(message: ClientMessage) -> Mapping[MessageState, str]:
    return _KF_HEADS if message.route == "kf" else _HEADS


def _still_here(message: ClientMessage, now: datetime) -> bool:
    """Whether an answer was confirmed only just now: its sender need not be let sleep."""
    return message.route == "kf" and message.confirmed_at is not None and now - message.confirmed_at <= STILL_HERE


def _why(message: ClientMessage) -> str:
    if not message.reason:
        return ""
    words = REFUSED_WORDS if message.state in ("refused", "cancelled") else REASON_WORDS
    return f"（{words.get(message.reason, message.reason)}）"


def _what_now(state: MessageState, messages: Sequence[ClientMessage]) -> list[str]:
    if state == "task_created":
        return [f"不想发了：发送「取消发送 {messages[0].client_name}」。"]
    unsent = [m for m in messages if m.reason not in (UNCLEAR, "unclear", "unreadable")]
    if state in ("failed", "expired") and unsent:
        return [f"可以改为手动发：发送「手动发送 {unsent[0].client_name}」。"]
    return []
