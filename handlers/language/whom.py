"""Whom a change is for, when a sentence names several clients: never the first one by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.language.intents.pattern import Slots
from handlers.language.sentence import Named, Sentence


def whom(s: Sentence, slots: Slots) -> Slots:
    """`slots`, or, when a client was named whom they leave out, all the named ones to choose from (`clarify` "client").

    A name that went into a slot (a note, a relative, a new adviser) is not left out."""
    if slots.get("clarify") or "client_id" not in slots or not left_out(s, slots):
        return slots
    ids = list(dict.fromkeys(r.id for named in spoken(s) for r in named.mention.refs))
    return {**{k: v for k, v in slots.items() if k != "client"}, "client_id": ids, "clarify": "client"}


def spoken(s: Sentence) -> list[Named]:
    """The clients named outright: known, and not by a pronoun."""
    return [c for c in s.clients if c.mention.how != "pronoun" and c.mention.refs]


def left_out(s: Sentence, slots: Mapping[str, Any]) -> bool:
    """Is somebody named of whom no slot speaks?"""
    said = " ".join(_words(slots))
    return any(c.mention.text not in said and all(r.name not in said for r in c.mention.refs) for c in spoken(s))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _words(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _words(held)
