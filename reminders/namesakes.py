"""Clients of one name in one list: what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.database import UnitOfWork
from storage.model.people import Client
from storage.model.work import Reminder


def marks(uow: UnitOfWork, people: Iterable[tuple[str, int | None]]) -> dict[int, str]:
    """王芳（尾号 0101） by client, for those who share their name with another one of these; the tier stands in
    where there is no phone. Only what the reader may see."""
    named: dict[str, set[int]] = {}
    for name, client_id in people:
        if name and client_id is not None:
            named.setdefault(name, set()).add(client_id)
    alike = [client_id for ids in named.values() if len(ids) > 1 for client_id in ids]
    rows = uow.clients.rows(alike) if alike else []
    told = {row.id: _sign(row.masked_phone, row.bank_tier or row.insurance_tier) for row in rows}
    return {row.id: f"{row.name}（{told[row.id]}）" for row in rows if told[row.id]}


def full_name(uow: UnitOfWork, client: Client) -> str:
    """The client's name, with what tells him apart where the reader has another client of that name."""
    alike = [(client.name, hit.client_id) for hit in uow.clients.named([client.name]) if hit.name == client.name]
    return marks(uow, alike).get(client.id, client.name)


def _sign(masked_phone: str, tier: str | None) -> str:
    return f"尾号 {masked_phone[-4:]}" if masked_phone[-4:].isdigit() else tier or ""


def told_apart(uow: UnitOfWork, found: Sequence[Reminder]) -> list[Reminder]:
    """The same reminders, namesakes with a name that tells who is meant. For showing only."""
    names = marks(uow, ((r.client_name, r.client_id) for r in found))
    return [replace(r, client_name=names[r.client_id]) if r.client_id in names else r for r in found]
