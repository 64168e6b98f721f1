"""`python -m bot serve`: the product on a real corp."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import os
import signal
import socket

import aiohttp
import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Application, open_database, open_shared, serve_on
from config.pack import PackError
from config.settings import LOOPBACK, Settings
from storage.database import Database
from storage.migrate import current, head
from storage.model.clock import SystemClock
from storage.model.errors import Unavailable
from storage.products import sync_products
from storage.vault import KeysMissing

log = structlog.get_logger(__name__)

FIRST_INHERITED = 3  # systemd passes listening sockets from descriptor 3 on (sd_listen_fds)
JITTER_SECONDS = 240.0  # WeCom asks to keep away from minutes 0 and 30 (path/90236)


class SetupError(Exception):
    """The service cannot start; says why and what to do, in Chinese."""


async def serve_forever(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop in order. Raises SetupError."""
    inherited = _inherited()
    _refuse_open_http(settings, inherited)
    database = _open(settings)
    spare_collector()
    try:
        shared = open_shared(settings.redis_url, database.vault)
    except ValueError as error:
        raise SetupError("BOT_REDIS_URL 看不懂，请写成 redis://主机:6379/0，不用 Redis 就留空。") from error
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    async with aiohttp.ClientSession() as session:
        app = Application(settings, SystemClock(), database, session, shared, jitter=JITTER_SECONDS)
        try:
            runner = await serve_on(app, lambda r: _site(r, settings, inherited))
        except OSError as error:
            raise SetupError(f"无法监听 {settings.listen}（{error.strerror}）。请检查 BOT_LISTEN。") from error
        log.info("service.started", listen=settings.listen, database=database.engine.dialect.name)
        await stopped.wait()
        await runner.cleanup()
        await app.stop()
    await shared.close()
    database.close()
    log.info("service.stopped")


def _open(settings: Settings) -> Database:
    try:
        if current(settings.database) != head():
            raise SetupError("数据库还没有建立或不是当前版本，请先运行 python -m bot migrate。")
        database = open_database(settings)
        with database.system(SystemClock().now()) as uow:
            sync_products(uow)
    except (KeysMissing, PackError) as error:
        raise SetupError(str(error)) from error
    except (Unavailable, SQLAlchemyError) as error:
        log.error("service.no_database", error=type(error).__name__)
        raise SetupError("数据库打不开，请检查 BOT_DATABASE_URL 和磁盘空间。") from error
    return database


def spare_collector() -> None:
    """What is loaded by now stays, and what a batch of messages makes is mostly gone with it: to look through both over
    and over is a tenth of the work of a message."""
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


def _inherited() -> socket.socket | None:
    """The socket a parent passed on, so that restarts lose no connection."""
    if os.environ.get("LISTEN_FDS") and os.environ.get("LISTEN_PID", str(os.getpid())) == str(os.getpid()):
        return socket.socket(fileno=FIRST_INHERITED)
    return None


def _refuse_open_http(settings: Settings, inherited: socket.socket | None) -> None:
    """We speak plain HTTP: other machines may reach it only through a proxy that adds TLS. Raises SetupError."""
    host = _host_of(inherited) if inherited else settings.host
    if settings.behind_tls_proxy or _is_of_this_machine(host):
        return
    raise SetupError(
        f"监听地址 {host} 能从别的机器访问，而本程序只提供不加密的 HTTP。请把 BOT_LISTEN 改为 127.0.0.1:8080，"
        "在前面放带证书的反向代理；如果反向代理在另一台机器上，并且只有它能访问这个端口，"
        "请设置 BOT_BEHIND_TLS_PROXY=true。"
    )


def _host_of(sock: socket.socket) -> str:
    return str(sock.getsockname()[0]) if sock.family in (socket.AF_INET, socket.AF_INET6) else "localhost"


def _is_of_this_machine(host: str) -> bool:
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _site(runner: web.AppRunner, settings: Settings, inherited: socket.socket | None) -> web.BaseSite:
    return web.SockSite(runner, inherited) if inherited else web.TCPSite(runner, settings.host, settings.port)
