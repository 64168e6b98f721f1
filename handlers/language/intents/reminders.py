"""Reminders: once, again and again, or tied to a client's own date; listing, finishing, moving, cancelling them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers.language import when as times
from handlers.language.intents import diary, fills, moments, mood, notes, pointing
from handlers.language.intents.anchors import anchored, reminding
from handlers.language.intents.delays import delay_of, delay_said
from handlers.language.intents.diary import OWN_AFFAIR
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.intents.series import series
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.orders import CAME_OF_IT, ERRAND
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import REMINDER_STATUS
from storage.model.normal import normalise

# 提前一天也提醒, 周二再提醒我一次: a time beside the one that the order has. T和T都提醒我: two at once.
_ALSO_AT = lazy(r"T.*(?:提前|提早|前|[,\s])[TD](?:的?时候)?(?:也(?:要|得|再|请|给我)*(?:提醒|叫我|通知我)|(?:再|还要?|另外)(?:提醒|叫|通知)我?一[次遍])")
_AT_BOTH = lazy(r"T\s*(?:和|跟|与|、|及|以及|还有)\s*T\s*(?:都|各|分别|也)(?:要|得|请|再|各)*(?:提醒|叫我|通知我)")


def _says_two_times(s: Sentence) -> bool:
    return _AT_BOTH.search(s.shape) is not None or _ALSO_AT.search(s.shape) is not None


def create(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A reminder for a point in time, a repeating one, or one tied to a client's own date."""
    if diary.act(s) not in {"create", ""} or mood.only_to_write(s) or (mood.reminding(s) is None and "told of reminding" in s.memo):
        return None
    tied = anchored(s)
    if tied is not None:
        return tied
    if _says_two_times(s):
        return {"clarify": "one_time"}
    if not s.times and _NOUN.search(s.text):
        return None  # 我的提醒: a list is wanted
    who = _optional_client(s)
    repeating = next((e for e in s.times if e.recurs), None)
    if repeating is not None:
        rule_in_time, begins, unread = series(s, repeating)
        if rule_in_time is not None:
            text = fills.content(s, [*fills.times_cut(s, only=[repeating]), *begins, *reminding(s)])
            return fills.merged(who, {"recurrence": rule_in_time, "content": text or None}, unread, fills.missing(text))
        return fills.merged(who, {"clarify": "when"})
    return _once(s, who)


_NOUN = lazy(r"的(?:提醒|备忘)\W*$|^\W*(?:提醒|备忘)(?:列表|清单|事项)?\W*$|提醒(?:有|呢)")


def _once(s: Sentence, who: Slots) -> Slots:
    found, said = moments.of_reminder(s)
    text = _without_line(s, fills.content(s, [*fills.times_cut(s, only=said), *reminding(s)]))
    if found is None:
        return fills.merged(who, {"content": text or None, "clarify": "when"})
    return fills.merged(who, {"when": found}, fills.unusable(found, times.REMIND), {"content": text or None}, fills.missing(text))


_LINE = lazy(r"^\W*(?:第?\s*(?:\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?:个|条|项|位|号)|\d{1,2}(?=[\s,、:]))[\s,、:]*")


def _of_line(s: Sentence) -> Slots | None:
    """5 提醒我后天打电话, 第一个给他打个电话: the client of that line of the list shown."""
    ref = s.dialogue.focus if s.line else None
    if ref is None and _LINE.match(s.text) and all(c.mention.how == "pronoun" for c in s.clients):
        found = fills.listed(s)
        return {k: found[k] for k in ("client", "client_id")} if "client" in found else None
    return None if ref is None or any(c.mention.how != "pronoun" for c in s.clients) else {"client": ref.name, "client_id": ref.id}


def _without_line(s: Sentence, text: str) -> str:
    """The content without the number that only said whose line is meant."""
    return _LINE.sub("", text + " ").strip() if text and _of_line(s) is not None else text


