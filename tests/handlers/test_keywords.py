"""Words of free text: cut by jieba with the words of the packs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from config.pack import Packs, load_packs
from handlers.keywords import Keywords, keywords_of


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(("common", "bank", "insurance", "securities", "lending"))


@pytest.fixture(scope="module")
def words(packs: Packs) -> Keywords:
    found = Keywords(packs)
    found.load()
    return found


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("今天电话聊了重疾险", "重疾险"), ("她想买房，在看首付", "首付"), ("孩子的学费还没着落", "学费"), ("基金和理财都问了", "基金")],
)
def test_a_text_speaks_of_what_stands_in_it_as_a_word(words: Keywords, text: str, phrase: str) -> None:
    assert words.speaks_of(text, ["没有说的", phrase]) == phrase


@pytest.mark.parametrize(("text", "phrase"), [("他去基金会做志愿者", "基金"), ("教育金", "教育")])
def test_a_part_of_another_word_is_not_spoken_of(words: Keywords, text: str, phrase: str) -> None:
    assert phrase in text
    assert words.speaks_of(text, [phrase]) is None


def test_words_that_say_nothing_are_left_out(words: Keywords) -> None:
    assert words.of("麻烦看看这个客户的安康重疾险为什么扣款失败") == ["安康重疾险", "扣款", "失败"]


def test_before_the_dictionary_is_there_words_are_looked_for_as_they_stand(packs: Packs) -> None:
    fresh = Keywords(packs)
    assert not fresh.loaded
    assert fresh.speaks_of("今天电话聊了重疾险", ["重疾险"]) == "重疾险"
    assert fresh.of("今天电话聊了重疾险") == []


def test_there_is_one_set_of_words_for_the_packs_in_force(packs: Packs) -> None:
    assert keywords_of(packs) is keywords_of(packs)
    assert keywords_of(load_packs(("common",))) is not keywords_of(packs)


def test_jieba_leaves_no_file_behind(packs: Packs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    Keywords(packs).load()
    assert not list(tmp_path.iterdir())
