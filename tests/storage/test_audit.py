"""What the audit trail notes: who saw, searched and changed what, masked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import SYSTEM
from storage.tables import audit as entries
from storage.tables import audit_subjects
from tests.builders import Cast, a_client, a_policy


def test_every_read_of_a_client_is_noted_once_per_section_and_act(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        for section in ("card", "card", "family"):
            uow.audit.read("client", client.id, client_id=client.id, section=section)

    with database.engine.begin() as conn:
        found = audit.entries_about(conn, client.id)
    assert [(e.actor, e.action, e.detail.get("section")) for e in found] == [
        ("lixiang", "read", "family"), ("lixiang", "read", "card"), ("lixiang", "create", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("look", "noted"),
    [
        (lambda uow, client: None, ("read", "client", "record")),
        (lambda uow, client: uow.clients.containing("王"), ("read", "client", "record")),
        (lambda uow, client: uow.audit.read("client", client.id, client_id=client.id, section="policy"), ("read", "client", "policy")),
        (lambda uow, client: uow.clients.update(client, occupation="教师"), ("update", "client", None)),
    ],
    ids=["opened", "found and opened", "policies seen", "changed"],
)
def test_opening_a_record_is_an_entry_only_where_no_other_tells_of_it(
    database: Database, clock: MovableClock, cast: Cast, look: Any, noted: tuple[str, str, str | None]
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "王芳")
        a_policy(uow, client)
    with database.transaction(cast.li, clock.now()) as uow:
        look(uow, uow.clients.get(client.id))

    with database.engine.begin() as conn:
        newest, *rest = audit.entries_about(conn, client.id)
    assert (newest.action, newest.object_type, newest.detail.get("section")) == noted
    assert not [e for e in rest if e.action in ("read", "update")]


def test_a_list_is_noted_once_with_who_was_on_it_and_not_for_the_system(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        ids = [a_client(uow, name).id for name in ("王芳", "王明")]
        policy = a_policy(uow, uow.clients.get(ids[0]), ends_on=date(2025, 7, 1), due_on=[date(2025, 7, 1)])
    for reader in (SYSTEM, cast.li):
        with database.transaction(reader, clock.now()) as uow:
            uow.clients.containing("王芳")
            uow.clients.containing("王")
            uow.contracts.ending(date(2025, 7, 1), date(2025, 7, 2), ["policy"])
            uow.contracts.with_number("NOBODYS")

    with database.engine.begin() as conn:
        lists = conn.execute(select(entries).where(entries.c.action == "list").order_by(entries.c.seq)).all()
    assert [(e.actor, e.object_type, json.loads(e.detail)) for e in lists] == [
        ("lixiang", "client", {"section": "containing", "count": 2, "ids": ids}),
        ("lixiang", "contract", {"section": "ending", "count": 1, "ids": [policy.id]}),
    ]  # fmt: skip


def test_a_list_or_search_is_told_of_everyone_it_showed_and_of_nobody_else(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        fang, ming = a_client(uow, "王芳", phone="19900001234"), a_client(uow, "王明", phone="19800001234")
        a_policy(uow, fang, ends_on=date(2025, 7, 1), due_on=[date(2025, 7, 1)])
        a_policy(uow, ming, ends_on=date(2025, 7, 1), due_on=[date(2025, 7, 1)])
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=clock.now().date(), category="follow_up", text="谈",
            client=ming,
        )  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.containing("王")
        uow.clients.with_phone_tail("1234")
        uow.clients.with_phone("19900001234")
        uow.contracts.ending(date(2025, 7, 1), date(2025, 7, 2), ["policy"])
        uow.contracts.due_between(date(2025, 7, 1), date(2025, 7, 2), ["policy"])
        uow.reminders.open_until("lixiang", clock.now())

    def seen(client_id: int) -> set[tuple[str, str, str]]:
        with database.engine.begin() as conn:
            found = audit.entries_about(conn, client_id)
        return {
            (e.action, e.object_type, e.detail.get("section") or e.detail["by"])
            for e in found if e.action in ("list", "search")
        }

    both = {
        ("list", "client", "containing"), ("search", "client", "phone_tail"), ("list", "contract", "ending"),
        ("list", "instalment", "due"),
    }  # fmt: skip
    assert seen(fang.id) == both | {("search", "client", "phone")}
    assert seen(ming.id) == both | {("list", "reminder", "reminders")}


def test_a_list_longer_than_its_entry_can_name_is_told_of_the_last_one_too(
    database: Database, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MOST_IDS", 2)
    with database.transaction(cast.li, clock.now()) as uow:
        ids = [a_client(uow, name).id for name in ("王一", "王二", "王三")]
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.newest(10)

    with database.engine.begin() as conn:
        assert ["list" in {e.action for e in audit.entries_about(conn, i)} for i in ids] == [True] * 3


def test_entries_are_cut_to_the_days_asked_for_before_they_are_counted(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
    first = clock.now()
    for _ in range(3):
        clock.advance(timedelta(days=1))
        with database.transaction(cast.li, clock.now()) as uow:
            uow.clients.get(client.id)

    with database.engine.begin() as conn:
        found = audit.entries_about(conn, client.id, 1, first=first, last=first + timedelta(days=2))
    assert [(e.action, e.at) for e in found] == [("read", first + timedelta(days=1))]


def test_a_look_up_of_one_client_names_him_in_the_entry_itself(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    """No row more is written for it."""
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="19900001234")
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="follow_up", text="谈",
            client=client,
        )  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.with_phone("19900001234")
        uow.clients.get(client.id)
        uow.reminders.of_client(client.id)

    with database.engine.begin() as conn:
        assert conn.execute(select(audit_subjects)).all() == []
        assert {e.action for e in audit.entries_about(conn, client.id)} == {"create", "search", "list"}


def test_a_plan_and_a_cancelled_reminder_are_noted(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        policy = a_policy(uow, client, due_on=[date(2025, 7, 1), date(2026, 7, 1)])
        uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="follow_up", text="谈",
            client=client, object_type="contract", object_id=policy.id,
        )  # fmt: skip
        assert uow.reminders.cancel_for("contract", policy.id, ["follow_up"], "改约") == 1

    with database.engine.begin() as conn:
        noted = {(e.action, e.object_type): e.detail for e in audit.entries_about(conn, client.id)}
    assert noted["plan", "contract"] == {"instalments": 2}
    assert noted["cancelled", "reminder"]["cause"] == "改约"


def test_a_change_is_noted_with_old_and_new_masked(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="13800000001", risk_class="C2")
        uow.clients.update(client, phone="13900000002", risk_class="C3")

    with database.engine.begin() as conn:
        newest = audit.entries_about(conn, client.id)[0]
    assert newest.detail["fields"] == [
        ["phone", "138****0001", "139****0002"], ["risk_class", "C2 稳健型", "C3 平衡型"],
    ]  # fmt: skip


def test_of_sentences_that_changed_the_trail_keeps_only_that_they_did(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, remark="她妈妈刚出院", city="杭州")
        uow.clients.update(client, remark="她妈妈又住院了", city="宁波")

    with database.engine.begin() as conn:
        newest = audit.entries_about(conn, client.id)[0]
    assert newest.detail["fields"] == [["remark", "已修改"], ["city", "杭州", "宁波"]]
