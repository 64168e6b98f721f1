"""What people see on their phones: bubbles and cards in order, with every later change."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

TEXT_BYTES = 2048
Publish = Callable[[dict[str, Any]], None]
CustomerSide = Literal["adviser", "customer", "kf", "sms", "wecom"]


@dataclass
class Seen:
    """One bubble in one person's chat with the app.

    `by` is "app" or "member", or "wecom" for an item of 群发助手 (kind "group_task"); `kind` is WeCom's msgtype
    ("event" marks a tap or menu click of the member).
    `body` is the object under that msgtype as it shows now; `history` holds what it showed before.
    `greyed` is the text on a dead button, "" while it lives; `chosen` is what the member ticked."""

    message_id: int
    userid: str
    at: datetime
    kind: str
    body: dict[str, Any]
    msgid: str = ""
    response_code: str = ""
    by: Literal["app", "member", "wecom"] = "app"
    history: list[dict[str, Any]] = field(default_factory=list)
    greyed: str = ""
    recalled: bool = False
    chosen: dict[str, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All words a person can read on it, line by line."""
        return "\n".join(line for line in words_of(self.kind, self.body) if line)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.message_id, "userid": self.userid, "at": self.at.isoformat(), "by": self.by,
            "kind": self.kind, "body": self.body, "msgid": self.msgid, "greyed": self.greyed,
            "recalled": self.recalled, "chosen": self.chosen, "changes": len(self.history),
            "text": self.text, "bytes": len(str(self.body.get("content", "")).encode("utf-8", "replace")),
        }


def words_of(kind: str, body: dict[str, Any]) -> Iterator[str]:
    """The readable strings of a message body, in the order of the screen."""
    if kind == "image" and not body.get("label"):
        yield "[图片]"
    if kind != "template_card":
        yield from (str(body[k]) for k in ("label", "title", "content", "description") if body.get(k))
        return
    for part in ("source", "main_title", "emphasis_content", "quote_area"):
        block = body.get(part) or {}
        yield from (str(block[k]) for k in ("title", "desc", "quote_text") if block.get(k))
    yield str(body.get("sub_title_text", ""))
    for row in body.get("horizontal_content_list") or []:
        yield f"{row.get('keyname', '')} {row.get('value', '')}"
    for row in body.get("vertical_content_list") or []:
        yield f"{row.get('title', '')} {row.get('desc', '')}"
    for question in questions_of(body):
        yield str(question.get("title", ""))
        yield from (str(o.get("text", "")) for o in question.get("option_list") or [])
    yield from (str(b.get("text") or b.get("title", "")) for b in buttons_of(body))
    yield str(body.get("replace_text", ""))


def questions_of(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Selections, votes and selects of a card."""
    single = [card[k] for k in ("button_selection", "checkbox") if card.get(k)]
    return [*single, *(card.get("select_list") or [])]


def buttons_of(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that can be pressed and calls back."""
    submit = [card["submit_button"]] if card.get("submit_button") else []
    return [*(card.get("button_list") or []), *submit, *menu_of(card)]


def menu_of(card: dict[str, Any]) -> list[dict[str, Any]]:
    return list((card.get("action_menu") or {}).get("action_list") or [])


def label_of(kind: str) -> str:
    """What stands for a file of a customer."""
    return {"image": "[图片]"}.get(kind, f"[{kind}]")


@dataclass
class CustomerSeen:
    """One bubble on a customer's phone. `by` is "adviser", "customer" (what he wrote to 微信客服), "kf" (its
    answers), "sms" (a text message) or "wecom" for a grey note."""

    message_id: int
    external_userid: str
    at: datetime
    by: CustomerSide
    sender: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.message_id, "customer": self.external_userid, "at": self.at.isoformat(), "by": self.by,
            "sender": self.sender, "text": self.text,
        }


class CustomerChats:
    """What customers see on their phones."""

    def __init__(self, publish: Publish) -> None:
        self.all: list[CustomerSeen] = []
        self._ids = itertools.count(1)
        self._publish = publish

    def show(
        self, external_userid: str, at: datetime, by: CustomerSide, sender: str, text: str
    ) -> None:
        bubble = CustomerSeen(next(self._ids), external_userid, at, by, sender, text)
        self.all.append(bubble)
        self._publish({"type": "customer_message", "customer": external_userid, "message": bubble.as_dict()})

    def of(self, external_userid: str) -> list[CustomerSeen]:
        return [b for b in self.all if b.external_userid == external_userid]


class Chats:
    """Every member's chat with the app, in one list in order of arrival."""

    def __init__(self, publish: Publish) -> None:
        self.all: list[Seen] = []
        self._by_id: dict[int, Seen] = {}
        self._ids = itertools.count(1)
        self._publish = publish

    def show(self, userid: str, at: datetime, kind: str, body: dict[str, Any], **more: Any) -> Seen:
        """Put a bubble at the end of a member's chat."""
        bubble = Seen(next(self._ids), userid, at, kind, copy.deepcopy(body), **more)
        self.all.append(bubble)
        self._by_id[bubble.message_id] = bubble
        self._publish({"type": "message", "userid": userid, "message": bubble.as_dict()})
        return bubble

    def get(self, userid: str, message_id: int) -> Seen:
        """A bubble of this member's own chat. Raises LookupError for any other."""
        bubble = self._by_id.get(message_id)
        if bubble is None or bubble.userid.casefold() != userid.casefold():
            raise LookupError("聊天里没有这条消息。")
        return bubble

    def of(self, userid: str) -> list[Seen]:
        return [b for b in self.all if b.userid.casefold() == userid.casefold()]

    def sent_as(self, msgid: str) -> list[Seen]:
        return [b for b in self.all if b.msgid == msgid and b.by == "app"]

    def redraw(self, bubble: Seen, card: dict[str, Any] | None, greyed: str = "") -> None:
        """Replace a card, or only its button's text (the old look goes to `history`)."""
        bubble.history.append(copy.deepcopy(bubble.body))
        if card is not None:
            bubble.body = copy.deepcopy(card)
        bubble.greyed = greyed or (str(card.get("replace_text", "")) if card else "")
        self.changed(bubble)

    def recall(self, bubble: Seen) -> None:
        bubble.recalled = True
        self.changed(bubble)

    def changed(self, bubble: Seen) -> None:
        self._publish({"type": "card_updated", "userid": bubble.userid, "message": bubble.as_dict()})
