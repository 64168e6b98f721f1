"""Orders and questions in a few words of their own: 冯国强交钱了, 催一下张敏, 陈静 流失 价格太高, 王芳 偏好 下午联系, 周敏这周看了谁."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.tales import orders

_PAID = lazy(r"^\W*C[\s,，]*(?>刚刚?|已经?|都|今天|又)*(?:交|付|给|打)(?:了)?(?:钱|款)(?:了|啦|过来了|来了)[\s。.!！]*$")
_NUDGE = lazy(r"^\W*(?:帮我|给我|请|麻烦)?催(?:一?下|一催|催)?\s*C(?:一下|吧)?[\s。.!！]*$")
_LOST = lazy(r"^\W*C[\s,，]*(?:客户)?(?:已经?)?流失(?:了)?[\s,，:：]+(?:原因|因为|是|[\s:：])*(?P<reason>[^\s?？][^?？]{1,40}?)[\s。.]*$")
_LIKES = lazy(r"^\W*C[\s,，的]*(?:联系)?偏好[\s:：,，是]*(?P<what>.{1,40}?(?:联系|沟通|打电话|来电|接电话|发微信|回微信|见面))[\s。.]*$")
_LOOKED = lazy(
    r"^\W*(?:审计|查一?下|看看?)?\s*(?P<who>[\u4e00-\u9fff]{2,4}?)\s*(?:都|最近|一共)*\s*(?:看|查|改|动|翻)(?:了|过)"
    r"(?:谁|哪些(?:客户|人|资料)?|哪几位(?:客户)?|什么(?:客户|人)?|多少客户)(?:的资料|的客户)?[\s。.?？]*$"
)
_ASKS = re.compile(r"[?？]|吗|没有?\W*$|是不是|谁|怎么|多少")
CONTACT_TIME = "contact_time"


def in_few_words(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of one of these; a question or a quotation is none of the orders."""
    if s.dialogue.pending in ("form", "text") or s.role == "customer":
        return None
    if s.role == "compliance" and (looked := _looked(s)) is not None:
        return "audit.lookup", looked
    if s.role not in ("adviser", "manager") or len(s.clients) != 1 or _ASKS.search(s.text):
        return None
    if _PAID.match(s.shape):
        return "premium.paid", {**fills.client(s), "unsure": True}
    if _NUDGE.match(s.shape):
        return "draft.message", fills.client(s)
    if (lost := _LOST.match(s.shape)) is not None and not orders(lost["reason"]):
        return "renewal.lost", {**fills.client(s), "reason": _tail(s, len(lost["reason"]))}
    if (likes := _LIKES.match(f"C{s.text[s.clients[0].end:]}")) is not None and CONTACT_TIME in s.lexicon.fields.values():
        return "client.update", {**fills.client(s), "field": CONTACT_TIME, "value": likes["what"].strip()}
    return None


def _looked(s: Sentence) -> Slots | None:
    """周敏这周看了谁: what a member looked at, in which days; his name is left in the text."""
    text = s.text
    for time in s.times[:1]:
        text = f"{text[:time.start]} {text[time.end:]}"
    if _LOOKED.match(text) is None:
        return None
    return {"range": fills.period(s.when(s.times[0], times.LOOK_BACK))} if s.times else {}


def _tail(s: Sentence, length: int) -> str:
    """The last words of the sentence, as many as the shape has there."""
    return s.text.rstrip(" 。.")[-length:].strip()
