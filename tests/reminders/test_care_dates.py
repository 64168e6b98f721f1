"""Festivals and the content of the week: the right day, each adviser's own clients, one card, nothing sent by itself."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from config.pack import CareDate
from reminders.care_dates import falls_on, template_of
from storage.model.care import ClientMessage
from storage.repositories.client_messages import ClientMessageRepository
from storage.templates import TemplateBook
from tests.builders import Cast, a_client
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, NewFirm


@pytest.mark.parametrize(("when", "day", "falls"), [
    ({"solar": 1001}, date(2025, 10, 1), True), ({"solar": 1001}, date(2025, 10, 2), False),
    ({"lunar": 815}, date(2025, 10, 6), True), ({"lunar": 101}, date(2026, 2, 17), True),
    ({"lunar": 1230}, date(2026, 2, 16), True),  # 腊月 has 29 days: 除夕 is the 29th
    ({"weekday": 3}, date(2025, 6, 11), True), ({"weekday": 3}, date(2025, 6, 12), False),
])
def test_a_day_is_found_by_either_calendar_or_the_week(when: dict[str, int], day: date, falls: bool) -> None:
    assert falls_on(CareDate(id="x", label="节", templates=("a",), **when), day) is falls


def test_the_contents_of_the_week_take_turns(new_firm: NewFirm, packs) -> None:
    entry = next(e for e in packs.care_dates if e.id == "weekly_knowledge")
    weeks = [date(2025, 6, 11), date(2025, 6, 18), date(2025, 6, 25)]
    assert len({template_of(TemplateBook.of(packs), entry, day).id for day in weeks}) == 3


async def test_each_adviser_is_offered_the_own_clients_once(new_firm: NewFirm, cast: Cast, system: System) -> None:
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        for name, owner, consents in (("王芳", "lixiang", True), ("赵磊", "lixiang", True), ("钱多", "lixiang", False), ("周通", "chenmo", True)):
            client = a_client(uow, name, owner_id=owner)
            if consents:
                uow.consents.record(client, "care", True, channel="test")
        fang, lei = (uow.clients.containing(name)[0] for name in ("王芳", "赵磊"))
        uow.clients.relate(uow.clients.get(fang.id), uow.clients.get(lei.id), "spouse")
    firm.clock.move_to(datetime(2025, 10, 6, 9, 15, tzinfo=ZONE))  # 八月十五
    for _ in range(3):
        await firm.jobs.tick(firm.clock.now())
        await firm.delivery.drain()
    cards = [card for card in firm.sender.cards("lixiang") if "中秋节" in card["main_title"]["title"]]
    assert len(cards) == 1
    assert "您的 1 位客户" in cards[0]["main_title"]["desc"]  # one of the couple, and not whom nobody asked
    with system() as uow:
        drafts: list[ClientMessage] = ClientMessageRepository(uow).of_sender("lixiang", ("drafted",))
        others = ClientMessageRepository(uow).of_sender("chenmo", ("drafted",))
    assert len(drafts) == 1
    assert "中秋快乐" in drafts[0].text
    assert [m.client_name for m in others] == ["周通"]


async def test_clients_over_the_most_of_a_campaign_are_counted_on_the_card(
    new_firm: NewFirm, cast: Cast, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.care_dates.MOST_CLIENTS", 2)
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        for number in range(5):
            uow.consents.record(a_client(uow, f"客户{number}"), "care", True, channel="test")
    firm.clock.move_to(datetime(2025, 10, 6, 9, 15, tzinfo=ZONE))
    await firm.jobs.tick(firm.clock.now())
    await firm.delivery.drain()
    (card,) = [card for card in firm.sender.cards("lixiang") if "中秋节" in card["main_title"]["title"]]
    assert "您的 2 位客户" in card["main_title"]["desc"]
    assert "另有 3 位" in card["sub_title_text"]


async def test_who_likes_to_sleep_long_is_offered_it_when_he_is_up(new_firm: NewFirm, cast: Cast, system: System) -> None:
    firm = new_firm()
    await firm.at("08 18:30")
    with system() as uow:
        uow.consents.record(a_client(uow, "王芳"), "care", True, channel="test")
        uow.users.prefer(uow.users.get("lixiang"), quiet="22:00-10:00")
    for at, cards in ((time(9, 15), 0), (time(10, 1), 1)):
        firm.clock.move_to(datetime.combine(date(2025, 10, 6), at, ZONE))
        await firm.jobs.tick(firm.clock.now())
        await firm.delivery.drain()
        assert sum("中秋节" in card["main_title"]["title"] for card in firm.sender.cards("lixiang")) == cards
