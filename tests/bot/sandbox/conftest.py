"""A fake WeCom on loopback with a small product behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.sandbox.fake_wecom import FakeWeCom, Timing
from storage.model.clock import MovableClock
from tests.bot.sandbox.cast import CORP, MONDAY, Api, EchoProduct


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(MONDAY, frozen=True)


@pytest.fixture
def product() -> EchoProduct:
    return EchoProduct()


@pytest.fixture
async def fake(clock: MovableClock, product: EchoProduct) -> AsyncIterator[FakeWeCom]:
    fake = FakeWeCom(CORP, clock, timing=Timing(deadline=0.3, pause=0.01, verify=0.5))
    fake.add_department(2, "上海分部")
    fake.add_member("li", "李想", department=2, leader="wang")
    fake.add_member("zhou", "周敏", department=2, leader="wang")
    fake.add_member("Wang", "王珂")
    app = web.Application()
    fake.mount(app)
    app.router.add_post("/wecom/callback", product.post)
    app.router.add_get("/wecom/callback", product.get)
    async with TestServer(app, host="127.0.0.1") as server:
        fake.callback_url = str(server.make_url("/wecom/callback"))
        yield fake


@pytest.fixture
async def api(fake: FakeWeCom) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        api = Api(session, fake.callback_url.removesuffix("/wecom/callback"))
        await api.fetch_token()
        yield api
