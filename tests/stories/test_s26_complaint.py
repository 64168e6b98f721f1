"""S26, the firm's side: a complaint reaches the manager at once, holds offers back, and ends only with all that it needs."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


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


async def test_an_angry_one_gets_a_calm_receipt_with_its_number_and_a_bad_mark_has_her_called_back(
    sandbox: Sandbox, li: Story, wang: Story
):
    fang = CustomerStory(sandbox, "wm_wangfang")
    await fang.says("我的保单什么时候到期")
    await fang.proves()
    receipt = await fang.says("三天没人回我，我要投诉")
    assert "非常抱歉给您添了麻烦" in receipt
    assert "工单号 T1" in receipt
    await li.hears("客户在投诉")
    await wang.hears("三天没人回我")
    assert "有 2 位「王芳」" in await li.says("给王芳写感谢的话")
    assert "投诉" in await li.says("1")
    for said in ("T1 接单", "T1 答复 已致歉，今天下午回电", "T1 办结", "换人跟进", "1"):
        await wang.says(said)
    assert "现在是「已办结」" in await wang.says("已告知")
    await wang.at("2025-06-09T09:10:00")
    await fang.hears("请给这次服务打分")
    assert "没有让您满意，很抱歉" in await fang.says("2分")
    await wang.hears("给工单 T1 打了 2 分，已给您建了回访待办")
    assert "给工单 T1 打了 2 分，请回访" in await wang.says("今日待办")


async def test_what_she_suggests_goes_to_the_manager_and_stands_in_the_week_s_report(
    sandbox: Sandbox, li: Story, wang: Story
):
    fang = CustomerStory(sandbox, "wm_wangfang")
    assert "谢谢您的建议" in await fang.says("建议周末也能办业务")
    await wang.hears("在微信客服的客户建议，工单 T1")
    await wang.at("2025-06-16T09:01:00")
    await wang.hears("· T1 建议周末也能办业务（待答复）")
