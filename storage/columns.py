"""What tables are made of: one instant, one money, one ciphertext, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite forgets time zones, so they are put back on reading."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(
            TIMESTAMP(timezone=True) if dialect.name == "postgresql" else DateTime()
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime would lose its time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)

    # SQLite keeps text, in the very form SQLAlchemy writes. A message has a dozen instants, and the way
    # through SQLAlchemy's processors takes three times as long.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a naive datetime would lose its time zone")
    return _text_of(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(64)  # a transaction writes its own instant into many cells
def _text_of(value: datetime) -> str:
    """Of an instant in UTC: elsewhere the two hours of a change of clocks would count as equal."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Fixed(TypeDecorator[Decimal]):
    """A decimal kept as an integer number of 10^-places, so that sums are exact on both engines."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 10**self.places).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Sealed(TypeDecorator[bytes]):
    """Ciphertext of `storage.vault`: AES-256-GCM bound to table, column and row.

    `row` names the column that stands for the row there: it must be known before the row is written."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, row: str = "id") -> None:
        super().__init__()
        self.row = row


Json = JSON().with_variant(JSONB(), "postgresql")
Id = BigInteger().with_variant(Integer, "sqlite")
# PostgreSQL scans name ranges by index only in the C collation.
Key = String(200).with_variant(String(200, collation="C"), "postgresql")


def money(name: str) -> Column[Decimal]:
    """Yuan, to the cent."""
    return Column(name, Fixed(2))


def stamps() -> list[Column[Any]]:
    """The version of a record, and who made and last changed it when."""
    return [
        Column("version", Integer, nullable=False, default=1),
        Column("created_at", UTCDateTime, nullable=False),
        Column("created_by", String(64), nullable=False),
        Column("updated_at", UTCDateTime, nullable=False),
        Column("updated_by", String(64), nullable=False),
    ]
