import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.codec import Codec
from bot.sandbox.fake_wecom import FakeWeCom
from bot.wecom.client import WeComClient
from storage.model.clock import MovableClock
from tests.bot.gateway.scripted import CORP, ScriptedWeCom, a_client

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# A larger collection of vectors and samples, read where it lies beside the project.
COLLECTION = Path(os.environ.get("WECOM_SAMPLES", ROOT.parent / "shared" / "wecom"))


def _vectors() -> list[dict]:
    files = [HERE / "data" / "vectors.json", COLLECTION / "vectors.json"]
    found = {v["id"]: v for f in files if f.exists() for v in json.loads(f.read_text())["vectors"]}
    return list(found.values())


def _samples() -> list[tuple[Path, dict]]:
    folders = [f for f in (HERE / "data" / "xml", COLLECTION / "xml") if (f / "index.json").exists()]
    indexes = [(folder, json.loads((folder / "index.json").read_text())["samples"]) for folder in folders]
    return [(folder / sample["file"], sample) for folder, samples in indexes for sample in samples]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "vector" in metafunc.fixturenames:
        metafunc.parametrize("vector", _vectors(), ids=lambda v: v["id"])
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", _samples(), ids=lambda s: s[0].stem)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 0, 10, tzinfo=UTC), frozen=True)


@pytest.fixture
def codec() -> Codec:
    return Codec("callbacktoken", "a" * 42 + "A", "wwcorp0000000001")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: MovableClock) -> AsyncIterator[FakeWeCom]:
    """The sandbox's WeCom, three people in it."""
    fake = FakeWeCom(CORP, clock, "http://127.0.0.1:1/wecom/callback")
    fake.add_department(2, "上海分部")
    fake.add_member("LiGuWen", "李顾问", department=2, leader="wang", position="理财顾问")
    fake.add_member("wang", "王主管")
    yield fake
    await fake.close()


@pytest.fixture
async def fake_url(fake: FakeWeCom) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(fake.routes())
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
def client(session: aiohttp.ClientSession, fake_url: str, clock: MovableClock) -> WeComClient:
    return a_client(session, fake_url, clock)


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedWeCom]:
    wecom = ScriptedWeCom()
    app = web.Application()
    wecom.mount(app)
    async with TestServer(app, host="127.0.0.1") as server:
        wecom.url = str(server.make_url("")).rstrip("/")
        yield wecom


@pytest.fixture
def scripted_client(
    session: aiohttp.ClientSession, scripted: ScriptedWeCom, clock: MovableClock
) -> WeComClient:
    return a_client(session, scripted.url, clock)
