from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_deposit, a_policy
from tests.handlers.asking import SHANGHAI, Desk, on

TODAY = date(2025, 6, 9)
ENDS = date(2025, 6, 30)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def fang(desk: Desk):
    return desk.sees(lambda uow: a_client(uow, stage="active"))


@pytest.fixture
def policy(desk: Desk, fang):
    return desk.sees(lambda uow: yearly(uow, fang))


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


def open_reminders(desk: Desk, client):
    return desk.sees(lambda uow: uow.reminders.of_client(client.id))


def contract_now(desk: Desk, contract):
    return desk.sees(lambda uow: uow.contracts.get(contract.id))


def client_now(desk: Desk, client):
    return desk.sees(lambda uow: uow.clients.get(client.id))


# ---------------------------------------------------------------- the wish


def next_wednesday_afternoon():
    return on("2025-06-18", part="afternoon", text="下周三下午")


def test_a_wish_with_a_time_is_a_follow_up_at_two_in_the_afternoon(desk: Desk, fang, policy):
    said = desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high",
                     when=next_wednesday_afternoon(), content="再谈")
    assert "续保意向：高" in said
    assert "2025-06-18 14:00" in said
    assert contract_now(desk, policy).renewal_intent == "high"
    reminder = open_reminders(desk, fang)[0]
    assert (reminder.remind_at, reminder.category, reminder.timed) == (at(18, 14, 0), "follow_up", True)
    contact = desk.sees(lambda uow: uow.interactions.of_client(fang.id))[0]
    assert (contact.kind, contact.next_on) == ("renewal", date(2025, 6, 18))
    assert client_now(desk, fang).last_contact_at is not None


def test_a_second_date_for_the_same_talk_replaces_the_first(desk: Desk, fang, policy):
    desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high", when=next_wednesday_afternoon())
    said = desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="medium",
                     when=on("2025-06-20T15:00", grain="minute", text="周五下午三点"))
    assert "2025-06-20 15:00 再谈，原来约的时间已取消" in said
    assert [r.remind_at for r in open_reminders(desk, fang)] == [at(20, 15, 0)]


@pytest.mark.parametrize(("hour", "minute", "clashes"), [
    (13, 0, True), (14, 0, True), (15, 0, True), (12, 59, False), (15, 1, False),
])
def test_a_clash_within_an_hour_is_hinted_at(desk: Desk, fang, policy, hour, minute, clashes):
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=at(18, hour, minute), due_on=date(2025, 6, 18), category="follow_up",
        text="见林医生",
    ))
    said = desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high",
                     when=next_wednesday_afternoon())
    assert ("时间冲突" in said and "见林医生" in said) is clashes


def test_what_was_pushed_is_done_and_what_comes_later_stays(desk: Desk, fang, policy):
    desk.sees(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="medium")
    assert [r.remind_at for r in open_reminders(desk, fang)] == [at(23)]


def test_a_wish_taken_back_leaves_no_trace(desk: Desk, fang, policy):
    desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high", when=next_wednesday_afternoon())
    assert "已撤销" in desk.undoes()
    assert contract_now(desk, policy).renewal_intent is None
    assert open_reminders(desk, fang) == []
    assert desk.sees(lambda uow: uow.interactions.of_client(fang.id)) == []


@pytest.mark.parametrize(("slots", "problem"), [
    ({}, "高、中还是低"),
    ({"level": "high", "when": on("2025-06-08", text="昨天")}, "「昨天」已经过去了"),
    ({"level": "high", "when": on("2025-02-30", text="2月30日", problem="impossible")}, "没有「2月30日」"),
])
def test_a_wish_that_cannot_be_noted_says_why(desk: Desk, fang, policy, slots, problem):
    assert problem in desk.asks("renewal.intent", client="王芳", client_id=fang.id, **slots)
    assert contract_now(desk, policy).renewal_intent is None


def test_two_policies_in_season_are_a_numbered_choice(desk: Desk, fang, policy):
    car = desk.sees(lambda uow: yearly(uow, fang, date(2025, 7, 3), product_name="畅行车险",
                                        product_code="INS-CAR-01"))
    asked = desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="low",
                      when=next_wednesday_afternoon())
    assert "① 暖阳百万医疗（尾号 1234）" in asked
    assert "② 畅行车险" in asked
    assert "2025-06-18 14:00" in desk.chooses(2)
    assert contract_now(desk, car).renewal_intent == "low"
    assert contract_now(desk, policy).renewal_intent is None


