"""Help by role, and what is no command (R308, R310, R313, S44)."""

from __future__ import annotations

import re

import pytest

from handlers.language import Meaning
from handlers.router import COMMANDS
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast
from tests.handlers.asking import Desk, words_of


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> dict[str, Desk]:
    return {name: Desk(database, clock, name) for name in ("lixiang", "wangke", "shenyue", "hexin")}


@pytest.mark.parametrize(("who", "shown", "hidden"), [
    ("lixiang", "记 王芳 今天电话聊了重疾", "校验日志"),
    ("wangke", "展开 超时", "校验日志"),
    ("shenyue", "审计 王芳 近30天", "记 王芳"),
    ("hexin", "系统状态", "查客户 王芳"),
])
def test_everyone_is_shown_what_the_own_role_may_do(desks: dict[str, Desk], who: str, shown: str, hidden: str):
    heard = desks[who].asks("help")
    assert shown in heard
    assert hidden not in heard


def test_a_topic_lists_all_its_examples(desks: dict[str, Desk]):
    heard = desks["lixiang"].asks("help", topic="待办")
    assert "2 稍后 周三上午" in heard
    assert "1 转交 小王" in heard


def test_a_question_how_to_say_something_is_answered_with_the_example(desks: dict[str, Desk]):
    assert "查客户 王芳" in desks["lixiang"].asks("help", text="我要查客户怎么打")
    assert "王芳 加标签 重疾意向" in desks["lixiang"].asks("help", topic="加标签")


def test_the_tags_can_be_listed(desks: dict[str, Desk]):
    assert "重疾意向" in desks["lixiang"].asks("help", topic="标签")


def test_an_unknown_topic_is_said_and_the_overview_follows(desks: dict[str, Desk]):
    heard = desks["lixiang"].asks("help", topic="量子力学")
    assert "没有「量子力学」" in heard
    assert "今日待办" in heard


def test_every_help_fits_one_message(desks: dict[str, Desk]):
    for desk in desks.values():
        assert len(desk.asks("help").encode()) <= 2048
    groups = {known.group for known in COMMANDS.values() if known.group}
    assert all(len(desks["wangke"].asks("help", topic=group).encode()) <= 2048 for group in groups)


def test_every_group_that_the_overview_names_can_be_asked_for(desks: dict[str, Desk]):
    for desk in desks.values():
        for group in re.findall("「帮助 (..)」", desk.says("帮助")):
            assert f"「{group}」可以这样说" in desk.says(f"帮助 {group}")


def test_nothing_of_a_group_is_left_out(desks: dict[str, Desk]):
    heard = desks["lixiang"].says("帮助 客户")
    for known in COMMANDS.values():
        if known.group == "客户" and known.example and "adviser" in known.roles:
            assert known.example in heard


def test_how_consent_to_marketing_is_written_down_can_be_found(desks: dict[str, Desk]):
    for said in ("帮助 客户", "帮助 营销", "帮助 授权"):
        assert "陈静 同意营销" in desks["lixiang"].says(said)


def test_who_confirms_twice_hears_that_it_is_done(desks: dict[str, Desk]):
    assert "没有等您确认的事" in desks["lixiang"].says("确认")
    desks["lixiang"].says("明天下午3点提醒我打电话")
    heard = desks["lixiang"].says("确认")
    assert "已经办好了，没有再做一次" in heard
    desks["lixiang"].says("撤销")
    assert "已经办好" not in desks["lixiang"].says("确认")


def test_what_is_not_understood_is_said_with_the_two_nearest(desks: dict[str, Desk]):
    heard = desks["lixiang"].asks("none", text="帮我看下今日的待办事项咋样了")
    assert "没听懂" in heard
    assert "今日待办" in heard
    assert heard.count("· ") <= 2


def test_numbers_in_what_was_not_understood_are_not_repeated(desks: dict[str, Desk]):
    assert "13812345678" not in desks["lixiang"].asks("none", text="13812345678 呃呃")


def test_a_figure_that_cannot_be_computed_is_not_invented(desks: dict[str, Desk]):
    assert "算不了" in desks["wangke"].asks("none", text="今年哪个渠道的客户最赚钱")


def test_what_is_understood_but_not_there_yet_is_said_as_such(desks: dict[str, Desk]):
    heard = desks["lixiang"].asks("data.export")
    assert "「导入导出」功能还没有开通" in heard
    assert "没有做任何改动" in heard


def test_small_talk_leads_back_to_work(desks: dict[str, Desk]):
    assert "不客气" in desks["lixiang"].asks("chitchat", text="谢谢你")
    assert "今日待办" in desks["lixiang"].asks("chitchat", text="你好")


def test_feedback_reaches_operations_masked(desks: dict[str, Desk]):
    li = desks["lixiang"]
    assert "已转给运营" in li.asks("feedback", content="客户 13812345678 的生日没提醒")
    ((receiver, letter),) = li.letters
    assert receiver == "hexin"
    assert "李顾问" in words_of(letter)
    assert "13812345678" not in words_of(letter)


def test_home_puts_a_question_aside_but_keeps_a_draft(desks: dict[str, Desk]):
    li = desks["lixiang"]
    li.asks("client.create", client="李强", name="李强", phone="19900000001")
    li.asks("home")
    assert li.sees(lambda uow: uow.conversations.load("lixiang")).get("draft") is not None


def test_every_example_says_what_it_is_for():
    assert [known.name for known in COMMANDS.values() if known.example and not (known.help and known.group)] == []
    assert Meaning("help").intent in COMMANDS


def test_why_a_phone_is_masked_is_said(desks: dict[str, Desk]):
    assert "打码显示" in desks["lixiang"].says("完整手机号")
