"""Words to customers: every one is there, uses only what it may, and a bad one is refused with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.pack import PackError, Packs, load_packs
from config.pack_service import REPLIES

ROOT = Path(__file__).parents[2]
PACK_YAML = 'name: ours\nlabel: 我们\nversion: "1"\nline: insurance\n'


def test_every_sentence_is_there_and_is_used(packs: Packs) -> None:
    files = [*(ROOT / "handlers/self_service").glob("*.py"), *(ROOT / "reminders").glob("*.py"), ROOT / "handlers/assessing.py"]
    code = "\n".join(path.read_text() for path in files)
    used = {name for name in REPLIES if re.search(rf'"{name}"', code)}
    assert {reply.name for reply in packs.replies} == set(REPLIES) == used


@pytest.mark.parametrize(("written", "reason"), [
    ("replies:\n  - {name: hello, text: 您好}", "没有「hello」这一句"),
    ("replies:\n  - {name: help, text: '您好，${client_name}'}", "没有变量「client_name」"),
    ("identities:\n  - {name: customers, tries: 0}", "tries"),
    ("identities:\n  - {name: customers, binding_days: 4000}", "binding_days"),
    ("subjects:\n  - {name: weather, words: [下雨]}", "name"),
])  # fmt: skip
def test_a_bad_one_is_refused(tmp_path: Path, written: str, reason: str) -> None:
    (tmp_path / "pack.yaml").write_text(PACK_YAML, encoding="utf-8")
    (tmp_path / "service.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_packs([tmp_path])
    (problem,) = refused.value.problems
    assert (problem.file.partition("/")[2], problem.line) == ("service.yaml", 2)
    assert reason in problem.reason


def test_a_pack_of_the_firm_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(PACK_YAML, encoding="utf-8")
    (tmp_path / "service.yaml").write_text(
        "identities:\n  - {name: customers, binding_days: 7, replace: true}\n"
        "replies:\n  - {name: to_person, text: 马上来, replace: true}\n", encoding="utf-8",
    )
    packs = load_packs(["common", tmp_path])
    assert (packs.identity.binding_days, packs.reply("to_person").text) == (7, "马上来")
