"""A client hears of each state his matter comes to: once, by day, when the move stands, in his talk or by his adviser
(S08)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from config.pack import Packs, load_packs
from reminders import bans
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.ticket_news import tell_clients
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.repositories.bindings import BindingRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.customers import Customers
from tests.handlers.tickets.people import brought_to, opened, the_others
from tests.reminders.firm import ZONE
from tests.reminders.test_kf_reading import FANG

ANSWERED = "您的需求 T1 已有答复"
A_MINUTE = timedelta(minutes=1)
FLOWS = load_packs(["common", "bank", "insurance", "securities", "lending"]).flows


class Office(Customers):
    """The firm with the clock that ticks, and 李顾问 at the desk."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        super().__init__(database, clock)
        self.li = Desk(database, clock, "lixiang")

    async def ticks(self, after: timedelta = timedelta(0)) -> None:
        """Time goes by, and a process that has just begun does what is due."""
        self.clock.advance(after)
        await Jobs(self.database, Post(1000002), ZONE).tick(self.clock.now())
        await self.sends()

    def news(self, who: str = FANG) -> list[str]:
        """What stands on the customer's phone of states."""
        return [text for text in self.wecom.phones.get(who, []) if text.startswith("您的")]

    def passed_on(self) -> dict[str, list[str]]:
        """Whom the firm asked to tell the client, and what."""
        return {
            who: found for who, texts in self.heard_by_all().items()
            if (found := [text.partition("请您转告客户：")[2] for text in texts if "请您转告客户：" in text])
        }


@pytest.fixture
async def office(database: Database, clock: MovableClock, cast: Cast) -> Office:
    """王芳 has proved who she is, wanted a paper, and has a ticket."""
    office = Office(database, clock)
    await office.asks("电子保单发我")
    await office.proves()
    office.clock.advance(timedelta(minutes=6))
    office.li.says("T1 接单")
    office.clock.advance(timedelta(minutes=6))
    return office


async def test_she_hears_when_the_move_stands_and_once(office: Office) -> None:
    office.li.says("T1 答复 已发邮箱")
    await office.ticks(timedelta(minutes=5))
    assert office.news() == []
    await office.ticks(timedelta(seconds=1))
    (told,) = office.news()
    assert told.startswith(ANSWERED)
    for _ in range(3):
        await office.ticks(A_MINUTE)
    assert office.news() == [told]
    assert office.passed_on() == {}


async def test_what_is_taken_back_is_never_told(office: Office) -> None:
    office.li.says("T1 答复 已发邮箱")
    await office.ticks(timedelta(minutes=4))
    office.li.undoes()
    if office.tickets()[0].state != "working":
        office.li.confirms()
    assert office.tickets()[0].state == "working"
    await office.ticks(timedelta(minutes=10))
    assert (office.news(), office.passed_on()) == ([], {})


async def test_of_two_moves_within_the_five_minutes_the_last_is_told(office: Office) -> None:
    await office.asks("我要投诉，三天没人回我")
    complaint = next(t for t in office.tickets() if t.flow == "complaint")
    wang = Desk(office.database, office.clock, "wangke")
    wang.says(f"{complaint.name} 接单")
    office.clock.advance(timedelta(minutes=2))
    wang.says(f"{complaint.name} 答复 已道歉并安排回访")
    await office.ticks(timedelta(minutes=4))
    assert office.news() == []
    await office.ticks(A_MINUTE + timedelta(seconds=1))
    assert office.news() == [f"您的投诉 {complaint.name} 已有答复，还有疑问请随时留言。"]


async def test_taking_back_the_second_move_lets_the_first_be_told(office: Office) -> None:
    await office.asks("我要投诉，三天没人回我")
    complaint = next(t for t in office.tickets() if t.flow == "complaint")
    wang = Desk(office.database, office.clock, "wangke")
    wang.says(f"{complaint.name} 接单")
    office.clock.advance(timedelta(minutes=3))
    wang.says(f"{complaint.name} 答复 已道歉并安排回访")
    await office.ticks(timedelta(minutes=3))
    wang.undoes()
    if next(t for t in office.tickets() if t.flow == "complaint").state != "working":
        wang.confirms()
    await office.ticks(timedelta(seconds=1))
    assert office.news() == [f"您的投诉 {complaint.name} 已有专人处理，有结果会答复您。"]


async def test_a_state_that_comes_again_is_not_told_again(office: Office) -> None:
    for answer in ("已发邮箱", "再发一次"):
        office.li.says(f"T1 答复 {answer}")
        await office.ticks(timedelta(minutes=6))
    assert len(office.news()) == 1


async def test_a_process_that_ends_after_it_took_it_up_leaves_one_text(office: Office) -> None:
    office.li.says("T1 答复 已发邮箱")
    office.clock.advance(timedelta(minutes=6))
    assert tell_clients(office.database, Post(1000002), ZONE, office.clock.now()) == 1
    assert tell_clients(office.database, Post(1000002), ZONE, office.clock.now()) == 0
    await office.ticks(A_MINUTE)
    await office.ticks(A_MINUTE)
    assert len(office.news()) == 1


async def test_what_was_left_meanwhile_does_not_leave_the_house(office: Office) -> None:
    office.li.says("T1 答复 已发邮箱")
    office.clock.advance(timedelta(minutes=6))
    assert tell_clients(office.database, Post(1000002), ZONE, office.clock.now()) == 1
    office.li.says("T1 撤回")
    assert office.tickets()[0].state == "withdrawn"
    await office.ticks(A_MINUTE)
    assert (office.news(), office.passed_on()) == ([], {})


