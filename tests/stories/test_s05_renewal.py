"""S05: renewal from push to result."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_the_renewal_list_is_sorted_by_days_left(li: Story):
    heard = await li.says("续保清单 30天")
    assert "王芳" in heard
    assert "暖阳百万医疗" in heard


async def test_an_intent_with_a_time_becomes_a_follow_up_at_14_00(li: Story):
    heard = await li.says("陈静 续保意向 高 下周三下午再谈")
    assert "高" in heard
    assert "06-18" in heard
    assert "14:00" in heard


async def test_a_renewed_policy_has_a_next_term_and_its_pushes_stop(li: Story):
    heard = await li.says("陈静 已续 保费5200")
    assert "已续" in heard
    assert "5,200" in heard
    policies = await li.says("陈静 保单")
    assert "2026-07" in policies


async def test_a_lost_renewal_needs_a_reason_and_dates_a_win_back(li: Story):
    assert "原因" in await li.says("陈静 不续")
    heard = await li.says("陈静 不续 原因 保费太贵")
    assert "保费" in heard
    assert "挽回" in heard
