"""Follow-up notes: what was ordered to be written down, and a contact of one's own that is told of without an order.

刚跟王姐通了电话，她说年底再买 is a note: the speaker was there. What somebody else told, what is only known or supposed of a
client (王姐的女儿要结婚了) is none until it is ordered (…记一下)."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.language import when as times
from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.tales import clauses, orders

_PLEASE = r"(?:帮(?:我|忙)?|请|麻烦你?|你|给我|替我|在系统里?|系统里?)*+"
_NOTE_WORDS = lazy(
    rf"{_PLEASE}(?:(?<![笔忘标登])记(?!得|性|账|者|忆|不)录?(?:着点?|住点?|一?(?:下|笔|条|个|上)?(?:来|了)?(?:跟进|拜访|回访|电话|备注|记录)?)(?:她|他|到|在)?(?:名下|头上|档案里?|客户档案)?|记录一?(?:下来?|条|笔)?"
    r"|(?:加|写|做|录|存|补|添|留|打|上)(?:个|一?条|一?笔|一?下|好|上)?(?:客户)?(?:跟进|拜访|回访|电话|沟通|面访)?(?:备注|跟进|记录|纪要|笔记|底|档|记号)(?:吧|哈|呗)?"
    r"|备注(?:一?下|上)?|备忘(?:一?下)|跟进[:,]|跟进记录|补记一?下?|登记一下|拜访记录|记下来?|记上|存一?下|录一?下|录系统|录进系统|follow\s?-?up\s*:?|note\s*:|memo\s*:)(?:[:,，]|，)*+"
)
_KINDS = {"call": "来电 去电 通话 通了电话 打了电话 打过电话 打了个电话 打完电话 电话沟通 电话里 电话联系", "wechat": "微信回 微信说 微信上", "visit": "拜访了 上门了 家访 面访"}
# Only when the sentence tells of something that happened: 喜欢喝茶 is no meeting.
_KINDS_DONE = {"call": "打电话 电话", "wechat": "微信", "visit": "拜访 上门 登门 走访", "meeting": "见面 面谈 见了 吃饭 喝茶 开会 约见 来店 来公司 聊了"}


def note(s: Sentence, match: re.Match[str] | None) -> Slots:
    """What was said or done, when, and the next date that was agreed."""
    past, following = _note_times(s)
    cuts = [m.span() for m in _NOTE_WORDS.finditer(s.text) if not any(m.start() < c.end and c.start < m.end() for c in s.clients)]  # 陈记餐饮
    addressed = re.match(r"\W*(?:给|把|帮|替|跟进|回访|拜访)[\s:,]*$", s.text[:s.clients[0].start]) if s.clients else None
    if addressed is not None:
        cuts.append((0, s.clients[0].end))
    text = fills.content(s, cuts)
    if s.clients:
        named = s.clients[0]
        whole = next((said for said in (s.said(named.start, named.end), named.mention.text) if text.startswith(said)), "")
        text = text[len(whole):].strip(" ,，。:：的") if whole else text
    slots: Slots = {"content": text or None, "kind": _kind(s)}
    if past is not None:
        slots["date"] = s.when(past, times.LOOK_BACK)
    if following is not None:
        slots["next"] = s.when(following, times.REMIND)
    return fills.merged(fills.client(s), slots, fills.missing(text))


def _wished_well(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """王芳今天的生日我当面祝福过了: a contact, which answers the reminder of the birthday. Of another day it tells nothing of
    this one."""
    if any(s.when(e, times.LOOK_BACK).start[:10] != s.now.date().isoformat() for e in s.points):
        return None
    return {**note(s, match), "occasion": "birthday"}


# Kinds of time that name a day; 今年 in a note is no date of the contact.
_DAYS = frozenset({"day", "week", "md", "mday", "ymd", "lunar", "festival", "duration", "clock", "part", "workday", "term", "nth"})


def _kind(s: Sentence) -> str:
    done = fills.word_in(_KINDS_DONE, s.text) if s.has("happened", "past") else None
    return fills.word_in(_KINDS, s.text) or done or "note"


def _note_times(s: Sentence) -> tuple[times.Expression | None, times.Expression | None]:
    past: times.Expression | None = None
    following: times.Expression | None = None
    today = s.now.date().isoformat()
    for expression in s.points:
        if not expression.slots.keys() & _DAYS:
            continue
        back, ahead = s.when(expression, times.LOOK_BACK), s.when(expression, times.DUE)
        before = s.text[max(0, expression.start - 4):expression.start]
        after = s.text[expression.end:expression.end + 6]
        is_next = re.search(r"下次|约|再|说好|改", before) or re.match(r"再|约|见|联系|去|给|签", after) or _is_promised(s, expression)
        if ahead.start and ahead.start[:10] > today and (is_next or back.start == ahead.start):
            following = following or expression
        elif back.start and back.start[:10] <= today:
            past = past or expression
    return past, following


_PROMISES = lazy(r"(?:说|讲|答应|承诺|保证|同意|打算|准备|计划)(?:好|过|了|是|他|她|会|要|自己|最迟|最晚|\s|,)*$")


def _is_promised(s: Sentence, expression: times.Expression) -> bool:
    """她说周五还5000: what is still to be done on that day; 她说周五还了 is over."""
    return _PROMISES.search(s.text[:expression.start]) is not None and _TO_DO.match(s.text, expression.end) is not None


# What is still to be done on a day that an answer names; 周五聊了, 周五打的 is over, 7月10日到期 is a fact.
_TO_DO = lazy(r"[^,。;!?]{0,6}?(?:再|打|联系|约|见|聊|谈|签|沟通|回访|拜访|面[谈访]|跟进|[回答]复|回话|看|[回来去]电|给|过来|来|去|到|办|缴|交|付|还|续|买|投|上门|寄|送|发(?=[给过资])(?!工资)|定)(?![^,。;!?]{0,3}[了过完的])")
_AGAIN = lazy(r"(?:份|底|初)?[\s,]*再")
_ALONE = lazy(r"(?:左右|前后?|之前|以前|吧|\W)*$")
_NEAR = timedelta(days=183)  # 6月8日 on the 9th of June is yesterday and not next year
_AGREED = lazy(r"(?:下次|改(?:到|在|成)?|约(?:好|定|在|了)?|推到|说好|等到?|定(?:在|于)|再(?:联系|打|聊|谈|约))(?:是|在)?\s*$")


def agreed(s: Sentence) -> Slots:
    """`next` of an answer about a contact: the last day to come on which something is to be done (下周三再打, 周五签)."""
    for expression in reversed(s.points):
        if not expression.slots.keys() & _DAYS and _AGAIN.match(s.text, expression.end) is None:
            continue
        found = s.when(expression, times.REMIND)
        near = found.problem == "impossible" or found.date - s.now.date() < _NEAR
        alone = near and _ALONE.match(s.text, expression.end) and not s.has("paid")
        coming = found.problem == "impossible" or found.start[:10] > s.now.date().isoformat() or (found.has_clock and found.start > s.now.isoformat())
        if coming and (alone or _TO_DO.match(s.text, expression.end) or _AGREED.search(s.text[:expression.start])):
            return {"next": found}
    return {}


# ---------------------------------------------------------------- what is a note

_NOTE_ORDER = lazy(r"写(?:到|进|在)(?:跟进|备注|记录)|记(?:到|进|在)?(?:跟进|备注|记录)里|备注(?!是|名|里|信息|栏|改|换|更|写错)|跟进(?:一?条|记录|[:,\s]|\W*$)|纪要|笔记|follow\s?-?up|note\s*:|memo\s*:|备忘一?下|留(?:个|一)?(?:底|痕)|(?:做|写|录|补|加|记)(?:个|一?条|一?下|一?笔)?(?:跟进|拜访|回访|记录|纪要)|记(?:到|在|进)?(?:她|他|客户)?(?:名下|头上|档案)")
_HEARD = lazy(
    r"(?:刚|才|昨|前天|今早|今天|上午|中午|下午|早上|晚上|周|号|那天)[^,。]{0,8}(?:跟|和|与|同|给|陪|约|找|去|到|在|见|拜访|回访|请|带)[^,。]{0,10}(?:聊|谈|吃|喝|见|碰|通|打|拜访|回访|沟通|联系|看|逛|签|办|送|讲|坐|过|了|完)"
    r"|(?:打|拨|回|发)(?:了|过|完|通)(?:了)?(?:[一二两三几好\d]{1,2})?(?:个|次|通|趟|回|条)?(?:电话|微信|语音|视频|消息|信息)|挂(?:了|断了?|掉了?)(?:我的?)?电话|(?:电话|微信|视频|语音)(?:打|聊|通|沟通)(?:了|过|完)"
    r"|call(?:了|过)|来电|来过电|打来|打电话(?:来|过来|说|问|给我)|回(?:了)?(?:电话?|微信|信息|消息|话|我)|发(?:来|了)?(?:微信|信息|消息|语音)|微信(?:上)?(?:说|回|问|聊|发(?:来|了|过))|(?:微信|私信|语音|留言)(?:了|给)?我|(?:电话|短信)(?:了我|里?(?:说|问|讲))|通(?:了|完|过)(?:个|D|[^,。]{1,6})?(?:电话|话)|通电话|聊(?:了|完|过|到|起|得)|谈(?:了|完|过|到|得|妥)|见(?:了|完|过)(?:个)?面|见了|碰(?:了|过)(?:个)?(?:面|头)|从[^,。]{1,6}(?:那|家|公司|厂|店|办公室)(?:儿|里|边)?(?:回来|出来)|跟我(?:微信|电话|当面)?(?:聊|说|谈|讲)|[吃食](?:了|过|完|咗)(?:个|顿|餐)?饭|(?:电话|微信)里(?!的)|下次(?:聊|见|打电话|沟通|联系).{0,3}(?:可以|记得|要|能)|喝(?:了|过|完)(?:个|杯)?(?:茶|咖啡|酒)"
    r"|(?:面访|家访|走访|电访)(?!记录|量)|拜访(?:了|过|完)|回访(?:了|过|完)|沟通(?:了|过|完)|来(?:过|了)?(?:柜台|网点|公司|店里?|办公室|柜面|行里|我这)|到(?:店|网点)|没接(?:电话)?|不接电话|没打通|打不通|没人接|没回|(?:电话|微信|语音|视频|当面)里?(?:里|中|跟我)(?:说|讲|聊|提|问)|(?:加|通过)(?:了|上)?(?:企微|微信|好友)|送(?:了|过|去了?)|寄(?:了|过|去了?)|发过了|讲过了|约好了|约了(?!.*提醒)"
)


def ordered(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Something is to be written down about somebody."""
    if mood.reminding(s) is not None or mood.asks(s):
        return None
    return note(s, match)


