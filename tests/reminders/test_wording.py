from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.pack import Packs
from reminders.wording import Scene, category_word, list_line, salutation, sentence, suggestion
from storage.model.people import User
from storage.model.work import Reminder
from storage.repositories.subjects import ClientFacts, ContractFacts, InstalmentFacts, Subject
from storage.rules import RuleBook

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)
NOW = datetime(2025, 6, 9, 8, 30, tzinfo=ZONE)


@pytest.fixture
def scene(packs: Packs) -> Scene:
    return Scene(packs, RuleBook.of(packs), TODAY, ZONE, User("lixiang", "李顾问", "adviser"), company="")


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def a_reminder(rule: str, category: str, *, due: int = 0, shown: int = 0, **values: Any) -> Reminder:
    filled: dict[str, Any] = {
        "id": 1, "key": "k", "rule": rule, "category": category, "receiver_id": "lixiang", "owner_id": "lixiang",
        "client_id": 7, "object_type": "client", "object_id": 7, "due_on": on(due), "offset_days": 0,
        "remind_at": NOW - timedelta(days=shown), "weight": 50, "client_name": "王芳", **values,
    }  # fmt: skip
    return Reminder(**filled)


def a_client(**values: Any) -> ClientFacts:
    filled: dict[str, Any] = {
        "id": 7, "name": "王芳", "kind": "individual", "gender": "F", "birthday": date(1985, 6, 9),
        "birthday_calendar": "solar", "lunar_birthday": None, "bank_tier": "贵宾", "insurance_tier": None,
        "last_contact_at": NOW - timedelta(days=45), "created_at": NOW - timedelta(days=400), **values,
    }  # fmt: skip
    return ClientFacts(**filled)


POLICY = ContractFacts(3, "policy", "active", "暖阳百万医疗", "0001", on(7), Decimal(5200), None)
PART = InstalmentFacts(4, 3, 3, on(0), on(60), Decimal(12000), "due")
ABOUT_POLICY = Subject(a_client(), POLICY)
ABOUT_PART = Subject(a_client(), POLICY, PART)
ABOUT_CLIENT = Subject(a_client())


@pytest.mark.parametrize(
    ("reminder", "subject", "line"),
    [
        (a_reminder("policy_renewal", "renewal", due=7), ABOUT_POLICY, "王芳 暖阳百万医疗 还剩 7 天"),
        (a_reminder("policy_renewal", "renewal"), ABOUT_POLICY, "王芳 暖阳百万医疗 今天到期"),
        (a_reminder("policy_renewal", "renewal", due=-2, shown=2), ABOUT_POLICY,
         "王芳 暖阳百万医疗 已过 2 天（顺延 2 天）"),
        (a_reminder("premium_due", "premium"), ABOUT_PART, "王芳 暖阳百万医疗 第 3 期 今天应缴"),
        (a_reminder("premium_in_grace", "premium", due=-10), ABOUT_PART, "王芳 暖阳百万医疗 第 3 期 逾期 10 天"),
        (a_reminder("premium_before_lapse", "premium", due=7), ABOUT_PART,
         "王芳 暖阳百万医疗 第 3 期 宽限期还剩 7 天"),
        (a_reminder("premium_before_lapse", "premium", due=0, shown=1), ABOUT_PART,
         "王芳 暖阳百万医疗 宽限期今天截止（顺延 1 天）"),
        (a_reminder("loan_repayment", "repayment"), ABOUT_PART, "王芳 暖阳百万医疗 第 3 期 今天应还"),
        (a_reminder("birthday", "birthday"), ABOUT_CLIENT, "王芳 今天生日"),
        (a_reminder("birthday", "birthday", due=-1, shown=1), ABOUT_CLIENT, "王芳 生日已过 1 天（顺延 1 天）"),
        (a_reminder("follow_up_due", "follow_up"), ABOUT_CLIENT, "王芳 约好今天回访"),
        (a_reminder("id_document_expiry", "expiry", due=30), ABOUT_CLIENT, "王芳 证件 还剩 30 天"),
        (a_reminder("risk_class_expiry", "expiry"), ABOUT_CLIENT, "王芳 风险测评 今天到期"),
        (a_reminder("silent_client", "silence"), ABOUT_CLIENT, "王芳 45 天没联系"),
        (a_reminder("silent_client", "silence"), Subject(a_client(last_contact_at=None)), "王芳 400 天没联系"),
        (a_reminder("policy_renewal", "renewal", due=7), Subject(), "王芳 还剩 7 天"),
        (a_reminder("manual", "task", text="送资料", timed=True), ABOUT_CLIENT, "08:30 王芳 送资料"),
        (a_reminder("manual", "follow_up", text="回访 王芳：养老"), ABOUT_CLIENT, "回访 王芳：养老"),
        (a_reminder("manual", "task", text="打印资料", client_name="", client_id=None), Subject(), "打印资料"),
    ],
)  # fmt: skip
def test_a_line_says_who_what_and_how_long(scene: Scene, reminder: Reminder, subject: Subject, line: str) -> None:
    assert list_line(reminder, subject, scene) == line


