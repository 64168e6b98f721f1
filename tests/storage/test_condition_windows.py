"""Counts and changes of the last days: what SQL chooses is what Python counts of the same records."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from storage.conditions import View, compiled, read
from storage.database import Database, UnitOfWork
from storage.lunar import next_lunar_birthday
from storage.model.clock import MovableClock
from storage.repositories.assets import AssetRepository
from tests.builders import Cast, a_client, a_contract, a_policy

TODAY = date(2025, 6, 9)  # the clock of the tests stands at 09:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
AGO = (0, 1, 29, 30, 31, 89, 90, 200)
CONTACTS = ("call", "visit", "meeting", "wechat", "note")


def chosen(uow: UnitOfWork, text: str) -> set[str]:
    """The names of those whom a condition chooses."""
    tree = read(text, uow.dictionary, uow.actor.role, TODAY)
    return {row.name for row in uow.clients.matching(compiled(tree, View(uow.packs, TODAY, ZONE)), 100)}


@pytest.fixture
def talks(database: Database, cast: Cast, clock: MovableClock) -> dict[str, list[tuple[str, int]]]:
    """Twelve clients with contacts of many sorts on many days: (kind, days ago) by name."""
    chance = random.Random(20250609)
    written = {f"客户{n}": [(chance.choice((*CONTACTS, "complaint")), chance.choice(AGO)) for _ in range(n)] for n in range(12)}
    with database.transaction(cast.li, clock.now()) as uow:
        for name, talks in written.items():
            client = a_client(uow, name)
            for kind, ago in talks:
                uow.interactions.add(client, kind, "…", happened_at=clock.now() - DAY * ago)
    return written


@pytest.mark.parametrize(("word", "kinds"), [("联系", CONTACTS), ("投诉", ("complaint",)), ("微信", ("wechat",))])
@pytest.mark.parametrize("days", [1, 30, 90])
def test_contacts_in_a_window_are_counted_as_python_counts_them(
    database: Database, cast: Cast, clock: MovableClock, talks: dict[str, list[tuple[str, int]]], word: str,
    kinds: tuple[str, ...], days: int,
) -> None:  # fmt: skip
    counts = {name: sum(kind in kinds and ago < days for kind, ago in of) for name, of in talks.items()}
    asked: dict[str, Callable[[int], bool]] = {
        "2次": lambda n: n >= 2, "超过 2次": lambda n: n > 2, "少于 2次": lambda n: n < 2, "正好 1 次": lambda n: n == 1,
    }
    with database.transaction(cast.li, clock.now()) as uow:
        for said, holds in asked.items():
            expected = {name for name, count in counts.items() if holds(count)}
            assert chosen(uow, f"{days}天内 {word} {said}") == expected, said
        assert chosen(uow, f"{days}天内没有{word}" if word != "联系" else f"{days}天内 联系 正好 0 次") == {
            name for name, count in counts.items() if not count
        }


def test_contracts_late_payments_and_referrals_are_counted_too(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        anna, bob = a_client(uow, "安娜"), a_client(uow, "包博")
        for code in ("SEC-BD-01", "SEC-EQ-01"):
            a_contract(uow, anna, "fund", state="active", product_code=code, starts_on=TODAY - DAY * 10)
        a_policy(uow, bob, state="active", starts_on=TODAY - DAY * 400, due_on=[TODAY - DAY * ago for ago in (40, 10)])
        uow.clients.relate(bob, anna, "referrer")
        assert chosen(uow, "一年内买基金2笔") == {"安娜"}
        assert chosen(uow, "一年内新签1笔") == {"安娜"}
        assert chosen(uow, "一年内买车险1笔") == set()
        assert chosen(uow, "30天内迟缴1次") == chosen(uow, "90天内迟缴2次") == {"包博"}
        assert chosen(uow, "30天内迟缴2次") == set()
        assert chosen(uow, "一年内介绍客户1位") == {"安娜"}


BORN = (101, 501, -501, 514, 515, 516, 529, 530, 601, 615, -615, 630, -630, 803, 1230)


@pytest.mark.parametrize("days", [1, 7, 30, 60, 400])
@pytest.mark.parametrize("today", [TODAY, date(2025, 7, 20), date(2026, 1, 20), date(2026, 2, 10)])
def test_lunar_birthdays_to_come_are_those_that_are_celebrated(
    database: Database, cast: Cast, clock: MovableClock, days: int, today: date
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        for code in BORN:
            a_client(uow, str(code), lunar_birthday=code)
        a_client(uow, "没登记")
        tree = read(f"农历生日 在 {days} 天内", uow.dictionary, uow.actor.role, today)
        found = {row.name for row in uow.clients.matching(compiled(tree, View(uow.packs, today, ZONE)), 100)}
        assert found == {str(code) for code in BORN if next_lunar_birthday(code, today) <= today + DAY * days}


def test_lunar_months_and_stretches_of_the_calendar(database: Database, cast: Cast, clock: MovableClock) -> None:
    """9 June 2025 is a Monday."""
    with database.transaction(cast.li, clock.now()) as uow:
        for name, born in (("九日", 9), ("十五日", 15), ("十六日", 16), ("三十日", 30)):
            client = a_client(uow, name, birthday=date(1980, 6, born), lunar_birthday=-600 - born)
            a_policy(uow, client, state="active", ends_on=date(2025, 6, born))
        a_client(uow, "七月", birthday=date(1980, 7, 1), lunar_birthday=701)
        assert chosen(uow, "今天生日") == {"九日"}
        assert chosen(uow, "本周生日") == {"九日", "十五日"}
        assert chosen(uow, "生日 在 下周") == {"十六日"}
        assert chosen(uow, "生日 本月") == chosen(uow, "本月到期") == {"九日", "十五日", "十六日", "三十日"}
        assert chosen(uow, "生日 下月") == {"七月"}
        assert chosen(uow, "农历六月生日") == {"九日", "十五日", "十六日", "三十日"}
        assert chosen(uow, "7天内到期") == {"九日", "十五日", "十六日"}


AMOUNTS = {
    # (what there was forty days ago, what there is)
    "跌一成": (1_000_000, 900_000), "跌两成": (1_000_000, 800_000), "平": (500_000, 500_000), "涨": (100_000, 350_000),
    "没了": (200_000, None), "从无到有": (0, 300_000), "小跌": (100_000, 99_000),
}


@pytest.fixture
def assets(database: Database, cast: Cast, clock: MovableClock) -> None:
    """Clients entered long ago whose assets moved ten days ago, and one who was entered yesterday."""
    with database.transaction(cast.li, clock.now() - DAY * 60) as uow:
        for name, (before, now) in AMOUNTS.items():
            client = a_client(uow, name, aum=None if now is None else Decimal(now))
            AssetRepository(uow).note(client, TODAY - DAY * 40, Decimal(before))
            AssetRepository(uow).note(client, TODAY - DAY * 10, Decimal(now or 0))
    with database.transaction(cast.li, clock.now() - DAY) as uow:
        a_client(uow, "新来的", aum=Decimal(5_000))


CHANGED = {
    "AUM变动 小于 -10万": {"跌两成", "没了"},
    "AUM变动 不超过 -10万": {"跌一成", "跌两成", "没了"},
    "AUM变动 在 -10万 到 0 之间": {"跌一成", "平", "小跌"},
    "近30天 AUM 下降 10%以上": {"跌一成", "跌两成", "没了"},
    "近30天 AUM 下降 超过 10%": {"跌两成", "没了"},
    "AUM 下降 不到 10%": {"小跌"},
    "AUM 下降 10% 到 20%": {"跌一成", "跌两成"},
    "AUM下降": {"跌一成", "跌两成", "没了", "小跌"},
    "AUM 增加 20万以上": {"涨", "从无到有"},
    "AUM 增长 100%以上": {"涨"},
    "AUM 增加": {"涨", "从无到有", "新来的"},
    "近7天 AUM 下降": set(),
    "近7天 AUM 增加": {"新来的"},
    "非 AUM下降 且 非 AUM 增加": {"平"},
}


@pytest.mark.parametrize("text", CHANGED)
def test_a_change_of_assets_chooses(
    database: Database, cast: Cast, clock: MovableClock, assets: None, text: str
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, text) == CHANGED[text]


def test_the_change_is_that_of_the_list_of_movers(
    database: Database, cast: Cast, clock: MovableClock, assets: None
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        since = TODAY - DAY * 30
        midnight = View(uow.packs, TODAY, ZONE).midnight(since)
        moved = AssetRepository(uow).movers(since, midnight, 100)
        for one in moved:
            assert one.name in chosen(uow, f"AUM变动 是 {one.change}")
        assert {one.name for one in moved} == chosen(uow, "AUM变动")


def test_the_largest_amounts_and_shares_are_reckoned_with(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.li, clock.now() - DAY * 60) as uow:
        client = a_client(uow, "首富", aum=Decimal(9_999_999_999_999))
        AssetRepository(uow).note(client, TODAY - DAY * 40, Decimal(1_666_666_666_666))
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, "AUM 增加 499.9%以上") == {"首富"}
        assert chosen(uow, "AUM 下降 500%以上") == set()
