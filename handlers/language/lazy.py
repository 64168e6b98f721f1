"""Regular expressions that are compiled when they are first needed: most sentences need few of the many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

_ALL: list[Lazy] = []


class Lazy:
    """The parts of `re.Pattern` that are used here; from its first use on each is the compiled expression's own."""

    __slots__ = ("_flags", "_source", "finditer", "fullmatch", "match", "pattern", "search", "sub")
    pattern: re.Pattern[str]
    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    sub: Callable[..., str]

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags
        _ALL.append(self)

    def __getattr__(self, name: str) -> Any:
        """Only reached while an attribute is missing: before its first use."""
        if name not in Lazy.__slots__:
            raise AttributeError(name)
        found = re.compile(self._source, self._flags) if name == "pattern" else getattr(self.pattern, name)
        setattr(self, name, found)
        return found


def lazy(source: str, flags: int = 0) -> Lazy:
    """Like `re.compile`, later."""
    return Lazy(source, flags)


def compile_all(is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Compile whatever has not been needed yet, so that no sentence waits for it; until it is stopped."""
    for expression in _ALL:
        if is_stopped():
            return
        _ = expression.pattern
