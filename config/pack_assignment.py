"""Who gets a client that has no adviser yet: rules by region, tier, line and load."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.pack_fields import Item, Label, Line, Name
from config.pack_hours import UserId

Region = Annotated[str, Field(pattern=r"^[\u4e00-\u9fff]{2,10}$")]
Most = Annotated[int, Field(ge=1, le=100_000)]


class AssignmentRule(Item):
    """Clients of these `regions` (the city begins with one of them) and `tiers`, all where none is named, go to an
    adviser of `lines`, among `members`, or below the managers `teams`; to any where nothing is named. Of those the one
    with the fewest clients gets it, who has `most` already gets none. `order`: the smaller one is asked first."""

    id: Name
    label: Label
    order: Annotated[int, Field(ge=0, le=999)] = 50
    regions: Annotated[tuple[Region, ...], Field(max_length=40)] = ()
    tiers: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    lines: tuple[Line, ...] = ()
    members: Annotated[tuple[UserId, ...], Field(max_length=100)] = ()
    teams: Annotated[tuple[UserId, ...], Field(max_length=40)] = ()
    most: Most | None = None
