"""What the bot answers customers by itself: one row an answer, from its making to its end. Nothing here sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, or_, select, update

from storage.model.care import UNCLEAR
from storage.model.errors import Corrupt
from storage.model.ids import new_id
from storage.model.kf import Talk
from storage.model.people import Client
from storage.model.self_service import KfReply
from storage.prepared import Prepared, insert_ignoring
from storage.repositories.base import Repository
from storage.tables import kf_replies

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
_PLACE = "kf_replies.text"
_FIELDS = tuple(f for f in KfReply.__slots__ if f != "text")
_PUT = Prepared(insert_ignoring(kf_replies, "key"))
_EMPTY = dict.fromkeys(column.name for column in kf_replies.c)
LIVE = ("queued", "sending", "sent")


class KfReplyRepository(Repository):
    def answer(
        self, talk: Talk, text: str, *, key: str, client: Client | None, binding_id: int | None, to_person: bool,
        look_at: datetime,
    ) -> bool:
        """An answer to what was said last in a talk; False when it was answered under this key before."""
        whose = {"client_id": client.id, "owner_id": client.owner_id} if client else {}
        return self._put(talk.open_kfid, talk.external_userid, text, {
            "key": key, "talk_id": talk.id, "binding_id": binding_id, "to_person": to_person, "said_at": talk.said_at,
            "look_at": look_at, **whose,
        })

    def welcome(self, open_kfid: str, external_userid: str, code: str, text: str, said_at: datetime) -> bool:
        """The welcome of a session that was entered at `said_at`."""
        return self._put(open_kfid, external_userid, text, {
            "key": f"welcome:{code}", "welcome_code": code, "said_at": said_at, "look_at": self.uow.now,
        })

    def claim(self, owner: str, limit: int) -> list[KfReply]:
        """Answers of which something is to be done now, leased to `owner`, in the order of their talks."""
        free = or_(kf_replies.c.lease_until.is_(None), kf_replies.c.lease_until < self.uow.now)
        query = select(kf_replies.c.id).where(
            kf_replies.c.state.in_(("queued", "sending")), kf_replies.c.look_at <= self.uow.now, free
        ).order_by(kf_replies.c.look_at, kf_replies.c.id).limit(limit)
        if self.uow.conn.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        ids = list(self.uow.conn.execute(query).scalars())
        if not ids:
            return []
        leased = {"lease_owner": owner, "lease_until": self.uow.now + LEASE}
        self.uow.conn.execute(update(kf_replies).where(kf_replies.c.id.in_(ids)).values(**leased))
        claimed = select(kf_replies).where(kf_replies.c.id.in_(ids)).order_by(kf_replies.c.talk_id, kf_replies.c.id)
        return [self._reply(row) for row in self.uow.conn.execute(claimed)]

    def move(self, reply: KfReply, **values: Any) -> bool:
        """Take the next step and let the row go; False when somebody else took it meanwhile."""
        mine = (kf_replies.c.id == reply.id) & (kf_replies.c.state == reply.state) & (kf_replies.c.tries == reply.tries)
        freed = {**values, "lease_owner": None, "lease_until": None}
        return bool(self.uow.conn.execute(update(kf_replies).where(mine).values(**freed)).rowcount)

    def sent_as(self, msgid: str) -> KfReply | None:
        """The answer that went out under this id."""
        row = self.uow.conn.execute(select(kf_replies).where(kf_replies.c.msgid == msgid)).first()
        return self._reply(row) if row else None

    def answers_since(self, talk_id: int, at: datetime, but: int = 0) -> int:
        """How many answers in a talk went out since then, or still may; `but` leaves one row out."""
        may = kf_replies.c.state.in_(LIVE) | (kf_replies.c.reason == UNCLEAR)
        query = select(func.count()).select_from(kf_replies).where(
            kf_replies.c.talk_id == talk_id, may, kf_replies.c.id != but,
            func.coalesce(kf_replies.c.sent_at, kf_replies.c.tried_at, kf_replies.c.created_at) >= at,
        )
        return int(self.uow.conn.execute(query).scalar_one())

    def of_client(self, client_id: int, limit: int = 20) -> list[KfReply]:
        """What the bot answered a client in scope, the newest first."""
        query = select(kf_replies).where(
            kf_replies.c.client_id == client_id, kf_replies.c.state == "sent", self.mine(kf_replies)
        )
        return [self._reply(row) for row in self.uow.execute(query.order_by(kf_replies.c.id.desc()).limit(limit))]

    def lease_owners(self) -> set[str]:
        """Who holds rows now."""
        query = select(kf_replies.c.lease_owner).where(kf_replies.c.lease_until.is_not(None)).distinct()
        return set(self.uow.conn.execute(query).scalars())

    def end_leases(self, owner: str, at: datetime) -> None:
        """End the leases of an owner that is no more at `at`, if not before."""
        held = (kf_replies.c.lease_owner == owner) & (kf_replies.c.lease_until > at)
        self.uow.conn.execute(update(kf_replies).where(held).values(lease_until=at))

    def purge(self, before: datetime) -> int:
        done = kf_replies.c.state.not_in(("queued", "sending"))
        return self.uow.conn.execute(delete(kf_replies).where(kf_replies.c.created_at < before, done)).rowcount

    # ------------------------------------------------------------ inside

    def _put(self, open_kfid: str, external_userid: str, text: str, values: Mapping[str, Any]) -> bool:
        row_id = new_id()
        return bool(self.uow.run(_PUT, {
            **_EMPTY, "id": row_id, "open_kfid": open_kfid, "external_userid": external_userid, "to_person": False,
            "welcome_code": "", "state": "queued", "reason": "", "msgid": f"b{row_id}", "created_at": self.uow.now,
            "tries": 0, "text": self.uow.seal(_PLACE, row_id, text), **values,
        }))

    def _reply(self, row: Any) -> KfReply:
        return KfReply(**{f: getattr(row, f) for f in _FIELDS}, text=self._text(row))

    def _text(self, row: Any) -> str:
        """The words; "" where they do not open, which is never sent."""
        try:
            return str(self.uow.unseal(_PLACE, row.id, row.text))
        except Corrupt:
            log.error("kf_reply.corrupt", id=row.id)
            return ""
