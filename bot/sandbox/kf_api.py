"""微信客服 (kf) of the fake WeCom: accounts that customers write to, reading by cursor, and answers in the window.

Rules: developer.work.weixin.qq.com/document/path/94670 (kf/sync_msg), 94677 (kf/send_msg), 94669 (states), 95122
(kf/send_msg_on_event)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.app_api import OK
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.qyapi import Answer, Call
from storage.model.ids import new_id
from storage.model.kf import MOST_ANSWERS, WINDOW

KEPT_FOR = timedelta(days=3)
TOKEN_FOR = timedelta(minutes=10)
WELCOME_WITHIN = timedelta(seconds=20)
LONGEST_PAGE = 1000
TEXT_BYTES = 2048
CUSTOMER, SYSTEM, STAFF = 3, 4, 5
NEW, ASSISTANT, QUEUED, HUMAN, ENDED = range(5)
_OUR_ID = re.compile(r"[0-9a-zA-Z_-]{1,32}")

OnAnswer = Callable[[str, str, str], None]


@dataclass
class KfTalkState:
    """A customer's talk: when he wrote last, how often he was answered since, and who has the talk."""

    said_at: datetime | None = None
    answers: int = 0
    state: int = NEW
    servicer: str = ""
    welcomed_at: datetime | None = None


@dataclass
class _Welcome:
    external_userid: str
    given_at: datetime


@dataclass
class KfAccountState:
    open_kfid: str
    name: str
    log: list[dict[str, Any]] = field(default_factory=list)
    talks: dict[str, KfTalkState] = field(default_factory=dict)
    sent_ids: set[str] = field(default_factory=set)
    tokens: dict[str, datetime] = field(default_factory=dict)
    welcomes: dict[str, _Welcome] = field(default_factory=dict)
    on_duty: set[str] = field(default_factory=set)
    epoch: str = field(default_factory=lambda: secrets.token_hex(4))

    def cursor(self, place: int) -> str:
        return f"{self.epoch}.{place}"

    def place(self, cursor: str) -> int:
        """Where a cursor points to; the beginning for one that this account never gave."""
        epoch, _, place = cursor.partition(".")
        return int(place) if epoch == self.epoch and place.isdigit() else 0

    def talk(self, external_userid: str) -> KfTalkState:
        return self.talks.setdefault(external_userid, KfTalkState())


