"""One condition by itself: 30天未联系, 持有基金, 贵宾, 管理资产 50万以上, 到期日 在 30 天内."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from storage.conditions.birthdays import read_birthday
from storage.conditions.contract_facts import Count, Shelf
from storage.conditions.english import in_chinese
from storage.conditions.facts import Fact, Op, Silence, Surname, Tagged
from storage.conditions.operators import COUNTED, OPS, SIGNS, Comparison, begins_with_denial, comparison
from storage.conditions.parties import read_party, which
from storage.conditions.record_facts import RECORDS, Overdue, RecordFact
from storage.conditions.tree import All, Any_, Not, Test, Tree, fields_of, holdings_of
from storage.conditions.values import NUMBER, PERIOD, STRETCH, Unreadable, Values, looks_back, period_in, stretch_in
from storage.conditions.vocabulary import Valued, Vocabulary, holding
from storage.conditions.windows import read_change, read_often
from storage.dictionary import Dictionary
from storage.model.numerals import read_number
from storage.model.periods import stretch

_MET = r"(?:联系|跟进|拜访|回访|沟通|接触)"
_SILENT = re.compile(
    rf"(?:已经?|超过|连续|有|最近|近|过去)?\s*{PERIOD}\s*(?:以上|多|以?内)?\s*都?(?:未|没有?)\s*{_MET}(?:过|了)?的?"
)
_MET_WITHIN = re.compile(rf"(?:最近|近|过去)?\s*{PERIOD}\s*(?:以?内)?\s*{_MET}过的?")
_NEVER = re.compile(rf"(?:从来?(?:未|没有?)|没有?|未){_MET}过?的?")
_WITHIN = re.compile(
    rf"在?\s*(?P<way>未来|今后|接下来|过去|最近|近)?\s*{PERIOD}\s*(?:以|之)?内(?:到期)?"
)
_IN = re.compile(rf"(?:在|是|为|=)?\s*{STRETCH}(?:内|里|之内)?")
_ENDING = re.compile(rf"(?:在?(?P<way>未来|今后|接下来))?\s*{PERIOD}\s*(?:以|之)?内(?:要|会|将|就)?\s*到期的?(?:合同)?")
_ENDING_IN = re.compile(rf"{STRETCH}(?:内|里)?(?:要|会|将|就)?\s*到期的?(?:合同)?")
_HOLDS = re.compile(r"(?:已?持有|已?买过?了?|买的?有|配置?了|有)\s*(?P<what>.+?)的?")
_LACKS = re.compile(r"(?:未持有|没持有|没有?买过?|没有|未买|没配|未配置|缺少?|无)\s*(?P<what>.+?)的?")
_AGE = re.compile(rf"(?P<n>{NUMBER})\s*(?:周?岁)\s*(?P<op>及?以[上下]|以内)?的?")
_AGES = re.compile(rf"(?P<low>{NUMBER})\s*岁?\s*(?:到|至|-|~)\s*(?P<high>{NUMBER})\s*周?岁(?:之间)?的?")
_DENIED = re.compile(
    r"(?:并非|不是|非|除了|除|没有|没|无|未|不|!|not\b)\s*(?P<rest>.+?)\s*(?:以外|之外)?的?(?:客户)?", re.IGNORECASE
)
_COUNT_UNIT = re.compile(r"\s*(?:张|份|个|笔|件|只)(?=$|以上|以下|及以)")
_COUNT_WORD = re.compile(r"(?:数量|张数|份数|笔数|数目?)\s*")
_AMOUNT = re.compile(r"[万亿千wk元块]", re.IGNORECASE)
_OVERDUE = re.compile(
    r"(?:(?:缴费|还款)状态\s*(?P<sign>不是|不为|!=|是|为|=|:)?\s*(?:已?逾期(?:未[缴还付])?|欠缴|欠费)"
    r"|逾期[未没][缴还付]|欠缴|欠费)的?(?:客户)?"
)
_DURING = re.compile(
    rf"在?\s*(?P<way>未来|今后|接下来|过去|最近|近)?\s*{PERIOD}\s*(?:以内|之内|内|里|来)?\s*的?(?:有过?)?\s*(?P<rest>.+)"
)
_DURING_IN = re.compile(rf"在?\s*{STRETCH}(?:内|里|之内)?\s*的?(?:有过?)?\s*(?P<rest>.+)")
_SURNAME = re.compile(r"姓\s*(?!名)([\u4e00-\u9fff]{1,2}?)的?")
MOST_COUNTED = 9999
WHICH_CONTRACT = (
    "这里有几种合同，不知道「{field}」说的是哪一种，没有筛选。请加括号，"
    "例如「(持有{first} 且 {field}) 且 持有{second}」。"
)


class Words:
    """Reads single conditions with the vocabulary of one reader, on one day."""

    def __init__(
        self, vocabulary: Vocabulary, dictionary: Dictionary, today: date, named: Mapping[str, Tree]
    ) -> None:
        self._vocabulary, self._today, self._named = vocabulary, today, named
        self._values = Values(vocabulary, dictionary, today)

    def knows(self, word: str) -> bool:
        """Whether this is a word of the packs, or a name that the reader gave, as a whole."""
        found = self._vocabulary
        return word.lower() in self._named or found.is_fact(word) or bool(found.value(word)) or bool(found.shelf(word))

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
                return All((first, *rest.parts)) if isinstance(rest, All) and not rest.grouped else All((first, rest))
        raise self._unreadable(text)

    def check(self, parts: tuple[Tree, ...]) -> None:
        """Raises Unreadable where it is open which contract a field is of."""
        fields, sorts = fields_of(parts), holdings_of(parts)
        if fields and len(sorts) > 1:
            first, second = (test.value.word for test in sorts[:2])
            raise Unreadable(WHICH_CONTRACT.format(field=fields[0].said, first=first, second=second))

    def _one(self, text: str) -> Tree | None:
        if (named := self._named.get(text.lower())) is not None:
            return named
        if (plain := in_chinese(text)) is not None and (found := self._one(plain)) is not None:
            return found
        ways: tuple[Callable[[str], Tree | None], ...] = (
            self._silence, self._of_late, self._overdue, self._during, self._ending, self._birthday, self._surname,
            self._party, self._aged, self._counted, self._compared, self._held, self._by_value, self._denied,
        )
        return next((tree for way in ways if (tree := way(text)) is not None), None)

    # ------------------------------------------------------------ the kinds of conditions

    def _silence(self, text: str) -> Tree | None:
        last = self._vocabulary.field("client.last_contact_at")
        if last is None:
            return None
        if _NEVER.fullmatch(text):
            return Test(last, "empty", None, f"{last.label} 为空")
        if found := _SILENT.fullmatch(text):
            period = period_in(found)
            return Test(Silence(), ">=", period, f"{period}未联系")
        if found := _MET_WITHIN.fullmatch(text):
            period = period_in(found)
            return Test(Silence(), "<", period, f"{period}内联系过")
        return None

    def _of_late(self, text: str) -> Tree | None:
        return read_often(text, self._vocabulary) or read_change(text, self._vocabulary)

    def _overdue(self, text: str) -> Tree | None:
        """缴费状态 逾期, 逾期未缴: no state that is kept, but one that follows from the day."""
        found = _OVERDUE.fullmatch(text)
        if found is None:
            return None
        paths = ("instalment.state", "instalment.due_on")
        if why := next(filter(None, map(self._vocabulary.hidden, paths)), None):
            raise Unreadable(why)
        if not self._vocabulary.packs.paths.issuperset(paths):
            return None
        op: Op = "!=" if (found["sign"] or "").startswith(("不", "!")) else "="
        return Test(Overdue(), op, None, f"缴费状态 {SIGNS[op]} 逾期")

    def _during(self, text: str) -> Tree | None:
        """30天内 交易金额 50万以上, 本月 应缴金额 5000以上: of one record whose day lies in the period."""
        found = _DURING.fullmatch(text) or _DURING_IN.fullmatch(text)
        at = self._vocabulary.fact_at(found["rest"]) if found else None
        if found is None or at is None or not isinstance(fact := at[0], RecordFact):
            return None
        if not RECORDS[fact.record].day:
            raise Unreadable(f"「{fact.label}」前面不能直接写时间，没有筛选。请把日期写成一个条件，再用「且」连起来。")
        path = f"{fact.record}.{RECORDS[fact.record].day}"
        test, day = self._one(found["rest"]), self._vocabulary.field(path)
        if why := self._vocabulary.hidden(path):
            raise Unreadable(why)
        if not isinstance(test, Test) or day is None or test.fact == day:
            return None
        dated = self._within(day, found) if "count" in found.groupdict() else self._in_stretch(day, found)
        return All((dated, test))

    def _birthday(self, text: str) -> Tree | None:
        return read_birthday(text, self._vocabulary)

    def _party(self, text: str) -> Tree | None:
        return read_party(text, self._vocabulary)

    def _surname(self, text: str) -> Tree | None:
        found = _SURNAME.fullmatch(text)
        return Test(Surname(), "=", found[1], f"姓{found[1]}") if found else None

    def _aged(self, text: str) -> Tree | None:
        age = self._vocabulary.fact("年龄")
        if age is None:
            return None
        if found := _AGES.fullmatch(text):
            return self._values.test(age, "between", f"{found['low']} 到 {found['high']}")
        if found := _AGE.fullmatch(text):
            way = found["op"] or ""
            return self._values.test(age, ">=" if "上" in way else "<=" if way else "=", found["n"])
        return None

    def _counted(self, text: str) -> Tree | None:
        """保单 2 张以上, 基金 数量 >= 3; an amount behind the sort is that of one such contract: 存款 50万以上."""
        found = self._vocabulary.shelf_at(text)
        if found is None:
            return None
        shelf, rest = found
        named = _COUNT_WORD.match(rest)
        unit = _COUNT_UNIT.search(rest)
        compared = comparison(_COUNT_UNIT.sub("", rest[named.end():] if named else rest), "integer")
        if _AMOUNT.search(compared.words):
            return self._worth(shelf, compared)
        number = read_number(compared.words)
        if number is None or number != int(number) or compared.op not in COUNTED or compared.denied:
            return None
        if not (named or unit or number <= 99):
            return None
        if not 0 <= number <= MOST_COUNTED:
            raise Unreadable(f"「{shelf.word}」的数量请写 0 到 {MOST_COUNTED} 的整数。")
        told = f"{shelf.word} 数量 {SIGNS[compared.op]} {int(number)}"
        return Test(Count(), compared.op, (shelf, int(number)), told)

    def _worth(self, shelf: Shelf, compared: Comparison) -> Tree | None:
        amount = self._vocabulary.field("contract.amount")
        if amount is None or compared.op is None:
            return None
        valued = holding(shelf)
        held = Test(valued.fact, "=", shelf, valued.label)
        return All((held, self._values.test(amount, compared.op, compared.words)), grouped=True)

    def _compared(self, text: str) -> Tree | None:
        """A field, an operator, a value."""
        found = self._vocabulary.fact_at(text)
        if found is None or not found[1]:
            return None
        fact, rest = found
        if fact.type == "date" and (within := _WITHIN.fullmatch(rest)):
            return self._within(fact, within)
        if fact.type == "date" and (found_in := _IN.fullmatch(rest)):
            return self._in_stretch(fact, found_in)
        if fact.type == "boolean" and rest in ("是", "否"):
            return self._values.test(fact, "=", rest)
        if fact.type in ("choice", "tag") and (words := self._values.choice_in(fact, rest)):
            return self._values.test(fact, "=", words)
        compared = comparison(rest, fact.type)
        if compared.op is None and not self._implied(fact, rest, text):
            return None
        if compared.op in ("empty", "filled"):
            return Test(fact, compared.op, None, f"{fact.label} {SIGNS[compared.op]}")
        tree = self._joined(fact, compared)
        return Not(tree) if compared.denied else tree

    def _implied(self, fact: Fact, rest: str, text: str) -> bool:
        """城市 上海 means 是; only behind a blank, and never before what may be a denial."""
        if begins_with_denial(rest):
            ways = f"「{fact.label} 不是 …」或「{fact.label} 不包含 …」"
            raise Unreadable(f"「{text}」看不懂，没有筛选。请写成{ways}这样。")
        return isinstance(fact, Tagged) or re.search(rf"\s{re.escape(rest)}$", text) is not None

    def _joined(self, fact: Fact, compared: Comparison) -> Tree:
        """Several values parted by 、 are alternatives; 不是 of them is none of them."""
        op, several = compared.op or "=", [each for each in re.split(r"[、/]", compared.words) if each.strip()]
        if op == "contains" and len(several) > 1:
            return Any_(tuple(self._values.test(fact, op, each) for each in several))
        if op == "!=" and len(several) > 1:
            return Not(self._values.test(fact, "in", compared.words))
        return self._values.test(fact, op, compared.words)

    def _within(self, fact: Fact, found: re.Match[str]) -> Tree:
        """到期日 在 30 天内 looks ahead, 上次联系 在 30 天内 looks back; 未来 and 过去 say which."""
        period, way = period_in(found), found["way"]
        back = way in {"过去", "最近", "近"} if way else looks_back(fact)
        if back is None:
            raise Unreadable(f"「{fact.label}」请写明是「在未来 {period}内」还是「在过去 {period}内」。")
        if back:
            first, last = period.before(self._today) + timedelta(days=1), self._today
        else:
            first, last = self._today, period.after(self._today)
        return Test(fact, "between", (first, last), f"{fact.label} 在 {'过去' if back else '未来'} {period}内")

    def _in_stretch(self, fact: Fact, found: re.Match[str]) -> Tree:
        """到期日 在 本月: told as it was said, so that it means another month when it is read again."""
        word = stretch_in(found)
        return Test(fact, "between", stretch(word, self._today), f"{fact.label} 在 {word}")

    def _ending(self, text: str) -> Tree | None:
        """30天内到期, 本月到期."""
        end = self._vocabulary.field("contract.ends_on")
        if end is None or (found := _ENDING.fullmatch(text) or _ENDING_IN.fullmatch(text)) is None:
            return None
        return self._within(end, found) if "count" in found.groupdict() else self._in_stretch(end, found)

    def _held(self, text: str) -> Tree | None:
        for shape, denied in ((_LACKS, True), (_HOLDS, False)):
            found = shape.fullmatch(text)
            test = self._had(found["what"]) if found else None
            if test is not None:
                return Not(test) if denied else test
        return None

    def _had(self, what: str) -> Test | None:
        """A sort of contract, or a tag: 有重疾意向."""
        if (shelf := self._vocabulary.shelf(what)) is not None:
            valued = holding(shelf)
            return Test(valued.fact, "=", shelf, valued.label)
        tags = [valued for valued in self._vocabulary.value(what) if isinstance(valued.fact, Tagged)]
        return _the_one(what, tags) if tags else None

    def _by_value(self, text: str) -> Tree | None:
        """贵宾, 贵宾客户, and 贵宾、私行 or 贵宾和私行 as either of them."""
        several = [each.strip() for each in re.split(r"[、/]|和|跟", text) if each.strip()]
        if len(several) > 1 and all(self._meanings(each) for each in several):
            tests = tuple(_the_one(each, self._meanings(each)) for each in several)
            if len({test.fact for test in tests}) > 1:  # 贵宾和女 may mean both or either
                both, either = " 且 ".join(several), " 或 ".join(several)
                raise Unreadable(f"「{text}」请写清楚是「{both}」还是「{either}」。")
            return Any_(tests)
        found = self._meanings(text)
        return _the_one(text, found) if found else None

    def _meanings(self, text: str) -> list[Valued]:
        return self._vocabulary.value(text) or self._vocabulary.value(_bare(text))

    def _denied(self, text: str) -> Tree | None:
        """不是 贵宾, 没有车, 没有逾期, 除了贵宾以外."""
        denied = _DENIED.fullmatch(text)
        if denied is None:
            return None
        rest = denied["rest"]
        if (fact := self._vocabulary.fact(rest)) is not None and "empty" in OPS.get(fact.type, ()):
            owned = Test(fact, "=", True, f"{fact.label} 是")
            return Not(owned) if fact.type == "boolean" else Test(fact, "empty", None, f"{fact.label} 为空")
        found = self._one(rest)
        if found is None and (has := self._vocabulary.value(f"有{rest}")):
            found = _the_one(rest, has)
        return None if found is None else Not(found)

    def _unreadable(self, text: str) -> Unreadable:
        if why := which(text, self._vocabulary) or self._vocabulary.why_not(text):
            return Unreadable(why)
        near = self._vocabulary.nearest(text)
        hint = f"最接近的有：{'、'.join(near)}。" if near else "可以按字段、标签、等级、阶段、产品和多久未联系来筛选。"
        return Unreadable(f"条件「{text[:40]}」看不懂，没有筛选。{hint}")


def _the_one(text: str, found: list[Valued]) -> Test:
    if len(found) > 1:
        ways = "、".join(f"「{valued.label}」" for valued in found)
        raise Unreadable(f"「{text}」有几种意思，请写清楚是哪一种：{ways}。")
    return Test(found[0].fact, found[0].op, found[0].value, found[0].label)


def _bare(text: str) -> str:
    """贵宾客户, 贵宾的 as 贵宾."""
    return re.sub(r"的?(?:客户|人|顾客)?的?$", "", text).strip() or text


__all__ = ["Unreadable", "Words"]
