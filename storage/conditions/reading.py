"""From a sentence of conditions to its tree. Whatever cannot be read is refused; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from storage.conditions.atoms import Unreadable, Words
from storage.conditions.english import without_and
from storage.conditions.tree import All, Any_, Not, Test, Tree
from storage.conditions.vocabulary import vocabulary_of
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.numerals import half_width

__all__ = ["LONGEST", "MOST_TESTS", "Unreadable", "read"]

LONGEST = 500  # characters
MOST_TESTS = 30
DEEPEST = 8
LONGEST_NAME = 20
NO_SEGMENTS: Mapping[str, str] = MappingProxyType({})

_JOINT = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<all>并且|而且|同时|且|&&?|(?<!\d),|,(?!\d{3}(?!\d))|[;。；]|\band\b)|(?P<any>或者|或|\|\|?|\bor\b)",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:非|不是|并非|除了|没有|没|无|未|不|!|not)", re.IGNORECASE)
_HOLDS = re.compile(r"(?:未持有|没持有|没有?买过?|持有|买过|有)")
_QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"")


def read(
    text: str, dictionary: Dictionary, role: str, today: date, segments: Mapping[str, str] = NO_SEGMENTS, *,
    kept: bool = False,
) -> Tree:
    """The tree of a sentence of conditions, for a reader of `role`. `segments` are conditions by the name that the
    reader has given them. What was read before and told back (`kept`) may be longer and deeper than what is typed.

    Raises Unreadable, which says what to write."""
    plain = without_and(half_width(text))
    if len(plain) > LONGEST and not kept:
        raise Unreadable(f"条件太长了，最多 {LONGEST} 个字。请分成几次筛选。")
    used = {name.lower(): said for name, said in segments.items() if name.lower() in plain.lower()}
    named = {name: read(said, dictionary, role, today, kept=True) for name, said in used.items()}
    words = Words(vocabulary_of(dictionary, role), dictionary, today, named)
    return _Parser(list(_tokens(plain, words)), words, limited=not kept).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def check_name(name: str, dictionary: Dictionary, role: str, today: date) -> None:
    """Raises Invalid for a name that a segment cannot have: it must be no condition by itself, nor hold several."""
    if not 2 <= len(name) <= LONGEST_NAME or _JOINT.search(name) or re.search(r"\s", name):
        raise Invalid(f"分群的名称请用 2 到 {LONGEST_NAME} 个字，不带空格、括号、「且」「或」，例如「存为 沉默客户」。")
    with suppress(Unreadable):
        read(name, dictionary, role, today)
        raise Invalid(f"「{name}」本身就是一个条件，请换一个名称，例如「我的{name}」。")


def _tokens(text: str, words: Words) -> Iterator[_Token]:
    """Joints and brackets, and the pieces between them. A joint inside of a word of the packs is none."""
    begin, quoted = 0, [found.span() for found in _QUOTED.finditer(text)]
    for joint in _JOINT.finditer(text):
        if joint.start() < begin or any(a <= joint.start() < b for a, b in quoted):
            continue
        if joint.lastgroup in ("all", "any") and _stands_in_a_word(text, joint, words):
            continue
        yield from _piece(text[begin:joint.start()])
        yield _Token(joint.lastgroup or "", joint[0])
        begin = joint.end()
    yield from _piece(text[begin:])


def _piece(text: str) -> Iterator[_Token]:
    if text.strip():
        yield _Token("test", text.strip())


def _stands_in_a_word(text: str, joint: re.Match[str], words: Words) -> bool:
    around = [(joint.start() - before, joint.end() + after) for before in range(1, 6) for after in range(1, 6)]
    return any(words.knows(text[max(0, start):end]) for start, end in around)


class _Parser:
    """Or of ands of nots, as usual."""

    def __init__(self, tokens: list[_Token], words: Words, *, limited: bool) -> None:
        self._tokens, self._words, self._limited = tokens, words, limited
        self._at = self._tests = self._depth = 0

    def whole(self) -> Tree:
        if not self._tokens:
            raise Unreadable("请写出条件，例如「筛选 贵宾 且 30天未联系 且 持有基金」。")
        tree = self._any()
        if self._at < len(self._tokens):
            raise Unreadable(f"括号没有配对，多了一个「)」：{self._here()}。")
        return tree

    def _any(self) -> Tree:
        parts = [self._all()]
        while self._next_is("any"):
            self._at += 1
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def _all(self) -> Tree:
        parts = [self._one()]
        while self._next_is("all", "test", "open"):
            while self._next_is("all"):  # a comma and 且 after it are one joint
                self._at += 1
            if not self._next_is("test", "open"):
                raise Unreadable(f"条件好像没有写完：{self._here()}的「且」后面还缺一个条件。")
            parts.append(self._one())
        together = tuple(_flat(parts))
        self._words.check(together)
        return together[0] if len(together) == 1 else All(together)

    def _one(self) -> Tree:
        if self._next_is("open"):
            return _group(self._bracket())
        if not self._next_is("test"):
            raise Unreadable(f"条件好像没有写完：{self._here()}这里还缺一个条件，请检查「且」「或」和括号的两边。")
        text = self._tokens[self._at].text
        self._at += 1
        if self._next_is("open") and _NOT.fullmatch(text):
            return Not(self._bracket())
        if self._next_is("open") and _HOLDS.fullmatch(text):
            raise Unreadable(f"「{text}」请写在每个产品前面，例如「({text}基金 或 {text}存款)」。")
        self._tests += 1
        if self._tests > MOST_TESTS and self._limited:
            raise Unreadable(f"条件太多了，一次最多 {MOST_TESTS} 个。")
        return self._words.read(text)

    def _bracket(self) -> Tree:
        self._at += 1
        self._depth += 1
        if self._depth > DEEPEST and self._limited:
            raise Unreadable(f"括号套得太深了，最多 {DEEPEST} 层。")
        tree = self._any()
        if not self._next_is("close"):
            raise Unreadable(f"括号没有配对，少了一个「)」：{self._here()}。")
        self._at += 1
        self._depth -= 1
        return tree

    def _here(self) -> str:
        """What stands around the place that was reached, as it was typed."""
        around = self._tokens[max(0, self._at - 2) : self._at + 1]
        return f"「{' '.join(token.text for token in around)[:40]}」"

    def _next_is(self, *kinds: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].kind in kinds


def _group(tree: Tree) -> Tree:
    """What was put in brackets stays a group, be it of one."""
    return All(tree.parts if isinstance(tree, All) else (tree,), grouped=True) if isinstance(tree, All | Test) else tree


def _flat(parts: list[Tree]) -> Iterator[Tree]:
    """贵宾 30天未联系 is read to an All of its own, which is no group."""
    for part in parts:
        if isinstance(part, All) and not part.grouped:
            yield from part.parts
        else:
            yield part
