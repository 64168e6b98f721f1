"""Campaigns over a segment (S16): who is left out and why, each adviser's own part, and the result from the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from reminders import planner
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.ids import new_id
from storage.model.messages import Card
from storage.repositories.campaigns import CampaignRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.tables import client_messages, clients, journey_runs
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import SHANGHAI, Desk


@pytest.fixture
def wang(database: Database, clock: MovableClock, cast: Cast) -> Desk:
    """王珂's team: five VIPs of 李顾问 and one of 孙顾问, of whom not all may be written to."""
    with database.system(clock.now()) as uow:
        a_user(uow, "sunli", name="孙顾问", manager_id="wangke")
        for number, (name, owner, consents, values) in enumerate([
            ("王芳", "lixiang", {"marketing": True}, {}), ("陈静", "lixiang", {"marketing": True}, {}),
            ("赵敏", "lixiang", {}, {}), ("钱多", "lixiang", {"marketing": False}, {}),
            ("孙立", "lixiang", {"marketing": True}, {"complaint_open": True}), ("周通", "sunli", {"marketing": True}, {}),
        ]):
            client = a_client(uow, name, owner_id=owner, bank_tier="贵宾", gender="F", **values)
            for purpose, granted in consents.items():
                uow.consents.record(client, purpose, granted, channel="test")
            if name in ("王芳", "周通"):
                contacts = ContactRepository(uow)
                contacts.link(contacts.added(owner, f"wm{number}"), client, "hand")
    desk = Desk(database, clock, "wangke")
    desk.says("筛选 贵宾")
    desk.says("存为 沉默贵宾")
    return desk


def rows(desk: Desk) -> dict[str, tuple[str, str, str]]:
    def look(uow: Any) -> dict[str, tuple[str, str, str]]:
        found = [m for who in ("lixiang", "sunli") for m in ClientMessageRepository(uow).of_sender(who, ())]
        return {m.client_name: (m.sender_id, m.state, m.reason) for m in found}

    return dict(desk.sees(look))


def test_who_may_not_be_written_to_is_left_out_and_counted(wang: Desk) -> None:
    said = wang.says("群发 沉默贵宾 模板 季度回顾")
    assert "共 6 位客户" in said
    assert "可以发 3 位（李顾问 2 位、孙顾问 1 位）" in said
    assert "不发 3 位：" in said
    assert "没有授权 1" in said
    assert "客户已退订 1" in said
    assert "发送「姓名 同意营销」登记" in said
    assert "有投诉在处理 1" in said
    assert rows(wang) == {}


