"""Assets under management over time (S15, R129, R142): history, trend, movers, drops told, borders of tiers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from config.pack import load_packs
from reminders.assets import border_of, look_for_drops
from reminders.borders import look_for_borders
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Picture
from storage.model.people import Actor, Client
from storage.repositories.assets import AssetRepository
from storage.tiers import Standard
from tests.builders import Cast, a_client, a_contract, a_loan, a_user
from tests.handlers.asking import SHANGHAI, Desk


def on(day: str, hour: int = 8) -> datetime:
    return datetime.fromisoformat(f"2025-{day}T{hour:02d}:00").replace(tzinfo=SHANGHAI)


class Book:
    """A client book whose clock runs day by day: `sets` enters an amount, `morning` is the daily look."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def adds(self, day: str, name: str, amount: int | None, owner: str = "lixiang", **more: object) -> Client:
        with self.database.system(on(day, 10)) as uow:
            return a_client(uow, name, owner_id=owner, aum=None if amount is None else Decimal(amount), **more)

    def sets(self, day: str, client: Client, amount: int) -> None:
        with self.database.system(on(day, 15)) as uow:
            uow.clients.update(uow.clients.get(client.id), aum=Decimal(amount))

    def morning(self, day: str) -> tuple[int, int]:
        with self.database.system(on(day)) as uow:
            return look_for_drops(uow, SHANGHAI)


@pytest.fixture
def book(database: Database, cast: Cast) -> Book:
    with database.system(on("01-02")) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
    return Book(database)


@pytest.fixture
def li(database: Database, clock: MovableClock, book: Book) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def wang(database: Database, clock: MovableClock, book: Book) -> Desk:
    return Desk(database, clock, "wangke")


# ---------------------------------------------------------------- history


def test_only_changes_are_kept_and_a_second_look_adds_nothing(book: Book):
    liu = book.adds("03-01", "刘洋", 600_000)
    book.adds("03-01", "没有资产", None)
    assert book.morning("03-02") == (1, 0)
    assert book.morning("03-02") == (0, 0)
    assert book.morning("03-03") == (0, 0)
    book.sets("03-10", liu, 700_000)
    assert book.morning("03-11") == (1, 0)


def test_history_follows_the_client_to_another_adviser(book: Book, database: Database, wang: Desk):
    liu = book.adds("03-01", "刘洋", 600_000)
    book.morning("03-02")
    with database.system(on("04-01")) as uow:
        uow.act_as(Actor.of(uow.users.get("wangke")))
        uow.clients.hand_over(uow.clients.get(liu.id), "xiaowang")
    heard = wang.says("团队AUM")
    assert "王小强 60 万元" in heard


# ---------------------------------------------------------------- one client


def test_the_year_of_a_client(book: Book, li: Desk, database: Database):
    liu = book.adds("03-01", "刘洋", 600_000, bank_tier="贵宾")
    book.morning("03-02")
    book.sets("04-10", liu, 900_000)
    book.morning("04-11")
    book.sets("06-05", liu, 860_000)
    with database.system(on("06-06")) as uow:
        a_contract(uow, uow.clients.get(liu.id), kind="deposit", state="active", amount=Decimal(300_000), balance=Decimal(300_000))
        a_loan(uow, uow.clients.get(liu.id), balance=Decimal(200_000))
    heard = li.says("刘洋 AUM")
    assert "刘洋 管理资产 86 万元（贵宾）" in heard
    assert "比上月末减少 4 万元（90 万元，−4.4%）" in heard
    assert "离「私行」（600 万元起）还差 514 万元" in heard
    assert "存款 30 万元" in heard
    assert "净资产（管理资产 − 负债）：66 万元" in heard
    (picture,) = [message for message in li.replies if isinstance(message, Picture)]
    assert picture.chart.labels == ("3月", "4月", "5月", "6月")
    assert picture.chart.values == (600_000.0, 900_000.0, 900_000.0, 860_000.0)


