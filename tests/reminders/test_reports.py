"""Weekly and monthly reports and kept questions come at their time, once, over restarts; to those whom a manager named."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.pack import PackStore
from config.settings import Settings
from handlers.tickets.engine import advance
from reminders.questions import Question
from reminders.reports import Timing, configured_words, covered, team_report
from storage.database import Database
from storage.model.people import Actor
from storage.repositories.saved_reports import SavedReportRepository
from tests.builders import Cast, a_client, a_user
from tests.handlers.asking import words_of
from tests.handlers.tickets.people import opened
from tests.reminders.firm import NewFirm

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def week(database: Database, cast: Cast) -> Database:
    """A client entered and two contacts in the week before Monday 16 June; 赵磊 did nothing."""
    with database.system(datetime(2025, 6, 10, 10, tzinfo=ZONE)) as uow:
        a_user(uow, "zhaolei", name="赵磊", manager_id="wangke")
        uow.act_as(cast.li)
        client = a_client(uow, "王芳", bank_tier="贵宾", last_contact_at=uow.now)
        uow.interactions.add(client, "call", "聊了重疾")
        uow.interactions.add(client, "visit", "见面")
    return database


def weeklies(firm, who: str = "wangke") -> list[str]:
    return [text for text in firm.sender.texts(who) if "周报" in text]


async def test_the_week_report_comes_on_monday_once_whatever_restarts(week: Database, new_firm: NewFirm):
    firm = new_firm()
    await firm.at("12 09:00", "16 08:59")
    assert weeklies(firm) == []
    await firm.at("16 09:01")
    again = new_firm()
    await again.at("16 09:02", "16 18:00", "17 09:01")
    (text,) = [*weeklies(firm), *weeklies(again)]
    assert text.startswith("团队周报（06-09 至 06-15）")
    assert "新增客户：1 位（上期 0 位）" in text
    assert "跟进次数：2 次（上期 0 次）" in text
    assert "高等级客户活跃度：100.0%（1/1）（近 30 天）" in text
    assert "没有动作：赵磊" in text
    assert "王芳" not in text
    assert any(outgoing.call == "image" for outgoing in firm.sender.seen)


def suggested(database: Database, cast: Cast, *contents: str, day: int = 11) -> None:
    with database.system(datetime(2025, 6, day, 10, tzinfo=ZONE)) as uow:
        uow.act_as(cast.li)
        client = a_client(uow, "陈静")
        flow = next(flow for flow in uow.packs.flows if flow.id == "suggestion")
        for content in contents:
            opened(uow, flow, client, origin="client", content=content)


async def test_what_clients_suggested_stands_in_the_week_s_report_without_their_names(
    week: Database, new_firm: NewFirm, cast: Cast
):
    suggested(week, cast, "建议周末也能办业务")
    with week.transaction(cast.wang, datetime(2025, 6, 12, 10, tzinfo=ZONE)) as uow:
        manager = uow.users.get("wangke")
        (ticket,) = uow.tickets.running(9, "suggestion")
        flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
        advance(uow, ZONE, ticket, flow, flow.move("adopt"), manager, {"answer": "下月起周六上午营业"})
    suggested(week, cast, *(f"第{number}条" for number in "一二三四五"), day=13)
    suggested(week, cast, "下一周的", day=17)
    firm = new_firm()
    await firm.at("12 09:00", "16 09:01")
    (text,) = weeklies(firm)
    assert "客户建议 6 条，发送工单号查看：\n· T1 建议周末也能办业务（已采纳）\n· T2 第一条（待答复）" in text
    assert "· T5 第四条（待答复）\n· 还有 1 条" in text
    assert "下一周的" not in text
    assert "陈静" not in text


async def test_one_that_was_missed_comes_in_the_morning_and_not_a_week_later(week: Database, new_firm: NewFirm):
    firm = new_firm()
    await firm.at("12 09:00", "16 23:30")
    assert weeklies(firm) == []
    await firm.at("17 08:31")
    assert len(weeklies(firm)) == 1
    late = new_firm()
    await late.at("27 10:00")
    assert weeklies(late) == []


async def test_the_month_report_comes_on_the_first_and_a_stopped_one_never(week: Database, new_firm: NewFirm, cast: Cast):
    firm = new_firm()
    with week.system(datetime(2025, 6, 11, tzinfo=ZONE)) as uow:
        uow.users.prefer(uow.users.get("wangke"), monthly_at="20 10:00", weekly_at="off")
    await firm.at("12 09:00", "16 09:01", "20 09:59")
    assert not [t for t in firm.sender.texts("wangke") if "周报" in t or "月报" in t]
    await firm.at("20 10:01")
    assert [t for t in firm.sender.texts("wangke") if t.startswith("团队月报（05-01 至 05-31）")]


async def test_an_adviser_gets_no_team_report(week: Database, new_firm: NewFirm):
    firm = new_firm()
    await firm.at("12 09:00", "16 09:01")
    assert weeklies(firm, "lixiang") == []


async def test_a_kept_question_is_answered_anew_every_week(week: Database, new_firm: NewFirm, cast: Cast):
    firm = new_firm()
    with week.transaction(cast.li, datetime(2025, 6, 11, tzinfo=ZONE)) as uow:
        question = Question("figure", "new_clients", conditions="银行等级 是 贵宾")
        SavedReportRepository(uow).add("weekly", 4, "09:00", question.as_json())
    await firm.at("11 09:00", "12 09:01", "12 12:00")
    (text,) = weeklies(firm, "lixiang")
    assert "我的新增客户：1 位（06-01 至 06-11）" in text
    assert "只算：银行等级 是 贵宾" in text
    with week.transaction(cast.li, datetime(2025, 6, 13, tzinfo=ZONE)) as uow:
        SavedReportRepository(uow).remove(SavedReportRepository(uow).mine_all()[0])
    await firm.at("19 09:01")
    assert len(weeklies(firm, "lixiang")) == 1


async def test_those_whom_a_manager_named_get_the_digest_and_the_reports_as_well(week: Database, new_firm: NewFirm):
    with week.system(datetime(2025, 6, 11, tzinfo=ZONE)) as uow:
        uow.users.prefer(uow.users.get("wangke"), report_receivers=["zhaolei", "chenmo", "nobody"])
    firm = new_firm()
    await firm.at("12 09:00", "12 18:01", "16 09:01")
    theirs = firm.sender.texts("zhaolei")
    assert [t for t in theirs if "王珂 让您也收到" in t and "团队日报" in t]
    assert [t for t in theirs if "团队周报" in t]
    assert not [t for t in firm.sender.texts("chenmo") if "让您也收到" in t]


RECEIVERS = """
receivers:
  - {name: digest, roles: [compliance, manager], users: [ZhaoLei, chenmo, hexin, nobody]}
  - {name: weekly, users: [shenyue, zhouning, wangke]}
