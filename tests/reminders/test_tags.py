"""Tags that follow from a condition: computed over all books once a day, on both kinds of database (R124)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from reminders import tags
from storage.conditions import View, compiled, read
from storage.database import UnitOfWork
from storage.model.clock import MovableClock
from storage.tables import earned_tags
from tests.builders import Cast, a_client, a_contract
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)


def with_tag(uow: UnitOfWork, name: str) -> set[str]:
    tree = read(f"标签 是 {name}", uow.dictionary, uow.actor.role, TODAY)
    return {row.name for row in uow.clients.matching(compiled(tree, View(uow.packs, TODAY, ZONE)), 100)}


def test_who_fits_earns_the_tag_whoever_he_belongs_to_and_who_no_longer_does_loses_it(system: System, cast: Cast) -> None:
    with system() as uow:
        rich = a_client(uow, "王芳", aum=Decimal(5_000_000))
        a_client(uow, "赵敏", aum=Decimal(4_999_999))
        a_client(uow, "刘洋", aum=Decimal(9_000_000), owner_id="chenmo")
        debtor = a_client(uow, "周凯")
        a_contract(uow, debtor, "loan", state="repaying", product_code="BNK-LN-HOME", product_name="安家房贷")
        assert with_tag(uow, "高净值") == set()
        assert tags.recompute(uow, ZONE) == (3, 0)
        assert with_tag(uow, "高净值") == {"王芳", "刘洋"}
        assert with_tag(uow, "按揭客户") == {"周凯"}
        assert tags.recompute(uow, ZONE) == (0, 0)
    with system() as uow:
        uow.clients.update(uow.clients.get(rich.id), aum=Decimal(1))
        assert with_tag(uow, "高净值") == {"王芳", "刘洋"}
        assert tags.recompute(uow, ZONE) == (0, 1)
        assert with_tag(uow, "高净值") == {"刘洋"}


def test_what_people_put_on_stays_beside_it(system: System, cast: Cast) -> None:
    with system() as uow:
        by_hand = a_client(uow, "王芳")
        both = a_client(uow, "赵敏", aum=Decimal(6_000_000))
        for client in (by_hand, both):
            uow.clients.add_tag(client, "高净值")
        assert tags.recompute(uow, ZONE) == (1, 0)
        assert with_tag(uow, "高净值") == {"王芳", "赵敏"}
        uow.clients.update(both, aum=Decimal(0))
        assert tags.recompute(uow, ZONE) == (0, 1)
        assert with_tag(uow, "高净值") == {"王芳", "赵敏"}


def test_the_day_since_which_it_holds_stays_and_the_reason_follows_the_packs(
    system: System, cast: Cast, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(uow: UnitOfWork) -> list[tuple[date, str]]:
        return [tuple(row) for row in uow.conn.execute(select(earned_tags.c.since, earned_tags.c.reason))]

    with system() as uow:
        a_client(uow, "王芳", aum=Decimal(6_000_000))
        tags.recompute(uow, ZONE)
        assert kept(uow) == [(TODAY, "管理资产 不低于 500 万元")]
    clock.advance(timedelta(days=3))
    with system() as uow:
        raised = [
            tag.model_copy(update={"when": "管理资产 600万以上"}) if tag.name == "高净值" else tag for tag in uow.packs.tags
        ]
        monkeypatch.setattr(uow.dictionary, "packs", replace(uow.packs, version="raised", tags=tuple(raised)))
        assert tags.recompute(uow, ZONE) == (0, 0)
        assert kept(uow) == [(TODAY, "管理资产 不低于 600 万元")]
        monkeypatch.setattr(uow.dictionary, "packs", replace(uow.packs, version="none", tags=()))
        assert tags.recompute(uow, ZONE) == (0, 1)
