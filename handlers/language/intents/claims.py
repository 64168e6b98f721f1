"""Claims: what is asked, what happened and is to be reported, how a claim that runs has moved."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills, mood
from handlers.language.intents.contract_fields import asked_field
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CLAIM_STATUS

_CLAIM_PRODUCT = {"重疾险": "癌 重疾 肿瘤 心梗 脑梗 白血病 恶性 中风 尿毒症", "车险": "车 追尾 剐蹭 刮 撞 交通事故", "意外险": "意外 摔 烫伤 烧伤 骨折 狗咬 猫抓 溺水 扭伤 崴",
                  "医疗险": "住院 手术 门诊 阑尾 医药费 报销 住了院", "家财险": "漏水 火灾 失窃 被盗 着火 水管 爆裂 进水"}
_PROFIT = lazy(r"(?:赚|挣|涨)[^,。]{0,4}(?:还是|或)[^,。]{0,2}[赔亏跌]|[赔亏]了?(?:还是|或)[^,。]{0,2}(?:赚|挣)|(?:理财|基金|股票|定投|私募)[^,。]{0,6}赔(?:了|钱|没)")
_SUBJECT = lazy(r"等打款|理赔|理陪|赔案|报[^,。]{0,5}案|出险|案子|案件|拒赔|赔款|赔付|索赔|定损|核赔|保司|报的案|赔(?!不是)|cl-?\d{3,}|车损|核损|查勘|保险公司|\bclaim\b")
_ACCIDENT = lazy(
    r"追尾|车祸|碰(?!面|头|上|巧)|擦|摔|骨折|撞|剐|刮|蹭|出事|事故|住院|进院|住了院|手术|开刀|确诊|查出|癌|肿瘤|心梗|脑梗|中风|烫|烧伤|着火|火灾|失火|漏水|爆裂|进水|泡水|被盗|失窃|被偷|偷了|砸|猝死|去世|身故|过世|溺水|咬|扭伤|崴|割伤|切到|夹到|急诊|抢救|阑尾|肺炎|住的(?:医?院)|水淹|被淹|淹了|出险|翻车|自燃|划痕|划了|倒了|冰雹|暴雨|断了"
)
_REPORT = lazy(r"报(?:个|一?下|一个|了)?案(?!子|件|进|了没)|报(?:一?下|个)?\S{0,4}(?:理赔|险|保险|意外|重疾|医疗)|(?:险|意外|医疗|重疾)[^,。]{0,2}报(?:一?[个下笔]|上(?!去|来))|(?:申请|发起|提交?|启动|办|走|做|登记?|开|立|要|帮\S{0,3}|弄|录|新建|建)(?:一?[个下笔])?(?:\S{0,6}险)?(?:的)?(?:理赔|理陪|索赔|赔案)|立(?:一?个)?[^,。]{0,6}案(?!件)|走\S{0,8}险|登记|登个|报备|理赔(?:登记|申请|录一下|报一下|走起|起来)|出险了")
_NOT_YET = lazy(r"报(?:过|的|完)案|报了案")
_STATUS: tuple[tuple[str, str], ...] = (
    ("reviewing", r"(?:进入|正在|开始|转入?|还在|在)[^,。]{0,3}(?:审|核|查勘|调查)"),
    ("rejected", r"拒赔|被?拒(?:了|掉|付)|不(?:予|给)?赔|驳回|打回来?了|没(?:批|过|通过)|不予|不承担"),
    ("closed", r"结案|结掉|撤案|撤了|撤回|销案|关闭|关了|了结|案子?结|不追了"),
    ("need_docs", r"(?:补|缺|差|少|欠)(?!了没)[^,。]{0,8}(?:材料|资料|件|单|报告|证明|发票|病历|记录|复印|身份|原件|清单|小结|照片|票|表|书|卡)|补件|补交|补传|要补|材料不(?:齐|全|够)|资料不(?:齐|全|够)"),
    ("paid", r"(?<!等)(?<!待)(?<!催)打款|打过来|打到|打进|打给|转到|汇到|到账|到帐|赔付(?:了|完|到)|赔款(?:到|下来|收)|赔(?:了|下来|到手|完了?|给)|已赔|钱(?:已经|都)?(?:到了|下来了|收到)|款[^,。]{0,8}(?:到了|下来|收到|打(?:了|过来|给))|打了(?=[\d一二两三四五六七八九十])|(?:理赔|案子)下来了|汇过来|转过来|付了"),
    ("approved", r"(?:审核|核赔|审批|保司|公司|案子|理赔|复核|审)?(?:已经|都)?(?:批|审核?|核赔?|通)(?:批|核)?(?:过|通过|下来|准|了)|同意赔|通过"),
    ("submitted", r"(?:材料|资料|单据|东西|单子|手续|发票|病历)[^,。]{0,6}(?:交|齐|递|寄|传|发|给|备)|(?:交|递|寄|提交|上传|补|传|发)(?:齐|上去|过去|完|好|了|到)[^,。]{0,6}(?:材料|资料|单据|手续|发票)?|已?提交|报上去|齐了|递交|补齐"),
    ("reviewing", r"审核|在审|开始审|审着|受理|初审|复审|调查|立案|查勘|核实|审理|核赔中"),
)


_HANDED_IN = lazy(r"(?:补|交|传|寄|发|递)(?:了|好|齐|全|上去|过去|完)[^,。]{0,10}(?:材料|资料|证明|单|报告|病历|票|件|原件|照片|手续|交上去|寄出)|(?:材料|资料|证明|单据|报告|病历|发票|手续)[^,。]{0,6}(?:补|交|传|寄|发|递|备)(?:了|好|齐|全|上去|过去|完)")
_STILL_LACKING = lazy(r"(?:还|又|仍|要|需|得|让|叫|通知)(?:要|再|得|他|她|客户|我们?)*(?:补|差|缺|少|交)|打款|到账|拒|批了|通过|结案")


def subject(s: Sentence) -> bool:
    """Does the sentence speak of a claim?"""
    return mood.memo(s, "claim", lambda x: _SUBJECT.search(x.text) is not None and _PROFIT.search(x.text) is None)


def claim_lookup(s: Sentence, match: re.Match[str] | None) -> Slots:
    name = asked_field("claim", s.text)
    return fills.merged(fills.each(s, needed=not claim_no(s)), fills.product(s), claim_no(s), {"field": name})


def claim_create(s: Sentence, match: re.Match[str] | None) -> Slots:
    product = fills.product(s) or {"product": fills.word_in(_CLAIM_PRODUCT, s.text)}
    points = [e for e in s.points if not set(e.slots) <= {"year"}]
    date = {"date": s.when(points[0], times.LOOK_BACK)} if points else {}
    told = fills.content(s, [(c.start, c.end) for c in s.clients], _CLAIM_WORDS)
    return fills.merged(fills.client(s), product, date, {"amount": _amount(s), "content": told or None})


_CLAIM_WORDS = lazy(r"帮(?:他|她|我)?报(?:个)?案|申请理赔|登记一下|报(?:个)?案")


def _amount(s: Sentence) -> float | int | None:
    found = fills.money(s, any_role=True)
    return found if found is not None else next((fills.whole(a.value) for a in s.amounts if a.unit == "plain" and a.value >= 100 and not 1990 <= a.value <= 2100), None)


def status_of(text: str) -> str | None:
    """The state that a running claim has come to."""
    said = re.search(r"(?:状态|进度)?(?:改成|改为|更新为|更新成|变成|标成|标为|调成|置为|改)(?P<v>[^,。]{2,8})$", text)
    if said is not None and (named := _first(said["v"])) is not None:
        return named
    return _first(text)


def _first(text: str) -> str | None:
    if _HANDED_IN.search(text) is not None and _STILL_LACKING.search(text) is None:
        return "submitted"
    return next((name for name, words in _STATUS if re.search(words, text) is not None), None) or fills.word_in(CLAIM_STATUS, re.sub(r"[等待催]打款", " ", text))


_WHY = lazy(r"(?:原因|为什么|为啥|理由)(?:呢|啊|是啥|是什么|\W)*$")


def claim_update(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    status = status_of(s.text)
    if status is None or _WHY.search(s.text) is not None:
        return None  # 理赔 被拒 原因 asks
    date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
    return fills.merged(fills.client(s, needed=not claim_no(s)), fills.product(s), claim_no(s), {"status": status, "amount": _amount(s)}, date,
                        {"content": s.normal.said.strip()})


def claim_no(s: Sentence) -> Slots:
    return next(({"claim_no": p.value} for p in s.protected if p.kind in {"ticket_no", "policy_no", "number"}), {})


def act(s: Sentence) -> str:
    """lookup, create, update or "" by what the sentence tells of a claim."""
    return mood.memo(s, "claim_act", _act)


def _act(s: Sentence) -> str:
    text = s.text
    numbered = re.match(r"cl?\d", str(claim_no(s).get("claim_no", "")).lower()) is not None
    about = numbered or subject(s)
    if not (about or _REPORT.search(text)) or not (s.has("who", "focus") or numbered) or mood.reminding(s):
        return ""
    accident = _ACCIDENT.search(text) is not None
    if mood.asks(s) or mood.supposes(s):
        return "lookup" if about else ""
    if re.search(r"工单|投诉|客诉", text):
        return ""
    report = _REPORT.search(text) is not None and _NOT_YET.search(text) is None
    if report and (accident or re.search(r"报\S{0,2}案|立\S?案|理赔|理陪|出险|走\S{0,8}险", text)) and not re.search(r"(?:材料|资料)\S{0,4}(?:交|齐|递)|补件|拒赔|打款|到账|状态", text):
        return "create"
    if about and s.has("who", "focus", "ticket_no", "policy_no") and _moved(s):
        return "update"
    if about and accident and s.has("time", "money") and _TALK.search(text) is None:
        return "create"  # 江总9月10号住的院 医疗险理赔 花了一万三
    return ""


_TALK = lazy(r"(?:想|问|说|打算|要不要|怎么|咨询|觉得|嫌|担心|催)")


def _moved(s: Sentence) -> bool:
    """Has the claim moved on, by the insurer or by papers, or is its state said to be changed?"""
    return _first(s.text) is not None and _TALK.search(_INSURER_SAYS.sub("", s.text)) is None


_INSURER_SAYS = lazy(r"(?:保司|保险公司|核赔|理赔(?:那边)?(?=说)|理赔员|理赔部|公司)(?:那边|那里|今天|刚)?(?:来电|打电话)?(?:说|通知)")  # 保司说还要补病历 is how it stands


def _when_act(wanted: str, fill: Fill) -> Fill:
    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return fill(s, match) if act(s) == wanted else None
    return filled


def _reported(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Something that happened, or the order to report it: 理赔进度 alone reports nothing."""
    return claim_create(s, match) if _ACCIDENT.search(s.text) is not None or _REPORT.search(s.text) is not None else None