def test_a_long_product_is_cut_and_the_time_is_kept(scene: Scene) -> None:
    long = ContractFacts(3, "policy", "active", "传承增额终身寿险（尊享版）第二代计划", "0001", on(7), None, None)
    line = list_line(a_reminder("policy_renewal", "renewal", due=7, shown=2), Subject(a_client(), long), scene)
    assert len(line) <= 30
    assert line.startswith("王芳 传承")
    assert line.endswith("… 还剩 7 天（顺延 2 天）")


def test_the_sentence_comes_from_the_template(scene: Scene) -> None:
    reminder = a_reminder("premium_due", "premium")
    assert sentence(reminder, ABOUT_PART, scene) == "王芳 的暖阳百万医疗（尾号 0001） 6 月 9 日 应缴 1.2 万元。"


def test_without_a_value_the_sentence_falls_back_to_the_line(scene: Scene) -> None:
    assert sentence(a_reminder("premium_due", "premium"), Subject(), scene) == "王芳 今天应缴"


class TestSuggestions:
    def test_follow_the_tier(self, scene: Scene) -> None:
        found = suggestion(a_reminder("birthday", "birthday"), ABOUT_CLIENT, scene)
        assert found is not None
        assert found.text.startswith("王女士，生日快乐！感谢您一直以来的信任")

    def test_fall_back_to_the_common_wording_where_a_value_is_missing(self, scene: Scene) -> None:
        found = suggestion(a_reminder("birthday", "birthday"), Subject(a_client(bank_tier="私行")), scene)
        assert found is not None
        assert found.text == "王女士，生日快乐！祝您平安健康，事事顺心。——李顾问"

    def test_are_not_made_up_and_say_what_is_missing(self, scene: Scene) -> None:
        found = suggestion(a_reminder("birthday", "birthday"), Subject(), scene)
        assert found is not None
        assert found.text == ""
        assert "客户称呼" in found.problem

    def test_there_is_none_where_the_rule_has_none(self, scene: Scene) -> None:
        assert suggestion(a_reminder("follow_up_due", "follow_up"), ABOUT_CLIENT, scene) is None
        assert suggestion(a_reminder("manual", "task"), ABOUT_CLIENT, scene) is None

    def test_a_lunar_birthday_is_named_as_such(self, scene: Scene) -> None:
        born = Subject(a_client(birthday_calendar="lunar", lunar_birthday=514))
        assert "农历五月十四" in sentence(a_reminder("birthday", "birthday"), born, scene)


@pytest.mark.parametrize(
    ("name", "gender", "firm", "spoken"),
    [
        ("王芳", "F", False, "王女士"), ("欧阳明", "M", False, "欧阳先生"), ("李强", None, False, "李强"),
        ("宏达科技有限公司", None, True, "宏达科技有限公司"),
    ],
)  # fmt: skip
def test_people_are_spoken_to_by_surname(name: str, gender: str | None, firm: bool, spoken: str) -> None:
    assert salutation(name, gender, firm=firm) == spoken


def test_every_category_of_the_packs_has_a_word_of_two_characters(packs: Packs) -> None:
    assert all(len(category_word(rule.category)) == 2 for rule in packs.rules)
    assert {category_word(rule.category) for rule in packs.rules}.isdisjoint({"待办"})


def test_what_would_break_off_inside_of_a_bracket_loses_the_bracket(scene: Scene) -> None:
    told = a_reminder("manual", "assets", shown=1, text="王芳 管理资产 30 天降了 38%（1,234,567 元→765,432 元）")
    assert list_line(told, ABOUT_CLIENT, scene) == "王芳 管理资产 30 天降了 38%（顺延 1 天）"
