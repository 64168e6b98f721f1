"""A client answers a questionnaire, one question after the other, over as many days as he likes.

It knows no chat: whether a member asks the client or the client answers by himself, it goes through `sit_down` and
`take`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from config.pack import Packs, Question, Questionnaire
from storage.database import UnitOfWork
from storage.model.assessments import Assessment
from storage.model.clock import local_date
from storage.model.errors import Invalid
from storage.model.normal import normalise
from storage.model.people import Client
from storage.repositories.assessments import AssessmentRepository

_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_PLACE = re.compile(r"(?:第|选|我选|选择|答)*\s*([1-9]|[a-i]|[一二三四五六七八九])\s*(?:个|项|号|吧|,|\.|、|。)*")


@dataclass(frozen=True, slots=True)
class Sitting:
    """How far a client has come. `anew`: one that was begun before is asked in other words by now."""

    questionnaire: Questionnaire
    assessment: Assessment
    anew: bool = False

    @property
    def place(self) -> int:
        """How many questions are answered."""
        return len(self.assessment.answers)

    @property
    def question(self) -> Question | None:
        """The next one; None when all are answered."""
        questions = self.questionnaire.questions
        return questions[self.place] if self.assessment.state == "running" and self.place < len(questions) else None

    @property
    def words(self) -> str:
        """The next question with its numbered answers, as anybody is asked it."""
        if self.question is None:
            return ""
        head = f"第 {self.place + 1}/{len(self.questionnaire.questions)} 题：{self.question.ask}"
        return "\n".join([head, *(f"{_CIRCLED[n]} {answer.label}" for n, answer in enumerate(self.question.answers))])


def sit_down(uow: UnitOfWork, client: Client, questionnaire: Questionnaire) -> Sitting:
    """Go on where the client broke off, or begin. What was begun in other words is begun again."""
    repository = AssessmentRepository(uow)
    running, anew = repository.running(client.id, questionnaire.id), False
    if running is not None and running.edition != questionnaire.edition:
        repository.drop(running)
        running, anew = None, True
    running = running or repository.begin(client, questionnaire.id, questionnaire.edition)
    return Sitting(questionnaire, running, anew)


def choice(question: Question, text: str) -> int | None:
    """Which answer the words mean, from 0: a number, a letter, or words of one answer alone."""
    plain = normalise(text).text.strip()
    if plain and plain[0] in _CIRCLED:
        plain = str(_CIRCLED.index(plain[0]) + 1)
    if (match := _PLACE.fullmatch(plain)) is not None:
        said = match[1]
        place = "abcdefghi".find(said) if said.isalpha() and said.isascii() else "一二三四五六七八九".find(said)
        place = int(said) - 1 if said.isdecimal() else place
        return place if 0 <= place < len(question.answers) else None
    labels = [normalise(answer.label).text for answer in question.answers]
    if plain in labels:
        return labels.index(plain)
    found = [n for n, label in enumerate(labels) if len(plain) > 1 and (plain in label or label in plain)]
    return found[0] if len(found) == 1 else None


def take(uow: UnitOfWork, zone: ZoneInfo, sitting: Sitting, place: int) -> Sitting:
    """Keep an answer; with the last one the result goes into the client's record. Raises Conflict, Invalid."""
    question = sitting.question
    if question is None or not 0 <= place < len(question.answers):
        raise Invalid("没有这个答案，请回复选项前面的序号。")
    answer = question.answers[place]
    given = {"ask": question.ask, "answer": answer.label, "points": answer.points, "place": place}
    written = AssessmentRepository(uow).write(sitting.assessment, [*sitting.assessment.answers, given])
    after = replace(sitting, assessment=written, anew=False)
    return after if after.question is not None else _finished(uow, zone, after)


def take_back(uow: UnitOfWork, sitting: Sitting) -> Sitting:
    """Ask the question before once more."""
    if not sitting.place:
        raise Invalid("这是第一题。")
    written = AssessmentRepository(uow).write(sitting.assessment, sitting.assessment.answers[:-1])
    return replace(sitting, assessment=written, anew=False)


def _finished(uow: UnitOfWork, zone: ZoneInfo, sitting: Sitting) -> Sitting:
    asked, chosen, today = sitting.questionnaire, sitting.assessment.chosen, local_date(uow.now, zone)
    until = today + timedelta(days=asked.valid_days)
    done = AssessmentRepository(uow).finish(sitting.assessment, asked.points(chosen), asked.result(chosen), until)
    values = {asked.field: done.result, asked.expires: until}
    if asked.taken_on:
        values[asked.taken_on] = today
    uow.clients.update(uow.clients.get(done.client_id), **values)
    return replace(sitting, assessment=done)


def outcome_of(packs: Packs, asked: Questionnaire, done: Assessment) -> str:
    """C3 平衡型，有效期至 2026-06-09"""
    labels = {choice.value: choice.label for choice in packs.field("client", asked.field).choices}
    return f"{labels.get(str(done.result), done.result)}，有效期至 {done.valid_until}"