"""


@pytest.fixture
def with_receivers(week: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The packs of a firm that also wants others to get the digest and the weekly report; 总 is above 王珂."""
    (tmp_path / "pack.yaml").write_text('name: ours\nlabel: 我们\nversion: "1"\nline: bank\n', encoding="utf-8")
    (tmp_path / "hours.yaml").write_text(RECEIVERS, encoding="utf-8")
    packs = PackStore([*Settings.model_fields["packs"].default, tmp_path]).current
    monkeypatch.setattr(week.packs, "current", packs)
    with week.system(datetime(2025, 6, 11, tzinfo=ZONE)) as uow:
        a_user(uow, "zong", name="总", role="manager")
        uow.users.change(uow.users.get("wangke"), manager_id="zong")
        uow.users.prefer(uow.users.get("wangke"), report_receivers=["zhaolei"])
    return week


async def test_the_packs_name_who_else_gets_them_and_who_may_not_see_a_team_gets_nothing(
    with_receivers: Database, new_firm: NewFirm
):
    firm = new_firm()
    await firm.at("12 09:00", "12 18:01", "16 09:01")

    def copies(who: str, word: str) -> list[str]:
        return [t.partition("：")[0] for t in firm.sender.texts(who) if f"团队{word}" in t and "也" in t.partition("：")[0]]

    of_wang, of_all = "王珂 团队的，公司设置也发给您", {f"{name} 团队的，公司设置也发给您" for name in ("王珂", "周宁", "总")}
    assert set(copies("shenyue", "日报")) == of_all
    assert set(copies("zong", "日报")) == {of_wang}
    assert set(copies("zhaolei", "日报")) == {"王珂 让您也收到", "总 团队的，公司设置也发给您"}
    assert set(copies("chenmo", "日报")) == {"周宁 团队的，公司设置也发给您"}
    assert [copies(who, "日报") for who in ("wangke", "zhouning", "hexin", "lixiang")] == [[], [], [], []]
    assert set(copies("shenyue", "周报")) == of_all
    assert [copies(who, "周报") for who in ("zong", "chenmo", "zhouning", "hexin")] == [[], [], [], []]
    assert set(copies("wangke", "周报")) == {"总 团队的，公司设置也发给您"}


