"""Papers of tickets: what came in, sealed, with the digest of its bytes."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode

from sqlalchemy import select

from storage.model.ids import new_id
from storage.model.tickets import Origin, Ticket, TicketPaper
from storage.repositories.base import Repository
from storage.tables import ticket_papers

_CONTENT = "ticket_papers.content"
_COLUMNS = [ticket_papers.c[name] for name in TicketPaper.__slots__]


class TicketPaperRepository(Repository):
    """Of tickets that the reader was given by `TicketRepository`."""

    def add(
        self, ticket: Ticket, paper: str, *, origin: Origin = "member", origin_key: str | None = None,
        content: bytes | None = None, media_type: str | None = None,
    ) -> bool:
        """Tick a paper, with its file where there is one; False when the same message had brought it before."""
        c = ticket_papers.c
        if origin_key and self.uow.conn.execute(select(c.id).where(c.origin_key == origin_key)).first():
            return False
        row_id = new_id()
        self.uow.insert(ticket_papers, {
            "id": row_id, "ticket_id": ticket.id, "owner_id": ticket.owner_id, "paper": paper, "origin": origin,
            "origin_key": origin_key, "media_type": media_type, "size": len(content or b""),
            "digest": hashlib.sha256(content).digest() if content is not None else None,
            "content": self.uow.seal(_CONTENT, row_id, b64encode(content).decode()) if content is not None else None,
            "added_by": self.uow.actor.user_id, "added_at": self.uow.now,
        })  # fmt: skip
        self.uow.audit.record("attach", "ticket", ticket.id, client_id=ticket.client_id, paper=paper)
        return True

    def of(self, ticket: Ticket) -> list[TicketPaper]:
        """What came in, in order."""
        c = ticket_papers.c
        query = select(*_COLUMNS).where(c.ticket_id == ticket.id).order_by(c.added_at, c.id)
        return [TicketPaper(**row._asdict()) for row in self.uow.conn.execute(query)]

    def content(self, ticket: Ticket, paper_id: int) -> bytes | None:
        """The bytes of a file; None where only the paper was ticked. The look is on the trail."""
        c = ticket_papers.c
        sealed = self.uow.conn.execute(
            select(c.content).where(c.id == paper_id, c.ticket_id == ticket.id)
        ).scalar_one_or_none()
        self.uow.audit.read("ticket", ticket.id, client_id=ticket.client_id, section="papers")
        return b64decode(self.uow.unseal(_CONTENT, paper_id, sealed)) if sealed is not None else None
