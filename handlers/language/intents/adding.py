"""Contracts that are told: what a new policy, deposit, fund or loan is made of, and the signs that one is being recorded."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.amounts import Amount
from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.meaning import When
from handlers.language.numerals import number, small
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import INSURERS, POLICY_STATUS

# A slip that is paid for, insures or ends is a policy; any other is a ticket.
POLICY_SLIP = r"单子?[^,。]{0,6}(?:交(?!给)|缴|续(?!约)|到期|保(?!安)|受益|生效|退保)|(?:[承退投续]过?保|失效|断[缴交])了?的单"
_KIND_WORDS = tuple((kind, lazy(words)) for kind, words in (("lease", "租赁|租金|承租"), ("credit_line", "授信"), ("loan", "贷|借款|按揭|月供|还款|下款|放款|放的款|批贷|放贷"), ("holding", "理财|基金|存单|存款|定存|私募|定投|信托|持仓|持有|国债"),
               ("policy", POLICY_SLIP + "|保单|保险|(?<![风危保])险|投保|趸交|退过?保|断[保交缴]|脱保|承保|复效")))
_FAMILY = {"policy": "policy", "wealth": "holding", "deposit": "holding", "fund": "holding", "loan": "loan", "credit_line": "credit", "lease": "lease"}


def family(s: Sentence) -> str:
    """policy, holding, loan, credit, lease or "" for what the sentence speaks of."""
    return mood.memo(s, "family", _family)


def _family(s: Sentence) -> str:
    for _start, _end, product in s.products:
        kind = s.lexicon.kinds.get(product, "")
        if kind:
            return _FAMILY.get(kind, kind)
    for kind, words in _KIND_WORDS:
        if words.search(s.text):
            return _FAMILY.get(kind, kind)
    return ""


# ---------------------------------------------------------------- how it is paid

PAY_MODES = {
    "annual": "年交 年缴 年付 年供 每年交 每年缴 每年付 每年 一年一交 一年一缴 一年一付 按年 按年交 逐年", "semiannual": "半年交 半年缴 半年付 半年一交 半年一缴 每半年 按半年 半年",
    "quarterly": "季交 季缴 季付 季度交 季度缴 季度付 每季 每季度 按季 按季度 一季一交 一季度一交", "monthly": "月交 月缴 月付 月扣 每月 每个月 按月 月月交 月供 一月一交 一个月一交 逐月",
    "single": "趸交 趸缴 趸付 一次性 一次交 一次付 一次缴 一次交清 一次缴清 一把交 一口气交",
}
_MODE_OF_LABEL = (("semiannual", "半年"), ("quarterly", "季"), ("monthly", "月"), ("single", "趸|一次|一把"), ("annual", "年"))
_PAY_LABEL = lazy(r"(?P<mode>半年|每季度?|一?季度?|按季|每个?月|一个?月|月月?|按月|每年|一年|年年?|按年|首年|趸|一次性?|一把|每期|每次)(?:交|缴|付|扣|存|供|保费|给|要|得|是|才|就|只要|仅|的|了|费|清|\s|:)*$")
_COVER_BEFORE = lazy(r"(?:保额|保障额度|额度|保障|保|赔付?|身故)(?:是|为|有|到|了|做|买|最高|:|\s)*$")
_COVER_AFTER = lazy(r"\s*(?:元|块)?的?(?:保额|保障|额度|重疾|意外险|定寿|定期|终身)(?!\s?(?:是|为|:|约)?\s?[\d一二两三四五六七八九十百半])")
_PAY_YEARS = lazy(r"(?:交|缴|供|付|存)(?:费)?(?:满|期|足)?(?:是|为|:|\s)*(\d{1,2}|[一二两三四五六七八九十]{1,3})(?:年|次)|(?!一年[交缴付])(\d{1,2}|[一二两三四五六七八九十]{1,3})年(?:期)?(?:交|缴|供|付)(?!\d)(?:费)?|(?:分|分成)(\d{1,2}|[一二两三四五六七八九十]{1,3})年|年(?:交|缴)(?:保费)?[\s:]*[\d.,]+(?:元|块|万|w)?[\s,]+(\d{1,2})年(?![期内后前底])")
_TERM = lazy(r"分(\d{1,2}|[一二三四五六七八九十两]{1,3})年(?=还|供)|(?:保|期限|存期|保障期?(?:间|限)?|存|锁定?|封闭|贷|期)(?:是|为|了|:|\s)*(\d{1,2}|[一二三四五六七八九十两半]{1,3})年(?!\d)|(\d{1,2}|[一二三四五六七八九十两]{1,3})年(?:期|定期|的)"
             r"|(?<![交缴供付\d.一二三四五六七八九十])(\d{1,2}|[一二三四五六七八九十两]{1,3})年(?=[,\s。;]|$|利率|年化|利息)|(?<=[,\s万wk亿元块个%])(\d{1,2}|[一二三四五六七八九十两]{1,3})年(?![交缴供付度\d底初末内前后])")
_TERMS = lazy(r"(?:分|等额|还)?(\d{1,3}|[一二三四五六七八九十]{1,4})期|(\d{1,3})个月")
_REPAY_DAY = lazy(r"每个?月(\d{1,2}|[一二三十]{1,3})(?:号|日)(?:还|扣|供)?|还款日(?:是|为|:|每月)*(\d{1,2})(?:号|日)?")
_INSURED = lazy(r"被保(?:险)?人(?:是|为|:|\s)*([\u4e00-\u9fff·]{1,4}|[CS])")
_BENEFICIARY = lazy(r"受益人(?:是|为|:|写|\s)*([\u4e00-\u9fff·]{1,4}|[CS])")
_DUE = lazy(r"\s*(?:号|那天)?(?:就|才|要|会)?(?:续保|到期|续费|缴费|交费|续期|满期|续|期满|还款|还|终止|截止)")
_DUE_BEFORE = lazy(r"(?:到期日?|续保日?|到期时间|缴费日|续费日|满期日|下次缴费|下次交费|有效期到?|期限到|(?<!得)到|至)(?:是|为|在|:|\s)*$")
_EFFECTIVE = lazy(r"\s*(?:那天|当天|开始|起|就|已经|刚)?(?:生效|起保|起息|承保|出单|出的单|投保|买的?|签|放款|放的?|下款|办的?|存的?|认购|申购|成交|批|到账|新增|新买)")
_EFFECTIVE_BEFORE = lazy(r"(?:生效日?|起保日?|起息日?|投保日期?|放款日?|承保日?|日期|从)(?:是|为|:|在|\s)*$")
_PROTECTION = frozenset({"重疾险", "定期寿险", "意外险", "寿险", "增额终身寿", "医疗险", "百万医疗"})


def policy_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if family(s) not in {"policy", ""}:
        return None
    slots: Slots = {
        "insurer": insurer(s.text), **policy_money(s), "status": fills.word_in(POLICY_STATUS, _without_dates(s)),
        "pay_years": _years(_PAY_YEARS, s.text), "term_years": _years(_TERM, s.text), **_people(s),
    }
    slots["pay_mode"] = fills.word_in(PAY_MODES, _unlike_dates(s)) or slots.pop("mode", None)
    slots.pop("mode", None)
    slots |= contract_dates(s)
    if s.has("repeating"):
        slots["pay_mode"] = slots["pay_mode"] or "annual"
    return fills.merged(fills.client(s), fills.product(s), fills.number_of(s), slots)


def policy_money(s: Sentence) -> Slots:
    """`premium` and `sum_insured` by the words beside each amount, else by their size; `mode` as the premium's label has it."""
    found: Slots = {}
    rest: list[Amount] = []
    for amount in _sums(s):
        before, after = s.text[max(0, amount.start - 9):amount.start], s.text[amount.end:amount.end + 6]
        label = _PAY_LABEL.search(before)
        if amount.role == "sum_insured" or _COVER_BEFORE.search(before) or (amount.role != "premium" and _COVER_AFTER.match(after)):
            found.setdefault("sum_insured", fills.whole(amount.value))
        elif amount.role == "premium" or label is not None:
            found.setdefault("premium", fills.whole(amount.value))
            if label is not None:
                found.setdefault("mode", next(mode for mode, words in _MODE_OF_LABEL if re.search(words, label["mode"] or "年")) if not re.match(r"每期|每次", label["mode"]) else None)
        elif (per := re.match(r"(?:元|块|块钱)?(?:钱)?(?:一|每|/)个?(半年|年|月|季)", after)) is not None:
            found.setdefault("premium", fills.whole(amount.value))
            found.setdefault("mode", next(mode for mode, words in _MODE_OF_LABEL if re.search(words, per[1])))
        else:
            rest.append(amount)
    for amount in sorted(rest, key=lambda a: -a.value):
        _place(s, found, fills.whole(amount.value))
    return found


