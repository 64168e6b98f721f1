"""Changing what is known of a client: fields, tags, tier."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import create, fills, mood, put_right
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.intents.tagging import add_tag, remove_known_tag, remove_tag
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.sentence import Sentence

_TO = lazy(
    r"\s*(?:,|那里|一栏|一项|信息|号码)?\s*(?:要|需要|帮我|给我|我|已经|都|也)?(?>改成|改成了|改为|改到|写成|填成|记成|登成|订正为?|涨到了?|降到了?|换成|换成了|换到|换了|变成|变更为|变更成|变更|更新为|更新成|更新|更正为|更正成|修改为|修改成|更改为|更改成|设为|设成|定为|调整成|改作|应该是|应为|写错了|错了|不对|调整为|调到|调成|填|记为|登记为|写成|变为|变了|是|为|:|改)+"
    r"(?:了|,|:|成(?![都安武吉])|为|是|应该是|新的是|现在是|叫|一[下哈](?=[\s,:])|\s)*"
)
_TAIL = lazy(r"(?:\s|,|。|!|,)*(?:帮我|帮忙|请|麻烦)?(?:(?:填|补|录|存|加|写)(?=上|一?下|入|进)|更新|改|记|修改|登记|备注|同步|调整|补充)?(?>一下|下|一哈|到系统里?|进去|上|入|进系统|吧|哈|了|上|谢谢|谢啦|记得改)*$")
_BLANK = lazy(r"^[\s,、的把:]+")
# 跳槽去顺丰了，单位那栏给换一下: the field is only pointed at, and the value was told before.
_POINTED_AT = lazy(r"\s*(?:那|这)?一?(?:栏|项|块|行|格)?(?:那儿|那里|这里)?[\s,]*(?:也|都|就|得|要|该|给|帮我?|请|麻烦|记得)*+(?:改|换|更新|变|调|写|动|弄)(?:一?下|改|换|过来|掉|了|吧|哈|啊|哦|呗|\W)*+$")


def change(s: Sentence) -> Slots | None:
    """`field` and `value` (or `clarify` "value"); None when no field was said."""
    renamed = re.search(r"(?:改名|更名|改姓名)(?:叫|为|成|字)?(?:了|叫|为|成)*\s*([\u4e00-\u9fff·a-z ]{2,20}?)(?:了|吧|啦)?$", s.text)
    if renamed is not None:
        return {"field": "name", "value": s.said(*renamed.span(1)).strip()}
    heads = _heads(s)
    if len(heads) > 1:
        return _each(s, heads)
    fields = heads or [f for f in s.fields if not _is_part_of_value(s, f)]
    if not fields:
        return _without_field(s)
    start, end, name = fields[0]
    begin, stop = _value_place(s, end)
    if begin >= stop and name in _YES_OR_NO and s.text[end:stop].rstrip().endswith("是"):
        begin = s.text.rindex("是", end, stop)  # 投诉处理中 是: here the word is the value
    rest: Slots = {}
    if name == "address" and (comma := s.text.find(",", begin, stop)) > 0 and len(s.text[comma:stop]) > 4:
        stop, rest = comma, {"rest": s.said(comma + 1, len(s.text)).strip()}  # what follows an address is another matter
    if begin >= stop or _only_names_fields(s, begin, stop):
        begin, stop = _value_before(s, start, name)
    if begin >= stop:
        told = _without_field(s, s.text[:start])  # 升了总经理，职业改一下
        return told if told is not None and told["field"] == name else {"field": name, "clarify": "value"}
    return {**typed(s, name, begin, stop), **rest}


# 职业 教师 年收入 30万: a field opens a change of its own where something parts it from the value before.
_PARTED = lazy(r"(?>[\s,;。、]|和|与|及|以及|并且?|还有|同时|另外|把|将|[她他]的?|的)+$")
_BOUND = lazy(r"(?:[\s,;。、]|和|与|及|以及|并且?|还有|同时|另外|也|都|再|把|将|[她他]的?)*$")
_YES_OR_NO = frozenset({"complaint_open", "claim_open", "has_house", "has_car"})
_NEAR = 20  # characters in which what parts two changes stands
_FREE = frozenset("remark family_notes avoid hobbies interest product_taste contact_time business_scope credit_report_note contract_note text note".split())


def _heads(s: Sentence) -> list[tuple[int, int, str]]:
    """The fields that the sentence gives a value each; words for fields inside a value are none."""
    heads: list[tuple[int, int, str]] = []
    for field in s.fields:
        if not heads:
            heads.append(field)
            continue
        _start, end, name = heads[-1]
        parted = _PARTED.search(s.text[max(end, field[0] - _NEAR):field[0]])
        if name in _FREE or parted is None or field[2] in {h[2] for h in heads} or not _piece(s, heads[-1], field[0]):
            continue
        heads.append(field)
    while len(heads) > 1 and not _piece(s, heads[-1], len(s.text)):
        heads.pop()  # 把职业改成教师 更新一下资产: what has no value is no change
    return heads


def _piece(s: Sentence, head: tuple[int, int, str], limit: int) -> tuple[int, int] | None:
    """Where the value of a head stands before `limit`."""
    begin, stop = _value_place(s, head[1])
    stop = min(stop, limit)
    stop -= len(_BOUND.search(s.text[max(begin, stop - _NEAR):stop]).group()) if stop > begin else 0  # type: ignore[union-attr]
    return (begin, stop) if begin < stop and re.search(r"\w", s.text[begin:stop]) else None


def _only_names_fields(s: Sentence, begin: int, stop: int) -> bool:
    """职业和城市改一下: what stands behind the first field is the next one, and no value."""
    left = s.text[begin:stop]
    for start, end, _name in s.fields:
        if begin <= start and end <= stop:
            left = left.replace(s.text[start:end], "")
    return left != s.text[begin:stop] and _BOUND.fullmatch(re.sub(r"[要得该都想]+$", "", left)) is not None


def _each(s: Sentence, heads: list[tuple[int, int, str]]) -> Slots:
    """Several fields with a value each: all of them in `fields`, the first also under `field` and `value`."""
    found: Slots = {}
    fields: Slots = {}
    for place, head in enumerate(heads):
        begin, stop = _piece(s, head, heads[place + 1][0] if place + 1 < len(heads) else len(s.text)) or (0, 0)
        one = typed(s, head[2], begin, stop)
        fields[head[2]] = one.get("value")
        found = fills.merged(one, found)
    return {**found, "field": heads[0][2], "value": fields[heads[0][2]], "fields": fields}


_TO_SHOW = lazy(r"(?:给我|帮我|麻烦|再|请)*(?:报|看|查|发|说|念|讲|列|调|翻|核对|确认)(?>给|一?下|看看|出来|我|下|吧|哈|呗)*")  # 身份证号 报一下


def typed(s: Sentence, name: str, begin: int, stop: int) -> Slots:
    if name == "birthday":
        lunar = next((e.slots["lunar"] for e in s.points if "lunar" in e.slots and begin <= e.start < stop), None)
        if lunar is not None and lunar[1] is not None and lunar[2] is not None:
            point = next(e for e in s.points if "lunar" in e.slots)
            read: When = s.when(point, times.REMIND)
            return {"field": name, "value": read.start or None, **create.lunar_birthday(lunar)}
    value = create.value_for(name, s, begin, stop)
    if value is None or (isinstance(value, str) and _TO_SHOW.fullmatch(value) is not None):
        return {"field": name, "clarify": "value"}
    if name in create.MONEY_LIKE and _BELOW_ZERO.search(s.text[:begin + 1]) is not None:
        value = f"-{str(value).lstrip('-')}"  # no such sum, which the field says itself
    impossible = name in create.DATE_LIKE and any(
        s.when(e, times.LOOK_BACK).problem == "impossible" for e in s.points if begin <= e.start < stop)
    return {"field": name, "value": value, **({"clarify": "when"} if impossible else {})}


_BELOW_ZERO = lazy(r"(?<![\da-z])(?:-|负)[^-]?$")


def _is_part_of_value(s: Sentence, piece: tuple[int, int, str]) -> bool:
    """职业改成银行职业经理: only the first field before 改成 counts."""
    at = s.text.find("改成")
    return 0 <= at < piece[0] and any(f[0] < at for f in s.fields)


def _value_place(s: Sentence, end: int) -> tuple[int, int]:
    stop = len(s.text) - len(_TAIL.search(s.text).group())  # type: ignore[union-attr]
    if _POINTED_AT.match(s.text, end):
        return stop, stop
    connector = _TO.match(s.text, end)
    begin = connector.end() if connector is not None else end
    blank = _BLANK.match(s.text[begin:stop])
    return begin + (blank.end() if blank else 0), max(stop, begin)


def _value_before(s: Sentence, start: int, name: str) -> tuple[int, int]:
    """把1.2亿记到资产里: the typed value stands in front of the field."""
    for amount in s.amounts:
        if amount.end <= start and name in create.MONEY_LIKE:
            return amount.start, amount.end
    for span in s.protected:
        if span.end <= start and span.kind == name:
            return span.start, span.end
    return 0, 0


_MOVED = lazy(r"(?:(?:现在|目前|现|已经?)住(?:在|到|进)?|搬家?到|搬到了?|搬去|搬家了,?(?:新?地址)?(?:是|在|:)?|住到|新地址(?:是|:)?)\s*(?P<v>[^,。;!?]{2,40}?(?:了?[\s,]+[^,。;!?]{2,20}?号?)?)(?:了|啦|去了)?$")
_JOB = lazy(r"(?:换(?:了)?(?:个)?(?:公司|单位|工作|东家)了?[\s,]*(?:现在|目前)(?:在|去了?|到了?)|跳槽[\s,]*了?[\s,]*(?:现在|目前)?(?:在|去了?|到了?)|跳到|跳去|转战|加盟|加入|跳槽到|跳槽去了?|换到|去了|入职|调到|转到|(?:现在|目前)在|(?<!现)在|公司(?:换|改|变)(?:成|到|为)了?|换工作(?:了|到|,)*(?:现?在|去了)?)\s*(?P<v>[^,。;!?]{2,20}?)(?:上班|工作|任职|教书|任教|坐诊|执业|当|了|啦|呢|哦|呀)*$")
_POST = lazy(r"(?:升职|升|提拔|晋升|转行|改行|当上|(?:现在|不干了,?现在)(?=为|成|做|当|是|了))(?:为|成|做|当|到|任|是|了)*(?:[\s,]*(?:现在|目前)是?)?(?![a-ds](?:类|级|档|$))\s*(?P<v>[^,。;!?]{2,12}?)(?:了|啦)?$")
# 不在华为了，去了腾讯; 中文名改成…; 性别登记成男了，应该是女
_LEFT_FOR = lazy(r"(?:不在|离开|从)[^,。;]{2,12}?(?:了|走|出来|辞职|离职)+[,\s]*(?:现在|已经|刚)?(?:去|到|在|跳到|跳槽到|换到|加入)了?\s*(?P<v>[^,。;!?]{2,20}?)(?:上班|工作|了|啦)*$")
# 离职了 现在自由职业, 不当医生了 改开诊所
_NOW_DOES = lazy(r"(?:离职|辞职|辞了|不干|不当[^,。]{1,6}?|不做[^,。]{1,6}?)了?[,\s]*(?:现在|改行?|转行|自己|去|\s)*(?:做|当|是)?\s*(?P<v>[^,。;!?\s]{2,12}?)(?:了|啦)?$")
_TITLES = r"总|经理|主管|总监|主任|行长|校长|院长|店长|科长|处长|局长|董事长?|教授|主席|合伙人|负责人|厂长|队长|组长|部长"
_RAISED = lazy(rf"(?:升|提|当上|提拔成?|晋升为?|升任|升为|升到)了?(?P<v>[\u4e00-\u9fff]{{0,6}}?(?:{_TITLES}))(?:了|啦)?$")
_RETIRED = lazy(r"(?P<v>退休|下岗|失业|待业)了?(?=$|[\s,。])")
_MARRIED = lazy(r"(?P<v>(?:结婚|离婚|再婚|领证|离异|丧偶|已婚)了?)(?=$|[\s,。]|.{0,6}(?:更新|改|登记|同步|补|记|录))|刚?(?P<w>结婚|离婚|领证)了?[,。]?(?:更新|改|记)")


def _without_field(s: Sentence, told: str | None = None) -> Slots | None:
    """Changes that say their field by the verb: 搬到…, 跳槽到…, 离婚了; or by a typed value alone. `told` is the part that tells."""
    told = s.text if told is None else re.sub(r"[\s,，。、]*(?:新的?|把|那|帮我|请|麻烦)?[\s,，。、]*$", "", told)
    said = told[:len(told) - len(_TAIL.search(told).group())]  # type: ignore[union-attr]
    for pattern, name in ((_MOVED, "address"), (_NOW_DOES, "occupation"), (_LEFT_FOR, "employer"), (_RAISED, "occupation"), (_JOB, "employer"), (_POST, "occupation"), (_RETIRED, "occupation")):
        match = pattern.search(said)
        if match is not None:
            return {"field": name, "value": s.said(*match.span("v")).strip()}
    married = _MARRIED.search(told)
    if married is not None:
        word = married["v"] or married["w"]
        return {"field": "marital_status", "value": "离异" if "离" in word else "丧偶" if "丧" in word else "已婚"}
    for span in s.protected:
        if span.kind in {"phone", "id_number", "email", "licence_code"}:
            return {"field": span.kind, "value": span.value}
    money = fills.money(s, "aum", "monthly_income", "annual_income", "registered_capital")
    if money is not None:
        role = next(a.role for a in s.amounts if a.role in {"aum", "monthly_income", "annual_income", "registered_capital"})
        return {"field": role, "value": money}
    return None


_SAID = lazy(r"听说|据说|说(?!明)|好像|可能|也许|估计|打算|准备|想要?|(?<!主)要(?=搬|换|跳|转|升|结|离)|不知|真假|真的假的|如果|要是|假如|会不会|是否|还没")
_ORDERED = lazy(r"更新|改一?下|改成|登记|录一?下|同步|帮我|帮忙|麻烦|把|改[了吧]")


def _only_said(s: Sentence) -> bool:
    """说他要搬家了: hearsay and plans change nothing until somebody orders it."""
    return _SAID.search(s.text) is not None and _ORDERED.search(s.text) is None


def _is_to_come(s: Sentence) -> bool:
    """王姐下周搬去深圳 has not happened yet."""
    today = s.now.date().isoformat()
    return any(s.when(e, times.DUE).start[:10] > today and s.when(e, times.LOOK_BACK).start[:10] > today for e in s.points) and _ORDERED.search(s.text) is None


def update(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """client.update: who, which field, which value."""
    found = change(s) if s.fields or not (_only_said(s) or _is_to_come(s)) else None
    if found is not None and found.get("field") in create.MONEY_LIKE and isinstance(found.get("value"), str) and not re.search(r"\d", found["value"]):
        found = None  # 资产掉下来了: no sum, nothing to change
    if found is not None and found.get("field") == "phone" and not re.search(r"\d", str(found.get("value", "1"))):
        found = None  # 给我打电话了: no number, nothing to change
    one = found is not None and len(found.get("fields", ())) < 2
    if found is None or (one and str(found.get("field", "")).endswith("tier") and set_tier(s, match) is not None):
        return None  # a change of tier is tier.set
    who = fills.client(s)
    if who.get("client") and who["client"] == found.get("value") and len(s.clients) == 1 and s.clients[0].start > 2:
        who = {"clarify": "client_missing"}
    if who.get("clarify") == "client_missing" and found.get("field") is None:
        return None
    return fills.merged(who, found, _tier_before(s, found))


_TIER_FIRST = lazy(r"(?:改|升|降|调|设|定|评)(?:级|档)?(?:为|成|到|至)?\s*$")


def _tier_before(s: Sentence, found: Slots) -> Slots:
    """改为贵宾 职业 教师: the tier that is said before the fields is changed with them."""
    if not s.fields:
        return {}
    said = [t for t in s.lexicon.scanner("tiers").find(s.text[:s.fields[0][0]]) if _TIER_FIRST.search(s.text[:t[0]])]
    if not said or found.get("value") is None:
        return {}
    fields = found.get("fields") or {found["field"]: found["value"]}
    return {"fields": {"bank_tier": said[-1][2], **fields}}


def update_by_value(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A field word and its typed value without a verb: 王芳 手机 139…; only with the value there."""
    found = change(s)
    return None if found is None or found.get("value") is None else fills.merged(fills.client(s), found)


