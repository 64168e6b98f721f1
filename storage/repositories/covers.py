"""Who stands in for whom while he is away. What a cover may see meanwhile is decided in `storage.scope`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update

from storage.audit import AuditTrail, Pending
from storage.model.errors import Conflict, Invalid
from storage.model.ids import new_id
from storage.model.people import Cover, User
from storage.repositories.base import Repository
from storage.scope import covered, covers_somebody, visible
from storage.tables import clients, covers, users

COVER_ROLES = ("adviser", "manager")  # who sees clients at all; others stand in for nobody
_COLUMNS = [covers.c[name] for name in Cover.__slots__]


class CoverRepository(Repository):
    """For the members that the actor answers for, himself included; the system asks about everybody."""

    def add(self, away: User, cover: User, begins_at: datetime, ends_at: datetime) -> Cover:
        """Let a colleague stand in for a member. Raises Invalid where the member is covered for already, or one of the
        two is away or covers while the other would."""
        begins_at = max(begins_at, self.uow.now)  # what is over was nobody's: it may not clash, and opened nothing
        if ends_at <= begins_at:
            raise Invalid("这几天已经过去了，没有安排。请核对日期再说一次。")
        self._lock(away, cover)
        if clash := self._clash(away, cover, begins_at, ends_at):
            raise Invalid(clash)
        made = Cover(new_id(), away.id, cover.id, begins_at, ends_at)
        stamps = {"created_by": self.uow.actor.user_id, "created_at": self.uow.now}
        self.uow.insert(covers, {**asdict(made), **stamps})
        # Not noted for undo: the bound may be too late, and then `covers` is asked for nothing.
        later = or_(users.c.covers_until.is_(None), users.c.covers_until < ends_at)
        self.uow.conn.execute(update(users).where(users.c.id == cover.id, later).values(covers_until=ends_at))
        self.uow.audit.record("create", "cover", made.id, away=away.id, cover=cover.id,
                              begins=begins_at.isoformat(), ends=ends_at.isoformat())
        return made

    def end(self, cover: Cover) -> None:
        """Let it end now; one that has not begun never will."""
        ends_at = max(cover.begins_at, self.uow.now)
        self.uow.update(covers, {"id": cover.id}, {"ends_at": ends_at})
        self.uow.audit.record("end", "cover", cover.id, away=cover.away_id, cover=cover.cover_id)

    def check_again(self, cover_id: int) -> None:
        """After an undo brought a cover back. Raises Conflict where the days were arranged otherwise meanwhile."""
        found = self.uow.conn.execute(self._live(covers.c.id == cover_id)).one_or_none()
        if found is None:
            return
        away, cover = self.uow.users.get(found.away_id), self.uow.users.get(found.cover_id)
        self._lock(away, cover)
        if self._clash(away, cover, found.begins_at, found.ends_at, besides=cover_id):
            raise Conflict("这之后又有新的请假或代班安排，不能撤销了。发送「谁代班」查看。")

    def coming(self) -> list[Cover]:
        """Those that are on and those still to come, of members in scope and of those whom the actor covers, by their
        beginning."""
        seen = or_(visible(self.uow.own_scope, covers.c.away_id), covers.c.cover_id == self.uow.actor.user_id)
        query = self._live(covers.c.ends_at > self.uow.now).where(seen)
        return [Cover(**row._mapping) for row in self.uow.execute(query)]

    def of(self, away_id: str) -> list[Cover]:
        """Those of one member that are on or still to come, the next first."""
        query = self._live(covers.c.ends_at > self.uow.now, covers.c.away_id == away_id)
        return [Cover(**row._mapping) for row in self.uow.execute(query)]

    def between(self, first: datetime, end: datetime) -> list[Cover]:
        """Those that are on at some time of a span, of members in scope."""
        seen = visible(self.uow.own_scope, covers.c.away_id)
        query = self._live(covers.c.begins_at < end, covers.c.ends_at > first).where(seen)
        return [Cover(**row._mapping) for row in self.uow.execute(query)]

    def stand_ins(self, now: datetime) -> dict[str, str]:
        """Who stands in at an instant, by the member who is away; of the whole firm. Who has left the firm does not."""
        there = covers.c.cover_id.in_(select(users.c.id).where(users.c.active.is_(True), users.c.role.in_(COVER_ROLES)))
        on = self._live(covers.c.begins_at <= now, covers.c.ends_at > now, there)
        return {row.away_id: row.cover_id for row in self.uow.conn.execute(on)}

    def stands_in_for(self) -> frozenset[str]:
        """Whom the actor stands in for now."""
        if not covers_somebody(self.uow.scope):
            return frozenset()
        return frozenset(self.uow.execute(covered()).scalars())

    def named_in(self, entries: Sequence[Pending]) -> list[Pending]:
        """The entries of the trail; those about clients whom the actor covers say whose they are."""
        owners, on_behalf = self._owners_covered(entries), AuditTrail.on_behalf
        return [
            on_behalf(entry, {owners[who] for who in (entry["client_id"], *entry["clients"]) if who in owners})
            if entry["actor"] == self.uow.actor.user_id else entry
            for entry in entries
        ]

    # ------------------------------------------------------------ inside

    def _live(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Without those that were called off before they began."""
        live = select(*_COLUMNS).where(covers.c.ends_at > covers.c.begins_at, *conditions)
        return live.order_by(covers.c.begins_at, covers.c.id)

    def _owners_covered(self, entries: Sequence[Pending]) -> dict[int, str]:
        """Of the clients in entries of the trail, those whom the actor covers, with their owners."""
        shown = {who for entry in entries for who in (entry["client_id"], *entry["clients"]) if who is not None}
        query = select(clients.c.id, clients.c.owner_id).where(
            clients.c.id.in_(shown), clients.c.owner_id.in_(self.stands_in_for())
        )
        return {row.id: row.owner_id for row in self.uow.conn.execute(query)}

    def _lock(self, *people: User) -> None:
        """Two who arrange for the same people at once go one after the other."""
        ids = sorted(user.id for user in people)
        theirs = select(users.c.id).where(users.c.id.in_(ids)).order_by(users.c.id)
        self.uow.conn.execute(theirs.with_for_update(key_share=True)).all()  # rows that refer to them may come in

    def _clash(self, away: User, cover: User, begins_at: datetime, ends_at: datetime, besides: int = 0) -> str:
        both = (away.id, cover.id)
        meanwhile = self._live(covers.c.begins_at < ends_at, covers.c.ends_at > begins_at, covers.c.id != besides)
        found = self.uow.conn.execute(meanwhile.where(
            or_(covers.c.away_id.in_(both), and_(covers.c.cover_id == away.id))
        )).first()  # fmt: skip
        if found is None:
            return ""
        if found.away_id == away.id:
            return f"{away.name} 这几天已经安排了代班。发送「谁代班」查看，要改请先「取消请假」。"
        if found.away_id == cover.id:
            return f"{cover.name} 这几天自己也请假，不能代班，请换一位同事。"
        return f"{away.name} 这几天要替同事代班，请先改那边的安排。发送「谁代班」查看。"
