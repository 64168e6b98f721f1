"""migrate, user, keys, backup, restore, audit: what an administrator does at the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional, cast

import typer

from bot.commands.common import database, fail, instant, out, settings

user_app = typer.Typer(help="成员：添加、查看。", no_args_is_help=True)
keys_app = typer.Typer(help="密钥：生成、轮换。", no_args_is_help=True)
messages_app = typer.Typer(help="消息：查看搁置的、放行。", no_args_is_help=True)
audit_app = typer.Typer(help="审计日志：校验、链头、查看。", no_args_is_help=True)

ROLES = ("adviser", "manager", "ops", "compliance", "claims", "risk", "admin")


def migrate() -> None:
    """建立或升级数据库；第一次运行时生成密钥文件。"""
    from storage.migrate import upgrade
    from storage.vault import Keys

    found = settings()
    found.data_dir.mkdir(parents=True, exist_ok=True)
    if not found.keys.exists():
        Keys.fresh().save(found.keys)
        out(f"已生成密钥文件 {found.keys}（权限 0600）。请另存一份到安全的地方：丢失后加密的资料无法恢复。")
    revision = upgrade(found.database)
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        from storage.products import sync_products

        sync_products(uow)
    out(f"数据库已是最新版本（{revision}）。")


@user_app.command("add")
def user_add(
    id: Annotated[str, typer.Option(help="企业微信成员账号（userid）")],
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[str, typer.Option(help="角色：" + "、".join(ROLES))],
    manager: Annotated[Optional[str], typer.Option(help="上级的成员账号")] = None,  # noqa: UP045
    line: Annotated[str, typer.Option(help="业务线：bank、insurance、securities、lending")] = "",
) -> None:
    """添加成员。"""
    from reminders.sending import check_recipient
    from storage.model.errors import UserError
    from storage.model.people import Role

    if role not in ROLES:
        fail(f"没有角色「{role}」，可选：{'、'.join(ROLES)}。", 2)
    try:
        check_recipient(id)
    except ValueError:
        fail("成员账号只能含字母、数字和 _ . @ -，最多 64 位。", 2)
    found = settings()
    try:
        with database(found) as opened, opened.system(instant(None, found)) as uow:
            user = uow.users.add(id, name, cast(Role, role), manager, line)
    except UserError as error:
        fail(str(error))
    out(f"已添加成员 {user.id}（{role}）。")


@user_app.command("list")
def user_list() -> None:
    """列出在职成员。"""
    found = settings()
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        for user in uow.users.all():
            out(f"{user.id}\t{user.name}\t{user.role}\t{user.manager_id or '-'}\t{user.line or '-'}")


@user_app.command("disable")
def user_disable(id: Annotated[str, typer.Option(help="企业微信成员账号（userid）")]) -> None:
    """停用成员：立即失去全部权限，名下客户保留。"""
    from storage.model.errors import UserError

    found = settings()
    try:
        with database(found) as opened, opened.system(instant(None, found)) as uow:
            uow.users.deactivate(uow.users.get(id))
    except UserError as error:
        fail(str(error))
    out(f"已停用成员 {id}。")


@keys_app.command("init")
def keys_init() -> None:
    """生成密钥文件（已存在则拒绝）。"""
    from storage.vault import Keys

    found = settings()
    if found.keys.exists():
        fail(f"密钥文件 {found.keys} 已存在，没有改动。")
    Keys.fresh().save(found.keys)
    out(f"已生成密钥文件 {found.keys}。")


@keys_app.command("rotate")
def keys_rotate() -> None:
    """换一把新的加密密钥并把全部资料重新加密；中断后可以再次运行继续。"""
    from storage.rotation import rotate

    found = settings()
    with database(found) as opened:
        count = rotate(opened, found.keys, progress=lambda done: out(f"已重新加密 {done} 条"))
    out(f"轮换完成，共重新加密 {count} 条。请重启服务并备份新的密钥文件。")


def backup(file: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """在线备份 SQLite 数据库（不含密钥文件）。"""
    from storage.backup import BackupError, back_up

    found = settings()
    try:
        digest = back_up(found.database, file)
    except BackupError as error:
        fail(str(error))
    out(f"已备份到 {file}，校验值 {digest}。密钥文件请另行保管。")


def restore(file: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """恢复备份：未发完的消息先扣住，不会重发。"""
    from storage.backup import BackupError
    from storage.backup import restore as put_back
    from storage.vault import Keys, KeysMissing, Vault

    found = settings()
    try:
        held = put_back(found.database, file, Vault(Keys.load(found.keys)))
    except (BackupError, KeysMissing) as error:
        fail(str(error))
    out(f"已恢复。{held} 条当时未发完的消息已标为「不确定」，不会自动重发。")


@messages_app.command("list")
def messages_list() -> None:
    """列出等人处理的消息（不显示内容）：收到而没处理成的、发出而结果不明的。"""
    found = settings()
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        lines = [f"收\t{r.id}\t{r.at:%Y-%m-%d %H:%M}\t{r.who}\t{r.reason}" for r in uow.inbox.parked()]
        lines += [
            f"发\t{r.id}\t{r.created_at:%Y-%m-%d %H:%M}\t{r.recipient}\t结果不明" for r in uow.outbox.held()
        ]
    for line in lines:
        out(line)
    if not lines:
        out("没有等人处理的消息。")


@messages_app.command("release")
def messages_release(
    box: Annotated[str, typer.Argument(help="收 或 发，与 list 的第一列相同")],
    id: Annotated[int, typer.Argument(help="编号，list 的第二列")],
) -> None:
    """重新处理一条收到的消息，或发出一条扣住的消息（对方可能已经看到过）。"""
    if box not in ("收", "发"):
        fail("第一个参数应是「收」或「发」。", 2)
    found = settings()
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        freed = uow.inbox.unpark(id) if box == "收" else uow.outbox.release(id)
    if not freed:
        fail(f"没有编号为 {id} 的搁置消息。")
    out(f"已放行 {id}。")


@audit_app.command("verify")
def audit_verify(
    anchor: Annotated[Optional[str], typer.Option(help="另存的链头，形如 123:ab12…")] = None,  # noqa: UP045
) -> None:
    """校验审计日志的哈希链；断链时指出第一条。"""
    from storage import audit

    found = settings()
    mark = None
    if anchor:
        seq, _, mac = anchor.partition(":")
        try:
            mark = (int(seq), bytes.fromhex(mac))
        except ValueError:
            fail("链头应写成 序号:十六进制，例如 123:ab12…", 2)
    with database(found) as opened, opened.engine.connect() as conn:
        broken = audit.verify(conn, opened.vault, mark)
        seq_now, _ = audit.head(conn)
    if broken:
        fail(f"审计日志在第 {broken.seq} 条断开：{broken.reason}")
    out(f"审计日志完整，共 {seq_now} 条。")


@audit_app.command("head")
def audit_head() -> None:
    """打印链头，请另存到别处，供以后校验。"""
    from storage import audit

    found = settings()
    with database(found) as opened, opened.engine.connect() as conn:
        seq, mac = audit.head(conn)
    out(f"{seq}:{mac.hex()}")
