"""Who belongs to whom: an introduction, two clients related, somebody put into a client's family."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import create, fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.sentence import Named, Sentence
from handlers.language.vocabulary import FINE_RELATIONS

_INTRODUCED = lazy(r"(?P<by>[CS]).{0,6}?(?:给我|跟我)?(?:介绍|推荐)(?:了|来了?|过来了?)(?:给我)?(?:他|她|ta|自己)?的?(?P<how>同事|朋友|同学|闺蜜|邻居|亲戚|老公|老婆|弟弟|妹妹|哥哥|姐姐|表哥|表妹|一?位|一?个|客户|新客户|老乡|战友|家人|,|\s)*(?P<rest>.*)$")
_BY = lazy(r"(?P<rest>[CS]|[\u4e00-\u9fff]{2,4})(?:是)(?P<by>[CS])(?:给我)?(?:介绍|推荐)(?:过?来)?的?")


def introduced(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """张敏介绍了陈静: client 陈静 (may be new), other 张敏, relation referrer."""
    found = _BY.search(s.shape) or _INTRODUCED.search(s.shape)
    if found is None:
        return None
    by = _named_at(s, found.start("by"))
    person = _introduced_person(s, *found.span("rest"))
    if by is None or person is None or person.get("client") == by.mention.text:
        return None
    how = found.groupdict().get("how")
    relation = fills.word_in(_HOW, how) if how else None
    phone = next((p.value for p in s.protected if p.kind == "phone"), None)
    extra: Slots = {"relation": "referrer", "other_relation": relation, "phone": phone, **_unsaid(create.fields_of(s))}
    return fills.merged(person, fills.other(s, by, "other"), extra)


_HOW = {"colleague": "同事", "friend": "朋友 同学 闺蜜 邻居 老乡 战友", "spouse": "老公 老婆", "sibling": "弟弟 妹妹 哥哥 姐姐", "other_family": "亲戚 表哥 表妹 家人"}


def _unsaid(found: Slots) -> Slots:
    return {k: v for k, v in found.items() if k in {"occupation", "gender", "age", "email", "wechat", "interest"}}


def _introduced_person(s: Sentence, start: int, end: int) -> Slots | None:
    rest = s.shape[start:end]
    capital = re.search(r"[CS]", rest)
    if capital is not None and (named := _named_at(s, start + capital.start())) is not None:
        found = fills.other(s, named, "client")
        return {**found, **({"clarify": "client"} if isinstance(found["client_id"], list) else {})}
    plain = re.match(r"[\s,:叫]*([\u4e00-\u9fff·]{2,4}?)(?=$|[\s,。A-Z]|电话|手机|女|男|做|是|想)", rest)
    return {"client": s.cut(start + plain.start(1), start + plain.end(1)), "client_id": None} if plain else None


def _named_at(s: Sentence, shape_index: int) -> Named | None:
    place = s.place(shape_index)
    everyone = [*s.clients, *([s.stranger] if s.stranger else [])]
    return next((c for c in everyone if c.start == place), None)


_OF_TWO = {"spouse": "夫妻 两口子", "sibling": "兄弟 姐妹 兄妹 姐弟"}
_RELATE = lazy(r"(?P<a>[CS])(?:,)?(?:就?是|和|跟|与|:)\s?(?P<b>[CS])(?:是)?的?(?P<rel>[\u4e00-\u9fff]{1,6}?)(?:关系)?(?:吧|了|,|。|$|记)")
_RELATE_OWN = lazy(r"(?P<b>[CS])的(?P<rel>[\u4e00-\u9fff]{1,6}?)(?:就?是|叫|:)\s?(?P<a>[CS])")


def relate(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """陈静是王芳的同事 → client 陈静 is `relation` of other 王芳."""
    found = _RELATE.search(s.shape) or _RELATE_OWN.search(s.shape)
    if found is None:
        return None
    relation = s.lexicon.relations.get(found["rel"]) or fills.word_in(_OF_TWO, found["rel"])
    a, b = _named_at(s, found.start("a")), _named_at(s, found.start("b"))
    if relation is None or a is None or b is None:
        return None
    who = fills.other(s, a, "client")
    clarify: Slots = {"clarify": "client"} if isinstance(who["client_id"], list) else {}
    return {**who, **fills.other(s, b, "other"), "relation": relation, **clarify}


KIN = (
    r"(?:大|小|二|老)?(?:儿子|女儿|闺女|孩子|老公|老婆|丈夫|妻子|太太|爱人|先生|父亲|母亲|爸爸|妈妈|老爸|老妈|媳妇|弟弟|妹妹|哥哥|姐姐|爷爷|奶奶|外公|外婆|姥姥|姥爷|外孙女?|孙子|孙女|配偶|岳父|岳母|公公|婆婆|女婿|儿媳妇?|"
    r"囡囡|千金|宝宝|[大二三]宝|女孩|男孩|女娃|男娃|丫头|小孩|崽|仔|囡|爸|妈|爹|娘(?!家)|娃|弟|妹|老汉儿?|[大小二三]?小子|细佬)"
)
_MEMBER = lazy(KIN)
_MEMBER_NAME = lazy(
    r"(?:的?(?:名字|姓名)|大名|小名)?(?:叫做?|名叫|叫作|是|为|:|,|\s)*(?P<name>[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6})++|[\u4e00-\u9fff·]{2,4}?|[a-z]+(?: [a-z]+)?)(?=$|[\s,。;!\d]|今年|出生|生日|生于|属|岁|加|记|录|存|登|补|添|也|都|刚|在|上|一[零二三四五六七八九]|[零〇一二三四五六七八九]{2}年|19|20)"
)
_OF_THE_MEMBER = lazy(r"(?:生日|电话|手机号?|号码|地址|年龄|微信|职业|单位|属相|保单|多大|几岁)")
_NO_MEMBER_NAME = lazy(r"出生|今年|刚刚|信息|资料|家庭|也加|一起|(?:请|帮)?(?:补|改|登|记|录|写|填|标|加|存|更新|添)(?:记|录|上|下|一下|入|进|好|个|新)+|.*[了过]")


def family_add(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """王芳 女儿 小雨 2015年5月1日出生."""
    turned = _IS_KIN_OF.search(s.shape)  # 何秀英是蔡明的妈妈
    if turned is not None and (owner := _named_at(s, turned.start("b"))) is not None:
        who = fills.other(s, owner, "client")
        return {**who, **_relation_of(s, turned["kin"]), "name": create.name_said(s, *turned.span("a"))}
    begin = s.clients[0].end if s.clients and s.clients[0].mention.how != "pronoun" else 0
    member = _MEMBER.search(s.text, begin) or _MEMBER.search(s.text)
    if member is None:
        return None
    slots = _relation_of(s, member.group())
    if slots["relation"] == "other" and (told := re.search(r"[男女](?:孩|娃|宝|的)|丫头", s.text)):
        slots |= _relation_of(s, "女孩" if told.group()[0] in "女丫" else "男孩")
    at = member.end()
    introduced = _CALLED.match(s.text, at)
    if introduced is not None:
        at = introduced.end()
    name = _MEMBER_NAME.match(s.text, at)
    if name is not None and _OF_THE_MEMBER.fullmatch(name["name"]) is not None and not s.points:
        return None  # 她老公生日 asks
    if name is not None and _NO_MEMBER_NAME.fullmatch(name["name"]) is None:
        slots["name"] = s.said(*name.span("name"))
        at = name.end("name")
    birth: When | None = next((s.when(e, times.LOOK_BACK) for e in s.points if e.start >= at), None)
    if birth is not None:
        slots["birth"] = birth.start
    age = re.search(r"(\d{1,2})岁", s.text)
    if age is not None:
        slots["age"] = int(age[1])
    return fills.merged(fills.client(s), slots)


_IS_KIN_OF = lazy(rf"(?:^|把|\W)(?P<a>[CS]|[\u4e00-\u9fff]{{2,4}}?)(?:是|加为|加成|设为|登记为|登记成|录为|作为)(?P<b>[CS])的?(?P<kin>{KIN})")
_CALLED = lazy(r"[\s,:]*(?:名字|名)?叫|[^。;]{0,8}?(?:名字?叫|名字是|取名|叫)")  # 添了个闺女 叫林小满


def _relation_of(s: Sentence, kin: str) -> Slots:
    return {"relation": fills.word_in(FINE_RELATIONS, kin) or "other",
            "relation_kind": s.lexicon.relations.get(kin.lstrip("大小二老")) or _KIND_OF.get(fills.word_in(FINE_RELATIONS, kin) or "", "other_family")}


_KIND_OF = {"son": "child", "daughter": "child", "father": "parent", "mother": "parent", "spouse": "spouse", "sibling": "sibling"}


def family_told(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """An order to put somebody into the family; needs a relative."""
    found = family_add(s, match)
    return found if found and (found.get("name") or found.get("birth") or found.get("age")) else None
