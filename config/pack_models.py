"""What a pack may declare besides fields: contract kinds, products, tags, tiers, rules, templates, words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from config.pack_fields import Item, Label, Line, Name, Part
from config.pack_text import check_text, render, variables_in

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Word = Annotated[str, Field(min_length=1, max_length=20)]
Days = Annotated[int, Field(ge=0, le=36600)]
Offset = Annotated[int, Field(ge=-3660, le=3660)]
RiskClass = Literal["R1", "R2", "R3", "R4", "R5"]
Category = Literal[
    "renewal", "premium", "birthday", "follow_up", "maturity", "repayment", "expiry", "silence",
]
SILENCE = "client.silence"


class PackInfo(Part):
    """What `pack.yaml` says."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    label: Label
    version: Annotated[str, Field(min_length=1, max_length=20)]
    line: Line


class State(Part):
    """A state of a contract. `moves` names the states it may go to; a `final` one goes nowhere."""

    name: Name
    label: Label
    final: bool = False
    moves: tuple[str, ...] = ()


class PartyRole(Part):
    """Who a person is in a contract: holder, insured, guarantor …"""

    name: Name
    label: Label
    synonyms: tuple[Word, ...] = ()


class ContractKind(Item):
    """A kind of contract with its state machine, its party roles and the names of its own fields."""

    name: Name
    label: Label
    synonyms: tuple[Word, ...] = ()
    line: Line = "common"
    number_label: Label
    states: Annotated[tuple[State, ...], Field(min_length=1)]
    initial: Name
    roles: tuple[PartyRole, ...] = ()
    instalment_label: str = ""
    amount_label: Label = "金额"
    premium_label: str = ""
    ends_on_label: Label = "到期日"
    fields: tuple[Name, ...] = ()

    def state(self, name: str) -> State | None:
        return next((state for state in self.states if state.name == name), None)

    def state_label(self, name: str) -> str:
        """The Chinese word for a state; the name itself for one this version does not know."""
        state = self.state(name)
        return state.label if state else name

    def may_move(self, before: str, after: str) -> bool:
        state = self.state(before)
        return state is not None and after in state.moves

    def role(self, name: str) -> PartyRole | None:
        return next((role for role in self.roles if role.name == name), None)

    @property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.states if not state.final)


class Product(Item):
    """A product on the shelf. `family` is the canonical word that people use for its sort."""

    code: Code
    name: Label
    synonyms: tuple[Word, ...] = ()
    kind: Name
    family: Word
    line: Line = "common"
    provider: Label
    risk_class: RiskClass | None = None
    grace_days: Days | None = None
    cooling_off_days: Days | None = None
    term_days: Days | None = None
    needs_recording: bool = False


class Tag(Item):
    """A tag people may put on a client. `keywords` in a note propose it."""

    name: Word
    group: Label
    synonyms: tuple[Word, ...] = ()
    keywords: tuple[Word, ...] = ()


class Tier(Part):
    """A step of a tier scheme; a higher `rank` goes first. `contact_days` is the longest silence allowed."""

    name: Word
    rank: Annotated[int, Field(ge=1, le=99)]
    contact_days: Annotated[int, Field(ge=1, le=3660)]
    synonyms: tuple[Word, ...] = ()


class TierScheme(Item):
    """A set of tiers; `name` is the client field that holds the tier."""

    name: Name
    label: Label
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]


class Stage(Item):
    """A life-cycle stage of a client (R009)."""

    name: Name
    label: Label
    synonyms: tuple[Word, ...] = ()
    moves: tuple[str, ...] = ()


class RelationKind(Item):
    """How one client is related to another. `reverse` is the name of the same relation seen from there."""

    name: Name
    label: Label
    reverse: Name
    synonyms: tuple[Word, ...] = ()


class LossReason(Item):
    """Why a client or a renewal was lost (R229)."""

    name: Word
    synonyms: tuple[Word, ...] = ()


