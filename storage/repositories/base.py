"""What every repository shares: its unit of work and the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table

from storage.scope import visible

if TYPE_CHECKING:
    from storage.database import UnitOfWork


class Repository:
    """The only place where SQL on its tables is written."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The condition that cuts a scoped table to what the actor may see."""
        return visible(self.uow.scope, table.c.owner_id)


def like(text: str) -> str:
    """`text` as a literal part of a LIKE pattern with ESCAPE '\\'."""
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return text


def plain(value: Any) -> Any:
    """A field value as JSON holds it: decimals and dates become text."""
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)