def test_a_policy_out_of_season_is_not_asked_about(desk: Desk, fang, policy):
    desk.sees(lambda uow: yearly(uow, fang, date(2026, 3, 1)))
    assert "已记录" in desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high")
    assert contract_now(desk, policy).renewal_intent == "high"


def test_a_client_with_only_a_long_policy_has_nothing_to_renew(desk: Desk, fang):
    desk.sees(lambda uow: a_policy(uow, fang, product_code="INS-CI-01", product_name="安康重疾险"))
    assert "没有要续保的保单" in desk.asks("renewal.intent", client="王芳", client_id=fang.id, level="high")


# ---------------------------------------------------------------- renewed


def test_renewed_opens_the_next_term_and_closes_the_old_one(desk: Desk, fang, policy):
    said = desk.asks("renewal.done", client="王芳", client_id=fang.id, premium=5200)
    assert "新一期 2025-06-30 至 2026-06-30，保费 5,200 元" in said
    old, new = contract_now(desk, policy), _next_of(desk, fang, policy)
    assert old.state == "renewed"
    assert (new.state, new.premium, new.previous_id) == ("active", Decimal(5200), policy.id)
    assert (new.product_code, new.amount, new.number) == ("INS-MED-02", policy.amount, None)
    parts = desk.sees(lambda uow: uow.contracts.instalments([new.id]))
    assert [(p.state, p.paid_on, p.amount) for p in parts] == [("paid", TODAY, Decimal(5200))]
    people = desk.sees(lambda uow: uow.contracts.parties([new.id]))
    assert [(p.role, p.client_id) for p in people] == [("holder", fang.id)]


def _next_of(desk: Desk, client, old):
    found = desk.sees(lambda uow: uow.contracts.of_client(client.id))
    return next(c for c in found if c.previous_id == old.id)


