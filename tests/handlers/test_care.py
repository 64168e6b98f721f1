"""Care for clients up to the draft (S12, R138, R147, R152, R153, R191)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from reminders.cards import reminder_card
from reminders.planner import plan
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor, Client
from storage.model.work import Reminder
from tests.builders import Cast, a_client, a_policy
from tests.handlers.asking import SHANGHAI, Desk, words_of
from tests.handlers.test_templates import approve

TODAY = date(2025, 6, 9)
OWN = "祝王老师生日快乐，注意休息"


@pytest.fixture
def wangfang(database: Database, cast: Cast, clock: MovableClock) -> Client:
    """A VIP whose birthday is today and who agreed to care messages."""
    with database.system(clock.now()) as uow:
        client = a_client(uow, "王芳", gender="F", birthday=date(1985, 6, 9), bank_tier="贵宾",
                          last_contact_at=clock.now() - timedelta(days=3))
        uow.consents.record(client, "care", True, channel="wecom")
        plan(uow, TODAY, TODAY, SHANGHAI)
    return client


@pytest.fixture
def li(database: Database, clock: MovableClock, wangfang: Client) -> Desk:
    return Desk(database, clock, "lixiang")


def birthday_of(li: Desk, client: Client) -> Reminder | None:
    found = li.sees(lambda uow: uow.reminders.of_client(client.id))
    return next((r for r in found if r.category == "birthday"), None)


def pushed_card(li: Desk, client: Client) -> Card:
    reminder = birthday_of(li, client)
    assert reminder is not None
    with li.database.system(li.clock.now()) as uow:
        user = uow.users.get("lixiang")
        uow.act_as(Actor.of(user))
        return reminder_card(uow, reminder, user, SHANGHAI)


def written(li: Desk, client: Client) -> list[str]:
    return [c.text for c in li.sees(lambda uow: uow.interactions.of_client(client.id))]


# ---------------------------------------------------------------- drafting


def test_the_text_is_an_approved_one_in_the_wording_of_the_tier(li: Desk, wangfang: Client):
    heard = li.asks("draft.message", client="王芳", client_id=wangfang.id, occasion="birthday")
    assert "王女士，生日快乐！感谢您一直以来的信任" in heard
    assert "李顾问" in heard


def test_without_a_name_the_birthdays_of_today_are_meant(li: Desk):
    assert "今日生日：王芳" in li.asks("draft.message", occasion="birthday")


def test_several_birthdays_are_listed_and_answered_by_number(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        other = a_client(uow, "陈静", gender="F", birthday=date(1990, 6, 9), last_contact_at=clock.now())
        uow.consents.record(other, "care", True, channel="wecom")
        plan(uow, TODAY, TODAY, SHANGHAI)
    heard = li.asks("draft.message", occasion="birthday")
    assert "今天有 2 位客户过生日" in heard
    second = heard.split("② ")[1].split("：")[0]
    assert "文案已定稿" in (sent := li.asks("care.send", index=2))
    assert second in sent


def test_an_occasion_without_an_approved_text_is_not_made_up(li: Desk, wangfang: Client):
    heard = li.asks("draft.message", client="王芳", client_id=wangfang.id, occasion="moments")
    assert "还没有已审批的文案" in heard
    assert "生日" in heard


def test_a_renewal_text_takes_its_values_from_the_policy(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        a_policy(uow, wangfang, ends_on=date(2025, 7, 9), state="active", product_name="康佑医疗")
    heard = li.asks("draft.message", client="王芳", client_id=wangfang.id, occasion="renewal")
    assert "康佑医疗" in heard
    assert "7 月 9 日" in heard


def test_a_missing_value_stops_the_text_and_is_reported(li: Desk, wangfang: Client):
    li.sees(lambda uow: a_client(uow, "陈静", birthday=None))
    he, shen = Desk(li.database, li.clock, "hexin"), Desk(li.database, li.clock, "shenyue")
    he.says("改模板 生日祝福 ${salutation}，${birthday}是您的生日，祝您快乐！——${adviser_name}")
    approve(he, shen)
    heard = li.says("给陈静写生日祝福")
    assert "没有生成" in heard
    assert "生日" in heard
    ((receiver, letter),) = li.letters
    assert receiver == "hexin"
    assert "陈静" not in words_of(letter)
    assert li.seen == []


# ---------------------------------------------------------------- consent


def test_who_opted_out_never_gets_a_text(li: Desk, wangfang: Client, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        uow.consents.record(wangfang, "care", False, channel="wecom")
    assert "已退订" in li.asks("draft.message", client="王芳", client_id=wangfang.id, occasion="birthday")
    assert "今天没有客户过生日" in li.asks("draft.message", occasion="birthday")
    assert "[发送]" not in words_of(pushed_card(li, wangfang))


def test_opting_out_after_the_card_was_shown_still_stops_it(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    card = pushed_card(li, wangfang)
    with database.system(clock.now()) as uow:
        uow.consents.record(wangfang, "care", False, channel="wecom")
    assert "已退订" in li.taps("发送", card)
    assert written(li, wangfang) == []


def test_who_was_never_asked_must_agree_first(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        new = a_client(uow, "陈静", gender="F", birthday=date(1990, 6, 9), last_contact_at=clock.now())
    heard = li.asks("draft.message", client="陈静", client_id=new.id, occasion="birthday")
    assert "还没有登记关怀授权" in heard
    assert "征得同意了吗" in li.asks("care.send")
    assert written(li, new) == []
    heard = li.asks("confirm.yes")
    assert "已登记「陈静」的关怀授权" in heard
    assert "文案已定稿" in heard
    assert "care" in li.sees(lambda uow: uow.consents.granted(new.id))


def test_the_card_is_spent_when_consent_was_asked_in_between(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        new = a_client(uow, "陈静", gender="F", birthday=date(1990, 6, 9), last_contact_at=clock.now())
    li.asks("draft.message", client="陈静", client_id=new.id, occasion="birthday")
    card = li.card
    assert "征得同意了吗" in li.taps("发送", card)
    li.confirms()
    assert "已经处理过了" in li.taps("发送", card)
    assert len(written(li, new)) == 1


def test_undoing_takes_back_the_confirmed_text_and_not_what_was_done_before(
    li: Desk, wangfang: Client, database: Database, clock: MovableClock
):
    with database.system(clock.now()) as uow:
        new = a_client(uow, "陈静", gender="F", birthday=date(1990, 6, 9), last_contact_at=clock.now())
    li.asks("client.tag", client="陈静", client_id=new.id, tag="高净值")
    li.asks("draft.message", client="陈静", client_id=new.id, occasion="birthday")
    li.asks("care.send")
    li.confirms()
    assert "定稿" in li.undoes()
    assert written(li, new) == []
    assert li.sees(lambda uow: uow.consents.granted(new.id)) == {"care"}


# ---------------------------------------------------------------- rewriting and the words


def test_a_rewritten_text_replaces_the_suggested_one(li: Desk, wangfang: Client):
    li.asks("draft.message", occasion="birthday")
    assert OWN in li.asks("care.rewrite", content=OWN)
    assert OWN in li.asks("care.send")


@pytest.mark.parametrize("words", ["这款保本保收益，稳赚不赔", "保 本 保 息", "ｂａｏ本理财", "穩賺"])
def test_forbidden_words_are_marked_and_nothing_is_kept(li: Desk, wangfang: Client, words: str):
    li.asks("draft.message", occasion="birthday")
    heard = li.asks("care.rewrite", content=f"生日快乐，{words}")
    assert "没有保存" in heard
    assert "【" in heard
    assert "可改为" in heard
    assert words not in li.asks("care.send")


def test_a_blocked_wording_is_on_the_audit_trail_without_the_text(li: Desk, wangfang: Client):
    li.asks("draft.message", occasion="birthday")
    li.asks("care.rewrite", content="保本保收益")
    shen = Desk(li.database, li.clock, "shenyue")
    assert "拦截用语" in shen.asks("audit.lookup", client="王芳", client_id=wangfang.id)


def test_rewriting_outlives_other_lists_and_a_restart(li: Desk, wangfang: Client):
    li.asks("draft.message", occasion="birthday")
    li.asks("care.rewrite", content=OWN)
    li.asks("agenda.today")
    again = Desk(li.database, li.clock, "lixiang")
    assert OWN in again.asks("care.send", index=1)


def test_with_nothing_in_hand_there_is_nothing_to_rewrite(database: Database, clock: MovableClock, wangfang: Client):
    wang = Desk(database, clock, "wangke")
    assert "没有待处理的文案" in wang.asks("care.rewrite", content=OWN)
    assert "没有待处理的文案" in wang.asks("care.send")


# ---------------------------------------------------------------- confirming


def test_confirming_never_claims_that_the_client_got_it(li: Desk, wangfang: Client):
    heard = li.taps("发送", pushed_card(li, wangfang))
    assert "文案已定稿，还没有发给客户" in heard
    assert "已发送给客户" not in heard
    assert any(text.startswith("生日文案已定稿，待顾问发送") for text in written(li, wangfang))
    assert birthday_of(li, wangfang) is not None


def test_the_adviser_says_that_it_was_sent(li: Desk, wangfang: Client):
    li.taps("发送", pushed_card(li, wangfang))
    li.clock.advance(timedelta(minutes=3))
    assert "您已把生日文案发给「王芳」" in li.taps("我已发送")
    assert any(text.startswith("顾问称已发送生日文案") for text in written(li, wangfang))
    assert birthday_of(li, wangfang) is None
    assert li.sees(lambda uow: uow.clients.get(wangfang.id)).last_contact_at == li.clock.now()
    assert "已经处理过" in li.taps("我已发送")


def test_a_second_tap_on_send_does_nothing(li: Desk, wangfang: Client):
    card = pushed_card(li, wangfang)
    li.taps("发送", card)
    assert "已经处理过" in li.taps("发送", card)
    assert len(written(li, wangfang)) == 1


def test_after_nine_in_the_evening_it_waits_for_the_morning(li: Desk, wangfang: Client):
    card = pushed_card(li, wangfang)
    li.clock.move_to(datetime(2025, 6, 9, 21, 5, tzinfo=SHANGHAI))
    heard = li.taps("发送", card)
    assert "等到 06-10（周二） 08:30" in heard
    reminder = birthday_of(li, wangfang)
    assert reminder is not None
    assert reminder.remind_at == datetime(2025, 6, 10, 8, 30, tzinfo=SHANGHAI)


def test_what_was_confirmed_at_night_is_handed_over_in_the_morning(li: Desk, wangfang: Client):
    card = pushed_card(li, wangfang)
    li.clock.move_to(datetime(2025, 6, 9, 21, 5, tzinfo=SHANGHAI))
    assert "手动发送 王芳" in li.taps("发送", card)
    assert "现在不打扰客户" in li.says("手动发送 王芳")
    li.clock.move_to(datetime(2025, 6, 10, 8, 31, tzinfo=SHANGHAI))
    heard = li.says("手动发送 王芳")
    assert "王女士，生日快乐" in heard
    assert "已记录" in li.taps("我已发送")
    assert len(written(li, wangfang)) == 2  # that it was approved, and that it was sent


def test_skipping_closes_the_birthday(li: Desk, wangfang: Client):
    assert "这次不给「王芳」发" in li.taps("跳过", pushed_card(li, wangfang))
    assert birthday_of(li, wangfang) is None
    assert written(li, wangfang) == []


def test_the_button_to_rewrite_says_how(li: Desk, wangfang: Client):
    heard = li.taps("改写", pushed_card(li, wangfang))
    assert "改写 新的文案" in heard
    assert OWN in li.asks("care.rewrite", content=OWN)


def test_a_colleague_cannot_write_to_a_foreign_client(database: Database, clock: MovableClock, wangfang: Client):
    chen = Desk(database, clock, "chenmo")
    heard = chen.asks("draft.message", client="王芳", client_id=wangfang.id, occasion="birthday")
    assert "没有找到这位客户" in heard


# ---------------------------------------------------------------- by number


@pytest.fixture
def listed(li: Desk, wangfang: Client, database: Database, clock: MovableClock) -> Desk:
    """Line 1 is a birthday, line 2 a renewal; and a text for 王芳 is in hand."""
    with database.system(clock.now()) as uow:
        a_policy(uow, wangfang, ends_on=date(2025, 6, 16), state="active", product_name="康佑医疗")
        plan(uow, TODAY, TODAY, SHANGHAI)
    li.asks("draft.message", occasion="birthday")
    li.says("今日待办")
    return li


def open_categories(desk: Desk) -> list[str]:
    far = timedelta(days=400)
    now = desk.clock.now()
    return sorted(r.category for r in desk.sees(lambda uow: uow.reminders.open_between("lixiang", now - far, now + far)))


@pytest.mark.parametrize("said", ["13 跳过", "99 跳过", "99 发送", "99 改写 祝您安好"])
def test_a_number_that_is_not_in_the_list_never_means_somebody_else(listed: Desk, said: str):
    before = open_categories(listed)
    assert "请核对序号" in listed.says(said)
    assert open_categories(listed) == before


@pytest.mark.parametrize("said", ["1 跳过", "1 发送"])
def test_a_number_without_a_list_means_nobody(li: Desk, said: str):
    li.asks("draft.message", occasion="birthday")
    before = open_categories(li)
    assert "没有正在看的清单" in li.says(said)
    assert open_categories(li) == before


def test_skipping_the_text_of_a_renewal_leaves_the_renewal_due(listed: Desk):
    before = open_categories(listed)
    assert "renewal" in before
    kinds = [listed.sees(lambda uow, i=i: uow.reminders.get(i["reminder"]).category) for i in shown(listed)]
    heard = listed.says(f"{kinds.index('renewal') + 1} 跳过")
    assert "这次不给「王芳」发续保文案" in heard
    assert "续保提醒还在清单里" in heard
    assert open_categories(listed) == before


def test_skipping_a_birthday_is_done_with_it(listed: Desk):
    kinds = [listed.sees(lambda uow, i=i: uow.reminders.get(i["reminder"]).category) for i in shown(listed)]
    assert "这次不给「王芳」发生日文案" in listed.says(f"{kinds.index('birthday') + 1} 跳过")
    assert "birthday" not in open_categories(listed)


def shown(desk: Desk) -> list[dict[str, int]]:
    found: list[dict[str, int]] = desk.sees(lambda uow: uow.conversations.load("lixiang"))["listing"][1]
    return found


@pytest.fixture
def with_a_premium(listed: Desk, database: Database, clock: MovableClock) -> int:
    """陈静 has a premium to pay, and the list of today was shown again; at which number."""
    with database.system(clock.now()) as uow:
        a_policy(uow, a_client(uow, "陈静"), premium=5200, due_on=[TODAY], state="active")
        plan(uow, TODAY, TODAY, SHANGHAI)
    listed.says("今日待办")
    return next(n for n, item in enumerate(shown(listed), 1) if item["name"] == "陈静")


def test_a_number_of_another_client_never_sends_the_text_in_hand_nor_its_own(listed: Desk, with_a_premium: int):
    heard = listed.says(f"{with_a_premium} 发送")
    assert f"清单第 {with_a_premium} 项是「陈静」，刚才的生日文案是给「王芳」的，没有发送" in heard
    assert "定稿" not in heard


def test_a_text_is_drafted_for_a_numbered_line(listed: Desk, with_a_premium: int):
    listed.says(f"{with_a_premium} 起草")
    assert "陈静" in listed.card.title
    assert "缴费" in listed.card.title


def test_the_text_of_a_birthday_that_is_over_is_not_offered_as_of_today(li: Desk, wangfang: Client, clock: MovableClock):
    clock.advance(timedelta(days=1))
    assert "今天没有客户过生日" in li.says("生日 文案")
    card = pushed_card(li, wangfang)
    assert "今日生日" not in card.title
    assert "今天是您的生日" not in card.quote_text


# ---------------------------------------------------------------- whose text, and for what


@pytest.fixture
def guoqiang(li: Desk) -> Client:
    """A premium of his is due and stands in today's list; his birthday is in July."""
    client = li.sees(lambda uow: a_client(uow, "冯国强", gender="M", birthday=date(1984, 7, 22), bank_tier="私行"))
    li.sees(lambda uow: a_policy(
        uow, client, premium=899, product_name="畅行车险", due_on=[TODAY], ends_on=TODAY + timedelta(days=400),
    ))
    li.sees(lambda uow: uow.consents.record(client, "care", True, channel="wecom"))
    with li.database.system(li.clock.now()) as uow:
        plan(uow, TODAY, TODAY, SHANGHAI)
    return client


