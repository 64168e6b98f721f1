"""微信客服 over WeCom's API: kf/sync_msg (path/94670), kf/send_msg (path/94677), kf/service_state (path/94669)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import structlog

from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable
from reminders.kf_line import Answered, Moved, Page
from storage.model.kf import Origin, Said

log = structlog.get_logger(__name__)

PAGE = 1000
_TOKEN_LATE, _NO_ACCOUNT, _TAKEN = 95007, (95000, 95004), 95033
_ORIGINS: Mapping[int, Origin] = {3: "customer", 4: "system", 5: "staff"}
_CLOSED: Mapping[int, str] = {
    95001: "kf_count", 95002: "kf_late", 95018: "kf_state", 95031: "kf_state", 95013: "kf_state", 95016: "kf_state",
}
_HUMAN, _OUT_OF_RANGE = 3, 60030
_NOBODY = (Do.DROP_RECEIVER, Do.RELATION_LOST)
_IDS = ("fail_msgid", "fail_type", "recall_msgid", "welcome_code", "change_type", "media_id")
_LONGEST_ID, _LONGEST_CODE = 64, 128


class WeComKf:
    """`KfLine` over the API."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client

    async def read(self, open_kfid: str, cursor: str, token: str) -> Page:
        body = {"open_kfid": open_kfid, "cursor": cursor, "limit": PAGE, **({"token": token} if token else {})}
        try:
            answer = await self._client.call("POST", "kf/sync_msg", json=body)
        except CallFailed as error:
            if error.errcode == _TOKEN_LATE and token:
                return Page("token_late")
            if error.errcode in _NO_ACCOUNT:
                return Page("withdrawn")
            return Page("later", retry_after=_pause(error))
        except Unreachable:
            return Page("later")
        said = [one for row in answer.get("msg_list") or [] if (one := _said(row)) is not None]
        following = str(answer.get("next_cursor") or cursor)
        if len(following) > _LONGEST_ID:
            log.error("kf.cursor_too_long", account=open_kfid, length=len(following))
            return Page("later")
        return Page("read", said, following, bool(answer.get("has_more")))

    async def answer(self, open_kfid: str, external_userid: str, msgid: str, text: str) -> Answered:
        return await self._send("kf/send_msg", {"touser": external_userid, "open_kfid": open_kfid}, msgid, text)

    async def welcome(self, code: str, msgid: str, text: str) -> Answered:
        return await self._send("kf/send_msg_on_event", {"code": code}, msgid, text)

    async def move(self, open_kfid: str, external_userid: str, servicer_id: str) -> Moved:
        whom, asked = {"open_kfid": open_kfid, "external_userid": external_userid}, False
        try:
            stands = await self._client.call("POST", "kf/service_state/get", json=whom)
            if stands.get("service_state") == _HUMAN:
                return Moved("moved", servicer_id=str(stands.get("servicer_userid") or ""))
            asked, to = True, {"service_state": _HUMAN, "servicer_userid": servicer_id}
            await self._client.call("POST", "kf/service_state/trans", json={**whom, **to})
        except CallFailed as error:
            return _not_moved(error)
        except Unreachable as error:
            log.warning("kf.move_unclear", reason=error.reason)
            return Moved("unclear" if asked else "not_asked")
        return Moved("moved", servicer_id=servicer_id)

    async def _send(self, path: str, whom: Mapping[str, str], msgid: str, text: str) -> Answered:
        body = {**whom, "msgid": msgid, "msgtype": "text", "text": {"content": text}}
        try:
            await self._client.call("POST", path, json=body)
        except CallFailed as error:
            return _not_sent(error)
        except Unreachable as error:
            log.warning("kf.unclear", reason=error.reason)
            return Answered("not_asked" if error.api == "gettoken" else "unclear")
        return Answered("sent")


def _not_sent(error: CallFailed) -> Answered:
    if error.errcode == _TAKEN:
        return Answered("sent")
    if error.errcode in _CLOSED:
        return Answered("closed", _CLOSED[error.errcode])
    if isinstance(error, Misconfigured | ApiBlocked):
        return Answered("not_asked", retry_after=error.retry_after)
    match error.rule.do:
        case Do.RETRY:
            return Answered("unclear")
        case Do.TOKEN | Do.SLOW | Do.RATE:
            return Answered("not_asked")
        case Do.CONTENT:
            return Answered("refused", "content")
        case do:
            return Answered("refused", "nobody" if do in _NOBODY else "request")


def _not_moved(error: CallFailed) -> Moved:
    if isinstance(error, Misconfigured | ApiBlocked) and error.errcode != _OUT_OF_RANGE:
        return Moved("not_asked", retry_after=error.retry_after)
    match error.rule.do:
        case Do.RETRY:
            return Moved("unclear")
        case Do.TOKEN | Do.SLOW | Do.RATE:
            return Moved("not_asked")
        case _:
            return Moved("refused", error.rule.reason)


def _pause(error: CallFailed) -> float:
    return error.retry_after if isinstance(error, Misconfigured | ApiBlocked) else 0.0


# ---------------------------------------------------------------- reading what WeCom gives


def _said(row: object) -> Said | None:
    """A row of msg_list; None for one that cannot be kept (no id, nobody's), which is logged."""
    if not isinstance(row, Mapping):
        log.error("kf.row_unreadable", got=type(row).__name__)
        return None
    kind = str(row.get("msgtype") or "")
    inside = row.get(kind)
    body: Mapping[str, Any] = inside if isinstance(inside, Mapping) else {}
    # Of an event, the customer stands inside.
    external = str(row.get("external_userid") or body.get("external_userid") or "")
    msgid = str(row.get("msgid") or "")
    if kind == "event":
        kind = f"event:{body.get('event_type') or ''}"
    if not 0 < len(msgid) <= _LONGEST_ID or len(external) > _LONGEST_ID:
        log.error("kf.row_without_id", kind=kind[:32])
        return None
    text = str(body.get("content") or "") if kind == "text" else ""
    return Said(
        msgid, external, _origin(row.get("origin")), kind[:32], text,
        _instant(row.get("send_time")), {k: str(body[k])[:_LONGEST_CODE] for k in _IDS if body.get(k)},
    )


def _origin(number: object) -> Origin:
    fallback: Literal["system"] = "system"
    return _ORIGINS.get(number, fallback) if isinstance(number, int) else fallback


def _instant(seconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
