"""Whether an open question is still on the table: one rule for words, menu, navigation and card taps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from handlers.conversation import Conversation
from handlers.language import Meaning
from handlers.language.intents.pattern import WRITES
from storage.model.messages import cut

if TYPE_CHECKING:
    from storage.database import UnitOfWork

# Turns of a conversation that belong to an open question, or leave it where it is; anything else lets it go.
ANSWERS = frozenset(
    {"clarify.answer", "clarify.cancel", "confirm.yes", "confirm.no", "form.correct", "form.answer", "none", "help"}
)
ABOUT_TIMES = ("snooze", "reminder.when", "reminder.start")  # numbered questions that a time in words answers too


def hears(conversation: Conversation, intent: str) -> None:
    """Before a command runs: unless it is an answer, the open question is let go and the draft put aside."""
    if intent == "undo":
        return  # what it closes or takes back is looked at there
    if intent.startswith("form."):
        conversation.answered()  # the talk is about the draft, not about a question that lay upon it
    elif intent not in ANSWERS:
        conversation.move_on()


def not_done(conversation: Conversation) -> str:
    """What was to be written and waited for the choice of a client, where this turn let that go; "" else."""
    question = conversation.let_go
    if question is not None and question.about == "ticket.asked":
        asked = str(question.data["wanted"]["ask"] or question.data["wanted"]["label"])
        return f"刚才问的「{cut(asked, 40)}」没有回答，没有办；要办请再说一次。"
    if question is None or question.about != "client" or question.data.get("intent") not in WRITES:
        return ""
    return f"刚才的「{cut(str(question.data['text']), 40)}」还没有选是哪一位，没有做。要做请带上尾号再说一次。"


def number_of_a_question(conversation: Conversation, meaning: Meaning) -> str:
    """What to say to 「1 已联系」 while a numbered question is open, whose numbers were shown last.

    Nothing where no such question is open, and under one about a time, which names no things that could be meant."""
    pending = conversation.pending
    of_things = pending is not None and pending.kind == "choice" and pending.about not in ABOUT_TIMES
    if not of_things or not meaning.intent.startswith("item."):
        return ""
    return ("刚才列出的序号是请您选择的，还没有选，所以没有做任何改动。请先只回复一个序号，例如「1」，或发送「取消」；"
            "要办待办，请发送「今日待办」，再按那里的序号回复。")


def stay_let_go(uow: UnitOfWork, user_id: str, failed: Iterable[Conversation]) -> None:
    """After a rollback: what the refused turn had let go stays let go; all else is as it was before."""
    if any(conversation.moved_on for conversation in failed):
        kept = Conversation.from_json(uow.conversations.load(user_id), uow.now)
        kept.move_on()
        if kept.dirty:
            uow.conversations.save(user_id, kept.to_json())
