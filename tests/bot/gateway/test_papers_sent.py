"""Kept papers on their way to a member: opened and checked in the moment of sending, words where they are not what was
kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.papers import StoredPapers
from bot.uploads import StoredUploads
from bot.wecom.sender import WeComSender
from reminders.sending import Outgoing, build_body
from storage.database import Database
from storage.model.messages import PaperFile, requests_for
from storage.repositories.ticket_papers import TicketPaperRepository
from storage.tables import ticket_papers
from tests.bot.gateway.scripted import CORP, error, ok
from tests.builders import Cast, a_client
from tests.handlers.tickets.people import opened

JPEG, PDF = b"\xff\xd8\xff\xe0 an identity card", b"%PDF-1.7 a form"
FAILED, DAMAGED = "没能发出", "已损坏"


@pytest.fixture
def sender(database: Database, client, clock) -> WeComSender:
    return WeComSender(client, clock, None, StoredUploads(database, clock), StoredPapers(database, clock))


def kept(database: Database, clock, cast: Cast, content: bytes, media_type: str) -> int:
    """The id of a paper whose file was kept."""
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "servicing")
        papers = TicketPaperRepository(uow)
        papers.add(opened(uow, flow, a_client(uow, "王芳")), "identity", media_id="3abc")
        paper = papers.claim(1, timedelta(minutes=1))[0]
        assert papers.keep(paper, content, media_type)
        return paper.id


def sending(paper_id: int, filename: str = "T1-身份证.jpg", kind: Any = "image", id: int = 1, tries: int = 1) -> Outgoing:
    call, request = requests_for(PaperFile(paper_id, filename, kind, FAILED, DAMAGED))[0]
    assert call == "paper"
    return Outgoing(id, "LiGuWen", "paper", build_body("paper", request, "LiGuWen", CORP.agent_id, id), tries)


def changed(database: Database, clock, paper_id: int, **values: Any) -> None:
    with database.system(clock.now()) as uow:
        uow.conn.execute(ticket_papers.update().where(ticket_papers.c.id == paper_id).values(values))


async def test_a_photo_arrives_as_a_picture_not_to_be_passed_on(database, sender, fake, clock, cast):
    paper_id = kept(database, clock, cast, JPEG, "image/jpeg")
    assert (await sender.send(sending(paper_id))).state == "sent"
    seen = fake.seen_by("LiGuWen")[0]
    assert (seen.kind, set(seen.body)) == ("image", {"media_id"})
    assert fake.media.find(seen.body["media_id"]).content == JPEG
    sent = next(entry for entry in fake.wire.entries if entry["path"].endswith("message/send"))
    assert sent["request"]["safe"] == 1


async def test_a_pdf_arrives_as_a_file_with_a_name_that_names_nobody(database, sender, fake, clock, cast):
    paper_id = kept(database, clock, cast, PDF, "application/pdf")
    assert (await sender.send(sending(paper_id, "T1-保全申请书.pdf", "file"))).state == "sent"
    seen = fake.seen_by("LiGuWen")[0]
    assert (seen.kind, seen.text) == ("file", "[文件] T1-保全申请书.pdf")
    assert fake.media.find(seen.body["media_id"]).content == PDF


async def test_a_file_that_is_not_what_was_kept_is_not_sent_and_that_is_said(database, sender, fake, clock, cast):
    paper_id = kept(database, clock, cast, JPEG, "image/jpeg")
    changed(database, clock, paper_id, digest=b"0" * 32)
    with structlog.testing.capture_logs() as logs:
        assert (await sender.send(sending(paper_id))).state == "sent"
    seen = fake.seen_by("LiGuWen")[0]
    assert (seen.kind, seen.text) == ("text", DAMAGED)
    assert [entry["paper"] for entry in logs if entry["event"] == "attachment.damaged"] == [paper_id]
    assert "王芳" not in str(logs)


async def test_a_file_that_does_not_open_is_said_as_well(database, sender, fake, clock, cast):
    paper_id = kept(database, clock, cast, JPEG, "image/jpeg")
    with database.system(clock.now()) as uow:
        sealed = bytearray(uow.conn.execute(ticket_papers.select()).one().content)
    sealed[-1] ^= 1
    changed(database, clock, paper_id, content=bytes(sealed))
    await sender.send(sending(paper_id))
    assert fake.seen_by("LiGuWen")[0].text == DAMAGED


async def test_a_paper_that_was_taken_back_meanwhile_is_not_sent(database, sender, fake, clock, cast):
    paper_id = kept(database, clock, cast, JPEG, "image/jpeg")
    with database.system(clock.now()) as uow:
        uow.conn.execute(ticket_papers.delete())
    await sender.send(sending(paper_id))
    assert fake.seen_by("LiGuWen")[0].text == FAILED


async def test_a_retry_sends_the_same_bytes_and_uploads_once(database, scripted, scripted_client, clock, cast):
    paper_id = kept(database, clock, cast, JPEG, "image/jpeg")
    sender = WeComSender(
        scripted_client, clock, None, StoredUploads(database, clock), StoredPapers(database, clock)
    )
    scripted.script["media/upload"] = [ok(media_id="m1"), ok(media_id="m2")]
    scripted.script["message/send"] = [error(-1), ok(msgid="x")]
    assert (await sender.send(sending(paper_id))).state == "retry"
    assert (await sender.send(sending(paper_id, tries=2))).state == "sent"
    bodies = [body for body in scripted.bodies if b"touser" in body]
    assert bodies[0] == bodies[1]
    assert body_of(bodies[0])["image"] == {"media_id": "m1"}
    assert scripted.count("media/upload") == 1


def body_of(raw: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(raw)
    return found
