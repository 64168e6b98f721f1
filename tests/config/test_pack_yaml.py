"""The two YAML readers, libyaml's and Python's own, understand and refuse alike."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from config import pack_yaml
from config.pack_yaml import BadYaml, Document, parse

SHIPPED = sorted(Path(config.__file__).parent.glob("packs/*/*.yaml"))

REFUSED = {
    "an anchor": "a: &x [1]\nb: 2",
    "an alias": "a: 1\nb: *a",
    "a tag": "a: !!python/name:os.system x",
    "a tag on a key": "!x a: 1",
    "a merge": "a: 1\n<<: {b: 2}",
    "a list as a key": "[a, b]: 1",
    "a key twice": "a: 1\nb: 2\na: 3",
    "two documents": "a: 1\n---\nb: 2",
    "a tab": "a:\n\tb: 1",
    "an open bracket": "a: [1, 2\nb: 3",
    "an open quote": "a: \"x\nb: 1",
    "a control character": "a: 1\nb: x\x07y",
    "twenty-one levels": "a: " + "[" * 20 + "]" * 20,
    "wrong indentation": "a:\n    b: 1\n  c: 2",
}


def _slowly(text: str, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr(pack_yaml, "_FAST", None)
    return parse(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_read_a_shipped_file_alike_and_know_the_same_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    assert parse(text) == _slowly(text, monkeypatch)


@pytest.mark.parametrize("text", ["", "# nothing", "a:", "- 1\n- [x, {y: 1.5}]", "a: 007\nb: '7'\nc: 2024-01-01\nd: |\n  x\n  y"])
def test_both_read_a_small_text_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse(text) == _slowly(text, monkeypatch)


@pytest.mark.parametrize("case", REFUSED)
def test_both_refuse_a_bad_text_with_the_same_words(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadYaml) as fast:
        parse(REFUSED[case])
    with pytest.raises(BadYaml) as slow:
        _slowly(REFUSED[case], monkeypatch)
    assert (fast.value.line, fast.value.reason) == (slow.value.line, slow.value.reason)
