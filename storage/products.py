"""The shelf of the packs, as a table that rules and lists can join."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from config.pack import Product
from storage.database import UnitOfWork
from storage.tables import products

_COLUMNS = ("code", "name", "kind", "family", "line", "risk_class", "grace_days", "cooling_off_days")
_ATTRS = ("provider", "term_days", "needs_recording")


def sync_products(uow: UnitOfWork) -> int:
    """Bring the table to what the packs in force say; how many products were new or different.

    A product that left the packs stays in the table: contracts still name it."""
    known = {row.code: dict(row._mapping) for row in uow.conn.execute(select(products))}
    changed = 0
    for product in uow.packs.products:
        row = _row(product)
        if known.get(product.code) == row:
            continue
        if product.code in known:
            uow.conn.execute(update(products).where(products.c.code == product.code).values(**row))
        else:
            uow.conn.execute(insert(products).values(**row))
        uow.audit.record("sync", "product", product.code)
        changed += 1
    return changed


def _row(product: Product) -> dict[str, Any]:
    attrs = {name: value for name in _ATTRS if (value := getattr(product, name)) not in (None, False)}
    return {name: getattr(product, name) for name in _COLUMNS} | {"attrs": attrs}
