from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_deposit, a_policy
from tests.handlers.adviser_chat import SHANGHAI, Chat, on

TODAY = date(2025, 6, 9)
ENDS = date(2025, 6, 30)


@pytest.fixture
def chat(database, clock: MovableClock, cast: Cast) -> Chat:
    return Chat(database, clock, cast.lixiang)


@pytest.fixture
def fang(chat: Chat):
    return chat.looks(lambda uow: a_client(uow, stage="active"))


@pytest.fixture
def policy(chat: Chat, fang):
    return chat.looks(lambda uow: yearly(uow, fang))


def yearly(uow, client, ends_on: date = ENDS, **values):
    return a_policy(uow, client, **{
        "product_name": "暖阳百万医疗", "product_code": "INS-MED-02", "pay_mode": "annual", "pay_years": 1,
        "premium": 4300, "starts_on": ends_on.replace(year=ends_on.year - 1), "ends_on": ends_on,
        "number": "M20240001234", **values,
    })


def a_push(uow, client, contract, at: datetime, offset: int = -30):
    return uow.reminders.add(
        receiver_id="lixiang", remind_at=at, due_on=contract.ends_on, category="renewal", text="续保", client=client,
        timed=False, object_type="contract", object_id=contract.id,
    )


def at(day: int, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=SHANGHAI)


def open_reminders(chat: Chat, client):
    return chat.looks(lambda uow: uow.reminders.of_client(client.id))


def contract_now(chat: Chat, contract):
    return chat.looks(lambda uow: uow.contracts.get(contract.id))


def client_now(chat: Chat, client):
    return chat.looks(lambda uow: uow.clients.get(client.id))


# ---------------------------------------------------------------- the wish


def next_wednesday_afternoon():
    return on("2025-06-18", part="afternoon", text="下周三下午")


def test_a_wish_with_a_time_is_a_follow_up_at_two_in_the_afternoon(chat: Chat, fang, policy):
    said = chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high",
                      when=next_wednesday_afternoon(), content="再谈")
    assert "续保意向：高" in said
    assert "2025-06-18 14:00" in said
    assert contract_now(chat, policy).renewal_intent == "high"
    reminder = open_reminders(chat, fang)[0]
    assert (reminder.remind_at, reminder.category, reminder.timed) == (at(18, 14, 0), "follow_up", True)
    contact = chat.looks(lambda uow: uow.interactions.of_client(fang.id))[0]
    assert (contact.kind, contact.next_on) == ("renewal", date(2025, 6, 18))
    assert client_now(chat, fang).last_contact_at is not None


def test_a_second_date_for_the_same_talk_replaces_the_first(chat: Chat, fang, policy):
    chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high", when=next_wednesday_afternoon())
    said = chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="medium",
                      when=on("2025-06-20T15:00", grain="minute", text="周五下午三点"))
    assert "2025-06-20 15:00 再谈，原来约的时间已取消" in said
    assert [r.remind_at for r in open_reminders(chat, fang)] == [at(20, 15, 0)]


@pytest.mark.parametrize(("hour", "minute", "clashes"), [
    (13, 0, True), (14, 0, True), (15, 0, True), (12, 59, False), (15, 1, False),
])
def test_a_clash_within_an_hour_is_hinted_at(chat: Chat, fang, policy, hour, minute, clashes):
    chat.looks(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=at(18, hour, minute), due_on=date(2025, 6, 18), category="follow_up",
        text="见林医生",
    ))
    said = chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high",
                      when=next_wednesday_afternoon())
    assert ("时间冲突" in said and "见林医生" in said) is clashes


def test_what_was_pushed_is_done_and_what_comes_later_stays(chat: Chat, fang, policy):
    chat.looks(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="medium")
    assert [r.remind_at for r in open_reminders(chat, fang)] == [at(23)]


def test_a_wish_taken_back_leaves_no_trace(chat: Chat, fang, policy):
    chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high", when=next_wednesday_afternoon())
    assert "已撤销" in chat.undoes()
    assert contract_now(chat, policy).renewal_intent is None
    assert open_reminders(chat, fang) == []
    assert chat.looks(lambda uow: uow.interactions.of_client(fang.id)) == []


