from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import planner
from reminders.briefs import (
    NOTHING,
    QUESTION,
    Brief,
    agenda,
    brief_page,
    catch_up,
    due_today,
    morning_brief,
    open_today,
)
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Actor
from tests.builders import Cast, a_client, a_loan, a_phone, a_policy, an_id_number

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def a_full_morning(uow: UnitOfWork) -> None:
    """续保 3, 缴费 1, 生日 1, 还款 1, 联系 1 and a follow-up: eight things, two pages."""
    for name, days in (("王芳", 7), ("陈静", 0), ("赵磊", 30)):
        a_policy(uow, a_client(uow, name), ends_on=on(days))
    a_policy(uow, a_client(uow, "钱多"), ends_on=on(900), due_on=[on(0)])
    a_loan(uow, a_client(uow, "孙立"), ends_on=on(900), due_on=[on(1)])
    a_client(uow, "周舟", birthday=date(1985, 6, 9))
    a_client(uow, "吴桐", next_follow_up_on=TODAY)
    a_client(uow, "郑重", id_expires_on=on(30))
    planner.plan(uow, TODAY, TODAY, ZONE)


@pytest.fixture
def li(sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast) -> UnitOfWork:
    """李顾问's own unit of work, on a full morning."""
    with sqlite_database.system(clock.now()) as uow:
        a_full_morning(uow)
    with sqlite_database.transaction(Actor.of(sqlite_cast.lixiang), clock.now()) as uow:
        yield uow


def the_brief(uow: UnitOfWork, cast: Cast) -> Brief:
    found = morning_brief(uow, cast.lixiang, ZONE)
    assert found is not None
    return found