def test_each_adviser_gets_the_own_part_and_nothing_goes_before_he_confirms(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    assert {who for who, _message in wang.letters} == {"lixiang", "sunli"}
    assert {state for _sender, state, _reason in rows(wang).values()} == {"drafted"}
    card = next(message for who, message in wang.letters if who == "lixiang")
    assert isinstance(card, Card)
    li = Desk(wang.database, wang.clock, "lixiang")
    assert "王芳、陈静" in li.taps("看名单", card)
    heard = li.taps("全部发送", card)
    assert "1 位正在生成待发送任务" in heard
    assert "1 位没有绑定微信，要您手动发：陈静" in heard
    assert rows(wang) == {
        "王芳": ("lixiang", "queued", ""), "陈静": ("lixiang", "by_hand", ""), "周通": ("sunli", "drafted", ""),
    }
    assert "已经处理过" in li.taps("全部发送", card)
    assert "请复制下面这段" in li.says("手动发送 陈静")
    assert "陈静" in li.says("发送进度")


def test_a_campaign_that_was_begun_is_not_begun_again(wang: Desk) -> None:
    """Neither by a second 确认, nor by saying it anew while the drafts lie with the advisers."""
    wang.says("群发 沉默贵宾 模板 季度回顾")
    begun = wang.says("确认")
    assert "已生成草稿 3 位（李顾问 2 位、孙顾问 1 位）" in begun
    again = wang.says("确认")
    assert "刚才的「群发」已经办好了，没有再做一次" in again
    assert wang.letters == []
    anew = wang.says("群发 沉默贵宾 模板 季度回顾")
    assert "没有一位可以发：草稿已在等顾问确认 3、" in anew
    assert "「季度回顾」今天 09:00 已经群发过一次，发送「活动效果 季度回顾」看进展。" in anew
    assert len(rows(wang)) == 3
    wang.clock.advance(timedelta(hours=49))  # nobody confirmed: the drafts have run out
    assert "可以发 3 位" in wang.says("群发 沉默贵宾 模板 季度回顾")


def test_a_question_that_was_overtaken_by_another_campaign_begins_nothing(wang: Desk) -> None:
    other = Desk(wang.database, wang.clock, "lixiang")
    other.says("群发 贵宾 模板 季度回顾")
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    heard = other.says("确认")
    assert "现在没有一位客户可以发了：" in heard
    assert "草稿已在等顾问确认 2" in heard
    assert len(rows(wang)) == 3


def test_one_who_opts_out_before_the_adviser_confirms_gets_nothing(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    card = next(message for who, message in wang.letters if who == "sunli")
    sun = Desk(wang.database, wang.clock, "sunli")
    sun.says("周通 不同意产品推荐")
    assert "不能发：客户已退订 1" in sun.taps("全部发送", card)
    assert rows(wang)["周通"] == ("sunli", "refused", "opted_out")


def test_the_result_comes_from_the_ledger_and_claims_no_more(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    card = next(message for who, message in wang.letters if who == "lixiang")
    li = Desk(wang.database, wang.clock, "lixiang")
    li.taps("全部发送", card)
    with wang.database.system(wang.clock.now()) as uow:
        messages = ClientMessageRepository(uow)
        (queued,) = messages.of_sender("lixiang", ("queued",))
        messages.change(queued, state="delivered", done_at=uow.now)
    said = wang.says("活动效果 季度回顾")
    assert "选中 3 位" in said
    assert "企业微信确认已送达：1" in said
    assert "草稿，等顾问确认：1" in said
    assert "等顾问手动发送：1" in said
    assert "一开始就没有选：" in said
    assert "收到 1 位（含顾问称已发）→ 之后有联系 0 位 → 新签 0 位" in said
    assert "企业微信不提供客户已读和回复" in said
    li.says("手动发送 陈静")
    li.taps("我已发送")
    said = wang.says("活动效果 季度回顾")
    assert "选中 3 位" in said
    assert "顾问称已发送：1" in said
    assert "收到 2 位（含顾问称已发）" in said


def test_who_was_reached_and_has_not_bought_gets_a_task_by_one_word(wang: Desk) -> None:
    li = sent(wang)
    said = wang.says("活动效果 季度回顾")
    assert "还没有新签的 2 位，其中 2 位之后没有联系" in said
    li.clock.advance(timedelta(minutes=10))
    with wang.database.system(li.clock.now()) as uow:  # what a client writes in 微信客服 is nobody's contact with her
        (hit,) = [hit for hit in uow.clients.named(["王芳"]) if hit.name == "王芳"]
        uow.interactions.add(uow.clients.get(hit.client_id), "wechat", "微信客服留言：这是什么")
    assert "之后有联系 0 位" in wang.says("活动效果 季度回顾")
    li.says("记 王芳 她回微信说想看看")
    said = wang.says("活动效果 季度回顾")
    assert "收到 2 位（含顾问称已发）→ 之后有联系 1 位 → 新签 0 位" in said
    assert "① 陈静 李顾问：06-09 收到，之后没有联系\n② 王芳 李顾问：06-09 收到，有联系，还没买" in said
    heard = wang.says("全部派跟进")
    assert "已派 2 件任务「跟进」，06-16 前：李顾问 2 件（陈静、王芳）。" in heard
    assert [who for who, _ in wang.letters] == ["lixiang"]
    assert "跟进：陈静（季度回顾，06-09 收到，之后没有联系）" in li.says("今日待办")
    assert "已撤销" in wang.says("撤销")
    wang.says("活动效果 季度回顾")
    assert "已派 1 件任务「跟进」，06-13 前：李顾问 1 件（陈静）" in wang.says("1 派跟进 周五前")


def test_who_bought_after_the_text_is_asked_no_more_and_an_adviser_sees_the_own_clients(wang: Desk) -> None:
    li = sent(wang)
    (fang,) = ids_of(wang, "王芳")
    with wang.database.system(wang.clock.now() + timedelta(minutes=5)) as uow:
        a_policy(uow, uow.clients.get(fang))
    said = li.says("活动效果 季度回顾")
    assert "新签 1 位" in said
    assert "还没有新签的 1 位" in said
    assert "① 陈静：" in said
    assert "陈静" in li.says("1")
    li.says("活动效果 季度回顾")
    assert "已给自己安排 1 件任务「跟进」，06-16 前：陈静。" in li.says("全部派跟进")
    outsider = Desk(wang.database, wang.clock, "sunli")
    assert "陈静" not in outsider.says("活动效果 季度回顾")


def sent(wang: Desk) -> Desk:
    """The text has reached 王芳 by WeCom and 陈静 by hand; their adviser's desk."""
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    card = next(message for who, message in wang.letters if who == "lixiang")
    li = Desk(wang.database, wang.clock, "lixiang")
    li.taps("全部发送", card)
    with wang.database.system(wang.clock.now()) as uow:
        messages = ClientMessageRepository(uow)
        (queued,) = messages.of_sender("lixiang", ("queued",))
        messages.change(queued, state="delivered", done_at=uow.now)
    li.says("手动发送 陈静")
    li.taps("我已发送")
    return li


def test_a_client_with_two_texts_counts_once(wang: Desk) -> None:
    """Of a festival each adviser has a campaign of his own, and a client may go over in between."""
    sent(wang)
    with wang.database.system(wang.clock.now()) as uow:
        messages = ClientMessageRepository(uow)
        first = next(m for m in messages.of_sender("lixiang", ()) if m.client_name == "王芳")
        row = dict(uow.conn.execute(select(client_messages).where(client_messages.c.id == first.id)).one()._mapping)
        uow.conn.execute(insert(client_messages).values(row | {
            "id": new_id(), "key": "another", "done_at": wang.clock.now() + timedelta(minutes=1),
        }))
    said = wang.says("活动效果 季度回顾")
    assert "收到 2 位" in said
    assert "还没有新签的 2 位，其中 2 位之后没有联系" in said


def test_more_than_a_list_holds_are_counted(wang: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(wang)
    monkeypatch.setattr("handlers.campaign_results.MOST_LISTED", 1)
    said = wang.says("活动效果 季度回顾")
    assert "还没有新签的 2 位，其中 2 位之后没有联系。下面是前 1 位。" in said
    assert "②" not in said


def test_whom_somebody_above_left_out_is_not_counted_for_those_below(wang: Desk) -> None:
    sent(wang)
    assert "一开始就没有选" in wang.says("活动效果 季度回顾")
    with wang.database.system(wang.clock.now()) as uow:
        a_user(uow, "below", name="方主管", role="manager", manager_id="wangke")
        uow.users.change(uow.users.get("lixiang"), manager_id="below")
    said = Desk(wang.database, wang.clock, "below").says("活动效果 季度回顾")
    assert "选中 2 位" in said
    assert "一开始就没有选" not in said


def ids_of(desk: Desk, name: str) -> list[int]:
    found: list[int] = desk.sees(lambda uow: [hit.client_id for hit in uow.clients.named([name])])
    return found


def in_journey(desk: Desk) -> dict[str, tuple[str, str | None]]:
    """(state, why) by client, of all who came into 回访旅程."""
    def look(uow: Any) -> dict[str, tuple[str, str | None]]:
        c = journey_runs.c
        found = uow.conn.execute(select(clients.c.name, c.state, c.why).join(clients, clients.c.id == c.client_id))
        return {row.name: (row.state, row.why) for row in found}

    return dict(desk.sees(look))


def test_those_who_are_written_to_join_the_journey_that_is_named(wang: Desk) -> None:
    assert "确认后他们会加入回访旅程" in wang.says("群发 沉默贵宾 模板 季度回顾 旅程 回访")
    assert in_journey(wang) == {}
    assert "3 位已加入回访旅程" in wang.says("确认")
    assert in_journey(wang) == dict.fromkeys(("王芳", "陈静", "周通"), ("running", None))
    assert "回访旅程：进行中 3 · 已停止 0 · 已走完 0" in wang.says("活动效果 季度回顾")


def test_the_journey_of_a_campaign_ends_for_whom_it_is_over(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾，加入 回访旅程")
    wang.says("确认")
    sun = Desk(wang.database, wang.clock, "sunli")
    sun.taps("不发", next(message for who, message in wang.letters if who == "sunli"))
    wang.clock.advance(timedelta(hours=1))
    with wang.database.system(wang.clock.now()) as uow:
        (chen,) = uow.clients.named(["陈静"])
        a_policy(uow, uow.clients.get(chen.client_id))
        planner.plan(uow, date(2025, 6, 10), date(2025, 6, 10), SHANGHAI)
    assert in_journey(wang) == {
        "王芳": ("running", None), "陈静": ("stopped", "bought"), "周通": ("stopped", "skipped"),
    }
    said = wang.says("活动效果 季度回顾")
    assert "进行中 1 · 已停止 2（" in said
    assert "客户已签新合同 1" in said
    assert "顾问没有群发给他 1" in said


def test_an_unknown_journey_stops_the_campaign_before_it_begins(wang: Desk) -> None:
    assert "没有叫「火星」的旅程" in wang.says("群发 沉默贵宾 模板 季度回顾 旅程 火星")
    assert rows(wang) == {}


def test_an_unknown_template_is_answered_with_those_that_come_nearest(wang: Desk) -> None:
    assert "季度回顾" in wang.says("群发 沉默贵宾 模板 季度回访")
    assert "没有叫「年终」的活动" in wang.says("活动效果 年终")


def test_a_condition_nobody_can_read_is_said(wang: Desk) -> None:
    assert rows(wang) == {}
    assert "确认" not in wang.says("群发 火星客户 模板 季度回顾")


def test_a_part_that_is_confirmed_too_late_is_closed_and_said(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    card = next(message for who, message in wang.letters if who == "sunli")
    wang.clock.advance(timedelta(hours=49))
    heard = Desk(wang.database, wang.clock, "sunli").taps("全部发送", card)
    assert "1 位的草稿已过期" in heard
    assert "没有生成任务" in heard
    assert rows(wang)["周通"] == ("sunli", "expired", "")


def test_not_sending_a_part_is_for_good_because_its_card_is_used_up(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    sun = Desk(wang.database, wang.clock, "sunli")
    sun.taps("不发", next(message for who, message in wang.letters if who == "sunli"))
    assert "「跳过群发」不能自动撤销" in sun.undoes()
    assert rows(wang)["周通"] == ("sunli", "cancelled", "")


def test_conditions_of_any_length_may_be_typed_and_do_not_lie_in_the_clear(wang: Desk) -> None:
    typed = "贵宾 或 " + " 或 ".join(f"{days}天未联系" for days in (90, 120, 150, 180))
    assert len(typed) > 40
    assert "可以发 3 位" in wang.says(f"群发 {typed} 模板 季度回顾")
    assert "已生成" in wang.says("确认")
    with wang.database.engine.connect() as conn:
        kept = conn.execute(text("SELECT segment FROM campaigns")).scalar_one()
    assert "贵宾".encode() not in bytes(kept)
    assert wang.sees(lambda uow: CampaignRepository(uow).latest("季度回顾"))[0].segment == typed


def test_who_opted_out_or_complained_meanwhile_is_left_out_of_the_follow_ups_and_named(wang: Desk) -> None:
    sent(wang)
    (fang,), (jing,) = ids_of(wang, "王芳"), ids_of(wang, "陈静")
    with wang.database.system(wang.clock.now() + timedelta(minutes=5)) as uow:
        uow.clients.update(uow.clients.get(fang), complaint_open=True)
        uow.consents.record(uow.clients.get(jing), "marketing", False, channel="test")
    wang.says("活动效果 季度回顾")
    heard = wang.says("全部派跟进")
    assert "没有新派任务" in heard
    assert "陈静（已退订）" in heard
    assert "王芳（投诉处理中）" in heard
    assert wang.letters == []
    wang.says("活动效果 季度回顾")
    assert "已派 1 件任务「处理投诉」" in wang.says("2 派任务 周五前处理投诉")


def test_all_after_a_campaign_that_reached_nobody_reaches_no_list_shown_before(wang: Desk) -> None:
    wang.says("群发 沉默贵宾 模板 季度回顾")
    wang.says("确认")
    wang.says("筛选 贵宾")
    wang.says("活动效果 季度回顾")
    assert "没有派任务" in wang.says("全部派跟进")
    assert wang.letters == []
