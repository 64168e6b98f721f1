"""The page's list of what will fire in 30 days, and why something with a date will not."""

from __future__ import annotations

from datetime import date

from bot.sandbox.forecast import coming_days
from reminders.forecast import forecast
from reminders.planner import plan
from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_policy
from tests.conftest import SHANGHAI


def a_book(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        fang = a_client(uow, "王芳", birthday=date(1988, 6, 20))
        a_policy(uow, fang, ends_on=date(2025, 6, 17), state="active", product_name="安康医疗")
        lei = a_client(uow, "赵磊")
        a_policy(uow, lei, ends_on=date(2025, 6, 18), state="active", renewal_intent="none")


def test_it_tells_the_day_the_rule_and_the_date(database: Database, cast: Cast, clock: MovableClock) -> None:
    a_book(database, clock)
    with database.system(clock.now()) as uow:
        days = {d["day"]: d["items"] for d in coming_days(uow, SHANGHAI)}
    (renewal,) = [item for item in days["2025-06-10"] if item["client"] == "王芳"]
    assert (renewal["who"], renewal["what"], renewal["fires"]) == ("李顾问", "续保", True)
    assert renewal["why"] == "保单的到期日 2025-06-17，提前 7 天"
    assert [item["what"] for item in days["2025-06-20"]] == ["生日"]


def test_what_is_passed_over_has_its_reason(database: Database, cast: Cast, clock: MovableClock) -> None:
    a_book(database, clock)
    with database.system(clock.now()) as uow:
        found = [item for day in coming_days(uow, SHANGHAI) for item in day["items"] if item["client"] == "赵磊"]
    assert not any(item["fires"] for item in found)
    assert any("续保意向 不是" in item["stopped"] for item in found)


def test_what_is_told_is_what_the_planner_makes(database: Database, cast: Cast, clock: MovableClock) -> None:
    a_book(database, clock)
    first, last = date(2025, 6, 10), date(2025, 7, 9)
    with database.system(clock.now()) as uow:
        told = [e for e in forecast(uow, first, last, SHANGHAI) if e.fires]
        made = plan(uow, first, last, SHANGHAI).counts
    made_but_silence = {rule: count for rule, count in made.items() if rule not in ("silent_client", "birthday")}
    counted = {line: sum(e.line.id == line for e in told) for line in {e.line.id for e in told} - {"birthday"}}
    assert counted == made_but_silence
