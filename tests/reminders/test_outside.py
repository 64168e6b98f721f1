"""What an outside source says of a client: asked once, with his authorisation, and never a pass where it says nothing
(S13, R014, R076)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.outside import HttpSource
from reminders.outgoing import Post
from reminders.outside import RETRY, Answer, Identity, NoSource, OutsideDelivery, OutsideSource
from storage.database import Database
from storage.model.clock import MovableClock
from storage.repositories.ticket_papers import TicketPaperRepository
from storage.tables import outbox, ticket_papers
from tests.builders import Cast, a_client, an_id_number
from tests.handlers.asking import SHANGHAI, Desk

NUMBER = an_id_number(date(1985, 6, 15), 77)


class Source:
    """Says what a test lays down."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[Identity]()

    async def ask(self, who: Identity) -> Answer:
        self.asked.append(who)
        return self.answers.pop(0)


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    """李顾问, with an account that is being opened for 孙丽, up to its checks."""
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(
            uow, "孙丽", id_number=NUMBER, id_expires_on=date(2030, 1, 1), source_of_funds="salary",
            relationship_purpose="理财", phone="19900000001",
        )
    desk = Desk(database, clock, "lixiang")
    says(desk, "开户 孙丽", "T1 收到 查询授权书", "T1 提交", "T1 证件核验 一致", "T1 手机核验 一致")
    return desk


def says(desk: Desk, *texts: str) -> str:
    return [desk.says(text) for text in texts][-1]


def asks(desk: Desk, source: OutsideSource) -> int:
    delivery = OutsideDelivery(
        desk.database, source, Post(1), desk.clock, SHANGHAI, on_queued=lambda: None
    )
    return asyncio.run(delivery.step())


def told(desk: Desk) -> list[str]:
    with desk.database.system(desk.clock.now()) as uow:
        rows = uow.conn.execute(outbox.select().where(outbox.c.key.like("outside:%")).order_by(outbox.c.id)).all()
        return [uow.vault.open("outbox.body", row.id, row.body).decode() for row in rows]


def test_an_answer_that_agrees_is_ticked_with_its_proof(li: Desk) -> None:
    assert "已提交外部查询（公安和征信）" in li.says("T1 外部查询")
    source = Source(Answer("agrees", "A-77"))
    assert asks(li, source) == 1
    assert [(who.name, who.id_number, who.phone) for who in source.asked] == [("孙丽", NUMBER, "19900000001")]
    assert "外部查询（公安和征信）：一致，凭证 A-77" in told(li)[0]
    assert asks(li, source) == 0
    assert "现在是「已开户」" in li.says("T1 完成开户")


def test_one_that_differs_stops_it_whatever_a_person_ticks_until_compliance_has_looked(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("differs", "A-78")))
    assert "不一致，凭证 A-78" in told(li)[0]
    assert "外部核验不是「一致」" in li.says("T1 完成开户")
    li.says("T1 外部核验 一致")
    assert "不能人工改成一致后完成" in li.says("T1 完成开户")
    li.says("T1 转合规复核")
    says(Desk(li.database, li.clock, "shenyue"), "T1 放行", "已核实，改过名字")
    says(li, "T1 提交", "T1 外部核验 一致")
    assert "现在是「已开户」" in li.says("T1 完成开户")


@pytest.mark.parametrize(("answer", "why"), [
    (None, "没有接外部查询系统"), (Answer("unclear", why="外部系统的答复看不懂"), "答复看不懂"),
])
def test_no_plain_answer_leaves_it_to_a_person(li: Desk, answer: Answer | None, why: str) -> None:
    li.says("T1 外部查询")
    asks(li, Source(answer) if answer else NoSource())
    assert why in told(li)[0]
    assert "待人工核验" in told(li)[0]
    assert "外部查询" in li.says("T1 完成开户")  # it is still asked for


def test_who_does_not_answer_is_asked_again_and_at_last_a_person_checks(li: Desk) -> None:
    li.says("T1 外部查询")
    source = Source(*[Answer("later", why="外部系统没有应答")] * 3)
    for _ in range(3):
        assert asks(li, source) == 1
        li.clock.advance(RETRY + timedelta(seconds=1))
    assert len({who.reference for who in source.asked}) == 1
    assert len(source.asked) == 3
    assert "待人工核验" in told(li)[0]
    assert asks(li, source) == 0


