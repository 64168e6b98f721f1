"""Customers of members, kept as WeCom has them: who was added is looked up, and a regular comparison finds what no
callback told of (WeCom says not to rely on callbacks alone, path/90930)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.wecom.client import WeComClient
from bot.wecom.customers import Customer, Followed
from bot.wecom.errors import CallFailed, Unreachable
from handlers.contacts import Known, contact_news, lead_of, match_contact
from reminders.outgoing import Post
from reminders.quiet import Quiet
from storage.database import Database, UnitOfWork
from storage.leases import lease_owner
from storage.model.care import Contact
from storage.model.clock import Clock
from storage.model.messages import Message, Text
from storage.model.people import Actor, User
from storage.model.work import REPLY
from storage.repositories.contacts import ContactRepository
from storage.repositories.jobs import JobRepository

log = structlog.get_logger(__name__)

BATCH = 20
AGAIN = timedelta(minutes=5)
COMPARED_EVERY = 6  # hours
_NO_RELATION = (40096, 84061, 84084)


@dataclass
class Repaired:
    """What a comparison with WeCom's list found of one member."""

    found: int = 0
    linked: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def words(self, unknown: int) -> str:
        parts = [f"和企业微信对账：新发现 {self.found} 位微信客户"] if self.found else []
        parts += [f"按手机号绑定了 {'、'.join(self.linked)}"] if self.linked else []
        parts += [f"已不是好友：{'、'.join(self.lost)}"] if self.lost else []
        parts += [f"还有 {unknown} 位没有绑定，发送「微信客户」查看"] if unknown and self.found else []
        return "；".join(parts) + "。" if parts else ""


