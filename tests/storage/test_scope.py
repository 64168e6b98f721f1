"""Whose clients a person sees: own book, team, all or none; decided in SQL, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import true

from config.pack import Counted
from storage.database import Database, UnitOfWork
from storage.model.accounts import Entry
from storage.model.clock import MovableClock
from storage.model.errors import NotAllowed, NotFound
from storage.model.kf import Said
from storage.model.people import Actor
from storage.model.tickets import Ticket
from storage.repositories.assessments import AssessmentRepository
from storage.repositories.bindings import BindingRepository
from storage.repositories.earned_tags import EarnedTagRepository
from storage.repositories.journeys import JourneyRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.ratings import RatingRepository
from storage.scope import binds, scope_of
from storage.tables import clients
from storage.tiers import Standard
from tests.builders import Cast, a_client, a_policy, a_user, an_id_number

PHONE = "19912340001"
ID_NUMBER = an_id_number(date(1985, 6, 15), 77)
DUE = date(2025, 7, 1)
PAID = date(2025, 6, 8)
DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Ids:
    """What to ask for."""

    client: int
    policy: int
    instalment: int
    reminder: int
    account: int
    ticket: Ticket | None = None


COMPLAINTS = Counted(of="contact", kinds=("complaint",), days=90, at_least=2, why="投诉")
NOWHERE = Ids(1, 1, 1, 1, 1)


@pytest.fixture
def book(database: Database, clock: MovableClock, cast: Cast) -> Ids:
    """One client of 李顾问 with everything that can hang on a client."""
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(
            uow, "王芳", phone=PHONE, id_number=ID_NUMBER, birthday=date(1985, 6, 15), aliases=["芳姐"],
            aum=Decimal(500_000),
        )  # fmt: skip
        client = uow.clients.update(client, bank_tier="贵宾")
        policy = a_policy(uow, client, number="P20250001", due_on=[date(2025, 6, 1), DUE], state="active")
        instalment = uow.contracts.instalments([policy.id])[0]
        uow.contracts.pay(instalment, PAID)
        a_policy(uow, client, previous_id=policy.id, starts_on=date(2025, 7, 9), ends_on=date(2026, 7, 9))
        uow.interactions.add(client, "call", "谈了续保")
        for said in ("等太久", "没人回电"):
            uow.interactions.add(client, "complaint", said)
        uow.clients.add_tag(client, "高净值")
        EarnedTagRepository(uow).compute({"高净值": (clients.c.id == client.id, "管理资产")}, DUE)
        uow.consents.record(client, "service", True, channel="chat")
        account = uow.accounts.put(client, "6222990000001234", "salary", balance=Decimal(100))
        uow.accounts.enter(account, [Entry(PAID, Decimal(900), "salary", "a")])
        uow.opportunities.add(client, "理财", "contacted", note="想了解")
        asked = AssessmentRepository(uow)
        asked.finish(asked.begin(client, "risk_class", "first"), 50, "C3", DUE)
        asked.begin(client, "risk_class", "first")
        assert JourneyRepository(uow).enter(client, "follow_up", PAID) is not None
        kf = KfRepository(uow)
        kf.keep("wk1", Said("m1", "wm1", "customer", "text", "在吗", clock.now()))
        assert kf.told(kf.untold("wk1", 9)[0], client)
        talk = kf.talk("wk1", "wm1", clock.now(), client)
        bound = BindingRepository(uow).bind(client, "wm1", "code", timedelta(days=30))
        replies = KfReplyRepository(uow)
        replies.answer(
            talk, "7 月 9 日到期", key="re:1", client=client, binding_id=bound.id, to_person=True, look_at=clock.now()
        )
        replies.move(replies.claim("test", 1)[0], state="sent", sent_at=clock.now())
        demand, complaint = uow.packs.find_flow("demand"), uow.packs.find_flow("complaint")
        assert demand is not None
        assert complaint is not None
        ticket = uow.tickets.open(demand, client, {"content": "想了解养老"})
        ticket = uow.tickets.move(ticket, demand, demand.move("answer"))
        uow.tickets.open(complaint, client, {"content": "等太久"})
        uow.tickets.note(ticket, "已约")
        RatingRepository(uow).add(ticket, 5)
        todo, done = (
            uow.reminders.add(
                receiver_id="lixiang", remind_at=clock.now(), due_on=DUE, category="follow_up", text=text,
                client=client,
            )
            for text in ("回访", "电话")
        )  # fmt: skip
        uow.reminders.finish(done, "done")
        return Ids(client.id, policy.id, instalment.id, todo.id, account.id, ticket)


def standard_of(uow: UnitOfWork) -> Standard:
    standard = uow.standards.in_force().standard
    assert standard is not None
    return standard


READS: dict[str, Callable[[UnitOfWork, Ids], Any]] = {
    "get": lambda u, i: u.clients.get(i.client),
    "named": lambda u, i: u.clients.named(["王芳", "芳姐", "wangfang", "wf"]),
    "containing": lambda u, i: u.clients.containing("芳"),
    "with_phone": lambda u, i: u.clients.with_phone(PHONE),
    "with_phone_tail": lambda u, i: u.clients.with_phone_tail("0001"),
    "with_id_number": lambda u, i: u.clients.with_id_number(ID_NUMBER),
    "rows": lambda u, i: u.clients.rows([i.client]),
    "newest": lambda u, i: u.clients.newest(10),
    "heads": lambda u, i: u.clients.heads([i.client]),
    "count": lambda u, i: u.clients.count(),
    "matching": lambda u, i: u.clients.matching(true(), 10),
    "count_matching": lambda u, i: u.clients.count(true()),
    "born_between": lambda u, i: u.clients.born_between(date(2025, 6, 1), date(2025, 6, 30)),
    "tags": lambda u, i: u.clients.tags(i.client),
    "given_tags": lambda u, i: u.clients.given_tags(i.client),
    "counted": lambda u, i: u.clients.counted(i.client, COMPLAINTS, PAID, SHANGHAI),
    "contract": lambda u, i: u.contracts.get(i.policy),
    "of_client": lambda u, i: u.contracts.of_client(i.client),
    "with_number": lambda u, i: u.contracts.with_number("P20250001"),
    "ending": lambda u, i: u.contracts.ending(DUE, date(2025, 7, 31), ["policy"]),
    "parties": lambda u, i: u.contracts.parties([i.policy]),
    "instalments": lambda u, i: u.contracts.instalments([i.policy]),
    "due_between": lambda u, i: u.contracts.due_between(DUE, DUE, ["policy"]),
    "glance_tags": lambda u, i: u.glances.of_client(i.client, PAID, SHANGHAI).tags,
    "glance_counted": lambda u, i: u.glances.of_client(i.client, PAID, SHANGHAI).counted,
    "glance_contracts": lambda u, i: u.glances.of_client(i.client, PAID, SHANGHAI).contracts,
    "timeline": lambda u, i: u.interactions.of_client(i.client),
    "timeline_count": lambda u, i: u.interactions.count(i.client),
    "consents": lambda u, i: u.consents.granted(i.client),
    "consents_asked": lambda u, i: u.consents.asked(i.client),
    "reminder": lambda u, i: u.reminders.get(i.reminder),
    "reminders_of_client": lambda u, i: u.reminders.of_client(i.client),
    "in_states": lambda u, i: u.contracts.in_states(["policy"], ["active"]),
    "instalment": lambda u, i: u.contracts.instalment(i.instalment),
    "reminders_numbered": lambda u, i: u.reminders.numbered([i.reminder]),
    "reminders_between": lambda u, i: u.reminders.open_between("lixiang", u.now, u.now + DAY),
    "reminders_closed": lambda u, i: u.reminders.closed_since("lixiang", u.now - DAY, "done"),
    "next_due": lambda u, i: u.reminders.next_due(u.now - DAY),
    "figures_clients": lambda u, i: u.figures.clients(),
    "figures_new": lambda u, i: u.figures.new_clients(u.now, u.now + DAY),
    "figures_assets": lambda u, i: u.figures.assets(),
    "figures_contacts": lambda u, i: u.figures.contacts(u.now, u.now + DAY),
    "figures_contacted": lambda u, i: u.figures.clients_contacted(u.now, u.now + DAY),
    "figures_contracts": lambda u, i: u.figures.contracts({"policy": ["active"]}),
    "figures_deals": lambda u, i: u.figures.deals(date(2024, 7, 9), date(2024, 7, 10)),
    "figures_paid": lambda u, i: u.figures.paid(PAID, PAID + DAY, ["policy"]),
    "figures_ended": lambda u, i: u.figures.policies_ended(date(2025, 7, 1), date(2025, 8, 1)),
    "figures_renewed": lambda u, i: u.figures.policies_renewed(date(2025, 7, 1), date(2025, 8, 1)),
    "ids_matching": lambda u, i: u.clients.ids_matching(true(), 10),
    "judge": lambda u, i: u.clients.judge(i.client, [true()]),
    "earned_tags": lambda u, i: EarnedTagRepository(u).of_client(i.client),
    "measured": lambda u, i: u.clients.measured(i.client, [clients.c.id]),
    "granting": lambda u, i: u.consents.granting("service"),
    "figures_having": lambda u, i: u.figures.having(true()),
    "figures_tiers": lambda u, i: u.figures.tier_changes(u.now - DAY, u.now + DAY, {"贵宾": 3}, up=True),
    "figures_kept": lambda u, i: u.figures.kept(u.now + DAY),
    "figures_payments": lambda u, i: u.figures.payments(PAID, PAID + DAY),
    "figures_reached": lambda u, i: u.figures.reached(u.now, u.now + DAY),
    "figures_won": lambda u, i: u.figures.won(u.now, u.now + DAY),
    "figures_stages": lambda u, i: u.figures.stages(),
    "figures_done": lambda u, i: u.figures.reminders_done(u.now - DAY, u.now + DAY),
    "figures_ratings": lambda u, i: u.figures.ratings(u.now, u.now + DAY),
    "figures_tickets": lambda u, i: u.figures.tickets(u.now, u.now + DAY),
    "figures_complained": lambda u, i: u.figures.clients_with_tickets(u.now, u.now + DAY, "complaint"),
    "figures_first_answers": lambda u, i: u.figures.first_answers(u.now, u.now + DAY),
    "figures_unpaid": lambda u, i: u.figures.unpaid_before(DUE + DAY, ["active"]),
    "tier_set_by": lambda u, i: u.tiers.set_by(i.client),
    "tier_history": lambda u, i: u.tiers.of_client(i.client),
    "tiers_moved": lambda u, i: u.tiers.moved_since(u.now - DAY, 10),
    "tier_moves": lambda u, i: u.tiers.moves_since(u.now - DAY),
    "tiers_by_hand": lambda u, i: u.tiers.by_hand(standard_of(u), 5),
    "tiers_count_by_hand": lambda u, i: u.tiers.count_by_hand(standard_of(u))[0],
    "tiers_held": lambda u, i: u.tiers.held("bank_tier"),
    "journeys_of_client": lambda u, i: JourneyRepository(u).of_client(i.client),
    "journeys_running": lambda u, i: JourneyRepository(u).running(i.client, "follow_up"),
    "journeys_in": lambda u, i: JourneyRepository(u).in_journey("follow_up", 9),
    "journeys_counted": lambda u, i: JourneyRepository(u).counts(),
    "kf_of_client": lambda u, i: KfRepository(u).of_client(i.client),
    "kf_talk_of": lambda u, i: KfRepository(u).talk_of(i.client),
    "kf_unanswered": lambda u, i: KfRepository(u).unanswered(u.now - DAY),
    "kf_replies_of_client": lambda u, i: KfReplyRepository(u).of_client(i.client),
    "ratings_of_client": lambda u, i: RatingRepository(u).of_client(i.client),
    "bindings_of_client": lambda u, i: BindingRepository(u).of_client(i.client),
    "kf_who_wrote": lambda u, i: KfRepository(u).who_wrote([i.client]) or [],
    "accounts_of_client": lambda u, i: u.accounts.of_client(i.client),
    "accounts_flows": lambda u, i: u.accounts.flows(i.client, PAID, PAID),
    "accounts_largest": lambda u, i: u.accounts.largest(i.client, PAID, PAID, 3),
    "accounts_months": lambda u, i: u.accounts.months([i.account], 0),
    "opportunities_of_client": lambda u, i: u.opportunities.of_client(i.client),
    "opportunities_running": lambda u, i: u.opportunities.running(9),
    "opportunities_counted": lambda u, i: u.opportunities.counts(),
    "assessments_done": lambda u, i: AssessmentRepository(u).done(i.client, "risk_class"),
    "assessment_running": lambda u, i: AssessmentRepository(u).running(i.client, "risk_class"),
    "overdue": lambda u, i: u.contracts.overdue("insurance", ("policy",), DUE + DAY),
    "ticket": lambda u, i: u.tickets.get(i.ticket.id if i.ticket else 1),
    "ticket_of_a_number": lambda u, i: u.tickets.find(1),
    "tickets_opened_between": lambda u, i: u.tickets.opened_between("demand", u.now - DAY * 30, u.now + DAY, 9),
    "tickets_running": lambda u, i: u.tickets.running(9),
    "tickets_standing_at": lambda u, i: u.tickets.standing_at(lambda flow, state: state == flow.first.name, 9),
    "tickets_of_client": lambda u, i: u.tickets.of_client(i.client),
    "reminders_open": lambda u, i: u.reminders.open_until("lixiang", u.now + DAY),
}


def answers(database: Database, clock: MovableClock, actor: Actor, ids: Ids) -> dict[str, str]:
    """What a person gets to see by each way to read, as text: the value, or the words of the refusal."""
    return {read: answer(database, clock, actor, read, ids) for read in READS}


def answer(database: Database, clock: MovableClock, actor: Actor, read: str, ids: Ids) -> str:
    with database.transaction(actor, clock.now()) as uow:
        try:
            return repr(READS[read](uow, ids))
        except NotFound as refusal:
            return f"NotFound: {refusal}"


def says_nothing(text: str) -> bool:
    return text in ("[]", "{}", "0", "None", "frozenset()") or text.startswith("NotFound: 没有找到")


def test_an_adviser_her_team_lead_and_compliance_see_everything(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    mine = answers(database, clock, cast.li, book)

    assert [read for read, text in mine.items() if says_nothing(text)] == []
    assert answers(database, clock, cast.wang, book) == mine
    assert answers(database, clock, cast.shen, book) == mine


def test_the_next_step_on_a_card_is_the_reader_s_own(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    for actor, sees in ((cast.li, True), (cast.wang, False), (cast.chen, False)):
        with database.transaction(actor, clock.now()) as uow:
            assert (uow.glances.of_client(book.client, PAID, SHANGHAI).step is not None) is sees


def test_for_all_others_it_is_as_if_it_were_not_there_to_the_byte(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.system(clock.now()) as uow:
        claims = Actor.of(a_user(uow, "claims1", name="赵理赔", role="claims"))
        admin = Actor.of(a_user(uow, "admin1", name="管理员", role="admin"))

    for outsider in (cast.chen, cast.zhou, cast.he, claims, admin):
        foreign = answers(database, clock, outsider, book)
        assert foreign == answers(database, clock, outsider, NOWHERE)
        assert [read for read, text in foreign.items() if not says_nothing(text)] == []


WRITES = set(
    "reword add update touch contacted hand_over add_tag remove_tag relate add_party add_instalments "
    "replace_unpaid pay record finish snooze repeat take_for_push cancel_for entered "
    "keep give_back give_back_all entrust compute note_by_hand retell put enter forget "
    "compute_by_conditions give_back_to_conditions keep_from_conditions open move give ask note note_details answered hand_over".split()
)
# Reads that are told apart elsewhere: below, or because only the system itself asks.
# Some go by the same condition as a neighbour above but have nothing to show in this book.
ELSEWHERE = set(
    "duplicates relations row refuse_if_locked contracts_of steps_of timed_due next_timed waiting_since mine own is_to_do changes escalated "
    "opened_from given_by made_at made_by told_of refusing lost referrals referrals_won renewals fired "
    "in_hand near over_time open_flows of_contract steps members load flows foresee open_notices marks would_move would_move_first moves_of hands_by_owner is_computed".split()
)


@pytest.mark.parametrize("repository", ["clients", "contracts", "interactions", "consents", "reminders", "figures", "glances", "tiers", "accounts", "opportunities", "tickets"])
def test_a_new_way_to_read_must_be_added_to_the_matrix_above(
    sqlite_database: Database, clock: MovableClock, repository: str
) -> None:
    tried = {name for read in READS.values() for name in read.__code__.co_names}
    with sqlite_database.system(clock.now()) as uow:
        public = {name for name in dir(getattr(uow, repository)) if not name.startswith("_")} - {"uow"}

    assert public - tried - WRITES - ELSEWHERE == set()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_is_foreseen_for_advisers_is_what_each_would_have_found(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    askers, keys = (cast.li, cast.chen), ["王芳", "没有"]

    def found(actor: Actor) -> tuple[Any, ...]:
        with database.transaction(actor, clock.now()) as uow:
            hits = uow.clients.named(keys)
            glance = uow.glances.of_client(book.client, PAID, SHANGHAI)
            return hits, glance, [(e["object_type"], e["object_id"], e["detail"]) for e in uow.audit.take()]

    alone = [found(actor) for actor in askers]
    with database.together():
        with database.system(clock.now()) as uow:
            uow.clients.foresee([(actor.user_id, keys) for actor in askers])
            uow.glances.foresee([(actor.user_id, book.client) for actor in askers], PAID, SHANGHAI)
            assert uow.foreseen
        together = [found(actor) for actor in askers]

    assert together == alone
    (seen, glance, _), (seen_by_another, glance_of_another, _) = alone
    assert [hit.name for hit in seen] == ["王芳"]
    assert glance.step is not None
    assert (seen_by_another, glance_of_another.tags) == ([], [])


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
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.transaction(cast.li, clock.now()) as uow, pytest.raises(NotAllowed, match="主管"):
        uow.clients.hand_over(uow.clients.get(book.client), "chenmo")


def test_a_client_changes_hands_only_by_a_hand_over(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.transaction(cast.li, clock.now()) as uow, pytest.raises(ValueError, match="hand_over"):
        uow.clients.update(uow.clients.get(book.client), owner_id="chenmo")


def test_a_hand_over_takes_everything_along_on_every_table(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.transaction(cast.shen, clock.now()) as uow:
        uow.clients.hand_over(uow.clients.get(book.client), "chenmo")

    hers, his = (answers(database, clock, who, book) for who in (cast.li, cast.chen))
    # What she did stays hers; lists asked for her name are not his.
    done_by_her = {
        "figures_contacts", "figures_contacted", "figures_done", "reminders_closed", "reminders_open", "reminders_between",
    }
    assert {read for read, text in hers.items() if not says_nothing(text)} - done_by_her == set()
    assert {read for read, text in his.items() if says_nothing(text)} - done_by_her == set()
    with database.transaction(cast.chen, clock.now()) as uow:
        assert [r.text for r in uow.reminders.open_until("chenmo", clock.now())] == ["回访"]


def test_no_row_can_disagree_with_its_client_about_the_owner(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    from sqlalchemy import update
    from sqlalchemy.exc import IntegrityError

    from storage import tables

    for table in (
        tables.contracts, tables.interactions, tables.client_names, tables.client_tags, tables.consents,
        tables.parties, tables.instalments, tables.journey_runs, tables.kf_messages, tables.kf_talks,
        tables.kf_replies, tables.bindings, tables.ratings, tables.ticket_news,
        tables.accounts, tables.transactions, tables.account_months, tables.opportunities, tables.earned_tags,
    ):  # fmt: skip
        with pytest.raises(IntegrityError), database.engine.begin() as conn:
            conn.execute(update(table).values(owner_id="chenmo"))


def test_duplicates_tell_of_a_foreign_client_only_that_the_same_person_is_there(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    entered = {"name": "王芳", "phone": PHONE, "id_number": ID_NUMBER, "birthday": date(1985, 6, 15)}
    with database.transaction(cast.chen, clock.now()) as uow:
        found = uow.clients.duplicates(entered)
        by_phone = uow.clients.duplicates({"name": "王芳", "phone": PHONE, "birthday": date(1985, 6, 15)})

    assert (found.same_person, found.alike, found.elsewhere) == ((), (), True)
    # One number alone would let anybody find out whose client somebody is.
    assert (by_phone.same_person, by_phone.alike, by_phone.elsewhere) == ((), (), False)


def test_an_own_duplicate_is_shown(database: Database, clock: MovableClock, cast: Cast, book: Ids) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        same = uow.clients.duplicates({"name": "王方", "phone": PHONE, "id_number": ID_NUMBER})
        by_phone = uow.clients.duplicates({"name": "张三", "phone": PHONE})
        by_name = uow.clients.duplicates({"name": "王芳", "birthday": date(1985, 6, 15)})
        namesake = uow.clients.duplicates({"name": "王芳", "phone": "19900009999"})
        nobody = uow.clients.duplicates({"name": "王芳", "birthday": date(1990, 1, 1)})
        itself = uow.clients.duplicates({"name": "王芳", "phone": PHONE}, ignoring=book.client)

    assert (same.same_person, same.alike) == ((book.client,), ())
    assert (by_phone.same_person, by_phone.alike) == ((), (book.client,))
    assert (by_name.same_person, by_name.alike) == ((), (book.client,))
    assert (namesake.same_person, namesake.alike) == ((), (book.client,))
    assert nobody.alike == itself.alike == ()


def test_a_relative_in_a_foreign_book_is_left_out(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.transaction(cast.shen, clock.now()) as uow:
        son = a_client(uow, "王小明", owner_id="chenmo")
        daughter = a_client(uow, "王小丽", owner_id="lixiang")
        for child in (son, daughter):
            uow.clients.relate(uow.clients.get(book.client), child, "child")
    with database.transaction(cast.li, clock.now()) as uow:
        assert [(r.other_name, r.kind) for r in uow.clients.relations(book.client)] == [("王小丽", "child")]
        assert [(r.other_name, r.kind) for r in uow.clients.relations(daughter.id)] == [("王芳", "parent")]
    with database.transaction(cast.chen, clock.now()) as uow:
        assert uow.clients.relations(son.id) == []


def test_a_contract_is_seen_by_the_adviser_who_owns_it_even_for_a_role_of_a_foreign_client(
    database: Database, clock: MovableClock, cast: Cast, book: Ids
) -> None:
    with database.system(clock.now()) as uow:
        insured = a_client(uow, "周明", owner_id="chenmo")
        uow.contracts.add_party(book.policy, "lixiang", "insured", insured.name, insured.id)
    with database.transaction(cast.chen, clock.now()) as uow:
        assert uow.contracts.of_client(insured.id) == []
    with database.transaction(cast.shen, clock.now()) as uow:
        assert [c.id for c in uow.contracts.of_client(insured.id)] == [book.policy]


def test_the_system_sees_all_and_unknown_roles_do_not_exist() -> None:
    assert scope_of(Actor("x", "compliance")) == "all"
    with pytest.raises(KeyError):
        scope_of(Actor("x", "visitor"))
    assert binds(Actor("li", "adviser", "/wang/li/"))["actor_id"] == "li"