def _place(s: Sentence, found: Slots, value: float | int) -> None:
    """An amount without a label: a big one is what a protection policy covers, any other is the premium."""
    covers = any(p[2] in _PROTECTION for p in s.products) and value >= 100_000
    if "sum_insured" not in found and ((covers and not re.search(r"趸|一次", s.text)) or ("premium" in found and value >= 50_000)):
        found["sum_insured"] = value
    elif "premium" not in found:
        found["premium"] = value


def _sums(s: Sentence) -> list[Amount]:
    """Amounts in yuan, and plain numbers that are no years, counts or days of the month."""
    return [a for a in s.amounts if a.unit == "yuan" or (a.unit == "plain" and a.value >= 50 and not 1990 <= a.value <= 2100)]


def _unlike_dates(s: Sentence) -> str:
    """The text without calendar times, whose 年 and 月 are no way of paying."""
    text = s.text
    for e in s.points:
        text = text[:e.start] + " " * (e.end - e.start) + text[e.end:]
    return text


def insurer(text: str) -> str | None:
    match = re.search("(" + "|".join(INSURERS.split()) + r")(?:人寿|财险|产险|保险|健康)?的?(?=[^\s]{0,4}险|保单|出的|家的)", text)
    return match[1] if match else None


def _without_dates(s: Sentence) -> str:
    return re.sub(r"到期|续保|[TRD]", " ", s.shape) if re.search("失效|退保|断保", s.text) else ""


