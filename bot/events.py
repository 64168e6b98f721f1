"""Decrypted XML → typed values. Never raises: what it cannot read becomes `Unknown`, kept and acknowledged.

Fields: developer.work.weixin.qq.com/document/path/90239 (messages), 90240 (events). Repeated elements become
lists in `raw` (only `SelectedItem` and `OptionId` need it here; handlers use `every` for the others)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring as parse_without_doctype

from bot.flat_xml import flat_fields
from storage.model.incoming import (
    CardClick,
    Event,
    Incoming,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    TextMessage,
    Unknown,
)

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DEPTH = 20
_MAX_ID = 64


@lru_cache(maxsize=256)  # reception reads it first, and a moment later, mostly in the same process, the worker
def parse(xml: str) -> Incoming:
    """What the callback says. `Unknown` with kind "unreadable" for anything that is not WeCom's XML."""
    try:
        raw = _tree(xml)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return Unknown("", _NO_TIME, "", {}, kind="unreadable")
    common = (_id(raw, "FromUserName").casefold(), _instant(raw), _id(raw, "AgentID"), raw)
    # Real samples carry an Event element in a text message: the type decides first.
    kind = _id(raw, "MsgType").casefold()
    if kind == "event":
        return _event(common, raw)
    build = _MESSAGES.get(kind)
    if build is None:
        return Unknown(*common, kind=kind or "info:" + _id(raw, "InfoType"))
    return build(common, raw) or Unknown(*common, kind=kind)


def queue_of(incoming: Incoming) -> str:
    """Whose messages it waits behind: its sender's. What WeCom says by itself waits behind what it says of the same
    member or account alone, so that no burst about some lets the welcome of another expire."""
    if not isinstance(incoming, Event) or incoming.sender != "sys":
        return incoming.sender
    about = _id(incoming.raw, "UserID") or _id(incoming.raw, "OpenKfId")
    return f"sys:{about.strip().casefold()}"[:_MAX_ID] if about else "sys"


def dedupe_key(incoming: Incoming, xml: str, agent: int | str) -> str:
    """The inbox key: `agent:sender:MsgId` where there is a MsgId, else `h:` and the plaintext's SHA-256.

    Not FromUserName + CreateTime, which WeCom suggests: two events of one second would be one. Agent and
    sender belong to the key because a MsgId alone was seen to clash."""
    msg_id = _id(incoming.raw, "MsgId")
    if msg_id.isascii() and msg_id.isdigit() and len(msg_id) <= 20 and 0 < len(incoming.sender) <= _MAX_ID:
        return f"{agent}:{incoming.sender}:{msg_id}"
    return "h:" + hashlib.sha256(xml.encode("utf-8", "surrogatepass")).hexdigest()


def is_addressed_to(incoming: Incoming, corp_id: str, agent_id: int | str) -> bool:
    """Whether a callback that opened with our keys also speaks to our corp and app.

    System events may name another app or none (the approval app, the archive), so only what members send
    must name ours; an absent name passes."""
    corp = _id(incoming.raw, "ToUserName")
    if corp and corp.casefold() != corp_id.casefold():
        return False
    from_member = incoming.sender not in ("", "sys")
    return not (from_member and incoming.agent_id and incoming.agent_id != str(agent_id))


def every(raw: Mapping[str, Any], *path: str) -> list[Any]:
    """All values at a path of element names, whether an element came once, many times or not at all."""
    found: list[Any] = [raw]
    for name in path:
        inner = [node[name] for node in found if isinstance(node, Mapping) and name in node]
        found = [one for node in inner for one in (node if isinstance(node, list) else [node])]
    return found


# ---------------------------------------------------------------- the tree


