"""From a message to rows of the outbox: bodies are made once, here, and never again."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from reminders.sending import Call, build_body
from storage.database import UnitOfWork
from storage.model.messages import Message, requests_for


class Post:
    """Puts messages of one app into the outbox."""

    def __init__(self, agent_id: int) -> None:
        self._agent_id = agent_id

    def put(
        self, uow: UnitOfWork, recipient: str, message: Message, *, key: str, priority: int,
        not_before: datetime | None = None, expires_at: datetime | None = None,
    ) -> bool:
        """Queue a message under a key that is used once, in pieces `key#0`, `key#1` … where it is long.

        False when it was queued before: the first one stands. It leaves when the unit of work commits."""
        added = False
        for number, (call, request) in enumerate(requests_for(message)):
            row_id = uow.outbox.new_row_id()
            body = build_body(cast(Call, call), request, recipient, self._agent_id, row_id)
            added |= uow.outbox.put(
                f"{key}#{number}", recipient, call, body, row_id=row_id, priority=priority,
                not_before=not_before, expires_at=expires_at,
            )
        return added
