"""Files sent as papers of tickets: fetched, looked at by their first bytes, kept sealed, or refused with a sentence."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from reminders.outgoing import Post
from reminders.paper_files import GONE, LARGEST, MOST_TRIES, TOO_LARGE, Fetched, PaperFiles
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.tickets import Ticket
from storage.repositories.ticket_papers import TicketPaperRepository
from storage.tables import outbox, ticket_papers
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.customers import Customers
from tests.handlers.tickets.people import opened, the_others
from tests.reminders.firm import ZONE
from tests.reminders.test_kf_reading import FANG

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


class Source:
    """Gives what a test lays down for a media id; nothing for others, as while WeCom is away."""

    def __init__(self) -> None:
        self.files: dict[str, Fetched] = {}
        self.asked: list[str] = []

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        assert largest == LARGEST
        self.asked.append(media_id)
        return self.files.get(media_id, Fetched())


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def files(database: Database, clock: MovableClock, source: Source) -> PaperFiles:
    return PaperFiles(database, source, Post(1), clock, ZONE)


@pytest.fixture
def ticket(database: Database, clock: MovableClock, cast: Cast) -> Ticket:
    with database.transaction(cast.li, clock.now()) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "servicing")
        made = opened(uow, flow, a_client(uow, "王芳"))
        assert TicketPaperRepository(uow).add(made, "form", origin_key="lixiang:m1", media_id="3abc")
        return made


def words_to(database: Database, clock: MovableClock, user: str) -> list[str]:
    with database.system(clock.now()) as uow:
        rows = uow.conn.execute(outbox.select().where(outbox.c.recipient == user, outbox.c.key.like("paper:%"))).all()
        return [uow.vault.open("outbox.body", row.id, row.body).decode() for row in rows]


def test_a_picture_is_kept_sealed_with_the_digest_of_its_bytes(
    database: Database, clock: MovableClock, cast: Cast, source: Source, files: PaperFiles, ticket: Ticket
) -> None:
    source.files["3abc"] = Fetched(JPEG)

    assert asyncio.run(files.step()) == 1

    with database.transaction(cast.li, clock.now()) as uow:
        (paper,) = TicketPaperRepository(uow).of(ticket)
        assert (paper.state, paper.media_type, paper.size, paper.media_id) == ("kept", "image/jpeg", len(JPEG), None)
        assert TicketPaperRepository(uow).content(paper.id) == JPEG
        row = uow.conn.execute(ticket_papers.select()).one()
        assert row.digest == hashlib.sha256(JPEG).digest()
        assert JPEG not in row.content
    assert asyncio.run(files.step()) == 0


@pytest.mark.parametrize(
    ("fetched", "why"),
    [
        (Fetched(b"PK\x03\x04" + b"0" * 50), "只能收 JPG、PNG 图片和 PDF 文件"),
        (Fetched(b"<html><script>alert(1)</script></html>"), "只能收 JPG、PNG 图片和 PDF 文件"),
        (Fetched(b"MZ\x90\x00"), "只能收 JPG、PNG 图片和 PDF 文件"),
        (Fetched(refused=TOO_LARGE), "文件超过 10 MB"),
        (Fetched(refused=GONE), "文件已经过期或取不到了"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence_and_counts_as_missing(
    database: Database, clock: MovableClock, cast: Cast, source: Source, files: PaperFiles, ticket: Ticket,
    fetched: Fetched, why: str,
) -> None:
    source.files["3abc"] = fetched

    asyncio.run(files.step())

    (said,) = words_to(database, clock, "lixiang")
    assert "工单 T1 的「保全申请书」没有收下" in said
    assert why in said
    with database.transaction(cast.li, clock.now()) as uow:
        assert TicketPaperRepository(uow).of(ticket) == []


def test_while_wecom_is_away_it_is_tried_again_and_then_said(
    database: Database, clock: MovableClock, source: Source, files: PaperFiles, ticket: Ticket
) -> None:
    for _ in range(MOST_TRIES):
        assert asyncio.run(files.step()) == 1
        assert asyncio.run(files.step()) == 0
        clock.advance(timedelta(minutes=6))

    assert source.asked == ["3abc"] * MOST_TRIES
    assert "请再发一次" in words_to(database, clock, "lixiang")[0]


def test_a_paper_that_was_taken_back_meanwhile_stays_away(
    database: Database, clock: MovableClock, source: Source, files: PaperFiles, ticket: Ticket
) -> None:
    source.files["3abc"] = Fetched(JPEG)
    with database.system(clock.now()) as uow:
        uow.conn.execute(ticket_papers.delete())

    assert asyncio.run(files.step()) == 0


# ---------------------------------------------------------------- when it counts


def test_a_paper_counts_once_its_file_is_kept_and_not_before(
    database: Database, clock: MovableClock, cast: Cast, source: Source, files: PaperFiles, ticket: Ticket
) -> None:
    li = Desk(database, clock, "lixiang")
    li.says("T1 收到 身份证")
    assert "保全申请书（正在收取）" in str(li.says("T1")) + str(li.replies)
    assert "「保全申请书」的文件正在收取，收好才能「提交」" in li.says("T1 提交")
    source.files["3abc"] = Fetched(JPEG)
    asyncio.run(files.step())
    assert "现在是「待审批」" in li.says("T1 提交")


def test_where_the_file_cannot_be_had_the_paper_is_asked_for_again(
    database: Database, clock: MovableClock, cast: Cast, source: Source, files: PaperFiles, ticket: Ticket
) -> None:
    li = Desk(database, clock, "lixiang")
    assert "必备资料都发来了" in li.says("T1 收到 身份证")
    source.files["3abc"] = Fetched(refused=GONE)
    asyncio.run(files.step())
    assert "还缺资料：保全申请书" in li.says("T1 提交")


async def test_a_client_hears_that_his_file_was_not_taken_and_sends_it_again(
    database: Database, clock: MovableClock, cast: Cast, source: Source
) -> None:
    firm = Customers(database, clock)
    firm.writes(the_others)
    await firm.proves()
    for said in ("我昨天骑车摔断了胳膊，在医院", "中山路"):
        await firm.asks(said)
    assert "记作理赔 T1 的「身份证」，还缺：病历或事故证明" in await firm.asks("", kind="image")
    firm.heard_by_all()
    files = PaperFiles(database, Refusing(), Post(1), clock, ZONE)
    assert await files.step() == 1
    before = len(firm.wecom.phones[FANG])
    await firm.sends()
    assert firm.wecom.phones[FANG][before:] == [
        "刚才发来的「身份证」（理赔 T1）没有收下：文件超过 10 MB，请压缩后再发。"
    ]
    (told,) = [text for texts in firm.heard_by_all().values() for text in texts if "没有收下" in text]
    assert told.startswith("客户发来的文件，工单 T1 的「身份证」没有收下")
    assert told.endswith("已请客户再发。")
    assert "记作理赔 T1 的「身份证」" in await firm.asks("", kind="image")


async def test_a_client_who_cannot_be_written_to_is_told_by_whoever_has_the_ticket(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    firm = Customers(database, clock)
    firm.writes(the_others)
    await firm.proves()
    for said in ("我昨天骑车摔断了胳膊，在医院", "中山路"):
        await firm.asks(said)
    await firm.asks("", kind="image")
    firm.heard_by_all()
    clock.advance(timedelta(hours=48))
    before = len(firm.wecom.phones[FANG])
    await PaperFiles(database, Refusing(), Post(1), clock, ZONE).step()
    await firm.sends()
    assert firm.wecom.phones[FANG][before:] == []
    assert [text for texts in firm.heard_by_all().values() for text in texts if text.endswith("请告诉客户。")]


class Refusing:
    """WeCom says that every file is too large."""

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        return Fetched(refused=TOO_LARGE)
