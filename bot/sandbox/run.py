"""The sandbox: product, fake WeCom, demo data and chat page in one process on loopback."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.app import Application, open_database
from bot.sandbox import api, demo
from bot.sandbox.corp import Corp
from bot.sandbox.demo_customers import CUSTOMERS, KF_ACCOUNT, KF_NAME, KNOWN, DemoPhones
from bot.sandbox.fake_wecom import FakeWeCom
from bot.sandbox.feed import SandboxFeed
from bot.sandbox.forecast import coming_days
from bot.sandbox.outside import DemoSource
from bot.sandbox.pacing import ToldPacer
from bot.sandbox.understanding import shown
from bot.web import CALLBACK
from bot.wecom.shared import open_shared
from config.settings import LOOPBACK, WECOM_API, Settings
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
    feed: SandboxFeed


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
        fake = _fake_wecom(clock, base_url, folder)
        feed: list[SandboxFeed] = []
        shared = open_shared("")
        pacer = ToldPacer(shared.pacer, lambda user, seconds: feed[0].record_pause(user, seconds))
        app = Application(
            inner, clock, database, session, replace(shared, pacer=pacer), jitter=0.0,
            on_understood=lambda user, understood: feed[0].record_understanding(
                shown(user, understood, database.packs.current)
            ),
            code_sender=DemoPhones(database, fake, clock), outside=DemoSource(),
        )
        fake.mount(app.web)
        feed.append(_page(app, fake, clock, inner))
        site = await _mount(sock, app.web)
        await app.start()
        try:
            yield Sandbox(app, fake, clock, base_url + "/", feed[0])
        finally:
            await site.cleanup()
            await app.stop()
            await fake.close()
    database.close()


def _fake_wecom(clock: MovableClock, base_url: str, folder: Path) -> FakeWeCom:
    """With the members of the demo, the customers they know, and the account of 微信客服."""
    fake = FakeWeCom(Corp.sandbox(), clock, base_url + CALLBACK, answered=folder / "answered.jsonl")
    for persona in demo.PERSONAS:
        fake.add_member(persona.id, persona.name, leader=persona.manager or "")
    for friend in KNOWN:
        fake.contacts.befriend(friend.adviser, friend.external_userid, friend.nickname, clock.now())
    fake.kf.open_account(KF_ACCOUNT, KF_NAME)
    return fake


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


def _page(app: Application, fake: FakeWeCom, clock: MovableClock, settings: Settings) -> SandboxFeed:
    async def on_clock_moved(now: datetime) -> None:
        await app.scheduler.tick()
        app.delivery.notify()
        app.wake_loops()
        app.worker.wake()

    async def next_due() -> datetime | None:
        return await app.database.run(lambda: app.jobs.next_event(clock.now()))

    async def coming(_request: web.Request) -> web.Response:
        def read() -> list[dict[str, Any]]:
            with app.database.system(clock.now()) as uow:
                return coming_days(uow, settings.zone)

        return web.json_response({"days": await app.database.run(read)}, headers=api.HEADERS)

    app.web.router.add_get("/sandbox/api/forecast", api.local(coming))
    return api.add_routes(
        app.web, fake, clock,
        personas=[api.Persona(p.id, p.name, p.role, p.line, p.title) for p in demo.PERSONAS],
        customers=[api.CustomerPhone(c.external_userid, c.nickname, c.adviser, c.chips) for c in CUSTOMERS],
        kf=api.KfCounter(KF_ACCOUNT, KF_NAME), chips={p.id: p.chips for p in demo.PERSONAS},
        on_clock_moved=on_clock_moved, next_due=next_due, zone=settings.zone,
    )


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
