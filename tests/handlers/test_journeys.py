"""Journeys in chat: joining, leaving, looking, undo; and how they stop at once when a member writes down why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.pack import PackStore
from reminders import planner
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.repositories.journeys import JourneyRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def wangfang(database: Database, clock: MovableClock, cast: Cast) -> Client:
    with database.system(clock.now()) as uow:
        a_client(uow, "周通", owner_id="chenmo")
        return a_client(uow, "王芳", gender="F")


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def plans(desk: Desk, days: int) -> None:
    """Let days go by, each with its plan."""
    for _ in range(days):
        desk.clock.advance(timedelta(days=1))
        with desk.database.system(desk.clock.now()) as uow:
            today = desk.clock.now().astimezone(ZONE).date()
            planner.settle(uow, ZONE)
            planner.plan(uow, today - timedelta(days=1), today, ZONE)


def states(desk: Desk, client: Client) -> list[tuple[str, str, str | None]]:
    def look(uow: Any) -> list[tuple[str, str, str | None]]:
        return [(run.journey, run.state, run.why) for run in JourneyRepository(uow).of_client(client.id)]

    return list(desk.sees(look))


def test_a_client_joins_and_the_way_is_shown(li: Desk, wangfang: Client) -> None:
    said = li.says("王芳 加入 新客旅程")
    assert "「王芳」已加入新客旅程。下一步 06-10（第 1 天）：问候" in said
    assert "撤销" in said
    plans(li, 1)
    assert "新客旅程·问候 第 1 天" in li.says("今日待办")
    said = li.says("旅程 王芳")
    assert "新客旅程：06-09 加入，进行中" in said
    assert "→ 第 1 天 问候：在待办里" in said
    assert "· 第 3 天 了解需求：06-12" in said
    assert "下一步 06-12（第 3 天）：了解需求" in said
    li.says("今日待办")
    li.says("1 已联系")
    assert "✓ 第 1 天 问候：已完成" in li.says("王芳 旅程")


def test_joining_can_be_undone_and_twice_is_refused(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    assert "已经在新客旅程里了" in li.says("王芳加入新客旅程")
    assert "已撤销" in li.undoes()
    assert states(li, wangfang) == []
    assert "已加入新客旅程" in li.says("王芳 加入 新客旅程")


def test_leaving_cancels_what_is_open_and_undo_brings_it_back(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 回访旅程")
    plans(li, 1)
    assert "已退出回访旅程" in li.says("王芳 退出 回访旅程 原因 出国半年")
    assert states(li, wangfang) == [("follow_up", "stopped", "left")]
    assert "回访旅程" not in li.says("今日待办")
    said = li.says("旅程 王芳")
    assert "已停止：手动退出（出国半年），06-10" in said
    li.says("王芳 加入 回访旅程")
    li.undoes()
    li.says("王芳 加入 回访旅程")
    assert "退出" in li.says("王芳 退出旅程")
    assert "已撤销" in li.undoes()
    assert states(li, wangfang)[0] == ("follow_up", "running", None)


def test_an_undone_leave_has_its_open_step_again(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 回访旅程")
    plans(li, 1)
    li.says("王芳 退出 回访旅程")
    assert "已撤销" in li.undoes()
    assert "回访旅程·电话回访" in li.says("今日待办")


def test_the_list_counts_by_state_and_reason(li: Desk, wangfang: Client) -> None:
    assert "· 新客旅程：进行中 0 · 已停止 0 · 已走完 0" in li.says("旅程")
    li.says("王芳 加入 新客旅程")
    li.says("王芳 退出 新客旅程")
    li.says("王芳 加入 回访旅程")
    said = li.says("旅程")
    assert "· 新客旅程：进行中 0 · 已停止 1（手动退出 1） · 已走完 0" in said
    assert "· 回访旅程：进行中 1 · 已停止 0 · 已走完 0" in said
    assert "① 王芳：06-09 加入，进行中" in li.says("回访旅程")


def test_another_advisers_client_is_as_if_there_were_none(li: Desk, wangfang: Client) -> None:
    foreign, nobody = li.says("周通 加入 新客旅程"), li.says("周痛 加入 新客旅程")
    assert "没有找到" in foreign
    assert foreign.replace("周通", "") == nobody.replace("周痛", "")
    chen = Desk(li.database, li.clock, "chenmo")
    chen.says("周通 加入 回访旅程")
    assert "· 回访旅程：进行中 0" in li.says("旅程")
    assert "周通" not in li.says("回访旅程")
    assert "· 回访旅程：进行中 1" in chen.says("旅程")


def test_buying_ends_it_at_once_and_is_undone_together(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    plans(li, 1)
    said = li.says("王芳 新保单 安康重疾险 保费12000 保额50万 年缴20年 生效日2025-06-10")
    said += li.says("确认") if "确认" in said else ""
    assert "「王芳」的新客旅程已停止：客户已签新合同。" in said
    assert "新客旅程·问候" not in li.says("今日待办")
    assert "已撤销" in li.undoes()
    assert states(li, wangfang) == [("new_client", "running", None)]
    assert "新客旅程·问候" in li.says("今日待办")


def test_what_writes_nothing_about_clients_is_not_asked_what_it_ends(
    li: Desk, wangfang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    li.says("王芳 加入 新客旅程")
    asked: list[list[int]] = []
    monkeypatch.setattr("handlers.journeys.moving.stop_now", lambda uow, ids, zone: asked.append(ids) or [])
    for sentence in ("查客户 王芳", "今日待办", "旅程 王芳", "王芳 退出 新客旅程"):
        li.says(sentence)
    assert asked == []
    li.says("修改 王芳 投诉处理中 是")
    assert asked == [[wangfang.id]]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("王芳 不同意关怀提醒", "客户已退订"), ("修改 王芳 投诉处理中 是", "客户有投诉在处理"), ("王芳 联系限制 限制联系", "客户限制联系"),
    ],
)
def test_what_ends_it_ends_it_at_once(li: Desk, wangfang: Client, sentence: str, why: str) -> None:
    li.says("王芳 加入 新客旅程")
    plans(li, 1)
    said = li.says(sentence)
    said += li.says("确认") if "确认" in said else ""
    assert f"「王芳」的新客旅程已停止：{why}。" in said
    assert f"{why}，「王芳」现在不能加入回访旅程" in li.says("王芳 加入 回访旅程")


def test_a_text_on_the_way_is_a_draft_that_the_gate_lets_pass(li: Desk, wangfang: Client) -> None:
    with li.database.system(li.clock.now()) as uow:
        uow.consents.record(uow.clients.get(wangfang.id), "care", True, channel="test")
    li.says("王芳 加入 新客旅程")
    plans(li, 7)
    listed = li.says("今日待办")
    number = next(line.split()[0] for line in listed.split("\n") if "感谢文案" in line)
    li.says(f"{number} 起草")
    assert "王女士，感谢您的信任和支持" in li.card.quote_text
    assert "还没有发给客户" in li.taps("发送")
    assert "已记录：您已把感谢文案发给「王芳」" in li.taps("我已发送")
    assert "✓ 第 7 天 感谢文案：已完成" in li.says("旅程 王芳")


def test_without_consent_the_draft_says_so(li: Desk, wangfang: Client) -> None:
    with li.database.system(li.clock.now()) as uow:
        uow.clients.update(uow.clients.get(wangfang.id), claim_open=True)
    li.says("王芳 加入 新客旅程")
    plans(li, 7)
    listed = li.says("今日待办")
    number = next(line.split()[0] for line in listed.split("\n") if "感谢文案" in line)
    said = li.says(f"{number} 起草")
    assert "还没有登记关怀授权" in said
    assert "理赔处理中" in said


def test_why_and_why_not(li: Desk, wangfang: Client) -> None:
    assert "没有加入过这个旅程" in li.says("为什么没有提醒 王芳 新客旅程")
    li.says("王芳 加入 新客旅程")
    plans(li, 1)
    li.says("今日待办")
    said = li.says("为什么 1")
    assert "旅程：新客旅程·问候（业务包原样）" in said
    assert "日期：加入旅程那天 2025-06-09，过后 1 天" in said
    assert "✓ 旅程还在进行" in said
    said = li.says("为什么没有提醒 王芳 新客旅程")
    assert "新客旅程·问候：已经提醒" in said
    assert "新客旅程·了解需求：还没到" in said
    li.says("王芳 退出 新客旅程")
    assert "不满足：旅程还在进行" in li.says("为什么没有提醒 王芳 新客旅程")


def test_a_trial_counts_the_week_to_come_and_names_nobody(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    he = Desk(li.database, li.clock, "hexin")
    said = he.says("试算 新客旅程")
    assert "会提醒 2 条，1 位同事收到" in said  # the seventh day lies outside of the week
    assert "· 新客旅程·问候：06-10 1 条" in said
    assert "王芳" not in said
    assert "没有叫「火星旅程」的旅程" in he.says("试算 火星旅程")


def test_what_a_trial_counts_over_all_books_is_for_those_who_run_the_house(li: Desk, wangfang: Client) -> None:
    assert "不能使用" in li.says("试算 新客旅程")
    assert "不能使用" in Desk(li.database, li.clock, "wangke").says("试算 新客旅程")


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("王芳 加入 火星旅程", "没有叫「火星旅程」的旅程。可用的有："),
        ("王芳 退出 新客旅程", "现在不在新客旅程里"),
        ("王芳 退出旅程", "现在不在任何旅程里"),
        ("旅程 王芳", "没有加入过旅程"),
        ("火星旅程", "没有叫「火星旅程」的旅程"),
        ("王芳和周通 加入 新客旅程", "一次说一位客户"),
        ("旅程 张三丰", "没有找到客户"),
    ],
)
def test_bad_input_is_answered_with_what_to_type(li: Desk, sentence: str, answer: str) -> None:
    assert answer in li.says(sentence)


@pytest.mark.parametrize(
    "sentence", ["王芳的新客旅程停掉", "停止 王芳 新客旅程", "让王芳退出新客旅程，她没时间", "她退出新客旅程 理由是没时间"]
)
def test_leaving_may_be_said_in_other_words(li: Desk, wangfang: Client, sentence: str) -> None:
    li.says("把王芳加入新客旅程")
    assert "「王芳」已退出新客旅程" in li.says(sentence)
    assert states(li, wangfang) == [("new_client", "stopped", "left")]


@pytest.mark.parametrize(
    "sentence",
    [
        "王芳不加入回访旅程", "不要让王芳加入回访旅程", "别把王芳加入回访旅程", "王芳还没加入回访旅程", "王芳 要不要加入回访旅程",
        "王芳能加入回访旅程吗", "王芳不退出新客旅程", "先别让王芳退出新客旅程", "王芳退出新客旅程了吗", "王芳没有退出旅程",
        "听说王芳要加入回访旅程", "她退出新客旅程了没", "王芳加入了哪些旅程",
    ],
)  # fmt: skip
def test_denials_questions_and_rumours_move_nobody(li: Desk, wangfang: Client, sentence: str) -> None:
    li.says("王芳 加入 新客旅程")
    said = li.says(sentence)
    assert "没有做任何修改" in said or "「王芳」的旅程" in said
    assert states(li, wangfang) == [("new_client", "running", None)]


def test_a_reason_may_deny_what_it_likes(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    assert "已退出新客旅程" in li.says("王芳 退出 新客旅程 原因 听说她不需要了")
    assert "手动退出（听说她不需要了）" in li.says("旅程 王芳")


def test_what_follows_the_name_and_tells_nothing_is_no_reason(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    assert "已退出新客旅程" in li.says("王芳 停止 新客旅程 的提醒")
    assert "已停止：手动退出，06-09" in li.says("旅程 王芳")


def test_out_of_all_journeys_is_out_of_the_only_one(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    assert "已退出新客旅程" in li.says("王芳 退出 所有旅程")


def test_a_note_that_speaks_of_a_journey_is_a_note(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    assert "已记录「王芳」的跟进" in li.says("记 王芳 旅程中摔伤了，想退出旅程")
    assert states(li, wangfang) == [("new_client", "running", None)]


@pytest.mark.parametrize("sentence", ["王芳想退出旅程", "王芳要求退出新客旅程", "王芳 打算退出 新客旅程"])
def test_what_a_client_is_said_to_want_changes_nothing_and_says_how(li: Desk, wangfang: Client, sentence: str) -> None:
    li.says("王芳 加入 新客旅程")
    heard = li.says(sentence)
    assert "新客旅程：" in heard
    assert "没有改动。客户想这样的话，请发送「王芳 退出 新客旅程 原因 …」。" in heard
    assert states(li, wangfang) == [("new_client", "running", None)]


def test_what_the_adviser_wants_is_an_order(li: Desk, wangfang: Client) -> None:
    assert "没有改动" in li.says("王芳想加入新客旅程")
    assert states(li, wangfang) == []
    assert "已加入新客旅程" in li.says("我想把王芳加入新客旅程")


@pytest.mark.parametrize("sentence", ["王芳 明天加入 新客旅程", "王芳 加入 新客旅程 从下周一", "王芳 加入 新客旅程，明天上午打电话"])
def test_a_later_day_or_more_is_refused_and_not_dropped(li: Desk, wangfang: Client, sentence: str) -> None:
    assert "今天就加入请发送「王芳 加入 新客旅程」" in li.says(sentence)
    assert states(li, wangfang) == []


@pytest.mark.parametrize("sentence", ["停用 新客旅程", "删除 新客旅程", "新增旅程"])
def test_a_journey_itself_is_not_changed_in_chat(li: Desk, wangfang: Client, sentence: str) -> None:
    assert "聊天里不能新增、修改、停用" in li.says(sentence)


@pytest.mark.parametrize("sentence", ["王芳 加入 「新客旅程」", "王芳加入《新客旅程》", "能不能把王芳加入新客旅程", "帮我把王芳加入新客旅程，谢谢"])
def test_quotes_and_courtesy_are_no_matter(li: Desk, wangfang: Client, sentence: str) -> None:
    assert "「王芳」已加入新客旅程" in li.says(sentence)


def test_which_journey_is_asked_about_or_for(li: Desk, wangfang: Client) -> None:
    assert "请写明哪个旅程。可用的有：新客旅程" in li.says("王芳 加入旅程")
    assert "「王芳」已加入新客旅程" in li.says("把王芳放到新客旅程里")
    assert "「王芳」的旅程" in li.says("她在什么旅程里")


@pytest.mark.parametrize("said", ["王芳 加入 新客", "王芳加入新客", "把王芳加到新客里", "王芳 进入 新客"])
def test_a_journey_by_its_short_name(li: Desk, said: str) -> None:
    assert "「王芳」已加入新客旅程" in li.says(said)
    assert "「王芳」已退出新客旅程" in li.says("王芳 退出 新客")
    assert "没有未保存的草稿" in li.says("草稿")


def test_in_two_journeys_it_must_be_said_which(li: Desk, wangfang: Client) -> None:
    li.says("王芳 加入 新客旅程")
    li.says("王芳 加入 回访旅程")
    assert "在 2 个旅程里：回访旅程、新客旅程。请写明退出哪一个" in li.says("王芳 退出旅程")


def test_a_journey_outside_its_dates_or_switched_off_takes_nobody_in(
    li: Desk, wangfang: Client, monkeypatch: pytest.MonkeyPatch, pack_store: PackStore
) -> None:
    journey = pack_store.current.find_journey("新客旅程")
    assert journey is not None
    for change, answer in (
        ({"valid_until": date(2025, 6, 1)}, "只在 即日 到 2025-06-01 之间可以加入"), ({"enabled": False}, "已停用，不能加入"),
    ):
        changed = journey.model_copy(update=change)
        monkeypatch.setattr(type(pack_store.current), "find_journey", lambda packs, name, found=changed: found)
        assert answer in li.says("王芳 加入 新客旅程")
    monkeypatch.undo()


def test_operations_may_look_at_the_steps_but_not_put_anybody_in(li: Desk, wangfang: Client) -> None:
    he = Desk(li.database, li.clock, "hexin")
    li.says("王芳 加入 新客旅程")
    said = he.says("新客旅程")
    assert "第 1 天 问候" in said
    assert "客户建档那天（客户类型 是 个人；阶段 是 潜客）自动加入" in said
    assert "王芳" not in said
    assert "不能使用" in he.says("王芳 加入 新客旅程")


# ---------------------------------------------------------------- the standard steps, done or not


@pytest.fixture
def steps(li: Desk, wangfang: Client, clock: MovableClock) -> Desk:
    """王芳 was greeted not at all, 赵磊 needed none, 孙丽 was; a week has gone by."""
    with li.database.system(clock.now()) as uow:
        for name in ("赵磊", "孙丽"):
            a_client(uow, name)
    for name in ("王芳", "赵磊", "孙丽"):
        li.says(f"{name} 加入 回访旅程")
    plans(li, 1)
    with li.database.system(li.clock.now()) as uow:
        for name, state, reason in (("赵磊", "dismissed", "已经认识"), ("孙丽", "done", "")):
            (row,) = uow.clients.containing(name)
            (step,) = uow.reminders.of_client(row.id)
            uow.reminders.finish(step, state, reason=reason)
    plans(li, 1)
    return li


def test_a_manager_reads_which_steps_were_done_skipped_and_left(steps: Desk) -> None:
    heard = Desk(steps.database, steps.clock, "wangke").says("SOP 执行")
    assert "· 回访旅程 第 1 天 电话回访：到期 3，完成 1，跳过 1，没做 1" in heard
    assert "跳过或没做的 2 步：" in heard
    assert "王芳 回访旅程 第 1 天 电话回访（李顾问）：没做，06-10 到期" in heard
    assert "赵磊 回访旅程 第 1 天 电话回访（李顾问）：跳过，原因：已经认识" in heard
    assert "孙丽" not in heard


@pytest.mark.parametrize("said", [
    "跳过的步骤", "没做的步骤有哪些", "服务步骤执行情况", "sop执行情况", "谁跳过了服务步骤", "李顾问跳过了哪些步骤", "标准步骤完成率",
    "SOP 执行 本月", "李顾问 SOP 执行",
])
def test_in_whatever_words(steps: Desk, said: str) -> None:
    assert "跳过或没做的 2 步" in Desk(steps.database, steps.clock, "wangke").says(said)


def test_of_days_to_come_it_is_said_that_they_are(steps: Desk) -> None:
    heard = Desk(steps.database, steps.clock, "wangke").says("SOP 执行 下月")
    assert "还没有到" in heard
    assert "没有到期的" not in heard


def test_of_another_team_nothing_is_told_and_an_adviser_reads_his_own(steps: Desk) -> None:
    assert "没有到期的" in Desk(steps.database, steps.clock, "zhouning").says("SOP 执行")
    assert "跳过或没做的 2 步" in steps.says("SOP 执行")


def test_the_details_of_a_client_name_the_steps_that_were_not_done(steps: Desk) -> None:
    assert "【没做的服务步骤】\n回访旅程 第 1 天 电话回访（李顾问）：跳过，原因：已经认识" in steps.says("赵磊 详情")
    assert "没做的服务步骤" not in steps.says("孙丽 详情")


def test_what_a_journeys_end_took_along_was_not_left(steps: Desk) -> None:
    steps.says("王芳 退出 回访旅程 原因 出国")
    assert "跳过或没做的 1 步" in Desk(steps.database, steps.clock, "wangke").says("SOP 执行")
