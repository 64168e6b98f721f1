"""The menu at the foot of the chat. Keys are intents, so a tap does what the words would do.

WeCom keeps one menu for an app, the same for all members: 日报 tells managers of the team, advisers of themselves.
Limits: 1 to 3 entries with 1 to 5 below each; names of 16 bytes above, 40 below; keys of 128
(developer.work.weixin.qq.com/document/path/90231)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.router import MENU_KEYS

TOP_BYTES, SUB_BYTES, KEY_BYTES = 16, 40, 128
MOST_TOP, MOST_SUB = 3, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A word to tap, and the intent it stands for."""

    name: str
    intent: str


@dataclass(frozen=True, slots=True)
class Group:
    """An entry of the menu with the entries that open above it."""

    name: str
    entries: Sequence[Entry]


MENU: tuple[Group, ...] = (
    Group("今日", (
        Entry("今日待办", "agenda.today"),
        Entry("明天日程", "agenda.day"),
        Entry("我的提醒", "reminder.list"),
        Entry("近期生日", "birthday.list"),
        Entry("撤销刚才的操作", "undo"),
    )),
    Group("清单", (
        Entry("续保清单", "renewal.list"),
        Entry("保费进度", "premium.list"),
        Entry("还款清单", "repayment.list"),
        Entry("近期到期", "due.list"),
        Entry("我的客户", "client.list"),
    )),
    Group("更多", (
        Entry("日报", "stats.digest"),
        Entry("我的数据", "stats.me"),
        Entry("帮助", "help"),
    )),
)  # fmt: skip


def payload(groups: Sequence[Group] = MENU) -> dict[str, Any]:
    """The body of menu/create. Raises ValueError for a menu that WeCom would refuse."""
    if not 1 <= len(groups) <= MOST_TOP:
        raise ValueError("a menu has 1 to 3 entries")
    return {"button": [_group(group) for group in groups]}


def _group(group: Group) -> dict[str, Any]:
    if not 1 <= len(group.entries) <= MOST_SUB:
        raise ValueError(f"menu entry {group.name!r} has {len(group.entries)} below it, WeCom takes 1 to 5")
    return {"name": _checked(group.name, TOP_BYTES), "sub_button": [_entry(e) for e in group.entries]}


def _entry(entry: Entry) -> dict[str, str]:
    return {"type": "click", "name": _checked(entry.name, SUB_BYTES), "key": _checked(entry.intent, KEY_BYTES)}


def _checked(text: str, most: int) -> str:
    if not 1 <= len(text.encode()) <= most:
        raise ValueError(f"{text!r} takes {len(text.encode())} bytes in a menu, WeCom allows {most}")
    return text


APP_MENU = payload()
MENU_KEYS.update(entry.intent for group in MENU for entry in group.entries)
