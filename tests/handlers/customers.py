"""Customers of the firm who write to 微信客服 and are answered by the bot: from the bell to their phones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from bot.wecom.kf import WeComKf
from handlers.self_service import SelfService
from reminders.codes import CodeDelivery, Handed
from reminders.kf_answers import KfAnswers
from reminders.kf_delivery import KfDelivery
from reminders.kf_reading import KfReading
from reminders.kf_receiving import KfReceiving
from reminders.kf_replies import KfReplies
from reminders.kf_sessions import KfSessions
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.repositories.contacts import ContactRepository
from tests.reminders.firm import ZONE
from tests.reminders.test_kf_reading import FANG, Firm

STRANGER = "wm_stranger"


class Phones:
    """Phones that take text messages; `away` for a network that takes none now."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.away = False

    async def send(self, phone: str, text: str) -> Handed:
        if self.away:
            return "later"
        self.texts.setdefault(phone, []).append(text)
        return "sent"

    def code(self, phone: str) -> str:
        """The code that came last."""
        found = re.search(r"验证码 (\d{6})", self.texts[phone][-1])
        assert found
        return found[1]


class Customers(Firm):
    """The firm, its bot, and whoever writes to it. 王芳 is linked; what she proves is another matter."""

    def __init__(self, database: Database, clock: MovableClock, *, sends_codes: bool = True) -> None:
        self.sends_codes, self.sms = sends_codes, Phones()
        super().__init__(database, clock)
        post = Post(1000002)
        self.replying = KfDelivery(database, WeComKf(self.wecom), KfReplies(database, post, ZONE), clock)
        self.answering = KfDelivery(database, WeComKf(self.wecom), KfAnswers(database, post, ZONE), clock)
        self.sessions = KfSessions(database, WeComKf(self.wecom), post, clock, ZONE)
        self.codes = CodeDelivery(database, self.sms, clock, "青禾金融")

    def process(self) -> KfReading:
        attendant = SelfService(ZONE, "青禾金融", sends_codes=self.sends_codes)
        receiving = KfReceiving(self.database, Post(1000002), ZONE, attendant)
        return KfReading(self.database, WeComKf(self.wecom), receiving, self.clock)

    async def asks(self, text: str, who: str = FANG, kind: str = "text") -> str:
        """Write, and read what comes back at once."""
        before = len(self.wecom.phones.get(who, []))
        self.clock.advance(timedelta(seconds=2))
        self.rings(self.wecom.says(who, text, kind))
        await self.reads()
        await self.sends()
        return "\n---\n".join(self.wecom.phones.get(who, [])[before:])

    async def sends(self) -> None:
        for delivery in (self.replying, self.answering, self.sessions, self.codes):
            while await delivery.step():
                pass

    async def proves(self, who: str = FANG) -> str:
        """By a code to the phone on record."""
        await self.asks("验证码", who)
        return await self.asks(f"验证码 {self.sms.code(self.phone_of(self.fang))}", who)

    def phone_of(self, client: Client) -> str:
        return str(client.value("phone"))

    def links(self, external: str, client: Client) -> None:
        """An adviser says whose WeChat it is."""
        with self.database.system(self.clock.now()) as uow:
            contacts = ContactRepository(uow)
            contacts.link(contacts.added("lixiang", external), uow.clients.get(client.id), "hand")

    def writes(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self.database.system(self.clock.now()) as uow:
            return work(uow)

    def heard(self, who: str = "lixiang") -> str:
        """What a member was told since the last look."""
        return "\n".join(self.heard_by_all().get(who, []))

    def heard_by_all(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {}
        with self.database.system(self.clock.now()) as uow:
            while rows := uow.outbox.claim("test", 20):
                for row in rows:
                    words.setdefault(row.recipient, []).extend(_texts(json.loads(row.body)))
                    uow.outbox.sent(row.id, "", "")
        return words

    def tickets(self) -> list[Ticket]:
        """王芳's, the oldest first."""
        found = self.writes(lambda uow: uow.tickets.of_client(self.fang.id))
        return sorted(found, key=lambda ticket: ticket.number)

    def tasks(self, client: Client | None = None) -> list[str]:
        with self.database.system(self.clock.now()) as uow:
            return [r.text for r in uow.reminders.of_client((client or self.fang).id) if r.category == "task"]


def _texts(body: dict[str, Any]) -> Iterable[str]:
    yield str(body.get("text", {}).get("content", ""))
