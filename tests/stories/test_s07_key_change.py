"""S07: a new phone number waits for a second person, and a servicing ticket for its papers."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_the_old_number_counts_until_the_manager_said_yes(li: Story, wang: Story):
    heard = await li.says("陈静 换手机号 13900000009")
    assert "139****0009，是关键资料，已提交变更 T1，等 王珂 审批" in heard
    assert "0009" not in await li.says("查 陈静")

    await wang.hears("资料变更")
    card = await wang.says("待我审批")
    assert "139****0009" in card
    assert "13900000009" not in card
    assert "现在是「已生效」" in await wang.says("1 同意")
    await li.hears("王珂 同意")
    assert "139****0009" in await li.says("查 陈静")


async def test_what_was_refused_changes_nothing_and_says_why(li: Story, wang: Story):
    await li.says("陈静 换手机号 13900000009")
    assert "T1 驳回：为什么驳回？" in await wang.says("T1 驳回")
    assert "现在是「已驳回」" in await wang.says("客户没有本人确认")
    await li.hears("客户没有本人确认")
    assert "139****0009" not in await li.says("查 陈静")


async def test_servicing_from_its_papers_to_its_end(li: Story, wang: Story):
    assert "要收的资料：保全申请书、身份证" in await li.says("陈静 保全 换受益人 儿子")
    for label in ("保全申请书", "身份证"):
        assert f"的「{label}」" in await li.sends_a_photo(label)
    assert "现在是「待审批」" in await li.says("T1 提交")
    assert "换受益人" in await wang.says("待我审批")
    assert "现在是「办理中」" in await wang.says("1 同意")
    assert "保全的结果是什么" in await li.says("T1 办结")
    assert "现在是「已办结」" in await li.says("受益人改为儿子，已生效")
    assert "工单 T1 保全 已办结：受益人改为儿子" in await li.says("陈静 时间线")
