"""Who is meant: everyday words that are names, names with a wrong character, two names of one person."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language import ClientRef, Dialogue, understand
from handlers.language.command import RosterBook
from tests.handlers.language.conftest import NOW

HAPPY, MONDAY, AT_ONCE, SAFE, SNOW = 9, 11, 14, 15, 17


@pytest.mark.parametrize(("text", "client_id"), [
    ("周一的邮箱发我", MONDAY), ("周一家里几口人", MONDAY), ("周一 电话改成13900000009", MONDAY), ("嗯那个周一这个客户 资料看一下", MONDAY), ("周一多大了", MONDAY),
    ("高兴这位客户是谁介绍的", HAPPY), ("马上升到A类", AT_ONCE), ("马上身份证录错了 应该是110105199003071239", AT_ONCE), ("马上这人住哪", AT_ONCE),
    ("平安年薪多少", SAFE), ("嗯那个平安啊 他一年挣多少", SAFE), ("白雪搬到珠海了 地址改下", SNOW), ("白雪她老公叫什么", SNOW), ("给高兴打个高净值标签", HAPPY),
])
def test_an_everyday_word_is_a_client_when_the_sentence_needs_one(read: Any, text: str, client_id: int) -> None:
    assert read(text).get("client_id") == client_id


@pytest.mark.parametrize("text", [
    "马上要下雨了 提醒我带伞", "周一下午有什么安排", "提醒我周一续保", "周一电话联系客户，提醒我", "平安车险怎么样", "方便的时候说一声", "万一下雨提醒我带伞", "谢谢你啦", "成功签了三单",
    "祝福大家平安", "周一开会讨论方案 记一下", "周一到期的保单有哪些", "高兴坏了今天", "马上提醒我打电话",
])
def test_an_everyday_word_is_no_client_without_evidence(read: Any, text: str) -> None:
    assert not isinstance(read(text).get("client_id"), int)


@pytest.mark.parametrize(("text", "said", "client_id"), [
    ("王晓明的电话", "王晓明", 13), ("欧阳那老师住哪", "欧阳那", 8), ("李lei的手机", "李lei", 2), ("王小ming 电话多少", "王小ming", 13),
])
def test_a_name_with_one_wrong_character_or_half_in_pinyin_is_heard_and_marked(read: Any, text: str, said: str, client_id: int) -> None:
    meaning = read(text)
    assert (meaning.get("client"), meaning.get("client_id"), meaning.get("fuzzy")) == (said, client_id, True)


@pytest.mark.parametrize("text", ["王小明的电话", "wangxiaoming电话", "小明的电话"])
def test_a_name_that_is_known_is_not_marked(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.get("client_id"), meaning.get("fuzzy")) == (13, None)


def test_an_alias_inside_another_persons_name_is_nobody(read: Any) -> None:
    meaning = read("李小明的电话")
    assert (meaning.get("client"), meaning.get("client_id"), meaning.clarify) == ("李小明", None, "not_found")


@pytest.mark.parametrize("text", ["刘总 就那个刘洋 电话发我", "刘洋（刘总）的电话", "刘总也就是刘洋的电话"])
def test_two_names_of_one_person_are_one_client(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.get("client_id"), meaning.get("clients"), meaning.get("field")) == (7, None, "phone")


@pytest.mark.parametrize(("text", "said"), [
    ("诸葛明的邮箱有没有", "诸葛明"), ("有没有一个叫范德彪的客户", "范德彪"), ("查客户 钱不在", "钱不在"), ("Jason Lau的手机", "Jason Lau"), ("闫妮的电话", "闫妮"), ("迪丽热巴·迪力木拉提的电话", "迪丽热巴·迪力木拉提"),
])
def test_a_name_that_is_not_in_the_book_is_not_found(read: Any, text: str, said: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client"), meaning.get("client_id"), meaning.clarify) == ("client.lookup", said, None, "not_found")


@pytest.mark.parametrize("text", ["案件CL88012还缺啥", "did the WF2024 file arrive"])
def test_letters_of_a_number_are_nobodys_initials(read: Any, text: str) -> None:
    assert not isinstance(read(text).get("client_id"), int)


@pytest.mark.parametrize("text", ["查查有没有个叫闻人牧的", "有没有一位叫阿牧的客户"])
def test_whoever_is_called_something_has_that_name(read: Any, text: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.clarify) == ("client.lookup", "not_found")


def test_two_days_in_a_row_begin_with_a_person(read: Any) -> None:
    assert read("周一明天下午三点过来签字，提醒我").get("client_id") == MONDAY


@pytest.mark.parametrize(("text", "client_id"), [("建行那个张伟 电话给我", 6), ("张伟，深圳那个，电话多少", 5), ("深圳张伟的保单", 5), ("张伟电话", [5, 6])])
def test_one_of_two_of_a_name_is_told_apart_by_what_an_alias_says(lexicon: Any, text: str, client_id: Any) -> None:
    book = RosterBook([{"id": 5, "name": "张伟", "aliases": ["张伟（深圳）"]}, {"id": 6, "name": "张伟", "aliases": ["建行张伟"]}])
    assert understand(text, now=NOW, role="adviser", book=book, dialogue=Dialogue(), lexicon=lexicon).get("client_id") == client_id


@pytest.mark.parametrize(("text", "client_id"), [
    ("下周一上午九点提醒我找周一签字", MONDAY), ("给马上打电话，明天三点提醒我", AT_ONCE), ("提醒我给周一过生日的客户发祝福", None), ("提醒我找周一下午有空的客户", None),
])
def test_one_deals_with_people_and_not_with_days(read: Any, text: str, client_id: int | None) -> None:
    assert read(text).get("client_id") == client_id


@pytest.mark.parametrize(("text", "client_id"), [("提醒我周三约周一喝茶", MONDAY), ("阿依古丽的电话", 16), ("马上的信用贷逾期没", AT_ONCE), ("安宁住安宁小区吗", None)])
def test_more_ways_to_name_somebody(read: Any, text: str, client_id: int | None) -> None:
    assert read(text).get("client_id") == client_id


def test_a_name_that_goes_on_with_its_own_last_character_is_only_a_guess(read: Any) -> None:
    meaning = read("王小明明的电话")
    assert meaning.get("fuzzy") or meaning.get("client_id") is None


@pytest.mark.parametrize(("text", "client_id"), [
    ("高兴那笔房贷几号还款", HAPPY), ("高兴车撞了 写条关心的微信", HAPPY), ("高兴短信退订", HAPPY), ("问候高兴，明天三点提醒我", HAPPY), ("谁介绍高兴来的", HAPPY), ("高兴地址写错了，是罗湖区", HAPPY),
    ("周一那笔贷款几号还款", MONDAY), ("周一的家财险 半年付 一次350 录一下", MONDAY), ("周一手上还有哪些理财", MONDAY), ("周一她爸叫什么", MONDAY), ("催周一补签文件，明天提醒我", MONDAY),
    ("马上一年能挣多少", AT_ONCE), ("remind me to call 高兴 tomorrow 3pm", HAPPY), ("平安刚做完手术，写段慰问", SAFE),
])
def test_what_people_have_do_and_live_through_makes_a_client_of_a_word(read: Any, text: str, client_id: int) -> None:
    assert read(text).get("client_id") == client_id


@pytest.mark.parametrize("text", [
    "马上结婚的客户有哪些", "提醒我找周一那份合同", "给周一到店的客户准备礼品", "和周一一样的时间再提醒我一次", "让客户高兴的话术写一段", "周一开始推私募", "周一的保单培训提醒我参加", "祝你平安的短信写一条",
    "周一理财到期的客户名单", "谢谢，保单收到了", "周一那个会取消",
])
def test_a_group_a_day_or_a_wish_is_nobody(read: Any, text: str) -> None:
    assert not isinstance(read(text).get("client_id"), int)


@pytest.mark.parametrize("text", ["要陪王晓明看房 明天三点喊我", "问候王晓明，明天三点提醒我"])
def test_a_name_with_a_wrong_character_is_heard_in_the_middle_too(read: Any, text: str) -> None:
    assert read(text).get("client_id") == 13


GIVEN = RosterBook({"id": n, "name": name} for n, name in enumerate(("王芳", "赵铁柱", "胡嘉怡", "吕嘉怡", "欧阳欣怡", "张建设", "孙洋洋"), 1))


@pytest.fixture
def by_given(lexicon: Any) -> Any:
    """Reads with clients who have given names of two characters, 王芳 in mind."""
    def reader(text: str) -> Any:
        return understand(text, now=NOW, role="adviser", book=GIVEN, dialogue=Dialogue(focus=ClientRef(1, "王芳")), lexicon=lexicon)

    return reader


@pytest.mark.parametrize(("text", "intent", "client_id"), [
    ("记 铁柱 喜欢钓鱼", "note.add", 2), ("铁柱", "client.lookup", 2), ("查 铁柱", "client.lookup", 2), ("给铁柱推荐理财", "product.recommend", 2),
    ("铁柱爱喝茶，记一下", "note.add", 2), ("欣怡的手机号", "client.lookup", 5), ("帮嘉怡登记一笔理财30万", "holding.add", [3, 4]), ("查 赵铁柱", "client.lookup", 2),
    ("给铁柱打了电话，聊了理财", "note.add", 2),
])
def test_a_client_is_found_by_the_given_name(by_given: Any, text: str, intent: str, client_id: Any) -> None:
    meaning = by_given(text)
    assert (meaning.intent, meaning.get("client_id")) == (intent, client_id)


@pytest.mark.parametrize("text", ["记 大壮 喜欢钓鱼", "大壮爱喝茶，记一下", "帮大壮登记一笔理财30万", "大壮的手机号", "给大壮推荐理财", "孙铁柱的手机号"])
def test_a_given_name_that_nobody_has_is_not_the_client_spoken_of_before(by_given: Any, text: str) -> None:
    meaning = by_given(text)
    assert (meaning.get("client_id"), meaning.clarify) == (None, "not_found")


@pytest.mark.parametrize("text", ["记 喜欢钓鱼", "平时爱喝茶，记一下", "老公喜欢钓鱼，记一下", "她的手机号", "帮我登记一笔理财30万", "记 今天 聊了养老", "备用的电话"])
def test_where_no_name_is_said_the_client_spoken_of_before_is_meant(by_given: Any, text: str) -> None:
    assert by_given(text).get("client_id") == 1


@pytest.mark.parametrize("text", ["建设银行的客户有哪些", "王芳的女儿洋洋今年中考，记一下"])
def test_a_given_name_that_is_a_word_or_stands_beside_a_client_is_nobody_else(by_given: Any, text: str) -> None:
    assert by_given(text).get("client_id") in {None, 1}
