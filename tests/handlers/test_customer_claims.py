"""A customer reports a claim in 微信客服: what it needs is asked one by one, and she may turn to something else."""

from __future__ import annotations

import pytest

from tests.handlers.customers import Customers


async def test_a_claim_is_reported_with_what_it_needs_asked_one_by_one(fang: Customers) -> None:
    assert "在哪里发生的" in await fang.asks("我昨天骑车摔断了胳膊，在医院")
    answered = await fang.asks("人民路和中山路路口")
    (ticket,) = fang.tickets()
    assert (ticket.flow, ticket.details["happened_on"]) == ("claim", "2025-06-08")
    assert ticket.details["place"] == "人民路和中山路路口"
    assert ticket.contract_id is not None
    assert f"工单号 {ticket.name}" in answered
    assert "身份证、病历或事故证明、费用发票" in answered
    status = await fang.asks("理赔进度")
    assert f"{ticket.name}（6 月 9 日报案）：待接单，还缺：身份证" in status


@pytest.mark.parametrize("said", ["昨天骑车摔断了胳膊，能赔吗", "昨天骑车摔断了胳膊，保险能赔吗？"])
async def test_an_accident_told_with_a_question_whether_it_is_paid_is_reported(fang: Customers, said: str) -> None:
    answered = await fang.asks(said)
    assert "以合同条款和审核为准" in answered
    assert "在哪里发生的" in answered
    await fang.asks("在人民路路口摔的，去的市一医院")
    (ticket,) = fang.tickets()
    assert (ticket.flow, ticket.details["happened_on"]) == ("claim", "2025-06-08")


@pytest.mark.parametrize("said", ["摔断胳膊能赔吗", "如果昨天摔断了胳膊能赔吗"])
async def test_a_mere_question_whether_it_is_paid_reports_nothing(fang: Customers, said: str) -> None:
    assert "理赔一般这样办" in await fang.asks(said)


async def test_her_photos_tick_the_papers_one_by_one(fang: Customers) -> None:
    await fang.asks("我昨天骑车摔断了胳膊，在医院")
    await fang.asks("人民路")
    assert "「身份证」，还缺：病历或事故证明、费用发票" in await fang.asks("", kind="image")
    await fang.asks("", kind="image")
    assert "「费用发票」，资料齐了" in await fang.asks("", kind="image")
    assert "转给工作人员看" in await fang.asks("", kind="image")
    assert "还缺" not in await fang.asks("理赔进度")


async def test_a_day_that_cannot_be_is_asked_for_again(fang: Customers) -> None:
    assert "哪一天发生的" in await fang.asks("骑车摔断了胳膊要报案")
    assert "没看懂出险日期" in await fang.asks("就那天")
    assert "在哪里发生的" in await fang.asks("前天")


async def test_who_only_says_that_she_reports_is_asked_what_happened(fang: Customers) -> None:
    assert "发生了什么" in await fang.asks("我要报案")
    assert "哪一天发生的" in await fang.asks("骑车摔断了胳膊")


async def test_a_report_can_be_given_up(fang: Customers) -> None:
    await fang.asks("我昨天骑车摔断了胳膊，在医院")
    assert "先不办了" in await fang.asks("算了")
    assert fang.tickets() == []


@pytest.mark.parametrize("said", ["不报案了", "算了 不报了", "我不是要报案"])
async def test_every_question_of_a_report_names_the_way_out(fang: Customers, said: str) -> None:
    assert "不报案了请回复「取消」" in await fang.asks("骑车摔断了胳膊要报案")
    assert "先不办了" in await fang.asks(said)
    assert "理赔一般" in await fang.asks("理赔怎么办")


@pytest.mark.parametrize(("said", "heard"), [
    ("换手机号 13900000009", "手机"), ("退保能退多少", "退"), ("我的保单什么时候到期", "续保日"), ("你们现在有什么好的理财", "产品"),
])  # fmt: skip
async def test_in_the_middle_of_a_report_something_else_is_answered_and_a_person_knows(fang: Customers, said: str, heard: str) -> None:
    await fang.asks("骑车摔断了胳膊要报案")
    answered = await fang.asks(said)
    assert "出险日期" not in answered
    assert heard in answered
    assert "客户的报案没有说完，没有登记工单" in fang.heard()
    assert all(ticket.flow != "claim" for ticket in fang.tickets())


async def test_in_the_middle_of_a_report_a_person_can_be_asked_for(fang: Customers) -> None:
    await fang.asks("我昨天骑车摔断了胳膊，在医院")
    assert "已转给" in await fang.asks("转人工")


async def test_who_reports_without_proof_is_heard_at_once_and_asked_who_he_is(firm: Customers) -> None:
    answered = await firm.asks("我昨天骑车摔断了胳膊，在医院")
    assert "报案已记下" in answered
    assert "请先核实身份" in answered
    assert "客户在报案" in firm.heard()
    assert "在哪里发生的" in await firm.proves()


async def test_a_risky_word_calls_a_person_in_the_middle_of_a_report_too(fang: Customers) -> None:
    assert "在哪里发生的" in await fang.asks("我昨天骑车摔伤了要报案")
    fang.heard()
    assert "已转给工作人员" in await fang.asks("我不想活了")
    assert "说到敏感的事，请马上看" in fang.heard()
    assert fang.tickets() == []
    assert "工单号 T1" in await fang.asks("中山路")
