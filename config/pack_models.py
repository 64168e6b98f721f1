"""What a pack may declare besides fields: contract kinds, products, tiers, rules, templates, words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, PlainValidator, model_validator

from config.pack_events import EVENT, RECORDS, Event, misfit
from config.pack_fields import Item, Label, Line, Name, Part
from config.pack_text import check_text, render, variables_in

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Word = Annotated[str, Field(min_length=1, max_length=20)]
Days = Annotated[int, Field(ge=0, le=36600)]
Offset = Annotated[int, Field(ge=-3660, le=3660)]
RiskClass = Literal["R1", "R2", "R3", "R4", "R5"]
Category = Literal[
    "renewal", "premium", "birthday", "follow_up", "maturity", "repayment", "expiry", "silence", "anniversary",
    "event", "journey",
]
SILENCE = "client.silence"
BIRTHDAYS = ("client.birthday", "client.lunar_birthday")  # they come again by themselves
YEAR = 366  # days


class PackInfo(Part):
    """What `pack.yaml` says."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    label: Label
    version: Annotated[str, Field(min_length=1, max_length=20)]
    line: Line


class State(Part):
    """A state of a contract. `moves` names the states it may go to; a `final` one goes nowhere. Whoever wants the
    contract in it opens a ticket of the flow `through`."""

    name: Name
    label: Label
    final: bool = False
    moves: tuple[str, ...] = ()
    through: str = ""


class PartyRole(Part):
    """Who a person is in a contract: holder, insured, guarantor … Somebody else comes in his place by a ticket of the
    flow `through`."""

    name: Name
    label: Label
    synonyms: tuple[Word, ...] = ()
    through: str = ""


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

    @cached_property
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


class Tier(Part):
    """A step of a tier scheme; a higher `rank` goes first. `contact_days` is the longest silence allowed,
    `assets_from` the assets under management in yuan from which a client belongs here, `when` the condition by which
    he does."""

    name: Word
    rank: Annotated[int, Field(ge=1, le=99)]
    contact_days: Annotated[int, Field(ge=1, le=3660)]
    assets_from: Annotated[int, Field(ge=0)] | None = None
    when: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    synonyms: tuple[Word, ...] = ()


class TierScheme(Item):
    """A set of tiers; `name` is the client field that holds the tier."""

    name: Name
    label: Label
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]

    @property
    def by_assets(self) -> bool:
        """Whether clients belong to its tiers by their assets under management."""
        return any(tier.assets_from is not None for tier in self.tiers)

    @property
    def by_condition(self) -> bool:
        """Whether clients belong to its tiers by conditions."""
        return any(tier.when is not None for tier in self.tiers)

    @property
    def from_the_top(self) -> tuple[Tier, ...]:
        return tuple(sorted(self.tiers, key=lambda tier: -tier.rank))


class Stage(Item):
    """A life-cycle stage of a client (R009)."""

    name: Name
    label: Label
    synonyms: tuple[Word, ...] = ()
    moves: tuple[str, ...] = ()


class RelationKind(Item):
    """How one client is related to another. `reverse` is the name of the same relation seen from there; `family`
    people live as one household."""

    name: Name
    label: Label
    reverse: Name
    family: bool = False
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
    """A text in the firm's words. `variants` are wordings by tier name; `occasion` finds a text to a client by its
    cause, and only an approved one goes to a client. `version` changes with every word."""

    id: Name
    label: Label
    purpose: Literal["reminder", "care", "system"]
    text: Annotated[str, Field(min_length=1, max_length=600)]
    variants: Mapping[str, Annotated[str, Field(min_length=1, max_length=600)]] = {}
    occasion: str = ""
    state: Literal["draft", "approved", "retired"] = "approved"

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
    def version(self) -> str:
        said = "\0".join([self.text, *(f"{tier}\0{text}" for tier, text in sorted(self.variants.items()))])
        return hashlib.sha256(said.encode()).hexdigest()[:12]

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


Spoken = Annotated[str, Field(max_length=500)]  # conditions in the language of conditions
RoleTo = Literal["compliance", "risk", "claims", "ops"]
To = Literal["owner", "supervisor", RoleTo]
ROLES_REMINDED: tuple[RoleTo, ...] = get_args(RoleTo)
Moved = Literal["none", "previous", "next"]
AT = "@"  # between the id of a rule and whom else it reminds


class Receiver(Part):
    """Who is reminded: the client's adviser, the adviser's superior, or every member of a role.

    `when` narrows of which clients. Written as a plain word, it is of all."""

    to: To
    when: Spoken = ""

    @model_validator(mode="before")
    @classmethod
    def _from_a_word(cls, raw: Any) -> Any:
        return {"to": raw} if isinstance(raw, str) else raw


