"""Who is meant: the clients named in a sentence, asked of the reader's book with one question.

The longest name that the book knows wins, unless a shorter one leaves a time expression whole (李明|明天生日). Names that
are everyday words (马上, 高兴, 黄金, 周一) need evidence beside them. Nothing here guesses for a write: a name found only by
sound is marked, an unknown one has no refs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.language.lazy import lazy
from handlers.language.meaning import Book, ClientRef, Mention
from handlers.language.normal import Normal
from handlers.language.vocabulary import COMPOUND_SURNAMES, SURNAMES

_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_LATIN = re.compile(r"[a-z]{2,20}(?: [a-z]{2,12})?")
_FIRM = lazy(r"[\u4e00-\u9fffa-z0-9()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|合伙企业|事务所|合作社|集团|工厂)")
_BRACKET = re.compile(r"\([^()]{1,8}\)")
# Never the first character of a name or alias; keeps the question to the book short.
_NEVER_FIRST = frozenset("的了吗呢吧啊我你他她它这那哪是给把被就也都很不没什怎请帮让叫再还要想说")
_NEVER_LAST = frozenset("的了吗呢吧啊我你他她它这那哪是给把被就也都很没什怎请帮让叫再要想说")
_NOT_NAMES = frozenset(
    "ok ok help app vip aum kyc csv pdf excel am pm tmr ding export import update hi hello bye yes no id dm pk ppt to by for the and "
    "of in on at all me my next last this week day mon tue wed thu fri sat sun http https www com new list show query find ta".split()
)
# Everyday words that are also people's names.
COMMON = frozenset(
    "高兴 黄金 平安 马上 万一 周一 周二 周三 周四 周五 周六 周日 成功 安宁 方便 谢谢 夏天 田野 江河 常乐 叶子 白雪 安静 健康 幸福 和平 阳光 明白 "
    "关心 满意 时间 温柔 文静 欢喜 高峰 高原 高级 白天 白云 向阳 黄河 长江 金钱 钱包 安全 安心 安康 平时 平均 开心 高净 快乐 石头 方向 方法 方案 常规 "
    "程序 马虎 马路 牛奶 龙虾 花生 雷电 江山 海洋 贺岁 祝福 祝贺 祝愿 喜欢 严格 严重 毛病 任务 任何 余额 余地 应该 连续 简单 简直 容易 容量 明天 "
    "元旦 冬至 立春 秋天 春天 冬天 宝贝 小姐 老师 老板 经理 客户 朋友 同事 糖果 文强 阿姨 强哥 红姐 天天 团圆 国庆 中秋 陶瓷 商量 计划 宣传 管理 "
    "温度 温馨 顾客 顾问 雷达 包括 包子 车子 车险 车贷 路上 路过 金融 金额 年金 伍佰 万岁 千万 党员 全部 全家 全年 水果 水平 季度 庄重".split()
)
_BEFORE = lazy(
    r"(?:给|跟|和|与|同|找|约|查|看|把|让|叫|问|替|为|向|对|帮|下|见|客户|联系|拜访|回访|通知|陪|请|送|去|到|是|叫做|姓名|一下|提醒|新增|录入|,|、|,|:|：)\s?$"
)
_AFTER = lazy(
    r"\s?(?:的(?:客户|资料|档案|信息|保单|保险|电话|手机|号码|生日|地址|贷款|持仓|理财|情况|详情|标签|续保|理赔|家庭|时间线|联系|养老|重疾|意外|医疗|车险|年金|房贷|单子|案子|身份证|微信|年龄|职业|收入|工单|投诉|保费|存单|基金|定投)"
    r"|客户|先生|女士|小姐|那边|这边|那里|说(?!明)|今天|昨天|刚刚|上周|买了|买的|续保|续费|已续|不续|已缴|保费|保单|详情|时间线|家庭|生日|电话|手机|有(?:哪些|几|没有)"
    r"|持有|介绍|报的?案|报了|出险|理赔|和|、|改|换|加|打|升|降|确诊|投诉|要(?:退|改|买|投)|同意|撤|资产|来|想|名下|到期|老公|老婆|太太|儿子|女儿|[,。?!]?$)"
)
_WEAK_AFTER = lazy(r"\s?(?:[,。?!]?$|说(?!明)|和|、|来|想|加|有|生日|改|打|要)")
_NOT_IN_CONTEXT = lazy(r"(?:方便的话|高兴的是|谢谢(?:你|您|啦|了|哈|啊|!|,|。|$)|马上(?:就|要|到|去|来|给|办|联系|打|回|退休)|万一(?:他|她|客户|没|有|要|不)|成功(?:了|率|签|办|续)|平安(?:保险|人寿|银行|夜|健康|好医生)|黄金(?:客户|期|价|周|投资|会员|积存|基金|等级|级)|健康(?:险|告知|状况|情况)|安全(?:吗|性))")
_LOOKED_UP = re.compile(r"(?:查|找|查一下|查询|客户)\s?$")
_TITLE = re.compile(r"(?:女士|先生|小姐|客户|本人|同志)(?!的?(?:列表|名单))")
_PRONOUN = re.compile(r"(?<![其吉])(?:她|他|\bta\b)(?![们俩人])(?:的话)?|(?:这个|该|这位|此|那个|那位)客户(?!经理)|这位(?=$|的|[,?])|(?:这个|那个)人")
_MANY = 120  # candidates looked at; a message names a few people
_FOLLOWS = frozenset(
    "第期次笔张份件条的了是在有要想说来去和跟与给把被让叫买卖交做办退改换加不没也都又再就还很太刚今明昨后前上下周这那哪几多能会可应该需已未个位先女总哥姐您你我他她它吗呢吧啊"
    "呀哦嘛么家住电保续理贷存基私车房年月日号生过到结离单介绍推荐同亲爸妈爷奶儿孩子老公婆妻打发送约见回投报赔最什怎为从对向将正别请帮查看提记写名身手微地"
    "性职工收资标等级风健持申赎定还逾罚欠缴领取转升降删移合拆签字确认取消、,。?!:;() 0123456789"
)
_SURNAME = lazy("(?:" + "|".join(COMPOUND_SURNAMES.split()) + f"|[{SURNAMES}])")
_ALIAS_LIKE = lazy(
    rf"(?:小|老|阿|大)[{SURNAMES}](?![一-鿿]?(?:孩|师|板|公|婆))|(?:[{SURNAMES}]|{'|'.join(COMPOUND_SURNAMES.split())})"
    r"(?:总监|总|老师|老板|经理|医生|大夫|主任|女士|先生|小姐|姐|哥|叔|阿姨|教授|律师|校长|董事长|董|厂长|工(?=[,。 的]|$)|局长|处长|科长|院长|行长|太太|太|爷爷|奶奶|婶)"
)


Placed = tuple[Mention, int, int]  # a mention and its place in the normalised text


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    key: str
    refs: tuple[ClientRef, ...]


def find_mentions(
    normal: Normal, taken: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]], book: Book
) -> list[Placed]:
    """Clients of the book named in the sentence, left to right. One call to the book."""
    places = _places(normal.text, taken)
    known = book.named(places.keys()) if places else {}
    if not known:
        return []
    candidates = [_Candidate(s, e, key, refs) for key, refs in known.items() if refs for s, e in places.get(key, ())]
    candidates = sorted(candidates, key=lambda c: c.start)[:_MANY]
    chosen = _choose(normal.text, candidates, times)
    return [(_mention(normal, c), c.start, c.end) for c in sorted(chosen, key=lambda c: c.start)]


def find_pronoun(normal: Normal, focus: ClientRef | None) -> Placed | None:
    """她, 这个客户 … → the client in focus; without one the mention has no refs."""
    match = _PRONOUN.search(normal.text)
    if match is None:
        return None
    start, end = normal.span(*match.span())
    return Mention(normal.said[start:end], start, end, (focus,) if focus else (), "pronoun"), *match.span()


def _places(text: str, taken: Sequence[tuple[int, int]]) -> dict[str, list[tuple[int, int]]]:
    """Every n-gram that may be a name, with where it stands."""
    places: dict[str, list[tuple[int, int]]] = {}
    for run in _HAN.finditer(text):
        for start, end in _free(run.start(), run.end(), taken):
            for at in range(start, end - 1):
                if text[at] in _NEVER_FIRST:
                    continue
                for stop in range(at + 2, min(at + (16 if "·" in text[at:at + 8] else 4), end) + 1):
                    if text[stop - 1] not in _NEVER_LAST:
                        places.setdefault(text[at:stop], []).append((at, stop))
    for firm in _FIRM.finditer(text):
        for at in range(firm.start(), firm.end() - 3):
            places.setdefault(text[at:firm.end()], []).append((at, firm.end()))
    for bracket in _BRACKET.finditer(text):
        for at in range(max(0, bracket.start() - 4), bracket.start() - 1):
            places.setdefault(text[at:bracket.end()], []).append((at, bracket.end()))
    for word in _LATIN.finditer(text):
        _latin(places, word, taken)
    return places


def _latin(places: dict[str, list[tuple[int, int]]], word: re.Match[str], taken: Sequence[tuple[int, int]]) -> None:
    start, end = word.span()
    if any(start < b and a < end for a, b in taken):
        return
    head, _, tail = word.group().partition(" ")
    if tail:
        places.setdefault(word.group(), []).append((start, end))
        places.setdefault(head + tail, []).append((start, end))
        if tail not in _NOT_NAMES:
            places.setdefault(tail, []).append((end - len(tail), end))
    if head not in _NOT_NAMES:
        places.setdefault(head, []).append((start, start + len(head)))


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    for a, b in taken:
        if b <= start or a >= end:
            continue
        if a - start >= 2:
            yield start, a
        start = b
    if end - start >= 2:
        yield start, end


def _choose(text: str, candidates: list[_Candidate], times: Sequence[tuple[int, int]]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        if any(candidate.start < c.end and c.start < candidate.end for c in chosen):
            continue
        if _cuts_time(candidate, candidates, times) or not _is_person(text, candidate, times):
            continue
        chosen.append(candidate)
    return chosen


def _cuts_time(candidate: _Candidate, others: list[_Candidate], times: Sequence[tuple[int, int]]) -> bool:
    """Would a shorter known name leave a time expression whole? 李明|明天 rather than 李明明|天."""
    cut = next((t for t in times if candidate.start < t[0] < candidate.end < t[1]), None)
    return cut is not None and any(c.start == candidate.start and c.end == cut[0] for c in others)


def _is_person(text: str, candidate: _Candidate, times: Sequence[tuple[int, int]]) -> bool:
    start, end = candidate.start, candidate.end
    in_time = any(start < b and a < end for a, b in times)
    if candidate.key in COMMON or in_time:
        return _has_evidence(text, start, end, strict=any(a <= start and end <= b for a, b in times))
    whole_name = end - start == 2 and any(r.name == candidate.key for r in candidate.refs)
    return not whole_name or _ends_well(text, end)  # 王芳 inside 王芳菲 is somebody else


def _has_evidence(text: str, start: int, end: int, strict: bool) -> bool:
    if _NOT_IN_CONTEXT.match(text, start):
        return False
    if start == 0 and end == len(text.rstrip(" ,。!?")):
        return not strict
    before = _BEFORE.search(text[max(0, start - 4):start]) is not None
    after = _AFTER.match(text, end) is not None
    if strict:  # 周一: the day unless both sides speak for a person
        if end == len(text) and _LOOKED_UP.search(text[:start]):
            return True
        return before and after and text[end:end + 1] not in {"", "和", "、", ","}
    weak = _WEAK_AFTER.match(text, end) is not None
    return before or (after and not weak) or (after and start == 0 and len(text) > end + 1 and text[end] in "说买改升降")


def _ends_well(text: str, end: int) -> bool:
    rest = text[end:end + 2]
    if not rest or not "\u4e00" <= rest[0] <= "\u9fff" or rest[0] in _FOLLOWS:
        return True
    return len(rest) == 2 and "\u4e00" <= rest[1] <= "\u9fff"


def _mention(normal: Normal, candidate: _Candidate) -> Mention:
    exact = tuple(r for r in candidate.refs if r.name.lower() == candidate.key)
    refs = exact or candidate.refs
    start, end = normal.span(candidate.start, candidate.end)
    how: str = "name" if exact else "alias"
    if not exact and candidate.key.isascii() and not any(r.name.isascii() for r in refs):
        how = "initials" if len(candidate.key) == len(refs[0].name) else "pinyin"
    text = normal.text[candidate.start:candidate.end] if not candidate.key.isascii() else normal.said[start:end]
    return Mention(text, start, end, refs, how)  # type: ignore[arg-type]


# ---------------------------------------------------------------- names the book does not know


def guess_name(normal: Normal, taken: Sequence[tuple[int, int]], words: Iterable[int], after: int = 0) -> Placed | None:
    """A stretch that looks like a person's or firm's name although the book has nobody of that name.

    `words` are the places where known words begin; a name ends there, at a gap or at a function word."""
    text = normal.text
    starts = set(words)
    firm = _FIRM.search(text, after)
    if firm is not None:
        return _new(normal, _firm_start(text, firm), firm.end())
    alias = _ALIAS_LIKE.search(text, after)
    if alias is not None and not _overlaps(alias.span(), taken) and (alias.group()[0] not in "小老阿大" or _may_begin(text, alias.start(), starts)):
        return _new(normal, *alias.span())
    for match in _SURNAME.finditer(text, after):
        start = match.start()
        if start in starts or _overlaps((start, start + 2), taken) or not _may_begin(text, start, starts):
            continue
        if text[start] == "查" and start == 0:
            continue
        length = _name_length(text, start, match.end(), starts, taken)
        if length and text[start:start + length] not in COMMON and text[start:start + 2] not in COMMON:
            return _new(normal, start, start + length)
    return None


def _firm_start(text: str, firm: re.Match[str]) -> int:
    lead = re.match(r"(?:查一下|查|看看|看|新增企业客户|新增客户|新增|企业客户|企业|客户|给|把|和|跟|录入|建档|加个|添加)+", firm.group())
    return firm.start() + (lead.end() if lead else 0)


def _new(normal: Normal, start: int, end: int) -> Placed:
    a, b = normal.span(start, end)
    return Mention(normal.text[start:end], a, b, (), "new"), start, end


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < b and a < span[1] for a, b in taken)


_LEAD = re.compile(r"(?:给|跟|和|与|同|找|约|查|看|把|让|叫|问|帮|替|下|见|客户|联系|拜访|回访|新增|录入|建档|添加|介绍了?|是|同事|朋友|姓名|[\s,、:。])$")


def _may_begin(text: str, start: int, starts: set[int]) -> bool:
    return start == 0 or _LEAD.search(text[max(0, start - 4):start]) is not None


def _name_length(text: str, start: int, given: int, starts: set[int], taken: Sequence[tuple[int, int]]) -> int:
    """2 or 3 characters (surname plus one or two); 0 when it does not look like a name."""
    stops = {a for a, _b in taken} | starts
    for end in (given + 2, given + 1):
        piece = text[given:end]
        if len(piece) != end - given or not all("\u4e00" <= c <= "\u9fff" for c in piece):
            continue
        if any(given < s < end or s == given for s in stops) or _overlaps((start, end), taken):
            continue
        if (piece[0] in _FOLLOWS and end - given == 1) or any(c in _NEVER_LAST for c in piece):
            continue
        following = text[end:end + 1]
        if not following or end in stops or not "\u4e00" <= following <= "\u9fff" or following in _FOLLOWS:
            return end - start
    return 0


def by_sound(mention: Mention, book: Book) -> Mention:
    """The clients whose name sounds like an unknown one, as `how` "homophone"; the mention itself when there are none."""
    from storage.naming import name_keys

    keys = [key for how, key in name_keys(mention.text) if how == "pinyin"]
    if not keys:
        return mention
    refs = tuple(r for found in book.named(keys).values() for r in found if len(r.name) == len(mention.text))
    return replace(mention, refs=refs, how="homophone") if refs else mention


def title_after(text: str, end: int) -> int:
    """Where a title behind a name ends (王芳女士), `end` itself without one."""
    match = _TITLE.match(text, end)
    return match.end() if match else end
