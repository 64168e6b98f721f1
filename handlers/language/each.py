"""The same act for each of those who are named together: 把陈静的和张敏的都改成已退保, 记 陈静和张敏 今天一起吃饭了."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from handlers.language.meaning import Meaning
from handlers.language.sentence import Sentence
from handlers.language.several import multi
from handlers.language.whom import spoken

_EACH = frozenset({"policy.update", "premium.paid", "repayment.paid", "renewal.done", "renewal.lost", "renewal.intent"})
_AND = r"[\s的]*(?:保单|合同|贷款|房贷|车贷|车险|保费|月供|还款|续保)?\s*(?:和|跟|与|及|、|还有|以及)\s*"


def each_of(s: Sentence, one: Meaning) -> Meaning:
    """把陈静的和张敏的都改成已退保: the same act for each of those named together; otherwise `one` as it is."""
    people = spoken(s)
    if one.intent == "note.add" and len(people) > 1 and one.get("content"):
        return _noted_of_each(s, one)
    if one.intent not in _EACH or one.clarify != "client" or len(people) < 2 or not {"policy_no", "amount"}.isdisjoint(one.slots):
        return one
    between = [s.text[a.end:b.start] for a, b in pairwise(people)]
    if not all(re.fullmatch(_AND, gap) for gap in between) or any(len(p.mention.refs) > 1 for p in people):
        return one
    return multi(s, [_for(one, p.mention.text, p.mention.refs[0].id) for p in people])


_JOINED = re.compile(r"\s*(?:和|跟|与|及|、|,|还有|以及)\s*")


def _noted_of_each(s: Sentence, one: Meaning) -> Meaning:
    """记 陈静和张敏 今天一起吃饭了: of all who are named side by side at its head; who is named further on is a part of it."""
    people = spoken(s)
    together = 1 + next((n for n, (a, b) in enumerate(pairwise(people)) if not _JOINED.fullmatch(s.text[a.end:b.start])), len(people) - 1)
    if together < 2 or any(len(p.mention.refs) != 1 for p in people[:together]) or _TO_EACH_OTHER.match(s.shape[s.shape.find("C"):]):
        return one
    content = str(one.slots["content"])
    noted = _without(content, [p.mention.text for p in people[:together]])
    told = replace(one, slots=MappingProxyType({**one.slots, "content": _whole(s, people[0].start, content) if noted == content else noted}))
    return multi(s, [_for(told, p.mention.text, p.mention.refs[0].id) for p in people[:together]])


def _without(content: str, names: list[str]) -> str:
    """把陈静和张敏都记一下: …: the names that the order stands behind are no part of what is noted."""
    named = "|".join(re.escape(name) for name in names)
    return re.sub(rf"^(?:\s*(?:和|跟|与|及|、|,|，|还有|以及)\s*(?:{named}))+\s*(?:都|也|各|分别)+[\s:：,，]*", "", content) or content


def _whole(s: Sentence, start: int, content: str) -> str:
    """The content with all the names before it, so that each time line tells who was there."""
    told = s.said(start, len(s.text))
    return told if told.endswith(content) else content


# 陈静和张敏是同学: what they are to each other is one note.
_TO_EACH_OTHER = re.compile(r"C(?>\W*(?:和|跟|与|及|、|,|还有|以及)\W*C)+(?:[他她]们)?(?:俩|两个?人?)?(?:是|互相|之间|认识|闹)")


def _for(one: Meaning, name: str, client_id: int | str) -> Meaning:
    return replace(one, slots=MappingProxyType({**one.slots, "client": name, "client_id": client_id}), clarify=None)
