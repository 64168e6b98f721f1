"""微信客服: 回复 王芳 您好…, 王芳 客服, 客服待回复, 客服接待 李想, 解除绑定 王芳.

What follows the name after 回复 is somebody's words to a client. They are kept as they were typed and never read:
no slip of the tongue, no courtesy and no second order is looked for in them."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_REPLY = lazy(r"^\W*+(?:微信)?(?:客服)?回复(?:一下|给)?\s*[:：]?\s*(?P<who>[^\s,，:：。！!？?]{1,12})(?:[\s,，:：]+(?P<words>\S[\s\S]*))?$")
_DONE_HEAD = lazy(r"^[了过]")
_DONE_TAIL = lazy(r"(?:[了过]+(?:吗|没有?|么|嘛)|[吗么])$")
_DONE = lazy(r"^(?:(?:了|过了?)(?:吗|没有?|么|嘛)|[吗么了])\W*$")
_TALK = lazy(
    r"^\W*+(?:查看|看看|看一下|查|看)?\s*(?:(?P<who>(?!微信)[^\s,，:：。！!？?]{1,12}?)\s*+的?\s*)?(?:微信)?客服(?:的)?"
    r"(?:消息|留言|记录|对话|会话|聊天记录)?(?:\s+(?P<whose>[^\s,，:：。！!？?]{1,12}))?\W*$"
)
_TITLE = lazy(r"(?:女士|先生|小姐|老师|[姐哥总您你])$")
_WAITING = lazy(
    r"^\W*+(?:查看|看看|查|看)?\s*(?:(?:微信)?客服(?:里|的|还)?(?:待回复|未回复|没回复|没回)(?:的)?(?:留言|消息|客户)?"
    r"|(?:待回复|未回复|没回复)的?(?:微信)?客服(?:留言|消息)?|待回复)\W*$"
)
_SERVICER = lazy(
    r"^\W*+(?P<stop>取消|停止|撤销|不再)?\s*客服接待(?:人|人员)?\s*[:：]?\s*(?:(?:改为|改成|换成|是|给)\s*)?(?P<who>[^\s,，:：。！!？?]{0,12})\W*$"
)
_UNBIND = lazy(
    r"^\W*+(?:解除|取消|作废|撤销)(?:客户)?(?:的)?(?:身份)?(?:绑定|核实|验证)\s*[:：]?\s*(?P<who>(?!微信)[^\s,，:：。！!？?]{1,12})\W*$"
    r"|^\W*+(?P<whose>(?!微信)[^\s,，:：。！!？?]{1,12}?)\s*的?(?:解除|取消|作废|撤销)(?:身份)?(?:绑定|核实|验证)\W*$"
    r"|^\W*+(?:解除|取消|作废|撤销)\s*(?P<of>(?!微信)[^\s,，:：。！!？?]{1,12}?)的(?:身份)?(?:绑定|核实|验证)\W*$"
)
_WHO_SERVES = lazy(r"谁|哪|[吗么呢没]$")


def head_of(text: str, role: str) -> tuple[str, str] | None:
    """(who, the words) of an answer to a client, "" when there are none; None for any other text."""
    match = _REPLY.match(text) if role != "customer" else None
    if match is None or match["who"].isdigit():
        return None
    return match["who"], (match["words"] or "").strip()


def replying(s: Sentence, who: str, words: str) -> tuple[str, Slots] | None:
    """The answer of which `s` is the head; None where it names nobody, and so is none.

    王芳妈妈 is not 王芳: of a longer name than is known, nobody is found."""
    named = _named(s)
    if not named:
        return None
    if _asks(named, who, words):
        return "kf.talk", fills.client(s)
    if named == _TITLE.sub("", who) or not words:
        return "kf.reply", {**fills.client(s), "words": words}
    return "kf.reply", {"client": who, "client_id": None, "clarify": "not_found", "words": words}


def _asks(named: str, who: str, words: str) -> bool:
    """Whether it is asked, or told, that somebody was answered (回复了王芳吗, 回复 王芳 了吗): no words to a client."""
    if who.startswith(named):
        return bool(_DONE.match(words) or _DONE_TAIL.search(who[len(named) :]))
    return bool(_DONE_HEAD.match(who))


def _named(s: Sentence) -> str:
    """The first name of the sentence, known or not, as it was typed."""
    found = s.clients[0] if s.clients else s.stranger
    return s.normal.said[found.mention.start : found.mention.end].strip() if found is not None else ""


def serving(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of what else is said about 微信客服; None for any other sentence."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    if match := _SERVICER.match(said):
        if _WHO_SERVES.search(match["who"]):
            return "kf.servicer", {"who": "", "stop": False}
        return "kf.servicer", {"who": match["who"], "stop": bool(match["stop"])}
    if match := _UNBIND.match(said):
        if _named(s) == (match["who"] or match["whose"] or match["of"]):
            return "kf.unbind", fills.client(s)
        if match["who"]:
            return "kf.unbind", {"client": match["who"], "client_id": None, "clarify": "not_found"}
    if _WAITING.match(said):
        return "kf.waiting", {}
    match = _TALK.match(said)
    if match is None:
        return None
    who = (match["who"] or match["whose"] or "").strip()
    if who and who != _named(s):
        return None
    slots = fills.client(s, needed=False)
    return ("kf.talk", slots) if slots else None
