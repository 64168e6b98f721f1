"""Somebody new by what is told of him: a name that nobody in the book has, facts beside it, and how one met or that it is to be kept.

刚加的微信，赫连城，三十五，程序员，徐静介绍来的; 厅堂来了个阿姨 施美凤 61岁 退休老师 建一下档."""

from __future__ import annotations

import re

from handlers.language.everyday import COMMON
from handlers.language.intents import create, mood
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Named, Sentence
from handlers.language.vocabulary import SURNAMES
from storage.model.surnames import COMPOUND_SURNAMES

_FACTS = frozenset("gender age birth_year birthday birthday_lunar phone email wechat id_number address occupation employer annual_income monthly_income marital_status interest referrer".split())
_ENOUGH = 2
_LONGEST = 120  # characters
_MET = lazy(
    r"(?:刚|新|才|今天|昨天|上午|下午|早上)[^,。]{0,6}(?:加|认识|来|碰|遇|见|接|拓|聊|谈|收|捡|扫)|(?:认识|捡|扫|拓|引流|接待|碰|遇|加|收|来|开发|聊)(?:到|来|了|上|过来)*(?:一?个|一?位|俩|新人)|新(?:贷款|保险|理财|存款)?(?:客|人|户|增|面孔)|潜客|准客|陌拜|转?介绍|推荐来"
)
_KEEP = lazy(r"(?:录|登|存|建|加|记|写|开)(?:一?下|上|个|入|进|起|好|档|记|户)*+(?:档|客户|系统|名单|库|来|去|佢)?(?:吧|哈|呗|先|\W)*+$|^\W*(?:录|登|建|加|存|开|新增|新建|添加)")
_NAME = lazy(r"(?:[\u4e00-\u9fff]{1,4}·)*[\u4e00-\u9fff]{2,4}|[a-z]{2,12}(?: [a-z]{2,12})?")
_CALLED = lazy(r"(?:叫做?|名叫|名字是?|姓名是?)[\s:]*[\u4e00-\u9fffS]")
_TITLED = lazy(r"(?:先生|女士|小姐)$")
_TOLD_FIRST = lazy(r"^\W*(?:录入|录|新增|新建|添加|登记|建档|开户)\s*(?P<name>[\u4e00-\u9fff·]{2,8})(?=[\s,]+(?:[男女]|\d{2}|P|I))")
_NO_NAME = frozenset("已婚 未婚 离异 单身 丧偶 退休 先录 建档 本人 其他 其它 男的 女的 新客 客户 白领 学生 高管 全款 有房 有车 平时 经常 喜欢".split())


def newcomer(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The slots of client.create, where a newcomer is told of; None where somebody known is, or too little is told."""
    if len(s.text) > _LONGEST or (_KEEP.search(s.shape) is None and not _met_as_a_client(s)):
        return None
    if mood.reminding(s) is not None or mood.supposes(s) or mood.asks(s):
        return None
    found = create.new_client(s)
    if all(mark.search(s.shape) for mark in (_MET, _KEEP, _CALLED)) and not s.has("tag", "reminder_thing", "ticket", "opportunity", "family"):
        return {k: v for k, v in found.items() if k != "clarify"} if found.get("name") and not s.clients else None
    told = len(_FACTS & found.keys()) + 2 * ("id_number" in found) + (_KEEP.search(s.shape) is not None and "phone" in found)
    if told < _ENOUGH or any(not _brought(s, c, found) for c in s.clients):
        return None
    name = _name(s, found)
    if name is None:
        return None
    return {k: v for k, v in found.items() if k != "clarify"} | {"name": name, "client": name}


_AS_A_CLIENT = lazy(r"客|户(?!外)|微信|好友|介绍|推荐|意向|咨询|了解|想(?:买|办|存|贷|投|配|要)|陌拜|扫[码楼街]|沙龙|厅堂|柜|网点来|新人|准|潜|拓|开发|展业|路演|酒会|讲座|捡")
_ON_OTHER_BUSINESS = lazy(r"面试|应聘|简历|同事|员工|新闻|检查组|督导|领导|(?:新|班主任)老师|实习|同学(?!介绍)|快递|电视|书[里上]")


def _met_as_a_client(s: Sentence) -> bool:
    """Was somebody met who may become a client? 公司新来了个同事, 今天来了个面试的 are none."""
    return _MET.search(s.shape) is not None and _AS_A_CLIENT.search(s.shape) is not None and _ON_OTHER_BUSINESS.search(s.shape) is None


def _brought(s: Sentence, named: Named, found: Slots) -> bool:
    """Is the client whom the book knows only the one who made the introduction?"""
    return named.mention.how != "pronoun" and found.get("referrer") in {named.mention.text, s.said(named.start, named.end)}


def _name(s: Sentence, found: Slots) -> str | None:
    """The name after 叫, behind the verb, or the first piece between commas and blanks that looks like one."""
    said = found.get("name")
    if said and said != found.get("referrer") and is_name(said):
        return str(said)
    opened = _TOLD_FIRST.match(s.shape)
    if opened is not None:
        return create.name_said(s, *opened.span("name"))
    if s.stranger is not None and not s.stranger.mention.refs and s.stranger.mention.text != found.get("referrer"):
        return s.stranger.mention.text
    pieces = (s.said(start, end) for start, end in create.tokens(s))
    return next((p for p in pieces if p not in found.values() and _NAME.fullmatch(p) and is_name(p)), None)


def is_name(words: str) -> bool:
    """Do the words look like somebody's name: a surname before, neither a word of every day nor an occupation?"""
    plain = _TITLED.sub("", words)
    if words in _NO_NAME or plain in COMMON or create.is_occupation(plain) or len(plain) < 2:
        return False
    return "·" in plain or plain.isascii() or plain[:2] in COMPOUND_SURNAMES or (plain[0] in SURNAMES and len(plain) <= 3)
