"""The dictionary finds fields by what people call them, checks values, and shows no more than a role may see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from config.pack import FieldSpec, PackStore
from config.pack_columns import COLUMNS, INSTANT
from storage.dictionary import HIDDEN, ON_FILE, Dictionary, FieldChange
from storage.model.errors import Invalid
from storage.tables import (
    UTCDateTime,
    accounts,
    clients,
    contracts,
    instalments,
    interactions,
    opportunities,
    parties,
    products,
    transactions,
)

TODAY = date(2025, 6, 9)
ID_NUMBER = "110105199003071239"
LICENCE = "91110105MA01ABCD2" + uscc.calc_check_digit("91110105MA01ABCD2")


@pytest.fixture(scope="module")
def dictionary(pack_store: PackStore) -> Dictionary:
    """All built-in packs; it holds no state, so property tests may share it."""
    return Dictionary(pack_store.current)


def client(dictionary: Dictionary, name: str) -> FieldSpec:
    return dictionary.field("client", name)


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(("words", "name"), [
    ("手机号", "phone"), ("电话", "phone"), ("手机号改成13900000009", "phone"), ("把年收入改一下", "annual_income"),
    ("email", "email"), ("证件有效期", "id_expires_on"), ("风险等级", "risk_class"), ("AUM", "aum"), ("aum", "aum"),
    ("备用电话", "second_phone"), ("住址", "address"), ("农历生日", "lunar_birthday"), ("法人", "legal_representative"),
])
def test_a_field_is_found_by_any_of_its_words_the_longest_first(
    dictionary: Dictionary, words: str, name: str
) -> None:
    found = dictionary.find("client", words)
    assert found is not None
    assert found.name == name


def test_words_that_name_no_field_find_nothing(dictionary: Dictionary) -> None:
    assert dictionary.find("client", "今天天气不错") is None
    assert dictionary.find("nothing", "手机号") is None


def test_a_word_of_enterprises_is_not_found_for_a_person(dictionary: Dictionary) -> None:
    assert dictionary.find("client", "注册资本", applies_to="individual") is None


def test_an_enterprise_has_a_licence_and_no_marital_status(dictionary: Dictionary) -> None:
    names = {spec.name for spec in dictionary.fields("client", applies_to="enterprise")}
    assert "licence_code" in names
    assert not names & {"marital_status", "id_number", "gender"}


def test_fields_of_a_line_come_with_the_common_ones(dictionary: Dictionary) -> None:
    names = {spec.name for spec in dictionary.fields("client", line="insurance")}
    assert {"phone", "insurance_needs"} <= names
    assert "salary_card" not in names


def test_sections_follow_the_order_of_the_packs(dictionary: Dictionary) -> None:
    sections = dictionary.sections("client", applies_to="individual")
    assert sections[:3] == ["基本资料", "联系方式", "证件"]
    assert [s.name for s in dictionary.fields("client", section="证件")][:2] == ["id_type", "id_number"]


def test_every_fixed_column_of_the_packs_is_a_column_of_its_table() -> None:
    tables = {
        "client": clients, "contract": contracts, "party": parties, "instalment": instalments,
        "product": products, "interaction": interactions, "account": accounts, "transaction": transactions,
        "opportunity": opportunities,
    }
    for record, names in COLUMNS.items():
        columns = tables[record].c
        assert names.keys() <= set(columns.keys()), record
        instants = {name for name in names if isinstance(columns[name].type, UTCDateTime)}
        assert instants == {name for name, kept_as in names.items() if kept_as == INSTANT}, record


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(("name", "typed", "stored"), [
    ("phone", "+86 138-0000-0001", "13800000001"), ("id_number", "110105 19900307 1239", ID_NUMBER),
    ("monthly_income", "2万", Decimal("20000.00")), ("birthday", "1990年3月7日", date(1990, 3, 7)),
    ("gender", "女士", "F"), ("marital_status", "结婚", "married"), ("children", "一个", 1), ("risk_class", "c3", "C3"),
    ("risk_class", "Ｃ３平衡型", "C3"), ("lunar_birthday", "农历八月初三", 803), ("has_house", "有", True),
    ("stage", "潜在客户", "lead"), ("bank_tier", "vip", "贵宾"), ("source", "朋友介绍", "转介绍"), ("referrer", "张敏", "张敏"),
    ("referrer", 4711, 4711), ("occupation", "中学 老师", "中学 老师"), ("card_tail", "００１２", "0012"),
])
def test_typed_values_get_their_stored_form(
    dictionary: Dictionary, name: str, typed: object, stored: object
) -> None:
    assert dictionary.normalise(client(dictionary, name), typed, TODAY) == stored


def test_a_licence_code_with_the_right_check_digit_is_taken(dictionary: Dictionary) -> None:
    spec = client(dictionary, "licence_code")
    assert dictionary.normalise(spec, LICENCE.lower()) == LICENCE


@pytest.mark.parametrize(("name", "typed", "hint"), [
    ("id_number", "110105199003071234", "身份证号校验位不对，请核对最后一位。"), ("id_number", "11010519900307123", "现在是 17 位"),
    ("id_number", "11010519901307123X", "第 7 到 14 位"), ("id_number", "11010519900230123X", "第 7 到 14 位"),
    ("id_number", "1101051990030712A9", "前 17 位应是数字"), ("phone", "12345678901", "13 到 19"),
    ("licence_code", "91110105MA01ABCD20", "统一社会信用代码校验不通过"), ("licence_code", "123", "现在是 3 位"),
    ("birthday", "2030-01-01", "不能晚于 2025-06-09"), ("gender", "猫", "可选：男、女"), ("monthly_income", "-5", "不能小于 0"),
    ("children", "50", "不能大于 20"), ("card_tail", "12345", "格式不对"), ("remark", "长" * 501, "最多 500 个字"),
    ("occupation", "  ", "「职业」不能为空"), ("occupation", None, "「职业」不能为空"), ("occupation", "\u200b", "不能为空"),
])
def test_a_wrong_value_is_refused_with_a_way_to_mend_it(
    dictionary: Dictionary, name: str, typed: object, hint: str
) -> None:
    with pytest.raises(Invalid, match=hint) as caught:
        dictionary.normalise(client(dictionary, name), typed, TODAY)
    assert caught.value.field == name
    assert str(caught.value).endswith("。")


@pytest.mark.parametrize("name", ["id_number", "licence_code", "phone"])
@given(number=st.from_regex(r"[0-9]{11,18}[0-9X]?", fullmatch=True))
def test_a_refusal_never_repeats_the_number(
    dictionary: Dictionary, name: str, number: str
) -> None:
    refusal = _refusal(dictionary, client(dictionary, name), number)
    assert not any(number[i : i + 6] in refusal for i in range(len(number) - 5))


def _refusal(dictionary: Dictionary, spec: FieldSpec, typed: str) -> str:
    """Why a value is refused, with its field; empty when it is taken and can be shown."""
    try:
        value = dictionary.normalise(spec, typed, TODAY)
    except Invalid as error:
        return f"{error.field}: {error}"
    return "" if dictionary.mask_for_audit(spec, value) else "taken, but shown as nothing"


def test_nobody_is_born_tomorrow(dictionary: Dictionary) -> None:
    number = "11010520250610123"
    number += ric.calc_check_digit(number + "0")
    spec = client(dictionary, "id_number")
    assert dictionary.normalise(spec, number, date(2025, 6, 10)) == number
    with pytest.raises(Invalid, match="还没到"):
        dictionary.normalise(spec, number, TODAY)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_birthday_and_gender_follow_from_the_identity_number(
    dictionary: Dictionary, born_on: date, order: int
) -> None:
    number = f"110105{born_on:%Y%m%d}{order:03}"
    number += ric.calc_check_digit(number + "0")
    checked = dictionary.normalise(client(dictionary, "id_number"), number, TODAY)
    assert dictionary.from_id_number(checked) == {"birthday": born_on, "gender": "M" if order % 2 else "F"}


def test_profit_may_be_negative_but_a_premium_may_not(dictionary: Dictionary) -> None:
    assert dictionary.normalise(dictionary.field("contract", "profit"), "-300") == Decimal("-300.00")
    with pytest.raises(Invalid, match="不能小于 0"):
        dictionary.normalise(dictionary.field("contract", "premium"), "-300")


def test_a_plate_is_put_in_capitals(dictionary: Dictionary) -> None:
    assert dictionary.normalise(dictionary.field("contract", "plate_number"), "京a12345") == "京A12345"


def test_contract_states_are_understood_by_any_kinds_word(dictionary: Dictionary) -> None:
    spec = dictionary.field("contract", "state")
    assert dictionary.normalise(spec, "持有中") == dictionary.normalise(spec, "有效") == "active"
    assert dictionary.normalise(spec, "已退保") == "surrendered"


@given(st.text(max_size=40))
def test_no_field_breaks_on_any_text(dictionary: Dictionary, typed: str) -> None:
    for spec in {spec.type: spec for spec in dictionary.packs.fields}.values():
        refusal = _refusal(dictionary, spec, typed)
        assert refusal == "" or (refusal.startswith(f"{spec.name}: ") and refusal.endswith("。"))


# ---------------------------------------------------------------- showing


@pytest.mark.parametrize(("name", "value", "shown"), [
    ("phone", "13800000001", "138****0001"), ("id_number", ID_NUMBER, "110***********1239"),
    ("email", "wang@example.com", "w***@example.com"), ("address", "北京市朝阳区建国路 88 号", "北京市朝****"),
    ("wechat", "wangfang_1990", "wang*****1990"), ("legal_representative", "陈建国", "陈****"),
    ("monthly_income", Decimal(20000), "2 万元"), ("monthly_income", "5200.00", "5,200 元"),
    ("birthday", date(1990, 3, 7), "1990-03-07"), ("kyc_reviewed_on", "2025-01-31", "2025-01-31"),
    ("gender", "F", "女"), ("stage", "lead", "潜客"), ("children", 1, "1 个"), ("has_house", True, "是"),
    ("lunar_birthday", -601, "农历闰六月初一"), ("health_condition", "高血压", ON_FILE), ("smoker", False, ON_FILE),
    ("last_contact_at", datetime(2025, 6, 8, 17, 30, tzinfo=UTC), "2025-06-09 01:30"), ("remark", None, ""),
    ("remark", "", ""),
])
def test_an_adviser_sees_values_masked_by_their_level(
    dictionary: Dictionary, name: str, value: object, shown: str
) -> None:
    assert dictionary.show(client(dictionary, name), value, "adviser") == shown


def test_a_contract_number_is_known_by_its_tail(dictionary: Dictionary) -> None:
    assert dictionary.show(dictionary.field("contract", "number"), "P2025060900012", "adviser").endswith("0012")


def test_in_full_only_for_a_role_that_may_see(dictionary: Dictionary) -> None:
    phone, health = client(dictionary, "phone"), client(dictionary, "health_condition")
    assert dictionary.show(phone, "13800000001", "adviser", full=True) == "13800000001"
    assert dictionary.show(phone, "13800000001", "ops", full=True) == HIDDEN
    assert dictionary.show(phone, "13800000001", "admin") == HIDDEN
    assert dictionary.show(phone, "13800000001", "system", full=True) == "138****0001"
    assert dictionary.show(health, "高血压", "claims", full=True) == "高血压"
    assert dictionary.show(health, "高血压", "manager", full=True) == HIDDEN


def test_rights_follow_the_level_unless_the_pack_says_otherwise(dictionary: Dictionary) -> None:
    phone, aml = client(dictionary, "phone"), client(dictionary, "aml_level")
    assert dictionary.may("adviser", "see", phone)
    assert dictionary.may("adviser", "edit", phone)
    assert not dictionary.may("adviser", "export", phone)
    assert not dictionary.may("adviser", "see", aml)
    assert dictionary.may("risk", "see", aml)
    assert not dictionary.may("system", "export", phone)
    assert not dictionary.may("nobody", "see", client(dictionary, "name"))


def test_no_role_is_shown_a_phone_unmasked_by_default(dictionary: Dictionary) -> None:
    for role in ("adviser", "manager", "compliance", "ops", "claims", "risk", "admin", "system"):
        assert "13800000001" not in dictionary.show(client(dictionary, "phone"), "13800000001", role)


# ---------------------------------------------------------------- comparing


def test_differences_are_masked_and_leave_out_what_stayed(dictionary: Dictionary) -> None:
    before = {"phone": "13800000001", "occupation": "教师", "monthly_income": "20000.00", "remark": None}
    after = {"phone": "13900000009", "occupation": "教师", "monthly_income": Decimal(20000), "remark": ""}
    assert dictionary.differences("client", before, after) == [
        FieldChange("phone", "手机号", "138****0001", "139****0009"),
    ]


def test_a_new_field_and_a_field_taken_away_have_an_empty_side(dictionary: Dictionary) -> None:
    changes = dictionary.differences("client", {"city": "杭州"}, {"city": None, "children": 2})
    assert [(c.name, c.old, c.new) for c in changes] == [("city", "杭州", ""), ("children", "", "2 个")]


def test_a_phone_inside_a_remark_does_not_reach_the_audit(dictionary: Dictionary) -> None:
    [change] = dictionary.differences("client", {}, {"remark": "太太电话 13800000001，身份证 110105199003071239"})
    assert change.new == "太太电话 138****0001，身份证 110***********1239"


def test_health_in_an_audit_row_says_only_that_it_is_on_file(dictionary: Dictionary) -> None:
    [change] = dictionary.differences("client", {"medical_history": "无"}, {"medical_history": "糖尿病"})
    assert (change.old, change.new) == (ON_FILE, ON_FILE)


def test_what_takes_sentences_is_kept_sealed_whatever_its_level(dictionary: Dictionary) -> None:
    sealed = {spec.name for spec in dictionary.fields("client") if spec.sealed and spec.level <= 2}

    assert {"remark", "hobbies", "avoid", "business_scope", "insurance_needs"} <= sealed
    assert sealed.isdisjoint({"name", "city", "occupation", "tax_number", "card_tail", "industry", "stage"})


def test_an_undeclared_field_is_a_fault_of_ours(dictionary: Dictionary) -> None:
    with pytest.raises(KeyError):
        dictionary.differences("client", {}, {"shoe_size": 42})


@pytest.mark.parametrize(("record", "name"), [
    ("client", "hobbies"), ("client", "remark"), ("contract", "product_name"), ("contract", "contract_note"),
])
def test_a_number_typed_into_plain_words_is_masked_before_it_is_kept(
    dictionary: Dictionary, record: str, name: str
) -> None:
    kept = dictionary.normalise(dictionary.field(record, name), "散步13912348888")
    assert kept == "散步139****8888"


def test_names_codes_and_encrypted_words_are_kept_as_they_are(dictionary: Dictionary) -> None:
    for record, name in (("client", "name"), ("contract", "product_code"), ("client", "address")):
        assert dictionary.normalise(dictionary.field(record, name), "13912348888") == "13912348888"


def test_nobody_writes_an_owner_into_the_field(dictionary: Dictionary) -> None:
    """Clients change hands by 移交, which moves everything under them."""
    owner = client(dictionary, "owner_id")
    assert not any(dictionary.may(role, "edit", owner) for role in ("adviser", "manager", "ops", "admin"))
