"""Setting reminders, and what becomes of them by words and by number (R119, R139, R149)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from handlers.language import Recurrence
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Actor, Client
from storage.model.work import Reminder
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk, on, words_of


@pytest.fixture
def wangfang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    with database.system(clock.now()) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        return a_client(uow, "王芳", last_contact_at=clock.now() - timedelta(days=40), birthday=date(1985, 6, 20))


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def mine(desk: Desk) -> list[Reminder]:
    now = desk.clock.now()
    far = timedelta(days=4000)
    return desk.sees(lambda uow: uow.reminders.open_between(desk.user_id, now - far, now + far))


def test_of_a_very_long_list_only_so_much_is_carried_as_numbers_can_mean(li: Desk, wangfang: Client):
    with li.database.transaction(Actor.of(li.sees(lambda uow: uow.users.get("lixiang"))), li.clock.now()) as uow:
        for n in range(205):
            uow.reminders.add(receiver_id="lixiang", remind_at=at("2025-06-20T08:30"), due_on=date(2025, 6, 20),
                              category="task", text=f"第 {n} 件", timed=False)
    assert "只列前 200 项，共 205 项" in li.says("我的提醒")
    assert len(li.sees(lambda uow: uow.conversations.load("lixiang"))["listing"][1]) == 200
    assert "还有 180 项" in li.says("更多")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# ---------------------------------------------------------------- setting


# ---------------------------------------------------------------- to be kept in mind


@pytest.mark.parametrize(("said", "kept"), [
    ("他打算转成一年期的，帮我记着", "打算转成一年期"), ("他打算今年转成一年期的，帮我记着", "打算今年转成一年期"), ("帮我记着，她去年买了一年期的", "去年买了一年期"),
    ("那张存单她打算转成一年期的，帮我记着", "存单她打算转成一年期"), ("她这个月手头紧，帮我记住", "这个月手头紧"),
])
def test_what_is_known_of_a_client_is_kept_as_a_note_and_sets_no_reminder(li: Desk, wangfang: Client, said: str, kept: str):
    li.says("查 王芳")
    assert "已记录「王芳」的跟进：" in li.says(said)
    assert mine(li) == []
    (noted,) = li.sees(lambda uow: uow.interactions.of_client(wangfang.id))
    assert kept in noted.text
    assert "记" not in noted.text


@pytest.mark.parametrize("said", ["帮我记着明天给王芳打电话", "王芳明天生日，帮我记着"])
def test_what_is_to_be_kept_in_mind_for_a_day_to_come_is_a_reminder(li: Desk, wangfang: Client, said: str):
    li.says(said)
    (reminder,) = mine(li)
    assert reminder.due_on == date(2025, 6, 10)


def test_a_reminder_is_set_for_its_minute_and_echoed(li: Desk, wangfang: Client):
    heard = li.asks("reminder.create", client="王芳", client_id=wangfang.id, content="见面", when=on("2025-06-11T15:00"))
    assert "06-11（周三） 15:00 提醒您：见面" in heard
    (reminder,) = mine(li)
    assert (reminder.remind_at, reminder.timed, reminder.client_id) == (at("2025-06-11T15:00"), True, wangfang.id)


def test_two_times_in_one_sentence_set_nothing_and_are_to_be_sent_as_two(li: Desk, wangfang: Client):
    heard = li.says("下周三下午2点和后天上午9点都提醒我给王芳打电话")
    assert "这次没有设提醒。请分成两句发送" in heard
    assert mine(li) == []
    for example in re.findall("「(.+?)」", heard):
        li.says(example)
    assert len(mine(li)) == 2


def test_a_day_without_an_hour_comes_with_the_morning_list(li: Desk):
    assert "当天早上的待办" in li.asks("reminder.create", content="对账", when=on("2025-06-20"))
    assert not mine(li)[0].timed


def test_a_name_that_nobody_has_stays_in_the_words(li: Desk):
    li.asks("reminder.create", client="老陈", client_id=None, content="给老陈打电话", when=on("2025-06-10T10:00"))
    assert mine(li)[0].text == "给老陈打电话"


def test_a_name_that_several_have_is_asked_about(li: Desk, wangfang: Client, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        other = a_client(uow, "王芳")
    heard = li.asks("reminder.create", client="王芳", client_id=[wangfang.id, other.id], content="见面",
                    when=on("2025-06-11T15:00"))
    assert "有 2 位「王芳」" in heard
    assert mine(li) == []


@pytest.mark.parametrize("when", [
    on("2025-06-08T15:00", problem="past"), on("2025-06-09T08:00"), on("2025-02-28", problem="impossible"),
])
def test_a_time_that_cannot_be_is_refused(li: Desk, when: object):
    heard = li.asks("reminder.create", content="打电话", when=when)
    assert "请换一个" in heard
    assert mine(li) == []


def test_two_appointments_within_the_hour_are_pointed_out(li: Desk):
    li.asks("reminder.create", content="开会", when=on("2025-06-11T14:30"))
    assert "已有 14:30「开会」" in li.asks("reminder.create", content="见客户", when=on("2025-06-11T15:00"))


def test_numbers_in_the_words_are_masked(li: Desk):
    li.asks("reminder.create", content="打 13812345678", when=on("2025-06-11T15:00"))
    assert "13812345678" not in mine(li)[0].text


def test_nothing_to_remind_of_or_no_time_is_asked_for(li: Desk):
    assert "提醒您做什么" in li.asks("reminder.create", when=on("2025-06-11T15:00"))
    assert "什么时候提醒" in li.asks("reminder.create", content="开会")


# ---------------------------------------------------------------- repeating


def test_a_repeating_reminder_comes_again_when_it_is_finished(li: Desk):
    rule = Recurrence("FREQ=WEEKLY;BYDAY=FR", "2025-06-13T16:00", text="每周五下午4点")
    assert "每周五下午4点提醒您：写周报" in li.asks("reminder.create", content="写周报", recurrence=rule)
    li.clock.move_to(at("2025-06-13T16:10"))
    heard = li.asks("reminder.complete", content="写周报")
    assert "下一次：06-20（周五） 16:00" in heard
    assert [r.remind_at for r in mine(li)] == [at("2025-06-20T16:00")]


def test_cancelling_a_repeating_reminder_ends_it(li: Desk):
    rule = Recurrence("FREQ=DAILY", "2025-06-10T09:00", text="每天早上9点")
    li.asks("reminder.create", content="看市场", recurrence=rule)
    assert "以后也不再重复" in li.asks("reminder.cancel", recurrence=rule)
    assert mine(li) == []


def test_a_rule_that_cannot_be_kept_is_refused_and_not_pretended(li: Desk):
    rule = Recurrence("FREQ=HOURLY;INTERVAL=2", "2025-06-10T09:00", text="每两小时")
    assert "还不能自动重复" in li.asks("reminder.create", content="喝水", recurrence=rule)
    assert mine(li) == []


# ---------------------------------------------------------------- relative to a date


def test_days_before_a_policy_ends_are_counted_from_its_date(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        a_policy(uow, wangfang, ends_on=date(2025, 8, 1))
    heard = li.asks("reminder.create", client="王芳", client_id=wangfang.id, anchor="policy_due", offset="-P30D")
    assert "07-02" in heard
    assert mine(li)[0].due_on == date(2025, 7, 2)


def test_all_clients_at_once_points_to_the_rules(li: Desk):
    heard = li.asks("reminder.create", anchor="policy_due", offset="-P30D", scope="all")
    assert "由提醒规则统一安排" in heard
    assert "续保：" in heard
    assert mine(li) == []


def test_a_date_that_is_not_known_is_said(li: Desk, wangfang: Client):
    heard = li.asks("reminder.create", client="王芳", client_id=wangfang.id, anchor="loan_due", offset="-P7D")
    assert "没有以后的贷款到期日" in heard


# ---------------------------------------------------------------- finishing


def set_three(li: Desk, wangfang: Client) -> None:
    """Three reminders, listed in the order of time: 见面 (with 王芳), 对账, 开会."""
    li.asks("reminder.create", client="王芳", client_id=wangfang.id, content="见面", when=on("2025-06-10T10:00"))
    li.asks("reminder.create", content="对账", when=on("2025-06-10T11:30"))
    li.asks("reminder.create", content="开会", when=on("2025-06-10T16:00"))
    assert "3 条" in li.asks("reminder.list")


def test_a_number_finishes_the_item_of_the_list_shown_last(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "已完成：对账" in li.asks("item.done", index=2, content="已办")
    assert [r.text for r in mine(li)] == ["见面", "开会"]


def test_several_numbers_finish_several(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    heard = li.asks("item.done", indexes=[1, 3], content="都做完了")
    assert "见面" in heard
    assert "开会" in heard
    assert [r.text for r in mine(li)] == ["对账"]


def test_spoken_with_the_client_restarts_the_silence_clock(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    heard = li.asks("item.done", index=1, content="已联系 客户说再考虑")
    assert "已记入时间线" in heard
    (written,) = li.sees(lambda uow: uow.interactions.of_client(wangfang.id))
    assert "客户说再考虑" in written.text
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == li.clock.now()


def test_a_task_that_is_just_done_is_no_contact(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    li.asks("item.done", index=1, content="完成")
    assert li.sees(lambda uow: uow.interactions.of_client(wangfang.id)) == []


def test_a_second_time_says_that_it_was_done(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    li.asks("item.done", index=1)
    assert "已完成，不用再处理" in li.asks("item.done", index=1)


@pytest.mark.parametrize("number", [0, 4, 99])
def test_a_number_that_is_not_there_is_refused(li: Desk, wangfang: Client, number: int):
    set_three(li, wangfang)
    assert f"没有第 {number} 项" in li.asks("item.done", index=number)
    assert len(mine(li)) == 3


def test_without_a_list_a_number_means_nothing(li: Desk):
    assert "现在没有正在看的清单" in li.asks("item.done", index=1)


def test_words_find_the_reminder_and_several_are_listed(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "已完成：对账" in li.asks("reminder.complete", content="对账那个")
    li.asks("reminder.create", client="王芳", client_id=wangfang.id, content="送合同", when=on("2025-06-12T10:00"))
    assert "有 2 条提醒符合" in li.asks("reminder.complete", client="王芳", client_id=wangfang.id)
    assert "已完成：送合同" in li.asks("item.done", index=2)


def test_the_last_one_is_the_one_set_last(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "已取消：开会" in li.asks("reminder.cancel", ref="last")


def test_finishing_is_taken_back(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    li.asks("item.done", index=1, content="已联系")
    assert "已撤销" in li.asks("undo")
    assert len(mine(li)) == 3
    assert li.sees(lambda uow: uow.interactions.of_client(wangfang.id)) == []


# ---------------------------------------------------------------- later, not needed, somebody else's


def test_later_at_a_said_time(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "改到 06-11（周三） 09:00" in li.asks("item.snooze", index=2, to=on("2025-06-11", part="morning"))
    assert at("2025-06-11T09:00") in [r.remind_at for r in mine(li)]


def test_later_by_a_length(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "06-10（周二） 13:30" in li.asks("item.snooze", index=2, delay="PT2H")
    assert "06-09（周一） 13:30" in li.asks("reminder.postpone", content="对账", delay="-P1D")


@pytest.mark.parametrize(("said", "stands"), [
    ("那个提醒推迟到4点", "06-12T16:00"), ("那个提醒推迟到下午4点", "06-12T16:00"), ("那个提醒推迟到周五晚上8点", "06-13T20:00"),
    ("那个提醒提前到今天4点", "06-09T16:00"), ("那个提醒推迟到明天4点", "06-12T14:00"), ("那个提醒推迟到上午9点", "06-12T14:00"),
])
def test_what_is_put_off_never_comes_earlier_than_it_stood(li: Desk, wangfang: Client, said: str, stands: str):
    li.says("周四下午2点提醒我给王芳送合同")
    heard = li.says(said)
    assert mine(li)[0].remind_at == at(f"2025-{stands}")
    assert ("没有改动" in heard) == (stands == "06-12T14:00")
    assert (f"改到 {stands[:5]}" in heard) == (stands != "06-12T14:00")


def test_later_without_a_time_offers_three(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    heard = li.asks("item.snooze", index=2)
    assert "① 1 小时后 ② 明早 8:30 ③ 下个工作日" in heard
    assert "改到 06-10（周二） 08:30" in li.asks("clarify.answer", index=2)


@pytest.mark.parametrize(("said", "moved"), [
    ("周三上午", "06-11（周三） 09:00"), ("明天", "06-10（周二） 再提醒"), ("明天下午3点", "06-10（周二） 15:00"),
    ("稍后 周三上午", "06-11（周三） 09:00"), ("那就明天吧", "06-10（周二） 再提醒"), ("改到下周一", "06-16（周一） 再提醒"),
    ("2天后", "06-12（周四） 11:30"), ("1小时", "06-10（周二） 12:30"), ("下周一再提醒我", "06-16（周一） 再提醒"),
])
def test_a_typed_time_answers_when(li: Desk, wangfang: Client, said: str, moved: str):
    set_three(li, wangfang)
    li.says("我的提醒")
    li.says("2 稍后")
    (asked,) = asked_about(li)
    title = li.sees(lambda uow: uow.reminders.get(asked)).text
    assert f"「{title}」改到 {moved}" in li.says(said)
    assert "什么时候" not in li.says("明天")


@pytest.mark.parametrize("said", ["周三上午", "稍后 周三上午"])
def test_a_typed_time_answers_the_card_that_asks_when(li: Desk, wangfang: Client, said: str):
    set_three(li, wangfang)
    reminder = mine(li)[0]
    li.taps_action("reminder.snooze", reminder=reminder.id, until="ask")
    assert "改到 06-11（周三） 09:00" in li.says(said)
    assert at("2025-06-11T09:00") in [r.remind_at for r in mine(li) if r.id == reminder.id]


@pytest.mark.parametrize("said", ["明天提醒我给老陈打电话", "明天日程", "周三上午提醒我见王芳", "3 稍后 周三上午"])
def test_what_says_more_than_a_time_is_a_command_of_its_own(li: Desk, wangfang: Client, said: str):
    set_three(li, wangfang)
    li.says("我的提醒")
    li.says("2 稍后")
    (asked,) = asked_about(li)
    before = li.sees(lambda uow: uow.reminders.get(asked).remind_at)
    li.says(said)
    assert li.sees(lambda uow: uow.reminders.get(asked).remind_at) == before


def test_a_typed_time_that_is_no_good_leaves_the_question_open(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    li.says("我的提醒")
    li.says("2 稍后")
    assert "没有「2月30日」这一天" in li.says("2月30日")
    assert "已经过去了" in li.says("昨天")
    assert "改到 06-10（周二） 再提醒" in li.says("明天")


def asked_about(desk: Desk) -> list[int]:
    found: list[int] = desk.sees(lambda uow: uow.conversations.load("lixiang"))["pending"][2]["reminders"]
    return found


def test_a_time_that_is_over_changes_nothing(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "已经过去" in li.asks("item.snooze", index=2, to=on("2025-06-02", problem="past"))
    assert at("2025-06-10T11:30") in [r.remind_at for r in mine(li)]


def test_what_is_put_off_past_its_day_is_put_off_with_a_warning(li: Desk, wangfang: Client):
    def due(uow, category, day):
        policy = a_policy(uow, wangfang, ends_on=day)
        uow.reminders.add(
            receiver_id="lixiang", remind_at=li.clock.now(), due_on=day, category=category, text="", timed=False,
            client=wangfang, object_type="contract", object_id=policy.id,
        )
    li.sees(lambda uow: due(uow, "renewal", date(2025, 6, 10)))
    li.says("今日待办")
    assert "注意" not in li.says("1 稍后 明天上午")
    assert "注意：06-10 保单到期，改到 06-11 已在保单到期之后。" in li.says("1 稍后 周三上午")


def test_not_needed_keeps_the_reason_in_words_of_the_dictionary(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    heard = li.asks("item.dismiss", index=1, reason="客户已出国")
    assert "已标为不需要：见面（原因：迁居或出国" in heard
    assert len(mine(li)) == 2


def test_a_colleague_who_is_named_in_full_gets_it_at_once_and_is_told(li: Desk, database: Database):
    li.asks("reminder.create", content="对账", when=on("2025-06-20"))
    li.says("我的提醒")
    assert "已转交给 王小强" in li.says("1 转交 王小强")
    ((receiver, letter),) = li.letters
    assert receiver == "xiaowang"
    assert "对账" in words_of(letter)
    assert [r.text for r in mine(Desk(database, li.clock, "xiaowang"))] == ["对账"]


def test_a_colleague_is_told_when_what_he_was_given_is_taken_back(li: Desk, database: Database):
    li.asks("reminder.create", content="对账", when=on("2025-06-20"))
    li.says("我的提醒")
    li.says("1 转交 王小强")
    assert "已通知对方" in li.undoes()
    ((receiver, letter),) = li.letters
    assert receiver == "xiaowang"
    assert "已撤回" in words_of(letter)
    assert mine(Desk(database, li.clock, "xiaowang")) == []
    assert [r.text for r in mine(li)] == ["对账"]


def test_an_act_that_concerned_nobody_else_is_taken_back_in_silence(li: Desk):
    li.asks("reminder.create", content="对账", when=on("2025-06-20"))
    assert "已通知对方" not in li.undoes()
    assert li.letters == []


def test_nobody_is_told_on_the_strength_of_a_nickname(li: Desk, database: Database):
    li.asks("reminder.create", content="对账", when=on("2025-06-20"))
    li.says("我的提醒")
    assert "「小王」是指 王小强吗？" in li.says("1 转交 小王")
    assert li.letters == []
    assert len(mine(li)) == 1
    assert "已转交给 王小强" in li.says("是的")
    assert [receiver for receiver, _ in li.letters] == ["xiaowang"]


def test_what_a_colleague_cannot_see_is_said_before_it_goes_to_him(li: Desk, wangfang: Client, database: Database):
    li.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=li.clock.now(), due_on=date(2025, 6, 9), category="birthday", text="",
        client=wangfang, timed=False,
    ))
    li.says("今日待办")
    asked = li.says("1 转交 王小强")
    assert "王小强 看不到「王芳」的资料" in asked
    assert "把王芳移交给王小强" in asked
    assert li.letters == []
    li.says("确认")
    ((_, letter),) = li.letters
    wang = Desk(database, li.clock, "xiaowang")
    for heard in (words_of(letter), wang.says("今日待办")):
        assert "王芳 生日 1" in heard
        assert "****" in heard
    assert "没有找到" in wang.says("查客户 王芳")


def test_the_manager_above_sees_the_client_and_is_given_it_at_once(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    manager = li.sees(lambda uow: uow.users.get("wangke")).name
    assert f"已转交给 {manager}" in li.says(f"1 转交 {manager}")


def test_the_giver_is_told_when_it_is_done(li: Desk, wangfang: Client, database: Database):
    set_three(li, wangfang)
    li.asks("item.hand_over", index=1, to="王小强")
    li.confirms()
    wang = Desk(database, li.clock, "xiaowang")
    wang.asks("reminder.list")
    assert "已告诉原负责人" in wang.asks("item.done", index=1, content="已联系")
    assert wang.letters[0][0] == "lixiang"


@pytest.mark.parametrize("name", ["陈默", "不存在"])
def test_nobody_outside_the_team_can_be_given_anything(li: Desk, wangfang: Client, name: str):
    set_three(li, wangfang)
    heard = li.asks("item.hand_over", index=1, to=name)
    assert f"团队里没有「{name}」" in heard
    assert "王小强" in heard
    assert len(mine(li)) == 3


def test_a_colleagues_reminder_cannot_be_touched(li: Desk, wangfang: Client, database: Database):
    set_three(li, wangfang)
    foreign = mine(li)[0]
    chen = Desk(database, li.clock, "chenmo")
    chen.asks("reminder.create", content="自己的", when=on("2025-06-10T10:00"))
    chen.asks("reminder.list")
    with database.system(li.clock.now()) as uow:
        state = uow.conversations.load("chenmo")
        state["listing"][1][0]["reminder"] = foreign.id
        uow.conversations.save("chenmo", state)
    assert "没有找到这条提醒" in chen.asks("item.done", index=1)
    assert len(mine(li)) == 3


# ---------------------------------------------------------------- lists


def test_lists_of_a_day_of_a_client_and_of_what_is_overdue(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    assert "06-10 日程 3 项" in li.asks("agenda.day", range=on("2025-06-10"))
    assert "06-10 日程 3 项" in li.asks("agenda.day")
    assert "还没有安排" in li.asks("agenda.day", range=on("2025-06-12"))
    assert "1 条" in li.asks("reminder.list", client="王芳", client_id=wangfang.id)
    assert "没有逾期的提醒" in li.asks("reminder.list", status="overdue")
    li.clock.advance(timedelta(days=2))
    assert "逾期的提醒 3 条" in li.asks("reminder.list", status="overdue")


def test_what_was_done_can_be_listed(li: Desk, wangfang: Client):
    set_three(li, wangfang)
    li.asks("item.done", index=2)
    assert "对账" in li.asks("reminder.list", status="done")


def test_long_lists_are_turned_page_by_page_and_numbers_run_on(li: Desk):
    for hour in range(8, 20):
        li.asks("reminder.create", content=f"事项{hour}", when=on(f"2025-06-11T{hour:02d}:30"))
    first = li.asks("reminder.list")
    assert "还有 2 项，发送「更多」查看" in first
    assert "⑪" in (second := li.asks("page.next"))
    assert "事项18" in second
    assert "已完成：事项18" in li.asks("item.done", index=11)
    assert "没有更多" in li.asks("page.next")
    assert "①" in li.asks("page.previous")
    assert "已经是第一页" in li.asks("page.previous")


def test_two_clients_of_one_name_are_told_apart_in_the_list_and_in_the_answer(li: Desk, database: Database):
    def given(uow):
        for phone in ("13800000101", "13900000002"):
            uow.reminders.add(
                receiver_id="lixiang", remind_at=li.clock.now(), due_on=date(2025, 6, 9), category="birthday", text="",
                client=a_client(uow, "李雷", phone=phone), timed=False,
            )
    li.sees(given)
    for listed in (li.says("今日待办"), li.says("我的提醒")):
        assert "李雷（尾号 0101）" in listed
        assert "李雷（尾号 0002）" in listed
    heard = li.says("1,2 已联系")
    assert "李雷（尾号 0101）的生日提醒" in heard
    assert "李雷（尾号 0002）的生日提醒" in heard


def test_the_rhythm_of_a_reminder_is_changed_in_words_and_taken_back(li: Desk) -> None:
    li.says("每周一上午10点提醒我催资料")
    heard = li.says("把催资料那条改成每周二")
    assert "改成每周二提醒" in heard
    assert "06-10（周二）" in heard
    assert "06-10（周二） 10:00" in li.says("我的提醒")
    li.says("撤销")
    assert "06-09（周一） 10:00" in li.says("我的提醒")
