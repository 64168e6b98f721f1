"""How what was said leaves: a reply at once, what others are told when they are awake, each as long as it is of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from reminders.outgoing import Post
from reminders.quiet import STILL_HERE, Quiet
from reminders.sending import check_recipient
from storage.database import UnitOfWork
from storage.model.messages import Message, Text, Welcome
from storage.model.people import User
from storage.model.work import REPLY, WELCOME, InboxRow

log = structlog.get_logger(__name__)

NOBODY = ("", "sys")  # senders of what no member sent
WELCOME_WITHIN = timedelta(seconds=18)  # WeCom gives 20 (path/92137)
REPLY_LIVES = timedelta(days=1)
LETTER_LIVES = timedelta(days=3)


class Answers:
    """Queues replies, letters and news of one handled message in its own unit of work."""

    def __init__(self, post: Post, zone: ZoneInfo) -> None:
        self._post, self._zone = post, zone

    def reply(self, uow: UnitOfWork, row: InboxRow, messages: Sequence[Message]) -> None:
        """To whoever asked: he is awake."""
        if messages and not is_member(row.sender):
            log.warning("inbox.sender_unaddressable", inbox_id=row.id)
            return
        for number, message in enumerate(messages):
            self._post.put(
                uow, row.sender, message, key=f"re:{row.id}:{number}", priority=REPLY,
                expires_at=uow.now + REPLY_LIVES,
            )

    def tell(self, uow: UnitOfWork, row: InboxRow, letters: Sequence[tuple[str, Message]]) -> str:
        """To colleagues, when their night is over; who gets it later, in words for whoever wrote ("" for nobody)."""
        later: dict[str, datetime] = {}
        for number, (recipient, message) in enumerate(letters):
            user = uow.users.find(recipient)
            at = self._awake(uow, user) if user else uow.now
            if user is not None and at > uow.now:
                later[user.name] = at
            self._post.put(
                uow, recipient, message, key=f"letter:{row.id}:{number}", priority=REPLY, not_before=at,
                expires_at=at + LETTER_LIVES,
            )
        return self._told_later(later)

    def news(self, uow: UnitOfWork, row: InboxRow, user: User, messages: Sequence[Message]) -> None:
        """To the member whom an event concerns that he did not cause. A welcome goes to the customer, and at once."""
        for number, message in enumerate(messages):
            key = f"re:{row.id}:{number}"
            if isinstance(message, Welcome):
                ends = row.received_at + WELCOME_WITHIN
                self._post.put(uow, user.id, message, key=key, priority=WELCOME, expires_at=ends)
            else:
                at = self._awake(uow, user)
                self._post.put(
                    uow, user.id, message, key=key, priority=REPLY, not_before=at, expires_at=at + LETTER_LIVES
                )

    def sorry(self, uow: UnitOfWork, row: InboxRow, number: str) -> None:
        """A fault of ours, under the number that the log holds. A key of its own: released by ops, the message must
        still be able to answer under `re:`."""
        if is_member(row.sender):
            words = Text(f"系统出错了，已记录（编号 {number}），请稍后再试。")
            self._post.put(uow, row.sender, words, key=f"fault:{row.id}:{number}", priority=REPLY)

    def _awake(self, uow: UnitOfWork, user: User) -> datetime:
        """Now, for who is at his phone anyway, else when his night is over."""
        at = Quiet.of(user).over_at(uow.now, self._zone)
        return uow.now if at > uow.now and uow.conversations.goes_on(user.id, uow.now - STILL_HERE) else at

    def _told_later(self, later: Mapping[str, datetime]) -> str:
        if not later:
            return ""
        first = min(later.values()).astimezone(self._zone)
        return f"（{'、'.join(later)} 现在免打扰，{first:%m-%d %H:%M} 起收到。）"


def behind(messages: Sequence[Message], words: str) -> list[Message]:
    """The messages with words behind the last, or as one more."""
    if not words:
        return list(messages)
    if messages and isinstance(last := messages[-1], Text):
        return [*messages[:-1], Text(f"{last.content}\n{words}")]
    return [*messages, Text(words)]


def is_nobody(sender: str) -> bool:
    """Whether no member sent it; what WeCom says of a member or account waits in a queue of its own (sys:lixiang)."""
    return sender in NOBODY or sender.startswith("sys:")


def is_member(sender: str) -> bool:
    """Whether an answer can be addressed to the sender: the door lets any text pass for a userid."""
    if is_nobody(sender):
        return False
    try:
        check_recipient(sender)
    except ValueError:
        return False
    return True
