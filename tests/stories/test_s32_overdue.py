"""S32: who is over time, and given to somebody else from the list."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_what_is_over_time_is_given_to_another_from_the_list(li: Story, wang: Story, zhou: Story):
    await li.says("需求 陈静 想把房贷转组合贷")
    await li.says("需求 张敏 想改缴费方式")
    assert "没有超时的工单" in await wang.says("谁超时了")
    await wang.at("2025-06-09T13:30:00")
    heard = await wang.says("谁超时了")
    assert "超时的工单 2 张" in heard
    assert "首次答复已超时" in heard
    assert "1 转给 姓名" in heard
    assert "工单 T1 已转给 周敏" in await wang.says("1 转给 周敏")
    await zhou.hears("王珂 转给您")
    await wang.says("谁超时了")
    await wang.taps("转 T2", to=["zhoumin"])
    await wang.hears("工单 T2 已转给 周敏")
    assert "T2 需求 张敏，待处理，周敏" in await wang.says("谁超时了")
    assert "已撤销" in await wang.says("撤销")
    heard = await wang.says("谁超时了")
    assert "T1 需求 陈静，待处理，周敏" in heard
    assert "T2 需求 张敏，待处理，李想" in heard
    assert "已撤销" in await wang.says("撤销")


async def test_sales_and_service_stand_side_by_side(wang: Story):
    heard = await wang.says("团队业绩 本月")
    for sales in ("实缴保费：", "续保率：", "管理资产："):
        assert sales in heard
    assert "服务：" in heard
    assert "跟进率" in heard
