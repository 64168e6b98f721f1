"""What members say of a line of the morning list by its number, and of a call without one, in their own words."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk

TODAY = date(2025, 6, 9)
MORNING = datetime(2025, 6, 9, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def desk(database, clock: MovableClock, cast: Cast) -> Desk:
    """Three clients wait to be called, each in today's list."""
    desk = Desk(database, clock, cast.lixiang.id)
    for name, phone in (("王芳", "13800000101"), ("李强", "13800000102"), ("陈静", "13800000103")):
        client = desk.sees(lambda uow, name=name, phone=phone: a_client(uow, name=name, phone=phone))
        desk.sees(lambda uow, client=client: uow.reminders.add(
            receiver_id="lixiang", remind_at=MORNING, due_on=TODAY, timed=False, category="renewal", text="",
            client=client, object_type="client", object_id=client.id))
    return desk


def times(desk: Desk) -> dict[str, str]:
    """When each open reminder comes next."""
    far = datetime(2030, 1, 1, tzinfo=SHANGHAI)
    return desk.sees(lambda uow: {
        r.client_name or "": f"{r.remind_at.astimezone(SHANGHAI):%m-%d %H:%M}"
        for r in uow.reminders.open_between("lixiang", MORNING.replace(year=2024), far)
    })


def contacts(desk: Desk, name: str) -> list[str]:
    """What stands on the client's time line."""
    return desk.sees(lambda uow: [
        i.text for c in uow.clients.containing(name) for i in uow.interactions.of_client(c.id)
    ])


