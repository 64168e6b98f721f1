"""Checks a real corp set-up step by step, and names the admin-console page where each fault is mended."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp

from bot.codec import Codec, Refused
from bot.wecom.client import CorpApp, WeComClient, token_keeper
from bot.wecom.errors import APP, CallFailed, Unreachable
from bot.wecom.findings import CORP_ID, RANGE, RECEIVE, SECRET, Finding, explain, written_settings
from bot.wecom.token import MemoryTokenStore
from config.settings import Settings
from storage.model.clock import Clock, SystemClock

MAX_SKEW_SECONDS = 120
CHECK_SECONDS = 5.0
# The console refuses a URL whose check takes longer than this.
WECOM_WAITS_SECONDS = 1.0

T = TypeVar("T")


async def examine(
    settings: Settings,
    session: aiohttp.ClientSession,
    *,
    clock: Clock | None = None,
    callback_url: str = "",
) -> list[Finding]:
    """All steps in order; those that need an earlier one are left out when it fails.

    callback_url: the public address as entered in the console; without it the listening address on this
    machine is tried. Changes nothing at WeCom. Never raises for what it finds."""
    clock = clock or SystemClock()
    found = written_settings(settings)
    codec = _codec(settings)
    if codec is not None:
        found.append(_self_test(codec, clock))
    found.append(await _clock_skew(settings, session, clock))
    found += await _account(settings, session, clock)
    if codec is not None:
        url = callback_url or f"http://{_local_host(settings)}:{settings.port}/wecom/callback"
        found.append(await _callback(codec, session, clock, url, public=bool(callback_url)))
    return found


def _codec(settings: Settings) -> Codec | None:
    token, key = settings.callback_token.get_secret_value(), settings.callback_aes_key.get_secret_value()
    try:
        return Codec(token, key, settings.corp_id)
    except ValueError:
        return None


def _self_test(codec: Codec, clock: Clock) -> Finding:
    now, text = clock.now(), "<xml><Content><![CDATA[自检]]></Content></xml>"
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(5)
    encrypted = codec.encrypt(text)
    try:
        signature = codec.sign(timestamp, nonce, encrypted)
        opened = codec.open_encrypted(encrypted, signature, timestamp, nonce, now)
    except Refused as refused:
        return Finding("加解密自检", False, f"本机加解密没有通过（{refused.reason}）。请重新安装依赖。")
    return Finding("加解密自检", opened == text, "加密、签名、解密一致。")


# ---------------------------------------------------------------- what WeCom says


async def _clock_skew(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Finding:
    limits = aiohttp.ClientTimeout(total=CHECK_SECONDS)
    try:
        async with session.get(settings.wecom_api, timeout=limits, allow_redirects=False) as response:
            skew = (clock.now() - parsedate_to_datetime(response.headers["Date"])).total_seconds()
    except (aiohttp.ClientError, OSError, TimeoutError):
        return Finding("网络与时钟", False, "连不上企业微信的接口地址。请检查网络、代理、DNS 和防火墙。")
    except (KeyError, ValueError, TypeError):  # none, unreadable, or without a zone
        return Finding("网络与时钟", True, "网络可达；对方没有给出时间，时钟未比对。")
    if abs(skew) > MAX_SKEW_SECONDS:
        way = "快" if skew > 0 else "慢"
        return Finding(
            "网络与时钟", False, f"本机时钟{way}了 {abs(skew):.0f} 秒，回调会被拒绝。请用 NTP 校准本机时间。"
        )
    return Finding("网络与时钟", True, f"网络可达，时钟相差 {abs(skew):.0f} 秒。")


async def _account(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> list[Finding]:
    """Token, app, visible range, menu; stops at the first that everything after it needs."""
    if missing := _no_credentials(settings):
        return [missing]
    app = CorpApp.of(settings)
    tokens = token_keeper(session, app, MemoryTokenStore(), clock)
    client = WeComClient(session, app, tokens, clock)
    right = Finding("接口凭证", True, "企业 ID 与 Secret 正确。")
    got_token = await _step("接口凭证", tokens.get, lambda _: right)
    if not got_token.ok:
        return [got_token]
    agent: dict[str, Any] = {}

    def describe(answer: dict[str, Any]) -> Finding:
        agent.update(answer)
        return _app(answer)

    found = [got_token, await _step("应用与可信 IP", client.get_agent, describe)]
    if agent:
        found += [_visible_range(agent), await _step("应用菜单", client.get_menu, _menu)]
    return found


def _no_credentials(settings: Settings) -> Finding | None:
    """What is missing of the two that a token is asked with, and where each is found."""
    needed = [
        ("BOT_CORP_ID", CORP_ID, settings.corp_id),
        ("BOT_AGENT_SECRET", SECRET, settings.agent_secret.get_secret_value()),
    ]
    missing = [(name, page) for name, page, value in needed if not value]
    if not missing:
        return None
    names, pages = zip(*missing, strict=True)
    words = f"还没有填写 {' 和 '.join(names)}，无法向企业微信验证。请从管理后台复制后填入。"
    return Finding("接口凭证", False, words, "；".join(pages))


async def _step(step: str, ask: Callable[[], Awaitable[T]], describe: Callable[[T], Finding]) -> Finding:
    try:
        return describe(await ask())
    except (CallFailed, Unreachable) as error:
        return explain(step, error)


def _app(agent: Mapping[str, Any]) -> Finding:
    if agent.get("close") == 1:
        return Finding("应用与可信 IP", False, "应用已被停用。请在应用详情页启用。", APP)
    return Finding("应用与可信 IP", True, f"应用「{agent.get('name', '')}」可用，本机 IP 可信。")


def _visible_range(agent: Mapping[str, Any]) -> Finding:
    users = len(_inside(agent, "allow_userinfos", "user"))
    parties, tags = len(_inside(agent, "allow_partys", "partyid")), len(_inside(agent, "allow_tags", "tagid"))
    if not users + parties + tags:
        return Finding("可见范围", False, "可见范围是空的，没有人能用。请把顾问和主管加进来。", RANGE)
    return Finding("可见范围", True, f"包括 {users} 位成员、{parties} 个部门、{tags} 个标签。")


def _inside(agent: Mapping[str, Any], outer: str, inner: str) -> list[Any]:
    value = agent.get(outer)
    found = value.get(inner) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def _menu(menu: Mapping[str, Any]) -> Finding:
    return Finding("应用菜单", True, f"已有 {len(menu.get('button') or [])} 个一级菜单。")


# ---------------------------------------------------------------- the callback


async def _callback(
    codec: Codec, session: aiohttp.ClientSession, clock: Clock, url: str, *, public: bool
) -> Finding:
    """Ask as WeCom does when the URL is saved: a GET answered with the decrypted number within a second."""
    number = str(secrets.randbelow(10**18) + 10**18)
    timestamp, nonce, echo = str(int(clock.now().timestamp())), secrets.token_hex(5), codec.encrypt(number)
    query = {
        "msg_signature": codec.sign(timestamp, nonce, echo),
        "timestamp": timestamp, "nonce": nonce, "echostr": echo,
    }  # fmt: skip
    limits = aiohttp.ClientTimeout(total=WECOM_WAITS_SECONDS)
    try:
        async with session.get(url, params=query, timeout=limits, allow_redirects=False) as response:
            status, answer = response.status, (await response.content.read(1024)).decode("utf-8", "replace")
    except TimeoutError:
        words = "回调地址 1 秒内没有回答，企业微信会判为失败。请检查网络和反向代理。"
        return Finding("回调地址", False, words, RECEIVE)
    except (aiohttp.ClientError, OSError, ValueError):
        return Finding("回调地址", False, _not_running(public), RECEIVE if public else "")
    return _judge(status, answer == number, public)


def _judge(status: int, same: bool, public: bool) -> Finding:
    if status == 200 and same:
        tail = "" if public else "这只是本机地址，公网地址请用 --callback-url 再查一次。"
        return Finding("回调地址", True, f"回调地址回答正确。{tail}")
    if status == 403:
        words = "回调地址拒绝了签名，服务用的 Token、密钥或企业 ID 与这里的不同。请对照后重启服务。"
    elif status == 200:
        words = "回调地址的回答不是解密后的内容，可能被代理改写或指向了别的程序。请检查反向代理。"
    else:
        words = f"回调地址回答了 HTTP {status}。请检查反向代理的路径是否为 /wecom/callback。"
    return Finding("回调地址", False, words, RECEIVE)


def _not_running(public: bool) -> str:
    if public:
        return "连不上回调地址。请检查域名解析、证书、防火墙和反向代理。"
    return "本机的服务没有在监听。请先运行 python -m bot serve。"


def _local_host(settings: Settings) -> str:
    host = settings.host
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
