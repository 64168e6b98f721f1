"""The ledger of messages to clients: one row a text and client, from the draft to its end.

A row is claimed under a lease and changed under its version, so that of two processes one alone takes the next
step. Nothing here sends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Select, case, func, literal, or_, select, update

from storage.model.care import LIVE, UNCLEAR, WAITING, ClientMessage, MessageState, Route
from storage.model.errors import Corrupt, NotFound
from storage.model.ids import new_id
from storage.model.people import Client
from storage.prepared import Prepared, insert_ignoring
from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import client_messages, clients

log = structlog.get_logger(__name__)

_PLACE = "client_messages.text"
LEASE = timedelta(seconds=90)
_PUT = Prepared(insert_ignoring(client_messages, "key"))
_EMPTY = dict.fromkeys(column.name for column in client_messages.c if column.nullable)
_FIELDS = tuple(f for f in ClientMessage.__slots__ if f not in ("client_name", "text", "overrides"))


@dataclass(frozen=True, slots=True)
class Recent:
    """That something was, or may be, sent to a client: what the rhythm counts."""

    id: int
    client_id: int
    occasion: str
    state: MessageState
    route: Route
    at: datetime


class ClientMessageRepository(Repository):
    # ------------------------------------------------------------ write

    def add(self, client: Client, **values: Any) -> ClientMessage | None:
        """A new row; `values` by the names of `ClientMessage`. None when one of this key was there first."""
        row_id = new_id()
        text = str(values.pop("text"))
        row = {
            **_EMPTY, "id": row_id, "client_id": client.id, "owner_id": client.owner_id, "created_at": self.uow.now,
            "template": "", "template_version": "", "own": False, "overrides": [], "tries": 0, "nudged": 0,
            "wanted": "", "reason": "", "version": 1, "text": self.uow.seal(_PLACE, row_id, text), **values,
        }  # fmt: skip
        if not self.uow.run(_PUT, row):
            return None
        self.uow.note_insert(client_messages, row)
        self.uow.audit.record(
            "create", "client_message", row_id, client_id=client.id, occasion=row["occasion"], state=row["state"],
            route=row["route"],
        )
        return self.get(row_id)

    def change(self, message: ClientMessage, **values: Any) -> bool:
        """Take the next step and let the row go; False when somebody else took one meanwhile."""
        changed = self.uow.update(
            client_messages, {"id": message.id, "version": message.version},
            {**values, "version": message.version + 1, "lease_owner": None, "lease_until": None},
        )
        if changed and values.get("state", message.state) != message.state:
            self.uow.audit.record(
                "move", "client_message", message.id, client_id=message.client_id, before=message.state,
                after=values["state"], **({"reason": values["reason"]} if values.get("reason") else {}),
            )
        return changed

    def want_back(self, message: ClientMessage, reason: str) -> ClientMessage:
        """A task that is not to be confirmed any more: the row as it stands, still leased to whoever looks at it."""
        values: dict[str, Any] = {"wanted": "cancelled", "reason": reason, "version": message.version + 1}
        if not self.uow.update(client_messages, {"id": message.id, "version": message.version}, values):
            return message
        self.uow.audit.record("call_back", "client_message", message.id, client_id=message.client_id, reason=reason)
        return replace(message, **values)

    def look_now(self, client_ids: Collection[int]) -> None:
        """Have the tasks of these clients that wait for their adviser looked at in the next turn."""
        self.uow.conn.execute(
            update(client_messages).values(look_at=self.uow.now).where(
                client_messages.c.client_id.in_(list(client_ids)), client_messages.c.state == "task_created",
                client_messages.c.look_at > self.uow.now,
            )
        )

    def claim(self, owner: str, limit: int, *, kf: bool = False) -> list[ClientMessage]:
        """Rows of which something is to be done now, leased to `owner`: answers in 微信客服, or all others. One whose
        text does not open comes back failed; the others go on."""
        now = self.uow.now
        of_route = (client_messages.c.route == "kf") if kf else (client_messages.c.route != "kf")
        free = or_(client_messages.c.lease_until.is_(None), client_messages.c.lease_until < now)
        heads = (
            select(client_messages.c.id)
            .where(client_messages.c.state.in_(WAITING), client_messages.c.look_at <= now, free, of_route)
            .order_by(client_messages.c.look_at, client_messages.c.id).limit(limit)
        )
        if self.uow.conn.dialect.name == "postgresql":
            heads = heads.with_for_update(skip_locked=True)
        ids = [row.id for row in self.uow.conn.execute(heads)]
        if ids:
            self.uow.conn.execute(
                update(client_messages).where(client_messages.c.id.in_(ids))
                .values(lease_owner=owner, lease_until=now + LEASE, version=client_messages.c.version + 1)
            )
        claimed = self._query().where(client_messages.c.id.in_(ids)).order_by(client_messages.c.id)
        return [self._failed_if_unreadable(message) for message in self._read(claimed)] if ids else []

    def _failed_if_unreadable(self, message: ClientMessage) -> ClientMessage:
        """What WeCom has as a task is looked after without its words; nothing else can be done without them."""
        if message.text or message.state in ("task_created", "adviser_sent"):
            return message
        reason = {"queued": "unreadable", "sending": UNCLEAR}.get(message.state, "unclear")
        values: dict[str, Any] = {"state": "failed", "reason": reason, "done_at": self.uow.now, "look_at": None}
        self.change(message, **values)
        return replace(message, **values, version=message.version + 1)

    def lease_owners(self) -> set[str]:
        """Who holds rows now."""
        query = select(client_messages.c.lease_owner).where(client_messages.c.lease_until.is_not(None)).distinct()
        return set(self.uow.conn.execute(query).scalars())

    def end_leases(self, owner: str, at: datetime) -> None:
        """End the leases of an owner that is no more at `at`, if not before."""
        self.uow.conn.execute(
            update(client_messages)
            .where(client_messages.c.lease_owner == owner, client_messages.c.lease_until > at).values(lease_until=at)
        )

    # ------------------------------------------------------------ read

    def get(self, message_id: int) -> ClientMessage:
        """A row of a client in scope. Raises NotFound."""
        found = self._read(self._query().where(client_messages.c.id == message_id))
        if not found:
            raise NotFound("没有找到这条发送记录。")
        return found[0]

    def find(self, message_id: int) -> ClientMessage | None:
        return next(iter(self._read(self._query().where(client_messages.c.id == message_id))), None)

    def attempts(self, key: str) -> int:
        """How many rows there are for a client, occasion and day; the next one's number."""
        query = select(func.count()).where(client_messages.c.key >= f"{key}:", client_messages.c.key < f"{key};")
        return int(self.uow.conn.execute(query).scalar_one())

    def of_client(self, client_id: int, states: Collection[MessageState] = (), limit: int = 20) -> list[ClientMessage]:
        """What was written to a client in scope, the newest first."""
        query = self._query().where(client_messages.c.client_id == client_id)
        return self._read(_in(query, states).order_by(client_messages.c.id.desc()).limit(limit))

    def of_sender(self, sender_id: str, states: Collection[MessageState], limit: int = 200) -> list[ClientMessage]:
        """What a member has under way, the oldest first."""
        query = _in(self._query().where(client_messages.c.sender_id == sender_id), states)
        return self._read(query.order_by(client_messages.c.id).limit(limit))

    def of_campaign(
        self, campaign_id: int, sender_id: str = "", states: Collection[MessageState] = ()
    ) -> list[ClientMessage]:
        """The messages of a campaign (to one adviser's clients), in the order they were made."""
        query = _in(self._query().where(client_messages.c.campaign_id == campaign_id), states)
        if sender_id:
            query = query.where(client_messages.c.sender_id == sender_id)
        return self._read(query.order_by(client_messages.c.id))

    def recent(self, client_ids: Collection[int], since: datetime, but: int | None = None) -> list[Recent]:
        """What has reached these clients since then, or still may, over all books; `but` leaves one row out. `at` is
        when it was done, else sent, made a task, or may be made one, which can be a day to come.

        What the adviser was to send by hand and never spoke of again does not count for ever. An answer to what the
        client wrote himself counts for nothing."""
        known = func.coalesce(*(client_messages.c[f] for f in ("done_at", "sent_at", "task_at", "not_before")))
        is_queued = client_messages.c.state == "queued"
        now = literal(self.uow.now, client_messages.c.not_before.type)
        at = case((is_queued & (client_messages.c.not_before < now), now), else_=known)
        columns = [client_messages.c[f] for f in ("id", "client_id", "occasion", "state", "route")]
        query = select(*columns, at.label("at")).where(
            client_messages.c.client_id.in_(list(client_ids)), client_messages.c.state.in_(LIVE), at >= since,
            client_messages.c.id != (but or 0), client_messages.c.route != "kf",
            or_(client_messages.c.state != "by_hand", client_messages.c.expires_at > self.uow.now),
        )
        return [Recent(**row._mapping) for row in self.uow.conn.execute(query.order_by(at))]

    def drafted(self, occasion: str) -> frozenset[int]:
        """The clients in scope for whom a draft of the occasion waits for its adviser."""
        query = select(client_messages.c.client_id).where(
            client_messages.c.occasion == occasion, client_messages.c.state == "drafted",
            client_messages.c.expires_at > self.uow.now, self.mine(client_messages),
        )
        return frozenset(row.client_id for row in self.uow.execute(query))

    def hit_quota(self, client_id: int, since: datetime) -> bool:
        """Whether WeCom said since then that the client has had another group message."""
        query = select(client_messages.c.id).where(
            client_messages.c.client_id == client_id, client_messages.c.state == "failed",
            client_messages.c.reason == "quota", client_messages.c.done_at >= since,
        )
        return self.uow.conn.execute(query.limit(1)).first() is not None

    def known_tasks(self, msgids: Sequence[str]) -> set[str]:
        """Which of these tasks of WeCom stand in the ledger."""
        query = select(client_messages.c.msgid).where(client_messages.c.msgid.in_(list(msgids)))
        return {row.msgid for row in self.uow.conn.execute(query)}

    def answers_since(self, talk_id: int, at: datetime) -> int:
        """How many answers in a talk of 微信客服 went out since then, or may have."""
        maybe = (client_messages.c.state == "sending") | (client_messages.c.reason == UNCLEAR)
        went = or_(maybe, client_messages.c.sent_at.is_not(None))
        query = select(func.count()).where(
            client_messages.c.talk_id == talk_id, went,
            func.coalesce(client_messages.c.sent_at, client_messages.c.tried_at) >= at,
        )
        return int(self.uow.conn.execute(query).scalar_one())

    def is_behind_another(self, message: ClientMessage) -> bool:
        """Whether an earlier answer in the same talk is still on its way: they arrive in the order they were given."""
        query = select(client_messages.c.id).where(
            client_messages.c.talk_id == message.talk_id, client_messages.c.id < message.id,
            client_messages.c.state.in_(("queued", "sending")),
        )
        return self.uow.conn.execute(query.limit(1)).first() is not None

    def answer_sent_as(self, msgid: str) -> ClientMessage | None:
        """The answer in 微信客服 that went out under this id."""
        query = self._query().where(client_messages.c.msgid == msgid, client_messages.c.route == "kf")
        return next(iter(self._read(query)), None)

    def counts(self, campaign_ids: Collection[int]) -> dict[tuple[MessageState, str], int]:
        """How many messages of campaigns to clients in scope, by state and reason."""
        query = (
            select(client_messages.c.state, client_messages.c.reason, func.count().label("n"))
            .where(client_messages.c.campaign_id.in_(list(campaign_ids)), self.mine(client_messages))
            .group_by(client_messages.c.state, client_messages.c.reason)
        )
        return {(cast(MessageState, row.state), row.reason): row.n for row in self.uow.execute(query)}

    # ------------------------------------------------------------ inside

    def _query(self) -> Select[Any]:
        own = visible(self.uow.scope, client_messages.c.owner_id)
        name = case((clients.c.id.is_not(None), clients.c.name), else_="").label("client_name")
        return (
            select(client_messages, name)
            .join(clients, clients.c.id == client_messages.c.client_id, isouter=True).where(own)
        )

    def _read(self, query: Select[Any]) -> list[ClientMessage]:
        return [self._message(row) for row in self.uow.execute(query)]

    def _message(self, row: Any) -> ClientMessage:
        return ClientMessage(
            **{f: getattr(row, f) for f in _FIELDS}, text=self._text(row),
            overrides=tuple(row.overrides), client_name=row.client_name,
        )

    def _text(self, row: Any) -> str:
        """The words; "" where they do not open, which is never sent."""
        try:
            return str(self.uow.unseal(_PLACE, row.id, row.text))
        except Corrupt:
            log.error("client_message.corrupt", id=row.id)
            return ""


def _in(query: Select[Any], states: Collection[MessageState]) -> Select[Any]:
    return query.where(client_messages.c.state.in_(list(states))) if states else query