def test_renewed_stops_the_remaining_pushes_and_keeps_the_result(desk: Desk, fang, policy):
    desk.sees(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    said = desk.asks("renewal.done", client="王芳", client_id=fang.id)
    assert "1 条后续提醒已停止" in said
    assert open_reminders(desk, fang) == []


def test_the_renewal_leaves_the_renewal_list(desk: Desk, fang, policy):
    assert "暖阳百万医疗" in desk.asks("renewal.list")
    desk.asks("renewal.done", client="王芳", client_id=fang.id)
    assert "没有到期的合同" in desk.asks("renewal.list")


def test_a_renewal_taken_back_restores_policy_pushes_and_time_line(desk: Desk, fang, policy):
    desk.sees(lambda uow: a_push(uow, fang, policy, at(23)))
    desk.asks("renewal.done", client="王芳", client_id=fang.id, premium=5200)
    assert "已撤销" in desk.undoes()
    assert contract_now(desk, policy).state == "active"
    assert len(desk.sees(lambda uow: uow.contracts.of_client(fang.id))) == 1
    assert len(open_reminders(desk, fang)) == 1
    assert desk.sees(lambda uow: uow.interactions.of_client(fang.id)) == []


def test_without_a_premium_the_old_one_holds(desk: Desk, fang, policy):
    assert "保费 4,300 元" in desk.asks("renewal.done", client="王芳", client_id=fang.id)


def test_a_premium_with_a_digit_too_many_is_asked_about(desk: Desk, fang, policy):
    assert "相差较大" in desk.asks("renewal.done", client="王芳", client_id=fang.id, premium=52000)
    assert contract_now(desk, policy).state == "active"
    assert "5.2 万元" in desk.confirms()


def test_a_renewal_within_grace_goes_on_without_a_gap_and_a_late_one_says_there_is_one(desk: Desk, fang):
    desk.sees(lambda uow: yearly(uow, fang, TODAY - timedelta(days=20)))
    said = desk.asks("renewal.done", client="王芳", client_id=fang.id)
    assert "新一期 2025-05-20 至 2026-05-20" in said
    other = desk.sees(lambda uow: a_client(uow, "陈静"))
    desk.sees(lambda uow: yearly(uow, other, TODAY - timedelta(days=40)))
    said = desk.asks("renewal.done", client="陈静", client_id=other.id)
    assert "新一期 2025-06-09 至 2026-06-09" in said
    assert "2025-04-30 到 2025-06-09 之间没有保障" in said


def test_a_term_that_began_on_29_february_ends_on_the_28th_of_common_years(desk: Desk, clock: MovableClock, fang):
    clock.move_to(datetime(2025, 2, 20, 9, 0, tzinfo=SHANGHAI))
    desk.sees(lambda uow: yearly(uow, fang, date(2025, 2, 28), starts_on=date(2024, 2, 29)))
    assert "2025-02-28 至 2026-02-28" in desk.asks("renewal.done", client="王芳", client_id=fang.id)


def test_monthly_premiums_of_the_next_term_are_due_but_for_the_first(desk: Desk, fang):
    policy = desk.sees(lambda uow: yearly(uow, fang, pay_mode="monthly", premium=380))
    desk.asks("renewal.done", client="王芳", client_id=fang.id, premium=390)
    new = _next_of(desk, fang, policy)
    parts = desk.sees(lambda uow: uow.contracts.instalments([new.id]))
    assert [p.state for p in parts] == ["paid"] + ["due"] * 11


def test_a_client_at_risk_who_renews_is_served_on(desk: Desk):
    jing = desk.sees(lambda uow: a_client(uow, "陈静", stage="at_risk"))
    desk.sees(lambda uow: yearly(uow, jing))
    desk.asks("renewal.done", client="陈静", client_id=jing.id)
    assert client_now(desk, jing).stage == "active"


def test_the_insured_may_be_named_but_the_holder_keeps_the_policy(desk: Desk, fang):
    def given(uow):
        husband = a_client(uow, "赵磊")
        policy = yearly(uow, husband)
        uow.contracts.add_party(policy.id, "lixiang", "insured", "王芳", fang.id)
        return husband, policy
    husband, policy = desk.sees(given)
    desk.asks("renewal.done", client="王芳", client_id=fang.id)
    assert _next_of(desk, husband, policy).client_id == husband.id


def test_renewing_twice_is_refused(desk: Desk, fang, policy):
    desk.asks("renewal.done", client="王芳", client_id=fang.id, product="百万医疗")
    said = desk.asks("policy.update", client="王芳", client_id=fang.id, policy_no="1234", status="renewed")
    assert "已经是「已续保」" in said


# ---------------------------------------------------------------- not renewed


def test_lost_needs_a_reason_and_offers_the_list(desk: Desk, fang, policy):
    asked = desk.asks("renewal.lost", client="王芳", client_id=fang.id)
    assert "必须登记原因" in asked
    assert "① 价格太高" in asked
    assert contract_now(desk, policy).renewal_intent is None
    assert "原因「价格太高」" in desk.chooses(1)
    assert contract_now(desk, policy).renewal_intent == "none"


@pytest.mark.parametrize(("said", "code"), [
    ("保费太贵", "价格太高"), ("客户已出国", "迁居或出国"), ("去了别家", "转投同业"), ("其他", "其他"),
])
def test_a_reason_in_other_words_is_mapped_to_its_code(desk: Desk, fang, policy, said, code):
    heard = desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason=said)
    assert f"原因「{code}」" in heard
    assert client_now(desk, fang).loss_reason == code


def test_a_reason_of_no_code_is_asked_about(desk: Desk, fang, policy):
    assert "「星座不合」不在原因字典里" in desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="星座不合")


def test_the_last_contract_lost_makes_the_client_lost_and_dates_a_win_back(desk: Desk, fang, policy):
    desk.sees(lambda uow: (a_push(uow, fang, policy, at(2)), a_push(uow, fang, policy, at(23))))
    said = desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "客户阶段改为「已流失」" in said
    assert "2025-09-08 再联系，争取挽回" in said
    now = client_now(desk, fang)
    assert (now.stage, now.loss_reason, now.lost_at is not None) == ("lost", "价格太高", True)
    left = open_reminders(desk, fang)
    assert [(r.due_on, r.weight, r.category) for r in left] == [(date(2025, 9, 8), 20, "follow_up")]


