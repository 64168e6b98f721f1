"""One condition by itself: 30天未联系, 持有基金, 贵宾, 管理资产 50万以上, 到期日 在 30 天内."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from storage.conditions.facts import NUMBERS, Fact, Holds, Op, Silence, Surname, Tagged
from storage.conditions.tree import All, Not, Test, Tree
from storage.conditions.vocabulary import Valued, Vocabulary, holding
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.numerals import read_number
from storage.model.periods import Period, Unit
from storage.model.values import date_text, money_text, read_date

_NUMBER = r"(?:\d[\d,.]*|[零〇一二两三四五六七八九十百千半]+)"
_PERIOD = rf"(?P<count>{_NUMBER})\s*(?P<unit>天|日|周|个?星期|个?月|年)"
_UNITS: dict[str, Unit] = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year"}
_MET = r"(?:联系|跟进|拜访|回访|沟通|接触)"
_SILENT = re.compile(
    rf"(?:已经?|超过|连续|有)?\s*{_PERIOD}\s*(?:以上|多)?\s*都?(?:未|没有?)\s*{_MET}(?:过|了)?的?"
)
_MET_WITHIN = re.compile(rf"(?:最近|近|过去)?\s*{_PERIOD}\s*(?:以?内)?\s*{_MET}过(?:的)?")
_HOLDS = re.compile(r"(?:已?持有|已?买过?了?|买的?有|配置?了|有)\s*(?P<what>.+?)的?")
_LACKS = re.compile(r"(?:未持有|没持有|没有?买过?|没有|未买|没配|未配置|缺少?|无)\s*(?P<what>.+?)的?")
_AGE = re.compile(rf"(?P<n>{_NUMBER})\s*(?:周?岁)(?P<op>以上|以下|及以上|及以下|以内)?(?:的)?")
_AGES = re.compile(rf"(?P<low>{_NUMBER})\s*岁?\s*(?:到|至|-|~)\s*(?P<high>{_NUMBER})\s*周?岁(?:之间)?(?:的)?")
_COUNT_UNIT = re.compile(r"\s*(?:张|份|个|笔|件|只)$")

def _by_length(words: dict[Op, str]) -> list[tuple[str, Op]]:
    return sorted(((word, op) for op, all_ in words.items() for word in all_.split()), key=lambda pair: -len(pair[0]))


# In front of a value, and behind it.
_BEFORE = _by_length({
    ">=": "大于等于 不低于 不少于 不小于 不早于 至少 >= ≥",
    "<=": "小于等于 不超过 不高于 不大于 不多于 不晚于 至多 最多 <= ≤",
    "!=": "不等于 不为 不是 != <>", ">": "大于 超过 高于 多于 晚于 >", "<": "小于 低于 少于 早于 不到 <",
    "=": "等于 是 为 = == :", "in": "属于", "contains": "包含 包括 含有 含",
})
_BEHIND = _by_length({">=": "及以上 以上 起", "<=": "及以下 以下 以内", "<": "之前 以前", ">": "之后 以后"})
_EMPTY = frozenset({"为空", "是空", "没填", "未填", "没有填", "空", "没登记", "未登记", "没有登记"})
_FILLED = frozenset({"不为空", "有值", "已填", "填了", "有登记", "已登记"})
_SIGNS: dict[Op, str] = {
    "=": "是", "!=": "不是", ">": "大于", ">=": "不低于", "<": "小于", "<=": "不超过", "in": "属于", "contains": "包含",
    "between": "在", "empty": "为空", "filled": "不为空",
}
_DATE_SIGNS: dict[Op, str] = {**_SIGNS, ">": "晚于", ">=": "不早于", "<": "早于", "<=": "不晚于"}
# What each type of field can be asked.
_ORDERED: tuple[Op, ...] = ("=", "!=", ">", ">=", "<", "<=", "between", "in", "empty", "filled")
_WORDED: tuple[Op, ...] = ("=", "!=", "in", "contains", "empty", "filled")
_CHOSEN: tuple[Op, ...] = ("=", "!=", "in", "empty", "filled")
_COUNTED: tuple[Op, ...] = ("=", "!=", ">", ">=", "<", "<=")
_OPS: dict[str, tuple[Op, ...]] = {
    "text": _WORDED, "choice": _CHOSEN, "boolean": ("=", "!=", "empty", "filled"), "date": _ORDERED, "client": _CHOSEN,
    "tag": _CHOSEN, **dict.fromkeys(NUMBERS, _ORDERED),
}


class Unreadable(Invalid):
    """The conditions cannot be read; says which part, and what comes nearest."""


class Words:
    """Reads single conditions with the vocabulary of one reader, on one day."""

    def __init__(
        self, vocabulary: Vocabulary, dictionary: Dictionary, today: date, named: Mapping[str, Tree]
    ) -> None:
        self._vocabulary, self._dictionary, self._today, self._named = vocabulary, dictionary, today, named

    def knows(self, word: str) -> bool:
        """Whether this is a word of the packs, or a name that the reader gave, as a whole."""
        found = self._vocabulary
        return word in self._named or word in found.facts or bool(found.value(word)) or found.shelf(word) is not None

    def read(self, text: str) -> Tree:
        """The condition, or several that only blanks part. Raises Unreadable."""
        found = self._one(text)
        if found is not None:
            return found
        pieces = text.split()
        for cut in range(len(pieces) - 1, 0, -1):  # the longest beginning that can be read
            first = self._one(" ".join(pieces[:cut]))
            if first is not None:
                rest = self.read(" ".join(pieces[cut:]))
                return All((first, *rest.parts)) if isinstance(rest, All) else All((first, rest))
        raise self._unreadable(text)

    def _one(self, text: str) -> Tree | None:
        if text in self._named:
            return self._named[text]
        ways: tuple[Callable[[str], Tree | None], ...] = (
            self._silence, self._surname, self._aged, self._counted, self._compared, self._held, self._by_value,
            self._denied,
        )
        return next((tree for way in ways if (tree := way(text)) is not None), None)

    # ------------------------------------------------------------ the kinds of conditions

    def _silence(self, text: str) -> Tree | None:
        if text in {"从未联系", "从未联系过", "没联系过", "未联系过"}:
            fact, _rest = self._vocabulary.fact_at("上次联系") or (None, "")
            return Test(fact, "empty", None, "上次联系 为空") if fact else None
        if (found := _SILENT.fullmatch(text)) and (period := _period(found)):
            return Test(Silence(), ">=", period, f"{period}未联系")
        if (found := _MET_WITHIN.fullmatch(text)) and (period := _period(found)):
            return Test(Silence(), "<", period, f"{period}内联系过")
        return None

    def _surname(self, text: str) -> Tree | None:
        found = re.fullmatch(r"姓\s*(?!名)([\u4e00-\u9fff]{1,2}?)的?", text)
        return Test(Surname(), "=", found[1], f"姓{found[1]}") if found else None

    def _aged(self, text: str) -> Tree | None:
        age, _rest = self._vocabulary.fact_at("年龄") or (None, "")
        if age is None:
            return None
        if found := _AGES.fullmatch(text):
            return self._test(age, "between", f"{found['low']} 到 {found['high']}")
        if found := _AGE.fullmatch(text):
            return self._test(age, dict(_BEHIND).get(found["op"] or "", "="), found["n"])
        return None

    def _counted(self, text: str) -> Tree | None:
        """保单 2 张以上, 基金 数量 >= 3."""
        found = self._vocabulary.shelf_at(text)
        if found is None:
            return None
        shelf, rest = found
        op, words = _operator(re.sub(r"^(?:数量|张数|份数|笔数|数)\s*", "", rest))
        number = read_number(_COUNT_UNIT.sub("", words).strip())
        if op is None or op not in _COUNTED or number is None or number != int(number):
            return None
        return Test(Holds(), op, (shelf, int(number)), f"{shelf.word} 数量 {_SIGNS[op]} {int(number)}")

    def _compared(self, text: str) -> Tree | None:
        """A field, an operator, a value."""
        found = self._vocabulary.fact_at(text)
        if found is None or not found[1]:
            return None
        fact, rest = found
        if fact.type == "boolean" and rest in {"是", "否"}:
            return Test(fact, "=", rest == "是", f"{fact.label} {rest}")
        if rest in _EMPTY or rest in _FILLED:
            op: Op = "empty" if rest in _EMPTY else "filled"
            return Test(fact, op, None, f"{fact.label} {_SIGNS[op]}")
        if within := self._within(fact, rest):
            return within
        if pair := re.fullmatch(r"(?:在|介于)?\s*(.+?)\s*(?:到|至|~|—)\s*(.+?)(?:之间)?", rest):
            return self._test(fact, "between", f"{pair[1]} 到 {pair[2]}")
        op_found, words = _operator(rest)
        if op_found is None and not isinstance(fact, Tagged) and not re.search(rf"\s{re.escape(rest)}$", text):
            return None
        return self._test(fact, op_found or "=", words)

    def _within(self, fact: Fact, rest: str) -> Tree | None:
        """到期日 在 30 天内 looks ahead, 上次联系 在 30 天内 looks back; 未来 and 过去 say which."""
        if fact.type != "date":
            return None
        found = re.fullmatch(rf"在?\s*(?P<way>未来|今后|接下来|过去|最近|近)?\s*{_PERIOD}\s*(?:以|之)?内", rest)
        period = _period(found) if found else None
        if found is None or period is None:
            return None
        back = found["way"] in {"过去", "最近", "近"} or (found["way"] is None and _lies_back(fact))
        first, last = (period.before(self._today), self._today) if back else (self._today, period.after(self._today))
        return Test(fact, "between", (first, last), f"{fact.label} 在 {'过去' if back else '未来'} {period}内")

    def _held(self, text: str) -> Tree | None:
        for shape, denied in ((_LACKS, True), (_HOLDS, False)):
            found = shape.fullmatch(text)
            shelf = self._vocabulary.shelf(found["what"]) if found else None
            if shelf is not None:
                valued = holding(shelf)
                test = Test(valued.fact, "=", shelf, valued.label)
                return Not(test) if denied else test
        return None

    def _by_value(self, text: str) -> Tree | None:
        word = re.sub(r"(?:的|客户|的客户)$", "", text) or text
        found = self._vocabulary.value(text) or self._vocabulary.value(word)
        if len(found) > 1:
            ways = "、".join(f"「{valued.label}」" for valued in found)
            raise Unreadable(f"「{text}」有几种意思，请写清楚是哪一种：{ways}。")
        if found:
            return Test(found[0].fact, "=", found[0].value, found[0].label)
        return None

    def _denied(self, text: str) -> Tree | None:
        denied = re.match(r"(?:非|不是|并非|除了|不|!|not\b)\s*", text)
        if denied is None or denied.end() == len(text):
            return None
        found = self._one(text[denied.end():])
        return None if found is None else Not(found)

    # ------------------------------------------------------------ values

    def _test(self, fact: Fact, op: Op, words: str) -> Tree:
        """Raises Unreadable for an operator or a value that the fact does not take."""
        allowed = _OPS.get(fact.type, _ORDERED)
        if op not in allowed:
            ways = "、".join(_SIGNS[each] for each in allowed)
            raise Unreadable(f"「{fact.label}」不能用「{_SIGNS[op]}」来比，可以写：{ways}。")
        if op == "between":
            low, high = (self._value(fact, each) for each in words.split(" 到 ", 1))
            if low > high:
                raise Unreadable(f"「{fact.label}」的范围写反了：前面的应比后面的小。")
            return Test(fact, op, (low, high), f"{fact.label} 在 {_said(fact, low)} 到 {_said(fact, high)} 之间")
        if op == "in" or (op == "=" and "、" in words):
            values = tuple(self._value(fact, each) for each in re.split(r"[、/]", words) if each.strip())
            return Test(fact, "in", values, f"{fact.label} 属于 {'、'.join(_said(fact, each) for each in values)}")
        value = self._value(fact, words)
        if isinstance(value, bool):
            return Test(fact, "=", value is (op == "="), f"{fact.label} {'是' if value is (op == '=') else '否'}")
        signs = _DATE_SIGNS if fact.type == "date" else _SIGNS
        return Test(fact, op, value, f"{fact.label} {signs[op]} {_said(fact, value)}")

    def _value(self, fact: Fact, words: str) -> Any:
        words = words.strip().strip("「」\"'“”")
        try:
            if isinstance(fact, Tagged):
                return self._tag(words)
            if fact.type == "date":
                return self._day(words)
            if fact.type == "integer":
                words = re.sub(r"\s*(?:周?岁|次|个|人|年|期|天)$", "", words)
            spec = getattr(fact, "spec", None)
            if spec is None:
                number = read_number(words)
                if number is None or number != int(number) or not 0 <= number <= 200:
                    raise Invalid("请写成 0 到 200 的整数。")
                return int(number)
            return self._dictionary.normalise(spec, words)
        except Invalid as error:
            raise Unreadable(f"「{fact.label}」后面的「{words}」不对：{error}") from None

    def _tag(self, words: str) -> str:
        tags = self._dictionary.packs.tags
        found = next((tag.name for tag in tags if words in {w.lower() for w in (tag.name, *tag.synonyms)}), None)
        if found is None:
            near = [word for word in self._vocabulary.nearest(words) if any(word == tag.name.lower() for tag in tags)]
            raise Invalid("没有这个标签。" + (f"最接近的有：{'、'.join(near)}。" if near else ""))
        return found

    def _day(self, words: str) -> date:
        near = {"今天": 0, "今日": 0, "明天": 1, "昨天": -1, "后天": 2, "前天": -2}
        if words in near:
            return self._today + timedelta(days=near[words])
        return read_date(words)

    def _unreadable(self, text: str) -> Unreadable:
        if why := self._vocabulary.why_not(text):
            return Unreadable(why)
        near = self._vocabulary.nearest(text)
        hint = f"最接近的有：{'、'.join(near)}。" if near else "可以按字段、标签、等级、阶段、产品和多久未联系来筛选。"
        return Unreadable(f"条件「{text[:40]}」看不懂，没有筛选。{hint}")


def _period(found: re.Match[str]) -> Period | None:
    count = read_number(found["count"]) if found["count"] != "半" else None
    unit = _UNITS[found["unit"].removeprefix("个")]
    if found["count"] == "半":
        return {"year": Period(6, "month"), "month": Period(15, "day")}.get(unit)
    return Period(int(count), unit) if count is not None and count == int(count) and 0 < count <= 3660 else None


def _operator(rest: str) -> tuple[Op | None, str]:
    """The operator in front of or behind the value, and the value."""
    rest = rest.strip()
    for word, op in _BEFORE:
        if rest.startswith(word):
            value = rest[len(word):].strip()
            return _both(op, value)
    for word, op in _BEHIND:
        if rest.endswith(word):
            return op, rest[: -len(word)].strip()
    return None, rest


def _both(op: Op, value: str) -> tuple[Op, str]:
    """是 50万以上 means 不低于."""
    if op == "=":
        for word, behind in _BEHIND:
            if value.endswith(word) and len(value) > len(word):
                return behind, value[: -len(word)].strip()
    return op, value


def _lies_back(fact: Fact) -> bool:
    """Whether the days of a field are over when they are written down."""
    spec = getattr(fact, "spec", None)
    if spec is None:
        return False
    return spec.name in {"last_contact_at", "lost_at"} or (spec.checks.max is not None and spec.checks.max <= 0)


def _said(fact: Fact, value: Any) -> str:
    spec = getattr(fact, "spec", None)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return date_text(value)
    if fact.type == "money":
        return money_text(value)
    if spec is not None and spec.type == "choice":
        return next((choice.label for choice in spec.choices if choice.value == value), str(value))
    return str(value)


__all__ = ["Unreadable", "Valued", "Words"]
