"""user add, set, list, disable, enable, sync: who may use the product, and under whom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Optional, cast

import typer

from bot.commands.common import database, fail, instant, out, settings

if TYPE_CHECKING:
    from bot.roster import Enlisted
    from config.settings import Settings
    from storage.database import UnitOfWork

user_app = typer.Typer(help="成员：添加、修改、同步、停用。", no_args_is_help=True)

ROLES = ("adviser", "manager", "ops", "compliance", "claims", "risk", "admin")
LINES = "业务线：业务包里写的 line，例如 bank、insurance、securities、lending"
UserId = Annotated[str, typer.Option("--id", help="企业微信成员账号（userid）")]


@contextmanager
def _unit() -> Iterator[UnitOfWork]:
    """One transaction of the administrator at the machine; ends with a sentence when it is refused."""
    from storage.model.errors import UserError

    found = settings()
    try:
        with database(found) as opened, opened.system(instant(None, found)) as uow:
            yield uow
    except UserError as error:
        fail(str(error))


def _check_role(role: str) -> None:
    if role not in ROLES:
        fail(f"没有角色「{role}」，可选：{'、'.join(ROLES)}。", 2)


def _check_name(name: str) -> None:
    if not name.strip() or not name.isprintable():
        fail("姓名不能是空的，也不能含换行等看不见的字符。", 2)


def _check_line(uow: UnitOfWork, line: str) -> None:
    lines = [info.line for info in uow.packs.infos if info.line != "common"]
    if line and line not in lines:
        fail(f"没有业务线「{line}」，可选：{'、'.join(dict.fromkeys(lines))}。", 2)


@user_app.command("add")
def user_add(
    id: Annotated[str, typer.Option(help="企业微信成员账号（userid）")],
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[str, typer.Option(help="角色：" + "、".join(ROLES))],
    manager: Annotated[Optional[str], typer.Option(help="上级的成员账号")] = None,  # noqa: UP045
    line: Annotated[str, typer.Option(help=LINES)] = "",
) -> None:
    """添加成员。"""
    from reminders.sending import check_recipient
    from storage.model.people import Role

    _check_role(role)
    _check_name(name)
    try:
        check_recipient(id)
    except ValueError:
        fail("成员账号只能含字母、数字和 _ . @ -，最多 64 位。", 2)
    with _unit() as uow:
        _check_line(uow, line)
        user = uow.users.add(id, name, cast(Role, role), manager, line)
    out(f"已添加成员 {user.id}（{role}）。")


@user_app.command("list")
def user_list() -> None:
    """列出在职成员。"""
    with _unit() as uow:
        for user in uow.users.all():
            out(f"{user.id}\t{user.name}\t{user.role}\t{user.manager_id or '-'}\t{user.line or '-'}")


@user_app.command("set")
def user_set(
    id: UserId,
    name: Annotated[Optional[str], typer.Option(help="姓名")] = None,  # noqa: UP045
    role: Annotated[Optional[str], typer.Option(help="角色：" + "、".join(ROLES))] = None,  # noqa: UP045
    manager: Annotated[Optional[str], typer.Option(help="上级的成员账号；写 \"\" 表示没有上级")] = None,  # noqa: UP045
    line: Annotated[Optional[str], typer.Option(help=f"{LINES}；写 \"\" 表示没有")] = None,  # noqa: UP045
) -> None:
    """修改成员；换上级时，其下属一起移过去。"""
    from storage.model.people import Role

    if name is role is manager is line is None:
        fail("没有要修改的内容，请写 --name、--role、--manager 或 --line。", 2)
    if role is not None:
        _check_role(role)
    if name is not None:
        _check_name(name)
    with _unit() as uow:
        _check_line(uow, line or "")
        user = uow.users.change(
            uow.users.get(id), name=name, role=cast(Optional[Role], role), manager_id=manager, line=line,  # noqa: UP045
        )
    out(f"已修改成员 {user.id}（{user.role}，上级 {user.manager_id or '无'}，业务线 {user.line or '无'}）。")


@user_app.command("disable")
def user_disable(id: UserId) -> None:
    """停用成员：立即失去全部权限，名下客户保留。"""
    with _unit() as uow:
        uow.users.deactivate(uow.users.get(id))
    out(f"已停用成员 {id}。")


@user_app.command("enable")
def user_enable(id: UserId) -> None:
    """重新启用停用的成员。"""
    with _unit() as uow:
        uow.users.activate(uow.users.get(id))
    out(f"已启用成员 {id}。")


@user_app.command("sync")
def user_sync() -> None:
    """把应用可见范围里还没有的成员加为顾问；已有的成员不改。"""
    from bot.wecom.errors import CallFailed, Unreachable
    from bot.wecom.findings import explain

    found = settings()
    if missing := found.missing_for_wecom():
        fail("还缺少配置：" + "、".join(missing) + "。", 2)
    try:
        enlisted = asyncio.run(_enlist(found))
    except (CallFailed, Unreachable) as error:
        finding = explain("同步成员", error)
        fail(f"{finding.message}{finding.console_page and f'（{finding.console_page}）'}")
    for user in enlisted.added:
        out(f"{user.id}\t{user.name}\t{user.role}\t{user.manager_id or '-'}")
    out(f"新增 {len(enlisted.added)} 位成员。" if enlisted.added else "没有新成员。")
    if enlisted.left_out:
        reasons = [f"  - {who}：{why}。" for who, why in enlisted.left_out.items()]
        fail("\n".join([f"有 {len(reasons)} 项没有加进来：", *reasons]))


async def _enlist(found: Settings) -> Enlisted:
    import aiohttp

    from bot.roster import enlist_newcomers
    from bot.wecom.client import CorpApp, WeComClient, token_keeper
    from bot.wecom.token import MemoryTokenStore
    from storage.model.clock import SystemClock

    app, clock = CorpApp.of(found), SystemClock()
    async with aiohttp.ClientSession() as session:
        client = WeComClient(session, app, token_keeper(session, app, MemoryTokenStore(), clock), clock)
        with database(found) as opened:
            return await enlist_newcomers(client, opened, clock)
