"""What a command can meet outside of itself, in plain words."""

from __future__ import annotations


def sentence_for(error: Exception) -> str:
    """What is wrong and what to do, in Chinese; "" for a fault of our own, which needs its traceback."""
    from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError

    from storage.migrate import SchemaUnknown
    from storage.model.errors import Unavailable, UserError

    if isinstance(error, SchemaUnknown | UserError):
        return str(error)
    if isinstance(error, ArgumentError | NoSuchModuleError):  # the text may hold a password: it is not shown
        return "BOT_DATABASE_URL 看不懂，请写成 postgresql://用户:密码@主机/库名 或 sqlite:///文件。"
    if isinstance(error, Unavailable | OperationalError | InterfaceError):
        return "数据库连不上或正忙，请检查 BOT_DATABASE_URL、数据库是否在运行、磁盘空间和权限，然后再试。"
    if isinstance(error, OSError):
        place = f" {error.filename}" if error.filename else ""
        return f"读写{place} 没有成功（{error.strerror or type(error).__name__}）。请检查路径、权限和磁盘空间。"
    return ""
