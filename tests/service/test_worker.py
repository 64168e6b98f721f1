"""What becomes of a message inside: one effect each, mistakes in Chinese, faults under a number."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select, text, update

from bot.sandbox.callbacks import Timing
from bot.sandbox.fake_wecom import FakeWeCom
from bot.worker import Worker
from handlers.router import COMMANDS
from storage.model.errors import Unavailable
from storage.model.incoming import Incoming
from storage.model.work import InboxRow
from storage.tables import clients, inbox, outbox
from tests.builders import a_client
from tests.service.door import a_text, locked
from tests.service.house import House

NUMBER = re.compile(r"系统出错了，已记录（编号 ([0-9A-F]{4})），请稍后再试。")


def _breaks(monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], command: str = "help") -> list[int]:
    """From here on 「帮助」 (or another command) fails by our own fault; the list grows with every try."""
    tries: list[int] = []

    def explode(*_: Any) -> None:
        tries.append(len(tries) + 1)
        raise error()

    monkeypatch.setitem(COMMANDS, command, replace(COMMANDS[command], run=explode))
    return tries


async def _passes_until_settled(house: House) -> None:
    for _ in range(30):
        await house.passes(10)
        if not any(house.waiting().values()):
            return
    raise TimeoutError(f"still waiting: {house.waiting()}")


# ---------------------------------------------------------------- one effect


async def test_a_message_is_answered_and_done(house: House):
    assert "没有找到客户「王芳」" in (await house.hears("lixiang", "查客户 王芳")).text
    await house.settled()
    assert [row.state for row in house.inbox()] == ["done"]


async def test_what_wecom_delivers_twice_takes_effect_once(house: House):
    house.fake.faults.duplicate_delivery = True
    await house.says("lixiang", "查客户 王芳")
    await house.says("lixiang", "查客户 刘洋")
    await house.settled()
    assert len(house.texts("lixiang")) == 2
    assert len(house.inbox()) == 2


async def test_what_wecom_sends_again_because_it_heard_no_answer_takes_effect_once(house: House):
    house.fake.faults.late_callbacks = True
    delivery = await house.fake.say("lixiang", "查客户 王芳")
    await house.settled()
    assert (delivery.accepted, delivery.attempts) == (False, Timing().tries)
    assert len(house.texts("lixiang")) == 1


async def test_a_burst_of_one_member_is_answered_in_its_order(house: House):
    names = [f"王{n}" for n in "一二三四五六七八九十"]
    for name in names:
        await house.says("lixiang", f"查客户 {name}")
    await house.settled()
    found = re.findall(r"客户「(王.)」", "\n".join(house.texts("lixiang")))
    assert list(dict.fromkeys(found)) == names


async def test_an_event_nobody_knows_is_done_without_a_word(house: House):
    await house.fake.event("lixiang", {"Event": "something_new_of_2031", "Surprise": "yes"})
    await house.fake.event("sys", {"Event": "batch_job_result", "BatchJob": {"JobId": "1", "ErrCode": 0}})
    await house.settled()
    assert [row.state for row in house.inbox()] == ["done", "done"]
    assert house.fake.seen == []


async def test_a_burst_about_one_member_does_not_hold_up_what_wecom_says_of_another(house: House):
    change = {"Event": "change_external_contact", "ChangeType": "edit_external_contact", "ExternalUserID": "wm1"}
    for number, who in enumerate(("chenmo", "chenmo", "LiXiang")):
        await house.fake.event("sys", {**change, "UserID": who, "State": str(number)})
    await house.settled()
    assert [(row.sender, row.state) for row in house.inbox()] == [
        ("sys:chenmo", "done"), ("sys:chenmo", "done"), ("sys:lixiang", "done"),
    ]


async def test_a_stranger_is_told_whom_to_ask(house: House):
    house.fake.add_member("newcomer", "新人")
    assert (await house.hears("newcomer", "查 王芳")).text == "您还没有开通这个应用。请联系管理员把您加为成员。"


@pytest.mark.parametrize("does", [
    lambda fake: fake.click_menu("newcomer", "agenda.today"),
    lambda fake: fake.event("newcomer", {"Event": "template_card_event", "EventKey": "k", "TaskId": "t", "CardType": "text_notice"}),
    lambda fake: fake.send_image("newcomer"),
    lambda fake: fake.send_voice("newcomer"),
    lambda fake: fake.send_location("newcomer"),
])  # fmt: skip
async def test_a_stranger_who_taps_or_sends_a_picture_is_told_too(sqlite_house: House, does: Callable[[FakeWeCom], Any]):
    sqlite_house.fake.add_member("newcomer", "新人")
    assert (await does(sqlite_house.fake)).accepted
    assert (await sqlite_house.fake.heard("newcomer")).text.startswith("您还没有开通")


async def test_a_stranger_who_only_opens_the_chat_hears_nothing(sqlite_house: House):
    fake = sqlite_house.fake
    fake.add_member("newcomer", "新人")
    await fake.enter("newcomer")
    await fake.event("newcomer", {"Event": "subscribe", "EventKey": ""})
    await fake.event("newcomer", {"Event": "LOCATION", "Latitude": 31.2, "Longitude": 121.4, "Precision": 10})
    await sqlite_house.settled()
    assert [row.state for row in sqlite_house.inbox()] == ["done"] * 3
    assert fake.seen == []


async def test_a_link_is_answered(sqlite_house: House):
    link = {"MsgType": "link", "Title": "一篇文章", "Description": "", "Url": "https://example.com/"}
    assert (await sqlite_house.door.say(a_text(**link))).status == 200
    assert "链接" in (await sqlite_house.fake.heard("lixiang")).text


# ---------------------------------------------------------------- mistakes and faults


@pytest.mark.parametrize("sender", ["张三", "corp/user", "@all", "a|b"])
async def test_a_sender_who_cannot_be_addressed_is_done_with_and_disturbs_nobody(house: House, sender: str):
    assert (await house.door.say(a_text(sender=sender))).status == 200
    assert (await house.hears("lixiang", "查客户 王芳")).text
    await house.settled()
    assert {row.sender: (row.state, row.tries) for row in house.inbox()} == {sender: ("done", 1), "lixiang": ("done", 1)}
    assert {seen.userid for seen in house.fake.seen} == {"lixiang"}


async def test_a_message_of_a_sender_who_cannot_be_addressed_is_parked_like_any_other(house: House):
    house.app.worker.stop()
    await asyncio.sleep(0.1)
    await house.door.say(a_text(sender="张三"))
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).values(tries=8))
    await house.app.worker.handle_waiting()
    assert [row.state for row in house.inbox()] == ["parked"]
    assert house.boxes()[1] == {}


async def test_what_fails_outside_of_its_own_unit_of_work_stops_nobody_else(house: House, monkeypatch: pytest.MonkeyPatch):
    """Whoever comes first in a batch, whatever was tried before: the others are handled, at their first try."""
    worker, whole = house.app.worker, Worker._handle_one

    def explode(self: Worker, row: InboxRow, incoming: Incoming, now: datetime) -> Any:
        if row.sender == "wangke":
            raise RuntimeError("where nobody expects it")
        return whole(self, row, incoming, now)

    monkeypatch.setattr(Worker, "_handle_one", explode)
    worker.stop()
    await asyncio.sleep(0.1)
    for member in ("wangke", "lixiang", "chenmo", "zhouning"):
        await house.says(member, "查客户 王芳")
    for _ in range(4):
        await worker.handle_waiting()
        house.clock.advance(timedelta(minutes=1))
    await house.settled()
    assert {row.sender: (row.state, row.tries) for row in house.inbox()} == {
        "wangke": ("parked", 4), "lixiang": ("done", 1), "chenmo": ("done", 1), "zhouning": ("done", 1),
    }  # fmt: skip


async def test_a_message_that_takes_long_keeps_only_those_of_its_batch_waiting(postgres_house: House):
    house = postgres_house
    with house.database.system(house.clock.now()) as uow:
        a_client(uow, "王芳")
    with house.database.engine.begin() as elsewhere:
        elsewhere.execute(select(clients.c.id).with_for_update())
        await house.says("lixiang", "王芳 打标签 高净值")
        await asyncio.sleep(0.1)
        assert (await house.hears("wangke", "查客户 王芳")).text
        assert house.texts("lixiang") == []
    await house.settled()
    assert len(house.texts("lixiang")) == 1


async def test_what_could_not_be_given_back_is_taken_up_again_at_the_next_look(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The database is away for a moment, and with it the row in which the message would have been let go."""
    whole, refused = Worker._handle_together, iter([True])

    def away(self: Worker, rows: Sequence[InboxRow], **how: Any) -> None:
        if next(refused, False):
            raise Unavailable("away")
        whole(self, rows, **how)

    monkeypatch.setattr(Worker, "_handle_together", away)
    monkeypatch.setattr(Worker, "_wait_for_database", lambda *_: None)
    await house.says("lixiang", "查客户 王芳")
    await house.settled()
    assert len(house.texts("lixiang")) == 1


