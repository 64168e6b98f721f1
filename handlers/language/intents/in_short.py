"""Changes said in few words: a client, a value that can only be of one field, and hardly a verb (马超 C, 郭涛 45岁, 周叔月入填3万)."""

from __future__ import annotations

import re

from handlers.language.intents import create, fills, mood
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.intents.tagging import remove_tag
from handlers.language.intents.update import typed
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_PUT = lazy(
    r"[\s,]*(?:那[一]?(?:栏|项|个)|一栏|这一?项|信息|情况)?(?:就|先|帮我|给我|请|麻烦|都|也|还是)*"
    r"(?:登记|填|补|写(?!句|段|条|个|封|一)|登|加|录|存)(?!不|没|了吗|的|签)(?:成|为|上|个|一?下|作|入|到|进)*[\s:,]*(?=\S{2})"
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


_COLUMN = lazy(r"(?:那|这)?(?:一?栏|儿|里|项|一项)(?:里|就|给|帮我|请|都|那|,|\s)*(?:填|写|登记?|录)(?!错|反|漏|少|多|的)(?:成|上|为|个|入)?")


def into_its_column(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """蔡明退休了 职业那栏填退休: the field, wherever it stands, that something is to be written into."""
    found = next(((f, column) for f in s.fields if (column := _COLUMN.match(s.text, f[1])) is not None), None)
    if found is None or mood.asks(s) or mood.reminding(s) is not None or found[0][2].endswith("tier"):
        return None
    return fills.merged(fills.client(s), typed(s, found[0][2], found[1].end(), len(s.text)))


# Words that only say that something is to be written, or that tie client, field and value together.
_VERBS = r"登记|录入|更新|修改|变更|更改|更正|订正|调整|补录|添加|设置|改|换|填|写|补|录|登|记(?!者)|存|加|添|设|调|变"
_TIES = (
    rf"变动|变化|变了|升任|改任|(?:涨|升|降|增|加)(?:到|至)|(?:{_VERBS})(?:了|成(?![都安武吉])|为|到|上(?!海|饶|虞)|个|入|进(?!出)|过来|一?下|好)*|帮我|帮忙|麻烦|请|给(?:他|她)?|把|将|替|的|那个|这个|现在|目前|如今|最新的?|新的|已经|都|也|就|应该是?|应为|要|是|叫|为|在(?=C)|不对|错了|有误|有变|现任|现为|担任|到(?=\d{4})|系统里?|档案里?|资料里?|"
    r"(?:到|进)?系统|客户|信息|[他她]|一?下|吧|了|哈|啊|哦|呢|谢谢|[\s,，。:：;；、!！()（）\-~]+"
)
_LEAD, _TRAIL, _NEW = lazy(rf"(?>{_TIES})+"), lazy(rf"(?>{_TIES})+$"), lazy(r"新$")
_LIKELY = {
    "wechat": lazy(r"[a-z][\w-]{3,}|1\d{10}"), "gender": lazy(r"[男女](?:的|性|士)?"), "age": lazy(r"\d{1,3}(?:岁|周岁)?"), "risk_level": lazy(r"[cr][1-5]级?|(?:保守|稳健|平衡|成长|积极|进取|激进)型?"),
    "marital_status": lazy(r"已婚|未婚|离异|丧偶|单身|离婚|结婚|再婚"), "employer": lazy(r"[^,。\s]{2,20}?(?:银行|公司|集团|医院|学校|大学|中学|小学|幼儿园|局|所|院|厂|中心|部|店|科技|证券|保险|人寿|电网|政府|[一-九\d]中)"),
    "address": lazy(r".*(?:[省市区县镇乡村路街巷弄号幢栋座苑园城庄]|大厦|广场|小区|花园|新村|公寓).*"), "children": lazy(r"[一二两三四\d]个?(?:儿子|女儿|孩子?)?"),
}
_OF_A_DATE = frozenset({"ymd", "md", "lunar"})  # this Friday is nobody's birthday
_SAYS_WHICH = lazy(r"[男女]")
_PROTECTED = frozenset({"phone", "email", "id_number", "licence_code"})


_LONGEST = 60  # characters; a longer text is more than a client, a field and a value


def told(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Nothing but a client, a field and a value that the field can have, in any order: 会计，马超的职业; 给马超加上微信wx8899."""
    if len(s.text) > _LONGEST or len(s.clients) != 1 or len({f[2] for f in s.fields}) != 1 or mood.asks(s) or mood.reminding(s) is not None or mood.supposes(s):
        return None
    client, field = s.clients[0], s.fields[0]
    pieces = [p for a, b in _between(s, [(client.start, client.end), field[:2]]) if (p := _stripped(s, a, b, b == field[0]))]
    if len(pieces) != 1:
        return None
    found = typed(s, field[2], *pieces[0])
    if field[2] == "marital_status" and found.get("value") in _MARRIED:
        found = {**found, "value": _MARRIED[found["value"]]}
    return fills.merged(fills.client(s), found) if found.get("value") is not None and _is_likely(s, field[2], *pieces[0]) else None


def _between(s: Sentence, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of the sentence beside the stretches taken."""
    edges = [0, *(edge for stretch in sorted(taken) for edge in stretch), len(s.text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _stripped(s: Sentence, start: int, end: int, before_field: bool) -> tuple[int, int] | None:
    """The stretch without the words that only tie, if anything is left."""
    lead = _LEAD.match(s.text, start, end)
    start = lead.end() if lead is not None else start
    trail = _TRAIL.search(s.text[start:end])
    end = start + trail.start() if trail is not None else end
    if before_field and _NEW.fullmatch(s.text, start, end):
        return None
    return (start, end) if start < end else None


def _is_likely(s: Sentence, name: str, start: int, end: int) -> bool:
    said = s.text[start:end]
    if name in _PROTECTED:
        return any(p.kind == name and (p.start, p.end) == (start, end) for p in s.protected)
    if name in create.MONEY_LIKE:
        return any(a.start <= start and end <= a.end for a in s.amounts)
    if name in create.DATE_LIKE:
        return any(e.start <= start and end <= e.end and not _OF_A_DATE.isdisjoint(e.slots) for e in s.points)
    if name == "gender" and _SAYS_WHICH.search(s.text[s.fields[0][0]:s.fields[0][1]]) is not None:
        return False  # 是男的女的 asks
    if name == "occupation":
        return create.is_occupation(said)
    likely = _LIKELY.get(name)
    return likely is not None and likely.fullmatch(said) is not None


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
    return None if match is None else fills.merged(fills.client(s), {"tier": s.lexicon.tiers.get(match["v"], match["v"].upper())})


def known_tag_off(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """去掉马总身上的VIP: a tag or a tier by its name, or one between quotation marks."""
    known = [*s.lexicon.scanner("tags").find(s.text), *s.lexicon.scanner("tiers").find(s.text)]
    known = [k for k in known if not any(k[0] < c.end and c.start < k[1] for c in s.clients)]
    quoted = next((p for p in s.protected if p.kind == "quote"), None)
    between = _FROM_HER.match(s.shape) if quoted is None and not known else None
    if between is not None:
        known = [(s.place(between.start("tag")), s.place(between.end("tag")), "")]
    if quoted is None and not known:
        return _unknown_tag_off(s)
    said = str(quoted.value) if quoted is not None else s.said(*known[0][:2])
    return fills.merged(fills.clients(s), {"tag": said, "tags": [said]}) if said else remove_tag(s, match)


_PLAIN_OFF = lazy(r"^(?:\W|把|给)*C(?:的|\s|,)*(?:去掉|摘掉|撕掉|摘|撕)(?:一?个)?(?P<a>[^,。A-Z\s]{2,6})\W*$|^(?:\W|请|帮我)*(?:移除|去掉|摘掉|撕掉)C(?:的|身上的)(?P<b>[^,。A-Z\s]{2,6})\W*$")


def _unknown_tag_off(s: Sentence) -> Slots | None:
    """马超去掉宝妈, 移除马超的宝妈: a word that is nothing else of the client."""
    found = _PLAIN_OFF.match(s.shape)
    if found is None or s.fields or s.has("policy", "holding", "loan", "reminder_thing", "ticket", "handover"):
        return None
    said = s.cut(*found.span(found.lastgroup or 0))
    return fills.merged(fills.clients(s), {"tag": said, "tags": [said]})


_FROM_HER = lazy(r"^(?:\W|把|将|给)*(?P<tag>[^,。A-Z]{2,10}?)(?:这个)?(?:标签)?从C")
_MARRIED = {"单身": "未婚", "未婚": "未婚", "没结婚": "未婚", "已婚": "已婚", "结婚了": "已婚", "离异": "离异", "离婚了": "离异", "离婚": "离异", "结婚": "已婚", "离了": "离异", "丧偶": "丧偶"}
_OFF = r"(?:去掉|去除|删掉|删除|拿掉|摘掉?|撤(?:掉|下来?|走)?|取消|移除|不要|撕掉?|揭掉)"
_DONE = r"(?:了|吧|哈|一?下|掉|\W)*$"
_THEN_WRITTEN = r"(?:[\s,]+[^\s,]{1,8})?(?:[\s,]*(?:请|麻烦|帮我|给我|先)*(?:补|改|登记?|记|更新|录|写|填|标|调|同步)(?:上|一?下|录|进去?|入|好|过来)*)?(?:吧|哈|了|\W)*$"
_NO = "remind ask create handover list search"
RULES: tuple[Rule, ...] = (
    rule("client.update", 86, "field", told, need="client", no="remind ask policy loan holding product claim ticket reminder_thing", name="a client, a field and its value", quiet=True),
    rule("client.update", 86, "field", put, need="client", no="remind ask policy loan holding product claim ticket reminder_thing", name="a field to be filled", quiet=True),
    rule("client.update", 86, "field", into_its_column, need="client", no="remind ask policy loan holding claim ticket reminder_thing", name="written into its column", quiet=True),
    rule("client.update", 58, "client", age, no=_NO, name="an age", shape=r"^\W*C(?:,|\s|的?年龄|现在|已经|今年|是|:)*(?P<v>\d{1,3})(?:周)?岁了?\W*$"),
    rule("client.update", 60, "client", _value_of("risk_level"), no=_NO, name="a class of risk",
         shape=r"^\W*C的?(?:\s|,|最新|重新|测出来?|评下来|重?测了?|做完?了?|变|风险|等级|评级|测评|承受能力|风评|结果|更新|改|调|成|为|是|到|:)*(?P<v>[cr][1-5])(?:级|型|档|了|吧|\W)*$"),
    rule("client.update", 61, "client", _value_of("marital_status", _MARRIED), no="remind ask handover search claim", name="married or not",
         shape=rf"^\W*C(?:,|\s|现在|目前|还|是|已经|的?婚姻状况|:)*(?P<v>{'|'.join(_MARRIED)}){_THEN_WRITTEN}"),
    rule("tier.set", 59, "client", tier, no=_NO, name="a letter of a tier", shape=r"^\W*C[\s,:]*(?:是|算|属于)?(?P<v>[abcds]|贵宾|私行|钻石|白银)(?:类|级|档)?(?:客户)?\W*$"),
    rule("tag.remove", 81, "client", known_tag_off, no="remind ask create list search consent policy", name="a known tag off",
         shape=rf"^(?:\W|把|将|给|帮我|请|麻烦)*(?:C(?:的|身上的?|那个|,|\s)*+)?{_OFF}(?:了)?(?:C)?(?:的|身上的?|那个|\s)*+[^,。A-PR-Z]{{2,8}}{_DONE}|^(?:\W|把|将|给)*[^,。A-Z]{{2,10}}从C(?:身上|那里?|名下|标签里)?{_OFF}(?:下来|出去)?{_DONE}|^(?:\W|把|将)*C(?:的|身上的?|那个|\s)*+[^,。]{{1,8}}{_OFF}{_DONE}"),
)
