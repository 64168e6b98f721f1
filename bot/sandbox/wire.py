"""The wire inspector's record: every callback and every API call, without tokens and secrets."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

SECRET_KEYS = {"access_token", "corpsecret"}
HIDDEN = "…"


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: HIDDEN if k in SECRET_KEYS else v for k, v in values.items()}


class Feed:
    """Hands every event to every listener. A listener that does not read loses the oldest events."""

    def __init__(self, keep: int = 2000) -> None:
        self._keep = keep
        self._queues: set[asyncio.Queue[dict[str, Any]]] = set()

    def subscribe(self) -> asyncio.Queue[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(self._keep)
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        self._queues.discard(queue)

    def publish(self, event: dict[str, Any]) -> None:
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)


class Wire:
    """The last `keep` exchanges, newest last."""

    def __init__(self, feed: Feed, keep: int = 500) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=keep)
        self._ids = itertools.count(1)
        self._feed = feed

    def callback(
        self, at: datetime, *, userid: str, url: str, encrypted: str, plain: str,
        status: int, ms: float, attempt: int, outcome: str, answer: str,
    ) -> None:
        """One POST to the product. `status` 0: no answer; `outcome`: accepted, late, refused, unreachable."""
        self._add({
            "dir": "callback", "at": at.isoformat(), "userid": userid, "path": url, "encrypted": encrypted,
            "plain": plain, "status": status, "ms": round(ms, 1), "attempt": attempt, "outcome": outcome,
            "answer": answer,
        })

    def call(
        self, at: datetime, *, method: str, path: str, query: Mapping[str, Any], request: Any,
        answer: dict[str, Any] | None, status: int, ms: float, note: str,
    ) -> None:
        """One API call of the product. `answer` is None when the connection was cut."""
        self._add({
            "dir": "api", "at": at.isoformat(), "method": method, "path": path,
            "query": without_secrets(query), "request": request,
            "answer": without_secrets(answer) if answer is not None else None,
            "errcode": answer.get("errcode", 0) if answer is not None else None,
            "status": status, "ms": round(ms, 1), "note": note,
        })

    def _add(self, entry: dict[str, Any]) -> None:
        entry["id"] = next(self._ids)
        self.entries.append(entry)
        self._feed.publish({"type": "wire", "entry": entry})