async def test_a_lane_that_fails_is_told_of_when_the_others_have_finished(house: House, monkeypatch: pytest.MonkeyPatch):
    def broken(self: Worker, rows: Sequence[InboxRow], **how: Any) -> None:
        raise AssertionError("nobody expects it here")

    with monkeypatch.context() as once, structlog.testing.capture_logs() as logs:
        once.setattr(Worker, "_handle", broken)
        await house.says("lixiang", "查客户 王芳")
        await asyncio.sleep(0.3)
    await house.settled()
    assert [entry["error"] for entry in logs if entry["event"] == "loop.failed"][:1] == ["AssertionError"]
    assert len(house.texts("lixiang")) == 1


async def test_waiting_for_the_database_counts_as_no_try_for_those_in_the_queue_behind(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
):
    """A full disk may refuse one long note and take everything else: nobody behind it may be parked for that."""
    house, whole = sqlite_house, Worker._handle_one

    def no_room(self: Worker, row: InboxRow, incoming: Incoming, now: datetime) -> Any:
        if row.sender == "wangke":
            raise Unavailable("full")
        return whole(self, row, incoming, now)

    house.app.worker.stop()
    await asyncio.sleep(0.1)
    for member in ("wangke", "lixiang"):
        await house.says(member, "查客户 王芳")
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).values(tries=1))
    with monkeypatch.context() as full:
        full.setattr(Worker, "_handle_one", no_room)
        for _ in range(12):
            with suppress(Unavailable):
                await house.app.worker.handle_waiting()
            house.clock.advance(timedelta(minutes=2))
    while await house.app.worker.handle_waiting():
        pass
    assert {row.sender: row.state for row in house.inbox()} == {"wangke": "done", "lixiang": "done"}


