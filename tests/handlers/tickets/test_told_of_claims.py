"""How a claim stands, told without its number: kept with the claim, and its state moves by a move alone."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Text
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    """陈静 has a claim that runs, 赵磊 none."""
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "陈静")
        a_client(uow, "赵磊")
    desk = Desk(database, clock, "lixiang")
    for said in ("陈静 报案 骑车摔伤", "昨天", "朝阳区"):
        desk.says(said)
    return desk


@pytest.mark.parametrize("said", ["陈静的理赔保险公司批了，赔5000", "再补两张材料给陈静那个理赔", "陈静理赔款到账了"])
def test_it_is_kept_with_the_claim_and_whoever_has_it_is_told(li: Desk, said: str):
    heard = li.says(said)
    assert heard.startswith(f"已记在工单 T1：{said}")
    assert "「陈静」的理赔还是「待接单」，已告诉经办人 王珂。" in heard
    assert [(who, said in letter.content) for who, letter in li.letters if isinstance(letter, Text)] == [("wangke", True)]
    assert f"备注：{said}" in li.says("T1") + "".join(m.content for m in li.replies if isinstance(m, Text))
    li.says(said)
    assert "已撤销" in li.says("撤销")


def test_who_has_the_claim_hears_what_he_can_do_with_it(li: Desk):
    wang = Desk(li.database, li.clock, "wangke")
    assert "「陈静」的理赔还是「待接单」，您现在可以：" in wang.says("陈静的理赔材料补齐了")


@pytest.mark.parametrize("said", ["陈静的理赔批了吗", "陈静希望理赔快点批下来", "陈静的理赔估计批了", "要是陈静的理赔批了就好了"])
def test_a_question_or_a_hope_writes_nothing(li: Desk, said: str):
    assert "已记在工单" not in li.says(said)


def test_without_a_claim_nothing_is_kept_and_the_ways_are_named(li: Desk):
    heard = li.says("赵磊的理赔批了")
    assert "「赵磊」没有正在办的理赔，这句话没有记下" in heard
    assert "赵磊 报案 经过" in heard


def test_of_several_the_number_is_asked_for(li: Desk, clock: MovableClock):
    for said in ("陈静 报案 家里水管爆了", "前天", "海淀区"):
        li.says(said)
    assert "正在办的理赔有 T2、T1" in li.says("陈静的理赔批了")
