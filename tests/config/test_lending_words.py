"""What packs say about lending: the cap in force on a day, buckets by days, and bad ones refused with their line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.pack import PackError, Packs, load_packs

PACK_YAML = 'name: ours\nlabel: 我们\nversion: "1"\nline: lending\n'


def a_pack(folder: Path, lending: str) -> Packs:
    (folder / "pack.yaml").write_text(PACK_YAML, encoding="utf-8")
    (folder / "lending.yaml").write_text(lending, encoding="utf-8")
    return load_packs([folder])


@pytest.mark.parametrize(("days", "bucket"), [(0, None), (2, None), (3, "M1"), (30, "M1"), (31, "M2"), (60, "M2"), (61, "M3+"), (999, "M3+")])
def test_a_bucket_begins_on_its_day(packs: Packs, days: int, bucket: str | None) -> None:
    found = packs.bucket(days)
    assert (found.name if found else None) == bucket


def test_a_new_cap_counts_from_its_day_on(tmp_path: Path) -> None:
    packs = a_pack(tmp_path, (
        "rate_caps:\n"
        "  - {name: late, label: 新上限, percent: 20, since: 2026-01-01, rule: 新规}\n"
        "  - {name: early, label: 上限, percent: 24, since: 2024-01-01, rule: 旧规}\n"
    ))  # fmt: skip
    caps = {day: packs.rate_cap(date.fromisoformat(day)) for day in ("2023-12-31", "2025-12-31", "2026-01-01")}
    assert [cap and cap.percent for cap in caps.values()] == [None, Decimal(24), Decimal(20)]


def test_without_a_word_of_the_packs_the_night_is_left_alone(tmp_path: Path) -> None:
    rules = a_pack(tmp_path, "buckets: []\n").contact_rule
    assert (rules.since, rules.until, rules.a_day) == ("08:00", "22:00", 3)


@pytest.mark.parametrize(("written", "reason"), [
    ('contact_rules:\n  - {since: "07:00"}', "22:00 到次日 08:00 不得催收"),
    ('contact_rules:\n  - {until: "23:00"}', "22:00 到次日 08:00 不得催收"),
    ("contact_rules:\n  - {a_day: 0}", "a_day"),
    ("rate_caps:\n  - {name: cap, label: 上限, percent: 0, since: 2024-01-01, rule: 规则}", "percent"),
    ("rate_caps:\n  - {name: cap, label: 上限, percent: 24, since: 明年, rule: 规则}", "since"),
    ("buckets:\n  - {name: M1, label: 一级, days: 0, to: adviser}", "days"),
    ("buckets:\n  - {name: M1, label: 一级, days: 3, to: 隔壁}", "to"),
])  # fmt: skip
def test_a_bad_one_is_refused(tmp_path: Path, written: str, reason: str) -> None:
    with pytest.raises(PackError) as refused:
        a_pack(tmp_path, written)
    assert [(p.file.partition("/")[2], p.line) for p in refused.value.problems] == [("lending.yaml", 2)]
    assert reason in refused.value.problems[0].reason
