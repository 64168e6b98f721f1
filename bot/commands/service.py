"""sandbox, serve, chat: running the product."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.commands.common import fail, instant, settings


def serve() -> None:
    """连接真实企业微信，提供服务。"""
    gc.disable()  # loading leaves no garbage, and to look for it is a tenth of the start; `serve_forever` turns it on
    from bot.service import SetupError, serve_forever

    found = settings()
    if missing := found.missing_for_wecom():
        fail("还缺少配置：" + "、".join(missing) + "。请写入环境变量或 .env，见 README「接入企业微信」。", 2)
    try:
        asyncio.run(serve_forever(found))
    except SetupError as error:
        fail(str(error), 2)


def sandbox(
    fresh: Annotated[bool, typer.Option("--fresh", help="清空上次的沙盒数据，重新开始")] = False,
    now: Annotated[Optional[str], typer.Option(help="沙盒时钟的起点，例如 2025-06-09T09:00")] = None,  # noqa: UP045
    listen: Annotated[Optional[str], typer.Option(help="监听地址，默认 127.0.0.1:8080")] = None,  # noqa: UP045
) -> None:
    """沙盒：一个进程里有演示数据、模拟企业微信和聊天页面，不需要任何账号。"""
    from bot.sandbox.run import SandboxRefused, run_sandbox

    found = settings(**({"listen": listen} if listen else {}))
    at = instant(now, found) if now else None
    try:
        asyncio.run(run_sandbox(found, fresh=fresh, at=at))
    except SandboxRefused as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"无法监听 {found.listen}（{error.strerror}）。可用 --listen 127.0.0.1:8081 换一个端口。")


def chat(
    user: Annotated[str, typer.Option("--as", help="以哪位成员的身份，例如 lixiang")],
    script: Annotated[Optional[Path], typer.Option(help="逐行发送的脚本文件")] = None,  # noqa: UP045
    now: Annotated[Optional[str], typer.Option(help="时钟，例如 2025-06-09T09:00")] = None,  # noqa: UP045
) -> None:
    """终端里的沙盒：打字对话，或用脚本回放。"""
    from bot.sandbox.chat import ScriptFailed, UnknownPersona, talk

    found = settings(log_level=os.environ.get("BOT_LOG_LEVEL", "WARNING"))
    lines = _lines_of(script) if script else None
    try:
        asyncio.run(talk(found, user, instant(now, found) if now else None, lines, sys.stdin, sys.stdout))
    except UnknownPersona as error:
        fail(str(error), 2)
    except ScriptFailed as error:
        fail(str(error))
    except UnicodeDecodeError:
        fail("输入的文字不是 UTF-8 编码，请转换后再试。")


def _lines_of(script: Path) -> list[str]:
    try:
        return script.read_text("utf-8-sig").splitlines()
    except OSError as error:
        fail(f"读不到脚本文件 {script}（{error.strerror}），请检查路径。", 2)
    except UnicodeDecodeError:
        fail(f"脚本文件 {script} 不是 UTF-8 编码的文本，请转换后再试。", 2)
