"""What a customer asks beside his contracts: answered where a bot may, handed to a person with the facts where not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reminders.gate import Asked
from reminders.kf_telling import SERVICER
from reminders.ledger import enter
from reminders.retention import erase
from storage.database import UnitOfWork
from storage.model.kf import MOST_ANSWERS
from storage.repositories.bindings import BindingRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.kf import KfRepository
from tests.builders import a_client, a_contract, a_loan, an_account
from tests.handlers.asking import Desk
from tests.handlers.customers import STRANGER, Customers
from tests.reminders.firm import ZONE
from tests.reminders.kf_wecom import ACCOUNT
from tests.reminders.test_kf_reading import FANG

# ---------------------------------------------------------------- her contracts


async def test_what_she_holds(fang: Customers) -> None:
    fang.writes(lambda uow: a_contract(
        uow, uow.clients.get(fang.fang.id), "wealth", product_name="稳盈季季开", amount=Decimal(100_000),
        rate_percent=Decimal("3.1"), ends_on=date(2025, 9, 1),
    ))
    answered = await fang.asks("我买的理财怎么样了")
    assert "稳盈季季开（尾号" in answered
    assert "金额 10 万元，年利率 3.1%" in answered
    assert "2025-09-01" in answered


async def test_the_next_premium(fang: Customers) -> None:
    answered = await fang.asks("保费什么时候交")
    assert "康佑重疾险（尾号 0001），2025-06-20 应缴 1.2 万元（还有 11 天）" in answered


async def test_an_overdue_repayment_comes_first(fang: Customers) -> None:
    fang.writes(lambda uow: a_loan(
        uow, uow.clients.get(fang.fang.id), product_name="安家房贷", due_on=[date(2025, 6, 1), date(2025, 7, 1)]
    ))
    answered = await fang.asks("我的房贷怎么还")
    assert answered.index("2025-06-01 应缴的 8,600 元 已过 8 天") < answered.index("2025-07-01 应缴")


async def test_what_is_not_there_is_said(fang: Customers) -> None:
    assert "没有登记存款、理财或基金" in await fang.asks("我买的理财怎么样了")


async def test_somebody_else_s_policy_on_which_she_is_insured_is_the_holder_s(fang: Customers) -> None:
    from tests.builders import a_client

    def write(uow: UnitOfWork) -> Any:
        lei = a_client(uow, "赵磊")
        a_contract(uow, lei, "policy", product_name="担当定寿", people=[("insured", "王芳", fang.fang.id)])

    fang.writes(write)
    assert "担当定寿" not in await fang.asks("我的保单什么时候到期")


async def test_two_questions_in_one_sentence_come_in_one_answer(fang: Customers) -> None:
    answered = await fang.asks("我的保单什么时候到期？怎么理赔？")
    assert "康佑" in answered
    assert "理赔一般这样办" in answered
    assert "---" not in answered


async def test_the_gate_has_the_last_word(fang: Customers) -> None:
    fang.writes(lambda uow: uow.clients.update(uow.clients.get(fang.fang.id), contact_limit="deceased"))
    answered = await fang.asks("我的保单什么时候到期")
    assert "已转给工作人员" in answered
    assert "康佑" not in answered
    assert "已登记身故" in fang.heard()


# ---------------------------------------------------------------- to a person, with the facts


@pytest.mark.parametrize(("said", "answered", "content", "note"), [
    ("退保能退多少", "由工作人员跟您一起看清楚再定", "退保意向：退保能退多少", "康佑重疾险（尾号 0001）"),
    ("提前还款要违约金吗", "按合同核算", "提前还款：", "已登记需求工单"),
    ("电子保单发我", "已请工作人员准备", "要文件：", "核对身份后发给他"),
    ("有什么产品推荐吗", "选哪一款要结合您的情况", "有什么产品推荐吗", "想要推荐或比较产品"),
    ("地址改成上海市浦东新区1号", "资料要核对以后才会改", "要求改地址：上海市浦东新区1号（还没核实身份）", "核对本人"),
])  # fmt: skip
async def test_a_person_gets_it_with_the_facts(
    firm: Customers, said: str, answered: str, content: str, note: str
) -> None:
    told = await firm.asks(said)
    assert answered in told
    assert "工单号" not in told  # nobody is to learn whether he is a client
    (ticket,) = firm.tickets()
    assert (ticket.flow, ticket.origin, ticket.handler_id) == ("demand", "client", "lixiang")
    assert content in ticket.details["content"]
    heard = firm.heard()
    assert note in heard
    assert "客户在等您回复" in heard


async def test_who_has_proved_who_she_is_is_told_the_number(fang: Customers) -> None:
    answered = await fang.asks("退保能退多少")
    assert f"工单号 {fang.tickets()[0].name}" in answered


async def test_a_retried_reading_opens_no_second_ticket(firm: Customers) -> None:
    await firm.asks("退保能退多少")
    firm.rings()
    firm.rings()
    await firm.reads()
    assert len(firm.tickets()) == 1


async def test_erasing_is_for_compliance(firm: Customers) -> None:
    assert "法律要求保存的" in await firm.asks("把我的资料删掉")
    (ticket,) = firm.tickets()
    assert (ticket.flow, ticket.state, ticket.handler_id) == ("rights", "new", "shenyue")
    assert any("申请删除个人资料" in line for line in firm.heard_by_all()["shenyue"])


async def test_a_second_wish_to_be_erased_opens_no_second_ticket_and_sounds_the_same(firm: Customers) -> None:
    first = await firm.asks("把我的资料删掉")
    assert await firm.asks("把我的信息全部删掉") == first
    assert len(firm.tickets()) == 1


@pytest.mark.parametrize("asked", ["我的资料删了吗", "删除办好了吗", "我申请删除的资料处理得怎么样了"])
async def test_how_far_her_wish_to_be_erased_is(fang: Customers, asked: str) -> None:
    assert "没有登记删除资料的申请" in await fang.asks(asked)
    await fang.asks("把我的资料删掉")
    assert "T1 是 6 月 9 日登记的，现在是「待核实」，还在办理" in await fang.asks(asked)
    compliance = Desk(fang.database, fang.clock, "shenyue")
    compliance.says("T1 不予删除")
    compliance.says("保单还在保障期内")
    assert "结果是「不予删除」" in await fang.asks(asked)
    assert len(fang.tickets()) == 1


async def test_of_data_that_are_erased_she_hears_when_and_what_the_law_keeps(fang: Customers) -> None:
    await fang.asks("把我的资料删掉")
    Desk(fang.database, fang.clock, "shenyue").says("T1 同意删除")

    def erase_and_prove_anew(uow: UnitOfWork) -> None:
        (ticket,) = uow.tickets.of_client(fang.fang.id)
        assert erase(uow, ticket, ZONE)
        BindingRepository(uow).bind(uow.clients.get(fang.fang.id), FANG, "facts", timedelta(days=1))

    fang.writes(erase_and_prove_anew)
    fang.links(FANG, fang.fang)
    assert "T1 已在 6 月 9 日办好。法律要求保存的" in await fang.asks("我的资料删了吗")


async def test_how_far_erasing_is_nobody_learns_without_proof(firm: Customers) -> None:
    await firm.asks("把我的资料删掉")
    known = await firm.asks("我的资料删了吗")
    assert "请先核实身份" in known
    assert await firm.asks("我的资料删了吗", who=STRANGER) == known
    assert "T1" in await firm.proves()


@pytest.mark.parametrize("said", ["能把我的资料删了吗", "帮我把资料删了"])
async def test_a_wish_to_be_erased_put_as_a_question_is_a_wish(fang: Customers, said: str) -> None:
    assert "已收到您删除资料的申请" in await fang.asks(said)


async def test_of_a_stranger_who_wants_to_be_erased_compliance_hears_and_he_reads_the_same(firm: Customers) -> None:
    known = await firm.asks("把我的资料删掉")
    assert await firm.asks("把我的资料删掉", who=STRANGER) == known
    assert any("请核实是哪位客户" in line for line in firm.heard_by_all()["shenyue"])
    assert len(firm.tickets()) == 1


# ---------------------------------------------------------------- what else she wants


async def test_nothing_changes_before_a_person_has_looked(firm: Customers) -> None:
    await firm.proves()
    await firm.asks("换手机号 13900000009")
    assert firm.writes(lambda uow: uow.clients.get(firm.fang.id)).value("phone") == firm.phone_of(firm.fang)
    assert "13900000009" not in firm.heard()


async def test_who_wants_the_manager_gets_the_manager(firm: Customers) -> None:
    await firm.asks("我的保单什么时候到期")
    assert "已转给负责人" in await firm.asks("叫你们经理来")
    told = firm.heard_by_all()["wangke"]
    assert any("要找负责人" in line and "我的保单什么时候到期" in line for line in told)


async def test_an_appointment_stands_in_the_adviser_s_diary(firm: Customers) -> None:
    assert "6 月 11 日 15:00" in await firm.asks("约周三下午三点见面")
    due = firm.writes(lambda uow: uow.reminders.of_client(firm.fang.id))
    assert [(r.receiver_id, r.remind_at.astimezone(ZONE)) for r in due if r.category == "task"] == [
        ("lixiang", datetime(2025, 6, 11, 15, tzinfo=ZONE))
    ]


async def test_an_appointment_without_a_time_is_asked_about(firm: Customers) -> None:
    assert "哪一天几点" in await firm.asks("想约个时间见面")
    assert "6 月 11 日 15:00" in await firm.asks("周三下午三点")


async def test_what_was_not_understood_twice_goes_to_a_person_with_what_was_said(firm: Customers) -> None:
    assert "没有听明白" in await firm.asks("呜哩哇啦")
    assert "已转给工作人员" in await firm.asks("咕噜咕噜")
    heard = firm.heard()
    assert "两次没听懂" in heard
    assert "前面说过：呜哩哇啦" in heard


async def test_one_that_was_understood_between_starts_anew(firm: Customers) -> None:
    for said in ("呜哩哇啦", "怎么理赔", "咕噜咕噜"):
        answered = await firm.asks(said)
    assert "没有听明白" in answered


@pytest.mark.parametrize("said", ["我被骗了，要报警", "再不处理我就找律师起诉你们"])
async def test_a_risky_subject_goes_to_a_person_at_once(firm: Customers, said: str) -> None:
    assert "已转给工作人员" in await firm.asks(said)
    told = firm.heard_by_all()
    assert any("敏感" in line for line in told["lixiang"])
    assert any("敏感" in line for line in told["wangke"])


async def test_a_suggestion_is_written_down(firm: Customers) -> None:
    assert "谢谢您的建议" in await firm.asks("建议周末也能办业务")
    assert any("客户建议：建议周末也能办业务" in line for line in firm.timeline())
    (ticket,) = firm.tickets()
    assert (ticket.flow, ticket.handler_id, ticket.details["content"]) == ("suggestion", "wangke", "建议周末也能办业务")
    assert any("提了建议" in line for line in firm.heard_by_all()["hexin"])


async def test_a_picture_is_for_a_person(firm: Customers) -> None:
    assert "转给工作人员看" in await firm.asks("", kind="image")
    assert "[图片]" in firm.heard()


async def test_a_ticket_is_asked_after_by_its_number(fang: Customers) -> None:
    await fang.asks("三天没人回我，我要投诉")
    assert "T1 投诉：待处理" in await fang.asks("T1 怎么样了")
    assert "T1 投诉：待处理" in await fang.asks("我的工单")


async def test_a_ticket_of_somebody_else_and_none_sound_alike(fang: Customers) -> None:
    def another_s(uow: UnitOfWork) -> Any:
        flow = uow.packs.find_flow("demand")
        assert flow is not None
        return uow.tickets.open(flow, a_client(uow, "赵磊"), {"content": "想了解养老"})

    foreign = fang.writes(another_s)
    assert await fang.asks(foreign.name) == await fang.asks("T999")


async def test_who_asks_after_a_ticket_proves_who_she_is_like_anybody(firm: Customers) -> None:
    assert await firm.asks("T16 怎么样了") == await firm.asks("T16 怎么样了", STRANGER)


async def test_whoever_has_the_client_hears_that_the_bot_did_not_understand(firm: Customers) -> None:
    await firm.asks("呜哩哇啦")
    heard = firm.heard()
    assert "没有听懂，请您看看客户要什么" in heard
    assert "不用再回复" not in heard


@pytest.mark.parametrize("said", ["我要买保险", "能贷款吗", "能借钱吗 利息多少", "你们有没有人啊", "你们公司电话多少"])
async def test_who_is_no_client_yet_gets_a_person(firm: Customers, said: str) -> None:
    firm.writes(lambda uow: uow.users.prefer(uow.users.get("lixiang"), **{SERVICER: True}))
    answered = await firm.asks(said, STRANGER)
    assert "已转给工作人员" in answered
    assert said in firm.heard()
    assert await firm.asks(said) == answered


@pytest.mark.parametrize(("said", "answered"), [
    ("你觉得我该买重疾险还是医疗险", "选哪一款要结合您的情况"), ("帮我推荐一款理财", "选哪一款要结合您的情况"),
    ("百万医疗包含住院吗 保什么", "要看具体合同的条款"), ("我想问下住院能报多少", "要看具体合同的条款"),
])  # fmt: skip
async def test_what_to_choose_and_what_is_covered_is_for_a_person(firm: Customers, said: str, answered: str) -> None:
    assert answered in await firm.asks(said, STRANGER)
    assert answered in await firm.asks(said)
    assert "客户在等您回复" in firm.heard()


async def test_somebody_else_s_contracts_are_told_to_that_one_alone(fang: Customers) -> None:
    assert "请他用自己的微信来问" in await fang.asks("我老公的保单呢")
    assert "请他用自己的微信来问" not in await fang.asks("我给老公买的保单什么时候到期")


# ---------------------------------------------------------------- products


async def test_of_a_product_the_facts_of_the_shelf_are_told_and_the_notice(firm: Customers) -> None:
    answered = await firm.asks("松鹤养老险怎么样", STRANGER)
    assert "松鹤养老险：养老险，山岚养老，风险等级 R1，犹豫期 20 天" in answered
    assert "不是投资或投保建议" in answered


async def test_to_who_has_no_risk_class_a_fund_is_not_shown(fang: Customers) -> None:
    assert "稳盈季季开" in await fang.asks("稳盈季季开利率多少", STRANGER)
    answered = await fang.asks("稳盈季季开利率多少")
    assert "R2" not in answered
    assert "已转给工作人员" in answered


async def test_who_says_thanks_is_not_greeted_anew(firm: Customers) -> None:
    assert await firm.asks("谢谢") == "不客气，有需要随时说。"
    assert "智能助手" in await firm.asks("你好")


# ---------------------------------------------------------------- rights


async def test_no_more_messages_at_once_also_those_that_wait(firm: Customers) -> None:
    def queue(uow: UnitOfWork) -> Any:
        client = uow.clients.get(firm.fang.id)
        uow.consents.record(client, "care", True, channel="chat")
        asked = Asked.about(uow.packs, client, "thanks", "感谢您的信任", "hand", own=True)
        return enter(uow, asked, ZONE, state="drafted", sender_id="lixiang", not_before=uow.now)

    waiting = firm.writes(queue)
    assert "马上生效" in await firm.asks("别再给我发消息了")
    li = Desk(firm.database, firm.clock, "lixiang")
    granted = li.sees(lambda uow: uow.consents.granted(firm.fang.id))
    assert granted.isdisjoint({"care", "marketing"})
    from reminders.gate import may_send

    def judged(uow: UnitOfWork) -> Any:
        message = ClientMessageRepository(uow).get(waiting.id)
        return may_send(uow, Asked.of(message, uow.clients.get(firm.fang.id)), ZONE, stage="send").codes

    assert "opted_out" in firm.writes(judged)
    assert "已登记撤回产品推荐、关怀提醒的授权" in firm.heard()


@pytest.mark.parametrize("said", ["我要取消退订", "我想恢复接收消息"])
async def test_whoever_wants_messages_again_is_not_opted_out_anew_and_a_member_makes_sure(
    firm: Customers, said: str
) -> None:
    answered = await firm.asks(said)
    assert "跟您确认以后恢复" in answered
    assert "王芳 同意营销" in firm.heard()
    li = Desk(firm.database, firm.clock, "lixiang")
    assert li.sees(lambda uow: uow.consents.granted(firm.fang.id)) == set()
    assert answered == await firm.asks(said, STRANGER)


async def test_what_is_kept_of_her_is_told_by_purpose_and_masked(fang: Customers) -> None:
    answered = await fang.asks("你们有我哪些资料？")
    assert "服务联系：手机 199****" in answered
    assert "办理和管理合同：合同 1 份" in answered
    assert "关怀提醒：没有同意" in answered
    assert fang.phone_of(fang.fang) not in answered


async def test_what_is_kept_of_her_names_every_sort_of_record(fang: Customers) -> None:
    await fang.asks("退保能退多少")

    def keep(uow: UnitOfWork) -> None:
        client = uow.clients.get(fang.fang.id)
        uow.clients.relate(client, a_client(uow, "刘洋"), "spouse")
        an_account(uow, client)

    fang.writes(keep)
    answered = await fang.asks("你们有我哪些资料？")
    for kept in ("账户 1 个", "工单 1 张", "家庭和其他关系 1 位", "跟进和沟通"):
        assert kept in answered, kept
    assert "评估适合您的产品" not in answered  # there is none
    assert "62229900" not in answered


# ---------------------------------------------------------------- the window is for people too


async def test_the_last_answer_of_the_window_is_kept_for_people(firm: Customers) -> None:
    firm.rings(firm.wecom.says(FANG, "在吗"))
    await firm.reads()
    await firm.sends()
    li = Desk(firm.database, firm.clock, "lixiang")
    for n in range(MOST_ANSWERS - 1):
        li.says(f"回复 王芳 第 {n} 条")
        li.says("确认")
        await firm.sends()
    assert len(firm.wecom.phones[FANG]) == MOST_ANSWERS  # hers and his together


async def test_while_a_person_serves_her_in_wecom_the_bot_is_silent(firm: Customers) -> None:
    await firm.asks("在吗")
    account = firm.wecom.api.accounts[ACCOUNT]
    firm.wecom.api._log(account, firm.clock.now(), 5, "text", {"content": "我来帮您"}, external_userid=FANG)
    assert await firm.asks("我的保单什么时候到期") == ""
    assert "我的保单什么时候到期" in firm.heard()
    firm.clock.advance(timedelta(hours=49))
    assert "核实身份" in await firm.asks("我的保单什么时候到期")


async def test_who_was_answered_waits_for_nobody_and_who_was_handed_over_does(firm: Customers) -> None:
    await firm.asks("怎么理赔")
    assert firm.writes(lambda uow: KfRepository(uow).unanswered(uow.now - timedelta(hours=48))) == []
    await firm.asks("转人工")
    waiting = firm.writes(lambda uow: KfRepository(uow).unanswered(uow.now - timedelta(hours=48)))
    assert [heard.words for heard in waiting] == ["转人工"]


async def test_a_stranger_is_answered_what_is_said_to_everybody(firm: Customers) -> None:
    firm.writes(lambda uow: uow.users.prefer(uow.users.get("lixiang"), **{SERVICER: True}))
    assert "核实身份" in await firm.asks("我的保单什么时候到期", STRANGER)
    assert "只答复了对谁都一样的话" in firm.heard()


async def test_two_matters_of_one_message_are_two_tickets(fang: Customers) -> None:
    answered = await fang.asks("改一下地址，另外把电子保单发我")
    assert ("工单号 T1" in answered, "工单号 T2" in answered) == (True, True)
    assert sorted(ticket.details["content"][:4] for ticket in fang.tickets()) == ["要文件：", "要求改地"]


