"""S32: who gets clients without an adviser: operations set the rules, advisers say yes or no, the manager reads."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story


async def test_the_rules_are_changed_tried_out_approved_and_read_by_the_manager(sandbox: Sandbox, wang: Story):
    he, shen = Story(sandbox, "heyunying"), Story(sandbox, "shenhegui")
    heard = await wang.says("客户分配 规则 查看")
    assert "v0，业务包原样" in heard
    assert "您的团队现在：" in heard
    heard = await he.says("客户分配 苏州 分给 李想、周敏 最多 500位")
    assert "规则 1：苏州的客户 → 李想、周敏里客户最少的，每人最多 500 位" in heard
    assert "试算：近 90 天新建的" in await he.says("试算")
    await he.says("提交审批 沈合规")
    assert "试算：" in shen.answers[-1].text if shen.answers else True
    assert "客户分配 v1 已生效" in await shen.taps("同意")
    heard = await wang.says("客户分配 规则 查看")
    assert "v1，何运营" in heard
    assert "规则 1：苏州的客户" in heard
    assert "v1 生效中" in await he.says("客户分配 历史")


async def test_a_new_client_goes_on_until_somebody_takes_him(sandbox: Sandbox, li: Story, zhou: Story, wang: Story):
    he = Story(sandbox, "heyunying")
    await he.says("客户分配 所有客户 分给 李想、周敏")
    await he.says("提交审批 沈合规")
    await Story(sandbox, "shenhegui").taps("同意")
    await he.says("新增客户 孙杭 13800000701")
    heard = await he.says("确认")
    first, second = (zhou, li) if "分给 周敏" in heard else (li, zhou)
    await first.hears("分给您的客户：孙杭")
    assert "已转给下一位同事" in await first.taps("不接受", why=["far"])
    assert "没有找到客户「孙杭」" in await first.says("查客户 孙杭")
    await second.hears("分给您的客户：孙杭")
    await second.at("2025-06-09T17:30:00")
    await second.hears("没有在")
    await wang.hears("没有顾问接受，已转到您名下")
    await wang.hears("不在我的区域")
    assert "孙杭" in await wang.says("查客户 孙杭")
