"""Words that may not go to a client, plain and dressed up (R191, S41)."""

from __future__ import annotations

import pytest

from reminders.bans import check

FORBIDDEN = """
这款保本保收益，稳赚不赔
零风险高收益的好机会
没有任何风险，您放心
我有内部消息，这只要涨
保证收益 8%
承诺年化收益 6%，收益有保证
刚性兑付，本金绝对安全
百分百安全，万无一失
月底停售，最后机会
全网最高收益
返佣给您 20%
保费打到我卡上就行
退保再买新的更划算
跟存款一样安全
不仅保本，还有收益
不用担心保本的问题，肯定有
肯定能拿到 5% 的收益
闭眼买，包赚
""".strip().splitlines()

DRESSED_UP = """
保 本 保 息
保.本理财
保·本
ｂａｏ本理财
baoben 产品
穩賺不賠
稳～赚～不～赔
保夲保息
稳\u200b赚
0风险
堡本堡息
内-部-消-息
""".strip().splitlines()

HARMLESS = """
祝王老师生日快乐，注意休息
不得承诺保本
本产品为非保本浮动收益型
不保本，投资有风险
理财非存款，产品有风险，投资须谨慎
过往业绩不代表未来表现
严禁宣传零风险、稳赚不赔
「保本」是违规用语，不能说
凡是承诺保证收益的都是骗局
谨防内部消息类骗局
请确保本次资料齐全
医保本地报销，参保本年度有效
担保本人签字
支付宝本月账单
R2（中低风险）产品
您的保单将于 7 月 9 日到期，请及时续保
感谢您一直以来的信任
天气转凉请注意保暖，最好添件衣服
分红水平不保证，保单利益不确定
我们不承诺收益
""".strip().splitlines()


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_forbidden_promise_is_blocked(text: str):
    assert check(text).blocked


@pytest.mark.parametrize("text", DRESSED_UP)
def test_dressing_a_word_up_does_not_help(text: str):
    assert check(text).blocked


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_or_only_names_the_ban_passes(text: str):
    assert check(text).hits == ()


def test_the_words_are_marked_as_they_were_typed_and_a_lawful_wording_is_offered():
    verdict = check("生日快乐！这款保 本理财，稳赚不赔哦")
    assert verdict.marked == "生日快乐！这款【保 本】理财，【稳赚不赔】哦"
    assert "广告法第 25 条" in verdict.advice
    assert "可改为" in verdict.advice


def test_figures_of_gain_are_a_warning_and_the_disclosure_lifts_it():
    assert [hit.ban.level for hit in check("预期收益 4%").hits] == ["warn"]
    assert not check("预期收益 4%").blocked
    assert check("预期收益不代表实际收益").hits == ()


def test_an_empty_text_and_a_very_long_one_are_read():
    assert check("").hits == ()
    assert check("好" * 5000).hits == ()
