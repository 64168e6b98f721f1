"""S19: the risk questionnaire, one question a message, broken off and gone on with; no class by hand."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


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
