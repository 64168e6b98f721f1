"""The table of readings says of every character what the library it is taken from says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pypinyin
import pytest
from pypinyin import Style
from pypinyin.style import convert

from storage.pinyin import read


def test_every_character_is_read_as_the_library_reads_it():
    table = runpy.run_path(str(Path(pypinyin.__file__).with_name("pinyin_dict.py")))["pinyin_dict"]
    expected = {code: convert(readings.partition(",")[0], Style.NORMAL, strict=True) for code, readings in table.items()}
    assert len(expected) > 40_000
    assert {code: read(chr(code)) for code in table} == {code: [syllable] for code, syllable in expected.items()}


@pytest.mark.parametrize(("text", "syllables"), [
    ("王芳", ["wang", "fang"]), ("吕绿", ["lv", "lv"]), ("𪚥", ["zhe"]), ("䶿A", ["䶿", "A"]), ("", []),
    ("\U0010ffff", ["\U0010ffff"]),
])  # fmt: skip
def test_what_has_no_reading_stands_for_itself(text: str, syllables: list[str]):
    assert read(text) == syllables