RULES: tuple[Rule, ...] = (
    rule("claim.lookup", 70, "claim", claim_lookup, need="ask", no="remind draft team stats ticket_list", shape=r"[CSN]|案"),
    rule("claim.lookup", 84, "client", claim_lookup, no="remind draft team loan product_loan", name="what is still lacking", shape=r"C(?:那边|那里|的)?还?(?:差|缺|少)(?:着)?(?:什么|啥|哪些)[^,。]{0,4}(?:没[交补]|[要得][交补])"),
    rule("claim.lookup", 66, "claim", claim_lookup, no="remind draft team note list", shape=r"(?:理赔|案子|案件|赔案)(?:的)?(?:进度|情况|状态|进展|记录)|(?:查|看).{0,6}(?:理赔|案)|claim.{0,8}(?:进度|状态|情况|status)"),
    rule("claim.lookup", 83, "who focus policy_no ticket_no number", _when_act("lookup", claim_lookup), no="team stats", name="a claim is asked about", quiet=True),
    rule("claim.update", 83, "who focus policy_no ticket_no number", _when_act("update", claim_update), name="a claim has moved", quiet=True),
    rule("claim.create", 83, "who focus policy_no ticket_no number", _when_act("create", claim_create), no="ticket", name="a claim is reported", quiet=True),
    rule("claim.update", 75, "claim", claim_update, no="ask remind draft", need="who", shape=r"(?:提交|补(?:材料|资料|件)|拒赔|被拒|被驳|驳回|批了|通过|结案|到账|打款|赔付|赔了|已赔|审核|受理|撤案|材料齐|资料齐|缺)"),
    rule("claim.update", 74, "claim", claim_update, no="ask remind draft", need="ticket_no"),
    rule("claim.create", 68, "claim", _reported, need="who", no="ask remind draft list stats", shape=r"报案|出险|确诊|理赔|赔|事故|住院|摔|撞|追尾|骨折"),
    rule("claim.create", 69, "any", claim_create, need="client", no="ask remind draft list note", shape=r"(?:追尾|车祸|碰(?!面|头|上|巧)|擦|摔伤|骨折|被撞|撞了|剐蹭|出事故|住院了?).{0,12}(?:报个?案|理赔|报一下|登记)"),
)
