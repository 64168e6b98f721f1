"""Several acts in one sentence: into clauses, each an act of its own; nothing that was asked for is dropped in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from handlers.language.apart import SURELY, TOLD, for_others, is_lead_in, really_several, times_differ, without_echoes
from handlers.language.carried import (
    ABOUT_THEM,
    LISTS,
    for_the_same,
    of_another_time,
    of_the_new,
    on_its_day,
    same_period,
    with_what_was_noted,
)
from handlers.language.intents.contacts import lies_ahead
from handlers.language.intents.mood import reminding
from handlers.language.intents.pattern import WRITES
from handlers.language.joints import (
    AGAIN,
    appointments,
    cuts,
    each_is_ordered,
    is_strong,
    stretches,
    two_of_one,
    two_things,
)
from handlers.language.lazy import lazy
from handlers.language.meaning import ClientRef, Meaning
from handlers.language.orders import why_no_order
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import meaning_of, single
from handlers.language.when import find
from handlers.language.whom import spoken
from storage.model.normal import normalise

_ACTS = frozenset({"remind", "note", "lookup", "create", "update", "tag", "draft", "ask", "list", "finish", "cancel", "postpone", "stats", "agenda", "birthday", "renewal", "tier",
                   "handover", "delete", "export", "add", "consent"})
# After these words a second wish follows; 然后 and 同时 also go on telling of the first.
_SECOND_WISH = lazy(rf"(?:顺便|另外(?!一|的)|[,。;\s]还有(?!多少|几|什么|哪|没有|效)|[,。;]\s*再(?={AGAIN}))[,\s]*(?P<rest>.+)$")
_NO_ACT = frozenset({"none", "chitchat", "help"})
_MOSTLY, _CLEARLY = 0.55, 0.85
_LONGEST = 400  # characters; a longer text is somebody's report, and each try at its clauses reads it again


_TWO_NUMBERS = re.compile(r"\d{4}[^,。;]{0,12}[,。;\s]\s*(?:再|把|工单|#|t)*\d{4}(?!\d)")
_HALVES = re.compile(r"[,;。?!]")
_ASKED = re.compile(r"多少|几|什么|啥|怎么|能不能|可以吗|吗|哪|谁|没\W*$|呢")


def _asks_twice(s: Sentence) -> bool:
    """Two questions of a customer, with a stop between."""
    return sum(_ASKED.search(piece) is not None for piece in _HALVES.split(s.text)) > 1


# 她说老公不同意，然后让我别催，帮我记下来: all of it is to be noted.
_NOTED = lazy(r"(?:记(?:一?下来?|上|录|个跟进|一笔|着点?|住点?)|备注(?:一?下|上)?|做个(?:记录|跟进)|写个(?:跟进|备注))(?:吧|哈|谢谢|啦)?\W*$")


# …来柜台取钱了，顺便问了下存单，记一笔: the last words only order what goes before to be noted.
_THEN_NOTED = lazy(r"[,。;]\s*(?:帮我|请|麻烦|你)?(?:记(?:一?下来?|上|录|一笔|个跟进|着点?|住点?)|备注(?:一?下|上)?)(?:吧|哈|谢谢)?\W*$")
_HAPPENED = re.compile(r"[了过](?![吗没么呢])")


def _noted_whole(text: str) -> bool:
    told = re.search(r"说|讲|聊", text) is not None or (_THEN_NOTED.search(text[-20:]) is not None and _HAPPENED.search(text) is not None)
    return told and _NOTED.search(text[-16:]) is not None and re.search(r"提醒|标签|叫我", text) is None


# 我要投诉，还要退保: the second wish of a customer.
_ALSO_WANTS = lazy(r"[,。;!?\s][还也](?:要|想|得|需要)(?=[^,。\s还交供]{0,6}(?:换|改|退|约|办|查|投诉|开|发|补|看|问|转|找|取消|删|注销|报案))")


def several(s: Sentence) -> Meaning | None:
    """`multi` when the clauses each are an act of their own. A clause that names nobody is about the client before."""
    strong = is_strong(s) or (s.role == "customer" and _ALSO_WANTS.search(s.text) is not None)
    if _noted_whole(s.text):
        return None
    acts = len(_ACTS & s.words.keys()) + (len(s.words.get("ask", ())) > 1) + (len(s.words.get("remind", ())) > 1)
    acts += (len(s.fields) > 1) + 2 * (_TWO_NUMBERS.search(s.text) is not None or sum(s.has(kind) for kind in ("policy", "holding", "loan", "claim")) > 1)
    people = len({c.mention.text for c in spoken(s)}) + _opens_without(s)
    if not 8 <= len(s.text) <= _LONGEST or (acts < 2 and not strong and people < 2) or (s.role == "customer" and not strong and not _asks_twice(s)):
        return None
    if (each := _all_to_remind_of(s) or _then_reminded(s)) is not None:
        return each
    if (two := _two_lookups(s) or _two_of_theirs(s) or _two_lists(s) or _each_at_a_time(s)) is not None:
        return two
    for finely in (True, False):  # with and without 、 as a joint, which mostly parts the members of a list
        pieces = cuts(s, finely)
        if (found := _fine(s, pieces, strong)) is not None:
            return found
    return _coarse(s, strong) if strong or people > 1 or (s.has("note") and s.has("remind")) else None


def _two_lookups(s: Sentence) -> Meaning | None:
    """卢总的保单和丁总的房贷, with the words behind it (发我) for both."""
    parts = [part for start, end in two_things(s) if (part := _read(s, f"查{s.said(start, end)}", None)) is not None]
    if not parts:
        parts = [part for said in two_of_one(s) if (part := _read(s, said, None)) is not None]
        if len({p.intent for p in parts}) < 2:
            return None  # the fields of one contract are one question
    return multi(s, parts) if len(parts) == 2 and all(p.intent.endswith(".lookup") for p in parts) else None


def _two_of_theirs(s: Sentence) -> Meaning | None:
    """张三的保单看下 持仓也看下, 郭涛的保单和理赔都看下: two kinds of things of one client, to be shown."""
    found = _TWO_KINDS.match(s.shape) if len(s.clients) == 1 and len(s.text) <= _SHORT else None
    if found is None or found["one"] == found["other"]:
        return None
    name = s.said(s.clients[0].start, s.clients[0].end)
    parts = [part for kind in (found["one"], found["other"]) if (part := _read(s, f"查{name}的{kind}", None)) is not None]
    return multi(s, parts) if len(parts) == 2 and all(p.intent.endswith(".lookup") for p in parts) else None


_KIND = r"保单|持仓|理财|存款|贷款|房贷|车贷|理赔|额度"
_SHOWS = r"(?:查|看|调|拉|发|翻)(?:一?下|看|看看|给我|我|出来)*+"
_TWO_KINDS = lazy(
    rf"^\W*(?:帮我|麻烦|请|给我|{_SHOWS})*+C(?:的|名下)*(?P<one>{_KIND})(?:{_SHOWS}[\s,]+|[\s,]*(?:和|跟|与|还有|以及|,|\s)[\s,]*)(?:再|顺便)?(?P<other>{_KIND})(?:也|都|一起|,|\s)*{_SHOWS}(?:吧|哈|谢谢|\W)*$"
)


def _two_lists(s: Sentence) -> Meaning | None:
    """今天的待办和这周续期的都列一下: two lists of different kinds, whatever stands between them."""
    if s.clients or not 8 <= len(s.text) <= _SHORT:
        return None
    for joint in _AND_ALSO.finditer(s.text):
        sides = (s.text[:joint.start()], s.text[joint.end():])
        if any(_TO_LIST.search(side) is None for side in sides):
            continue
        parts = [part for said in sides if (part := _read(s, f"看看{said}", None)) is not None]
        if len(parts) == 2 and {p.intent for p in parts} <= LISTS and parts[0].intent != parts[1].intent:
            return multi(s, [parts[0], same_period(parts[:1], parts[1])])
    return None


_SHORT = 40  # characters of two things in one breath
_AND_ALSO = lazy(r"和|跟|与|以及|还有|同")
_TO_LIST = lazy(r"待办|提醒|安排|日程|生日|续[期保]|到期|还款|逾期|工单|投诉|业绩|保费|新客")


def _each_at_a_time(s: Sentence) -> Meaning | None:
    """明天九点见王芳，下午三点见李雷: clients with a time each are one appointment each, whatever stands between them."""
    pieces = appointments(s)
    if not pieces or why_no_order(s, "reminder.create") or (reminding(s) is None and not lies_ahead(s)):
        return None
    parts: list[Meaning] = []
    for said in pieces:
        part = _read(s, said if "提醒" in said else "提醒我" + said, None)
        if part is None or part.intent != "reminder.create" or part.clarify or "when" not in part.slots:
            return None
        parts.append(on_its_day(s, part, parts))
    return multi(s, parts) if for_others(parts) else None


def _opens_without(s: Sentence) -> bool:
    """Are the known clients only named after the first comma? Then the words before may be about a stranger."""
    first = re.search(r"[,。;]", s.text)
    return first is not None and bool(s.clients) and all(c.start > first.start() for c in spoken(s))


def _fine(s: Sentence, pieces: list[tuple[int, int]], strong: bool) -> Meaning | None:
    """Every piece between commas, blanks and linking words is an act."""
    if not 1 < len(pieces) <= 4:
        return None
    parts: list[Meaning] = []
    for start, end in pieces:
        part = _clause(s, start, end, parts)
        if part is None:
            return None
        parts.append(on_its_day(s, same_period(parts, of_the_new(part, parts)), parts))
    ordered = each_is_ordered(s, pieces, parts)
    spaced = not ordered and re.search(r"[,。;!?]", s.text) is None
    return multi(s, parts) if really_several(parts, strong or ordered, spaced) else None


_ALL_OF_THEM = lazy(r"[,。;\s]*(?:这?(?:两|俩|几|三|些)(?:件事|个|条|样)?|到时候?|记得|请|麻烦|以上)*(?:都|全都?|分别|各自)(?:帮我|给我|要|得)*(?:提醒|叫|喊|通知|(?:设|定|建|记|加)(?:上|好|个|一下)?(?:提醒|闹钟))我?(?:一?下|一声)?\W*$")


def _all_to_remind_of(s: Sentence) -> Meaning | None:
    """后天十点约了罗总 大后天三点约了钱姐 都提醒我: the order at the end is for each of the clauses."""
    order = _ALL_OF_THEM.search(s.text)
    pieces = [] if order is None else [p for p in cuts(s, True) if p[0] < order.start()]
    if not 1 < len(pieces) <= 4 or order is None:
        return None
    parts: list[Meaning] = []
    for start, end in pieces:
        part = _read(s, "提醒我" + s.said(start, min(end, order.start())), None)
        if part is None or part.intent != "reminder.create" or part.clarify or not ("when" in part.slots or "recurrence" in part.slots):
            return None
        parts.append(on_its_day(s, part, parts))
    return multi(s, parts) if times_differ(parts) or for_others(parts) else None


_BREAK_BEFORE = re.compile(r"[\s,，。;；]+$")
_TOLD_FIRST = frozenset({"client.create", "note.add"})


def _then_reminded(s: Sentence) -> Meaning | None:
    """新客户 任贤 13688990011 明早十点提醒我给他打电话: somebody new or a note, and behind a break when to be reminded."""
    order = reminding(s)
    said = next((e for e in s.points if order is not None and 0 <= order.start() - e.end <= 1), None)
    if said is None or _BREAK_BEFORE.search(s.text[:said.start]) is None:
        return None
    first = _clause(s, 0, said.start, [])
    if first is None or first.intent not in _TOLD_FIRST or first.clarify:
        return None
    then = _clause(s, said.start, len(s.text), [first])
    if then is None or then.intent != "reminder.create" or "when" not in then.slots:
        return None
    return multi(s, [first, of_the_new(then, [first])])


def _coarse(s: Sentence, strong: bool) -> Meaning | None:
    """As `_fine`, but a name alone belongs to what follows it, and what is no act belongs to what went before."""
    parts: list[Meaning] = []
    begun: int | None = None  # where the clause starts that is not yet an act
    last = 0
    for start, end, linked in stretches(s):
        begin = start if begun is None else begun
        part = _clause(s, begin, end, parts)
        if part is None and linked and parts:
            if begun is not None:
                return None
            begun = begin  # 再给他约周四见面，到时提醒我: the act comes with the next piece
        elif part is None and parts and begun is None:
            longer = _clause(s, last, end, parts[:-1])
            if longer is None or (longer.intent != parts[-1].intent and longer.confidence < parts[-1].confidence):
                return None
            parts[-1] = longer
        elif part is None:
            begun = begin
        else:
            parts.append(of_the_new(part, parts))
            begun, last = None, begin
    if begun is not None or not 1 < len(parts) <= 4:
        return None
    return multi(s, parts) if really_several(parts, strong, False) else None


def multi(s: Sentence, parts: list[Meaning]) -> Meaning:
    parts = without_echoes(parts)
    if len(parts) == 1:
        return parts[0]
    return Meaning("multi", MappingProxyType({"parts": tuple(parts)}), s.spans(), "several acts", min(p.confidence for p in parts),
                   next((p.clarify for p in parts if p.clarify), None), (), tuple(parts))


def _clause(s: Sentence, start: int, end: int, before: list[Meaning]) -> Meaning | None:
    """The act of one clause, read with the client and the topic of the clauses before in mind."""
    focus = next((f for p in reversed(before) if (f := _focus_of(p)) is not None), s.dialogue.focus)
    said = s.said(start, end)
    if before and before[-1].intent == "note.add" and _TOLD_OF_THEM.match(said):
        return None  # 聊了车险，另外他想看下年金: more of what is noted
    part = _read(s, said, focus)
    if before and part is not None and before[-1].intent == part.intent == "reminder.create" and part.confidence < 0.62 <= before[-1].confidence:
        part = _read(s, "提醒我" + said, focus)  # 提醒我明天给张三打电话，后天给田野打电话
    if before and part is not None and before[-1].intent == "note.add" and part.intent == "client.family_add" and part.slots.get("pronoun"):
        return None  # 聊了，她儿子叫小宝: all of it is the note
    part = with_what_was_noted(part, before)
    figures = part is not None and before and before[-1].intent.endswith(".lookup") and part.intent in LISTS and _OF_MANY.search(said) is None
    if before and (part is None or figures):  # …什么时候到期、保费多少 asks of the same policy, not of my figures
        part = _elliptic(s, said, focus, before[-1]) or part
    return None if part is None else for_the_same(part, said, focus)


_OF_MANY = re.compile(r"谁|哪[些几]|名单|清单|列|客户|提醒|待办|日程|安排|团队|业绩|工单")


def _read(s: Sentence, said: str, focus: ClientRef | None) -> Meaning | None:
    clause = take_apart(said, s.now, s.role, s.book, replace(s.dialogue, focus=focus, pending="none"), s.lexicon)
    part = single(clause)
    about = bool(part.slots.keys() & {"client", "field"}) and part.intent not in WRITES  # 查王芳 needs no more words, nor does 她的电话
    if part.intent == "note.add" and part.clarify == "client_missing" and len(_bare(str(part.slots.get("content", "")))) < 2:
        return None  # 麻烦登记一下，…: what is to be written down comes next
    if part.intent in _NO_ACT or (part.confidence < _MOSTLY and not (about and clause.has("lookup", "ask"))):
        return None
    if s.role == "customer" and part.confidence >= _MOSTLY:
        return part
    plain = bool(_ACTS & clause.words.keys()) or part.confidence >= (SURELY if part.intent in WRITES else _CLEARLY)
    return part if plain else None


_TOLD_OF_THEM = re.compile(r"\W*(?:他|她|客户|人家|对方|老人家)(?:也|还|又|们|家里?)*(?:想|要|说|问|打算|准备|希望|愿意|同意|觉得|担心|提到|考虑)")
# What a clause leaves out when it goes on with the act before: …加上已成交 means the tag, …还缺什么材料 the claim.
_LEFT_OUT = {
    "tag.add": ("{who}", "标签"), "tag.remove": ("{who}", "标签"), "client.lookup": ("{who}的", ""), "client.update": ("{who}的", ""),
    "claim.lookup": ("{who}的理赔", ""), "policy.lookup": ("{who}的保单", ""), "loan.lookup": ("{who}的贷款", ""), "holding.lookup": ("{who}的理财", ""),
}


_TO_THE_SAME = re.compile(r"(?:转|交|移|划|分|挪)?(?:给|到|归)(?:他|她)(?:那儿|那里|名下)?|一样|一起$")
_GOES_ON = re.compile(r"多久|到期|进度|余额|^(?:再|也|还)?(?:加上|加|去掉|取消|改成|改为|打上)|还|呢|什么|多少|几|哪|吗|\?|(?:给|发|报)我")


def _opens_with_a_time(said: str) -> bool:
    """Another hour or day, and what is to be done then."""
    text = normalise(said).text
    times = find(text)
    if not times or times[0].start > 1 or times[0].recurs or times[0].is_duration:
        return False
    return times[0].has_clock or (ABOUT_THEM.search(text) is not None and text[times[0].end:times[0].end + 1] not in {"他", "她"})


def _elliptic(s: Sentence, said: str, focus: ClientRef | None, before: Meaning) -> Meaning | None:
    if before.intent == "reminder.create" and before.confidence >= 0.62 and "when" in before.slots and _opens_with_a_time(said):
        return _read(s, "提醒我" + said, focus)  # 提醒我8点开会，9点给林医生打电话
    if before.intent == "handover.create" and before.slots.get("to") and _TO_THE_SAME.search(said):
        return _read(s, _TO_THE_SAME.sub(f"转给{before.slots['to']}", said), focus)  # …, 孙阿姨的也转给他
    if (again := of_another_time(s, said, before)) is not None:
        return again
    if before.intent.startswith("stats."):
        return _read(s, ("团队" if before.intent == "stats.team" else "我") + said, focus)  # …，谁排第一
    frame = _LEFT_OUT.get(before.intent)
    if frame is None or focus is None or _GOES_ON.search(said) is None:
        return None
    wanted = "查" if re.search(r"[给发报]我\W*$", said) else ""
    part = _read(s, wanted + frame[0].format(who=focus.name) + said + frame[1], focus)
    same = part is not None and (part.intent.split(".")[0] == before.intent.split(".")[0] or part.intent.endswith(".lookup")) and (part.intent, dict(part.slots)) != (before.intent, dict(before.slots))
    return part if same else None


def _focus_of(part: Meaning) -> ClientRef | None:
    found: Any = part.slots.get("client_id")
    if found is None or isinstance(found, list):
        return None
    return ClientRef(found, str(part.slots.get("client", "")))


# ---------------------------------------------------------------- nothing is dropped

_NICE = lazy(r"^\W*(?:谢谢|多谢|感谢|辛苦|麻烦|拜托|好吗|可以吗|快点?|尽快)\S{0,4}$")


def left_unread(s: Sentence, one: Meaning) -> Meaning | None:
    """`none` with `clarify` "parts" when a second wish (顺便…, 另外…) is in no slot of the one act that was understood."""
    found = _SECOND_WISH.search(s.text)
    if found is None or len(s.text) > _LONGEST or one.intent in _NO_ACT or s.role == "customer" or _NICE.match(found["rest"]):
        return None
    rest = _bare(found["rest"])
    if len(rest) < 2 or any(rest in _bare(v) for v in one.slots.values() if isinstance(v, str)):
        return None
    if one.intent not in WRITES or _read_as_one(s, found, one):
        return None
    return meaning_of(s, "none", {"clarify": "parts"}, "a part was not understood", 0.5, (one.intent, *one.alternatives)[:2])


def _read_as_one(s: Sentence, found: re.Match[str], one: Meaning) -> bool:
    """Both sides were read, and are one act told in two breaths."""
    first = _clause(s, 0, found.start(), [])
    second = _clause(s, found.start("rest"), len(s.text), [first] if first else [])
    return second is not None and (first is None or (first.intent, second.intent) == TOLD or is_lead_in([first, second]) or first.intent == second.intent == one.intent)


def _bare(text: str) -> str:
    return re.sub(r"\W|提醒|我|她|他|请|帮", "", text.lower())
