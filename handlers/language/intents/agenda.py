"""The morning list answered by number, the agenda."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills, notes
from handlers.language.intents.delays import bare_delay, delay_said
from handlers.language.intents.numbered import ANSWERED, WHEN_ALONE, item, item_done
from handlers.language.intents.numbered import ITEM as _ITEM
from handlers.language.intents.numbered import RULES as NUMBERED
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.intents.pointing import indexes
from handlers.language.sentence import Sentence, take_apart

# ---------------------------------------------------------------- the morning list, by number

def item_snooze(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    slots = item(s, match)
    if slots is None:
        return None
    slots.pop("rest")
    delay = delay_said(s.text) or bare_delay(s.text)
    points = [e for e in s.points if e.start > 0]
    if delay and not any("duration" not in e.slots for e in points):
        return {**slots, "delay": delay[0]}
    if not points:
        return slots
    found = s.when(points[0], times.REMIND)
    return {**slots, "to": found, **fills.unusable(found, times.REMIND)}


def item_later(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """2 明天再打: a time alone, under the list that has the number."""
    if not s.dialogue.list_kind:
        return None
    _numbers, end = indexes(s.text)
    behind = take_apart(s.said(end, len(s.text)), s.now, s.role, s.book, s.dialogue, s.lexicon)  # in 1-3 明天 the first is no date
    slots = item(s, match)
    if slots is None or WHEN_ALONE.match(behind.shape) is None or not behind.points:
        return None
    s.memo[ANSWERED] = True
    found = behind.when(behind.points[0], times.REMIND)
    return {"index": slots["index"], "indexes": slots["indexes"], "to": found, **fills.unusable(found, times.REMIND)}


def item_dismiss(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    slots = item(s, match)
    if slots is None:
        return None
    rest = re.sub(r"^(?:都)?(?:不需要|不用(?:联系|管|提醒)?|忽略|无需|不必|免了|略过|取消|跳过)(?:了)?(?:[\s,，:：]|原因(?:是)?|因为)*", "", slots.pop("rest") or "")
    return fills.merged(slots, {"reason": rest or None})


def item_hand_over(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    slots = item(s, match)
    if slots is None:
        return None
    rest = re.sub(r"^(?:都)?(?:转交|转给|交给|移交给?|派给|给)(?:给)?[\s,，:：]*", "", slots.pop("rest") or "")
    rest = re.sub(r"(?:处理|跟进|负责|吧|去|来|办)+$", "", rest).strip()
    return fills.merged(slots, {"to": rest} if rest else {"clarify": "content"})


def today(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Only for today; other days are agenda.day or a list of reminders."""
    days = [s.when(e, times.DUE) for e in s.points]
    return None if any(d.start[:10] != s.now.date().isoformat() or d.end for d in days) else {}


