"""Where a sentence may fall apart into acts: linking words, punctuation, and blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.language.intents.pattern import WRITES
from handlers.language.lazy import lazy
from handlers.language.meaning import Meaning
from handlers.language.sentence import Sentence
from handlers.language.whom import spoken

AGAIN = r"(?:提醒|给(?!我打|我回)|记|查|帮|看|把|设|加|写|约|导出|导|发|建|打上|标|调|改|登记|取消|叫我|问一?下|升|降|转给|移)"
_LINK = (
    rf"(?:然后再?|顺[便带道手路](?:再)?|另外(?!一个|的)|对了|此外|最后再|还有(?!多[少久长]|几|什么|哪|没有|没|效|人|谁(?!过|生)|别的|其他|啥|吗|[\d一二两三四五六七八九十半]+(?:天|个|年|期|周|次))|并且|同时(?!买|持|有)|接着|完了再|再帮我|以及|(?<=[,\s;。、])也(?={AGAIN})|(?<=[,\s;。、])再(?={AGAIN})"
    rf"|(?<![,\s改下一先晚迟过回天点后候儿再想])再(?={AGAIN}))"
)
_BLANK = r"(?:(?<=[\u4e00-\u9fff])|(?<=\d{4})|(?<=[升降调到为成][a-ds]))\s+(?=[\u4e00-\u9fff]|\d{1,2}(?:[点号月:]|[条个]?(?:推|延|改|做|完|取消|删|挪|不|已|搞|办|打))|#?\d{4}(?:号|那[张个]|单)?(?:结|关|派|转|给|让|归|改派|交))"
_PLUS = r"\s*\+\s*(?=[\u4e00-\u9fff])"
_SPLIT = lazy(rf"[,。;!?\s]*{_LINK}[,\s]*|[。;!?]+\s*|[,]\s*|{_PLUS}|{_BLANK}")
_FINELY = lazy(rf"[,。;!?\s]*{_LINK}[,\s]*|[。;!?]+\s*|[,、]\s*|\s*/\s*(?=[\u4e00-\u9fff])|{_PLUS}|{_BLANK}")
_COARSE = lazy(rf"(?P<link>[,。;!?\s]*{_LINK}[,\s]*)|[。;!?,]+\s*")
_ANOTHER = r"(?:再|也|帮|把|给|查|看|提醒|取消|改|加|记|导|写|设|约|[\u4e00-\u9fff]{1,6}(?:改成|改为|换成|发我|给我|多少|是多少|是啥|是什么))"
_STRONG = lazy(rf";\s*(?={_ANOTHER})|然后|顺[便带道手路]|另外|此外|还有(?!别的|其他|没|多[少久长]|几|什么|哪|效|人|谁|[\d一二两三四五六七八九十半]+(?:天|个|年|期|周|次))|并且|同时|接着|完了再|再帮我|[,\s;。、][再也](?={AGAIN})|(?<![,\s改下一先晚迟过回天点后候儿再想])再(?={AGAIN})")
_WORDS = re.compile(r"[\u4e00-\u9fffa-z]")


def _whole(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces, each with the bare order or the reason that comes behind it (…回访她 提醒我; 他投诉了 说没人接电话 建单)."""
    found: list[tuple[int, int]] = []
    for start, end in pieces:
        if found and (_OPEN_END.search(text, *found[-1]) or _BARE_ORDER.fullmatch(text, start, end) or _BARE_WRITE.fullmatch(text, start, end) or _BARE_DEAL.fullmatch(text, start, end) or _GOES_ON.match(text, start, end)):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


