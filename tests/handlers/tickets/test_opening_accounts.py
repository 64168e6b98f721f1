"""Opening an account: what is asked and what is there already, three checks, and names that stop everything (S13, R075,
R076, R077)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.pack import Screened
from handlers.tickets.engine import open_ticket
from reminders.screening import hits, is_near
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, words_of


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "赵磊")
        a_client(uow, "孙丽", id_expires_on=date(2030, 1, 1), source_of_funds="salary", relationship_purpose="理财")
        a_client(uow, "李娜", id_expires_on=date(2025, 6, 8), source_of_funds="salary", relationship_purpose="理财")
        a_client(uow, "欧阳无极", source_of_funds="salary", relationship_purpose="理财")
    return Desk(database, clock, "lixiang")


@pytest.fixture
def shen(database: Database, clock: MovableClock, li: Desk) -> Desk:
    return Desk(database, clock, "shenyue")


def says(desk: Desk, *texts: str) -> str:
    return [desk.says(text) for text in texts][-1]


def test_it_is_asked_step_by_step_and_then_says_which_papers_are_needed(li: Desk):
    assert "资金来源是哪一类" in li.says("开户 赵磊")
    assert "开户做什么用" in li.says("资金来源 工资")
    heard = li.says("买理财")
    assert "工单 T1，由您经办" in heard
    assert "资金来源 工资薪金，用途 买理财" in heard
    assert "要收的资料：身份证、查询授权书" in heard


@pytest.mark.parametrize("said", ["赵磊 开户", "给赵磊开户", "开户 赵磊", "赵磊 开户申请"])
def test_the_name_may_stand_before_or_behind(li: Desk, said: str):
    assert "登记「赵磊」的开户" in li.says(said)


def test_what_is_on_record_and_still_good_is_not_asked_again(li: Desk):
    heard = li.says("开户 孙丽")
    assert "已登记「孙丽」的开户" in heard
    assert "要收的资料：查询授权书。" in heard


def test_a_proof_that_ran_out_is_asked_for(li: Desk):
    assert "要收的资料：身份证、查询授权书" in li.says("开户 李娜")


def test_there_is_no_outside_query_without_an_authorisation(li: Desk):
    says(li, "开户 孙丽")
    assert "还缺资料：查询授权书" in li.says("T1 提交")
    says(li, "T1 收到 查询授权书", "T1 提交")
    assert "现在是「核验中」。一致" in li.says("T1 外部核验 一致")


def test_three_marks_of_their_own_and_all_must_agree(li: Desk):
    says(li, "开户 孙丽", "T1 收到 查询授权书", "T1 提交", "T1 证件核验 一致", "T1 手机核验 一致")
    assert "外部查询" in li.says("T1 完成开户")
    assert "外部核验不是「一致」，不能完成" in li.says("不一致")
    assert "核验中" in li.says("T1")
    assert "现在是「核验中」。不一致" in li.says("T1 外部核验 不一致")
    says(li, "T1 外部核验 一致")
    assert "现在是「已开户」" in li.says("T1 完成开户")


def test_a_near_name_stops_everything_and_the_adviser_reads_only_that(li: Desk, shen: Desk):
    heard = li.says("开户 欧阳无极")
    assert "现在是「待合规复核」，已交给 沈合规" in heard
    ((receiver, card),) = li.letters
    assert receiver == "shenyue"
    assert "名单命中：欧阳无忌" in words_of(card)
    for said in ("T1", "我的工单", "T1 提交", "T1 撤回", "T1 放行", "欧阳无极", "欧阳无极 时间线"):
        heard = li.says(said)
        assert "名单" not in heard
        assert "欧阳无忌" not in heard
    assert "待合规复核" in li.says("T1")
    assert "名单命中：欧阳无忌" in shen.says("T1")


def test_the_adviser_cannot_take_the_case_away_again(li: Desk, shen: Desk):
    li.says("开户 欧阳无极")
    assert "不能自动撤销" in li.undoes()
    assert "待合规复核" in shen.says("T1")


def test_compliance_lets_it_go_on_or_refuses_and_its_words_stay_with_it(li: Desk, shen: Desk, clock: MovableClock):
    li.says("开户 欧阳无极")
    assert "复核意见" in shen.says("T1 放行")
    shen.says("查过证件，不是同一人")
    assert [receiver for receiver, _ in shen.letters] == ["lixiang"]
    assert all("同一人" not in words_of(message) for _, message in shen.letters)
    heard = li.says("T1")
    assert "收资料" in heard
    assert "同一人" not in heard
    clock.advance(timedelta(minutes=6))  # the same words again would be the same ticket before
    says(li, "开户 欧阳无极")
    says(shen, "T2 不予开户", "就是名单上的人")
    assert "不予开户" in li.says("T2")


def test_a_restart_in_the_middle_of_the_questions_loses_nothing(li: Desk, database: Database, clock: MovableClock):
    li.says("开户 赵磊")
    again = Desk(database, clock, "lixiang")
    assert "开户做什么用" in again.says("工资")
    assert "工单 T1" in again.says("理财")


def test_opened_elsewhere_it_is_screened_all_the_same(database: Database, clock: MovableClock, cast: Cast, li: Desk):
    with database.transaction(cast.li, clock.now()) as uow:
        (row,) = uow.clients.containing("欧阳")
        flow = uow.packs.find_flow("account")
        assert flow is not None
        details = {"funds": "salary", "purpose": "理财"}
        assert open_ticket(uow, SHANGHAI, flow, uow.clients.get(row.id), details).state == "frozen"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(("one", "other", "near"), [
    ("欧阳无忌", "欧阳无忌", True), ("欧阳无极", "欧阳无忌", True), ("欧阳吴忌", "欧阳无忌", True), ("欧阳无", "欧阳无忌", True),
    ("欧 阳 无忌", "欧阳无忌", True), ("张伟", "章伟", True), ("张伟", "张玮", True), ("张伟", "张强", False),
    ("张伟", "张伟强", False), ("王小明", "李小明", True), ("王小明", "李小红", False), ("诸葛亮", "司马懿", False),
])
def test_near_is_the_same_sound_or_one_character_apart(one: str, other: str, near: bool):
    assert is_near(one, other) is near
    assert is_near(other, one) is near


@pytest.mark.parametrize(("born", "birthday", "hit"), [
    (date(1970, 1, 1), date(1970, 1, 1), True), (date(1970, 1, 1), date(1990, 5, 5), False), (date(1970, 1, 1), None, True),
    (None, date(1990, 5, 5), True),
])
def test_a_known_birthday_tells_namesakes_apart(born: date | None, birthday: date | None, hit: bool):
    client = Client(1, "individual", "lixiang", "贾壬壬", birthday=birthday)
    assert bool(hits([Screened(name="贾壬壬", born=born, why="样例")], client)) is hit


# ---------------------------------------------------------------- whoever is new or somebody else


def test_a_new_client_with_a_near_name_is_for_compliance_and_the_adviser_reads_only_that(li: Desk, shen: Desk):
    li.says("新增客户 贾任任 13800000778")
    heard = li.says("确认")
    assert "「贾任任」待合规复核（工单 T1）" in heard
    assert "名单" not in heard
    assert "贾壬壬" not in heard
    ((receiver, card),) = li.letters
    assert receiver == "shenyue"
    assert "待合规复核" in words_of(card)
    assert "名单命中：贾壬壬：样例：涉案人员" in shen.says("T1")
    for said in ("T1", "贾任任", "贾任任 时间线", "我的工单"):
        heard = li.says(said)
        assert "贾壬壬" not in heard
        assert "名单" not in heard
    assert "合规复核" in li.says("查客户 贾任任")
    assert "不能自动撤销" in li.undoes()
    says(shen, "T1 放行", "核对过证件，不是同一人")
    assert any("已放行" in words_of(message) for _, message in shen.letters)
    assert all("同一人" not in words_of(message) for _, message in shen.letters)


def test_so_is_one_who_gets_another_name_and_only_once(li: Desk, shen: Desk):
    heard = li.says("赵磊的姓名改成欧阳无忌")
    assert "「欧阳无忌」待合规复核" in heard
    assert "合规复核" not in li.says("欧阳无忌 姓名改成 欧阳无极")
    assert len([line for line in shen.says("我的工单").splitlines() if "合规复核" in line]) == 1


def test_one_who_is_near_to_nobody_is_left_alone(li: Desk):
    li.says("新增客户 孙志高 13800000779")
    assert "合规" not in li.says("确认")
    assert li.letters == []


def test_who_is_entered_for_the_rules_is_screened_as_well(li: Desk, database: Database, clock: MovableClock):
    he = Desk(database, clock, "hexin")
    he.says("新增客户 贾任任 13800000778")
    assert "待合规复核" in he.says("确认")
    assert "shenyue" in [receiver for receiver, _ in he.letters]