class ContactBook:
    """Looks customers up and compares, in a loop."""

    def __init__(
        self, database: Database, client: WeComClient, post: Post, clock: Clock, zone: ZoneInfo, *,
        on_queued: Callable[[], None],
    ) -> None:
        self._database, self._client, self._post, self._clock, self._zone = database, client, post, clock, zone
        self._on_queued = on_queued
        self._owner = lease_owner()

    async def step(self) -> int:
        """Look up and compare. Always 0: the rest between two turns spares WeCom's limits."""
        await self.look_up()
        await self.compare_if_due()
        return 0

    # ------------------------------------------------------------ one by one

    async def look_up(self) -> int:
        """Ask WeCom who was added, and link or ask the member; how many were looked up."""
        waiting = await self._database.run(self._waiting)
        for contact in waiting:
            try:
                customer: Customer | None = await self._client.get_customer(contact.external_userid)
            except CallFailed as error:
                customer = None
                if error.errcode not in _NO_RELATION:
                    await self._database.run(partial(self._postpone, contact))
                    continue
            except Unreachable:
                await self._database.run(partial(self._postpone, contact))
                continue
            await self._database.run(partial(self._settle, contact, customer))
        if waiting:
            self._on_queued()
        return len(waiting)

    def _waiting(self) -> list[Contact]:
        with self._database.system(self._clock.now()) as uow:
            return ContactRepository(uow).to_look_up(BATCH)

    def _postpone(self, contact: Contact) -> None:
        with self._database.system(self._clock.now()) as uow:
            ContactRepository(uow).look_again(contact, uow.now + AGAIN)

    def _settle(self, contact: Contact, customer: Customer | None) -> None:
        with self._database.system(self._clock.now()) as uow:
            # Two processes may have looked at the same time: the second one finds it settled.
            fresh = ContactRepository(uow).find(contact.user_id, contact.external_userid, lock=True)
            user = uow.users.find(contact.user_id)
            if fresh is None or fresh.state != "new" or user is None:
                return
            followed = customer.of(user.id) if customer else None
            if followed is None:
                ContactRepository(uow).lost(fresh, "pull")
                return
            uow.act_as(Actor.of(user))
            known = _known(followed)
            client = match_contact(uow, user, fresh, known)
            if client is None and not user.serves_clients and self._given_by_rule(uow, user, fresh, known):
                return
            asked_at = int((fresh.look_at or fresh.added_at).timestamp())
            self._tell(
                uow, user, contact_news(uow, user, fresh, known, client), f"contact:{fresh.id}:{asked_at}", uow.now
            )

    def _given_by_rule(self, uow: UnitOfWork, user: User, contact: Contact, known: Known) -> bool:
        """Whether a customer of a member who serves nobody went to an adviser, who is asked; both hear of it."""
        told = lead_of(uow, self._zone, user, contact, known)
        for user_id, message, key in told or ():
            hearer = uow.users.get(user_id)
            self._tell(uow, hearer, message, key, Quiet.of(hearer).over_at(uow.now, self._zone))
        return told is not None

    def _tell(self, uow: UnitOfWork, user: User, message: Message, key: str, not_before: datetime) -> None:
        self._post.put(uow, user.id, message, key=key, priority=REPLY, not_before=not_before)

    # ------------------------------------------------------------ all of them

    async def compare_if_due(self) -> None:
        """Compare every few hours, in one process."""
        for user in await self._database.run(self._to_compare):
            await self.compare(user)

    def _to_compare(self) -> list[User]:
        now = self._clock.now()
        local = now.astimezone(self._zone)
        slot = local.replace(hour=local.hour // COMPARED_EVERY * COMPARED_EVERY, minute=0, second=0, microsecond=0)
        with self._database.system(now) as uow:
            jobs = JobRepository(uow)
            if jobs.begin(self._owner) > slot or not jobs.start("contacts", f"{slot:%Y-%m-%dT%H}", self._owner):
                return []
            return [user for user in uow.users.all() if user.role in ("adviser", "manager") and user.active]

    async def compare(self, user: User) -> None:
        """Bring one member's customers to what WeCom says. Nothing is concluded from half a list."""
        began = self._clock.now()
        try:
            followed = await self._client.customers_of(user.id)
        except (CallFailed, Unreachable) as error:
            log.info("contacts.not_compared", user=user.id, error=type(error).__name__)
            return
        await self._database.run(partial(self._repair, user, followed, began))
        self._on_queued()

    def _repair(self, user: User, followed: Sequence[Followed], began: datetime) -> None:
        seen = {f.external_userid: f for f in followed if f.external_userid}
        with self._database.system(self._clock.now()) as uow:
            contacts = ContactRepository(uow)
            known = {c.external_userid: c for c in contacts.of_user(user.id, ("new", "unmatched", "linked", "lost"))}
            uow.act_as(Actor.of(user))
            repaired = Repaired()
            self._add_missing(uow, user, seen, known, repaired)
            for external, contact in known.items():
                if external not in seen and contact.added_at < began and contacts.lost(contact, "pull"):
                    repaired.lost.append(_name(uow, contact))
            unknown = len(contacts.of_user(user.id, ("unmatched",)))
            if words := repaired.words(unknown):
                awake = Quiet.of(user).over_at(uow.now, self._zone)
                self._tell(uow, user, Text(words), f"contacts:{user.id}:{int(uow.now.timestamp())}", awake)

    @staticmethod
    def _add_missing(
        uow: UnitOfWork, user: User, seen: Mapping[str, Followed], known: Mapping[str, Contact], repaired: Repaired
    ) -> None:
        contacts = ContactRepository(uow)
        for external, followed in seen.items():
            before = known.get(external)
            if before is not None and before.state == "linked":
                continue
            contact = contacts.added(user.id, external)
            repaired.found += before is None or before.state == "lost"
            if contact.client_id is None and (client := match_contact(uow, user, contact, _known(followed))):
                repaired.linked.append(client.name)


def _known(followed: Followed) -> Known:
    return Known(followed.nickname, followed.remark, followed.mobiles)


def _name(uow: UnitOfWork, contact: Contact) -> str:
    heads = uow.clients.heads([contact.client_id]) if contact.client_id else {}
    return next((head.name for head in heads.values()), contact.nickname or "未知")
