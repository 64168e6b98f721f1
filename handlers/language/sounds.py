"""Clients known only by sound: 王晓明 for 王小明, 李lei for 李雷. Asked of the book when no name in the sentence is known to it.

What is found here is marked, so that nothing is written before it was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from handlers.language.everyday import COMMON
from handlers.language.meaning import Book, ClientRef, Mention
from handlers.language.strangers import Placed, may_begin, overlaps
from handlers.language.vocabulary import SURNAMES
from storage.model.normal import Normal

_HAN = re.compile(r"[\u4e00-\u9fff·]{3,}")
_MIXED = re.compile(r"(?P<han>[\u4e00-\u9fff]{1,3}?) ?(?P<latin>[a-z]{1,14})(?![a-z])")
_NO_PART = frozenset("的了吗呢吧啊我你他她给跟把和")
_ENOUGH = 32  # places looked at in one sentence
# Syllables that input methods and ears take for each other.
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


def find_by_sound(
    normal: Normal, taken: Sequence[tuple[int, int]], starts: set[int], stranger: Placed | None, book: Book
) -> tuple[list[Placed], Placed | None]:
    """(names of three characters or more with one wrong, or half in pinyin; the stranger, with those who sound like it)."""
    stranger = stranger or _by_place(normal, taken, starts)
    places = list(islice(_places(normal.text, taken, starts), _ENOUGH))
    wanted = {key for _start, _end, keys in places for key in keys}
    alone = _near(stranger[0].text) if stranger is not None and len(stranger[0].text) <= 4 else frozenset()
    known = book.named(wanted | alone) if wanted or alone else {}
    if not known:
        return [], stranger if stranger is None or stranger[0].how == "new" else None
    found = _known(normal, places, known)
    if found or stranger is None:
        return found[:1], stranger
    refs = _distinct(r for key in alone for r in known.get(key, ()) if len(r.name) == len(stranger[0].text))
    if refs:
        return [], (replace(stranger[0], refs=refs, how="homophone"), *stranger[1:])
    return [], stranger if stranger[0].how == "new" else None


# 田也 基金, 把蔡名的邮箱: two characters where a name stands, although the second is hardly ever part of one.
_PLACE = re.compile(rf"(?:^|(?:查一?下?|看一?下?|给|把|帮|跟|找|约|替|见|和)\s?)(?P<name>[{SURNAMES}][\u4e00-\u9fff])(?=\s|的[\u4e00-\u9fff]{{2}}|[提升降打加建开录设报写调改]|$)")


def _by_place(normal: Normal, taken: Sequence[tuple[int, int]], starts: set[int]) -> Placed | None:
    """Only taken for a name where a client sounds so."""
    found = _PLACE.search(normal.text)
    if found is None or found["name"] in COMMON or overlaps(found.span("name"), taken) or found.start("name") in starts:
        return None
    start, end = found.span("name")
    return Mention(found["name"], *normal.span(start, end), (), "homophone"), start, end


def _known(normal: Normal, places: list[tuple[int, int, frozenset[str]]], known: object) -> list[Placed]:
    found: list[Placed] = []
    for start, end, keys in sorted(places, key=lambda p: (p[0], p[0] - p[1])):
        text = normal.text[start:end]
        refs = _distinct(r for key in keys for r in known.get(key, ()) if _alike(text, r.name))  # type: ignore[attr-defined]
        if refs:
            a, b = normal.span(start, end)
            found.append((Mention(text, a, b, refs, "homophone"), start, end))
    return found


def _distinct(refs: Iterator[ClientRef]) -> tuple[ClientRef, ...]:
    return tuple(dict.fromkeys(refs))


def _alike(said: str, name: str) -> bool:
    """One character may be wrong, of four two; what stands half in pinyin must begin as the name does."""
    if re.search(r"[a-z]", said):
        han = re.sub(r"[a-z ]", "", said)
        return name.startswith(han) and len(name) > len(han)
    if len(said) != len(name):
        return False
    wrong = sum(a != b for a, b in zip(said, name, strict=True))
    return 0 < wrong <= (1 if len(name) < 4 else 2)


def _places(text: str, taken: Sequence[tuple[int, int]], starts: set[int]) -> Iterator[tuple[int, int, frozenset[str]]]:
    for match in _MIXED.finditer(text):
        for at in range(match.start("han"), match.end("han")):
            if not overlaps((at, match.end()), taken) and may_begin(text, at, starts):
                han = text[at:match.end("han")]
                yield at, match.end(), frozenset(key + match["latin"] for key in _sounds(han))
    for run in _HAN.finditer(text):
        for at in range(run.start(), run.end() - 2):
            if at in starts or text[at] in _NO_PART or not (text[at] in SURNAMES or may_begin(text, at, starts)):
                continue
            for end in (at + 3, at + 4):
                piece = text[at:end]
                if end <= run.end() and not overlaps((at, end), taken) and not _NO_PART & set(piece) and piece not in COMMON:
                    yield at, end, _near(piece)


@lru_cache(maxsize=1024)
def _sounds(han: str) -> frozenset[str]:
    """How the beginning of a name sounds; a surname as a surname."""
    return frozenset(key.removesuffix("yi") for key in _readings(han + "一"))


def load() -> None:
    """Load the table of readings now, instead of with the first name that sounds like another."""
    _readings("王芳")


@lru_cache(maxsize=4096)
def _readings(name: str) -> frozenset[str]:
    from storage.naming import name_keys

    return frozenset(key for how, key in name_keys(name) if how == "pinyin")


def _near(name: str) -> frozenset[str]:
    keys = set(_readings(name))
    for key in tuple(keys):
        for long, short in _NEAR:
            keys.update(key[:m.start()] + short + key[m.end():] for m in re.finditer(long, key))
            keys.update(key[:m.start()] + long + key[m.end():] for m in re.finditer(f"{short}(?!h|g)", key))
    return frozenset(keys)
