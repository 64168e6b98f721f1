"""What the buttons of sent cards mean.

A button carries an opaque key, bound here to one person, action, object and expiry: a guessed or foreign
key does nothing, and a second tap is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.model.ids import new_token
from storage.model.work import CardAction
from storage.prepared import Prepared
from storage.repositories.base import Repository
from storage.tables import card_actions

LIFETIME = timedelta(hours=72)  # as long as WeCom's response_code lives (path/94888)

_BIND = Prepared(insert(card_actions).values({c.name: bindparam(c.name) for c in card_actions.c}))
_FIND = Prepared(
    select(card_actions)
    .where(card_actions.c.key == bindparam("its_key"), card_actions.c.user_id == bindparam("its_user"))
)  # fmt: skip


class CardActionRepository(Repository):
    def bind(self, task_id: str, user_id: str, action: str, **args: Any) -> str:
        """A new button key that means `action` with `args` when `user_id` taps it."""
        key = new_token()
        self.uow.run(_BIND, {
            "key": key, "task_id": task_id, "user_id": user_id, "action": action, "args": args,
            "created_at": self.uow.now, "expires_at": self.uow.now + LIFETIME, "used_at": None,
        })  # fmt: skip
        return key

    def find(self, key: str, user_id: str) -> CardAction | None:
        """What a key means, used or not, expired or not; None for a key that is not this person's."""
        found = self.uow.rows(_FIND, {"its_key": key, "its_user": user_id})
        if not found:
            return None
        row = found[0]
        args: Mapping[str, Any] = row.args
        return CardAction(row.key, row.task_id, row.user_id, row.action, args, row.expires_at, row.used_at)

    def use(self, action: CardAction) -> bool:
        """Spend all buttons of the card; False when one was tapped before."""
        spent = self.uow.conn.execute(
            update(card_actions)
            .where(card_actions.c.task_id == action.task_id, card_actions.c.user_id == action.user_id)
            .where(card_actions.c.used_at.is_(None)).values(used_at=self.uow.now)
        )
        return bool(spent.rowcount)
