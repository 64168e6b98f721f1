"""S06: a premium is overdue; pushes until it is paid, or until grace is over and the policy is suspended."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Story

GRACE_ENDS = "2025-07-29"  # 张敏's premium was due on 2025-05-30, and the product gives 60 days


async def test_the_progress_counts_what_is_due_paid_and_overdue_and_puts_first_what_lapses_first(li: Story):
    heard = await li.says("保费进度")
    assert "宽限期 2 · 已过宽限 0 · 待缴" in heard
    assert "本月已缴" in heard
    first = heard.split("\n")[1]
    assert first.startswith("① 张敏 · 守护一生重疾险")
    assert f"逾期 10 天，宽限至 {GRACE_ENDS}，过后效力中止" in first


async def test_one_clients_premiums_tell_the_days_the_last_day_of_grace_and_what_comes_after(li: Story):
    heard = await li.says("张敏 保费")
    assert "逾期 1" in heard
    assert f"已逾期 10 天，宽限期至 {GRACE_ENDS}（还有 50 天），过后仍未缴，保单效力中止" in heard


async def agenda_line(li: Story) -> str:
    """What today's list says of 张敏's premium, on whichever of its pages; "" when it says nothing."""
    page = await li.says("今日待办")
    for _ in range(30):
        if found := [line for line in page.split("\n") if "张敏" in line and "守护一生" in line]:
            return found[0]
        if "更多" not in page:
            break
        page = await li.says("更多")
    return ""


@pytest.mark.parametrize(
    ("day", "says"),
    [("2025-06-10", "逾期 11 天"), ("2025-06-29", "逾期 30 天"), ("2025-07-22", "宽限期还剩 7 天"), ("2025-07-28", "宽限期还剩 1 天")],
)
async def test_it_is_pushed_in_grace_and_before_the_policy_lapses(li: Story, day: str, says: str):
    await li.at(f"{day}T08:31:00")
    assert says in await agenda_line(li)


async def test_paid_stops_the_pushes_and_ends_grace(li: Story):
    await li.at("2025-06-10T08:31:00")
    assert await agenda_line(li)
    heard = await li.says("张敏 已缴")
    assert "相关提醒已停止" in heard
    assert "合同状态已改为「有效」" in heard
    assert await agenda_line(li) == ""
    assert "宽限期 1" in await li.says("保费进度")
    await li.at("2025-06-29T08:31:00")
    assert await agenda_line(li) == ""


async def test_after_grace_the_nightly_job_suspends_the_policy_and_illegal_jumps_are_refused(li: Story):
    await li.at(f"{GRACE_ENDS}T08:31:00")
    assert "宽限期" in await li.says("张敏 守护一生 保单")
    await li.at("2025-07-30T08:31:00")
    assert "效力中止" in await li.says("张敏 守护一生 保单")
    assert "两年内可申请复效" in await li.says("张敏 保费")
    assert "已过宽限 1" in await li.says("保费进度")
    refused = await li.says("张敏的守护一生重疾险满期了")
    assert refused == "状态不能从「效力中止」改为「已满期」，可改为：有效、已退保、已失效。"
    assert "效力中止" in await li.says("张敏 守护一生 保单")
    heard = await li.says("张敏 已缴")
    assert "补缴后还要办理复效" in heard