async def test_nobody_is_told_at_night(office: Office) -> None:
    office.clock.move_to(datetime(2025, 6, 9, 20, 58, tzinfo=ZONE))
    office.li.says("T1 答复 已发邮箱")
    await office.ticks(timedelta(minutes=6))
    assert (office.news(), office.passed_on()) == ([], {})
    office.clock.move_to(datetime(2025, 6, 10, 8, 31, tzinfo=ZONE))
    await office.ticks()
    assert len(office.news()) == 1


def hours_later(office: Office) -> None:
    office.clock.advance(timedelta(hours=48))


def revoked(office: Office) -> None:
    office.writes(lambda uow: BindingRepository(uow).revoke(uow.clients.get(office.fang.id)))


def somebody_else_s(office: Office) -> None:
    def relink(uow: UnitOfWork) -> None:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", FANG), a_client(uow, "陈静"), "hand")

    office.writes(relink)


def said_too_much(office: Office) -> None:
    """All that the bot may say in the window but for the one that is kept for people."""
    def fill(uow: UnitOfWork) -> None:
        talk = KfRepository(uow).talk_of(office.fang.id)
        assert talk is not None
        for number in range(4):
            KfReplyRepository(uow).answer(
                talk, "好的", key=f"fill:{number}", client=None, binding_id=None, to_person=False,
                look_at=uow.now,
            )

    office.writes(fill)


def of_age_no_more(office: Office) -> None:
    def younger(uow: UnitOfWork) -> Client:
        return uow.clients.update(uow.clients.get(office.fang.id), birthday=date(2010, 6, 15))

    office.writes(younger)


@pytest.mark.parametrize("why", [hours_later, revoked, somebody_else_s, said_too_much, of_age_no_more])
async def test_where_she_cannot_be_told_her_adviser_is_asked_to_once(
    office: Office, why: Callable[[Office], None]
) -> None:
    why(office)
    office.li.says("T1 答复 已发邮箱")
    office.heard_by_all()
    for _ in range(2):
        await office.ticks(timedelta(minutes=6))
    assert office.news() == []
    assert office.passed_on() == {"lixiang": ["您的需求 T1 已有答复，还有疑问请随时留言。"]}


async def test_who_opened_and_answered_it_himself_is_not_asked(office: Office) -> None:
    with office.database.system(office.clock.now()) as uow:
        a_client(uow, "张敏")
    office.li.says("张敏 需求 想了解养老")
    office.li.says("T2 答复 已电话说明")
    await office.ticks(timedelta(minutes=6))
    assert office.passed_on() == {}


async def test_of_a_complaint_that_may_be_about_the_adviser_its_handler_is_asked(office: Office) -> None:
    await office.asks("我要投诉，三天没人回我")
    complaint = next(t for t in office.tickets() if t.flow == "complaint")
    revoked(office)
    Desk(office.database, office.clock, "wangke").says(f"{complaint.name} 接单")
    await office.ticks(timedelta(minutes=6))
    assert office.passed_on() == {"wangke": [f"您的投诉 {complaint.name} 已有专人处理，有结果会答复您。"]}


async def test_nobody_is_asked_to_tell_the_dead(office: Office) -> None:
    office.writes(lambda uow: uow.clients.update(uow.clients.get(office.fang.id), contact_limit="deceased"))
    office.li.says("T1 答复 已发邮箱")
    await office.ticks(timedelta(minutes=6))
    assert (office.news(), office.passed_on()) == ([], {})


TOLD = [(flow.id, state.name) for flow in FLOWS for state in flow.states if state.tell_client]


def test_clients_are_told_of_these_states() -> None:
    states: dict[str, set[str]] = {}
    for flow, state in TOLD:
        states.setdefault(flow, set()).add(state)
    assert states == {
        "demand": {"answered"}, "complaint": {"working", "answered", "withdrawn"}, "rights": {"granted", "refused"},
        "suggestion": {"adopted", "declined"},
        "servicing": {"review", "working", "done", "refused", "withdrawn"},
        "claim": {"papers", "survey", "review", "paying", "done", "refused", "withdrawn"},
        "loan": {"sign_adviser", "done", "refused", "withdrawn"},
    }


@pytest.mark.parametrize(("flow_id", "state"), TOLD)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_she_reads_of_each_in_words_of_its_own_and_of_a_matter_of_hers_that_ended_is_then_asked_for_a_mark(
    database: Database, clock: MovableClock, cast: Cast, flow_id: str, state: str
) -> None:
    flow = next(flow for flow in FLOWS if flow.id == flow_id)
    office = Office(database, clock)
    await office.proves()
    office.writes(the_others)
    with database.transaction(cast.li, clock.now()) as uow:
        ticket = brought_to(uow, flow, opened(uow, flow, office.fang, origin="client"), state)
    await office.ticks(timedelta(minutes=6))
    told = flow.state(state).tell_client.replace("${number}", ticket.name)
    gives_up = state == "withdrawn"
    marked = flow.state(state).ends and not gives_up
    assert [text.split("\n")[0] for text in office.wecom.phones[FANG] if told in text] == [told]
    assert [told in text for text in office.wecom.phones[FANG] if "请给这次服务打分" in text] == [True] * marked
    assert len({each.tell_client for each in flow.states if each.tell_client}) == len(
        [each for each in flow.states if each.tell_client]
    )


def test_whatever_the_packs_tell_may_be_told(packs: Packs) -> None:
    told = [state.tell_client for flow in packs.flows for state in flow.states if state.tell_client]
    assert len(told) == len(TOLD)
    assert [text for text in told if bans.check(text).blocked] == []
