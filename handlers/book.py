"""The reader's own clients, for understanding a sentence: asked of the name index, nothing kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from handlers.language import ClientRef
from storage.database import UnitOfWork


class ScopedBook:
    """`handlers.language.Book` over the clients in the scope of a unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        found: dict[str, dict[int, ClientRef]] = {}
        for hit in self._uow.clients.named(keys):
            found.setdefault(hit.key, {})[hit.client_id] = ClientRef(hit.client_id, hit.name)
        return {key: tuple(refs.values()) for key, refs in found.items()}
