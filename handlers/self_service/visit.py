"""One turn of a customer: who he is known to be and has proved to be, what he said, and what he is answered.

An answer to an intent is one decorated function:

    @answers("self.policy", personal=True)
    def policies(visit: Visit, meaning: Meaning) -> None: ...

`personal` ones are asked only for somebody who has proved who he is; all others must say the same to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.pack import Packs
from handlers.language import Meaning
from reminders.ages import is_minor
from reminders.kf_telling import adviser_of, serves_strangers
from reminders.working_hours import WorkingHours
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.kf import Heard, Talk
from storage.model.messages import cut
from storage.model.people import Client, User
from storage.model.self_service import Binding

A_SECOND = timedelta(seconds=1)
REMEMBERED_FOR = timedelta(minutes=30)
MOST_REMEMBERED = 5
LINE = 60


@dataclass
class Memory:
    """What a talk has in mind between messages, for half an hour: the `question` that waits until it is known who asks,
    what the bot has `asked` and the `form` that the answer goes into, how often it did not understand in a row, and
    what was said last."""

    question: str = ""
    asked: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    misses: int = 0
    said: list[str] = field(default_factory=list)

    def to_json(self, now: datetime) -> dict[str, Any]:
        return {
            "question": self.question, "asked": self.asked, "form": self.form, "misses": self.misses,
            "said": self.said, "until": (now + REMEMBERED_FOR).isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any], now: datetime) -> Memory:
        if not kept or datetime.fromisoformat(kept["until"]) <= now:
            return cls()
        return cls(kept["question"], kept["asked"], kept["form"], kept["misses"], kept["said"])


@dataclass
class Visit:
    """`known` is who the WeChat is linked to, which is no proof and shows in nothing that is said; `client` is who he
    has proved to be. `heard` is the message at hand."""

    uow: UnitOfWork
    zone: ZoneInfo
    company: str
    sends_codes: bool
    talk: Talk
    known: Client | None
    binding: Binding | None
    memory: Memory
    heard: Heard
    answers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)
    private: set[int] = field(default_factory=set)
    to_person: bool = False
    personal: bool = False
    missed: bool = False
    servicer_id: str = ""
    interested: bool = False  # in what the firm does: whom nobody knows may become a client

    @property
    def who(self) -> str:
        return self.talk.external_userid

    @property
    def text(self) -> str:
        return self.heard.text.strip()

    @property
    def packs(self) -> Packs:
        return self.uow.packs

    @property
    def now(self) -> datetime:
        return self.uow.now

    @property
    def today(self) -> date:
        return local_date(self.uow.now, self.zone)

    @property
    def client(self) -> Client | None:
        """Who he has proved to be, while that is still who his WeChat is linked to."""
        bound = self.binding is not None and self.known is not None and self.binding.client_id == self.known.id
        return self.known if bound else None

    @property
    def adviser(self) -> User | None:
        """Who answers for whom he is known to be."""
        return adviser_of(self.uow, self.known) if self.known is not None else None

    def local(self, instant: datetime) -> datetime:
        """The instant on the wall clock of the firm."""
        return instant.astimezone(self.zone)

    # ------------------------------------------------------------ answering

    def ask(self, question: str) -> None:
        """Put a question in words that are no matter of the packs of replies."""
        self._add(question)

    def say(self, reply: str, **values: str) -> None:
        """Answer in the words of the packs."""
        self._add(self.packs.reply(reply).render(**values))

    def tell(self, text: str) -> None:
        """Answer with what is on record of the client."""
        self.personal = True
        self._add(text)

    def hand_over(self, reply: str, note: str = "", **values: str) -> None:
        """A person answers: the customer hears that, whoever is told hears why."""
        self.to_person = True
        self.say(reply, **values)
        self.note(note)

    def call_a_person(self, reply: str, note: str = "") -> None:
        """A person serves him in WeCom's own tool, if whoever answers for him is there; while nobody works he hears
        from when on."""
        hours = WorkingHours.of(self.packs, self.zone)
        if hours.is_open(self.now):
            self.hand_over(reply, note)
            servicer = self.adviser if self.known is not None else serves_strangers(self.uow)
            self.servicer_id = servicer.id if servicer is not None else ""
            return
        opens = self.local(hours.after(self.now, A_SECOND) - A_SECOND)
        self.hand_over("closed", note, when=f"{opens.month} 月 {opens.day} 日 {opens:%H:%M}")

    def note(self, text: str) -> None:
        """For whoever is told what the customer said."""
        if text and text not in self.notes:
            self.notes.append(text)

    def write_to(self, user_id: str, text: str) -> None:
        """For a member besides."""
        self.letters.append((user_id, text))

    def write_to_manager(self, text: str) -> None:
        """For the one above whoever answers for the client, unless he hears of it already."""
        adviser = self.adviser
        if adviser is not None and adviser.manager_id and adviser.manager_id not in dict(self.letters):
            self.write_to(adviser.manager_id, text)

    def give_task(self, text: str) -> None:
        """For today's list of whoever answers for the client."""
        if self.known is not None and (adviser := self.adviser) is not None:
            self.uow.reminders.add(
                receiver_id=adviser.id, remind_at=self.now, due_on=self.today, category="task", timed=False,
                text=text, client=self.known,
            )

    @property
    def name(self) -> str:
        """For members: who it is."""
        return self.known.name if self.known is not None else "没绑定的微信用户"

    @property
    def shortly(self) -> str:
        """For members: what he said."""
        return cut(self.text, LINE)

    def _add(self, text: str) -> None:
        if text not in self.answers:
            self.answers.append(text)


Answer = Callable[[Visit, Meaning], None]


@dataclass(frozen=True, slots=True)
class Known:
    run: Answer
    personal: bool


ANSWERS: dict[str, Known] = {}


def answers(*intents: str, personal: bool = False) -> Callable[[Answer], Answer]:
    """Register what answers these intents of customers."""
    def register(function: Answer) -> Answer:
        for intent in intents:
            if intent in ANSWERS:
                raise ValueError(f"answer {intent!r} is registered twice")
            ANSWERS[intent] = Known(function, personal)
        return function
    return register


WARDS = ("child", "ward")


def in_charge_of(visit: Visit, client: Client) -> list[Client]:
    """The client and the minors whom he answers for."""
    wards = [r.other_id for r in visit.uow.clients.relations(client.id) if r.kind in WARDS]
    found = [visit.uow.clients.get(ward) for ward in wards]
    return [client, *(ward for ward in found if is_minor(ward, visit.today))]