def _optional_client(s: Sentence) -> Slots:
    """A reminder may be about nobody; then the client in mind is not dragged in."""
    if (of_line := _of_line(s)) is not None:
        return of_line
    if s.clients:
        return fills.each(s, needed=False)
    if s.stranger is not None:
        found = fills.client(s, needed=False)
        return found if found.get("client_id") else {"client": found["client"], "client_id": None, **({"clarify": "not_found"} if len(found["client"]) > 1 else {})}
    return {}


# ---------------------------------------------------------------- listing and settling

def listing(s: Sentence, match: re.Match[str] | None) -> Slots:
    status = fills.word_in(REMINDER_STATUS, s.text)
    who = fills.client(s, needed=False) if s.clients else {}
    return fills.merged(who, fills.span_of(s, times.LOOK_BACK if status == "done" else times.DUE), {"status": status})


_SETTLING = lazy(
    r"(?:都|已经|已|全部|全|我)?(?:做完|完成|搞定|办完|办好|处理完|处理好|弄完|弄好|已联系|已办|打完|联系过|打过|已处理|完事|取消|不用|别|删掉|删|去掉|作废|关掉|停掉)(?:了|掉)?|推迟|延后|延期|改到|挪到|推到|往后推|顺延|提前|改成|晚点|再说|再提醒"
    r"|(?:的)?(?:提醒|待办|任务|日程|事项?|那个|这个|那条|这条|闹钟|事情)|了$|把|我|再|就|的|不需要|原来|说的|吧|掉"
)


_OF_THAT_DAY = lazy(r"的?(?:提醒|待办|任务|日程|事)")


# 给第二个打过电话了，她说再想想: by a number nothing has to be found, and what was said is kept whole.
_ANSWER = lazy(r"(?:打|联系|聊|谈|见|沟通|回访|拜访|发|通)(?:了|过|完|好|上|通)[^,。;\s]*+[,。;\s]")
_SAID = lazy(r"说|讲|问|嫌|觉得|表示|考虑|想")


