"""A WeCom in memory that speaks the real protocol: for the sandbox, for crash tests, for pytest.

In a process of its own: `python -m bot.sandbox.fake_wecom --listen 127.0.0.1:9800 --callback URL`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bot.sandbox.answered import Answered
from bot.sandbox.app_api import AppApi, DirectoryApi, MediaApi
from bot.sandbox.callbacks import Callbacks, Delivery, Timing, XmlFields, xml_of
from bot.sandbox.chats import Chats, CustomerChats, CustomerSeen, Seen, buttons_of, label_of, menu_of
from bot.sandbox.contact_api import ContactApi
from bot.sandbox.corp import Corp, Department, Directory, Member
from bot.sandbox.faults import Faults
from bot.sandbox.group_send_api import GroupMessage, GroupSendApi
from bot.sandbox.kf_api import KfApi
from bot.sandbox.message_api import Dropped, MessageApi
from bot.sandbox.qyapi import Qyapi, Upload
from bot.sandbox.wire import Feed, Wire
from storage.model.clock import Clock
from storage.model.ids import new_id

__all__ = ["Corp", "Delivery", "Dropped", "FakeWeCom", "Faults", "Seen", "Timing"]

PHOTO = Upload("photo.jpg", "image/jpeg", (Path(__file__).parent / "photo.jpg").read_bytes())


class FakeWeCom:
    """Members write and tap here; the product is reached through its real callback URL and calls back
    through `routes()`. Time comes from `clock` (tokens, limits, response codes, media); only the
    callback's deadline and pauses are real seconds (`timing`). `answered`: a file with what was sent."""

    def __init__(
        self, corp: Corp, clock: Clock, callback_url: str = "", *, timing: Timing | None = None,
        answered: Path | None = None,
    ) -> None:
        self.corp = corp
        self.clock = clock
        self.faults = Faults()
        self.feed = Feed()
        self.wire = Wire(self.feed)
        self.directory = Directory()
        self.chats = Chats(self.feed.publish)
        self.callbacks = Callbacks(corp, clock, callback_url, self.wire, self.faults, timing or Timing())
        self.media = MediaApi()
        self.customer_chats = CustomerChats(self.feed.publish)
        self.contacts = ContactApi(self.directory, self._welcomed)
        self.group_sends = GroupSendApi(
            self.contacts.audience, self.contacts.is_friend, self.faults, self._task_changed, self._reached_customer
        )
        self.kf = KfApi(self.faults, self._kf_answered)
        self._task_bubbles: dict[str, Seen] = {}
        self.app = AppApi(corp, self.directory, self._menu_changed)
        self.messages = MessageApi(
            corp, self.directory, self.chats, self.faults, answered=Answered(answered, clock.now()),
            has_callback=lambda: bool(self.callbacks.url), find_media=self.media.living,
        )
        self.api = Qyapi(corp, clock, self.wire, self.faults)
        self._recent_events: dict[str, None] = {}
        self._add_calls()

    # ------------------------------------------------------------ wiring

    @property
    def callback_url(self) -> str:
        return self.callbacks.url

    @callback_url.setter
    def callback_url(self, url: str) -> None:
        self.callbacks.url = url

    def routes(self) -> list[web.RouteDef]:
        """`/cgi-bin/…`, to be added to any aiohttp application."""
        return self.api.routes()

    def mount(self, app: web.Application) -> None:
        """Add the routes, and close with the application."""
        app.add_routes(self.routes())
        app.on_cleanup.append(self._on_cleanup)

    async def _on_cleanup(self, _app: web.Application) -> None:
        await self.close()

    async def close(self) -> None:
        await self.callbacks.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def subscribe(self) -> asyncio.Queue[dict[str, Any]]:
        """Events as dicts with a `type`: message, card_updated, wire, menu. Give it back to `unsubscribe`."""
        return self.feed.subscribe()

    def unsubscribe(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        self.feed.unsubscribe(queue)

    # ------------------------------------------------------------ the corp

    def add_member(
        self, userid: str, name: str, department: int = 1, leader: str = "", position: str = ""
    ) -> Member:
        member = Member(userid, name, (department,), leader, position)
        self.directory.add(member)
        return member

    def add_department(self, id: int, name: str, parent_id: int = 1) -> None:
        self.directory.add_department(Department(id, name, parent_id))

    # ------------------------------------------------------------ what people see

    @property
    def seen(self) -> list[Seen]:
        """Every message of the app on every phone, in order, after WeCom's own duplicate check."""
        return [b for b in self.chats.all if b.by == "app"]

    def seen_by(self, userid: str) -> list[Seen]:
        return [b for b in self.chats.of(userid) if b.by == "app"]

    def history(self, userid: str) -> list[Seen]:
        """Both sides of a member's chat with the app."""
        return self.chats.of(userid)

    @property
    def dropped(self) -> list[Dropped]:
        return self.messages.dropped

    @property
    def duplicates_swallowed(self) -> list[dict[str, Any]]:
        """Requests that the duplicate check kept away from the phones."""
        return self.messages.duplicates_swallowed

    async def heard(
        self, userid: str, wanted: str | Callable[[Seen], bool] = "", *, after: int = 0, within: float = 15
    ) -> Seen:
        """The first message of the app to `userid` with an id above `after` that holds (or satisfies)
        `wanted`, also one that a card turns into. Raises AssertionError after `within` real seconds."""
        queue = self.subscribe()
        try:
            async with asyncio.timeout(within):
                while True:
                    for bubble in self.seen_by(userid):
                        if bubble.message_id > after and _fits(bubble, wanted):
                            return bubble
                    await queue.get()
        except TimeoutError:
            last = [b.text for b in self.seen_by(userid)][-3:]
            raise AssertionError(f"{userid} never saw {wanted!r}; the last were {last}") from None
        finally:
            self.unsubscribe(queue)

    # ------------------------------------------------------------ what people do

    async def say(self, userid: str, text: str) -> Delivery:
        """A member types. Returns when the product has taken it or WeCom has given up."""
        self._own(userid, "text", {"content": text})
        return await self._message(userid, {"MsgType": "text", "Content": text})

    async def send_image(self, userid: str, content: bytes = PHOTO.content) -> Delivery:
        media_id = self.media.keep(Upload("photo.jpg", "image/jpeg", content), self.clock.now())
        self._own(userid, "image", {"media_id": media_id, "label": "[图片]"})
        return await self._message(
            userid, {"MsgType": "image", "PicUrl": "https://sandbox.invalid/photo.jpg", "MediaId": media_id}
        )

    async def send_voice(self, userid: str, content: bytes = b"#!AMR\n sandbox voice") -> Delivery:
        media_id = self.media.keep(Upload("voice.amr", "audio/amr", content), self.clock.now())
        self._own(userid, "voice", {"media_id": media_id, "label": "[语音]"})
        return await self._message(userid, {"MsgType": "voice", "MediaId": media_id, "Format": "amr"})

    async def send_location(
        self, userid: str, latitude: float = 31.2304, longitude: float = 121.4737, label: str = "人民广场"
    ) -> Delivery:
        self._own(userid, "location", {"label": f"[位置] {label}"})
        return await self._message(userid, {
            "MsgType": "location", "Location_X": latitude, "Location_Y": longitude, "Scale": 20,
            "Label": label, "AppType": "wxwork",
        })

    async def click_menu(self, userid: str, key: str) -> Delivery:
        self._own(userid, "event", {"label": f"菜单「{self._menu_name(key)}」"})
        return await self.event(userid, {"Event": "click", "EventKey": key})

    async def enter(self, userid: str) -> Delivery:
        """A member opens the chat with the app."""
        return await self.event(userid, {"Event": "enter_agent", "EventKey": ""})

    async def tap(
        self, userid: str, message_id: int, key: str, selections: Mapping[str, Sequence[str]] | None = None
    ) -> Delivery:
        """Press a button, a submit button or a menu entry of a card. `selections`: question key → option ids.

        Raises LookupError when the card is not in this member's chat or has no such live button."""
        label = self.check_button(userid, message_id, key)
        bubble = self.chats.get(userid, message_id)
        bubble.chosen = {q: list(ids) for q, ids in (selections or {}).items()}
        self._own(userid, "event", {"label": f"点了「{label}」"})
        from_menu = any(entry.get("key") == key for entry in menu_of(bubble.body))
        fields: XmlFields = {
            "Event": "template_card_menu_event" if from_menu else "template_card_event",
            "EventKey": key,
            "TaskId": _task_id(bubble),
            "CardType": str(bubble.body["card_type"]),
            "ResponseCode": self.messages.new_response_code(bubble.msgid, self.clock.now()),
        }
        if bubble.chosen:
            fields["SelectedItems"] = {"SelectedItem": [
                {"QuestionKey": question, "OptionIds": {"OptionId": list(ids)}}
                for question, ids in bubble.chosen.items()
            ]}
        return await self.event(userid, fields)

    def check_button(self, userid: str, message_id: int, key: str) -> str:
        """The words on a live button of a card in this member's chat. Raises LookupError for any other."""
        return _label(self.chats.get(userid, message_id), key)

    async def event(self, userid: str, fields: XmlFields) -> Delivery:
        """Any event by its own elements; the common ones are added. `userid` is "sys" for system events."""
        return await self._deliver(userid, {"MsgType": "event", **fields}, unique=True)

    async def befriend(self, userid: str, external_userid: str, name: str, state: str = "") -> str:
        """A customer adds a member: the relation, the event, and the welcome code (20 seconds)."""
        code = self.contacts.befriend(userid, external_userid, name, self.clock.now(), state)
        self.customer_chats.show(external_userid, self.clock.now(), "wecom", userid, "已添加好友")
        self.feed.publish({"type": "friendship", "customer": external_userid, "friend": True})
        fields: XmlFields = {
            "Event": "change_external_contact", "ChangeType": "add_external_contact", "UserID": userid,
            "ExternalUserID": external_userid, "WelcomeCode": code,
        }
        await self.event("sys", fields | ({"State": state} if state else {}))
        return code

    async def unfriend(self, userid: str, external_userid: str, *, by_customer: bool = True) -> None:
        """The customer deletes the member, or the member the customer: the relation ends, and the event says so."""
        if not self.contacts.unfriend(userid, external_userid):
            raise LookupError("他们已经不是好友了。")
        change = "del_follow_user" if by_customer else "del_external_contact"
        self.customer_chats.show(external_userid, self.clock.now(), "wecom", userid, "已不是好友")
        self.feed.publish({"type": "friendship", "customer": external_userid, "friend": False})
        await self.event("sys", {
            "Event": "change_external_contact", "ChangeType": change, "UserID": userid,
            "ExternalUserID": external_userid,
        })

    async def kf_says(self, open_kfid: str, external_userid: str, text: str = "", kind: str = "text") -> None:
        """A customer writes to the firm's 微信客服, and the bell rings, unless it is lost. KeyError for no account."""
        now = self.clock.now()
        photo = self.media.keep(PHOTO, now) if kind == "image" else ""
        token = self.kf.customer_says(open_kfid, external_userid, now, text=text, kind=kind, media_id=photo)
        self.customer_chats.show(external_userid, now, "customer", open_kfid, text or label_of(kind))
        if not self.faults.takes("lost_bells"):
            await self.kf_rings(open_kfid, token)

    async def kf_enters(self, open_kfid: str, external_userid: str) -> None:
        """A customer opens the talk with 微信客服."""
        await self.kf_rings(open_kfid, self.kf.enters(open_kfid, external_userid, self.clock.now()))

    async def kf_rings(self, open_kfid: str, token: str) -> None:
        """The bell of an account: it has no FromUserName, AgentID or MsgId (path/94670)."""
        plain = xml_of({
            "ToUserName": self.corp.corp_id, "CreateTime": int(self.clock.now().timestamp()), "MsgType": "event",
            "Event": "kf_msg_or_event", "Token": token, "OpenKfId": open_kfid,
        })
        await self.callbacks.deliver("", plain, "")

    def confirm_group_message(self, msgid: str) -> GroupMessage:
        """The adviser confirms a group-send task in 群发助手. Raises KeyError for an unknown one, LookupError for one
        that is over."""
        return self.group_sends.confirm(msgid, self.clock.now())

    def customer_saw(self, external_userid: str) -> list[CustomerSeen]:
        """What stands on a customer's phone, in order."""
        return self.customer_chats.of(external_userid)

    # ------------------------------------------------------------ inside

    async def _message(self, userid: str, fields: XmlFields) -> Delivery:
        msg_id = new_id()
        return await self._deliver(userid, {**fields, "MsgId": msg_id}, msg_id=str(msg_id))

    async def _deliver(
        self, userid: str, fields: XmlFields, *, msg_id: str = "", unique: bool = False
    ) -> Delivery:
        created = int(self.clock.now().timestamp())
        plain = self._envelope(userid, fields, created)
        # Nobody presses the same thing twice within a second; a frozen clock must not make two presses one.
        while unique and plain in self._recent_events:
            created += 1
            plain = self._envelope(userid, fields, created)
        if unique:
            self._remember(plain)
        return await self.callbacks.deliver(userid, plain, msg_id)

    def _remember(self, plain: str) -> None:
        self._recent_events[plain] = None
        if len(self._recent_events) > 1000:
            self._recent_events.pop(next(iter(self._recent_events)))

    def _envelope(self, userid: str, fields: XmlFields, created: int) -> str:
        return xml_of({
            "ToUserName": self.corp.corp_id, "FromUserName": userid, "CreateTime": created, **fields,
            "AgentID": self.corp.agent_id,
        })

    def _own(self, userid: str, kind: str, body: dict[str, Any]) -> None:
        self.chats.show(userid, self.clock.now(), kind, body, by="member")

    def _menu_name(self, key: str) -> str:
        entries = [e for top in self.app.menu for e in (top, *(top.get("sub_button") or []))]
        return next((str(e["name"]) for e in entries if e.get("key") == key), key)

    def _task_changed(self, task: GroupMessage) -> None:
        """An item of 群发助手 on the adviser's phone: new, confirmed, or gone."""
        names = [self.contacts.customers[e].name for e in task.external_userids if e in self.contacts.customers]
        state = "cancelled" if task.cancelled else "sent" if task.sent_at else "waiting"
        body = {
            "msgid": task.msgid, "text": task.text, "customers": names, "state": state,
            "results": list(task.results.values()), "nudges": len(task.nudges),
            "label": f"群发助手：给 {'、'.join(names)}\n{task.text}",
        }
        if known := self._task_bubbles.get(task.msgid):
            self.chats.redraw(known, body)
        else:
            self._task_bubbles[task.msgid] = self.chats.show(
                task.sender, self.clock.now(), "group_task", body, by="wecom", msgid=task.msgid
            )

    def _reached_customer(self, task: GroupMessage, external_userid: str) -> None:
        self.customer_chats.show(external_userid, self.clock.now(), "adviser", task.sender, task.text)

    def _welcomed(self, userid: str, external_userid: str, text: str) -> None:
        self.customer_chats.show(external_userid, self.clock.now(), "adviser", userid, text)

    def _kf_answered(self, open_kfid: str, external_userid: str, text: str) -> None:
        self.customer_chats.show(external_userid, self.clock.now(), "kf", open_kfid, text)

    def _menu_changed(self, buttons: list[dict[str, Any]]) -> None:
        self.feed.publish({"type": "menu", "button": buttons})

    def _add_calls(self) -> None:
        people, add = DirectoryApi(self.directory), self.api.add
        add("POST", "message/send", self.messages.send)
        add("POST", "message/update_template_card", self.messages.update_template_card)
        add("POST", "message/recall", self.messages.recall)
        add("POST", "media/upload", self.media.upload)
        add("GET", "media/get", self.media.get)
        add("GET", "user/get", people.user_get)
        add("GET", "user/simplelist", people.user_simplelist)
        add("GET", "user/list", people.user_list)
        add("GET", "department/list", people.department_list)
        add("GET", "department/simplelist", people.department_simplelist)
        add("POST", "menu/create", self.app.menu_create)
        add("GET", "menu/get", self.app.menu_get)
        add("GET", "menu/delete", self.app.menu_delete)
        add("GET", "agent/get", self.app.agent_get)
        add("GET", "getcallbackip", self.app.getcallbackip)
        add("GET", "get_api_domain_ip", self.app.get_api_domain_ip)
        add("GET", "externalcontact/list", self.contacts.list_ids)
        add("GET", "externalcontact/get", self.contacts.get)
        add("GET", "externalcontact/get_follow_user_list", self.contacts.get_follow_user_list)
        for name in ("remark", "send_welcome_msg"):
            add("POST", f"externalcontact/{name}", getattr(self.contacts, name))
        for name in (
            "add_msg_template", "get_groupmsg_list_v2", "get_groupmsg_task", "get_groupmsg_send_result",
            "remind_groupmsg_send", "cancel_groupmsg_send",
        ):
            add("POST", f"externalcontact/{name}", getattr(self.group_sends, name))
        add("POST", "kf/sync_msg", self.kf.sync_msg)
        add("POST", "kf/send_msg", self.kf.send_msg)
        add("POST", "kf/send_msg_on_event", self.kf.send_msg_on_event)
        add("POST", "kf/service_state/get", self.kf.service_state_get)
        add("POST", "kf/service_state/trans", self.kf.service_state_trans)
        self.api.may_be_late("externalcontact/add_msg_template", self.group_sends.late)
        add("POST", "externalcontact/batch/get_by_user", self.contacts.batch_get_by_user)


def _fits(bubble: Seen, wanted: str | Callable[[Seen], bool]) -> bool:
    return wanted in bubble.text if isinstance(wanted, str) else wanted(bubble)


def _task_id(bubble: Seen) -> str:
    """The task id on the card; one that was redrawn without keeps the id it was sent with."""
    looks = [bubble.body, *bubble.history]
    return next((str(look["task_id"]) for look in looks if look.get("task_id")), "")


def _label(bubble: Seen, key: str) -> str:
    """The words on a live button. Raises LookupError when it is dead or not there."""
    entry = next((b for b in buttons_of(bubble.body) if b.get("key") == key), None)
    if bubble.by != "app" or entry is None or bubble.recalled:
        raise LookupError("这张卡片上没有这个按钮。")
    if bubble.greyed and entry not in menu_of(bubble.body):
        raise LookupError("这个按钮已经用过了。")
    return str(entry.get("text") or key)
