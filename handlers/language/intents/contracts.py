"""Policies, deposits and wealth, funds, loans, credit lines, leases: asking, adding, changing, parties, plans, payments, claims."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.lazy import Lazy, lazy
from handlers.language.meaning import When
from handlers.language.numerals import number, small
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CLAIM_FIELDS, CLAIM_STATUS, CONTRACT_FIELDS, INSURERS, POLICY_STATUS

_KIND_WORDS = (("lease", "租赁|租金|承租"), ("credit_line", "授信"), ("loan", "贷|借款|按揭|月供|还款"), ("holding", "理财|基金|存单|存款|定存|私募|定投|信托|持仓|持有"),
               ("policy", "保单|保险|险|投保"))
_FAMILY = {"policy": "policy", "wealth": "holding", "deposit": "holding", "fund": "holding", "loan": "loan", "credit_line": "credit", "lease": "lease"}


def family(s: Sentence) -> str:
    """policy, holding, loan, credit, lease or "" for what the sentence speaks of."""
    for _start, _end, product in s.products:
        kind = s.lexicon.kinds.get(product, "")
        if kind:
            return _FAMILY.get(kind, kind)
    for kind, words in _KIND_WORDS:
        if re.search(words, s.text):
            return _FAMILY.get(kind, kind)
    return ""


# ---------------------------------------------------------------- asking


def lookup(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    slots = fills.merged(fills.client(s, needed=not s.has("policy_no")), fills.product(s), fills.number_of(s))
    name = fills.word_in(CONTRACT_FIELDS, s.text)
    if name is None and re.search(r"什么时候|几号|哪天|啥时候|何时|多久", s.text):
        name = "repay_date" if "还" in s.text else "due_date"
    return {**slots, "field": name} if name else slots


def _lookup_of(kind: str) -> Fill:
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return lookup(s, match) if family(s) in {kind, ""} else None
    return fill


def premium_lookup(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged(fills.client(s), fills.product(s))


def premium_list(s: Sentence, match: re.Match[str] | None) -> Slots:
    overdue = {"status": "overdue"} if re.search(r"逾期|欠|没交|未交|没缴|未缴|断交", s.text) else {}
    return fills.merged(fills.span_of(s, times.DUE), overdue)


# ---------------------------------------------------------------- adding

_PAY = {"annual": "年交 年缴 每年交 一年一交 按年 年付", "semiannual": "半年交 半年缴", "quarterly": "季交 季缴 每季 按季", "monthly": "月交 月缴 每月交 按月 月付",
        "single": "趸交 趸缴 一次性 一次交 一次付"}
_PAY_YEARS = lazy(r"(?:交|缴)(\d{1,2}|[一二三五十]{1,3})年|(\d{1,2}|[一二三五十]{1,3})年(?:交|缴)(?!\d)|(\d{1,2})年(?:期)?(?:交费|缴费)")
_TERM = lazy(r"(?:保|期限|存期|保障期?|存|期)(?:是|为|:)?(\d{1,2}|[一二三五十两半]{1,3})年|(\d{1,2}|[一二三五十两]{1,3})年期|(\d{1,2}|[一二三五十两]{1,3})年的|保(?:到|至)(\d{2,3}|终身)|(?<=[,\s])(\d{1,2}|[一二三五十两]{1,3})年(?=[,\s]|$|利率)")
_TERMS = lazy(r"(?:分)?(\d{1,3}|[一二三四五六七八九十]{1,4})期|(\d{1,3})个月")
_REPAY_DAY = lazy(r"每月(\d{1,2}|[一二三十]{1,3})(?:号|日)(?:还|扣|供)?|还款日(?:是|为|:|每月)*(\d{1,2})(?:号|日)?")
_INSURED = lazy(r"被保(?:险)?人(?:是|为|:|\s)*([\u4e00-\u9fff·]{1,4}|[CS])")
_BENEFICIARY = lazy(r"受益人(?:是|为|:|写|\s)*([\u4e00-\u9fff·]{1,4}|[CS])")
_DUE = lazy(r"\s*(?:号|那天)?(?:续保|到期|续费|缴费|交费|续期|满期|续|期满|还款|还)")
_DUE_BEFORE = lazy(r"(?:到期日?|续保日?|到期时间|缴费日|续费日|满期日|下次缴费|下次交费)(?:是|为|:|\s)*$")
_EFFECTIVE = lazy(r"\s*(?:那天|当天|开始|起)?(?:生效|起保|起息|承保|出单|投保|买的?|签|放款|放的?)")
_EFFECTIVE_BEFORE = lazy(r"(?:生效日?|起保|起保日|起息日?|投保日期?|放款日?)(?:是|为|:|在|\s)*$")


def policy_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if family(s) not in {"policy", ""}:
        return None
    pay_mode = fills.word_in(_PAY, s.text)
    slots: Slots = {
        "insurer": _insurer(s.text),
        "sum_insured": fills.money(s, "sum_insured"),
        "premium": fills.money(s, "premium"), "pay_mode": pay_mode, "status": fills.word_in(POLICY_STATUS, _without_dates(s)),
        "pay_years": _years(_PAY_YEARS, s.text), "term_years": _years(_TERM, s.text), **_people(s),
    }
    if slots["premium"] is None and slots["sum_insured"] is None:
        slots["premium"] = fills.money(s, any_role=True)
    elif slots["sum_insured"] is None:
        slots["sum_insured"] = next((fills.whole(a.value) for a in s.amounts if a.unit == "yuan" and a.role in {"", "amount"} and a.value >= 50_000), None)
    slots |= _contract_dates(s)
    if s.has("repeating"):
        slots["pay_mode"] = slots["pay_mode"] or "annual"
    return fills.merged(fills.client(s), fills.product(s), fills.number_of(s), slots)


def _insurer(text: str) -> str | None:
    match = re.search("(" + "|".join(INSURERS.split()) + r")(?:人寿|财险|产险|保险|健康)?的?(?=[^\s]{0,4}险|保单)", text)
    return match[1] if match else None


def _without_dates(s: Sentence) -> str:
    return re.sub(r"到期|续保|[TRD]", " ", s.shape) if "失效" in s.text or "退保" in s.text or "断保" in s.text else ""


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


def _contract_dates(s: Sentence) -> Slots:
    """`due` and `effective`, told apart by the words beside them."""
    found: Slots = {}
    for expression in s.points:
        before, after = s.text[max(0, expression.start - 6):expression.start], s.text[expression.end:expression.end + 6]
        if _DUE.match(after) or _DUE_BEFORE.search(before):
            found.setdefault("due", s.when(expression, times.DUE))
        elif _EFFECTIVE.match(after) or _EFFECTIVE_BEFORE.search(before):
            found.setdefault("effective", s.when(expression, times.LOOK_BACK if "T" not in before else times.DUE))
        elif not set(expression.slots) <= {"year"}:
            found.setdefault("date", s.when(expression, times.LOOK_BACK))
    for key in ("due", "effective"):
        if isinstance(found.get(key), When) and found[key].problem == "impossible":
            found["clarify"] = "when"
    repeating = next((e for e in s.times if e.recurs), None)
    if repeating is not None:
        found["recurrence"] = s.repeating(repeating)
    return found


def holding_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if family(s) != "holding":
        return None
    kind = s.lexicon.kinds.get(s.products[0][2]) if s.products else None
    slots: Slots = {"amount": fills.money(s, "amount", "aum", any_role=True), "rate_percent": fills.percent(s), "term_years": _years(_TERM, s.text), "kind": kind}
    return fills.merged(fills.client(s), fills.product(s), slots, _contract_dates(s))


def loan_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if family(s) != "loan":
        return None
    return _lending(s)


def credit_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return _lending(s) if family(s) == "credit" else None


def lease_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return _lending(s) if family(s) == "lease" else None


def _lending(s: Sentence) -> Slots:
    terms = _TERMS.search(s.text)
    day = _REPAY_DAY.search(s.text)
    slots: Slots = {
        "amount": fills.money(s, "amount", "loan_balance", "aum", any_role=True), "rate_percent": fills.percent(s), "term_years": _years(_TERM, s.text),
        "terms": small(terms[1] or terms[2]) if terms else None, "repay_day": small(day[1] or day[2]) if day else None,
        "repay_amount": fills.money(s, "repay_amount"),
    }
    return fills.merged(fills.client(s), fills.product(s), slots, _contract_dates(s))


# ---------------------------------------------------------------- changing

_CHANGED_FIELD = {"beneficiary": "受益人", "premium": "保费", "sum_insured": "保额", "due_date": "到期日 续保日 缴费日", "pay_mode": "缴费方式 交费方式", "policy_no": "保单号",
                  "bank_card": "扣款账户 缴费账户 银行卡 扣款卡 卡号", "address": "地址", "phone": "电话 手机"}
_NEW_VALUE = lazy(r"(?:改成|改为|换成|变成|变更为|更新为|调到|调整到|涨到|降到|加到|换|改|是|为|:)+\s*(?P<v>[^,。;!?]+?)(?:了|吧|一下)?$")


def policy_update(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    status = fills.word_in(POLICY_STATUS, s.text)
    name = fills.word_in(_CHANGED_FIELD, s.text)
    slots = fills.merged(fills.client(s, needed=not s.has("policy_no")), fills.product(s), fills.number_of(s))
    if name is not None:
        value: object = fills.money(s, any_role=True) if name in {"premium", "sum_insured"} else None
        said = _NEW_VALUE.search(s.text)
        if value is None and said is not None:
            value = s.said(*said.span("v")).strip()
        if name == "due_date" and s.points:
            value = s.when(s.points[0], times.DUE).start
        return fills.merged(slots, {"field": name, "value": value}, {"clarify": "value"} if value is None else {})
    if status is None:
        return None
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(slots, {"status": status, "field": "status", "value": status}, date)


def policy_search(s: Sentence, match: re.Match[str] | None) -> Slots:
    slots: Slots = {"status": fills.word_in(POLICY_STATUS, s.text), "insurer": _insurer(s.text)}
    return fills.merged(fills.product(s), slots, fills.span_of(s, times.DUE))


_PARTY = lazy(r"(?P<role>投保人|被保险人|被保人|受益人|担保人|保证人|共同借款人|共借人|缴费人|抵押人|承租人|代办人)(?:加上?|添加|增加|是|为|:|改成|填|写|加一个|加个|\s)*(?P<who>[CS]|[\u4e00-\u9fff·]{2,4})")
_PARTY_FIRST = lazy(r"(?:加上?|添加|增加|把|让)(?P<who>[CS]|[\u4e00-\u9fff·]{2,4}?)(?:加为|设为|为|做|当|作为|加成)(?P<role>投保人|被保险人|被保人|受益人|担保人|保证人|共同借款人|共借人|缴费人|抵押人)")


def party_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = _PARTY_FIRST.search(s.shape) or _PARTY.search(s.shape)
    if found is None or re.fullmatch(r"是?(?:谁|哪个|什么|多少|哪位).*", found["who"]):
        return None
    place = s.place(found.start("who"))
    named = next((c for c in s.clients if c.start == place), None)
    owner = next((i for i, c in enumerate(s.clients) if c is not named), None)
    slots: Slots = {"role": s.lexicon.roles.get(found["role"], found["role"])}
    if named is not None:
        slots |= fills.other(s, named, "party")
    else:
        slots |= {"party": s.cut(*found.span("who")), "party_id": None}
    who = fills.client(s, place=owner) if owner is not None else ({"client": s.dialogue.focus.name, "client_id": s.dialogue.focus.id, "pronoun": True}
                                                                 if s.dialogue.focus else {"clarify": "client_missing"})
    return fills.merged(who, slots, fills.product(s), fills.number_of(s))


def plan(s: Sentence, match: re.Match[str] | None) -> Slots:
    terms = _TERMS.search(s.text)
    start = next((e for e in s.points), None)
    slots: Slots = {"terms": small(terms[1] or terms[2]) if terms else None, "amount": fills.money(s, any_role=True),
                    "start": s.when(start, times.DUE) if start else None}
    number = fills.number_of(s) or _plan_number(s)
    who = fills.client(s) if s.clients or not number else {}  # a number says it all: nobody in mind is dragged in
    return fills.merged(who, fills.product(s), number, slots)


_PLAN_NUMBER = lazy(r"计划[\s:,]*(?P<n>[a-z]{1,5}-?\d{2,}[0-9a-z-]*)\W*$|^\W*(?P<m>[a-z]{1,5}-?\d{2,}[0-9a-z-]*)\s*(?:的)?(?:还款|缴费|交费)计划")


def _plan_number(s: Sentence) -> Slots:
    """A contract number too short to be known as one elsewhere."""
    found = _PLAN_NUMBER.search(s.text)
    return {"policy_no": (found["n"] or found["m"]).upper()} if found is not None else {}


# ---------------------------------------------------------------- paying, renewing


def paid(s: Sentence, match: re.Match[str] | None) -> Slots:
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(fills.client(s), fills.product(s), {"amount": fills.money(s, any_role=True)}, date)


_LEVEL = {"high": "高 很高 强烈 强 大 很大 肯定续 想续", "medium": "中 一般 中等 还行 考虑 犹豫 再看看", "low": "低 不高 弱 很低 不大 小 没什么意向 不太想"}


def renewal_intent(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    wish = re.search(r"(?:意向|意愿)(?:是|为|:|改成|改为|比较|挺|很|\s)*(?P<a>不高|不大|很高|很大|很低|一般|中等|高|中|低|强烈|强|弱|大|小|犹豫)|(?P<b>高|中|低|强烈|有|没有|没啥)(?:的)?(?:续保|续约)?(?:意向|意愿)", s.text)
    word = (wish["a"] or wish["b"]) if wish else None
    level = {"有": "high", "没有": "low", "没啥": "low"}.get(word or "") or (fills.word_in(_LEVEL, word) if word else None)
    if level is None:
        return None
    rest = s.shape[wish.end():] if wish and not s.points else ""
    tail = fills.content(s, [(0, s.points[-1].end)]) if s.points else rest.strip(" ,。")
    return fills.merged(fills.client(s), fills.product(s), {"level": level}, fills.when(s, times.REMIND), {"content": tail or None})


def renewed(s: Sentence, match: re.Match[str] | None) -> Slots:
    date = {"when": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(fills.client(s), fills.product(s), {"premium": fills.money(s, "premium", any_role=True) or _plain(s)}, date)


def _plain(s: Sentence) -> float | int | None:
    return next((fills.whole(a.value) for a in s.amounts if a.unit == "plain" and a.value >= 50), None)


_REASONS = (
    lazy(r"(?:原因|理由|因为|由于)(?:是|为|:|\s)*(?P<r>[^。;]+?)$"),
    lazy(r"(?:不(?:想|再)?续(?:保|费)?|流失|没续)(?:了)?[,\s]+(?:说是?|觉得|嫌弃?)?(?P<r>[^。;]+)$"),
    lazy(r"(?:不(?:想|再)?续(?:保|费)?|流失)了?(?P<r>[^,。;]{2,})$"),
    lazy(r"(?:说|嫌|觉得)(?P<r>[^,。;]{2,}?)[,\s]*(?:所以)?(?:就)?不(?:想|再)?续"),
)


def lost(s: Sentence, match: re.Match[str] | None) -> Slots:
    found = next((m for pattern in _REASONS if (m := pattern.search(s.shape)) is not None), None)
    reason = s.cut(*found.span("r")) if found else None
    return fills.merged(fills.client(s), fills.product(s), {"reason": reason or None})


# ---------------------------------------------------------------- claims

_CLAIM_PRODUCT = {"重疾险": "癌 重疾 肿瘤 心梗 脑梗 白血病 恶性", "车险": "车 追尾 剐蹭 刮 撞 交通事故", "意外险": "意外 摔 烫伤 烧伤 骨折 狗咬 猫抓 溺水", "医疗险": "住院 手术 门诊 阑尾 医药费 报销", "家财险": "漏水 火灾 失窃 被盗"}


def claim_lookup(s: Sentence, match: re.Match[str] | None) -> Slots:
    name = fills.word_in(CLAIM_FIELDS, s.text)
    return fills.merged(fills.client(s, needed=not s.has("ticket_no")), fills.product(s), _claim_no(s), {"field": name})


def claim_create(s: Sentence, match: re.Match[str] | None) -> Slots:
    product = fills.product(s) or {"product": fills.word_in(_CLAIM_PRODUCT, s.text)}
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    told = fills.content(s, [(c.start, c.end) for c in s.clients], _CLAIM_WORDS)
    return fills.merged(fills.client(s), product, date, {"amount": fills.money(s, any_role=True), "content": told or None})


_CLAIM_WORDS = lazy(r"帮(?:他|她|我)?报(?:个)?案|申请理赔|要?理赔|登记一下|报(?:个)?案")


def claim_update(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    status = fills.word_in(CLAIM_STATUS, s.text)
    if status is None:
        return None
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(fills.client(s, needed=not s.has("ticket_no")), _claim_no(s), {"status": status, "amount": fills.money(s, any_role=True)}, date,
                        {"content": s.normal.said.strip()})


def _claim_no(s: Sentence) -> Slots:
    return next(({"claim_no": p.value} for p in s.protected if p.kind in {"ticket_no", "policy_no", "number"}), {})


_NO_READ = "remind note create draft handover claim settings rewrite"
RULES: tuple[Rule, ...] = (
    rule("policy.lookup", 54, "policy product_policy", _lookup_of("policy"), need="who", no=_NO_READ + " money renewed not_renewed paid wish", shape=r"保单|保险|险种|X|投保|受益人|保额|退保|失效|断保"),
    rule("policy.lookup", 53, "policy product_policy", _lookup_of("policy"), need="focus", no=_NO_READ + " money all mine renewed", shape=r"^.{0,20}$"),
    rule("policy.lookup", 55, "policy_no", _lookup_of("policy"), no=_NO_READ + " update money"),
    rule("policy.lookup", 56, "any", lookup, need="client ask", no=_NO_READ + " premium_paid", shape=r"受益人|保额|现金价值|现价|买了(?:什么|哪些|啥)|交到|续[费保期]|缴费期|保障"),
    rule("holding.lookup", 57, "holding product_wealth product_deposit product_fund", _lookup_of("holding"), need="who", no=_NO_READ + " money"),
    rule("holding.lookup", 55, "holding product_wealth product_deposit product_fund", _lookup_of("holding"), need="focus", no=_NO_READ + " money all mine", shape=r"^.{0,20}$"),
    rule("loan.lookup", 57, "loan product_loan", _lookup_of("loan"), need="who", no=_NO_READ + " money paid"),
    rule("loan.lookup", 55, "loan product_loan", _lookup_of("loan"), need="focus", no=_NO_READ + " money all mine paid", shape=r"^.{0,20}$"),
    rule("credit.lookup", 58, "credit product_credit_line", _lookup_of("credit"), need="who", no=_NO_READ + " money"),
    rule("lease.lookup", 58, "lease product_lease", _lookup_of("lease"), need="who", no=_NO_READ + " money"),
    rule("premium.lookup", 60, "premium", premium_lookup, need="who", no=_NO_READ + " money paid product ask renewed", shape=r"保费|缴费|交费"),
    rule("premium.lookup", 59, "premium", premium_lookup, need="focus", no=_NO_READ + " money paid product who list mine team stats_range time", shape=r"^(?:她|他)?的?(?:保费|缴费)(?:情况|进度)?(?:呢)?$"),
    rule("premium.lookup", 58, "premium paid", premium_lookup, need="client ask", no=_NO_READ + " money claim loan repayment", shape=r"^(?!.*(?:缴费期|交费期|剩|受益|保额)).*(?:保费|缴|交费)"),
    rule("repayment.lookup", 58, "repayment paid loan", lookup, need="client ask", no=_NO_READ + " money claim premium", shape=r"还款|还了|已还|还清|还没还"),
    rule("premium.list", 64, "premium", premium_list, no=_NO_READ + " who money team", shape=r"(?:保费|缴费|交费)(?:进度|情况|清单|列表)|谁.{0,4}(?:没交|没缴|欠|该交|要交).{0,3}(?:保费|费)|保费.{0,4}(?:逾期|没交|未缴|没缴)"),
    rule("repayment.lookup", 61, "repayment", lookup, need="who", no=_NO_READ + " money paid", shape=r"还款(?:进度|情况|记录)|还了(?:多少|几)期|还款\W*$"),
    rule("premium.paid", 72, "paid", paid, need="who", no="remind create ask note claim loan repayment", shape=r"(?:已|缴|交|付)"),
    rule("premium.paid", 71, "paid", paid, need="focus premium", no="remind create ask note claim loan who list"),
    rule("repayment.paid", 73, "paid", paid, need="who", no="remind create ask note claim", shape=r"还了|已还|还清|还款.{0,4}(?:已|了)|月供.{0,5}(?:已|了)"),
    rule("renewal.intent", 79, "wish", renewal_intent, need="who", no="ask create", shape=r"续[保约期费]{0,2}的?意[向愿]|^\W*C的?\s?意[向愿]|意[向愿].{0,4}续"),
    rule("renewal.intent", 77, "wish", renewal_intent, need="focus", no="ask create list all", shape=r"续[保约期]?意向|意向\s?[高中低]"),
    rule("renewal.done", 77, "renewed", renewed, need="who", no="ask remind create not_renewed"),
    rule("renewal.done", 75, "renewed", renewed, need="focus", no="ask remind create who list not_renewed"),
    rule("renewal.lost", 79, "not_renewed", lost, need="who", no="ask create"),
    rule("renewal.lost", 76, "not_renewed", lost, need="focus", no="ask create who list"),
    rule("policy.add", 69, "product_policy policy", policy_add, need="money", no="ask remind intends search claim create_client update draft renewed not_renewed paid opportunity customer_book", shape=r"^(?!.*(?:以上|以下|超过)).*(?:X|保单|保险)"),
    rule("policy.add", 70, "add create", policy_add, need="who policy", no="ask remind intends search claim draft not_renewed renewed opportunity stranger_only", shape=r"(?:加|添|录|新增|登记|新买|买|投|出|签|承保|上).{0,8}(?:保单|X|险|单)"),
    rule("policy.add", 70, "add create", policy_add, need="who product_policy", no="ask remind intends search claim draft not_renewed renewed opportunity note wish", shape=r"(?:加|添|录|新增|登记|新买|买了|投了|出了|签了|投保|承保|上了?).{0,8}X|X.{0,10}(?:生效|承保|出单|起保)"),
    rule("holding.add", 71, "product_wealth product_deposit product_fund holding", holding_add, need="money", no="ask remind intends search draft opportunity customer_book wish"),
    rule("loan.add", 71, "product_loan loan", loan_add, need="money", no="ask remind intends search draft opportunity customer_book wish"),
    rule("loan.add", 70, "product_loan loan", loan_add, need="who add", no="ask remind intends search draft opportunity customer_book wish note lookup", shape=r"放款|批了|下款|贷了|办了"),
    rule("credit.add", 72, "credit product_credit_line", credit_add, need="money who", no="ask remind intends search draft opportunity customer_book"),
    rule("lease.add", 72, "lease product_lease", lease_add, need="money who", no="ask remind intends search draft opportunity customer_book"),
    rule("policy.update", 80, "policy product_policy policy_no", policy_update, no="ask remind create draft claim search privacy", need="update", shape=r"(?:改|换|变|更新|更正|调|标)"),
    rule("policy.update", 73, "policy product_policy policy_no", policy_update, no="ask remind create draft claim search list privacy opportunity", need="who", shape=r"(?:退保|失效|退了|断保|中止|复效|满期了|过期了|到期了)"),
    rule("policy.search", 61, "policy product_policy", policy_search, need="list", no="who remind create draft stats money customer_book claim", shape=r"失效|有效|退保|断保|中止|脱保"),
    rule("contract.party_add", 81, "party", party_add, no="ask remind search", shape=r"加|添|增|改成|换成|设为|作为|做|为|(?:投保人|被保险人|被保人|受益人|担保人|保证人|共借人|共同借款人)\s[CS\u4e00-\u9fff]"),
    rule("contract.plan", 78, "plan", plan, no="remind search", shape=r"(?:生成|建|做|列|排|拆|分).{0,6}(?:还款计划|缴费计划|分期|计划)|分\d+期|分[一二三四五六七八九十]+期|(?:还款|缴费|交费)计划"),
    rule("claim.lookup", 70, "claim", claim_lookup, need="ask", no="remind draft team stats ticket_list", shape=r"[CSN]|案"),
    rule("claim.lookup", 66, "claim", claim_lookup, no="remind draft team note list", shape=r"(?:理赔|案子|案件|赔案)(?:的)?(?:进度|情况|状态|进展|记录)|(?:查|看).{0,6}(?:理赔|案)"),
    rule("claim.update", 75, "claim", claim_update, no="ask remind draft", need="who", shape=r"(?:提交|补(?:材料|资料|件)|拒赔|批了|通过|结案|到账|打款|赔付|赔了|已赔|审核|受理|撤案|材料齐|资料齐|缺)"),
    rule("claim.update", 74, "claim", claim_update, no="ask remind draft", need="ticket_no"),
    rule("claim.create", 68, "claim", claim_create, need="who", no="ask remind draft list stats", shape=r"报案|出险|确诊|理赔|赔|事故|住院|摔|撞|追尾|骨折"),
    rule("claim.create", 69, "any", claim_create, need="client", no="ask remind draft list note", shape=r"(?:追尾|车祸|摔伤|骨折|被撞|撞了|剐蹭|出事故|住院了?).{0,12}(?:报个?案|理赔|报一下|登记)"),
)