def test_another_contract_keeps_the_client_at_risk_only(desk: Desk, fang, policy):
    desk.sees(lambda uow: a_deposit(uow, fang))
    said = desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "客户阶段改为「有流失风险」，名下还有 1 份有效合同" in said
    assert client_now(desk, fang).stage == "at_risk"


def test_cover_lasts_to_its_last_day_though_it_will_not_be_renewed(desk: Desk, fang, policy):
    desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert contract_now(desk, policy).state == "active"
    assert "有效（不续）" in desk.asks("policy.lookup", client="王芳", client_id=fang.id)


def test_a_policy_that_is_over_is_closed_when_it_is_not_renewed(desk: Desk, fang):
    policy = desk.sees(lambda uow: yearly(uow, fang, TODAY))
    desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert contract_now(desk, policy).state == "expired"


def test_a_loss_taken_back_restores_client_policy_and_pushes(desk: Desk, fang, policy):
    desk.sees(lambda uow: a_push(uow, fang, policy, at(23)))
    desk.asks("renewal.lost", client="王芳", client_id=fang.id, reason="保费太贵")
    assert "已撤销" in desk.undoes()
    assert client_now(desk, fang).stage == "active"
    assert contract_now(desk, policy).renewal_intent is None
    assert [r.remind_at for r in open_reminders(desk, fang)] == [at(23)]


# ---------------------------------------------------------------- cards


def test_a_tap_notes_the_wish_and_greys_the_card(desk: Desk, fang, policy):
    said = desk.taps_action("renewal.intent", contract_id=policy.id, reminder_id=1, level="high")
    assert "续保意向：高" in said
    assert desk.greyed == ["已记录"]
    assert contract_now(desk, policy).renewal_intent == "high"


def test_the_wish_may_be_picked_in_the_card(desk: Desk, fang, policy):
    desk.taps_action("renewal.intent", {"level": ["low"]}, contract_id=policy.id, reminder_id=1)
    assert contract_now(desk, policy).renewal_intent == "low"


def test_a_tap_without_a_level_asks_for_one_and_keeps_the_card(desk: Desk, fang, policy):
    assert "请先选择意向" in desk.taps_action("renewal.intent", contract_id=policy.id, reminder_id=1)
    assert desk.greyed == []


def test_a_tap_renews_at_the_old_premium(desk: Desk, fang, policy):
    said = desk.taps_action("renewal.done", contract_id=policy.id, reminder_id=1)
    assert "保费 4,300 元" in said
    assert desk.greyed == ["已记录"]
    assert contract_now(desk, policy).state == "renewed"


def test_a_card_about_a_renewed_policy_does_nothing_again(desk: Desk, fang, policy):
    desk.taps_action("renewal.done", contract_id=policy.id, reminder_id=1)
    assert "已经处理过了" in desk.taps_action("renewal.done", contract_id=policy.id, reminder_id=2)
    assert desk.greyed == ["已处理"]
    assert len(desk.sees(lambda uow: uow.contracts.of_client(fang.id))) == 2


def test_a_colleague_cannot_renew_my_clients_policy(database, clock, cast: Cast, desk: Desk, fang, policy):
    said = Desk(database, clock, cast.chenmo.id).asks("renewal.done", client="王芳", client_id=fang.id)
    assert "没有找到" in said
    assert contract_now(desk, policy).state == "active"


# ---------------------------------------------------------------- which one 续了 means


def test_the_same_renewal_told_twice_is_written_once(desk: Desk, fang, policy):
    desk.says("王芳 已续")
    said = desk.says("王芳 续了 保费涨到4500")
    assert "已经记过续保了：新一期 2025-06-30 至 2026-06-30，保费 4,300 元" in said
    assert len(desk.sees(lambda uow: uow.contracts.of_client(fang.id))) == 2


def test_another_policy_that_ends_soon_is_renewed_after_the_first(desk: Desk, fang, policy):
    car = desk.sees(lambda uow: yearly(uow, fang, date(2025, 7, 3), product_name="畅行车险", product_code="INS-CAR-01"))
    desk.says("王芳 暖阳百万医疗 已续")
    desk.says("王芳 已续")
    assert contract_now(desk, car).state == "renewed"


