"""Contracts that change: which field, to what; and which state a policy has come to."""

from __future__ import annotations

import re
from typing import Any

from handlers.language import when as times
from handlers.language.intents import fills, mood
from handlers.language.intents.adding import PAY_MODES, family, nearest, policy_money
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

# Which field a change is about; `pay_mode` also when only the new way of paying is said (改成月交).
_FIELDS: tuple[tuple[str, Lazy], ...] = tuple((name, lazy(words)) for name, words in (
    ("bank_card", r"扣款(?:卡|账户|账号)|缴费(?:卡|账户|账号)|(?:银行)?卡号|银行卡|扣费卡"),
    ("beneficiary", r"受益人?"), ("pay_mode", r"(?:缴费|交费|付款|缴|交|付)(?:方式|频率|频次)|(?:年|月|季|半年|趸)(?:交|缴|付)"),
    ("pay_years", r"(?:缴费|交费)(?:年限|期限|年期|期)"), ("sum_insured", r"保额|保障额度|额度"), ("due_date", r"(?:到期|续保|续费|缴费|交费|满期)(?:日期?|时间)|下次(?:缴费|交费|续保)|到期"),
    ("effective", r"(?:生效|起保|承保)(?:日期?|时间)?"), ("premium", r"保费|每年交|年交|年缴|月缴|月交|一年交"), ("policy_no", r"保?单号|合同号"),
    ("insurer", r"保险公司|承保公司"), ("insured", r"被保险?人"), ("holder", r"投保人"), ("address", r"地址"), ("phone", r"电话|手机"), ("product", r"险种|产品名"),
))
_CHANGE = lazy(r"改|换|变更|变成|变为|更新|更正|修正|修改|调(?!出)|升(?!级)|降(?!级)|提(?:高|升|到)|[加减增涨缩]加?[到至]|订正|填(?:错|成|为)|写错|录错|记错|应该是|不是.{1,12}是")
_NEW_VALUE = lazy(r"(?>改成|改为|换成|变成|变更为|变更成|更新为|更新成|更正为|修改为|修正为|调到|调成|调为|调整到|调整为|[涨升提加减降调][高整]?[到至]|改到|换|改|应该是|是|为|到|:)+\s*(?P<v>[^,。;!?]+?)(?:了|吧|一下|哈|啊|哦|谢谢)*\W*$")
_STATUS: tuple[tuple[str, Lazy], ...] = tuple((name, lazy(words)) for name, words in (
    ("surrendered", r"退保(?!金|能|会|要|多)|退掉|退了(?!休)|退单|已退|犹豫期内?退|解约|解除合同|退成功"),
    ("active", r"复效|恢复(?:效力|有效|正常)?|^(?=.*(?:失效|断[了交缴保供]|脱保|中止|停效|状态)).*(?<!没)续上|(?:改|标|更新|调|变)(?:回|成|为)+(?:有效|正常|生效|在保)|生效了|重新生效"),
    ("suspended", r"中止|停效|停保|效力暂停|暂停(?:效力|保障)"),
    ("lapsed", r"失效|断交|断缴|断了?保|断供|脱保|脱了保|过了宽限期|停缴"),
    ("matured", r"满期|期满|领完满期金"), ("expired", r"(?<!没)(?:已经?)?(?:到期了|过期了|终止|到期(?=\W*$|[,\s])|(?:改|标|更新)(?:成|为)到期)"),
))
_NO_FACT = lazy(r"(?:想要?|(?<!不)要(?!改|标|更|了)|打算|考虑|准备|犹豫(?!期)|闹着?|嚷嚷着?|琢磨|说是?要|问|以为|担心|怕|差点|没|未|别|不想|不要|先不|不会|可能|也许|估计|快|将|马上|即将|劝|建议)[^,。\s]{0,6}(?:退|失效|断|中止|满期|到期|停)|(?:退保|失效|断[交缴保])(?:金|的话|会|能|后果|风险|之前|前)")


_SUPPOSED = lazy(r"(?:到期|过期|失效|退保?|断[交缴保]|满期)了吧\W*$|(?:明天|后天|大后天|下个?(?:周|月|星期|礼拜)|过[几两]天|马上|快)(?:就|要|会)*(?:到期|过期|失效|满期)")


