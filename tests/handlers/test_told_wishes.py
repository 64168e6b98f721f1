"""What a client wants, told in passing: nothing more to be sent, interest in an offer; and answers to 「什么时候提醒您？」."""

from __future__ import annotations

import pytest

from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, cast.lixiang.id)


@pytest.fixture
def jing(desk: Desk) -> Client:
    """陈静, who agreed to care and offers."""
    def given(uow):
        client = a_client(uow, "陈静", phone="13800000103")
        for purpose in ("service", "care", "marketing"):
            uow.consents.record(client, purpose, True, channel="test")
        return client
    return desk.sees(given)


def granted(desk: Desk, client: Client) -> frozenset[str]:
    return desk.sees(lambda uow: uow.consents.granted(client.id))


# ---------------------------------------------------------------- nothing more is to be sent


@pytest.mark.parametrize("said", [
    "陈静说不要再给她发消息了", "陈静让我们别再联系她了", "陈静 不想收到我们的消息", "陈静说，以后别再打扰她了", "别给陈静发消息了",
    "陈静不希望再收到任何消息", "陈静说别再推销了", "陈静要求不要再发了",
])
def test_a_wish_for_no_more_messages_is_echoed_and_takes_effect_once_confirmed(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "撤回产品推荐、关怀提醒的授权吗" in heard
    assert granted(desk, jing) == {"service", "care", "marketing"}
    assert "马上生效" in desk.says("确认")
    assert granted(desk, jing) == {"service"}
    assert "已退订" in desk.says("陈静 能发吗")


def test_a_wish_that_is_not_confirmed_withdraws_nothing(desk: Desk, jing: Client):
    desk.says("陈静说不要再给她发消息了")
    desk.says("取消")
    assert granted(desk, jing) == {"service", "care", "marketing"}


@pytest.mark.parametrize("said", ["陈静说最近别联系她", "陈静说她老公不让她联系", "陈静说先别联系她，下周再说", "记 陈静 说不要发太长的消息给她老公"])
def test_what_is_only_for_now_or_of_somebody_else_withdraws_nothing(desk: Desk, jing: Client, said: str):
    assert "授权吗" not in desk.says(said)
    assert granted(desk, jing) == {"service", "care", "marketing"}


# ---------------------------------------------------------------- a number in full


@pytest.mark.parametrize("said", ["陈静手机号给我完整的", "陈静手机号要完整的", "陈静完整手机号", "陈静的手机号不要打码", "把陈静的完整电话给我"])
def test_a_number_asked_for_in_full_is_masked_with_the_reason_and_noted_nowhere(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "138****0103" in heard
    assert "手机号按公司规定打码显示" in heard
    assert desk.sees(lambda uow: uow.interactions.of_client(jing.id, 10)) == []


# ---------------------------------------------------------------- interest


@pytest.mark.parametrize("said", ["陈静 有兴趣", "陈静说没兴趣", "陈静 很感兴趣"])
def test_interest_without_an_event_is_noted_as_it_was_said(desk: Desk, jing: Client, said: str):
    heard = desk.says(said)
    assert "已记录「陈静」的跟进" in heard
    assert ("商机" in heard) is ("没" not in said)
    (kept,) = desk.sees(lambda uow: uow.interactions.of_client(jing.id, 10))
    assert "兴趣" in kept.text


def test_interest_with_a_day_plans_the_follow_up(desk: Desk, jing: Client):
    assert "下次跟进：06-13" in desk.says("陈静 有意向，周五签")


def test_hobbies_are_still_looked_up(desk: Desk, jing: Client):
    assert "还没有登记兴趣爱好" in desk.says("陈静 兴趣爱好")


# ---------------------------------------------------------------- when to remind


@pytest.mark.parametrize(("answer", "set_for"), [
    ("明天下午", "06-10（周二） 14:00"), ("明天下午3点", "06-10（周二） 15:00"), ("周三", "06-11（周三）"), ("2", "06-10（周二） 08:30"),
    ("1小时后", "06-09（周一） 10:00"), ("下周一上午吧", "06-16（周一）"),
])
def test_a_time_alone_answers_when_to_remind(desk: Desk, jing: Client, answer: str, set_for: str):
    assert "什么时候提醒您" in desk.says("提醒我给陈静打电话")
    heard = desk.says(answer)
    assert set_for in heard
    assert "给陈静打电话" in heard
    (kept,) = desk.sees(lambda uow: uow.reminders.of_client(jing.id))
    assert kept.client_id == jing.id


def test_a_day_that_does_not_exist_is_asked_about_again(desk: Desk, jing: Client):
    assert "没有「2月30日」这一天" in desk.says("提醒我2月30日给陈静打电话")
    assert "06-11" in desk.says("周三")


def test_another_order_lets_the_question_go(desk: Desk, jing: Client):
    desk.says("提醒我给陈静打电话")
    desk.says("陈静 电话")
    desk.says("明天下午")
    assert desk.sees(lambda uow: uow.reminders.of_client(jing.id)) == []
