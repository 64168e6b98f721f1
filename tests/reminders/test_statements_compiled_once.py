"""A rule's statement is compiled once, and asks each day for what that day wants."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.sql.visitors import cloned_traverse
from sqlalchemy.util import LRUCache

from config.pack import Packs, ReminderRule
from reminders.rules import compile_rule

ZONE = ZoneInfo("Asia/Shanghai")
MONDAYS = [date(2025, 6, 2) + timedelta(weeks=n) for n in range(4)]
YEARLY = {"policy_anniversary"}  # its days stand in the statement itself: there may be more than it takes values


def lines(packs: Packs) -> list[ReminderRule]:
    return [*(line for rule in packs.rules for line in rule.lines()), *packs.steps]


@pytest.mark.parametrize(("url", "name"), [("sqlite://", "sqlite"), ("postgresql+psycopg://", "postgresql")])
def test_the_second_day_takes_the_statement_of_the_first_with_values_of_its_own(packs: Packs, url: str, name: str) -> None:
    cache: Any = LRUCache(1_000)
    dialect, hits = make_url(url).get_dialect()(), set()
    for day in MONDAYS:
        now = datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)
        for line in lines(packs):
            statement = compile_rule(line, packs, day - timedelta(days=1), day, zone=ZONE, now=now, dialect=name)
            if statement is None:
                continue
            cached, found, _, how = statement._compile_w_cache(dialect, compiled_cache=cache, column_keys=[])
            if how is CacheStats.CACHE_HIT:
                hits.add(line.id)
            fresh = statement.compile(dialect=dialect)
            assert values_of(cached, found) == values_of(fresh, None), (line.id, day)
            copied = cloned_traverse(statement, {}, {}).compile(dialect=dialect)
            assert values_of(copied, None) == values_of(fresh, None), (line.id, day)
    assert hits >= {line.id for line in lines(packs) if line.enabled} - YEARLY


def values_of(compiled: Any, found: Any) -> list[Any]:
    """What the statement is given, in the order of its places."""
    values = compiled.construct_params(extracted_parameters=found)
    return [values[place] for place in compiled.bind_names.values()]
