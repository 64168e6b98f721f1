"""Questionnaires that make no sense are refused, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import PackError, Packs, load_packs

GOOD = """questionnaires:
  - id: second
    label: 第二份
    field: risk_class
    expires: risk_class_expires_on
    valid_days: 10
    questions:
      - {name: one, ask: 一？, answers: [{label: 甲, points: 0}, {label: 乙, points: 9}]}
    bands: [{result: C1, up_to: 5}, {result: C2}]
"""


def _load(folder: Path, text: str) -> Packs:
    (folder / "pack.yaml").write_text('name: own\nlabel: 自有\nversion: "1.0"\nline: bank\n', encoding="utf-8")
    (folder / "questionnaires.yaml").write_text(text, encoding="utf-8")
    return load_packs(["common", folder])


def test_a_pack_brings_one_of_its_own(tmp_path: Path) -> None:
    asked = _load(tmp_path, GOOD).find_questionnaire("second")
    assert asked is not None
    assert [asked.result([0]), asked.result([1])] == ["C1", "C2"]


@pytest.mark.parametrize(("before", "after", "reason"), [
    ("up_to: 5}, {result: C2}", "up_to: 5}, {result: C2, up_to: 9}", "最后一档不写"),
    ("{result: C1, up_to: 5}", "{result: C1, up_to: 5}, {result: C3, up_to: 4}", "从小到大"),
    ("{result: C2}]", "{result: C1}]", "结果 C1 写了两次"),
    ("points: 9}", "points: 9, at_most: C4}", "C4 不在 bands 里"),
    ("{result: C2}]", "{result: C9}]", "没有这些选项"),
    ("expires: risk_class_expires_on", "expires: city", "这个日期字段"),
    ("field: risk_class\n", "field: nothing\n", "客户没有「nothing」这个选项字段"),
    (", {label: 乙, points: 9}", "", "answers"),
    ("valid_days: 10", "valid_days: 0", "valid_days"),
    ("label: 第二份", "label: 第二份\n    colour: red", "colour"),
])
def test_what_does_not_fit_is_refused(tmp_path: Path, before: str, after: str, reason: str) -> None:
    assert before in GOOD
    with pytest.raises(PackError) as refused:
        _load(tmp_path, GOOD.replace(before, after))
    assert reason in str(refused.value)
