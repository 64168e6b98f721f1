"""In whose name a message to a client goes out."""

from __future__ import annotations

from storage.database import UnitOfWork
from storage.model.care import ClientMessage
from storage.model.errors import NotFound
from storage.model.people import Actor, Client


def as_sender(uow: UnitOfWork, message: ClientMessage) -> Client | None:
    """Go on as the member who sends it; his client. None where he has left or has lost the client since."""
    sender = uow.users.find(message.sender_id)
    if sender is None or not sender.active:
        return None
    uow.act_as(Actor.of(sender))
    try:
        return uow.clients.get(message.client_id)
    except NotFound:
        return None
