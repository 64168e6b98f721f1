"""Contacts and errands of one's own, told or planned by what is done with whom: 陪成总去柜台办了开户, 一小时后回电郑总.

What lies behind is noted, what lies ahead is to be reminded of. Only asked where no finer rule fires."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import mood, notes, reminders
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.meaning import HOUR_OF_PART
from handlers.language.sentence import Sentence
from handlers.language.tales import tells

# What one does with a client.
_MEETS = (
    r"打给C?|接(?:了)?电话|电话(?:打)?通了|去看了|看了看|来(?:了)?电话?|去了趟|跑了趟|去C(?:的)?(?:家|公司|单位|店|厂)(?:里|那)?(?:坐|聊|看|吃)|到C(?:的)?(?:公司|单位|家|店|厂|那)|(?:微信|电话)里?(?:说|讲)|跟我(?:说|讲)|电话[^,。]{0,6}没接|陪|上门|登门|拜访|回访|家访|走访|探望|看望|见(?:了|到|面|过|着|上)|碰(?:了|上|到|过)?(?:面|头)?|约(?:了|过|好|在|见)|吃(?:了|过)?(?:个|顿)?饭|喝(?:了|过)?(?:个|杯)?(?:茶|咖啡|酒)|聚|打(?:了|过|去|来)?[^,。]{0,4}电话|电话(?:联系|沟通|回访|里|聊)"
    r"|微信(?:联系|沟通|上|里|聊|回)|企微|视频|联系(?!方式|人|电话)|沟通(?!忌讳|偏好)|聊|谈|回(?:了|过)?(?:消息|信息|话|复|电)|来(?:了|过|到)?(?:一?趟|网点|店里?|行里|公司|柜台|柜面|办公室|找我|咨询)|到(?:了|过)?(?:店|网点|访|柜|行里)"
    r"|[送寄发递](?:了|过|去|完|给)|上门送|送(?:礼|东西|保单|合同|资料)|讲(?:了|过|解)|不在(?:家|公司|店)|没在|白跑|扑(?:了个)?空|放(?:了)?(?:我)?鸽子|爽约|演示|介绍(?:了|过)"
)
_MET = lazy(_MEETS)
# Signs that it is over, or how it went.
_OVER = lazy(r"[了过](?!去|来|期|户|敏|生日?)|刚|已(?!婚)|没(?!关系|事)|不(?=在|接|通|到|回|感|肯|愿|想)|说|感动|高兴|满意|犹豫|考虑|拒绝|挂(?:了|断)|未(?:接|回|读|果)|白跑|扑空|鸽子|爽约|让我|约不|问(?:了|起|到)")


_SAID = lazy(r"^\W*C(?:T|刚刚?|今天)?(?:在)?(?:微信|电话|短信)?(?:里|上|跟我|对我|和我|回我|回复)*(?:说|讲|表示)")  # what is said of a time to come
_DID_FIRST = lazy(r"[^,。;\s]{0,30}?[了过](?!去|来|期|户)[^,。;\s]{0,16}[,。;\s]")  # 去了趟马超公司，下个月出国
_NOT_MINE = lazy(r"^\W*(?:C|我)[:：]|^\W*等.{0,8}[再才]|别人|人家|[让叫]我(?:别|不)|别给我")  # a chat log, what is waited for, others


def met(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A contact of one's own that is over."""
    if mood.asks(s) or mood.reminding(s) is not None or mood.supposes(s) or (lies_ahead(s) and _SAID.search(s.shape) is None and _DID_FIRST.match(s.shape) is None) or tells(s.shape, "note.add"):
        return None
    if _NOT_MINE.search(s.shape) is not None:
        return None
    if (_MET.search(s.text) is None and _MET.search(s.shape) is None) or not _is_over(s) or notes.NOT_THEIRS.search(s.shape) is not None:
        return None
    return notes.note(s, match)


