"""A change between two plans × what is open afterwards, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config.pack import Packs
from reminders.planning import Planning
from storage.database import Database, UnitOfWork
from storage.model.people import Client, User
from storage.tables import contracts, instalments, reminders
from tests.builders import Cast, a_client, a_policy
from tests.reminders.firm import ZONE, at

Open = tuple[str, str, int]  # receiver, rule, day of June


@dataclass
class Shelf:
    """Packs that a test may change."""

    current: Packs


class World:
    """One client with 李顾问, and a firm that plans when it is told."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database, self.cast, self.now = database, cast, at("09 08:00")
        self._planning = Planning(database, ZONE, "here")
        self._shipped = database.packs.current
        self.client_id = 0

    def does(self, act: Callable[[UnitOfWork], Any]) -> None:
        """In the afternoon, when the brief was read."""
        with self.database.system(self.now + timedelta(hours=6)) as uow:
            act(uow)

    def plan(self, day: str) -> None:
        self.now = at(f"{day} 08:00")
        asyncio.run(self._planning.run_if_due(self.now))

    def turn(self, rule_id: str, how: str) -> None:
        """The rules of the packs with one removed, disabled, or all as shipped."""
        rules = [r for r in self._shipped.rules if r.id != rule_id or how != "removed"]
        if how == "disabled":
            rules = [r.model_copy(update={"enabled": False}) if r.id == rule_id else r for r in rules]
        self.database.packs = Shelf(replace(self._shipped, rules=tuple(rules)))

    def client(self, uow: UnitOfWork) -> Client:
        return uow.clients.get(self.client_id)

    def open(self) -> list[Open]:
        query = select(reminders).where(reminders.c.state == "open")
        with self.database.system(self.now) as uow:
            return sorted((r.receiver_id, r.rule, r.due_on.day) for r in uow.conn.execute(query))


Step = Callable[[World], None]


def plan(*days: str) -> Step:
    def step(world: World) -> None:
        for day in days:
            world.plan(day)
    return step


def born(month: int, day: int) -> Step:
    return lambda world: world.does(
        lambda uow: uow.clients.update(world.client(uow), birthday=date(1985, month, day))
    )


def born_by_the_moon(code: int) -> Step:
    return lambda world: world.does(
        lambda uow: uow.clients.update(world.client(uow), birthday_calendar="lunar", lunar_birthday=code)
    )


def policy_ends(day: int, month: int = 6) -> Step:
    """The client's policy, which is made when there is none."""
    def act(world: World, uow: UnitOfWork) -> None:
        ends_on = date(2025, month, day)
        found = uow.contracts.of_client(world.client_id)
        if found:
            uow.contracts.update(found[0], ends_on=ends_on)
        else:
            a_policy(uow, world.client(uow), ends_on=ends_on)
    return lambda world: world.does(lambda uow: act(world, uow))


def premium_due(day: int) -> Step:
    return lambda world: world.does(
        lambda uow: a_policy(uow, world.client(uow), ends_on=date(2030, 1, 1), due_on=[date(2025, 6, day)])
    )


def premium_is(state: str) -> Step:
    """Past the repository, as an import sets it: nothing is cancelled by hand."""
    return lambda world: world.does(lambda uow: uow.conn.execute(instalments.update().values(state=state)))


def policy_is(state: str) -> Step:
    return lambda world: world.does(lambda uow: uow.conn.execute(contracts.update().values(state=state)))


def stage_is(stage: str) -> Step:
    return lambda world: world.does(lambda uow: uow.clients.update(world.client(uow), stage=stage))


def given_to(receiver: str) -> Step:
    return lambda world: world.does(lambda uow: uow.clients.hand_over(world.client(uow), receiver))


def closed_as(state: str) -> Step:
    """李顾问 deals with all she has."""
    def act(uow: UnitOfWork) -> None:
        for reminder in uow.reminders.open_until("lixiang", uow.now):
            uow.reminders.finish(reminder, state, reason="本人取消" if state == "cancelled" else "")
    return lambda world: world.does(act)


def passed_on_to(receiver: str) -> Step:
    """李顾问 asks a colleague to do all she has."""
    def act(uow: UnitOfWork) -> None:
        for reminder in uow.reminders.open_until("lixiang", uow.now):
            uow.reminders.hand_over(reminder, receiver)
    return lambda world: world.does(act)


def leaves(world: World) -> None:
    world.does(lambda uow: uow.users.deactivate(_li(world)))


def comes_back(world: World) -> None:
    world.does(lambda uow: uow.users.activate(_li(world)))


def _li(world: World) -> User:
    return world.cast.lixiang


def rule_is(how: str, rule_id: str = "birthday") -> Step:
    return lambda world: world.turn(rule_id, how)


BIRTHDAY = born(6, 9)
LI_WISHES: list[Open] = [("lixiang", "birthday", 9)]
CHEN_WISHES: list[Open] = [("chenmo", "birthday", 9)]
LI_RENEWS: list[Open] = [("lixiang", "policy_renewal", 16)]

