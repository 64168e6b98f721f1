"""Who the person behind a WeChat has proved to be, and how often somebody tried.

What is asked of the database is the same for a client and for nobody we know: neither what is answered nor how long
it takes may tell them apart."""

from __future__ import annotations

import hmac
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.self_service import Binding, How, Tries
from storage.prepared import Prepared, upsert
from storage.repositories.base import Repository
from storage.tables import binding_tries, bindings, clients, customer_states

_FIELDS = tuple(Binding.__slots__)
_CLIENT_PLACE = "clients.secrets"
_STATE_PLACE = "customer_states.state"
_NOBODY = 0  # no client has this id
_NO_BIRTHDAY = date(1, 1, 1)
_SAVE = Prepared(upsert(customer_states))


class BindingRepository(Repository):
    # ------------------------------------------------------------ bindings

    def bind(self, client: Client, external_userid: str, how: How, lasts: timedelta) -> Binding:
        """The person behind this WeChat is the client; what he proved before is replaced."""
        self._revoke(bindings.c.external_userid == external_userid, by="renewed")
        made = Binding(
            new_id(), external_userid, client.id, client.owner_id, how, self.uow.now, self.uow.now + lasts
        )
        self.uow.insert(bindings, {f: getattr(made, f) for f in _FIELDS})
        self.uow.audit.record("bind", "binding", made.id, client_id=client.id, how=how)
        return made

    def of(self, external_userid: str) -> Binding | None:
        """What holds now of this WeChat."""
        return self._first(self._holding().where(bindings.c.external_userid == external_userid))

    def holds(self, binding_id: int) -> bool:
        return self._first(self._holding().where(bindings.c.id == binding_id)) is not None

    def of_client(self, client_id: int) -> list[Binding]:
        """What holds now of a client in scope, the newest first."""
        query = self._holding().where(bindings.c.client_id == client_id, self.mine(bindings))
        return [_binding(row) for row in self.uow.execute(query)]

    def revoke(self, client: Client) -> int:
        """Nobody is bound to the client any more, until he proves it again; how many were."""
        count = self._revoke(bindings.c.client_id == client.id, self.mine(bindings), by=self.uow.actor.user_id)
        self.uow.audit.record("revoke", "binding", client.id, client_id=client.id, rows=count)
        return count

    # ------------------------------------------------------------ proving

    def facts_hold(self, client_id: int | None, tail: str, birthday: date) -> bool:
        """Whether a client has a document number with this tail, and this birthday. For nobody the same is done."""
        columns = clients.c.id, clients.c.birthday, clients.c.secrets
        row = self.uow.execute(select(*columns).where(clients.c.id == (client_id or _NOBODY))).first()
        sealed = row.secrets if row and row.secrets else self.uow.seal(_CLIENT_PLACE, _NOBODY, {"id_number": ""})
        bag = self.uow.unseal(_CLIENT_PLACE, row.id if row and row.secrets else _NOBODY, sealed)
        number = str(bag.get("id_number") or "")
        same_tail = hmac.compare_digest(number[-4:].encode(), tail.encode())
        born = row.birthday if row and row.birthday else _NO_BIRTHDAY
        return same_tail & (born == birthday) & bool(number)

    def note_try(self, external_userid: str, what: str) -> None:
        """Count a failure, or a code that was asked for."""
        row_id = new_id()
        self.uow.insert(binding_tries, {
            "id": row_id, "external_userid": external_userid, "what": what, "at": self.uow.now,
        })
        self.uow.audit.record("try", "binding", row_id, outcome="denied" if what == "failed" else "ok", what=what)

    def tries(self, external_userid: str, since: datetime, by_all_since: datetime) -> Tries:
        """What this person tried since then, and all since another instant."""
        def count(*where: Any) -> int:
            query = select(func.count()).select_from(binding_tries).where(*where)
            return int(self.uow.execute(query).scalar_one())

        failed, at = binding_tries.c.what == "failed", binding_tries.c.at
        his = binding_tries.c.external_userid == external_userid, at > since
        return Tries(count(*his, failed), count(*his, ~failed), count(at > by_all_since, failed))

    # ------------------------------------------------------------ what a talk has in mind

    def state(self, external_userid: str) -> dict[str, Any]:
        """What the talk with this person has in mind; other processes wait for it until this unit ends."""
        query = select(customer_states).where(customer_states.c.external_userid == external_userid).with_for_update()
        row = self.uow.execute(query).first()
        return self.uow.unseal(_STATE_PLACE, external_userid, row.state) if row else {}

    def save_state(self, external_userid: str, state: dict[str, Any]) -> None:
        sealed = self.uow.seal(_STATE_PLACE, external_userid, state)
        self.uow.run(_SAVE, {"external_userid": external_userid, "state": sealed, "updated_at": self.uow.now})

    # ------------------------------------------------------------ inside

    def purge(self, before: datetime) -> int:
        """Forget what ended long ago; how many rows went."""
        gone = (
            delete(bindings).where(bindings.c.expires_at < before),
            delete(binding_tries).where(binding_tries.c.at < before),
            delete(customer_states).where(customer_states.c.updated_at < before),
        )
        return sum(self.uow.conn.execute(statement).rowcount for statement in gone)

    def _holding(self) -> Select[Any]:
        holds = bindings.c.revoked_at.is_(None), bindings.c.expires_at > self.uow.now
        return select(bindings).where(*holds).order_by(bindings.c.id.desc())

    def _revoke(self, *where: Any, by: str) -> int:
        open_ones = bindings.c.revoked_at.is_(None), bindings.c.expires_at > self.uow.now
        return self.uow.execute(
            update(bindings).where(*where, *open_ones).values(revoked_at=self.uow.now, revoked_by=by)
        ).rowcount

    def _first(self, query: Select[Any]) -> Binding | None:
        row = self.uow.execute(query.limit(1)).first()
        return _binding(row) if row else None


def _binding(row: Any) -> Binding:
    return Binding(**{f: getattr(row, f) for f in _FIELDS})
