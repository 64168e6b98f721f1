"""S12 with the customer's phone: what is confirmed by the adviser in WeCom arrives, and nothing else does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story, move

FANG, JING = "wm_wangfang", "wm_chenjing"


def phone(sandbox: Sandbox, customer: str) -> list[str]:
    return [seen.text for seen in sandbox.fake.customer_saw(customer) if seen.by == "adviser"]


def tasks(story: Story) -> list[str]:
    """The items of 群发助手 on the adviser's phone that wait for a tap."""
    return [b.msgid for b in story.sandbox.fake.history(story.user) if b.kind == "group_task" and b.body["state"] == "waiting"]


async def settled(story: Story, **time: int) -> str:
    """Let time pass, and the product look at what WeCom says; what the adviser heard."""
    before = len(story.sandbox.fake.seen)
    story.sandbox.clock.advance(timedelta(**time))
    for _ in range(3):
        for loop in story.sandbox.app.loops:
            await loop.turn()
    story.sandbox.app.delivery.notify()
    await asyncio.sleep(0.4)
    return "\n".join(seen.text for seen in story.sandbox.fake.seen[before:] if seen.userid == story.user)


async def birthday_text(li: Story) -> None:
    """The card with the text for 王芳, the only one who has a birthday."""
    assert "王芳" in await li.says("生日 文案")


async def test_the_adviser_confirms_in_wecom_and_then_the_customer_has_it(li: Story, sandbox: Sandbox):
    await li.at("2025-06-10T08:31:00")
    await birthday_text(li)
    await li.says("改写 祝王老师生日快乐，注意休息")
    assert "授权" in await li.says("发送")
    heard = await li.says("确认")
    assert "还没有发给客户" in heard
    heard += await settled(li, seconds=1)
    assert "请在企业微信「群发助手」" in heard
    assert phone(sandbox, FANG) == []

    (task,) = tasks(li)
    sandbox.fake.confirm_group_message(task)
    assert phone(sandbox, FANG) == ["祝王老师生日快乐，注意休息"]
    assert "企业微信确认已送达" in await settled(li, minutes=3)
    assert "企业微信确认已送达" in await li.says("王芳 发送记录") + await li.says("1")


async def test_after_nine_in_the_evening_it_waits_and_goes_in_the_morning(li: Story, sandbox: Sandbox):
    await move(sandbox, "2025-06-10T21:05:00")
    await li.says("陈静 同意关怀提醒")
    await li.says("给陈静写感谢的话")
    heard = await li.says("发送")
    assert "等到 06-11（周三） 08:30" in heard
    await settled(li, seconds=5)
    assert tasks(li) == []
    await move(sandbox, "2025-06-11T08:51:00")
    await settled(li, seconds=1)
    assert len(tasks(li)) == 1
    assert phone(sandbox, JING) == []


async def test_a_client_who_opted_out_never_appears(li: Story, sandbox: Sandbox):
    await li.says("陈静 不同意关怀提醒")
    assert "已退订" in await li.says("给陈静写生日祝福")
    await settled(li, seconds=1)
    assert tasks(li) == []


async def test_an_open_complaint_holds_the_text_until_the_adviser_decides(li: Story, sandbox: Sandbox):
    await li.says("陈静 同意关怀提醒")
    await li.says("改 陈静 投诉处理中 是")
    assert "投诉处理中" in await li.says("给陈静写感谢的话")
    heard = await li.says("发送")
    assert "先不发" in heard
    await settled(li, seconds=1)
    assert tasks(li) == []
    await li.says("确认")
    await settled(li, seconds=1)
    assert len(tasks(li)) == 1


async def test_a_customer_who_adds_the_adviser_is_greeted_and_asked_about(li: Story, sandbox: Sandbox):
    before = len(sandbox.fake.seen)
    await sandbox.fake.befriend("lixiang", "wm_new", "张敏")
    for _ in range(40):
        await asyncio.sleep(0.05)
        if phone(sandbox, "wm_new") and len(sandbox.fake.seen) > before:
            break
    assert phone(sandbox, "wm_new") == ["您好，我是您的顾问 李想，很高兴为您服务。有需要随时在这里找我。"]
    assert "新的微信客户：张敏" in "\n".join(s.text for s in sandbox.fake.seen[before:])
    assert "已把微信客户「张敏」绑定到「张敏」" in await li.says("绑定微信 张敏")


async def test_a_lost_friend_is_noticed_and_said(li: Story, sandbox: Sandbox):
    before = len(sandbox.fake.seen)
    await sandbox.fake.unfriend("lixiang", JING)
    for _ in range(40):
        await asyncio.sleep(0.05)
        if len(sandbox.fake.seen) > before:
            break
    assert "「陈静」：客户已把您从微信里删除" in "\n".join(s.text for s in sandbox.fake.seen[before:])


async def test_a_confirmed_text_can_be_called_back_until_the_tap(li: Story, sandbox: Sandbox):
    await li.says("陈静 同意关怀提醒")
    await li.says("给陈静写感谢的话")
    await li.says("发送")
    await settled(li, seconds=1)
    assert "已请企业微信取消" in await li.says("取消发送 陈静")
    assert "已取消，没有发给客户" in await settled(li, minutes=2)
    assert tasks(li) == []
    assert phone(sandbox, JING) == []
