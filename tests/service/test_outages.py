"""WeCom on its bad days: what is to be said waits, leaves within the limits, and is seen once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.sandbox.answered import Answered
from bot.sandbox.faults import CodeForCalls
from bot.wecom.pacing import PER_MINUTE
from reminders.jobs import IN_DOUBT
from storage.model.messages import Button, Card, Text
from storage.tables import outbox
from tests.builders import a_user
from tests.service.house import House, open_house
from tests.service.waiting import until

STEP = 5.0  # seconds of the movable clock between two looks


async def _goes_on(house: House, minutes: float) -> None:
    """Time passes in small steps; both loops look at each."""
    for _ in range(int(minutes * 60 / STEP)):
        house.clock.advance(timedelta(seconds=STEP))
        house.app.worker.wake()
        house.app.delivery.notify()
        await asyncio.sleep(0.01)


async def _until_sent(house: House, minutes: float) -> None:
    for _ in range(int(minutes * 2)):
        await _goes_on(house, 0.5)
        await asyncio.sleep(0.02)
        if not any(house.waiting().values()):
            return
    await until(lambda: _rests(house), within=10)  # the clock may have run ahead of a slow machine


async def _rests(house: House) -> bool:
    house.app.worker.wake()
    house.app.delivery.notify()
    return not any(house.waiting().values())


def _busiest_minute(house: House) -> int:
    """The most messages that one member was shown within a minute."""
    times: dict[str, list[datetime]] = {}
    for seen in house.fake.seen:
        times.setdefault(seen.userid, []).append(seen.at)
    return max(
        sum(1 for other in own if timedelta(0) <= other - at < timedelta(minutes=1))
        for own in times.values() for at in own
    )  # fmt: skip


async def test_an_hour_without_wecom_ends_without_loss_and_without_a_storm(sqlite_house: House):
    house = sqlite_house
    members = [f"member{n:02d}" for n in range(20)]
    with house.database.system(house.clock.now()) as uow:
        for member in members:
            a_user(uow, member, name=member)
            house.fake.add_member(member, member)
    await house.hears("lixiang", "查客户 王芳")
    await house.settled()
    house.fake.faults.down = True
    tried = sum(house.counted.values())
    for round_ in range(3):
        await asyncio.gather(*(house.says(member, f"查客户 王{'一二三'[round_]}") for member in members))
        await _goes_on(house, 20)
    # One probe in half a minute, and the few that were under way when it went down.
    assert sum(house.counted.values()) - tried < 60 * 2 + 60
    assert house.waiting() == {"in": 0, "out": 60}
    house.fake.faults.down = False
    await _until_sent(house, 30)
    assert Counter(seen.userid for seen in house.fake.seen) == {**dict.fromkeys(members, 3), "lixiang": 1}
    assert house.fake.dropped == []


async def test_a_backlog_for_one_member_leaves_within_wecoms_limits(house: House):
    house.fake.faults.down = True
    for number in range(70):
        await house.says("lixiang", f"查客户 王{number}")
    await _goes_on(house, 2)
    house.fake.faults.down = False
    await _until_sent(house, 15)
    assert len(house.texts("lixiang")) == 70
    assert house.fake.dropped == []
    assert _busiest_minute(house) <= 30


async def test_an_api_that_is_closed_for_a_minute_is_left_alone_for_that_minute(house: House):
    house.fake.faults.code = CodeForCalls(45009, calls=1, path="message/send")
    await house.says("lixiang", "查客户 王芳")
    await house.has_called(1)
    await asyncio.sleep(0.1)  # for what it hears to be kept
    assert house.calls() == 1
    await _goes_on(house, 0.9)
    assert house.calls() == 1
    await _until_sent(house, 3)
    assert house.calls() == 2
    assert len(house.texts("lixiang")) == 1


async def test_a_token_that_died_is_replaced_once_for_everyone(house: House):
    await house.hears("lixiang", "查客户 王芳")
    house.fake.faults.expire_tokens = 1
    await asyncio.gather(*(house.says(member, "查客户 王芳") for member in ("lixiang", "wangke", "chenmo", "zhouning")))
    await _until_sent(house, 2)
    assert len(house.fake.seen) == 5
    assert house.fake.api.token_requests == 2


async def test_an_untrusted_address_is_not_hammered_and_mended_it_goes_on(sqlite_house: House):
    house = sqlite_house
    house.fake.faults.code = CodeForCalls(60020)
    for member in ("lixiang", "wangke", "chenmo", "zhouning"):
        await house.says(member, "查客户 王芳")
    await _goes_on(house, 30)
    assert house.calls() < 60
    house.fake.faults.code = None
    await _until_sent(house, 70)
    assert sorted(seen.userid for seen in house.fake.seen) == ["chenmo", "lixiang", "wangke", "zhouning"]


@pytest.mark.parametrize("fault", ["lost_answers", "http_500"])
async def test_a_message_of_unknown_fate_is_seen_once(house: House, fault: str):
    house.fake.faults.set({fault: 2})
    await house.says("lixiang", "查客户 王芳")
    await house.says("wangke", "查客户 王芳")
    await _until_sent(house, 5)
    assert Counter(seen.userid for seen in house.fake.seen) == {"lixiang": 1, "wangke": 1}


async def test_a_card_that_wecom_had_taken_before_counts_as_sent(house: House):
    """Beyond the duplicate check WeCom still knows the card's task_id: 42014 on a second try means it is there."""
    card = Card("button_interaction", "续保提醒", task_id="task-1", buttons=[Button("完成", "done")])
    house.fake.faults.lost_answers = 1
    with house.database.system(house.clock.now()) as uow:
        house.app.post.put(uow, "lixiang", card, key="card", priority=10)
    house.app.delivery.notify()
    await house.fake.heard("lixiang", "续保提醒")
    house.fake.messages._answered = Answered(None, house.clock.now())
    await _until_sent(house, 5)
    assert house.boxes()[1] == {"sent": 1}
    assert len(house.fake.seen) == 1
    assert house.fake.duplicates_swallowed == []


