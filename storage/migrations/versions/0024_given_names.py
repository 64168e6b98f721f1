"""Clients are found by their given name alone: a key of its own beside that of the name in full.

Names of three characters have a surname of one, those of four a surname of two; the keys of later clients are made
where they are entered.

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-30

There is no way down: a step that went wrong is rolled back, anything later is a restore.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None

_DOUBLE = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 纳兰 拓跋 百里 东郭 西门 完颜 呼延 澹台 公孙 慕容 令狐 "
    "司徒 夏侯 端木 南宫 轩辕 长孙 宇文 独孤 闻人 赫连 申屠 钟离 濮阳 淳于 公冶 宗政 太史 鲜于 闾丘 司空 "
    "万俟 单于".split()
)
_PERSON = re.compile(r"[㐀-䶿一-鿿𠀀-𿿿]{3,4}")


def upgrade() -> None:
    names = op.get_bind().execute(sa.text(
        "SELECT n.client_id, n.owner_id, n.key FROM client_names n JOIN clients c ON c.id = n.client_id "
        "WHERE n.how = 'name' AND c.kind = 'individual'"
    )).all()
    table = sa.table("client_names", sa.column("client_id", sa.BigInteger), sa.column("owner_id", sa.String),
                     sa.column("how", sa.String), sa.column("key", sa.String))
    rows = [{"client_id": client_id, "owner_id": owner_id, "how": "given", "key": given}
            for client_id, owner_id, name in names if (given := _given(name))]
    op.bulk_insert(table, rows)


def _given(name: str) -> str:
    given = name[2:] if name[:2] in _DOUBLE else name[1:]
    return given if len(given) == 2 and _PERSON.fullmatch(name) else ""
