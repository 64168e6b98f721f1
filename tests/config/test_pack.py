"""The built-in packs, and how packs are merged, replaced and reloaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.pack import BUILT_IN, MissingVariable, PackError, Packs, PackStore, Template, load_packs
from config.pack_columns import COLUMNS

PACK_YAML = 'name: ours\nlabel: 我们\nversion: "1"\nline: insurance\n'


def a_folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "pack.yaml").write_text(PACK_YAML, encoding="utf-8")
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("line", ["bank", "insurance", "securities", "lending"])
def test_every_line_stands_on_common_alone(line: str) -> None:
    packs = load_packs(["common", line])
    assert [info.name for info in packs.infos] == ["common", line]


def test_the_contract_kinds_of_all_lines_are_there(packs: Packs) -> None:
    assert {kind.name for kind in packs.kinds} == {
        "policy", "deposit", "wealth", "fund", "loan", "credit_line", "lease",
    }


def test_every_fixed_column_is_in_the_dictionary(packs: Packs) -> None:
    declared = {(spec.record, spec.name) for spec in packs.fields if spec.column}
    assert declared == {(record, name) for record, names in COLUMNS.items() for name in names}


def test_phones_identity_numbers_and_addresses_are_sealed(packs: Packs) -> None:
    for name in ("phone", "id_number", "email", "address", "wechat"):
        assert packs.field("client", name).sealed
    assert packs.field("client", "health_condition").level == 4


def test_nobody_exports_health(packs: Packs) -> None:
    assert all(spec.export == () for spec in packs.fields if spec.level == 4)


def test_only_compliance_and_risk_see_the_money_laundering_level(packs: Packs) -> None:
    assert set(packs.field("client", "aml_level").see) == {"compliance", "risk"}


def test_stage_choices_come_from_the_stage_list(packs: Packs) -> None:
    choices = packs.field("client", "stage").choices
    assert [choice.value for choice in choices] == [stage.name for stage in packs.stages]


def test_one_state_named_differently_by_two_kinds_is_one_choice_with_synonyms(packs: Packs) -> None:
    active = next(c for c in packs.field("contract", "state").choices if c.value == "active")
    assert {active.label, *active.synonyms} >= {"有效", "持有中", "存续", "租赁中"}


def test_every_line_has_a_shelf_of_products(packs: Packs) -> None:
    for line in ("bank", "insurance", "securities", "lending"):
        assert 8 <= len([p for p in packs.products if p.line == line]) <= 13


def test_a_policy_in_grace_may_lapse_but_a_surrendered_one_stays(packs: Packs) -> None:
    policy = packs.kind("policy")
    assert policy.may_move("grace", "suspended")
    assert not policy.may_move("surrendered", "active")
    assert policy.state_label("grace") == "宽限期"
    assert "surrendered" not in policy.open_states


def test_every_state_can_be_reached_or_begun_with(packs: Packs) -> None:
    for kind in packs.kinds:
        entered = {move for state in kind.states for move in state.moves}
        assert all(
            state.name in entered or state.name in (kind.initial, "underwriting", "applying", "subscribing")
            for state in kind.states
        ), kind.name


def test_relations_come_in_pairs(packs: Packs) -> None:
    for relation in packs.relations:
        reverse = packs.find_relation(relation.reverse)
        assert reverse is not None
        assert reverse.reverse == relation.name


def test_the_starter_rules_cover_every_category(packs: Packs) -> None:
    assert {rule.category for rule in packs.rules} == {
        "renewal", "premium", "birthday", "follow_up", "maturity", "repayment", "expiry", "silence",
        "anniversary", "event",
    }
    assert packs.rule("policy_renewal").offsets == (-60, -30, -7, -1, 0)
    assert packs.rule("loan_repayment").offsets == (-3, -1, 0)


def test_a_rule_counts_only_within_its_dates(packs: Packs) -> None:
    rule = packs.rule("birthday").model_copy(
        update={"valid_from": date(2026, 1, 1), "valid_until": date(2026, 1, 31)}
    )
    assert [rule.is_valid_on(date(2026, 1, d)) for d in (1, 31)] == [True, True]
    assert not rule.is_valid_on(date(2025, 12, 31))
    assert not rule.is_valid_on(date(2026, 2, 1))
    assert not rule.model_copy(update={"enabled": False}).is_valid_on(date(2026, 1, 1))


def test_a_private_banking_client_gets_an_own_birthday_text(packs: Packs) -> None:
    template = packs.template("birthday_care")
    values = {"salutation": "王女士", "adviser_name": "李想", "company_name": "青禾"}
    assert "专属顾问 李想" in template.render(values, "私行", None)
    assert template.render(values, None, "标准").startswith("王女士，生日快乐")


def test_a_template_without_a_value_is_not_rendered(packs: Packs) -> None:
    with pytest.raises(MissingVariable) as caught:
        packs.template("renewal").render({"client_name": "王芳", "due_on": ""})
    assert caught.value.names == ["contract_name", "due_on"]


def test_a_value_that_looks_like_a_variable_is_left_alone() -> None:
    template = Template(id="t", label="t", purpose="system", text="${client_name}，您好")
    assert template.render({"client_name": "${amount}"}) == "${amount}，您好"


def test_packs_cannot_be_changed_in_place(packs: Packs) -> None:
    with pytest.raises(ValueError, match="frozen"):
        packs.fields[0].label = "x"


def test_a_field_of_ones_own_appears_with_the_others(tmp_path: Path) -> None:
    own = a_folder(
        tmp_path / "ours",
        fields="fields:\n  - {record: client, name: pet, label: 宠物, type: choice, level: 1, choices: [猫, 狗, 无]}\n",
    )
    spec = load_packs(["common", own]).field("client", "pet")
    assert (spec.line, [choice.label for choice in spec.choices]) == ("insurance", ["猫", "狗", "无"])


def test_a_later_pack_replaces_a_rule_when_it_says_so(tmp_path: Path) -> None:
    rule = (
        "rules:\n  - {id: follow_up_due, label: 跟进, category: follow_up, source: client.next_follow_up_on,"
        " offsets: [-1, 0], template: follow_up, replace: true}\n"
    )
    packs = load_packs(["common", a_folder(tmp_path / "ours", rules=rule)])
    assert packs.rule("follow_up_due").offsets == (-1, 0)
    assert [r.id for r in packs.rules].count("follow_up_due") == 1


def test_the_version_changes_with_any_byte(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "ours", tags="tags:\n  - {name: 新客, group: 人群}\n")
    store = PackStore([folder])
    before = store.current.version
    assert store.reload().version == before
    a_folder(folder, tags="tags:\n  - {name: 新客户, group: 人群}\n")
    assert store.reload().version != before


def test_an_unknown_pack_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(PackError) as caught:
        load_packs(["common", "nowhere"])
    assert "自带的业务包有：bank、common、insurance、lending、securities" in str(caught.value)


def test_the_same_pack_twice_is_refused() -> None:
    with pytest.raises(PackError, match="加载了两次"):
        load_packs(["common", "common"])


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path / "ours",
        tags="tags:\n  - {name: 新客}\n  - {name: 老客, group: 人群, colour: 红}\n",
        words="words:\n  - {canonical: 查, kind: verb}\n",
    )
    with pytest.raises(PackError) as caught:
        load_packs([folder])
    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("ours/tags.yaml", 2), ("ours/tags.yaml", 3), ("ours/words.yaml", 2),
    ]


def test_the_files_that_ops_edit_explain_themselves_in_chinese() -> None:
    for path in BUILT_IN.glob("*/*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path
