"""Flows: how a ticket of one sort goes, from the first word to its end: states, legal moves, who may make them, what is
asked before, papers, time limits and who gets it.

The first state is the one a ticket opens in. A running ticket keeps the flow that it began with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from config.pack_fields import Choice, Item, Label, Line, Name, Part, Role
from config.pack_text import variables_in

# Whom a move belongs to: who has the ticket, who opened it, who serves the client, the managers above that one, whoever
# stands above who has the ticket; everybody of a role; or nobody but the clock, at night.
Who = Literal["handler", "opener", "adviser", "manager", "superior", "claims", "risk", "compliance", "ops", "clock"]
CLOCK: Who = "clock"
ANSWER = "answer"  # the move that stops the first clock
WITHDRAW = "withdraw"  # the move by which a matter is given up
AskType = Literal["text", "choice", "money", "percent", "integer", "date", "told"]
Effect = Literal[
    "change_field", "check_rate", "pay_out", "check_contact", "keep_promise", "check_repaid", "screen", "check_marks",
    "ask_outside",
]
FlowId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Word = Annotated[str, Field(min_length=1, max_length=12)]
Hours = Annotated[float, Field(gt=0, le=2000)]
_IN_BRACES = re.compile(r"\{(.*?)\}")
CAUSE = "cause"  # what is asked under this name is a word of a list, and counted
POOLS: tuple[Role, ...] = ("claims", "risk", "compliance", "ops")  # whose work lies before everybody of the role


class Ask(Part):
    """What has to be said: `ask` is the question; `health` and other personal words are sealed with all the others.

    `least` and `most` bound a number; without `least` it must be over 0. `default` counts where nothing was said.
    `on_record`: the field of the client whose value is taken where it has one. `see`: the roles that may read it; all
    where none is named."""

    name: Name
    label: Label
    type: AskType = "text"
    ask: Annotated[str, Field(max_length=80)] = ""
    choices: tuple[Choice, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    default: Annotated[str, Field(max_length=40)] = ""
    on_record: Name | None = None
    see: tuple[Role, ...] = ()

    @model_validator(mode="after")
    def _choices_belong_to_a_choice(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError(f"「{self.label}」要么 type: choice 并写 choices，要么都不写")
        return self

    @property
    def question(self) -> str:
        return self.ask or f"请说明{self.label}。"


class Paper(Part):
    """A document that is collected; photos and files sent into the chat tick it. `good_until`: the client's date until
    which the one on record is good, and need not be collected again. `keeps_days`: neither need one that came in for
    another of his tickets within so many days."""

    name: Name
    label: Label
    optional: bool = False
    good_until: Name | None = None
    keeps_days: Annotated[int, Field(ge=1, le=366)] | None = None


class FlowState(Part):
    """A place where a ticket waits. `ends`: it waits no more. `tell_client`: what the client is told when it comes
    here, with the ticket's number alone; "" for nothing."""

    name: Name
    label: Label
    ends: bool = False
    tell_client: Annotated[str, Field(max_length=120)] = ""

    @model_validator(mode="after")
    def _tells_no_figures(self) -> Self:
        if unknown := [name for name in variables_in(self.tell_client) if name != "number"]:
            raise ValueError(f"「{self.label}」的 tell_client 没有变量「{unknown[0]}」，可用：number")
        if re.search(r"\d", self.tell_client):
            raise ValueError(f"「{self.label}」的 tell_client 不能写数字：金额、日期由经办人告诉客户")
        return self


class Ceiling(Part):
    """The move may be made as long as the amount in `field` is not over `most` yuan."""

    field: Name
    most: Annotated[Decimal, Field(gt=0)]


class Move(Part):
    """From any of `states` to `to`, by any of `by`. `asks`: what must be known before, asked where it is not.

    `anew`: it is asked for each time, and what was said for another move does not count. `papers`: all papers that are
    not optional must be in. `four_eyes`: not by whoever brought the ticket here, nor by who opened it. `apart_from`:
    nor by who made any of these moves before. `alone`: its words are an order also without the ticket's number.
    `tells`: who hears of it. `effect`: what it does besides."""

    name: Name
    label: Label
    words: tuple[Word, ...] = ()
    states: Annotated[tuple[Name, ...], Field(min_length=1)]
    to: Name
    by: Annotated[tuple[Who, ...], Field(min_length=1)]
    asks: tuple[Name, ...] = ()
    anew: bool = False
    papers: bool = False
    four_eyes: bool = False
    apart_from: tuple[Name, ...] = ()
    alone: bool = False
    ceiling: Ceiling | None = None
    tells: tuple[Who, ...] = ()
    effect: Effect | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """Everything a person may call it."""
        return (self.label, *self.words)