def ordered_surely(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """As `ordered`, with a word that means a note and nothing else (备注, 跟进记录)."""
    return ordered(s, match) if _NOTE_ORDER.search(s.text) is not None and mood.writing(s) is not None else None


def ordered_plainly(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = mood.writing(s)
    return ordered(s, match) if found is not None and re.match(r"[记留存]", found.group()) else None


_LISTING = lazy(r"谁|哪些|哪几|名单|清单|列表|列一?下|有没有|几个|多少[个人位]")


def heard(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A contact is told of (刚和钱姐通完电话 …)."""
    if mood.asks(s) or mood.reminding(s) is not None or mood.supposes(s) or len(s.text) < 7 or (_HEARD.search(s.text) is None and _SPOKE.search(s.shape) is None) or _is_ahead(s) or NOT_THEIRS.search(s.shape) or _LISTING.search(s.text):
        return None
    return note(s, match)


# 王芳昨天说太贵: when she said it makes it a contact; so does a client's own answer to an offer.
_SPOKE = lazy(r"C(?:[他她]|本人)?(?:T|刚刚?|刚才|今[早天]|昨[天晚])(?:又|还|也|就)?(?:跟我|对我|和我|给我)?(?:说|讲|表示|提到|回复|答复|抱怨|透露)(?!明)|C.{0,4}(?:跟|对|和|给)我(?:说|讲|抱怨|透露|提)(?!明)"
              r"|^\W*C(?:说|讲|觉得|嫌|表示)(?!明)[^,。]{0,14}(?:贵|考虑|想想|商量|不急|手头紧|没(?:什么)?(?:钱|兴趣|时间)|不?感兴趣|不?满意|担心|不划算|门槛|费率|手续费)[^,。]{0,6}$")


# A contact with somebody who only has to do with the client is no contact with the client.
NOT_THEIRS = lazy(r"C(?:的|家|他|她)?(?:邻居|朋友|同事|同学|闺蜜|老乡|前夫|前妻|前男友|前女友|竞争对手)|[是由].{1,4}(?:接待|接的|去的|见的|谈的|陪的)|我(?:又|也|都)?没(?:碰上|见着|赶上|在场|遇上)|(?:得|该|待会儿?|等会儿?|回头|一会儿?|晚点)(?:再|先)?(?:给|跟|去|约|找|联系|回)(?:趟)?C")


_UNREMINDED = lazy(r"[\s,，。;；、](?:所以|那|就|先|以后|暂时|这次|也|了)*(?:不用|不必|无需|不需要|别|不要|甭)(?:再|给我|帮我|设|加|建|安排|下次)*提醒(?:我|她|他|了|吧|啦){0,3}\W{0,3}$")
_TAIL = 30  # characters at the end of a sentence, where the wish stands
_CONTACT = lazy(r"聊|谈|联系(?:过|了|上|完)|已联系|打(?:过|了|完|通)|沟通|见(?:过|了|完)|拜访|回访|通(?:了|过|话|完)|来电|说(?:了|好|她|他)|记")


def unreminded(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """电话聊了，不用提醒: the contact is noted, and the wish at the end is no part of it."""
    tail = _UNREMINDED.search(s.text, max(0, len(s.text) - _TAIL))
    if tail is None or _CONTACT.search(s.text[:tail.start()]) is None or mood.asks(s):
        return None
    told = note(s, match)
    return {**told, "content": _UNREMINDED.sub("", f" {told.get('content') or ''}").strip() or None, "unreminded": True}


_CALLED_OFF = lazy(r"(?:那个|那场|那次|的约|的会)[^,。]{0,3}(?:取消|不去了|黄了|不见了|作废)(?:了|吧|掉)?(?=$|[,。\s])")  # of what was to be


def on_the_day(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """高先生今天面谈，态度蛮好: how it went says that it is over; of a day to come it says nothing."""
    today = s.now.date().isoformat()
    if mood.asks(s) or mood.reminding(s) is not None or any(s.when(e, times.LOOK_BACK).start[:10] > today or e.slots.keys() & {"clock"} for e in s.points):
        return None
    return note(s, match)


def opened(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The sentence opens with the contact, and nothing else is ordered in it."""
    if _CALLED_OFF.search(s.shape) is not None:
        return None
    return None if any(orders(c) for c in clauses(s.shape)[1:]) and mood.writing(s) is None else heard(s, match)


def _is_ahead(s: Sentence) -> bool:
    """明天上午约王芳喝茶 is an appointment: only a time to come, and nothing that is over."""
    days = [s.when(e, times.DUE).start for e in s.points]
    return bool(days) and all(d > s.now.isoformat() for d in days) and not s.has("past") and re.search(r"^\W*C(?:T|刚刚?|今天)?(?:在)?(?:微信|电话|短信)?(?:里|上|跟我|对我|和我|回我|回复)*(?:说|讲|表示)", s.shape) is None and re.search(r"[里中](?:说|讲|提)|来电|打来|[说讲][他她]|[他她佢](?:说|讲|话)|咗", s.text) is None


_JUST = r"T|刚[刚才]?|又|也|都|已经|已|今[早天]|昨[天晚]|我"
_TOGETHER = rf"(?>{_JUST})*(?:给|跟|和|与)?C(?:(?:和|跟|与|、|,)C)*"

RULES: tuple[Rule, ...] = (
    rule("note.add", 85, "who focus", unreminded, no="consent ticket_no", name="noted, and nothing to remind of", quiet=True),
    rule("note.add", 79, "who focus", ordered_surely, no="consent ticket_no settings tag", name="a note is ordered", quiet=True),
    rule("note.add", 72, "who focus", ordered_plainly, no="consent", name="to be written down", quiet=True),
    rule("note.add", 84, "client", opened, no="remind list", name="a contact opens the sentence", quiet=True,
         shape=r"^\W*C(?:刚|刚刚|刚才|T|又|还)*+(?:跟|和|给|对)我.{0,6}(?:聊|说|讲|谈|提|通|碰|见了|吃)(?!明)|^\W*(?:T|刚刚?|刚才|今[早天]|昨[天晚]|才|又)*+(?:跟|和|与|同|找|陪|见|拜访|面访|回访|走访|家访|电访|电话)(?:了|过)?C(?!的).{4}"
              rf"|^\W*{_TOGETHER}(?>{_JUST})*(?:打|拨|回|发)(?:了|过|完|通)(?:了)?.{{0,4}}(?:电话|微信|语音|视频|信息|消息)(?!的|号)|^\W*C(?>{_JUST})*(?:把?我)?(?:的?电话)?(?:挂了|挂断了?|挂掉了?|拒接)"),
    rule("note.add", 71, "client", on_the_day, need="time", no="remind list ticket", name="how a meeting went", quiet=True,
         shape=r"^\W*C(?:T|刚才|刚刚|,|\s)*(?:来)?(?:面谈|面访|见面|拜访|回访|电访|来店|到店|来网点|电话)(?:了)?[\s,，]+(?:(?:他|她|人|客户)?(?:态度|情绪|意向|反应|聊得|谈得)|想|说|觉得|对|嫌|希望|打算)"),
    rule("note.add", 63, "client", heard, no="remind introduced renewed not_renewed", name="a contact is told of", quiet=True),
    rule("note.add", 74, "who", note, no="ask remind", name="noted by its first word", shape=r"^\W*(?:记|跟进|回访|拜访)(?:一?下|了)?[\s:,\]】]*[CS]"),
    rule("note.add", 56, "client", note, need="client", no="ask remind create claim draft list cancel ticket demand", name="what the client wants",
         shape=r"^\W*C(?:[他她]|说|表示|也|又|最近|现在|有点|一直|有意|\s|T)*(?:想|要|打算|考虑|有意|计划)(?:再|给.{1,4}|先|把.{1,4})?(?:买|配|投|存|做|看|了解|办|加|咨询|置换|贷|借|申请|提|融).{0,10}(?:X|险|保|贷|基金|理财|授信|额度|M).{0,4}$"),
    rule("note.add", 73, "note", note, no="ask money_field remind", name="write down"),
    rule("note.add", 88, "client", note, no="ask remind list", name="a contact and what was said", quiet=True,
         shape=r"^\W*C[\s,]*(?:T|刚才|刚刚?|今早)[\s,]*(?:的)?(?:电话|微信|面谈|见面|拜访|回访|语音)[\s,:]+[他她C客对人][^?？]{3,}$"
         r"|^\W*C[\s,]*(?:先|您|你)?别(?:再)?(?:催|打|找|联系|发)[^,。\s]{0,6}[\s,]+[他她客对人][^?？]{3,}$"),
    rule("note.add", 88, "birthday", _wished_well, need="client", no="ask remind list", name="a birthday was wished well", quiet=True,
         shape=r"^\W*C(?:T|的|在)*生日(?:我|已经?|都|刚刚?|当面|打?电话里?|微信上?|亲自|早就?|也|给(?:C|他|她)|\s|,)*+(?:(?:祝福|祝贺|恭喜|问候|庆祝)过|祝过|(?<=已)祝福|(?<=已经)祝福)(?:C|他|她|了|啦)*\W*$"),
    rule("note.add", 72, "contact_verb", note, need="who", no="ask remind create list finish", shape=r"^\W*(?:跟进|回访|拜访)[\s:,]+C|^\W*C[\s,]*(?:跟进|回访|拜访)[\s:,]"),
    rule("note.add", 69, "note", note, need="who", no="ask", shape=r"记|备注|跟进"),
)
