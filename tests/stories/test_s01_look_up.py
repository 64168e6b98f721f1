"""S01: look-up with same names, then follow-up turns."""

from __future__ import annotations

import re

from bot.sandbox.run import Sandbox
from storage import audit
from tests.stories.conftest import Story


async def test_two_clients_of_one_name_are_offered_with_masked_phone_and_tier_only(li: Story):
    heard = await li.says("查客户 王芳")
    assert "有 2 位「王芳」" in heard
    assert re.search(r"① 13[89]\*{4}0\d{3} (贵宾|大众)", heard)
    assert re.search(r"② 13[89]\*{4}0\d{3} (贵宾|大众)", heard)
    assert "保单" not in heard


async def test_the_chosen_client_comes_as_a_short_card(li: Story):
    await li.says("查客户 王芳")
    heard = await li.says("1")
    assert "王芳" in heard
    assert "贵宾" in heard
    assert "138****0101" in heard
    assert "13800000101" not in heard
    assert len(li.card.body["horizontal_content_list"]) <= 6


async def test_her_policies_are_understood_for_ten_minutes(li: Story, sandbox: Sandbox):
    await li.says("查客户 王芳")
    await li.says("1")
    heard = await li.says("她的保单呢")
    assert "暖阳百万医疗" in heard
    assert "安康重疾险" in heard
    heard = await li.says("时间线")
    assert "重疾险续保" in heard
    await li.at("2025-06-09T09:20:00")
    assert "哪位客户" in await li.says("她的保单呢")


async def test_details_and_the_card_buttons_lead_on(li: Story):
    await li.says("王芳")
    await li.says("1")
    assert "中学老师" in await li.says("详情")
    assert "时间线" in await li.taps("时间线")


async def test_a_colleagues_client_and_nobody_get_the_same_answer(li: Story):
    foreign = await li.says("查客户 刘洋")
    nobody = await li.says("查客户 赵四海")
    assert foreign.replace("刘洋", "X") == nobody.replace("赵四海", "X")


async def test_every_read_is_in_the_audit_trail(li: Story, sandbox: Sandbox):
    await li.says("查客户 张敏")
    with sandbox.app.database.engine.connect() as conn:
        assert audit.verify(conn, sandbox.app.database.vault) is None
        rows = conn.exec_driver_sql("SELECT action FROM audit WHERE actor = 'lixiang'").scalars().all()
    assert "read" in rows


async def test_clients_are_found_by_tail_pinyin_initials_and_part_of_the_name(li: Story):
    for words in ("尾号0103", "zhangmin", "查 张敏"):
        heard = await li.says(words)
        assert "张敏" in heard, words
