"""Who gets a client: the first rule that is about him and has somebody, and of those the one with the fewest (R249)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from config.pack import AssignmentRule
from reminders.assigning import dealt, pick
from storage.model.offers import Prospect
from storage.model.people import User

LI = User("li", "李", "adviser", "wang", "/zong/wang/li/", line="insurance")
ZHOU = User("zhou", "周", "adviser", "wang", "/zong/wang/zhou/", line="insurance")
SUN = User("sun", "孙", "adviser", "qian", "/zong/qian/sun/", line="bank")
CHEN = User("chen", "陈", "adviser", "qian", "/zong/qian/chen/", line="lending")
GONE = User("gone", "走", "adviser", "wang", "/zong/wang/gone/", line="bank", active=False)
WANG = User("wang", "王", "manager", "zong", "/zong/wang/", line="insurance")
PEOPLE = [LI, ZHOU, SUN, CHEN, GONE, WANG]
LOADS = {"li": 3, "zhou": 1, "sun": 2, "chen": 0}


def rule(name: str = "only", **values: Any) -> AssignmentRule:
    return AssignmentRule(id=name, label=name, **values)


def chosen(
    rules: list[AssignmentRule], prospect: Prospect, away: Collection[str] = (), **loads: int
) -> tuple[str, str] | None:
    found = pick(rules, prospect, PEOPLE, {**LOADS, **loads}, away)
    return (found[0].id, found[1].id) if found else None


def a_client(city: str = "", tier: str = "", line: str = "", near: str | None = None) -> Prospect:
    return Prospect(1, city, frozenset({tier} - {""}), line, near)


# ---------------------------------------------------------------- whom a rule is about


REGION = [rule("east", regions=["上海", "苏州市"], members=["li"]), rule("rest", members=["sun"])]


@pytest.mark.parametrize(("city", "by"), [
    ("上海市浦东新区", "east"), ("上海", "east"), ("苏州", "east"), ("苏州工业园区", "east"), ("南京", "rest"), ("", "rest"),
    ("小上海镇", "rest"),
])
def test_a_rule_of_a_region_is_about_cities_that_begin_so(city: str, by: str) -> None:
    found = chosen(REGION, a_client(city))
    assert found is not None
    assert found[1] == by


TIERS = [rule("top", tiers=["私行", "贵宾"], lines=["bank"]), rule("good", tiers=["钻石"], lines=["insurance"]), rule("rest")]


@pytest.mark.parametrize(("tier", "who"), [
    ("私行", ("sun", "top")), ("贵宾", ("sun", "top")), ("钻石", ("zhou", "good")), ("大众", ("chen", "rest")), ("", ("chen", "rest")),
])
def test_a_rule_of_tiers_is_about_clients_of_one_of_them(tier: str, who: tuple[str, str]) -> None:
    assert chosen(TIERS, a_client(tier=tier)) == who


def test_a_client_of_two_tiers_goes_by_the_first_rule_that_names_one_of_them() -> None:
    both = Prospect(1, tiers=frozenset({"贵宾", "钻石"}), line="bank")
    assert chosen(TIERS, both) == ("sun", "top")
    assert chosen(TIERS[1:], both) == ("zhou", "good")


def test_region_and_tier_of_one_rule_must_both_fit() -> None:
    rules = [rule("both", regions=["上海"], tiers=["贵宾"], members=["li"]), rule("rest", members=["sun"])]
    by = {
        (city, tier): chosen(rules, a_client(city, tier)) for city in ("上海", "杭州") for tier in ("贵宾", "大众")
    }
    assert [where for where, who in by.items() if who == ("li", "both")] == [("上海", "贵宾")]


# ---------------------------------------------------------------- whom it names


@pytest.mark.parametrize(("line", "who"), [("insurance", "zhou"), ("bank", "sun"), ("lending", "chen")])
def test_a_rule_of_a_line_names_the_advisers_of_that_line(line: str, who: str) -> None:
    assert chosen([rule(lines=[line])], a_client()) == (who, "only")


def test_a_line_without_advisers_leaves_the_client_to_the_next_rule() -> None:
    assert chosen([rule("first", lines=["securities"]), rule("second", lines=["bank"])], a_client()) == ("sun", "second")


def test_without_a_line_in_the_rule_the_clients_own_comes_first_whatever_the_load() -> None:
    assert chosen([rule()], a_client(tier="钻石", line="insurance"), zhou=90, li=80) == ("li", "only")
    assert chosen([rule()], a_client(line="securities")) == ("chen", "only")  # nobody is of it


def test_a_rule_of_teams_names_those_below_these_managers() -> None:
    assert chosen([rule(teams=["wang"])], a_client()) == ("zhou", "only")
    assert chosen([rule(teams=["zong"])], a_client()) == ("chen", "only")  # however far below


def test_neither_who_has_left_nor_a_manager_gets_a_client() -> None:
    assert chosen([rule(members=["gone", "wang"])], a_client()) is None


def test_who_stays_near_goes_to_the_team_that_he_comes_from() -> None:
    assert chosen([rule()], a_client(near="wang")) == ("zhou", "only")
    assert chosen([rule()], a_client(near="nobody")) == ("chen", "only")


def test_who_is_away_gets_one_only_where_all_are() -> None:
    assert chosen([rule(teams=["wang"])], a_client(), {"zhou"}) == ("li", "only")
    assert chosen([rule(teams=["wang"])], a_client(), {"li", "zhou"}) == ("zhou", "only")


# ---------------------------------------------------------------- how much each has


def test_the_one_with_the_fewest_gets_him_and_of_two_alike_always_the_same() -> None:
    assert chosen([rule(teams=["wang"])], a_client()) == ("zhou", "only")
    assert chosen([rule(teams=["wang"])], a_client(), zhou=3) == ("li", "only")
    assert chosen([rule(teams=["wang"])], a_client(), zhou=4) == ("li", "only")


def test_who_is_full_is_passed_over_and_a_rule_whose_people_are_full_too() -> None:
    rules = [rule("first", teams=["wang"], most=3), rule("second", members=["sun"])]
    assert chosen(rules, a_client()) == ("zhou", "first")
    assert chosen(rules, a_client(), zhou=3) == ("sun", "second")
    assert chosen(rules[:1], a_client(), zhou=3) is None


def test_many_are_dealt_one_after_the_other() -> None:
    rules = [rule(teams=["wang"], most=4)]
    assert dealt(rules, [a_client() for _ in range(3)], PEOPLE, LOADS) == {"zhou": 2, "li": 1}
    assert dealt(rules, [a_client() for _ in range(6)], PEOPLE, LOADS) == {"zhou": 3, "li": 1, "": 2}
