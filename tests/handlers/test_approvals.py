"""What waits for a second person, over rules and the tier standard: listed, opened, taken back, and never decided blindly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.approvals import MATTERS
from handlers.context import Context
from handlers.conversation import Conversation
from storage.approvals import versioned, waiting_for
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, words_of

RULE, STANDARD = "修改规则 R1 提前 3 天", "分层标准 贵宾 50万改60万"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    with database.system(clock.now()) as uow:
        a_client(uow, "王芳", aum=Decimal(520_000), bank_tier="贵宾")
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


def hand_in(he: Desk, *texts: str) -> None:
    for text in texts:
        he.says(text)
        assert "等沈合规审批" in he.says("提交")


def letters(desk: Desk, to: str) -> str:
    return "\n".join(words_of(message) for user, message in desk.letters if user == to)


# ---------------------------------------------------------------- what waits


def test_what_waits_is_listed_and_a_number_shows_the_whole_of_it(he: Desk, shen: Desk) -> None:
    hand_in(he, RULE, STANDARD)
    heard = shen.says("待我审批")
    assert heard.startswith("等您审批的 2 件，回复序号看全文和按钮。")
    assert "① R1 v1「" in heard
    assert "修改，何运营 2025-06-09 09:00 提交" in heard
    assert "② 分层标准 v1（" in heard
    assert "等待审批的是 分层标准 v1，请看过再定" in shen.says("2")
    assert "何运营 提交 分层标准 v1（修改）" in letters(shen, "shenyue")
    card = next(message for _, message in shen.letters if isinstance(message, Card))
    assert "已生效" in shen.taps("同意", card)
    assert "等待审批的是 R1 v1" in shen.says("待我审批")  # one alone is shown at once


def test_a_number_with_a_word_shows_it_first_too(he: Desk, shen: Desk) -> None:
    hand_in(he, RULE, STANDARD)
    shen.says("待我审批")
    assert "等待审批的是 R1 v1，请看过再定" in shen.says("1 同意")
    assert "已生效" not in shen.says("待我审批")
    assert "请回复 1 到 2 之间的序号" in shen.says("3")
    assert "已驳回 R1 v1，原因：太密" in shen.says("驳回 R1 v1 太密")
    assert "已经处理过了" in shen.says("1")


def test_nothing_waits_for_the_author_nor_for_strangers(he: Desk, shen: Desk) -> None:
    assert shen.says("待我审批") == "现在没有等您审批的。"
    hand_in(he, RULE)
    assert he.says("待我审批") == "现在没有等您审批的。"
    assert Desk(he.database, he.clock, "wangke").says("待我审批") == "现在没有等您审批的。"
    assert "不能使用" in Desk(he.database, he.clock, "lixiang").says("待我审批")


@pytest.mark.parametrize("said", ["同意", "批准。", "驳回", "退回"])
def test_a_bare_word_shows_the_one_that_waits_and_decides_nothing(he: Desk, shen: Desk, said: str) -> None:
    hand_in(he, STANDARD)
    heard = shen.says(said)
    assert "等待审批的是 分层标准 v1，请看过再定" in heard
    assert "回复「同意 分层标准 v1」「驳回 分层标准 v1 原因」" in heard
    assert "v1 待审批" in he.says("分层标准 历史")
    assert "已生效" in shen.says("同意 分层标准 v1")
    assert shen.says(said) == "现在没有等您审批的。"


def test_a_bare_word_lists_them_where_several_wait(he: Desk, shen: Desk) -> None:
    hand_in(he, RULE, STANDARD)
    assert "等您审批的 2 件" in shen.says("同意")


def test_where_a_question_is_open_the_word_answers_it(he: Desk) -> None:
    he.says("停用 R1")
    assert "已停用 R1" in he.says("确认")


def test_of_a_client_同意_is_still_his_consent(he: Desk) -> None:
    assert "同意" in Desk(he.database, he.clock, "lixiang").says("王芳 同意营销")


def test_a_version_that_goes_back_to_a_rule_that_left_the_packs_hides_no_other(he: Desk, shen: Desk) -> None:
    hand_in(he, STANDARD)
    with he.database.system(he.clock.now()) as uow:
        uow.act_as(Actor.of(uow.users.get("hexin")))
        uow.rules.submit("left_the_packs", None, "roll_back", "shenyue")
    heard = shen.says("待我审批")
    assert "等您审批的 2 件" in heard
    assert "（已经不能用）" in heard
    assert "不在业务包里了" in shen.says("2" if "② R" in heard else "1")


def test_a_superior_who_may_not_decide_is_not_asked(he: Desk, cast: Cast) -> None:
    with he.database.system(he.clock.now()) as uow:
        uow.users.change(cast.hexin, manager_id="lixiang")
    he.says(RULE)
    assert "等沈合规审批" in he.says("提交")


# ---------------------------------------------------------------- taken back


def test_the_author_takes_back_what_nobody_decided(he: Desk, shen: Desk) -> None:
    hand_in(he, STANDARD)
    heard = he.says("撤回申请")
    assert "撤回 分层标准 v1（" in heard
    assert "已撤回 分层标准 v1，不再等待审批" in he.says("确认")
    assert "已撤下" in he.says("分层标准 历史")
    assert shen.says("待我审批") == "现在没有等您审批的。"
    assert "没有等待审批的分层标准" in shen.says("同意 分层标准 v1")
    assert he.says("撤回申请") == "您没有等待审批的提交。"


def test_of_several_the_one_that_was_named(he: Desk) -> None:
    hand_in(he, RULE, STANDARD)
    assert "您有 2 件等待审批，请写明撤回哪一件：「撤回申请 R1 v1」「撤回申请 分层标准 v1」。" in he.says("撤回申请")
    assert "可以撤回的：R1 v1、分层标准 v1" in he.says("撤回申请 R9 v9")
    assert "撤回 R1 v1" in he.says("撤回申请 R1 v1")
    assert "已撤回 R1 v1" in he.says("确认")


def test_nobody_takes_back_what_another_handed_in_or_what_was_decided_meanwhile(he: Desk, shen: Desk) -> None:
    hand_in(he, STANDARD)
    assert shen.says("撤回申请") == "您没有等待审批的提交。"
    he.says("撤回申请")
    shen.says("同意 分层标准 v1")
    assert "已经处理过了，没有撤回" in he.says("确认")
    assert "贵宾：60 万元起" in he.says("分层标准")


def test_whatever_has_versions_counts_among_what_waits(shen: Desk) -> None:
    with shen.database.system(shen.clock.now()) as uow:
        ctx = Context(uow, uow.users.get("shenyue"), SHANGHAI, Conversation(shen.clock.now()))
        known = {type(each) for each in versioned(uow)}
        assert {type(matter.versions(ctx)) for matter in MATTERS.values()} == known


def test_what_is_counted_as_waiting_is_what_the_list_shows(he: Desk, shen: Desk, cast: Cast) -> None:
    hand_in(he, RULE, STANDARD)
    with shen.database.system(shen.clock.now()) as uow:
        assert [waiting.noun for waiting in waiting_for(uow, cast.shenyue)] == ["规则", "分层标准"]
        assert waiting_for(uow, cast.hexin) == []
    assert "等您审批的 2 件" in shen.says("待我审批")
