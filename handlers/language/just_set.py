"""What is said of the reminder that the command before set, or that has just rung: another time, later, no more.

Right after 提醒我明早九点接丁总 a time is a correction (错了 是八点), and the one that rings is put off by a length of time
(过十分钟再叫我); no word need name it."""

from __future__ import annotations

from dataclasses import replace

from handlers.language import when as times
from handlers.language.asked_again import before
from handlers.language.carried import hour_alone
from handlers.language.intents import fills
from handlers.language.intents.delays import delay_of
from handlers.language.intents.pattern import Slots
from handlers.language.intents.reminders import only_later
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.sentence import Sentence
from handlers.language.when import Expression

_LONGEST = 32  # characters; whoever says more says something else
Turn = tuple[str, str, Slots]

_BUSY = (
    r"(?:先?别[响叫吵催闹弹]+了?|停一停|停|等等|等一?下|知道了|收到|好的?|嗯+|现在|这会儿?|正|没空|没时间|不方便|在?忙着?|开着?[会车]|呢|呀|(?:晚点|回头|待会儿?|过会儿?)再?[说讲]|还没弄好|来不及|先|我|[\s,。!])"
)
_AGAIN = r"(?:叫醒?|提醒?|喊|催|响|弹|通知|ding|闹)"
_DONE_SAYING = r"(?:我|一?[次遍下声]|醒我?|[吧哈啊哦啦先呗嘛]|谢谢|麻烦|[\s,。!~])"
# 先别响 过十分钟再叫我: by its words alone of one that rang; 半小时后再说 only where one is shown.
_RINGS_AGAIN = lazy(rf"^\W*{_BUSY}*+(?:(?P<more>再|先)|等到?|过|到|晚|迟|推迟?|延后?|那|就|请|麻烦|你|给我)*+(?P<to>[TD])(?:之?后|以后|的时候)?(?P<again>再|重新)?(?P<first>先)?(?:给我)?{_AGAIN}{_DONE_SAYING}*+$")
_LATER_THEN = lazy(rf"^\W*{_BUSY}*+(?:再|等到?|过|到|晚|迟|推迟?|延后?|那|就|请|麻烦)*+(?P<to>[TD])(?:之?后|以后|的时候)?(?:再|先)*(?:{_AGAIN}|[说讲弄看办打做]|处理|联系|来)?{_DONE_SAYING}*+$")

_ONE = r"(?:(?:刚(?:才|刚)?|方才)(?:给我)?[设定说建加弄记写]?的?(?:那|这)?[个条]?的?(?:提醒|闹钟|待办)?|(?:那|这|上)一?[个条]的?(?:提醒|闹钟|待办)?|提醒|闹钟)"
_WRONG = r"(?:不对|不是(?=[\s,。我说])|不(?=[\s,。])|错了?|有误|不行|要改|得改|太[早晚]了?|变了|来不及)"
_LEAD = (
    rf"(?:啊|哎呀?|诶|哦|噢|呃|嗯|不好意思|抱歉|等等|等一?下|手[误滑]|口误|{_WRONG}|[搞弄听说打写发记填设定输看讲](?:错|反|岔)(?:字|日期|时间|日子)?了?|{_ONE}|(?:时间|日期|日子|钟点|点数|时候)|(?:不是|(?:可)?没说|不是说|别)T|"
    r"[换改](?:个|一[个下]|下)?(?:日子|时间|日期|天)?|提前|推迟|延后|往[后前](?=[推挪移提放])|早点|晚点|还是|那就?|就|我|同一条|[呀了吧啊的]|[\s,。!?、])"
)
_MID = r"(?:是?想?[说讲]的?是?|[要想]的?是?|应[该当]|该|本来|是|为|挪|推|移|调|定|放|排|延|拖)?(?:是|成|到|为|在|至)?"
_TAIL = (
    r"(?:才[对是]|同一条|那[条个]|再?提醒我?|的?提醒|不是T|别T|好了|就[行好]|更合适|比较好|T(?:来不及|有[事会约]|没空|不行|不方便)|我?刚?才?[说打写弄搞记发]错了?|谢谢|麻烦|(?:时间|钟点|几点|点数)(?:还是)?(?:不变|不动|照旧|一样)|(?:其他|别的)(?:都)?不变|[啊呀吧哈的了啦哦嘛]|[\s,。!])"
)
_MEANT = lazy(rf"^{_LEAD}*+{_MID}(?P<to>T){_TAIL}*+$")
_CORRECTS = lazy(r"不|错|改|换|挪|推|移|调|延|拖|提前|往[后前]|早点|晚点|应|该|是|[要说]|定|放|那就|吧|手误|手滑")

