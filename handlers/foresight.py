"""What plain sentences will ask of the book, read for a whole group of messages at once.

Where the database is another process each question is a round trip, which costs more than its answer. Nothing
depends on it: what was not foreseen is asked when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.language.plain import names_asked
from handlers.router import lexicon_of
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.people import Actor
from storage.scope import scope_of


def foresee(uow: UnitOfWork, said: Sequence[tuple[str, str]], zone: ZoneInfo) -> None:
    """`said`: who said what. Of advisers who ask for one of their clients by name, the names and the cards."""
    lexicon = lexicon_of(uow.packs)
    wanted: list[tuple[str, str, list[str]]] = []
    for user_id, text in said:
        user = uow.users.find(user_id)
        asked = names_asked(text.strip(), lexicon) if user and scope_of(Actor.of(user), uow.now) == "own" else None
        if user and asked:
            wanted.append((user.id, asked[1], asked[2]))
    found = uow.clients.foresee([(user_id, keys) for user_id, _, keys in wanted])
    cards: list[tuple[str, int]] = []
    for (user_id, name, _), hits in zip(wanted, found, strict=True):
        ids = {hit.client_id for hit in hits if hit.key == name}
        if len(ids) == 1 and all(hit.key == name[1:] or hit.key == hit.name == name for hit in hits):
            cards.append((user_id, ids.pop()))
    uow.glances.foresee(cards, local_date(uow.now, zone), zone)
