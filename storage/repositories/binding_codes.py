"""Codes that prove whose phone it is: asked for, sent under a lease, checked, used once."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.self_service import Code, CodeState
from storage.repositories.base import Repository
from storage.tables import binding_codes

DIGITS = 6
LEASE = timedelta(seconds=60)
_FIELDS = tuple(Code.__slots__)


class CodeRepository(Repository):
    def add(self, external_userid: str, client: Client | None, lasts: timedelta) -> Code:
        """A code for the phone of a client, or for nobody's; those asked for before count no more."""
        self.uow.execute(
            update(binding_codes).values(used_at=self.uow.now)
            .where(binding_codes.c.external_userid == external_userid, binding_codes.c.used_at.is_(None))
        )
        client_id, owner_id = (client.id, client.owner_id) if client else (None, None)
        made = Code(new_id(), external_userid, client_id, self.uow.now, self.uow.now + lasts, "queued", 0)
        self.uow.insert(binding_codes, {
            **{f: getattr(made, f) for f in _FIELDS}, "owner_id": owner_id, "look_at": self.uow.now, "used_at": None,
        })
        return made

    def digits(self, code: Code) -> str:
        """The code itself: a keyed hash of its row, so that it is kept nowhere."""
        return f"{int.from_bytes(self.uow.vault.blind('binding_codes', str(code.id))) % 10**DIGITS:0{DIGITS}}"

    def use(self, external_userid: str, digits: str) -> Code | None:
        """The code that these digits are; it is spent with that. None for wrong digits, a late code or nobody's."""
        query = select(binding_codes).where(
            binding_codes.c.external_userid == external_userid, binding_codes.c.used_at.is_(None),
            binding_codes.c.expires_at > self.uow.now,
        )
        row = self.uow.execute(query.order_by(binding_codes.c.id.desc()).limit(1).with_for_update()).first()
        code = _code(row) if row else Code(0, "", None, self.uow.now, self.uow.now, "nobody", 0)
        right = hmac.compare_digest(self.digits(code).encode(), digits.encode())
        if not right or code.client_id is None:
            return None
        self.uow.execute(update(binding_codes).where(binding_codes.c.id == code.id).values(used_at=self.uow.now))
        return code

    def claim(self, owner: str, limit: int) -> list[Code]:
        """Codes that are to be sent now, leased to `owner`; each as it is after one more try."""
        free = or_(binding_codes.c.lease_until.is_(None), binding_codes.c.lease_until < self.uow.now)
        query = select(binding_codes).where(
            binding_codes.c.state.in_(("queued", "sending")), binding_codes.c.look_at <= self.uow.now, free
        ).order_by(binding_codes.c.id).limit(limit)
        if self.uow.conn.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        found = [_code(row) for row in self.uow.execute(query)]
        for code in found:
            self.uow.execute(update(binding_codes).where(binding_codes.c.id == code.id).values(
                lease_owner=owner, lease_until=self.uow.now + LEASE, state="sending", tries=code.tries + 1,
            ))
        return [replace(code, state="sending", tries=code.tries + 1) for code in found]

    def move(self, code: Code, state: CodeState, look_at: datetime | None = None) -> None:
        """What became of it; with `look_at` it is tried again then."""
        self.uow.execute(update(binding_codes).where(binding_codes.c.id == code.id).values(
            state=state, look_at=look_at, lease_owner=None, lease_until=None,
        ))

    def purge(self, before: datetime) -> int:
        return self.uow.conn.execute(delete(binding_codes).where(binding_codes.c.created_at < before)).rowcount


def _code(row: Any) -> Code:
    return Code(**{f: getattr(row, f) for f in _FIELDS})
