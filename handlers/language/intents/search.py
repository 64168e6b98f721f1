"""Filtering the own book: conditions as [{field, op, value}]."""

from __future__ import annotations

import re
from typing import Any

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CITIES, INSURERS
from storage.model.surnames import COMPOUND_SURNAMES

Condition = dict[str, Any]

_SILENT = lazy(r"(?:没有?|未|冇)(?:再|怎么|去|跟(?=他|她|人))?(?:他|她|人)?(?:跟进|搭理|理|走动|问候|搭话|露面|跟(?=过)|联系|联络|拜访|回访|互动|聊|沟通|打过?电话|碰(?:过)?(?:面|头)|照面|见(?:过)?面|见|来往|接触|碰)")
_BARE_LENGTH = lazy(r"(?P<n>[俩仨两三四五六七八九十\d]{1,2})(?P<unit>月|周|天)(?=[没未])")  # 仨月没联系
_TOUCHED = lazy(r"(?:联系|跟进|拜访|回访|沟通|见)过")
_ADDED = lazy(r"(?:新增|新开|新来|进来|入库|拓的|加的|新加|录入|新建|建档|来的|添加|进来)")
_AT_LEAST = lazy(r"以上|超过|超|大于|高于|多于|不低于|不少于|>=?|≥|起|至少|不止|破|满|达到|往上|朝上|出头|\+|(?<![没有通])过(?=\W*$)|(?<=[产入薪款收费额险])过(?=$|\s)|上(?=$)")
_AT_MOST = lazy(r"以下|不到|不足|少于|低于|小于|不超过|不过|未满|不满|没满|以内|<=?|≤|最多|没到|没过|往下")
# 六十往上的客户: an age without 岁, where only an age has such a direction.
_BARE_AGE = lazy(r"(?:过了?|满)(?P<past>[2-9]\d|[二三四五六七八九]十[一二三四五六七八九]?)的(?:客户|老人家?|人|阿姨|大姐|大爷|客人)|(?<![\d一二三四五六七八九十百千万])(?P<n>[2-9]\d|[二三四五六七八九]十[一二三四五六七八九]?)(?:往上|往下|朝上|以上|以下|出头|开外|不到)的?(?:客户|客人|人|老人|女客户|男客户|大姐|阿姨|都有谁|有谁|有几)")
_AGE = lazy(r"(\d{1,3}|[一二三四五六七八九十]{1,3})(?:岁?(?:到|至|-|~)(\d{1,3}|[一二三四五六七八九十]{1,3}))?(?:周)?岁(?:之间|上下)?(以上|以下|以内|左右|多|往上|往下)?")
_BORN = lazy(r"([4-9]0|[01]0|零零|七零|八零|九零|六零)后")
_JOBS = "老师|教师|医生|护士|律师|公务员|老板|企业主|个体户|程序员|会计|工程师|司机|教授|设计师|警察|军人|厨师|销售|学生|退休人员|财务|建筑师|摄影师|主播|店主|农民|全职妈妈|全职太太|自由职业"
_GENDER = lazy(rf"(女|男)(?:性|士|的|客户|生|客|顾客|{_JOBS})|(先生|女士)们")
_SURNAME = lazy(rf"姓({'|'.join(COMPOUND_SURNAMES)}|[\u4e00-\u9fff])")
_TAG = lazy(r"(?:标签(?:是|为|叫|:|含|里?有|\s)+(?!去掉|删|加|打|贴|摘|取消|拿|撕|都)(?P<a>[^\s,。的]{1,10})|(?:打了?|带|有|贴了?|标了?)\s?(?P<b>[^\s,。]{1,10}?)\s?(?:这个)?(?:的)?标签)|(?:贴了|打了|标了)(?P<d>[^\s,。的]{1,8})的(?:人|客户|有)|(?:^|[\s,查找筛下看])(?P<c>[^\s,。的有带打贴]{2,8}?)(?:这个)?标签(?:的|下|里面?)(?=.*(?:谁|哪些|客户|人|名单)|\W*$)")
_TIER = lazy(r"(?<![a-z])([a-ds])(?:类|级|档)|(贵宾|私行|钻石|白银|vip|大众|优质)")
_COUNT = lazy(r"(?:保单|单子|持有)(?:数量?|有)?(?:超过|大于|多于|>=?|不少于)?\s*(\d+|[一二三四五六七八九十两]+)(?:张|份|单|个)?|(\d+|[一二三四五六七八九十两]+)(?:张|份)(?:以上)?(?:的)?保单")
_RISK = lazy(r"(?<![a-z])([rc][1-5])(?!\d)|(保守|稳健|平衡|成长|积极|进取|激进)型")
_OCCUPATION = lazy(
    r"(?:职业|工作)(?:是|为|:|填的)?\s*([^\s,。的]{2,8})|(?:做|当|干|搞|从事)(?![没不未完好])([^\s,。的了过]{2,8})的(?:客户|人|有|都|$|\W|列|筛|名单)|(" + _JOBS + r")(?:客户|有哪些|的有|们|群体|职业|的(?:客户)?(?:$|\W|列|筛|找|名单|有|都))|是(" + _JOBS + ")(?:的|$)"
)
_MARITAL = lazy(r"已婚|未婚|单身|离异|丧偶|没结婚|结了婚|成了家|没成家|离了婚|离过婚")
_CITY = lazy("(" + "|".join(CITIES.split()) + r")(?:市|区)?(?:片区)?(?:的|地区|客户|有|那边|这边|本地|籍|女|男|[\\sa-d]|\\W|$)|(?:住|在)(?:在)?(" + "|".join(CITIES.split()) + ")")
_INSURER = lazy("(?:在)?(" + "|".join(INSURERS.split()) + r")(?:买|保|投保|人寿|的保单|的客户)")
_LACKS = lazy(r"(?:没有?|未|还没|没有?配|缺|不)(?:买过?|配置?|持有|投保|办|做|上|有)?(?:过)?的?\s*$")
_MONEY_FIELDS = {"premium": "premium", "aum": "aum", "annual_income": "annual_income", "loan_balance": "loan_balance", "amount": "aum",
                 "monthly_income": "monthly_income"}


