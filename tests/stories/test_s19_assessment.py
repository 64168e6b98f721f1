"""S19: the risk questionnaire, one question a message, broken off and gone on with; no class by hand."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


async def test_a_client_is_asked_breaks_off_goes_on_and_is_recommended_what_fits(sandbox: Sandbox):
    mo = Story(sandbox, "chenmo")
    await mo.at("2025-06-12T09:30:00")  # the class ran out on the 10th
    assert "已过期" in await mo.says("给周凯推荐 星锐成长")
    heard = await mo.says("周凯 风险测评")
    assert "第 1/10 题：您的年龄是？" in heard
    for said in ("3", "B", "③"):
        heard = await mo.says(said)
    assert "第 4/10 题" in heard
    assert "答过的 3 题都在" in await mo.says("先不做了")
    await mo.at("2025-06-13T09:30:00")
    heard = await mo.says("周凯 风险测评")
    assert "已答 3 题" in heard
    for said in ("没有", "买过基金", "2 到 5 年", "2", "3", "稳步增值", "3"):
        heard = await mo.says(said)
    assert "C4 成长型，有效期至 2026-06-13" in heard
    assert "风评 C4" in await mo.says("周凯")
    assert "只能由风险测评得出，不能手工改" in await mo.says("周凯 等级改成C5")
    assert "R4 在承受等级 C4 以内" in await mo.says("给周凯推荐 星锐成长")
    assert "问卷版本" in await mo.says("周凯 测评记录")


async def test_a_client_answers_by_herself_and_her_adviser_hears_what_it_came_to(sandbox: Sandbox):
    mo, ting = Story(sandbox, "chenmo"), CustomerStory(sandbox, "wm_suting")
    assert "第 1/10 题" in await mo.says("苏婷 风险测评")
    assert "两天内没有在微信客服说过话" in await mo.says("发给客户")
    await ting.says("我的基金怎么样了")
    await mo.says("苏婷 风险测评")
    assert "已在微信客服请「苏婷」自己答" in await mo.says("发给客户")
    assert "请您做一次风险测评，共 10 题" in await ting.hears("请您做一次风险测评")
    assert "请先核实身份" in await ting.says("风险测评")
    assert "第 1/10 题：您的年龄是？" in await ting.proves()
    for said in ("B", "1"):
        heard = await ting.says(said)
    assert "第 3/10 题" in heard
    assert "答过的都在" in await ting.says("先不做了")
    assert "第 3/10 题" in await ting.says("风险测评")
    for said in "2 1 3 3 2 3 3".split():
        heard = await ting.says(said)
    assert "第 10/10 题" in heard
    assert "风险测评完成，结果是 C4 成长型，有效期至 2026-06-09" in await ting.says("3")
    await mo.hears("客户自己完成了风险测评：C4 成长型")
    assert "风评 C4" in await mo.says("苏婷")
    record = await mo.says("苏婷 测评记录")
    assert "问卷版本" in record
    assert "陈默 询问" in record  # who began it
