"""Customer contact (客户联系) of the fake WeCom: who is whose customer, group-send tasks, welcome words.

Rules: developer.work.weixin.qq.com/document/path/92113, 92114, 92994, 92115, 92135, 93338, 92137."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.app_api import OK
from bot.sandbox.corp import Directory
from bot.sandbox.errors import ApiError
from bot.sandbox.qyapi import Answer, Call

WELCOME_WITHIN = timedelta(seconds=20)
DISPATCHED_AFTER = timedelta(seconds=60)
NOT_SENT, SENT, NOT_A_FRIEND, GOT_ANOTHER = 0, 1, 2, 3


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
class GroupMessage:
    """A group-send task (企业群发): nothing reaches a customer before the adviser confirms it."""

    msgid: str
    sender: str
    external_userids: list[str]
    content: dict[str, Any]
    created_at: datetime
    sent_at: datetime | None = None
    results: dict[str, int] = field(default_factory=dict)


@dataclass
class _Welcome:
    userid: str
    external_userid: str
    until: datetime
    used: bool = False


class ContactApi:
    def __init__(self, directory: Directory) -> None:
        self.customers: dict[str, Customer] = {}
        self.group_messages: dict[str, GroupMessage] = {}
        self.welcomes_sent: list[dict[str, Any]] = []
        self._directory = directory
        self._welcomes: dict[str, _Welcome] = {}
        self._reached: set[tuple[str, str]] = set()

    # ------------------------------------------------------------ what the people do

    def befriend(self, userid: str, external_userid: str, name: str, now: datetime, state: str = "") -> str:
        """A customer adds a member. Gives the welcome code, good for 20 seconds."""
        customer = self.customers.setdefault(external_userid, Customer(external_userid, name))
        customer.follows[userid.casefold()] = Follow(userid, now, state=state)
        code = secrets.token_urlsafe(24)
        self._welcomes[code] = _Welcome(userid, external_userid, now + WELCOME_WITHIN)
        return code

    def confirm(self, msgid: str, now: datetime) -> GroupMessage:
        """The adviser presses 发送 in 群发助手. A customer takes one group message a day."""
        task = self.group_messages[msgid]
        task.sent_at = now
        day = now.astimezone().date().isoformat()
        for external in task.external_userids:
            customer = self.customers.get(external)
            if customer is None or task.sender.casefold() not in customer.follows:
                task.results[external] = NOT_A_FRIEND
            elif (external, day) in self._reached:
                task.results[external] = GOT_ANOTHER
            else:
                self._reached.add((external, day))
                task.results[external] = SENT
        return task

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

    # ------------------------------------------------------------ group-send tasks

    def add_msg_template(self, call: Call) -> Answer:
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
        self.group_messages[task.msgid] = task
        return OK | {"fail_list": failed, "msgid": task.msgid}

    def _audience(self, body: dict[str, Any]) -> tuple[str, list[str], list[str]]:
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

    def get_groupmsg_task(self, call: Call) -> Answer:
        task = self._task(call)
        row: dict[str, Any] = {"userid": task.sender, "status": 2 if task.sent_at else 0}
        if task.sent_at:
            row["send_time"] = int(task.sent_at.timestamp())
        return OK | {"next_cursor": "", "task_list": [row]}

    def get_groupmsg_send_result(self, call: Call) -> Answer:
        task = self._task(call)
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

    def _task(self, call: Call) -> GroupMessage:
        msgid = str(call.body.get("msgid") or "")
        if not msgid:
            raise ApiError(41046)
        if msgid not in self.group_messages:
            raise ApiError(41047)
        task = self.group_messages[msgid]
        if call.now - task.created_at < DISPATCHED_AFTER and task.sent_at is None:
            raise ApiError(41063)
        return task

    def send_welcome_msg(self, call: Call) -> Answer:
        welcome = self._welcomes.get(str(call.body.get("welcome_code") or ""))
        if welcome is None or call.now > welcome.until:
            raise ApiError(41050)
        if welcome.used:
            raise ApiError(41051)
        welcome.used = True
        self.welcomes_sent.append({"external_userid": welcome.external_userid, **call.body})
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
