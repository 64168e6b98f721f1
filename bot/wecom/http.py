"""One HTTP exchange with WeCom: a dict with an errcode, or `Unreachable`. Nothing here prints an address,
because the token travels in the query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.wecom.errors import Unreachable

MAX_ANSWER_BYTES = 32 * 1024 * 1024


@lru_cache(maxsize=64)
def with_token(url: str, token: str) -> str:
    """The address of a call; the same for hours."""
    return f"{url}?{urlencode({'access_token': token})}"


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    api: str,
    *,
    params: Mapping[str, str],
    data: bytes | aiohttp.FormData | None = None,
    timeout: float,  # noqa: ASYNC109 - the limit of one call, given to aiohttp
) -> dict[str, Any]:
    """WeCom's answer, whatever its errcode. Raises Unreachable when there is none that can be used."""
    headers = {"Content-Type": "application/json"} if isinstance(data, bytes) else {}
    limits = aiohttp.ClientTimeout(total=timeout)
    try:
        # A redirect would carry the token elsewhere.
        async with session.request(
            method, url, params=params, data=data, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            body = await _read(response, api)
            status = response.status
    except TimeoutError:
        raise Unreachable(api, "timeout") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # `from None`: the texts of aiohttp's exceptions may hold the address, and with it the token.
        raise Unreachable(api, type(error).__name__) from None
    if status != 200:
        raise Unreachable(api, f"http_{status}")
    return _answer(body, api)


async def download(
    session: aiohttp.ClientSession, url: str, api: str, *, params: Mapping[str, str], largest: int,
    timeout: float,  # noqa: ASYNC109 - the limit of one call, given to aiohttp
) -> bytes | dict[str, Any] | None:
    """A file, or WeCom's answer with an errcode in its place; None for a file of more than `largest` bytes, of which no
    more than that is read. Raises Unreachable."""
    limits = aiohttp.ClientTimeout(total=timeout)
    try:
        async with session.get(url, params=params, timeout=limits, allow_redirects=False) as response:
            body = await _read_at_most(response, largest)
            status, is_json = response.status, response.content_type in ("application/json", "text/plain")
    except TimeoutError:
        raise Unreachable(api, "timeout") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreachable(api, type(error).__name__) from None  # the text may hold the token
    if status != 200:
        raise Unreachable(api, f"http_{status}")
    return _answer(body, api) if is_json and body is not None else body


async def _read_at_most(response: aiohttp.ClientResponse, largest: int) -> bytes | None:
    parts, size = [], 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > largest:
            return None
    return b"".join(parts)


async def _read(response: aiohttp.ClientResponse, api: str) -> bytes:
    parts, size = [], 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise Unreachable(api, "answer_too_large")
    return b"".join(parts)


def _answer(body: bytes, api: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreachable(api, "not_json") from None
    if not isinstance(answer, dict):
        raise Unreachable(api, "not_json")
    try:
        answer["errcode"] = int(answer["errcode"])
    except (KeyError, TypeError, ValueError):
        # Some proxy's JSON. Taking it for success would lose the message.
        raise Unreachable(api, "no_errcode") from None
    return answer
