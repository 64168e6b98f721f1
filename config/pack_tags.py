"""Tags: put on clients by people, or following from their records."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from config.pack_fields import Item, Label, Name, Part
from config.pack_models import Word
from config.pack_text import render, variables_in


class Counted(Part):
    """From how many of a client's records on a tag holds: `at_least` of them in the last `days` days, today included.

    `of` says of what, `kinds` of which sorts of contact or contract (all when empty); `why` tells it, with `${days}`
    and `${count}`."""

    of: Literal["contact", "contract", "late_payment", "referral"]
    kinds: tuple[Name, ...] = ()
    days: Annotated[int, Field(ge=1, le=3660)]
    at_least: Annotated[int, Field(ge=1, le=1000)]
    why: Annotated[str, Field(min_length=1, max_length=24)]

    @field_validator("why")
    @classmethod
    def _known_variables(cls, why: str) -> str:
        if unknown := [name for name in variables_in(why) if name not in ("days", "count")]:
            raise ValueError(f"why 里没有变量「{unknown[0]}」，只能用 ${{days}} 和 ${{count}}")
        if "$" in render(why, {"days": "0", "count": "0"}):
            raise ValueError("why 里的变量要写成 ${days}、${count}，检查 $ 和括号")
        return why

    def told(self, count: int) -> str:
        """90天投诉2次"""
        return render(self.why, {"days": str(self.days), "count": str(count)})


class Tag(Item):
    """A tag people may put on a client. `keywords` in a note propose it; one that is `counted` also holds by itself,
    and one with `when` for whom that condition chooses, as of every morning."""

    name: Word
    group: Label
    synonyms: tuple[Word, ...] = ()
    keywords: tuple[Word, ...] = ()
    counted: Counted | None = None
    when: Annotated[str, Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _follows_in_one_way(self) -> Self:
        if self.counted is not None and self.when is not None:
            raise ValueError("counted 和 when 只能写一个")
        return self
