"""S14: an event on a salary account, what may be recommended, and the answer that opens an opportunity."""

from __future__ import annotations

import re

from bot.sandbox.run import Sandbox
from tests.stories.conftest import Story

TOMORROW, NEXT_WEEK, FRIDAY = "2025-06-10T08:31:00", "2025-06-16T08:31:00", "2025-06-13T08:31:00"
TOLD = "刘洋 工资卡 连续3个月结余超过2万元"


async def all_of_today(story: Story) -> str:
    """Every page of the list."""
    heard = page = await story.says("今日待办")
    while "更多" in page:
        page = await story.says("更多")
        heard += page
    return heard


async def test_a_row_of_three_months_is_told_once(zhou: Story):
    assert TOLD in await zhou.at(TOMORROW)
    assert "工资卡（尾号 6688） 已经提醒" in await zhou.says("为什么没有提醒 刘洋 工资卡结余")
    number = re.search(rf"(\d+) 事件\S*\s+{TOLD}", await zhou.says("今日待办"))[1]
    why = await zhou.says(f"为什么 {number}")
    assert "事件：工资卡连续 3 个月结余超过 2 万元 2025-06-01，当天" in why
    await zhou.says(f"{number} 已联系 没有兴趣")
    for morning in ("2025-06-11T08:31:00", NEXT_WEEK):
        await zhou.at(morning)
        assert TOLD not in await all_of_today(zhou)


async def test_at_most_three_products_inside_the_risk_class_with_reasons(zhou: Story):
    heard = await zhou.says("给刘洋推荐理财")
    assert "承受等级 C3" in heard
    lines = re.findall(r"^[①②③④] .+$", heard, re.MULTILINE)
    assert len(lines) == 3
    assert lines[0].startswith("① 稳盈季季开（R2，90 天）：R2 在承受等级 C3 以内；持有的稳盈半年享 1 天后到期，可以接续")
    assert "进取两年封闭" not in heard
    assert "另有 1 款高于承受等级，没有列出。" in heard
    assert heard.count("交叉销售：") == 1
    assert "有房贷在还，没有登记保障类产品，可以聊定期寿险" in heard
    assert "信用等级 A" in heard
    assert "「刘洋」评分 90 分（60 分起，0 到 100）：信用等级 A +10；没有逾期 +10" in heard


async def test_the_answer_closes_the_reminder_and_opens_an_opportunity(zhou: Story):
    await zhou.at(TOMORROW)
    await zhou.says("给刘洋推荐理财")
    heard = await zhou.says("已联系 有兴趣 周五签")
    assert "已完成：刘洋的事件提醒，已记入时间线" in heard
    assert "已开商机：理财 待签约 预计 06-13" in heard
    assert "下次跟进：06-13（周五）" in heard
    assert TOLD not in await all_of_today(zhou)
    assert "刘洋 理财 待签约 预计 06-13" in await zhou.says("我的商机")
    assert "事件：有兴趣 周五签" in await zhou.says("刘洋 时间线")
    await zhou.at(FRIDAY)
    assert "回访 刘洋：有兴趣 周五签" in await all_of_today(zhou)
    assert "理财 待签约 预计 06-13 → 理财 已成交" in await zhou.says("刘洋 商机 已成交")


async def test_the_answer_is_taken_back_as_one(zhou: Story):
    await zhou.at(TOMORROW)
    await zhou.says("给刘洋推荐理财")
    await zhou.says("已联系 有兴趣 周五签")
    await zhou.says("撤销")
    assert "没有进行中的商机" in await zhou.says("我的商机")
    assert TOLD in await all_of_today(zhou)


async def test_accounts_show_their_tails_and_transactions_are_summed_up(zhou: Story):
    heard = await zhou.says("刘洋 账户")
    assert "工资卡（尾号 6688） · 正常 · 余额 128,600.50 元" in heard
    assert "储蓄卡（尾号 1024）" in heard
    heard += await zhou.says("刘洋 近30天交易")
    assert "转入 1 笔 3.2 万元：工资 3.2 万元" in heard
    assert "最大的 3 笔：" in heard
    assert "06-05 转入 3.2 万元 · 工资 · 工资卡（尾号 6688）" in heard
    assert not re.search(r"\d{8,}", heard)


async def test_a_colleague_sees_nothing_of_it(li: Story):
    for said in ("刘洋 账户", "刘洋 近30天交易", "给刘洋推荐理财", "刘洋 评分", "刘洋 商机"):
        heard = await li.says(said)
        assert "没有找到客户「刘洋」" in heard
        assert "6688" not in heard


async def test_operations_write_such_a_rule_in_the_chat(sandbox: Sandbox):
    he = Story(sandbox, "heyunying")
    heard = await he.says("新建提醒规则 工资卡连续3个月结余超5千 9点 提醒顾问")
    assert "事件：工资卡连续 3 个月结余超过 5,000 元" in heard
    assert "天数：当天" in heard
    assert "时刻：09:00" in heard
    assert "没有要提醒的" in await he.says("试算")  # the row began in the month before and is no fresh one
    assert "会提醒 1 条" in (await he.says("工资卡连续三个月结余超过2万") + await he.says("试算"))