def kept(li: Desk) -> dict[str, str]:
    with li.database.system(li.clock.now()) as uow:
        texts = uow.conversations.load("lixiang").get("texts", {})
    return {text["name"]: text["text"] for text in texts.values()}


@pytest.mark.parametrize("said", ["冯国强 缴费 文案", "给冯国强写个催缴的", "给冯国强发缴费提醒", "给冯国强起草缴费提醒"])
def test_a_premium_text_takes_its_values_from_the_instalment_that_is_due(li: Desk, guoqiang: Client, said: str):
    heard = li.says(said)
    assert "畅行车险" in heard
    assert "899" in heard


def test_a_text_about_a_premium_that_nobody_owes_says_so_and_is_no_fault_of_operations(li: Desk, wangfang: Client):
    said = li.says("王芳 缴费 文案")
    assert "名下没有待缴的保费" in said
    assert li.letters == []


def test_what_is_rewritten_after_a_text_failed_belongs_to_the_client_of_that_text(li: Desk, wangfang: Client):
    li.sees(lambda uow: a_client(uow, "陈静"))
    li.says("王芳 生日祝福")
    before = kept(li)["王芳"]
    li.says("陈静 缴费 文案")
    assert "陈静" in li.says("改写 陈女士，您的保费请留意")
    assert kept(li) == {"王芳": before, "陈静": "陈女士，您的保费请留意"}


def test_without_an_occasion_the_text_is_about_what_is_open_with_the_client(li: Desk, guoqiang: Client):
    said = li.says("冯国强 起草")
    assert "本期保费 899 元" in said
    assert "生日" not in said


def test_without_an_occasion_and_with_nothing_open_it_is_asked_what_for(li: Desk):
    li.sees(lambda uow: a_client(uow, "陈静", birthday=date(1990, 7, 22)))
    assert "请带上场合" in li.says("陈静 起草")


def test_a_birthday_text_made_on_another_day_does_not_say_that_it_is_today(li: Desk, guoqiang: Client):
    said = li.says("给冯国强写生日祝福")
    assert "生日快乐" in said
    assert "今天" not in said


def test_a_letter_that_is_for_no_client_is_no_birthday_text_for_whoever_is_in_mind(li: Desk, wangfang: Client):
    li.says("查客户 王芳")
    assert "生日快乐" not in li.says("帮我写个辞职信")


def test_todays_greetings_are_those_of_all_whoever_is_in_mind(li: Desk, wangfang: Client, guoqiang: Client):
    li.says("查客户 冯国强")
    assert "王芳" in li.says("今天要发哪些祝福")
