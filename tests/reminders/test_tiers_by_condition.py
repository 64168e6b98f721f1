"""Tiers that go by conditions of the packs: computed every morning over all books; hands stay (R120, R121)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from config.pack import PackStore
from config.settings import Settings
from reminders.tiers import CATEGORY, recompute_by_conditions
from storage.conditions.checking import check_conditions
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.tables import clients, tier_history
from tests.builders import Cast, a_client, a_policy
from tests.condition_tiers import insurance_by_condition, written
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, NewFirm


@pytest.fixture(autouse=True)
def by_condition(pack_store: PackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Insurance tiers go by the premiums of policies in force."""
    monkeypatch.setattr(pack_store, "current", insurance_by_condition(pack_store.current))


def insured(uow: UnitOfWork, name: str, premium: int, state: str = "active", **values: object) -> Client:
    client = a_client(uow, name, **values)
    a_policy(uow, client, premium=premium, state=state)
    return client


def tiers(system: System) -> dict[str, str | None]:
    with system() as uow:
        rows = uow.conn.execute(select(clients.c.name, clients.c.insurance_tier))
        return {row.name: row.insurance_tier for row in rows}


def notices(system: System) -> dict[str, str]:
    with system() as uow:
        return {who: notice.text for who, notice in uow.reminders.open_notices(CATEGORY).items()}


def computed(system: System) -> int:
    with system() as uow:
        return recompute_by_conditions(uow, ZONE)


def test_the_sample_in_the_pack_may_be_written_as_it_stands(pack_store: PackStore) -> None:
    assert list(written()) == ["钻石", "黄金", "白银", "标准"]
    assert list(check_conditions(pack_store.current)) == []


def test_the_first_tier_from_the_top_whose_condition_holds_counts(system: System, cast: Cast) -> None:
    with system() as uow:
        for name, premium in (("钻", 100_000), ("金", 99_999), ("银", 10_000), ("标", 9_999)):
            insured(uow, name, premium)
        insured(uow, "外", 60_000, owner_id="chenmo")
        insured(uow, "退保", 900_000, "surrendered")
        a_client(uow, "没有保单", aum=Decimal(9_000_000), bank_tier="贵宾")
    assert computed(system) == 5
    assert tiers(system) == {
        "钻": "钻石", "金": "黄金", "银": "白银", "标": "标准", "外": "黄金", "退保": None, "没有保单": None,
    }  # fmt: skip
    assert computed(system) == 0
    with system() as uow:
        assert len(uow.conn.execute(select(tier_history)).all()) == 5
        assert uow.conn.execute(select(clients.c.tier_set_by).distinct()).scalars().all() == [None]


def test_the_lowest_without_a_condition_takes_whoever_is_left(
    system: System, cast: Cast, pack_store: PackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_store, "current", insurance_by_condition(pack_store.current, 标准=None))
    with system() as uow:
        a_client(uow, "没有保单")
        insured(uow, "银", 10_000)
    assert computed(system) == 2
    assert tiers(system) == {"没有保单": "标准", "银": "白银"}


def test_a_computed_tier_follows_its_condition_up_down_and_away(
    system: System, cast: Cast, clock: MovableClock
) -> None:
    with system() as uow:
        policy = a_policy(uow, fang := a_client(uow, "王芳"), premium=60_000, state="active")
    assert computed(system) == 1
    for change, became in (({"premium": Decimal(200_000)}, "钻石"), ({"premium": Decimal(20_000)}, "白银")):
        clock.advance(timedelta(days=1))
        with system() as uow:
            uow.contracts.update(uow.contracts.get(policy.id), **change)
        assert computed(system) == 1
        assert tiers(system) == {"王芳": became}
    clock.advance(timedelta(days=1))
    with system() as uow:
        uow.contracts.update(uow.contracts.get(policy.id), state="surrendered")
    assert computed(system) == 1
    assert tiers(system) == {"王芳": None}
    with system() as uow:
        assert [(c.was, c.became, c.reason, c.scheme) for c in uow.tiers.of_client(fang.id)] == [
            ("白银", None, "condition", "insurance_tier"), ("钻石", "白银", "condition", "insurance_tier"),
            ("黄金", "钻石", "condition", "insurance_tier"), (None, "黄金", "condition", "insurance_tier"),
        ]


def test_hands_and_tiers_from_before_stay_and_lost_clients_are_left_alone(
    database: Database, system: System, cast: Cast, clock: MovableClock
) -> None:
    with system() as uow:
        insured(uow, "登记", 60_000, insurance_tier="标准")
        insured(uow, "流失", 60_000, stage="lost")
        changed = insured(uow, "改过", 60_000)
    assert computed(system) == 1
    for tier in ("标准", "黄金", "标准"):
        clock.advance(timedelta(minutes=1))
        with database.transaction(cast.li, clock.now()) as uow:
            uow.clients.update(uow.clients.get(changed.id), insurance_tier=tier)
    assert computed(system) == 0
    assert tiers(system) == {"登记": "标准", "流失": None, "改过": "标准"}
    with database.transaction(cast.li, clock.now()) as uow:
        uow.tiers.give_back_to_conditions(uow.clients.get(changed.id), "insurance_tier")
    clock.advance(timedelta(minutes=1))
    assert computed(system) == 1
    assert tiers(system)["改过"] == "黄金"


async def test_the_morning_computes_them_once_and_tells_each_adviser_in_one_line(
    new_firm: NewFirm, cast: Cast, system: System
) -> None:
    first, second = new_firm(), new_firm()
    await first.at("08 18:30")
    with system() as uow:
        fang, other = insured(uow, "王芳", 12_000), insured(uow, "外", 12_000, owner_id="chenmo")
        a_client(uow, "陈静", aum=Decimal(800_000), bank_tier="优质")
    await first.at("09 07:40")
    assert tiers(system) == {"王芳": "白银", "陈静": None, "外": "白银"}
    assert notices(system) == {"lixiang": "分层变动：升 1 位，发送「分层变动」看名单"}, "a first tier is no move"
    with system() as uow:
        for client in (fang, other):
            a_policy(uow, client, premium=60_000, state="active")
    await first.at("10 07:40")
    await second.at("10 07:41", "10 07:45")
    assert tiers(system) == {"王芳": "黄金", "陈静": None, "外": "黄金"}
    assert notices(system) == {
        "chenmo": "分层变动：升 1 位，发送「分层变动」看名单", "lixiang": "分层变动：升 2 位，发送「分层变动」看名单",
    }


def test_the_insurance_pack_goes_by_premiums_and_the_number_of_policies(
    system: System, cast: Cast, pack_store: PackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_store, "current", PackStore(Settings.model_fields["packs"].default).current)
    with system() as uow:
        for name, premium in (("钻", 50_000), ("金", 20_000), ("银", 10_000), ("标", 9_999)):
            insured(uow, name, premium)
        for name, count in (("五张", 5), ("三张", 3), ("两张", 2)):
            client = a_client(uow, name)
            for _ in range(count):
                a_policy(uow, client, premium=900, state="active")
        a_client(uow, "手工", insurance_tier="黄金")
        insured(uow, "退保", 90_000, "surrendered")
    computed(system)
    assert tiers(system) == {
        "钻": "钻石", "金": "黄金", "银": "白银", "标": "标准", "五张": "黄金", "三张": "白银", "两张": "标准",
        "手工": "黄金", "退保": None,
    }  # fmt: skip
