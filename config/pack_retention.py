"""What a pack says must be kept of a client who has his data erased, and for how long what tickets hold is kept of
anybody.

Laws change and firms differ: the years and the fields are data. Whatever no entry keeps of who is erased goes; whatever
no entry forgets of tickets stays."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.pack_fields import Item, Label, Name

Had = Literal["contract", "account", "complaint"]  # what a client may have had with the firm


class Kept(Item):
    """Of a client who had any of `because`, the client fields `fields` and the contacts of the kinds `time_line` stay,
    locked, for `years` after the last of it ended; `law` says why."""

    name: Name
    label: Label
    because: Annotated[tuple[Had, ...], Field(min_length=1)]
    years: Annotated[int, Field(ge=1, le=100)]
    law: Annotated[str, Field(min_length=1, max_length=60)]
    fields: tuple[Name, ...] = ()
    time_line: tuple[Name, ...] = ()


# What a ticket holds: files and what outside sources said, words, what the client thought of it.
Held = Literal["papers", "words", "marks"]
Since = Literal["ticket", "relation"]


class Forgotten(Item):
    """Of tickets of `flows` (all where none is named), `years` after they ended, `of` goes; `law` says why so long.
    `since: relation` counts from the end of all contracts and accounts of the client where that is later."""

    name: Name
    label: Label
    of: Held
    years: Annotated[int, Field(ge=1, le=100)]
    law: Annotated[str, Field(min_length=1, max_length=60)]
    flows: tuple[Name, ...] = ()
    since: Since = "ticket"
