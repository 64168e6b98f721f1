"""What a conversation has in mind, and the steps that can still be taken back. Both encrypted at rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from storage import journal
from storage.group import Contested
from storage.model.errors import NotFound
from storage.model.ids import new_id
from storage.model.values import mask_free_text
from storage.prepared import Prepared, one_of, upsert
from storage.repositories.base import Repository
from storage.tables import conversations, undo_steps

if TYPE_CHECKING:
    from storage.database import UnitOfWork

UNDO_FOR = timedelta(minutes=5)
NOTHING_TO_UNDO = "没有可以撤销的操作：只能撤销 5 分钟内的改动。"
_COLUMNS = conversations.c.state, conversations.c.version
_LOAD = Prepared(select(*_COLUMNS).where(conversations.c.user_id == bindparam("user_id")))
_LOAD_LOCKED = Prepared(select(*_COLUMNS).where(conversations.c.user_id == bindparam("user_id")).with_for_update())
_LOAD_ALL = Prepared(lambda dialect: (
    select(conversations.c.user_id, *_COLUMNS).where(one_of(conversations.c.user_id, "user_ids", dialect))
))  # fmt: skip
_SAVE = Prepared(upsert(conversations, only=conversations.c.version == bindparam("loaded")))


class ConversationRepository(Repository):
    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._versions: dict[str, int] = {}  # of the states that this unit of work has loaded
        self.undone: list[journal.Change] = []  # what `undo_last` took back, before and after it

    def load(self, user_id: str) -> dict[str, Any]:
        """The state saved last; empty for a new conversation. A member's message and a list that is pushed to him may
        both be about to change it: a unit that may wait takes its turn here, one of a group learns of it at the end."""
        found = self.uow.foreseen.get(("conversation", user_id))
        if found is None:
            rows = self.uow.rows(_LOAD_LOCKED if self.uow.may_wait else _LOAD, {"user_id": user_id})
            found = (rows[0].state, rows[0].version) if rows else (None, 0)
        sealed, self._versions[user_id] = found
        state: dict[str, Any] = self.uow.unseal("conversations.state", user_id, sealed) or {}
        return state

    def foresee(self, user_ids: Collection[str]) -> Callable[[], None]:
        """Ask for the state of these members' conversations for all units of the group; call what is returned to
        take in the answer."""
        answer = self.uow.ask(_LOAD_ALL, {"user_ids": list(user_ids)})

        def take() -> None:
            for row in answer():
                self.uow.foreseen["conversation", row.user_id] = row.state, row.version

        return take

    def save(self, user_id: str, state: Mapping[str, Any]) -> None:
        """Keep the state for the next message, over restarts. Raises Contested when somebody else saved one since it
        was loaded."""
        if user_id not in self._versions:
            self.load(user_id)
        loaded = self._versions[user_id]
        self._versions[user_id] = loaded + 1
        sealed = self.uow.seal("conversations.state", user_id, state)
        saved = self.uow.later(_SAVE, {
            "user_id": user_id, "state": sealed, "updated_at": self.uow.now, "version": loaded + 1, "loaded": loaded,
        })  # fmt: skip
        if not saved:
            raise Contested

    def goes_on(self, user_id: str, since: datetime) -> bool:
        """Whether the member has talked with the bot since then."""
        query = select(conversations.c.user_id).where(
            conversations.c.user_id == user_id, conversations.c.updated_at >= since
        )
        return self.uow.conn.execute(query).first() is not None

    def remember_undo(self, label: str) -> bool:
        """Keep what this unit of work changed so far as one step to take back; False if it changed nothing."""
        if not self.uow.changes:
            return False
        self._keep_step(label, self.uow.changes)
        return True

    def block_undo(self, label: str) -> None:
        """Note an act that cannot be taken back, so that 撤销 does not reach an earlier one past it."""
        self._keep_step(label, [])

    def _keep_step(self, label: str, changes: list[journal.Change]) -> None:
        step, user_id = new_id(), self.uow.actor.user_id
        self.uow.conn.execute(insert(undo_steps).values(
            id=step, user_id=user_id, created_at=self.uow.now, expires_at=self.uow.now + UNDO_FOR,
            label=self.uow.seal("undo_steps.label", step, mask_free_text(label)[:200]),
            changes=self.uow.vault.seal("undo_steps.changes", step, journal.dump(changes)),
        ))
        self.uow.conn.execute(delete(undo_steps).where(
            undo_steps.c.user_id == user_id, undo_steps.c.expires_at < self.uow.now,
        ))

    def last_act(self) -> tuple[str, datetime] | None:
        """The label ("" when it cannot be taken back) and time of the act that 撤销 comes to; None without one."""
        if (row := self._last_step()) is None:
            return None
        lasting = not journal.load(self.uow.vault.open("undo_steps.changes", row.id, row.changes))
        return "" if lasting else str(self.uow.unseal("undo_steps.label", row.id, row.label)), row.created_at

    def last_label(self) -> str:
        """What the actor wrote last within five minutes, whether or not it can be taken back; "" for nothing."""
        row = self._last_step()
        return "" if row is None else str(self.uow.unseal("undo_steps.label", row.id, row.label))

    def _last_step(self) -> Row[Any] | None:
        return self.uow.conn.execute(
            select(undo_steps)
            .where(undo_steps.c.user_id == self.uow.actor.user_id, undo_steps.c.used_at.is_(None))
            .where(undo_steps.c.expires_at >= self.uow.now)
            .order_by(undo_steps.c.id.desc()).limit(1)
        ).one_or_none()

    def undo_last(self) -> str:
        """Take back the actor's latest act of the last five minutes; its label.

        Raises NotFound when there is none, Conflict when its records were changed since."""
        row = self._last_step()
        if row is None:
            raise NotFound(NOTHING_TO_UNDO)
        label = str(self.uow.unseal("undo_steps.label", row.id, row.label))
        changes = journal.load(self.uow.vault.open("undo_steps.changes", row.id, row.changes))
        if not changes:
            raise NotFound(f"「{label}」不能自动撤销，请直接改正；更早的操作也不会被撤销。")
        self.undone = journal.undo(self.uow.conn, changes, self.uow.vault)
        for change in self.undone:
            if change.table not in journal.RECORDS:
                continue
            record, key = journal.RECORDS[change.table]
            image = change.after or change.before or {}
            if change.table == "covers" and change.after is not None:
                self.uow.covers.check_again(image[key])
            self.uow.audit.record(
                "undo", record, image[key],
                client_id=image["id"] if change.table == "clients" else image.get("client_id"),
                columns=journal.differing(change, self.uow.vault),
            )
        self.uow.conn.execute(
            update(undo_steps).where(undo_steps.c.id == row.id).values(used_at=self.uow.now)
        )
        return label
