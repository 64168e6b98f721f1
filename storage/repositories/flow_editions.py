"""The flows as they stood when tickets began under them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import Flow
from storage.model.errors import Corrupt
from storage.repositories.base import Repository
from storage.tables import flow_editions


class FlowEditions(Repository):
    @cached_property
    def _kept(self) -> dict[tuple[str, str], Flow]:
        """Those that were read in this unit of work: they never change."""
        return {}

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
        if (kept := self._kept.get((flow, edition))) is not None:
            return kept
        c = flow_editions.c
        query = select(c.body).where(c.flow == flow, c.edition == edition)
        body: Any = self.uow.conn.execute(query).scalar_one_or_none()
        if body is None:
            raise Corrupt(f"flow {flow} {edition} was never kept")
        return self._kept.setdefault((flow, edition), Flow.model_validate(body))
