"""企业群发 of the fake WeCom: tasks that advisers confirm, and what then reaches customers.

Rules: developer.work.weixin.qq.com/document/path/92135, 93338, 97610, 97611. A customer takes one group message a
day; a task can be asked about once it is dispatched, a minute after it was made."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.sandbox.app_api import OK
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.qyapi import Answer, Call

DISPATCHED_AFTER = timedelta(seconds=60)
NUDGES_A_DAY = 3
LONGEST_SPAN = timedelta(days=31)
LATE_BY = timedelta(minutes=4)
NOT_SENT, SENT, NOT_A_FRIEND, GOT_ANOTHER = 0, 1, 2, 3
CHINA = timezone(timedelta(hours=8))


@dataclass
class GroupMessage:
    """A group-send task (企业群发): nothing reaches a customer before the adviser confirms it."""

    msgid: str
    sender: str
    external_userids: list[str]
    content: dict[str, Any]
    created_at: datetime
    sent_at: datetime | None = None
    cancelled: bool = False
    results: dict[str, int] = field(default_factory=dict)
    nudges: list[datetime] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str((self.content.get("text") or {}).get("content") or "")


Audience = Callable[[dict[str, Any]], tuple[str, list[str], list[str]]]
IsFriend = Callable[[str, str], bool]
OnTask = Callable[[GroupMessage], None]
OnDelivered = Callable[[GroupMessage, str], None]


class GroupSendApi:
    """`audience` reads a request to (sender, ids to send to, ids that cannot be); `on_task` is told of every task
    that is new or changed, `on_delivered` of each customer that one has reached."""

    def __init__(
        self, audience: Audience, is_friend: IsFriend, faults: Faults, on_task: OnTask, on_delivered: OnDelivered
    ) -> None:
        self.tasks: dict[str, GroupMessage] = {}
        self._audience, self._is_friend, self._faults = audience, is_friend, faults
        self._on_task, self._on_delivered = on_task, on_delivered
        self._reached: set[tuple[str, date]] = set()
        self._late: list[tuple[datetime, Call]] = []

    # ------------------------------------------------------------ what the people do

    def confirm(self, msgid: str, now: datetime) -> GroupMessage:
        """The adviser presses 发送 in 群发助手. Raises KeyError for an unknown task, LookupError when it is over."""
        self._ripen(now)
        task = self.tasks[msgid]
        if task.sent_at is not None or task.cancelled:
            raise LookupError("这条群发已经发过或取消了。")
        task.sent_at = now
        day = now.astimezone(CHINA).date()
        for external in task.external_userids:
            task.results[external] = self._deliver(task, external, day)
        self._on_task(task)
        return task

    def _deliver(self, task: GroupMessage, external: str, day: date) -> int:
        if not self._is_friend(task.sender, external):
            return NOT_A_FRIEND
        if (external, day) in self._reached or self._faults.quota_used:
            return GOT_ANOTHER
        self._reached.add((external, day))
        self._on_delivered(task, external)
        return SENT

    # ------------------------------------------------------------ the calls

    def add_msg_template(self, call: Call) -> Answer:
        self._ripen(call.now)
        first = self._make(call)
        if self._faults.takes("twice"):
            self._make(call)
        return first

    def late(self, call: Call) -> None:
        """The request was taken and nobody heard of it; the task is made some minutes later."""
        self._late.append((call.now + LATE_BY, call))

    def _make(self, call: Call) -> dict[str, Any]:
        body = call.body
        text, attachments = (body.get("text") or {}).get("content") or "", body.get("attachments") or []
        if not text and not attachments:
            raise ApiError(41048 if not body else 40063, "text or attachments")
        if len(str(text).encode()) > 4000:
            raise ApiError(45002)
        sender, targets, failed = self._audience(body)
        if not targets:
            raise ApiError(41048)
        content = {"text": body.get("text") or {}, "attachments": attachments}
        task = GroupMessage("msg" + secrets.token_urlsafe(21), sender, targets, content, call.now)
        self.tasks[task.msgid] = task
        self._on_task(task)
        return OK | {"fail_list": failed, "msgid": task.msgid}

    def get_groupmsg_list_v2(self, call: Call) -> Answer:
        self._ripen(call.now)
        body = call.body
        if body.get("chat_type") not in ("single", "group"):
            raise ApiError(40058, "chat_type")
        first, last = int(body.get("start_time") or 0), int(body.get("end_time") or 0)
        if not 0 < first <= last or last - first > LONGEST_SPAN.total_seconds():
            raise ApiError(40058, "start_time")
        found = [
            {
                "msgid": t.msgid, "create_time": int(t.created_at.timestamp()), "create_type": 0,
                "text": t.content["text"], "attachments": t.content["attachments"],
            }
            for t in self.tasks.values() if first <= int(t.created_at.timestamp()) <= last
        ]
        start, size = int(body.get("cursor") or 0), min(max(int(body.get("limit") or 50), 1), 100)
        following = str(start + size) if start + size < len(found) else ""
        return OK | {"next_cursor": following, "group_msg_list": found[start:start + size]}

    def get_groupmsg_task(self, call: Call) -> Answer:
        task = self._asked_about(call)
        row: dict[str, Any] = {"userid": task.sender, "status": 2 if task.sent_at else 0}
        if task.sent_at:
            row["send_time"] = int(task.sent_at.timestamp())
        return OK | {"next_cursor": "", "task_list": [row]}

    def get_groupmsg_send_result(self, call: Call) -> Answer:
        task = self._asked_about(call)
        if str(call.body.get("userid") or "").casefold() != task.sender.casefold():
            raise ApiError(40058, "userid")
        rows = []
        for external in task.external_userids:
            row = {"external_userid": external, "userid": task.sender,
                   "status": task.results.get(external, NOT_SENT)}
            if task.sent_at and row["status"] == SENT:
                row["send_time"] = int(task.sent_at.timestamp())
            rows.append(row)
        return OK | {"next_cursor": "", "send_list": rows}

    def remind_groupmsg_send(self, call: Call) -> Answer:
        task = self._alive(call)
        task.nudges = [at for at in task.nudges if call.now - at < timedelta(hours=24)]
        if len(task.nudges) >= NUDGES_A_DAY:
            raise ApiError(41094)
        task.nudges.append(call.now)
        self._on_task(task)
        return dict(OK)

    def cancel_groupmsg_send(self, call: Call) -> Answer:
        task = self._alive(call)
        if task.sent_at is None:
            task.cancelled = True
            self._on_task(task)
        return dict(OK)

    # ------------------------------------------------------------ inside

    def _ripen(self, now: datetime) -> None:
        due = [(at, call) for at, call in self._late if at <= now]
        self._late = [(at, call) for at, call in self._late if at > now]
        for at, call in due:
            self._make(Call(call.path, call.query, at, call.raw, call.body))

    def _task(self, call: Call) -> GroupMessage:
        self._ripen(call.now)
        msgid = str(call.body.get("msgid") or "")
        if not msgid:
            raise ApiError(41046)
        if msgid not in self.tasks:
            raise ApiError(41047)
        return self.tasks[msgid]

    def _asked_about(self, call: Call) -> GroupMessage:
        task = self._task(call)
        if call.now - task.created_at < DISPATCHED_AFTER and task.sent_at is None:
            raise ApiError(41063)
        return task

    def _alive(self, call: Call) -> GroupMessage:
        task = self._task(call)
        if task.cancelled:
            raise ApiError(41093)
        return task