_FILTER = lazy(r"^\W*(?:请|帮我|给我|麻烦)*(?:筛选|筛一下|筛出来?|过滤|filter)(?:一下|出来?|下)?\s*[:：]?\s*(?P<conditions>.{2,})$")
_LISTED = lazy(r"(?:的人|的?(?:客户|名单))?(?:有哪些|有谁|列出来|列一下|给我|吧|出来)?[\s。?？!！]*$")


def filtering(s: Sentence) -> Slots | None:
    """筛选 …: the words after it are conditions in a language of their own, `expression`; what can be read of them as
    free speech is given along in `conditions`."""
    match = None if s.role == "customer" else _FILTER.search(s.normal.said.strip())
    if match is None:
        return None
    words = _LISTED.sub("", match["conditions"]) or match["conditions"]
    return {**(search_strict(s, None) or {"conditions": [], "text": s.normal.said.strip()}), "expression": words}


_SEGMENT = lazy(
    r"^\W*(?:(?P<save>(?:把(?:它|这个|这些|结果))?(?:存为|保存为|另存为|存成)(?!\s*(?:每?周报|每?月报))(?:分群|分组|人群)?)|(?P<remove>(?:删除?|去掉|移除)(?:分群|分组|人群)))"
    r"\s*[:：「“\"]?\s*(?P<name>[^」”\"]{1,40}?)\s*[」”\"]?[。!！]?$"
)
_SEGMENTS = lazy(r"^\W*(?:我的|看看?|查看|有哪些|所有)?(?:我的)?(?:分群|客群)(?:列表|有哪些|清单)?\W*$")


