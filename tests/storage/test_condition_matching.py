"""Whom conditions choose, on both kinds of database: every test is true or false of each client, never neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from storage.conditions import View, compiled, read
from storage.conditions.facts import Fact, FieldFact
from storage.conditions.operators import OPS, SIGNS
from storage.conditions.vocabulary import vocabulary_of
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Actor
from tests.builders import Cast, a_client, a_contract, a_firm, a_policy, a_user

TODAY = date(2025, 6, 9)  # the clock of the tests stands at 09:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
Choose = Callable[..., str]


@pytest.fixture
def choose(database: Database, cast: Cast, clock: MovableClock) -> Choose:
    """The names of those whom a condition chooses, in a book of four and a firm; 陈默 has a client of his own."""
    now = clock.now()
    with database.system(now) as uow:
        anna = a_client(
            uow, "安娜", gender="F", birthday=date(1975, 6, 9), bank_tier="贵宾", aum=Decimal(800000), city="上海",
            last_contact_at=now - timedelta(days=31), annual_income=Decimal("250000.50"), has_car=True, children=2,
            occupation="IT经理",
        )
        a_contract(uow, anna, "fund", state="active", product_code="SEC-BD-01", product_name="远帆纯债", ends_on=None)
        a_contract(uow, anna, "fund", state="active", product_code="SEC-EQ-01", product_name="星锐成长", ends_on=None)
        uow.clients.add_tag(anna, "临近退休", "")
        bob = a_client(
            uow, "包博", gender="M", birthday=date(1975, 6, 10), bank_tier="贵宾", aum=Decimal(500000), city="北京",
            last_contact_at=now - timedelta(days=30), has_car=False, id_expires_on=TODAY + timedelta(days=30),
        )
        a_policy(uow, bob, state="active", product_code="INS-CI-01", product_name="安康重疾险", ends_on=date(2025, 7, 9))
        a_policy(uow, bob, state="active", product_code="INS-CAR-01", product_name="畅行车险", ends_on=date(2026, 6, 1),
                 premium=Decimal(20000))
        carl = a_client(uow, "蔡卡", bank_tier="私行", last_contact_at=now - timedelta(days=29), stage="lost")
        a_policy(uow, carl, state="surrendered", product_code="INS-CI-01", product_name="安康重疾险")
        a_client(uow, "丁达")
        a_firm(uow, "安和有限公司", registered_capital=Decimal(5_000_000))
        a_client(uow, "外人", owner_id="chenmo", bank_tier="贵宾")

    def names(text: str, actor: Actor | None = None) -> str:
        with database.transaction(actor or cast.li, now) as uow:
            tree = read(text, uow.dictionary, uow.actor.role, TODAY)
            condition = compiled(tree, View(uow.packs, TODAY, ZONE))
            found = sorted(row.name[0] for row in uow.clients.matching(condition, 50))
            assert uow.clients.count(condition) == len(found)
            return "".join(found)

    return names


CHOSEN = {
    "贵宾": "包安",
    "非 贵宾": "丁安蔡",
    "贵宾 或 私行": "包安蔡",
    "不是 贵宾 且 不是 私行": "丁安",
    "银行等级 为空": "丁安",
    "银行等级 不是 贵宾": "丁安蔡",
    "女": "安",
    "企业客户": "安",
    "姓安": "安",
    # a day without contact counts from local midnight; who was never met counts from the day of entry
    "30天未联系": "包安",
    "31天未联系": "安",
    "29天未联系": "包安蔡",
    "30天内联系过": "蔡",
    "从未联系": "丁安",
    "上次联系 在 30 天内": "蔡",
    # money, numbers and truth in columns and in JSON
    "管理资产 50万以上": "包安",
    "管理资产 大于 50万": "安",
    "管理资产 在 40万 到 60万 之间": "包",
    "非 管理资产 50万以上": "丁安蔡",
    "年收入 大于 25万": "安",
    "年收入 不超过 25万": "",
    "注册资本 不低于 500万": "安",
    "子女 是 2": "安",
    "有车": "安",
    "有无车辆 否": "包",
    "非 有车": "丁包安蔡",
    "城市 上海、北京": "包安",
    "城市 包含 上": "安",
    "城市 为空": "丁安蔡",
    # of age on the birthday itself
    "50岁以上": "安",
    "年龄 小于 50": "包",
    "年龄 在 49 到 50 之间": "包安",
    "年龄 为空": "丁安蔡",
    "年龄 不是 49": "安",
    "建档日 为空": "",
    "上次联系 不是 2025-05-10": "丁安安蔡",
    # contracts that are over do not count
    "持有基金": "安",
    "持有重疾险": "包",
    "没有重疾险": "丁安安蔡",
    "基金 数量 >= 2": "安",
    "基金 数量 >= 3": "",
    "保单 2 张以上": "包",
    "保单 少于 1": "丁安安蔡",
    "到期日 在 30 天内": "包",
    "到期日 早于 2025-07-09": "",
    # what is said side by side is of one contract
    "持有重疾险 且 到期日 在 30 天内": "包",
    "持有车险 且 到期日 在 30 天内": "",
    "保费 大于 15000 且 到期日 在 30 天内": "",
    "(保费 大于 15000) 且 (到期日 在 30 天内)": "包",
    "持有重疾险 且 持有车险": "包",
    "重疾险 1万以上": "包",
    # only their state can be asked of contracts that are over
    "状态 是 已退保": "蔡",
    "非 状态 是 已退保": "丁包安安",
    "职业 包含 it": "安",
    "职业 是 IT经理": "安",
    "职业 不是 it经理": "丁包安蔡",
    "城市 不是 上海、北京": "丁安蔡",
    "没有 (贵宾 或 私行)": "丁安",
    "年龄 是 49、50": "包安",
    # birthdays to come, over the end of the year too
    "生日 在 1 天内": "包安",
    "6月生日": "包安",
    "7月生日": "",
    "30天未联系 且 30天内联系过": "",
    "证件到期日 在 30 天内": "包",
    "标签 临近退休": "安",
    "标签 为空": "丁包安蔡",
    "贵宾 且 30天未联系 且 持有基金": "安",
    "建档日 是 今天": "丁包安安蔡",
}


@pytest.mark.parametrize("text", CHOSEN)
def test_chooses(choose: Choose, text: str) -> None:
    assert choose(text) == "".join(sorted(CHOSEN[text]))


def test_nobody_chooses_from_a_foreign_book(choose: Choose, cast: Cast) -> None:
    assert choose("贵宾", cast.chen) == "外"
    assert choose("贵宾", cast.wang) == "包安"
    assert choose("贵宾", cast.zhou) == "外"
    assert choose("贵宾", cast.shen) == "包外安"
    assert choose("贵宾", cast.he) == ""


def test_a_percent_sign_and_an_underscore_are_themselves(choose: Choose) -> None:
    assert choose("城市 包含 %") == choose("城市 包含 _") == ""


def test_the_longest_silence_comes_first(database: Database, cast: Cast, clock: MovableClock, choose: Choose) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        tree = read("贵宾 或 私行", uow.dictionary, "adviser", TODAY)
        rows = uow.clients.matching(compiled(tree, View(uow.packs, TODAY, ZONE)), 2)
        assert [row.name for row in rows] == ["安娜", "包博"]


def test_a_thirty_part_condition_is_one_statement(database: Database, cast: Cast, clock: MovableClock) -> None:
    with database.transaction(cast.li, clock.now()) as uow:
        a_user(uow, "somebody")
        text = " 或 ".join(["贵宾", "30天未联系", "持有基金", "标签 临近退休", "50岁以上"] * 6)
        tree = read(text, uow.dictionary, "adviser", TODAY)
        assert uow.clients.count(compiled(tree, View(uow.packs, TODAY, ZONE))) == 0


@pytest.mark.parametrize("word", [
    "管理资产", "年收入", "年龄", "子女数", "到期日", "上次联系", "建档日", "所在城市", "性别", "标签", "有无车辆", "状态", "保费",
])
def test_whatever_may_be_asked_of_a_fact_can_be_answered(
    database: Database, cast: Cast, clock: MovableClock, word: str
) -> None:
    values = {"money": "1万", "integer": "3", "date": "2025-01-01", "text": "上海", "tag": "高净值", "boolean": "是"}
    with database.transaction(cast.li, clock.now()) as uow:
        vocabulary = vocabulary_of(uow.dictionary, "adviser")
        fact = vocabulary.fact(word)
        assert fact is not None
        value = values.get(fact.type) or vocabulary_value(fact)
        for op in OPS[fact.type]:
            written = f"{word} 在 {value} 到 {value} 之间" if op == "between" else f"{word} {SIGNS[op]} {value}"
            tree = read(written.removesuffix(f" {value}") if op in ("empty", "filled") else written, uow.dictionary, "adviser", TODAY)
            assert uow.clients.count(compiled(tree, View(uow.packs, TODAY, ZONE))) == 0


def vocabulary_value(fact: Fact) -> str:
    """The first choice of a field."""
    assert isinstance(fact, FieldFact)
    return fact.spec.choices[0].label
