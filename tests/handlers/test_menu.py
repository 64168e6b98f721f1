"""The menu at the foot of the chat, within WeCom's limits."""

from __future__ import annotations

import pytest

import handlers.commands  # noqa: F401  (registers every command)
from handlers.menu import APP_MENU, MENU, Entry, Group, payload
from handlers.router import COMMANDS


def test_every_entry_is_a_command():
    assert [e.intent for group in MENU for e in group.entries if e.intent not in COMMANDS] == []


def test_the_menu_keeps_to_the_limits_of_wecom():
    assert 1 <= len(APP_MENU["button"]) <= 3
    for top in APP_MENU["button"]:
        assert len(top["name"].encode()) <= 16
        assert 1 <= len(top["sub_button"]) <= 5
        for sub in top["sub_button"]:
            assert sub["type"] == "click"
            assert len(sub["name"].encode()) <= 40
            assert len(sub["key"].encode()) <= 128


@pytest.mark.parametrize("groups", [
    [],
    [Group("甲", [Entry("乙", "help")])] * 4,
    [Group("名字太长的菜单", [Entry("乙", "help")])],
    [Group("甲", [])],
    [Group("甲", [Entry("乙", "help")] * 6)],
    [Group("甲", [Entry("太长" * 10, "help")])],
])
def test_a_menu_that_wecom_would_refuse_is_refused_here(groups: list[Group]):
    with pytest.raises(ValueError, match=r"menu|bytes"):
        payload(groups)
