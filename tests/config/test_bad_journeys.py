"""Journeys that make no sense are refused with file, line and reason, and the packs in force stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import PackError, PackStore
from storage.conditions.checking import check_conditions
from tests.config.test_bad_packs import GOOD, write

STEP = '{id: call, label: 电话, day: 1, task: "打电话给 ${client_name}"}'
TEMPLATES = GOOD["templates"] + """
  - {id: thanks, label: 感谢, purpose: care, occasion: thanks, text: "${salutation}，谢谢"}
  - {id: of_contract, label: 合同, purpose: care, occasion: thanks, text: "${contract_name}"}
  - {id: old, label: 旧的, purpose: care, occasion: thanks, state: retired, text: 您好}
"""


def journey(*steps: str, **changes: str) -> str:
    """One journey in block form with parts changed or added; a changed line is marked."""
    parts = {"id": "tour", "label": "新客旅程"} | changes
    lines = [f"    {key}: {value}" + (" # ←" if key in changes else "") for key, value in parts.items()]
    shown = [f"      - {step}" + (" # ←" if steps else "") for step in steps or (STEP,)]
    return "journeys:\n  -\n" + "\n".join([*lines, "    steps:", *shown]) + "\n"


def entry(inside: str) -> str:
    return journey(entry=f"{{{inside}}}")


CASES: dict[str, tuple[str, str]] = {
    "a name that does not end in 旅程": (journey(label="新客关怀"), "以「旅程」结尾"),
    "an id with capitals": (journey(id="Tour"), "小写英文字母"),
    "an id too long for the trail": (journey(id="a" * 25), "最多 24 位"),
    "dates the wrong way round": (journey(id="tour", valid_from="2026-02-01", valid_until="2026-01-01"), "不能晚于"),
    "an unknown part": (journey(colour="red"), "colour"),
    "an unknown ground to stop": (journey(stop_on="[bored]"), "bored"),
    "a step without anything to do": (journey("{id: call, label: 电话, day: 1}"), "要写一个"),
    "a step that does two things": (journey("{id: call, label: 电话, day: 1, task: 打电话, care: thanks}"), "只能写一个"),
    "a step on day 0": (journey("{id: call, label: 电话, day: 0, task: 打电话}"), "1"),
    "a step a year later": (journey("{id: call, label: 电话, day: 400, task: 打电话}"), "366"),
    "a step shifted back": (journey("{id: call, label: 电话, day: 1, task: 打电话, shift: previous}"), "next"),
    "a step at no hour": (journey("{id: call, label: 电话, day: 1, task: 打电话, hour: 25:00}"), "时刻"),
    "an unknown variable": (journey('{id: call, label: 电话, day: 1, task: "打给 ${phone}"}'), "没有变量「phone」"),
    "a variable that journeys do not have": (journey('{id: call, label: 电话, day: 1, task: "查 ${amount}"}'), "给不出这个值"),
    "a text that is not there": (journey("{id: say, label: 文案, day: 1, care: nothing}"), "没有给客户的审定模板「nothing」"),
    "a text for advisers": (journey("{id: say, label: 文案, day: 1, care: due}"), "没有给客户的审定模板「due」"),
    "a text that was retired": (journey("{id: say, label: 文案, day: 1, care: old}"), "没有给客户的审定模板「old」"),
    "a text about a contract": (journey("{id: say, label: 文案, day: 1, care: of_contract}"), "给不出这个值"),
    "an entry by a field that is not there": (entry("source: client.mood"), "没有字段「client.mood」"),
    "an entry by an instant": (entry("source: client.last_contact_at"), "记的是时刻"),
    "an entry by an instalment": (entry("source: instalment.due_on"), "只能是客户或合同上的日期"),
    "an entry by kinds that are not there": (entry("source: contract.ends_on, kinds: [boat]"), "没有合同类别「boat」"),
    "an entry with a bad condition": (
        entry("source: client.created_at, where: [{field: client.stage, op: in, value: [happy]}]"), "没有「happy」这个值",
    ),
    "an entry whose condition nobody can read": (entry("source: client.created_at, when: 心情好"), "心情好"),
    "no steps": ("journeys:\n  - {id: tour, label: 新客旅程, steps: []} # ←\n", "steps"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pack = tmp_path / "ours"
    pack.mkdir()
    for name, text in GOOD.items():
        write(pack, name, text)
    write(pack, "templates", TEMPLATES)
    write(pack, "care", "occasions:\n  - {name: thanks, label: 感谢}\npurposes:\n  - {name: care, label: 关怀}\n")
    write(pack, "journeys", journey())
    return pack


@pytest.mark.parametrize("case", CASES)
def test_each_is_refused_where_and_why_and_what_is_in_force_stays(case: str, folder: Path) -> None:
    store = PackStore([folder], check_conditions)
    before = store.current
    text, reason = CASES[case]
    write(folder, "journeys", text)
    with pytest.raises(PackError) as caught:
        store.reload()
    marked = {n for n, line in enumerate(text.split("\n"), 1) if "# ←" in line}
    found = [problem for problem in caught.value.problems if reason in problem.reason]
    assert found, [str(problem) for problem in caught.value.problems]
    assert all(problem.file == "ours/journeys.yaml" for problem in caught.value.problems)
    assert marked & {problem.line for problem in found}, [str(problem) for problem in found]
    assert store.current is before
    assert store.current.journeys[0].label == "新客旅程"


def test_two_steps_of_one_id_and_two_journeys_of_one_name_are_refused(folder: Path) -> None:
    write(folder, "journeys", journey(STEP, STEP))
    with pytest.raises(PackError, match="steps 里有重复的 id"):
        PackStore([folder])
    write(folder, "journeys", journey() + journey(id="other").partition("\n")[2])
    with pytest.raises(PackError, match="已经是旅程「tour」的叫法"):
        PackStore([folder])


def test_a_journey_of_a_later_pack_takes_the_place_of_an_earlier_one_when_it_says_so(folder: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    later.mkdir()
    write(later, "pack", GOOD["pack"].replace("ours", "later"))
    write(later, "journeys", journey(replace="true", label="老客旅程"))
    assert [j.label for j in PackStore([folder, later]).current.journeys] == ["老客旅程"]


def test_rules_of_packs_may_not_call_themselves_journeys(folder: Path) -> None:
    write(folder, "rules", GOOD["rules"].replace("maturity", "journey"))
    with pytest.raises(PackError, match="分类 journey 是旅程的"):
        PackStore([folder])
