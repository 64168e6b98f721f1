"""The cast of the sandbox tests: a product that only opens envelopes, and its side of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from aiohttp import ClientSession, web
from defusedxml.ElementTree import fromstring
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.sandbox.fake_wecom import Corp

CORP = Corp.sandbox()
MONDAY = datetime(2025, 6, 9, 1, 0, tzinfo=UTC)


@dataclass
class EchoProduct:
    """Opens callbacks as a product must, keeps them, answers with the statuses it was told to."""

    crypto: WeChatCrypto = field(default_factory=lambda: WeChatCrypto(CORP.token, CORP.aes_key, CORP.corp_id))
    heard: list[Element] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def post(self, request: web.Request) -> web.Response:
        q = dict(request.query)
        plain = self.crypto.decrypt_message(
            await request.text(), q["msg_signature"], q["timestamp"], q["nonce"]
        )
        self.queries.append(q)
        self.heard.append(fromstring(plain))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def get(self, request: web.Request) -> web.Response:
        q = request.query
        return web.Response(
            text=self.crypto.check_signature(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"])
        )

    def last(self, name: str) -> str:
        return self.heard[-1].findtext(name) or ""


@dataclass
class Api:
    """The product's side of the API: a token, then calls."""

    session: ClientSession
    base: str
    token: str = ""

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        return await self._call("GET", path, query, None)

    async def post(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        return await self._call("POST", path, query, body)

    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any) -> dict[str, Any]:
        query = {"access_token": self.token, **query} if path != "gettoken" else query
        kind = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        url = f"{self.base}/cgi-bin/{path}"
        async with self.session.request(method, url, params=query, **kind) as response:
            answer: dict[str, Any] = await response.json()
            return answer | {"_status": response.status} if response.status != 200 else answer

    async def fetch_token(self) -> str:
        answer = await self.get("gettoken", corpid=CORP.corp_id, corpsecret=CORP.secret)
        self.token = answer["access_token"]
        return self.token

    async def send(self, kind: str, content: dict[str, Any], to: str = "li", **more: Any) -> dict[str, Any]:
        body = {"touser": to, "agentid": CORP.agent_id, "msgtype": kind, kind: content, **more}
        return await self.post("message/send", body)

    async def send_text(self, text: str, to: str = "li", **more: Any) -> dict[str, Any]:
        return await self.send("text", {"content": text}, to, **more)


def button_card(task_id: str = "task-1", **more: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction", "task_id": task_id, "main_title": {"title": "保单到期"},
        "button_list": [{"text": "完成", "key": "done", "style": 1}, {"text": "稍后", "key": "later"}],
        **more,
    }
