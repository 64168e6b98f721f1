"""Journeys: what is to be done for a client on the 1st, 3rd, 7th … day after the client came in, and what ends it.

Each step is a reminder rule of its own (`new_client/hello`), counted from the day of entry, so that planning,
settling, trials and reasons are those of all rules."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.pack_fields import Item, Label, Name, Part
from config.pack_models import Condition, ReminderRule, Spoken, Template, Word
from config.pack_text import check_text

STEP = "/"  # between the id of a journey and that of its step
ENTERED = "journey.entered_on"  # the date that steps count from
CREATED = "client.created_at"  # an instant; the one that a journey may begin with
ENDING = "旅程"  # of every journey's name: by it a journey is told from a client in chat

Stop = Literal["bought", "opted_out", "complaint", "claim", "restricted", "lost"]
JourneyId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Text = Annotated[str, Field(max_length=200)]


class JourneyEntry(Part):
    """The date of a client or contract on which clients come in by themselves, and which of them: as in a rule."""

    source: str
    kinds: tuple[Name, ...] = ()
    where: Annotated[tuple[Condition, ...], Field(max_length=12)] = ()
    when: Spoken = ""


class JourneyStep(Part):
    """What is due on a day after the entry (1: the next day): a `task` in words for the adviser, or `care`, an
    approved text for the client. A day that is no working day is moved to the next one, or stays."""

    id: JourneyId
    label: Label
    day: Annotated[int, Field(ge=1, le=366)]
    task: Text = ""
    care: str = ""
    shift: Literal["none", "next"] = "next"
    hour: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "08:30"
    weight: Annotated[int, Field(ge=0, le=100)] = 55

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if bool(self.task) == bool(self.care):
            raise ValueError("task（顾问要做的事）和 care（发给客户的模板）要写一个，而且只能写一个")
        check_text(self.task)
        return self

    @property
    def said(self) -> str:
        """What the adviser is told to do, as the words of a template."""
        return self.task or f"${{client_name}}：{self.label}（点「起草」看建议文案，您确认才发）。"


class Journey(Item):
    """Steps in order. `entry`: who comes in by himself; without one, clients are put in by hand or by a campaign.
    `stop_on`: what ends it before its time; death always does. Its dates bound who may come in."""

    id: JourneyId
    label: Annotated[str, Field(pattern=r"^\S{1,14}旅程$")]
    synonyms: tuple[Word, ...] = ()
    entry: JourneyEntry | None = None
    stop_on: tuple[Stop, ...] = ("bought", "opted_out", "complaint", "restricted", "lost")
    steps: Annotated[tuple[JourneyStep, ...], Field(min_length=1, max_length=24)]
    enabled: bool = True
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len({step.id for step in self.steps}) != len(self.steps):
            raise ValueError("steps 里有重复的 id")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("生效日期（valid_from）不能晚于失效日期（valid_until）")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """What people may call it: 新客旅程, 新客, and its synonyms."""
        return (self.label, self.label.removesuffix(ENDING), *self.synonyms)

    @property
    def last_day(self) -> int:
        return max(step.day for step in self.steps)

    def takes_in_on(self, day: date) -> bool:
        """Switched on, and `day` lies within its dates (both inclusive)."""
        started = self.valid_from is None or self.valid_from <= day
        return self.enabled and started and (self.valid_until is None or day <= self.valid_until)

    @cached_property
    def entry_rule(self) -> ReminderRule | None:
        """Who comes in, as a rule that is asked for its rows and never reminds."""
        if self.entry is None:
            return None
        return ReminderRule.model_construct(
            id=f"{self.id}{STEP}", label=self.label, category="follow_up", source=self.entry.source,
            kinds=self.entry.kinds, where=self.entry.where, when=self.entry.when, offsets=(0,), hour="00:00",
            enabled=self.enabled, valid_from=self.valid_from, valid_until=self.valid_until, template="",
        )  # fmt: skip

    @cached_property
    def rules(self) -> tuple[ReminderRule, ...]:
        """The steps as reminder rules of the entries (`kinds` names the journey)."""
        return tuple(
            ReminderRule.model_construct(
                id=f"{self.id}{STEP}{step.id}", label=f"{self.label}·{step.label}", category="journey", source=ENTERED,
                kinds=(self.id,), offsets=(step.day,), shift=step.shift, template=f"{self.id}{STEP}{step.id}",
                care_template=step.care, weight=step.weight, hour=step.hour, enabled=self.enabled,
            )
            for step in self.steps
        )  # fmt: skip

    @cached_property
    def texts(self) -> tuple[Template, ...]:
        """What the adviser is told, by the id of the step's rule."""
        return tuple(
            Template.model_construct(
                id=f"{self.id}{STEP}{step.id}", label=f"{self.label}·{step.label}", purpose="reminder", text=step.said
            )
            for step in self.steps
        )
