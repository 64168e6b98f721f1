"""Clients who had their data erased: at night what may go goes for good, what the law has kept is locked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.pack import Packs
from handlers.tickets.engine import advance, open_ticket
from reminders import retention
from reminders.gate import Asked, may_send
from reminders.jobs import Jobs
from reminders.outgoing import Post
from reminders.recommending import objection
from reminders.retention import Retention, state_words
from storage.columns import Sealed
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import NotAllowed
from storage.model.kf import Said
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.repositories.bindings import BindingRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from storage.repositories.outside import OutsideRepository
from storage.tables import audit, metadata
from tests.builders import Cast, a_client, a_policy, an_id_number
from tests.reminders.conftest import System
from tests.reminders.firm import ZONE, at

CANARY = "碧螺春"  # in whatever may go
PHONE, NUMBER = "13912345678", an_id_number(date(1985, 6, 15), 21)
ENDS = date(2026, 7, 9)


def everything(database: Database, clock: MovableClock) -> str:
    """All that the database says, sealed words opened."""
    def told() -> Iterator[str]:
        with database.system(clock.now()) as uow:
            for table in metadata.sorted_tables:
                for row in uow.conn.execute(select(table)).all():
                    values: dict[str, Any] = row._asdict()
                    for column in table.c:
                        value = values[column.name]
                        if isinstance(column.type, Sealed) and value is not None:
                            value = database.vault.open(str(column), values[column.type.row], value).decode()
                            value = value.encode().decode("unicode_escape") if "\\u" in value else value
                        yield f"{column}={value}"
    return "\n".join(told())


@pytest.fixture
def fang(database: Database, clock: MovableClock, cast: Cast) -> Client:
    """王芳 with a policy, and a canary wherever a word of her can be kept."""
    with database.transaction(cast.li, clock.now()) as uow:
        fang = a_client(
            uow, "王芳", aliases=[f"{CANARY}姐"], phone=PHONE, id_number=NUMBER, hobbies=CANARY, remark=f"爱{CANARY}",
            email="biluochun@example.com", birthday=date(1985, 6, 15), occupation="教师",
        )  # fmt: skip
        a_policy(uow, fang, number="P20250001", state="active", ends_on=ENDS)
        other = a_client(uow, "刘洋")
        uow.clients.relate(fang, other, "friend", f"一起喝{CANARY}")
        uow.clients.add_tag(fang, "高净值", f"送过{CANARY}")
        uow.interactions.add(fang, "call", f"聊了{CANARY}")
        uow.interactions.add(fang, "renewal", "谈妥续保")
        uow.opportunities.add(fang, "理财", "contacted", note=f"卖{CANARY}赚的")
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=at("12 09:00").date(), category="task",
            text=f"给她寄{CANARY}", client=fang,
        )
        drafted = ClientMessageRepository(uow).add(
            fang, key="care:1", sender_id="lixiang", purpose="care", occasion="birthday", text=f"请您喝{CANARY}",
            route="task", state="drafted", not_before=clock.now(), expires_at=clock.now() + timedelta(days=3),
        )
        assert drafted is not None
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", "wm_fang"), fang, "hand", CANARY)
        kf = KfRepository(uow)
        kf.keep("wk1", Said("m1", "wm_fang", "customer", "text", f"有{CANARY}吗", clock.now()))
        assert kf.told(kf.untold("wk1", 9)[0], fang)
        bindings = BindingRepository(uow)
        bindings.bind(fang, "wm_fang", "code", timedelta(days=30))
        bindings.save_state("wm_fang", {"said": [CANARY]})
        uow.conversations.remember_undo(f"记 {CANARY}")
        return fang


def granted(database: Database, clock: MovableClock, cast: Cast, client: Client) -> Ticket:
    """Her wish, to which compliance has said yes today."""
    with database.transaction(cast.li, clock.now()) as uow:
        flow = uow.packs.find_flow("rights")
        assert flow is not None
        ticket = open_ticket(uow, ZONE, flow, client, {"content": "删除个人资料"})
    with database.transaction(cast.shen, clock.now()) as uow:
        user = uow.users.get("shenyue")
        return advance(uow, ZONE, ticket, flow, flow.move("grant"), user, {})[0]


@pytest.fixture
def ticket(database: Database, clock: MovableClock, cast: Cast, fang: Client) -> Ticket:
    return granted(database, clock, cast, fang)


def night(database: Database, clock: MovableClock, when: str = "10 03:11", owner: str = "p1") -> int:
    """The job at that moment; how many tickets it looked at."""
    clock.move_to(at(when))
    work = Retention(database, ZONE, owner).due(clock.now())
    for _, piece in work:
        piece()
    return len(work)


def test_at_night_what_may_go_is_nowhere_any_more_and_what_the_law_keeps_is_there(
    database: Database, clock: MovableClock, fang: Client, ticket: Ticket, system: System
) -> None:
    assert CANARY in everything(database, clock)
    assert night(database, clock) == 1

    left = everything(database, clock)
    assert [line for line in left.splitlines() if CANARY in line or "biluochun" in line] == []
    with system() as uow:
        client, ended = uow.clients.get(fang.id), uow.tickets.get(ticket.id)
        kinds = [contact.kind for contact in uow.interactions.of_client(fang.id)]
        assert (ended.state, ended.is_open, ended.moved_by) == ("erased", False, "system")
        assert (client.name, client.value("phone"), client.value("id_number")) == ("王芳", PHONE, NUMBER)
        assert (client.birthday, client.value("hobbies"), client.value("email")) == (None, None, None)
        assert state_words(client) == "资料已封存（依法保留至 2036-07-09）"
        assert sorted(set(kinds)) == ["renewal", "system"]
        assert len(uow.contracts.of_client(fang.id)) == 1
        assert uow.clients.relations(fang.id) == []
        assert ContactRepository(uow).client_of("wm_fang") is None
        assert BindingRepository(uow).of("wm_fang") is None
        assert [r for r in uow.reminders.of_client(fang.id) if r.state == "open"] == []
        assert uow.clients.with_phone(PHONE) != []
        entry = uow.conn.execute(select(audit.c.detail).where(audit.c.action == "erase")).scalar_one()
        assert '"interactions":1' in entry.replace(" ", "")
        assert PHONE not in entry


def test_nothing_of_it_lies_in_the_file_either(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, sqlite_cast: Cast
) -> None:
    """The alias is kept in plain, to be searched for."""
    with sqlite_database.transaction(sqlite_cast.li, clock.now()) as uow:
        fang = a_client(uow, "王芳", aliases=["碧螺春姐"])
    granted(sqlite_database, clock, sqlite_cast, fang)
    path = Path(str(sqlite_database.engine.url.database))

    def found() -> bool:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return any(CANARY.encode() in each.read_bytes() for each in path.parent.glob(f"{path.name}*"))

    assert found()
    night(sqlite_database, clock)
    assert not found()


def test_of_whom_the_law_keeps_nothing_a_placeholder_stays(
    database: Database, clock: MovableClock, cast: Cast, system: System
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        yang = a_client(uow, "杨晨曦", phone=PHONE, hobbies=CANARY)
        demand = uow.packs.find_flow("demand")
        assert demand is not None
        asked = open_ticket(uow, ZONE, demand, yang, {"content": f"想买{CANARY}"})
        for name in ("accept", "close"):
            asked = advance(uow, ZONE, asked, demand, demand.move(name), uow.users.get("lixiang"), {"result": CANARY})[0]
    ticket = granted(database, clock, cast, yang)
    night(database, clock)
    left = everything(database, clock)
    assert [line for line in left.splitlines() if CANARY in line] == []
    with system() as uow:
        client = uow.clients.get(yang.id)
        assert (client.name, state_words(client)) == (f"已清除客户 {ticket.name}", "资料已清除")
        assert (client.value("phone"), uow.clients.with_phone(PHONE)) == (None, [])
        assert uow.clients.named(["杨晨曦", "晨曦", "ycx"]) == []


@pytest.mark.parametrize("had", ["a policy", "a complaint", "nothing"])
def test_how_it_was_checked_who_he_is_stays_as_long_as_his_identity_and_no_longer(
    database: Database, clock: MovableClock, cast: Cast, system: System, had: str
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        yang = a_client(uow, "杨晨曦", phone=PHONE, id_number=NUMBER)
        if had == "a policy":
            a_policy(uow, yang, ends_on=ENDS)
        elif had == "a complaint":
            uow.interactions.add(yang, "complaint", "等太久")
        account = uow.packs.find_flow("account")
        assert account is not None
        asked = open_ticket(uow, ZONE, account, yang, {"funds": "工资", "purpose": "理财"})
        OutsideRepository(uow).ask(asked, yang)
        advance(uow, ZONE, asked, account, account.move("withdraw"), uow.users.get("lixiang"), {"reason": "不开了"})
    granted(database, clock, cast, yang)
    night(database, clock)
    with system() as uow:
        assert (uow.clients.get(yang.id).value("id_number") is not None) is (had == "a policy")
        assert (OutsideRepository(uow).latest(asked) is not None) is (had == "a policy")


def test_what_was_kept_long_enough_is_kept_no_longer(
    database: Database, clock: MovableClock, cast: Cast, system: System
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        old = a_client(uow, "何旧", phone=PHONE)
        a_policy(uow, old, state="expired", ends_on=date(2015, 6, 1))
    granted(database, clock, cast, old)
    night(database, clock)
    with system() as uow:
        assert uow.clients.get(old.id).value("phone") is None


def test_a_second_run_and_a_restart_change_nothing(
    database: Database, clock: MovableClock, ticket: Ticket
) -> None:
    assert night(database, clock) == 1
    once = everything(database, clock)
    assert night(database, clock, "10 03:12", owner="p2") == 0
    assert night(database, clock, "11 03:12", owner="p2") == 0
    assert everything(database, clock) == once


def test_a_process_that_dies_in_the_middle_leaves_all_of_it_to_the_next(
    database: Database, clock: MovableClock, fang: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise SystemExit

    before = everything(database, clock)
    with monkeypatch.context() as patch:
        patch.setattr("storage.repositories.tickets.TicketRepository.move", dies)
        with pytest.raises(SystemExit):
            night(database, clock)
    assert everything(database, clock) == before
    assert night(database, clock, "10 09:00", owner="p2") == 1
    assert CANARY not in everything(database, clock)


def test_until_the_night_nothing_happens_and_the_yes_can_be_taken_back(
    database: Database, clock: MovableClock, cast: Cast, ticket: Ticket, system: System
) -> None:
    assert night(database, clock, "09 12:00") == 0
    with database.transaction(cast.shen, clock.now()) as uow:
        flow = uow.packs.find_flow("rights")
        assert flow is not None
        user = uow.users.get("shenyue")
        advance(uow, ZONE, uow.tickets.get(ticket.id), flow, flow.move("withdraw"), user, {})
    assert night(database, clock) == 0
    assert CANARY in everything(database, clock)


def test_while_she_complains_she_is_not_erased_and_the_night_after_she_is(
    database: Database, clock: MovableClock, cast: Cast, fang: Client, ticket: Ticket, system: System
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        flow = uow.packs.find_flow("complaint")
        assert flow is not None
        complaint = open_ticket(uow, ZONE, flow, uow.clients.get(fang.id), {"content": "等太久"})
    assert night(database, clock) == 1
    with system() as uow:
        waiting = uow.tickets.get(ticket.id)
        assert waiting.state == "granted"
        assert retention.waits_for(uow, waiting) == [uow.tickets.get(complaint.id)]
    assert CANARY in everything(database, clock)

    with database.transaction(cast.wang, clock.now()) as uow:
        user, complaint = uow.users.get("wangke"), uow.tickets.get(complaint.id)
        advance(uow, ZONE, complaint, flow, flow.move("withdraw"), user, {"result": "客户撤诉"})
    assert night(database, clock, "10 15:00") == 0  # tried tonight
    assert night(database, clock, "11 03:11") == 1
    assert CANARY not in everything(database, clock)
    with system() as uow:
        assert "complaint" in [contact.kind for contact in uow.interactions.of_client(fang.id)]


def test_a_locked_client_is_neither_written_to_nor_about(
    database: Database, clock: MovableClock, cast: Cast, fang: Client, ticket: Ticket
) -> None:
    night(database, clock)
    with database.transaction(cast.li, clock.now()) as uow:
        client = uow.clients.get(fang.id)
        asked = Asked.about(uow.packs, client, "birthday", "生日快乐", "task")
        verdict = may_send(uow, asked, ZONE, stage="draft", keep=False)
        assert verdict.refused
        assert "资料已封存" in verdict.words
        assert "资料已封存" in objection(uow, client)
        for write in (
            lambda: uow.clients.update(client, occupation="医生"), lambda: uow.clients.add_tag(client, "高净值"),
            lambda: uow.interactions.add(client, "call", "又聊了"), lambda: uow.opportunities.add(client, "理财", "lead"),
        ):
            with pytest.raises(NotAllowed, match="资料已封存"):
                write()


async def test_the_job_runs_with_the_others_at_night(
    database: Database, clock: MovableClock, ticket: Ticket, system: System
) -> None:
    jobs = Jobs(database, Post(1000002), ZONE)
    for when, state in (("09 20:00", "granted"), ("10 03:05", "granted"), ("10 03:11", "erased")):
        clock.move_to(at(when))
        await jobs.tick(clock.now())
        with system() as uow:
            assert uow.tickets.get(ticket.id).state == state


@pytest.mark.parametrize(("ended", "until"), [(date(2024, 2, 29), date(2034, 2, 28)), (date(2024, 3, 1), date(2034, 3, 1))])
def test_years_are_counted_from_the_day_it_ended(packs: Packs, ended: date, until: date) -> None:
    identity = next(kept for kept in packs.kept if kept.name == "identity")
    assert retention._until(identity, ended) == until