async def test_a_loop_that_fails_again_and_again_makes_longer_pauses(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.app.FIRST_PAUSE", 0.02)

    async def fails() -> None:
        raise RuntimeError("at once")

    with structlog.testing.capture_logs() as logs:
        guarded = asyncio.create_task(house.app._guard("worker", fails))
        await asyncio.sleep(0.5)
    guarded.cancel()
    pauses = [entry["again_in"] for entry in logs if entry["event"] == "loop.failed"]
    assert pauses == sorted(set(pauses))
    assert 3 <= len(pauses) <= 6


async def test_a_mistake_of_the_user_is_a_chinese_sentence_and_writes_nothing(house: House):
    said = (await house.hears("lixiang", "新增客户 王芳 手机 1391234567")).text
    await house.settled()
    assert re.search(r"[一-鿿]", said)
    assert "手机" in said
    with house.database.engine.connect() as conn:
        assert conn.execute(select(func.count()).select_from(clients)).scalar_one() == 0
    assert [row.state for row in house.inbox()] == ["done"]


async def test_a_poison_message_is_parked_its_sender_told_a_number_and_the_next_one_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    tries = _breaks(monkeypatch, lambda: ValueError("王芳 13912345678"))
    with structlog.testing.capture_logs() as logs:
        await house.says("lixiang", "帮助")
        await house.says("lixiang", "查客户 王芳")
        await _passes_until_settled(house)
    first, second = house.texts("lixiang")
    told = NUMBER.fullmatch(first)
    assert told
    assert told[1] in {entry.get("number") for entry in logs}
    assert "没有找到客户「王芳」" in second
    assert tries == [1, 2, 3, 4]
    assert [row.state for row in house.inbox()] == ["parked", "done"]
    assert await house.door.counted("bot_messages_total", outcome="parked") == 1
    assert await house.door.counted("bot_inbox_rows", state="parked") == 1


async def test_a_question_that_a_parked_message_had_let_go_stays_let_go(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    with house.database.system(house.clock.now()) as uow:
        for _ in range(2):
            a_client(uow, "王芳")
    assert "有 2 位" in (await house.hears("lixiang", "给王芳加标签 重疾意向")).text
    _breaks(monkeypatch, RuntimeError, "agenda.today")
    with structlog.testing.capture_logs():
        await house.says("lixiang", "今日待办")
        await _passes_until_settled(house)
    assert "已给" not in (await house.hears("lixiang", "1")).text


async def test_others_are_served_while_a_poison_message_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch):
    _breaks(monkeypatch, RuntimeError)
    await house.says("lixiang", "帮助")
    assert "没有找到" in (await house.hears("wangke", "查客户 王芳")).text


async def test_a_fault_that_passes_is_not_told(house: House, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as broken:
        _breaks(broken, RuntimeError)
        await house.says("lixiang", "帮助")
        await asyncio.sleep(0.3)
    await _passes_until_settled(house)
    assert len(house.texts("lixiang")) == 1
    assert not NUMBER.search(house.texts("lixiang")[0])


async def test_a_message_that_ended_the_process_again_and_again_is_parked(house: House):
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).values(tries=0))
    house.app.worker.stop()  # as if it were down
    await asyncio.sleep(0.1)
    await house.says("lixiang", "查客户 王芳")
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).values(tries=8, lease_owner="elsewhere:1:ab", lease_until=house.clock.now()))
    house.clock.advance(timedelta(seconds=1))
    await house.app.worker.handle_waiting()
    await house.settled()
    assert NUMBER.fullmatch(house.texts("lixiang")[0])
    assert [row.state for row in house.inbox()] == ["parked"]


