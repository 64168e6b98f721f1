"""Corrections of a contract draft in plain words: 保费改成5300 · 保额50万 缴费年限20年 · 受益人 小雨."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.contracts.drafts import KINDS, Draft

_ROLE = "role:"
FIXED = ("kind", "line", "product_code")  # they follow from the product
_LINK = re.compile(r"^[\s:：,，]*(?:应该|应)?(?:改成|改为|换成|变成|是|为|写|填)?[\s:：]*")
_END = re.compile(r"[\s,，;；。、]*(?:吧|了|和|还有)?[\s,，;；。、]*$")


def take_spoken(ctx: Context, draft: Draft, text: str) -> set[str]:
    """Put into the draft every field and role named in the text, with what stands between it and the next.

    Gives the names that were taken; none when the words do not tell."""
    places = _places(_words(ctx, draft), text)
    ends = [start for start, _, _ in places[1:]] + [len(text)]
    taken = set()
    for (_, start, name), end in zip(places, ends, strict=False):
        if not (value := _END.sub("", _LINK.sub("", text[start:end]))):
            continue
        if name.startswith(_ROLE):
            draft.people[name.removeprefix(_ROLE)] = value
        else:
            draft.typed[name] = value
        taken.add(name)
    return taken


def _words(ctx: Context, draft: Draft) -> dict[str, str]:
    """What fields and roles of the draft's kind are called."""
    kinds = [ctx.packs.kind(name) for name in ([draft.kind] if draft.kind else KINDS[draft.intent])]
    own = {name for kind in kinds for name in kind.fields}
    specs = [
        spec for spec in ctx.uow.dictionary.fields("contract")
        if (spec.column or spec.name in (*own, "number")) and spec.name not in FIXED
    ]
    words = {word: spec.name for spec in specs for word in (spec.label, *spec.synonyms)}
    words |= {word: f"{_ROLE}{role.name}" for kind in kinds for role in kind.roles[1:] for word in
              (role.label, *role.synonyms)}
    return {word: name for word, name in words.items() if len(word) > 1}


def _places(words: dict[str, str], text: str) -> list[tuple[int, int, str]]:
    """Where the words stand in the text, longer ones first where they overlap, in the order of the text."""
    taken: list[tuple[int, int, str]] = []
    for word in sorted(words, key=len, reverse=True):
        for hit in re.finditer(re.escape(word), text):
            if all(hit.end() <= start or hit.start() >= end for start, end, _ in taken):
                taken.append((hit.start(), hit.end(), words[word]))
    return sorted(taken)
