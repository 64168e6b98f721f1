"""migrate, keys, messages, backup, restore, audit: what an administrator does at the machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from bot.commands.common import database, fail, instant, out, settings

keys_app = typer.Typer(help="密钥：生成、轮换、停用旧的。", no_args_is_help=True)
messages_app = typer.Typer(help="消息：查看搁置的、放行。", no_args_is_help=True)
audit_app = typer.Typer(help="审计日志：校验、链头、查看。", no_args_is_help=True)

LARGEST_ID = 2**63 - 1  # that the database can hold
_BOXES: dict[Literal["in", "out"], str] = {"in": "收", "out": "发"}
_STATES = {"uncertain": "结果不明", "refused": "被拒收", "parked": "已搁置"}


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


@keys_app.command("retire")
def keys_retire() -> None:
    """停用旧的加密密钥；还有资料在用旧密钥时拒绝。轮换完成几分钟之后再运行。"""
    from storage.rotation import StillInUse, retire

    found = settings()
    try:
        with database(found) as opened:
            old = retire(opened, found.keys)
    except StillInUse as error:
        fail(str(error))
    out(f"已停用旧密钥 {'、'.join(old)}。轮换以前的备份还需要它们，请与那些备份一起保管。" if old else "没有旧密钥。")


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
    """列出等人处理的消息（不显示内容）：收到而没处理成的、发出而结果不明或被拒收的。"""
    from storage.repositories.dead_letters import DeadLetterRepository

    found = settings()
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        letters = DeadLetterRepository(uow).all()
    for letter in letters:
        box, state = _BOXES[letter.box], _STATES.get(letter.state, letter.state)
        out("\t".join([box, str(letter.id), f"{letter.at:%Y-%m-%d %H:%M}", letter.who, state, letter.why]).rstrip())
    if not letters:
        out("没有等人处理的消息。")


@messages_app.command("release")
def messages_release(
    box: Annotated[str, typer.Argument(help="收 或 发，与 list 的第一列相同")],
    id: Annotated[int, typer.Argument(help="编号，list 的第二列")],
) -> None:
    """重新处理一条收到的消息，或发出一条扣住的消息（对方可能已经看到过）。"""
    from storage.repositories.dead_letters import DeadLetterRepository

    which = next((name for name, word in _BOXES.items() if word == box), None)
    if which is None:
        fail("第一个参数应是「收」或「发」。", 2)
    if not 0 < id <= LARGEST_ID:
        fail(f"没有编号为 {id} 的搁置消息，编号见 messages list 的第二列。")
    found = settings()
    with database(found) as opened, opened.system(instant(None, found)) as uow:
        freed = DeadLetterRepository(uow).again(which, id)
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
        seq, _, mac = anchor.strip().partition(":")
        if not re.fullmatch("[0-9]+", seq) or not re.fullmatch("(?:[0-9a-fA-F]{2})+", mac):
            fail("链头应写成 序号:十六进制，例如 123:ab12…，与 audit head 打印的一样。", 2)
        mark = (int(seq), bytes.fromhex(mac))
    with database(found) as opened, opened.snapshot() as conn:
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
    with database(found) as opened, opened.snapshot() as conn:
        seq, mac = audit.head(conn)
    out(f"{seq}:{mac.hex()}")
