"""The attendant: reads what a customer said as a customer's words, answers or hands over, one message for all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.language import Meaning
from handlers.self_service.assessing import takes_choice
from handlers.self_service.claims import takes_answer, takes_photo
from handlers.self_service.identity import ask_who, hears_of_identity
from handlers.self_service.ratings import takes_mark
from handlers.self_service.reading import understood
from handlers.self_service.talk import hears_a_risk, hears_a_subject, missed, takes_up
from handlers.self_service.visit import ANSWERS, LINE, MOST_REMEMBERED, Memory, Visit
from reminders.ages import is_minor
from reminders.gate import Asked, may_send
from reminders.kf_attending import Attended
from reminders.kf_line import TEXT_BYTES
from storage.database import UnitOfWork
from storage.model.kf import Heard, Talk
from storage.model.messages import cut
from storage.model.people import Client
from storage.repositories.bindings import BindingRepository

_NO_MISS = ("none", "chitchat", "help")
_SENTENCE_END = re.compile(r"(?<=[?？])|\n")


class SelfService:
    """`reminders.kf_attending.Attendant`. `sends_codes`: the firm has a way to send codes to phones."""

    def __init__(self, zone: ZoneInfo, company: str, *, sends_codes: bool) -> None:
        self._zone, self._company, self._sends_codes = zone, company or "我们公司", sends_codes

    def welcome(self, uow: UnitOfWork) -> str:
        return uow.packs.reply("welcome").render(company=self._company)

    def attend(self, uow: UnitOfWork, talk: Talk, said: Sequence[Heard], client: Client | None) -> Attended:
        bindings = BindingRepository(uow)
        memory = Memory.from_json(bindings.state(talk.external_userid), uow.now)
        binding = bindings.of(talk.external_userid)
        visit = Visit(
            uow, self._zone, self._company, self._sends_codes, talk, client, binding, memory, said[0],
        )
        for heard in said:
            visit.heard = heard
            _hear(visit)
        bindings.save_state(talk.external_userid, memory.to_json(uow.now))
        return _attended(visit)


def _hear(visit: Visit) -> None:
    if visit.heard.kind in ("recalled", "private"):
        return
    if visit.heard.kind != "text":
        if not takes_photo(visit):
            visit.hand_over("not_text")
        return
    if hears_of_identity(visit):
        _answer_what_waited(visit)
        return
    if not (hears_a_risk(visit) or takes_answer(visit) or takes_choice(visit) or takes_mark(visit)):
        _read(visit)
    visit.memory.said = [*visit.memory.said, cut(visit.text, LINE)][-MOST_REMEMBERED:]


def _answer_what_waited(visit: Visit) -> None:
    """Now that it is known who asks."""
    if visit.client is not None and (question := visit.memory.question):
        visit.memory.question, proof = "", visit.heard
        visit.heard = replace(proof, text=question)
        _read(visit)
        visit.heard = proof


def _read(visit: Visit) -> None:
    """Understand a sentence and answer each of its acts."""
    if hears_a_subject(visit):
        return
    parts = _acts(visit)
    if any(part.intent not in _NO_MISS for part in parts):
        visit.memory.misses = 0
    for part in parts:
        _answer(visit, part)


def _acts(visit: Visit) -> list[Meaning]:
    """All that a sentence asks for. Two questions one after the other are two, where each by itself is understood."""
    sentences = [part for part in _SENTENCE_END.split(visit.text) if part.strip()]
    if len(sentences) > 1:
        each = [understood(visit, sentence) for sentence in sentences]
        if all(meaning.intent in ANSWERS for meaning in each):
            return each
    meaning = takes_up(visit, understood(visit, visit.text))
    return list(meaning.parts or (meaning,))


def _answer(visit: Visit, meaning: Meaning) -> None:
    known = ANSWERS.get(meaning.intent)
    if known is None:
        missed(visit)
    elif not known.personal:
        known.run(visit, meaning)
    elif visit.client is None:
        ask_who(visit)
    elif is_minor(visit.client, visit.today):
        visit.hand_over("minor", "客户未成年，没有答复个人信息，请联系监护人。")
    else:
        visit.uow.audit.record(
            "read", "client", visit.client.id, client_id=visit.client.id, section=meaning.intent, by="customer"
        )
        known.run(visit, meaning)


def _attended(visit: Visit) -> Attended:
    answer, binding_id = "\n\n".join(visit.answers), visit.binding.id if visit.personal and visit.binding else None
    if binding_id is not None and (why := _against_it(visit, answer)):
        visit.hand_over("to_person", f"智能助手没有答复：{why}")
        answer, binding_id = visit.answers[-1], None
    return Attended(
        _within(answer), binding_id, frozenset(visit.private), visit.to_person, tuple(visit.notes),
        tuple(visit.letters), visit.missed, visit.servicer_id, visit.interested,
    )


def _against_it(visit: Visit, answer: str) -> str:
    """What the gate has against telling the client this."""
    assert visit.client is not None
    asked = Asked.answer(visit.client, answer, visit.talk.said_at)
    verdict = may_send(visit.uow, asked, visit.zone, stage="draft")
    return "" if verdict.allowed or verdict.until else verdict.words


def _within(answer: str) -> str:
    """WeCom cuts what is longer."""
    while len(answer.encode()) > TEXT_BYTES:
        answer = cut(answer, len(answer) - 1 - (len(answer.encode()) - TEXT_BYTES) // 3)
    return answer
