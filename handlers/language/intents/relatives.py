"""What a sentence about a new client says of relatives: 老公叫张大力, 爱人生日1988年3月8日. It is not the client's."""

from __future__ import annotations

import re

from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence, take_apart

_WHO = lazy(
    r"(?<!全职)(?<!家庭)(?P<count>(?:[有个名位一两二三俩\d]|儿子和)(?:个|名|位)?)?[他她的]{0,2}"
    r"(?P<who>(?:大|小|二)?(?:老公|老婆|丈夫|妻子|太太|爱人|配偶|妈妈|母亲|爸爸|父亲|父母|儿子|女儿|闺女|孩子|小孩|宝宝|弟弟|妹妹|哥哥|姐姐|婆婆|岳父|岳母|公公|媳妇))"
)
_STOP = re.compile(r"[,，。;；!！?？\n]")
_NUMBER_NEXT = lazy(r"\s+的?(?:身份证|证件|手机|电话|生日|出生|\d{4}[年.-])")
_TELLS = re.compile(r"叫|名|是|生日|出生|年|岁|身份证|证件|手机|电话|做|在|上|\d")
_NAMED = re.compile(r"叫|名|是")
_INTRODUCED = re.compile(r"介绍|推荐|引荐")
_LONG = re.compile(r"\d[\d -]{5,}[\dXx]?")


def _stretches(s: Sentence) -> list[tuple[int, int, int]]:
    """The places in `text` (to cut from, to; where the relative's own words begin) that speak of a relative: up to the next comma, or to the blank where something of his own follows."""
    named = [c for c in s.clients if c.mention.how != "pronoun"]
    found: list[tuple[int, int, int]] = []
    for who in _WHO.finditer(s.text):
        start = who.end() if who["count"] else who.start()
        if (found and start < found[-1][1]) or any(c.start < who.end() and who.start() < c.end for c in named):
            continue
        end = _end(s, who)
        rest = s.text[who.end():end]
        if _TELLS.search(rest) and not _INTRODUCED.search(rest):
            found.append((start, end, who.start("who")))
    return found


def _end(s: Sentence, who: re.Match[str]) -> int:
    """The comma or blank behind the relative; what numbers follow a relative that was named are his: 他妈妈叫王秀兰 身份证…"""
    stop = _STOP.search(s.text, who.end())
    last = stop.start() if stop else len(s.text)
    for blank in re.compile(r"\s+").finditer(s.text, who.end(), last):
        so_far = s.text[who.end():blank.start()]
        if who["count"] or (so_far and not (_NAMED.search(so_far) and _NUMBER_NEXT.match(s.text, blank.start()))):
            return blank.start()
    return last


def told(s: Sentence) -> tuple[Sentence, Slots]:
    """The sentence without what it says of relatives, and that as `family_told`; `withheld_family`: the numbers left out of it."""
    places = _stretches(s)
    if not places:
        return s, {}
    said = [s.said(who, end).strip(" ，,") for _start, end, who in places]
    plain = [re.sub(r"(?:的)?(?:身份证号?码?|证件号?码?|手机号?码?|电话)?(?:是|为|:|：|\s)*$", "", _LONG.sub("", words)).strip(" ，,") for words in said]
    rest, at = "", 0
    for start, end, _who in places:
        rest += s.said(at, start) + "，"
        at = end
    own = take_apart(rest + s.said(at, len(s.text)), s.now, s.role, s.book, s.dialogue, s.lexicon)
    kept = "；".join(filter(None, plain))
    numbers = [number for words in said for number in _LONG.findall(words)]
    return own, {"family_told": kept or None, "withheld_family": " ".join(numbers) or None}
