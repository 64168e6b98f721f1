"""Policies, deposits and wealth, funds, loans, credit lines, leases: asking, parties, plans, payments, renewals."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills, mood
from handlers.language.intents.adding import (
    PAY_MODES,
    POLICY_SLIP,
    credit_add,
    family,
    holding_add,
    insurer,
    lease_add,
    loan_add,
    policy_add,
    terms,
    told,
)
from handlers.language.intents.changing import changed, policy_update
from handlers.language.intents.contract_fields import asked_field
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CONTRACT_FIELDS, POLICY_STATUS

# ---------------------------------------------------------------- asking


_TABLE_OF = {"policy": "policy", "holding": "holding", "loan": "loan", "credit": "loan", "lease": "loan"}


def lookup(s: Sentence, match: re.Match[str] | None, kind: str = "policy") -> Slots | None:
    slots = fills.merged(fills.each(s, needed=not s.has("policy_no")), fills.product(s), fills.number_of(s))
    name = asked_field(_TABLE_OF.get(family(s) or kind, "policy"), s.text) or fills.word_in(CONTRACT_FIELDS, s.text)
    return {**slots, "field": name} if name else slots


def _lookup_of(kind: str) -> Fill:
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return lookup(s, match, kind) if family(s) in {kind, ""} and not _says(s) else None
    return fill


def lookup_in(kind: str) -> Fill:
    """The look-up of contracts of one kind, whatever else may be meant."""
    return lambda s, match: lookup(s, match, kind)


_SAYING = lazy(r"[CS]T?(?:刚才?|又|也|还|一直|跟我|和我|打电话|来电|微信)*(?:说(?!明|下|一下|说)|嫌|觉得|担心|抱怨|认为|提到|表示|反馈|反映|告诉|希望(?!看|知道|了解|查)|[来了,，\s]问(?!一?下|问|题))")


_MET = lazy(r"(?:来|去|问|聊|谈|签|带|陪|打|约|见|送|寄|发|回|喝|吃)(?:了|过|完)|喝(?:咖啡|茶)|吃饭|回访|拜访")  # a contact is told of


def _says(s: Sentence) -> bool:
    """王芳说车险太贵 tells what somebody thinks; nothing is looked up."""
    return (_SAYING.search(s.shape) is not None or _MET.search(s.shape) is not None) and not mood.asks(s)


def premium_lookup(s: Sentence, match: re.Match[str] | None) -> Slots:
    due = {"field": "due_date"} if asked_field("policy", s.text) == "due_date" else {}  # 下一期保费哪天交
    return fills.merged(fills.client(s), fills.product(s), due)


def premium_list(s: Sentence, match: re.Match[str] | None) -> Slots:
    overdue = {"status": "overdue"} if re.search(r"逾期|欠|没交|未交|没缴|未缴|断交", s.text) else {}
    return fills.merged(fills.span_of(s, times.DUE), overdue)


# ---------------------------------------------------------------- changing

_NEARLY = lazy(r"(?:快|将|即将|马上)[要会]?(?:到期|失效)")


def policy_search(s: Sentence, match: re.Match[str] | None) -> Slots:
    slots: Slots = {"status": None if _NEARLY.search(s.text) else fills.word_in(POLICY_STATUS, s.text), "insurer": insurer(s.text), "pay_mode": fills.word_in(PAY_MODES, s.text)}
    return fills.merged(fills.product(s), slots, fills.span_of(s, times.DUE))


_KIN = r"(?:[他她]的?)?(?:(?:女儿|儿子|老公|老婆|太太|先生|丈夫|妻子|爱人|妈妈?|爸爸?|母亲|父亲|孩子|配偶)(?=[\u4e00-\u9fff]{2,3}|[CS]))?"
_PARTY = lazy(rf"(?P<role>投保人|被保险人|被保人|受益人|担保人|保证人|共同借款人|共借人|缴费人|抵押人|承租人|代办人)(?:换成|变更为|加上?|添加|增加|是|为|:|改成|填|写|加一个|加个|\s)*{_KIN}(?P<who>[CS]|[\u4e00-\u9fff·]{{2,4}})")
_PARTY_FIRST = lazy(r"(?:加上?|添加|增加|把|让)(?P<who>[CS]|[\u4e00-\u9fff·]{2,4}?)(?:加为|设为|为|做|当|作为|加成)(?P<role>投保人|被保险人|被保人|受益人|担保人|保证人|共同借款人|共借人|缴费人|抵押人)")


def party_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = _PARTY_FIRST.search(s.shape) or _PARTY.search(s.shape)
    if found is None or re.match(r"是?(?:谁|哪个|什么|多少|哪位|[被不没把])", found["who"]):
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
    start = next((e for e in s.points), None)
    slots: Slots = {"terms": terms(s), "amount": fills.money(s, any_role=True),
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


_PAYS_NO_MORE = lazy(r"[移转提递上结成送社]交了|不(?:再|想|打算|愿意?)?[交缴还付]了")


def paid(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if _PAYS_NO_MORE.search(s.text) is not None:
        return None
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


_RENEWAL = lazy(r"续(?!期)")


def renewed(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if _is_to_come(s):
        return None
    days = [e for e in s.points if not set(e.slots) <= {"year", "month"}]  # 今年续了 names no day
    date = {"when": s.when(days[0], times.LOOK_BACK)} if days else {}
    return fills.merged(fills.client(s), fills.product(s), {"premium": fills.money(s, "premium", any_role=True) or _plain(s)}, date)


def _is_to_come(s: Sentence) -> bool:
    """下周就续上了: the day before the word is still to come."""
    verb = _RENEWAL.search(s.text)
    days = [s.when(e, times.LOOK_BACK).start[:10] for e in s.points if verb is not None and e.end <= verb.start()]
    return bool(days) and max(days) > s.now.date().isoformat()


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


_TOPIC = lazy(rf"{POLICY_SLIP}|退保|断[交缴保]|复效|保单|保险|(?<![风危保])险|投保|受益人|保额|现金价值|现价|贷|月供|租金|还款|放的?款|理财|基金|存单|存款|定存|私募|定投|信托|持仓|授信|租赁")


def _asked_of(kind: str, surely: bool) -> Fill:
    """A question about somebody's contract; `surely`: about a field of it."""
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        if family(s) != kind or not (mood.asks(s) or mood.supposes(s)) or mood.reminding(s) is not None or not (s.products or _TOPIC.search(s.text)):
            return None
        slots = lookup(s, match)
        return slots if slots is not None and (not surely or "field" in slots) else None
    return fill