def _people(s: Sentence) -> Slots:
    found: Slots = {}
    for pattern, name in ((_INSURED, "insured"), (_BENEFICIARY, "beneficiary")):
        if (match := pattern.search(s.shape)) is not None:
            found[name] = s.cut(*match.span(1))
    return found


def _years(pattern: Lazy, text: str) -> int | None:
    match = pattern.search(text)
    if match is None:
        return None
    said = next((g for g in match.groups() if g), "")
    value = number(said)
    return int(value) if value is not None and value == int(value) else None


def nearest(s: Sentence, expression: times.Expression) -> When:
    """A day without a year that may lie behind or ahead: the nearer one (on 17 August, 9月1号起保 is to come)."""
    back, ahead = s.when(expression, times.LOOK_BACK), s.when(expression, times.DUE)
    if back.start == ahead.start or not back.start or not ahead.start:
        return back
    today = s.now.date()
    return ahead if ahead.date - today < today - back.date else back


def contract_dates(s: Sentence, *, dated: bool = False) -> Slots:
    """`due` and `effective`, told apart by the words beside them; `dated`: the day it happened is also `date`."""
    found: Slots = {}
    for expression in s.points:
        before, after = s.text[max(0, expression.start - 6):expression.start], s.text[expression.end:expression.end + 6]
        if dated and re.fullmatch(r"\d{1,2}\.\d{1,2}", s.text[expression.start:expression.end]):
            continue  # 存了60w 一年 1.5: a rate
        if not dated and re.search(r"交|缴|供|存", before[-1:]) and set(expression.slots) <= {"year"}:
            continue
        if _DUE.match(after) or _DUE_BEFORE.search(before):
            found.setdefault("due", s.when(expression, times.DUE))
        elif _EFFECTIVE.match(after) or _EFFECTIVE_BEFORE.search(before):
            found.setdefault("effective", nearest(s, expression))
        elif not set(expression.slots) <= {"year"}:
            found.setdefault("date", s.when(expression, times.LOOK_BACK))
    for key in ("due", "effective"):
        if isinstance(found.get(key), When) and found[key].problem == "impossible":
            found["clarify"] = "when"
    if dated and "effective" in found:
        found.setdefault("date", found["effective"])
    repeating = [rule for e in s.times if e.recurs and (rule := s.repeating(e)) is not None]
    if repeating:  # 每个月2000 每月10号扣: the one that names the day
        found["recurrence"] = max(repeating, key=lambda rule: ";BY" in rule.rrule)
    return found