def status_of(text: str) -> str | None:
    """The state a policy has come to, not one that is wished, feared or near."""
    if _NO_FACT.search(text) is not None or _SUPPOSED.search(text) is not None:
        return None
    said = re.search(r"(?:改成|改为|改回|标成|标为|标记为|更新为|更新成|变成|调成|置为)(?P<v>[^,。]{2,6})", text)
    if said is not None:
        named = next((name for name, words in _STATUS if words.search(said["v"])), None) or {"有效": "active", "正常": "active", "生效": "active", "到期": "expired", "过期": "expired"}.get(said["v"].strip()[:2])
        if named is not None:
            return named
    return next((name for name, words in _STATUS if words.search(text) is not None), None)


def named_field(text: str) -> str | None:
    """The contract's field that a change speaks of."""
    return next((name for name, words in _FIELDS if words.search(text) is not None), None)


def policy_update(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """`field` and `value`, and the value once more under the field's own slot."""
    name = named_field(s.text)
    slots = fills.merged(fills.client(s, needed=not s.has("policy_no")), fills.product(s), fills.number_of(s))
    status = status_of(s.text)
    if name in {None, "effective", "due_date", "policy_no"} and status is not None and not (name and s.points and _CHANGE.search(s.text)):
        date = {"date": s.when(s.points[0], times.LOOK_BACK)} if s.points else {}
        return fills.merged(slots, {"status": status, "field": "status", "value": status}, date)
    if name is None or _CHANGE.search(s.text) is None:
        return None
    value, own = _new_value(s, name)
    return fills.merged(slots, {"field": name, "value": value}, own, {"clarify": "value"} if value is None else {})


def _new_value(s: Sentence, name: str) -> tuple[Any, Slots]:
    """The value as the change handler reads it, and the slot of language.md."""
    if name in {"premium", "sum_insured"}:
        found = policy_money(s)
        money = found.get(name) or fills.money(s, any_role=True) or next((fills.whole(a.value) for a in reversed(s.amounts) if a.unit == "plain"), None)
        several = [fills.whole(a.value) for a in s.amounts if a.unit in {"yuan", "plain"}]
        money = several[-1] if len(several) > 1 else money  # 从5200改成5300
        return money, {name: money}
    if name in {"due_date", "effective"}:
        when = (s.when(s.points[-1], times.DUE) if name == "due_date" else nearest(s, s.points[-1])) if s.points else None
        return (when.start if when else None), {"due" if name == "due_date" else "effective": when}
    said = _NEW_VALUE.search(s.text)
    value = s.said(*said.span("v")).strip() if said is not None else None
    if name == "pay_mode":
        mode = fills.word_in(PAY_MODES, said["v"] if said is not None else "") or fills.word_in(PAY_MODES, s.text)
        return value or mode, {"pay_mode": mode}
    if name == "pay_years":
        years = re.search(r"(\d{1,2})年", value or "")
        return value, {"pay_years": int(years[1]) if years else None}
    return value, {name: value}


_ORDERED = lazy(r"(?:你|帮我|麻烦|请|给他|给她)?把状态(?:改|更新|换|调)|(?:状态)(?:改|更新|换|调)(?:一?下|过来)|[\s,](?:帮我|请)?(?:改|更新)一?下?状态")  # …他说不要了已经退保了你把状态改一下


def changed(s: Sentence) -> bool:
    """Does the sentence order a contract's change, or tell of one that happened?"""
    return mood.memo(s, "changed", _changed)


def _changed(s: Sentence) -> bool:
    if mood.asks(s) or mood.supposes(s) or mood.reminding(s) or s.has("quote", "claim") or re.search(r"C\s*:", s.shape):
        return False
    if family(s) != "policy" and not s.has("policy_no") and re.search(r"(?:扣款|缴费|扣费)(?:卡|账户|账号)", s.text) is None:
        return False
    if (_ORDERED.search(s.text) is None and re.search(r"(?:他|她|客户|领导|同事|老板)(?:说|问|要|想|让)", s.text)) or re.search(r"(?:想|要|打算|考虑|准备|问|说)[^,。]{0,3}(?:改|换|退|调|加|降)", s.text):
        return False
    if named_field(s.text) is not None and _CHANGE.search(s.text) is not None:
        return s.has("money", "time", "policy_no") or _NEW_VALUE.search(s.text) is not None
    return status_of(s.text) is not None

