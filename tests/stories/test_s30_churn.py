"""S30: from a churn warning to tasks for the advisers, and what became of them."""

from __future__ import annotations

from tests.stories.conftest import Story


async def test_one_line_makes_five_tasks_and_they_are_tracked(wang: Story, li: Story):
    await wang.at("2025-06-09T09:01:00")  # what comes by itself at nine is a list of its own: let it come first
    heard = await wang.says("流失预警")
    assert "天没联系" in heard or "逾期未缴" in heard or "资产降" in heard
    given = await wang.says("1-5 派任务 本周五前回访")
    assert "已派 5 件任务「回访」，06-13 前" in given
    assert "派出的任务 5 件：逾期 0，进行中 5，已完成 0" in await wang.says("派出的任务")
    await wang.at("2025-06-14T09:00:00")
    assert "逾期 5" in await wang.says("派出的任务")


async def test_why_clients_left_this_quarter(wang: Story):
    heard = await wang.says("流失原因 本季度")
    assert "流失原因（本季度），共" in heard
    assert "按顾问：" in heard
    assert "按等级：" in heard
    await wang.sees_a_picture()


async def test_the_digest_opens_the_warnings(wang: Story):
    assert "流失预警" in await wang.says("展开 流失")
