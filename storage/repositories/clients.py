"""Clients: find, read, create, change, hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, or_, select, true, update

from config.pack import FieldSpec
from storage.conditions.facts import born_between
from storage.model.errors import Conflict, NotAllowed, NotFound
from storage.model.ids import new_id
from storage.model.people import COLUMNS, Client, ClientRow
from storage.model.values import mask_phone
from storage.prepared import Prepared
from storage.repositories.base import like, plain
from storage.repositories.client_names import CLIENT_ROW, ClientNames
from storage.scope import Scope, sees, visible
from storage.tables import client_names, clients, reminders

NOT_FOUND = "没有找到这位客户。请检查姓名，或发送「新增客户 姓名 手机号」建档。"
_PLACE = "clients.secrets"
_SECRETS = Client.__slots__.index("secrets")


@cache
def _by_id(scope: Scope) -> Prepared:
    return Prepared(
        select(*CLIENT_ROW).where(clients.c.id == bindparam("id"), visible(scope, clients.c.owner_id))
    )


@dataclass(frozen=True, slots=True)
class ClientHead:
    """What a due list says of a client."""

    id: int
    name: str
    owner_id: str
    last_contact_at: datetime | None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What looks like a client that is being entered.

    `same_person`: ids in the reader's scope with the same phone and document number;
    `alike`: ids in scope with the same phone, document, or name and birthday;
    `elsewhere`: the same phone and document number exist in a book the reader may not see."""

    same_person: tuple[int, ...]
    alike: tuple[int, ...]
    elsewhere: bool


