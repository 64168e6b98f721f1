"""Writing contacts down: time line, silence clock, next date, tags (R110, R119)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, on

CONTENT = "今天电话聊了重疾，周三下午再约"


@pytest.fixture
def wangfang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    with database.system(clock.now()) as uow:
        return a_client(uow, "王芳", last_contact_at=clock.now() - timedelta(days=40))


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def note(li: Desk, client: Client, content: str = CONTENT, **slots: object) -> str:
    return li.asks("note.add", client=client.name, client_id=client.id, content=content, **slots)


def test_a_note_goes_on_the_time_line_and_restarts_the_silence_clock(li: Desk, wangfang: Client):
    heard = note(li, wangfang)
    assert "已记录「王芳」的电话" in heard
    written = li.sees(lambda uow: uow.interactions.of_client(wangfang.id))
    assert [(c.kind, c.text) for c in written] == [("call", CONTENT)]
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == li.clock.now()


@pytest.mark.parametrize(("content", "kind"), [
    ("今天拜访了她家", "visit"), ("微信回我了说考虑考虑", "wechat"), ("打给她没接", "call"),
    ("客户来网点谈了存款", "meeting"), ("喜欢喝茶", "note"),
])
def test_the_kind_of_contact_is_read_from_the_words(li: Desk, wangfang: Client, content: str, kind: str):
    note(li, wangfang, content)
    assert li.sees(lambda uow: uow.interactions.of_client(wangfang.id))[0].kind == kind


def test_the_agreed_date_becomes_a_reminder_at_its_hour(li: Desk, wangfang: Client):
    heard = note(li, wangfang, next=on("2025-06-11", part="afternoon"))
    assert "06-11（周三） 14:00" in heard
    (reminder,) = li.sees(lambda uow: uow.reminders.of_client(wangfang.id))
    assert (reminder.category, reminder.timed, reminder.receiver_id) == ("follow_up", True, "lixiang")
    assert reminder.remind_at == datetime(2025, 6, 11, 14, tzinfo=SHANGHAI)


def test_a_date_without_an_hour_comes_with_that_days_brief(li: Desk, wangfang: Client):
    note(li, wangfang, next=on("2025-06-20"))
    (reminder,) = li.sees(lambda uow: uow.reminders.of_client(wangfang.id))
    assert not reminder.timed
    assert reminder.due_on.isoformat() == "2025-06-20"


def test_two_appointments_within_an_hour_are_pointed_out(li: Desk, wangfang: Client):
    note(li, wangfang, "约好周三两点半看方案", next=on("2025-06-11T14:30"))
    assert "前后 1 小时内已有" in note(li, wangfang, next=on("2025-06-11T14:00"))
    assert "时间冲突" not in note(li, wangfang, next=on("2025-06-11T16:00"))


def test_a_time_in_the_past_is_when_it_happened(li: Desk, wangfang: Client):
    note(li, wangfang, "上周五下午拜访过", date=on("2025-06-06", part="afternoon"))
    (written,) = li.sees(lambda uow: uow.interactions.of_client(wangfang.id))
    assert written.happened_at == datetime(2025, 6, 6, 14, tzinfo=SHANGHAI)
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == written.happened_at


def test_a_next_date_that_is_over_or_does_not_exist_writes_nothing(li: Desk, wangfang: Client):
    assert "已经过去" in note(li, wangfang, next=on("2025-06-02", problem="past"))
    assert "没有「2月30日」" in note(li, wangfang, next=on("2025-02-28", problem="impossible", text="2月30日"))
    assert li.sees(lambda uow: uow.interactions.of_client(wangfang.id)) == []


def test_numbers_typed_in_passing_are_masked_everywhere(li: Desk, wangfang: Client):
    heard = note(li, wangfang, "电话聊了，她新号 13812345678", next=on("2025-06-20"))
    (written,) = li.sees(lambda uow: uow.interactions.of_client(wangfang.id))
    (reminder,) = li.sees(lambda uow: uow.reminders.of_client(wangfang.id))
    assert not any(re.search(r"1381234\d{4}", text) for text in (heard, written.text, reminder.text))


def test_words_of_the_note_propose_a_tag_with_the_reason(li: Desk, wangfang: Client):
    heard = note(li, wangfang)
    assert "建议标签「重疾意向」（提到「重疾」），回复「加标签 重疾意向」采纳" in heard
    assert li.sees(lambda uow: uow.clients.tags(wangfang.id)) == []


def test_a_tag_that_is_there_is_not_proposed_again(li: Desk, wangfang: Client):
    li.asks("tag.add", client="王芳", client_id=wangfang.id, tag="重疾意向")
    assert "建议标签" not in note(li, wangfang)


def test_a_contact_finishes_what_was_planned_with_the_client_by_today(li: Desk, wangfang: Client):
    note(li, wangfang, next=on("2025-06-10"))
    li.clock.advance(timedelta(days=1))
    assert "同时完成了：回访提醒" in note(li, wangfang, "聊过了，没有问题")
    assert li.sees(lambda uow: uow.reminders.of_client(wangfang.id)) == []


def test_an_appointment_later_the_same_day_stays(li: Desk, wangfang: Client):
    note(li, wangfang, next=on("2025-06-09T16:00"))
    note(li, wangfang, "电话确认了下午见面")
    assert len(li.sees(lambda uow: uow.reminders.of_client(wangfang.id))) == 1


def test_a_note_is_taken_back_with_its_reminder(li: Desk, wangfang: Client):
    note(li, wangfang, next=on("2025-06-11"))
    assert "已撤销" in li.asks("undo")
    assert li.sees(lambda uow: uow.interactions.of_client(wangfang.id)) == []
    assert li.sees(lambda uow: uow.reminders.of_client(wangfang.id)) == []
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at < li.clock.now()


def test_a_note_without_content_asks_for_it(li: Desk, wangfang: Client):
    assert "请带上内容" in note(li, wangfang, "", clarify="content")


def test_a_foreign_client_cannot_be_written_about(database: Database, clock: MovableClock, wangfang: Client):
    chen = Desk(database, clock, "chenmo")
    assert "没有找到这位客户" in note(chen, wangfang)


@pytest.mark.parametrize("said", ["王芳 打电话没接", "记 王芳 电话打不通"])
def test_a_call_that_nobody_took_is_written_down_and_is_no_contact(database, clock, cast, said: str):
    desk = Desk(database, clock, cast.lixiang.id)
    client = desk.sees(lambda uow: a_client(uow, "王芳", last_contact_at=None))
    assert "不算联系过" in desk.says(said)
    assert desk.sees(lambda uow: uow.clients.get(client.id)).last_contact_at is None
    assert len(desk.sees(lambda uow: uow.interactions.of_client(client.id))) == 1


@pytest.mark.parametrize("content", ["爱喝茶", "喜欢钓鱼", "对花生过敏"])
def test_what_a_client_is_like_is_no_contact(li: Desk, wangfang: Client, content: str):
    before = li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at
    assert "不算联系过" in note(li, wangfang, content, kind="note")
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == before
    assert content in li.sees(lambda uow: uow.interactions.of_client(wangfang.id))[0].text


def test_what_a_client_said_of_himself_is_a_contact(li: Desk, wangfang: Client):
    note(li, wangfang, "喜欢钓鱼，今天聊了很久", kind="note")
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == li.clock.now()


def test_somebody_of_the_family_who_is_no_client_is_known_of_the_client(database: Database, clock: MovableClock, cast: Cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳")
    li = Desk(database, clock, "lixiang")
    heard = li.says("王芳有个儿子叫小明 8岁")
    assert "已把家人的情况记在「王芳」名下" in heard
    assert "不算联系过" in heard
    assert "王芳有个儿子叫小明 8岁" in li.says("王芳 时间线")
    assert "已撤销" in li.says("撤销")


@pytest.mark.parametrize(("said", "instead"), [
    ("把王芳删了", "阶段改成已流失"), ("王芳和陈静是同一个人，合并", "客户不能自动合并"), ("取消移交", "把王芳移交给小李"),
])  # fmt: skip
def test_what_cannot_be_done_is_answered_with_what_can(database: Database, clock: MovableClock, cast: Cast, said: str, instead: str):
    with database.transaction(cast.li, clock.now()) as uow:
        for name in ("王芳", "陈静"):
            a_client(uow, name)
    heard = Desk(database, clock, "lixiang").says(said)
    assert "没有做任何改动" in heard
    assert instead in heard


def test_what_is_only_planned_is_no_contact_yet(li: Desk, wangfang: Client):
    heard = li.says("明天下午两点见王芳 记一下")
    assert "还没有到时候，不算联系过。" in heard
    assert "06-10（周二） 14:00" in heard
    assert "40 天前" in li.says("王芳")
    assert "不算联系过" not in li.says("记 王芳 约了周三下午面谈")
