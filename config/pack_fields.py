"""One line of the field dictionary: what a field is called, how it is checked, and who may see it."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Record = Literal[
    "client", "contract", "party", "instalment", "product", "interaction", "account", "transaction", "opportunity",
]
FieldType = Literal[
    "text", "choice", "phone", "id_number", "licence_code", "email", "date", "money",
    "percent", "integer", "boolean", "lunar_day", "client",
]
Line = Literal["common", "bank", "insurance", "securities", "lending"]
Role = Literal["adviser", "manager", "compliance", "ops", "claims", "risk", "admin"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, Field(min_length=1, max_length=20)]

ROLES: tuple[Role, ...] = ("adviser", "manager", "compliance", "ops", "claims", "risk", "admin")

# Least right by sensitivity (R179, R183, R184): admin runs the machine and sees no client data; health
# (L4) stays with those who need it for their work and never leaves by export.
SEE: dict[int, tuple[Role, ...]] = {
    1: ROLES,
    2: ("adviser", "manager", "compliance", "ops", "claims", "risk"),
    3: ("adviser", "manager", "compliance", "claims", "risk"),
    4: ("adviser", "compliance", "claims"),
}
EDIT: dict[int, tuple[Role, ...]] = {
    1: ("adviser", "manager", "ops"),
    2: ("adviser", "manager", "ops"),
    3: ("adviser", "manager"),
    4: ("adviser", "claims"),
}
EXPORT: dict[int, tuple[Role, ...]] = {
    1: ("manager", "compliance", "ops"),
    2: ("manager", "compliance"),
    3: ("compliance",),
    4: (),
}

SENTENCE = 100  # a text field that takes so many characters takes sentences
_NESTED_REPEAT = re.compile(r"[+*}][^()]*\)[+*{]")


class Part(BaseModel):
    """Frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Item(Part):
    """An entry that a later pack may put in place of an earlier pack's entry by saying `replace: true`."""

    replace: bool = False

    @cached_property
    def edition(self) -> str:
        """What tells this wording from any other."""
        body = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()[:12]


class Choice(Part):
    """One allowed value. Written as a plain word, value and label are the same."""

    value: Annotated[str, Field(min_length=1, max_length=40)]
    label: Label
    synonyms: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_a_word(cls, raw: Any) -> Any:
        return {"value": raw, "label": raw} if isinstance(raw, str) else raw


class Checks(Part):
    """Limits of a value. `min` and `max` are in the field's own unit; for dates they are days from today."""

    min: float | None = None
    max: float | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    pattern: Annotated[str, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _limits_make_sense(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min 不能大于 max")
        if self.pattern is not None:
            _check_pattern(self.pattern)
        return self


class FieldSpec(Item):
    """A field of a record. `level`: 1 open, 2 internal, 3 personal (sealed, masked), 4 health and identity.

    `column` marks a typed column of the table; any other field lives in the record's `attrs`, or sealed in
    `secrets` (level 3-4, and prose of any level). `approval`: what stands there is only changed by a second person's
    yes (a ticket of the flow that changes fields). `see`, `edit` and `export` default by level."""

    record: Record
    name: Name
    label: Label
    synonyms: tuple[str, ...] = ()
    type: FieldType = "text"
    unit: str = ""
    level: Annotated[int, Field(ge=1, le=4)] = 2
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    applies_to: Literal["individual", "enterprise", "both"] = "both"
    line: Line = "common"
    section: Label = "基本资料"
    column: bool = False
    key: bool = False
    approval: bool = False
    see: tuple[Role, ...] = ()
    edit: tuple[Role, ...] = ()
    export: tuple[Role, ...] = ()
    checks: Checks = Checks()
    stale_after_days: Annotated[int, Field(ge=1, le=3660)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _rights_follow_the_level(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        level = raw.get("level", 2)
        if not isinstance(level, int) or level not in SEE:
            return raw
        return {"see": SEE[level], "edit": EDIT[level], "export": EXPORT[level]} | raw

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.type == "choice" and not (self.choices or self.choices_from):
            raise ValueError(f"「{self.label}」是单选，必须写 choices")
        if self.type != "choice" and (self.choices or self.choices_from):
            raise ValueError(f"「{self.label}」有 choices，type 应写 choice")
        if self.column and self.level >= 3:
            raise ValueError(f"「{self.label}」是 {self.level} 级敏感字段，要加密保存，不能写 column: true")
        if self.type in ("phone", "id_number") and self.level < 3:
            raise ValueError(f"「{self.label}」是手机号或证件号，敏感等级至少 3 级")
        if self.approval and self.record != "client":
            raise ValueError(f"「{self.label}」写了 approval，只有客户的字段可以写")
        if extra := sorted(({*self.edit} | {*self.export}) - {*self.see}):
            raise ValueError(f"「{self.label}」能改或能导出的角色必须也能看：{'、'.join(extra)}")
        return self

    @property
    def prose(self) -> bool:
        """Whether people write sentences into it, which may say anything about anybody (their health, their talk).
        A shorter text holds the word that its label asks for: a city, an occupation."""
        longest = self.checks.max_length or SENTENCE
        return self.type == "text" and not self.column and self.checks.pattern is None and longest >= SENTENCE

    @property
    def sealed(self) -> bool:
        """Kept encrypted, never searchable except through a blind index."""
        return self.level >= 3 or self.prose

    @property
    def path(self) -> str:
        """`record.name`, as conditions and rule sources write it."""
        return f"{self.record}.{self.name}"

    @property
    def words(self) -> tuple[str, ...]:
        """Everything a person may call this field."""
        return (self.label, *self.synonyms, self.name)


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        raise ValueError("pattern 不是正确的正则表达式") from None
    # A repeated group that itself repeats, as in (\d+)+$, may run for minutes on 30 characters.
    if _NESTED_REPEAT.search(pattern):
        raise ValueError("pattern 里不能有重复套重复，例如 (a+)+")
