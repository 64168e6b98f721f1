"""Tags that follow from what was written down: on the card with their reason, explained, filtered by (S16, R124)."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import tags
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import Desk


@pytest.fixture
def li(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    with database.system(clock.now()) as uow:
        fang = a_client(uow, "王芳", phone="13800000011", bank_tier="贵宾", gender="F")
        a_client(uow, "陈静")
        uow.clients.add_tag(fang, "高净值", "由建档内容提出")
    return Desk(database, clock, "lixiang")


def complain(li: Desk, times: int = 2) -> str:
    return [li.says(f"王芳 投诉 第{n}次没人回电") for n in range(1, times + 1)][-1]


def test_a_complaint_goes_on_the_time_line_and_holds_offers_back(li: Desk):
    heard = li.says("王芳 投诉 等了太久没人回电")
    assert "已登记「王芳」的投诉，工单 T1，已交给 王珂。" in heard
    assert "办结前，营销消息先不发。" in heard
    assert "投诉：等了太久没人回电" in li.says("王芳 时间线")
    li.says("撤销")  # nothing was written since: looking at the time line is no change
    assert "等了太久" not in li.says("王芳 时间线")


@pytest.mark.parametrize("words", ["王芳 投诉已解决", "王芳 投诉处理完了", "王芳的投诉结案了", "王芳 投诉已处理"])
def test_a_complaint_that_was_noted_without_a_ticket_is_ended_and_not_written_again(li: Desk, words: str):
    with li.database.system(li.clock.now()) as uow:
        fang = uow.clients.get(next(iter(uow.clients.named(["王芳"]))).client_id)
        uow.clients.update(fang, complaint_open=True)
    assert "「王芳」的投诉已处理完" in li.says(words)
    assert "没有处理中的投诉" in li.says(words)
    assert "投诉：" not in li.says("王芳 时间线")


@pytest.mark.parametrize("words", ["王芳朋友投诉过", "王芳说要投诉我", "王芳 说他要投诉银行"])
def test_what_is_only_told_of_a_complaint_writes_none(li: Desk, words: str):
    assert "没有登记投诉" in li.says(words)
    assert "投诉" not in li.says("王芳 时间线")


@pytest.mark.parametrize("words", ["王芳 沟通记录", "看看王芳的记录", "王芳 记录", "王芳 投诉记录"])
def test_whose_records_are_asked_for_gets_no_note(li: Desk, words: str):
    complain(li, 1)
    assert "第1次没人回电" in li.says(words)
    assert "跟进：" not in li.says("王芳 时间线")


def test_the_second_complaint_in_90_days_is_a_tag_with_its_reason_on_the_card(li: Desk):
    assert "常投诉" not in complain(li, 1)
    assert "标签「常投诉」：90天投诉2次。" in li.says("王芳 投诉 又没人回电")
    li.says("查 王芳")
    assert isinstance(li.card, Card)
    assert [line.value for line in li.card.lines if line.key == "标签"] == ["常投诉（90天投诉2次）、高净值"]
    assert len(li.card.lines) + 2 <= 8


def test_the_tag_goes_when_the_complaints_are_old(li: Desk):
    complain(li)
    li.clock.advance(timedelta(days=89))
    assert "常投诉" in li.says("查 王芳")
    li.clock.advance(timedelta(days=1))
    assert "常投诉" not in li.says("查 王芳")
    assert "没有符合的客户" in li.says("筛选 常投诉")


def test_clients_are_filtered_by_it_also_denied_and_with_others(li: Desk):
    complain(li)
    assert "共 1 位" in li.says("筛选 常投诉 且 贵宾")
    heard = li.says("筛选 非 常投诉")
    assert "陈静" in heard
    assert "王芳" not in heard
    assert "共 1 位" in li.says("筛选 标签 是 常投诉、高净值")
    assert "✓ 标签 是 常投诉" in li.says("筛选说明 王芳 常投诉")


@pytest.mark.parametrize("said", ["王芳 标签", "王芳有哪些标签", "看看王芳的标签"])
def test_all_tags_of_a_client_with_their_reasons(li: Desk, said: str):
    complain(li)
    heard = li.says(said)
    assert "· 常投诉：90天投诉2次，按记录算的" in heard
    assert "· 高净值：2025-06-09 手工加的，由建档内容提出" in heard


@pytest.mark.parametrize("said", ["为什么 王芳 常投诉", "王芳为什么是常投诉", "王芳 常投诉 为什么"])
def test_why_a_client_has_a_tag_or_has_it_not(li: Desk, said: str):
    assert "没有标签「常投诉」\n口径：90天投诉2次就有，现在是 0。" in li.says(said)
    complain(li)
    assert "有标签「常投诉」\n· 常投诉：90天投诉2次，按记录算的" in li.says(said)


def test_why_is_asked_of_the_client_at_hand_too(li: Desk):
    li.says("查 王芳")
    assert "· 高净值：2025-06-09 手工加的" in li.says("标签 为什么")
    assert "没有标签「企业主」" in li.says("为什么 她 企业主")


def test_what_follows_from_records_cannot_be_taken_off_by_hand(li: Desk):
    complain(li)
    assert "「常投诉」是按记录算的：90天投诉2次，少于 2 才没有。" in li.says("王芳 去掉标签 常投诉")
    assert "已去掉「王芳」的标签：高净值。" in li.says("王芳 去掉标签 高净值")


def test_by_hand_it_holds_whatever_the_records_say(li: Desk):
    li.says("陈静 加标签 常投诉")
    assert "标签 常投诉" in li.says("查 陈静").replace("：", " ")
    assert "· 常投诉：2025-06-09 手工加的" in li.says("为什么 陈静 常投诉")


def test_late_payments_referrals_messages_and_contracts_count(li: Desk, cast: Cast):
    with li.database.transaction(cast.li, li.clock.now()) as uow:
        jing = uow.clients.get(next(iter(uow.clients.named(["陈静"]))).client_id)
        a_policy(uow, jing, premium=100, due_on=[date(2025, 4, 1), date(2025, 5, 1)], state="active")
        for name in ("甲一", "乙二"):
            uow.clients.relate(a_client(uow, name), jing, "referrer")
        for _ in range(3):
            uow.interactions.add(jing, "wechat", "聊了聊")
    heard = li.says("陈静 标签")
    for reason in ("常迟缴：180天迟缴2次", "转介绍达人：365天介绍2位", "线上活跃：90天微信沟通3次"):
        assert reason in heard


def test_nobody_else_s_client_is_explained(li: Desk, cast: Cast):
    complain(li)
    chen = Desk(li.database, li.clock, "chenmo")
    assert "没有找到" in chen.says("王芳 标签")
    assert "没有找到" in chen.says("为什么 王芳 常投诉")


def test_a_client_without_tags_is_told_how_to_get_one(li: Desk):
    assert "还没有标签。例如发送「陈静 加标签 重疾意向」" in li.says("陈静 标签")


def test_another_wish_is_a_ticket_too(li: Desk):
    assert "已登记「王芳」的需求，工单 T1，由您经办。" in li.says("给王芳开个工单，她要补打上半年对账单")


@pytest.mark.parametrize("said", [
    "陈静 加标签 高净值 原因 资产多", "陈静 加标签 高净值，因为资产多", "给陈静打标签高净值 理由：资产多", "陈静 打上高净值标签 原因 资产多",
])
def test_the_reason_of_a_tag_is_kept_with_it(li: Desk, said: str):
    assert "加标签：高净值（原因：资产多）" in li.says(said)
    assert "手工加的，资产多" in li.says("陈静 标签")


def test_the_reason_for_taking_a_tag_away_is_said_not_to_be_kept(li: Desk):
    heard = li.says("王芳 去掉标签 高净值 原因 资产少了")
    assert "已去掉「王芳」的标签：高净值" in heard
    assert "原因不单独保存" in heard


@pytest.mark.parametrize("said", [
    "陈静 投诉 理赔慢", "陈静 投诉理赔慢", "陈静 要投诉 理赔慢", "陈静投诉了，理赔慢", "登记 陈静 投诉 理赔慢", "陈静 客诉：理赔慢",
])
def test_what_is_complained_about_does_not_decide_what_is_done(li: Desk, said: str):
    assert "已登记「陈静」的投诉" in li.says(said)
    assert "理赔慢" in li.says("T1")


@pytest.mark.parametrize("about", ["保单没寄到", "扣款扣错了", "续保提醒太多", "手机号被泄露", "贷款利率不对"])
def test_a_complaint_about_anything_is_a_complaint(li: Desk, about: str):
    assert "已登记「陈静」的投诉" in li.says(f"陈静 投诉 {about}")
    assert about in li.says("T1")


class TestByCondition:
    """Tags of the packs with a condition, as the morning's look gave them."""

    @pytest.fixture
    def rich(self, li: Desk) -> Desk:
        li.says("王芳 管理资产 600万")
        with li.database.system(li.clock.now()) as uow:
            tags.recompute(uow, ZoneInfo("Asia/Shanghai"))
        return li

    def test_the_card_and_the_list_tell_the_reason(self, rich: Desk) -> None:
        rich.says("查 王芳")
        assert isinstance(rich.card, Card)
        assert [line.value for line in rich.card.lines if line.key == "标签"] == ["高净值（管理资产 不低于 500 万元）"]
        heard = rich.says("王芳 标签")
        assert "· 高净值：管理资产 不低于 500 万元，2025-06-09 起有，每天早上按资料算" in heard
        assert "· 高净值：2025-06-09 手工加的" in heard

    def test_why_tells_it_and_how_to_look_at_it_now(self, rich: Desk) -> None:
        heard = rich.says("为什么 王芳 高净值")
        assert "「王芳」有标签「高净值」" in heard
        assert "· 高净值：管理资产 不低于 500 万元，2025-06-09 起有，每天早上按资料算" in heard
        assert "筛选说明 王芳 管理资产 不低于 500 万元" in heard
        heard = rich.says("为什么 陈静 高净值")
        assert "「陈静」没有标签「高净值」" in heard
        assert "口径：管理资产 不低于 500 万元就有，每天早上按资料算" in heard

    def test_clients_are_chosen_by_it(self, rich: Desk) -> None:
        rich.says("王芳 去掉标签 高净值")
        assert "共 1 位" in rich.says("筛选 高净值")

    def test_it_cannot_be_taken_away_by_hand(self, rich: Desk) -> None:
        heard = rich.says("王芳 去掉标签 高净值")
        assert "「高净值」是每天早上按资料算的：管理资产 不低于 500 万元，不符合了第二天早上才没有。" in heard
