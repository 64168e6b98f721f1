"""Words of free text: which ones a note is about, and whether it really speaks of something.

jieba cuts the text, with the words of the packs as its user dictionary, so that 基金会 does not speak of 基金. It is
used for hints and counts only, never for names, dates or money (`handlers.language` reads those). Its dictionary
takes a quarter of a second to load: `load` is called in a thread of its own, and until then words are looked for
without regard to where others begin."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieba import Tokenizer

    from config.pack import Packs

# Rarer words of jieba's dictionary are left out: they are a fifth of a million, and 80 MB of memory.
COMMON = 100
# What says nothing about the matter, however often it is said.
_EMPTY = frozenset(
    "客户 一下 我们 你们 他们 她们 这个 那个 哪个 什么 怎么 怎样 为什么 可以 能不能 已经 现在 时候 "
    "还是 就是 不是 没有 一个 今天 明天 昨天 今年 明年 去年 知道 觉得 因为 所以 但是 如果 然后 还有 "
    "或者 帮我 麻烦 谢谢 您好 你好 自己 这边 那边 一些 有点 看看 说说".split()
)


class Keywords:
    """The words of one version of the packs."""

    def __init__(self, packs: Packs) -> None:
        self.version = packs.version
        self._own = tuple(sorted(_words_of(packs)))
        self._tokenizer: Tokenizer | None = None

    @property
    def loaded(self) -> bool:
        return self._tokenizer is not None

    def load(self) -> None:
        """Read the dictionary; takes about 0.25 s and 15 MB."""
        if self._tokenizer is None:
            self._tokenizer = _tokenizer(self._own)

    def speaks_of(self, text: str, phrases: Iterable[str]) -> str | None:
        """The first of `phrases` that stands in `text` as whole words."""
        there = [phrase for phrase in phrases if phrase in text]
        if not there or self._tokenizer is None:
            return there[0] if there else None
        edges = {edge for _word, start, end in self._tokenizer.tokenize(text) for edge in (start, end)}
        return next((phrase for phrase in there if _stands_whole(text, phrase, edges)), None)

    def of(self, text: str) -> list[str]:
        """What the text is about: its words of two characters and more that say something, each once."""
        if self._tokenizer is None:
            return []
        words = (word for word in self._tokenizer.cut(text) if len(word) > 1 and word not in _EMPTY)
        return list(dict.fromkeys(word for word in words if not word.isascii()))


def _stands_whole(text: str, phrase: str, edges: set[int]) -> bool:
    at = text.find(phrase)
    while at >= 0:
        if at in edges and at + len(phrase) in edges:
            return True
        at = text.find(phrase, at + 1)
    return False


def _words_of(packs: Packs) -> Iterator[str]:
    for product in packs.products:
        yield from (product.name, product.family, *product.synonyms)
    for tag in packs.tags:
        yield from (tag.name, *tag.synonyms, *tag.keywords)
    for entry in packs.words:
        yield from (entry.canonical, *entry.synonyms)


def _tokenizer(own: Iterable[str]) -> Tokenizer:
    import jieba

    class Small(jieba.Tokenizer):  # type: ignore[misc]
        """jieba without its rare words, and without the cache file that it leaves in the folder for temporary files."""

        def initialize(self, dictionary: str | None = None) -> None:
            with (files("jieba") / "dict.txt").open("rb") as file:
                lines = [line for line in file if int(line.split(b" ")[1]) >= COMMON]
            self.FREQ, self.total = self.gen_pfdict(io.BytesIO(b"".join(lines)))
            self.initialized = True

    tokenizer = Small()
    tokenizer.initialize()
    for word in own:
        if not tokenizer.FREQ.get(word) and " " not in word:
            tokenizer.add_word(word)  # counts as much as keeps it in one piece
    return tokenizer


_current: Keywords | None = None
_lock = threading.Lock()


def keywords_of(packs: Packs) -> Keywords:
    """The words of the packs in force; made anew, and not yet loaded, after a change of the packs."""
    global _current
    with _lock:
        if _current is None or _current.version != packs.version:
            _current = Keywords(packs)
        return _current