class TimeLimit(Part):
    """How many working hours a ticket may take from its opening until one of the moves `until` is made: `goal` is aimed
    at, `limit` is promised, `red` is the line behind which it stands on everybody's list."""

    name: Name
    label: Label
    until: Annotated[tuple[Name, ...], Field(min_length=1)]
    goal: Hours | None = None
    limit: Hours
    red: Hours | None = None

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if not (self.goal or self.limit) <= self.limit <= (self.red or self.limit):
            raise ValueError(f"「{self.label}」要 goal ≤ limit ≤ red")
        return self


class Assignment(Part):
    """Who gets a new ticket; the first that fits does. Of a role the one with the fewest open tickets, of the line of
    the client's adviser where `same_line` is set."""

    to: Who
    tiers: tuple[Label, ...] = ()
    same_line: bool = False


class RedFlag(Part):
    """Something to look into: a policy that was younger than `days` when it happened, the `at_least`-th such ticket of
    the client within `days`, or his phone number in such tickets of `at_least` clients."""

    sort: Literal["young_contract", "repeated", "shared_phone"]
    days: Annotated[int, Field(ge=1, le=3660)]
    at_least: Annotated[int, Field(ge=2, le=99)] = 2


class Flow(Item):
    """One sort of ticket. `opened_by`: the members who may open one; `by_client`: so may the client himself. `once`:
    of a client only one is open at a time. `pool`: the role before whom all of them lie. `mark`: the yes-or-no field
    of the client that is yes while one is open. `order`: an example of the words that alone open one, where its own
    name does not. `silent`: the client's adviser never gets it, as it may be about him. `effect`: what opening one
    does besides. `summary`: what it is about in one line, with what was asked in braces, where no content says it.
    `flags`: what is shown as suspicious, to the roles `flags_for` alone. `afterwards`: a task for the adviser at the
    end."""

    id: FlowId
    label: Label
    words: tuple[Word, ...] = ()
    line: Line = "common"
    opened_by: tuple[Role, ...] = ("adviser", "manager")
    by_client: bool = False
    once: bool = False
    order: Annotated[str, Field(max_length=60)] = ""
    pool: Role | None = None
    mark: Name | None = None
    silent: bool = False
    asks: Annotated[tuple[Ask, ...], Field(min_length=1)]
    opens_with: Annotated[tuple[Name, ...], Field(min_length=1)]
    papers: tuple[Paper, ...] = ()
    states: Annotated[tuple[FlowState, ...], Field(min_length=2)]
    moves: Annotated[tuple[Move, ...], Field(min_length=1)]
    limits: tuple[TimeLimit, ...] = ()
    assign: Annotated[tuple[Assignment, ...], Field(min_length=1)]
    effect: Effect | None = None
    flags: tuple[RedFlag, ...] = ()
    flags_for: tuple[Role, ...] = ("claims", "compliance")
    summary: Annotated[str, Field(max_length=100)] = ""
    afterwards: Annotated[str, Field(max_length=60)] = ""
    enabled: bool = True

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    @property
    def said(self) -> tuple[str, ...]:
        """Everything a person may call it."""
        return (self.label, *self.words)

    @property
    def first(self) -> FlowState:
        return self.states[0]

    @cached_property
    def _by_state(self) -> dict[str, FlowState]:
        return {state.name: state for state in self.states}

    @cached_property
    def _by_ask(self) -> dict[str, Ask]:
        return {ask.name: ask for ask in self.asks}

    def state(self, name: str) -> FlowState:
        """Raises KeyError for a state it does not have."""
        return self._by_state[name]

    def ask(self, name: str) -> Ask:
        """Raises KeyError for something it does not ask."""
        return self._by_ask[name]

    def cause_in(self, details: Mapping[str, Any]) -> str | None:
        """The cause among what is known of a ticket: a word of the flow's list, or None."""
        listed = self._by_ask[CAUSE].choices if CAUSE in self._by_ask else ()
        return next((choice.value for choice in listed if choice.value == details.get(CAUSE)), None)

    def move(self, name: str) -> Move:
        """Raises KeyError for a move it does not have."""
        return next(move for move in self.moves if move.name == name)

    def is_marked(self, state: str, origin: str) -> bool:
        """Whether the client is asked for a mark when his ticket comes into this state: a matter of his own that ended,
        and was not given up."""
        ways = {move.name for move in self.moves if move.to == state}
        return self.state(state).ends and origin == "client" and ways != {WITHDRAW}

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """The legal ones, whoever may make them."""
        return tuple(move for move in self.moves if state in move.states)