@pytest.mark.parametrize(("slots", "problem"), [
    ({}, "高、中还是低"),
    ({"level": "high", "when": on("2025-06-08", text="昨天")}, "「昨天」已经过去了"),
    ({"level": "high", "when": on("2025-02-30", text="2月30日", problem="impossible")}, "没有「2月30日」"),
])
def test_a_wish_that_cannot_be_noted_says_why(chat: Chat, fang, policy, slots, problem):
    assert problem in chat.hears("renewal.intent", client="王芳", client_id=fang.id, **slots)
    assert contract_now(chat, policy).renewal_intent is None


def test_two_policies_in_season_are_a_numbered_choice(chat: Chat, fang, policy):
    car = chat.looks(lambda uow: yearly(uow, fang, date(2025, 7, 3), product_name="畅行车险",
                                        product_code="INS-CAR-01"))
    asked = chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="low",
                       when=next_wednesday_afternoon())
    assert "① 暖阳百万医疗（尾号 1234）" in asked
    assert "② 畅行车险" in asked
    assert "2025-06-18 14:00" in chat.chooses(2)
    assert contract_now(chat, car).renewal_intent == "low"
    assert contract_now(chat, policy).renewal_intent is None


def test_a_policy_out_of_season_is_not_asked_about(chat: Chat, fang, policy):
    chat.looks(lambda uow: yearly(uow, fang, date(2026, 3, 1)))
    assert "已记录" in chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high")
    assert contract_now(chat, policy).renewal_intent == "high"


def test_a_client_with_only_a_long_policy_has_nothing_to_renew(chat: Chat, fang):
    chat.looks(lambda uow: a_policy(uow, fang, product_code="INS-CI-01", product_name="安康重疾险"))
    assert "没有要续保的保单" in chat.hears("renewal.intent", client="王芳", client_id=fang.id, level="high")


# ---------------------------------------------------------------- renewed


def test_renewed_opens_the_next_term_and_closes_the_old_one(chat: Chat, fang, policy):
    said = chat.hears("renewal.done", client="王芳", client_id=fang.id, premium=5200)
    assert "新一期 2025-06-30 至 2026-06-30，保费 5,200 元" in said
    old, new = contract_now(chat, policy), _next_of(chat, fang, policy)
    assert old.state == "renewed"
    assert (new.state, new.premium, new.previous_id) == ("active", Decimal(5200), policy.id)
    assert (new.product_code, new.amount, new.number) == ("INS-MED-02", policy.amount, None)
    parts = chat.looks(lambda uow: uow.contracts.instalments([new.id]))
    assert [(p.state, p.paid_on, p.amount) for p in parts] == [("paid", TODAY, Decimal(5200))]
    people = chat.looks(lambda uow: uow.contracts.parties([new.id]))
    assert [(p.role, p.client_id) for p in people] == [("holder", fang.id)]


def _next_of(chat: Chat, client, old):
    found = chat.looks(lambda uow: uow.contracts.of_client(client.id))
    return next(c for c in found if c.previous_id == old.id)


