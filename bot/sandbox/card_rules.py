"""What WeCom refuses in a template card, by its own error codes (path/90236, codes in path/90313)."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.chats import menu_of, questions_of
from bot.sandbox.errors import ApiError

TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
NOTICES = {"text_notice", "news_notice"}
INTERACTIONS = {"button_interaction", "vote_interaction", "multiple_interaction"}


def can_be_updated(card: dict[str, Any]) -> bool:
    """Interactive cards, and notices with an action menu, call back and may be redrawn."""
    return card.get("card_type") in INTERACTIONS or bool(menu_of(card))


def check_card(card: dict[str, Any], *, update: bool = False) -> None:
    """Raise ApiError for the first part that WeCom would refuse.

    In an update a `replace_text` may stand in for the buttons."""
    kind = card.get("card_type")
    if kind not in NOTICES | INTERACTIONS:
        raise ApiError(42031, str(kind))
    if can_be_updated(card) and not update:
        _task_id(card)
    _titles(card)
    _lists(card)
    _action(card)
    _menu(card)
    dead = update and bool(card.get("replace_text"))
    if kind == "news_notice" and not _text(card, "card_image", "url") and not card.get("image_text_area"):
        raise ApiError(42044)
    if kind == "button_interaction" and not dead:
        _buttons(card)
    if kind in {"vote_interaction", "multiple_interaction"}:
        _questions_required(card)
        if not dead:
            _submit(card)
    for question in questions_of(card):
        _question(question, most=20 if question is card.get("checkbox") else 10)


def _text(card: dict[str, Any], part: str, name: str) -> str:
    return str((card.get(part) or {}).get(name) or "")


def _task_id(card: dict[str, Any]) -> None:
    if not TASK_ID.fullmatch(str(card.get("task_id") or "")):
        raise ApiError(42014, "missing or with characters that are not allowed")


def _titles(card: dict[str, Any]) -> None:
    title = _text(card, "main_title", "title")
    if not title and not (card["card_type"] == "text_notice" and card.get("sub_title_text")):
        raise ApiError(42033, "main_title.title")


def _lists(card: dict[str, Any]) -> None:
    rows = card.get("horizontal_content_list") or []
    if len(rows) > 6:
        raise ApiError(42035)
    for row in rows:
        _row(row)
    verticals = card.get("vertical_content_list") or []
    if len(verticals) > 4:
        raise ApiError(42036)
    if any(not v.get("title") for v in verticals):
        raise ApiError(42033, "vertical_content_list.title")
    jumps = card.get("jump_list") or []
    if len(jumps) > 3:
        raise ApiError(42042)
    for jump in jumps:
        if not jump.get("title"):
            raise ApiError(42033, "jump_list.title")
        _target(jump)


def _row(row: dict[str, Any]) -> None:
    if not row.get("keyname"):
        raise ApiError(42027)
    needed = {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)}
    name, code = needed.get(row.get("type", 0), ("keyname", 42027))
    if not row.get(name):
        raise ApiError(code)


def _target(link: dict[str, Any]) -> None:
    if link.get("type", 0) == 1 and not link.get("url"):
        raise ApiError(42028)
    if link.get("type", 0) == 2 and not link.get("appid"):
        raise ApiError(42030)


def _action(card: dict[str, Any]) -> None:
    action = card.get("card_action")
    if card["card_type"] in NOTICES and (not action or action.get("type") not in {1, 2}):
        raise ApiError(42045)
    _target(action or {})


def _menu(card: dict[str, Any]) -> None:
    entries = menu_of(card)
    if card.get("action_menu") and not 1 <= len(entries) <= 10:
        raise ApiError(42039, "action_menu.action_list")
    if any(not e.get("text") or not e.get("key") for e in entries):
        raise ApiError(42039, "action_menu.action_list")
    _unique([str(e["key"]) for e in entries])


def _buttons(card: dict[str, Any]) -> None:
    buttons = card.get("button_list") or []
    if not 1 <= len(buttons) <= 6:
        raise ApiError(42038, "1 to 6 buttons")
    for button in buttons:
        if not button.get("text"):
            raise ApiError(42038)
        if button.get("type", 0) == 1:
            _target({"type": 1, "url": button.get("url")})
        elif not 1 <= len(str(button.get("key") or "").encode()) <= 1024:
            raise ApiError(42039)
    _unique([str(b["key"]) for b in buttons if b.get("type", 0) == 0])


def _submit(card: dict[str, Any]) -> None:
    if not _text(card, "submit_button", "text"):
        raise ApiError(42049)
    if not 1 <= len(_text(card, "submit_button", "key").encode()) <= 1024:
        raise ApiError(42046)


def _questions_required(card: dict[str, Any]) -> None:
    if card["card_type"] == "vote_interaction" and not card.get("checkbox"):
        raise ApiError(42043, "checkbox")
    if card["card_type"] == "multiple_interaction" and not 1 <= len(card.get("select_list") or []) <= 3:
        raise ApiError(42047)


def _question(question: dict[str, Any], most: int) -> None:
    if not 1 <= len(str(question.get("question_key") or "").encode()) <= 1024:
        raise ApiError(42043)
    options = question.get("option_list") or []
    if not 1 <= len(options) <= most:
        raise ApiError(42037)
    for option in options:
        if not 1 <= len(str(option.get("id") or "").encode()) <= 128:
            raise ApiError(42040)
        if not option.get("text"):
            raise ApiError(42041)
    _unique([str(o["id"]) for o in options])


def _unique(keys: list[str]) -> None:
    if len(set(keys)) != len(keys):
        raise ApiError(42051)
