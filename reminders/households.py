"""Who lives under one roof, as far as the records of the reader's scope say: the relatives of a client, and theirs."""

from __future__ import annotations

from collections import deque

from storage.database import UnitOfWork
from storage.model.people import Client

MOST = 30  # a clan is no household


def household(uow: UnitOfWork, client: Client) -> dict[int, str]:
    """Names by id of whoever family relations (`family` in a pack's relations) tie to the client, without him."""
    kinds = {kind.name for kind in uow.packs.relations if kind.family}
    found: dict[int, str] = {}
    ahead = deque([client.id])
    while ahead and len(found) < MOST:
        for relation in uow.clients.relations(ahead.popleft()):
            if relation.kind in kinds and relation.other_id != client.id and relation.other_id not in found:
                found[relation.other_id] = relation.other_name
                ahead.append(relation.other_id)
    return found
