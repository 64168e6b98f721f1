"""Where a sentence may fall apart into acts: linking words, punctuation, and blanks."""

from __future__ import annotations

import re

from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

AGAIN = r"(?:提醒|给(?!我打|我回)|记|查|帮|看|把|设|加|写|约|导出|导|发|建|打上|标|调|改|登记|取消|叫我|问一?下)"
_LINK = (
    rf"(?:然后再?|顺[便带道手路](?:再)?|另外(?!一个|的)|对了|此外|最后再|还有(?!多[少久长]|几|什么|哪|没有|没|效|人|谁(?!过|生)|别的|其他|啥|吗|[\d一二两三四五六七八九十半]+(?:天|个|年|期|周|次))|并且|同时(?!买|持|有)|接着|完了再|再帮我|以及|(?<=[,\s;。、])也(?={AGAIN})|(?<=[,\s;。、])再(?={AGAIN})"
    rf"|(?<![,\s改下一先晚迟过回天点后候儿再])再(?={AGAIN}))"
)
_SPLIT = lazy(rf"[,。;!?\s]*{_LINK}[,\s]*|[。;!?]+\s*|[,]\s*|(?:(?<=[\u4e00-\u9fff])|(?<=\d{4}))\s+(?=[\u4e00-\u9fff])")
_FINELY = lazy(rf"[,。;!?\s]*{_LINK}[,\s]*|[。;!?]+\s*|[,、]\s*|\s*/\s*(?=[\u4e00-\u9fff])|(?:(?<=[\u4e00-\u9fff])|(?<=\d{4}))\s+(?=[\u4e00-\u9fff])")
_COARSE = lazy(rf"(?P<link>[,。;!?\s]*{_LINK}[,\s]*)|[。;!?,]+\s*")
_STRONG = lazy(rf"然后|顺[便带道手路]|另外|此外|还有(?!别的|其他|没|多[少久长]|几|什么|哪|效|人|谁|[\d一二两三四五六七八九十半]+(?:天|个|年|期|周|次))|并且|同时|接着|完了再|再帮我|[,\s;。、][再也](?={AGAIN})|(?<![,\s改下一先晚迟过回天点后候儿再])再(?={AGAIN})")
_WORDS = re.compile(r"[\u4e00-\u9fffa-z]")


def is_strong(s: Sentence) -> bool:
    """Does a word say that something else follows?"""
    return any(not _within_a_time(s, match) for match in _STRONG.finditer(s.text))


def cuts(s: Sentence, finely: bool) -> list[tuple[int, int]]:
    """The stretches between all joints; `finely` counts 、 and / among them."""
    found: list[tuple[int, int]] = []
    at = 0
    for match in (_FINELY if finely else _SPLIT).finditer(s.text):
        if _within_a_time(s, match):
            continue
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < len(s.text):
        found.append((at, len(s.text)))
    return [(a, b) for a, b in found if _WORDS.search(s.text[a:b])]


def stretches(s: Sentence) -> list[tuple[int, int, bool]]:
    """(start, end, after a linking word?) of the pieces between linking words and punctuation."""
    found: list[tuple[int, int, bool]] = []
    at, linked = 0, False
    for match in _COARSE.finditer(s.text):
        if _within_a_time(s, match):
            continue
        found.append((at, match.start(), linked))
        at, linked = match.end(), match["link"] is not None
    found.append((at, len(s.text), linked))
    return [piece for piece in found if _WORDS.search(s.text[piece[0]:piece[1]])]


def _within_a_time(s: Sentence, match: re.Match[str]) -> bool:
    """每月1号、15号 is one time, and 明天再提醒我 says when, not what else."""
    again = match.group() == "再"
    return any(e.start < match.start() < e.end or (again and e.end == match.start()) for e in s.times)