def _told_of(kind: str, fill: Fill) -> Fill:
    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return fill(s, match) if told(s) == kind and _PARTY_CHANGES.search(s.text) is None else None
    return filled


_PARTY_CHANGES = lazy(r"(?:受益人|被保险?人|投保人|担保人)[^,。]{0,4}(?:加上?|添|改|换|变|去掉)|(?:由|从)\S{1,8}(?:降|涨|调|升|改|变)(?:到|为|成|至)")


_WISHED = lazy(r"想(?!法|起|念|必)|打算|考虑|有意|计划(?!书)|准备")
_ORDER = lazy(r"^\W*(?:请|帮我|帮忙|给)?(?:[CS]的?\s*)?(?:新增|加|添|录|登记|新建)")


def _unwished(fill: Fill) -> Fill:
    """A contract that somebody only wishes for (想给孩子买教育金) is none, unless the sentence opens with the order to add it."""
    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return None if _WISHED.search(s.text) and not _ORDER.search(s.shape) else fill(s, match)
    return filled


def change(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return policy_update(s, match) if changed(s) else None


def owed(s: Sentence, match: re.Match[str] | None) -> Slots:
    """陈记餐饮还欠多少: the loans, with what is still owed."""
    return fills.merged(fills.client(s), fills.product(s), {"field": "balance"})


def surrender(s: Sentence, match: re.Match[str] | None) -> Slots:
    """陈静要退保, 我要给张敏办退保: what is to be done, which the handler asks about."""
    return fills.merged(fills.client(s), fills.product(s), {"status": "surrendered", "field": "status", "value": "surrendered"})


def search(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Policies by state, way of paying or insurer."""
    slots = policy_search(s, match)
    if slots.get("status") in {"expired", "matured"} and re.search(r"(?:已经?|早就)(?:到期|过期|满期)|(?:到期|过期|满期)了的?", s.text) is None:
        return None  # 下周到期的保单 is a due list
    return slots if family(s) == "policy" and not {"status", "pay_mode", "insurer"}.isdisjoint(slots) else None


_NO_READ = "remind note create draft handover claim settings rewrite"
RULES: tuple[Rule, ...] = (
    rule("policy.lookup", 54, "policy product_policy", _lookup_of("policy"), need="who", no=_NO_READ + " money renewed not_renewed paid wish", shape=r"保单|保险|险种|X|投保|受益人|保额|退保|失效|断保"),
    rule("policy.lookup", 53, "policy product_policy", _lookup_of("policy"), need="focus", no=_NO_READ + " money all mine renewed", shape=r"^.{0,20}$"),
    rule("policy.lookup", 55, "policy_no", _lookup_of("policy"), no=_NO_READ + " update money"),
    rule("policy.lookup", 56, "any", lookup, need="client ask", no=_NO_READ + " premium_paid", shape=r"受益人|保额|现金价值|现价|(?:保|投|买)了?(?:些)?(?:什么|哪些|啥)|交到|续[费保期]|缴费期|保障"),
    rule("holding.lookup", 57, "holding product_wealth product_deposit product_fund", _lookup_of("holding"), need="who", no=_NO_READ + " money"),
    rule("holding.lookup", 55, "holding product_wealth product_deposit product_fund", _lookup_of("holding"), need="focus", no=_NO_READ + " money all mine", shape=r"^.{0,20}$"),
    rule("policy.lookup", 80, "focus", _lookup_of("policy"), no="client stranger remind note create draft customer_book team product_loan product_deposit product_wealth product_fund", name="a policy's field of the client in mind",
         shape=r"^\W*(?:那|他|她|的)*(?:第[一二三四五\d](?:份|张)(?:的|保单)*)?(?:(?:保单|X)的?)?(?:受益人(?:是|写的?)*(?:谁|哪位)|现金价值(?:有|是)?多少|保额(?:有|是)?多少|(?:什么时候|几号|哪天|啥时候|何时)(?:到期|续保|续费)|(?<=[份张的])保费(?:是)?多少(?:钱)?)(?:啊|呀|呢|\W)*$"),
    rule("loan.lookup", 79, "product_loan", _lookup_of("loan"), need="focus", no="client stranger remind note create draft customer_book team list", name="a loan of the client in mind",
         shape=r"^\W*(?:那|他|她|的)*X(?:那笔)?(?:还|目前|现在|一共)*(?:欠|剩|差)(?:着|下)?(?:多少|几期|几年)(?:钱|没还)?(?:啊|呀|呢|\W)*$"),
    rule("loan.lookup", 84, "client", owed, no="remind note", name="what a client owes", shape=r"^\W*C(?:的?X)?(?:的|现在|目前|还|一共|总共|总的|在我们?这儿?|\s)*欠(?:着|了|我们|行里|银行|咱们?)*(?:多少|几)(?:钱|款|万|元)?(?:没还)?\W*$"),
    rule("loan.lookup", 57, "loan product_loan", _lookup_of("loan"), need="who", no=_NO_READ + " money paid"),
    rule("loan.lookup", 55, "loan product_loan", _lookup_of("loan"), need="focus", no=_NO_READ + " money all mine paid", shape=r"^.{0,20}$"),
    rule("credit.lookup", 58, "credit product_credit_line", _lookup_of("credit"), need="who", no=_NO_READ + " money"),
    rule("lease.lookup", 58, "lease product_lease", _lookup_of("lease"), need="who", no=_NO_READ + " money"),
    rule("premium.lookup", 60, "premium", premium_lookup, need="who", no=_NO_READ + " money paid product ask renewed", shape=r"^(?!.*(?:催|收取|提醒|说(?!明|说)|嫌|觉得|担心|抱怨|表示|提到|想(?!知))).*(?:保费|缴费|交费)"),
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
    rule("renewal.done", 77, "renewed", renewed, need="client create money", no="ask remind not_renewed", name="renewed, to be written down"),
    rule("renewal.done", 75, "renewed", renewed, need="focus", no="ask remind create who list not_renewed"),
    rule("renewal.lost", 79, "not_renewed", lost, need="who", no="ask create", shape=r"^(?!.*(?:帮我|给我|请|把).{0,4}(?:删|移除|移出|踢|清))"),
    rule("renewal.lost", 76, "not_renewed", lost, need="focus", no="ask create who list"),
    rule("policy.add", 84, "product_policy policy", policy_add, need="client money", no="ask remind claim", name="a new policy by its heading", shape=r"^\W*新(?:增)?(?:的)?(?:保单|单子?)[\s,:]+(?:客户)?[\s:]*C"),
    rule("policy.add", 69, "product_policy policy", policy_add, need="money", no="ask remind intends search claim create_client update draft renewed not_renewed paid opportunity customer_book", shape=r"^(?!.*(?:以上|以下|超过)).*(?:X|保单|保险)"),
    rule("policy.add", 70, "add create", _unwished(policy_add), need="who policy", no="ask remind intends search claim draft not_renewed renewed opportunity stranger_only", shape=r"(?:加|添|录|新增|登记|新买|买|投|出|签|承保|上).{0,8}(?:保单|X|险|单)"),
    rule("policy.add", 70, "add create", _unwished(policy_add), need="who product_policy", no="ask remind intends search claim draft not_renewed renewed opportunity note wish", shape=r"(?:加|添|录|新增|登记|新买|买了|投了|出了|签了|投保|承保|上了?).{0,8}X|X.{0,10}(?:生效|承保|出单|起保)"),
    rule("holding.add", 71, "product_wealth product_deposit product_fund holding", holding_add, need="money", no="ask remind intends search draft opportunity customer_book wish"),
    rule("loan.add", 71, "product_loan loan", loan_add, need="money", no="ask remind intends search draft opportunity customer_book wish"),
    rule("loan.add", 70, "product_loan loan", loan_add, need="who add", no="ask remind intends search draft opportunity customer_book wish note lookup", shape=r"放款|批了|下款|贷了|办了"),
    rule("credit.add", 72, "credit product_credit_line", _unwished(credit_add), need="money who", no="ask remind intends search draft opportunity customer_book"),
    rule("lease.add", 72, "lease product_lease", _unwished(lease_add), need="money who", no="ask remind intends search draft opportunity customer_book"),
    rule("policy.update", 80, "policy product_policy policy_no", change, no="ask remind create draft claim search privacy", need="update", shape=r"(?:改|换|变|更新|更正|调|标)"),
    rule("policy.update", 74, "client", surrender, no="ask remind claim list", shape=r"^\W*(?:我?要|请|麻烦|帮我)*(?:给|帮|替)?C(?:的?X)?(?:要|申请)?(?:办理?|申请)?(?:X的?)?退保(?:手续)?(?:吧)?\W*$"),
    rule("policy.update", 73, "policy product_policy policy_no", change, no="ask remind create draft claim search list privacy opportunity", need="who", shape=r"(?:退保|失效|退了|断保|中止|复效|满期了|过期了|到期了)"),
    *(rule(f"{kind}.lookup", 76, "who", _asked_of(kind, True), no="paid team stats opportunity", name=f"a field of a {kind}", quiet=True) for kind in ("policy", "holding", "loan", "credit", "lease")),
    *(rule(f"{kind}.lookup", 61, "who", _asked_of(kind, False), no="team stats opportunity", name=f"a {kind} is asked about", quiet=True) for kind in ("policy", "holding", "loan", "credit", "lease")),
    *(rule(f"{kind}.add", 82, "who focus", _told_of(kind, fill), no="list_brief", name=f"a {kind} is told", quiet=True)
      for kind, fill in (("policy", policy_add), ("holding", holding_add), ("loan", loan_add), ("credit", credit_add), ("lease", lease_add))),
    rule("policy.update", 83, "client", policy_update, need="product_policy money", no="ask remind draft claim search", name="a sum of a policy has changed",
         shape=r"C[^,。]{0,4}X(?:的|\s|,)*(?:保费|保额|年交|期交)(?:涨|降|调|升|减)(?:到|成|为)了?M"),
    rule("policy.update", 80, "who focus policy_no", change, no="opportunity consent", name="a policy has changed", quiet=True),
    rule("policy.search", 79, "policy product_policy list", search, no="who remind create draft stats claim", shape=r"哪些|谁|列|名单|清单|筛|找|查|看|调|拉|几[张单个份]|多少|有没有|都有|全部|所有|的(?:保单|单子|客户)\W*$"),
    rule("policy.search", 62, "policy product_policy", policy_search, no="who focus remind create draft stats money claim ask", name="policies of a state",
         shape=r"^\W*(?:所有|全部)?(?:已)?(?:失效|有效|退保|断保|中止|脱保|满期|停效)(?:的|了的)?(?:保单|X)(?:名单|清单|列表)?\W*$"),
    rule("policy.search", 61, "policy product_policy", policy_search, need="list", no="who remind create draft stats money customer_book claim", shape=r"失效|有效|退保|断保|中止|脱保"),
    rule("contract.party_add", 81, "party", party_add, no="ask remind search", shape=r"加|添|增|改成|换成|设为|作为|做|为|(?:投保人|被保险人|被保人|受益人|担保人|保证人|共借人|共同借款人)\s[CS\u4e00-\u9fff]"),
    rule("contract.plan", 78, "plan", plan, no="remind search", shape=r"(?:生成|建|做|列|排|拆|分).{0,6}(?:还款计划|缴费计划|分期|计划)|分\d+期|分[一二三四五六七八九十]+期|(?:还款|缴费|交费)计划"),
)
