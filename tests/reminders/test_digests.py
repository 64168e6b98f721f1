from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from reminders.digests import digest, digest_section
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import Invalid
from storage.model.people import Actor, User
from storage.repositories.assets import AssetRepository
from storage.tables import clients
from tests.builders import Cast, a_client, a_phone, a_policy, told_to_supervisors
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)
As = Callable[[User], AbstractContextManager[UnitOfWork]]


@pytest.fixture
def as_(database: Database, clock: MovableClock) -> As:
    """Opens a unit of work of a member's own."""
    @contextmanager
    def open_as(user: User) -> Iterator[UnitOfWork]:
        with database.transaction(Actor.of(user), clock.now()) as uow:
            yield uow
    return open_as


def a_busy_day(as_: As, cast: Cast) -> None:
    """李顾问 enters two clients, makes three contacts, deals with one reminder of two, and a premium is paid."""
    with as_(cast.lixiang) as uow:
        wang = a_client(uow, "王芳", source="转介绍", bank_tier="贵宾")
        a_client(uow, "陈静")
        for text in ("电话聊了重疾", "发了资料", "约了周三"):
            uow.interactions.add(wang, "call", text)
        ending = a_policy(uow, wang, ends_on=TODAY, due_on=[TODAY])
        planner.plan(uow, TODAY, TODAY, ZONE)
        uow.contracts.pay(uow.contracts.instalments([ending.id])[0], TODAY)
        uow.reminders.finish(uow.reminders.open_until("lixiang", uow.now)[0], "done")


def text_of(as_: As, manager: User, day: date = TODAY) -> str:
    with as_(manager) as uow:
        return digest(uow, manager, day, ZONE).content


def test_a_busy_day_on_one_screen(as_: As, cast: Cast) -> None:
    a_busy_day(as_, cast)
    lines = text_of(as_, cast.wangke).splitlines()
    assert lines[0] == "6 月 9 日团队日报"
    assert "新增客户 2 位（李顾问 2）" in lines
    assert "跟进 3 次（李顾问 3）" in lines
    assert "提醒：今天到期 2 件，办结 1 件" in lines
    assert "续保：今天到期 1 件，续上 0 件" in lines
    assert "缴费和还款 1 笔，其中保费 1.2 万元" in lines
    assert len(lines) <= 12


def test_another_team_sees_nothing_of_it(as_: As, cast: Cast) -> None:
    a_busy_day(as_, cast)
    assert text_of(as_, cast.zhouning) == "6 月 9 日团队日报：今天没有新动态，也没有超时事项。"
    with as_(cast.zhouning) as uow:
        assert "王芳" not in digest_section(uow, cast.zhouning, TODAY, "新增", ZONE)


def test_an_empty_day_is_one_line(as_: As, cast: Cast) -> None:
    assert "\n" not in text_of(as_, cast.wangke)


def test_who_did_nothing_on_a_busy_day_is_named(as_: As, cast: Cast, system: System) -> None:
    with system() as uow:
        uow.users.add("zhaolei", "赵磊", "adviser", "wangke")
    a_busy_day(as_, cast)
    assert "今天没有动作：赵磊" in text_of(as_, cast.wangke)
    with as_(cast.wangke) as uow:
        assert digest_section(uow, cast.wangke, TODAY, "无动作", ZONE).splitlines()[1:] == ["赵磊"]


def test_what_waits_for_more_than_three_days_is_raised(
    as_: As, cast: Cast, clock: MovableClock, system: System
) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow, "王芳"), ends_on=TODAY + timedelta(days=7))
        planner.plan(uow, TODAY, TODAY, ZONE)
    clock.advance(timedelta(days=3))
    assert "没办" not in text_of(as_, cast.wangke, TODAY + timedelta(days=3))
    clock.advance(timedelta(days=1))
    day = TODAY + timedelta(days=4)
    assert "超过 3 天没办 1 件（李顾问 1）" in text_of(as_, cast.wangke, day)
    with as_(cast.wangke) as uow:
        assert digest_section(uow, cast.wangke, day, "超时", ZONE).splitlines()[1] == "1. 李顾问：王芳 续保，已等 4 天"


