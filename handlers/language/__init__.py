"""Text → Meaning, as pure functions without I/O. Start at `understand`; the intents stand in `meaning`."""

from handlers.language.lexicon import Lexicon, lexicon_from
from handlers.language.meaning import (
    HOUR_OF_PART,
    Book,
    ClientRef,
    Dialogue,
    EmptyBook,
    Meaning,
    Mention,
    Other,
    Recurrence,
    Span,
    When,
)
from handlers.language.understand import deal_said, understand, warm_up

__all__ = [
    "HOUR_OF_PART", "Book", "ClientRef", "Dialogue", "EmptyBook", "Lexicon", "Meaning", "Mention", "Other", "Recurrence", "Span", "When",
    "deal_said", "lexicon_from", "understand", "warm_up",
]
