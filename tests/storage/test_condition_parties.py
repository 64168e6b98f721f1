"""Conditions on who is in a contract, and on whose contracts a client is in; on both databases."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from reminders.trial import try_out
from storage.conditions import Unreadable, View, compiled, describe, read
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client, a_contract, a_loan, a_rule

TODAY = date(2025, 6, 9)
ZONE = ZoneInfo("Asia/Shanghai")


def chosen(uow: UnitOfWork, text: str) -> set[str]:
    """The names of those whom a condition chooses."""
    tree = read(text, uow.dictionary, uow.actor.role, TODAY)
    return {row.name for row in uow.clients.matching(compiled(tree, View(uow.packs, TODAY, ZONE)), 100)}


def a_policy_of(uow: UnitOfWork, holder: Client, *people: tuple[str, str, int | None], **values: object) -> None:
    a_contract(uow, holder, "policy", people=[("holder", holder.name, holder.id), *people], **values)


@pytest.fixture
def family(database: Database, cast: Cast, clock: MovableClock) -> dict[str, Client]:
    """王芳 insures herself for 李强; 李强 insures his child, with nobody named; 赵敏 stands surety for 周凯's loan;
    安娜 has one without a beneficiary; 何静 had one in which 赵敏 was insured, and it is over."""
    with database.transaction(cast.li, clock.now()) as uow:
        of = {name: a_client(uow, name) for name in ("王芳", "李强", "赵敏", "周凯", "安娜", "何静", "孙立")}
        fang, qiang, min_, kai, anna, jing = (of[n] for n in ("王芳", "李强", "赵敏", "周凯", "安娜", "何静"))
        a_policy_of(uow, fang, ("insured", "王芳", fang.id), ("beneficiary", "李强", qiang.id), product_name="康佑重疾险")
        a_policy_of(uow, qiang, ("insured", "李小宝", None), product_name="暖阳医疗险")
        loan = a_loan(uow, kai)
        uow.contracts.add_party(loan.id, kai.owner_id, "guarantor", "赵敏", min_.id)
        a_policy_of(uow, anna, ("insured", "安娜", None))
        a_policy_of(uow, jing, ("insured", "赵敏", min_.id), state="surrendered")
    return of


@pytest.mark.parametrize(("text", "names"), [
    ("被保险人 是 本人", {"王芳", "安娜"}), ("被保人 是本人", {"王芳", "安娜"}), ("被保险人是自己", {"王芳", "安娜"}),
    ("被保险人 不是 本人", {"李强"}), ("被保险人 是 别人", {"李强"}), ("被保险人 是 李小宝", {"李强"}),
    ("被保险人 不是 别人", {"王芳", "安娜"}),
    ("受益人 为空", {"李强", "安娜"}), ("没有受益人", {"李强", "安娜"}), ("未指定受益人", {"李强", "安娜"}), ("受益人 不为空", {"王芳"}),
    ("有受益人", {"王芳"}), ("受益人 是 李强", {"王芳"}), ("担保人 是 赵敏", {"周凯"}), ("有担保人", {"周凯"}),
    ("是受益人", {"李强"}), ("是别人保单的受益人", {"李强"}), ("是担保人的客户", {"赵敏"}), ("作为担保人", {"赵敏"}),
    ("是被保险人", {"王芳"}), ("是别人合同的被保险人", set()),
    ("不是受益人", {"王芳", "赵敏", "周凯", "安娜", "何静", "孙立"}),
    ("非 (被保险人 是 本人)", {"李强", "赵敏", "周凯", "何静", "孙立"}),
    ("被保险人 是 本人 且 受益人 是 李强", {"王芳"}), ("被保险人 不是 本人 且 受益人 不为空", set()),
    ("持有暖阳医疗险 且 被保险人 不是 本人", {"李强"}), ("状态 已退保 且 被保险人 是 赵敏", {"何静"}),
])  # fmt: skip
def test_parties_choose_clients(
    database: Database, cast: Cast, clock: MovableClock, family: dict[str, Client], text: str, names: set[str]
) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, text) == names
        told = describe(read(text, uow.dictionary, "adviser", TODAY))
        assert chosen(uow, told) == names, f"what is told back is read alike: {told}"


def test_a_contract_in_a_colleagues_book_tells_nothing(
    database: Database, cast: Cast, clock: MovableClock, family: dict[str, Client]
) -> None:
    with database.system(clock.now()) as uow:
        theirs = a_client(uow, "钱多", owner_id="chenmo")
        a_policy_of(uow, theirs, ("insured", "孙立", family["孙立"].id))
    with database.transaction(cast.li, clock.now()) as uow:
        assert "孙立" not in chosen(uow, "是被保险人")


@pytest.mark.parametrize(("text", "why"), [
    ("受益人", "请写清楚"), ("被保险人 是 12345", "后面的「12345」看不懂"), ("被保险人 是 ", "看不懂"), ("受益人 包含 法定", "加密保存"), ("受益人 是 法定", "加密保存"),
])  # fmt: skip
def test_what_says_too_little_is_asked_back(database: Database, cast: Cast, clock: MovableClock, text: str, why: str) -> None:
    with database.transaction(cast.li, clock.now()) as uow, pytest.raises(Unreadable, match=why):
        read(text, uow.dictionary, "adviser", TODAY)


def test_a_rule_on_contracts_asks_for_the_parties_of_its_own_one(
    database: Database, cast: Cast, clock: MovableClock, family: dict[str, Client]
) -> None:
    with database.system(clock.now()) as uow:
        rule = a_rule(uow, id="ops_child", when="被保险人 不是 本人", offsets=[-30])
        trial = try_out(uow, rule, (), (TODAY, TODAY), ZONE)
        assert [sample.client_name for sample in trial.samples] == ["李强"]