class KfApi:
    """`on_answer` is told of each answer that reaches a customer: account, customer, text. A page holds at most
    `page` messages, so that tests need few."""

    def __init__(self, faults: Faults, on_answer: OnAnswer = lambda account, external, text: None) -> None:
        self.accounts: dict[str, KfAccountState] = {}
        self.page = LONGEST_PAGE
        self._faults, self._on_answer = faults, on_answer

    def open_account(self, open_kfid: str, name: str) -> None:
        self.accounts[open_kfid] = KfAccountState(open_kfid, name)

    # ------------------------------------------------------------ what the people do

    def customer_says(
        self, open_kfid: str, external_userid: str, now: datetime, *, text: str = "", kind: str = "text",
        media_id: str = "",
    ) -> str:
        """A customer writes, or sends a file; the token of the bell that rings for it."""
        account = self.accounts[open_kfid]
        body = {"content": text} if kind == "text" else {"media_id": media_id or secrets.token_urlsafe(16)}
        self._log(account, now, CUSTOMER, kind, body, external_userid=external_userid)
        talk = account.talk(external_userid)
        talk.said_at, talk.answers = now, 0
        if talk.state == ENDED:
            talk.state = NEW
        return self._token(account, now)

    def enters(self, open_kfid: str, external_userid: str, now: datetime) -> str:
        """A customer opens the talk. A welcome code comes along while he has neither written nor been welcomed within
        two days."""
        account = self.accounts[open_kfid]
        talk, code = account.talk(external_userid), secrets.token_urlsafe(24)
        silent = all(at is None or now >= at + WINDOW for at in (talk.said_at, talk.welcomed_at))
        if silent:
            account.welcomes[code] = _Welcome(external_userid, now)
        more = {"welcome_code": code} if silent else {}
        return self._event(open_kfid, now, "enter_session", external_userid=external_userid, **more)

    def recalls(self, open_kfid: str, external_userid: str, msgid: str, now: datetime) -> str:
        """A customer takes a message back."""
        return self._event(
            open_kfid, now, "user_recall_msg", external_userid=external_userid, recall_msgid=msgid
        )

    def bounce(self, open_kfid: str, external_userid: str, msgid: str, fail_type: int, now: datetime) -> str:
        """An answer that WeCom took did not arrive after all."""
        return self._event(
            open_kfid, now, "msg_send_fail", external_userid=external_userid, fail_msgid=msgid, fail_type=fail_type
        )

    def take_over(self, open_kfid: str, external_userid: str) -> None:
        """A person answers the customer in WeCom's own tool from now on."""
        self.accounts[open_kfid].talk(external_userid).state = HUMAN

    def staff_says(self, open_kfid: str, external_userid: str, text: str, now: datetime) -> str:
        """A person answers the customer in WeCom's own tool; the token of the bell."""
        account = self.accounts[open_kfid]
        self.take_over(open_kfid, external_userid)
        self._log(account, now, STAFF, "text", {"content": text}, external_userid=external_userid)
        return self._token(account, now)

    def comes_on_duty(self, open_kfid: str, userid: str) -> None:
        """A member serves the account's customers in WeCom's own tool from now on."""
        self.accounts[open_kfid].on_duty.add(userid)

    def ends_session(self, open_kfid: str, external_userid: str, now: datetime) -> str:
        """Whoever serves a customer in WeCom's own tool is done with him."""
        talk = self.accounts[open_kfid].talk(external_userid)
        talk.state, servicer = ENDED, talk.servicer
        return self._event(
            open_kfid, now, "session_status_change", external_userid=external_userid, change_type=3,
            old_servicer_userid=servicer,
        )

    # ------------------------------------------------------------ the calls

    def sync_msg(self, call: Call) -> Answer:
        account = self._account(call)
        token = str(call.body.get("token") or "")
        if token and not account.tokens.get(token, call.now) > call.now:
            raise ApiError(95007)
        start = account.place(str(call.body.get("cursor") or ""))
        if self._faults.takes("kf_empty_pages"):
            return OK | {"next_cursor": account.cursor(start), "has_more": 1, "msg_list": []}
        size = min(max(int(call.body.get("limit") or LONGEST_PAGE), 1), self.page)
        oldest = int((call.now - KEPT_FOR).timestamp())
        rows = account.log[start:start + size]
        end = start + len(rows)
        shown = [row for row in rows if row["send_time"] >= oldest]
        return OK | {"next_cursor": account.cursor(end), "has_more": int(end < len(account.log)), "msg_list": shown}

    def send_msg(self, call: Call) -> Answer:
        account, external = self._account(call), str(call.body.get("touser") or "")
        text = str((call.body.get("text") or {}).get("content") or "")
        msgid = str(call.body.get("msgid") or secrets.token_hex(16))
        if call.body.get("msgtype") != "text" or not text:
            raise ApiError(40063, "text")
        if not _OUR_ID.fullmatch(msgid):
            raise ApiError(40058, "msgid")
        if msgid in account.sent_ids:
            raise ApiError(95033)
        talk = account.talks.get(external)
        if talk is None or talk.said_at is None or call.now >= talk.said_at + WINDOW:
            raise ApiError(95002)
        if talk.answers >= MOST_ANSWERS:
            raise ApiError(95001)
        if talk.state not in (NEW, ASSISTANT):
            raise ApiError(95018)
        talk.answers += 1
        account.sent_ids.add(msgid)
        self._on_answer(account.open_kfid, external, text.encode()[:TEXT_BYTES].decode(errors="ignore"))
        return OK | {"msgid": msgid}

    def service_state_get(self, call: Call) -> Answer:
        talk = self._account(call).talk(str(call.body.get("external_userid") or ""))
        return OK | {"service_state": talk.state, "servicer_userid": talk.servicer if talk.state == HUMAN else ""}

    def service_state_trans(self, call: Call) -> Answer:
        """To a person, from anywhere but the end (path/94669)."""
        account, external = self._account(call), str(call.body.get("external_userid") or "")
        talk, servicer = account.talk(external), str(call.body.get("servicer_userid") or "")
        if talk.state == ENDED:
            raise ApiError(95013)
        if call.body.get("service_state") != HUMAN or talk.said_at is None:
            raise ApiError(95016)
        if servicer not in account.on_duty:
            raise ApiError(95014)
        talk.state, talk.servicer = HUMAN, servicer
        return OK | {"msg_code": secrets.token_urlsafe(16)}

    def send_msg_on_event(self, call: Call) -> Answer:
        """The welcome: once, within 20 seconds, to who has not written meanwhile."""
        code, text = str(call.body.get("code") or ""), str((call.body.get("text") or {}).get("content") or "")
        account = next((a for a in self.accounts.values() if code in a.welcomes), None)
        if account is None or call.now >= account.welcomes[code].given_at + WELCOME_WITHIN:
            raise ApiError(40058, "code")
        welcome = account.welcomes.pop(code)
        talk = account.talk(welcome.external_userid)
        if talk.said_at is not None and talk.said_at >= welcome.given_at:
            raise ApiError(40058, "code")
        talk.welcomed_at = call.now
        self._on_answer(account.open_kfid, welcome.external_userid, text)
        return OK | {"msgid": str(call.body.get("msgid") or secrets.token_hex(16))}

    # ------------------------------------------------------------ inside

    def _account(self, call: Call) -> KfAccountState:
        account = self.accounts.get(str(call.body.get("open_kfid") or ""))
        if account is None:
            raise ApiError(95004)
        return account

    def _event(self, open_kfid: str, now: datetime, kind: str, **fields: Any) -> str:
        account = self.accounts[open_kfid]
        self._log(account, now, SYSTEM, "event", {"event_type": kind, "open_kfid": open_kfid, **fields})
        return self._token(account, now)

    def _log(
        self, account: KfAccountState, now: datetime, origin: int, kind: str, body: dict[str, Any], **more: Any
    ) -> None:
        account.log.append({
            "msgid": f"kfmsg{new_id()}", "open_kfid": account.open_kfid, "send_time": int(now.timestamp()),
            "origin": origin, "msgtype": kind, kind: body, **more,
        })

    def _token(self, account: KfAccountState, now: datetime) -> str:
        token = "ENC" + secrets.token_urlsafe(24)
        account.tokens[token] = now + TOKEN_FOR
        return token

