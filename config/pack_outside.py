"""Outside sources (police, credit bureau) by which it is checked whether a client is who he says he is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.pack_fields import Item, Label


class OutsideCheck(Item):
    """What is asked of the source behind BOT_OUTSIDE_URL. An answer that agrees counts for `valid_days` and an
    authorisation of the client for `authorised_days`; the source has `timeout_seconds` to answer, `tries` times."""

    name: Literal["identity"]
    label: Label
    valid_days: Annotated[int, Field(ge=1, le=366)] = 90
    authorised_days: Annotated[int, Field(ge=1, le=366)] = 90
    timeout_seconds: Annotated[float, Field(ge=1, le=60)] = 8
    tries: Annotated[int, Field(ge=1, le=10)] = 3
