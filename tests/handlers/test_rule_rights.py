"""Rules tell nobody what his role may not see: not by a reminder, not by their text, not by a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import Desk, words_of

AML = "洗钱风险等级 是 高"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm with 王芳."""
    with database.system(clock.now()) as uow:
        a_client(uow, "王芳", bank_tier="贵宾")
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    """沈合规, who may see the level of money laundering risk."""
    return Desk(he.database, he.clock, "shenyue")


def letters(desk: Desk, to: str) -> str:
    return "\n".join(words_of(message) for user, message in desk.letters if user == to)



def test_no_rule_tells_a_receiver_what_his_role_may_not_see(he: Desk, shen: Desk) -> None:
    """沈合规 may see the level; advisers and their superiors never, and a reminder would tell them."""
    for said in (f"新建提醒规则 生日当天 条件 {AML}", "新建提醒规则 生日当天 提醒主管 条件 贵宾 或 (非 洗钱风险等级 是 高)",
                 "新建提醒规则 生日当天 提醒顾问 洗钱风险等级是高的客户另提醒主管"):
        assert "「洗钱风险等级」" in (heard := shen.says(said))
        assert "无权查看，不能用在提醒" in heard
    assert "没有正在写的规则" in shen.says("提交")


def test_a_rule_that_tells_what_it_must_not_is_in_force_no_more(he: Desk) -> None:
    """One that was approved before this was checked."""
    with he.database.system(he.clock.now()) as uow:
        body = {**uow.packs.rule("birthday").as_json(), "when": AML}
        uow.rules.decide(uow.rules.submit("birthday", body, "change"), approved=True)
    li = Desk(he.database, he.clock, "lixiang")
    for said in ("规则 R1", "提醒规则", "为什么没有提醒 王芳 生日", f"筛选说明 王芳 {AML}", f"筛选 {AML}"):
        assert "高" not in li.says(said).replace(AML, "" if AML in said else AML)
    assert "条件：不限" in li.says("规则 R1")
    assert "无权查看" in li.says(f"筛选说明 王芳 {AML}")
    assert "已经不能用了" in he.says("规则历史 R1")


def shown_to(desk: Desk, name: str, roles: tuple[str, ...]) -> None:
    """A field of clients is for these roles alone."""
    packs = desk.database.packs.current
    closed = [f.model_copy(update={"see": roles}) if f.path == f"client.{name}" else f for f in packs.fields]
    desk.database.packs = SimpleNamespace(current=replace(packs, fields=tuple(closed)))


def test_who_may_not_see_a_condition_does_not_read_it_and_does_not_approve_it(he: Desk, shen: Desk) -> None:
    """A field that the author and the receivers may see, and 何运营 and 李顾问 may not."""
    shown_to(he, "city", ("manager", "compliance"))
    shen.says("新建提醒规则 生日当天 提醒主管 条件 所在城市 是 杭州")
    assert "何运营无权查看的条件" in shen.says("提交 何运营")
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "fang", name="方合规", role="compliance")
        a_client(uow, "钱多", birthday=date(1980, 6, 20))
    shen.says("提交 方合规")
    assert "条件：所在城市 是 杭州" in letters(shen, "fang")
    number = he.sees(lambda uow: max(uow.rules.numbers().values()))
    fang = Desk(he.database, he.clock, "fang")
    assert "不能由您批准" in he.says(f"同意 R{number} v1")
    assert "已生效" in fang.says(f"同意 R{number} v1")
    for desk in (he, Desk(he.database, he.clock, "lixiang")):
        assert "条件：您无权查看的条件" in desk.says(f"规则 R{number}")
        assert "杭州" not in desk.says(f"规则 R{number}")
    assert "条件：所在城市 是 杭州" in Desk(he.database, he.clock, "wangke").says(f"规则 R{number}")
    li = Desk(he.database, he.clock, "lixiang")
    assert "不满足：您无权查看的条件。" in li.says(f"为什么没有提醒 钱多 R{number}")
    assert "不满足：所在城市 是 杭州。" in Desk(he.database, he.clock, "wangke").says(f"为什么没有提醒 钱多 R{number}")