def test_a_client_without_assets_and_one_of_a_colleague(book: Book, li: Desk):
    nothing = book.adds("03-01", "没有资产", None)
    book.adds("03-01", "外人", 1_000_000, owner="chenmo")
    assert "还没有登记管理资产" in li.asks("assets.lookup", client="没有资产", client_id=nothing.id)
    assert li.asks("assets.lookup", client="外人") == li.asks("assets.lookup", client="查无此人").replace("查无此人", "外人")


def test_a_border_of_a_tier_is_named_when_it_is_near():
    standard = Standard.of(load_packs(("common",)))
    assert standard is not None
    near = border_of(standard, Decimal(520_000))
    assert (near.tier.name, near.to_fall, near.is_near) == ("贵宾", Decimal(20_000), True)
    rising = border_of(standard, Decimal(5_500_000))
    assert (rising.above.name if rising.above else "", rising.to_rise, rising.is_near) == ("私行", Decimal(500_000), True)
    assert not border_of(standard, Decimal(1_000_000)).is_near
    assert border_of(standard, Decimal(60_000_000)).above is None
    stricter = border_of(standard.with_floors({**standard.floors, "贵宾": 600_000}), Decimal(520_000))
    assert (stricter.tier.name, stricter.to_rise) == ("优质", Decimal(80_000))


# ---------------------------------------------------------------- who moved


@pytest.fixture
def moved(book: Book) -> Book:
    """In May 张敏 +20万, 李雷 −50万 (王小强's), 王芳 unchanged; an outsider −1,000万."""
    min_, lei = book.adds("03-01", "张敏", 100_000), book.adds("03-01", "李雷", 800_000, owner="xiaowang")
    book.adds("03-01", "王芳", 500_000)
    out = book.adds("03-01", "外人", 20_000_000, owner="chenmo")
    book.morning("03-02")
    for client, amount in ((min_, 300_000), (lei, 300_000), (out, 10_000_000)):
        book.sets("05-20", client, amount)
    book.morning("05-21")
    return book


def test_who_moved_most_in_the_team_or_the_own_book(moved: Book, wang: Desk, li: Desk):
    heard = wang.says("AUM 变动 前10")
    assert heard.index("李雷") < heard.index("张敏")
    assert "−50 万元（−62%，现 30 万元）" in heard
    assert "王小强" in heard
    assert "王芳" not in heard
    assert "外人" not in heard
    mine = li.says("AUM 变动 前10")
    assert "张敏 +20 万元（+200%，现 30 万元）" in mine
    assert "李雷" not in mine
    assert "前 1 位" in wang.says("AUM 变动 前1")
    assert "没有客户的管理资产有变动" in wang.says("资产变动 本月")


def test_the_growth_of_the_team_is_the_same_computation(moved: Book, wang: Desk):
    assert "管理资产变动：-30 万元（上个月）" in wang.says("团队上个月AUM涨了多少")
    assert "80 万元" in wang.says("团队AUM")


# ---------------------------------------------------------------- near a border, and the highest tiers (R128, R129)


def near(database: Database, day: str) -> int:
    with database.system(on(day)) as uow:
        AssetRepository(uow).note_changes(on(day).date())
        return look_for_borders(uow, SHANGHAI)


def test_who_comes_near_a_border_is_told_once_for_each_approach(book: Book, li: Desk, database: Database):
    min_, jing = book.adds("05-01", "张敏", 300_000), book.adds("05-01", "陈静", 700_000)
    assert near(database, "05-02") == 0
    book.sets("05-10", min_, 460_000)
    assert near(database, "05-11") == 1
    assert "临界：快升档 1，看「快升档」（" in li.says("今日待办")
    book.sets("05-12", min_, 470_000)  # still as near: nothing new
    assert near(database, "05-13") == 0
    book.sets("05-14", jing, 520_000)
    assert near(database, "05-15") == 1
    assert "临界：快升档 1、快降档 1，看「快升档」（" in li.says("今日待办")
    book.sets("05-16", min_, 200_000)
    assert near(database, "05-17") == 0
    book.sets("05-18", min_, 480_000)  # gone and come again
    assert near(database, "05-19") == 1