def _is_over(s: Sentence) -> bool:
    """By its words, or by a day that is past."""
    return _OVER.search(s.shape) is not None or any(s.when(e, times.LOOK_BACK).start[:10] < s.now.date().isoformat() for e in s.points)


def lies_ahead(s: Sentence) -> bool:
    """Are all times said still to come, also a later part of today?"""
    return bool(s.points) and all(_to_come(s, e) for e in s.points)


def _to_come(s: Sentence, expression: times.Expression) -> bool:
    found = s.when(expression, times.DUE)
    if found.part is not None and found.start[:10] == s.now.date().isoformat():
        return HOUR_OF_PART[found.part] > s.now.hour
    if not found.has_clock and found.end is None and found.start == s.now.date().isoformat():
        return _DONE.search(s.shape) is None
    return bool(found.start) and found.start > s.now.isoformat()


_DONE = lazy(r"[了过](?!去|来|期|户|生日?)|刚|已经|昨|没|不|嫌|说(?!明|一下)|感动|未")


def errand(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Something to be done for a client at a time to come."""
    if mood.asks(s) or mood.supposes(s) or not lies_ahead(s) or _DONE.search(s.shape) is not None or tells(s.shape, "reminder.create"):
        return None
    return reminders.create(s, match)


_TO_DO = r"(?>先|得|要|去|记得|务必|一定|再|还|需要?|\s)*"
_DOES = r"(?:给|跟|和|与|陪|带|约|见|找|催|回|送|接|请|帮|替|为|问|叫|通知|联系|拜访|回访|走访|看望|探望|打给|打电话给|发给|寄给|回电|致电|面见|面谈|走访|对接)"
_DEEDS = r"签|[发催送寄交缴续谈见约聊回拜]|道(?:个)?[歉喜贺生]|面[谈签]|体检|开户|打(?:个)?电话|吃饭|喝|取|办|拜访|到(?:店|网点)|过来|还款"
_MEETING = r"(?:开|参加|去|有|主持|线上|电话|视频)?(?:个)?(?:例|晨|早|晚|周|月|夕|季度|部门|全员|小组|经营|启动|总结|复盘|述职)?会(?:议)?(?![员计客不说儿有])|培训|面试|值班|考试|述职|体检|出差"
_NO = "ask list note cancel finish postpone draft wish claim create consent ticket"
RULES: tuple[Rule, ...] = (
    rule("note.add", 43, "client", met, no="remind create list", name="a contact of one's own", quiet=True),
    rule("reminder.create", 49, "time", errand, need="client", no=_NO, name="an errand", quiet=True,
         shape=rf"^\W*T(?:之前|以前|前|\s|,)*{_TO_DO}{_DOES}C|^\W*T(?:之前|以前|前|\s|,)*{_TO_DO}(?:给|跟|和|与|找|帮|替|为|陪|催|约)C|^\W*{_DOES}C[^,。]{{0,8}}T\W*$|^\W*T(?:之前|以前|前|\s|,)*{_TO_DO}把.{{1,12}}(?:送|发|寄|交|带|拿|转|递|给)(?:到|给|去|过去)*C|^\W*C(?:,|\s)*T(?:\s|,|之前|前|要|得|来|过来|去)*(?:{_DEEDS})"),
    rule("reminder.create", 47, "time", errand, no=_NO + " update tag tier handover delete export", name="what is to be done by a day", quiet=True,
         shape=r"^\W*T(?:之前|以前|前|\s|,)*(?:先|得|要|去|记得|务必|一定|必须)*(?:把|将)[^,。]{2,16}(?:出来|好|完|掉|过去|给[^,。]{1,4})\W*$"),
    rule("reminder.create", 48, "time repeating", errand, no=_NO + " who all stats team", name="a meeting", quiet=True, shape=rf"^\W*[TR](?:\s|,|要|有|得|去|还)*{_MEETING}[^,。]{{0,6}}\W*$"),
)