def complete(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if diary.act(s) == "list":
        return None  # 昨天没完成的任务
    which = pointing.which(s)
    day = next((e for e in s.points if _OF_THAT_DAY.match(s.text, e.end)), None)  # 昨天都打过了 says when it was done
    whose = {"when": s.when(day, times.DUE)} if day is not None and "scope" in which else {}
    text = fills.content(s, fills.times_cut(s), _SETTLING)
    agreed = notes.agreed(s) if s.clients or "indexes" in which else {}
    told = _ANSWER.search(s.text) if "indexes" in which else None
    told = told if told is not None and _SAID.search(s.text, told.end()) is not None else None
    return fills.merged(which, whose, {"content": s.said(told.start(), len(s.text)) if told else _subject(s, text)}, agreed)


def cancel(s: Sentence, match: re.Match[str] | None) -> Slots:
    which = pointing.which(s)
    repeating = next((e for e in s.times if e.recurs), None)
    slots: Slots = {}
    if repeating is not None:
        slots["recurrence"] = s.repeating(repeating)
    elif s.points:
        slots["when"] = s.when(s.points[0], times.DUE)
    if re.search(r"所有|全部|都", s.text) and not which:
        slots["scope"] = "all"
    text = fills.content(s, [*fills.times_cut(s), *reminding(s)], _SETTLING)
    return fills.merged(which, slots, {"content": _subject(s, text)})


# 他说晚点回: what somebody else will do later is no order.
_THEIR_WISH = lazy(r"(?:他|她|说|客户|人家|对方|让我)[^,。]{0,6}(?:晚点|改天|再说|推|延|迟|缓|提前)")


_SOME_DAY = lazy(r"\W*(?:改天|改日)(?:我|咱|再)?(?:约|见|聊|找|跟|请|提醒)")  # 改天约王芳喝茶: nothing was planned


def postpone(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """`to` a time, or by a `delay`; `orig` is the time it had."""
    if diary.KNOWN.search(s.text) or _SOME_DAY.match(s.text) or CAME_OF_IT.match(s.shape) or (diary.act(s) != "postpone" and _THEIR_WISH.search(s.text)):
        return None
    which = pointing.which(s)
    delay = delay_said(s.text) or _from_now(s)
    points = s.points
    slots: Slots = {}
    again = re.search(r"(?:等会儿?|一会儿?|待会儿?|晚点)?再(?:提醒|叫|喊|催|说|弄|办|搞|做|处理|通知|联系|打|ding|来|讲)", s.text)
    split = re.search(r"改到|挪到|推到|改成|延到|换到|移到|推迟到|延后到|提前到|推后到|调到|改为|改天|变成|到", s.text)
    before = split.start() + 1 if split is not None else again.start() + 1 if again is not None else 0
    early = [e for e in points if e.end <= before]
    if split is None and early:
        early.pop()  # 今天弄不完了 明天再提醒我: the time before 再 is the new one
    late = [e for e in points if e not in early and not (delay and "duration" in e.slots)]
    if delay:
        slots["delay"] = delay[0]
        orig = next((e for e in points if "duration" not in e.slots), None)
        if orig is not None:
            slots |= _moved(s, orig, delay[0])
    else:
        if late:
            target = _postponed(s, early or _day_shown(s, which), late[-1] if len(late) > 1 and not early else late[0])
            slots |= {"to": target, **only_later(s, late), **fills.unusable(target, times.REMIND)}
        if early:
            slots["orig"] = s.when(early[0], times.DUE)
        elif len(late) > 1:
            slots["orig"] = s.when(late[0], times.DUE)
        if "to" not in slots:
            if not s.dialogue.list_kind and diary.positions(s) == [] and diary.NAMES_ONE.search(s.text) is None:
                return None  # 改天约王姐喝茶, 罗总晚点回我: no time, and nothing that was planned
            slots["clarify"] = "when"
    text = fills.content(s, [*fills.times_cut(s), *reminding(s)], _SETTLING)
    return fills.merged(which, slots, {"content": _subject(s, text)})


_PUTS_LATER = lazy(r"推迟|延后|延期|延迟|推后|往后|顺延")


def only_later(s: Sentence, late: list[times.Expression]) -> Slots:
    """推迟到4点 moves no reminder to an earlier moment; an hour said alone may be one of the day it stands on."""
    if _PUTS_LATER.search(s.text) is None:
        return {}
    said = late[-1].slots
    if len(late) > 1 or not said.keys() <= {"clock", "part"} or "clock" not in said:
        return {"later": "day"}
    return {"later": "exact" if "part" in said or said["clock"][0] > 12 else "open"}


def _from_now(s: Sentence) -> tuple[str, int] | None:
    """1小时后, the whole answer to a reminder; 过十分钟再叫我 among more words."""
    if len(s.times) != 1 or (len(s.text) > 10 and "再" not in s.text):
        return None
    delay = delay_of(s.times[0])
    return None if delay is None else (delay, 0)


def _subject(s: Sentence, text: str) -> str | None:
    """What is left to find the reminder by: without numbers, the client's name and single characters."""
    for named in s.clients:
        text = text.replace(named.mention.text, " ")
    words = [w for w in re.split(r"[\s、,，]+", re.sub(r"^第?[一二三四五六七八九十\d]+(?:个|条|项)?", "", text)) if len(w) > 1 and not w.isdigit()]
    return " ".join(words) or None


def _day_shown(s: Sentence, which: Slots) -> list[times.Expression]:
    """明天的安排, then 第二个挪到四点半: on the day whose list was shown."""
    if not which.get("index") or not s.dialogue.list_kind.startswith("reminder"):
        return []
    said = [e for e in times.find(normalise(s.dialogue.said).text) if not e.recurs and not e.is_duration]
    return said if len(said) == 1 and s.when(said[0], times.DUE).end is None else []


def _postponed(s: Sentence, early: list[times.Expression], late: times.Expression) -> When:
    """A new clock time alone is on the day the reminder had, when that was said."""
    if early and set(late.slots) <= {"clock", "part"}:
        day = {k: v for k, v in early[0].slots.items() if k not in {"clock", "part"}}
        return s.when(replace(late, slots={**day, **late.slots}), times.REMIND)
    return s.when(late, times.REMIND)


def _moved(s: Sentence, orig: times.Expression, delay: str) -> Slots:
    """The original time and, when it is a plain day count, where the delay takes it."""
    read = s.when(orig, times.DUE)
    days = re.fullmatch(r"(-?)P(\d+)D", delay)
    if not read.start or days is None or read.has_clock:
        return {"orig": read}
    try:
        moved = read.date + timedelta(days=int(days[2]) * (-1 if days[1] else 1))
    except OverflowError:  # beyond the year 9999
        return {"orig": read}
    return {"orig": read, "to": replace(read, start=moved.isoformat(), end=None)}


def renew(s: Sentence, match: re.Match[str] | None) -> Slots:
    """A reminder that becomes a repeating one, or gets another content; a new time is a postponement."""
    repeating = next((e for e in s.times if e.recurs), None)
    rule_in_time, _begins, unread = series(s, repeating) if repeating is not None else (None, [], {})
    slots: Slots = {"recurrence": rule_in_time, **unread} if repeating is not None else {}
    text = fills.content(s, fills.times_cut(s))
    return fills.merged(pointing.which(s) or ({} if repeating is not None else {"ref": "last"}), slots, {"content": text or None})


def _acting(act: str, fill: Fill) -> Fill:
    """`fill` where the sentence as a whole does this to the reminders."""
    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return fill(s, match) if diary.act(s) == act else None
    return filled


_TO_ME = lazy(r"^\W*ding|(?:提醒|叫|喊|催|通知)(?:我|一?下)(?!的)")
_TO_DO = lazy(r"提醒(?!文案|话术|的?话|功能|服务|短信|消息|的|过|了|他|她|客户|我的|\W*$)")


def _asked_to_remind(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The word alone orders nothing: she never got a 提醒."""
    ordered = mood.reminding(s) is not None or _TO_ME.search(s.text) is not None or (s.times and _TO_DO.search(s.text) is not None)
    return create(s, match) if ordered else None


def _at_an_hour(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """明9点 李雷 送保单: a client and a doing beside an hour that is still to come."""
    hours = [e for e in s.points if "clock" in e.slots]
    return create(s, match) if hours and not s.when(hours[0], times.REMIND).problem else None


def to_be_done(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """9月一号 催芳芳补签回执: what is to be done at a time to come, with no word for reminding."""
    found, said = moments.of_reminder(s)
    if found is None or found.problem or not found.start or (found.end is not None and not found.has_clock) or found.start < s.now.date().isoformat():
        return None
    text = fills.content(s, fills.times_cut(s, only=said))
    return fills.merged(_optional_client(s), {"when": found, "content": text}) if text else None


_OF_MANY = lazy(r"谁|哪些|哪几|名单|清单")


_NO_ERRAND = lazy(r"(?:联系|催|找|问)不|怎么办")


def _errand(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """7天后看下王芳犹豫期过没过: a time to come that opens the sentence, and what is then to be done with a client, question and all."""
    first = s.points[0] if s.points else None
    if first is None or mood.reminding(s) is not None or _NO_ERRAND.search(s.shape) is not None or ERRAND.match(s.shape) is None or _OF_MANY.search(s.text):
        return None
    found = s.when(first, times.REMIND)
    if found.problem or not found.start or (found.end is not None and not found.has_clock) or found.start <= s.now.isoformat():
        return None
    text = fills.content(s, fills.times_cut(s, only=[first]))
    return fills.merged(_optional_client(s), {"when": found, "content": text or None})


_NO = "cancel postpone finish note draft create"
RULES: tuple[Rule, ...] = (
    rule("reminder.create", 81, "any", _acting("create", create), name="an order to remind", quiet=True),
    rule("reminder.cancel", 81, "any", _acting("cancel", cancel), no="tag consent ticket", name="one is dropped", quiet=True),
    rule("reminder.complete", 81, "any", _acting("complete", complete), no="ticket claim opportunity", name="one is settled", quiet=True),
    rule("reminder.postpone", 81, "any", _acting("postpone", postpone), no="ticket handover settings opportunity", name="one is moved", quiet=True),
    rule("reminder.postpone", 81, "client", _acting("postpone", postpone), need="settings contact_verb", no="ticket handover opportunity", name="an appointment is moved", quiet=True),
    rule("reminder.update", 81, "any", _acting("update", renew), no="ticket", name="one is changed", quiet=True),
    rule("reminder.list", 78, "ask list", _acting("list", listing), no="note draft", shape=r"(?:排|约|安排)了?(?:哪些|哪几个|几个|多少|谁)[^,。]{0,6}(?:见|拜访|面谈|碰)|有(?:几|多少|哪|没有)[^,。]{0,6}(?:要|没|待|该)(?:跟|见|联系|回访|打|拜访|回)", name="whom to see", quiet=True),
    rule("reminder.postpone", 86, "any", _acting("postpone", postpone), no="ticket", shape=r"(?:刚才|刚刚|那个|这个|那条|这条|上一?条)的?[^,。]{0,6}提醒|提醒[^,。]{0,4}(?:那个|那条)", name="this one is moved", quiet=True),
    rule("reminder.list", 67, "any", _acting("list", listing), no="note draft stats birthday renewal maturity repayment suggest policy holding loan product ticket", name="which there are", quiet=True),
    rule("reminder.create", 70, "remind", _asked_to_remind, no="list cancel postpone finish", name="remind me"),
    rule("reminder.create", 68, "remind", _asked_to_remind, need="time", no="list cancel finish ask", name="remind me at"),
    rule("reminder.create", 72, "remind", _asked_to_remind, need="repeating", no="cancel list", name="remind me again and again"),
    rule("reminder.create", 71, "remind", _asked_to_remind, no="cancel finish list", shape=r"前|后|满|提前|当天", need="all", name="remind me of all"),
    rule("reminder.create", 70, "remind", _asked_to_remind, no="cancel list", shape=r"(?:到期|续保|生日|还款|生效|缴费).{0,3}(?:前|后|满|当天)|提前.{1,6}(?:天|周|月).{0,3}(?:提醒|叫我)", name="remind me before a date"),
    rule("reminder.create", 87, "client", _errand, need="time", no="remind draft cancel postpone finish stats", name="an errand at a time to come", quiet=True),
    rule("reminder.create", 52, "contact_verb", create, need="time who", no="happened past ask list note cancel finish postpone draft wish renewed not_renewed claim create introduced paid ticket ticket_no", shape=r"^(?!\W*C(?:说|讲|表示|回复|觉得)).*", name="an appointment"),
    rule("reminder.create", 55, "contact_verb", _at_an_hour, need="time client", no="happened past ask lookup list note cancel finish postpone draft wish renewed not_renewed claim create introduced paid stats", name="an appointment at an hour", quiet=True),
    rule("reminder.create", 62, "time", create, need="who", no="happened past ask list note cancel finish postpone draft wish claim create", shape=r"(?:约|定|安排|排)(?:在|到|好在|好了)(?:了)?T", name="an appointment at"),
    rule("reminder.create", 51, "renewal repayment premium", create, need="time who", no="happened past ask list note cancel finish draft wish renewed not_renewed claim create paid money lookup", shape=r"[CS].{0,3}T.{0,3}(?:续保|续费|到期|还款|缴费|交费)|T.{0,3}[CS].{0,3}(?:续保|续费|到期|还款|缴费|交费)", name="a client's date"),
    rule("reminder.create", 53, "contact_verb", create, need="repeating", no="happened ask list note cancel finish", name="a habit"),
    rule("reminder.create", 50, "contact_verb", create, need="time", no="happened past ask list note cancel finish postpone who draft all stats loan policy", shape=r"[TR].*(?:开会|会议|培训|体检|签约|拜访|走访|汇报|对账)", name="an appointment without a client"),
    rule("reminder.list", 66, "agenda reminder_thing", listing, need="ask", no="remind_me note draft cancel postpone client_search opportunity customer_book", shape=r"(?:有|哪些|什么|啥|几个|多少).{0,6}(?:提醒|待办|日程|安排|事|任务|行程|计划)|(?:提醒|待办|日程|安排|任务|行程).{0,6}(?:有|哪些|什么|啥|几|多少|列)"),
    rule("reminder.list", 66, "ask", listing, no="who note draft cancel postpone customer_book", shape=r"有(?:什么|啥|哪些)(?:还)?(?:没|未)(?:做|办|完成)"),
    rule("reminder.list", 67, "reminder_thing", listing, need="list", no="note draft cancel postpone customer_book create", shape=r"提醒|待办|日程|任务|安排|事"),
    rule("reminder.list", 64, "reminder_thing", listing, no=_NO, shape=r"^\W*(?:跟|和|与|关于)?C(?:相关|有关)的(?:提醒|待办|日程|安排|任务)\W*$|(?:查看?|看看?|列出?|打开|我的|显示|过一下).{0,8}(?:提醒|待办|日程|安排|任务|行程)|(?:提醒|待办|日程|任务)(?:列表|清单)|(?:过期|逾期|没做|未完成|漏掉|错过|T)(?:的|了的)?(?:提醒|待办|任务|日程)\W*$"),
    rule("reminder.list", 65, "reminder_thing", listing, need="finish", no="time_create", shape=r"(?:没|未|还没|已)(?:做完|完成|办完?|处理)的?.{0,4}(?:提醒|待办|任务|事)|(?:提醒|待办|任务).{0,4}(?:没|未|还没)(?:做完|完成|办)"),
    rule("reminder.list", 80, "reminder_thing", listing, no="cancel postpone delete", name="what was done is to be shown", shape=r"(?:完|好|定|成|理|办)了?的[^,。]{0,4}(?:提醒|待办|任务|事项)(?:都|给我|全)*(?:翻|列|拉|看|查|调|过一?下)"),
    rule("reminder.list", 72, "reminder_thing", listing, need="finish", no="cancel postpone delete remind_create", name="what was done",
         shape=r"^\W*(?>查看?|看看?|列出?|我|T|的)*\s*(?:已经?)?(?:做完|完成|办完|处理完?|搞定)了?的.{0,2}(?:提醒|待办|任务|事项?)(?:有哪些|有什么|列表)?\W*$"),
    rule("reminder.complete", 66, "finish", complete, no="ask remind_create list claim ticket_no", name="it is done", shape=rf"^(?!.*(?:{OWN_AFFAIR})).*"),
    rule("reminder.complete", 68, "finish", complete, need="reminder_thing", no="ask list"),
    rule("reminder.complete", 71, "finish", complete, no="ask list", shape=r"^\W*(?:第|把)?(?:\d|[一二两三四五六七八九十])"),
    rule("reminder.postpone", 74, "postpone", postpone, no="ask policy field_only list ticket handover settings", shape=r"^(?!.*提醒我提前).*(?:提醒|待办|日程|那个|那条|这个|这条|事|刚才|任务|约|会|[CS].{0,8}(?:推|延|挪|提前)|晚点|推迟|延后|往后|改到|挪到|推到|延到|顺延)", name="move it"),
    rule("reminder.postpone", 79, "postpone", postpone, need="time", no="ask policy list ticket handover settings field", shape=r"(?:推迟|延后|改到|挪到|推到|延到|改成|换到|(?<!提醒我)提前|顺延|往后推|再提醒).{0,6}[TD]|[TD].{0,10}(?:推迟|延后|改到|挪到|推到|延到|改成|换到|(?<!提醒我)提前(?!D|拜|祝|预祝|打)|再提醒)", name="move it to"),
    rule("reminder.postpone", 75, "postpone", postpone, need="length", no="ask policy list ticket handover settings field anchored", shape=r"(?:推迟|延后|延期|往后推|推后|推|延|晚|(?<!提醒我)提前)(?:D|T)"),
    rule("reminder.cancel", 77, "cancel", cancel, need="remind", no="ask tag", name="no more reminding"),
    rule("reminder.cancel", 75, "cancel", cancel, need="reminder_thing", no="ask tag list client_delete consent", shape=r"提醒|待办|日程|任务|那个|那条|安排|行程|事"),
    rule("reminder.cancel", 73, "cancel", cancel, need="repeating", no="ask tag list"),
    rule("reminder.cancel", 70, "cancel", cancel, need="time contact_verb", no="ask tag list create"),
)
