"""Whether an open question is still on the table: one rule for words, menu, navigation and card taps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from handlers.conversation import Conversation

if TYPE_CHECKING:
    from storage.database import UnitOfWork

# Turns of a conversation that belong to an open question, or leave it where it is; anything else lets it go.
ANSWERS = frozenset(
    {"clarify.answer", "clarify.cancel", "confirm.yes", "confirm.no", "form.correct", "form.answer", "none", "help"}
)


def hears(conversation: Conversation, intent: str) -> None:
    """Before a command runs: unless it is an answer, the open question is let go and the draft put aside."""
    if intent == "undo":
        return  # what it closes or takes back is looked at there
    if intent.startswith("form."):
        conversation.answered()  # the talk is about the draft, not about a question that lay upon it
    elif intent not in ANSWERS:
        conversation.move_on()


def stay_let_go(uow: UnitOfWork, user_id: str, failed: Iterable[Conversation]) -> None:
    """After a rollback: what the refused turn had let go stays let go; all else is as it was before."""
    if any(conversation.moved_on for conversation in failed):
        kept = Conversation.from_json(uow.conversations.load(user_id), uow.now)
        kept.move_on()
        if kept.dirty:
            uow.conversations.save(user_id, kept.to_json())