def test_renewed_stops_the_remaining_pushes_and_keeps_the_result(chat: Chat, fang, policy):
    chat.looks(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    said = chat.hears("renewal.done", client="王芳", client_id=fang.id)
    assert "1 条后续提醒已停止" in said
    assert open_reminders(chat, fang) == []


def test_the_renewal_leaves_the_renewal_list(chat: Chat, fang, policy):
    assert "暖阳百万医疗" in chat.hears("renewal.list")
    chat.hears("renewal.done", client="王芳", client_id=fang.id)
    assert "没有到期的合同" in chat.hears("renewal.list")


def test_a_renewal_taken_back_restores_policy_pushes_and_time_line(chat: Chat, fang, policy):
    chat.looks(lambda uow: a_push(uow, fang, policy, at(23)))
    chat.hears("renewal.done", client="王芳", client_id=fang.id, premium=5200)
    assert "已撤销" in chat.undoes()
    assert contract_now(chat, policy).state == "active"
    assert len(chat.looks(lambda uow: uow.contracts.of_client(fang.id))) == 1
    assert len(open_reminders(chat, fang)) == 1
    assert chat.looks(lambda uow: uow.interactions.of_client(fang.id)) == []


def test_without_a_premium_the_old_one_holds(chat: Chat, fang, policy):
    assert "保费 4,300 元" in chat.hears("renewal.done", client="王芳", client_id=fang.id)


def test_a_premium_with_a_digit_too_many_is_asked_about(chat: Chat, fang, policy):
    assert "相差较大" in chat.hears("renewal.done", client="王芳", client_id=fang.id, premium=52000)
    assert contract_now(chat, policy).state == "active"
    assert "5.2 万元" in chat.confirms()


def test_a_renewal_within_grace_goes_on_without_a_gap_and_a_late_one_says_there_is_one(chat: Chat, fang):
    chat.looks(lambda uow: yearly(uow, fang, TODAY - timedelta(days=20)))
    said = chat.hears("renewal.done", client="王芳", client_id=fang.id)
    assert "新一期 2025-05-20 至 2026-05-20" in said
    other = chat.looks(lambda uow: a_client(uow, "陈静"))
    chat.looks(lambda uow: yearly(uow, other, TODAY - timedelta(days=40)))
    said = chat.hears("renewal.done", client="陈静", client_id=other.id)
    assert "新一期 2025-06-09 至 2026-06-09" in said
    assert "2025-04-30 到 2025-06-09 之间没有保障" in said


def test_a_term_that_began_on_29_february_ends_on_the_28th_of_common_years(chat: Chat, clock: MovableClock, fang):
    clock.move_to(datetime(2025, 2, 20, 9, 0, tzinfo=SHANGHAI))
    chat.looks(lambda uow: yearly(uow, fang, date(2025, 2, 28), starts_on=date(2024, 2, 29)))
    assert "2025-02-28 至 2026-02-28" in chat.hears("renewal.done", client="王芳", client_id=fang.id)


def test_monthly_premiums_of_the_next_term_are_due_but_for_the_first(chat: Chat, fang):
    policy = chat.looks(lambda uow: yearly(uow, fang, pay_mode="monthly", premium=380))
    chat.hears("renewal.done", client="王芳", client_id=fang.id, premium=390)
    new = _next_of(chat, fang, policy)
    parts = chat.looks(lambda uow: uow.contracts.instalments([new.id]))
    assert [p.state for p in parts] == ["paid"] + ["due"] * 11


def test_a_client_at_risk_who_renews_is_served_on(chat: Chat):
    jing = chat.looks(lambda uow: a_client(uow, "陈静", stage="at_risk"))
    chat.looks(lambda uow: yearly(uow, jing))
    chat.hears("renewal.done", client="陈静", client_id=jing.id)
    assert client_now(chat, jing).stage == "active"


def test_the_insured_may_be_named_but_the_holder_keeps_the_policy(chat: Chat, fang):
    def given(uow):
        husband = a_client(uow, "赵磊")
        policy = yearly(uow, husband)
        uow.contracts.add_party(policy.id, "lixiang", "insured", "王芳", fang.id)
        return husband, policy
    husband, policy = chat.looks(given)
    chat.hears("renewal.done", client="王芳", client_id=fang.id)
    assert _next_of(chat, husband, policy).client_id == husband.id


def test_renewing_twice_is_refused(chat: Chat, fang, policy):
    chat.hears("renewal.done", client="王芳", client_id=fang.id, product="百万医疗")
    said = chat.hears("policy.update", client="王芳", client_id=fang.id, policy_no="1234", status="renewed")
    assert "已经是「已续保」" in said


# ---------------------------------------------------------------- not renewed


def test_lost_needs_a_reason_and_offers_the_list(chat: Chat, fang, policy):
    asked = chat.hears("renewal.lost", client="王芳", client_id=fang.id)
    assert "必须登记原因" in asked
    assert "① 价格太高" in asked
    assert contract_now(chat, policy).renewal_intent is None
    assert "原因「价格太高」" in chat.chooses(1)
    assert contract_now(chat, policy).renewal_intent == "none"


@pytest.mark.parametrize(("said", "code"), [
    ("保费太贵", "价格太高"), ("客户已出国", "迁居或出国"), ("去了别家", "转投同业"), ("其他", "其他"),
])
def test_a_reason_in_other_words_is_mapped_to_its_code(chat: Chat, fang, policy, said, code):
    heard = chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason=said)
    assert f"原因「{code}」" in heard
    assert client_now(chat, fang).loss_reason == code