class Source(Item):
    """Where a record came from (R005)."""

    name: Word
    synonyms: tuple[Word, ...] = ()


class Template(Item):
    """An approved text. `variants` are wordings by tier name; `occasion` finds a care text by its cause."""

    id: Name
    label: Label
    purpose: Literal["reminder", "care", "system"]
    text: Annotated[str, Field(min_length=1, max_length=600)]
    variants: Mapping[str, Annotated[str, Field(min_length=1, max_length=600)]] = {}
    occasion: str = ""

    @model_validator(mode="after")
    def _only_known_variables(self) -> Self:
        for text in (self.text, *self.variants.values()):
            check_text(text)
        return self

    def text_for(self, *tiers: str | None) -> str:
        """The wording for the first of these tiers that has its own, else the common one."""
        return next((self.variants[t] for t in tiers if t and t in self.variants), self.text)

    def render(self, values: Mapping[str, str], *tiers: str | None) -> str:
        """The finished text. Raises MissingVariable when a value is absent or empty."""
        return render(self.text_for(*tiers), values)

    @property
    def variables(self) -> tuple[str, ...]:
        texts = (self.text, *self.variants.values())
        return tuple(dict.fromkeys(name for text in texts for name in variables_in(text)))


Scalar = str | int | float | bool


def _plain_value(raw: Any) -> Scalar | tuple[Scalar, ...]:
    values = raw if isinstance(raw, list | tuple) else [raw]
    if not values or not all(isinstance(value, Scalar) for value in values):
        raise ValueError("条件的 value 应是一个值，或一个不空的列表")
    return tuple(values) if isinstance(raw, list | tuple) else values[0]


class Condition(Part):
    """`field` is `record.name`. An empty field satisfies `not in` and nothing else."""

    field: str
    op: Literal["=", "in", "not in", ">=", "<="]
    value: Annotated[Scalar | tuple[Scalar, ...], PlainValidator(_plain_value)]

    @model_validator(mode="after")
    def _value_fits_the_operator(self) -> Self:
        if isinstance(self.value, tuple) != (self.op in ("in", "not in")):
            shape = "一个列表，例如 [a, b]" if self.op in ("in", "not in") else "一个值，不是列表"
            raise ValueError(f"条件「{self.op}」后面应是{shape}")
        return self


class ReminderRule(Item):
    """When to remind of what: a date of the dictionary, offsets in days (negative = before) and a filter.

    `kinds` narrows contract and instalment rules; empty means every kind. For `client.silence` the date is
    the last contact plus the tier's `contact_days`. `care_template` is the text suggested for the client."""

    id: Name
    label: Label
    category: Category
    source: str
    kinds: tuple[Name, ...] = ()
    offsets: Annotated[tuple[Offset, ...], Field(min_length=1, max_length=24)]
    where: Annotated[tuple[Condition, ...], Field(max_length=12)] = ()
    receiver: Literal["owner"] = "owner"
    template: Name
    care_template: str = ""
    weight: Annotated[int, Field(ge=0, le=100)] = 50
    hour: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "08:30"
    enabled: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len(set(self.offsets)) != len(self.offsets):
            raise ValueError("offsets 里有重复的天数")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("valid_from 不能晚于 valid_until")
        return self

    @property
    def source_record(self) -> str:
        return self.source.partition(".")[0]

    @property
    def source_field(self) -> str:
        return self.source.partition(".")[2]

    def is_valid_on(self, day: date) -> bool:
        """Switched on, and `day` lies within its dates (both inclusive)."""
        started = self.valid_from is None or self.valid_from <= day
        return self.enabled and started and (self.valid_until is None or day <= self.valid_until)


class Words(Item):
    """Synonyms for the language layer."""

    canonical: Word
    kind: Literal["command", "product", "field", "tag", "status"]
    synonyms: tuple[Word, ...] = ()
