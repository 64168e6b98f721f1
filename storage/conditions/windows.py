"""What is said of the last days: 90天投诉2次, 近90天 联系 2次以上, 近30天 AUM 下降 10%以上."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from config.pack import Packs
from storage.conditions.asset_change import AssetChange, Change, Way
from storage.conditions.facts import Op
from storage.conditions.operators import COUNTED, SIGNS, comparison
from storage.conditions.tree import Test
from storage.conditions.values import PERIOD, Unreadable, period_in
from storage.conditions.vocabulary import Vocabulary
from storage.conditions.window_facts import COUNTS_BY, Doing, HowOften
from storage.model.errors import Invalid
from storage.model.numerals import read_number
from storage.model.periods import Period
from storage.model.values import money_text, percent_text, read_money, read_percent

MOST = 9999
NO_CLAIMS = "理赔还没有按次登记，数不了次数。可以写「理赔处理中」；能数的有：联系、拜访、投诉、新签、迟缴、介绍客户。"
_WITHIN = re.compile(rf"(?:在?(?:最近|近|过去))?\s*的?{PERIOD}\s*(?:以内|之内|内|里|来|中|间)?\s*的?(?P<rest>.+)")
_NEVER = re.compile(r"(?:都|一次都|从)?(?:没有?|未|无)\s*(?P<rest>.+?)过?")
_EVER = re.compile(r"(?:过|过的)")
USUAL = Period(30, "day")  # that of the list AUM 变动
MOST_PERCENT = 500
_WAYS: Mapping[str, Way] = {
    **dict.fromkeys(("变动", "变化", "增减"), "change"),
    **dict.fromkeys(("下降", "减少", "跌", "下跌", "降", "少", "缩水", "流出", "掉"), "fall"),
}
_CALLED: Mapping[Way, str] = {"change": "管理资产变动", "fall": "管理资产下降", "rise": "管理资产增加"}
_ASSETS = r"(?:管理资产|资产规模|管理规模|资产|aum)"
_BEHIND = PERIOD.replace("<count>", "<count2>").replace("<unit>", "<unit2>")
_CHANGED = re.compile(
    rf"(?:(?:最近|近|过去)?\s*{PERIOD}\s*(?:以?内|里|来)?\s*的?)?\s*{_ASSETS}\s*的?\s*"
    rf"(?:(?:在|最近|近|过去)?\s*{_BEHIND}\s*(?:以?内|里|来)?)?\s*"
    r"(?P<way>变动|变化|增减|下降|减少|下跌|缩水|流出|增加|上升|增长|上涨|流入|跌|降|掉|少|涨|升)(?P<rest>.*)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\s*(?:次|回|笔|张|份|个|位|人|单)")
_EXACTLY = re.compile(r"^(?:正好|刚好|恰好)\s*")
_SAID: Mapping[Op, str] = {">=": "不少于", ">": "多于", "<": "少于", "<=": "不多于", "=": "正好", "!=": "不是"}
_ANY_CONTACT = ("call", "visit", "meeting", "wechat", "note")
_CONTACTS = "联系 跟进 沟通 接触 回访 互动 往来"
_LATE = "迟缴 迟还 晚缴 晚还 逾期缴费 逾期还款 拖欠"
_REFERRED = "介绍客户 转介绍客户 推荐客户 介绍朋友 推荐朋友 转介绍 介绍"
_SIGNED = "新签 新买 新办 新增 购买 投保 买入 买 签"


def read_often(text: str, vocabulary: Vocabulary) -> Test | None:
    """How often something happened in a period; None where nothing of the kind is said. Raises Unreadable."""
    found = _WITHIN.fullmatch(text)
    if found is None:
        return None
    rest = found["rest"].strip()
    if denied := _NEVER.fullmatch(rest):
        doing, behind = _doing(denied["rest"], vocabulary)
        return _test(doing, period_in(found), "=", 0, vocabulary) if doing and not behind else None
    rest = re.sub(r"^(?:有过?|共|一共)\s*", "", rest)
    doing, behind = _doing(rest, vocabulary)
    if doing is None:
        return None
    if (not behind and rest != found["rest"].strip()) or _EVER.fullmatch(behind):
        return _test(doing, period_in(found), ">=", 1, vocabulary)
    counted = _number(behind)
    return _test(doing, period_in(found), *counted, vocabulary) if counted else None


def read_change(text: str, vocabulary: Vocabulary) -> Test | None:
    """By how much the assets changed: AUM变动 小于 -10万, 近30天 AUM 下降 10%以上. Raises Unreadable."""
    found = _CHANGED.fullmatch(text)
    if found is None:
        return None
    if why := vocabulary.hidden("client.aum"):
        raise Unreadable(why)
    period = period_in(found) if found["count"] else period_in(found, "count2", "unit2") if found["count2"] else USUAL
    way: Way = _WAYS.get(found["way"], "rise")
    compared = comparison(re.sub(r"^(?:了|过)\s*", "", found["rest"].strip()), "money")
    op, words = (compared.op or ("=" if way == "change" else ">=")), compared.words
    if not words and compared.op is None:  # AUM下降 alone
        op, words = ("!=" if way == "change" else ">"), "0"
    if compared.denied or op not in (*COUNTED, "between"):
        return None
    share, numbers = _bounds(words, _CALLED[way])
    said = [percent_text(number) if share else money_text(number) for number in numbers]
    told = f"在 {said[0]} 到 {said[1]} 之间" if op == "between" else f"{SIGNS[op]} {said[0]}"
    value = Change(period, way, share, (numbers[0], numbers[1]) if op == "between" else numbers[0])
    return Test(AssetChange(), op, value, f"近 {period}{_CALLED[way]} {told}")


def _bounds(words: str, called: str) -> tuple[bool, list[Decimal]]:
    """Whether it is a share, and one number or two."""
    written = words.split(" 到 ")
    share = any("%" in each or each.startswith("百分之") for each in written)
    numbers: list[Decimal] = []
    for each in written:
        try:
            numbers.append(read_percent(each) if share else read_money(each))
        except Invalid as error:
            raise Unreadable(f"「{called}」后面的「{each[:40]}」不对：{error}") from None
    if share and any(abs(n) > MOST_PERCENT or n != n.quantize(Decimal("0.1")) for n in numbers):
        raise Unreadable(f"「{called}」的比例最多 {MOST_PERCENT}%，最多一位小数。")
    if sorted(numbers) != numbers:
        raise Unreadable(f"「{called}」的范围写反了：前面的应比后面的小。")
    return share, numbers


def _doing(text: str, vocabulary: Vocabulary) -> tuple[Doing | None, str]:
    """What is counted, by the longest word that the text begins with, and what follows it."""
    if text.startswith(("理赔", "出险", "报案")):
        raise Unreadable(NO_CLAIMS)
    doings = doings_of(vocabulary.packs)
    word = next((word for word in sorted(doings, key=len, reverse=True) if text.startswith(word)), None)
    if word is None:
        return None, text
    doing, rest = doings[word], text[len(word):].strip()
    if doing.of == "contract":
        rest = re.sub(r"^(?:过|了)\s*", "", rest)
        if (found := vocabulary.shelf_at(rest)) is not None:
            shelf, rest = found
            return Doing(f"新签{shelf.word}", doing.unit, doing.of, shelf=shelf), rest
    return doing, rest


def _number(words: str) -> tuple[Op, int] | None:
    """2次 and 2次以上 are at least two; how many exactly is said by 正好 or =."""
    words = re.sub(r"^(?:次数|数量|笔数|过|了)\s*", "", words)
    exactly = _EXACTLY.search(words)
    words = _EXACTLY.sub("", words)
    unit = _TIMES.search(words)
    compared = comparison(_TIMES.sub("", words, count=1), "integer")
    number = read_number(compared.words)
    op: Op = "=" if exactly else compared.op or ">="
    if number is None or number != int(number) or op not in COUNTED or compared.denied:
        return None
    if not (unit or compared.op or exactly):
        return None
    if not 0 <= number <= MOST:
        raise Unreadable(f"次数请写 0 到 {MOST} 的整数。")
    return op, int(number)


def _test(doing: Doing, period: Period, op: Op, number: int, vocabulary: Vocabulary) -> Test:
    paths = [COUNTS_BY[doing.of], *(["client.last_contact_at"] if doing.kinds == _ANY_CONTACT else [])]
    if why := next(filter(None, map(vocabulary.hidden, paths)), None):
        raise Unreadable(why)
    what = f"{period}内{doing.word}"
    return Test(HowOften(doing.of), op, (doing, period, number), f"{what} {_SAID[op]} {number} {doing.unit}")


def doings_of(packs: Packs) -> dict[str, Doing]:
    """What can be counted, by its words: the sorts of contact in the dictionary, and what tags count besides."""
    found: dict[str, Doing] = {}
    if "interaction.kind" in packs.paths:
        for choice in packs.field("interaction", "kind").choices:
            doing = Doing(choice.label, "次", "contact", (choice.value,))
            found |= dict.fromkeys((choice.label, *choice.synonyms), doing)
    found |= dict.fromkeys(_CONTACTS.split(), Doing("联系", "次", "contact", _ANY_CONTACT))
    found |= dict.fromkeys(_LATE.split(), Doing("迟缴", "次", "late_payment"))
    found |= dict.fromkeys(_REFERRED.split(), Doing("介绍客户", "位", "referral"))
    return found | dict.fromkeys(_SIGNED.split(), Doing("新签", "笔", "contract"))
