"""Changing the encryption key under load, after a crash, and with several processes."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import LargeBinary, select, update

from config.pack import PackStore
from reminders.gate import Asked
from reminders.ledger import enter
from storage import rotation
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Conflict, Corrupt
from storage.model.kf import Said
from storage.repositories.assessments import AssessmentRepository
from storage.repositories.bindings import BindingRepository
from storage.repositories.campaigns import CampaignRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.journeys import JourneyRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.mailboxes import Arrival
from storage.repositories.outside import OutsideRepository
from storage.repositories.saved_reports import SavedReportRepository
from storage.repositories.ticket_papers import TicketPaperRepository
from storage.rotation import StillInUse, reseal, retire, rotate, stale
from storage.tables import clients, metadata, sealed_columns
from storage.vault import Keys, Vault
from tests.builders import Cast, a_client, a_policy, the_cast

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def keys_path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    Keys.fresh().save(path)
    return path


@pytest.fixture
def database(database_url: str, keys_path: Path, pack_store: PackStore) -> Database:
    return Database(database_url, Vault(Keys.load(keys_path)), pack_store)


@pytest.fixture
def cast(database: Database, clock: MovableClock) -> Cast:
    with database.system(clock.now()) as uow:
        return the_cast(uow)


@pytest.fixture(autouse=True)
def _close(database: Database) -> object:
    yield
    database.close()


def something_in_every_sealed_column(database: Database, clock: MovableClock, cast: Cast, number: int = 1) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        for _ in range(number):
            client = a_client(uow)
            a_policy(uow, client)
            uow.interactions.add(client, "call", "谈了续保")
            done = uow.reminders.add(
                receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="other", text="x"
            )
            uow.reminders.finish(done, "done", result="谈妥", reason="想通了")
            uow.clients.add_tag(client, "高净值", "她自己说的")
            uow.clients.relate(client, a_client(uow, "李强"), "spouse", "分居")
            uow.consents.record(client, "care", True, channel="chat", evidence="短信")
            uow.puzzles.add("那个啥咋弄")
            flow = next(flow for flow in uow.packs.flows if flow.papers)
            ticket = uow.tickets.open(flow, client, {"content": "换受益人"})
            uow.tickets.note(ticket, "客户明天再来")
            papers = TicketPaperRepository(uow)
            papers.add(ticket, flow.papers[0].name, media_id="3abc")
            papers.keep(papers.claim(1, timedelta(minutes=1))[0], b"%PDF-1.7", "application/pdf")
            outside = OutsideRepository(uow)
            outside.ask(ticket, client)
            assert outside.answered(outside.claim(1)[0], "agrees", "GA-1")
            offered = uow.offers.add(
                client, uow.users.get("lixiang"), origin="entered", rule="rest", rule_version=0, by="hexin", due_at=clock.now()
            )
            assert uow.offers.decide(offered, "declined", "太远")
            uow.opportunities.add(client, "理财", "contacted", note="周五再谈")
            AssessmentRepository(uow).begin(client, "risk_class", "first")
            uow.segments.save("沉默贵宾", "贵宾 且 30 天未联系")
            uow.rules.decide(uow.rules.submit("birthday", None, "change"), approved=False, reason="先别改")
            uow.standards.decide(uow.standards.submit("bank_tier", None, "change"), approved=False, reason="先别改")
            uow.escalations.decide(uow.escalations.submit("escalation", None, "change"), approved=False, reason="太短")
            uow.templates.decide(uow.templates.submit("quarterly_review", None, "change"), approved=False, reason="不好")
            uow.push_times.decide(uow.push_times.submit("brief", None, "change"), approved=False, reason="太晚")
            uow.assignments.decide(uow.assignments.submit("assignment", None, "change"), approved=False, reason="不匀")
            SavedReportRepository(uow).add("weekly", 1, "09:00", {"what": "funnel"})
            run = JourneyRepository(uow).enter(client, "follow_up", date(2025, 6, 9))
            assert run is not None
            JourneyRepository(uow).end(run, "left", "出国了")
            contacts = ContactRepository(uow)
            contacts.link(contacts.added("lixiang", f"wm{client.id}"), client, "hand", "芳芳")
            asked = Asked.about(uow.packs, client, "thanks", "感谢您的信任", "hand", own=True)
            enter(uow, asked, SHANGHAI, state="by_hand", sender_id="lixiang", not_before=clock.now())
            CampaignRepository(uow).add(
                "季度回顾", template="quarterly_review", template_version="1", occasion="review", segment="沉默贵宾",
                conditions="贵宾", chosen=1, left_out={},
            )
            kf = KfRepository(uow)
            kf.keep("wk1", Said(f"m{client.id}", f"wm{client.id}", "customer", "text", "在吗", clock.now()))
            talk = kf.talk("wk1", f"wm{client.id}", clock.now(), client)
            KfReplyRepository(uow).answer(
                talk, "请先核实身份", key=f"re:{client.id}", client=client, binding_id=None, to_person=False,
                look_at=clock.now(),
            )
            BindingRepository(uow).save_state(f"wm{client.id}", {"asked": "identity"})
            uow.inbox.add([Arrival(f"li:{client.id}", "li", "text", "<xml/>", clock.now())])
            row_id = uow.outbox.new_row_id()
            uow.outbox.put(f"reply:{row_id}", "lixiang", "send", b"{}", row_id=row_id, priority=10)
        uow.conversations.save("lixiang", {"draft": 1})
        uow.conversations.remember_undo("新增")


def everything_opens(database: Database) -> dict[str, int]:
    """Opens every sealed value under the row that its column names; how many by column."""
    counts = {}
    with database.engine.connect() as conn:
        for _table, column, row in sealed_columns():
            found = conn.execute(select(row, column).where(column.is_not(None))).all()
            for where, value in found:
                database.vault.open(str(column), where, value)
            counts[str(column)] = len(found)
    return counts


def test_every_sealed_value_is_bound_to_what_its_column_says(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    something_in_every_sealed_column(database, clock, cast)

    assert min(everything_opens(database).values()) > 0


def test_every_column_of_bytes_is_sealed_or_known_not_to_be() -> None:
    open_bytes = {
        str(column) for table in metadata.sorted_tables for column in table.c if type(column.type) is LargeBinary
    }

    assert open_bytes == {
        "clients.phone_index", "clients.phone_tail_index", "clients.id_number_index", "clients.licence_index",
        "contracts.number_index", "accounts.number_index", "outbox.body_hash", "ticket_papers.digest", "outside_queries.mark", "audit.prev", "audit.mac", "audit_head.mac",
    }  # fmt: skip


def test_after_a_rotation_everything_is_sealed_with_the_new_key_and_the_old_one_can_go(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    something_in_every_sealed_column(database, clock, cast, 3)
    before = everything_opens(database)
    heard: list[int] = []

    assert rotate(database, keys_path, progress=heard.append, clock=clock) == sum(before.values())

    assert heard[-1] == sum(before.values())
    assert stale(database) == 0
    assert retire(database, keys_path, clock=clock) == ["k001"]
    assert set(Keys.load(keys_path).encryption) == {"k002"}
    database.vault.refresh()
    assert everything_opens(database) == before
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.conversations.load("lixiang") == {"draft": 1}


def test_an_act_from_before_a_rotation_can_be_taken_back_after_it(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="旧")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(client, address="新")
        uow.conversations.remember_undo("改地址")

    rotate(database, keys_path, clock=clock)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.conversations.undo_last()

    retire(database, keys_path, clock=clock)  # nothing came back under the old key
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(client.id).value("address") == "旧"


def test_an_act_under_a_key_that_is_gone_is_politely_not_taken_back(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="旧")
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(client, address="新")
        uow.conversations.remember_undo("改地址")
    rotate(database, keys_path, clock=clock)
    retire(database, keys_path, clock=clock)

    with pytest.raises(Conflict), database.transaction(cast.li, clock.now()) as uow:
        uow.conversations.undo_last()


def test_a_key_in_use_is_not_retired(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    something_in_every_sealed_column(database, clock, cast)
    Keys.load(keys_path).with_one_more().with_new_primary().save(keys_path)

    with pytest.raises(StillInUse, match="先运行密钥轮换"):
        retire(database, keys_path, clock=clock)

    assert set(Keys.load(keys_path).encryption) == {"k001", "k002"}
    assert min(everything_opens(database).values()) > 0


def test_a_rotation_that_was_killed_goes_on_where_it_stopped(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    something_in_every_sealed_column(database, clock, cast, 5)
    total = sum(everything_opens(database).values())

    def power_cut(done: int) -> None:
        if done > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(database, keys_path, progress=power_cut, clock=clock)
    assert everything_opens(database)
    left = stale(database)
    assert 0 < left < total

    assert rotate(database, keys_path, clock=clock) == left
    assert set(Keys.load(keys_path).encryption) == {"k001", "k002"}  # and not yet another one
    assert stale(database) == 0


def test_reads_and_writes_go_on_during_a_rotation(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 5)
    something_in_every_sealed_column(database, clock, cast, 30)
    with database.transaction(cast.li, clock.now()) as uow:
        ids = [row.id for row in uow.clients.containing("王芳", limit=100)]
    stop, faults, written = threading.Event(), [], 0

    def work() -> None:
        nonlocal written
        while not stop.is_set():
            try:
                with database.transaction(cast.li, clock.now()) as uow:
                    client = uow.clients.get(ids[written % len(ids)])
                    uow.clients.update(client, address=f"新地址 {written}")
                written += 1
                time.sleep(0.001)
            except Exception as fault:
                faults.append(fault)
                return

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(3):
        rotate(database, keys_path, clock=clock)
    stop.set()
    worker.join()

    assert faults == []
    assert written > 0
    assert stale(database) == 0
    retire(database, keys_path, clock=clock)
    database.vault.refresh()
    assert min(everything_opens(database).values()) > 0
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(ids[(written - 1) % len(ids)]).value("address") == f"新地址 {written - 1}"


def test_a_value_written_during_the_walk_is_not_overwritten_with_the_old_one(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="旧")
    with database.system(clock.now()) as uow:
        old = uow.conn.execute(select(clients.c.secrets)).scalar_one()
    Keys.load(keys_path).with_one_more().with_new_primary().save(keys_path)
    with database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(uow.clients.get(client.id), address="新")

    with database.system(clock.now()) as uow:
        changed = uow.conn.execute(
            update(clients).where(clients.c.secrets == old).values(secrets=b"the walk of a moment ago")
        ).rowcount  # fmt: skip
    assert (changed, list(reseal(database, clock))) == (0, [])
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(client.id).value("address") == "新"


def test_another_process_reads_and_writes_right_through_a_rotation(
    database: Database, database_url: str, keys_path: Path, pack_store: PackStore, clock: MovableClock, cast: Cast
) -> None:
    other = Database(database_url, Vault(Keys.load(keys_path)), pack_store)
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="一")

    rotate(database, keys_path, clock=clock)
    with other.transaction(cast.li, clock.now() + timedelta(seconds=1)) as uow:
        read = uow.clients.get(client.id)
        uow.clients.update(read, address="二")
    other.close()

    assert stale(database) == 0
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(client.id).value("address") == "二"


def test_a_value_that_does_not_open_stops_no_other_and_is_reported(
    database: Database, keys_path: Path, clock: MovableClock, cast: Cast
) -> None:
    something_in_every_sealed_column(database, clock, cast, 3)
    with database.transaction(cast.li, clock.now()) as uow:
        broken = a_client(uow)
    with database.engine.begin() as conn:
        conn.execute(update(clients).where(clients.c.id == broken.id).values(secrets=b"\x01k001" + bytes(40)))

    with pytest.raises(Corrupt, match="1 sealed value"):
        rotate(database, keys_path, clock=clock)

    assert stale(database) == 1
