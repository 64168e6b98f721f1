"""The files that were kept with tickets, opened when one is to be sent."""

from __future__ import annotations

from storage.database import Database
from storage.model.clock import Clock
from storage.repositories.ticket_papers import TicketPaperRepository


class StoredPapers:
    """See `bot.wecom.attachments.Papers`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def content(self, paper_id: int) -> bytes | None:
        return await self._database.run(lambda: self._opened(paper_id))

    def _opened(self, paper_id: int) -> bytes | None:
        with self._database.system(self._clock.now()) as uow:
            return TicketPaperRepository(uow).content(paper_id)
