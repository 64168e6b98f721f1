"""微信客服 through the real door: the bell comes in encrypted, the text is pulled, and the adviser hears of it once."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from storage.repositories.contacts import ContactRepository
from tests.builders import a_client
from tests.service.house import House
from tests.service.waiting import until

ACCOUNT, FANG = "wk_firm", "wm_fang"


def knows_fang(house: House) -> None:
    """王芳 is a client of 李顾问, with her WeChat; the firm has 微信客服."""
    house.fake.kf.open_account(ACCOUNT, "客服")
    with house.database.system(house.clock.now()) as uow:
        contacts = ContactRepository(uow)
        contacts.link(contacts.added("lixiang", FANG), a_client(uow, "王芳"), "hand")


async def greeted(house: House) -> bool:
    """Whether the bot's greeting stands on her phone."""
    return any(seen.by == "kf" for seen in house.fake.customer_saw(FANG))


async def told(house: House) -> bool:
    """Whether the adviser knows that his answer went out."""
    return any("已通过微信客服发出" in text for text in house.texts("lixiang"))


async def test_a_customer_s_message_is_heard_once_though_the_bell_is_delivered_twice(house: House):
    knows_fang(house)
    house.fake.faults.duplicate_delivery = True
    await house.fake.kf_says(ACCOUNT, FANG, "我的保单什么时候到期？")
    await house.fake.heard("lixiang", "王芳（微信客服）：我的保单什么时候到期？")
    await house.fake.kf_says(ACCOUNT, FANG, "在吗")
    await house.fake.heard("lixiang", "王芳（微信客服）：在吗")
    await house.settled()
    assert len(house.texts("lixiang")) == 2


async def test_an_answer_arrives_once_though_what_wecom_says_is_lost(house: House):
    knows_fang(house)
    await house.fake.kf_says(ACCOUNT, FANG, "在吗")
    await house.fake.heard("lixiang", "王芳（微信客服）：在吗")
    await until(partial(greeted, house), within=10)
    await house.hears("lixiang", "回复 王芳 在的")
    house.fake.faults.lost_answers = 2  # of sending it, and of telling the adviser
    await house.says("lixiang", "确认")
    for _ in range(10):  # a busy machine may make a try only when the clock has gone on
        await house.passes(95)
        house.app.wake_loops()
        with suppress(TimeoutError):
            await until(partial(told, house), within=3)
            break
    await house.fake.heard("lixiang", "已通过微信客服发出", within=10)
    answers = [seen.text for seen in house.fake.customer_saw(FANG) if seen.by == "kf"]
    assert answers.count("在的") == 1
    assert len(answers) == 2