_OPEN_END = lazy(r"(?:打|加|贴|挂|上)(?:上|一?个)?标签\s*$")  # 打个标签 优质: what is to be put on follows
_PLEASE = r"\W*(?:你|请|麻烦|帮我?|给我|到时候?|届时|当天|记得|千万|一定|顺便|先|就|也|都|再)*"
_SOFTLY = r"[吧哈啊哦呀谢了呗啦\W]*"
_BARE_ORDER = lazy(_PLEASE + r"(?:(?:别|不要)忘(?:了|记)?|记得|(?:提醒|叫|喊|通知|设个提醒|定个闹钟|记个提醒)(?:我|一?下|一声)*)(?:提醒我?)?" + _SOFTLY)
_BARE_WRITE = lazy(_PLEASE + r"(?:地址|电话|手机号?|单位|职业|状态|资料)?(?:记|登记?|备注|录|存|更新|同步|改|标|加|写|报|建|提|开|补|挂|归|入)(?:一?下|上|着点?|住点?|一?个|一?条|档|进去?|下来|到?(?:系统|家人|家庭|资料|备注|档案)里?|工?单|库|过来|成)*" + _SOFTLY)
_BARE_DEAL = lazy(_PLEASE + r"(?:建|开|立|提)(?:一?个|上)?商机" + _SOFTLY)
_GOES_ON = lazy(r"\W*(?:说(?!明|服|一?[声下])|因为|原因是?|理由是?|主要是?|就是说|提前|提早|前一[天晚]|头一?[天晚]|当[天晚日])")
# What is said beside the acts and is none.
_COURTESY = lazy(r"(?:都|一起|一并|尽快|快点?|赶紧)?(?:告诉|发给?|报给?|给)我(?:一?下|看看?|吧|哈)?|(?:谢谢|多谢|感谢|辛苦|麻烦|拜托|劳驾)(?:了|你|啦|哈|您)*|(?:改天|回头|以后|到时候?|下次|晚点)再说(?:吧|了)?|(?:先|就)这样(?:吧)?|急|在线等|快点?|thx|thanks|好吗|行吗|可以吗|哈|嗯|呃|那个")


def is_strong(s: Sentence) -> bool:
    """Does a word say that something else follows?"""
    return any(not _within_a_time(s, match) for match in _STRONG.finditer(s.text))


def cuts(s: Sentence, finely: bool) -> list[tuple[int, int]]:
    """The stretches between all joints; `finely` counts 、 and / among them."""
    found: list[tuple[int, int]] = []
    at = 0
    for match in (_FINELY if finely else _SPLIT).finditer(s.text):
        if _within_a_time(s, match):
            continue
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < len(s.text):
        found.append((at, len(s.text)))
    return [(a, b) for a, b in _whole(s.text, found) if _WORDS.search(s.text[a:b]) and _COURTESY.fullmatch(s.text[a:b].strip()) is None]


_LED = lazy(r"(?:[\s,。;、]|然后|再|和|跟|与|及|还有|以及|另外|接着)+$")
_BARE_APPOINTMENT = re.compile(r"[\s,。;、的在]*")


def appointments(s: Sentence) -> list[str]:
    """The words of each appointment where every client named has a time of the own, in the same order throughout.

    What is to be done may stand once behind the last (王芳周三三点，李雷周四十点 提醒我拜访)."""
    people = spoken(s)
    if len({c.mention.text for c in people}) != len(people) or not 2 <= len(people) <= 4:
        return []
    marks = sorted([(c.start, c.end, "C") for c in people] + [(e.start, e.end, "T") for e in s.points])
    order = "".join(kind for _a, _b, kind in marks)
    if order not in {"TC" * len(people), "CT" * len(people)}:
        return []
    begins = [0, *(_from_verb(s.text, a) for a, _b, _kind in marks[2::2])]
    ends = [*(_without_link(s.text, begin) for begin in begins[1:]), len(s.text)]
    tail = s.said(marks[-1][1], len(s.text)).lstrip(" ,，。、;；都全")
    first = s.text[marks[0][0]:ends[0]]
    bare = _BARE_APPOINTMENT.fullmatch("".join(first[b - marks[0][0]:c - marks[0][0]] for b, c in ((marks[0][1], marks[1][0]), (marks[1][1], ends[0]))))
    return [s.said(a, b) + (tail if bare and b != len(s.text) else "") for a, b in zip(begins, ends, strict=True)]


_TO_WHOM = lazy(r"(?:给|约|见|找|拜访|回访|联系|提醒我|[\s])+$")


def _from_verb(text: str, start: int) -> int:
    """Where the words begin that lead to a name or a time: 给李雷."""
    led = _TO_WHOM.search(text, 0, start)
    return led.start() if led is not None else start


def _without_link(text: str, end: int) -> int:
    link = _LED.search(text, 0, end)
    return link.start() if link is not None else end


