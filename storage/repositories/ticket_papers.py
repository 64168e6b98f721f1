"""Papers of tickets: what came in, sealed, with the digest of its bytes."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from storage.model.errors import Corrupt
from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.tickets import Origin, Ticket, TicketPaper
from storage.repositories.base import Repository
from storage.tables import ticket_papers, tickets

_CONTENT = "ticket_papers.content"
_COLUMNS = [ticket_papers.c[name] for name in TicketPaper.__slots__]


class TicketPaperRepository(Repository):
    """Of tickets that the reader was given by `TicketRepository`."""

    def add(
        self, ticket: Ticket, paper: str, *, origin: Origin = "member", origin_key: str | None = None,
        media_id: str | None = None, since: datetime | None = None,
    ) -> bool:
        """Tick a paper; its file is fetched later where it has one. False when that message had brought it. `since`:
        it came in before, for another ticket."""
        c = ticket_papers.c
        if origin_key and self.uow.conn.execute(select(c.id).where(c.origin_key == origin_key)).first():
            return False
        self.uow.insert(ticket_papers, {
            "id": new_id(), "ticket_id": ticket.id, "owner_id": ticket.owner_id, "paper": paper, "origin": origin,
            "origin_key": origin_key, "media_id": media_id, "state": "fetching" if media_id else "ticked",
            "look_at": self.uow.now if media_id else None, "tries": 0, "size": 0,
            "added_by": self.uow.actor.user_id, "added_at": since or self.uow.now,
        })  # fmt: skip
        self.uow.audit.record("attach", "ticket", ticket.id, client_id=ticket.client_id, paper=paper)
        return True

    def of(self, ticket: Ticket) -> list[TicketPaper]:
        """What came in and was not refused, in order."""
        c = ticket_papers.c
        query = select(*_COLUMNS).where(c.ticket_id == ticket.id, c.state != "refused").order_by(c.added_at, c.id)
        return [TicketPaper(**row._asdict()) for row in self.uow.conn.execute(query)]

    def came_in(self, client: Client, paper: str, *, days: int) -> datetime | None:
        """When such a paper of the client came in last, for whichever of his tickets; None where that is longer ago, or
        its file is still being fetched."""
        c = ticket_papers.c
        query = select(c.added_at).join(tickets, tickets.c.id == c.ticket_id).where(
            tickets.c.client_id == client.id, c.paper == paper, c.added_at >= self.uow.now - timedelta(days=days),
            c.state.in_(("ticked", "kept")),
        )
        return self.uow.conn.execute(query.order_by(c.added_at.desc()).limit(1)).scalar_one_or_none()

    def opens(self, ticket: Ticket, paper: TicketPaper) -> None:
        """Note on the trail that the actor is given the file."""
        self.uow.audit.record(
            "read", "paper", paper.id, client_id=ticket.client_id, section="papers", number=ticket.number,
            paper=paper.paper,
        )

    def content(self, paper_id: int) -> bytes | None:
        """The bytes of a file, for whoever `opens` it; None where none is kept. Raises Corrupt where they are not what
        was kept."""
        c = ticket_papers.c
        query = select(c.content, c.digest).where(c.id == paper_id, c.state == "kept")
        kept = self.uow.conn.execute(query).one_or_none()
        if kept is None:
            return None
        content = b64decode(self.uow.unseal(_CONTENT, paper_id, kept.content))
        if hashlib.sha256(content).digest() != kept.digest:
            raise Corrupt(f"{_CONTENT} of row {paper_id} is not what was kept")
        return content

    # ------------------------------------------------------------ fetching

    def claim(self, at_most: int, lease: timedelta) -> list[TicketPaper]:
        """Files that are to be fetched now; nobody else gets them before the lease is over."""
        c = ticket_papers.c
        due = select(c.id).where(c.look_at <= self.uow.now, c.state == "fetching").order_by(c.look_at).limit(at_most)
        held = update(ticket_papers).where(c.id.in_(due.with_for_update(skip_locked=True)))
        taken = held.values(look_at=self.uow.now + lease, tries=c.tries + 1).returning(*_COLUMNS)
        return [TicketPaper(**row._asdict()) for row in self.uow.conn.execute(taken)]

    def keep(self, paper: TicketPaper, content: bytes, media_type: str) -> bool:
        """Keep the file; False where the paper was taken back meanwhile."""
        sealed = self.uow.seal(_CONTENT, paper.id, b64encode(content).decode())
        return self._settle(
            paper, state="kept", content=sealed, media_type=media_type, size=len(content),
            digest=hashlib.sha256(content).digest(),
        )

    def refuse(self, paper: TicketPaper) -> bool:
        """The file cannot be kept: the paper counts as not there."""
        return self._settle(paper, state="refused")

    def try_again(self, paper: TicketPaper, after: timedelta) -> None:
        """WeCom was away."""
        c = ticket_papers.c
        self.uow.conn.execute(update(ticket_papers).where(c.id == paper.id).values(look_at=self.uow.now + after))

    def _settle(self, paper: TicketPaper, **values: Any) -> bool:
        c = ticket_papers.c
        waiting = update(ticket_papers).where(c.id == paper.id, c.state == "fetching")
        return bool(self.uow.conn.execute(waiting.values(**values, media_id=None, look_at=None)).rowcount)
