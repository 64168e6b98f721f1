"""Who may be one of those on the screening lists. Near is enough: compliance decides, no machine refuses anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.pack import Screened
from storage.model.normal import normalise
from storage.model.people import Client
from storage.pinyin import read

_LONG = 3  # from so many characters on, one that differs is near


def hits(screened: Iterable[Screened], client: Client) -> list[Screened]:
    """The entries that the client's name comes near to, unless a known birthday tells them apart."""
    return [
        entry for entry in screened
        if not (entry.born and client.birthday and entry.born != client.birthday)
        and any(is_near(client.name, name) for name in (entry.name, *entry.aliases))
    ]


def is_near(one: str, other: str) -> bool:
    """The same as written or as read, or one character apart in a longer name."""
    a, b = (normalise(name).text.replace(" ", "").replace("·", "") for name in (one, other))
    if a == b or read(a) == read(b):
        return True
    return min(len(a), len(b)) >= _LONG and _one_apart(a, b)


def _one_apart(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one character put in, taken out or exchanged makes them the same."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    first = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a[first + (len(a) == len(b)):] == b[first + 1:]