class ReminderRule(Item):
    """When to remind of what: a date of the dictionary or an event, offsets in days (negative = before) and a filter.

    `kinds` narrows rules on contracts, instalments and accounts; empty means every kind. A `yearly` rule goes by the
    anniversaries of its date, from the first on (birthdays come again by themselves). For `client.silence` the date is
    the last contact plus the tier's `contact_days`, or plus `silent_days`, which are the same for every client; a rule
    with an `event` counts from the day it happened, and its source says of which sort it is (`event.surplus`). `when`
    is a condition in the language of conditions, beside `where`. A day of reminding that is no working day is left as
    it is, or moved to the working day before or after (`shift`). `care_template` is the text suggested for the client,
    `suggests` the sort of product to speak of after an event."""

    id: Name
    label: Label
    category: Category
    source: str
    event: Event | None = None
    silent_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    kinds: tuple[Name, ...] = ()
    offsets: Annotated[tuple[Offset, ...], Field(min_length=1, max_length=24)]
    yearly: bool = False
    where: Annotated[tuple[Condition, ...], Field(max_length=12)] = ()
    when: Spoken = ""
    receivers: Annotated[tuple[Receiver, ...], Field(min_length=1, max_length=6)] = (Receiver(to="owner"),)
    shift: Moved = "none"
    template: Name
    care_template: str = ""
    suggests: Annotated[str, Field(max_length=20)] = ""
    weight: Annotated[int, Field(ge=0, le=100)] = 50
    hour: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "08:30"
    enabled: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_receiver(cls, raw: Any) -> Any:
        """`receiver: owner` is short for a list of one."""
        if not isinstance(raw, dict) or "receiver" not in raw:
            return raw
        if "receivers" in raw:
            raise ValueError("receiver 和 receivers 只能写一个")
        return {name: value for name, value in raw.items() if name != "receiver"} | {"receivers": [raw["receiver"]]}

    @model_validator(mode="before")
    @classmethod
    def _from_an_event(cls, raw: Any) -> Any:
        """A rule with an event or a silence of its own needs to say neither source nor, for the day itself, offsets."""
        if isinstance(raw, dict) and raw.get("silent_days") is not None:
            return {"source": SILENCE, "offsets": [0]} | raw
        event = raw.get("event") if isinstance(raw, dict) else None
        if not isinstance(event, dict):
            return raw
        return {"source": f"{EVENT}{event.get('kind', '')}", "offsets": [0]} | raw

    @model_validator(mode="after")
    def _event_fits(self) -> Self:
        if why := misfit(self.event, self.source, self.category, self.offsets, self.shift, yearly=self.yearly):
            raise ValueError(why)
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len(set(self.offsets)) != len(self.offsets):
            raise ValueError("offsets 里有重复的天数")
        if len({receiver.to for receiver in self.receivers}) != len(self.receivers):
            raise ValueError("receivers 里有重复的接收人")
        if self.silent_days is not None and self.source != SILENCE:
            raise ValueError("silent_days（多少天没联系）的规则不写别的 source")
        if self.silent_days is not None and min(self.offsets) < 0:
            raise ValueError("多少天没联系的规则没有提前，天数请直接写在 silent_days 里")
        if self.yearly and max(map(abs, self.offsets)) > YEAR:
            raise ValueError(f"每年的规则，天数要在 -{YEAR} 到 {YEAR} 之间")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("生效日期（valid_from）不能晚于失效日期（valid_until）")
        return self

    @property
    def source_record(self) -> str:
        return RECORDS.get(self.source) or self.source.partition(".")[0]

    @property
    def source_field(self) -> str:
        return self.source.partition(".")[2]

    @property
    def to(self) -> To:
        """Whom a rule of one receiver reminds."""
        return self.receivers[0].to

    @property
    def role_reminded(self) -> RoleTo | None:
        """The role whose members a rule of one receiver reminds; None for the adviser and the superior."""
        return role_reminded(self.id)

    def lines(self) -> tuple[ReminderRule, ...]:
        """The rule as rules of one receiver each. The adviser's keeps the id, so that his reminders stay his; each
        other one has an id of its own (`policy_renewal@supervisor`), and with it keys and reminders of its own."""
        return tuple(
            self.model_copy(update={
                "id": self.id if receiver.to == "owner" else f"{self.id}{AT}{receiver.to}", "receivers": (receiver,),
                "when": f"({self.when}) 且 ({receiver.when})" if self.when and receiver.when
                else self.when or receiver.when,
            })
            for receiver in self.receivers
        )

    def as_json(self) -> dict[str, Any]:
        """The rule as plain JSON, which `model_validate` reads again."""
        return self.model_dump(mode="json", exclude={"replace"}, warnings=False)

    def is_valid_on(self, day: date) -> bool:
        """Switched on, and `day` lies within its dates (both inclusive)."""
        started = self.valid_from is None or self.valid_from <= day
        return self.enabled and started and (self.valid_until is None or day <= self.valid_until)


def role_reminded(line_id: str) -> RoleTo | None:
    """The role whose members the line of a rule reminds (`loan_overdue@risk`); None for another line."""
    whom = line_id.partition(AT)[2]
    return next((role for role in ROLES_REMINDED if role == whom), None)


class Words(Item):
    """Synonyms for the language layer."""

    canonical: Word
    kind: Literal["command", "product", "field", "tag", "status"]
    synonyms: tuple[Word, ...] = ()
