"""The page's API: the state, the stream, what a visitor may do, and who may not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.sandbox.almanac import describe_day
from bot.sandbox.api import Persona, add_routes
from bot.sandbox.fake_wecom import FakeWeCom, Timing
from bot.sandbox.feed import SandboxFeed
from bot.sandbox.pacing import ToldPacer
from bot.wecom.pacing import MemberPacer
from storage.model.clock import MovableClock
from tests.bot.sandbox.cast import CORP, MONDAY, EchoProduct, button_card


@dataclass
class Sandbox:
    session: ClientSession
    base: str
    fake: FakeWeCom
    feed: SandboxFeed
    clock: MovableClock
    product: EchoProduct
    moved_to: list[datetime] = field(default_factory=list)
    due: datetime | None = None

    async def post(self, name: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        headers = {"Origin": self.base, **headers}
        async with self.session.post(
            f"{self.base}/sandbox/api/{name}", data=json.dumps(body), headers={
                "Content-Type": "application/json", **headers}
        ) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else {"text": text}

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        async with self.session.get(f"{self.base}{path}", headers=headers) as response:
            return response.status, await response.text(), dict(response.headers)

    async def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((await self.get("/sandbox/api/state"))[1])
        return state

    async def until(self, happened: Any) -> None:
        for _ in range(3000):
            if happened():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it did not happen within fifteen seconds")


@pytest.fixture
async def sandbox(clock: MovableClock, product: EchoProduct) -> AsyncIterator[Sandbox]:
    fake = FakeWeCom(CORP, clock, timing=Timing(deadline=0.3, pause=0.01))
    fake.add_member("li", "李想")
    app = web.Application()
    fake.mount(app)
    app.router.add_post("/wecom/callback", product.post)
    holder: list[Sandbox] = []

    async def moved(now: datetime) -> None:
        holder[0].moved_to.append(now)

    async def next_due() -> datetime | None:
        return holder[0].due

    feed = add_routes(
        app, fake, clock, personas=[Persona("li", "李想", "adviser", "insurance", "保险顾问")],
        chips={"li": ["查 王芳"]}, on_clock_moved=moved, next_due=next_due,
    )
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as session:
        fake.callback_url = str(server.make_url("/wecom/callback"))
        base = str(server.make_url("")).rstrip("/")
        holder.append(Sandbox(session, base, fake, feed, clock, product))
        yield holder[0]


async def test_the_state_holds_all_that_a_fresh_page_needs(sandbox: Sandbox) -> None:
    await sandbox.fake.say("li", "你好")
    sandbox.feed.record_understanding({"user": "li", "text": "你好", "intent": "问候", "at": "x"})
    state = await sandbox.state()
    assert state["personas"][0]["name"] == "李想"
    assert state["chips"] == {"li": ["查 王芳"]}
    assert state["clock"]["now"] == MONDAY.isoformat()
    assert state["clock"]["day"] == {"weekday": "星期一", "lunar": "农历五月十四", "kind": "工作日"}
    assert [m["text"] for m in state["history"]["li"]] == ["你好"]
    assert state["understood"][0]["intent"] == "问候"
    assert state["wire"][0]["dir"] == "callback"


async def test_saying_and_the_menu_reach_the_product(sandbox: Sandbox) -> None:
    assert await sandbox.post("say", {"user": "li", "text": "查 王芳"}) == (200, {"ok": True})
    await sandbox.until(lambda: len(sandbox.product.heard) == 1)
    assert sandbox.product.last("Content") == "查 王芳"
    await sandbox.post("menu", {"user": "li", "key": "agenda"})
    await sandbox.until(lambda: len(sandbox.product.heard) == 2)
    assert sandbox.product.last("EventKey") == "agenda"


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [("enter_agent", "Event", "enter_agent"), ("image", "MsgType", "image"), ("voice", "MsgType", "voice"),
     ("location", "MsgType", "location")],
)
async def test_other_things_a_member_can_send(sandbox: Sandbox, kind: str, name: str, value: str) -> None:
    assert (await sandbox.post("event", {"user": "li", "kind": kind}))[0] == 200
    await sandbox.until(lambda: sandbox.product.heard)
    assert sandbox.product.last(name) == value


async def test_a_tap_needs_a_live_button(sandbox: Sandbox) -> None:
    card = sandbox.fake.chats.show("li", MONDAY, "template_card", button_card(), msgid="m")
    tap = {"user": "li", "id": card.message_id, "key": "done", "selections": {"when": ["wed"]}}
    assert (await sandbox.post("tap", tap))[0] == 200
    await sandbox.until(lambda: sandbox.product.heard)
    assert sandbox.product.last("EventKey") == "done"
    assert (await sandbox.post("tap", tap | {"key": "other"}))[0] == 404
    sandbox.fake.chats.redraw(card, None, "已完成")
    assert await sandbox.post("tap", tap) == (404, {"error": "这个按钮已经用过了。"})


@pytest.mark.parametrize(
    ("body", "moved_to"),
    [
        ({"preset": "plus_1h"}, MONDAY + timedelta(hours=1)),
        ({"preset": "tomorrow_0830"}, datetime(2025, 6, 10, 0, 30, tzinfo=UTC)),
        ({"to": "2025-06-18T15:00"}, datetime(2025, 6, 18, 7, 0, tzinfo=UTC)),
        ({"to": "2025-06-18T15:00:00+00:00"}, datetime(2025, 6, 18, 15, 0, tzinfo=UTC)),
    ],
)
async def test_the_clock_bar_moves_the_clock_and_waits_for_the_product(
    sandbox: Sandbox, body: dict[str, str], moved_to: datetime
) -> None:
    status, answer = await sandbox.post("clock", body)
    assert (status, answer["clock"]["now"]) == (200, moved_to.isoformat())
    assert sandbox.clock.now() == moved_to
    assert sandbox.moved_to == [moved_to]


async def test_the_next_reminder_is_where_the_clock_goes(sandbox: Sandbox) -> None:
    status, answer = await sandbox.post("clock", {"preset": "next_due"})
    assert status == 404
    assert "没有待发的提醒" in answer["error"]
    assert sandbox.clock.now() == MONDAY
    sandbox.due = MONDAY + timedelta(days=2)
    await sandbox.post("clock", {"preset": "next_due"})
    assert sandbox.clock.now() == sandbox.due


async def test_now_goes_back_to_the_real_time(sandbox: Sandbox) -> None:
    await sandbox.post("clock", {"preset": "now"})
    assert abs(sandbox.clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_faults_are_switched_and_shown(sandbox: Sandbox) -> None:
    _, answer = await sandbox.post("faults", {"duplicate_delivery": True, "code": {"errcode": 45009}})
    assert answer["faults"]["duplicate_delivery"] is True
    assert sandbox.fake.faults.forced_code("message/send") == 45009
    assert (await sandbox.post("faults", {"unknown": True}))[0] == 400
    await sandbox.post("faults", {"clear": True})
    assert (await sandbox.state())["faults"]["code"] is None


async def test_the_stream_brings_what_happens(sandbox: Sandbox) -> None:
    async with sandbox.session.get(f"{sandbox.base}/sandbox/api/stream") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readline()
        await sandbox.post("say", {"user": "li", "text": "你好"})
        await asyncio.to_thread(sandbox.feed.record_understanding, {"user": "li", "text": "你好"})
        await sandbox.post("clock", {"preset": "plus_1h"})
        await sandbox.post("faults", {"down": True})
        seen: dict[str, dict[str, Any]] = {}
        async with asyncio.timeout(3):
            while not {"message", "wire", "understood", "clock", "fault"} <= set(seen):
                line = (await stream.content.readline()).decode()
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    seen[event["type"]] = event
    assert seen["message"]["message"]["text"] == "你好"
    assert seen["wire"]["entry"]["outcome"] == "accepted"
    assert seen["understood"]["understood"]["text"] == "你好"
    assert seen["fault"]["faults"]["down"] is True


async def test_who_is_let_wait_is_told_once_and_as_long_as_it_lasts(sandbox: Sandbox) -> None:
    events = sandbox.fake.subscribe()
    pacer = ToldPacer(MemberPacer(per_minute=1), sandbox.feed.record_pause)
    assert await pacer.reserve("li", sandbox.clock.now()) == 0.0
    assert sandbox.feed.paced() == {}
    for _ in range(3):
        assert await pacer.reserve("li", sandbox.clock.now()) == 60.0
    until = (MONDAY + timedelta(seconds=60)).isoformat()
    assert (await sandbox.state())["paced"] == {"li": until}
    assert await events.get() == {"type": "paced", "userid": "li", "until": until}
    assert events.empty()
    sandbox.clock.advance(timedelta(seconds=61))
    assert (await sandbox.state())["paced"] == {}


async def test_understandings_with_odd_values_are_shown_as_words(sandbox: Sandbox) -> None:
    sandbox.feed.record_understanding({"user": "li", "text": "六月十八", "slots": {"on": date(2025, 6, 18)}})
    assert sandbox.feed.understood[-1]["slots"] == {"on": "2025-06-18"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
async def test_another_site_cannot_act(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    assert (await sandbox.post("say", {"user": "li", "text": "转账"}, **headers))[0] == status
    await asyncio.sleep(0.02)
    assert sandbox.product.heard == []


@pytest.mark.parametrize("path", ["/", "/sandbox/api/state", "/sandbox/api/stream", "/sandbox/static/app.js"])
async def test_a_foreign_host_name_reads_nothing(sandbox: Sandbox, path: str) -> None:
    assert (await sandbox.get(path, Host="evil.example"))[0] == 403


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("say", {"user": "stranger", "text": "你好"}, 404),
        ("say", {"user": "li", "text": "  "}, 400),
        ("say", {"user": "li", "text": "长" * 4001}, 400),
        ("say", {"user": "li"}, 400),
        ("say", ["li"], 400),
        ("tap", {"user": "li", "id": "x", "key": "k"}, 400),
        ("event", {"user": "li", "kind": "dance"}, 400),
        ("clock", {"preset": "yesterday"}, 400),
        ("clock", {"to": "whenever"}, 400),
    ],
)
async def test_bad_requests_get_a_sentence(sandbox: Sandbox, name: str, body: Any, status: int) -> None:
    answered, answer = await sandbox.post(name, body)
    assert answered == status
    assert answer["error"]


async def test_the_page_comes_with_a_strict_policy_and_nothing_from_outside(sandbox: Sandbox) -> None:
    status, html, headers = await sandbox.get("/")
    assert status == 200
    assert "沙盒 · 演示数据" in html
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    names = [part.split('"')[0] for part in html.split("/sandbox/static/")[1:]]
    assert {"app.js", "style.css", "chat.css", "icon.svg"} <= set(names)
    for name in {*names, "cards.js", "phone.js", "panels.js", "words.js", "net.js", "dom.js"}:
        status, body, headers = await sandbox.get(f"/sandbox/static/{name}")
        assert status == 200
        assert "http://" not in body.replace("http://www.w3.org/2000/svg", "")
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "style=" not in html
    assert "onclick" not in html


@pytest.mark.parametrize("name", ["..%2Fapi.py", "nothing.js", "%2e%2e"])
async def test_only_the_pages_own_files_are_served(sandbox: Sandbox, name: str) -> None:
    assert (await sandbox.get(f"/sandbox/static/{name}"))[0] == 404


@pytest.mark.parametrize(
    ("day", "kind"),
    [(date(2025, 6, 9), "工作日"), (date(2025, 6, 7), "周末"), (date(2025, 10, 1), "节假日"),
     (date(2025, 9, 28), "调休上班"), (date(2031, 6, 8), "周末（2031 年放假安排还没有）"),
     (date(2031, 10, 1), "工作日（2031 年放假安排还没有）")],
)
def test_days_are_named_as_people_count_them(day: date, kind: str) -> None:
    assert describe_day(day)["kind"] == kind