def test_who_stands_near_a_border_is_listed_with_the_distance(book: Book, li: Desk, wang: Desk):
    book.adds("05-01", "张敏", 460_000)
    book.adds("05-01", "陈静", 520_000)
    book.adds("05-01", "李雷", 480_000, owner="xiaowang")
    book.adds("05-01", "王芳", 300_000)
    heard = li.says("快升档的客户")
    assert "快升档的客户 1 位" in heard
    assert "张敏 46 万元，离「贵宾」还差 4 万元" in heard
    assert heard.count("万元，离") == 1
    assert "李雷 王小强 48 万元，离「贵宾」还差 2 万元" in wang.says("谁的客户快升贵宾")
    assert "快升档的客户 1 位" in li.says("快升档")
    assert "陈静 52 万元，比「贵宾」的起点多 2 万元" in li.says("快降档的客户")
    assert "没有「黄金」这一档" in li.says("快升黄金的客户")
    assert "现在没有快升档的客户（「私行」的起点）" in li.says("快升私行的客户")


def test_clients_of_high_value_are_those_of_the_highest_tiers_the_richest_first(book: Book, li: Desk, wang: Desk):
    assert "现在没有高价值客户" in li.says("高价值客户")
    book.adds("05-01", "张敏", 700_000, bank_tier="贵宾")
    book.adds("05-01", "陈静", 7_000_000, bank_tier="私行")
    book.adds("05-01", "王芳", 9_000_000, bank_tier="大众")
    book.adds("05-01", "李雷", 800_000, bank_tier="贵宾", owner="xiaowang")
    heard = li.says("高价值客户")
    assert heard.index("陈静 私行 700 万元") < heard.index("张敏 贵宾 70 万元")
    assert "王芳" not in heard
    assert "李雷" not in heard
    assert "李雷 贵宾 80 万元 王小强" in wang.says("高价值客户名单")
    assert "前 1 位" in wang.says("高价值客户 前1")


@pytest.mark.parametrize("said", ["潜在风险客户", "潜在风险客户名单", "有风险的客户"])
def test_clients_at_risk_are_those_who_may_leave(book: Book, li: Desk, said: str):
    book.adds("01-03", "张敏", 700_000, bank_tier="贵宾")
    assert "流失预警 1 位" in li.says(said)


@pytest.mark.parametrize("said", ["快到期的客户", "马上到期的保单"])
def test_what_ends_soon_is_no_border_of_a_tier(book: Book, li: Desk, said: str):
    assert "升档" not in li.says(said)


# ---------------------------------------------------------------- drops


def test_a_drop_over_the_threshold_is_told_once(moved: Book, database: Database, clock: MovableClock):
    qiang = Desk(database, clock, "xiaowang")
    with database.system(clock.now()) as uow:
        assert look_for_drops(uow, SHANGHAI) == (0, 0)  # told on 21 May, within the thirty days
    assert "资产" in qiang.says("今日待办")
    listed = qiang.sees(lambda uow: [r.text for r in uow.reminders.open_until("xiaowang", clock.now())])
    assert listed == ["李雷 管理资产 30 天降了 62%（80 万元 → 30 万元），请联系"]


def test_a_small_drop_and_a_lost_client_are_not_told(book: Book, database: Database):
    small = book.adds("03-01", "小额", 10_000)
    gone = book.adds("03-01", "走了", 1_000_000, stage="lost")
    book.morning("03-02")
    book.sets("03-05", small, 0)
    book.sets("03-05", gone, 0)
    assert book.morning("03-06")[1] == 0


def test_the_threshold_is_pack_data(tmp_path: Path):
    signal = load_packs(("common",)).signal("assets_drop")
    assert signal is not None
    assert (signal.days, signal.percent, signal.least) == (30, 20, 20_000)
