"""Whose clients a person sees: own book, team, all or none; decided in SQL, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import NotAllowed, NotFound
from storage.model.people import Actor, Client
from storage.scope import binds, scope_of
from tests.builders import Cast, a_client, a_policy, a_user, an_id_number

NOWHERE = 1
PHONE = "19912340001"
ID_NUMBER = an_id_number(date(1985, 6, 15), 77)
DUE = date(2025, 7, 1)
PAID = date(2025, 6, 8)
DAY = timedelta(days=1)
EMPTY = ("[]", "{}", "0", "None", "frozenset()")


@dataclass(frozen=True)
class Book:
    """One client of 李顾问 with everything that can hang on a client."""

    client: Client
    policy_id: int
    reminder_id: int


@pytest.fixture
def book(database: Database, clock: MovableClock, cast: Cast) -> Book:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(
            uow, "王芳", phone=PHONE, id_number=ID_NUMBER, birthday=date(1985, 6, 15), aliases=["芳姐"],
            aum=Decimal(500_000),
        )
        policy = a_policy(uow, client, number="P20250001", due_on=[date(2025, 6, 1), DUE], state="active")
        uow.contracts.pay(uow.contracts.instalments([policy.id])[0], PAID)
        a_policy(uow, client, previous_id=policy.id, starts_on=date(2025, 7, 9), ends_on=date(2026, 7, 9))
        done = uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=DUE, category="follow_up", text="电话",
            client=client,
        )  # fmt: skip
        uow.reminders.finish(done, "done")
        uow.interactions.add(client, "call", "谈了续保")
        uow.clients.add_tag(client, "高净值")
        uow.consents.record(client, "service", True, channel="chat")
        reminder = uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=DUE, category="follow_up", text="回访",
            client=client,
        )  # fmt: skip
        return Book(client, policy.id, reminder.id)


READS: dict[str, Callable[[UnitOfWork, int, int, int], Any]] = {
    "get": lambda u, c, p, r: u.clients.get(c),
    "named": lambda u, c, p, r: u.clients.named(["王芳", "芳姐", "wangfang", "wf"]),
    "containing": lambda u, c, p, r: u.clients.containing("芳"),
    "with_phone": lambda u, c, p, r: u.clients.with_phone(PHONE),
    "with_phone_tail": lambda u, c, p, r: u.clients.with_phone_tail("0001"),
    "with_id_number": lambda u, c, p, r: u.clients.with_id_number(ID_NUMBER),
    "rows": lambda u, c, p, r: u.clients.rows([c]),
    "newest": lambda u, c, p, r: u.clients.newest(10),
    "heads": lambda u, c, p, r: u.clients.heads([c]),
    "count": lambda u, c, p, r: u.clients.count(),
    "born_between": lambda u, c, p, r: u.clients.born_between(date(2025, 6, 1), date(2025, 6, 30)),
    "tags": lambda u, c, p, r: u.clients.tags(c),
    "contract": lambda u, c, p, r: u.contracts.get(p),
    "of_client": lambda u, c, p, r: u.contracts.of_client(c),
    "with_number": lambda u, c, p, r: u.contracts.with_number("P20250001"),
    "ending": lambda u, c, p, r: u.contracts.ending(DUE, date(2025, 7, 31), ["policy"]),
    "parties": lambda u, c, p, r: u.contracts.parties([p]),
    "instalments": lambda u, c, p, r: u.contracts.instalments([p]),
    "due_between": lambda u, c, p, r: u.contracts.due_between(DUE, DUE, ["policy"]),
    "timeline": lambda u, c, p, r: u.interactions.of_client(c),
    "timeline_count": lambda u, c, p, r: u.interactions.count(c),
    "consents": lambda u, c, p, r: u.consents.granted(c),
    "consents_asked": lambda u, c, p, r: u.consents.asked(c),
    "reminder": lambda u, c, p, r: u.reminders.get(r),
    "reminders_of_client": lambda u, c, p, r: u.reminders.of_client(c),
    "in_states": lambda u, c, p, r: u.contracts.in_states(["policy"], ["active"]),
    "instalment": lambda u, c, p, r: u.contracts.instalment(u.interactions and p + 1),
    "reminders_numbered": lambda u, c, p, r: u.reminders.numbered([r]),
    "reminders_between": lambda u, c, p, r: u.reminders.open_between("lixiang", u.now, u.now + DAY),
    "reminders_closed": lambda u, c, p, r: u.reminders.closed_since("lixiang", u.now - DAY, "done"),
    "next_due": lambda u, c, p, r: u.reminders.next_due(u.now - DAY),
    "figures_clients": lambda u, c, p, r: u.figures.clients(),
    "figures_new": lambda u, c, p, r: u.figures.new_clients(u.now, u.now + DAY),
    "figures_assets": lambda u, c, p, r: u.figures.assets(),
    "figures_contacts": lambda u, c, p, r: u.figures.contacts(u.now, u.now + DAY),
    "figures_contacted": lambda u, c, p, r: u.figures.clients_contacted(u.now, u.now + DAY),
    "figures_contracts": lambda u, c, p, r: u.figures.contracts({"policy": ["active"]}),
    "figures_deals": lambda u, c, p, r: u.figures.deals(date(2024, 7, 9), date(2024, 7, 10)),
    "figures_paid": lambda u, c, p, r: u.figures.paid(PAID, PAID + DAY, ["policy"]),
    "figures_ended": lambda u, c, p, r: u.figures.policies_ended(date(2025, 7, 1), date(2025, 8, 1)),
    "figures_renewed": lambda u, c, p, r: u.figures.policies_renewed(date(2025, 7, 1), date(2025, 8, 1)),
    "reminders_open": lambda u, c, p, r: u.reminders.open_until("lixiang", u.now + DAY),
}


def answer(database: Database, clock: MovableClock, actor: Actor, read: str, *ids: int) -> str:
    """What a person gets to see, as text: the value, or the words of the refusal."""
    with database.transaction(actor, clock.now()) as uow:
        try:
            return repr(READS[read](uow, *ids))
        except NotFound as refusal:
            return f"NotFound: {refusal}"


@pytest.mark.parametrize("read", READS)
def test_an_adviser_her_team_lead_and_compliance_see_it(
    database: Database, clock: MovableClock, cast: Cast, book: Book, read: str
) -> None:
    ids = (book.client.id, book.policy_id, book.reminder_id)
    mine = answer(database, clock, cast.li, read, *ids)

    assert mine not in EMPTY
    assert "NotFound" not in mine
    assert answer(database, clock, cast.wang, read, *ids) == mine
    assert answer(database, clock, cast.shen, read, *ids) == mine


@pytest.mark.parametrize("read", READS)
def test_for_all_others_it_is_as_if_it_were_not_there_to_the_byte(
    database: Database, clock: MovableClock, cast: Cast, book: Book, read: str
) -> None:
    with database.system(clock.now()) as uow:
        claims = Actor.of(a_user(uow, "claims1", name="赵理赔", role="claims"))
        admin = Actor.of(a_user(uow, "admin1", name="管理员", role="admin"))
    ids = (book.client.id, book.policy_id, book.reminder_id)

    for outsider in (cast.chen, cast.zhou, cast.he, claims, admin):
        foreign = answer(database, clock, outsider, read, *ids)
        missing = answer(database, clock, outsider, read, NOWHERE, NOWHERE, NOWHERE)
        assert foreign == missing
        assert foreign in EMPTY or foreign.startswith("NotFound: 没有找到")


WRITES = set(
    "add update touch contacted hand_over add_alias add_tag remove_tag relate add_party add_instalments "
    "replace_unpaid pay record finish snooze note_pushed cancel_for".split()
)
# Reads that are told apart elsewhere: below, or because only the system itself asks.
ELSEWHERE = set("duplicates relations row contracts_of steps_of timed_due next_timed waiting_since mine changes".split())


@pytest.mark.parametrize("repository", ["clients", "contracts", "interactions", "consents", "reminders", "figures"])
def test_a_new_way_to_read_must_be_added_to_the_matrix_above(
    sqlite_database: Database, clock: MovableClock, repository: str
) -> None:
    tried = {name for read in READS.values() for name in read.__code__.co_names}
    with sqlite_database.system(clock.now()) as uow:
        public = {name for name in dir(getattr(uow, repository)) if not name.startswith("_")} - {"uow"}

    assert public - tried - WRITES - ELSEWHERE == set()


def test_a_manager_sees_all_levels_below_and_nothing_beside(database: Database, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        top = a_user(uow, "zong", name="总", role="manager")
        left = a_user(uow, "left", name="左", role="manager", manager_id="zong")
        a_user(uow, "left2", name="左二", role="manager", manager_id="zong")  # a name that starts alike
        below = a_user(uow, "below", name="下", manager_id="left")
        beside = a_user(uow, "beside", name="旁", manager_id="left2")
        for owner in (below, beside):
            a_client(uow, f"{owner.name}的客户", owner_id=owner.id)

    def seen(actor: Actor) -> list[str]:
        with database.transaction(actor, clock.now()) as uow:
            return [row.name for row in uow.clients.containing("的客户")]

    assert seen(Actor.of(top)) == ["下的客户", "旁的客户"]
    assert seen(Actor.of(left)) == ["下的客户"]
    assert seen(Actor.of(below)) == ["下的客户"]


def test_a_manager_sees_the_team_and_an_adviser_only_herself(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    def team(actor: Actor) -> list[str]:
        with database.transaction(actor, clock.now()) as uow:
            return [user.id for user in uow.users.team()]

    assert team(cast.wang) == ["lixiang", "wangke"]
    assert team(cast.li) == ["lixiang"]
    assert team(cast.he) == []
    assert len(team(cast.shen)) == 6


def test_an_adviser_cannot_hand_a_client_over(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    with database.transaction(cast.li, clock.now()) as uow, pytest.raises(NotAllowed, match="主管"):
        uow.clients.hand_over(uow.clients.get(book.client.id), "chenmo")


def test_a_client_changes_hands_only_by_a_hand_over(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    with database.transaction(cast.li, clock.now()) as uow, pytest.raises(ValueError, match="hand_over"):
        uow.clients.update(book.client, owner_id="chenmo")


def test_a_hand_over_takes_everything_along_on_every_table(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    with database.transaction(cast.shen, clock.now()) as uow:
        other = a_client(uow, "王强", owner_id="lixiang")
        uow.clients.relate(book.client, other, "spouse")
        uow.clients.hand_over(uow.clients.get(book.client.id), "chenmo")

    ids = (book.client.id, book.policy_id, book.reminder_id)
    for read in set(READS) - {"reminders_open", "containing", "newest", "count"}:
        mine, his = (answer(database, clock, who, read, *ids) for who in (cast.li, cast.chen))
        assert mine in EMPTY or mine.startswith("NotFound")
        assert his not in EMPTY
        assert "NotFound" not in his
    with database.transaction(cast.chen, clock.now()) as uow:
        assert [r.text for r in uow.reminders.open_until("chenmo", clock.now())] == ["回访"]


def test_no_row_can_disagree_with_its_client_about_the_owner(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    from sqlalchemy import update
    from sqlalchemy.exc import IntegrityError

    from storage import tables

    for table in (
        tables.contracts, tables.interactions, tables.client_names, tables.client_tags, tables.consents,
        tables.parties, tables.instalments,
    ):  # fmt: skip
        with pytest.raises(IntegrityError), database.engine.begin() as conn:
            conn.execute(update(table).values(owner_id="chenmo"))


def test_duplicates_tell_of_a_foreign_client_only_that_the_same_person_is_there(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    entered = {"name": "王芳", "phone": PHONE, "id_number": ID_NUMBER, "birthday": date(1985, 6, 15)}
    with database.transaction(cast.chen, clock.now()) as uow:
        found = uow.clients.duplicates(entered)
        by_phone = uow.clients.duplicates({"name": "王芳", "phone": PHONE, "birthday": date(1985, 6, 15)})

    assert (found.same_person, found.alike, found.elsewhere) == ((), (), True)
    # One number alone would let anybody find out whose client somebody is.
    assert (by_phone.same_person, by_phone.alike, by_phone.elsewhere) == ((), (), False)


def test_an_own_duplicate_is_shown(database: Database, clock: MovableClock, cast: Cast, book: Book) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        same = uow.clients.duplicates({"name": "王方", "phone": PHONE, "id_number": ID_NUMBER})
        by_phone = uow.clients.duplicates({"name": "张三", "phone": PHONE})
        by_name = uow.clients.duplicates({"name": "王芳", "birthday": date(1985, 6, 15)})
        nobody = uow.clients.duplicates({"name": "王芳", "phone": "19900009999"})
        itself = uow.clients.duplicates({"name": "王芳", "phone": PHONE}, ignoring=book.client.id)

    assert (same.same_person, same.alike) == ((book.client.id,), ())
    assert (by_phone.same_person, by_phone.alike) == ((), (book.client.id,))
    assert (by_name.same_person, by_name.alike) == ((), (book.client.id,))
    assert nobody.alike == itself.alike == ()


def test_a_relative_in_a_foreign_book_is_left_out(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    with database.transaction(cast.shen, clock.now()) as uow:
        son = a_client(uow, "王小明", owner_id="chenmo")
        daughter = a_client(uow, "王小丽", owner_id="lixiang")
        for child in (son, daughter):
            uow.clients.relate(book.client, child, "child")
    with database.transaction(cast.li, clock.now()) as uow:
        assert [(r.other_name, r.kind) for r in uow.clients.relations(book.client.id)] == [("王小丽", "child")]
        assert [(r.other_name, r.kind) for r in uow.clients.relations(daughter.id)] == [("王芳", "parent")]
    with database.transaction(cast.chen, clock.now()) as uow:
        assert uow.clients.relations(son.id) == []


def test_a_contract_is_seen_by_the_adviser_who_owns_it_even_for_a_role_of_a_foreign_client(
    database: Database, clock: MovableClock, cast: Cast, book: Book
) -> None:
    with database.system(clock.now()) as uow:
        insured = a_client(uow, "周明", owner_id="chenmo")
        a_policy(uow, book.client, premium=Decimal(100), number="P2")
        uow.contracts.add_party(book.policy_id, "lixiang", "insured", insured.name, insured.id)
    with database.transaction(cast.chen, clock.now()) as uow:
        assert uow.contracts.of_client(insured.id) == []
    with database.transaction(cast.shen, clock.now()) as uow:
        assert [c.id for c in uow.contracts.of_client(insured.id)] == [book.policy_id]


def test_the_system_sees_all_and_unknown_roles_do_not_exist() -> None:
    assert scope_of(Actor("x", "compliance")) == "all"
    with pytest.raises(KeyError):
        scope_of(Actor("x", "visitor"))  # type: ignore[arg-type]
    assert binds(Actor("li", "adviser", "/wang/li/"))["actor_id"] == "li"
