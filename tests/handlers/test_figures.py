"""Figures in plain Chinese (S29, R227, R240, R243, R244): one definition each, filters, splits, trends, honest refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from config.pack_figures import COMPUTED
from reminders.figures import COMPUTATIONS, Ledger, Span, figure
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.messages import Picture
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk

MAY = datetime(2025, 5, 20, 10, tzinfo=SHANGHAI)


@pytest.fixture
def firm(database: Database, cast: Cast, clock: MovableClock) -> Database:
    """In May: 2 VIPs (one sent by a client) and one other of 李顾问; in June one more; an outsider of another team."""
    with database.system(MAY) as uow:
        a_user(uow, "xiaowang", name="王小强", manager_id="wangke")
        first = a_client(uow, "王芳", bank_tier="贵宾", source="转介绍", gender="F", aum=Decimal(900_000), last_contact_at=MAY)
        a_client(uow, "李雷", bank_tier="贵宾", source="自拓", gender="M", owner_id="xiaowang")
        a_client(uow, "张敏", bank_tier="大众", source="自拓", gender="F", last_contact_at=MAY)
        a_client(uow, "外人", owner_id="chenmo", bank_tier="贵宾")
        old = a_policy(uow, first, premium=5200, due_on=[date(2025, 5, 21)], ends_on=date(2025, 5, 25), state="renewed")
        a_policy(uow, first, ends_on=date(2026, 5, 25), previous_id=old.id, starts_on=date(2025, 5, 25))
        a_policy(uow, first, ends_on=date(2025, 5, 26), state="expired")
        uow.contracts.pay(uow.contracts.instalments([old.id])[0], date(2025, 5, 21))
    with database.system(clock.now()) as uow:
        a_client(uow, "赵云", bank_tier="贵宾", source="自拓")
    return database


@pytest.fixture
def wang(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "wangke")


@pytest.fixture
def li(firm: Database, clock: MovableClock) -> Desk:
    return Desk(firm, clock, "lixiang")


def pictures(desk: Desk) -> list[Picture]:
    return [message for message in desk.replies if isinstance(message, Picture)]


# ---------------------------------------------------------------- the dictionary


def test_a_share_of_nothing_says_that_nothing_was_due_and_offers_the_month_before(wang: Desk):
    said = wang.says("团队续保率 本月")
    assert "没有可算的数据（本月）" in said
    assert "06-01 到 06-09 之间还没有保单到期，所以没有比率" in said
    assert "5 月：50.0%（1/2），发送「团队续保率 2025 年 5 月」看明细" in said
    assert "1. 李顾问 没有可算" not in said
    assert "50.0%（1/2）" in wang.says("团队续保率 2025 年 5 月")


def test_the_packs_and_the_code_know_the_same_figures(firm: Database):
    assert set(COMPUTATIONS) == COMPUTED
    assert {metric.id for metric in firm.packs.current.metrics if metric.definition} == COMPUTED


def test_every_figure_can_be_counted_on_both_databases(wang: Desk, firm: Database):
    def count(uow: UnitOfWork) -> dict[str, str]:
        ledger, span = Ledger(uow, SHANGHAI), Span(date(2025, 5, 1), date(2025, 5, 31), "5月")
        ids = [user.id for user in uow.users.team()]
        return {m.id: figure(ledger, m, span).text(ids) for m in firm.packs.current.metrics if m.definition}

    found = wang.sees(count)
    assert found["new_clients"] == "3 位"
    assert found["referrals"] == "1 位"
    assert found["premium"] == "5,200 元"
    assert found["renewal_rate"] == "50.0%（1/2）"
    assert found["conversion"] == "33.3%（1/3）"
    assert found["aum"] == "90 万元"
    assert all(found.values())


@pytest.mark.parametrize(("said", "heard"), [
    ("口径 流失率", "期间内登记流失"), ("口径 续保率", "期间内到期的保单中已有下一期的 ÷ 期间内到期的保单"), ("续保率的口径", "续保率"),
    ("口径 AUM", "管理资产"), ("转化率是怎么算的", "期间内建档的客户中现在有合同的"), ("口径 佣金", "算不了"), ("口径 天气", "口径里没有「天气」"),
    ("口径", "能算的指标：新增客户"),
])
def test_the_definition_of_a_figure_is_printed(li: Desk, said: str, heard: str):
    assert heard in li.says(said)


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(("said", "heard"), [
    ("上个月贵宾客户新增多少", "新增客户：2 位（上个月）"),
    ("团队上个月新增客户多少", "新增客户：3 位（上个月）"),
    ("上个月转介绍客户新增多少", "转介绍客户：1 位"),
    ("上个月女客户新增多少", "新增客户：2 位"),
    ("今年贵宾客户新增多少", "新增客户：3 位"),
])
def test_a_figure_of_some_clients_only(wang: Desk, said: str, heard: str):
    assert heard in wang.says(said)


def test_what_was_filtered_by_is_told(wang: Desk):
    assert "只算：银行等级 是 贵宾" in wang.says("上个月贵宾客户新增多少")


def test_a_word_that_narrows_and_is_not_understood_is_named(wang: Desk):
    assert "「上海」没有看懂" in wang.says("上个月上海客户新增多少")
    assert "没有看懂" not in wang.says("上个月贵宾客户新增多少")
    assert "没有看懂" not in wang.says("团队本月新增客户多少")


def test_a_manager_who_names_nobody_means_the_team_and_an_adviser_himself(wang: Desk, li: Desk):
    assert "团队新增客户：3 位" in wang.says("上个月新增客户多少")
    assert "我的新增客户：0 位" in wang.says("我上个月新增客户多少")
    assert "我的新增客户：2 位" in li.says("上个月新增客户多少")


def test_what_cannot_be_computed_is_said_with_the_nearest_and_no_invented_number(wang: Desk):
    heard = wang.says("今年哪个渠道的客户最赚钱")
    assert "「利润」算不了：系统里还没有登记成本和收入，不猜" in heard
    assert "最接近的是" in heard
    assert "1. 转介绍 5,200 元" in heard


def test_a_figure_split_by_source_comes_with_bars(wang: Desk):
    heard = wang.says("各来源新增客户")
    assert "按来源分" in heard
    wang.says("今年各来源新增客户多少")
    (picture,) = pictures(wang)
    assert (picture.chart.kind, picture.chart.labels, picture.chart.values) == ("bars", ("自拓", "转介绍"), (3.0, 1.0))


def test_the_renewal_rate_comes_with_the_year_behind_it(wang: Desk):
    heard = wang.says("团队续保率")
    assert "续保率" in heard
    assert "5月 50%" in heard
    (picture,) = pictures(wang)
    assert picture.chart.kind == "line"
    assert picture.chart.labels[-1] == "6月"
    assert picture.chart.values[-2] == 50.0
    assert picture.chart.values[-1] is None
    assert "续保率" in picture.instead


@pytest.mark.parametrize(("said", "kind"), [("续保趋势", "line"), ("保费趋势", "columns"), ("团队新增客户趋势", "columns"), ("AUM", "columns")])
def test_a_trend_is_a_picture_of_twelve_months(wang: Desk, said: str, kind: str):
    wang.says(said)
    (picture,) = pictures(wang)
    assert (picture.chart.kind, len(picture.chart.values)) == (kind, 12)


def test_what_is_only_known_for_now_has_no_trend_and_none_is_drawn(wang: Desk):
    assert "趋势算不了" in wang.says("团队客户数趋势")
    assert not pictures(wang)


# ---------------------------------------------------------------- the funnel


def test_the_funnel_counts_those_entered_in_the_span(wang: Desk):
    heard = wang.says("团队漏斗 上个月")
    assert "建档 3 位" in heard
    assert "已联系 2 位，占上一步 67%" in heard
    assert "已签约 1 位，占上一步 50%" in heard
    assert "再签约 1 位" in heard
    assert "李顾问：建档 2，签约 1，转化 50%" in heard
    assert "口径：期间内建档的客户中" in heard
    (picture,) = pictures(wang)
    assert picture.chart.values == (3.0, 2.0, 1.0, 1.0)


def test_the_funnel_without_a_span_is_of_this_year_and_one_of_nobody_says_so(wang: Desk, li: Desk):
    assert "团队漏斗（今年）" in wang.says("漏斗")
    assert "我的漏斗（今年）" in li.says("漏斗")
    assert "没有建档的客户" in wang.says("漏斗 昨天")
    assert not pictures(wang)


def test_an_adviser_sees_no_one_elses_figures(li: Desk):
    assert "建档 3 位" in li.says("漏斗")  # two in May and one in June, none of 王小强
    assert "不能使用" in li.says("团队漏斗")


# ---------------------------------------------------------------- those who left


def test_who_left_in_the_span_is_a_share_of_those_there_before(wang: Desk, firm: Database, clock: MovableClock):
    with firm.system(clock.now() - timedelta(days=1)) as uow:
        client = next(c for c in uow.clients.newest(10) if c.name == "张敏")
        uow.clients.update(uow.clients.get(client.id), stage="lost", lost_at=uow.now, loss_reason="价格太高")
    assert "流失率：33.3%（1/3）" in wang.says("团队流失率")
    assert "留存率：66.7%（2/3）" in wang.says("团队留存率")
    assert "流失客户：1 位" in wang.says("团队流失了多少客户")


# ---------------------------------------------------------------- tiers, referrals, members (R237, R239, R242)


def test_the_clients_by_tier_with_assets_and_moves(wang: Desk, li: Desk):
    heard = wang.says("分层分析").splitlines()
    assert heard[:4] == [
        "团队分层分析", "银行等级：共 4 位，管理资产 90 万元", "· 贵宾 3 位（75%），90 万元（100%）", "· 大众 1 位（25%）",
    ]
    assert "等级变动（本月至今）：升档 0 次，降档 0 次" in heard
    assert "共 3 位" in li.says("分层分析")
    li.says("张敏 改为 贵宾")
    li.says("确认")
    heard_after = wang.says("客户分层分析")
    assert "· 贵宾 4 位（100%），90 万元（100%）" in heard_after
    assert "升档 1 次，降档 0 次" in heard_after


def test_the_analysis_says_the_same_as_the_figures_split_by_tier(wang: Desk):
    assert "1. 贵宾 3 位\n2. 大众 1 位" in wang.says("各等级客户数")
    assert "1. 贵宾 90 万元" in wang.says("各等级管理资产")


@pytest.mark.parametrize("said", ["管理资产变动 今年 各顾问", "今年各顾问管理资产变动", "各顾问管理资产增长 今年"])
def test_how_assets_grew_by_member(wang: Desk, said: str):
    heard = wang.says(said)
    assert heard.startswith("团队管理资产变动：90 万元（今年）\n1. 李顾问 90 万元")
    assert "王小强 0 元" in heard


@pytest.mark.parametrize("said", ["客户数", "团队客户数", "客户总数"])
def test_how_many_clients(wang: Desk, said: str):
    assert wang.says(said).startswith("团队客户数：4 位\n1. 李顾问 3 位")


def test_an_adviser_asks_the_same_of_his_own_book(li: Desk):
    assert li.says("客户数").startswith("我的客户数：3 位")
    assert "1. 贵宾 2 位" in li.says("各等级客户数")


def test_referrals_and_what_came_of_them(wang: Desk):
    assert wang.says("转介绍客户 今年").startswith("团队转介绍客户：1 位（今年）")
    assert "转介绍转化率：100.0%（1/1）（今年）" in wang.says("转介绍客户转化率 今年")
    assert "转介绍率：25.0%（1/4）（今年）" in wang.says("转介绍率 今年")
    assert "来源是转介绍的客户中现在有合同的 ÷" in wang.says("口径 转介绍客户转化率")


@pytest.mark.parametrize("said", ["团队拜访率", "团队保费占比", "团队新增客户的比例 今年"])
def test_a_count_is_no_answer_to_a_question_for_a_share(wang: Desk, said: str):
    heard = wang.says(said)
    assert "的比率算不了" in heard.splitlines()[0]
    assert heard.splitlines()[1] == "能算的里面，最接近的是："
