"""Reading a sentence as a customer's: nothing of the members' language is open to him."""

from __future__ import annotations

from handlers.language import Dialogue, Meaning, understand
from handlers.language.meaning import EmptyBook
from handlers.router import lexicon_of
from handlers.self_service.visit import Visit


def understood(visit: Visit, text: str) -> Meaning:
    """What the text means at the time when it was written."""
    return understand(
        text, now=visit.heard.said_at.astimezone(visit.zone), role="customer", book=EmptyBook(), dialogue=Dialogue(),
        lexicon=lexicon_of(visit.packs),
    )