_OFF = r"(?:不要了?|不用了?|不需要了?|取消掉?|删[了掉除]|撤[了掉销回]*|作废|算了|去掉|免了|关[了掉]|停[了掉])"
_THAT = r"(?:刚(?:才|刚)?|方才|上一?[个条]|最后|这|那)(?:给我)?[设定建加弄说记写]?的?(?:那|这)?[个条]?的?"
_DROPPED = lazy(
    rf"^(?:把|哎呀?|哦|嗯|算了|[\s,。])*+(?:{_THAT}(?:提醒|闹钟)(?:我|还是|都|给我|帮我|就)*{_OFF}|{_OFF}{_THAT}(?:提醒|闹钟))(?:[吧啊呀哈的了啦哦嘛]|掉|谢谢|[\s,。!])*+$"
)


def said_of_it(s: Sentence) -> Turn | None:
    """What the sentence does to that reminder; None when it speaks of something else."""
    if len(s.text) > _LONGEST or _ASKS.search(s.text):
        return None
    if (reworded := _in_other_words(s)) is not None or s.clients:
        return reworded
    if _DROPPED.match(s.text) is not None:
        return "reminder.cancel", "the one just set is dropped", {"ref": "last"}
    return (_rings_again(s) or _at_another_time(s)) if s.times else None


_ASKS = lazy(r"(?:吗|么|没有?|呢|\?)[\s。!]*$|几点|什么时候|哪天|是不是|有没有")


_REWORDS = lazy(r"^\W*(?:把|将|刚才(?:那个)?|那个|提醒)*+(?P<old>内容|事由|事项|事情|备注|[^,。]{2,12}?|)(?:改成|换成|改为|变成)(?P<new>[^,。?]{2,20}?)(?:吧|了|哈|\W)*$")
_DOING = lazy(r"[发打送寄约见去催带拿]|上门|拜访|回访|联系|面谈|视频|开会")
_ITS_WORDS = frozenset({"内容", "事由", "事项", "事情", "备注"})


def _in_other_words(s: Sentence) -> Turn | None:
    """把给常乐打电话改成发微信, of the reminder just set: what it is to remind of."""
    match = None if s.times else _REWORDS.match(s.text)
    if match is None or not s.dialogue.said:
        return None
    was = before(s)
    named = {s.text[start:end] for start, end, _field in s.fields} | {c.mention.text for c in s.clients}
    if was.intent != "reminder.create" or s.protected or match["old"] in named:
        return None  # 电话改成13800001111 is a change of the client
    if not (match["old"] in _ITS_WORDS or (match["old"] and match["old"] in str(was.get("content"))) or (not match["old"] and _DOING.match(match["new"]))):
        return None
    whose = {name: was.slots[name] for name in ("client", "client_id") if name in was.slots}
    return "reminder.update", "the one just set in other words", {**whose, "ref": "last", "content": s.said(*match.span("new")).strip()}


def answers_when(s: Sentence) -> Turn | None:
    """下午三点吧, to 明天几点提醒您？"""
    asked = any(_ASKS_WHEN.search(question) for question in s.dialogue.labels)
    return ("clarify.answer", "a time", {"text": s.normal.said.strip()}) if asked and _TIME_ALONE.match(s.shape) else None


