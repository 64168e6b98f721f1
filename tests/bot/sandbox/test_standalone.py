"""The fake WeCom as a process of its own, steered over HTTP."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, web
from aiohttp.test_utils import TestServer

from tests.bot.sandbox.cast import CORP, Api, EchoProduct


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Steered:
    def __init__(self, session: ClientSession, base: str) -> None:
        self.api = Api(session, base)
        self._session, self._base = session, base

    async def post(self, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with self._session.post(f"{self._base}/fake/{name}", json=body) as response:
            return response.status, await response.json()

    async def seen(self) -> dict[str, Any]:
        async with self._session.get(f"{self._base}/fake/seen") as response:
            seen: dict[str, Any] = await response.json()
            return seen

    async def started(self) -> None:
        async with asyncio.timeout(10):
            while True:
                try:
                    await self.seen()
                except ClientConnectionError:
                    await asyncio.sleep(0.05)
                else:
                    return


@pytest.fixture
async def steered() -> AsyncIterator[Steered]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.fake_wecom", "--listen", f"127.0.0.1:{port}", "--pause", "0.01",
        "--member", "li:李想:wang", "--now", "2025-06-09T09:00:00+08:00",
    )
    try:
        async with ClientSession() as session:
            steered = Steered(session, f"http://127.0.0.1:{port}")
            await steered.started()
            yield steered
    finally:
        process.terminate()
        await process.wait()


async def test_it_remembers_what_people_saw_while_the_product_dies(steered: Steered) -> None:
    product = EchoProduct()
    app = web.Application()
    app.router.add_post("/wecom/callback", product.post)
    async with TestServer(app, host="127.0.0.1") as server:
        await steered.post("callback", {"url": str(server.make_url("/wecom/callback"))})
        _, delivery = await steered.post("say", {"userid": "li", "text": "你好"})
        assert (delivery["accepted"], product.last("MsgId")) == (True, delivery["msg_id"])
        await steered.api.fetch_token()
        await steered.api.send_text("早上好")
    _, lost = await steered.post("say", {"userid": "li", "text": "还在吗"})
    assert (lost["accepted"], lost["attempts"]) == (False, 4)
    seen = await steered.seen()
    assert [(s["userid"], s["text"]) for s in seen["seen"]] == [("li", "早上好")]
    assert [d["accepted"] for d in seen["deliveries"]] == [True, False]


async def test_faults_clock_and_members_are_steered_from_outside(steered: Steered) -> None:
    await steered.post("members", {"userid": "zhou", "name": "周敏"})
    await steered.post("clock", {"to": "2025-06-10T08:30:00+08:00"})
    await steered.post("faults", {"drop": True})
    await steered.api.fetch_token()
    assert (await steered.api.send_text("无人收到", to="zhou"))["errcode"] == 0
    seen = await steered.seen()
    assert seen["now"].startswith("2025-06-10T00:30:0")
    assert [d["userid"] for d in seen["dropped"]] == ["zhou"]
    status, answer = await steered.post("faults", {"nothing": 1})
    assert (status, "no such fault" in answer["error"]) == (400, True)


async def test_lines_can_be_said_without_waiting(steered: Steered) -> None:
    assert await steered.post("say", {"userid": "li", "text": "一", "wait": False}) == (200, {"ok": True})
    for _ in range(200):
        if deliveries := (await steered.seen())["deliveries"]:
            break
        await asyncio.sleep(0.02)
    assert deliveries[0]["plain"].count("一") == 1


def test_the_made_up_corp_cannot_be_mistaken_for_a_real_one() -> None:
    assert CORP.corp_id.startswith("wwsandbox")
    assert len(CORP.aes_key) == 43