def test_a_source_that_hangs_counts_as_no_answer(li: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging:
        async def ask(self, who: Identity) -> Answer:
            await asyncio.sleep(60)
            raise AssertionError("nobody waits so long")

    packs = li.database.packs.current
    quick = tuple(check.model_copy(update={"timeout_seconds": 0.05, "tries": 1}) for check in packs.outside_checks)
    monkeypatch.setattr(li.database.packs, "current", replace(packs, outside_checks=quick))
    li.says("T1 外部查询")
    asks(li, Hanging())
    assert "没有应答" in told(li)[0]


def test_a_process_that_died_midway_leaves_the_query_to_the_next(li: Desk) -> None:
    class Died(Exception):
        pass

    class Dying:
        async def ask(self, who: Identity) -> Answer:
            raise Died

    li.says("T1 外部查询")
    with pytest.raises(Died):
        asks(li, Dying())
    source = Source(Answer("agrees", "A-79"))
    assert asks(li, source) == 0
    li.clock.advance(timedelta(minutes=3))
    assert asks(li, source) == 1
    assert len(told(li)) == 1


def test_an_answer_about_somebody_who_is_put_down_otherwise_by_now_counts_for_nothing(li: Desk) -> None:
    class Slow(Source):
        """While it looks, the adviser puts the name right."""

        async def ask(self, who: Identity) -> Answer:
            with li.database.system(li.clock.now()) as uow:
                (found,) = uow.clients.containing("孙丽")
                uow.clients.update(uow.clients.get(found.id), phone="19900000009")
            return await super().ask(who)

    li.says("T1 外部查询")
    asks(li, Slow(Answer("agrees", "A-83")))
    assert "客户资料刚改过" in told(li)[0]
    assert "待人工核验" in told(li)[0]
    assert "外部" in li.says("T1 完成开户")  # it is still asked for
    assert "已提交外部查询" in li.says("T1 外部查询")


def test_a_ticket_that_was_given_up_asks_nobody_any_more(li: Desk) -> None:
    says(li, "T1 外部查询", "T1 撤回", "客户不开了")
    source = Source()
    assert asks(li, source) == 0
    assert source.asked == []
    li.clock.advance(timedelta(minutes=3))
    assert asks(li, source) == 0


def test_that_compliance_looked_before_it_differed_is_not_enough(li: Desk) -> None:
    li.says("T1 转合规复核")
    says(Desk(li.database, li.clock, "shenyue"), "T1 放行", "已核实，不是同一人")
    li.clock.advance(timedelta(minutes=1))
    says(li, "T1 提交", "T1 外部查询")
    asks(li, Source(Answer("differs", "A-87")))
    li.says("T1 外部核验 一致")
    assert "不能人工改成一致后完成" in li.says("T1 完成开户")


def test_no_answer_does_not_take_away_one_that_differed(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("differs", "A-84")))
    li.says("T1 外部查询")
    asks(li, NoSource())
    li.says("T1 外部核验 一致")
    assert "不能人工改成一致后完成" in li.says("T1 完成开户")


def test_one_that_agrees_after_the_record_was_put_right_does(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("differs", "A-85")))
    li.says("T1 外部查询")
    asks(li, Source(Answer("agrees", "A-86")))
    assert "现在是「已开户」" in li.says("T1 完成开户")


def test_an_authorisation_whose_file_is_being_fetched_is_none_for_another_ticket(li: Desk) -> None:
    with li.database.system(li.clock.now()) as uow:
        (found,) = uow.clients.containing("孙丽")
        client = uow.clients.get(found.id)
        papers = TicketPaperRepository(uow)
        uow.conn.execute(ticket_papers.update().where(ticket_papers.c.paper == "authorisation").values(state="fetching"))
        assert papers.came_in(client, "authorisation", days=90) is None
        uow.conn.execute(ticket_papers.update().where(ticket_papers.c.paper == "authorisation").values(state="kept"))
        assert papers.came_in(client, "authorisation", days=90) is not None


def test_a_query_that_always_ends_the_process_is_left_to_a_person_at_last(li: Desk) -> None:
    class Dying:
        asked = 0

        async def ask(self, who: Identity) -> Answer:
            self.asked += 1
            raise RuntimeError

    li.says("T1 外部查询")
    source = Dying()
    for _ in range(3):
        with pytest.raises(RuntimeError):
            asks(li, source)
        li.clock.advance(timedelta(minutes=3))
    assert asks(li, source) == 1
    assert source.asked == 3
    assert "待人工核验" in told(li)[0]


