"""What Alembic runs. The connection, already in a locked transaction, comes from `storage.migrate`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from storage import columns
from storage.tables import metadata

# A revision must mean the same for ever, so it names plain types and nothing of ours.
_PLAIN = {
    columns.UTCDateTime: "sa.DateTime(timezone=True)",
    columns.Fixed: "sa.BigInteger()",
    columns.Sealed: "sa.LargeBinary()",
    JSON: "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')",
}


def _render(kind: str, item: Any, context_: Any) -> str | Literal[False]:
    plain = _PLAIN.get(type(item)) if kind == "type" else None
    if plain and "postgresql" in plain:
        context_.imports.add("from sqlalchemy.dialects import postgresql")
    return plain or False


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=True,  # SQLite changes a table by copying it
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
