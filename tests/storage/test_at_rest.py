"""No phone, document, contract or card number and no word on health or of a talk lies in plain in the database, its
log or a backup (check N01)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from storage.backup import back_up
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.kf import Said
from storage.repositories.kf import KfRepository
from storage.repositories.mailboxes import Arrival
from storage.tables import metadata
from tests.builders import Cast, a_client, a_contract, a_firm, a_policy, an_id_number, the_cast

PHONES = [f"1998765{number:04d}" for number in range(12)]
DOCUMENTS = [an_id_number(date(1985, 6, 15), 9000 + number) for number in range(4)]
CARD = "6222021234567890128"
CONTRACT = "CANARY20250001"
ADDRESS = "金丝雀路八十八号"
HEALTH = "金丝雀症"
CANARIES = [*PHONES, *DOCUMENTS, CARD, CONTRACT, ADDRESS, HEALTH, "这是一条金丝雀备注"]


def a_days_work(database: Database, clock: MovableClock, cast: Cast) -> None:
    """Every place where a number or a word can be typed in, with one typed in."""
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(
            uow, phone=PHONES[0], id_number=DOCUMENTS[0], address=ADDRESS, email="canary@example.com",
            health_condition=HEALTH, second_phone=PHONES[1], remark=f"她妈妈有{HEALTH}", hobbies=f"因{HEALTH}散步",
        )  # fmt: skip
        firm = a_firm(uow, legal_representative_phone=PHONES[2])
        policy = a_policy(uow, client, number=CONTRACT, contract_note=f"因{HEALTH}除外")
        a_contract(uow, client, "deposit", number=CARD)
        uow.interactions.add(client, "call", f"这是一条金丝雀备注，新号码 {PHONES[3]}，卡号 {CARD}")
        uow.clients.add_tag(client, "高净值", f"电话 {PHONES[4]} 里说她有{HEALTH}")
        uow.clients.relate(client, firm, "colleague", f"电话 {PHONES[5]}，也有{HEALTH}")
        uow.consents.record(client, "service", True, channel="chat", evidence=f"{PHONES[6]} 发来短信说{HEALTH}")
        uow.accounts.put(client, CARD, "salary")
        uow.opportunities.add(client, "理财", "contacted", note=f"电话 {PHONES[7]}，{HEALTH}")
        reminder = uow.reminders.add(
            receiver_id="lixiang", remind_at=clock.now(), due_on=date(2025, 7, 1), category="follow_up",
            text=f"打 {PHONES[7]}，问{HEALTH}", client=client,
        )  # fmt: skip
        said = f"这是一条金丝雀备注，我的新号码 {PHONES[10]}，查出{HEALTH}"
        KfRepository(uow).keep("wk1", Said("m1", "wm1", "customer", "text", said, clock.now()))
        uow.conversations.save("lixiang", {"draft": {"phone": PHONES[8], "id_number": DOCUMENTS[1]}})
        uow.conversations.remember_undo(f"新增客户 {PHONES[0]}，{HEALTH}")
    with database.transaction(cast.li, clock.now()) as uow:
        changed = uow.clients.update(uow.clients.get(client.id), phone=PHONES[9], id_number=DOCUMENTS[2])
        uow.clients.update(changed, remark=f"{HEALTH}好了")
        uow.contracts.update(policy, contract_note=f"{HEALTH}已核保")
        uow.reminders.finish(
            reminder, "dismissed", result=f"她换了号 {PHONES[3]}，住院了：{HEALTH}", reason=f"旧号 {PHONES[0]}，{HEALTH}"
        )
        uow.conversations.remember_undo(f"完成「问{HEALTH}」")
        uow.clients.with_phone(PHONES[9])
        uow.clients.with_id_number(DOCUMENTS[2])
        uow.clients.duplicates({"name": "王芳", "phone": PHONES[0], "id_number": DOCUMENTS[0]})
        assert changed.value("phone") == PHONES[9]
    with database.transaction(cast.li, clock.now()) as uow:
        uow.conversations.undo_last()
    with database.system(clock.now()) as uow:
        text = f"<xml><Content>新增客户 王芳 {PHONES[10]} {DOCUMENTS[3]}</Content></xml>"
        uow.inbox.add([Arrival("li:1", "lixiang", "text", text, clock.now())])
        uow.outbox.put("reply:1", "lixiang", "send", f"手机号 {PHONES[11]}".encode(), row_id=1, priority=10)
        (row,) = uow.inbox.claim("w1", 1)
        uow.inbox.retry(row, "ValueError", clock.now())


def found_in(data: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in data or canary.encode("utf-16-le") in data]


def test_no_number_can_be_read_from_any_column(database: Database, clock: MovableClock, cast: Cast) -> None:
    a_days_work(database, clock, cast)

    with database.engine.connect() as conn:
        for table in metadata.sorted_tables:
            rows = conn.execute(select(table)).all()
            values = [v if isinstance(v, bytes) else repr(v).encode() for row in rows for v in row]
            assert (table.name, found_in(b"\n".join(values))) == (table.name, [])


def test_no_number_can_be_read_from_the_file_its_log_or_a_backup(
    sqlite_url: str, sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        cast = the_cast(uow)
    a_days_work(sqlite_database, clock, cast)
    back_up(sqlite_url, tmp_path / "copy.backup")

    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    assert {"bot.db", "bot.db-wal", "copy.backup"} <= {path.name for path in files}
    assert "王芳".encode() in (tmp_path / "copy.backup").read_bytes()  # the search does find what is open
    for path in files:
        assert (path.name, found_in(path.read_bytes())) == (path.name, [])


def test_the_numbers_are_there_for_those_who_have_the_key(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    a_days_work(database, clock, cast)

    with database.transaction(cast.li, clock.now()) as uow:
        (row,) = uow.clients.with_phone(PHONES[0])
        assert uow.clients.get(row.id).value("id_number") == DOCUMENTS[0]
        assert uow.contracts.with_number(CARD)[0].number == CARD
        assert uow.conversations.load("lixiang")["draft"]["phone"] == PHONES[8]