def day(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.span_of(s, times.DUE)


def later_day(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """明天有什么安排: what will be due then, and not only what was set for it; of today the brief tells."""
    return None if today(s, match) is not None else day(s, match)


def answered(s: Sentence, match: re.Match[str] | None) -> Slots:
    """What is said of a client who was called, without a number: 联系了，有意向，下周三再谈."""
    assert match is not None
    return fills.merged(fills.client(s, needed=False) if s.clients else {}, {"content": s.cut(match.end("done"), len(s.shape)) or None}, notes.agreed(s))


def interested(s: Sentence, match: re.Match[str] | None) -> Slots:
    """刘洋 有兴趣 周五签: what the client thinks of an offer, without saying that there was a contact."""
    return fills.merged(fills.client(s), {"content": fills.content(s, [(s.clients[0].start, s.clients[0].end)]) or None}, notes.agreed(s))


_TODAY = r"^\W*(?:我|查看?|看看?|看一下)?(?:今天|今日|T)?(?:的|我)?(?:待办|清单|任务)(?:事项|清单|列表)?(?:有哪些|有什么|是什么)?\W*$|今日待办|今天待办|T待办|(?:先|该|应该|要)做(?:什么|啥)|先联系谁|T(?:我)?(?:都)?(?:要|该)?(?:干|做)(?:什么|啥|嘛)|T(?:我)?(?:都)?有(?:什么|啥|哪些)(?:事|活|要做的|任务|要办的)|我T.{0,4}(?:事|安排)|^\W*T?(?:我)?(?:还)?有(?:什么|啥|哪些)(?:事情?|活儿?)?(?:是)?(?:要|该|得|需要)(?:我)?(?:去)?(?:干|做|办|处理|跟)(?:的)?\W*$"
RULES: tuple[Rule, ...] = (
    *NUMBERED,
    rule("item.snooze", 89, "time", item_later, need="line", no="ask happened past", name="when to come back to a line", quiet=True),
    rule("item.done", 83, "finish", item_done, shape=_ITEM + r"(?:都|已经|已)?(?:已联系|联系了|联系过|已办|已处理|打过)", no="ask"),
    rule("item.done", 84, "finish paid", item_done, need="list_brief", shape=_ITEM + r".*", no="ask postpone"),
    rule("item.done", 85, "any", item_done, need="line", shape=_ITEM + r"(?:都|已经|客户|说)*(?:已续|续[保费]?(?:了|好|上|成功)|(?:还没|没|不[想再]?)续|流失|(?:代扣|划扣|扣款|扣费|划款)(?:已?成功|了|失败)|扣[了上]|已[扣付交缴还]|[交缴还付](?:了|清|完|好|上|过|[费款钱](?:了|清)))", no="ask postpone", name="what became of its contract"),
    rule("reminder.complete", 86, "any", answered, no="ask note remind stranger", name="a client who was called wants it or not",
         shape=r"^\W*(?P<done>(?:已经?|都)?(?:联系|打电话|通电话|沟通)(?:过|上|好)?了?)(?:[\s,，。:：；;]|C|客户)+.{0,40}(?:兴趣|意向|愿意|考虑|想[买做投配]|签|认购|申购)"),
    rule("interest.told", 87, "client", interested, no="ask note remind stranger opportunity create", name="a client wants it or not",
         shape=r"^\W*C(?:[\s,，]|说|表示|觉得|回复|也|都|还|又|现在|暂时|目前|很|挺|蛮|比较|非常|有点|不太|不大)*(?:(?>没什么|没啥|没|有[点些]?|无|不太?|很|挺|感)+(?:兴趣|意向|意愿)(?!爱好)(?:很?(?:大|强|高|浓))?)(?:了|的|吧)*(?:[\s,，。:：；;].{1,24})?$"),
    rule("item.snooze", 83, "postpone", item_snooze, shape=_ITEM + r"(?:稍后|晚点|推迟|延后|改到|过会儿|延期|改天|推到)", no="ask"),
    rule("item.dismiss", 82, "any", item_dismiss, shape=_ITEM + r"(?:不需要|不用|忽略|无需|不必|免了)", no="ask"),
    rule("item.hand_over", 84, "handover", item_hand_over, shape=_ITEM + r"(?:转交|转给|交给|移交|派给)", no="ask"),
    rule("agenda.today", 76, "agenda suggest today reminder_thing", today, no="birthday renewal maturity cancel finish note premium who remind stats draft customer_book team", shape=_TODAY),
    rule("agenda.today", 82, "ask", today, no="remind client stats team note draft policy claim ticket opportunity", name="how much is left today",
         shape=r"^\W*(?:我|现在)*T(?:我|还|一共|总共)*(?:剩下?|有|差)(?:着|了)?(?:几|多少)(?:件|项)(?:事情?|活儿?)?(?:要|待|还|没有?|未)*(?:办|做|处理|完成|弄|干|跟进?)?(?:完|好)?(?:的|了|呢|啊|呀)*\W*$"),
    rule("agenda.day", 77, "agenda", later_day, need="time", no="cancel finish note who remind draft postpone create birthday renewal", name="what a day to come holds",
         shape=r"^\W*(?:我|查|看|看看)?T(?:我|都|还|要|的)*有(?:没有|什么|啥|哪些|几个)?(?:别的)?(?:日程|行程|安排|活动)(?:吗|么|没有?|呢|呀|啊)?\W*$"),
    rule("agenda.day", 70, "agenda", day, need="time", no="ask cancel finish note who remind draft postpone create", shape=r"T的?(?:日程|行程|安排|待办|计划|事项)\W*$|(?:日程|行程|安排|待办)\s?T\W*$"),
)