_LIKE_A_DAY = r"(?:18|19|20)\d\d(?:[-./年]\d{1,2}(?:[-./月]\d{0,2}日?)?|\d{4})"  # also one that does not exist
_WRITTEN = lazy(r"(?:[\s,]|^)*(?:帮我|帮忙|请|麻烦|你|给我)?(?:记|登记|录|填|补|存|更新|写|加)(?:录|入)?(?:一?下|上|进去|进系统|到系统里?|好|起来)?(?:吧|哈|谢谢)?\W*$")
_OWN_FIELDS = frozenset("phone address email wechat birthday gender marital_status occupation employer annual_income monthly_income id_number hobbies".split())


def to_be_written(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """李雷微信号leilei99记一下: a field right behind the client, its value, and the order to write it."""
    if not s.clients or not s.fields or mood.asks(s) or mood.reminding(s) is not None:
        return None
    start, end, name = s.fields[0]
    if name not in _OWN_FIELDS or s.text[s.clients[-1].end:start].strip(" 的那个新家,") or _WRITTEN.search(s.text, end + 2) is None or re.search(r"说|聊|问|约", s.text):
        return None
    return update_by_value(s, match)


def several_fields(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """年收入 30万 职业 教师 of the client in mind."""
    return update_by_value(s, match) if len(_heads(s)) > 1 and not s.text[:s.fields[0][0]].strip() else None


def own_birthday(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """生日1991年4月5日 of the client in mind; without a year it asks who has a birthday that day."""
    with_year = "ymd" in s.points[0].slots if s.points else re.search(_LIKE_A_DAY, s.text) is not None
    return update_by_value(s, match) if with_year else None


_BUT = lazy(r"是(?P<v>[\u4e00-\u9fff]{2,10})\W*$")


def no_but(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """她不是老师，是医生: the occupation, when that is one."""
    said = _BUT.search(s.text, s.text.find("不是") + 2)
    if said is None or not create.is_occupation(said["v"]):
        return None
    return fills.merged(fills.client(s), {"field": "occupation", "value": s.said(*said.span("v"))})


_TAIL_NUMBER = lazy(r"(?:手机|电话)?(?:号码?)?尾号(?:是|为|:|\s)*\d{3,4}的?(?:那个|那位|这个)?")


_TO_FILL_IN = lazy(r"[\s,]*(?:我)?(?:要|得)?填(?:单|表|个?表|资料|申请)")


def update_after_name(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """张敏 沟通忌讳 早上不打电话: name, any field of the packs and its value, with blanks between."""
    if not s.clients or not s.fields or _TAIL_NUMBER.sub("", s.text[s.clients[0].end:s.fields[0][0]]).strip(" 的,()") or s.clients[0].end > s.fields[0][0]:
        return None
    if s.fields[0][2] == "family" or _TO_FILL_IN.match(s.text, s.fields[0][1]) is not None:
        return None  # 家属 老公 陈默 is a relative; 身份证号 填单子要用 asks
    return update_by_value(s, match) if re.match(r"[\s:]+\S", s.text[s.fields[0][1]:]) else None


def birthday_calendar(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """陈静 过农历生日: which of two birthdays is kept; a day beside it is a birthday of its own."""
    if match is None or s.points:
        return None
    which = "阳历" if match["which"] in ("阳历", "公历", "新历", "国历") else "农历"
    return fills.merged(fills.client(s), {"field": "birthday_calendar", "value": which})


# ---------------------------------------------------------------- tags and tiers

_OFF = r"去(?=标签)|去掉|去除|删掉|删除|移除|取消|摘|撤掉|撤了|拿掉|拿走|不要|删了|删(?=$)|清除|清掉|撕|揭|剔除|去了"
_TIER_LETTER = lazy(r"(?<![a-z])([a-ds])(?:\s?(?:类|级|档|等级|级别))|(?:等级|级别|分层|升|降|调|定|改|设)(?:级|到|为|成|至|是|:|\s)*([a-ds])(?![a-z\d])|(?:升|降|提|调|评)[^,。a-z]{0,6}(?:到|为|成|至)\s?([a-ds])(?![a-z])")


_TIER_TO = lazy(r"(?:算|属于|够)(?:得上)?\s?([a-ds])(?![a-z])|(?:升|降|提|调|评|改|设|定|^|\s)[^,。a-z]{0,4}(?:到|为|成|至|回)\s?([a-ds])(?![a-z])")  # C类里的邓超提到B
_STEP = r"(?<![a-z])[a-ds](?:类|级|档)?\s*(?:->|=>|-|到|至|变|改成?|转|[升降提调]到?|\s)\s*(?P<to>[a-ds])(?![a-z])"
_TIER_STEP = lazy(_STEP)


_NO_TIER = lazy(r"标签|标(?:都|全|也)?(?:取消|去|摘|撕|撤|拿|揭)|是\s?[a-ds](?:类|级|档)了?(?:吧|吗|么|\?)")  # a VIP tag is no tier, 是A类了吧 asks


def set_tier(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if _NO_TIER.search(s.text):
        return None
    letter = _TIER_TO.search(s.text) or _TIER_LETTER.search(s.text)
    stepped = _TIER_STEP.search(s.text)
    tier = stepped["to"].upper() if stepped is not None else letter[letter.lastindex or 1].upper() if letter is not None else None
    if tier is None:
        pieces = [t for t in s.lexicon.scanner("tiers").find(s.text) if not any(t[0] < c.end and c.start < t[1] for c in s.clients)]
        tier = pieces[-1][2] if pieces else None
    if tier is None or len(_heads(s)) > 1:
        return None  # 等级 贵宾 职业 教师 changes more than the tier
    who = fills.clients(s)
    return None if who.get("clarify") == "client_missing" else fills.merged(who, {"tier": tier})


RULES: tuple[Rule, ...] = (
    rule("client.update", 78, "update", update, need="field", no="remind ticket_no policy_no reminder_thing handover settings", shape=r"改成|改为|换成|变成|变更|更新|更正|应该是|修改|改|换|错|变了|调|(?<!标)[写填记登定设](?:成|为)|补[录上]|有误|不对[,\s]*(?:是|应|改|正确|新)|订正|同步|新(?=地址|住址|号码|电话|手机|单位|邮箱|微信|的)|乔迁|升了|涨|降到"),
    rule("client.update", 84, "client focus", birthday_calendar, no="ask remind list search", name="which birthday is kept",
         shape=r"^\W*(?:C|他|她|TA)?\s?(?:的?生日|改|改成|改为|以后|现在|都|是|要|还是|一直|其实|按|过|用|算|\W)*(?:过|按|用)(?:的是)?(?P<which>阳历|公历|新历|国历|农历|阴历|旧历)(?:的)?(?:生日|过|算|来|庆祝|的|吧|了)*\W*$"),
    rule("client.update", 81, "field", to_be_written, need="client", no="policy loan holding", name="a field to be written down", quiet=True),
    rule("client.update", 80, "phone", update, need="client", no="ask remind create policy", name="a new number", shape=r"C[的\s,]*(?:已经|刚|又|现在)*(?:换|改)(?:了|过)?个?(?:新)?(?:号|手机|电话)|新号|C(?:号码?|电话|手机)?(?:改|换|变更?|更新)(?:成|为|到)了?\s*P"),
    rule("client.update", 80, "phone", update, need="focus", no="client stranger ask remind create policy", name="the focus client's new number", shape=r"^\W*(?:换|改)(?:成|为|到)?\s*P(?:了|吧|啦|\W)*$"),
    rule("client.update", 80, "update", update, need="client money field", no="ask remind policy loan", shape=r"M.{0,4}(?:记[到进]|更新|改)"),
    rule("client.update", 74, "update", update, need="client", shape=r"改名(?:叫|为|成|字|[\u4e00-\u9fff]{2,4}了\W*$)|更名|改姓名"),
    rule("client.update", 66, "update", update, need="client", no="ask remind",
         shape=r"搬到|搬了?去|搬家|换到|跳槽|换工作|公司(?:换|改|变)(?:成|到|为)|升职|记到|更新[下一]?|改行|转行|去了X?|入职"),
    rule("client.update", 62, "client", update, no="ask remind claim product policy loan holding tag tier", name="a new employer or post",
         shape=rf"C(?:已经|刚|前阵子|最近|上个?月|T|现在|\s|,)*(?:(?:不在|离开)[^,。]{{2,12}}了?[,\s]*(?:现在|已经|刚)?(?:去|到|在|跳|加入)|(?:离职|辞职|辞了|不干|不当[^,。]{{1,6}}?|不做[^,。]{{1,6}}?)了?[,\s]*(?:现在|改|转行|自己)|(?:升|提拔|当上|晋升|升任)(?:了|为|成|到)?[\u4e00-\u9fff]{{0,6}}?(?:{_TITLES})了?\W*$)"),
    rule("client.update", 62, "client", update, no="ask remind claim product policy loan holding handover settings ticket", name="moved to another post",
         shape=r"^\W*C(?:已经|刚|最近|前阵子|T|现在)*(?:调|转|跳|换|升|提|派|借调)(?:到|去|岗到?|任)[^,。A-Z\s]{2,10}?(?:当|任|做|去|上班|工作)[^,。A-Z]{0,8}了?\W*$"),
    rule("client.update", 66, "client", update, no="ask remind claim policy loan holding", name="left for another employer",
         shape=r"C[^,。]{0,4}(?:换(?:了)?(?:个)?(?:公司|单位|工作|东家)|跳槽)了?[\s,]*(?:现在|目前)(?:在|去了?|到了?)"),
    rule("client.update", 84, "field", put_right.risk_anew, need="client", no="ask remind", name="a risk class assessed anew", shape=put_right.ASSESSED),
    rule("client.update", 79, "field", put_right.put_right, need="client", no="ask remind policy loan holding product premium ticket tag note", name="a field put right", quiet=True, shape=put_right.WRONG),
    rule("client.update", 61, "client", update, no="ask remind time contact_verb claim", shape=r"C(?:现在|目前|已经|现)?(?:在|去了?)[\u4e00-\u9fff]{2,12}?(?:上班|工作|任职)了?\W*$"),
    rule("client.update", 60, "client focus", update, no="ask remind contact_verb claim", shape=r"(?<![闹想要正谈])(?:结婚|离婚|领证|离异|再婚|丧偶|已婚)了?(?:\W*$|[\s,。]?.{0,6}(?:更新|改|登记|同步|补|录))"),
    rule("client.update", 64, "phone email id_number licence_code", update_by_value, need="field who", no="remind create introduced ask holding policy"),
    rule("client.update", 80, "phone email id_number", update_by_value, need="field client", no="ask remind policy holding",
         shape=r"^[^CSQ]{0,8}C的?(?:新)?[\u4e00-\u9fff]{2,6}(?:是|为|:|\s)*[PEI]\W*$", name="a field and its value"),
    rule("client.update", 67, "birthday", update_by_value, need="field who", no="remind create ask draft list",
         shape=rf"生日(?:是|为|:|改成|改为|在|\s)*(?:T|{_LIKE_A_DAY})|生日(?:是|为|:)*\s*[农阴]历"),
    rule("client.update", 79, "birthday", own_birthday, need="field focus", no="client stranger remind create ask draft list", name="the focus client's birthday",
         shape=rf"^\W*(?:公历|阳历)?生日(?:是|为|:|改成|改为|在|\s)*(?:T|{_LIKE_A_DAY})\W*$"),
    rule("client.update", 66, "phone email", update_by_value, need="field focus", no="client stranger remind create ask draft list", name="the focus client's number",
         shape=r"^\W*(?:手机|电话|手机号|电话号码|手机号码|邮箱|电子邮箱)(?:是|为|:|改成|\s)*[PE]\W*$"),
    rule("client.update", 60, "field", update_by_value, need="focus", no="client stranger remind create ask list note draft past lookup timeline details wish", name="the focus client's field and its value",
         shape=r"^\W*(?:职业|住址|地址|工作单位|单位|行业|微信号?|爱好|性别|婚姻状况?|所在城市|城市|[年月](?:收入|薪)|学历|职务|职位)(?:是|为|:|改成|\s)+(?!谁|什么|啥|哪|怎)[^\s?吗呢]{1,20}\W*$"),
    rule("client.update", 61, "field", several_fields, need="focus", no="client stranger remind create ask list note draft lookup timeline details wish", name="several fields of the focus client"),
    rule("client.update", 62, "any", no_but, need="client", no="remind create draft policy product", name="not this but that occupation",
         shape=r"^\W*C\s*(?:的?职业)?(?:不是|并非)[\u4e00-\u9fff]{2,10},?\s*(?:而?是)[\u4e00-\u9fff]{2,10}\W*$"),
    rule("client.update", 63, "money", update_by_value, need="field who", no="remind create ask policy loan product note search list premium claim", shape=r"(?:收入|月薪|年薪|[年月]入|[年月]收|资产|身家|注册资[本金]金?|aum)[^C]{0,6}M"),
    rule("client.update", 58, "field", update_by_value, need="client", no="remind create ask list note draft past lookup timeline details wish",
         shape=r"^(?:改|更新|修改)?\s?C(?:的|\s|,)*(?:职业|住址|地址|工作单位|单位|行业|法人|邮箱|微信号?|爱好|性别|婚姻状况?)(?:是|为|:|\s)+\S+"),
    rule("client.update", 57, "field", update_after_name, need="client", no="remind create ask list note draft past lookup timeline details wish happened policy product"),
    rule("tag.add", 76, "tag", add_tag, no="cancel delete ask search", shape=r"^(?!.*贴(?:心|切|近|补|催|公告|封|通知|函|条|对联))"),
    rule("tag.add", 76, "any", add_tag, need="client", no="cancel delete ask search tag", name="a tag, in short", shape=r"C.{0,4}(?:打|贴|标|挂|加|做)(?:上|了|一?个)*Q(?:这个)?(?:的)?(?:标签?|tag|记号)?\W*$|^\W*(?:把|给)?C[\s,]*标(?:个|上|成|为)?(?![准书的价题签语识记注点])[^,。A-Z\s]{2,8}\W*$|^\W*(?:把|给)?C[\s,]*加(?:上)?一?个[^,。A-Z\s]{2,8}标\W*$|打(?:上)?(?:一?个)?[^,。A-Z]{1,8}标(?!签|准|的|志|保)|是[^,。]{2,10}[,\s]+(?:帮我|请)?标(?:一?下|上)\W*$"),
    rule("tag.remove", 82, "tag", remove_tag, no="ask", shape=_OFF),
    rule("tag.remove", 82, "any", remove_tag, no="ask remind reminder_thing", need="who", shape=rf"标(?!签|准|的|志|保)(?:都|全部|也|给我).{{0,3}}(?:{_OFF}|取消)|(?:{_OFF})(?:掉|了)?[CS](?:的|身上的?)[^,。A-Z]{{1,6}}标(?!签|准|志|保)\W*$|的标(?!签|准|的|志|保).{{0,4}}(?:{_OFF})|(?:{_OFF}).{{0,12}}的标$", name="remove a tag, in short"),
    rule("tag.remove", 81, "client", remove_known_tag, no="ask remind reminder_thing", name="a known tag is taken off",
         shape=r"^\W*(?:把|给)?(?:去掉|删掉|删除|移除|摘掉|取消|撤掉|拿掉)\s*C(?:的|身上的?|\s|,)*+\S{1,8}\W*$"),
    rule("tier.set", 75, "who focus", set_tier, no="ask search list create remind", shape=rf"{_STEP}(?:类|级|档)?\W*$", name="from tier to tier"),
    rule("tier.set", 75, "client", set_tier, no="ask search list create remind policy holding loan", shape=r"(?:[升降提调定评][级档]?[到为成至]?|[升降提调评定][^,。a-z]{0,6}[到为成至])\s?[a-ds](?:类|级|档|了|吧|\W|$)", name="to a tier by its letter"),
    rule("tier.set", 77, "client", set_tier, no="ask search list create remind policy holding loan", name="put into a tier",
         shape=r"^(?:\W|把|将|给|帮我|请)*C(?:的|\s|,)*(?:客户)?(?:等级|级别|分层)?(?:归|划|列|放|改|换|设|变更?|调整?|升|降|定|评)(?:到|为|入|成|进|至)*\s?(?:[a-ds](?:类|级|档)?|贵宾|私行|钻石|黄金|白银|大众|优质|vip)(?:客户|那?[类档级])?(?:里|吧|了|\W)*$"),
    rule("tier.set", 75, "client", set_tier, no="ask search list create remind policy holding loan", name="of a tier by now, so be it",
         shape=r"C[^,。]{0,6}(?:算|属于|够|到|是)(?:得上)?\s?[a-ds](?:类|级|档)?了?[\s,]+(?:帮我|请|给|把)?[^,。]{0,4}(?:改|调|升|更新|标)"),
    rule("tier.set", 75, "client", set_tier, no="ask search list create remind", name="an arrow to a tier", shape=r"^\W*C\s*到\s*[a-ds](?:类|级|档)?\W*$"),
    rule("tier.set", 75, "focus", set_tier, no="who ask search list create remind policy holding loan", name="the focus client's tier",
         shape=r"^(?:\W|那|就|直接|给|把|也|帮我|麻烦)*(?:[升降提调定](?:级|档)?[到为成至回]?|[改设][成为到回])\s?[a-ds](?:类|级|档|了|吧|一?下|\W)*$"),
    rule("tier.set", 74, "tier", set_tier, need="client", no="ask search list create remind tag policy holding loan", name="to be kept as one of a tier", shape=r"(?:按|归|算|列为|纳入|当作|当成|作为)[^,。]{0,8}(?:客户)?(?:维护|对待|管理|来|服务|类|级|处理|走|$)"),
    rule("tier.set", 76, "tier", set_tier, no="ask search list create", shape=r"(?:升|降|调|定|改|设|归|划|标|变|评)(?:级|档|层)?(?:到|为|成|至|入)?|等级|级别|[abcds][类级]"),
)
