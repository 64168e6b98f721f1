"""Lending: 进件 陈记餐饮 借20万 12期 年化12%, 还款计划 T12, 催收 LN20250012, 催收记录 LN20250012 电话 承诺周五还5000,
给他发催收提醒, 给他妹妹打个电话, 租赁物 EX-03, 登记维保 EX-03 换液压泵 8000 下次9月."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.amounts import Amount
from handlers.language.intents import fills
from handlers.language.intents.adding import rate, terms
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence
from storage.model.normal import normalise

_ASKS = lazy(r"吗|么\W*$|没有?\W*$|[?？]|怎么|如何|为什么|什么是")
_INTAKE = lazy(r"(?:进件|贷款申请|借款申请)(?!的|了没|进度|情况|资料|材料)")
_FEE = lazy(r"(?:手续费|服务费|咨询费|担保费|评审费|费用)(?:共|一共|合计|是|为|:|\s)*$")
_MONTHLY = lazy(r"月息|月利率|月化|每月利率|日息|日利率")
_METHODS = {"equal_instalment": "等额本息", "equal_principal": "等额本金", "interest_only": "先息后本 到期还本"}
_PURPOSE = lazy(r"(?:用途|用于|用来|拿去)(?:是|为|:|\s)*(?P<what>[^\s,，。;；]{2,20})")
_BEGINS_LOAN = lazy(r"[\d年月]|借|贷|要|想|他|她|手续费|用途|等额|先息")
_PLAN = lazy(r"^\W*+(?:查?看?看?)?\s*+(?:t\s?(?P<a>\d{1,8})\s*的?还款计划|还款计划\s*:?\s*t\s?(?P<b>\d{1,8}))\W*$")

_CODE = r"[a-z]{1,5}-?\d{2,}[0-9a-z-]*"
_RECORD = lazy(r"催收(?:记录|登记)")
_CASE = lazy(rf"^\W*(?:登记|开|建|发起|转|启动)?(?:一?个)?催收(?:单|案)?\s*(?P<code>{_CODE})?\W*$")
_CASES = lazy(r"^\W*+(?:看看?|查看?|我的)?\s*+(?:催收(?:清单|列表|名单|单|案件|案)|(?:谁|哪些客户)在催收(?:中)?)\W*$")
_SHORT_NUMBER = lazy(rf"(?<![0-9a-z])(?!t\d)(?P<no>{_CODE})(?![0-9a-z])")
_LINE = lazy(r"\W*(?P<n>\d{1,2})(?=[\s,，、])")  # of the list of cases
_OPENS_RECORD = lazy(rf"(?>[\W的]|t\s?\d{{1,8}}|工单|{_CODE}|给|请|帮我?|麻烦|登记|录入?|记录?|新增|添加|加|补|写|一?[条个笔次])*")
_PROMISE = lazy(r"承诺|答应|保证|说好|约好|约定")
_BEGINS_RECORD = lazy(r"他|她|电话|微信|短信|上门|信函|邮件|面谈|承诺|答应|保证|联系|打|没|无人|拒|不|已|还|说|约|客户|借款人|对方|关机|停机|空号|今天|刚")
_TO_DEBTOR = lazy(r"(?:给|向|对).{0,14}(?:发|打|送).{0,6}催收|(?:发|打|送)(?:一?[个条份封])?催收(?:提醒|短信|通知|消息|电话|函)|催收(?:提醒|短信|通知|消息|电话|函).{0,4}(?:发|打|送)给")
_OTHERS = (
    r"(?:妹妹?|姐姐?|哥哥?|弟弟?|兄弟|姐妹|父母|父亲|母亲|爸爸?|妈妈?|老公|老婆|爱人|丈夫|妻子|媳妇|儿子|女儿|孩子|家里?人?|家属|亲戚"
    r"|朋友|同事|领导|老板|单位|公司|邻居|通讯录|紧急联系人|联系人)"
)
_TO_OTHERS = lazy(rf"(?:给|跟|和|找|联系(?:一下|了|过)?|打给|通知|告诉)\s*(?:他|她|对方|客户|借款人)?们?的?(?P<who>{_OTHERS})(?![\u4e00-\u9fff]?总)")
_REACHES = lazy(r"电话|打个?|发|联系|通知|告诉|催|找")

_ASSET = lazy(rf"^\W*+(?:看看?|查看?)?\s*+(?:租赁物|租赁设备)\s*:?\s*(?P<code>{_CODE})?\W*$")
_ASSET_FIELD = lazy(
    rf"^\W*(?:把|将)?\s*(?:租赁物|租赁设备)\s*:?\s*(?P<code>{_CODE})\s*的?(?P<field>状态|存放地点|地点|位置)\s*(?:改成|改为|变成|变为|换到|移到|是|为|:)?\s*"
    r"(?P<value>\S.*)$"
)
_UPKEEP = lazy(rf"^\W*+(?:登记|记录?|记一下)?\s*+(?:维保|保养|维护)\s*:?\s*(?P<code>{_CODE})\s*(?P<words>.*)$")
_ASSET_FIELDS = {"状态": "asset_state", "存放地点": "asset_place", "地点": "asset_place", "位置": "asset_place"}
_NEXT = lazy(r"下一?次(?:维保|保养)?(?:在|是|为|:|\s)*$")


def lending(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order about loans, collection and leased assets; None for any other sentence."""
    if s.role == "customer" or s.dialogue.pending == "form" or _ASKS.search(s.text):
        return None
    return _planned(s) or _collected(s) or _taken_in(s) or _kept_up(s)