@pytest.mark.parametrize("given", ["reminder", "client"])
def test_what_was_just_handed_over_is_not_held_against_its_new_receiver(
    as_: As, cast: Cast, clock: MovableClock, system: System, given: str
) -> None:
    with system() as uow:
        uow.users.add("zhaolei", "赵磊", "adviser", "wangke")
        client = a_client(uow, "王芳")
        a_policy(uow, client, ends_on=TODAY + timedelta(days=7))
        planner.plan(uow, TODAY, TODAY, ZONE)
    clock.advance(timedelta(days=4))
    with as_(cast.wangke) as uow:
        if given == "client":
            uow.clients.hand_over(client, "zhaolei")
        else:
            uow.reminders.hand_over(uow.reminders.of_client(client.id)[0], "zhaolei")
    assert "没办" not in text_of(as_, cast.wangke, TODAY + timedelta(days=4))
    clock.advance(timedelta(days=4))
    assert "没办 1 件（赵磊 1）" in text_of(as_, cast.wangke, TODAY + timedelta(days=8))


def test_a_figure_is_unfolded_for_one_member(as_: As, cast: Cast, system: System) -> None:
    a_busy_day(as_, cast)
    with system() as uow:
        uow.users.add("zhaolei", "赵磊", "adviser", "wangke")
        a_policy(uow, a_client(uow, "钱多", owner_id="zhaolei"), due_on=[TODAY - timedelta(days=5)], ends_on=TODAY)
    with as_(cast.wangke) as uow:
        def unfolded(word: str) -> str:
            return digest_section(uow, cast.wangke, TODAY, word, ZONE)
        for word in ("新增", "续保"):
            assert "王芳" not in unfolded(f"{word} 赵磊")
            assert "钱多" in unfolded(f"{word} 赵磊")
        assert unfolded("逾期 李顾问") == "逾期未缴（李顾问）：没有。"
        assert "钱多" in unfolded("逾期 小赵")
        assert "李顾问" not in unfolded("跟进 赵磊")
        with pytest.raises(Invalid, match="团队里没有「钱无」"):
            unfolded("超时 钱无")


def test_unpaid_instalments_and_silent_clients_are_counted_and_listed(
    as_: As, cast: Cast, clock: MovableClock, system: System
) -> None:
    with system() as uow:
        client = a_client(uow, "王芳", bank_tier="贵宾")
        uow.update(clients, {"id": client.id}, {"last_contact_at": clock.now() - timedelta(days=31)})
        a_policy(uow, client, due_on=[TODAY - timedelta(days=5)])
        a_policy(uow, client, due_on=[TODAY - timedelta(days=5)], state="surrendered")
    text = text_of(as_, cast.wangke)
    assert "逾期未缴 1 笔" in text
    assert "久未联系 1 位" in text
    with as_(cast.wangke) as uow:
        assert "1. 李顾问：王芳 康佑重疾险 第 1 期，逾期 5 天" in digest_section(uow, cast.wangke, TODAY, "逾期", ZONE)
        assert "1. 李顾问：王芳 贵宾，31 天没联系" in digest_section(uow, cast.wangke, TODAY, "沉默", ZONE)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("新增", "1. 李顾问：王芳 贵宾 转介绍"), ("跟进", "李顾问 3 次"), ("续保", "李顾问：王芳 康佑重疾险"),
        ("超时", "超过 3 天没办的事项：没有。"), ("天气", "可以展开：审批、红线、逾期、超时、漏办、新增、跟进、提醒、续保、保费、资产、流失客户、工单、首次答复、沉默、流失、无动作、请假"),
        ("保费", "1. 李顾问：王芳 康佑重疾险 第 1 期"), ("提醒", "李顾问：今天到期 2 件，办结 1 件"),
    ],
)  # fmt: skip
def test_each_figure_can_be_unfolded(as_: As, cast: Cast, word: str, expected: str) -> None:
    a_busy_day(as_, cast)
    with as_(cast.wangke) as uow:
        assert expected in digest_section(uow, cast.wangke, TODAY, word, ZONE)


def test_no_phone_and_no_single_amount_is_told(as_: As, cast: Cast, system: System) -> None:
    phone = a_phone()
    with system() as uow:
        a_policy(uow, a_client(uow, "王芳", phone=phone), due_on=[TODAY - timedelta(days=5)], premium=7777)
    with as_(cast.wangke) as uow:
        words = ("超时", "新增", "跟进", "续保", "逾期", "沉默", "无动作")
        told = [digest_section(uow, cast.wangke, TODAY, word, ZONE) for word in words]
        told.append(digest(uow, cast.wangke, TODAY, ZONE).content)
    assert phone[-4:] not in json.dumps(told)
    assert "7777" not in json.dumps(told)
    assert "7,777" not in json.dumps(told)


def test_a_long_list_is_cut_and_says_so(as_: As, cast: Cast, system: System) -> None:
    with system() as uow:
        for number in range(20):
            a_client(uow, f"客户{number}")
    with as_(cast.wangke) as uow:
        lines = digest_section(uow, cast.wangke, TODAY, "新增", ZONE).splitlines()
    assert (len(lines), lines[-1]) == (17, "只列出前 15 项。")


