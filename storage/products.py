"""The products table mirrors the packs, so that rules and lists can join what a product promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from storage.tables import products

if TYPE_CHECKING:
    from storage.database import UnitOfWork


def sync_products(uow: UnitOfWork) -> None:
    """Make the table say what the packs in force say. Contracts keep code and name, so nothing dangles."""
    uow.conn.execute(delete(products))
    rows = [
        {
            "code": p.code, "name": p.name, "kind": p.kind, "family": p.family, "line": p.line,
            "risk_class": p.risk_class, "grace_days": p.grace_days, "cooling_off_days": p.cooling_off_days,
            "attrs": {"provider": p.provider, "term_days": p.term_days, "needs_recording": p.needs_recording},
        }
        for p in uow.packs.products
    ]
    if rows:
        uow.conn.execute(insert(products), rows)
