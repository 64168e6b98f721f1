"""S13: an account is opened: what is asked, papers, three checks; a near name goes to compliance alone."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_an_account_is_opened_after_three_checks(zhou: Story):
    await zhou.says("新增客户 孙杭 13800000888 身份证 990000198803070244")
    assert "已新增客户「孙杭」" in await zhou.says("确认")
    assert "资金来源是哪一类" in await zhou.says("开户 孙杭")
    await zhou.says("资金来源 工资")
    heard = await zhou.says("理财")
    assert "要收的资料：身份证、查询授权书" in heard
    await zhou.says("T1 收到 身份证")
    assert "还缺资料：查询授权书" in await zhou.says("T1 提交")
    await zhou.says("T1 收到 查询授权书")
    for said in ("T1 提交", "T1 证件核验 一致", "T1 手机核验 一致"):
        assert "核验中" in await zhou.says(said)
    assert "已提交外部查询（公安和征信）" in await zhou.says("T1 外部查询")
    await zhou.hears("外部查询（公安和征信）：一致，凭证 DEMO-")
    assert "现在是「已开户」" in await zhou.says("T1 完成开户")
    assert "开户 已开户" in await zhou.says("孙杭 时间线")


async def test_what_the_outside_source_cannot_say_is_left_to_a_person(zhou: Story):
    await zhou.says("开户 刘洋")
    await zhou.says("工资")
    await zhou.says("理财")
    for said in ("T1 收到 身份证", "T1 收到 查询授权书", "T1 提交", "T1 外部查询"):
        await zhou.says(said)
    await zhou.hears("没有结果（客户没有登记证件号），待人工核验")


async def test_a_near_name_is_frozen_until_compliance_has_decided(sandbox: Sandbox, zhou: Story):
    shen = Story(sandbox, "shenhegui")
    await zhou.says("新增客户 欧阳无极 13800000777")
    assert "「欧阳无极」待合规复核（工单 T1）" in await zhou.says("确认")
    await shen.hears("名单命中")
    await zhou.says("欧阳无极 开户")
    await zhou.says("工资")
    heard = await zhou.says("理财")
    assert "待合规复核" in heard
    assert "名单" not in heard
    assert "名单命中" in await shen.hears("T2 开户")
    await shen.taps("放行")
    await shen.says("核对过证件，不是同一人")
    await zhou.hears("收资料")
    assert "同一人" not in zhou.last
