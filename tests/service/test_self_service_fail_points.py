"""Kill -9 in the middle of a customer's talk in 微信客服: whatever he asks, proves, answers, sends, takes back or marks
is handled once, opens one ticket, is answered once and counts once. The talk goes up to a message undisturbed, the
process is cut off over it at every point, and the talk goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Table, func, select

from bot.sandbox.callbacks import xml_of
from bot.sandbox.kf_api import KfAccountState
from storage.database import Database
from storage.repositories.contacts import ContactRepository
from storage.tables import assessments, bindings, clients, kf_messages, offers, ratings, ticket_papers, tickets
from tests.builders import a_policy, an_id_number
from tests.service.deaths import Cut, Start, Step, World, by, cut, it_goes_on_wherever_it_dies, says, taps, waits
from tests.service.door import CORP

pytestmark = pytest.mark.slow

ACCOUNT, FANG, STRANGER = "wk_firm", "wm_fang", "wm_stranger"
BORN = date(1985, 6, 15)
NUMBER = an_id_number(BORN, 7)


# ---------------------------------------------------------------- what she does


def writes(text: str, who: str = FANG) -> Step:
    return _customer(lambda world: text, who=who)


def sends_a_picture() -> Step:
    return _customer(lambda world: "", kind="image")


def types_the_code() -> Step:
    """That which came last."""
    def code(world: World) -> str:
        found = re.search(r"验证码 (\d{6})", world.texts[-1])
        assert found
        return f"验证码 {found[1]}"

    return _customer(code)


def _customer(text: Callable[[World], str], kind: str = "text", who: str = FANG) -> Step:
    """She writes to the firm, and the bell rings. WeCom counts its answers by the second: nobody types faster."""
    async def write(world: World) -> None:
        world.clock.advance(timedelta(seconds=2))
        token = world.fake.kf.customer_says(
            ACCOUNT, who, world.clock.now(), text=text(world), kind=kind, media_id="photo",
        )
        await world.hears([xml_of({
            "ToUserName": CORP.corp_id, "CreateTime": int(world.clock.now().timestamp()), "MsgType": "event",
            "Event": "kf_msg_or_event", "Token": token, "OpenKfId": ACCOUNT,
        })])  # fmt: skip

    return write


# ---------------------------------------------------------------- her talks


@dataclass(frozen=True)
class Story:
    """What she and members do, and how many rows there are of what must be there once (or as often as she did it)."""

    stages: tuple[Step | Cut, ...]
    rows: dict[Table, int] = field(default_factory=dict)


def story(*stages: Step | Cut, rows: dict[Table, int]) -> Story:
    return Story(stages, rows)


PROVES = (writes(f"{NUMBER[-4:]} {BORN:%Y%m%d}"),)
CLASSED = "3 1 2 1 3 3 2 3".split()
STORIES = {
    "the proof of who asks, by a code": story(
        cut(writes("我的保单什么时候到期")), cut(writes("验证码")), cut(types_the_code()), cut(writes("下个月要还多少钱")),
        rows={bindings: 1, kf_messages: 4},
    ),
    "the proof of who asks, by the number's tail and the birthday": story(
        writes("我的保单什么时候到期"), cut(writes(f"1111 {BORN:%Y%m%d}")), cut(*PROVES), rows={bindings: 1, kf_messages: 3},
    ),
    "a claim, its photos, what she hears of it, and her mark": story(
        *PROVES, cut(writes("我昨天骑车摔断了胳膊，在医院")), cut(writes("中山路")), *by("claims1", "T1 接单"),
        cut(waits(minutes=6)), cut(sends_a_picture()), sends_a_picture(), cut(sends_a_picture()),
        *by("claims1", "T1 查勘 派李风控 周三前", "T1 定损 12000", "骨折属实"), *by("claimlead", "T1 同意"), writes("理赔进度"),
        cut(*by("claims1", "T1 已付款")), cut(waits(minutes=6)), cut(writes("2分")),
        rows={tickets: 1, ticket_papers: 3, ratings: 1},
    ),
    "a questionnaire": story(
        *PROVES, cut(writes("风险测评")), cut(writes("3")), cut(writes("上一题")), writes("3"), cut(writes("先不做了")),
        cut(writes("风险测评")), *map(writes, CLASSED[1:]), cut(writes("3")), rows={assessments: 1},
    ),
    "data that change: her wish, the adviser's order, the second person's yes": story(
        *PROVES, cut(writes("我换手机号了，帮我改一下")), cut(says("王芳 换手机号 13900000009")), *by("wangke", "待我审批"),
        cut(*by("wangke", "1 同意")), *by("lixiang", "T1 答复 已改好"), cut(*by("lixiang", "T1 办结 手机号已改")),
        waits(minutes=6), cut(writes("五分")), rows={tickets: 2, ratings: 1},
    ),
    "a complaint, its answer, its end, and a bad mark that has her called back": story(
        *PROVES, cut(writes("三天没人回我，我要投诉")), cut(*by("wangke", "T1 接单")), cut(waits(minutes=6)),
        *by("wangke", "T1 答复 已致歉", "T1 办结", "换人跟进", "1"), cut(*by("wangke", "已告知")), waits(minutes=6),
        cut(writes("一分")), rows={tickets: 1, ratings: 1},
    ),
    "a complaint that she drops": story(
        writes("三天没人回我，我要投诉"), cut(writes("不想投诉了")), cut(*by("wangke", "T1 撤诉", "客户说误会了")), waits(minutes=6),
        rows={tickets: 1, ratings: 0},
    ),
    "a meeting, with its time said afterwards": story(
        cut(writes("想约个时间见面")), cut(writes("周三下午三点")), rows={kf_messages: 2},
    ),
    "what is wanted no more, and wanted again": story(
        cut(writes("别再给我发消息了")), cut(writes("想恢复接收消息")), rows={kf_messages: 2},
    ),
    "what is kept of her, and her wish to be erased": story(
        *PROVES, cut(writes("你们有我哪些资料")), cut(writes("把我的资料删掉")), cut(writes("把我的资料删掉")),
        cut(*by("shenyue", "T1 同意删除")), rows={tickets: 1},
    ),
    "what is not understood, twice": story(cut(writes("啦啦啦")), cut(writes("嘟嘟嘟")), rows={kf_messages: 2}),
    "a person is asked for, who serves her in WeCom's own tool": story(
        cut(writes("转人工")), writes("在吗"), rows={kf_messages: 2},
    ),
    "a stranger who asks, and becomes a lead by a tap": story(
        *by("hexin", "客服接待 王珂"), cut(writes("有什么产品推荐吗", STRANGER), taps("建为潜在客户", "wangke")),
        rows={clients: 2, offers: 1, kf_messages: 1},
    ),
    "a suggestion": story(cut(writes("建议周末也能办业务")), rows={kf_messages: 1, tickets: 1}),
}  # fmt: skip


@pytest.fixture
def firm(start: Start) -> Start:
    """王芳 is linked to her WeChat, has a policy, and the firm an account of 微信客服."""
    database = Database(f"sqlite:///{start.path}", start.vault, start.packs)
    with database.system(start.now) as uow:
        known = uow.clients.get(uow.clients.with_phone("13912340001")[0].id)
        fang = uow.clients.update(known, id_number=NUMBER, birthday=BORN)
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", FANG), fang, "hand")
        a_policy(uow, fang, number="P20250001", state="active")
    database.close()
    return replace(start, talks={ACCOUNT: KfAccountState(ACCOUNT, "客服", epoch="0", on_duty={"lixiang"})})


@pytest.mark.parametrize("name", list(STORIES))
async def test_a_talk_goes_on_wherever_the_process_dies(name: str, firm: Start) -> None:
    told = STORIES[name]
    later = await it_goes_on_wherever_it_dies(firm, told.stages)
    database = Database(f"sqlite:///{later.path}", later.vault, later.packs)
    with database.engine.connect() as conn:
        found = {table: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in told.rows}
    database.close()
    assert found == told.rows
