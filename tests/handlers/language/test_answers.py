"""Yes, no, going on and choosing, in the words that people have for them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from handlers.language import ClientRef, answers

ASKED = {"pending": "confirm", "labels": ("确认从您的客户列表移除 潘石 吗？",)}


@pytest.mark.parametrize("text", [
    "嗯呐 删", "删吧删吧", "嗯 删了它", "中 整吧", "妥 就这么地", "对对对是这个", "没错没错就是这个号", "嗯 无错 就噉", "系 就噉改", "啱嘅", "要得 改嘛", "对头 搞起", "好额 就格能",
    "就这个时间", "就按这个时间", "就他了", "就是他 删", "行 转给他", "嗯可以发出去", "核对过了 没问题", "客户确认过了 改吧", "就这么干", "是她本人", "对 就是这个人",
    "是 按新的来", "阔以", "👌", "嗯👍", "你帮我删了呗", "行呗", "ojbk", "嗯 给他改了", "那必须的", "肯定的",
])
def test_yes_in_everybodys_words(read: Any, text: str) -> None:
    assert read(text, **ASKED).intent == "confirm.yes"
    assert read(text, role="customer", **ASKED).intent == "confirm.yes"


@pytest.mark.parametrize("text", [
    "可别 我再琢磨琢磨", "可别删", "别介", "莫忙 先不要", "莫得事 不改了", "伐对 勿要改", "不得行", "要不得", "不中 别改", "等哈 我再问问客户先", "等会儿 不是他 甭改", "且慢", "慢着 别急", "先放一放",
    "不移交了", "不是她 是另一个", "我不确定", "让我想一下", "我先跟客户核实下", "等我问完客户", "等我确认完再弄", "改天再弄", "下次吧", "明天再说", "算啦", "咪改住", "唔啱", "冇嘢啦 唔使理", "错啦",
    "打错字了", "人搞错了", "我还没想好", "不是这意思", "误会了", "❌", "取消掉", "当我没说",
])
def test_no_in_everybodys_words(read: Any, text: str) -> None:
    assert read(text, **ASKED).intent == "confirm.no"
    assert read(text, role="customer", **ASKED).intent == "confirm.no"


@pytest.mark.parametrize("text", [
    "可以吗", "对吗", "删吗", "真的删吗", "行不行", "是不是这个", "为什么要删", "改哪个", "是哪个号", "对 但是地址也要改", "可以的话明天再改", "行程", "号码对吗", "你确认过了吗", "发给李雷", "按旧的改",
    "好几个都没续保", "可用额度", "就这个客户怎么样", "我问你他电话多少", "明天再提醒我", "没有重疾险的客户",
])
def test_what_asks_back_or_says_more_is_neither(read: Any, text: str) -> None:
    assert read(text, **ASKED).intent not in {"confirm.yes", "confirm.no"}


@pytest.mark.parametrize(("text", "intent"), [("对 取消吧", "confirm.yes"), ("嗯 全取消", "confirm.yes"), ("取消", "confirm.no"), ("取消吧", "confirm.no"), ("嗯 不要", "confirm.no")])
def test_who_agrees_to_call_off_agrees(read: Any, text: str, intent: str) -> None:
    assert read(text, pending="confirm", labels=("将取消全部 8 条未完成提醒，确认？",)).intent == intent


@pytest.mark.parametrize("text", ["对 改成B", "嗯 保单", "好 3", "对 取消吧"])
def test_a_yes_with_something_else_is_none(read: Any, text: str) -> None:
    assert read(text, pending="confirm", labels=("将王芳从 B 类调整为 A 类（保单 3 份），确认吗？",)).intent not in {"confirm.yes", "undo"}


@pytest.mark.parametrize("text", ["得了 不查了", "算了算了当我没说", "冇嘢啦 唔使理", "没有我要找的", "想起来了 不用了", "没你的事了", "懒得弄了", "不问了", "莫查了"])
def test_a_question_is_dropped(read: Any, text: str) -> None:
    assert read(text, pending="choice", choices=2).intent == "clarify.cancel"
    assert read(text, pending="text").intent == "clarify.cancel"


@pytest.mark.parametrize("text", [
    "后头还有没得", "还有呢", "再落嚟嘞", "后面还有没 接着来", "下页", "还有别人吗", "剩下的也看看", "就这些吗", "只有这些吗", "然后呢", "继续呀", "往下拉", "再往下看看", "仲有冇", "跟住呢", "没列出来的呢", "接到起嘛",
])
def test_a_list_goes_on(read: Any, text: str) -> None:
    assert read(text, pending="list", list_kind="segment", choices=5).intent == "page.next"


@pytest.mark.parametrize("text", ["还有多少客户没买车险", "还有什么提醒", "后面那个", "更多信息", "然后提醒我明天给李雷打电话", "别的险种有哪些", "还有李雷呢"])
def test_what_asks_for_something_else_turns_no_page(read: Any, text: str) -> None:
    assert read(text, pending="list", list_kind="segment", choices=5).intent != "page.next"


LINES = {"pending": "choice", "choices": 3,
         "labels": ("张伟（深圳） 男 35岁 A类 尾号0007", "张伟（南山，建行） 男 52岁 尾号0008 B类", "张炜 女 41岁 教师 尾号0009 C类")}


@pytest.mark.parametrize(("text", "index"), [
    ("前头那个", 1), ("最上面那条", 1), ("排第一的", 1), ("最末尾那位", 3), ("最末尾嗰位", 3), ("最底下的", 3), ("尾巴那个", 3), ("倒数第二", 2), ("正中间的", 2), ("3啦", 3), ("第三个嘛", 3), ("教书的那个", 3),
    ("年纪最大的", 2), ("五十多岁那个", 2), ("三十来岁的", 1), ("52那个", 2), ("C类那个", 3), ("女的那个嘛", 3), ("不是第一个 是第二个", 2),
])
def test_one_is_chosen_by_any_description(read: Any, text: str, index: int) -> None:
    meaning = read(text, **LINES)
    assert (meaning.intent, meaning.get("index")) == ("clarify.answer", index)


@pytest.mark.parametrize(("text", "index"), [
    ("女的那个嘛", 1), ("男的", 2), ("明天的明", 2), ("反文旁那个", 1), ("不是赵敏那个", 2), ("另外一位", 2), ("另外那个", 2),
])
def test_one_of_two_is_chosen_by_the_name(read: Any, text: str, index: int) -> None:
    assert read(text, pending="choice", choices=2, labels=("赵敏", "赵明")).get("index") == index


def test_nobody_is_chosen_by_a_name_that_either_sex_may_have(read: Any) -> None:
    assert read("女的那个", pending="choice", choices=2, labels=("赵敏", "赵静")).get("index") is None


@pytest.mark.parametrize(("text", "index"), [("建行那个", 2), ("在建行的那位", 2), ("深圳的", 1), ("不是深圳那个", 2)])
def test_one_is_chosen_by_an_alias_that_the_lines_do_not_show(text: str, index: int) -> None:
    from datetime import datetime

    from handlers.language import Dialogue, Lexicon, understand
    from handlers.language.command import RosterBook

    book = RosterBook([{"id": 1, "name": "张伟", "aliases": ["深圳张伟"]}, {"id": 2, "name": "张伟", "aliases": ["张伟(建行)"]}])
    offered = Dialogue(pending="choice", choices=2, items=(ClientRef(1, "张伟"), ClientRef(2, "张伟")), labels=("张伟（深圳）", "张伟（南山）"))
    now = datetime.fromisoformat("2025-06-09T09:00:00+08:00")
    assert understand(text, now=now, role="adviser", book=book, dialogue=offered, lexicon=Lexicon.default()).get("index") == index


@pytest.mark.parametrize("text", ["女客户有几个", "A类客户名单", "建行的理财产品", "第二季度业绩", "三点提醒我开会", "最后一次跟进是什么时候", "中间业务收入"])
def test_an_order_of_its_own_chooses_nobody(read: Any, text: str) -> None:
    assert read(text, **LINES).intent != "clarify.answer"


@pytest.mark.parametrize("piece", ["改好", "好的是", "我再问问", "给他出去", "就这个数", "等等想想", "确认一下客户"])
def test_no_answer_takes_long_to_be_refused(piece: str) -> None:
    text = (piece * 24)[: answers.LONGEST - 1] + "龘"
    answers.is_yes(text)
    begun = time.perf_counter()
    answers.is_yes(text)
    answers.is_no(text)
    answers.goes_on(text, listed=True)
    assert time.perf_counter() - begun < 0.05
