"""Questionnaires: questions with answers that have points, and what the points come to. The answers of a client give a
field of his record that nobody sets by hand, until it expires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.pack_fields import Item, Label, Line, Name, Part

Text = Annotated[str, Field(min_length=1, max_length=80)]
Result = Annotated[str, Field(min_length=1, max_length=40)]


class Answer(Part):
    """`at_most`: whoever answers this gets no higher result, whatever the points say."""

    label: Text
    points: Annotated[int, Field(ge=0, le=1000)]
    at_most: Result | None = None


class Question(Part):
    name: Name
    ask: Text
    answers: Annotated[tuple[Answer, ...], Field(min_length=2, max_length=9)]


class Band(Part):
    """The result up to so many points; the last band has no end."""

    result: Result
    up_to: Annotated[int, Field(ge=0)] | None = None


class Questionnaire(Item):
    """`field` gets the result, `expires` the day until which it is good, `taken_on` the day of the answers: fields of
    the client."""

    id: Name
    label: Label
    words: tuple[Label, ...] = ()
    line: Line = "common"
    field: Name
    expires: Name
    taken_on: Name | None = None
    valid_days: Annotated[int, Field(gt=0, le=3660)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]

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
    def fields(self) -> tuple[str, ...]:
        """What it sets."""
        return tuple(filter(None, (self.field, self.expires, self.taken_on)))

    @property
    def results(self) -> tuple[str, ...]:
        """From the lowest to the highest."""
        return tuple(band.result for band in self.bands)

    def points(self, chosen: Sequence[int]) -> int:
        """What the answers come to; `chosen` holds the place of each in its question, from 0."""
        return sum(q.answers[n].points for q, n in zip(self.questions, chosen, strict=True))

    def result(self, chosen: Sequence[int]) -> str:
        """The band of the points, or the lowest that an answer sets as the highest."""
        points = self.points(chosen)
        reached = next(n for n, band in enumerate(self.bands) if band.up_to is None or points <= band.up_to)
        capped = [q.answers[n].at_most for q, n in zip(self.questions, chosen, strict=True)]
        return self.results[min([reached, *(self.results.index(cap) for cap in capped if cap)])]


def _problems(questionnaire: Questionnaire) -> Iterator[str]:
    """What does not fit together, in Chinese."""
    names = [question.name for question in questionnaire.questions]
    yield from (f"题目 {name} 写了两次" for name in dict.fromkeys(names) if names.count(name) > 1)
    results = questionnaire.results
    yield from (f"结果 {result} 写了两次" for result in dict.fromkeys(results) if results.count(result) > 1)
    *ends, last = [band.up_to for band in questionnaire.bands]
    if last is not None or None in ends or sorted({end for end in ends if end is not None}) != ends:
        yield "bands 的 up_to 要从小到大，最后一档不写"
    for question in questionnaire.questions:
        for answer in question.answers:
            if answer.at_most and answer.at_most not in results:
                yield f"「{answer.label}」的 at_most {answer.at_most} 不在 bands 里"
