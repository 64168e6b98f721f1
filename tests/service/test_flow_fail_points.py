"""Kill -9 in the middle of every kind of step of a ticket and of what goes on for days: what is asked, papers, moves,
approvals, signatures, effects, looks, time limits, answers, books that change hands. A flow goes up to a step undisturbed,
the step is cut off at every point, and the flow goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from storage.database import Database
from tests.builders import a_client, a_loan
from tests.service.deaths import (
    Cut,
    Start,
    Step,
    by,
    cut,
    it_goes_on_wherever_it_dies,
    says,
    sends_a_photo,
    taps,
    waits,
)

pytestmark = pytest.mark.slow


ANSWERS = "3 1 2 1 3 3 2 3 3".split()
FLOWS: dict[str, list[Step | Cut]] = {
    "a claim, its photos, its assessment, its approval and its payout": [
        says("王芳 报案 骑车摔断了胳膊"), says("昨天"), cut(says("中山路")), cut(*by("claims1", "T1 接单")),
        cut(sends_a_photo()), says("T1 收到 资料"), cut(*by("claims1", "T1 查勘 派李风控 周三前")),
        *by("claims1", "T1 定损 12000", "骨折属实，票据齐全"), *by("claimlead", "T1 退回", "票据再核"),
        *by("claims1", "T1 定损 12000", "再核无误"),
        cut(*by("claimlead", "待我审批", "1 同意")), cut(*by("claims1", "T1 已付款")),
    ],
    "a servicing request": [
        says("王芳 保全 换受益人 儿子"), cut(says("T1 收到 资料")), cut(says("T1 提交"), taps("同意", "wangke")),
        says("T1 办结"), cut(says("受益人改为儿子，已生效")),
    ],
    "an account that is opened": [
        says("开户 王芳"), says("资金来源 工资"), cut(says("理财")), says("T1 收到 资料"), says("T1 提交"),
        says("T1 证件核验 一致"), says("T1 手机核验 一致"), cut(says("T1 外部核验 一致")), cut(says("T1 完成开户")),
    ],
    "an account under a name that is watched": [
        says("新增客户 欧阳无极 13800000777"), says("确认"), says("欧阳无极 开户"), says("工资"), cut(says("理财")),
        *by("shenyue", "T1 放行"), cut(*by("shenyue", "核对过证件，不是同一人")),
    ],
    "a loan from its intake over its signatures to its plan": [
        cut(says("进件 王芳 借20万 12期 年化12%")), says("T1 收到 资料"), *by("risk1", "T1 同意"),
        cut(*by("risk1", "等额本息")), cut(says("会签 T1")), *by("wangke", "会签 T1"), *by("shenyue", "会签 T1"),
        cut(*by("wangke", "T1 放款")),
    ],
    "a debt that is collected": [
        cut(waits(minutes=10)), cut(says("催收记录 T1 电话 承诺周五还5000")), cut(says("T1 没兑现")),
        *by("lixiang", "孙丽 贷款 已还"), cut(says("T1 已还清")),
    ],
    "a time limit that runs out": [
        says("需求 王芳 想了解养老"), waits(minutes=59), cut(waits(minutes=2)), cut(waits(minutes=60)), cut(says("T1 答复 已说明")),
    ],
    "a questionnaire": [
        cut(says("王芳 风险测评")), cut(says("3")), cut(says("先不做了")), says("王芳 风险测评"),
        *by("lixiang", *ANSWERS[1:]), cut(says("3")),
    ],
    "an adviser who leaves": [cut(*by("wangke", "离职交接 李顾问")), cut(*by("wangke", "确认"))],
    "a colleague who stands in": [cut(*by("wangke", "李顾问请假 6月10号到15号 周敏代")), cut(*by("wangke", "确认"))],
    "a task from the manager": [cut(*by("wangke", "派任务 李顾问 周五前 回访王芳"))],
}  # fmt: skip


@pytest.fixture
def firm(start: Start) -> Start:
    """Besides, a colleague, and a client who owes what was due three days ago."""
    database = Database(f"sqlite:///{start.path}", start.vault, start.packs)
    with database.system(start.now) as uow:
        uow.users.add("zhoumin", "周敏", "adviser", "wangke", "insurance")
        days = [date(2025, 6, 6), date(2025, 7, 6)]
        a_loan(uow, a_client(uow, "孙丽"), number="LN1", due_on=days, line="lending", state="repaying", amount=Decimal(9000))
    database.close()
    return start


@pytest.mark.parametrize("name", list(FLOWS))
async def test_a_flow_goes_on_wherever_the_process_dies(name: str, firm: Start) -> None:
    await it_goes_on_wherever_it_dies(firm, FLOWS[name])
