"""Kill -9 in the middle of giving a client to an adviser: whoever was asked is asked once, a client has one owner, and an
answer counts once, wherever the process dies."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import clients, offers
from tests.builders import a_client
from tests.service.deaths import Cut, Start, Step, by, cut, it_goes_on_wherever_it_dies, taps, waits

pytestmark = pytest.mark.slow

ENTERED: list[Step | Cut] = [*by("hexin", "新增客户 孙杭 13800000701"), cut(*by("hexin", "确认"))]
FLOWS: dict[str, tuple[list[Step | Cut], tuple[str, dict[str, int]]]] = {
    "one is entered and accepted by a tap": (
        [ENTERED[0], cut(*by("hexin", "确认"), taps("接受", "zhoumin"))], ("zhoumin", {"accepted": 1}),
    ),
    "one is not wanted, and the next one takes him": (
        [*ENTERED, cut(*by("zhoumin", "不接受 孙杭 不在我的区域")), cut(*by("chenmo", "接受 孙杭"))],
        ("chenmo", {"declined": 1, "accepted": 1}),
    ),
    "nobody wants him": (
        [*ENTERED, *by("zhoumin", "不接受 孙杭 太远"), *by("chenmo", "不接受 孙杭 太忙"), cut(*by("lixiang", "不接受 孙杭 太忙"))],
        ("wangke", {"declined": 3}),
    ),
    "nobody answers in time": (
        [*ENTERED, cut(waits(hours=8)), cut(*by("chenmo", "接受 孙杭"))], ("chenmo", {"lapsed": 1, "accepted": 1}),
    ),
    "a manager gives one to the rules": (
        [*by("wangke", "分配 王芳"), cut(*by("wangke", "确认"), taps("接受", "zhoumin"))], ("zhoumin", {"accepted": 1}),
    ),
    "he is handed over by hand before he is accepted": (
        [*ENTERED, *by("wangke", "把孙杭移交给李顾问"), cut(*by("wangke", "确认")), cut(*by("zhoumin", "接受 孙杭")), cut(waits(hours=8))],
        ("lixiang", {"moved": 1}),
    ),
}  # fmt: skip


@pytest.fixture
def firm(start: Start) -> Start:
    """周敏 has no client yet, 李顾问 has 王芳, 陈默 钱三."""
    database = Database(f"sqlite:///{start.path}", start.vault, start.packs)
    with database.system(start.now) as uow:
        uow.users.add("zhoumin", "周敏", "adviser", "wangke", "insurance")
        a_client(uow, "钱三", owner_id="chenmo")
    database.close()
    return start


@pytest.mark.parametrize("name", list(FLOWS))
async def test_an_offer_goes_on_wherever_the_process_dies(name: str, firm: Start) -> None:
    stages, ended = FLOWS[name]
    later = await it_goes_on_wherever_it_dies(firm, stages)
    database = Database(f"sqlite:///{later.path}", later.vault, later.packs)
    with database.engine.connect() as conn:
        owners = conn.execute(select(clients.c.owner_id).where(clients.c.id.in_(select(offers.c.client_id))))
        states = conn.execute(select(offers.c.state, func.count()).group_by(offers.c.state))
        found = owners.scalar_one(), dict(map(tuple, states))
    database.close()
    assert found == ended