def test_a_manager_is_told_to_whom_the_firm_sends_them(with_receivers: Database, cast: Cast):
    with with_receivers.system(datetime(2025, 6, 12, tzinfo=ZONE)) as uow:
        told = configured_words(uow, uow.users.get("wangke"))
    assert told == "日报：沈合规、赵磊、总；周报：沈合规"


@pytest.mark.parametrize(("timing", "today", "latest", "following"), [
    (Timing("weekly", 1, time(9)), date(2025, 6, 9), date(2025, 6, 9), date(2025, 6, 9)),
    (Timing("weekly", 1, time(9)), date(2025, 6, 15), date(2025, 6, 9), date(2025, 6, 16)),
    (Timing("weekly", 7, time(9)), date(2025, 6, 9), date(2025, 6, 8), date(2025, 6, 15)),
    (Timing("monthly", 28, time(9)), date(2025, 3, 1), date(2025, 2, 28), date(2025, 3, 28)),
    (Timing("monthly", 1, time(9)), date(2025, 12, 31), date(2025, 12, 1), date(2026, 1, 1)),
])
def test_the_days_of_a_timing(timing: Timing, today: date, latest: date, following: date):
    assert (timing.latest(today), timing.next(today)) == (latest, following)


def test_a_report_tells_of_whole_days_before_it():
    week, before = covered("weekly", date(2025, 6, 16))
    assert (week.first, week.last, before.first, before.last) == (
        date(2025, 6, 9), date(2025, 6, 15), date(2025, 6, 2), date(2025, 6, 8))
    month, earlier = covered("monthly", date(2025, 3, 1))
    assert (month.first, month.last, earlier.first, earlier.last) == (
        date(2025, 2, 1), date(2025, 2, 28), date(2025, 1, 1), date(2025, 1, 31))
    assert week.last - week.first == timedelta(days=6)


def test_an_empty_week_is_one_line(database: Database, cast: Cast):
    with database.transaction(Actor.of(cast.wangke), datetime(2025, 6, 16, 9, tzinfo=ZONE)) as uow:
        (message,) = team_report(uow, cast.wangke, "weekly", date(2025, 6, 16), ZONE)
    assert "没有新动态" in message.content
    assert "\n" not in message.content


def test_the_month_report_names_what_complaints_came_from(week: Database, cast: Cast):
    with week.transaction(cast.li, datetime(2025, 6, 10, 11, tzinfo=ZONE)) as uow:
        flow = next(flow for flow in uow.packs.flows if flow.id == "complaint")
        client = a_client(uow, "陈静")
        for cause in ("响应太慢", "响应太慢", "服务态度"):
            ticket = opened(uow, flow, client)
            uow.tickets.move(ticket, flow, flow.move("close"), said={"cause": cause})
    with week.transaction(cast.wang, datetime(2025, 7, 1, 9, tzinfo=ZONE)) as uow:
        (words, *_) = team_report(uow, uow.users.get("wangke"), "monthly", date(2025, 7, 1), ZONE)
    text = words_of(words)
    assert "投诉原因（办结 3 件）：响应太慢 2，服务态度 1" in text
    assert "陈静" not in text
