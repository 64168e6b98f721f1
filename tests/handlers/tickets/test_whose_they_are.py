"""Whom tickets concern: who is told of what was taken back, who stands in, what a client's record says of open ones."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from handlers.tickets import approving, moving, showing
from handlers.tickets.asking import understood
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Invalid
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import SHANGHAI, Desk
from tests.handlers.tickets.people import the_others
from tests.handlers.tickets.test_decisions import FLOWS

Desks = dict[str, Desk]


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> Desks:
    with database.system(clock.now()) as uow:
        the_others(uow)
        a_user(uow, "zhoumin", name="周敏", manager_id="wangke", line="bank")
    with database.transaction(cast.li, clock.now()) as uow:
        for name in ("王芳", "陈静", "赵磊"):
            a_client(uow, name)
    return {name: Desk(database, clock, name) for name in "lixiang wangke zhoumin shenyue claims1 claimlead".split()}


def letters(desk: Desk) -> dict[str, str]:
    return {who: str(message) for who, message in desk.letters}


# ---------------------------------------------------------------- taken back


def test_who_got_a_ticket_hears_that_it_was_taken_back(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 投诉 等了三天没人回电")
    li.undoes()
    assert "工单 T1 不用再处理" in letters(li)["wangke"]


def test_only_who_had_a_claim_hears_that_it_was_taken_back(desks: Desks):
    li = desks["lixiang"]
    for words in ("王芳 报案 骑车摔伤", "昨天", "中山路"):
        li.says(words)
    had = li.sees(lambda uow: uow.tickets.find(1).handler_id)
    li.undoes()
    assert list(letters(li)) == [had]


def test_an_approval_that_was_taken_back_is_told_to_who_would_go_on(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    for words in ("王芳 保全 换受益人 儿子", "T1 收到 资料", "T1 提交"):
        li.says(words)
    wang.says("T1 同意")
    wang.undoes()
    assert "工单 T1 回到上一步" in letters(wang)["lixiang"]
    assert "待审批" in li.says("T1")


def test_a_word_that_may_mean_the_ticket_on_the_screen_or_the_act_before_is_asked_about(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 保全 换受益人 儿子")
    li.says("陈静 投诉 等了三天没人回电")
    li.says("T1")
    asked = li.says("撤回")
    assert "「撤回」指的是哪一件？" in asked
    assert "撤回工单 T1（保全·王芳）" in asked
    assert "撤销刚才的操作：「陈静」的投诉 T2" in asked
    assert "现在是「已撤回」" in li.says("1")
    assert "T2 投诉" in li.says("T2") + str(li.replies)


def test_the_other_answer_undoes_the_act(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 保全 换受益人 儿子")
    li.says("陈静 投诉 等了三天没人回电")
    li.says("T1")
    li.says("撤回")
    assert "已撤销：「陈静」的投诉 T2" in li.says("2")
    assert "没有找到工单 T2" in li.says("T2")


def test_what_was_just_done_with_the_ticket_on_the_screen_is_undone_at_once(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 保全 换受益人 儿子")
    assert "已撤销：「王芳」的保全 T1" in li.says("撤回")


def test_the_card_of_a_ticket_that_was_taken_back_goes_grey(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    li.says("王芳 投诉 等了三天没人回电")
    card = next(message for who, message in li.letters if who == "wangke")
    li.undoes()
    assert isinstance(card, Card)
    assert "没有找到这张工单" in wang.taps("接单", card)
    assert wang.greyed == ["已失效"]


# ---------------------------------------------------------------- the mark of the client


def test_who_may_be_complained_about_does_not_end_the_complaint_by_hand(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    li.says("王芳 投诉 等了三天没人回电")
    assert "跟着工单走：还有没办结的投诉" in li.says("王芳 投诉处理中 改成 否")
    assert "共 1 位" in li.says("筛选 投诉处理中")
    wang.says("T1 撤诉")
    wang.says("客户说误会了")
    assert "没有符合的客户" in li.says("筛选 投诉处理中")


def test_a_complaint_without_a_ticket_may_be_unmarked(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 投诉处理中 改成 是")
    assert "是 → 否" in li.says("王芳 投诉处理中 改成 否")


# ---------------------------------------------------------------- told the client


@pytest.mark.parametrize("said", [
    "还没呢", "好像还没告知", "对不起还没说", "是不是要先打电话", "有没有告知我不清楚", "说了吗？", "通知了没有", "没告知客户",
    "已经准备明天告诉他",
])  # fmt: skip
def test_what_does_not_say_that_the_client_was_told_is_no_yes(desks: Desks, said: str):
    wanted = FLOWS["complaint"].ask("told")
    with pytest.raises(Invalid, match="要先告知客户"):
        understood(_Now(), wanted, said)


@pytest.mark.parametrize("said", ["是", "已告知", "已电话告知客户，客户没意见", "说过了", "是的，上午通知的", "好了，已经讲过"])
def test_what_says_it_is_one(said: str):
    assert understood(_Now(), FLOWS["complaint"].ask("told"), said) is True


class _Now:
    now = datetime(2025, 6, 9, 9, tzinfo=SHANGHAI)
    today = now.date()

    def local(self, instant: datetime) -> datetime:
        return instant


# ---------------------------------------------------------------- standing in


def test_who_stands_in_has_the_tickets_of_who_is_away(desks: Desks):
    li, zhou = desks["lixiang"], desks["zhoumin"]
    li.says("需求 王芳 想把房贷转组合贷")
    assert "没有正在办的工单" in zhou.says("我的工单")
    li.says("请假 今天到6月12日 周敏代班")
    li.confirms()
    assert "T1 需求 王芳" in zhou.says("我的工单")
    assert "现在是「处理中」" in zhou.says("T1 接单")
    zhou.clock.advance(timedelta(days=5))
    assert "没有正在办的工单" in zhou.says("我的工单")
    assert "没有找到工单 T1" in zhou.says("T1 办结 已办")


# ---------------------------------------------------------------- many of them


def test_what_is_late_or_waits_is_found_behind_any_number_of_others(desks: Desks, monkeypatch: pytest.MonkeyPatch):
    for module in (approving, moving, showing):
        monkeypatch.setattr(module, "MOST", 2)
    li, shen = desks["lixiang"], desks["shenyue"]
    for name in ("王芳", "陈静"):
        li.says(f"需求 {name} 想了解养老")
        li.says(f"T{1 if name == '王芳' else 2} 答复 已发资料")
    li.says("赵磊 保全 换受益人 儿子")
    li.says("T3 收到 资料")
    li.says("T3 提交")
    assert "T3 保全" in shen.says("待我审批")
    li.clock.advance(timedelta(hours=4))
    li.says("需求 赵磊 想转账")
    li.clock.advance(timedelta(hours=4))
    assert "T4 需求 赵磊" in li.says("谁超时了")


def test_a_flow_as_it_was_is_read_once_for_a_whole_list(
    desks: Desks, database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
):
    li = desks["lixiang"]
    for name in ("王芳", "陈静", "赵磊"):
        li.says(f"需求 {name} 想了解养老")
    read: list[str] = []
    with database.system(clock.now()) as uow:
        monkeypatch.setattr(type(uow.packs), "find_flow", lambda packs, name: None)  # the packs know it no more
        event.listen(database.engine, "before_cursor_execute", lambda c, u, statement, *_: read.append(statement))
        flows = uow.tickets.flows
        assert {flows.of(ticket.flow, ticket.edition).label for ticket in uow.tickets.running(9)} == {"需求"}
    assert sum("FROM flow_editions" in statement for statement in read) == 1