async def test_beyond_the_duplicate_check_nothing_is_sent_a_second_time_by_itself(house: House):
    house.fake.faults.lost_answers = 1
    await house.says("lixiang", "查客户 王芳")
    await house.fake.heard("lixiang")
    await asyncio.sleep(0.2)
    with house.database.engine.begin() as conn:
        conn.execute(update(outbox).values(not_before=house.clock.now() + timedelta(hours=4)))
    house.clock.advance(timedelta(hours=4, minutes=1))
    await _until_sent(house, 2)
    assert house.boxes()[1]["uncertain"] == 1
    told = [text for text in house.texts("lixiang") if text != IN_DOUBT]  # which a tick may have added by now
    assert len(told) == 1, house.fake.seen


async def test_one_who_left_is_refused_once_and_holds_nobody_up(house: House):
    with house.database.system(house.clock.now()) as uow:
        a_user(uow, "gone", name="走了")
        for user in ("gone", "lixiang"):
            house.app.post.put(uow, user, Text("早上好"), key=f"hello:{user}", priority=30)
    house.app.delivery.notify()
    await _until_sent(house, 2)
    assert house.boxes()[1] == {"refused": 1, "sent": 1}


async def test_after_a_restart_the_pace_of_the_last_process_still_counts(house: House, tmp_path):
    for number in range(PER_MINUTE):
        await house.says("lixiang", f"查客户 王{number}")
    await house.settled()
    assert len(house.texts("lixiang")) == PER_MINUTE
    await house.app.stop()
    async with open_house(house.database, house.clock, tmp_path / "next") as restarted:
        for number in range(5):
            await restarted.says("lixiang", f"查客户 李{number}")
        await asyncio.sleep(0.5)
        assert restarted.texts("lixiang") == []
        await _until_sent(restarted, 3)
        assert len(restarted.texts("lixiang")) == 5