@pytest.mark.parametrize("said", [
    "1 已联系 她说下个月再说", "1 打通了 他说这周六去柜台缴", "1 联系过了 客户问保费多少", "1 已发祝福", "1 电话打过了 说再考虑",
])
def test_a_line_is_done_whatever_the_client_said(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    name = min(times(desk), key=lambda n: ["王芳", "李强", "陈静"].index(n))
    answer = desk.says(said)
    assert "已完成" in answer, answer
    assert len([n for n, t in times(desk).items() if t == "06-09 08:30"]) == 2
    assert name


@pytest.mark.parametrize(("said", "at"), [
    ("2 明天再打", "06-10 08:30"), ("2 下午3点", "06-09 15:00"), ("2 下周一上午10点", "06-16 10:00"),
    ("2 没接电话 明天上午10点再打", "06-10 10:00"), ("2 已联系 没接电话 明天上午10点再打", "06-10 10:00"),
])
def test_a_time_says_when_to_come_back_to_a_line(desk: Desk, said: str, at: str) -> None:
    desk.says("今日待办")
    desk.says(said)
    assert sorted(times(desk).values()) == sorted(["06-09 08:30", "06-09 08:30", at])


def test_a_time_may_be_for_several_lines(desk: Desk) -> None:
    desk.says("今日待办")
    desk.says("1-2 明天")
    assert sorted(times(desk).values()) == ["06-09 08:30", "06-10 08:30", "06-10 08:30"]


@pytest.mark.parametrize(("said", "kept"), [
    ("第二个打过电话了，她说再想想，周五再聊", "打过电话了，她说再想想，周五再聊"), ("2 打过电话了，她说再想想，周五再聊", "打过电话了，她说再想想，周五再聊"),
    ("给第二个打过电话了，她说再想想，周五再聊", "打过电话了，她说再想想，周五再聊"), ("第二个聊过了，嫌太贵，周五再聊", "聊过了，嫌太贵，周五再聊"),
])
def test_what_was_said_and_the_day_agreed_are_kept_with_the_line(desk: Desk, said: str, kept: str) -> None:
    desk.says("今日待办")
    answer = desk.says(said)
    assert "已完成：李强" in answer
    assert "下次跟进：06-13（周五）" in answer
    assert contacts(desk, "李强") == [f"续保：{kept}"]
    assert times(desk) == {"王芳": "06-09 08:30", "陈静": "06-09 08:30", "李强": "06-13 08:30"}


@pytest.mark.parametrize("said", ["第二个打过电话了吗", "第二个电话打了没", "第二个没打通", "第二个的电话"])
def test_a_line_said_in_words_is_not_done_by_a_question_or_in_vain(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    desk.says(said)
    assert list(times(desk).values()) == ["06-09 08:30"] * 3
    assert not contacts(desk, "李强")


@pytest.mark.parametrize("said", ["2 没打通", "2 打不通", "2 关机", "2 没人接"])
def test_who_was_not_reached_stays_in_the_list(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    assert "2 稍后" in desk.says(said)
    assert list(times(desk).values()) == ["06-09 08:30"] * 3


@pytest.mark.parametrize("said", ["1 已联系了吗", "1 打通了没有", "1 电话打过了吗？", "「1 已联系」", "1 发过祝福没"])
def test_a_question_about_a_line_does_nothing(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    desk.says(said)
    assert list(times(desk).values()) == ["06-09 08:30"] * 3


def test_who_is_named_and_was_not_reached_is_called_again_when_said(desk: Desk) -> None:
    answer = desk.says("陈静 上午打过了 没人接 明天再打")
    assert "1 稍后" not in answer
    assert times(desk)["陈静"] == "06-10 08:30", answer


@pytest.mark.parametrize("said", ["给陈静打过电话了，她说考虑考虑", "陈静打过电话了", "刚给陈静打了个电话", "给陈静发过微信了"])
def test_a_call_that_is_told_is_written_down(desk: Desk, said: str) -> None:
    assert "已记录「陈静」" in desk.says(said)
    assert contacts(desk, "陈静")


@pytest.mark.parametrize("said", ["给陈静打过电话了吗", "陈静打过电话没有", "小李给陈静打过电话了", "要是给陈静打过电话了就好了"])
def test_whether_somebody_called_is_no_note(desk: Desk, said: str) -> None:
    desk.says(said)
    assert not contacts(desk, "陈静")


@pytest.mark.parametrize(("said", "noted"), [
    ("王芳和陈静都打过电话了", "打过电话了"), ("记 王芳和陈静 今天一起吃饭了", "王芳和陈静 今天一起吃饭了"),
])  # fmt: skip
def test_what_was_done_with_two_is_written_down_for_both(desk: Desk, said: str, noted: str) -> None:
    desk.says(said)
    assert contacts(desk, "王芳")[0] == noted
    assert contacts(desk, "陈静")[0] == noted


@pytest.fixture
def silent(desk: Desk) -> None:
    """王芳 is in the list a second time, for her silence."""
    client = desk.sees(lambda uow: uow.clients.containing("王芳"))[0]
    whole = desk.sees(lambda uow: uow.clients.get(client.id))
    desk.sees(lambda uow: uow.reminders.add(
        receiver_id="lixiang", remind_at=MORNING, due_on=TODAY, timed=False, category="silence", text="",
        client=whole, object_type="client", object_id=client.id))


def test_lines_of_one_client_are_done_together(desk: Desk, silent: None) -> None:
    desk.says("今日待办")
    assert "刚刚被处理过" not in desk.says("1-4 已联系")
    assert times(desk) == {}


def test_all_is_asked_before_all_is_done(desk: Desk, silent: None) -> None:
    desk.says("今日待办")
    assert "4 件" in desk.says("全部完成")
    assert len(times(desk)) == 3
    desk.says("确认")
    assert times(desk) == {}


def test_all_is_asked_before_all_is_put_off(desk: Desk) -> None:
    desk.says("今日待办")
    assert "到「明天」" in desk.says("都推到明天")
    desk.says("取消")
    assert list(times(desk).values()) == ["06-09 08:30"] * 3
    desk.says("都推到明天")
    desk.says("确认")
    assert list(times(desk).values()) == ["06-10 08:30"] * 3


@pytest.mark.parametrize("said", ["后天的提醒统统取消", "明天的提醒都推到后天上午", "后天的待办全部取消", "下周一的提醒全部完成"])
def test_what_is_said_of_another_day_touches_nothing_of_this_list(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    before = times(desk)
    heard = desk.says(said)
    assert "全部" not in heard.partition("，先不动")[0], heard
    desk.says("确认")
    assert times(desk) == before


@pytest.mark.parametrize("said", ["今天的都推到明天", "今天的提醒全部推到明天"])
def test_what_is_said_of_today_is_said_of_todays_list(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    assert "要把清单里的 3 件" in desk.says(said)


@pytest.mark.parametrize("said", ["2 提醒我后天打电话", "第二个给他打个电话 后天"])
def test_a_reminder_for_a_line_is_about_its_client(desk: Desk, said: str) -> None:
    desk.says("今日待办")
    desk.says(said)
    far = datetime(2030, 1, 1, tzinfo=SHANGHAI)
    found = desk.sees(lambda uow: [
        r for r in uow.reminders.open_between("lixiang", MORNING, far) if f"{r.remind_at.astimezone(SHANGHAI):%m-%d}" == "06-11"
    ])
    assert [r.client_name for r in found] in (["李强"], ["王芳"], ["陈静"])
    assert not found[0].text.startswith(("2", "第二"))
