"""Text → Meaning, as pure functions without I/O. Start at `understand`; the intents stand in `meaning`."""

from handlers.language.meaning import (
    HOUR_OF_PART,
    Book,
    ClientRef,
    Dialogue,
    EmptyBook,
    Meaning,
    Mention,
    Recurrence,
    Span,
    When,
)

__all__ = ["HOUR_OF_PART", "Book", "ClientRef", "Dialogue", "EmptyBook", "Meaning", "Mention", "Recurrence", "Span", "When"]
