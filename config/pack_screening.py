"""Names that must not be served before compliance has looked: sanctions lists, wanted persons, the firm's own."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from config.pack_fields import Item

FullName = Annotated[str, Field(min_length=2, max_length=60)]


class Screened(Item):
    """`name` and `aliases` are compared as they are written and as they are read; with `born` only those of that day,
    or of none that is known. `why` is read by compliance alone."""

    name: FullName
    aliases: tuple[FullName, ...] = ()
    born: date | None = None
    why: Annotated[str, Field(min_length=1, max_length=80)]
