"""Customer contact (客户联系) of the fake WeCom: who is whose customer, and the welcome words.

Rules: developer.work.weixin.qq.com/document/path/92113, 92114, 92994, 92115, 92137."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.app_api import OK
from bot.sandbox.corp import Directory
from bot.sandbox.errors import ApiError
from bot.sandbox.qyapi import Answer, Call

WELCOME_WITHIN = timedelta(seconds=20)


@dataclass
class Follow:
    """One member's side of a customer relation."""

    userid: str
    created_at: datetime
    remark: str = ""
    description: str = ""
    company: str = ""
    mobiles: list[str] = field(default_factory=list)
    state: str = ""


@dataclass
class Customer:
    external_userid: str
    name: str
    follows: dict[str, Follow] = field(default_factory=dict)

    def profile(self) -> dict[str, Any]:
        person = {"external_userid": self.external_userid, "name": self.name}
        return person | {"type": 1, "gender": 0, "avatar": ""}


@dataclass
class _Welcome:
    userid: str
    external_userid: str
    until: datetime
    used: bool = False


OnWelcome = Callable[[str, str, str], None]


class ContactApi:
    """`on_welcome` is told of welcome words: member, customer, text."""

    def __init__(self, directory: Directory, on_welcome: OnWelcome = lambda userid, external, text: None) -> None:
        self.customers: dict[str, Customer] = {}
        self.welcomes_sent: list[dict[str, Any]] = []
        self._directory, self._on_welcome = directory, on_welcome
        self._welcomes: dict[str, _Welcome] = {}

    # ------------------------------------------------------------ what the people do

    def befriend(self, userid: str, external_userid: str, name: str, now: datetime, state: str = "") -> str:
        """A customer adds a member. Gives the welcome code, good for 20 seconds."""
        customer = self.customers.setdefault(external_userid, Customer(external_userid, name))
        customer.follows[userid.casefold()] = Follow(userid, now, state=state)
        code = secrets.token_urlsafe(24)
        self._welcomes[code] = _Welcome(userid, external_userid, now + WELCOME_WITHIN)
        return code

    def unfriend(self, userid: str, external_userid: str) -> bool:
        """One of the two ends the relation; False when there was none."""
        customer = self.customers.get(external_userid)
        return customer is not None and customer.follows.pop(userid.casefold(), None) is not None

    def is_friend(self, userid: str, external_userid: str) -> bool:
        customer = self.customers.get(external_userid)
        return customer is not None and userid.casefold() in customer.follows

    # ------------------------------------------------------------ reading

    def list_ids(self, call: Call) -> Answer:
        mine = self._customers_of(self._member(call.need("userid", 41009)))
        if not mine:
            raise ApiError(84061)
        return OK | {"external_userid": [c.external_userid for c in mine]}

    def get(self, call: Call) -> Answer:
        customer = self._customer(call.need("external_userid", 41035))
        follows = [
            {
                "userid": f.userid, "remark": f.remark, "description": f.description,
                "createtime": int(f.created_at.timestamp()), "tags": [], "remark_corp_name": f.company,
                "remark_mobiles": f.mobiles, "state": f.state, "oper_userid": f.userid, "add_way": 1,
            }
            for f in customer.follows.values()
        ]
        return OK | {"external_contact": customer.profile(), "follow_user": follows}

    def batch_get_by_user(self, call: Call) -> Answer:
        userids = [str(u) for u in call.body.get("userid_list") or []]
        if not 1 <= len(userids) <= 100:
            raise ApiError(40058, "userid_list")
        pairs = [(c, c.follows[u.casefold()]) for u in userids for c in self._customers_of(self._member(u))]
        start = int(call.body.get("cursor") or 0)
        size = min(max(int(call.body.get("limit") or 50), 1), 100)
        rows = [
            {
                "external_contact": c.profile(),
                "follow_info": {
                    "userid": f.userid, "remark": f.remark, "description": f.description,
                    "createtime": int(f.created_at.timestamp()), "tag_id": [], "remark_corp_name": f.company,
                    "remark_mobiles": f.mobiles, "state": f.state, "oper_userid": f.userid, "add_way": 1,
                },
            }
            for c, f in pairs[start:start + size]
        ]
        following = str(start + size) if start + size < len(pairs) else ""
        return OK | {"external_contact_list": rows, "next_cursor": following}

    def get_follow_user_list(self, _call: Call) -> Answer:
        return OK | {"follow_user": [m.userid for m in self._directory.members.values()]}

    def remark(self, call: Call) -> Answer:
        customer = self._customer(str(call.body.get("external_userid") or ""))
        follow = customer.follows.get(str(call.body.get("userid") or "").casefold())
        if follow is None:
            raise ApiError(84061)
        for name, attribute, most in (
            ("remark", "remark", 20), ("description", "description", 150), ("remark_company", "company", 20)
        ):
            if name in call.body:
                if len(str(call.body[name])) > most:
                    raise ApiError(40058, name)
                setattr(follow, attribute, str(call.body[name]))
        if "remark_mobiles" in call.body:
            follow.mobiles = [str(m) for m in call.body["remark_mobiles"] if m]
        return dict(OK)

    # ------------------------------------------------------------ who is meant

    def audience(self, body: dict[str, Any]) -> tuple[str, list[str], list[str]]:
        """(sender, ids to send to, ids that cannot be). A sender alone means all their customers."""
        wanted = [str(e) for e in body.get("external_userid") or []]
        sender = str(body.get("sender") or "")
        if not wanted and not sender and not body.get("tag_filter"):
            raise ApiError(40058, "sender, external_userid and tag_filter are all empty")
        if sender and not wanted:
            return sender, [c.external_userid for c in self._customers_of(self._member(sender))], []
        known = [self.customers[e] for e in wanted if e in self.customers]
        if not sender and known and known[0].follows:
            sender = max(known[0].follows.values(), key=lambda f: f.created_at).userid
        good = [c.external_userid for c in known if sender.casefold() in c.follows]
        return sender, good, [e for e in wanted if e not in good]

    def send_welcome_msg(self, call: Call) -> Answer:
        welcome = self._welcomes.get(str(call.body.get("welcome_code") or ""))
        if welcome is None or call.now > welcome.until:
            raise ApiError(41050)
        if welcome.used:
            raise ApiError(41051)
        welcome.used = True
        self.welcomes_sent.append({"external_userid": welcome.external_userid, **call.body})
        text = str((call.body.get("text") or {}).get("content") or "")
        self._on_welcome(welcome.userid, welcome.external_userid, text)
        return dict(OK)

    # ------------------------------------------------------------ looking up

    def _member(self, userid: str) -> str:
        member = self._directory.find(userid)
        if member is None:
            raise ApiError(60111)
        return member.userid

    def _customer(self, external_userid: str) -> Customer:
        if external_userid not in self.customers:
            raise ApiError(40096)
        return self.customers[external_userid]

    def _customers_of(self, userid: str) -> list[Customer]:
        return [c for c in self.customers.values() if userid.casefold() in c.follows]
