"""Who gets a client without an adviser: by rule, with his word, or the next one's (R249, S32)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.assignment import trying
from reminders.offering import enter, lapsed
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Client
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import SHANGHAI, Desk, words_of
from tests.handlers.test_rules import letters


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营; 李顾问 (insurance) has two clients, 周敏 (insurance) none, 陈默 (bank, another team) one."""
    with database.system(clock.now()) as uow:
        a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="insurance")
        for name, owner in (("钱一", "lixiang"), ("钱二", "lixiang"), ("钱三", "chenmo")):
            a_client(uow, name, owner_id=owner)
    return Desk(database, clock, "hexin")


def desk(he: Desk, user: str) -> Desk:
    return Desk(he.database, he.clock, user)


def client_of(he: Desk, name: str) -> Client:
    with he.database.system(he.clock.now()) as uow:
        (found,) = uow.clients.containing(name)
        return uow.clients.get(found.id)


def card_for(of: Desk, user: str) -> Card:
    return next(card for who, card in reversed(of.letters) if who == user and isinstance(card, Card))


def enters(he: Desk, name: str, phone: str, rest: str = "") -> str:
    he.says(f"新增客户 {name} {phone} {rest}")
    return he.confirms()


def approved(he: Desk) -> str:
    he.says("提交")
    return desk(he, "shenyue").taps("同意", card_for(he, "shenyue"))


# ---------------------------------------------------------------- the rules


def test_a_manager_reads_the_rules_in_force_and_what_his_team_has(he: Desk) -> None:
    heard = desk(he, "wangke").says("客户分配 规则 查看")
    assert "客户分配规则（v0，业务包原样）" in heard
    assert "规则 1：私行、贵宾客户 → 银行顾问里客户最少的，每人最多 300 位" in heard
    assert "规则 4：所有客户 → 顾问里客户最少的" in heard
    assert "接受时间：4 个工作小时" in heard
    assert "您的团队现在：\n· 李顾问 2 位\n· 周敏 0 位" in heard
    assert "陈默" not in heard


def test_an_adviser_does_not_read_them(he: Desk) -> None:
    assert "规则 1" not in desk(he, "lixiang").says("客户分配 规则 查看")


def test_operations_change_them_and_they_count_when_a_second_person_approved(he: Desk) -> None:
    heard = he.says("客户分配 上海 贵宾 分给 李顾问、周敏 最多 100位")
    assert "规则 1：上海的贵宾客户 → 李顾问、周敏里客户最少的，每人最多 100 位" in heard
    assert "还没有提交" in heard
    assert "接受时间 4 → 8 个工作小时" in he.says("接受时间 8小时")
    heard = he.says("试算")
    assert "近 90 天新建的 3 位客户" in heard
    assert "周敏：" in heard
    before = enters(he, "孙杭", "13800000701", "城市 上海")
    assert "按规则「其他客户」" in before
    assert "客户分配 v1 已生效" in approved(he)
    assert "（v1，何运营" in he.says("客户分配 规则 查看")
    assert "v1 生效中" in he.says("客户分配 历史")


