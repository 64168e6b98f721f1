"""Talk about a change is no order: hearsay, denials, suppositions, wishes, others' doings, pasted messages; and orders beside talk are."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES


@pytest.mark.parametrize("text", [
    "李雷说要把电话改成13912345678 真的假的", "听说王芳把地址改到上海了 是吗", "要是李雷把保单退了我就完了", "经理说“把王芳标成VIP” 我没理他", "我可没说要删李雷",
    "王芳的等级要是调成A会怎样", "李雷原来说要投诉 后来又不投诉了", "你可别把王芳删了啊", "又不是我把李雷的地址写错的", "不用给王芳建工单 她没投诉", "我不是要删除 我是想看看王芳",
    "周敏把王芳的电话存错了还赖我", "谁把李雷转给周敏了", "我梦见李雷签了个大单哈哈", "真希望李雷把那笔贷款批下来", "假设我把保额改成100万 保费会涨多少",
    "各位好 请大家本周内完成客户信息更新 谢谢配合", "【建设银行】您尾号3368的储蓄卡支出人民币2,560.00元", "【转发】各位同事请于周五前将客户资料录入系统", "王芳的电话是谁改的", "周敏上周把王芳的标签全删了 气死我", "王芳不会真把手机号换了吧", "经理要求每个人给客户补录生日 烦", "王芳原话：把我从你们名单里划掉。哈哈她逗你玩的", "地铁又晚点了", "李雷那张意外险到底加上没有",
])
def test_talk_about_a_change_is_no_order(read: Any, text: str) -> None:
    meaning = read(text)
    assert not ({meaning.intent, *(p.intent for p in meaning.parts)} & WRITES) - {"note.add"}, (meaning.intent, meaning.rule)


@pytest.mark.parametrize(("text", "intent"), [
    ("李雷车险续了吧", "policy.lookup"), ("李雷已续了吧", "policy.lookup"), ("张敏已缴了吧", "premium.lookup"), ("张敏保费交了吧", "premium.lookup"), ("刘洋房贷还了吧", "repayment.lookup"),
    ("陈静已缴5200了吧", "premium.lookup"), ("王芳不续了吧", "policy.lookup"), ("王芳买了车险吧", "policy.lookup"), ("张敏保费交了对吧", "premium.lookup"),
])
def test_whether_something_happened_is_asked_with_ba_too(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize(("text", "intent"), [
    ("把王芳删了吧", "client.delete"), ("王芳的学区房标签摘了吧", "tag.remove"), ("王芳的车险标成已续了吧", "renewal.done"),
])
def test_an_order_may_end_with_ba(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize("text", ["T13 同意了吧", "T13 同意 等额本息 行不行", "T13 同意 可不可以"])
def test_a_question_about_a_ticket_moves_nothing(read: Any, text: str) -> None:
    assert read(text).intent not in WRITES | {"ticket.move", "clarify.answer"}


@pytest.mark.parametrize(("text", "intent"), [
    ("王芳说别再给她打营销电话了 登记退订", "consent.record"), ("王芳问有没有双语合同 给她提个需求", "ticket.create"), ("王芳发火了，嫌放款太慢，录一条客诉", "ticket.create"),
    ("李雷来电说利率再降就提前还款 记一下", "note.add"),
])
def test_an_order_after_what_was_told_is_an_order(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize("text", [
    "怎样给客户加标签呀", "保单怎么录进去啊", "在哪改早报时间", "能不能一次导入几百个客户", "撤销最多能撤几步", "移交那个功能在哪儿 流程是啥样的", "导出来的表里会带身份证号吗", "我录错了咋撤",
    "提醒能重复设置吗", "周敏问我怎么把客户移交给别人", "你会不会帮我自动发祝福", "“明天上午十点提醒我开会”这样写对吗",
])
def test_how_to_do_something_is_a_question_to_the_help(read: Any, text: str) -> None:
    assert read(text).intent == "help"


TALES = [
    "我同桌昨天把她一个客户的生日提醒全给关了", "周敏上午给王芳加了张年金险 到现在都没跟我说", "孙浩说他要把王芳的标签换成沉睡", "我师父以前教我 客户一生气就先建个工单",
    "小红书上讲 提醒客户续保要提前45天", "听前台讲 李雷昨天来网点把定存都取了", "我本来想把王芳调成B类 后来想想算了", "刚打算给李雷设个提醒 结果他自己先打来了",
    "陈静应该是把车卖了吧 所以车险没续", "王芳上个月在别家买了重疾 我心里拔凉", "上周三我已经给李雷登过一次投诉了 怎么又来问", "我改天再给王芳打电话", "我爸的车险上个月断保了他自己都不晓得",
    "我同事的客户赔下来三十万，她高兴坏了", "甲方应于每月15日前将款项汇入乙方指定账户", "客户经理岗位职责：1.负责客户档案维护 2.负责保单到期提醒",
]


@pytest.mark.parametrize("text", TALES)
def test_a_tale_of_others_or_of_what_came_to_nothing_writes_nothing(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, (meaning.intent, meaning.rule)


@pytest.mark.parametrize("text", ["王芳她婆婆说要把所有保险都停了", "王芳的邻居打电话来问能不能给她也建个档", "王芳女儿要结婚了", "听说王芳要换单位", "同事说王芳昨天来过"])
def test_what_is_known_of_a_client_without_a_contact_is_no_note(read: Any, text: str) -> None:
    assert read(text).intent != "note.add"


@pytest.mark.parametrize("text", ["刚跟王芳通了电话，她说年底再买", "刚王芳微信我 说她爸住院了 暂时不考虑加保", "打了李雷三次都没接", "听说王芳换单位了 记一下 待核实", "王芳打电话来 说她可能要移民"])
def test_a_contact_of_ones_own_and_what_is_ordered_are_notes(read: Any, text: str) -> None:
    assert read(text).intent == "note.add"


@pytest.mark.parametrize(("text", "intent"), [
    ("周敏把王芳的电话给我了 13988887777 你给改一下", "client.update"), ("我想给王芳加个高净值标签", "tag.add"), ("主管催了 把王芳升到A类", "tier.set"), ("所以把王芳的沉睡标签去掉", "tag.remove"),
])
def test_an_order_beside_a_tale_is_an_order(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize("text", [
    "系统自动把王芳的等级降成C了 离谱", "昨儿个王芳来店里 是小王接待的 我没碰上", "吃完饭得给李雷打个电话 先眯一会儿", "帮我查查是哪个把王芳的生日改错了", "李雷他爸的意思是把受益人换成孙子 他自己不乐意",
    "先放着 王芳的标签我晚点自己弄", "李雷的理赔 保司说要补资料 他让我别管", "李雷丢单那事 我到现在都想不通", "做完体检再说吧 王芳这个年纪", "记一下 嗯 没事了", "给王芳设个提醒 算了 不用了",
])
def test_what_is_put_off_or_taken_back_or_done_by_others_is_not_done(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, (meaning.intent, meaning.rule)


@pytest.mark.parametrize("text", [
    "李雷跟他对象分了 所以夫妻互保那个方案黄了", "王芳今天生日 居然没人提醒我", "李雷王芳都无所谓 反正不是我客户", "他要投诉就让他投诉去", "李雷他儿子打架进派出所了 唉", "明明是他自己把地址写错的 赖我",
    "全组都完成了 就差周敏", "脚本昨晚自动跑了 把一百个客户标成了沉睡", "我怀疑王芳换手机了 老打不通",
])
def test_a_story_with_its_connecting_words_is_no_order(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, (meaning.intent, meaning.rule)


@pytest.mark.parametrize("text", [
    "别忘了我可是提醒过你的", "王芳让她老公记得交保费", "李雷说他自己设了闹钟", "李雷把会改到周四了 我知道", "他每个月都提醒我 挺贴心的", "叫我小李就行",
    "你昨天为啥没叫我", "别人都是提前三天提醒的 我们怎么没有", "上次设的提醒准不准啊", "昨天跟前天没完成的任务", "要是能每周一自动提醒就好了",
])
def test_reminding_that_is_only_spoken_of_sets_and_moves_nothing(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, (meaning.intent, meaning.rule)


@pytest.mark.parametrize("text", [
    "同事小赵昨天帮我把王芳的地址更新了", "刚刚看到孙浩朋友圈 他说签了李雷的大单", "没说要改王芳的生日 我就看看", "他老婆说要把受益人改成女儿 李雷没松口", "【客户来信】请把我的电话更新为13800001234，谢谢",
    "李雷的年金加进去了吧", "王芳刚买了新房 房贷肯定在别家办的", "我没让你加备注 我是在问你", "要是明早能提醒我带伞就好了", "给客户打标签这活儿真没意思", "我上午已经给王芳打完标签了", "忘记给李雷设提醒了 完蛋",
])
def test_what_was_done_or_left_undone_is_no_order(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, (meaning.intent, meaning.rule)