def in_two_years(desk: Desk, fang):
    return desk.sees(lambda uow: yearly(uow, fang, date(2027, 4, 21), starts_on=date(2026, 4, 21)))


def a_premium(desk: Desk, fang, due_on: date):
    return desk.sees(lambda uow: a_policy(uow, fang, product_code="INS-CI-01", product_name="安康重疾险",
                                          premium=5200, due_on=[due_on]))


def part_state(desk: Desk, contract) -> str:
    return desk.sees(lambda uow: uow.contracts.instalments([contract.id]))[0].state


def test_where_nothing_ends_soon_it_is_asked_whether_the_premium_or_the_renewal_is_meant(desk: Desk, fang):
    far, long = in_two_years(desk, fang), a_premium(desk, fang, date(2025, 6, 12))
    said = desk.says("王芳 续了")
    assert "近期没有到期的保单" in said
    assert "① 缴费：安康重疾险" in said
    assert "② 续保：暖阳百万医疗" in said
    assert (contract_now(desk, far).state, part_state(desk, long)) == ("active", "due")
    assert "已缴" in desk.says("1")
    assert (contract_now(desk, far).state, part_state(desk, long)) == ("active", "paid")


def test_a_policy_far_from_its_end_is_renewed_once_it_was_chosen(desk: Desk, fang):
    far = in_two_years(desk, fang)
    assert "2027-04-21 到期" in desk.says("王芳 续了 保费4500")
    assert contract_now(desk, far).state == "active"
    assert "保费 4,500 元" in desk.says("1")
    assert contract_now(desk, far).state == "renewed"


def test_the_word_for_a_premium_notes_the_premium_that_is_due(desk: Desk, fang):
    far, long = in_two_years(desk, fang), a_premium(desk, fang, date(2025, 6, 11))
    assert "第 1 期 5,200 元 已缴" in desk.says("王芳 续费了")
    assert (contract_now(desk, far).state, part_state(desk, long)) == ("active", "paid")


def test_the_word_for_a_premium_is_asked_about_where_a_policy_ends_soon_too(desk: Desk, fang, policy):
    long = a_premium(desk, fang, date(2025, 6, 11))
    assert "① 缴费" in desk.says("王芳 续费了")
    assert "已续保" in desk.says("2")
    assert (contract_now(desk, policy).state, part_state(desk, long)) == ("renewed", "due")


# ---------------------------------------------------------------- 续上了


@pytest.fixture
def car(desk: Desk, fang):
    return desk.sees(lambda uow: yearly(uow, fang, product_name="畅行车险", product_code="INS-CAR-01"))


@pytest.mark.parametrize("said", ["王芳那张车险续上了，4800", "王芳车险续上了 保费4800", "今天把王芳的车险续上了，4800", "王芳续上了，4800"])
def test_a_policy_that_goes_on_for_another_term_is_renewed_at_the_premium_told(desk: Desk, car, said: str):
    answer = desk.says(said)
    assert "已续保" in answer
    assert "保费 4,800 元" in answer
    assert "撤销" in answer
    assert contract_now(desk, car).state == "renewed"


@pytest.mark.parametrize("said", [
    "王芳那张车险续上了吗", "王芳那张车险续上了没", "王芳那张车险没续上", "王芳那张车险还没续上", "王芳的车险没能续上，她嫌贵", "王芳车险快续上了",
    "王芳那张车险应该续上了", "王芳的车险下周就续上了", "王芳说车险续上了", "要是王芳车险续上了就好了",
])
def test_a_renewal_that_is_asked_about_or_not_done_yet_changes_nothing(desk: Desk, fang, car, said: str):
    desk.says(said)
    assert contract_now(desk, car) == car
    assert len(desk.sees(lambda uow: uow.contracts.of_client(fang.id))) == 1


def test_a_long_policy_that_was_suspended_counts_again_when_it_is_told_to_go_on(desk: Desk, fang):
    long = desk.sees(lambda uow: a_policy(uow, fang, product_code="INS-CI-01", product_name="安康重疾险", state="suspended"))
    assert "效力中止 → 有效" in desk.says("王芳的重疾险续上了")
    assert contract_now(desk, long).state == "active"
