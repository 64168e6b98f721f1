"""企业群发 over WeCom's API (path/92135, 93338, 97610, 97611)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable
from reminders.group_sends import Created, ReceiptState, ReplyState, Task

log = structlog.get_logger(__name__)

TEXT_BYTES = 4000  # of `text.content` (path/92135)
MOST_PAGES = 200  # of the tasks of a quarter of an hour
_NOT_SENT, _SENT, _NOT_A_FRIEND, _GOT_ANOTHER = 0, 1, 2, 3
_RESULTS: Mapping[int, ReceiptState] = {
    _NOT_SENT: "adviser_sent", _SENT: "delivered", _NOT_A_FRIEND: "not_friend", _GOT_ANOTHER: "quota",
}
_NOBODY = {Do.DROP_RECEIVER, Do.RELATION_LOST, Do.CLOSE}
_UNKNOWN_TASK, _CANCELLED, _TOO_MANY = (41046, 41047), 41093, 41094


class WeComGroupSends:
    """The `GroupSends` that the product uses in service."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client

    async def create(self, sender: str, external_userid: str, text: str) -> Created:
        """A sender without customers would mean all of them: such a request is never built."""
        if not sender or not external_userid:
            raise ValueError("a task needs its adviser and its customer")
        if len(text.encode()) > TEXT_BYTES:
            return Created("refused", reason="too_long")
        body = {
            "chat_type": "single", "external_userid": [external_userid], "sender": sender, "text": {"content": text},
        }
        try:
            answer = await self._client.call("POST", "externalcontact/add_msg_template", json=body)
        except CallFailed as error:
            return _not_created(error)
        except Unreachable as error:
            log.warning("group_send.unclear", api=error.api, reason=error.reason)
            return Created("not_asked" if error.api == "gettoken" else "unclear")
        if external_userid in (answer.get("fail_list") or ()):
            return Created("refused", reason="nobody")
        return Created("created", str(answer.get("msgid") or ""))

    async def between(self, first: datetime, last: datetime) -> Sequence[Task] | None:
        body = {
            "chat_type": "single", "start_time": int(first.timestamp()), "end_time": int(last.timestamp()) + 1,
            "filter_type": 2, "limit": 100,
        }
        found: list[Task] = []
        cursor = ""
        for _page in range(MOST_PAGES):
            answer = await self._ask("get_groupmsg_list_v2", {**body, "cursor": cursor})
            if isinstance(answer, int):
                return None
            found += [_task(row) for row in answer.get("group_msg_list") or []]
            cursor = str(answer.get("next_cursor") or "")
            if not cursor:
                return found
        return None

    async def receipt(self, msgid: str, sender: str, external_userid: str) -> ReceiptState:
        task = await self._ask("get_groupmsg_task", {"msgid": msgid, "limit": 1000})
        if isinstance(task, int):
            return _unanswered(task)
        status = next((t["status"] for t in task.get("task_list") or [] if _same(t.get("userid"), sender)), None)
        if status is None:
            return "other"
        rows = await self._ask("get_groupmsg_send_result", {"msgid": msgid, "userid": sender, "limit": 1000})
        if isinstance(rows, int):
            return _unanswered(rows)
        result = next(
            (r["status"] for r in rows.get("send_list") or [] if r.get("external_userid") == external_userid), None
        )
        if result is None:
            return "other"
        return "waiting" if status != 2 else _RESULTS.get(result, "later")

    async def nudge(self, msgid: str) -> ReplyState:
        return await self._order("remind_groupmsg_send", msgid)

    async def cancel(self, msgid: str) -> ReplyState:
        return await self._order("cancel_groupmsg_send", msgid)

    async def _order(self, name: str, msgid: str) -> ReplyState:
        answer = await self._ask(name, {"msgid": msgid})
        if not isinstance(answer, int):
            return "done"
        if answer in (*_UNKNOWN_TASK, _CANCELLED):
            return "gone"
        return "too_many" if answer == _TOO_MANY else "later"

    async def _ask(self, name: str, body: Mapping[str, Any]) -> dict[str, Any] | int:
        """WeCom's answer, or its errcode; -1 where there was none."""
        try:
            return await self._client.call("POST", f"externalcontact/{name}", json=dict(body))
        except CallFailed as error:
            return error.errcode
        except Unreachable:
            return -1


def _not_created(error: CallFailed) -> Created:
    if isinstance(error, Misconfigured | ApiBlocked):
        return Created("not_asked", retry_after=error.retry_after)
    match error.rule.do:
        case Do.RETRY:
            return Created("unclear")
        case Do.TOKEN | Do.SLOW | Do.LIMIT | Do.TOMORROW:
            return Created("not_asked")
        case Do.CONTENT:
            return Created("refused", reason="content")
        case do:
            return Created("refused", reason="nobody" if do in _NOBODY else "request")


def _unanswered(errcode: int) -> ReceiptState:
    if errcode in _UNKNOWN_TASK:
        return "gone"
    return "cancelled" if errcode == _CANCELLED else "later"


def _task(row: Mapping[str, Any]) -> Task:
    made = datetime.fromtimestamp(int(row.get("create_time") or 0), UTC)
    return Task(str(row.get("msgid") or ""), made, str((row.get("text") or {}).get("content") or ""))


def _same(one: object, other: str) -> bool:
    return str(one).casefold() == other.casefold()