def _problems(flow: Flow) -> Iterator[str]:
    """What does not fit together, in Chinese."""
    yield from _twice(flow)
    states, asks = {state.name for state in flow.states}, {ask.name for ask in flow.asks}
    for move in flow.moves:
        yield from (f"「{move.label}」用到没有的状态 {name}" for name in (*move.states, move.to) if name not in states)
        named = (*move.asks, *((move.ceiling.field,) if move.ceiling else ()))
        yield from (f"「{move.label}」用到没有的内容 {name}" for name in named if name not in asks)
        if move.ceiling and move.ceiling.field in asks and flow.ask(move.ceiling.field).type != "money":
            yield f"「{move.label}」的 ceiling 要用 type: money 的内容，{move.ceiling.field} 不是"
        if move.ceiling and move.ceiling.field in move.asks:
            yield f"「{move.label}」的 ceiling 要用之前就问好的金额，不能同一步里才问 {move.ceiling.field}"
    for heading, used in (("opens_with", flow.opens_with), ("summary", _IN_BRACES.findall(flow.summary))):
        yield from (f"{heading} 用到没有的内容 {name}" for name in used if name not in asks)
    if any(ask.name == CAUSE and ask.type != "choice" for ask in flow.asks):
        yield f"{CAUSE} 要 type: choice：原因按选项统计"
    told = {who for move in flow.moves for who in move.tells}
    if CLOCK in told | {rule.to for rule in flow.assign}:
        yield "clock 是系统，只能写在 by 里，不能派给它，也不用告诉它"
    known = {move.name for move in flow.moves}
    for move in flow.moves:
        unknown = [name for name in move.apart_from if name not in known]
        yield from (f"「{move.label}」的 apart_from 用到没有的动作 {name}" for name in unknown)
    for limit in flow.limits:
        yield from (f"「{limit.label}」的 until 用到没有的动作 {name}" for name in limit.until if name not in known)
    yield from _dead_ends(flow)


def _twice(flow: Flow) -> Iterator[str]:
    for parts, what in (
        (flow.states, "状态"), (flow.asks, "内容"), (flow.moves, "动作"), (flow.papers, "资料"), (flow.limits, "时限"),
    ):
        names = [part.name for part in parts]
        yield from (f"{what} {name} 写了两次" for name in dict.fromkeys(names) if names.count(name) > 1)


def _dead_ends(flow: Flow) -> Iterator[str]:
    """States that nothing leads to, and such from which no end can be reached."""
    if flow.first.ends:
        yield "第一个状态不能是结束状态"
    if flow.first.tell_client:
        yield f"第一个状态「{flow.first.label}」不用 tell_client：登记时已经答复客户"
    for state in flow.states:
        if state.ends and flow.moves_from(state.name):
            yield f"状态「{state.label}」已经结束，不能再有动作"
        if state is not flow.first and not _reaches(flow, flow.first.name, {state.name}):
            yield f"状态「{state.label}」走不到"
        if not state.ends and not _reaches(flow, state.name, {end.name for end in flow.states if end.ends}):
            yield f"从状态「{state.label}」走不到结束"


def _reaches(flow: Flow, start: str, goals: set[str]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for move in flow.moves_from(waiting.pop()):
            if move.to not in seen:
                seen.add(move.to)
                waiting.append(move.to)
    return bool(seen & goals)
