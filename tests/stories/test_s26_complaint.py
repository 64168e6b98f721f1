"""S26, the firm's side: a complaint reaches the manager at once, holds offers back, and ends only with all that it needs."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_a_complaint_closes_its_loop(li: Story, wang: Story):
    heard = await li.says("陈静 投诉 等了三天没人回电")
    assert "工单 T1，已交给 王珂" in heard
    assert "营销消息先不发" in heard
    await wang.hears("等了三天没人回电")

    assert "要由经办人来做" in await li.says("T1 接单")
    assert "现在是「处理中」" in await wang.taps("接单")
    assert "不能「办结」" in await wang.says("T1 办结")
    assert "现在是「已答复」" in await wang.says("T1 答复 已致歉，今天下午回电")
    await li.hears("王珂 答复")

    assert "处理结果是什么" in await wang.says("T1 办结")
    assert "投诉的原因是哪一类" in await wang.says("换人跟进，客户认可")
    assert "已经把结果告知客户了吗" in await wang.says("1")
    assert "要先告知客户" in await wang.says("还没有")
    assert "现在是「已办结」" in await wang.says("已告知")
    assert "陈静" not in await li.says("筛选 投诉处理中")
    assert "投诉办结回访" in await li.says("6月10日的待办")


async def test_who_may_be_complained_about_never_gets_it(li: Story, wang: Story):
    await li.says("陈静 投诉 等了三天没人回电")
    assert "不能交给客户自己的顾问 李想" in await wang.says("T1 转给 李想")
    assert "已转给 周敏" in await wang.says("T1 转给 周敏")
