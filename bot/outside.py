"""An outside source behind HTTP: one POST of JSON with a bearer token, one answer.

    {"reference": "…", "name": "…", "id_number": "…", "phone": "…"}
    → {"result": "match" | "mismatch", "reference": "…"}

Anything else that comes back, and nothing, is no answer."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
import structlog

from reminders.outside import Answer, Identity, Result

log = structlog.get_logger(__name__)

LARGEST = 10_000  # bytes of an answer
_RESULTS: dict[str, Result] = {"match": "agrees", "mismatch": "differs"}
_TRY_AGAIN = (408, 425, 429)


class HttpSource:
    """`reminders.outside.OutsideSource`."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session, self._url, self._token = session, url, token

    async def ask(self, who: Identity) -> Answer:
        asked = {"reference": who.reference, "name": who.name, "id_number": who.id_number, "phone": who.phone}
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": who.reference}
        try:
            async with self._session.post(self._url, json=asked, headers=headers, allow_redirects=False) as response:
                return _read(response.status, await _body(response), who)
        except (aiohttp.ClientError, OSError) as error:
            log.info("outside.unreachable", query=who.reference, error=type(error).__name__)
            return Answer("later", why="外部系统没有应答")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """All of it, however many pieces it comes in; cut where it is longer than an answer can be."""
    body = b""
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > LARGEST:
            break
    return body[:LARGEST]


def _read(status: int, body: bytes, who: Identity) -> Answer:
    if status in _TRY_AGAIN or status >= 500:
        return Answer("later", why="外部系统没有应答")
    if status != 200:
        log.warning("outside.refused", query=who.reference, status=status)
        return Answer("unclear", why=f"外部系统拒绝了查询（{status}）")
    try:
        told: Any = orjson.loads(body)
    except ValueError:
        told = None
    said = told.get("result") if isinstance(told, dict) else None
    result = _RESULTS.get(said) if isinstance(said, str) else None
    if result is None:
        return Answer("unclear", why="外部系统的答复看不懂")
    return Answer(result, str(told.get("reference") or "")[:80])
