"""Amounts, numerals, protected numbers, and the way back to the user's own characters."""

from __future__ import annotations

import pytest

from handlers.language.amounts import find_amounts
from handlers.language.numerals import number
from handlers.language.spans import protect, quotes
from storage.model.normal import normalise


@pytest.mark.parametrize(("text", "value"), [
    ("12,000", 12000), ("1.2万", 12000), ("一万二", 12000), ("两百五", 250), ("3k5", 3500), ("伍拾万", 500000), ("半个亿", 50_000_000), ("1.5个亿", 150_000_000), ("100w", 1_000_000),
    ("一千二百三十四万五千六", 12345600), ("三百二十万五千", 3205000), ("1万2千5", 12500), ("十五", 15), ("廿三", 23), ("一百零五", 105), ("一万零五百", 10500), ("三点八五", 3.85),
    ("两千零五", 2005), ("十二亿三千万", 1_230_000_000), ("二零二五", 2025),
])
def test_a_number_is_read(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "万万岁", "一二点", "点"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(("text", "expected"), [
    ("月入2万", [(20000, "yuan", "monthly_income")]), ("年收入80个", [(800000, "yuan", "annual_income")]), ("放款20个", [(200000, "yuan", "amount")]),
    ("保额30万 年交5200", [(300000, "yuan", "sum_insured"), (5200, "yuan", "premium")]), ("利率3.85%", [(3.85, "percent", "rate_percent")]), ("利率3.85", [(3.85, "percent", "rate_percent")]),
    ("百分之三点五", [(3.5, "percent", "")]), ("伍拾万元整", [(500000, "yuan", "")]), ("三千块", [(3000, "yuan", "")]), ("50万三年期", [(500000, "yuan", "")]), ("涨了两个点", [(2, "percent", "")]),
    ("1.5个亿", [(150_000_000, "yuan", "")]), ("１２０００元", [(12000, "yuan", "")]), ("50万保额", [(500000, "yuan", "sum_insured")]),
    ("四毛二", [(0.42, "yuan", "")]), ("十块八", [(10.8, "yuan", "")]), ("押金300", [(300, "yuan", "")]), ("剩八万五月底付", [(85000, "yuan", "")]), ("千分之八", [(0.8, "percent", "")]),
    ("15个基点", [(0.15, "percent", "")]), ("30bp", [(0.3, "percent", "")]), ("六成五", [(65, "percent", "")]), ("涨幅-2.5%", [(-2.5, "percent", "")]), ("负百分之三", [(-3, "percent", "")]),
    ("2%-3%", [(2, "percent", ""), (3, "percent", "")]), ("5到8万", [(50000, "yuan", ""), (80000, "yuan", "")]), ("40多万", [(400000, "yuan", "")]), ("¥8,000", [(8000, "yuan", "")]), ("月息六厘", [(0.6, "percent", "rate_percent")]),
    ("八成是不来了", []), ("九牛一毛", []), ("一成不变", []), ("打12378", []), ("5万美元", []),
    ("定投300一个月", [(300, "yuan", "amount")]), ("六千二百块五", [(6200.5, "yuan", "")]), ("两千多人", []), ("三四十万", []), ("六七千", []), ("三万多里", []), ("百万富翁", []), ("三分钱", [(0.03, "yuan", "")]),
    ("利率4.2降到3.7", [(4.2, "percent", "rate_percent"), (3.7, "percent", "rate_percent")]),
    ("万一", []), ("百万医疗", []), ("三天", []), ("3点", []), ("20个客户", []), ("千万别忘", []), ("一起", []), ("30岁", []), ("36期", []), ("一百分", []),
])
def test_amounts_are_found_with_unit_and_label(text: str, expected: list[tuple[float, str, str]]) -> None:
    assert [(a.value, a.unit, a.role) for a in find_amounts(normalise(text).text) if a.unit != "plain"] == expected


@pytest.mark.parametrize(("text", "kind", "value"), [
    ("138 0000 0001", "phone", "13800000001"), ("+86 13800000001", "phone", "13800000001"), ("１３８００００００01", "phone", "13800000001"), ("138-0000-0001", "phone", "13800000001"),
    ("幺三八零零零零零零零幺", "phone", "13800000001"), ("身份证110105199003071234", "id_number", "110105199003071234"), ("11010519900307123x", "id_number", "11010519900307123X"),
    ("身份证 1101051990030712", "id_number", "1101051990030712"), ("统一代码 91110108MA01ABCD2X", "licence_code", "91110108MA01ABCD2X"), ("尾号0001", "phone_tail", "0001"),
    ("#2048", "ticket_no", "2048"), ("工单T123", "ticket_no", "123"), ("保单号P2023000123", "policy_no", "P2023000123"), ("wf@test.com", "email", "wf@test.com"), ("手机1380000000", "phone", "1380000000"),
])
def test_a_protected_number_is_found_and_kept_as_typed(text: str, kind: str, value: str) -> None:
    assert [(p.kind, p.value) for p in protect(normalise(text).text)] == [(kind, value)]


def test_a_ticket_number_is_not_a_year_and_a_date_is_not_a_number() -> None:
    assert protect("2048年") == []
    assert protect("20250612") == []


def test_quotations_are_found() -> None:
    assert [q.value for q in quotes(normalise("他说“取消吧”，再说「好」").text)] == ["取消吧", "好"]


@pytest.mark.parametrize(("said", "text"), [("歐陽娜的保單", "欧阳娜的保单"), ("ＡＢＣ１２３", "abc123"), ("②", "2"), ("３：３０", "3:30"), ("下午３点，见", "下午3点,见"), ("手機號碼", "手机号码")])
def test_text_is_normalised(said: str, text: str) -> None:
    assert normalise(said).text == text


def test_every_place_leads_back_to_the_users_own_characters() -> None:
    normal = normalise("王\u200b芳㎏👀明天")
    assert normal.original(0, 2) == "王\u200b芳"
    assert normal.original(normal.text.index("明"), len(normal.text)) == "明天"
