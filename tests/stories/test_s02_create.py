"""S02: create a client in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.sandbox.run import running
from tests.stories.conftest import START, Story, quiet_settings

SENTENCE = "新增客户 李强 13800000001 身份证110105199003071234 中学老师 月入2万 已婚一孩 张敏介绍的 想看重疾险"


async def test_fields_are_echoed_and_the_wrong_check_digit_is_refused_with_a_hint(li: Story):
    heard = await li.says(SENTENCE)
    assert "李强" in heard
    assert "138****0001" in heard
    assert "校验位" in heard
    assert "张敏" in heard
    assert "重疾意向" in heard
    assert "110105199003071234" not in heard


async def test_a_corrected_draft_is_saved_with_birthday_sex_tag_and_referrer(li: Story):
    await li.says(SENTENCE)
    heard = await li.says("身份证改成110105199003071239")
    assert "1990-03-07" in heard
    assert "校验位" not in heard
    heard = await li.says("确认")
    assert "已新增客户「李强」" in heard
    details = await li.says("李强 详情")
    assert "月收入：2 万元" in details
    assert "转介绍" in details
    assert "张敏" in await li.says("李强 家庭")


async def test_the_draft_survives_a_restart(demo_folder: Path, tmp_path: Path):
    shutil.copytree(demo_folder, tmp_path / "data")
    async with running(quiet_settings(tmp_path / "data"), at=START) as before:
        await Story(before, "lixiang").says(SENTENCE)
    async with running(quiet_settings(tmp_path / "data"), at=START) as after:
        li = Story(after, "lixiang")
        assert "1990-03-07" in await li.says("身份证改成110105199003071239")
        assert "已新增" in await li.says("确认")


async def test_consent_is_asked_per_purpose_and_recorded_on_the_card(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    await li.taps("提交", purposes=["service", "care"])
    assert li.card.body["replace_text"] == "已登记"
    assert "服务联系、关怀提醒" in li.card.text


async def test_undo_takes_the_new_client_back(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    assert "已撤销" in await li.says("撤销")
    assert "没有找到" in await li.says("查客户 钱多多")


async def test_undo_ends_after_five_minutes(li: Story):
    await li.says("新增客户 钱多多 13800009001")
    await li.says("确认")
    await li.at("2025-06-09T09:10:00")
    assert "5 分钟" in await li.says("撤销")


async def test_the_same_phone_asks_before_a_second_record_is_made(li: Story):
    await li.says("新增客户 张小敏 13800000103")
    heard = await li.says("确认")
    assert "相似" in heard
    assert "取消" in await li.says("取消")


async def test_an_enterprise_client_is_created_from_one_sentence(li: Story):
    heard = await li.says("新增企业客户 云帆贸易有限公司 电话13800009002 行业 批发零售")
    assert "企业" in heard
    assert "已新增客户「云帆贸易有限公司」" in await li.says("确认")
    assert "云帆贸易" in await li.says("查 云帆")
