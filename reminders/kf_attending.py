"""Who answers a customer at once, by the bot itself: asked in the unit of work in which his message is told of.

What the bot makes of the words is no business of this layer (`handlers.self_service` is); that it is answered once,
inside the window and with room left for people, is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from reminders.kf_answers import window_of
from storage.database import UnitOfWork
from storage.model.kf import Heard, Talk
from storage.model.people import Client
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.kf_sessions import KfSessionRepository

KEPT_FOR_PEOPLE = 1  # answers of the window that the bot leaves free


@dataclass(frozen=True, slots=True)
class Attended:
    """What came of a customer's words. `answer`: what he is told, "" for nothing; it tells of a client where it stands
    on a binding. `private`: messages whose words nobody else is to read. `to_person`: he waits for a human. `notes` go
    to whoever is told what he said, `letters` to others (member, words). `missed`: not all of it was understood.
    `servicer_id`: the member who is to serve him in WeCom's own tool. `interested`: whoever he is, he may become a
    client by what he asked."""

    answer: str = ""
    binding_id: int | None = None
    private: frozenset[int] = frozenset()
    to_person: bool = True
    notes: tuple[str, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    missed: bool = False
    servicer_id: str = ""
    interested: bool = False


UNATTENDED = Attended()


class Attendant(Protocol):
    """Understands customers and says what they are answered."""

    def attend(self, uow: UnitOfWork, talk: Talk, said: Sequence[Heard], client: Client | None) -> Attended:
        """What to answer to what was `said` (at least one message) in a talk; `client` is who the customer is known to
        be, which is no proof. Everything it writes is part of `uow`."""

    def welcome(self, uow: UnitOfWork) -> str:
        """The words with which a session begins."""


def attend(
    uow: UnitOfWork, attendant: Attendant, talk: Talk, said: Sequence[Heard], client: Client | None
) -> Attended:
    """Have a customer answered, if the bot may: not while a person in WeCom's own tool serves him, nor with the last
    answer of the window. Its answer is queued; the words that are nobody's business are forgotten."""
    kf, window = KfRepository(uow), window_of(uow, talk)
    if kf.is_with_staff(talk) or window.closed(uow.now) or window.left <= KEPT_FOR_PEOPLE:
        return UNATTENDED
    attended = attendant.attend(uow, talk, said, client)
    if attended.answer:
        KfReplyRepository(uow).answer(
            talk, attended.answer, key=f"re:{said[-1].id}", client=client, binding_id=attended.binding_id,
            to_person=attended.to_person, look_at=uow.now,
        )
    if attended.servicer_id:
        KfSessionRepository(uow).want(talk, attended.servicer_id)
    for heard in said:
        if heard.id in attended.private:
            kf.conceal(heard)
    return attended


def without_private(said: Sequence[Heard], attended: Attended) -> list[Heard]:
    """What members read of it."""
    return [replace(h, text="", kind="private") if h.id in attended.private else h for h in said]
