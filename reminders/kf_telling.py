"""Whom it concerns what a customer says, and bringing it to him when his night is over."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from reminders.outgoing import Post
from reminders.quiet import Quiet
from storage.database import UnitOfWork
from storage.model.messages import Text
from storage.model.people import Client, User
from storage.model.work import REPLY

SERVICER = "kf_servicer"  # the preference of members who are told of customers whom nobody knows


def adviser_of(uow: UnitOfWork, client: Client) -> User | None:
    """Who answers for a client: who stands in for his adviser while that one is away, else the adviser, else the
    adviser's manager; None when nobody of them is active."""
    owner = uow.users.find(client.owner_id)
    stand_in = uow.users.find(uow.covers.stand_ins(uow.now).get(client.owner_id, ""))
    manager = uow.users.find(owner.manager_id) if owner is not None and owner.manager_id else None
    return next((user for user in (stand_in, owner, manager) if user is not None and user.active), None)


def serves_strangers(uow: UnitOfWork) -> User | None:
    """The first of those who are told of customers whom nobody knows."""
    return next((user for user in uow.users.all() if user.preferences.get(SERVICER)), None)


def put(uow: UnitOfWork, post: Post, user: User, words: str, key: str, zone: ZoneInfo) -> None:
    """Tell a member under a key that is used once."""
    awake = Quiet.of(user).over_at(uow.now, zone)
    post.put(uow, user.id, Text(words), key=key, priority=REPLY, not_before=awake)
