"""Counted tags and potentials that make no sense are refused with file, line and reason, and the packs in force stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import PackError, PackStore
from storage.conditions.checking import check_conditions
from tests.config.test_bad_packs import GOOD, write

COUNTED = {"of": "contact", "days": "90", "at_least": "2", "why": '"${days}天投诉${count}次"'}
POTENTIAL = {"id": "wish", "label": "有意向", "weight": "30", "when": "30天内联系过"}


def counted(**changes: str | None) -> tuple[str, str]:
    parts = {key: value for key, value in (COUNTED | changes).items() if value is not None}
    inside = ", ".join(f"{key}: {value}" for key, value in parts.items())
    return "tags", GOOD["tags"].replace("tags:\n", f"tags:\n  - {{name: 常投诉, group: 行为, counted: {{{inside}}}}} # ←\n", 1)


def potential(**changes: str) -> tuple[str, str]:
    inside = ", ".join(f"{key}: {value}" for key, value in (POTENTIAL | changes).items())
    return "figures", f"potentials:\n  - {{{inside}}} # ←\n"


def by_condition(when: str, more: str = "") -> tuple[str, str]:
    tags = f'tags:\n  - {{name: 大客户, group: 人群, when: {when}{more}}} # ←\n  - {{name: 年长, group: 人群, when: 50岁以上}}\n'
    return "tags", GOOD["tags"].replace("tags:\n", tags, 1)


def tiers(lowest: str, upper: str = "when: 50岁以上", *, scheme: str = "insurance_tier", mark: str = "upper") -> tuple[str, str]:
    """A scheme by conditions with two tiers, the upper one written last."""
    marks = {mark: " # ←"}
    said = (
        f"  - name: {scheme}{marks.get('name', '')}\n    label: 保险等级\n    tiers:\n"
        f"      - {{name: 银, rank: 1, contact_days: 30{lowest}}}{marks.get('lowest', '')}\n"
        f"      - {{name: 金, rank: 2, contact_days: 30, {upper}}}{marks.get('upper', '')}\n"
    )
    start = f"  - name: {scheme}\n"
    text = GOOD["tags"]
    rest = text[text.index(start) + len(start):]
    return "tags", text[: text.index(start)] + said + rest[rest.index("  - name: "):]


CASES = {
    "a tier with a condition that nobody can read": (tiers("", "when: 心情好"), "「心情好」看不懂"),
    "a tier with a condition of what advisers may not see": (
        tiers("", "when: 内部评级 是 甲"), "「内部评级」顾问无权查看，不能用来分等级",
    ),
    "a tier that follows from its own scheme": (tiers("", "when: 保险等级 是 银"), "不能再用按条件分的等级（保险等级）"),
    "a tier that follows from having tags": (tiers("", "when: 标签 为空"), "等级的条件里不能再用按条件来的标签"),
    "a tier with an empty condition": (tiers("", 'when: ""'), "不能为空"),
    "a lowest tier with a condition that nobody can read": (tiers(", when: 心情好", mark="lowest"), "「心情好」看不懂"),
    "a higher tier without a condition": (
        tiers(", when: 50岁以上", "synonyms: []"), "「金」没有写 when，只有最低一档可以不写",
    ),
    "a tier by assets beside one by condition": (
        tiers(", assets_from: 0", mark="lowest"), "assets_from 和 when 只能写一种",
    ),
    "tiers by condition in a field without a column": (tiers("", scheme="vip_tier", mark="name"), "要存在固定列里"),
    "a tag with a condition that nobody can read": (by_condition("心情好"), "「心情好」看不懂"),
    "a tag with a condition of what advisers may not see": (by_condition("内部评级 是 甲"), "「内部评级」顾问无权查看，不能用来打标签"),
    "a tag that follows from a tag with a condition": (by_condition("标签 是 年长"), "不能再用按条件来的标签"),
    "a tag that follows from having tags": (by_condition("标签 为空"), "不能再用按条件来的标签"),
    "a tag with an empty condition": (by_condition('""'), "不能为空"),
    "a tag that follows in two ways": (by_condition("50岁以上", ", counted: {of: referral, days: 9, at_least: 1, why: 多}"), "只能写一个"),
    "a count of nothing known": (counted(of="mood"), "of"),
    "a count over no days": (counted(days="0"), "不能小于 1"),
    "a count of none": (counted(at_least="0"), "不能小于 1"),
    "a count without a reason": (counted(why=None), "缺少「why」"),
    "a reason with a strange variable": (counted(why='"${name}投诉"'), "没有变量「name」"),
    "a reason with a stray sign": (counted(why='"$days天投诉"'), "检查 $ 和括号"),
    "a kind of contact that is not there": (counted(kinds="[shouting]"), "没有「shouting」这一种"),
    "a kind of contract that is not there": (counted(of="contract", kinds="[boat]"), "没有「boat」这一种"),
    "kinds of what has none": (counted(of="referral", kinds="[call]"), "请去掉 kinds"),
    "points beyond the scale": (potential(weight="200"), "不能大于 100"),
    "points that are no number": (potential(weight="很多"), "应是整数"),
    "a condition that nobody can read": (potential(when="心情好"), "「心情好」看不懂"),
    "a condition of what advisers may not see": (potential(when="内部评级 是 甲"), "「内部评级」顾问无权查看，不能用来打分"),
    "no condition": (potential(when='""'), "不能为空"),
    "a part that is not known": (potential(colour="red"), "colour"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pack = tmp_path / "ours"
    pack.mkdir()
    for name, text in GOOD.items():
        write(pack, name, text)
    write(pack, "fields", GOOD["fields"] + "  - {record: client, name: grade, label: 内部评级, type: choice, choices: [甲, 乙], see: [compliance], edit: [compliance], export: [compliance]}\n")
    return pack


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_where_and_why_and_what_is_in_force_stays(folder: Path, case: str):
    (name, text), reason = CASES[case]
    store = PackStore([folder], check_conditions)
    before = store.current
    write(folder, name, text)
    with pytest.raises(PackError) as caught:
        store.reload()
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "# ←" in row)
    found = [problem for problem in caught.value.problems if reason in problem.reason]
    assert [(problem.file, problem.line) for problem in found] == [(f"ours/{name}.yaml", line)], str(caught.value)
    assert store.current is before


def test_a_later_pack_takes_a_reason_for_points_away(folder: Path, tmp_path: Path):
    write(folder, *potential())
    later = tmp_path / "later"
    later.mkdir()
    write(later, "pack", GOOD["pack"].replace("ours", "later"))
    write(later, "figures", potential(weight="0", replace="true")[1])
    assert [p.weight for p in PackStore([folder, later], check_conditions).current.potentials] == [0]
