"""撤销, 草稿, 继续, 取消: what they mean while something is open, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, "lixiang")



def test_undo_closes_an_open_question_first_and_names_what_comes_next(li, cast, database, clock):
    with database.transaction(cast.li, clock.now()) as uow:
        for _ in range(2):
            a_client(uow, "王芳")
        a_client(uow, "陈静", occupation="会计")
    li.says("陈静 职业 教师")
    assert "有 2 位「王芳」" in li.says("王芳 已续")
    heard = li.says("撤销")
    assert "问题已关闭，没有改动" in heard
    assert "再发一次「撤销」会撤回：修改「陈静」的职业" in heard
    assert "已撤销：修改「陈静」的职业" in li.says("撤销")


def test_undo_takes_back_what_was_written_after_the_form_was_opened(li, cast, database, clock):
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "陈静")
    li.says("新增客户 李强 13800000001")
    clock.advance(timedelta(minutes=1))
    li.asks("client.update", client="陈静", client_id=client.id, field="occupation", value="教师")  # the form stays in hand
    assert "已撤销：修改「陈静」的职业" in li.says("撤销")
    assert "李强" in li.says("草稿")


@pytest.mark.parametrize("words", ["继续", "草稿", "看看草稿", "继续吧"])
def test_a_draft_is_shown_and_nothing_saved_by_going_on(li, words):
    li.says("新增客户 李强 13800000001")
    assert "请核对新客户" in li.says(words)
    assert li.sees(lambda uow: uow.clients.count()) == 0
    assert "已新增客户「李强」" in li.says("确认")
    assert "没有未保存的草稿" in li.says("草稿")


def test_a_second_draft_puts_the_first_aside_and_says_how_to_get_back(li):
    li.says("新增客户 甲一 13900005551")
    heard = li.says("新增客户 乙二 13900005552")
    assert "新客户「甲一」草稿先放在一边" in heard
    assert "没保存的新客户「甲一」草稿" in li.says("确认")
    assert "姓名：甲一" in li.says("草稿")
    assert "已新增客户「甲一」" in li.says("确认")


def test_the_same_client_typed_again_replaces_the_draft(li):
    li.says("新增客户 甲一 13900005551")
    assert "由这一份代替" in li.says("新增客户 甲一 13900005552")
    assert "没保存" not in li.says("取消")
    assert "没有未保存的草稿" in li.says("草稿")


def test_cancelling_nothing_is_said_to_be_nothing(li):
    assert li.says("取消") == "没有正在进行的操作。"


def test_yes_after_rewriting_a_text_does_what_the_button_does(li, cast, database, clock):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "张敏")
    li.says("给张敏写生日祝福")
    li.says("改写 祝张女士生日快乐")
    assert "还没有登记关怀授权" in li.says("确认")
    assert "文案已定稿" in li.says("确认")


def test_tapping_send_twice_asks_for_the_consent_once(li, cast, database, clock):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "张敏")
    li.says("给张敏写生日祝福")
    assert "征得同意了吗" in li.taps("发送")
    assert li.taps("发送") == ""
    assert "文案已定稿" in li.says("确认")


def test_what_cannot_be_taken_back_is_not_promised_to_be(li):
    li.says("新增客户 甲一 13900005551")
    li.says("确认")
    li.taps("提交", selections={"purposes": ["care"]})
    li.says("新增客户 乙二 13900005552")
    heard = li.says("撤销")
    assert "已取消" in heard
    assert "再发一次" not in heard
