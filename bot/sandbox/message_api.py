"""message/send, update_template_card and recall, with the limits nobody tells you about.

Rules: developer.work.weixin.qq.com/document/path/90236, 94888, 94867; limits path/90312."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.answered import Answered
from bot.sandbox.card_rules import can_be_updated, check_card
from bot.sandbox.chats import TEXT_BYTES, Chats, Seen
from bot.sandbox.corp import Corp, Directory
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.qyapi import Answer, Call, Upload

PER_MINUTE, PER_HOUR = 30, 1000
RESPONSE_CODE_LIFE = timedelta(hours=72)
RECALL_WITHIN = timedelta(hours=24)
KINDS = {
    "text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown",
    "miniprogram_notice", "template_card",
}
WITH_MEDIA = {"image", "voice", "video", "file"}


@dataclass(frozen=True)
class Dropped:
    """A message that WeCom took with errcode 0 and showed to nobody. `why`: limit or fault."""

    userid: str
    at: datetime
    kind: str
    body: dict[str, Any]
    why: str


@dataclass
class _ResponseCode:
    msgid: str
    until: datetime
    used: bool = False


class Limits:
    """30 messages a minute and 1,000 an hour to one member; beyond that they vanish without an error."""

    def __init__(self) -> None:
        self._sent: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def allows(self, userid: str, now: datetime) -> bool:
        sent = self._sent[userid.casefold()]
        while sent and not now - timedelta(hours=1) < sent[0] <= now:
            sent.popleft()
        last_minute = sum(1 for at in sent if at > now - timedelta(minutes=1))
        if len(sent) >= PER_HOUR or last_minute >= PER_MINUTE:
            return False
        sent.append(now)
        return True


class MessageApi:
    """Sends to members and redraws cards."""

    def __init__(
        self, corp: Corp, directory: Directory, chats: Chats, faults: Faults,
        *, has_callback: Callable[[], bool], find_media: Callable[[str, datetime], Upload], answered: Answered,
    ) -> None:
        self.dropped: list[Dropped] = []
        self.duplicates_swallowed: list[dict[str, Any]] = []
        self._corp = corp
        self._directory = directory
        self._chats = chats
        self._faults = faults
        self._has_callback = has_callback
        self._find_media = find_media
        self._limits = Limits()
        self._answered = answered
        self._task_ids: set[str] = set()
        self._codes: dict[str, _ResponseCode] = {}
        self._sent_at: dict[str, datetime] = {}

    # ------------------------------------------------------------ message/send

    def send(self, call: Call) -> Answer:
        body = call.body
        self._check_agent(body)
        key = hashlib.sha256(call.raw).hexdigest()
        if earlier := self._same_request(key, body, call.now):
            self.duplicates_swallowed.append(body)
            return {**earlier, "_note": "duplicate"}
        receivers, unknown = self._receivers(body)
        kind, content = self._content(body, call.now)
        answer = self._deliver(receivers, kind, content, call.now)
        if unknown:
            answer["invaliduser"] = "|".join(unknown)
        self._answered.keep(key, call.now, dict(answer))
        return answer

    def _check_agent(self, body: dict[str, Any]) -> None:
        agent = body.get("agentid")
        if agent is None:
            raise ApiError(41011)
        if str(agent) != str(self._corp.agent_id):
            raise ApiError(301002)

    def _same_request(self, key: str, body: dict[str, Any], now: datetime) -> dict[str, Any] | None:
        before = self._answered.get(key)
        if body.get("enable_duplicate_check") != 1 or before is None:
            return None
        interval = min(int(body.get("duplicate_check_interval") or 1800), 14400)
        at, answer = before
        fresh = timedelta(0) <= now - at < timedelta(seconds=interval)
        return dict(answer) if fresh else None

    def _receivers(self, body: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Userids to show it to, and the unknown ones in lower case. 82001 none named, 81013 none valid."""
        users, parties = str(body.get("touser") or ""), str(body.get("toparty") or "")
        if not users and not parties and not body.get("totag"):
            raise ApiError(82001)
        if users == "@all":
            return [m.userid for m in self._directory.members.values()], []
        names = [u for u in users.split("|") if u][:1000]
        found = {m.userid: None for m in map(self._directory.find, names) if m}
        for party in [p for p in parties.split("|") if p.isdigit()][:100]:
            found.update({m.userid: None for m in self._directory.within(int(party), below=True)})
        if not found:
            raise ApiError(81013)
        return list(found), [u.lower() for u in names if self._directory.find(u) is None]

    def _content(self, body: dict[str, Any], now: datetime) -> tuple[str, dict[str, Any]]:
        kind = str(body.get("msgtype") or "")
        if kind not in KINDS:
            raise ApiError(40008)
        content = body.get(kind)
        if not isinstance(content, dict):
            raise ApiError(44004 if kind == "text" else 40063)
        if kind in {"text", "markdown"}:
            content = {**content, "content": _words(kind, content)}
        if kind in WITH_MEDIA:
            upload = self._find_media(str(content.get("media_id") or ""), now)
            content = {**content, "label": f"[文件] {upload.filename}"} if kind == "file" else content
        if kind == "template_card":
            self._check_new_card(content)
        return kind, content

    def _check_new_card(self, card: dict[str, Any]) -> None:
        if can_be_updated(card) and not self._has_callback():
            raise ApiError(43012)
        check_card(card)
        task_id = str(card.get("task_id") or "")
        if task_id and task_id in self._task_ids:
            raise ApiError(42014, "taskid has existed")
        self._task_ids.add(task_id)

    def _deliver(self, userids: list[str], kind: str, body: dict[str, Any], now: datetime) -> dict[str, Any]:
        msgid = secrets.token_urlsafe(36)
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "msgid": msgid}
        code = ""
        if kind == "template_card" and can_be_updated(body):
            code = answer["response_code"] = self.new_response_code(msgid, now)
        self._sent_at[msgid] = now
        for userid in userids:
            why = self._why_not(userid, now)
            if why:
                self.dropped.append(Dropped(userid, now, kind, body, why))
                answer["_note"] = "dropped"
            else:
                self._chats.show(userid, now, kind, body, msgid=msgid, response_code=code)
        return answer

    def _why_not(self, userid: str, now: datetime) -> str:
        if self._faults.drop:
            return "fault"
        return "" if self._limits.allows(userid, now) else "limit"

    # ------------------------------------------------------------ cards that change

    def new_response_code(self, msgid: str, now: datetime) -> str:
        """A code that redraws the card of `msgid` once within 72 hours."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _ResponseCode(msgid, now + RESPONSE_CODE_LIFE)
        return code

    def update_template_card(self, call: Call) -> Answer:
        body = call.body
        self._check_agent(body)
        code = self._codes.get(str(body.get("response_code") or ""))
        if code is None or code.used or call.now >= code.until:
            raise ApiError(60140)
        bubbles, unknown = self._targets(body, code.msgid)
        card, greyed = _change(body)
        code.used = True
        for bubble in bubbles:
            self._chats.redraw(bubble, card, greyed)
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        return answer | ({"invaliduser": unknown} if unknown else {})

    def _targets(self, body: dict[str, Any], msgid: str) -> tuple[list[Seen], list[str]]:
        everyone = self._chats.sent_as(msgid)
        if body.get("atall") == 1:
            return everyone, []
        wanted = [str(u) for u in body.get("userids") or []]
        for party in body.get("partyids") or []:
            wanted += [m.userid for m in self._directory.within(int(party), below=True)]
        if not wanted:
            raise ApiError(82101)
        folded = {u.casefold() for u in wanted}
        found = [b for b in everyone if b.userid.casefold() in folded]
        if not found:
            raise ApiError(82102)
        return found, [u.lower() for u in wanted if self._directory.find(u) is None]

    def recall(self, call: Call) -> Answer:
        msgid = str(call.body.get("msgid") or "")
        if msgid not in self._sent_at:
            raise ApiError(40058, "msgid")
        if call.now - self._sent_at[msgid] > RECALL_WITHIN:
            raise ApiError(42052)
        for bubble in self._chats.sent_as(msgid):
            self._chats.recall(bubble)
        return {"errcode": 0, "errmsg": "ok"}


def _words(kind: str, content: dict[str, Any]) -> str:
    """Text of at most 2,048 bytes. Text is cut silently; markdown beyond it is refused."""
    words = str(content.get("content") or "")
    if not words:
        raise ApiError(44004)
    if kind == "markdown" and len(words.encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return words.encode()[:TEXT_BYTES].decode(errors="ignore")


def _change(body: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The new card, or the words for its dead button."""
    card = body.get("template_card")
    if isinstance(card, dict):
        check_card(card, update=True)
        return card, ""
    greyed = str((body.get("button") or {}).get("replace_name") or "")
    if not greyed:
        raise ApiError(40063, "button.replace_name or template_card")
    return None, greyed
