"""The command line for members and keys, as an administrator types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.roster import Enlisted
from bot.sandbox.corp import Corp
from storage.model.people import User
from storage.vault import Keys
from tests.bot.commands.conftest import Type


def test_a_member_gets_another_manager_name_and_line(types: Type):
    done = types("user", "set", "--id", "LiXiang", "--manager", "zhouning", "--name", "李想", "--line", "bank")
    assert done.exit_code == 0, done.output
    assert "已修改成员 lixiang（adviser，上级 zhouning，业务线 bank）" in done.output
    assert "lixiang\t李想\tadviser\tzhouning\tbank" in types("user", "list").output


@pytest.mark.parametrize(("words", "code", "problem"), [
    (("--manager", "nobody"), 1, "找不到上级"),
    (("--manager", "lixiang"), 1, "自己或下属"),
    (("--role", "boss"), 2, "没有角色"),
    ((), 2, "没有要修改的内容"),
])  # fmt: skip
def test_a_change_that_cannot_be_says_why_and_fails(types: Type, words: tuple[str, ...], code: int, problem: str):
    refused = types("user", "set", "--id", "wangke", *words)
    assert refused.exit_code == code
    assert problem in refused.output


def test_a_disabled_member_is_enabled_again(types: Type):
    assert types("user", "disable", "--id", "lixiang").exit_code == 0
    assert "lixiang" not in types("user", "list").output
    assert types("user", "enable", "--id", "lixiang").exit_code == 0
    assert "lixiang" in types("user", "list").output
    assert types("user", "enable", "--id", "stranger").exit_code == 1


def test_members_cannot_be_fetched_before_the_corp_is_named(types: Type):
    refused = types("user", "sync")
    assert refused.exit_code == 2
    assert "还缺少配置" in refused.output


@pytest.fixture
def named_corp(monkeypatch: pytest.MonkeyPatch) -> None:
    corp = Corp.sandbox()
    for name, value in {
        "CORP_ID": corp.corp_id, "AGENT_ID": str(corp.agent_id), "AGENT_SECRET": corp.secret,
        "CALLBACK_TOKEN": corp.token, "CALLBACK_AES_KEY": corp.aes_key,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"BOT_{name}", value)


@pytest.mark.usefixtures("named_corp")
def test_members_who_could_not_be_fetched_are_named_and_the_command_fails(types: Type, monkeypatch: pytest.MonkeyPatch):
    async def look(*_: object) -> Enlisted:
        return Enlisted([User("lily", "某人", "adviser")], {"张三": "账号只能含字母"})

    monkeypatch.setattr("bot.roster.enlist_newcomers", look)
    told = types("user", "sync")
    assert told.exit_code == 1
    assert "新增 1 位成员" in told.output
    assert "张三：账号只能含字母。" in told.output


def test_a_rotated_key_is_retired_by_its_name(types: Type, tmp_path: Path):
    before = Keys.load(tmp_path / "var" / "keys.json").primary
    assert "没有旧密钥" in types("keys", "retire").output
    assert types("keys", "rotate").exit_code == 0
    retired = types("keys", "retire")
    assert retired.exit_code == 0, retired.output
    assert f"已停用旧密钥 {before}" in retired.output
    assert list(Keys.load(tmp_path / "var" / "keys.json").encryption) != [before]
