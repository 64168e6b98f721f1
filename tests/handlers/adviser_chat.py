"""An adviser's chat without the language layer: meanings in, words out, each message in its own unit of work.

The conversation is saved and read back between messages, so an open question survives as in the product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import handlers.contracts
import handlers.dialogue
import handlers.dues
import handlers.paging
import handlers.renewals  # noqa: F401
from handlers.context import Context
from handlers.conversation import Conversation
from handlers.language import Meaning, When
from handlers.router import ACTIONS, run
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import UserError
from storage.model.messages import CardClick, CardUpdate, Text
from storage.model.people import Actor, User

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Chat:
    """One member's chat."""

    def __init__(self, database: Database, clock: MovableClock, user: User) -> None:
        self.database, self.clock, self.user = database, clock, user
        self.greyed: list[str] = []

    def hears(self, intent: str, **slots: Any) -> str:
        """What the product answers to a meaning; a user's mistake is answered with its sentence."""
        clarify = slots.pop("clarify", None)
        return self._handle(lambda ctx: run(ctx, Meaning(intent, slots, clarify=clarify)))

    def chooses(self, index: int) -> str:
        return self.hears("clarify.answer", index=index)

    def confirms(self) -> str:
        return self.hears("confirm.yes")

    def undoes(self) -> str:
        return self.hears("undo")

    def taps(self, action: str, selections: Mapping[str, Any] | None = None, **args: Any) -> str:
        """Tap a button bound to an action."""
        with self.database.transaction(Actor.of(self.user), self.clock.now()) as uow:
            key = uow.cards.bind("task-1", self.user.id, action, **args)
        return self._handle(lambda ctx: self._tap(ctx, key, selections or {}))

    def _tap(self, ctx: Context, key: str, selections: Mapping[str, Any]) -> None:
        ctx.click = CardClick(self.user.id, ctx.now, "1", {}, key, "task-1", "button_interaction", "code", selections)
        bound = ctx.uow.cards.find(key, self.user.id)
        assert bound is not None
        ACTIONS[bound.action](ctx, {**bound.args, "selections": dict(selections), "card": bound})

    def _handle(self, work: Any) -> str:
        try:
            with self.database.transaction(Actor.of(self.user), self.clock.now()) as uow:
                talk = Conversation.from_json(uow.conversations.load(self.user.id), self.clock.now())
                ctx = Context(uow, self.user, SHANGHAI, talk)
                work(ctx)
                if ctx.undo_label:
                    uow.conversations.remember_undo(ctx.undo_label)
                uow.conversations.save(self.user.id, talk.to_json())
        except UserError as error:
            return str(error)
        self.greyed += [m.replace_name for m in ctx.replies if isinstance(m, CardUpdate) and m.replace_name]
        said = "\n".join(m.content for m in ctx.replies if isinstance(m, Text))
        assert not re.search(r"1[3-9]\d{9}", said), "no plain phone in any answer"
        return said

    def looks(self, work: Any) -> Any:
        """Read the database as this member."""
        with self.database.transaction(Actor.of(self.user), self.clock.now()) as uow:
            return work(uow)


def on(day: str | date, **rest: Any) -> When:
    """A day as the language layer says it."""
    return When(str(day), **rest)


def within(first: date | datetime, last: date) -> When:
    """A range of days, both included."""
    from datetime import timedelta

    return When(first.isoformat(), end=(last + timedelta(days=1)).isoformat())
