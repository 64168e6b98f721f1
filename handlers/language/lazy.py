"""Regular expressions that are compiled when they are first needed: most sentences need few of the many."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Lazy:
    """The parts of `re.Pattern` that are used here."""

    __slots__ = ("_compiled", "_flags", "_source")

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags
        self._compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return self._compiled

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return (self._compiled or self.pattern).search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return (self._compiled or self.pattern).match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(text)

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text, start)

    def sub(self, replacement: str, text: str) -> str:
        return self.pattern.sub(replacement, text)


def lazy(source: str, flags: int = 0) -> Lazy:
    """Like `re.compile`, later."""
    return Lazy(source, flags)
