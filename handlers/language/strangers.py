"""Names the book does not know: what looks like a person's or a firm's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handlers.language.everyday import COMMON
from handlers.language.lazy import lazy
from handlers.language.meaning import Mention
from handlers.language.vocabulary import SURNAMES
from storage.model.normal import Normal
from storage.model.surnames import COMPOUND_SURNAMES

Placed = tuple[Mention, int, int]  # a mention and its place in the normalised text

FIRM = lazy(r"[\u4e00-\u9fffa-z0-9()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|合伙企业|事务所|合作社|集团|工厂)")
NEVER_LAST = frozenset("姓的了吗呢吧啊我你他她它这那哪是给把被就也都很不没什怎请帮让叫再要想说")
NOT_NAMES = frozenset(
    "ok ok help app vip aum kyc csv pdf excel am pm tmr ding export import update hi hello bye yes no id dm pk ppt to by for the and "
    "of in on at all me my next last this week day mon tue wed thu fri sat sun http https www com new list show query find ta client customer phone tel mobile email add "
    "name please check call".split()
)
FOLLOWS = frozenset(
    "第期次笔张份件条的了是在有要想说来去和跟与给把被让叫买卖交做办退改换加不没也都又再就还很太刚今明昨后前上下周这那哪几多能会可应该需已未个位先女总哥姐您你我他她它吗呢吧啊"
    "呀哦嘛么咧嘞家住电保续理贷存基私车房年月日号生过到结离单介绍推荐同亲爸妈爷奶儿孩子老公婆妻打发送约见回投报赔最什怎为从对向将正别请帮查看提记写名身手微地"
    "性职工收资标等级风健持申赎定还逾罚欠缴领取转升降删移合拆签字确认取消、,。?!:;() 0123456789"
)
_SURNAME = lazy("(?:" + "|".join(COMPOUND_SURNAMES) + f"|[{SURNAMES}])")
_ALIAS_LIKE = lazy(
    rf"(?:小|老|阿|大)[{SURNAMES}](?![一-鿿]?(?:孩|师|板|公|婆|女(?=\s|,)))|(?:[{SURNAMES}]|{'|'.join(COMPOUND_SURNAMES)})"
    r"(?:总监|总|老师|老板|经理|医生|大夫|主任|女士|先生|小姐|姐|哥|叔|阿姨|教授|律师|校长|董事长|董|厂长|工(?=[,。 的]|$)|局长|处长|科长|院长|行长|太太|太|爷爷|奶奶|婶)"
)


def guess_name(normal: Normal, taken: Sequence[tuple[int, int]], words: Iterable[int], after: int = 0) -> Placed | None:
    """A stretch that looks like a person's or firm's name although the book has nobody of that name.

    `words` are the places where known words begin; a name ends there, at a gap or at a function word."""
    text = normal.text
    starts = set(words)
    firm = FIRM.search(text, after)
    if firm is not None:
        return _new(normal, _firm_start(text, firm), firm.end())
    asked = _ASKED_FOR.match(text)
    if asked is not None and not overlaps(asked.span("name"), taken) and not any(a in starts for a in range(asked.start("name"), asked.end("name"))):
        return _new(normal, *asked.span("name"))
    called = _CALLED.search(text)
    if called is not None and not overlaps(called.span("name"), taken) and called["name"][:2] not in COMMON and not set(called["name"]) & NEVER_LAST:
        return _new(normal, *called.span("name"))
    for foreign in (_foreign(text, after), _latin(normal, after)):
        if foreign is not None and not overlaps(foreign, taken):
            return _new(normal, *foreign)
    alias = _ALIAS_LIKE.search(text, after)
    if alias is not None and not overlaps(alias.span(), taken) and (alias.group()[0] not in "小老阿大" or may_begin(text, alias.start(), starts)):
        return _new(normal, *alias.span())
    for match in _SURNAME.finditer(text, after):
        start = match.start()
        if start in starts or overlaps((start, start + 2), taken) or not may_begin(text, start, starts):
            continue
        if text[start] == "查" and text[:start] in {"", "查", "帮我", "帮忙"}:
            continue
        length = _name_length(text, start, match.end(), starts, taken)
        if length and text[start:start + length] not in COMMON and text[start:start + 2] not in COMMON:
            return _new(normal, start, start + length)
    return None


# Where nothing but a name stands: 记 铁柱 喜欢钓鱼, 帮铁柱登记一笔理财, 铁柱的手机号.
_GIVEN_PLACE = lazy(
    r"^\W*(?:(?:记|记录|备注)\s+(?P<a>[\u4e00-\u9fff]{2})\s+(?=\S)|(?:请|麻烦)?(?:帮|给|替|为)(?P<b>[\u4e00-\u9fff]{2})(?=登记|记[一上个录]|录[一入个上]|推荐|打了?(?:个)?电话|打标|打上|加标签|发(?:个|条|祝福|微信|消息|短信)|办(?:了|理)|新增|建个|开户)"
    r"|(?:查|看)?(?:一下)?(?P<c>[\u4e00-\u9fff]{2})(?:的(?:手机|电话|生日(?!名单|提醒)|住址|地址|微信|身份证|邮箱)))"
    r"|^\W*(?P<d>[\u4e00-\u9fff]{2})(?=(?:很|最|特别|不)?(?:爱[吃喝看打听]|喜欢|住院|生了|结婚|离婚|搬家|换工作|买了|怀孕|退休)[^,。]*[,。\s]+(?:帮我)?(?:记|备注))"
)
_NO_GIVEN_NAME = frozenset(
    "客户 老婆 老公 孩子 儿子 女儿 妈妈 爸爸 父母 父亲 母亲 爱人 太太 先生 女士 家里 家人 家属 公司 单位 我们 他们 她们 你们 咱们 大家 自己 本人 这个 那个 这位 那位 这些 那些 每个 各位 "
    "同事 领导 主管 老板 经理 员工 团队 所有 全部 全体 上次 上面 下面 前面 后面 刚才 刚刚 之前 以前 最近 目前 现在 当前 原来 其他 其它 别人 人家 对方 朋友 亲戚 同学 邻居 第一 最后 "
    "第二 第三 两位 三位 几位 一位 一个 新的 旧的 备用 常用 重要 高端 普通 优质 银行 保险 证券 柜台 总部 部门 门店 网点 客服 系统 到期 过期 逾期 续保 有效 失效 联系 紧急 法人 股东 投保 被保 "
    "平时 一直 特别 非常 比较 老人 夫妻 全家 小孩 老太 老头 两口 依旧 依然 仍然 确实 好像 应该 可能 也许 大概 据说 听说 以后 已经 突然 婆婆 公公 岳父 岳母 哥哥 姐姐 弟弟 妹妹 孙子 孙女 "
    "受益 借款 担保 介绍 推荐 代办 名下 手上 手里 哪些 哪个 什么 谁家 如何 怎么 为何 多少".split()
)


def name_by_place(normal: Normal, taken: Sequence[tuple[int, int]], starts: set[int]) -> Placed | None:
    """A given name that nobody in the book has, said where only a name stands: not the client whom one spoke of before."""
    found = _GIVEN_PLACE.match(normal.text)
    group = next((g for g in "abcd" if found is not None and found[g]), "")
    if found is None or not group or overlaps(found.span(group), taken):
        return None
    name, (start, end) = found[group], found.span(group)
    if name in _NO_GIVEN_NAME or name in COMMON or set(name) & _NO_NAME_CHARACTERS or starts & set(range(start, end)):
        return None
    return _new(normal, start, end)


_NO_NAME_CHARACTERS = NEVER_LAST | frozenset("们个位些几某此该每各第一二三四五六七八九十两年月日号周险贷款单户费期金额")


# 查客户 钱不在: whatever is asked for, and nothing else.
_ASKED_FOR = lazy(r"^\W*(?:帮我|麻烦|请)?(?:查|找|搜)(?:一下|下|询|查|找)?\s?客户\s?(?P<name>[\u4e00-\u9fff·]{2,5})\W*$")
# 有没有个叫闻人牧的: a name, whatever it looks like.
_CALLED = lazy(r"(?:有没有|有无|是不是有|查|找|搜|翻|客户|系统里?有)(?:一?下|查|找|看|个|一个|位|一位|谁|哪个|哪位|客户|人|[\s,]){0,5}(?:名字|姓名)?(?:是|叫做?|名叫|叫作)\s?(?P<name>[\u4e00-\u9fff·]{2,4}?)(?=的|这|那|吗|么|没|客户|在|先生|女士|\W|$)")
_FOREIGN = lazy(r"(?<!·)(?P<name>[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,10}?){1,4})(?=的|电话|手机|男|女|今年|住|在|是|身份|保单|资料|地址|微信|买|说|想|建|加|录|开户|开个|介绍|先生|女士|[^\u4e00-\u9fff·]|$)")
_LATIN = re.compile(r"[A-Z][a-z]{1,14} [A-Z][a-z]{1,14}(?![A-Za-z])|(?:(?<=^)|(?<=[\u4e00-\u9fff ,，：:]))[A-Z][a-z]{2,14}(?=\s?的|$|他|她)")
_LEADS = lazy(r"[^·]*(?:查|看|给|把|和|跟|新增|客户|录入|建档|找|叫|姓名|联系|约|的|位|个|下)(?=[^·]+·)")


def _foreign(text: str, after: int) -> tuple[int, int] | None:
    """阿依古丽·买买提, without the words before it."""
    match = _FOREIGN.search(text, after) if "·" in text else None
    if match is None:
        return None
    lead = _LEADS.match(match["name"])
    return match.start() + (lead.end() if lead else 0), match.end("name")


def _latin(normal: Normal, after: int) -> tuple[int, int] | None:
    """Jason Lau, as written with capitals."""
    match = _LATIN.search(normal.said, after) if normal.offsets is None else None
    return match.span() if match is not None and match.group().lower() not in NOT_NAMES and match.group().split()[0].lower() not in NOT_NAMES else None


def _firm_start(text: str, firm: re.Match[str]) -> int:
    lead = re.match(r"(?>查一下|查|看看|看|新增企业客户|新增客户|新增|企业客户|企业|客户|给|把|和|跟|录入|建档|加个|添加)+", firm.group())
    return firm.start() + (lead.end() if lead else 0)


def _new(normal: Normal, start: int, end: int) -> Placed:
    a, b = normal.span(start, end)
    text = normal.text[start:end]
    return Mention(normal.said[a:b] if text.isascii() else text, a, b, (), "new"), start, end


def overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < b and a < span[1] for a, b in taken)


_LEAD = re.compile(r"(?:给|跟|和|与|同|找|约|查|看|把|让|叫|问|帮|替|下|见|客户|联系|拜访|回访|新增|录入|建档|添加|介绍了?|是|同事|朋友|闺蜜|同学|邻居|老乡|战友|亲戚|表[哥姐弟妹]|一位|一个|那位|姓名|[\s,、:。])$")


def may_begin(text: str, start: int, starts: set[int]) -> bool:
    return start == 0 or _LEAD.search(text[max(0, start - 4):start]) is not None


_VERBS = frozenset("住在有买卖投办欠续退借叫是做")


_DOINGS = frozenset("处理 跟进 负责 接手 办理 维护 对接 联系 服务 回访 解决 核实 确认".split())
_ORDERED = frozenset("提打设建开录写加补")


def _name_length(text: str, start: int, given: int, starts: set[int], taken: Sequence[tuple[int, int]]) -> int:
    """2 or 3 characters (surname plus one or two); 0 when it does not look like a name."""
    stops = {a for a, _b in taken} | starts
    for end in (given + 2, given + 1):
        piece = text[given:end]
        if len(piece) != end - given or not all("\u4e00" <= c <= "\u9fff" for c in piece):
            continue
        if any(given < s < end or s == given for s in stops) or overlaps((start, end), taken):
            continue
        following = text[end:end + 1]
        sure = given - start == 2 and following in {"", "的", " ", ","}  # 诸葛明的
        if piece[-1] in _VERBS and following and following in "哪几多没啥什了过着谁":
            continue  # 李磊|住哪
        if len(piece) > 1 and piece[-1] + following in _DOINGS:
            continue  # 孙浩|处理
        if len(piece) > 1 and piece[-1] in _ORDERED and following and following in "个张条份一下上":
            continue  # 潘石|提个工单
        if (piece[0] in FOLLOWS and end - given == 1 and not sure) or any(c in NEVER_LAST or c == "从" for c in piece):
            continue
        if not following or end in stops or not "\u4e00" <= following <= "\u9fff" or following in FOLLOWS:
            return end - start
    return 0