def _tree(xml: str) -> dict[str, Any]:
    if (flat := flat_fields(xml)) is not None:
        return flat  # as nearly all are: nothing nested, nothing repeated
    # A declaration starts with exactly these letters. A member may also type them, which is only text:
    # the slower parser knows the difference and refuses the declaration.
    if "\0" in xml:
        raise ValueError("expat would take it for UTF-16")
    suspicious = "<!DOCTYPE" in xml
    root = parse_without_doctype(xml, forbid_dtd=True) if suspicious else ElementTree.fromstring(xml)
    if root.tag != "xml":
        raise ValueError("the root element must be <xml>")
    value = _value(root, _MAX_DEPTH)
    return value if isinstance(value, dict) else {}


def _value(element: ElementTree.Element, depth: int) -> str | dict[str, Any]:
    if not len(element):
        return element.text or ""
    if not depth:
        raise ValueError("nested too deep")
    fields: dict[str, Any] = {}
    for child in element:
        value = _value(child, depth - 1)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields


def _text(raw: Mapping[str, Any], name: str) -> str:
    """The first text under a name, "" when there is none."""
    value = raw.get(name, "")
    if isinstance(value, str):
        return value
    first = value[0] if isinstance(value, list) else ""
    return first if isinstance(first, str) else ""


def _id(raw: Mapping[str, Any], name: str) -> str:
    return _text(raw, name).strip()


def _instant(raw: Mapping[str, Any]) -> datetime:
    """CreateTime, in Unix seconds beyond 32 bits; the epoch itself when it cannot be read."""
    seconds = _id(raw, "CreateTime") or _id(raw, "TimeStamp")
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return _NO_TIME


# ---------------------------------------------------------------- messages and events

_Common = tuple[str, datetime, str, Mapping[str, Any]]
_Builder = Callable[[_Common, Mapping[str, Any]], Incoming | None]


def _text_message(common: _Common, raw: Mapping[str, Any]) -> Incoming:
    return TextMessage(*common, msg_id=_id(raw, "MsgId"), content=_text(raw, "Content"))


def _media(kind: str) -> _Builder:
    def build(common: _Common, raw: Mapping[str, Any]) -> Incoming:
        return MediaMessage(*common, msg_id=_id(raw, "MsgId"), kind=kind, media_id=_id(raw, "MediaId"))

    return build


def _location(common: _Common, raw: Mapping[str, Any]) -> Incoming | None:
    try:
        latitude, longitude = float(_id(raw, "Location_X")), float(_id(raw, "Location_Y"))
    except ValueError:
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    return LocationMessage(
        *common, msg_id=_id(raw, "MsgId"), latitude=latitude, longitude=longitude, label=_text(raw, "Label")
    )


def _link(common: _Common, raw: Mapping[str, Any]) -> Incoming:
    return LinkMessage(
        *common, msg_id=_id(raw, "MsgId"), title=_text(raw, "Title"),
        description=_text(raw, "Description"), url=_id(raw, "Url"),
    )  # fmt: skip


_MESSAGES: dict[str, _Builder] = {
    "text": _text_message,
    "location": _location,
    "link": _link,
    **{kind: _media(kind) for kind in ("image", "voice", "video", "file")},
}


def _event(common: _Common, raw: Mapping[str, Any]) -> Incoming:
    # WeCom writes click and CLICK, location and LOCATION.
    name = _id(raw, "Event").casefold()
    if not name:
        return Unknown(*common, kind="event")
    if name == "click":
        return MenuClick(*common, key=_text(raw, "EventKey"))
    if name in ("template_card_event", "template_card_menu_event"):
        return _card_click(common, raw)
    return Event(*common, event=name, change_type=_id(raw, "ChangeType").casefold())


def _card_click(common: _Common, raw: Mapping[str, Any]) -> Incoming:
    return CardClick(
        *common, key=_text(raw, "EventKey"), task_id=_id(raw, "TaskId"), card_type=_id(raw, "CardType"),
        response_code=_id(raw, "ResponseCode"), selections=_selections(raw),
    )  # fmt: skip


def _selections(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for item in every(raw, "SelectedItems", "SelectedItem"):
        if isinstance(item, Mapping):
            options = every(item, "OptionIds", "OptionId")
            chosen[_text(item, "QuestionKey")] = tuple(o for o in options if isinstance(o, str))
    return chosen
