"""A customer writes to the firm's 微信客服, and the adviser answers from his chat."""

from __future__ import annotations

import asyncio

from bot.sandbox.demo_customers import KF_ACCOUNT
from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story, move

FANG = "wm_wangfang"


async def arrives(sandbox: Sandbox, words: str) -> None:
    """Wait for an answer on the customer's phone."""
    for _ in range(3000):
        if any(seen.by == "kf" and seen.text == words for seen in sandbox.fake.customer_saw(FANG)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never arrived: {words}")


async def test_what_the_customer_writes_is_answered_from_the_adviser_s_chat(li: Story, sandbox: Sandbox):
    await sandbox.fake.kf_says(KF_ACCOUNT, FANG, "我的保单什么时候到期？")
    await li.hears("王芳（尾号 0101）（微信客服）：我的保单什么时候到期？")
    heard = await li.says("回复 王芳 您好，7 月 9 日到期，这两天我把方案发您")
    assert "通过微信客服回复「王芳（尾号 0101）」" in heard  # there are two of this name, and one of them wrote
    assert "还能回复 4 条" in heard  # the bot asked who it is
    await li.says("确认")
    await arrives(sandbox, "您好，7 月 9 日到期，这两天我把方案发您")
    await li.hears("已通过微信客服发出")
    talk = await li.says("王芳 客服")
    if "序号" in talk:
        talk += await li.says("1")
    assert "什么时候到期" in talk
    assert "这两天我把方案发您" in talk
    assert "还能回复 3 条" in talk


async def test_a_bell_that_was_lost_is_made_up_for(li: Story, sandbox: Sandbox):
    await sandbox.fake.kf_says(KF_ACCOUNT, FANG, "在吗")
    await li.hears("王芳（尾号 0101）（微信客服）：在吗")
    sandbox.fake.faults.lost_bells = 1
    await sandbox.fake.kf_says(KF_ACCOUNT, FANG, "有急事")
    await move(sandbox, "2025-06-09T09:16:00")
    sandbox.app.wake_loops()
    await li.hears("王芳（尾号 0101）（微信客服）：有急事")


async def test_after_two_days_it_is_a_task(li: Story, sandbox: Sandbox):
    await sandbox.fake.kf_says(KF_ACCOUNT, FANG, "在吗")
    await li.hears("王芳（尾号 0101）（微信客服）：在吗")
    await move(sandbox, "2025-06-11T09:05:00")
    heard = await li.says("回复 王芳 抱歉才看到")
    assert "已超过 48 小时" in heard
    assert "待办" in heard
    assert not any("抱歉才看到" in seen.text for seen in sandbox.fake.customer_saw(FANG))