def test_a_reason_of_no_code_is_asked_about(chat: Chat, fang, policy):
    assert "「星座不合」不在原因字典里" in chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="星座不合")


def test_the_last_contract_lost_makes_the_client_lost_and_dates_a_win_back(chat: Chat, fang, policy):
    chat.looks(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    said = chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "客户阶段改为「已流失」" in said
    assert "2025-09-08 再联系，争取挽回" in said
    now = client_now(chat, fang)
    assert (now.stage, now.loss_reason, now.lost_at is not None) == ("lost", "价格太高", True)
    left = open_reminders(chat, fang)
    assert [(r.due_on, r.weight, r.category) for r in left] == [(date(2025, 9, 8), 20, "follow_up")]


def test_another_contract_keeps_the_client_at_risk_only(chat: Chat, fang, policy):
    chat.looks(lambda uow: a_deposit(uow, fang))
    said = chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "客户阶段改为「有流失风险」，名下还有 1 份有效合同" in said
    assert client_now(chat, fang).stage == "at_risk"


def test_cover_lasts_to_its_last_day_though_it_will_not_be_renewed(chat: Chat, fang, policy):
    chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert contract_now(chat, policy).state == "active"
    assert "有效（不续）" in chat.hears("policy.lookup", client="王芳", client_id=fang.id)


def test_a_policy_that_is_over_is_closed_when_it_is_not_renewed(chat: Chat, fang):
    policy = chat.looks(lambda uow: yearly(uow, fang, TODAY))
    chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert contract_now(chat, policy).state == "expired"


def test_a_loss_taken_back_restores_client_policy_and_pushes(chat: Chat, fang, policy):
    chat.looks(lambda uow: a_push(uow, fang, policy, at(23)))
    chat.hears("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "已撤销" in chat.undoes()
    assert client_now(chat, fang).stage == "active"
    assert contract_now(chat, policy).renewal_intent is None
    assert [r.remind_at for r in open_reminders(chat, fang)] == [at(23)]


# ---------------------------------------------------------------- cards


def test_a_tap_notes_the_wish_and_greys_the_card(chat: Chat, fang, policy):
    said = chat.taps("renewal.intent", contract_id=policy.id, reminder_id=1, level="high")
    assert "续保意向：高" in said
    assert chat.greyed == ["已记录"]
    assert contract_now(chat, policy).renewal_intent == "high"


def test_the_wish_may_be_picked_in_the_card(chat: Chat, fang, policy):
    chat.taps("renewal.intent", {"level": ["low"]}, contract_id=policy.id, reminder_id=1)
    assert contract_now(chat, policy).renewal_intent == "low"


def test_a_tap_without_a_level_asks_for_one_and_keeps_the_card(chat: Chat, fang, policy):
    assert "请先选择意向" in chat.taps("renewal.intent", contract_id=policy.id, reminder_id=1)
    assert chat.greyed == []


def test_a_tap_renews_at_the_old_premium(chat: Chat, fang, policy):
    said = chat.taps("renewal.done", contract_id=policy.id, reminder_id=1)
    assert "保费 4,300 元" in said
    assert chat.greyed == ["已记录"]
    assert contract_now(chat, policy).state == "renewed"


def test_a_card_about_a_renewed_policy_does_nothing_again(chat: Chat, fang, policy):
    chat.taps("renewal.done", contract_id=policy.id, reminder_id=1)
    assert "已经处理过了" in chat.taps("renewal.done", contract_id=policy.id, reminder_id=2)
    assert len(chat.looks(lambda uow: uow.contracts.of_client(fang.id))) == 2


def test_a_colleague_cannot_renew_my_clients_policy(database, clock, cast: Cast, chat: Chat, fang, policy):
    said = Chat(database, clock, cast.chenmo).hears("renewal.done", client="王芳", client_id=fang.id)
    assert "没有找到" in said
    assert contract_now(chat, policy).state == "active"
