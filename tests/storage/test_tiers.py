"""Tiers by the standard in force (R120, R122): versions, one computation, what a hand set stays, history."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from storage.audit import entries_about
from storage.database import Database, UnitOfWork
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from storage.model.errors import Conflict, Invalid
from storage.model.people import Client
from storage.tables import clients, tier_history
from storage.tiers import Standard
from storage.vault import Vault
from tests.builders import Cast, a_client, the_cast
from tests.handlers.asking import Desk

SCHEME = "bank_tier"


def floors(**changed: int) -> Mapping[str, int]:
    names = {"private": "私行", "vip": "贵宾", "good": "优质", "mass": "大众"}
    usual = {"大众": 0, "优质": 50_000, "贵宾": 500_000, "私行": 6_000_000}
    return usual | {names[name]: amount for name, amount in changed.items()}


def in_force(uow: UnitOfWork, **changed: int) -> Standard:
    """A standard that was handed in and approved."""
    version = uow.standards.submit(SCHEME, {"floors": floors(**changed)}, "change")
    uow.standards.decide(version, approved=True)
    standard = uow.standards.in_force().standard
    assert standard is not None
    return standard


def has(uow: UnitOfWork, name: str, aum: int | None, tier: str | None = None, **more: object) -> Client:
    """A client that the system entered, so that no hand set the tier."""
    return a_client(uow, name, aum=None if aum is None else Decimal(aum), bank_tier=tier, **more)


def tiers(database: Database) -> dict[str, str | None]:
    with database.engine.connect() as conn:
        return {row.name: row.bank_tier for row in conn.execute(select(clients.c.name, clients.c.bank_tier))}


def compute(database: Database, clock: MovableClock) -> int | None:
    with database.system(clock.now()) as uow:
        standard = uow.standards.held()
        assert standard is not None
        return uow.tiers.compute(standard, "assets")


# ---------------------------------------------------------------- the standard in force


def test_the_packs_standard_counts_until_a_version_is_approved(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.he, clock.now()) as uow:
        before = uow.standards.in_force().standard
        assert before is not None
        assert (before.version, dict(before.floors)) == (0, floors())
        version = uow.standards.submit(SCHEME, {"floors": floors(vip=600_000)}, "change")
        assert uow.standards.in_force().standard == before
    with database.transaction(cast.shen, clock.now()) as uow:
        uow.standards.decide(version, approved=True)
        book = uow.standards.in_force()
        assert book.standard is not None
        assert (book.standard.version, book.standard.floors["贵宾"]) == (1, 600_000)
        assert book.version is not None
        assert (book.version.author_id, book.version.decided_by) == ("hexin", "shenyue")
        uow.standards.decide(uow.standards.submit(SCHEME, None, "roll_back"), approved=True)
        back = uow.standards.in_force().standard
        assert back is not None
        assert (back.version, dict(back.floors)) == (2, floors())


def test_every_process_has_the_new_standard_at_its_next_look(
    database: Database, cast: Cast, clock: MovableClock, vault: Vault
) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), vault, database.packs)
    try:
        with other.system(clock.now()) as uow:
            first = uow.standards.in_force().standard
            assert first is not None
            assert first.floors["贵宾"] == 500_000
        with database.system(clock.now()) as uow:
            in_force(uow, vip=600_000)
        with other.system(clock.now()) as uow:
            then = uow.standards.in_force().standard
            assert then is not None
            assert then.floors["贵宾"] == 600_000
    finally:
        other.close()


def test_a_version_that_fits_the_packs_no_longer_rests_and_the_packs_own_counts(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    with database.system(clock.now()) as uow:
        in_force(uow, vip=600_000)
        scheme = uow.packs.asset_scheme
        assert scheme is not None
        fewer = scheme.model_copy(update={"tiers": tuple(t for t in scheme.tiers if t.name != "优质")})
        uow.dictionary = Dictionary(replace(uow.packs, tiers=(fewer,), version="fewer"))
        book = uow.standards.in_force()
        assert "和业务包里的不一样" in book.broken
        assert book.standard is not None
        assert dict(book.standard.floors) == {"大众": 0, "贵宾": 500_000, "私行": 6_000_000}


@pytest.mark.parametrize(("changed", "why"), [
    ({"vip": 50_000}, "要高于「优质」"), ({"vip": 6_000_000}, "要高于「贵宾」"), ({"vip": 7_000_000}, "要高于「贵宾」"),
    ({"good": 0}, "要高于「大众」"), ({"mass": 100}, "从 0 起，不能改"),
])  # fmt: skip
def test_a_standard_whose_order_is_broken_is_refused(
    sqlite_database: Database, clock: MovableClock, changed: dict[str, int], why: str
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        standard = Standard.of(uow.packs)
        assert standard is not None
        with pytest.raises(Invalid, match=why):
            standard.with_floors(floors(**changed))


def test_a_version_that_was_overtaken_cannot_be_approved(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        first = uow.standards.submit(SCHEME, {"floors": floors(vip=600_000)}, "change")
        in_force(uow, vip=700_000)
        with pytest.raises(Conflict, match="重新提交"):
            uow.standards.decide(first, approved=True)


# ---------------------------------------------------------------- one computation


def test_tiers_follow_the_assets_and_a_second_run_changes_nothing(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        rising = has(uow, "升", 500_000, "优质")
        has(uow, "降", 499_999, "贵宾")
        has(uow, "新", 7_000_000)
        has(uow, "欠", -10)
        for kept in (("不变", 80_000, "优质"), ("没有资产", None, "贵宾")):
            has(uow, *kept)
        has(uow, "流失", 10, "私行", stage="lost")
    change = compute(database, clock)
    assert change is not None
    assert tiers(database) == {
        "升": "贵宾", "降": "优质", "新": "私行", "欠": "大众", "不变": "优质", "没有资产": "贵宾", "流失": "私行",
    }  # fmt: skip
    assert compute(database, clock) is None
    with database.system(clock.now()) as uow:
        assert sorted((m.was, m.became, m.count, m.amount) for m in uow.tiers.moves_of(change) if m.was) == [
            ("优质", "贵宾", 1, Decimal(500_000)), ("贵宾", "优质", 1, Decimal(499_999)),
        ]  # fmt: skip
        line, = uow.tiers.of_client(rising.id)
        assert (line.was, line.became, line.reason, line.version, line.amount, line.set_by, line.at) == (
            "优质", "贵宾", "assets", 0, Decimal(500_000), None, clock.now(),
        )  # fmt: skip
        moved = uow.clients.get(rising.id)
        assert (moved.version, moved.updated_by) == (rising.version + 1, "system")


def test_what_a_trial_foretells_is_what_the_computation_does(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        for number, aum in enumerate((510_000, 590_000, 600_000, 800_000)):
            has(uow, f"客户{number}", aum, "贵宾", owner_id="lixiang" if number % 2 else "chenmo")
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "手工", aum=Decimal(520_000), bank_tier="贵宾")
    with database.system(clock.now()) as uow:
        standard = Standard.of(uow.packs)
        assert standard is not None
        stricter = standard.with_floors(floors(vip=600_000), 1)
        foretold = uow.tiers.would_move(stricter)
        assert [(m.owner_id, m.was, m.became, m.by_hand, m.count, m.amount) for m in foretold] == [
            ("chenmo", "贵宾", "优质", False, 1, Decimal(510_000)),
            ("lixiang", "贵宾", "优质", False, 1, Decimal(590_000)),
            ("lixiang", "贵宾", "优质", True, 1, Decimal(520_000)),
        ]  # fmt: skip
        assert [m.name for m in uow.tiers.would_move_first(stricter, 1)] == ["客户1"]
        change = uow.tiers.compute(stricter, "standard")
        assert change is not None
        done = uow.tiers.moves_of(change)
        assert sorted((m.owner_id, m.count) for m in done) == sorted((m.owner_id, m.count) for m in foretold if not m.by_hand)


def test_processes_that_compute_at_once_write_one_line_of_history(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        for number in range(20):
            has(uow, f"客户{number}", 900_000, "大众")
    start, outcomes = threading.Barrier(2), list[int | None]()

    def run() -> None:
        start.wait()
        outcomes.append(compute(database, clock))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    with database.engine.connect() as conn:
        assert len(conn.execute(select(tier_history)).all()) == 20


def test_a_hand_that_is_faster_than_the_computation_wins(
    postgres_database: Database, clock: MovableClock
) -> None:
    """The computation waits for the row, and then sees that somebody has set it. (SQLite has one writer.)"""
    database = postgres_database
    with database.system(clock.now()) as uow:
        cast = the_cast(uow)
        client = has(uow, "王芳", 900_000, "大众")
    computing = threading.Thread(target=compute, args=(database, clock))
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(uow.clients.get(client.id), bank_tier="私行")
        computing.start()
        computing.join(0.5)
        assert computing.is_alive()
    computing.join()
    assert tiers(database) == {"王芳": "私行"}
    with database.system(clock.now()) as uow:
        assert [line.reason for line in uow.tiers.of_client(client.id)] == ["hand"]


def test_an_older_standard_never_has_the_last_word(postgres_database: Database, clock: MovableClock) -> None:
    """Who computes holds the standard: one that is being approved is waited for, and then counts."""
    database = postgres_database
    with database.system(clock.now()) as uow:
        the_cast(uow)
        has(uow, "王芳", 550_000, "贵宾")
    computing = threading.Thread(target=compute, args=(database, clock))
    with database.system(clock.now()) as uow:
        uow.tiers.compute(in_force(uow, vip=600_000), "standard")
        computing.start()
        computing.join(0.5)
        assert computing.is_alive()
    computing.join()
    assert tiers(database) == {"王芳": "优质"}


def test_who_gives_a_tier_back_waits_for_the_standard_that_is_being_approved(
    postgres_database: Database, clock: MovableClock
) -> None:
    database = postgres_database
    with database.system(clock.now()) as uow:
        the_cast(uow)
        has(uow, "王芳", 550_000, "贵宾")
    li = Desk(database, clock, "lixiang")
    li.says("王芳 改为 私行")
    giving = threading.Thread(target=li.says, args=("王芳 分层 按资产",))
    with database.system(clock.now()) as uow:
        uow.tiers.compute(in_force(uow, vip=600_000), "standard")
        giving.start()
        giving.join(0.5)
        assert giving.is_alive()
    giving.join()
    assert tiers(database) == {"王芳": "优质"}


def test_a_computation_that_was_cut_off_leaves_nothing_and_is_done_again(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    with database.system(clock.now()) as uow:
        has(uow, "王芳", 900_000, "大众")

    def cut_off() -> None:
        with database.system(clock.now()) as uow:
            standard = uow.standards.held()
            assert standard is not None
            uow.tiers.compute(standard, "assets")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_off()
    assert tiers(database) == {"王芳": "大众"}
    assert compute(database, clock) is not None
    assert tiers(database) == {"王芳": "贵宾"}


# ---------------------------------------------------------------- by hand


def test_a_tier_that_somebody_set_stays_until_it_is_given_back(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        client = has(uow, "王芳", 900_000, "大众")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(uow.clients.get(client.id), bank_tier="私行")
        assert uow.tiers.set_by(client.id) == "lixiang"
    clock.move_to(clock.now() + timedelta(days=1))
    assert compute(database, clock) is None
    with database.transaction(cast.li, clock.now()) as uow:
        standard = uow.standards.in_force().standard
        assert standard is not None
        assert uow.tiers.give_back(uow.clients.get(client.id), standard) == "贵宾"
        assert uow.tiers.set_by(client.id) is None
        assert [(line.was, line.became, line.reason, line.set_by) for line in uow.tiers.of_client(client.id)] == [
            ("私行", "贵宾", "given_back", "lixiang"), ("大众", "私行", "hand", "lixiang"),
        ]  # fmt: skip
    assert compute(database, clock) is None


def test_other_changes_of_a_client_set_no_tier_by_hand(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        client = has(uow, "王芳", 900_000, "大众")
    with database.transaction(cast.li, clock.now()) as uow:
        changed = uow.clients.update(uow.clients.get(client.id), bank_tier="大众", stage="active")
        uow.clients.update(changed, occupation="教师")
        assert uow.tiers.set_by(client.id) is None
        assert uow.tiers.of_client(client.id) == []
        uow.clients.update(uow.clients.get(client.id), bank_tier="贵宾")
        uow.clients.update(uow.clients.get(client.id), bank_tier=None)
        assert uow.tiers.set_by(client.id) is None  # taken away: for the computation to say


def test_a_client_entered_with_a_tier_has_it_by_hand(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "王芳", aum=Decimal(900_000), bank_tier="大众")
        assert uow.tiers.set_by(client.id) == "lixiang"
        plain = a_client(uow, "陈静", aum=Decimal(900_000))
        assert uow.tiers.set_by(plain.id) is None
    compute(database, clock)
    assert tiers(database) == {"王芳": "大众", "陈静": "贵宾"}


def test_history_follows_the_client_to_another_adviser(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        client = has(uow, "王芳", 900_000, "大众")
    compute(database, clock)
    with database.transaction(cast.shen, clock.now()) as uow:
        uow.clients.hand_over(uow.clients.get(client.id), "chenmo")
    with database.transaction(cast.chen, clock.now()) as uow:
        assert [mover.name for mover in uow.tiers.moved_since(clock.now(), 5)] == ["王芳"]
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.tiers.moved_since(clock.now(), 5) == []


def test_the_audit_of_a_client_names_the_computation(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        client = has(uow, "王芳", 900_000, "大众")
        has(uow, "陈静", 900_000, "大众")
    compute(database, clock)
    with database.system(clock.now()) as uow:
        found = entries_about(uow.conn, client.id)
        assert [(entry.action, entry.detail["count"]) for entry in found if entry.object_type == "tier"] == [("compute", 2)]