def test_a_valid_answer_and_authorisation_are_used_again_for_the_same_person(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("agrees", "A-80")))
    li.says("T1 完成开户")
    li.clock.advance(timedelta(days=30))
    assert "要收的资料" not in li.says("开户 孙丽")
    li.says("T2 提交")
    assert "沿用 2025-06-09 的外部查询（公安和征信）：一致" in li.says("T2 外部查询")
    assert asks(li, Source()) == 0


def test_an_old_answer_is_asked_anew(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("agrees", "A-81")))
    li.says("T1 完成开户")
    li.clock.advance(timedelta(days=100))
    heard = li.says("开户 孙丽")
    assert "要收的资料：查询授权书" in heard
    says(li, "T2 收到 查询授权书", "T2 提交")
    assert "已提交外部查询" in li.says("T2 外部查询")


def test_without_an_authorisation_nobody_is_asked(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "孙丽", id_number=NUMBER, source_of_funds="salary", relationship_purpose="理财")
    li = Desk(database, clock, "lixiang")
    says(li, "开户 孙丽", "T1 收到 身份证")
    assert "还缺资料：查询授权书" in li.says("T1 提交")


def test_whom_it_was_asked_about_and_what_it_said_is_in_the_audit(li: Desk) -> None:
    li.says("T1 外部查询")
    asks(li, Source(Answer("agrees", "A-82")))
    heard = Desk(li.database, li.clock, "shenyue").says("审计 孙丽")
    assert "外部查询" in heard
    assert "外部查询结果" in heard


# ---------------------------------------------------------------- over HTTP

WHO = Identity("77", "孙丽", NUMBER, "19900000001")


async def over_http(
    status: int, body: str, *, in_pieces: bool = False
) -> tuple[Answer, list[tuple[object, str | None]]]:
    """What comes of one answer of a real server, and what it was asked."""
    seen = list[tuple[object, str | None]]()

    async def answers(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json(), request.headers.get("Authorization")))
        if not in_pieces:
            return web.Response(status=status, text=body)
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        for piece in (body[:9], body[9:]):
            await response.write(piece.encode())
            await asyncio.sleep(0.05)
        return response

    app = web.Application()
    app.router.add_post("/check", answers)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession() as session:
            return await HttpSource(session, f"http://127.0.0.1:{port}/check", "geheim").ask(WHO), seen
    finally:
        await runner.cleanup()


async def test_a_match_and_a_mismatch_are_answers() -> None:
    answer, seen = await over_http(200, '{"result": "match", "reference": "GA-1"}')
    assert answer == Answer("agrees", "GA-1")
    asked, token = seen[0]
    assert asked == {"reference": "77", "name": "孙丽", "id_number": NUMBER, "phone": "19900000001"}
    assert token == "Bearer geheim"
    answer, _ = await over_http(200, '{"result": "mismatch"}')
    assert answer.result == "differs"


@pytest.mark.parametrize(("status", "body", "result"), [
    (200, "", "unclear"), (200, "OK", "unclear"), (200, "[]", "unclear"), (200, '{"result": true}', "unclear"),
    (200, '{"result": "MATCH"}', "unclear"),
    (200, '{"result": ["match"]}', "unclear"), (200, '{"result": "match"' + " " * 20_000 + "}", "unclear"), (403, '{"result": "match"}', "unclear"), (302, "", "unclear"),
    (503, '{"result": "match"}', "later"), (429, "", "later"),
])
async def test_nothing_else_is_one(status: int, body: str, result: str) -> None:
    answer, _ = await over_http(status, body)
    assert answer.result == result
    assert answer.why


async def test_an_answer_that_comes_in_pieces_is_one() -> None:
    answer, _ = await over_http(200, '{"result": "match", "reference": "GA-1"}', in_pieces=True)
    assert answer == Answer("agrees", "GA-1")


async def test_who_cannot_be_reached_is_asked_again() -> None:
    async with aiohttp.ClientSession() as session:
        answer = await HttpSource(session, "http://127.0.0.1:9/check", "geheim").ask(WHO)
    assert answer.result == "later"
