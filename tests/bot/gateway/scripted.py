"""A WeCom that answers from a list: for sequences that the fake cannot produce."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.corp import Corp
from bot.wecom.client import CorpApp, WeComClient, token_keeper
from bot.wecom.token import MemoryTokenStore, TokenStore
from storage.model.clock import Clock

CORP = Corp.sandbox()

Answer = dict[str, Any] | web.Response | float


def ok(**fields: Any) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **fields}


def error(errcode: int, errmsg: str = "") -> dict[str, Any]:
    return {"errcode": errcode, "errmsg": errmsg}


class ScriptedWeCom:
    """`script["message/send"] = [answers…]`: one for each call, the last for ever. A float sleeps so many
    seconds before an ok. Without a script gettoken hands out t1, t2, … and everything else says ok."""

    def __init__(self) -> None:
        self.url = ""
        self.script: dict[str, list[Answer]] = {}
        self.calls: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self.bodies: list[bytes] = []
        self.most_at_once = 0
        self._at_once = 0

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", "/cgi-bin/{path:.+}", self._serve)

    def count(self, path: str) -> int:
        return len(self.calls[path])

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._answer(request)
        finally:
            self._at_once -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.bodies.append(await request.read())
        self.calls[path].append(dict(request.query))
        answer = self._next(path)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = ok()
        return answer if isinstance(answer, web.Response) else web.json_response(answer)

    def _next(self, path: str) -> Answer:
        answers = self.script.get(path)
        if not answers:
            token = {"access_token": f"t{self.count('gettoken')}", "expires_in": 7200}
            return ok(**token) if path == "gettoken" else ok()
        return answers.pop(0) if len(answers) > 1 else answers[0]


def an_app(url: str, secret: str = CORP.secret) -> CorpApp:
    return CorpApp(url, CORP.corp_id, CORP.agent_id, secret)


def a_client(
    session: aiohttp.ClientSession, url: str, clock: Clock, *, store: TokenStore | None = None,
    secret: str = CORP.secret, **options: Any,
) -> WeComClient:  # fmt: skip
    app = an_app(url, secret)
    keeper = token_keeper(session, app, store or MemoryTokenStore(), clock)
    return WeComClient(session, app, keeper, clock, **{"back_off": 0.001, **options})
