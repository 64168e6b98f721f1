"""The front of the fake qyapi.weixin.qq.com: tokens, faults, the wire record, and one table of calls."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.corp import Corp
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.wire import Wire
from storage.model.clock import Clock

TOKEN_LIFE = timedelta(seconds=7200)
MAX_BODY = 25 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """One API call after the token check. `raw` is the request body as it came."""

    path: str
    query: Mapping[str, str]
    now: datetime
    raw: bytes = b""
    body: dict[str, Any] = field(default_factory=dict)
    upload: Upload | None = None

    def need(self, name: str, errcode: int) -> str:
        """A query parameter that must be there."""
        value = self.query.get(name, "")
        if not value:
            raise ApiError(errcode)
        return value


Answer = dict[str, Any] | web.Response
Handler = Callable[[Call], Answer]


class Tokens:
    """Access tokens of the app's secret: the same one while it lives, as the real API gives (path/91039)."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._live = ""
        self._until: dict[str, datetime] = {}

    def issue(self, corp_id: str, secret: str, now: datetime) -> dict[str, Any]:
        if corp_id != self._corp.corp_id:
            raise ApiError(40013)
        if secret != self._corp.secret:
            raise ApiError(40001)
        if not self._live or now >= self._until[self._live]:
            self._live = secrets.token_urlsafe(48)
            self._until[self._live] = now + TOKEN_LIFE
        left = int((self._until[self._live] - now).total_seconds())
        return {"errcode": 0, "errmsg": "ok", "access_token": self._live, "expires_in": left}

    def check(self, token: str, now: datetime) -> None:
        if not token:
            raise ApiError(41001)
        if token not in self._until:
            raise ApiError(40014)
        if now >= self._until[token]:
            raise ApiError(42001)

    def expire(self, token: str, now: datetime) -> None:
        if token in self._until:
            self._until[token] = min(self._until[token], now)


class Qyapi:
    """Answers `/cgi-bin/…` from a table of plain functions."""

    def __init__(self, corp: Corp, clock: Clock, wire: Wire, faults: Faults) -> None:
        self.tokens = Tokens(corp)
        self.token_requests = 0
        self._clock = clock
        self._wire = wire
        self._faults = faults
        self._table: dict[tuple[str, str], Handler] = {("GET", "gettoken"): self._gettoken}
        self._late: dict[str, Callable[[Call], None]] = {}

    def add(self, method: str, path: str, handler: Handler) -> None:
        self._table[method, path] = handler

    def may_be_late(self, path: str, take: Callable[[Call], None]) -> None:
        """With `late_tasks` on, calls of this path are only taken, and their connection is cut."""
        self._late[path] = take

    def routes(self) -> list[web.RouteDef]:
        return [web.route(method, f"/cgi-bin/{path}", self._serve) for method, path in self._table]

    def _gettoken(self, call: Call) -> Answer:
        self.token_requests += 1
        return self.tokens.issue(call.query.get("corpid", ""), call.query.get("corpsecret", ""), call.now)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        start = time.perf_counter()
        call = await self._read(request)
        cut, answer, status, note = self._work(request, call)
        if self._faults.slow_seconds:
            await asyncio.sleep(self._faults.slow_seconds)
        body = answer if isinstance(answer, dict) else {"errcode": 0, "note": "binary"}
        self._wire.call(
            call.now, method=request.method, path=request.path, query=dict(request.query),
            request=call.body or None, answer=None if cut else body, status=0 if cut else status,
            ms=(time.perf_counter() - start) * 1000, note=note,
        )
        if cut:
            _cut(request)
        return answer if isinstance(answer, web.Response) else web.json_response(answer, status=status)

    def _work(self, request: web.Request, call: Call) -> tuple[bool, Answer, int, str]:
        """(connection cut?, answer, HTTP status, note for the wire record)."""
        if self._faults.down:
            return True, {}, 0, "down"
        if self._faults.takes("http_500"):
            return False, {"errcode": -1, "errmsg": "system busy"}, 500, "http_500"
        if call.path in self._late and self._faults.takes("late_tasks"):
            self._late[call.path](call)
            return True, {}, 0, "late"
        try:
            answer = self._answer(request, call)
        except ApiError as error:
            return False, error.as_json(), 200, ""
        if call.path != "gettoken" and self._faults.takes("lost_answers"):
            return True, answer, 0, "lost_answer"
        return False, answer, 200, str(answer.pop("_note", "")) if isinstance(answer, dict) else ""

    def _answer(self, request: web.Request, call: Call) -> Answer:
        if call.path != "gettoken":
            self._admit(call)
        return self._table[request.method, call.path](call)

    def _admit(self, call: Call) -> None:
        token = call.query.get("access_token", "")
        if code := self._faults.forced_code(call.path):
            raise ApiError(code)
        if token and self._faults.takes("expire_tokens"):
            self.tokens.expire(token, call.now)
        self.tokens.check(token, call.now)

    async def _read(self, request: web.Request) -> Call:
        path = request.path.removeprefix("/cgi-bin/")
        call = Call(path, request.query, self._clock.now())
        if request.content_type == "multipart/form-data":
            return Call(path, request.query, call.now, upload=await _read_upload(request))
        raw = await request.content.read(MAX_BODY)
        return Call(path, request.query, call.now, raw, _parse(raw))


def _parse(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request. WeCom takes what it can and misses the rest (path/90313)."""
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _read_upload(request: web.Request) -> Upload | None:
    part = (await request.post()).get("media")
    if not isinstance(part, web.FileField):
        return None
    return Upload(part.filename, part.content_type, part.file.read())


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