CASES: dict[str, tuple[Sequence[Step], list[Open]]] = {
    "nothing": ([BIRTHDAY, plan("09", "10")], LI_WISHES),
    # ---------------------------------------------------------------- the owner
    "a new owner gets what is open, once": ([BIRTHDAY, plan("09"), given_to("chenmo"), plan("10", "11")], CHEN_WISHES),
    "a new owner does not get what was done": (
        [BIRTHDAY, plan("09"), closed_as("done"), given_to("chenmo"), plan("10")], [],
    ),
    "a new owner does not get what was dismissed": (
        [BIRTHDAY, plan("09"), closed_as("dismissed"), given_to("chenmo"), plan("10")], [],
    ),
    "a new owner does not get what was cancelled by hand": (
        [BIRTHDAY, plan("09"), closed_as("cancelled"), given_to("chenmo"), plan("10")], [],
    ),
    "a new owner does not get what a third is at": (
        [BIRTHDAY, plan("09"), passed_on_to("wangke"), given_to("chenmo"), plan("10")], [("wangke", "birthday", 9)],
    ),
    "there and back again is as it was": (
        [BIRTHDAY, plan("09"), given_to("chenmo"), plan("10"), given_to("lixiang"), plan("11")], LI_WISHES,
    ),
    "of an owner who left, the one who takes over days later gets it": (
        [leaves, plan("09"), policy_ends(17), plan("10", "11", "12"), given_to("chenmo"), plan("13")],
        [("chenmo", "policy_renewal", 17)],
    ),
    "an owner who was disabled for some days finds it": (
        [leaves, plan("09"), policy_ends(17), plan("10", "11"), comes_back, plan("12")],
        [("lixiang", "policy_renewal", 17)],
    ),
    # ---------------------------------------------------------------- the rule
    "a removed rule": ([BIRTHDAY, plan("09"), rule_is("removed"), plan("10")], []),
    "a disabled rule": ([BIRTHDAY, plan("09"), rule_is("disabled"), plan("10")], []),
    "a rule that is disabled and enabled again": (
        [BIRTHDAY, plan("09"), rule_is("disabled"), plan("10"), rule_is("as shipped"), plan("11")], LI_WISHES,
    ),
    "another rule that is removed": ([BIRTHDAY, plan("09"), rule_is("removed", "loan_overdue"), plan("10")], LI_WISHES),
    # ---------------------------------------------------------------- the clock
    "a clock ahead and back, and days without a plan": (
        [plan("09", "30", "10"), policy_ends(19), plan("14")], [("lixiang", "policy_renewal", 19)],
    ),
    "a clock ahead and back keeps a wish": ([BIRTHDAY, plan("09", "30", "10")], LI_WISHES),
    "a clock ahead and back keeps the wish of a day to come": (
        [born(6, 25), plan("09", "26", "10")], [("lixiang", "birthday", 25)],
    ),
    # ---------------------------------------------------------------- the date
    "a corrected date": ([policy_ends(16), plan("09"), policy_ends(17, 9), plan("10")], []),
    "a corrected date there and back": (
        [policy_ends(16), plan("09"), policy_ends(17, 9), plan("10"), policy_ends(16), plan("11")], LI_RENEWS,
    ),
    "a state there and back": (
        [policy_ends(16), plan("09"), policy_is("cancelled"), plan("10"), policy_is("active"), plan("11")], LI_RENEWS,
    ),
    "there and back under a new owner": (
        [policy_ends(16), plan("09"), policy_ends(17, 9), plan("10"), given_to("chenmo"), policy_ends(16), plan("11")],
        [("chenmo", "policy_renewal", 16)],
    ),
    "paid by mistake and set back": (
        [premium_due(9), plan("09"), premium_is("paid"), plan("10"), premium_is("due"), plan("12")],
        [("lixiang", "premium_due", 9)] * 2,  # a week before and on the day; lists show the later
    ),
    "lost and won back": (
        [policy_ends(16), plan("09"), stage_is("lost"), plan("10"), stage_is("won_back"), plan("11")], LI_RENEWS,
    ),
    # ---------------------------------------------------------------- the birthday
    "a corrected birthday": ([BIRTHDAY, plan("09"), born(6, 20), plan("10")], []),
    "a corrected birthday that is tomorrow": ([BIRTHDAY, plan("09"), born(6, 10), plan("10")], [("lixiang", "birthday", 10)]),
    "a corrected birthday there and back": ([BIRTHDAY, plan("09"), born(6, 20), plan("10"), BIRTHDAY, plan("11")], LI_WISHES),
    "a birthday that turns out to be by the moon": (
        [BIRTHDAY, plan("09"), born_by_the_moon(515), plan("10")], [("lixiang", "birthday", 10)],
    ),
    "a lunar birthday that stands": ([born_by_the_moon(514), plan("09", "10")], LI_WISHES),
    "a corrected lunar birthday": ([born_by_the_moon(514), plan("09"), born_by_the_moon(601), plan("10")], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_after_a_change_between_two_plans_is_open(database: Database, cast: Cast, case: str) -> None:
    steps, expected = CASES[case]
    world = World(database, cast)
    with database.system(world.now) as uow:
        world.client_id = a_client(uow).id
    for step in steps:
        step(world)
    assert world.open() == expected
