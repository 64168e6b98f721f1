"""S24: a customer asks for himself, proves who he is, and is answered at once; who cannot be answered gets a person."""

from __future__ import annotations

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story
from tests.stories.customer import CustomerStory


async def test_she_proves_who_she_is_and_reads_when_her_policy_ends(sandbox: Sandbox, li: Story):
    fang = CustomerStory(sandbox, "wm_wangfang")
    assert "这里是青禾金融" in await fang.enters()
    assert "请先核实身份" in await fang.says("我的保单什么时候到期")
    answered = await fang.proves()
    assert "核实通过" in answered
    assert "尾号" in answered
    assert "安康重疾险（尾号" in answered
    assert "保额" in answered
    await li.hears("智能助手已答复")
    talk = await li.says("王芳 客服")
    if "序号" in talk:
        talk += await li.says("1")
    assert "智能助手：" in talk
    assert "[核实身份]" in talk  # what proves her is nobody's business


async def test_what_he_has_to_repay_next_month(sandbox: Sandbox, zhou: Story):
    liu = CustomerStory(sandbox, "wm_liuyang")
    await liu.says("下个月要还多少钱")
    answered = await liu.proves()
    assert "应缴" in answered
    assert "剩余本金" in answered


async def test_who_is_no_client_reads_what_a_client_reads(sandbox: Sandbox):
    fang, nobody = CustomerStory(sandbox, "wm_wangfang"), CustomerStory(sandbox, "wm_luren")
    for text in ("我的保单什么时候到期", "验证码", "验证码 000000", "1234 19850615"):
        assert await fang.says(text) == await nobody.says(text)
    assert nobody.texts("sms") == []


async def test_what_is_not_understood_twice_goes_to_the_adviser(sandbox: Sandbox, li: Story):
    fang = CustomerStory(sandbox, "wm_wangfang")
    assert "没有听明白" in await fang.says("呜哩哇啦")
    assert "已转给工作人员" in await fang.says("咕噜咕噜")
    await li.hears("两次没听懂")


async def test_the_angry_one_gets_an_apology_and_the_manager_hears(sandbox: Sandbox, li: Story, wang: Story):
    jing = CustomerStory(sandbox, "wm_chenjing")
    assert "非常抱歉" in await jing.says("三天没人回我，我要投诉")
    await li.hears("已登记投诉工单 T1，由 王珂 经办")
    await wang.hears("「陈静」在微信客服的投诉，工单 T1")
    assert "已转给" in await jing.says("转人工")
    assert "谢谢您的建议" in await jing.says("建议周末也能办业务")


async def test_the_adviser_takes_the_proof_back(sandbox: Sandbox, li: Story):
    fang = CustomerStory(sandbox, "wm_wangfang")
    await fang.proves()
    answered = await li.says("解除绑定 王芳")
    if "序号" in answered:
        answered = await li.says("1")
    assert "已解除「王芳」的身份核实" in answered
    assert "请先核实身份" in await fang.says("我的保单什么时候到期")
