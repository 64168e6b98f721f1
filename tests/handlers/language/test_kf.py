"""微信客服 in words: what follows the name after 回复 is kept as it was typed."""

from __future__ import annotations

import pytest

from tests.handlers.language.conftest import Reader


@pytest.mark.parametrize(("said", "words"), [
    ("回复 王芳 您好，周五前给您答复", "您好，周五前给您答复"),
    ("回复王芳 您好", "您好"),
    ("回复：王芳：您好", "您好"),
    ("客服回复 王芳 您好", "您好"),
    ("回复 王芳女士 您好", "您好"),
    ("回复一下王芳 您好", "您好"),
    ("回复 王芳 没有", "没有"),  # what she asked for may be so answered
    ("回复 王芳 不是周三，是周四", "不是周三，是周四"),  # no slip of the tongue
    ("回复 王芳 好的，谢谢您！", "好的，谢谢您！"),  # no courtesy
    ("回复 王芳 查 李雷 的保单要本人来", "查 李雷 的保单要本人来"),  # no second order
    ("回复 王芳 1. 身份证\n2. 银行卡", "1. 身份证\n2. 银行卡"),
    ("回复 王芳", ""),
    ("回复王芳您好", ""),  # where the name ends cannot be known: asked for
])
def test_the_words_to_a_client_are_kept_whole(read: Reader, said: str, words: str) -> None:
    meaning = read(said)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("words")) == ("kf.reply", 1, words)


@pytest.mark.parametrize("said", [
    "回复了王芳吗", "回复王芳了吗", "回复 王芳 了吗？", "回复 王芳 过没有", "回复了王芳吗 我忘了", "回复王芳了没有", "回复过王芳了", "回复王芳吗 好的",
])
def test_whether_a_client_was_answered_is_a_question_and_no_answer(read: Reader, said: str) -> None:
    meaning = read(said)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("words")) == ("kf.talk", 1, None)


@pytest.mark.parametrize("said", ["他说回复王芳好的", "别回复王芳", "不要回复王芳 好的", "要不要回复王芳", "我已经回复王芳了", "能回复王芳吗"])
def test_what_is_told_or_forbidden_sends_nothing(read: Reader, said: str) -> None:
    assert read(said).intent.partition(".")[0] != "kf"


def test_of_a_longer_name_than_is_known_nobody_is_found(read: Reader) -> None:
    meaning = read("回复 王芳妈妈 您好")
    assert (meaning.intent, meaning.get("client_id"), meaning.clarify) == ("kf.reply", None, "not_found")


def test_of_two_of_one_name_the_member_chooses(read: Reader) -> None:
    meaning = read("回复 张伟 您好")
    assert (meaning.intent, meaning.clarify, meaning.get("words")) == ("kf.reply", "client", "您好")


def test_she_is_the_client_in_mind(read: Reader) -> None:
    meaning = read("回复她 您好", focus=True)
    assert (meaning.intent, meaning.get("client_id"), meaning.get("words")) == ("kf.reply", 1, "您好")


@pytest.mark.parametrize("said", ["王芳 客服", "王芳客服消息", "看看王芳的客服记录", "微信客服 王芳", "王芳 微信客服"])
def test_the_talk_is_asked_for(read: Reader, said: str) -> None:
    meaning = read(said)
    assert (meaning.intent, meaning.get("client_id")) == ("kf.talk", 1)


@pytest.mark.parametrize("said", ["客服待回复", "待回复", "看看客服没回复的留言", "未回复的客服留言", "微信客服待回复的客户"])
def test_who_waits_is_asked_for(read: Reader, said: str) -> None:
    assert read(said).intent == "kf.waiting"


@pytest.mark.parametrize(("said", "who", "stop"), [
    ("客服接待 李想", "李想", False), ("客服接待", "", False), ("取消客服接待 李想", "李想", True),
    ("客服接待人改为李想", "李想", False), ("客服接待是谁", "", False), ("客服接待是李想吗", "", False), ("取消客服接待了吗", "", False),
])
def test_who_serves_strangers(read: Reader, said: str, who: str, stop: bool) -> None:
    meaning = read(said, role="ops")
    assert (meaning.intent, meaning.get("who"), meaning.get("stop")) == ("kf.servicer", who, stop)


@pytest.mark.parametrize("said", [
    "回复用英文", "回复 1", "王芳说等我们回复", "记 王芳 投诉客服", "王芳 是客服", "新增客户 李强 13800000001 客服", "提醒我明天回复王芳",
    "王芳的回复率", "客服", "记 王芳 计划书已发 待回复",
])
def test_what_only_sounds_like_it(read: Reader, said: str) -> None:
    assert read(said).intent.partition(".")[0] != "kf"


def test_a_customer_answers_nobody(read: Reader) -> None:
    assert read("回复 王芳 您好", role="customer").intent != "kf.reply"


@pytest.mark.parametrize("said", ["解除绑定 王芳", "解除王芳的绑定", "作废核实 王芳", "王芳 解除绑定", "取消身份绑定：王芳"])
def test_a_binding_is_taken_back(read: Reader, said: str) -> None:
    meaning = read(said)
    assert (meaning.intent, meaning.get("client_id")) == ("kf.unbind", 1)


def test_a_binding_of_nobody_known_is_nobody_s(read: Reader) -> None:
    assert (read("解除绑定 魏无名").intent, read("解除绑定 魏无名").clarify) == ("kf.unbind", "not_found")


@pytest.mark.parametrize("said", ["解绑微信 王芳", "解除绑定微信 王芳"])
def test_the_link_to_a_wechat_is_another_matter(read: Reader, said: str) -> None:
    assert read(said).intent == "contact.unlink"