def segment(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of what is done with a segment by its name: 存为 沉默贵宾, 我的分群, 删除分群 沉默贵宾."""
    said = s.normal.said.strip()
    if s.role == "customer":
        return None
    if _SEGMENTS.match(said):
        return "segment.list", {}
    match = _SEGMENT.match(said)
    if match is None:
        return None
    return "segment.save" if match["save"] else "segment.remove", {"name": match["name"].strip()}


def search(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Conditions, or None when the sentence names none."""
    return search_strict(s, match)


def search_strict(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    slots: Slots = {"conditions": [], "text": s.normal.said.strip()}
    if re.search(r"怎么(?!样)|怎样|如何|咋(?!样)", s.text):
        return None
    for reader in (_contact, _created, _money, _age, _people, _holdings, _rest):
        reader(s, slots)
    return slots if slots["conditions"] else None


_OF_PEOPLE = frozenset("surname age gender tier tag city occupation marital_status last_contact has_product lacks_product risk_level policy_count".split())
_FIGURES = lazy(r"率|业绩|排名|佣金|提成|占比|比例|同比|环比|平均|人均|总额|合计")


_OTHERS_SAY = lazy(r"^\W*(?:有的?|有些)?(?:客户|顾客|人家)们?(?:都|老是?|总是?|又)?(?:问|说|嫌|觉得|担心|抱怨|反映)")


def search_those(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Conditions, unless an everyday word in the sentence may be the client who is meant, or clients are who says it."""
    if _OTHERS_SAY.match(s.text) is not None:
        return None
    return None if s.doubtful else search_strict(s, match)


def search_people(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A filter by what people are or have, which no figure of the adviser and no new contract can be."""
    found = None if _FIGURES.search(s.text) or s.has("team") else search_those(s, match)
    if found is None or not any(c["field"] in _OF_PEOPLE for c in found["conditions"]):
        return None
    only_product = all(c["field"] in {"has_product", "aum"} for c in found["conditions"])
    return None if only_product and not s.has("customer_book") else found


_UNSAID = lazy(r"[\u4e00-\u9fff]{5,}")


def search_by_several(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """资产500万以上 A类: two conditions of people at least, and nothing else."""
    found = search_people(s, match) if not s.products and len(s.text) <= 24 else None
    return found if found is not None and len(found["conditions"]) > 1 and _UNSAID.search(s.text) is None else None


def search_by_money(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A filter by an amount with its direction: 存款低于二十万的客户."""
    found = None if _FIGURES.search(s.text) or s.has("team") else search_those(s, match)
    return found if found is not None and any(c["field"] in _MONEY_FIELDS and c["op"] != "=" for c in found["conditions"]) else None


def _add(slots: Slots, field: str, op: str, value: Any) -> None:
    slots["conditions"].append({"field": field, "op": op, "value": value})


def _contact(s: Sentence, slots: Slots) -> None:
    silent = _SILENT.search(s.text)
    if silent is None:
        if (touched := _TOUCHED.search(s.text)) is not None and s.points:
            _in(s, slots, "last_contact", touched.start())
        return
    length = next((e for e in s.times if e.slots.keys() & {"duration", "span"} and not e.recurs), None)
    if length is None and (bare := _BARE_LENGTH.search(s.text)) is not None and (n := small(bare["n"])) is not None:
        _add(slots, "last_contact", "<=", _length(n, {"月": "month", "周": "week", "天": "day"}[bare["unit"]]))
        return
    if length is None:
        if s.points:
            _in(s, slots, "last_contact", silent.start(), op="<=")
        return
    count, unit = (length.slots["duration"][:2] if "duration" in length.slots else length.slots["span"][1:])
    _add(slots, "last_contact", "<=", _length(count, unit))


def _length(count: float, unit: str) -> str:
    from handlers.language.when.lengths import iso_length

    if unit == "year" and count == 0.5:
        return "P6M"
    return iso_length(count, unit)


def _in(s: Sentence, slots: Slots, field: str, before: int, op: str = "in") -> None:
    expression = s.points[0]
    read = fills.period(s.when(expression, times.LOOK_BACK))
    _add(slots, field, op, None if op == "in" else read.start)
    if op == "in" and read.start:
        slots.update(start=read.start, end=read.end, grain=read.grain)


def _created(s: Sentence, slots: Slots) -> None:
    if slots["conditions"] or not s.points:
        return
    if _ADDED.search(s.text) is not None:
        _in(s, slots, "created", 0)


def _money(s: Sentence, slots: Slots) -> None:
    amounts = [a for a in s.amounts if a.unit == "yuan"]
    if not amounts:
        return
    first = amounts[0]
    role = first.role or _money_word(s.text)
    field = _MONEY_FIELDS.get(role)
    if field is None:
        return
    value = fills.whole(first.value)
    if len(amounts) > 1 and re.fullmatch(r"\s*(?:到|至|-|~|和|跟|与)\s*", s.text[first.end:amounts[1].start]):
        high = fills.whole(amounts[1].value)
        unit = re.search(r"[万亿千百wk]+(?=元?$)", amounts[1].text)
        if unit and first.text.isdigit() and value < high:  # 50到100万
            value = fills.whole(first.value * _UNITS.get(unit[0], 1))
        _add(slots, field, "between", [value, high])
        return
    if len(amounts) > 1 and re.match(r"(?:以上|起)(?:、|,|到|至|和|且|\s)*$", s.text[first.end:amounts[1].start]) and _AT_MOST.match(s.text, amounts[1].end):
        _add(slots, field, "between", [value, fills.whole(amounts[1].value)])
        return
    before, after = s.text[max(0, first.start - 4):first.start], s.text[first.end:first.end + 4]
    _add(slots, field, _direction(before, after), value)


_UNITS = {"万": 10**4, "w": 10**4, "亿": 10**8, "千": 1000, "k": 1000, "百": 100}


def _direction(before: str, after: str) -> str:
    """<= for 不到 in front or 以下 behind, >= for 超过 or 以上."""
    if _AT_MOST.search(before) or _AT_MOST.search(after):
        return "<="
    return ">=" if _AT_LEAST.search(before) or _AT_LEAST.search(after) else "="


def _money_word(text: str) -> str:
    for word, field in (("保费", "premium"), ("资产", "aum"), ("aum", "aum"), ("年收入", "annual_income"), ("年薪", "annual_income"),
                        ("贷款", "loan_balance"), ("身家", "aum"), ("月收入", "monthly_income"), ("收入", "annual_income"), ("存款", "aum"), ("年入", "annual_income"), ("年收", "annual_income"), ("一年挣", "annual_income"), ("一年赚", "annual_income"), ("月薪", "monthly_income"), ("月入", "monthly_income"), ("管理规模", "aum"), ("欠款", "loan_balance")):
        if word in text:
            return field
    return ""


def _age(s: Sentence, slots: Slots) -> None:
    match = _AGE.search(s.text)
    if match is not None and (low := small(match[1])) is not None:
        if match[2]:
            _add(slots, "age", "between", [low, small(match[2])])
        elif match[3] == "多":
            _add(slots, "age", "between", [low, low + 9])
        else:
            before, after = s.text[max(0, match.start() - 3):match.start()], (match[3] or "") + s.text[match.end():match.end() + 3]
            _add(slots, "age", _direction(before, after), low)
        return
    bare = _BARE_AGE.search(s.text)
    if bare is not None and not s.amounts and (low := small(bare["n"] or bare["past"])) is not None:
        _add(slots, "age", ">=" if bare["past"] else _direction("", s.text[bare.end("n"):bare.end("n") + 3]), low)
        return
    born = _BORN.search(s.text)
    if born is not None:
        tens = born[1] if born[1].isdigit() else {"零零": "00", "七零": "70", "八零": "80", "九零": "90", "六零": "60"}[born[1]]
        first = (1900 if int(tens) >= 40 else 2000) + int(tens)
        _add(slots, "age", "between", [s.now.year - first - 9, s.now.year - first])


def _people(s: Sentence, slots: Slots) -> None:
    text = s.text
    if (match := _GENDER.search(text)) is not None:
        _add(slots, "gender", "=", "F" if (match[1] or match[2])[0] == "女" else "M")
    if (match := _SURNAME.search(text)) is not None:
        _add(slots, "surname", "=", match[1])
    if (match := _TAG.search(text)) is not None:
        _add(slots, "tag", "=", (match["a"] or match["b"] or match["c"] or match["d"]).strip("「」 "))
    if (match := _TIER.search(text)) is not None:
        _add(slots, "tier", "=", match[1].upper() if match[1] else s.lexicon.tiers.get(match[2], match[2]))
    if (match := _CITY.search(text)) is not None:
        _add(slots, "city", "=", match[1] or match[2])


def _holdings(s: Sentence, slots: Slots) -> None:
    for start, _end, product in s.products:
        before = s.text[max(0, start - 6):start]
        lacks = _LACKS.search(before) is not None
        _add(slots, "lacks_product" if lacks else "has_product", "=", product)
    if (match := _COUNT.search(s.text)) is not None and (count := small(match[1] or match[2])) is not None:
        around = s.text[max(0, match.start() - 3):match.end() + 4]
        _add(slots, "policy_count", ">=" if _AT_LEAST.search(around) else "=", count)
    elif re.search(r"没有?(?:任何)?保单|没买(?:过)?保险", s.text):
        _add(slots, "policy_count", "=", 0)


def _rest(s: Sentence, slots: Slots) -> None:
    text = s.text
    if (match := _RISK.search(text)) is not None:
        op = _direction(text[max(0, match.start() - 3):match.start()], text[match.end():match.end() + 4])
        _add(slots, "risk_level", op, match[1].upper() if match[1] else match[2] + "型")
    if (match := _OCCUPATION.search(text)) is not None:
        _add(slots, "occupation", "~" if not match[1] else "=", match[1] or match[2] or match[3] or match[4])
    if (match := _MARITAL.search(text)) is not None:
        word = {"单身": "未婚", "没结婚": "未婚", "没成家": "未婚", "结了婚": "已婚", "成了家": "已婚", "离了婚": "离异", "离过婚": "离异"}.get(match[0], match[0])
        _add(slots, "marital_status", "=", word)
    if (match := _INSURER.search(text)) is not None:
        _add(slots, "insurer", "=", match[1])
    if re.search(r"贷款?.{0,6}到期", text) and s.points:
        _in(s, slots, "loan_due", 0)
