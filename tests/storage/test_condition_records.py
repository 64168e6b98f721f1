"""Conditions over what hangs on a client: SQL chooses whom Python chooses of the same records, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from config.pack import PackStore
from storage.conditions import Unreadable, View, compiled, describe, read
from storage.conditions.checking import withheld
from storage.conditions.facts import FieldFact
from storage.conditions.operators import OPS, SIGNS
from storage.conditions.record_facts import RECORDS
from storage.conditions.vocabulary import vocabulary_of
from storage.database import Database, UnitOfWork
from storage.dictionary import Dictionary
from storage.model.accounts import Entry
from storage.model.clock import MovableClock
from storage.products import sync_products
from tests.builders import Cast, a_client, a_contract, a_loan, a_policy, an_account

TODAY = date(2025, 6, 9)  # the clock of the tests stands at 09:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def dictionary(pack_store: PackStore) -> Dictionary:
    return Dictionary(pack_store.current)


def chosen(uow: UnitOfWork, text: str) -> set[str]:
    """The names of those whom a condition chooses."""
    tree = read(text, uow.dictionary, uow.actor.role, TODAY)
    return {row.name for row in uow.clients.matching(compiled(tree, View(uow.packs, TODAY, ZONE)), 100)}


@dataclass(frozen=True)
class Part:
    """An instalment as a test writes it down: due so many days from today."""

    days: int
    amount: int
    paid: bool
    over: bool  # its contract is


@pytest.fixture
def parts(database: Database, cast: Cast, clock: MovableClock) -> dict[str, list[Part]]:
    """Thirty clients with up to four instalments each, by name."""
    chance = random.Random(5)
    written = {
        f"客户{n}": [
            Part(chance.choice((-40, -1, 0, 29, 30, 31)), chance.choice((3000, 5000, 9000)), chance.random() < 0.4,
                 chance.random() < 0.25)
            for _ in range(n % 5)
        ] for n in range(30)
    }  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        for name, several in written.items():
            client = a_client(uow, name)
            for part in several:
                policy = a_policy(uow, client, state="surrendered" if part.over else "active")
                uow.contracts.add_instalments(policy, [{
                    "number": 1, "due_on": TODAY + DAY * part.days, "amount": Decimal(part.amount),
                    "state": "paid" if part.paid else "due",
                }])
    return written


INSTALMENTS: dict[str, Callable[[Part], bool]] = {
    "应缴日 在 30 天内": lambda p: 0 <= p.days <= 30,
    "应缴金额 5000以上": lambda p: p.amount >= 5000,
    "缴费状态 逾期": lambda p: not p.paid and p.days < 0,
    "逾期未缴": lambda p: not p.paid and p.days < 0,
    "缴费状态 不是 逾期": lambda p: p.paid or p.days >= 0,
    "还款状态 已缴": lambda p: p.paid,
    "应缴日 在 30 天内 且 应缴金额 5000以上 且 缴费状态 待缴":
        lambda p: 0 <= p.days <= 30 and p.amount >= 5000 and not p.paid,
    "30天内 应缴金额 5000以上": lambda p: 0 <= p.days <= 30 and p.amount >= 5000,
    "逾期未缴 且 应缴金额 大于 5000": lambda p: not p.paid and p.days < 0 and p.amount > 5000,
}


@pytest.mark.parametrize("text", INSTALMENTS)
def test_one_instalment_of_a_contract_in_force_passes_all_that_is_said_side_by_side(
    database: Database, cast: Cast, clock: MovableClock, parts: dict[str, list[Part]], text: str
) -> None:
    expected = {name for name, of in parts.items() if any(INSTALMENTS[text](p) and not p.over for p in of)}
    assert 0 < len(expected) < len(parts)
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, text) == expected
        assert chosen(uow, f"非 ({text})") == {*parts} - expected


def test_brackets_ask_of_another_instalment(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        anna = a_client(uow, "安娜")
        a_policy(uow, anna, premium=9000, due_on=[TODAY + DAY * 90])
        a_loan(uow, anna, repayment=100, due_on=[TODAY + DAY])
        assert chosen(uow, "应缴日 在 30 天内 且 应缴金额 5000以上") == set()
        assert chosen(uow, "(应缴日 在 30 天内) 且 (应缴金额 5000以上)") == {"安娜"}


@pytest.fixture
def deals(database: Database, cast: Cast, clock: MovableClock) -> dict[str, list[tuple[str, int | None, int]]]:
    """Opportunities by name: (stage, amount in 万 if known, days until it is expected)."""
    chance = random.Random(7)
    written = {
        f"客户{n}": [
            (chance.choice(("lead", "contacted", "won")), chance.choice((None, 5, 20)), chance.choice((-3, 10, 60)))
            for _ in range(n % 4)
        ] for n in range(30)
    }  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        for name, several in written.items():
            client = a_client(uow, name)
            for stage, amount, days in several:
                uow.opportunities.add(
                    client, "基金", stage, amount=amount and Decimal(amount * 10_000), expected_on=TODAY + DAY * days
                )
    return written


DEALS: dict[str, Callable[[str, int | None, int], bool]] = {
    "商机阶段 有意向": lambda stage, amount, days: stage == "contacted",
    "商机阶段 不是 有意向": lambda stage, amount, days: stage != "contacted",
    "商机阶段 有意向、线索": lambda stage, amount, days: stage in ("contacted", "lead"),
    "商机金额 10万以上": lambda stage, amount, days: (amount or 0) >= 10,
    "商机金额 为空": lambda stage, amount, days: amount is None,
    "预计成交日 在 30 天内": lambda stage, amount, days: 0 <= days <= 30,
    "商机阶段 有意向 且 商机金额 10万以上": lambda stage, amount, days: stage == "contacted" and (amount or 0) >= 10,
    "预计成交日 早于 2025-06-09 且 商机阶段 线索": lambda stage, amount, days: days < 0 and stage == "lead",
}


@pytest.mark.parametrize("text", DEALS)
def test_one_opportunity_passes_all(
    database: Database, cast: Cast, clock: MovableClock, deals: dict[str, list[tuple[str, int | None, int]]], text: str
) -> None:
    expected = {name for name, of in deals.items() if any(DEALS[text](*deal) for deal in of)}
    assert 0 < len(expected) < len(deals)
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, text) == expected


@pytest.fixture
def sums(database: Database, cast: Cast, clock: MovableClock) -> dict[str, list[tuple[int, int, str]]]:
    """What moved on accounts, by name: (days ago, amount in 万, category)."""
    chance = random.Random(11)
    written = {
        f"客户{n}": [
            (chance.choice((0, 29, 30, 90)), chance.choice((-60, 20, 50, 80)), chance.choice(("salary", "transfer")))
            for _ in range(n % 4)
        ] for n in range(30)
    }  # fmt: skip
    with database.transaction(cast.li, clock.now()) as uow:
        for name, several in written.items():
            account = an_account(uow, a_client(uow, name))
            uow.accounts.enter(account, [
                Entry(TODAY - DAY * ago, Decimal(amount * 10_000), category, f"r{n}")
                for n, (ago, amount, category) in enumerate(several)
            ])
    return written


SUMS: dict[str, Callable[[int, int, str], bool]] = {
    "交易金额 50万以上": lambda ago, amount, category: amount >= 50,
    "交易金额 小于 -50万": lambda ago, amount, category: amount < -50,
    "30天内 交易金额 50万以上": lambda ago, amount, category: amount >= 50 and ago < 30,
    "近30天交易金额50万以上": lambda ago, amount, category: amount >= 50 and ago < 30,
    "本月 交易金额 50万以上": lambda ago, amount, category: amount >= 50 and ago == 0,
    "30天内 交易金额 50万以上 且 交易类别 工资":
        lambda ago, amount, category: amount >= 50 and ago < 30 and category == "salary",
}


@pytest.mark.parametrize("text", SUMS)
def test_one_sum_that_moved_passes_all(
    database: Database, cast: Cast, clock: MovableClock, sums: dict[str, list[tuple[int, int, str]]], text: str
) -> None:
    expected = {name for name, of in sums.items() if any(SUMS[text](*moved) for moved in of)}
    assert 0 < len(expected) < len(sums)
    with database.transaction(cast.li, clock.now()) as uow:
        assert chosen(uow, text) == expected


def test_contacts_are_asked_by_their_way_and_the_last_one_by_its_own(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    now: datetime = clock.now()
    with database.transaction(cast.li, now) as uow:
        for name, ways in {"安娜": ("visit", "call"), "包博": ("call", "visit", "care"), "蔡卡": ()}.items():
            client = a_client(uow, name)
            for ago, way in zip((40, 20, 10), ways, strict=False):
                uow.interactions.add(client, way, "…", happened_at=now - DAY * ago)
            uow.clients.touch(client, now - DAY * 20) if ways else None
            if name == "包博":  # nobody took it, so that it is no contact
                uow.interactions.add(client, "call", "没打通", happened_at=now - DAY)
        assert chosen(uow, "互动方式 电话") == {"安娜", "包博"}
        assert chosen(uow, "发生时间 在 30 天内 且 互动方式 拜访") == {"包博"}
        assert chosen(uow, "30天内 互动方式 电话 且 30天内联系过") == {"安娜", "包博"}
        assert chosen(uow, "上次联系方式 电话") == {"安娜"}
        assert chosen(uow, "上次联系方式 是 拜访") == {"包博"}
        assert chosen(uow, "上次联系方式 不是 拜访") == {"安娜", "蔡卡"}
        assert chosen(uow, "上次联系方式 电话、拜访") == {"安娜", "包博"}
        assert chosen(uow, "上次联系方式 为空") == {"蔡卡"}


def test_products_are_those_of_what_is_held(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.system(clock.now()) as uow:
        sync_products(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        funds = [product for product in uow.packs.products if product.kind == "fund"]
        risky = next(product for product in funds if product.risk_class == "R4")
        tame = next(product for product in funds if product.risk_class == "R2")
        anna, bob, carl = a_client(uow, "安娜"), a_client(uow, "包博"), a_client(uow, "蔡卡")
        for client, product, state in ((anna, risky, "active"), (anna, tame, "active"), (bob, tame, "active"),
                                       (carl, risky, "redeemed")):  # fmt: skip
            a_contract(uow, client, "fund", state=state, product_code=product.code, product_name=product.name,
                       amount=Decimal(100_000 if product is tame else 1000))
        assert chosen(uow, "持有产品风险等级 R4") == {"安娜"}
        assert chosen(uow, "没有 产品风险等级 R4") == {"包博", "蔡卡"}
        assert chosen(uow, "持有基金 且 产品风险等级 R4、R5") == {"安娜"}
        assert chosen(uow, "产品风险等级 R2 且 金额 5万以上") == {"安娜", "包博"}
        assert chosen(uow, "产品风险等级 R4 且 金额 5万以上") == set()  # the dear one is tame
        assert chosen(uow, f"提供机构 是 {risky.provider} 且 产品风险等级 R4") == {"安娜"}


def test_it_stays_one_statement_within_the_book_of_the_reader(
    database: Database, cast: Cast, clock: MovableClock
) -> None:
    text = "逾期未缴 且 商机阶段 有意向 且 30天内 交易金额 50万以上 且 账户类别 工资卡 且 互动方式 电话"
    with database.system(clock.now()) as uow:
        for name, owner in (("安娜", "lixiang"), ("外人", "chenmo")):
            client = a_client(uow, name, owner_id=owner)
            a_loan(uow, client, due_on=[TODAY - DAY])
            uow.opportunities.add(client, "基金", "contacted")
            uow.accounts.enter(an_account(uow, client), [Entry(TODAY, Decimal(500_000), "other", "r")])
            uow.interactions.add(client, "call", "…")
    for reader, sees in ((cast.li, {"安娜"}), (cast.chen, {"外人"}), (cast.shen, {"安娜", "外人"}), (cast.he, set())):
        with database.transaction(reader, clock.now()) as uow:
            assert chosen(uow, text) == sees
    asked: list[str] = []
    with database.transaction(cast.li, clock.now()) as uow:
        event.listen(uow.conn, "before_cursor_execute", lambda c, cur, sql, *rest: asked.append(sql))
        chosen(uow, text)
    assert len(asked) == 1


RECORD_FIELDS: Sequence[str] = (
    "应缴日", "应缴金额", "缴费状态", "第几期", "商机阶段", "商机金额", "商机产品", "预计成交日", "交易日", "交易金额", "交易类别",
    "互动方式", "发生时间", "上次联系方式", "账户类别", "账户余额", "产品风险等级", "提供机构", "需要双录",
)  # fmt: skip


@pytest.mark.parametrize("word", RECORD_FIELDS)
def test_whatever_may_be_asked_of_a_field_can_be_answered(
    database: Database, cast: Cast, clock: MovableClock, word: str
) -> None:
    values = {"money": "1万", "integer": "3", "date": "2025-01-01", "text": "上海", "boolean": "是"}
    with database.transaction(cast.li, clock.now()) as uow:
        fact = vocabulary_of(uow.dictionary, "adviser").fact(word)
        assert isinstance(fact, FieldFact)
        value = values.get(fact.type) or fact.spec.choices[0].label
        a_client(uow, "蔡卡")
        for op in OPS[fact.type]:
            written = f"{word} 在 {value} 到 {value} 之间" if op == "between" else f"{word} {SIGNS[op]} {value}"
            written = written.removesuffix(f" {value}") if op in ("empty", "filled") else written
            nobody = {"蔡卡"} if fact.label == "上次联系方式" and op in ("!=", "empty") else set()
            assert chosen(uow, written) == nobody, written


def test_every_choice_of_these_records_is_read_and_told_back(dictionary: Dictionary) -> None:
    for record in RECORDS:
        for spec in dictionary.fields(record):
            if spec.type == "choice" and vocabulary_of(dictionary, "adviser").field(spec.path):
                for choice in spec.choices:
                    said = describe(read(f"{spec.path} 是 {choice.label}", dictionary, "adviser", TODAY))
                    assert choice.label in said
                    again = read(said, dictionary, "adviser", TODAY)
                    assert describe(again) == said


RIGHTS = {
    "应缴日 在 30 天内": "instalment.due_on", "逾期未缴": "instalment.due_on", "缴费状态 逾期": "instalment.state",
    "商机阶段 有意向": "opportunity.stage", "30天内 交易金额 50万以上": "transaction.happened_on",
    "交易金额 50万以上": "transaction.amount", "上次联系方式 电话": "interaction.kind",
    "产品风险等级 R4": "product.risk_class",
}


@pytest.mark.parametrize("text", RIGHTS)
def test_who_may_not_see_the_field_may_not_ask(dictionary: Dictionary, text: str) -> None:
    specs = tuple(
        spec.model_copy(update={"see": ("compliance",)}) if spec.path == RIGHTS[text] else spec
        for spec in dictionary.packs.fields
    )
    narrow = Dictionary(replace(dictionary.packs, fields=specs))
    assert describe(read(text, narrow, "compliance", TODAY))
    with pytest.raises(Unreadable, match="无权查看"):
        read(text, narrow, "adviser", TODAY)
    label = narrow.field(*RIGHTS[text].split(".", 1)).label
    assert label in (withheld(text, narrow, "adviser") or ())
    assert withheld(text, dictionary, "adviser") == []
