"""Who is in a contract, and whose contracts the client is in: 被保险人 是 本人, 没有受益人; 是担保人."""

from __future__ import annotations

import re

from storage.conditions.facts import Op
from storage.conditions.party_facts import PATHS, Party, PartyOf, Role
from storage.conditions.tree import Not, Test
from storage.conditions.values import Unreadable
from storage.conditions.vocabulary import Vocabulary

_SELF = "(?:(?:客户|他|她|自己)?本人|自己)"
_OTHERS = "(?:别人|他人|其他人|另一个人|另有其人)"
_FOREIGN = r"(?P<foreign>(?:别人|他人|其他人|其他客户)的?)"
_CONTRACT = r"(?:(?:某|一)?[个份张笔]?(?:保单|合同|贷款|授信|租赁)的?)"
_IS = re.compile(
    rf"(?P<not>不)?(?:是|当|做|作为?|担任)过?{_FOREIGN}?{_CONTRACT}?(?P<role>.+?)(?:的客户|的)?"
)
_THERE = re.compile(r"(?P<way>没有?写?|未指定|未写|未填|无|有|指定了?|写了)\s*(?P<role>.+?)的?")
_COMPARED = re.compile(r"\s*(?P<op>不是|不为|!=|是|为|=|:|就是)?\s*(?P<who>.*)")
_EMPTY = ("为空", "是空", "没填", "未填", "没登记", "未登记", "没有登记")
_FILLED = ("不为空", "已填", "有登记", "已登记")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,30}|[A-Za-z][A-Za-z .·]{1,49}")
_BY_LAW = "法定"  # a beneficiary by law is noted in words, not as a party
WHICH = (
    "「{role}」请写清楚：是合同里的人就写「{role} 是 本人」「{role} 不是 本人」「{role} 为空」，"
    "是问客户自己就写「是{role}」。"
)
WHO = "「{role}」后面的「{who}」看不懂，没有筛选。可以写本人、别人，或一个姓名，例如「{role} 是 本人」。"


def which(text: str, vocabulary: Vocabulary) -> str | None:
    """What to write where a role stands alone: is it asked of the contracts, or of the client?"""
    role = vocabulary.roles.get(text)
    return WHICH.format(role=role.label) if role else None


def read_party(text: str, vocabulary: Vocabulary) -> Test | Not | None:
    """None where nothing of the kind is said. Raises Unreadable."""
    found = _read(text, vocabulary)
    if found is not None and (why := next(filter(None, map(vocabulary.hidden, PATHS)), None)):
        raise Unreadable(why)
    return found


def _read(text: str, vocabulary: Vocabulary) -> Test | Not | None:
    roles = vocabulary.roles
    if (found := _IS.fullmatch(text)) and (role := roles.get(found["role"])):
        fact = PartyOf(role, foreign=found["foreign"] is not None)
        test = Test(fact, "=", None, fact.label)
        return Not(test) if found["not"] else test
    if (found := _THERE.fullmatch(text)) and (role := roles.get(found["role"])):
        op: Op = "filled" if found["way"] in ("有", "指定", "指定了", "写了") else "empty"
        return _there(role, op)
    word = next((word for word in roles if text.startswith(word)), None)
    return _compared(roles[word], text[len(word):].strip()) if word else None


def _there(role: Role, op: Op) -> Test:
    return Test(Party(role), op, None, f"{role.label} {'为空' if op == 'empty' else '不为空'}")


def _compared(role: Role, rest: str) -> Test | None:
    if not rest:
        return None
    if rest in (*_EMPTY, *_FILLED):
        return _there(role, "empty" if rest in _EMPTY else "filled")
    found = _COMPARED.fullmatch(rest)
    if found is None or (found["op"] is None and not re.fullmatch(f"{_SELF}|{_OTHERS}", rest)):
        return None
    who, denied = found["who"].strip(), found["op"] in ("不是", "不为", "!=")
    if not who or who.startswith(_BY_LAW):
        return None
    if re.fullmatch(_OTHERS, who):
        who, denied = "本人", not denied
    himself = re.fullmatch(_SELF, who) is not None
    if not himself and not _NAME.fullmatch(who):
        raise Unreadable(WHO.format(role=role.label, who=who[:40]))
    told = f"{role.label} {'不是' if denied else '是'} {'本人' if himself else who}"
    return Test(Party(role), "!=" if denied else "=", None if himself else who, told)
