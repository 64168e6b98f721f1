"""What a handler is given: who asks, when, the unit of work, the conversation; and how it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.pack import Packs
from handlers.conversation import ANSWER_WITHIN, Conversation, Pending
from handlers.language.meaning import When
from storage.model.clock import local_date
from storage.model.incoming import CardClick
from storage.model.messages import Card, CardUpdate, Message, Text
from storage.model.people import Client, User

if TYPE_CHECKING:
    from storage.database import UnitOfWork

DOUBLE_TAP = timedelta(seconds=30)
UNDO_HINT = "（5 分钟内发送「撤销」可撤回）"


@dataclass
class Context:
    """One message being handled. Nothing said here leaves before the unit of work commits."""

    uow: UnitOfWork
    user: User
    zone: ZoneInfo
    conversation: Conversation
    text: str = ""
    company: str = ""
    click: CardClick | None = None
    replies: list[Message] = field(default_factory=list)
    letters: list[tuple[str, Message]] = field(default_factory=list)
    undo_label: str = ""
    lasting: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.uow.now

    @cached_property
    def today(self) -> date:
        return local_date(self.uow.now, self.zone)

    @property
    def packs(self) -> Packs:
        return self.uow.packs

    def local(self, instant: datetime) -> datetime:
        """The instant on the wall clock of the firm."""
        return instant.astimezone(self.zone)

    def say(self, text: str) -> None:
        """Answer with plain text."""
        self.replies.append(Text(text))

    def tell(self, user_id: str, message: Message) -> None:
        """Queue a message to another member."""
        self.letters.append((user_id, message))

    def show(self, message: Message) -> None:
        """Answer with a card or markdown."""
        self.replies.append(message)

    def note(self, text: str) -> None:
        """What goes with the answer, whatever it is: once, at its end."""
        if text and text not in self.notes:
            self.notes.append(text)

    def note_times(self, said: Iterable[object]) -> None:
        """What is to be known of the times among what was said."""
        for each in said:
            if isinstance(each, When):
                self.note(each.note)

    def add_notes(self) -> None:
        """Put the notes under the last text; where a card was the answer, behind it."""
        notes, self.notes = "\n".join(self.notes), []
        places = [n for n, message in enumerate(self.replies) if isinstance(message, Text)]
        if notes and places:
            last = self.replies[places[-1]]
            assert isinstance(last, Text)
            self.replies[places[-1]] = replace(last, content=f"{last.content}\n{notes}")
        elif notes:
            self.say(notes)

    def wrote(self, text: str, label: str) -> None:
        """Say what was written; the whole act can be taken back as `label` for five minutes."""
        self.undo_label = label
        self.say(f"{text}\n{UNDO_HINT}")

    def wrote_for_good(self, label: str) -> None:
        """Something was written that 撤销 cannot take back: it must not reach past it either."""
        self.lasting = label

    def redraw(self, card: Card) -> None:
        """Redraw the card that was tapped, in place."""
        if self.click is not None and self.click.response_code:
            self.replies.append(CardUpdate(self.click.response_code, card))

    def grey_out(self, text: str) -> None:
        """Turn the tapped card's buttons into one grey word of at most 10 characters."""
        if self.click is not None and self.click.response_code:
            self.replies.append(CardUpdate(self.click.response_code, replace_name=text))

    def look_at(self, client: Client) -> None:
        """Keep the client in mind; a switch from another one is announced (R305)."""
        previous = self.conversation.focus
        if self.conversation.look_at(client.id, client.name) and previous and previous.name != client.name:
            self.say(f"已切换到「{client.name}」。")

    def _just_asked(self, question: Pending) -> bool:
        return self.now - (question.until - ANSWER_WITHIN) < DOUBLE_TAP

    def ask_to_confirm(self, question: str, about: str, /, **data: Any) -> None:
        """Echo what would be done and wait for 确认; `about` names the @confirmed function that does it.

        A button that was tapped twice in a row asks once: the question still stands right above."""
        before, kept = self.conversation.let_go, {"labels": [question], **data}  # 对，就改成A repeats what was asked
        self.conversation.ask("confirm", about, **kept)
        if self.click and before and before.about == about and before.data == kept and self._just_asked(before):
            return
        self.say(f"{question}\n回复「确认」执行，「取消」放弃。")
