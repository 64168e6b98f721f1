"""Clients handed over from one adviser to another."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills, search
from handlers.language.intents.colleagues import Person, colleagues, who_takes
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Named, Sentence

_REASON = r"离职|辞职|休假|请假|产假|年假|病假|婚假|陪产|出差|调走|调岗|调离|转岗|停职|生病|病了|住院|进修|培训|退休|走了|不干了|要走|生孩子|生娃|休息|外派"
_OWNS = lazy(r"^(?:名下|手[上里头下]|那边|那儿|这边|带|管|跟|负责)?的?(?:[^,。]{0,8})?(?:客户|客|人|盘子|户|单子|名单)")


def handover(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    people = colleagues(s)
    moved = s.clients
    to = who_takes(s, people)
    slots: Slots = {}
    if to is None and (last := _client_who_takes(s)) is not None:
        slots["to"], moved = s.clients[last].mention.text, [c for at, c in enumerate(s.clients) if at != last]
    elif to is not None:
        slots["to"] = s.said(to.start, to.end)
    giver = _giver(s, [p for p in people if p is not to])
    if giver:
        slots["from"] = giver
    slots |= _moved(s, [c for c in moved if c.mention.how != "pronoun"], giver, slots.get("to", ""))
    if "clients" not in slots and "conditions" not in slots and re.search(r"全|所有|都|名下|手[上里头]|统统|盘子|离职|的客户|客户(?:先|就|由|让|给|交|归|暂)", s.text):
        slots["scope"] = "all"
    until = next((e for e in reversed(s.points) if re.search(r"[到至]\s*$", s.text[:e.start]) or e.limit), s.points[-1] if s.points else None)
    if until is not None:
        slots["until"] = s.when(until, times.REMIND)
    if not slots.get("to") and not re.search(r"移交|交接|转移|转交|我(?:先|来|暂时|帮着|帮他|帮她)*(?:接|顶|管|跟|带|代|盯)", s.text):
        return None
    return fills.merged(slots) if slots.get("to") or slots.get("from") else None


def _client_who_takes(s: Sentence) -> int | None:
    """A colleague may be somebody's client too: 把王芳转给张伟."""
    return next((at for at in range(len(s.clients) - 1, -1, -1) if re.search(r"(?:转|移|划|过|分|交|挪|过户)(?:给|到|归)\s*$", s.text[:s.clients[at].start])), None)


def _giver(s: Sentence, people: list[Person]) -> str | None:
    owner = next((p for p in people if _OWNS.match(s.text[p.end:]) or s.text[:p.start].endswith("从") or re.match(rf"\s*(?:要|马上|快|T|\S{{0,6}})(?:{_REASON})", s.text[p.end:])), None)
    owner = owner or (people[0] if people else None)
    if owner is not None:
        return s.said(owner.start, owner.end)
    first = next((c for c in s.clients if _OWNS.match(s.text[c.end:]) and re.match(r"名下|手[上里头]|的客户", s.text[c.end:])), None)
    return first.mention.text if first else None


def _moved(s: Sentence, named: list[Named], giver: str | None, to: str) -> Slots:
    """The clients named, or the conditions they meet."""
    people = [c for c in s.clients if c in named and c.mention.text != giver]
    if people:
        names = [c.mention.text for c in people]
        ids = [c.mention.refs[0].id if len(c.mention.refs) == 1 else [r.id for r in c.mention.refs] or None for c in people]
        unknown = _unknown_beside(s, to)
        names, ids = [*names, *unknown], [*ids, *(None for _ in unknown)]
        return {"clients": names, "client_ids": ids, "client": names[0], "client_id": ids[0]}
    found = search.search_strict(s, None) if re.search(r"[a-ds]类|[a-ds]级|vip|标签|[男女]客户|岁|没联系|买了|持有", s.text) else None
    kept = [c for c in (found or {}).get("conditions", ()) if c["field"] in {"tier", "tag", "city", "gender", "age", "has_product", "aum", "policy_count"}]
    return {"conditions": kept} if kept else {}


_GIVEN = lazy(r"(?:移交|转交|转移|转|交接|划|分|交|过户|移)(?:给|到)")
_NOT_A_NAME = lazy(r"请|麻烦|帮我|帮忙|(?:老|新|vip)?客户们?|以后|全部|所有|统统|一起|暂时|临时|[我他她]?名下|手[上里]|(?:这|那|[两二三四五几\d])+(?:个|位|名)人?|他们|她们|[都先的]$|^vip$")
_JOINED = re.compile(r"[\s、,;()]+|和|跟|与|及|还有|以及")


def _unknown_beside(s: Sentence, to: str) -> list[str]:
    """钱无名 in 把钱无名和赵磊移交给…: names nobody bears, joined to known ones. They must not be passed over."""
    given = _GIVEN.search(s.text)
    if given is None:
        return []
    listed = s.text[:given.start()]
    for named in reversed([c for c in s.clients if c.end <= given.start()]):
        listed = f"{listed[:named.start]}C{listed[named.end:]}"
    listed = re.sub(r"^.*(?:把|将)", "", listed)
    pieces = [_NOT_A_NAME.sub("", piece) for piece in _JOINED.split(listed)]
    return [p for p in pieces if len(pieces) > 1 and "C" not in p and len(p) > 1 and p != to]


def handover_cancel(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s, needed=False) if s.clients else {}


