"""Holes that a review found, kept shut: undo across lasting acts, several acts in one sentence, released messages,
searches that failed, cards older than their holder's rights."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.sandbox.chats import buttons_of
from storage import tables
from tests.stories.conftest import Story


def _audited(story: Story, action: str) -> int:
    with story.sandbox.app.database.engine.connect() as conn:
        return len(conn.execute(select(tables.audit.c.seq).where(
            tables.audit.c.action == action, tables.audit.c.actor == story.user
        )).all())


async def test_undo_does_not_reach_past_an_act_that_cannot_be_taken_back(li: Story):
    await li.says("张敏 职业 教师")
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    await li.taps("提交", purposes=["care"])
    assert "不能自动撤销" in await li.says("撤销")
    assert "钱多多" in (await li.says("查客户 钱多多"))


async def test_when_a_later_act_of_a_sentence_fails_nothing_of_it_is_kept_and_that_is_said(li: Story):
    heard = await li.says("张敏职业改成教师，另外把陈静的电话改成1390000")
    assert "没有保存" in heard or "手机号" in heard
    assert "教师" not in await li.says("张敏 详情")


async def test_probing_for_a_number_leaves_a_trace_although_nothing_was_found(li: Story):
    before = _audited(li, "search")
    assert "没有找到" in await li.says("尾号9876")
    assert _audited(li, "search") == before + 1


async def test_a_card_does_nothing_for_a_holder_who_lost_the_role(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    key = buttons_of(li.card.body)[0]["key"]
    database = li.sandbox.app.database
    with database.engine.begin() as conn:
        before = conn.execute(select(tables.consents.c.id)).all()
        conn.execute(update(tables.users).where(tables.users.c.id == "lixiang").values(role="ops"))
    await li.sandbox.fake.tap("lixiang", li.card.message_id, key, {"purposes": ["care"]})
    with database.engine.connect() as conn:
        assert conn.execute(select(tables.consents.c.id)).all() == before


async def test_a_menu_key_that_the_menu_does_not_have_runs_nothing(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    before = len(li.sandbox.fake.seen)
    await li.sandbox.fake.click_menu("lixiang", "confirm.yes")
    assert "菜单已经更新" in await li._answers(before)
    assert "没有找到" in await li.says("查客户 钱多多")


async def test_consent_can_be_given_and_withdrawn_in_words(li: Story):
    assert "同意关怀提醒" in await li.says("陈静 同意关怀提醒")
    assert "不同意关怀提醒" in await li.says("陈静 不同意关怀提醒")


async def test_a_number_after_a_new_list_does_not_answer_an_old_question(li: Story):
    await li.says("陈静 不续")
    await li.says("续保清单 60天")
    assert "已登记" not in await li.says("1")


async def test_yes_does_not_meet_a_question_that_was_left(li: Story):
    await li.says("张敏 手机 13800000104")
    await li.says("今日待办")
    assert "已更新" not in await li.says("确认")


async def test_a_relatives_phone_is_not_taken_for_the_clients(li: Story):
    assert "家人" in await li.says("张敏老公电话是13700008888")
    assert "没有保存" in await li.says("取消")


async def test_what_is_denied_is_not_done(li: Story):
    assert "没有做任何修改" in await li.says("张敏手机不要改成13900001111")


async def test_whatever_follows_the_word_note_is_kept(li: Story):
    assert "已记录「张敏」" in await li.says("记 张敏 喜欢喝茶")


async def test_a_field_said_by_its_synonym_is_changed(li: Story):
    assert "系统出错" not in await li.says("张敏 职务改成主任")


async def test_a_hand_over_is_not_confirmed_after_a_command_that_was_refused(wang: Story):
    assert "移交给 周敏？" in await wang.says("把赵磊移交给周敏")
    assert "没有找到" in await wang.says("查客户 钱不在")
    assert "没有等您确认" in await wang.says("确认")
    assert _audited(wang, "hand_over") == 0


async def test_a_hand_over_is_not_confirmed_after_a_tap_on_the_menu(wang: Story):
    assert "移交给 周敏？" in await wang.says("把赵磊移交给周敏")
    before = len(wang.sandbox.fake.seen)
    await wang.sandbox.fake.click_menu("wangke", "stats.digest")
    assert "团队日报" in await wang._answers(before)
    assert "已把" not in await wang.says("好的")


async def test_a_sentence_with_two_acts_waits_for_the_choice_and_is_then_done_once(li: Story):
    assert "有 2 位「王芳」" in await li.says("给张敏记一下今天电话聊了重疾，顺便给王芳加标签 重疾意向")
    assert "电话：今天电话聊了重疾" not in await li.says("张敏 时间线")
    await li.says("给张敏记一下今天电话聊了重疾，顺便给王芳加标签 重疾意向")
    heard = await li.says("1")
    assert "已记录「张敏」" in heard
    assert "已给「王芳」加标签" in heard
    assert (await li.says("张敏 时间线")).count("今天电话聊了重疾") == 1
    assert "已撤销" in await li.says("撤销")
    assert "今天电话聊了重疾" not in await li.says("张敏 时间线")


async def test_a_draft_outlives_other_questions_and_is_shown_again_before_it_is_saved(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("给王芳加标签 重疾意向")
    await li.says("1")
    await li.at("2025-06-12T10:00")
    assert "请核对新客户" in await li.says("好的")
    assert "已新增客户「钱多多」" in await li.says("确认")
