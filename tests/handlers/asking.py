"""A member at the desk, for tests of handlers: asks by intent and slots, taps, and hears the answers.

Each turn is a unit of work of its own, with the conversation loaded before and saved after, as the worker does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import handlers.commands  # noqa: F401  (registers every command)
from handlers.context import Context
from handlers.conversation import Conversation
from handlers.language import Meaning, When
from handlers.questions import stay_let_go
from handlers.router import COMMANDS, dispatch, run
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import UserError
from storage.model.incoming import CardClick, Incoming, MenuClick, TextMessage
from storage.model.messages import Card, CardUpdate, Markdown, Message, Text
from storage.model.people import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class Desk:
    """One member's chat. `replies`, `letters` and `context` are those of the latest turn."""

    def __init__(self, database: Database, clock: MovableClock, user_id: str) -> None:
        self.database, self.clock, self.user_id = database, clock, user_id
        self.replies: list[Message] = []
        self.letters: list[tuple[str, Message]] = []
        self.seen: list[Card] = []

    def asks(self, intent: str, *, text: str = "", **slots: Any) -> str:
        """Run the handler for a meaning and return what was answered, as plain text."""
        clarify = slots.pop("clarify", None)

        def work(ctx: Context) -> None:
            ctx.text = text
            run(ctx, Meaning(intent, slots, clarify=clarify))

        return self._turn(work)

    def says(self, text: str) -> str:
        """Type a sentence, as it comes."""
        said = TextMessage(sender=self.user_id, created_at=self.clock.now(), agent_id="1", raw={}, msg_id="1", content=text)
        return self._turn(lambda ctx: dispatch(ctx, said))

    def sends(self, message: Incoming) -> str:
        """Send something else than a text."""
        return self._turn(lambda ctx: dispatch(ctx, message))

    def opens(self, key: str) -> str:
        """Tap an entry of the app's menu."""
        click = MenuClick(sender=self.user_id, created_at=self.clock.now(), agent_id="1", raw={}, key=key)
        return self._turn(lambda ctx: dispatch(ctx, click))

    def chooses(self, index: int) -> str:
        """Answer a numbered question."""
        return self.asks("clarify.answer", index=index)

    def confirms(self) -> str:
        return self.asks("confirm.yes")

    def undoes(self) -> str:
        return self.asks("undo")

    def taps(self, words: str, card: Card | None = None, selections: Mapping[str, Sequence[str]] | None = None) -> str:
        """Tap the button with these words on a card (the latest one that has it)."""
        for shown in [card] if card else reversed(self.seen):
            for button in [*shown.buttons, *shown.menu, *([shown.submit] if shown.submit else [])]:
                if words in button.text:
                    return self.taps_key(button.key, shown.task_id, selections)
        raise AssertionError(f"no button says {words}")

    def taps_action(self, action: str, selections: Mapping[str, Sequence[str]] | None = None, **args: Any) -> str:
        """Tap a button bound to this action, whatever it says."""
        with self.database.system(self.clock.now()) as uow:
            key = uow.cards.bind("task-1", self.user_id, action, **args)
        return self.taps_key(key, "task-1", selections)

    def taps_key(self, key: str, task_id: str = "", selections: Mapping[str, Sequence[str]] | None = None) -> str:
        """Tap a button by its key."""
        click = CardClick(
            sender=self.user_id, created_at=self.clock.now(), agent_id="1", raw={}, key=key, task_id=task_id,
            card_type="button_interaction", response_code="code", selections=dict(selections or {}),
        )
        return self._turn(lambda ctx: dispatch(ctx, click))

    @property
    def greyed(self) -> list[str]:
        """What the buttons now say that the latest turn took out of use."""
        return [m.replace_name for m in self.replies if isinstance(m, CardUpdate) and m.replace_name]

    @property
    def card(self) -> Card:
        """The latest card, sent or redrawn."""
        return self.seen[-1]

    def _turn(self, work: Callable[[Context], object]) -> str:
        now = self.clock.now()
        talks: list[Conversation] = []
        try:
            with self.database.system(now) as uow:
                user = uow.users.get(self.user_id)
                uow.act_as(Actor.of(user))
                conversation = Conversation.from_json(uow.conversations.load(user.id), now)
                talks.append(conversation)
                ctx = Context(uow, user, SHANGHAI, conversation)
                work(ctx)
                if ctx.lasting:
                    uow.conversations.block_undo(ctx.lasting)
                elif ctx.undo_label:
                    uow.conversations.remember_undo(ctx.undo_label)
                uow.conversations.save(user.id, conversation.to_json())
        except UserError as error:
            with self.database.system(now) as uow:
                stay_let_go(uow, self.user_id, talks)
            self.replies, self.letters = [Text(str(error))], []
            return str(error)
        self.replies, self.letters = ctx.replies, ctx.letters
        self.seen += [found for found in map(_card_in, ctx.replies) if found]
        said = "\n".join(words_of(message) for message in ctx.replies)
        examples = "".join(known.example for known in COMMANDS.values())  # made-up numbers that 帮助 shows
        shown = [phone for phone in _PHONE.findall(said) if phone not in examples]
        assert not shown, "no plain phone in any answer"
        return said

    def sees(self, look: Callable[[UnitOfWork], Any]) -> Any:
        """Read the database as this member."""
        with self.database.system(self.clock.now()) as uow:
            uow.act_as(Actor.of(uow.users.get(self.user_id)))
            return look(uow)


def _card_in(message: Message) -> Card | None:
    if isinstance(message, CardUpdate):
        return message.card
    return message if isinstance(message, Card) else None


def words_of(message: Message) -> str:
    """What a person reads of a message."""
    match message:
        case Text(content) | Markdown(content):
            return content
        case CardUpdate(_, None, name):
            return name
        case CardUpdate(_, card, _) if card is not None:
            return words_of(card)
        case Card():
            parts = [message.title, message.desc, message.sub_title, message.quote_title, message.quote_text,
                     *(f"{n.key}：{n.value}" for n in (*message.lines, *message.verticals)),
                     *(f"[{b.text}]" for b in message.buttons), message.replace_text]
            return "\n".join(filter(None, parts))
    return ""


def on(day: str | date, **more: Any) -> When:
    """A day or a moment: on("2025-06-11"), on("2025-06-11T14:00")."""
    return When(str(day), **({"grain": "minute" if "T" in str(day) else "day"} | more))


def within(first: date, last: date) -> When:
    """A range of days, both included."""
    return When(first.isoformat(), end=(last + timedelta(days=1)).isoformat())