# ---------------------------------------------------------------- deposits, funds, loans

_RATE = lazy(r"(?:年化|利率|利息|收益率?|年利率?)(?:率|大概|约|是|为|到|有|定价|执行|:|\s)*(?P<a>\d{1,2}(?:\.\d{1,4})?)(?![\d万wk千号年月期])|(?<![\d.])(?P<b>\d{1,2}\.\d{1,4})(?![\d万wk千亿元块个])")
_RATE_SPOKEN = lazy(r"(?P<n>[一二两三四五六七八九十\d]{1,2})个点(?P<d>[一二三四五六七八九\d]{1,2})|(?P<m>[一二两三四五六七八九])点(?P<f>[零一二三四五六七八九]{1,3})(?=个点|%|的?(?:利率|年化|利息))")
_TEN_THOUSANDS = lazy(r"(?<![\d.a-z第])(?P<n>\d{2,5}(?:\.\d+)?|[一二两三四五六七八九十百]{2,5})(?:来|多)?个(?![月人亿百千点小工多季星礼交半])")


def rate(s: Sentence) -> float | int | None:
    """The rate in percent: 3.85%, 3.85个点, 年化3.2, 两个点三五, or a decimal that can be nothing else."""
    spoken = _RATE_SPOKEN.search(s.text)
    if spoken is not None:
        whole, rest = (spoken["n"], spoken["d"]) if spoken["n"] else (spoken["m"], spoken["f"])
        digits = "".join(str("零一二三四五六七八九".find(c)) if c in "零一二三四五六七八九" else c for c in rest)
        value = number(whole)
        if value is not None:
            return fills.whole(float(f"{int(value)}.{digits}"))
    said = fills.percent(s)
    if said is not None:
        return said
    found = _RATE.search(s.text)
    return fills.whole(float(found["a"] or found["b"])) if found is not None else None


def sum_said(s: Sentence, *roles: str) -> float | int | None:
    """The amount of a deposit or loan; 500个 counts ten thousands in this trade."""
    value = fills.money(s, *roles)
    if value is not None:
        return value
    wide = _TEN_THOUSANDS.search(s.text)
    if wide is not None and (counted := number(wide["n"])) is not None and counted >= 10:
        return fills.whole(counted * 10_000)
    value = fills.money(s, any_role=True)
    return value if value is not None else next((fills.whole(a.value) for a in s.amounts if a.unit == "plain" and a.value >= 500 and not 1990 <= a.value <= 2100), None)


def holding_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if family(s) != "holding":
        return None
    kind = s.lexicon.kinds.get(s.products[0][2]) if s.products else None
    slots: Slots = {"amount": sum_said(s, "amount", "aum"), "rate_percent": rate(s), "term_years": _years(_TERM, s.text), "kind": kind}
    return fills.merged(fills.client(s), fills.product(s), slots, contract_dates(s, dated=True))


def loan_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return _lending(s) if family(s) == "loan" else None


def credit_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return _lending(s) if family(s) == "credit" else None


def lease_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return _lending(s) if family(s) == "lease" else None


