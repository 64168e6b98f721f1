"""Versions of rules over the packs': in force at once in every process, and never unharmed rules harmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, select, update

from storage.database import Database
from storage.dictionary import Dictionary
from storage.model.clock import MovableClock
from storage.model.errors import Conflict
from storage.tables import rule_versions, rules
from storage.vault import Vault
from tests.builders import Cast, a_rule


def test_a_version_counts_once_it_is_approved_and_until_the_next(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.he, clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        body = {**pack.as_json(), "offsets": [-90, -7]}
        handed_in = uow.rules.submit(pack.id, body, "change")
        assert uow.rules.in_force().find(pack.id) == pack
    with database.transaction(cast.shen, clock.now()) as uow:
        decided = uow.rules.decide(handed_in, approved=True)
        assert (decided.state, decided.author_id, decided.decided_by) == ("in_force", "hexin", "shenyue")
        rule = uow.rules.in_force().find(pack.id)
        assert rule is not None
        assert rule.offsets == (-90, -7)
    with database.transaction(cast.he, clock.now()) as uow:
        second = uow.rules.submit(pack.id, None, "roll_back")
        uow.rules.decide(second, approved=True)
        assert uow.rules.in_force().find(pack.id) == pack
        assert [(v.version, v.state, v.act) for v in uow.rules.history(pack.id)] == [
            (2, "in_force", "roll_back"), (1, "retired", "change"),
        ]


def test_another_process_sees_the_change_at_its_next_look(
    database: Database, cast: Cast, clock: MovableClock, vault: Vault
) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), vault, database.packs)
    try:
        with other.system(clock.now()) as uow:
            assert uow.rules.in_force().find("ops_rule") is None
        with database.system(clock.now()) as uow:
            a_rule(uow)
        with other.system(clock.now()) as uow:
            assert uow.rules.in_force().find("ops_rule") is not None
    finally:
        other.close()


def test_what_was_rolled_back_was_never_in_force(database: Database, cast: Cast, clock: MovableClock) -> None:
    def change_and_fail() -> None:
        with database.system(clock.now()) as uow:
            a_rule(uow)
            assert uow.rules.in_force().find("ops_rule") is not None
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    with database.system(clock.now()) as uow:
        assert uow.rules.in_force().find("ops_rule") is None


def test_looking_again_costs_one_statement(database: Database, cast: Cast, clock: MovableClock, statements: list[str]) -> None:
    with database.system(clock.now()) as uow:
        a_rule(uow)
        uow.rules.in_force()
    with database.system(clock.now()) as uow:
        statements.clear()
        uow.rules.in_force()
        assert statements == []  # the look at the mark goes past SQLAlchemy: it is prepared
        assert uow.rules.in_force() is uow.rules.in_force()


@pytest.fixture
def statements(database: Database) -> list[str]:
    found: list[str] = []
    keep: Callable[..., None] = lambda conn, cursor, sql, *rest: found.append(sql)  # noqa: E731 (an event wants a callable)
    event.listen(database.engine, "before_cursor_execute", keep)
    return found


def test_a_version_is_decided_once(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        version = uow.rules.submit("policy_renewal", None, "start")
        uow.rules.decide(version, approved=False, reason="客户会被打扰")
        with pytest.raises(Conflict, match="已经处理过"):
            uow.rules.decide(version, approved=True)
        assert uow.rules.history("policy_renewal")[0].reason == "客户会被打扰"


def test_a_later_version_takes_the_place_of_one_that_waits(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        first = uow.rules.submit("policy_renewal", None, "start")
        second = uow.rules.submit("policy_renewal", None, "start")
        assert uow.rules.waiting("policy_renewal") == second
        with pytest.raises(Conflict):
            uow.rules.decide(first, approved=True)


def test_a_stop_withdraws_what_waits(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        waiting = uow.rules.submit(pack.id, {**pack.as_json(), "weight": 1}, "change")
        _, withdrawn = uow.rules.stop(pack.id, {**pack.as_json(), "enabled": False})
        assert [version.id for version in withdrawn] == [waiting.id]
        assert uow.rules.waiting(pack.id) is None
        with pytest.raises(Conflict):
            uow.rules.decide(waiting, approved=True)


def test_a_version_that_was_overtaken_is_refused(database: Database, cast: Cast, clock: MovableClock) -> None:
    """One that a stop of former days left waiting."""
    with database.system(clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        waiting = uow.rules.submit(pack.id, {**pack.as_json(), "weight": 1}, "change")
        uow.rules.stop(pack.id, {**pack.as_json(), "enabled": False})
        uow.conn.execute(update(rule_versions).where(rule_versions.c.id == waiting.id).values(state="submitted"))
        with pytest.raises(Conflict, match="重新提交"):
            uow.rules.decide(waiting, approved=True)
        stopped = uow.rules.in_force().find(pack.id)
        assert stopped is not None
        assert not stopped.enabled
        assert uow.rules.decide(waiting, approved=False).state == "rejected"


def test_numbers_are_given_once_in_the_order_of_the_packs(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        first = uow.rules.numbers()
        assert list(first) == [rule.id for rule in uow.packs.rules]
        assert list(first.values()) == list(range(1, len(first) + 1))
        a_rule(uow)
        assert uow.rules.numbers() == {**first, "ops_rule": max(first.values()) + 1}
        assert uow.rules.id_of(1) == uow.packs.rules[0].id


def test_a_version_that_fits_no_longer_rests_and_the_packs_rule_counts(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    with database.system(clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        a_rule(uow, id=pack.id, template="maturity", label="改过的续保")
        a_rule(uow, id="ops_rule", template="maturity")
        kept = tuple(template for template in uow.packs.templates if template.id != "maturity")
        others = tuple(rule for rule in uow.packs.rules if rule.template != "maturity")
        uow.dictionary = Dictionary(replace(uow.packs, templates=kept, rules=others, version="without"))
        book = uow.rules.in_force()
        assert book.find(pack.id) == pack
        assert book.find("ops_rule") is None
        assert "没有模板「maturity」" in book.broken["ops_rule"]


def test_a_stopped_rule_stays_stopped_also_when_its_version_fits_no_longer(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    with database.system(clock.now()) as uow:
        pack = uow.packs.rule("policy_renewal")
        uow.rules.stop(pack.id, {**pack.as_json(), "template": "gone", "enabled": False})
        rule = uow.rules.in_force().find(pack.id)
        assert rule is not None
        assert not rule.enabled


def test_a_damaged_body_harms_no_other_rule(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        a_rule(uow)
        a_rule(uow, id="ops_other")
    with database.system(clock.now()) as uow:
        damaged = update(rule_versions).where(rule_versions.c.rule_id == "ops_rule").values(body={"id": 7})
        uow.conn.execute(damaged)
        uow.rules._mark()
        book = uow.rules.in_force()
        assert book.find("ops_other") is not None
        assert "重新编辑" in book.broken["ops_rule"]
        assert uow.conn.execute(select(rules.c.id).where(rules.c.id == "ops_rule")).one()