class ClientRepository(ClientNames):
    # ------------------------------------------------------------ find

    def get(self, client_id: int) -> Client:
        """The client; opening the record is audited. Raises NotFound."""
        row = None if self.uow.wrote else self._named.get((self.uow.actor, client_id))
        if row is None:
            found = self.uow.rows(_by_id(self.uow.scope), {"id": client_id})
            if not found:
                raise NotFound(NOT_FOUND)
            row = found[0]
        self.uow.audit.opened(client_id)
        return self._client(row)

    def containing(self, part: str, limit: int = 10) -> list[ClientRow]:
        """Clients in scope whose name contains `part` (at least one character)."""
        pattern = f"%{like(part.lower())}%"
        condition = clients.c.id.in_(
            select(client_names.c.client_id)
            .where(client_names.c.key.like(pattern, escape="\\"), self.mine(client_names))
        )
        query = select(*CLIENT_ROW).where(condition, self.mine(clients)).order_by(clients.c.name, clients.c.id)
        return self._listed(query.limit(limit), "containing")

    def with_phone(self, phone: str) -> list[ClientRow]:
        """Clients in scope with this phone number (11 digits)."""
        return self._indexed(clients.c.phone_index, "phone", phone)

    def with_phone_tail(self, tail: str) -> list[ClientRow]:
        """Clients in scope whose phone ends in these four digits."""
        return self._indexed(clients.c.phone_tail_index, "phone_tail", tail)

    def with_id_number(self, number: str) -> list[ClientRow]:
        """Clients in scope with this document number."""
        return self._indexed(clients.c.id_number_index, "id_number", number.upper())

    def rows(self, ids: Iterable[int]) -> list[ClientRow]:
        """List rows for these clients, in the order given; those out of scope are left out."""
        wanted = list(ids)
        found = self._listed(select(*CLIENT_ROW).where(clients.c.id.in_(wanted), self.mine(clients)), "choice")
        by_id = {row.id: row for row in found}
        return [by_id[i] for i in wanted if i in by_id]

    def newest(self, limit: int, offset: int = 0) -> list[ClientRow]:
        """A page of the clients in scope, newest first."""
        query = select(*CLIENT_ROW).where(self.mine(clients)).order_by(clients.c.created_at.desc(), clients.c.id.desc())
        return self._listed(query.limit(limit).offset(offset), "newest")

    def heads(self, ids: Iterable[int]) -> dict[int, ClientHead]:
        """Name, owner and last contact of these clients in scope, by id; nothing is unsealed for it."""
        columns = [clients.c[f] for f in ClientHead.__slots__]
        query = select(*columns).where(clients.c.id.in_(set(ids)), self.mine(clients))
        return {row.id: ClientHead(**row._mapping) for row in self.uow.execute(query)}

    def count(self, condition: ColumnElement[bool] | None = None, owner_id: str = "") -> int:
        """How many clients are in scope (and of one owner), or are and satisfy a condition on `clients`."""
        query = select(func.count()).select_from(clients).where(self.mine(clients))
        query = query.where(clients.c.owner_id == owner_id) if owner_id else query
        return int(self.uow.execute(query if condition is None else query.where(condition)).scalar_one())

    def ids_matching(self, condition: ColumnElement[bool], limit: int, owner_id: str = "") -> list[int]:
        """The clients of the own book or team (and of one owner) that satisfy a condition, by id alone; opening them
        is audited one by one."""
        query = select(clients.c.id).where(self.own(clients), condition).order_by(clients.c.owner_id, clients.c.id)
        query = query.where(clients.c.owner_id == owner_id) if owner_id else query
        return [row.id for row in self.uow.execute(query.limit(limit))]

    def matching(self, condition: ColumnElement[bool], limit: int, offset: int = 0) -> list[ClientRow]:
        """A page of the clients in scope that satisfy a condition, those first whom nobody has met for longest."""
        silent = func.coalesce(clients.c.last_contact_at, clients.c.created_at)
        query = select(*CLIENT_ROW).where(self.mine(clients), condition).order_by(silent, clients.c.id)
        return self._listed(query.limit(limit).offset(offset), "segment")

    def judge(self, client_id: int, conditions: Sequence[ColumnElement[bool]]) -> list[bool]:
        """Which of several conditions hold of one client. Raises NotFound."""
        query = select(*(case((condition, 1), else_=0) for condition in conditions))
        found = self.uow.execute(query.select_from(clients).where(clients.c.id == client_id, self.mine(clients))).all()
        if not found:
            raise NotFound(NOT_FOUND)
        self.uow.audit.read("client", client_id, client_id=client_id, section="conditions")
        return [bool(value) for value in found[0]]

    def measured(self, client_id: int, measures: Sequence[ColumnElement[Any]]) -> list[Any]:
        """Numbers derived of one client whose conditions were judged; nothing for one out of scope."""
        query = select(*measures).select_from(clients).where(clients.c.id == client_id, self.mine(clients))
        row = self.uow.execute(query).one_or_none() if measures else None
        return list(row) if row is not None else []

    def duplicates(self, values: Mapping[str, Any], ignoring: int | None = None) -> Duplicates:
        """Look for the same person over all books, telling nothing about foreign ones but that they exist."""
        marks = {k: v for k, v in self._marks(values).items() if v and k != "phone_tail_index"}
        same: list[int] = []
        alike, elsewhere = self._namesakes(values, ignoring), False
        query = select(
            clients.c.id, clients.c.phone_index, clients.c.id_number_index, clients.c.licence_index,
            self.mine(clients).label("mine"),
        ).where(or_(false(), *(clients.c[column] == mark for column, mark in marks.items())))
        for row in self.uow.execute(query.where(clients.c.id != (ignoring or 0))) if marks else ():
            is_same = _is_same(row, marks)
            if row.mine:
                (same if is_same else alike).append(row.id)
            else:
                elsewhere = elsewhere or is_same
        return Duplicates(tuple(same), tuple(dict.fromkeys(i for i in alike if i not in same)), elsewhere)

    def _namesakes(self, values: Mapping[str, Any], ignoring: int | None) -> list[int]:
        """Clients in scope of the same name, but for those whose birthday is known to be another."""
        if not values.get("name"):
            return []
        born = values.get("birthday")
        same_day = or_(clients.c.birthday == born, clients.c.birthday.is_(None)) if born else true()
        named = select(client_names.c.client_id).where(
            client_names.c.how == "name", client_names.c.key == values["name"].lower(), self.mine(client_names)
        )
        query = select(clients.c.id).where(
            clients.c.id.in_(named), same_day, clients.c.id != (ignoring or 0)
        )
        return [row.id for row in self.uow.execute(query.order_by(clients.c.id))]

    def born_between(self, first: date, last: date) -> list[Client]:
        """Clients in scope with a solar birthday (month and day) from `first` to `last`, or any lunar one.

        Lunar ones are for the caller to date: the lunar calendar is not known to SQL."""
        found = self._clients(or_(
            and_(clients.c.birthday_calendar == "solar", born_between(first, last)),
            clients.c.birthday_calendar == "lunar",
        ))
        self.uow.audit.listed("client", [(client.id, client.id) for client in found], section="birthdays")
        return found

    # ------------------------------------------------------------ write

    def add(self, values: Mapping[str, Any], owner_id: str, aliases: Iterable[str] = ()) -> Client:
        """Create a client from normalised dictionary values. Duplicates are the caller's question to ask."""
        client_id, stamp = new_id(), {"at": self.uow.now, "by": self.uow.actor.user_id}
        columns, attrs, secrets = self._split(values)
        row = {
            "kind": "individual", "birthday_calendar": "solar", "stage": "lead", **columns,
            "id": client_id, "owner_id": owner_id, **self._bags(_PLACE, client_id, ({}, {}), (attrs, secrets)),
            **self._marks(values), **self.uow.tiers.marks(values), "version": 1,
            "created_at": stamp["at"], "created_by": stamp["by"],
            "updated_at": stamp["at"], "updated_by": stamp["by"],
        }
        row["birth_day"] = _birth_day(row.get("birthday"))
        self.uow.insert(clients, row)
        self._write_names(client_id, owner_id, row["name"], row["kind"], aliases)
        self.uow.audit.record(
            "create", "client", client_id, client_id=client_id, fields=self.changes("client", COLUMNS, {}, values)
        )
        return self._get_unaudited(client_id)

    def update(self, client: Client, **values: Any) -> Client:
        """Change dictionary fields. Raises Conflict when the record moved on since `client` was read."""
        if "owner_id" in values:
            raise ValueError("a client changes hands by hand_over")
        self.refuse_if_locked(client)
        columns, attrs, secrets = self._split(values)
        row: dict[str, Any] = {
            **columns, "version": client.version + 1,
            "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id,
            **self._bags(_PLACE, client.id, (client.attrs, client.secrets), (attrs, secrets)),
            **self._marks(values, cleared=True), **self.uow.tiers.marks(values, client),
        }
        if "birthday" in values:
            row["birth_day"] = _birth_day(values["birthday"])
        before = {name: client.value(name) for name in values}
        if not self.uow.update(clients, {"id": client.id, "version": client.version}, row):
            raise Conflict()
        if "name" in values:
            self._rename(client, values["name"])
        self.uow.tiers.note_by_hand(client, values)
        self.uow.audit.record(
            "update", "client", client.id, client_id=client.id, fields=self.changes("client", COLUMNS, before, values)
        )
        return self._get_unaudited(client.id)

    def touch(self, client: Client, at: datetime | None = None) -> None:
        """Note a contact, now or at an earlier instant: the silence clock starts again from there."""
        at = max(filter(None, [client.last_contact_at, at or self.uow.now]))
        self.uow.update(clients, {"id": client.id}, {"last_contact_at": at})

    def contacted(self, client_id: int, at: datetime) -> None:
        """Set the instant of the last contact, for records that come with their history."""
        self.uow.conn.execute(update(clients).where(clients.c.id == client_id).values(last_contact_at=at))

    def entered(self, client_id: int, at: datetime) -> None:
        """Set the instant of entry, for records that come with their history."""
        self.uow.conn.execute(update(clients).where(clients.c.id == client_id).values(created_at=at))

    def hand_over(self, client: Client, owner_id: str) -> None:
        """Give the client, and by the foreign keys everything under it, to another adviser."""
        if self.uow.own_scope not in ("team", "all") or not sees(self.uow.actor, self.uow.users.get(client.owner_id)):
            raise NotAllowed("移交客户需要主管操作。")
        moved = self.uow.update(
            clients, {"id": client.id, "version": client.version},
            {"owner_id": owner_id, "version": client.version + 1},
        )  # fmt: skip
        if not moved:
            raise Conflict()
        self._hand_over_reminders(client, owner_id)
        self.uow.tickets.hand_over(client, owner_id)
        self.uow.audit.record("hand_over", "client", client.id, client_id=client.id, to=owner_id)

    def _hand_over_reminders(self, client: Client, owner_id: str) -> None:
        """Reminders hang on no foreign key, because they may outlive a client whose creation was undone."""
        query = select(reminders.c.id, reminders.c.receiver_id, reminders.c.state, reminders.c.data)
        for row in self.uow.conn.execute(query.where(reminders.c.client_id == client.id)).all():
            values: dict[str, Any] = {"owner_id": owner_id}
            if row.state == "open" and row.receiver_id == client.owner_id:
                values |= {"receiver_id": owner_id, "data": {**row.data, "handed_at": self.uow.now.isoformat()}}
            self.uow.update(reminders, {"id": row.id}, values)

    # ------------------------------------------------------------ inside

    def _get_unaudited(self, client_id: int) -> Client:
        row = self.uow.conn.execute(select(*CLIENT_ROW).where(clients.c.id == client_id)).one()
        return self._client(row)

    def _client(self, row: Sequence[Any]) -> Client:
        values = list(row)
        values[_SECRETS] = self.uow.unseal(_PLACE, row[0], row[_SECRETS]) or {}
        return Client(*values)

    def _clients(self, *conditions: Any) -> list[Client]:
        query = select(*CLIENT_ROW).where(*conditions, self.mine(clients)).order_by(clients.c.id)
        return [self._client(row) for row in self.uow.execute(query)]

    def _listed(self, query: Select[Any], section: str) -> list[ClientRow]:
        """For showing them in a list: the read is on the trail."""
        found = self._rows(query)
        self.uow.audit.listed("client", [(row.id, row.id) for row in found], section=section)
        return found

    def _rows(self, query: Select[Any]) -> list[ClientRow]:
        return [self.row(self._client(found)) for found in self.uow.execute(query)]

    @staticmethod
    def row(client: Client) -> ClientRow:
        """The list row of a client."""
        return ClientRow(
            client.id, client.name, client.kind, client.owner_id, mask_phone(client.secrets.get("phone") or ""),
            client.bank_tier, client.insurance_tier, client.stage,
        )

    def _indexed(self, column: Any, name: str, value: str) -> list[ClientRow]:
        mark = self.uow.vault.blind(name, value)
        found = self._rows(select(*CLIENT_ROW).where(column == mark, self.mine(clients)).limit(20))
        ids = [row.id for row in found]
        self.uow.audit.record("search", "client", name, clients=ids, by=name, ids=ids)
        return found

    def _marks(self, values: Mapping[str, Any], *, cleared: bool = False) -> dict[str, bytes | None]:
        """Blind indexes of the values that have one; with `cleared`, also None for values taken away."""
        marks: dict[str, bytes | None] = {}
        for name, column in (
            ("phone", "phone_index"), ("id_number", "id_number_index"), ("licence_code", "licence_index"),
        ):
            if value := values.get(name):
                marks[column] = self.uow.vault.blind(name, value)
            elif cleared and name in values:
                marks[column] = None
        if "phone_index" in marks:
            phone = values["phone"]
            marks["phone_tail_index"] = self.uow.vault.blind("phone_tail", phone[-4:]) if phone else None
        return marks

    def _split(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        columns, attrs, secrets = {}, {}, {}
        for name, value in values.items():
            if name in COLUMNS:
                columns[name] = value
            elif self._spec(name).sealed:
                secrets[name] = plain(value)
            else:
                attrs[name] = plain(value)
        return columns, attrs, secrets

    def _spec(self, name: str) -> FieldSpec:
        return self.uow.dictionary.field("client", name)



def _is_same(row: Any, marks: Mapping[str, Any]) -> bool:
    """Same phone and same document (or the same licence): the same person or firm."""
    licence = marks.get("licence_index")
    if licence and row.licence_index == licence:
        return True
    phone, number = marks.get("phone_index"), marks.get("id_number_index")
    return bool(phone and number and row.phone_index == phone and row.id_number_index == number)


def _birth_day(birthday: date | None) -> int | None:
    return birthday.month * 100 + birthday.day if birthday else None