# ---------------------------------------------------------------- loans


def _planned(s: Sentence) -> tuple[str, Slots] | None:
    found = _PLAN.match(s.text)
    return ("loan.plan", {"ticket_no": found["a"] or found["b"]}) if found is not None else None


def _taken_in(s: Sentence) -> tuple[str, Slots] | None:
    head = _INTAKE.search(s.text)
    if head is None or s.text[: head.start()].strip(" 给帮替为登记录入新增提交个一") not in ("", *_names(s)):
        return None
    fees = [amount for amount in s.amounts if _FEE.search(s.text[: amount.start])]
    sums = [amount for amount in s.amounts if amount.unit == "yuan" and amount not in fees]
    purpose = _PURPOSE.search(s.text)
    said = {
        "amount": fills.whole(sums[0].value) if sums else None, "terms": terms(s) or _months(s.text),
        "rate": None if _MONTHLY.search(s.text) else rate(s), "fee": fills.whole(fees[0].value) if fees else None,
        "method": next((name for name, words in _METHODS.items() if any(w in s.text for w in words.split())), None),
        "purpose": purpose["what"] if purpose is not None else None,
    }
    who = _whose(s, s.text[head.end() :], _BEGINS_LOAN) if not s.text[: head.start()].strip() else fills.client(s)
    return "loan.intake", fills.merged(who, fills.product(s), said)


_YEARS = lazy(r"(?<![\d年.])(?:(?P<n>[1-9]\d?|[一二两三四五])年(?P<half>半)?|(?P<only>半)年)(?!\d|化|利|前|后|底|初|内)")


def _months(text: str) -> int | None:
    """12 for 1年, 6 for 半年: an instalment a month, unless the number of them was said."""
    found = _YEARS.search(text)
    years = 0 if found is None or found["only"] else small(found["n"]) or 0
    return None if found is None else years * 12 + (6 if found["only"] or found["half"] else 0)


def _whose(s: Sentence, words: str, begins: Lazy) -> Slots:
    """The client that is named; one that nobody knows is not taken for the one in mind."""
    first = re.split(r"[\s,，:：]", words.strip(" ,，:：给"), maxsplit=1)[0]
    if s.clients or s.stranger or not first or begins.match(first):
        return fills.client(s)
    return {"client": first, "client_id": None, "clarify": "not_found"}


def _names(s: Sentence) -> list[str]:
    """The words that name the client."""
    return [s.text[c.start : c.end] for c in s.clients] + ([s.text[s.stranger.start : s.stranger.end]] if s.stranger else [])


# ---------------------------------------------------------------- collection


def _collected(s: Sentence) -> tuple[str, Slots] | None:
    if "催收" not in s.text:
        return None
    if (record := _RECORD.search(s.text)) is not None:
        return _recorded(s, record)
    if _CASES.match(s.text):
        return "collection.list", {}
    rest = s.text
    for name in _names(s):
        rest = rest.replace(name, "")
    found = _CASE.match(rest)
    if found is None:
        return None
    number = {"policy_no": found["code"].upper()} if found["code"] else {}
    return "collection.open", {**({} if number else fills.client(s)), **number}