def test_of_very_many_new_clients_the_last_ones_are_tried(he: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MOST_DEALT", 2)
    he.says("客户分配 上海 贵宾 分给 李顾问")
    assert "近 90 天新建的客户里最后的 2 位" in he.says("试算")


@pytest.mark.parametrize(("said", "answer"), [
    ("客户分配 上海 贵冰1 分给 李顾问", "「贵冰1」没有看懂"),
    ("客户分配 上海 分给 李大顾问", "没有顾问「李大顾问」"),
    ("客户分配 上海 分给 王珂", "没有顾问「王珂」"),
    ("客户分配 9 最多 80位", "没有第 9 条规则"),
    ("客户分配 2 最多 0位", "要写 1 以上的整数"),
    ("客户分配 接受时间 900小时", "1 到 200 个工作小时"),
    ("客户分配 随便改一下", "没有看懂要怎么改"),
    ("客户分配 接受时间 4小时", "和现在生效的一样"),
])
def test_what_makes_no_sense_changes_nothing(he: Desk, said: str, answer: str) -> None:
    assert answer in he.says(said)
    assert "现在没有正在改" in he.says("提交") or "没有" in he.says("提交")


@pytest.mark.parametrize(("said", "row"), [
    ("客户分配 2 最多 80位", "规则 2：优质、大众客户 → 银行顾问里客户最少的，每人最多 80 位"),
    ("客户分配 去掉 1", "规则 1：优质、大众客户 → 银行顾问里客户最少的"),
    ("客户分配 钻石 分给 王珂团队的 保险顾问", "规则 1：钻石客户 → 王珂团队的保险顾问里客户最少的"),
    ("客户分配 所有客户 分给 保险顾问", "规则 4：所有客户 → 保险顾问里客户最少的"),
])
def test_rules_are_put_in_changed_and_taken_out(he: Desk, said: str, row: str) -> None:
    assert row in he.says(said)


def test_the_rules_are_gone_back_to(he: Desk) -> None:
    he.says("客户分配 接受时间 8小时")
    approved(he)
    he.says("回滚 客户分配 v0")
    desk(he, "shenyue").taps("同意", card_for(he, "shenyue"))
    assert "接受时间：4 个工作小时" in he.says("客户分配 规则 查看")


def test_a_manager_does_not_change_them(he: Desk) -> None:
    heard = desk(he, "wangke").says("客户分配 接受时间 8小时")
    assert "草稿" not in heard


# ---------------------------------------------------------------- a client comes


def test_whom_operations_enter_goes_to_the_one_with_the_fewest_and_waits_for_his_word(he: Desk) -> None:
    heard = enters(he, "孙杭", "13800000701")
    assert "已新增客户，「孙杭」按规则「其他客户」分给 周敏" in heard
    assert client_of(he, "孙杭").owner_id == "zhoumin"
    zhou = desk(he, "zhoumin")
    assert "已接受「孙杭」" in zhou.taps("接受", card_for(he, "zhoumin"))
    assert "周敏 接受了客户「孙杭」" in letters(zhou, "hexin")
    assert "已经处理过了" in zhou.taps("接受", card_for(he, "zhoumin"))


def test_by_tier_he_goes_to_the_line_that_the_rule_names(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        entered = enter(uow, SHANGHAI, {"name": "孙杭", "bank_tier": "贵宾"}, "entered", "hexin")
    assert entered is not None
    assert (entered[1].user_id, entered[1].rule) == ("chenmo", "bank_top")


def test_who_says_no_gives_a_reason_and_the_next_one_is_asked(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    zhou, card = desk(he, "zhoumin"), card_for(he, "zhoumin")
    assert "请先在卡片上选不接受的原因" in zhou.taps("不接受", card)
    heard = zhou.taps("不接受", card, {"why": ["far"]})
    assert "「孙杭」不分给您了（不在我的区域），已转给下一位同事" in heard
    assert client_of(he, "孙杭").owner_id == "chenmo"
    following = card_for(zhou, "chenmo")
    assert "没有找到客户「孙杭」" in zhou.says("查客户 孙杭")
    assert "已接受" in desk(he, "chenmo").taps("接受", following)


def test_words_do_what_the_buttons_do(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    zhou = desk(he, "zhoumin")
    assert "孙杭：请在" in zhou.says("待接受的客户")
    assert "请写上原因" in zhou.says("不接受 孙杭")
    assert "已转给下一位同事" in zhou.says("不接受 孙杭 手上客户太多")
    assert "已接受「孙杭」" in desk(he, "chenmo").says("接受 孙杭")


def test_whom_nobody_takes_lies_with_the_manager_who_reads_why(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    desk(he, "zhoumin").says("不接受 孙杭 手上客户太多")
    desk(he, "chenmo").says("不接受 孙杭 不在我的区域")
    li = desk(he, "lixiang")
    assert "已转给主管" in li.says("不接受 孙杭 利益冲突")
    assert client_of(he, "孙杭").owner_id == "wangke"
    told = letters(li, "wangke")
    assert "没有顾问接受，已转到您名下" in told
    assert "周敏：不接受（手上客户太多）" in told


def test_who_brought_him_reads_of_every_answer(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    zhou = desk(he, "zhoumin")
    zhou.says("不接受 孙杭 手上客户太多")
    assert "周敏 不接受客户「孙杭」（手上客户太多），已分给 陈默，请他在" in letters(zhou, "hexin")
    he.clock.advance(timedelta(hours=8))
    heard = next(words for user, words in run(he) if user == "hexin")
    assert "陈默 没有按时答复客户「孙杭」，已分给 李顾问" in heard
    li = desk(he, "lixiang")
    li.says("不接受 孙杭 利益冲突")
    assert "没有别的顾问，已转给主管 王珂" in letters(li, "hexin")


def test_where_nobody_is_left_and_nobody_above_he_stays_and_all_are_told_so(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        for user in uow.users.all("manager"):
            uow.users.deactivate(user)
    enters(he, "孙杭", "13800000701")
    desk(he, "zhoumin").says("不接受 孙杭 手上客户太多")
    desk(he, "chenmo").says("不接受 孙杭 不在我的区域")
    li = desk(he, "lixiang")
    heard = li.says("不接受 孙杭 利益冲突")
    assert "没有别的同事和主管可以转，还在原来的顾问名下" in heard
    assert "已转给主管" not in heard
    assert "还在原来的顾问名下" in letters(li, "hexin")
    assert client_of(he, "孙杭").owner_id == "lixiang"


def test_what_is_not_answered_in_time_goes_on_once(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    he.clock.advance(timedelta(hours=8))
    told = run(he)
    assert [(user, "没有在" in words) for user, words in told if user == "zhoumin"] == [("zhoumin", True)]
    assert client_of(he, "孙杭").owner_id == "chenmo"
    assert run(he) == []
    assert "没有等您答复" in desk(he, "zhoumin").says("待接受的客户")


def run(he: Desk) -> list[tuple[str, str]]:
    with he.database.system(he.clock.now()) as uow:
        return [(user.id, words_of(message)) for user, message, _ in lapsed(uow, SHANGHAI)]


def test_a_client_whom_the_manager_gave_to_somebody_else_is_not_moved_again(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    card = card_for(he, "zhoumin")
    wang = desk(he, "wangke")
    wang.says("把孙杭移交给李顾问")
    wang.confirms()
    assert "不用再处理" in desk(he, "zhoumin").taps("接受", card)
    he.clock.advance(timedelta(hours=8))
    assert run(he) == []
    assert client_of(he, "孙杭").owner_id == "lixiang"


def test_a_manager_gives_a_client_to_the_rules(he: Desk) -> None:
    wang = desk(he, "wangke")
    heard = wang.says("分配 钱一")
    assert "把「钱一」分给 周敏（按规则「其他客户」）？" in heard
    assert "请他在" in wang.confirms()
    assert client_of(he, "钱一").owner_id == "zhoumin"
    assert "按规则分给 周敏" in letters(wang, "lixiang")
    assert "已经分给 周敏，等他在" in wang.says("分配 钱一")


def test_who_is_there_already_is_not_entered_twice(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    heard = enters(he, "孙航", "13800000701")
    assert "已经有手机号或证件号相同的客户" in heard
    assert "周敏" not in heard


def test_where_everybody_is_full_nothing_is_written(he: Desk) -> None:
    he.says("客户分配 4 最多 1位")
    he.says("提交")
    desk(he, "shenyue").taps("同意", card_for(he, "shenyue"))
    enters(he, "孙杭", "13800000701")
    heard = enters(he, "赵杭", "13800000702")
    assert "没有合适的顾问" in heard
    with he.database.system(he.clock.now()) as uow:
        assert uow.clients.containing("赵杭") == []


def test_all_of_it_is_in_the_audit(he: Desk) -> None:
    enters(he, "孙杭", "13800000701")
    desk(he, "zhoumin").says("不接受 孙杭 手上客户太多")
    desk(he, "chenmo").says("接受 孙杭")
    heard = desk(he, "shenyue").says("审计 孙杭")
    assert "分配" in heard
