"""The flows as they stood when tickets began under them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import Flow
from storage.model.errors import Corrupt
from storage.repositories.base import Repository
from storage.tables import flow_editions


class FlowEditions(Repository):
    def keep(self, flow: Flow) -> str:
        """Keep the flow as it is now, once; its edition."""
        edition = flow.edition
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        self.uow.conn.execute(make(flow_editions).values(
            flow=flow.id, edition=edition, body=flow.model_dump(mode="json"), created_at=self.uow.now,
        ).on_conflict_do_nothing())  # fmt: skip
        return edition

    def of(self, flow: str, edition: str) -> Flow:
        """The flow by which a ticket goes: that of the packs where it still reads the same, else as it was kept.
        Raises Corrupt for one that was never kept."""
        now = self.uow.packs.find_flow(flow)
        if now is not None and now.edition == edition:
            return now
        c = flow_editions.c
        query = select(c.body).where(c.flow == flow, c.edition == edition)
        body: Any = self.uow.conn.execute(query).scalar_one_or_none()
        if body is None:
            raise Corrupt(f"flow {flow} {edition} was never kept")
        return Flow.model_validate(body)
