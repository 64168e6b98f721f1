"""微信客服 at the desk: answers are read back and confirmed, talks are shown to who may see them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.kf import Said, Talk
from storage.model.people import Client
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.reminders.firm import ZONE


@pytest.fixture
def fang(database: Database, clock: MovableClock, cast: Cast) -> Client:
    with database.system(clock.now()) as uow:
        return a_client(uow, "王芳")


@pytest.fixture
def li(database: Database, clock: MovableClock, fang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def writes(database: Database, clock: MovableClock, client: Client, text: str) -> Talk:
    """The client writes in 微信客服, and it was read."""
    with database.system(clock.now()) as uow:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added(client.owner_id, "wm1"), client, "hand")
        kf = KfRepository(uow)
        kf.keep("wk1", Said(f"m{clock.now().timestamp()}", "wm1", "customer", "text", text, clock.now()))
        for heard in kf.untold("wk1", 9):
            kf.told(heard, client)
        return kf.talk("wk1", "wm1", clock.now(), client)


def queued(li: Desk, client: Client) -> list[str]:
    return li.sees(lambda uow: [m.text for m in ClientMessageRepository(uow).of_client(client.id, ("queued",))])


def test_an_answer_is_read_back_and_goes_on_its_way_once_confirmed(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    said = li.says("回复 王芳 您好，7 月 9 日到期，谢谢")
    assert "通过微信客服回复「王芳」：\n您好，7 月 9 日到期，谢谢" in said
    assert "还能回复 5 条，6 月 11 日 09:00 前有效" in said
    assert queued(li, fang) == []
    assert "正在通过微信客服回复" in li.says("确认")
    assert queued(li, fang) == ["您好，7 月 9 日到期，谢谢"]
    li.says("确认")
    assert len(queued(li, fang)) == 1


def test_of_two_of_one_name_the_one_who_wrote_is_meant_and_shown(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    with database.system(clock.now()) as uow:
        other = a_client(uow, "王芳", phone="19900008888")
    writes(database, clock, other, "在吗")
    assert "通过微信客服回复「王芳（尾号 8888）」" in li.says("回复 王芳 您好")
    li.says("确认")
    assert (queued(li, other), queued(li, fang)) == (["您好"], [])
    assert "按刚才的「王芳」（199****8888）" in li.says("王芳 客服")


def test_after_the_link_was_mended_nothing_is_drafted_to_who_it_was(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "在吗")
    li.says("回复 王芳 您好")
    with database.system(clock.now()) as uow:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", "wm1"), a_client(uow, "方姨"), "hand")
    assert "这个微信的绑定改过" in li.says("确认")
    assert "这个微信的绑定改过" in li.says("回复 王芳 您好")
    assert "不能回复" in li.says("王芳 客服")
    assert queued(li, fang) == []


def test_cancelled_nothing_goes(database: Database, clock: MovableClock, li: Desk, fang: Client) -> None:
    writes(database, clock, fang, "什么时候到期")
    li.says("回复 王芳 您好")
    li.says("取消")
    assert queued(li, fang) == []


def test_what_waits_can_be_called_back(database: Database, clock: MovableClock, li: Desk, fang: Client) -> None:
    writes(database, clock, fang, "什么时候到期")
    li.says("回复 王芳 您好")
    li.says("确认")
    assert "已取消给「王芳」的客服回复文案，没有发给客户" in li.says("取消发送 王芳")


def test_who_never_wrote_cannot_be_answered(li: Desk) -> None:
    assert "没有在微信客服留过言" in li.says("回复 王芳 您好")


def test_without_words_they_are_asked_for(database: Database, clock: MovableClock, li: Desk, fang: Client) -> None:
    writes(database, clock, fang, "什么时候到期")
    assert "请写上要回复的话" in li.says("回复 王芳")
    assert "太长了" in li.says(f"回复 王芳 {'好' * 700}")


def test_too_late_it_becomes_a_task_that_can_be_taken_back(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    clock.advance(timedelta(hours=48))
    said = li.says("回复 王芳 7 月 9 日到期")
    assert "没有发给「王芳」：离客户上次留言已超过 48 小时" in said
    assert "待办" in said

    def tasks() -> list[str]:
        return li.sees(lambda uow: [r.text for r in uow.reminders.of_client(fang.id) if r.state == "open"])

    assert tasks() == ["联系王芳：微信客服已不能回复，要说的是「7 月 9 日到期」"]
    li.says("撤销")
    assert tasks() == []


def test_the_window_that_closes_before_the_confirmation_is_noticed(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    clock.advance(timedelta(hours=47, minutes=50))
    li.says("回复 王芳 您好")
    clock.advance(timedelta(minutes=11))
    assert "没有发给「王芳」" in li.says("确认")
    assert queued(li, fang) == []


def test_what_could_not_be_sent_can_be_sent_by_hand(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    li.says("回复 王芳 7 月 9 日到期")
    li.says("确认")
    with database.system(clock.now()) as uow:
        messages = ClientMessageRepository(uow)
        (message,) = messages.of_client(fang.id)
        messages.change(message, state="failed", reason="kf_state", done_at=clock.now(), look_at=None)
    said = li.says("手动发送 王芳")
    assert "请复制下面这段" in said
    assert "7 月 9 日到期" in said


def test_an_answer_that_went_out_is_under_way_no_more_and_hides_no_text_that_waits(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    li.says("王芳 同意关怀提醒")
    li.says("给王芳写感谢的话")
    assert "请复制下面这段" in li.says("发送")
    writes(database, clock, fang, "在吗")
    li.says("回复 王芳 在的")
    li.says("确认")
    assert "王芳 客服回复：待通过微信客服发送" in li.says("发送进度")
    with database.system(clock.now()) as uow:
        messages = ClientMessageRepository(uow)
        message = messages.of_client(fang.id)[0]
        messages.change(message, state="sent", sent_at=clock.now(), done_at=clock.now(), look_at=None)
    assert "客服回复" not in li.says("发送进度")
    assert "请复制下面这段" in li.says("手动发送 王芳")
    assert "客服回复：已通过微信客服发出" in li.says("王芳 发送记录")


@pytest.mark.parametrize(("text", "values", "words"), [
    ("这款产品保本保息，稳赚不赔", {}, "不能对客户说"),
    ("您好", {"contact_limit": "deceased"}, "已登记身故"),
])
def test_the_gate_stands_before_it(
    database: Database, clock: MovableClock, li: Desk, fang: Client, text: str, values: dict[str, str], words: str
) -> None:
    writes(database, clock, fang, "在吗")
    with database.system(clock.now()) as uow:
        uow.clients.update(uow.clients.get(fang.id), **values)
    assert words in li.says(f"回复 王芳 {text}")
    li.says("确认")
    assert queued(li, fang) == []


@pytest.mark.parametrize("values", [{"contact_limit": "restricted"}, {"complaint_open": True}])
def test_who_asks_is_answered_though_he_is_not_to_be_written_to(
    database: Database, clock: MovableClock, li: Desk, fang: Client, values: dict[str, object]
) -> None:
    writes(database, clock, fang, "我的投诉怎么样了")
    with database.system(clock.now()) as uow:
        client = uow.clients.update(uow.clients.get(fang.id), **values)
        uow.consents.record(client, "service", False, channel="test")
    li.says("回复 王芳 已转给负责人，今天内答复您")
    li.says("确认")
    assert len(queued(li, fang)) == 1


def test_in_the_evening_it_waits_for_the_morning_unless_the_client_is_still_there(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    clock.move_to(datetime(2025, 6, 9, 21, 30, tzinfo=ZONE))
    assert "06-10 08:30 再发" in li.says("回复 王芳 您好")
    writes(database, clock, fang, "在吗")
    assert "再发" not in li.says("回复 王芳 您好")


def test_a_colleague_and_operations_see_and_answer_nothing(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "什么时候到期")
    chen, he = Desk(database, clock, "chenmo"), Desk(database, clock, "hexin")
    assert chen.says("王芳 客服") == chen.says("李四光 客服").replace("李四光", "王芳")
    assert "没有找到" in chen.says("回复 王芳 您好")
    assert "不能使用" in he.says("王芳 客服")
    assert "什么时候到期" in Desk(database, clock, "wangke").says("王芳 客服")
    assert "什么时候到期" in Desk(database, clock, "shenyue").says("王芳 客服")


def test_the_talk_shows_both_sides_and_is_on_the_trail(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    assert "没有在微信客服留过言" in li.says("王芳 客服")
    writes(database, clock, fang, "什么时候到期")
    clock.advance(timedelta(minutes=5))
    li.says("回复 王芳 7 月 9 日")
    li.says("确认")
    said = li.says("王芳 客服")
    assert "06-09 09:00 王芳：什么时候到期\n06-09 09:05 李顾问：7 月 9 日（待通过微信客服发送）" in said
    assert "还能回复" in said
    assert "李顾问 查看 客户资料：微信客服" in Desk(database, clock, "shenyue").says("审计 王芳 近30天")
    clock.advance(timedelta(days=3))
    assert "现在不能回复：离客户上次留言已超过 48 小时" in li.says("王芳 客服")


def test_who_waits_for_an_answer_is_listed_until_answered_or_too_late(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    assert "没有等回复的客户" in li.says("客服待回复")
    writes(database, clock, fang, "在吗")
    clock.advance(timedelta(hours=1))
    writes(database, clock, fang, "什么时候到期")
    clock.advance(timedelta(hours=2))
    assert "· 王芳：什么时候到期（还剩 46 小时）" in li.says("客服待回复")
    assert "· 王芳（李顾问）：什么时候到期" in Desk(database, clock, "wangke").says("待回复")
    assert "没有等回复的客户" in Desk(database, clock, "chenmo").says("待回复")
    li.says("回复 王芳 7 月 9 日")
    assert "什么时候到期" in li.says("客服待回复")  # it was not confirmed
    li.says("回复 王芳 7 月 9 日")
    li.says("确认")
    assert "没有等回复的客户" in li.says("客服待回复")
    clock.advance(timedelta(hours=1))
    writes(database, clock, fang, "谢谢")
    assert "谢谢" in li.says("客服待回复")
    clock.advance(timedelta(hours=47, minutes=30))
    assert "谢谢（不到 1 小时）" in li.says("客服待回复")
    clock.advance(timedelta(hours=1))
    assert "没有等回复的客户" in li.says("客服待回复")


def test_who_was_answered_in_wecom_s_own_tool_waits_no_more(
    database: Database, clock: MovableClock, li: Desk, fang: Client
) -> None:
    writes(database, clock, fang, "在吗")
    clock.advance(timedelta(minutes=5))
    with database.system(clock.now()) as uow:
        kf = KfRepository(uow)
        kf.keep("wk1", Said("s1", "wm1", "staff", "text", "在的", clock.now()))
        assert kf.told(kf.untold("wk1", 9)[0], fang)
    assert "没有等回复的客户" in li.says("客服待回复")
    assert "客服人员：在的" in li.says("王芳 客服")


def test_operations_say_who_serves_strangers(database: Database, clock: MovableClock, li: Desk) -> None:
    he = Desk(database, clock, "hexin")
    assert "现在没有人接待" in he.says("客服接待")
    assert "已设置：李顾问" in he.says("客服接待 李顾问")
    assert "现在由李顾问接待" in he.says("客服接待")
    assert "可以指定：" in he.says("客服接待 没有这个人")
    assert "不再把" in he.says("取消客服接待 李顾问")
    assert "现在没有人接待" in he.says("客服接待")
    assert "不能使用" in li.says("客服接待 李顾问")
