"""Papers that were kept: listed and opened by whoever may see the ticket, each opening on the trail, by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.audit import entries_by
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.messages import PaperFile
from storage.repositories.ticket_papers import TicketPaperRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import the_others

Desks = dict[str, Desk]
JPEG, PDF = b"\xff\xd8\xff\xe0 an identity card", b"%PDF-1.7 a form"


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> Desks:
    """王芳 has a servicing ticket, T1, of 李顾问."""
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳", phone="13800000101")
        a_client(uow, "陈静")
    found = {name: Desk(database, clock, name) for name in "lixiang wangke chenmo shenyue hexin claims1".split()}
    found["lixiang"].says("王芳 保全 换受益人 儿子")
    return found


def keep(desk: Desk, paper: str, content: bytes, media_type: str) -> None:
    """A file was sent into the chat and fetched."""
    def work(uow: UnitOfWork) -> None:
        papers = TicketPaperRepository(uow)
        papers.add(uow.tickets.find(1), paper, media_id=f"3{paper}")
        assert papers.keep(papers.claim(1, timedelta(minutes=1))[0], content, media_type)

    desk.sees(work)


def files(desk: Desk) -> list[PaperFile]:
    return [message for message in desk.replies if isinstance(message, PaperFile)]


def openings(desk: Desk, user: str) -> list[str]:
    """Which papers a member was given, as the trail has it."""
    now = desk.clock.now()
    span = {"first": now - timedelta(days=1), "last": now + timedelta(days=1)}
    entries = desk.sees(lambda uow: entries_by(uow.conn, user, 99, **span))
    return [entry.detail["paper"] for entry in entries if (entry.action, entry.object_type) == ("read", "paper")]


def test_papers_are_listed_and_opened_by_name_or_by_number(desks: Desks):
    li = desks["lixiang"]
    keep(li, "identity", JPEG, "image/jpeg")
    keep(li, "form", PDF, "application/pdf")
    heard = li.says("T1 看资料")
    assert "工单 T1（王芳）的资料 2 份" in heard
    assert "身份证（图片 1 KB）" in heard
    assert "保全申请书（PDF 1 KB）" in heard
    assert files(li) == []
    assert "「保全申请书」见下" in li.says("2")
    assert [(file.filename, file.kind) for file in files(li)] == [("T1-保全申请书.pdf", "file")]
    assert "「身份证」见下" in li.says("T1 看 身份证")
    assert [(file.filename, file.kind) for file in files(li)] == [("T1-身份证.jpg", "image")]
    assert openings(li, "lixiang") == ["identity", "form"]


def test_a_single_file_comes_with_the_list_and_all_of_them_on_request(desks: Desks):
    li = desks["lixiang"]
    keep(li, "identity", JPEG, "image/jpeg")
    li.says("T1 看资料")
    assert len(files(li)) == 1
    keep(li, "form", PDF, "application/pdf")
    li.says("T1 全部资料")
    assert len(files(li)) == 2


@pytest.mark.parametrize("said", ["T1 看资料", "T1 资料", "看看T1的资料", "t1 打开照片", "工单T1 有哪些资料", "T1的附件", "T1 收到的资料"])
def test_the_list_is_asked_for_in_many_words(desks: Desks, said: str):
    li = desks["lixiang"]
    li.says("T1 收到 身份证")
    heard = li.says(said)
    assert "的资料 1 份" in heard
    assert "身份证（只登记，没有文件）" in heard


def test_a_line_of_a_list_of_tickets_is_asked_for_its_papers(desks: Desks):
    li = desks["lixiang"]
    keep(li, "identity", JPEG, "image/jpeg")
    li.says("我的工单")
    assert "身份证（图片 1 KB）" in li.says("1 看资料")


def test_what_has_no_file_is_said(desks: Desks):
    li = desks["lixiang"]
    assert "还没有收到资料。还缺：保全申请书、身份证" in li.says("T1 看资料")
    li.says("T1 收到 身份证")
    assert "只登记了收到，没有文件" in li.says("T1 看 身份证")
    assert "还没有收到" in li.says("T1 看 申请书")
    assert "没有「房产证」这项资料" in li.says("T1 看 房产证")
    li.sees(lambda uow: TicketPaperRepository(uow).add(uow.tickets.find(1), "form", media_id="3later"))
    assert "文件正在收取" in li.says("T1 看 申请书")
    assert openings(li, "lixiang") == []


def test_a_number_beyond_the_list_opens_nothing(desks: Desks):
    li = desks["lixiang"]
    keep(li, "identity", JPEG, "image/jpeg")
    keep(li, "form", PDF, "application/pdf")
    li.says("T1 看资料")
    assert "请回复 1 到 2 之间" in li.says("3")
    assert files(li) == []


@pytest.mark.parametrize("stranger", ["chenmo", "hexin", "claims1"])
def test_who_may_not_see_the_ticket_is_told_what_he_would_be_told_of_none(desks: Desks, stranger: str):
    li, other = desks["lixiang"], desks[stranger]
    keep(li, "identity", JPEG, "image/jpeg")
    refused = other.says("T1 看 身份证")
    assert "没有找到工单 T1，或它不归您看" in refused
    assert refused.replace("T1", "T9") == other.says("T9 看 身份证")
    assert files(other) == []
    assert openings(li, stranger) == []


def test_managers_and_compliance_see_them_and_compliance_sees_who_did(desks: Desks):
    li, wang, shen = desks["lixiang"], desks["wangke"], desks["shenyue"]
    keep(li, "identity", JPEG, "image/jpeg")
    wang.says("T1 看 身份证")
    assert len(files(wang)) == 1
    heard = shen.says("审计 王芳")
    assert "王珂 查看 工单资料：T1 身份证" in heard
