"""A flow that does not fit together is refused, and what is wrong with it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from config.pack import Flow

SOUND: Mapping[str, Any] = {
    "id": "errand", "label": "跑腿", "opens_with": ["content"], "assign": [{"to": "adviser"}],
    "asks": [{"name": "content", "label": "内容"}, {"name": "sum", "label": "金额", "type": "money"}],
    "states": [{"name": "new", "label": "待办"}, {"name": "done", "label": "已办", "ends": True}],
    "moves": [{"name": "close", "label": "办结", "states": ["new"], "to": "done", "by": ["handler"]}],
}
CLOSE: Mapping[str, Any] = SOUND["moves"][0]
NEW, DONE = SOUND["states"]
FAULTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a move from nowhere": ({"moves": [{**CLOSE, "states": ["old"]}]}, "用到没有的状态 old"),
    "a move to nowhere": ({"moves": [{**CLOSE, "to": "old"}]}, "用到没有的状态 old"),
    "a move asks what nobody knows": ({"moves": [{**CLOSE, "asks": ["answer"]}]}, "用到没有的内容 answer"),
    "it opens with what nobody knows": ({"opens_with": ["answer"]}, "opens_with 用到没有的内容 answer"),
    "it sums up what nobody knows": ({"summary": "借 {amount}"}, "summary 用到没有的内容 amount"),
    "a limit until what nobody does": (
        {"limits": [{"name": "answer", "label": "答复", "until": ["answer"], "limit": 2}]}, "用到没有的动作 answer",
    ),
    "a limit shorter than its goal": (
        {"limits": [{"name": "close", "label": "办结", "until": ["close"], "goal": 3, "limit": 2}]}, "goal ≤ limit ≤ red",
    ),
    "a state named twice": ({"states": [NEW, NEW, DONE]}, "状态 new 写了两次"),
    "it ends where it begins": ({"states": [DONE, NEW], "moves": [CLOSE]}, "第一个状态不能是结束状态"),
    "a client told at once of what he was answered": (
        {"states": [{**NEW, "tell_client": "已登记"}, DONE]}, "第一个状态「待办」不用 tell_client",
    ),
    "a client told of a figure": ({"states": [NEW, {**DONE, "tell_client": "已付 500 元"}]}, "tell_client 不能写数字"),
    "a client told of a member": ({"states": [NEW, {**DONE, "tell_client": "由${handler}办"}]}, "没有变量「handler」"),
    "a state that nothing leads to": ({"states": [NEW, {"name": "lost", "label": "丢了", "ends": True}, DONE]}, "「丢了」走不到"),
    "a state without an end": (
        {"states": [NEW, {"name": "stuck", "label": "卡住"}, DONE],
         "moves": [CLOSE, {**CLOSE, "name": "hold", "label": "搁置", "to": "stuck"}]}, "从状态「卡住」走不到结束",
    ),
    "it goes on after its end": (
        {"moves": [CLOSE, {**CLOSE, "name": "again", "label": "重开", "states": ["done"], "to": "new"}]}, "不能再有动作",
    ),
    "a ceiling over words": (
        {"moves": [{**CLOSE, "ceiling": {"field": "content", "most": 1}}]}, "ceiling 要用 type: money 的内容",
    ),
    "a ceiling over what is said only then": (
        {"moves": [{**CLOSE, "asks": ["sum"], "ceiling": {"field": "sum", "most": 1}}]}, "不能同一步里才问 sum",
    ),
    "a choice of nothing": ({"asks": [{"name": "content", "label": "内容", "type": "choice"}]}, "要么 type: choice"),
}  # fmt: skip


def test_a_sound_flow_is_taken():
    assert Flow.model_validate(SOUND).first.label == "待办"


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told(fault: Mapping[str, Any], said: str):
    with pytest.raises(ValidationError) as error:
        Flow.model_validate({**SOUND, **fault})
    assert said in str(error.value)