def test_the_digest_tells_who_may_leave_and_what_was_missed_and_opens_them(
    as_: As, cast: Cast, clock: MovableClock, system: System
) -> None:
    with system() as uow:
        client = a_client(uow, "王芳", bank_tier="贵宾")
        uow.update(clients, {"id": client.id}, {"last_contact_at": clock.now() - timedelta(days=62)})
        a_policy(uow, client, due_on=[TODAY - timedelta(days=5)])
    text = text_of(as_, cast.wangke)
    assert "流失预警 1 位" in text
    assert "王芳" not in text
    with as_(cast.wangke) as uow:
        opened = digest_section(uow, cast.wangke, TODAY, "流失", ZONE)
        assert "1. 李顾问：王芳 贵宾（62 天没联系，逾期未缴 1 笔）" in opened
        assert digest_section(uow, cast.wangke, TODAY, "漏办", ZONE) == "漏办的关怀：没有。"


def test_the_digest_tells_how_assets_changed_and_opens_in_percent_only(as_: As, cast: Cast, system: System) -> None:
    with system() as uow:
        client = a_client(uow, "刘洋", aum=Decimal(500_000))
        uow.clients.entered(client.id, uow.now - timedelta(days=90))
        AssetRepository(uow).note(client, TODAY - timedelta(days=30), Decimal(500_000))
        uow.clients.update(client, aum=Decimal(400_000))
    assert "管理资产减少 10 万元" in text_of(as_, cast.wangke)
    with as_(cast.wangke) as uow:
        opened = digest_section(uow, cast.wangke, TODAY, "资产", ZONE)
    assert "1. 李顾问：刘洋 -20%" in opened.replace("  ", " ")
    assert "万" not in opened


def test_who_left_today_is_counted(as_: As, cast: Cast, system: System) -> None:
    with system() as uow:
        a_client(uow, "王芳", stage="lost", lost_at=uow.now, loss_reason="价格太高")
    assert "流失客户 1 位" in text_of(as_, cast.wangke)


# ---------------------------------------------------------------- every line has its list


_LINES = {
    "新增客户", "跟进", "提醒", "续保", "缴费和还款", "管理资产减少", "流失客户", "待审批", "逾期未缴", "超过", "漏办关怀",
    "久未联系", "流失预警", "今天没有动作", "请假",
}


def a_day_with_everything(as_: As, cast: Cast, clock: MovableClock, system: System) -> None:
    a_busy_day(as_, cast)
    with system() as uow:
        uow.users.add("zhaolei", "赵磊", "adviser", "wangke")
        away, operator = uow.users.add("sunyi", "孙一", "adviser", "wangke"), uow.users.add("hebin", "何宾", "ops", "wangke")
        late = a_client(uow, "钱多", bank_tier="贵宾")
        uow.update(clients, {"id": late.id}, {"last_contact_at": clock.now() - timedelta(days=62)})
        a_policy(uow, late, due_on=[TODAY - timedelta(days=5)], ends_on=TODAY - timedelta(days=10))
        planner.plan(uow, TODAY - timedelta(days=17), TODAY - timedelta(days=17), ZONE)
        told_to_supervisors(uow, [r.id for r in uow.reminders.of_client(late.id)])
        a_client(uow, "吴亮", stage="lost", lost_at=uow.now, loss_reason="价格太高")
        client = a_client(uow, "刘洋", aum=Decimal(500_000))
        uow.clients.entered(client.id, uow.now - timedelta(days=90))
        AssetRepository(uow).note(client, TODAY - timedelta(days=30), Decimal(500_000))
        uow.clients.update(client, aum=Decimal(400_000))
        uow.covers.add(away, cast.lixiang, uow.now, uow.now + timedelta(days=2))
        uow.act_as(Actor.of(operator))
        uow.push_times.submit("brief", {"at": "08:45"}, "change")


def test_every_line_of_the_digest_is_opened_by_its_own_word(
    as_: As, cast: Cast, clock: MovableClock, system: System
) -> None:
    a_day_with_everything(as_, cast, clock, system)
    lines = text_of(as_, cast.wangke).splitlines()[1:-1]
    told = [re.match("[一-龥]+?(?=[：\\d ]|$)", line) for line in lines]
    words = {found[0] for found in told if found}
    assert words == _LINES
    with as_(cast.wangke) as uow:
        for word in words:
            opened = digest_section(uow, cast.wangke, TODAY, word, ZONE)
            assert "\n" in opened, f"「展开 {word}」: {opened}"