async def test_a_row_that_does_not_open_is_parked_and_the_others_go_on(house: House):
    house.app.worker.stop()
    await asyncio.sleep(0.1)
    await house.says("lixiang", "查客户 王芳")
    await house.says("wangke", "查客户 王芳")
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).where(inbox.c.sender == "lixiang").values(body=b"\x01k001 tampered"))
    await house.app.worker.handle_waiting()
    await house.settled()
    assert {row.sender: row.state for row in house.inbox()} == {"lixiang": "parked", "wangke": "done"}
    assert len(house.texts("wangke")) == 1


async def test_a_letter_that_does_not_open_is_parked_and_the_others_go_out(house: House):
    house.fake.faults.down = True
    await house.says("lixiang", "查客户 王芳")
    await house.says("wangke", "查客户 王芳")
    await house.has_called(2)
    await asyncio.sleep(0.1)  # for what it hears to be kept
    with house.database.engine.begin() as conn:
        conn.execute(
            update(outbox).where(outbox.c.recipient == "lixiang")
            .values(body=b"\x01k001 tampered", state="new", not_before=house.clock.now())
        )  # fmt: skip
    house.fake.faults.down = False
    await _passes_until_settled(house)
    assert house.texts("lixiang") == []
    assert len(house.texts("wangke")) == 1
    assert house.boxes()[1] == {"parked": 1, "sent": 1}


# ---------------------------------------------------------------- the database


async def test_a_locked_database_is_waited_for_and_every_message_answered_once(house: House):
    with locked(house.database):
        for member in ("lixiang", "wangke", "chenmo"):
            await house.says(member, "查客户 王芳")
        assert house.fake.seen == []
    for member in ("lixiang", "wangke", "chenmo"):
        await house.fake.heard(member, within=20)
    await house.settled()
    assert sorted(seen.userid for seen in house.fake.seen) == ["chenmo", "lixiang", "wangke"]
    assert {row.state for row in house.inbox()} == {"done"}


async def test_a_full_disk_delays_messages_for_hours_and_parks_none(sqlite_house: House):
    house, notes = sqlite_house, [f"记 王芳 {'聊了很久' * 400}（{n}）" for n in range(6)]
    await house.app.scheduler.tick()  # the day's plan is done: the limit below is that of the one connection in the pool
    with house.database.system(house.clock.now()) as uow:
        a_client(uow, "王芳")
    with house.database.engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    for note in notes:
        await house.says("lixiang", note)
    for _ in range(20):
        await house.passes(600)
    assert house.boxes()[0].get("parked", 0) == 0
    with house.database.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    await house.app.reception.empty_spool()
    await _passes_until_settled(house)
    assert [row.state for row in house.inbox()] == ["done"] * 6
    assert sum("已记录「王芳」" in said for said in house.texts("lixiang")) == 6


async def test_a_database_that_ends_all_connections_in_the_middle_is_survived(postgres_house: House):
    house = postgres_house
    for number in range(20):
        await house.says(("lixiang", "wangke")[number % 2], f"查客户 王{number}")
        if number % 5 == 0:
            with house.database.engine.connect() as conn:
                conn.execute(text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ))  # fmt: skip
    for _ in range(10):
        await house.passes(70)
        await house.app.reception.empty_spool()
    await _passes_until_settled(house)
    assert len(house.fake.seen) == 20
    assert {row.state for row in house.inbox()} == {"done"}


# ---------------------------------------------------------------- health


async def test_health_readiness_and_metrics_say_how_it_goes(house: House):
    await house.hears("lixiang", "查客户 王芳")
    await house.settled()
    assert (await house.door.get("/healthz")).body == b'{"status": "ok"}'
    assert (await house.door.get("/readyz")).status == 200
    assert await house.door.counted("bot_inbox_rows", state="new") == 0
    assert await house.door.counted("bot_outbox_rows", state="uncertain") == 0
    assert await house.door.counted("bot_deliveries_total", outcome="sent") == 1


async def test_without_a_writable_database_it_is_alive_but_not_ready(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.app.ANSWER_WITHIN", 0.3)
    with locked(house.database):
        assert (await house.door.get("/healthz")).status == 200
        answer = await house.door.get("/readyz")
    assert (answer.status, b"database not writable" in answer.body) == (503, True)


async def test_a_parked_message_does_not_take_the_service_out_of_rotation(house: House):
    await house.door.say(a_text(sender="lixiang"))
    await house.settled()
    with house.database.engine.begin() as conn:
        conn.execute(update(inbox).values(state="parked"))
    assert (await house.door.get("/readyz")).status == 200