_TWO = lazy(r"^[^C,。;]{0,8}C(?:的|那)[^C,。;]{1,8}?(?P<and>和|跟|与|、|还有|以及)\s?C(?:的|那)[^C,。;]{1,12}$")


def two_things(s: Sentence) -> list[tuple[int, int]]:
    """卢总的保单和丁总的房贷: something of one and something of another."""
    match = _TWO.match(s.shape)
    return [] if match is None else [(0, s.place(match.start("and"))), (s.place(match.end("and")), len(s.text))]


_TWO_OF_ONE = lazy(r"^(?P<head>[^C,。;]{0,8}C(?:的|那|这)?)(?P<a>[^C,。;\s]{2,10}?)(?:和|跟|与|、|还有(?!多|几)|以及)(?P<b>[^C,。;\s]{1,12})$")


def two_of_one(s: Sentence) -> list[str]:
    """罗总的理财收益和房贷余额: two things of one client, each as a wish of its own."""
    match = _TWO_OF_ONE.match(s.shape)
    if match is None:
        return []
    return [s.cut(*match.span("head")) + s.cut(*match.span(side)) for side in ("a", "b")]


def stretches(s: Sentence) -> list[tuple[int, int, bool]]:
    """(start, end, after a linking word?) of the pieces between linking words and punctuation."""
    found: list[tuple[int, int, bool]] = []
    at, linked = 0, False
    for match in _COARSE.finditer(s.text):
        if _within_a_time(s, match):
            continue
        found.append((at, match.start(), linked))
        at, linked = match.end(), match["link"] is not None
    found.append((at, len(s.text), linked))
    return [piece for piece in found if _WORDS.search(s.text[piece[0]:piece[1]])]


def _within_a_time(s: Sentence, match: re.Match[str]) -> bool:
    """每月1号、15号 is one time, and 明天再提醒我 says when, not what else."""
    again = match.group() == "再"
    return any(e.start < match.start() < e.end or (again and e.end == match.start()) for e in s.times)


# ---------------------------------------------------------------- clauses between blanks

# What a clause opens with that is an order by itself, so that a blank before it is enough.
_ORDER = lazy(
    r"\W*(?:再|也|还|麻烦你?|请|你|帮我?|帮忙|给我|替我|先|就|顺便|直接|赶紧)*+(?:查|看|调出?|找|翻|搜|把|提醒|叫我|喊我|加(?:个|上|一)|记|备注|设|定个|导|标|改|写|拟|录|建|登|打(?:个|上|一)|贴|取消|删|新增|新建|新开|给[^,。]{1,8}?(?:加|打|贴|标|写|发|拟|记|建|录|设|改|寄|补|挂|开|提)"
    r"|[^,。]{2,10}?(?:打上|贴上|标成|标为|改成|改为|换成|调成|调到|升到|降到|设为|定为|(?:升|降|调)\s?[a-ds](?![a-z])))"
)


def each_is_ordered(s: Sentence, pieces: Sequence[tuple[int, int]], parts: Sequence[Meaning]) -> bool:
    """调出苏小小 给她加个标签宝妈 明天十点提醒我联系她: every clause opens with an order, or says when to remind of what."""
    opened = s.text[slice(*pieces[0])]
    if _ORDER.match(opened.lower()) is None and parts[0].intent != "reminder.create" and (parts[0].intent in WRITES - {"note.add"} or _ASKED.search(opened) is None):
        return False  # 徐静录音都同意了 登记下: what was told is what is to be done
    for (start, end), before, part in zip(pieces[1:], parts, parts[1:], strict=False):
        dated = any(start <= e.start <= start + 1 for e in s.times)
        if part.intent == "reminder.create":
            if not dated and _ORDER.match(s.text, start, end) is None:
                return False
        elif _ORDER.match(s.text, start, end) is None or (before.intent in _CARRIES and not any(start <= c.start < end for c in spoken(s))):
            return False
    return all(p.confidence >= 0.62 and not p.clarify for p in parts if p.intent in WRITES)


_ASKED = re.compile(r"吗|记(?:一?下|上|录|好|着)|备注(?:上|一?下)|多少|几|什么|啥|哪|谁|怎|没有?\W*$|[发给]我\W*$|\?")
_CARRIES = frozenset({"reminder.create", "note.add", "ticket.create", "draft.message"})  # their content may go on behind a blank