def _recorded(s: Sentence, record: re.Match[str]) -> tuple[str, Slots] | None:
    """A contact with a debtor: through what, what he said, what he promised."""
    before = s.text[: record.start()]
    ticket = re.search(r"t\s?(\d{1,8})(?!\d)", before) or re.match(r"\W*t\s?(\d{1,8})(?!\d)", s.text[record.end() :])
    number = None if ticket else _SHORT_NUMBER.search(s.text)
    if _OPENS_RECORD.fullmatch(_bare(s, before)) is None:
        return None  # 听说有人写了催收记录: the words are spoken of
    cuts = [record.span(), *((c.start, c.end) for c in s.clients)]
    if ticket is not None:
        at = record.end() if ticket.string != before else 0
        cuts.append((ticket.start() + at, ticket.end() + at))
        which: Slots = {"ticket_no": ticket[1]}
    elif number is not None:
        cuts.append(number.span())
        which = {"policy_no": number["no"].upper()}
    elif (place := _LINE.match(s.text, record.end())) is not None and not before.strip():
        cuts.append(place.span())
        which = {"index": int(place["n"])}
    else:
        which = _whose(s, s.text[record.end() :], _BEGINS_RECORD) if not before.strip() else fills.client(s)
    others = _TO_OTHERS.search(s.text)
    return "collection.record", {
        **which, "content": fills.content(s, cuts), **_promised(s), **({"others": others["who"]} if others else {}),
    }


def _bare(s: Sentence, before: str) -> str:
    """What stands before the words, without the names."""
    for name in _names(s):
        before = before.replace(name, "")
    return before


def _promised(s: Sentence) -> Slots:
    """What follows 承诺: the day and the sum."""
    promise = _PROMISE.search(s.text)
    if promise is None:
        return {}
    day = next((s.when(e, times.REMIND) for e in s.points if e.start >= promise.start()), None)
    amount = next((a for a in s.amounts if a.start >= promise.start() and _is_money(a, s)), None)
    return {"promised": True, "due": day, "amount": fills.whole(amount.value) if amount is not None else None}


def _is_money(amount: Amount, s: Sentence) -> bool:
    taken = any(e.start <= amount.start < e.end for e in s.times)
    return not taken and (amount.unit == "yuan" or (amount.unit == "plain" and amount.value >= 100))


def pressing(said: str) -> str | None:
    """Whom words would have contacted about a debt: "debtor" where they speak of collecting, the word for somebody near a
    client where they would have that one contacted, which is only about a debt where there is one; None for others."""
    text = normalise(said).text
    if _TO_DEBTOR.search(text):
        return "debtor"
    others = _TO_OTHERS.search(text)
    return others["who"] if others is not None and _REACHES.search(text) else None


# ---------------------------------------------------------------- leased assets


def _kept_up(s: Sentence) -> tuple[str, Slots] | None:
    if (asset := _ASSET.match(s.text)) is not None:
        return ("asset.show", {"code": asset["code"].upper()}) if asset["code"] else ("asset.list", {})
    if (changed := _ASSET_FIELD.match(s.text)) is not None:
        value = s.said(*changed.span("value")).strip(" 。.!！")
        return "asset.update", {"code": changed["code"].upper(), "field": _ASSET_FIELDS[changed["field"]], "value": value}
    upkeep = _UPKEEP.match(s.text)
    if upkeep is None:
        return None
    after = [e for e in s.points if _NEXT.search(s.text[: e.start])]
    cost = next((a for a in s.amounts if a.start >= upkeep.start("words") and _is_money(a, s)), None)
    cuts = [(0, upkeep.start("words")), *((e.start, e.end) for e in after), *([(cost.start, cost.end)] if cost else [])]
    return "asset.maintain", {
        "code": upkeep["code"].upper(), "content": re.sub(r"\s*下一?次(?:维保|保养)?(?:在|是|为|:|\s)*$", "", fills.content(s, cuts)),
        "amount": fills.whole(cost.value) if cost else None, "due": s.when(after[0], times.DUE) if after else None,
    }
