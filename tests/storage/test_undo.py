"""Taking an act back: all of it, within five minutes, and never over somebody's later change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import select

from storage import audit, journal
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Conflict, NotFound
from storage.model.people import Actor
from storage.repositories.verdicts import VerdictRepository
from storage.tables import client_tags
from tests.builders import Cast, a_client, a_loan, a_policy, an_id_number, the_cast


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the tables that an undo may touch."""
    with database.engine.connect() as conn:
        return {
            name: sorted((tuple(row) for row in conn.execute(select(table))), key=repr)
            for name, table in journal.JOURNALED.items()
        }


def undo(database: Database, clock: MovableClock, who: Actor) -> str:
    with database.transaction(who, clock.now()) as uow:
        return uow.conversations.undo_last()


def test_a_new_client_with_everything_about_her_is_taken_back(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    before = contents(database)
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, id_number=an_id_number(), aliases=["芳姐"], aum=Decimal("1234.50"), children=2)
        a_policy(uow, client, due_on=[date(2025, 7, 1)])
        a_loan(uow, client, due_on=[date(2025, 7, 1)], repayment=Decimal("8600.55"))
        uow.interactions.add(client, "call", "谈了续保", next_on=date(2025, 7, 1))
        uow.clients.add_tag(client, "高净值")
        uow.consents.record(client, "service", True, channel="chat")
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="follow_up",
            text="回访", client=client, data={"x": 1},
        )  # fmt: skip
        assert uow.conversations.remember_undo("新增客户「王芳」")
    assert contents(database) != before

    assert undo(database, clock, cast.li) == "新增客户「王芳」"

    assert contents(database) == before


def test_a_change_is_taken_back_to_the_byte(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="19900001234", children=2, aum=Decimal(1))
        policy = a_policy(uow, client, due_on=[date(2025, 7, 1)])
    before = contents(database)
    clock.advance(timedelta(minutes=1))
    with database.transaction(cast.li, clock.now()) as uow:
        changed = uow.clients.update(client, name="王方", phone="19900005678", children=None, aum=Decimal("2.55"))
        uow.clients.touch(changed)
        uow.contracts.pay(uow.contracts.instalments([policy.id])[0], date(2025, 6, 9))
        uow.conversations.remember_undo("改客户")

    undo(database, clock, cast.li)

    assert contents(database) == before
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(client.id) == client
        assert [row.id for row in uow.clients.with_phone("19900001234")] == [client.id]
        assert [hit.key for hit in uow.clients.named(["王芳", "王方"])] == ["王芳"]


