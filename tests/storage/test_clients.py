"""Clients as records: found by every name and number, changed under a version, kept sealed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from storage import audit
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Conflict, Invalid
from tests.builders import Cast, a_client, a_contract, a_firm, a_loan, a_phone, a_policy, an_id_number


@pytest.mark.parametrize(("name", "words"), [
    ("王芳", ["王芳", "wangfang", "wf"]),
    ("尉迟恭", ["尉迟恭", "yuchigong", "ycg"]),
    ("单田芳", ["单田芳", "shantianfang", "stf"]),
    ("乐嘉", ["yuejia", "lejia"]),
    ("王䶮", ["王䶮", "wangyan"]),
    ("阿依古丽·买买提", ["阿依古丽·买买提", "ayglmmt"]),
    ("Tom Li", ["tom li"]),
])  # fmt: skip
def test_a_person_is_found_by_name_pinyin_and_initials(
    sqlite_database: Database, clock: MovableClock, name: str, words: list[str]
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        client = a_client(uow, name)

        assert {hit.key for hit in uow.clients.named(words)} == set(words)
        assert {hit.client_id for hit in uow.clients.named(words)} == {client.id}


@pytest.mark.parametrize(("name", "words"), [
    ("宏达科技有限公司", ["宏达", "宏达科技", "hongda", "hd", "hdkj"]),
    ("上海宏达科技股份有限公司", ["宏达", "宏达科技", "上海宏达"]),
    ("宏达（上海）科技有限公司", ["宏达", "宏达科技"]),
    ("山东省宏达建设集团有限公司", ["宏达", "宏达建设集团"]),
    ("IBM中国有限公司", ["ibm中国"]),
])  # fmt: skip
def test_a_firm_is_found_by_its_short_names(
    sqlite_database: Database, clock: MovableClock, name: str, words: list[str]
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        a_firm(uow, name)

        assert {hit.key for hit in uow.clients.named([*words, name.lower()])} == {*words, name.lower()}


def test_an_alias_finds_and_survives_a_new_name(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, "王芳", aliases=["芳姐", "老王"])
        uow.clients.update(client, name="王方")

        found = {hit.key for hit in uow.clients.named(["芳姐", "老王", "王方", "wangfang", "王芳"])}
    assert found == {"芳姐", "老王", "王方", "wangfang"}


@pytest.mark.parametrize(("part", "found"), [
    ("芳", ["王芳", "王芳芳"]), ("芳芳", ["王芳芳"]), ("100%", ["百分 100% 店"]), ("%", ["百分 100% 店"]),
    ("_", []), ("\\", []), ("WANGF", ["王芳", "王芳芳"]), ("'; DROP TABLE clients; --", []),
])  # fmt: skip
def test_a_part_of_a_name_is_taken_literally(
    database: Database, clock: MovableClock, cast: Cast, part: str, found: list[str]
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        for name in ("王芳芳", "王芳", "李强", "百分 100% 店"):
            a_client(uow, name)

        assert sorted(row.name for row in uow.clients.containing(part)) == sorted(found)


def test_a_client_is_found_by_phone_its_tail_and_document(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    number = an_id_number(date(1985, 6, 15), 5)
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="19900001234", id_number=number)
        a_client(uow, "同尾号", phone="19900011234")

        assert [row.id for row in uow.clients.with_phone("19900001234")] == [client.id]
        assert len(uow.clients.with_phone_tail("1234")) == 2
        assert [row.id for row in uow.clients.with_id_number(number.lower())] == [client.id]
        assert uow.clients.with_phone("19900009999") == []
        assert uow.clients.with_phone_tail("123") == []


def test_a_new_number_is_found_and_the_old_one_no_more(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone="19900001234")
        changed = uow.clients.update(client, phone="19900005678")

        assert uow.clients.with_phone("19900001234") == uow.clients.with_phone_tail("1234") == []
        assert [row.id for row in uow.clients.with_phone_tail("5678")] == [client.id]

        uow.clients.update(changed, phone=None)
        assert uow.clients.with_phone("19900005678") == uow.clients.with_phone_tail("5678") == []
        assert uow.clients.get(client.id).value("phone") is None


def test_a_firm_is_known_by_its_new_licence_code_and_by_the_old_one_no_more(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    old, new = "91350100M000100Y43", "91110000600037341L"
    with database.transaction(cast.li, clock.now()) as uow:
        firm = a_firm(uow, licence_code=old)
        firm = uow.clients.update(firm, licence_code=new)

        assert uow.clients.duplicates({"licence_code": old}).same_person == ()
        assert uow.clients.duplicates({"licence_code": new}).same_person == (firm.id,)

        uow.clients.update(firm, licence_code=None)
        assert uow.clients.duplicates({"licence_code": new}).same_person == ()


def test_lists_show_a_masked_phone_only(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, phone="19900001234")

        (row,) = uow.clients.containing("王芳")
    assert row.masked_phone == "199****1234"
    assert "19900001234" not in repr(row)


def test_every_kind_of_value_comes_back_as_it_went_in(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    values = {
        "gender": "F", "birthday": date(1985, 6, 15), "aum": Decimal("1234567.89"), "risk_class": "C3",
        "id_expires_on": date(2030, 1, 31), "phone": "19900001234", "address": "某市某路 1 号",
        "children": 2, "marital_status": "married",
    }  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, **values)
    with database.transaction(cast.li, clock.now()) as uow:
        read = uow.clients.get(client.id)

    assert {name: read.value(name) for name in values} == values
    assert read == client
    assert read.created_at == read.updated_at == clock.now()
    assert read.created_by == "lixiang"
    assert read.attrs == {"children": 2, "marital_status": "married"}
    assert set(read.secrets) == {"phone", "address"}


def test_a_value_taken_away_leaves_nothing_behind(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, address="某市某路 1 号", children=2)
        read = uow.clients.update(client, address=None, children=None)

    assert "address" not in read.secrets
    assert "children" not in read.attrs


def test_two_people_who_change_one_client_do_not_overwrite_each_other(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, risk_class="C2")
    with database.transaction(cast.li, clock.now()) as uow:
        hers = uow.clients.get(uow.clients.containing("王芳")[0].id)
    with database.transaction(cast.wang, clock.now()) as uow:
        uow.clients.update(uow.clients.get(hers.id), risk_class="C4")

    with pytest.raises(Conflict, match="别人改过"), database.transaction(cast.li, clock.now()) as uow:
        uow.clients.update(hers, risk_class="C3")

    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.get(hers.id).risk_class == "C4"


def test_two_people_who_hand_one_client_over_do_not_overwrite_each_other(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        client = a_client(uow)
        uow.clients.hand_over(client, "wangke")

        with pytest.raises(Conflict):
            uow.clients.hand_over(client, "chenmo")


@pytest.mark.parametrize(("born", "first", "last", "found"), [
    (date(1985, 6, 15), date(2025, 6, 15), date(2025, 6, 15), True),
    (date(1985, 6, 15), date(2025, 6, 16), date(2025, 6, 30), False),
    (date(1985, 1, 2), date(2025, 12, 25), date(2026, 1, 5), True),
    (date(1985, 12, 31), date(2025, 12, 25), date(2026, 1, 5), True),
    (date(1985, 6, 15), date(2025, 12, 25), date(2026, 1, 5), False),
    (date(1984, 2, 29), date(2025, 2, 28), date(2025, 2, 28), True),  # no 29th that year
    (date(1984, 2, 29), date(2024, 2, 28), date(2024, 2, 28), False),
    (date(1984, 2, 29), date(2024, 2, 29), date(2024, 2, 29), True),
    (date(1984, 2, 29), date(2025, 3, 1), date(2025, 3, 1), False),
    (date(1985, 6, 15), date(2025, 1, 1), date(2025, 12, 31), True),
    (date(1985, 6, 15), date(2025, 1, 1), date(2026, 2, 1), True),
])  # fmt: skip
def test_birthdays_are_found_over_the_turn_of_the_year_and_on_29_february(
    sqlite_database: Database, clock: MovableClock, born: date, first: date, last: date, found: bool
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        a_client(uow, birthday=born)

        assert bool(uow.clients.born_between(first, last)) is found


def test_a_contact_now_or_earlier_never_sets_the_clock_of_silence_back(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        uow.clients.touch(client)
        client = uow.clients.get(client.id)
        uow.clients.touch(client, clock.now() - timedelta(days=3))

        assert uow.clients.get(client.id).last_contact_at == clock.now()


def test_a_tag_is_put_on_once_and_taken_off_once(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)

        assert uow.clients.add_tag(client, "高净值", "电话 19900001234 里说的")
        assert not uow.clients.add_tag(client, "高净值")
        assert uow.clients.tags(client.id) == ["高净值"]
        assert uow.clients.remove_tag(client, "高净值")
        assert not uow.clients.remove_tag(client, "高净值")


def test_a_relation_is_told_once_and_read_from_both_sides(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        mother, son = a_client(uow, "王芳"), a_client(uow, "李小明")
        for _ in range(2):
            uow.clients.relate(mother, son, "child")
            uow.clients.relate(son, mother, "parent")  # the same, said from the other side

        assert [(r.other_id, r.kind) for r in uow.clients.relations(mother.id)] == [(son.id, "child")]
        assert [(r.other_id, r.kind) for r in uow.clients.relations(son.id)] == [(mother.id, "parent")]


def test_a_contract_comes_back_with_its_number_found_in_full_and_shown_by_its_tail(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        policy = a_policy(uow, client, number="P2025abc1234", premium=Decimal("12000.50"))
        read = uow.contracts.get(policy.id)

        assert (read.number, read.number_tail, read.premium) == ("P2025abc1234", "1234", Decimal("12000.50"))
        assert [c.id for c in uow.contracts.with_number("p2025ABC1234")] == [policy.id]
        cleared = uow.contracts.update(read, number=None)
        assert (cleared.number, cleared.number_tail) == (None, "")
        assert uow.contracts.with_number("P2025ABC1234") == []


def test_contracts_of_a_client_come_by_the_day_they_end_and_endless_ones_last(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client, other = a_client(uow), a_client(uow, "李强")
        late = a_policy(uow, client, ends_on=date(2026, 1, 1))
        fund = a_contract(uow, client, "fund", ends_on=None)
        soon = a_policy(uow, client, ends_on=date(2025, 7, 1))
        insured = a_policy(uow, other, ends_on=date(2025, 8, 1))
        uow.contracts.add_party(insured.id, "lixiang", "insured", client.name, client.id)

        of_client = uow.contracts.of_client(client.id)
        assert [c.id for c in of_client] == [soon.id, insured.id, late.id, fund.id]
        assert [c.id for c in uow.contracts.of_client(client.id, ["fund"])] == [fund.id]


def test_a_contract_moves_only_to_a_state_its_kind_allows(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        policy = a_policy(uow, a_client(uow))
        kind = uow.packs.kind("policy")
        final = next(state.name for state in kind.states if state.final)
        ended = policy
        while ended.state != final:
            step = next((m for m in kind.state(ended.state).moves if m == final), None)
            ended = uow.contracts.update(ended, state=step or kind.state(ended.state).moves[0])

        with pytest.raises(Invalid, match="终态") as error:
            uow.contracts.update(ended, state=policy.state)
    assert error.value.field == "state"


def test_two_people_who_change_one_contract_do_not_overwrite_each_other(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        policy = a_policy(uow, a_client(uow), due_on=[date(2025, 7, 1)])
        uow.contracts.update(policy, premium=Decimal(1))
        with pytest.raises(Conflict):
            uow.contracts.update(policy, premium=Decimal(2))

        due = uow.contracts.instalments([policy.id])[0]
        uow.contracts.pay(due, date(2025, 6, 9))
        with pytest.raises(Conflict):
            uow.contracts.pay(due, date(2025, 6, 9))


def test_paid_instalments_are_not_due(database: Database, clock: MovableClock, cast: Cast) -> None:
    days = [date(2025, 7, 1), date(2025, 8, 1), date(2025, 9, 1)]
    with database.transaction(cast.li, clock.now()) as uow:
        loan = a_loan(uow, a_client(uow), due_on=days)
        uow.contracts.pay(uow.contracts.instalments([loan.id])[0], date(2025, 7, 1))

        due = uow.contracts.due_between(days[0], days[1], ["loan"])
    assert [part.due_on for part in due] == [days[1]]


def test_the_latest_word_on_a_consent_counts(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        uow.consents.record(client, "marketing", True, channel="chat", evidence="电话 19900001234")
        uow.consents.record(client, "service", True, channel="chat")
        uow.consents.record(client, "marketing", False, channel="chat")

        assert uow.consents.granted(client.id) == {"service"}
        assert uow.consents.asked(client.id) == {"marketing", "service"}


def test_numbers_in_a_note_are_masked_before_they_are_kept(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow)
        written = uow.interactions.add(client, "call", "她的新号码是 19900001234")
        read = uow.interactions.of_client(client.id)

    assert read == [written]
    assert written.text == "她的新号码是 199****1234"


def test_a_column_without_a_field_in_the_packs_is_audited_all_the_same(
    database: Database, clock: MovableClock, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(database.dictionary), "fields", lambda *a, **k: [])
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, stage="lead", phone=None)
        uow.clients.update(client, stage="active")

    with database.engine.begin() as conn:
        newest = audit.entries_about(conn, client.id)[0]
    assert newest.detail["fields"] == [["stage", "lead", "active"]]


def test_a_field_no_pack_declares_is_refused(database: Database, clock: MovableClock, cast: Cast) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        client = a_client(uow, phone=a_phone())
        with pytest.raises(KeyError):
            uow.clients.update(client, shoe_size=38)


@pytest.mark.parametrize("user_id", ["a/b", "a|b", "@all!", "a b", "", "a" * 65, "王"])
def test_a_userid_that_wecom_would_not_give_is_refused(
    sqlite_database: Database, clock: MovableClock, user_id: str
) -> None:
    with sqlite_database.system(clock.now()) as uow, pytest.raises(Invalid, match="成员账号"):
        uow.users.add(user_id, "某人", "adviser")


def test_a_member_is_found_in_any_case_and_only_added_once(
    database: Database, clock: MovableClock, cast: Cast
) -> None:
    with database.system(clock.now()) as uow:
        assert uow.users.get("LiXiang") == cast.lixiang
        assert [user.id for user in uow.users.named("李顾问")] == ["lixiang"]
        with pytest.raises(Invalid, match="已经存在"):
            uow.users.add("LIXIANG", "又一个", "adviser")
        with pytest.raises(Invalid, match="找不到上级"):
            uow.users.add("neu", "新人", "adviser", "nobody")
        uow.users.deactivate(cast.lixiang)
        assert uow.users.named("李顾问") == []
        assert not uow.users.get("lixiang").active
