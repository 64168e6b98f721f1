"""The process ends at every single point where something became durable or left: the end is always the same.

For n = 1, 2, 3 … a flow is cut off at point n and taken over by a new process. What people saw and what is kept must
equal the run that nothing disturbed."""

from __future__ import annotations

import pytest

from tests.service.deaths import Start, Step, happens, it_ends_the_same_wherever_it_dies, says, taps, waits

pytestmark = pytest.mark.slow

FLOWS: dict[str, list[Step]] = {
    "a look-up": [says("查 王芳")],
    "a note": [says("记 王芳 今天电话聊了养老")],
    "a new client": [says("新增客户 赵敏 手机13800001111"), says("确认")],
    "a changed field": [says("王芳 职业改成教师")],
    "a changed phone, which waits for a second person": [
        says("王芳 手机改成 13900000009"), says("T1 同意", senders=("wangke",)),
    ],
    "a ticket from its first word to its end": [
        says("需求 王芳 想了解养老"), says("T1 接单"), says("T1 转给 王珂"), says("T1 答复 已说明", senders=("wangke",)),
        says("T1 办结 已办好", senders=("wangke",)),
    ],
    "a complaint with what has to be said for its end": [
        says("王芳 投诉 等了太久"), says("T1 答复 已致歉", "T1 办结", senders=("wangke",)),
        says("换人跟进", "1", "已告知", senders=("wangke",)),
    ],
    "a note taken back": [says("记 王芳 今天电话聊了养老"), says("撤销")],
    "a reminder set": [says("明天上午十点提醒我给王芳打电话")],
    "a mistake": [says("查客户 没有人")],
    "a reminder that falls due and is finished": [
        says("今天上午十一点提醒我给王芳打电话"), waits(hours=2), taps("完成"),
    ],
    "a morning brief": [says("明天提醒我给王芳寄资料"), waits(hours=23, minutes=40)],
    "an event nobody knows": [happens("something_new_of_2031")],
    "three members at once, one of them mistaken": [
        says("记 王芳 今天电话聊了养老", "查 王芳", senders=("lixiang", "wangke", "chenmo")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", list(FLOWS))
async def test_it_ends_the_same_wherever_the_process_dies(name: str, start: Start) -> None:
    await it_ends_the_same_wherever_it_dies(start, *FLOWS[name])
