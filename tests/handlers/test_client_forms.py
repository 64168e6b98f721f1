"""Creating clients: drafts, checks, duplicates, consent, undo."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, an_id_number
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    return Desk(database, clock, "lixiang")


def test_a_wrong_check_digit_is_said_and_the_draft_is_kept(li):
    heard = li.asks("client.create", client="李强", name="李强", phone="13800000001", id_number="110105199003071234")
    assert "校验位" in heard
    assert "110105199003071234" not in heard
    heard = li.asks("form.correct", field="id_number", value="110105199003071239")
    assert "1990-03-07" in heard
    assert "（由身份证得出）" in heard
    assert "已新增客户「李强」" in li.asks("confirm.yes")


def test_a_draft_with_a_problem_is_not_saved(li, database, clock, cast):
    li.asks("client.create", name="李强", phone="1380000")
    assert "需要改正" in li.asks("confirm.yes")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.count() == 0


def test_the_same_phone_and_document_stop_a_second_record(li, database, clock, cast):
    number = an_id_number()
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "李小强", phone="13800000001", id_number=number)
    li.asks("client.create", name="李强", phone="13800000001", id_number=number)
    assert "已有此客户「李小强」" in li.asks("confirm.yes")


def test_a_colleagues_client_stops_the_record_without_details(li, database, clock, cast):
    number = an_id_number()
    with database.transaction(cast.chen, clock.now()) as uow:
        a_client(uow, "李小强", owner_id="chenmo", phone="13800000001", id_number=number)
    li.asks("client.create", name="李强", phone="13800000001", id_number=number)
    heard = li.asks("confirm.yes")
    assert "归属其他顾问" in heard
    assert "李小强" not in heard
    assert "陈" not in heard


def test_the_same_phone_alone_is_a_question(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "李小强", phone="13800000001")
    li.asks("client.create", name="李强", phone="13800000001")
    assert "李小强" in li.asks("confirm.yes")
    assert "已新增客户「李强」" in li.asks("confirm.yes")


def test_health_is_not_kept_without_separate_consent(li, database, clock, cast):
    heard = li.asks("client.create", name="李强", phone="13800000001", health_condition="高血压")
    assert "单独同意" in heard
    assert "高血压" not in heard


def test_a_referrer_is_linked_and_the_source_follows(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "张敏")
    li.asks("client.create", name="李强", phone="13800000001", referrer="张敏")
    li.asks("confirm.yes")
    with database.transaction(cast.li, clock.now()) as uow:
        new = uow.clients.get(uow.clients.named(["李强"])[0].client_id)
        assert new.source == "转介绍"
        assert [r.other_name for r in uow.clients.relations(new.id)] == ["张敏"]


def test_undo_takes_client_names_and_tags_back(li, database, clock, cast):
    li.asks("client.create", text="新增客户 李强 想看重疾险", name="李强", phone="13800000001", interest="重疾险")
    li.asks("confirm.yes")
    assert "已撤销" in li.asks("undo")
    with database.transaction(cast.li, clock.now()) as uow:
        assert uow.clients.count() == 0
        assert uow.clients.named(["李强"]) == []


def test_the_consent_card_writes_the_ledger_once(li, database, clock, cast):
    li.asks("client.create", name="李强", phone="13800000001")
    li.asks("confirm.yes")
    card = li.card
    li.taps("提交", card, {"purposes": ["service", "care"]})
    with database.transaction(cast.li, clock.now()) as uow:
        client_id = uow.clients.named(["李强"])[0].client_id
        assert uow.consents.granted(client_id) == {"service", "care"}
        assert uow.consents.asked(client_id) == {"service", "care", "marketing", "health"}
    assert "已经处理过" in li.taps("提交", card, {"purposes": ["health"]})


def test_cancelling_drops_the_draft(li, database, clock, cast):
    li.asks("client.create", name="李强", phone="13800000001")
    assert "没有保存" in li.asks("confirm.no")
    assert "没有等您确认" in li.asks("confirm.yes")


def test_a_second_sentence_adds_to_the_draft(li):
    li.asks("client.create", name="李强")
    assert "138****0001" in li.asks("form.answer", fields={"phone": "13800000001"})


@pytest.mark.parametrize(("digits", "count"), [
    ("1380000000", 10), ("138000000012", 12), ("138 0000 000", 10), ("１３８０００００００", 10),
])
def test_a_mistyped_phone_is_refused_where_everybody_sees_it(li, digits, count):
    heard = li.says(f"新增客户 李强 {digits} 中学老师")
    assert f"手机号：⚠ 手机号应是 11 位，现在是 {count} 位" in heard
    assert "草稿已保留" in heard
    assert "138****0001" in li.says("手机改成 13800000001")
    assert "已新增客户「李强」" in li.says("确认")


def test_a_mistyped_phone_under_an_open_draft_is_refused_too(li):
    li.says("新增客户 李强")
    assert "现在是 10 位" in li.says("1380000000")
    assert "现在是 10 位" in li.says("已婚 1380000000")


def test_a_short_identity_number_is_checked_as_one(li):
    assert "身份证号：⚠" in li.says("新增客户 李强 99000019850615001 老师")


@pytest.mark.parametrize("words", ["13800000001 13800000002", "13800000001 62220200001234567"])
def test_a_long_number_that_fits_nowhere_is_said_not_to_be_kept(li, words):
    heard = li.says(f"新增客户 李强 {words}")
    assert "没看懂是哪一项，不会保存" in heard
    assert "138****0001" in heard
    assert "没看懂" not in li.says("手机改成 13800000002")


@pytest.mark.parametrize("words", [
    "13800000001 年收入1200000", "19900101 老师", "138-0000-0001", "+8613800000001", "生日1990年1月1日 备注 1234567",
    "地址北京路1234567号",
])
def test_digits_that_were_understood_are_not_doubted(li, words):
    assert "⚠" not in li.says(f"新增客户 李强 {words}")


# ---------------------------------------------------------------- days that are none, and what is a relative's


@pytest.mark.parametrize(("words", "why"), [
    ("1985年2月29日", "1985 年没有 2 月 29 日"), ("生日2月30日", "没有 2 月 30 日这一天"),
    ("女，生日1990年2月30日", "1990 年没有 2 月 30 日"), ("生日5月6日", "5 月 6 日还缺年份"),
])
def test_a_day_that_does_not_exist_is_shown_and_stops_the_record(li, words, why):
    li.says("新增客户 张伟 13900003334")
    assert f"生日：⚠ {why}" in li.says(words)
    assert "需要改正" in li.says("确认")
    assert "⚠" not in li.says("生日改成1985年3月1日")


def test_an_impossible_birthday_is_no_change(li, database, clock, cast):
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "陈静")
    assert "没有「2月30日」这一天，没有改动" in li.says("陈静 生日改成2月30日")


@pytest.mark.parametrize("words", [
    "王小二，13900001111，女，1985年5月6日生，老公叫张大力，两个孩子", "王小二 13900001111 1985年5月6日生 老公叫张大力",
    "王小二，13900001111，1985年5月6日生，爱人生日1988年3月8日", "王小二 13900001111 1985年5月6日生 有个儿子5岁",
])
def test_what_is_told_of_a_relative_is_not_the_clients(li, database, clock, cast, words):
    heard = li.says(f"新增客户 {words}")
    assert "姓名：王小二" in heard
    assert "生日：1985-05-06" in heard
    li.says("确认")
    with database.transaction(cast.li, clock.now()) as uow:
        new = uow.clients.get(uow.clients.named(["王小二"])[0].client_id)
        assert any(word in new.value("family_notes") for word in ("张大力", "1988年3月8日", "5岁"))


def test_a_relatives_document_is_left_out_and_that_is_said(li):
    heard = li.says(f"新增客户 李四光 13900003333 他妈妈叫王秀兰 身份证{an_id_number()}")
    assert "姓名：李四光" in heard
    assert "家人的证件号、手机号不是客户本人的，没有记录" in heard
    assert "身份证号：" not in heard


def test_a_relatives_birthday_under_an_open_draft_is_not_the_clients(li):
    li.says("新增客户 钱多 13900007777")
    assert "\n生日：" not in li.says("爱人生日1988年3月8日")


def test_the_consent_card_of_an_undone_client_says_so(li):
    li.says("新增客户 李强 13800000001")
    li.says("确认")
    card = li.card
    li.says("撤销")
    assert "建档已撤销" in li.taps("提交", card, {"purposes": ["service"]})


def test_a_gender_is_corrected_by_denying_the_other(li):
    li.says("新增客户 李强 13800000001 女")
    assert "性别：男" in li.says("男的，不是女的")


# ---------------------------------------------------------------- leaving a field out, and what is only a part


@pytest.mark.parametrize("words", ["身份证号去掉", "身份证号不要了", "把身份证号删掉吧", "身份证号先不填", "去掉身份证号"])
def test_a_wrong_document_can_be_left_out(li, words):
    assert "⚠" in li.says("新增客户 李强 13800000001 身份证110105199003071234")
    assert "身份证号：" not in li.says(words)
    assert "已新增客户「李强」" in li.says("确认")


def test_a_part_of_a_number_does_not_stand_in_its_place(li):
    li.says("新增客户 李强 13800000001")
    assert "请把整个手机号再说一遍" in li.says("手机号最后一位是2")
    assert "138****0001" in li.says("已婚")
    assert "没有保存" in li.says("算了先不录了")


def test_what_the_bot_asks_for_after_creating_goes_to_the_new_client(li):
    li.says("新增客户 李强 13800000001")
    assert "还可以补充：生日、职业" in li.says("确认")
    assert "生日：（空） → 1991-04-05" in li.says("生日1991年4月5日")
    assert "职业：（空） → 教师" in li.says("职业 教师")
    assert "职业：教师 → 医生" in li.says("他不是老师，是医生")
    assert "已撤销" in li.says("撤销")


def test_another_number_for_the_client_in_mind_is_asked_about(li):
    li.says("新增客户 李强 13800000001")
    li.says("确认")
    assert "已登记手机号，要换成这个号码吗" in li.says("手机 13900000009")
    assert "138****0001 → 139****0009" in li.says("确认")


def test_a_new_client_of_a_name_that_one_of_mine_has_is_asked_about(database, clock, cast):
    desk = Desk(database, clock, cast.lixiang.id)
    desk.sees(lambda uow: a_client(uow, "陈静", birthday=None))
    desk.says("新增客户 陈静 13900001111")
    assert "名下有相似的客户：陈静" in desk.says("确认")
    assert len(desk.sees(lambda uow: uow.clients.containing("陈静"))) == 1
    assert "陈静" in desk.says("确认")
    assert len(desk.sees(lambda uow: uow.clients.containing("陈静"))) == 2