class TestTheMorningBrief:
    def test_is_one_card_with_counts_and_the_heaviest_items_first(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        assert brief.message.title == "早上好，今日 8 件"
        assert brief.message.desc == "续保 3 缴费 1 回访 1 生日 1 还款 1 证照 1"
        assert [line.key for line in brief.message.lines] == ["1 续保", "2 缴费", "3 回访", "4 生日", "5 续保", "6 还款"]
        assert [line.value for line in brief.message.lines][:2] == ["陈静 康佑重疾险 今天到期", "钱多 康佑重疾险 第 1 期 今天应缴"]
        assert brief.message.source == "6 月 9 日 周一"

    def test_gives_its_whole_list_in_the_order_of_the_numbers(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        assert [item["name"] for item in brief.items] == ["陈静", "钱多", "吴桐", "周舟", "王芳", "孙立", "赵磊", "郑重"]
        assert li.reminders.get(brief.ids[3]).category == "birthday"
        assert brief.pages == 2

    def test_its_buttons_act_on_the_picked_item(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        selection = brief.message.selection
        assert selection is not None
        assert (selection.question_key, selection.selected_id) == (QUESTION, "1")
        assert [option.text for option in selection.options][:2] == ["1 陈静 续保", "2 钱多 缴费"]
        meant = {button.text: li.cards.find(button.key, "lixiang") for button in brief.message.buttons}
        assert {text: found and found.action for text, found in meant.items()} == {
            "完成": "brief.done", "打开": "brief.open", "稍后": "brief.snooze", "转交": "brief.hand_over",
            "更多": "brief.more",
        }  # fmt: skip
        assert meant["完成"] is not None
        assert meant["完成"].args == {"items": list(brief.ids), "page": 0}

    def test_the_same_stands_in_plain_words(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        text = the_brief(li, sqlite_cast).text
        assert text.startswith("早上好，今日 8 件：续保 3 缴费 1 回访 1")
        assert "5 续保 王芳 康佑重疾险 还剩 7 天" in text
        assert "看其余的发送「更多」" in text

    def test_what_is_due_comes_before_what_is_weighty_and_far(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        order = [line.value.split(" ")[-1] for line in the_brief(li, sqlite_cast).message.lines[:4]]
        assert all("今天" in words for words in order)

    def test_a_birthday_that_is_over_waits_behind_what_is_still_to_come(
        self, li: UnitOfWork, sqlite_cast: Cast
    ) -> None:
        client = li.clients.get(the_brief(li, sqlite_cast).items[0]["client_id"])
        li.reminders.add(
            receiver_id="lixiang", remind_at=li.now, due_on=on(-3), category="birthday", text="", client=client,
            timed=False,
        )
        names = [item["category"] for item in the_brief(li, sqlite_cast).items]
        assert names.index("repayment") < len(names) - 1 - names[::-1].index("birthday")

    def test_on_an_empty_day_there_is_none(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        li.act_as(Actor.of(sqlite_cast.chenmo))
        assert morning_brief(li, sqlite_cast.chenmo, ZONE) is None
        assert agenda(li, sqlite_cast.chenmo, ZONE) is None
        assert "\n" not in NOTHING

    def test_shows_what_is_set_for_later_today_with_its_hour(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        at = datetime(2025, 6, 9, 15, 0, tzinfo=ZONE)
        li.reminders.add(
            receiver_id="lixiang", remind_at=at, due_on=TODAY, category="task", text="送资料", weight=99
        )
        li.reminders.add(
            receiver_id="lixiang", remind_at=at + timedelta(days=1), due_on=on(1), category="task", text="明天的事"
        )
        assert the_brief(li, sqlite_cast).message.lines[0].value == "15:00 送资料"
        assert "明天的事" not in the_brief(li, sqlite_cast).text


class TestPages:
    def test_numbers_run_on(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        more = brief_page(li, sqlite_cast.lixiang, ZONE, brief.ids, 1)
        assert more is not None
        assert [line.key for line in more.message.lines] == ["7 续保", "8 证照"]
        assert [option.id for option in more.message.selection.options] == ["7", "8"]
        assert "更多" not in [button.text for button in more.message.buttons]
        assert more.ids == brief.ids
        assert brief_page(li, sqlite_cast.lixiang, ZONE, brief.ids, 2) is None

    def test_what_is_done_stays_in_its_place_with_a_mark(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        li.reminders.finish(li.reminders.get(brief.ids[0]), "done")
        li.reminders.finish(li.reminders.get(brief.ids[2]), "dismissed", reason="出国")
        again = brief_page(li, sqlite_cast.lixiang, ZONE, brief.ids, 0)
        assert again is not None
        values = [line.value for line in again.message.lines]
        assert values[0] == "✓ 陈静 康佑重疾险 今天到期（已完成）"
        assert values[2] == "✓ 吴桐 约好今天回访（不需要）"
        assert [option.id for option in again.message.selection.options] == ["2", "4", "5", "6"]
        assert again.message.title == "今日待办 8 件，还剩 6 件"

    def test_what_was_put_off_is_no_longer_counted_and_is_marked(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        tomorrow = datetime(2025, 6, 10, 9, tzinfo=ZONE)
        li.reminders.snooze(li.reminders.get(brief.ids[0]), tomorrow, timed=True)
        again = brief_page(li, sqlite_cast.lixiang, ZONE, brief.ids, 0)
        assert again is not None
        assert again.message.title == "今日待办 8 件，还剩 7 件"
        assert len(open_today(li, sqlite_cast.lixiang, ZONE)) == 7
        assert "（改到 06-10）" in again.message.lines[0].value

    def test_a_page_without_open_items_has_dead_buttons(self, li: UnitOfWork, sqlite_cast: Cast) -> None:
        brief = the_brief(li, sqlite_cast)
        for number in (6, 7):
            li.reminders.finish(li.reminders.get(brief.ids[number]), "done")
        again = brief_page(li, sqlite_cast.lixiang, ZONE, brief.ids, 1)
        assert again is not None
        assert (again.message.buttons, again.message.replace_text) == ((), "已处理完")


def test_an_unhandled_item_rolls_over_with_a_mark(
    sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        a_policy(uow, a_client(uow, "王芳"), ends_on=on(7))
        planner.plan(uow, TODAY, TODAY, ZONE)
    clock.advance(timedelta(days=2))
    with sqlite_database.system(clock.now()) as uow:
        (line,) = the_brief(uow, sqlite_cast).message.lines
    assert line.value == "王芳 康佑重疾险 还剩 5 天（顺延 2 天）"


def test_missed_reminders_come_as_one_list(li: UnitOfWork, sqlite_cast: Cast) -> None:
    found = due_today(li, sqlite_cast.lixiang, ZONE)[:4]
    brief = catch_up(li, sqlite_cast.lixiang, ZONE, found)
    assert brief.message.title == "错过的提醒 4 条"
    assert len(brief.items) == 4


def test_a_book_of_hundreds_still_gives_one_screen(
    sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        for number in range(150):
            a_client(uow, f"客户{number}", next_follow_up_on=TODAY)
        planner.plan(uow, TODAY, TODAY, ZONE)
        brief = the_brief(uow, sqlite_cast)
    assert len(brief.message.lines) == 6
    assert len(brief.items) == 120
    assert brief.message.title == "早上好，今日 150 件，先列 120 件"
    assert brief.message.desc == "回访 150"


def test_no_phone_and_no_document_number_is_shown(
    sqlite_database: Database, clock: MovableClock, sqlite_cast: Cast
) -> None:
    phone, number = a_phone(), an_id_number(date(1985, 6, 9))
    with sqlite_database.system(clock.now()) as uow:
        client = a_client(uow, "王芳", phone=phone, id_number=number, birthday=date(1985, 6, 9))
        a_policy(uow, client, ends_on=on(7), due_on=[on(0)])
        planner.plan(uow, TODAY, TODAY, ZONE)
        brief = the_brief(uow, sqlite_cast)
    shown = json.dumps(brief.message.payload(), ensure_ascii=False) + brief.text
    assert phone[-4:] not in shown
    assert number[-4:] not in shown
    assert "12,000" not in shown
    assert "1.2 万" not in shown
