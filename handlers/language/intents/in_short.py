"""Changes said in few words: a client, a value that can only be of one field, and hardly a verb (马超 C, 郭涛 45岁, 周叔月入填3万)."""

from __future__ import annotations

import re

from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.intents.tagging import remove_tag
from handlers.language.intents.update import typed
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_PUT = lazy(
    r"[\s,]*(?:那[一]?(?:栏|项|个)|一栏|这一?项|信息|情况)?(?:就|先|帮我|给我|请|麻烦|都|也|还是)*"
    r"(?:填|补|写|登|加|录|存|标)(?!不|没|了吗|的|签)(?:成|为|上|个|一?下|作|入|到|进)*[\s:,]*(?=\S{2})"
)
_HERS = lazy(r"(?:的|她|他|那个|新|,|\s)*$")


def put(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A field right behind the client, a verb of writing and the value: 周叔月入填3万, 胡军的客户来源补个 李雷介绍."""
    if not s.clients or not s.fields or mood.asks(s) or mood.reminding(s) is not None:
        return None
    own = next((f for f in s.fields if f[0] >= s.clients[0].end), None)
    if own is None or own[2].endswith("tier") or _HERS.fullmatch(s.text, s.clients[0].end, own[0]) is None or _PUT.match(s.text, own[1]) is None:
        return None
    verb = _PUT.match(s.text, own[1])
    assert verb is not None
    return fills.merged(fills.client(s), typed(s, own[2], verb.end(), len(s.text)))


def _value_of(field: str, read: dict[str, str] | None = None) -> Fill:
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        if match is None or mood.asks(s):
            return None
        said = match["v"]
        return fills.merged(fills.client(s), {"field": field, "value": (read or {}).get(said, said.upper() if said.isascii() else said)})
    return fill


def age(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return None if match is None else fills.merged(fills.client(s), {"field": "age", "value": int(match["v"])})


def tier(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return None if match is None else fills.merged(fills.client(s), {"tier": match["v"].upper()})


def known_tag_off(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """去掉马总身上的VIP: a tag or a tier by its name, or one between quotation marks."""
    known = [*s.lexicon.scanner("tags").find(s.text), *s.lexicon.scanner("tiers").find(s.text)]
    known = [k for k in known if not any(k[0] < c.end and c.start < k[1] for c in s.clients)]
    quoted = next((p for p in s.protected if p.kind == "quote"), None)
    between = _FROM_HER.match(s.shape) if quoted is None and not known else None
    if between is not None:
        known = [(s.place(between.start("tag")), s.place(between.end("tag")), "")]
    if quoted is None and not known:
        return None
    said = str(quoted.value) if quoted is not None else s.said(*known[0][:2])
    return fills.merged(fills.clients(s), {"tag": said, "tags": [said]}) if said else remove_tag(s, match)


_FROM_HER = lazy(r"^(?:\W|把|将|给)*(?P<tag>[^,。A-Z]{2,10}?)(?:这个)?(?:标签)?从C")
_MARRIED = {"单身": "未婚", "未婚": "未婚", "没结婚": "未婚", "已婚": "已婚", "结婚了": "已婚", "离异": "离异", "离婚了": "离异", "离了": "离异", "丧偶": "丧偶"}
_OFF = r"(?:去掉|去除|删掉|删除|拿掉|摘掉?|撤(?:掉|下来?|走)?|取消|移除|不要|撕掉?|揭掉)"
_DONE = r"(?:了|吧|哈|一?下|掉|\W)*$"
_THEN_WRITTEN = r"(?:[\s,]+[^\s,]{1,8})?(?:[\s,]*(?:请|麻烦|帮我|给我|先)*(?:补|改|登记?|记|更新|录|写|填|标|调|同步)(?:上|一?下|录|进去?|入|好|过来)*)?(?:吧|哈|了|\W)*$"
_NO = "remind ask create handover list search"
RULES: tuple[Rule, ...] = (
    rule("client.update", 86, "field", put, need="client", no="remind ask policy loan holding product claim ticket reminder_thing", name="a field to be filled", quiet=True),
    rule("client.update", 58, "client", age, no=_NO, name="an age", shape=r"^\W*C(?:,|\s|的?年龄|现在|已经|今年|是|:)*(?P<v>\d{1,3})(?:周)?岁了?\W*$"),
    rule("client.update", 60, "client", _value_of("risk_level"), no=_NO, name="a class of risk",
         shape=r"^\W*C的?(?:\s|,|最新|重新|测出来?|评下来|重?测了?|做完?了?|变|风险|等级|评级|测评|承受能力|风评|结果|更新|改|调|成|为|是|到|:)*(?P<v>[cr][1-5])(?:级|型|档|了|吧|\W)*$"),
    rule("client.update", 61, "client", _value_of("marital_status", _MARRIED), no="remind ask handover search claim", name="married or not",
         shape=rf"^\W*C(?:,|\s|现在|目前|还|是|已经|的?婚姻状况|:)*(?P<v>{'|'.join(_MARRIED)}){_THEN_WRITTEN}"),
    rule("tier.set", 59, "client", tier, no=_NO, name="a letter of a tier", shape=r"^\W*C[\s,:]*(?P<v>[abcds])(?:类|级|档)?(?:客户)?\W*$"),
    rule("tag.remove", 81, "client", known_tag_off, no="remind ask create list search consent policy", name="a known tag off",
         shape=rf"^(?:\W|把|将|给|帮我|请|麻烦)*(?:C(?:的|身上的?|那个|,|\s)*)?{_OFF}(?:了)?(?:C)?(?:的|身上的?|那个|\s)*[^,。A-PR-Z]{{2,8}}{_DONE}|^(?:\W|把|将|给)*[^,。A-Z]{{2,10}}从C(?:身上|那里?|名下|标签里)?{_OFF}(?:下来|出去)?{_DONE}|^(?:\W|把|将)*C(?:的|身上的?|那个|\s)*[^,。]{{1,8}}{_OFF}{_DONE}"),
)
