"""Files that were sent into a chat as papers of tickets: fetched from WeCom, looked at, kept sealed.

WeCom keeps a file for three days (path/90254). What is no picture, no PDF or too large is refused, and whoever sent it
is told: the client in his talk, where he may be written to, and whoever has the ticket in any case; the paper is asked
for again. A file is never opened or unpacked here, so that nothing in it can do harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from reminders.outgoing import Post
from reminders.ticket_news import tell_in_talk
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.messages import Text
from storage.model.tickets import Ticket, TicketPaper
from storage.model.work import REPLY
from storage.repositories.ticket_papers import TicketPaperRepository

log = structlog.get_logger(__name__)

LARGEST = 10 * 1024 * 1024  # bytes
BATCH = 3
MOST_TRIES = 8
LEASE, PAUSE = timedelta(minutes=2), timedelta(minutes=5)
_KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"),
)  # fmt: skip
GONE, UNKNOWN, TOO_LARGE = "gone", "unknown", "too_large"
_WORDS = {
    GONE: "文件已经过期或取不到了，请再发一次", UNKNOWN: "只能收 JPG、PNG 图片和 PDF 文件，请换一种格式再发",
    TOO_LARGE: "文件超过 10 MB，请压缩后再发",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for a file: its bytes, why it can never be had, or nothing yet."""

    content: bytes = b""
    refused: str = ""

    @property
    def is_there(self) -> bool:
        return bool(self.content or self.refused)


class MediaSource(Protocol):
    """Where files come from. Never raises for anything the network does."""

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        """The file; empty where it may be tried again."""


def kind_of(content: bytes) -> str | None:
    """The media type by the first bytes; None for what is not taken."""
    return next((kind for start, kind in _KINDS if content.startswith(start)), None)


class PaperFiles:
    """Fetches what waits, one file after the other, with no transaction open meanwhile."""

    def __init__(
        self, database: Database, source: MediaSource, post: Post, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._database, self._source, self._post, self._clock, self._zone = database, source, post, clock, zone

    async def step(self) -> int:
        """One turn; how many files were looked at."""
        papers = await self._database.run(partial(self._claim, self._clock.now()))
        for paper in papers:
            fetched = await self._source.fetch(paper.media_id or "", LARGEST)
            await self._database.run(partial(self._record, paper, fetched, self._clock.now()))
        return len(papers)

    def _claim(self, now: datetime) -> list[TicketPaper]:
        with self._database.system(now) as uow:
            return TicketPaperRepository(uow).claim(BATCH, LEASE)

    def _record(self, paper: TicketPaper, fetched: Fetched, now: datetime) -> None:
        with self._database.system(now) as uow:
            papers = TicketPaperRepository(uow)
            if not fetched.is_there and paper.tries < MOST_TRIES:
                papers.try_again(paper, PAUSE)
                return
            kind = kind_of(fetched.content)
            refused = fetched.refused or ("" if kind else UNKNOWN if fetched.content else GONE)
            if kind is not None and not refused:
                papers.keep(paper, fetched.content, kind)
            elif papers.refuse(paper):
                self._tell(uow, paper, refused)
        log.info("paper.settled", id=paper.id, ticket=paper.ticket_id, refused=refused or None)

    def _tell(self, uow: UnitOfWork, paper: TicketPaper, why: str) -> None:
        """Whoever sent it; of a client's, whoever has the ticket hears besides."""
        ticket = uow.tickets.get(paper.ticket_id)
        label = _label(uow, ticket, paper)
        words = f"工单 {ticket.name} 的「{label}」没有收下：{_WORDS[why]}。"
        if paper.origin == "client":
            client = uow.clients.get(ticket.client_id)
            text = uow.packs.reply("paper_failed").render(paper=label, number=ticket.name, why=_WORDS[why])
            told = tell_in_talk(uow, client, text, f"paper:{paper.id}", self._zone)
            words = f"客户发来的文件，{words}{'已请客户再发。' if told else '请告诉客户。'}"
        user = uow.users.find(paper.added_by) or uow.users.find(ticket.handler_id or ticket.owner_id)
        if user is not None and user.active:
            self._post.put(uow, user.id, Text(words), key=f"paper:{paper.id}", priority=REPLY)


def _label(uow: UnitOfWork, ticket: Ticket, paper: TicketPaper) -> str:
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    return next((each.label for each in flow.papers if each.name == paper.paper), paper.paper)
