"""Questionnaires of a client: 周凯 风险测评, 给周凯做个风险测评, 周凯 测评记录; and what would change their result by hand:
周凯 等级改成C5."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_BEFORE = lazy(r"^\W*(?:请|麻烦|帮我|我要|我想|现在)*(?:给|帮|替|为|请|让|跟|和|对)?\W*(?:(?:重新|再|开始|继续|接着)?(?:做|测|来)?(?:一?[次个份])?)?\W*$")
_ACT = lazy(r"^(?:要|想|来|进行|发起|做|开始|继续|接着|重新|重做|再|补|一?次|一?下|一?个|一?份|测|\s)*$")
_AFTER = lazy(r"^(?:一?下|一?次|吧|了|做|开始|继续|[\s。.!！~])*$")
_RECORD = lazy(r"^\s*(?:的)?(?:记录|历史|答卷|明细|回答|问卷|详情|结果明细)[\s。.?？]*$")
_SET = lazy(r"^\s*(?:的)?(?:(?:风险|风评|承受)+(?:等级|级别|能力)\s*(?:直接)?(?:(?:改|调|设|升|降|定|变更?)(?:成|为|到|至)|是|[:：])?|(?:等级|级别)?\s*(?:直接)?(?:改|调|设|升|降|定|变更?)(?:成|为|到|至))\s*(?P<to>[a-z]\d)(?:级)?[\s。.!！~吧]*$")


def assessing(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order about a questionnaire."""
    if s.role == "customer":
        return _of_his_own(s)
    if len(s.clients) != 1 or not s.lexicon.questionnaires:
        return None
    client = s.clients[0]
    before, after = s.text[: client.start], s.text[client.end:]
    if (to := _SET.match(after)) is not None and to["to"] in s.lexicon.results:
        return "client.update", {**fills.client(s), "field": s.lexicon.results[to["to"]], "value": to["to"].upper()}
    return _named(s, before, after)


def _of_his_own(s: Sentence) -> tuple[str, Slots] | None:
    """A client who wants to answer by himself: 风险测评, 我要做风险测评."""
    word = max((word for word in s.lexicon.questionnaires if word in s.text), key=len, default=None)
    if word is None:
        return None
    before, _, after = s.text.partition(word)
    if _BEFORE.match(before) and _AFTER.match(after):
        return "self.assessment", {"questionnaire": s.lexicon.questionnaires[word]}
    return None


def _named(s: Sentence, before: str, after: str) -> tuple[str, Slots] | None:
    for words in (after, before):  # 周凯 风险测评, 风险测评 周凯
        word = max((word for word in s.lexicon.questionnaires if word in words), key=len, default=None)
        if word is None:
            continue
        head, _, tail = words.partition(word)
        slots = {**fills.client(s), "questionnaire": s.lexicon.questionnaires[word]}
        other = before if words is after else after
        if _RECORD.match(tail) and not other.strip(" 查看的"):
            return "assessment.show", slots
        if _ACT.match(head) and _AFTER.match(tail) and _BEFORE.match(other):
            return "assessment.start", slots
    return None