_ASKS_WHEN = lazy(r"几点|什么时[候间]|哪[天日]|几号|时间")
_TIME_ALONE = lazy(r"^\W*(?:就|那|定|放|在|改|大概|差不多|要|是|到|\s)*[TD](?:左右|前后|钟|后|提醒我?|[吧啊呀哈的啦哦嘛]|好了|就行|\W)*$")


def _rings_again(s: Sentence) -> Turn | None:
    shown = s.dialogue.list_kind.startswith("reminder") and s.dialogue.choices < 2
    match = _RINGS_AGAIN.match(s.shape)
    begins = s.text[s.place(match.start("to"))] if match is not None else ""
    # 再过三天通知我 right after another command is a reminder of its own; with nothing said before it something has rung.
    again = match is not None and (match["again"] or ((match["more"] or begins == "再") and not s.dialogue.said))
    if match is None or not (again or shown):
        match = _LATER_THEN.match(s.shape) if shown else None
    expression = None if match is None else _at(s, match.start("to"))
    if expression is None:
        return None
    if (delay := delay_of(expression)) is not None:
        return "reminder.postpone", "it rings again", {"ref": "last", "rung": True, "delay": delay}
    if expression.is_duration:
        return None
    to = s.when(expression, times.REMIND)
    return "reminder.postpone", "it rings again", {"ref": "last", "rung": True, "to": to, **fills.unusable(to, times.REMIND)}


def _at_another_time(s: Sentence) -> Turn | None:
    match = _MEANT.match(s.shape)
    if match is None or _CORRECTS.search(s.text) is None or not _was_set(s):
        return None
    expression = _at(s, match.start("to"))
    if expression is None or delay_of(expression) is not None:
        return None
    to = _meant(s, expression)
    how = only_later(s, [expression]) or _keeps_day(expression)
    return "reminder.postpone", "meant another time", {"ref": "last", "to": to, **how, **fills.unusable(to, times.REMIND)}


_SAME_HOUR = lazy(r"(?:时间|钟点|几点|点数)(?:还是)?(?:不变|不动|照旧|一样)")


def _meant(s: Sentence, expression: Expression) -> When:
    """The time that is meant: an hour alone is of the day that was set, and 换到后天吧 时间不变 of its hour."""
    was, slots = before(s).get("when") if s.dialogue.said else None, expression.slots
    if not isinstance(was, When) or not was.start:
        return s.when(expression, times.REMIND)
    same_hour = _SAME_HOUR.search(s.text) is not None and was.has_clock
    if hour_alone(was) is not None and not same_hour:
        return s.when(expression, times.REMIND)
    if slots.keys() <= {"clock", "part"}:
        day = was.date
        return s.when(replace(expression, slots={**slots, "ymd": (day.year, day.month, day.day)}), times.REMIND)
    to = s.when(expression, times.REMIND)
    if not same_hour or to.has_clock or not to.start:
        return to
    return replace(to, start=f"{to.start}{was.start[10:]}", end=None, grain="minute", part=None)


def _was_set(s: Sentence) -> bool:
    """Did the command before set a reminder, or is one alone shown?"""
    if s.dialogue.list_kind.startswith("reminder") and s.dialogue.choices < 2:
        return True
    return bool(s.dialogue.said) and before(s).intent == "reminder.create"


def _at(s: Sentence, shape_index: int) -> Expression | None:
    begin = s.place(shape_index)
    return next((e for e in s.times if e.start == begin and not e.recurs), None)


def _keeps_day(expression: Expression) -> Slots:
    """改成4点 says an hour alone: the day stays, and so does the half of the day where none was said."""
    slots = expression.slots
    if not slots.keys() <= {"clock", "part"} or "clock" not in slots:
        return {}
    return {"keeps_day": "exact" if "part" in slots or slots["clock"][0] > 12 else "open"}
