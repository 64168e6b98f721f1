"""The sandbox: product, fake WeCom, demo data and chat page in one process on loopback."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.app import Application, open_database
from bot.sandbox import api, demo
from bot.sandbox.corp import Corp
from bot.sandbox.fake_wecom import FakeWeCom
from bot.web import CALLBACK
from bot.wecom.shared import open_shared
from config.settings import LOOPBACK, WECOM_API, Settings
from handlers.language import Meaning, When
from handlers.router import Understood
from storage.migrate import upgrade
from storage.model.clock import MovableClock
from storage.vault import Keys

FOLDER = "sandbox"


class SandboxRefused(Exception):
    """The sandbox will not start here; says why, in Chinese."""


@dataclass
class Sandbox:
    """A running sandbox."""

    app: Application
    fake: FakeWeCom
    clock: MovableClock
    url: str


def check_harmless(settings: Settings) -> None:
    """Refuse real corp credentials and any address but loopback. Raises SandboxRefused."""
    if settings.host not in LOOPBACK:
        raise SandboxRefused(f"沙盒只能监听本机地址，现在是 {settings.host}。请把 BOT_LISTEN 改为 127.0.0.1:8080。")
    if settings.corp_id or settings.agent_secret.get_secret_value() or settings.callback_aes_key.get_secret_value():
        raise SandboxRefused("检测到真实企业微信配置（BOT_CORP_ID 等）。沙盒不使用真实账号，请先清除这些变量。")
    if settings.wecom_api != WECOM_API or settings.database_url:
        raise SandboxRefused("沙盒使用自己的数据库和模拟接口，请不要设置 BOT_DATABASE_URL 和 BOT_WECOM_API。")


def sandbox_settings(settings: Settings, base_url: str) -> Settings:
    """The settings the product runs with inside the sandbox, whose WeCom is reached at `base_url`."""
    corp, folder = Corp.sandbox(), settings.data_dir / FOLDER
    return settings.model_copy(update={
        "data_dir": folder, "database_url": f"sqlite:///{(folder / 'bot.db').absolute()}", "redis_url": "",
        "keys_file": folder / "keys.json", "corp_id": corp.corp_id, "agent_id": corp.agent_id,
        "agent_secret": SecretStr(corp.secret), "callback_token": SecretStr(corp.token),
        "callback_aes_key": SecretStr(corp.aes_key), "wecom_api": base_url, "company_name": "青禾金融",
    })


@asynccontextmanager
async def running(settings: Settings, *, fresh: bool = False, at: datetime | None = None) -> AsyncIterator[Sandbox]:
    """A started sandbox. `settings.port` 0 takes any free port."""
    check_harmless(settings)
    folder = settings.data_dir / FOLDER
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    clock = MovableClock(at)
    sock = _listen(settings)
    base_url = _url_of(sock)
    inner = sandbox_settings(settings, base_url)
    _prepare(inner, clock)
    database = open_database(inner)
    if demo.is_empty(database, clock.now()):
        demo.write_demo(database, clock.now(), inner.zone)
    async with aiohttp.ClientSession() as session:
        fake = FakeWeCom(Corp.sandbox(), clock, base_url + CALLBACK)
        for persona in demo.PERSONAS:
            fake.add_member(persona.id, persona.name, leader=persona.manager or "")
        feed: list[api.SandboxFeed] = []
        app = Application(
            inner, clock, database, session, open_shared(""), jitter=0.0,
            on_understood=lambda user, understood: feed[0].record_understanding(_shown(user, understood)),
        )
        fake.mount(app.web)
        feed.append(_page(app, fake, clock, inner))
        site = await _mount(sock, app.web)
        await app.start()
        try:
            yield Sandbox(app, fake, clock, base_url + "/")
        finally:
            await site.cleanup()
            await app.stop()
            await fake.close()
    database.close()


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else is done, so that a busy one is said at once."""
    sock = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((settings.host, settings.port))
    sock.setblocking(False)
    return sock


def _url_of(sock: socket.socket) -> str:
    """Where the page, the product and the fake WeCom find each other, without a slash at the end."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _mount(sock: socket.socket, app: web.Application) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, sock).start()
    return runner


def _prepare(settings: Settings, clock: MovableClock) -> None:
    keys = settings.keys
    if not keys.exists():
        for stale in Path(settings.data_dir).glob("bot.db*"):
            stale.unlink()  # a database whose keys are gone cannot be read any more
        Keys.fresh().save(keys)
    upgrade(settings.database)


def _page(app: Application, fake: FakeWeCom, clock: MovableClock, settings: Settings) -> api.SandboxFeed:
    async def on_clock_moved(now: datetime) -> None:
        await app.scheduler.tick()
        app.delivery.notify()
        app.worker.wake()

    async def next_due() -> datetime | None:
        return await app.database.run(lambda: app.jobs.next_event(clock.now()))

    return api.add_routes(
        app.web, fake, clock,
        personas=[api.Persona(p.id, p.name, p.role, p.line, p.title) for p in demo.PERSONAS],
        chips={p.id: p.chips for p in demo.PERSONAS}, on_clock_moved=on_clock_moved, next_due=next_due,
        zone=settings.zone,
    )


def _shown(user: str, understood: Understood) -> dict[str, Any]:
    meaning = understood.meaning
    shown: dict[str, Any] = {
        "user": user, "text": understood.text, "intent": meaning.intent, "rule": meaning.rule,
        "slots": {name: _slot(value) for name, value in meaning.slots.items()}, "clarify": meaning.clarify,
        "confidence": meaning.confidence,
        "spans": [
            {"start": s.start, "end": s.end, "kind": s.kind, "text": s.text, "value": _slot(s.value)}
            for s in meaning.spans
        ],
        "readings": list(meaning.alternatives), "times": _times(meaning),
    }
    if meaning.parts:
        shown["parts"] = [
            {"intent": p.intent, "slots": {n: _slot(v) for n, v in p.slots.items()}} for p in meaning.parts
        ]
    return shown


def _times(meaning: Meaning) -> list[dict[str, Any]]:
    """{text, start, end, why, others: [{start, why}]} of each time said: as the act took it, else as an order would."""
    acts = meaning.parts or (meaning,)
    taken = [value for act in acts for value in act.slots.values() if isinstance(value, When)]
    said = {value.text for value in taken}
    taken += [s.value for s in meaning.spans if isinstance(s.value, When) and s.value.text not in said]
    return [
        {"text": t.text, "start": t.start, "end": t.end, "why": t.why,
         "others": [{"start": other.start, "why": other.why} for other in t.alts]}
        for t in taken
    ]


def _slot(value: Any) -> Any:
    """A slot's value for reading: times and mentions as the fields that say something."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: part for name, part in asdict(value).items() if part not in (None, (), "", False)}
    return value


async def run_sandbox(settings: Settings, *, fresh: bool, at: datetime | None) -> None:
    """Run until interrupted."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    async with running(settings, fresh=fresh, at=at) as sandbox:
        sys.stdout.write(f"沙盒已启动：{sandbox.url}  （演示数据，Ctrl-C 结束）\n")
        sys.stdout.flush()
        await stopped.wait()