def _lending(s: Sentence) -> Slots:
    found, day = terms(s), _REPAY_DAY.search(s.text)
    slots: Slots = {
        "amount": sum_said(s, "amount", "loan_balance", "aum"), "rate_percent": rate(s), "term_years": _years(_TERM, s.text),
        "terms": found, "repay_day": small(day[1] or day[2]) if day else None,
        "repay_amount": fills.money(s, "repay_amount"),
    }
    return fills.merged(fills.client(s), fills.product(s), slots, contract_dates(s, dated=True))


def terms(s: Sentence) -> int | None:
    """分12期, 36个月."""
    said = _TERMS.search(s.text)
    return small(said[1] or said[2]) if said else None


# ---------------------------------------------------------------- is one being recorded?

_TAKEN_OUT = lazy(
    r"(?:买|投|签|办|存|认购|申购|成交|出单|承保|起保|投保|放款|放|批|下款|贷|借|续|配置|追加|定投|购|提)(?:了|的|下来|好|过|成|完|进|上|一)|(?:新|刚|又|已|今天|昨天|今儿|昨儿|上周)(?:买|投|签|办|存|出|认购|申购|上|放|批|下)"
    r"|出单|承保|起保|生效|认购|申购|放款|下款|批贷|起息|成交|投保了|买入|加仓"
)
_ONLY_WISHED = lazy(r"(?:想要?|打算|考虑|准备|有意|感兴趣|计划|犹豫|纠结|嫌|觉得|不想|不愿|没想|拒绝|推荐|建议|咨询|了解|对比|试算|测算|报价|亏|跌|赔光|套牢)")
_CHANGED = lazy(r"改|换|调|变|更|修正|升到|降到|提到|提高|减到|加到|增加到|从[^,。]{1,8}到|涨|退|失效|断|停|复效|满期|终止|注销|取消|录错|写错|搞错|弄错|应该是|赎|提前还|结清|还清|逾期|转")


_OF_A_CLAIM = lazy(r"报[^,。]{0,5}案|理赔|出险|住院|摔|骨折|确诊|手术|车祸|追尾")


def told(s: Sentence) -> str:
    """policy, holding, loan, credit or lease when the sentence tells of a new one to be recorded; else ""."""
    return mood.memo(s, "told", _told)


def _told(s: Sentence) -> str:
    kind = family(s)
    if not kind or not s.has("who", "focus") or mood.asks(s) or mood.supposes(s) or mood.reminding(s):
        return ""
    if _ONLY_WISHED.search(s.text) or s.has("claim", "quote", "opportunity", "renewed", "not_renewed", "customer_book"):
        return ""
    written = mood.writing(s)
    if written is not None and re.search(r"备注|跟进|纪要|笔记|note|memo|follow|备忘|标", written.group()):
        return ""
    if _CHANGED.search(s.text) or _OF_A_CLAIM.search(s.text) or re.search(r"C\s*:", s.shape):  # C: opens what a client wrote
        return ""
    weight = _evidence(s)
    if written is not None:
        return kind if weight or (s.products and re.search(r"[张份单笔个条增加添]", written.group()) and re.search(r"问|聊|谈|说", s.text) is None) else ""
    return kind if weight >= 2 or (weight and _TAKEN_OUT.search(s.text)) or (s.products and re.search(r"(?:新|刚|又)(?:买|投|签|办|存|出)", s.text)) else ""


def _evidence(s: Sentence) -> int:
    """How many particulars of a contract are told: an amount, a rate, a way of paying, a length, a day it starts or ends."""
    text = s.text
    money = bool(_sums(s)) or (family(s) in {"loan", "holding", "credit", "lease"} and _TEN_THOUSANDS.search(text) is not None)
    plain = _unlike_dates(s)
    return sum((
        2 * money if family(s) in {"policy", "holding", "loan", "credit", "lease"} and s.products else money, rate(s) is not None,
        fills.word_in(PAY_MODES, plain) is not None, _PAY_YEARS.search(text) is not None or _TERM.search(text) is not None, _TERMS.search(text) is not None,
        re.search(r"生效|起保|起息|到期|放款|出单|承保", text) is not None and bool(s.points),
    ))
