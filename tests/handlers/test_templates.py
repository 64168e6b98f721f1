"""模板: operations reword texts to clients in chat; words and variables are checked; a second person approves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.test_rules import letters

NEW = "${salutation}，这个季度过得好吗？想约您聊聊近况，随时找我。——${adviser_name}"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    return Desk(he.database, he.clock, "shenyue")


def approve(he: Desk, shen: Desk) -> str:
    he.says("提交")
    return shen.taps("同意", next(card for who, card in he.letters if who == "shenyue" and hasattr(card, "buttons")))


def in_force(desk: Desk, template: str = "quarterly_review") -> str:
    """The words in a process that knew those before."""
    with desk.database.system(desk.clock.now()) as uow:
        return uow.templates.in_force().get(template).text


def test_a_text_is_shown_reworded_tried_out_and_in_force_once_approved(he: Desk, shen: Desk) -> None:
    before = in_force(he)
    assert "季度回顾" in he.says("模板") + he.says("更多") + he.says("更多")
    assert before in he.says("模板 季度回顾")
    said = he.says(f"改模板 季度回顾 {NEW}")
    assert "模板 季度回顾 草稿（还没有提交，改的是通用文字）" in said
    assert NEW in said
    said = he.says("试算")
    assert "王女士，这个季度过得好吗？" in said
    assert "${" not in said.partition("试算")[2]
    assert "等沈合规审批" in he.says("提交")
    assert in_force(he) == before
    heard = letters(he, "shenyue")
    assert f"文字：{NEW}" in heard
    assert f"改动：通用文字「{before[:30]}" in heard
    card = next(card for who, card in he.letters if who == "shenyue" and hasattr(card, "buttons"))
    assert "模板 季度回顾 v1 已生效" in shen.taps("同意", card)
    assert in_force(he) == NEW
    assert "v1，何运营" in he.says("模板 季度回顾")


def test_new_words_are_used_from_then_on_and_what_was_drafted_keeps_its_version(he: Desk, shen: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        client = a_client(uow, "王芳", gender="F", birthday=date(1985, 6, 9))
        uow.consents.record(client, "care", True, channel="chat")
    li = Desk(he.database, he.clock, "lixiang")
    assert "生日快乐！祝您平安健康" in li.says("给王芳写条生日祝福")
    he.says("改模板 生日祝福 ${salutation}，祝您生日快乐，天天开心！——${adviser_name}")
    approve(he, shen)
    assert "内容改过了，不能发旧的" in li.says("王芳 能发吗") + li.says("发送")
    li.says("取消")
    assert in_force(he, "birthday_care").startswith("${salutation}，祝您生日快乐，天天开心")


@pytest.mark.parametrize(("text", "answer"), [
    ("改模板 季度回顾 ${salutation}，这款产品保本保收益，快来买", "有不能对客户说的内容"),
    ("改模板 季度回顾 ${salutation}，您的余额 ${balance} 元", "没有变量「balance」"),
    ("改模板 季度回顾 ${salutation}，您的保单 ${number_tail} 快到期了", "不知道「合同号后四位」"),
    ("改模板 欢迎语 ${salutation}您好", "不知道「客户称呼"),
    ("改模板 季度回顾", "请把新的文字写在模板名后面"),
    ("改模板 季末回顾 您好", "没有叫「季末回顾」的模板。相近的有：季度回顾"),
    ("改模板 季度回顾（青铜） 您好", "没有「青铜」这个等级"),
])  # fmt: skip
def test_what_may_not_be_is_refused_and_no_draft_is_left(he: Desk, text: str, answer: str) -> None:
    assert answer in he.says(text)
    assert "没有未保存的草稿" in he.says("草稿")


def test_words_to_clients_are_kept_as_they_were_typed(he: Desk) -> None:
    text = "${salutation}，谢谢您！\n下周三下午3点见，不对的地方请指正。谢谢"
    assert text in he.says(f"改模板 季度回顾 {text}")


def test_a_tier_has_words_of_its_own(he: Desk, shen: Desk) -> None:
    said = he.says("改模板 季度回顾（贵宾） ${salutation}，贵宾专属季度回顾。——${adviser_name}")
    assert "改的是贵宾的文字" in said
    he.says(f"改模板 季度回顾 {NEW}")
    approve(he, shen)
    with he.database.system(he.clock.now()) as uow:
        template = uow.templates.in_force().get("quarterly_review")
    assert template.text_for("贵宾").startswith("${salutation}，贵宾专属")
    assert template.text_for("大众") == NEW


def test_a_draft_leaves_alone_what_somebody_else_put_in_force_meanwhile(he: Desk, shen: Desk) -> None:
    he.says("改模板 季度回顾（贵宾） ${salutation}，贵宾专属季度回顾。——${adviser_name}")
    shen.says(f"改模板 季度回顾 {NEW}")
    shen.says("提交")
    he.says("同意 模板 季度回顾 v1")
    assert "改的是贵宾的文字" in he.says("草稿")
    approve(he, shen)
    assert in_force(he) == NEW


def test_a_version_of_a_template_that_left_the_packs_is_refused_and_blocks_nothing(he: Desk, shen: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        uow.templates.submit("gone_text", {"text": "您好"}, "change", "shenyue")
    assert "业务包里已经没有这个模板" in shen.says("待我审批")
    assert "已经没有这个模板" in shen.says("同意 模板 gone_text v1")
    assert "已驳回 模板 gone_text v1" in shen.says("驳回 模板 gone_text v1 没用了")


def test_the_author_never_approves_and_others_write_nothing(he: Desk, shen: Desk) -> None:
    he.says(f"改模板 季度回顾 {NEW}")
    he.says("提交")
    assert "不能自己批" in he.says("同意 模板 季度回顾 v1")
    assert "您的角色不能使用" in Desk(he.database, he.clock, "wangke").says(f"改模板 季度回顾 {NEW}")
    assert "等待审批的是 模板 季度回顾 v1" in shen.says("同意 模板 季度回顾")
    assert "已驳回 模板 季度回顾 v1，原因：太长" in shen.says("驳回 模板 季度回顾 v1 太长")
    assert "驳回原因：太长" in he.says("模板 季度回顾 历史")
    assert "没有等待审批的模板 季度回顾" in shen.says("同意 模板 季度回顾 v1")


def test_versions_are_told_and_rolled_back_to(he: Desk, shen: Desk) -> None:
    before = in_force(he)
    for text in (NEW, NEW.replace("随时找我", "等您消息")):
        he.says(f"改模板 季度回顾 {text}")
        approve(he, shen)
    said = he.says("模板 季度回顾 历史")
    assert "v2 生效中：修改，何运营" in said
    assert "v1 已换下：修改" in said
    assert "例如「回滚 模板 季度回顾 v1」" in said
    he.says("回滚 模板 季度回顾 v1")
    assert "已生效" in shen.says("同意 模板 季度回顾 v3")
    assert in_force(he) == NEW
    he.says("回滚 模板 季度回顾 v0")
    shen.says("同意 模板 季度回顾 v4")
    assert in_force(he) == before
    assert "没有 v9" in he.says("回滚 模板 季度回顾 v9")


def test_a_text_that_waits_is_on_the_desk_and_outlives_its_clock(he: Desk, shen: Desk) -> None:
    he.says(f"改模板 季度回顾 {NEW}")
    he.clock.advance(timedelta(minutes=2))
    he.says("提交")
    assert "等待审批的是 模板 季度回顾 v1" in shen.says("待我审批")
    assert NEW in letters(shen, "shenyue")
