"""What advice to advisers is made of: the parts of a client's score, and hints of what else a client may need."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.pack_fields import Item, Label, Name

Family = Annotated[str, Field(min_length=1, max_length=20)]


class ScorePart(Item):
    """A part of the score and how many points it gives or takes (0 switches it off)."""

    id: Literal["grade", "report", "overdue", "surplus", "debts"]
    label: Label
    weight: Annotated[int, Field(ge=0, le=50)]


class Hint(Item):
    """Who has a product of each of the sorts `having` and none of `lacking` is told of as `text`."""

    id: Name
    having: tuple[Family, ...] = ()
    lacking: Annotated[tuple[Family, ...], Field(min_length=1)]
    text: Annotated[str, Field(min_length=1, max_length=80)]
