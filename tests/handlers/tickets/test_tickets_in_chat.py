"""Tickets by words: opened, moved on with what has to be said, given to others, closed; each with the right to do so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.incoming import MediaMessage
from storage.model.messages import Card, Text
from tests.builders import Cast, a_client
from tests.handlers.asking import Desk
from tests.handlers.tickets.people import opened, the_others

Desks = dict[str, Desk]


@pytest.fixture
def desks(database: Database, clock: MovableClock, cast: Cast) -> Desks:
    with database.system(clock.now()) as uow:
        the_others(uow)
    with database.transaction(cast.li, clock.now()) as uow:
        a_client(uow, "王芳", phone="13800000101")
        a_client(uow, "陈静")
    names = "lixiang wangke chenmo shenyue hexin claims1 claimlead risk1".split()
    return {name: Desk(database, clock, name) for name in names}


def test_a_demand_goes_from_its_first_word_to_its_end(desks: Desks):
    li = desks["lixiang"]
    assert "已登记「王芳」的需求，工单 T1，由您经办。" in li.says("需求 王芳 想把房贷转组合贷")
    assert "现在是「处理中」" in li.says("T1 接单")
    assert "现在是「已答复」。利率可以谈。" in li.says("T1 答复 利率可以谈")
    assert "T1 办结：结果是什么？" in li.says("T1 办结")
    assert "现在是「已办结」。结果：下周二来签" in li.says("下周二来签")
    assert "工单 T1 需求 已办结：下周二来签" in li.says("王芳 时间线")
    assert "没有正在办的工单" in li.says("我的工单")


def test_a_question_about_a_move_moves_nothing(desks: Desks):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    for asked in ("T1 办结了吗", "T1 谁接单", "T1 答复了没有"):
        li.says(asked)
    assert "待处理" in li.says("T1")


def test_a_complaint_goes_to_the_manager_and_cannot_be_closed_without_answer_result_cause_and_telling(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    assert "工单 T1，已交给 王珂" in li.says("王芳 投诉 等了三天没人回电")
    assert [who for who, _ in li.letters] == ["wangke"]
    assert "「接单」要由经办人来做。" in li.says("T1 接单")
    assert "不能「办结」。您现在可以：接单、答复、撤诉。" in wang.says("T1 办结")
    wang.says("T1 接单")
    wang.says("T1 答复 已道歉，明天回电")
    assert "处理结果是什么？" in wang.says("T1 办结")
    assert "投诉的原因是哪一类？" in wang.says("换人跟进")
    assert "没有「不知道」这一项" in wang.says("不知道")
    assert "已经把结果告知客户了吗？告知以后请回复「是」。" in wang.says("1")
    assert "要先告知客户才能往下办" in wang.says("还没呢")
    assert "现在是「已办结」" in wang.says("已告知")
    assert "原因：响应太慢" in wang.says("T1") + "".join(m.content for m in wang.replies if isinstance(m, Text))


def test_a_complaint_never_goes_to_the_one_who_may_be_complained_about(desks: Desks):
    desks["lixiang"].says("王芳 投诉 等了三天没人回电")
    assert "投诉不能交给客户自己的顾问 李顾问" in desks["wangke"].says("T1 转给 李顾问")


def test_offers_wait_while_a_complaint_is_open_and_come_back_with_its_end(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    li.says("王芳 投诉 等了三天没人回电")
    assert "共 1 位" in li.says("筛选 投诉处理中")
    wang.says("T1 撤诉")
    wang.says("客户说误会了")
    assert "没有符合的客户" in li.says("筛选 投诉处理中")


def test_a_foreign_ticket_and_none_sound_alike(desks: Desks):
    desks["lixiang"].says("需求 王芳 想把房贷转组合贷")
    chen = desks["chenmo"]
    assert chen.says("T1").replace("T1", "T9") == chen.says("T9")
    assert "没有找到工单 T1" in chen.says("T1 接单")


def test_a_colleague_who_was_asked_sees_that_ticket_and_writes_to_it(desks: Desks):
    li, risk = desks["lixiang"], desks["risk1"]
    li.says("需求 王芳 想把房贷转组合贷")
    assert "已请 李风控 看工单 T1：额度。" in li.says("@李风控 看下 T1 额度")
    assert "想把房贷转组合贷" in risk.says("T1")
    assert "已记在工单 T1：额度可以到 80 万" in risk.says("T1 备注 额度可以到 80 万")
    assert "没有找到客户" in risk.says("查 王芳") or "不能使用" in risk.says("查 王芳")


def test_the_second_of_two_taps_is_told_that_somebody_was_quicker(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    li.says("王芳 投诉 等了三天没人回电")
    card = next(message for who, message in li.letters if who == "wangke")
    assert isinstance(card, Card)
    assert "现在是「处理中」" in wang.taps("接单", card)
    assert "已经处理过了" in wang.taps("接单", card)


def test_a_ticket_can_be_taken_back_for_five_minutes(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 投诉 等了三天没人回电")
    assert "已撤销" in li.undoes()
    assert "没有找到工单 T1" in li.says("T1")
    assert "没有符合的客户" in li.says("筛选 投诉处理中")


def test_servicing_waits_for_its_papers_and_for_a_second_person(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    assert "要收的资料：保全申请书、身份证" in li.says("王芳 保全 换受益人 儿子")
    assert "还缺资料：保全申请书、身份证" in li.says("T1 提交")
    li.says("T1 收到 身份证")
    assert "必备资料已收齐" in li.says("T1 收到 申请书")
    assert "现在是「待审批」" in li.says("T1 提交")
    assert "要由顾问的上级、合规来做" in li.says("T1 同意")
    assert "T1 保全" in wang.says("待我审批")
    assert "现在是「办理中」" in wang.says("T1 同意")


def test_several_approvals_are_listed_and_decided_by_number(desks: Desks):
    li, wang = desks["lixiang"], desks["wangke"]
    for number, name in enumerate(("王芳", "陈静"), 1):
        li.says(f"{name} 保全 换受益人 儿子")
        li.says(f"T{number} 收到 资料")
        li.says(f"T{number} 提交")
    assert "等您审批的 2 件" in wang.says("待我审批")
    assert "工单 T2（保全·陈静）同意" in wang.says("2 同意")


def test_photos_are_the_papers_that_are_still_missing(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 保全 换受益人 儿子")

    def photo(number: int) -> str:
        sent = MediaMessage("lixiang", li.clock.now(), "1", {}, msg_id=f"m{number}", kind="image", media_id=f"3{number}")
        return li.sends(sent)

    assert "记作工单 T1（王芳）的「保全申请书」。还缺：身份证" in photo(1)
    assert "已经收过了" in photo(1)
    assert "的「身份证」。必备资料都发来了，文件收好就齐了" in photo(2)
    assert "没有在收资料的工单" in photo(3)


def photo_of(li: Desk, number: int) -> str:
    sent = MediaMessage("lixiang", li.clock.now(), "1", {}, msg_id=f"m{number}", kind="image", media_id=f"3{number}")
    return li.sends(sent)


def test_a_photo_never_goes_to_another_ticket_than_the_one_in_mind(desks: Desks):
    li = desks["lixiang"]
    li.says("陈静 保全 换受益人 儿子")
    li.says("王芳 投诉 等了三天没人回电")
    assert "T1（陈静）。请先发送工单号" in photo_of(li, 1)
    li.says("T1")
    assert "记作工单 T1（陈静）的「保全申请书」" in photo_of(li, 2)


def test_a_photo_is_for_the_client_who_was_looked_at_since(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 保全 换受益人 儿子")
    li.says("陈静 保全 换受益人 女儿")
    li.clock.advance(timedelta(minutes=1))
    li.says("查 王芳")
    assert "记作工单 T1（王芳）" in photo_of(li, 1)


def test_the_adviser_takes_in_papers_of_what_his_client_opened_herself(desks: Desks):
    li = desks["lixiang"]
    with li.database.system(li.clock.now()) as uow:
        wang = uow.clients.get(uow.clients.containing("王芳")[0].id)
        flow = uow.packs.find_flow("servicing")
        assert flow is not None
        opened(uow, flow, wang)
    assert "记作工单 T1（王芳）的「保全申请书」" in photo_of(li, 1)


def test_a_claim_is_taken_by_claims_assessed_and_paid_with_four_eyes(desks: Desks):
    li, claims, lead, shen = (desks[name] for name in ("lixiang", "claims1", "claimlead", "shenyue"))
    assert "哪一天发生的？" in li.says("王芳 报案 骑车摔伤")
    assert "不能是没有的日子" in li.says("明天")
    assert "在哪里发生的？" in li.says("昨天")
    assert "工单 T1，已交给" in li.says("中山路")
    handler = next(desk for desk in (claims, lead) if "由您经办" in desk.says("我的工单") or "T1" in desk.says("我的工单"))
    assert "现在是「收资料」" in handler.says("接单")
    li.says("T1 收到 资料")
    assert "现在是「查勘定损」" in handler.says("T1 查勘")
    assert "查勘的结论是什么？" in handler.says("T1 定损 80000")
    assert "现在是「待审批」" in handler.says("骨折，票据齐全")
    other = lead if handler is claims else claims
    assert "定损金额超过 50,000 元，要由合规来批" in other.says("T1 同意")
    assert "现在是「待付款」" in shen.says("T1 同意")
    assert "现在是「已赔付」" in handler.says("T1 已付款")
    assert "理赔结案关怀" in li.says("6月10日待办") or "理赔结案关怀" in li.says("明天有什么安排")


def test_a_part_of_the_work_goes_to_a_colleague_with_a_day(desks: Desks):
    li, lead = desks["lixiang"], desks["claimlead"]
    li.says("王芳 报案 骑车摔伤")
    li.says("昨天")
    li.says("中山路")
    taker = next(desks[name] for name in ("claims1", "claimlead") if "T1" in desks[name].says("我的工单"))
    taker.says("T1 接单")
    li.says("T1 收到 资料")
    heard = taker.says("T1 查勘 派李风控 周三前")
    assert "已派 李风控 查勘（工单 T1），06-11 前" in heard
    assert "现在是「查勘定损」" in heard
    assert "T1" in desks["risk1"].says("我的工单")
    assert lead is not None


@pytest.mark.parametrize("said", [
    "王芳 尾号0101 投诉 理赔太慢", "王芳（尾号 0101）投诉理赔太慢", "投诉 王芳 尾号0101 理赔太慢", "王芳0101 投诉 理赔太慢",
])  # fmt: skip
def test_a_complaint_of_one_of_two_namesakes_is_taken_with_the_tail_of_her_phone(desks: Desks, said: str):
    li = desks["lixiang"]
    with li.database.system(li.clock.now()) as uow:
        a_client(uow, "王芳", phone="13900000002")
    heard = li.says(said)
    assert "已登记「王芳」的投诉，工单 T1" in heard
    assert "按「尾号 0101」认定是「王芳」（138****0101）" in heard
    assert li.sees(lambda uow: uow.tickets.find(1)).details["content"] == "理赔太慢"


def test_the_tail_behind_a_name_is_no_part_of_what_is_written_down(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳0101 记 今天聊了重疾")
    heard = li.says("王芳 时间线")
    assert "今天聊了重疾" in heard
    assert "0101 今天" not in heard


def test_how_far_a_claim_is_is_its_ticket(desks: Desks):
    li = desks["lixiang"]
    for words in ("陈静 报案 骑车摔伤", "昨天", "中山路"):
        li.says(words)
    for asked in ("陈静的理赔到哪一步了", "陈静理赔进度", "理赔进度"):
        assert "待接单" in li.says(asked)
    assert "「王芳」没有理赔工单" in li.says("王芳理赔进度")


def test_who_is_late_is_asked_by_word(desks: Desks):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    assert "没有超时的工单" in li.says("谁超时了")
    li.clock.advance(timedelta(hours=5))
    assert "首次答复已超时" in li.says("谁超时了")


@pytest.mark.parametrize("said", ["王芳 投诉处理完了", "王芳的投诉结案了"])
def test_the_old_words_for_a_settled_complaint_end_its_ticket(desks: Desks, said: str):
    li, wang = desks["lixiang"], desks["wangke"]
    li.says("王芳 投诉 等了三天没人回电")
    wang.says("T1 答复 已道歉")
    assert "处理结果是什么？" in wang.says(said)


def test_open_tickets_stand_on_the_client_s_card_until_they_end(desks: Desks):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("王芳 投诉 等了三天没人回电")
    li.says("查 王芳")
    assert [line.value for line in li.card.lines if line.key == "工单"] == ["T2 投诉、T1 需求"]
    li.says("T1 撤回")
    li.says("查 王芳")
    assert [line.value for line in li.card.lines if line.key == "工单"] == ["T2 投诉"]


@pytest.mark.parametrize("order", ["查客户 陈静", "我的提醒", "今日待办", "续保清单", "我的工单"])
def test_an_order_typed_while_something_is_asked_is_no_answer(desks: Desks, order: str):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("T1 接单")
    assert "结果是什么？" in li.says("T1 办结")
    assert "没有回答，没有办" in li.says(order)
    assert "处理中" in li.says("T1")


@pytest.mark.parametrize("order", ["查客户 陈静", "我的提醒", "陈静的手机号", "团队业绩"])
def test_a_choice_lets_every_order_through(desks: Desks, order: str):
    wang = desks["wangke"]
    desks["lixiang"].says("王芳 投诉 等了三天没人回电")
    for said in ("T1 接单", "T1 答复 已道歉，明天回电", "T1 办结"):
        wang.says(said)
    assert "投诉的原因是哪一类？" in wang.says("换人跟进")
    said = wang.says(order)
    assert "没有回答，没有办" in said
    assert "这一项" not in said


@pytest.mark.parametrize("answer", ["客户想看看别家的利率", "客户名单已经核对，下周二来签", "已经查清楚了，是系统延迟"])
def test_an_answer_that_speaks_of_looking_is_an_answer(desks: Desks, answer: str):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("T1 接单")
    li.says("T1 办结")
    assert f"现在是「已办结」。结果：{answer}" in li.says(answer)


def test_a_ticket_is_opened_beside_a_draft(desks: Desks):
    li = desks["lixiang"]
    assert "没有问题请回复「确认」" in li.says("给陈静登记一份车险 保费3000")
    assert "已登记「陈静」的保全，工单 T1" in li.says("陈静 保全 换受益人 儿子")


def test_the_same_words_sent_twice_open_one_ticket(desks: Desks):
    li = desks["lixiang"]
    assert "工单 T1" in li.says("王芳 投诉 ATM吞卡两次没人管")
    li.clock.advance(timedelta(seconds=4))
    assert "刚才已经登记过了：「王芳」的投诉，工单 T1，没有再登记" in li.says("王芳 投诉 ATM吞卡两次没人管")
    assert li.letters == []
    assert "工单 T2" in li.says("陈静 投诉 ATM吞卡两次没人管")
    assert "工单 T3" in li.says("王芳 投诉 客服电话打不通")
    li.clock.advance(timedelta(minutes=5))
    assert "工单 T4" in li.says("王芳 投诉 ATM吞卡两次没人管")


def test_what_was_taken_back_may_be_said_again(desks: Desks):
    li = desks["lixiang"]
    li.says("王芳 投诉 ATM吞卡两次没人管")
    li.says("撤销")
    assert "已登记「王芳」的投诉" in li.says("王芳 投诉 ATM吞卡两次没人管")


@pytest.mark.parametrize(("order", "done"), [
    ("陈静 申请删除资料", "已登记「陈静」的客户权利"), ("陈静 投诉 等太久没人管", "已登记「陈静」的投诉"),
])  # fmt: skip
def test_a_new_matter_of_a_client_typed_while_a_result_is_asked_is_no_result(desks: Desks, order: str, done: str):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("T1 接单")
    assert "结果是什么？" in li.says("T1 办结")
    said = li.says(order)
    assert "没有回答，没有办" in said
    assert done in said
    assert "处理中" in li.says("T1")


def test_a_place_in_a_list_is_no_result_and_is_asked_for_again(desks: Desks):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("T1 接单")
    li.says("T1 办结")
    assert "「1」只是一个序号，请用一句话写上结果" in li.says("1")
    assert "结果：下周二来签" in li.says("下周二来签")


@pytest.mark.parametrize("answer", ["王芳 需求已满足", "王芳 投诉的问题已道歉", "王芳 已同意按新利率办"])
def test_a_result_that_begins_with_the_client_is_a_result(desks: Desks, answer: str):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    li.says("T1 接单")
    li.says("T1 办结")
    assert f"结果：{answer}" in li.says(answer)


def test_an_order_with_a_number_is_no_name_of_the_client_who_was_asked_for(desks: Desks, clock: MovableClock):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    clock.advance(timedelta(minutes=15))  # nobody has her in mind any more
    assert "请问是哪位客户" in li.says("加标签 重疾意向")
    assert "现在是「处理中」" in li.says("T1 接单")
    assert "处理中" in li.says("T1到哪了")


@pytest.mark.parametrize("said", ["T1我接了", "T1 我来接", "T1 先接单"])
def test_it_is_taken_in_other_words(desks: Desks, said: str):
    desks["lixiang"].says("需求 王芳 想把房贷转组合贷")
    assert "现在是「处理中」" in desks["lixiang"].says(said)


def test_an_answer_that_speaks_of_reminding_is_an_answer(desks: Desks):
    li = desks["lixiang"]
    li.says("需求 王芳 想把房贷转组合贷")
    assert "现在是「已答复」。已提醒团队，一周内不再致电" in li.says("T1 先回复客户：已提醒团队，一周内不再致电")