_LEAVES = lazy(r"^\W*离职交接\W*(?P<from>[\u4e00-\u9fff]{2,4}?)?(?:\W*(?:的客户)?(?:全部?|都)?(?:移?交?给|转给)\s*(?P<to>[\u4e00-\u9fff]{2,4}))?[。.!！~\s]*$")
_LEFT = lazy(r"^\W*(?P<from>[\u4e00-\u9fff]{2,4}?)(?:要|马上|快|已经|刚|今天|下周|月底)*(?:离职|辞职)了?[,，。\s]*(?:请)?(?:把)?[他她]?的?(?:名下)?(?:的)?客户(?:全部?|都|统统)*(?:移?交?给|转给|由)\s*(?P<to>[\u4e00-\u9fff]{2,4}?)(?:接手?|负责|跟进)?[。.!！~\s]*$")
_BACK_IN = lazy(r"^\W*(?:恢复|启用)\s*(?P<of>[\u4e00-\u9fff]{0,4}?)的?账号\W*(?P<who>[\u4e00-\u9fff]{2,4})?\W*$|^\W*(?P<whose>[\u4e00-\u9fff]{2,4})\s*(?:恢复|启用)账号\W*$")


def leaving(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of 离职交接 小陈, 小陈离职了 客户都给周敏 and 恢复账号 小陈, whose names may be in nobody's book."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    if (left := _LEAVES.match(said) or _LEFT.match(said)) is not None:
        return "handover.create", {**{k: v for k, v in left.groupdict().items() if v}, "scope": "all"}
    if (back := _BACK_IN.match(said)) is not None:
        who = back["of"] or back["who"] or back["whose"]
        return "member.restore", {"member": who} if who else {}
    return None


_WORDS = r"移交|交接|转移|转交|接管|代管|交割|handover"
RULES: tuple[Rule, ...] = (
    rule("handover.create", 79, "handover", handover, no="ask remind item ticket_no ticket complaint", shape=r"客户|[CS].{0,12}(?:给|接)|离职|请假|名下|代|移交|交接|全|盘子|手[上里头]"),
    rule("handover.create", 84, "any", handover, no="ask remind ticket complaint draft", name="given over", shape=r"(?:客户|名下)[^,。]{0,8}(?:放|挂|归)(?:到|在|去)[\u4e00-\u9fff]{2,3}(?:那[边儿里]?|名下|手[上里])|从[CS\u4e00-\u9fff]{1,3}(?:那[儿里边]?|手[里上]|名下)*(?:调|转|划|移|拨|匀)(?:给|到)|客户\s*(?:先|都|就|全|全部)?给[^,。我他她]{1,4}\W*$|客户\s*到\s*[^,。\s我他她]{2,4}(?:\s|\W*$)|(?:客户|名下|手[上里头下]|盘子|[CS]).{0,20}(?:(?:全|都|统统|全部|(?:分|划|拨|匀|让)(?:一半|一部分|一些|一点|几[个户位]|\d+[个户位])|划|转|过|过户|分|交|挪|移|拨)(?:到|给|归).{1,8}$|(?:给|让|由|归|转|划|过户|分|交|挪|移)(?:到|给)?.{1,8}(?:接|管|负责|跟一?[下跟]|跟进|跟\W*$|带|顶|代|盯)|(?:转|划|过|过户|分|交|挪|移|拨)(?:到|给|归).{1,6}[\s,。了吧先])|(?:盘子|名下|手[上里头下]).{0,14}(?:顶|接|管|盯|代)"),
    rule("handover.create", 84, "any", handover, no="ask remind ticket complaint draft", name="clients to somebody, in short", shape=r"客户(?:都|全|先|暂时)?(?:转|移交)(?!给|到|成|过|化|介|来|为|[\s,。]|的|了|率)[^,。\s给到成]{2,3}(?:[\s,]|\W*$)"),
    rule("handover.create", 78, "client", handover, no="ask remind ticket complaint draft tier", name="a client is somebody else's from now on",
         shape=r"^(?:\W|把|将)*C\s*+(?:这个?客户)?(?:T|从|起|以后|今后|往后|开始|就|先|暂时|都|统一|,|\s)*+(?:归|改?由|让|换(?:成)?|转|划|交|移)(?:给|到|归)?\s?[\u4e00-\u9fffS]{1,4}(?:来)?(?:跟进?|管|带|维护|负责|接手?|服务|照看)?(?:吧|了|\W)*$"),
    rule("handover.create", 77, "any", handover, no="ask remind ticket complaint draft", name="somebody is away",
         shape=rf"(?:{_REASON}).{{0,24}}(?:替|看着|照看|照应|请|帮忙|代|接|顶|管|盯|给|让|由|交|转|带|移交|划)|离职交接"),
    rule("handover.cancel", 84, "handover", handover_cancel, need="cancel", no="ask remind", shape=_WORDS),
    rule("handover.cancel", 84, "handover", handover_cancel, need="undo", no="ask remind", shape=_WORDS),
    rule("handover.cancel", 87, "any", handover_cancel, no="ask remind", name="not given over after all", shape=r"(?:客户|把S)[^,。]{0,4}(?:给|转|移交)[^,。]{1,6}[^。]{0,6}(?:撤回|撤销|不移了|不转了|不移交了|作废)"),
    rule("handover.cancel", 83, "any", handover_cancel, no="ask remind", name="take it back",
         shape=rf"(?:{_WORDS}).{{0,12}}(?:撤|取消|先不|不用|不做了?|不搞了|算了|作废|停|终止|暂缓|收回|不移|不转|叫停|别)|(?:撤|取消|别|先不|不用|停|终止|收回|叫停).{{0,6}}(?:{_WORDS})|客户.{{0,8}}(?:先不|别|不用|不)(?:转|移交?|交|划)了"),
)
