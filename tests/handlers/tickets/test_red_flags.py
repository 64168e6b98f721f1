"""Red flags of claims: shown to claims and compliance, never to the adviser, and only where there is something."""

from __future__ import annotations

from datetime import date

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import opened, the_others

PHONE = "13800000101"


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> dict[str, Desk]:
    with database.system(clock.now()) as uow:
        the_others(uow)
    return {name: Desk(database, clock, name) for name in ("lixiang", "claims1", "shenyue")}


def claim(database: Database, clock: MovableClock, cast: Cast, name: str, *, times: int = 1, began: date | None = None):
    """So many claims of a new client of 李顾问, the last day of harm being 2025-06-08."""
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, name, phone=PHONE)
        if began is not None:
            a_policy(uow, client, starts_on=began, ends_on=date(2026, 6, 1), state="active")
        flow = next(flow for flow in uow.packs.flows if flow.id == "claim")
        for _ in range(times):
            opened(uow, flow, client)


def test_a_young_policy_is_told_to_claims_and_compliance_alone(database, clock, cast, desks):
    claim(database, clock, cast, "王芳", began=date(2025, 5, 20))
    for name in ("claims1", "shenyue"):
        assert "保单生效 19 天就出险" in desks[name].says("T1")
    assert "疑点" not in desks["lixiang"].says("T1")


def test_an_old_policy_and_a_first_claim_are_not_suspicious(database, clock, cast, desks):
    claim(database, clock, cast, "王芳", began=date(2024, 1, 1))
    assert "疑点" not in desks["claims1"].says("T1")


def test_the_third_claim_within_a_year_is_one(database, clock, cast, desks):
    claim(database, clock, cast, "王芳", times=3)
    assert "365 天内第 3 次理赔" in desks["claims1"].says("T3")


def test_one_phone_number_in_the_claims_of_two_clients_is_one(database, clock, cast, desks):
    claim(database, clock, cast, "王芳")
    assert "同一手机号" not in desks["claims1"].says("T1")
    claim(database, clock, cast, "王小芳")
    assert "同一手机号在 2 位客户的理赔里出现" in desks["claims1"].says("T1")
