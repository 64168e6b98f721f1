"""What packs say about keeping: shipped entries name real fields, and bad ones are refused with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.pack import PackError, Packs, load_packs

PACK_YAML = 'name: ours\nlabel: 我们\nversion: "1"\nline: common\n'
SOUND = "kept:\n  - {name: papers, label: 档案, because: [contract], years: 3, law: 公司规定, fields: [name]}\n"


def with_ours(folder: Path, retention: str) -> Packs:
    (folder / "pack.yaml").write_text(PACK_YAML, encoding="utf-8")
    (folder / "retention.yaml").write_text(retention, encoding="utf-8")
    return load_packs(["common", folder])


def test_who_he_is_is_kept_of_whoever_had_a_contract(packs: Packs) -> None:
    identity = next(kept for kept in packs.kept if kept.name == "identity")
    assert {"name", "id_number", "phone"} <= set(identity.fields)
    assert (identity.years, identity.because) == (10, ("contract", "account"))


def test_a_firm_may_keep_more(tmp_path: Path) -> None:
    assert [kept.name for kept in with_ours(tmp_path, SOUND).kept][-1] == "papers"


@pytest.mark.parametrize(("before", "after", "reason"), [
    ("[name]", "[hair]", "没有客户字段「hair」"),
    ("fields: [name]", "time_line: [gossip]", "没有互动方式「gossip」"),
    ("years: 3", "years: 0", "years"),
    ("[contract]", "[friendship]", "because"),
    ("law: 公司规定, ", "", "law"),
])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, before: str, after: str, reason: str) -> None:
    with pytest.raises(PackError) as error:
        with_ours(tmp_path, SOUND.replace(before, after))
    assert any("retention.yaml 第 2 行" in str(p) and reason in str(p) for p in error.value.problems), error.value


FORGETS = "forgotten:\n  - {name: ours, label: 我们的, of: papers, years: 3, law: 公司规定, flows: [demand]}\n"


def test_a_firm_may_forget_more(tmp_path: Path) -> None:
    assert [entry.name for entry in with_ours(tmp_path, FORGETS).forgotten][-1] == "ours"


@pytest.mark.parametrize(("before", "after", "reason"), [
    ("[demand]", "[gossip]", "没有流程「gossip」"), ("of: papers", "of: people", "of"), ("years: 3", "years: 0", "years"),
    ("law: 公司规定, ", "", "law"),
])
def test_a_mistake_in_what_is_forgotten_is_told(tmp_path: Path, before: str, after: str, reason: str) -> None:
    with pytest.raises(PackError) as error:
        with_ours(tmp_path, FORGETS.replace(before, after))
    assert reason in str(error.value)