def test_what_was_deleted_comes_back(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        uow.clients.add_tag(client, "高净值")
    before = contents(database)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.remove_tag(client, "高净值")
        uow.conversations.remember_undo("去掉标签")

    undo(database, clock, cast.li)

    assert contents(database) == before


def test_a_hand_over_is_taken_back_with_everything_that_went_along(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        a_policy(uow, client, due_on=[date(2025, 7, 1)])
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="follow_up",
            text="回访", client=client,
        )  # fmt: skip
    before = contents(database)
    with database.transaction(cast.wang, clock.now()) as uow:
        uow.clients.hand_over(uow.clients.get(client.id), "wangke")
        uow.conversations.remember_undo("移交")

    undo(database, clock, cast.wang)

    assert contents(database) == before


def test_a_consent_stays_in_its_ledger(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.consents.record(client, "care", True, channel="chat")
        uow.interactions.add(client, "call", "谈了续保")
        uow.conversations.remember_undo("定稿")

    undo(database, clock, cast.li)

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.consents.granted(client.id) == {"care"}
        assert uow.interactions.of_client(client.id) == []


def test_a_change_that_is_just_being_committed_is_not_wiped(
    postgres_database: Database, clock: MovableClock
) -> None:
    database = postgres_database
    with database.system(clock.now()) as uow:
        li = the_cast(uow).li
    with database.transaction(li, clock.now()) as uow:
        client = a_client(uow, risk_class="C1")
    with database.transaction(li, clock.now()) as uow:
        uow.clients.update(client, risk_class="C2")
        uow.conversations.remember_undo("改成 C2")

    with ThreadPoolExecutor(1) as other:
        with database.system(clock.now()) as uow:
            uow.clients.update(uow.clients.get(client.id), risk_class="C3")
            undoing = other.submit(undo, database, clock, li)
            with pytest.raises(TimeoutError):
                undoing.result(0.5)  # it waits for the lock
        with pytest.raises(Conflict):
            undoing.result(10)

    with database.transaction(li, clock.now()) as uow:
        assert uow.clients.get(client.id).risk_class == "C3"


def test_a_change_that_was_committed_while_an_act_waited_for_it_is_not_wiped_by_an_undo(
    postgres_database: Database, clock: MovableClock
) -> None:
    database = postgres_database
    with database.system(clock.now()) as uow:
        li = the_cast(uow).li
    with database.transaction(li, clock.now()) as uow:
        client = a_client(uow, risk_class="C1")

    def touch() -> None:
        with database.transaction(li, clock.now()) as uow:
            uow.clients.touch(client)
            uow.conversations.remember_undo("联系")

    with ThreadPoolExecutor(1) as other:
        with database.system(clock.now()) as uow:
            uow.clients.update(uow.clients.get(client.id), risk_class="C3")
            touching = other.submit(touch)
            with pytest.raises(TimeoutError):
                touching.result(0.5)  # it waits for the lock
        touching.result(10)
    undo(database, clock, li)

    with database.transaction(li, clock.now()) as uow:
        found = uow.clients.get(client.id)
    assert (found.risk_class, found.last_contact_at) == ("C3", None)


def test_a_tag_that_was_put_on_anew_while_an_act_took_it_off_comes_back_as_it_was_last(
    postgres_database: Database, clock: MovableClock
) -> None:
    database = postgres_database
    with database.system(clock.now()) as uow:
        li = the_cast(uow).li
    with database.transaction(li, clock.now()) as uow:
        client = a_client(uow)
        uow.clients.add_tag(client, "高净值")

    def take_off() -> None:
        with database.transaction(li, clock.now()) as uow:
            uow.clients.remove_tag(client, "高净值")
            uow.conversations.remember_undo("去标签")

    later = clock.now() + timedelta(hours=1)
    with ThreadPoolExecutor(1) as other:
        with database.system(later) as uow:
            uow.update(client_tags, {"client_id": client.id, "tag": "高净值"}, {"created_at": later})
            taking_off = other.submit(take_off)
            with pytest.raises(TimeoutError):
                taking_off.result(0.5)
        taking_off.result(10)
    undo(database, clock, li)

    with database.engine.connect() as conn:
        assert conn.execute(select(client_tags.c.created_at)).scalar_one() == later


def test_two_who_write_about_one_client_at_once_do_not_block_each_other(
    postgres_database: Database, clock: MovableClock
) -> None:
    """The notes lock the client against removal; were the contact to ask for more than its own change needs, each
    would wait for the other."""
    database = postgres_database
    with database.system(clock.now()) as uow:
        cast = the_cast(uow)
        client = a_client(uow)
    both_noted = Barrier(2)

    def call(who: Actor) -> None:
        with database.transaction(who, clock.now()) as uow:
            uow.interactions.add(client, "call", "谈了续保")
            both_noted.wait(10)
            uow.clients.touch(client)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(call, who) for who in (cast.li, cast.wang)]:
            done.result(20)


def test_only_the_last_act_is_taken_back_then_the_one_before(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, risk_class="C1")
    for risk_class in ("C2", "C3"):
        with database.transaction(cast.li, clock.now()) as uow:
            uow.clients.update(uow.clients.get(client.id), risk_class=risk_class)
            uow.conversations.remember_undo(f"改成 {risk_class}")

    assert undo(database, clock, cast.li) == "改成 C3"
    assert undo(database, clock, cast.li) == "改成 C2"

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(client.id).risk_class == "C1"
    with pytest.raises(NotFound, match="没有可以撤销的操作"):
        undo(database, clock, cast.li)


def test_after_somebody_elses_change_nothing_at_all_is_taken_back(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client, other = a_client(uow, risk_class="C1"), a_client(uow, "李强", risk_class="C1")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(client, risk_class="C2")
        uow.clients.update(other, risk_class="C2")
        uow.conversations.remember_undo("改两位")
    with database.transaction(cast.wang, clock.now()) as uow:
        uow.clients.update(uow.clients.get(client.id), risk_class="C5")
    before = contents(database)

    with pytest.raises(Conflict, match="又有新的改动"):
        undo(database, clock, cast.li)

    assert contents(database) == before


def test_a_client_who_has_got_something_since_is_not_taken_back(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        uow.conversations.remember_undo("新增客户")
    with database.transaction(cast.wang, clock.now()) as uow:
        uow.interactions.add(uow.clients.get(client.id), "call", "已联系")

    with pytest.raises(Conflict):
        undo(database, clock, cast.li)

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.interactions.count(client.id) == 1


def test_after_five_minutes_it_is_too_late(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow)
        uow.conversations.remember_undo("新增客户")

    clock.advance(timedelta(minutes=5, seconds=1))

    with pytest.raises(NotFound, match="5 分钟"):
        undo(database, clock, cast.li)


def test_nobody_takes_back_what_another_did(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow)
        uow.conversations.remember_undo("新增客户")

    for other in (cast.wang, cast.chen, cast.shen):
        with pytest.raises(NotFound):
            undo(database, clock, other)


def test_an_act_that_changed_nothing_is_no_step(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        assert not uow.conversations.remember_undo("看了看")


def test_an_undo_is_audited_with_the_columns_it_put_back(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, risk_class="C1")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(client, risk_class="C2")
        uow.conversations.remember_undo("改风险等级")
    undo(database, clock, cast.li)

    with database.engine.connect() as conn:
        newest = audit.entries_about(conn, client.id)[0]
    assert (newest.action, newest.object_type, newest.object_id) == ("undo", "client", str(client.id))
    assert newest.detail == {"columns": ["risk_class", "version"]}


def test_an_undone_tag_is_audited_with_the_client_that_had_it(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.add_tag(client, "高净值")
        uow.conversations.remember_undo("加标签")
    undo(database, clock, cast.li)

    with database.engine.connect() as conn:
        newest = audit.entries_about(conn, client.id)[0]
    assert (newest.action, newest.object_type, newest.object_id) == ("undo", "client", str(client.id))


def test_a_reminder_taken_back_does_not_leave_its_number_to_the_next_one(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    """Or a button of the old card would finish the new reminder."""
    def add() -> int:
        with database.transaction(cast.li, clock.now()) as uow:
            made = uow.reminders.add(
                receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="other", text="x"
            )
            uow.conversations.remember_undo("提醒")
            return made.id

    first = add()
    undo(database, clock, cast.li)

    assert add() > first


def test_the_conversation_survives_and_can_be_replaced(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    draft = {"form": "client", "values": {"name": "王芳", "phone": "19900001234"}, "步": [1, None, True]}
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.conversations.load("lixiang") == {}
        uow.conversations.save("lixiang", {"form": "old"})
        uow.conversations.save("lixiang", draft)

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.conversations.load("lixiang") == draft
        assert uow.conversations.load("chenmo") == {}


def test_a_new_client_is_taken_back_although_somebody_looked_at_a_text_for_her(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        uow.conversations.remember_undo("新增客户「王芳」")
    with database.transaction(cast.li, clock.now()) as uow:
        VerdictRepository(uow).keep(
            client, stage="draft", outcome="refused", codes=("no_consent",), until=None, purpose="care", occasion="thanks",
        )

    assert undo(database, clock, cast.li) == "新增客户「王芳」"

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.count() == 0
