"""Who is meant: the clients named in a sentence, asked of the reader's book with one question.

The longest name that the book knows wins, unless a shorter one leaves a time expression whole (李明|明天生日). Names that
are everyday words (马上, 高兴, 黄金, 周一) are judged in `everyday`, what only sounds like a name in `sounds`, names that
nobody bears in `strangers`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from handlers.language.everyday import ADVERBS, COMMON, GIVEN_WORDS, is_person, needed_person
from handlers.language.meaning import Book, ClientRef, Dialogue, Mention
from handlers.language.numerals import small
from handlers.language.strangers import FIRM, FOLLOWS, NEVER_LAST, NOT_NAMES, Placed, may_begin
from handlers.language.vocabulary import CITIES, SURNAMES
from storage.model.normal import Normal

_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_LATIN = re.compile(r"(?<![a-z0-9_@.])[a-z]{2,20}(?: [a-z]{2,12})?(?![a-z0-9_@]|\.[a-z])")  # not CL of CL88012
_BRACKET = re.compile(r"\([^()]{1,8}\)")
# Never the first character of a name or alias; keeps the question to the book short.
_NEVER_FIRST = frozenset("的了吗呢吧啊我你他她它这那哪是给把被就也都很不没什怎请帮让叫再还要想说")
# What may follow a name and still be the name: a title, 这个客户, or 他 before what is his.
_TITLE = re.compile(
    r"(?:(?:女士|先生(?!还是)|小姐|同志|老师(?=的|那|[,\s]|$)|大姐|大哥|阿姨)(?!的?(?:列表|名单)))?(?:[\s,]?(?:这个|那个|这位|那位|该)(?:老|大|新)?(?:客户|人(?!民|寿|保)|女士|先生)|本人|自己|客户(?!经理|的?(?:列表|名单)))?"
    r"(?:[她他](?!们))?(?=.|$)"
)
_PRONOUN = re.compile(r"(?<![其吉])(?:她|他|\bta\b)(?![们俩人])(?:的话)?|(?:这个|该|这位|此|那个|那位)客户(?!经理)|这位(?:老总|大姐|大哥|大叔|大妈|阿姨|先生|女士|老师|老板|老人家|姐|哥)|这位(?=$|的|[,?])|(?:这个|那个)人")
_MANY = 120  # candidates looked at; a message names a few people


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    key: str
    refs: tuple[ClientRef, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The clients named, and everyday words that are clients only if the sentence needs one and names nobody else."""

    named: list[Placed]
    doubtful: list[Placed]


_NOBODY = Found([], [])


def find_mentions(normal: Normal, taken: Sequence[tuple[int, int]], times: Sequence[tuple[int, int]], book: Book) -> Found:
    """Clients of the book in the sentence, left to right. One call to the book."""
    places = _places(normal.text, taken)
    known = book.named(places.keys()) if places else {}
    if not known:
        return _NOBODY
    candidates = [_Candidate(s, e, key, refs) for key, refs in known.items() if refs for s, e in places.get(key, ())]
    candidates = sorted(candidates, key=lambda c: c.start)[:_MANY]
    chosen, doubtful = _choose(normal.text, candidates, times)
    return Found(_one_each(normal, [_placed(normal, c) for c in chosen]), [_placed(normal, c) for c in doubtful] if not chosen else [])


def _placed(normal: Normal, candidate: _Candidate) -> Placed:
    return _mention(normal, candidate), candidate.start, candidate.end


# Between two names of one person: 方先生 就那个方便, 张伟(深圳张伟).
_SAME = re.compile(r"[\s,(:]*(?:就?是?(?:那个|那位|这个)?|也?就是|也?叫|名字?叫)?[\s,(:]*")


def _one_each(normal: Normal, placed: list[Placed]) -> list[Placed]:
    """A person named twice in a breath is one mention, for those whom both names fit."""
    kept: list[Placed] = []
    for mention, start, end in placed:
        before = kept[-1] if kept else None
        if before is not None and _SAME.fullmatch(normal.text, before[2], start) and (both := _both(before[0], mention)):
            kept[-1] = (replace(before[0], refs=both, end=mention.end), before[1], end)
        else:
            kept.append((mention, start, end))
    return kept


def _both(one: Mention, other: Mention) -> tuple[ClientRef, ...]:
    return tuple(r for r in one.refs if any(r.id == o.id for o in other.refs)) if one.text != other.text else ()


_LISTED = re.compile(r"第(?P<n>[一二三四五六七八九十]{1,2}|\d{1,2})(?:个|位|名)(?:客户|人(?!民|寿|保))?(?![孩月季小儿女问方产阶年次])|(?P<m>[一二三四五六七八九十]|\d{1,2})号(?:那[个位])?客户|(?<![\d.\u4e00-\u9fff])(?P<o>\d{1,2})\s+(?=打标|打上|升|降|调|写|加标|记一|移交|转给)|(?P<last>最后)(?:那|这)?一?[个位](?:客户|人)?")
# Lists whose lines are things to do or that happened; there 第二个 is the line, not the client in it.
_NO_PEOPLE = frozenset({"brief", "reminder.list", "timeline"})


def find_listed(normal: Normal, dialogue: Dialogue) -> Placed | None:
    """第二个 under a list of clients stands for the client in that line."""
    if not dialogue.items or dialogue.list_kind in _NO_PEOPLE or dialogue.pending == "choice":
        return None
    match = _LISTED.search(normal.text)
    number = None if match is None else len(dialogue.items) if match["last"] else small(match["n"] or match["m"] or match["o"])
    if match is None or not number or number > len(dialogue.items) or (ref := dialogue.items[number - 1]) is None:
        return None
    start, end = normal.span(*match.span())
    return Mention(normal.said[start:end], start, end, (ref,), "pronoun"), *match.span()


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
                    if text[stop - 1] not in NEVER_LAST:
                        places.setdefault(text[at:stop], []).append((at, stop))
    for firm in FIRM.finditer(text):
        for at in range(firm.start(), firm.end() - 3):
            places.setdefault(text[at:firm.end()], []).append((at, firm.end()))
    for bracket in _BRACKET.finditer(text):
        for at in range(max(0, bracket.start() - 4), bracket.start() - 1):
            places.setdefault(text[at:bracket.end()], []).append((at, bracket.end()))
    for told in _TOLD_APART.finditer(text):
        _qualified(places, told)
    for spaced in _SPACED.finditer(text):
        for stop in range(spaced.start("rest") + 1, spaced.end("rest") + 1):
            places.setdefault(spaced["first"] + text[spaced.start("rest"):stop], []).append((spaced.start(), stop))
    for word in _LATIN.finditer(text):
        _latin(places, word, taken)
    return places


# Surnames that are hardly ever the word before a name.
_SURNAMES_ONLY = frozenset("王李张刘陈杨赵吴徐孙朱马胡郭林何梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁董苏吕魏蒋杜沈姜范傅钟卢汪戴崔陆廖姚邱谭贾邹熊孟秦阎薛侯龙段郝孔邵史毛")
# 陈 总 电话: a surname between blanks.
_SPACED = re.compile(rf"(?<![\u4e00-\u9fff])(?P<first>[{''.join(sorted(_SURNAMES_ONLY))}]) (?P<rest>[\u4e00-\u9fff]{{1,3}})")
# 建行那个张伟, 张伟，深圳那个: what tells people of one name apart is a part of an alias (建行张伟, 张伟(深圳)).
_TOLD_APART = re.compile(rf"(?P<q>[\u4e00-\u9fff]{{2}})(?:那边|那儿|上班|工作)?(?:那个|那位|这个|这位|的|的那个|的那位)(?P<n>[\u4e00-\u9fff]{{2,3}})|(?P<m>[\u4e00-\u9fff]{{2,3}})[\s,(]+(?:就是|是|住|在|住在|做)?(?P<r>[\u4e00-\u9fff]{{2}})(?:的|那边)?(?:那个|那位|的)|(?P<c>{'|'.join(CITIES.split())})(?P<o>[\u4e00-\u9fff]{{2,3}})")


def _qualified(places: dict[str, list[tuple[int, int]]], told: re.Match[str]) -> None:
    told_by, name = next((g, n) for g, n in (("q", "n"), ("r", "m"), ("c", "o")) if told[g])
    start, end = told.start(), told.end(name) if name != "m" else told.end()
    for length in range(2, len(told[name]) + 1):
        stop = end if name == "m" else told.start(name) + length
        who = told[name][-length:] if name == "m" else told[name][:length]
        begin = told.end(name) - length if name == "m" else start
        for key in (told[told_by] + who, f"{who}({told[told_by]})"):
            places.setdefault(key, []).append((begin, stop))


def _latin(places: dict[str, list[tuple[int, int]]], word: re.Match[str], taken: Sequence[tuple[int, int]]) -> None:
    start, end = word.span()
    if any(start < b and a < end for a, b in taken):
        return
    head, _, tail = word.group().partition(" ")
    if tail:
        places.setdefault(word.group(), []).append((start, end))
        places.setdefault(head + tail, []).append((start, end))
        if tail not in NOT_NAMES:
            places.setdefault(tail, []).append((end - len(tail), end))
    if head not in NOT_NAMES:
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


def _choose(
    text: str, candidates: list[_Candidate], times: Sequence[tuple[int, int]]
) -> tuple[list[_Candidate], list[_Candidate]]:
    """(the people, the doubtful), each left to right."""
    chosen: list[_Candidate] = []
    maybe: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        if any(candidate.start < c.end and c.start < candidate.end for c in chosen) or _cuts_time(candidate, candidates, times):
            continue
        judged = _is_person(text, candidate, times)
        if judged:
            chosen.append(candidate)
        elif judged is None:
            maybe.append(candidate)
    doubtful = [c for c in maybe if needed_person(text, c.start, c.end, times)]
    chosen += [m for m in maybe if any(_joined(text, m, c, times) for c in chosen)]
    return sorted(chosen, key=lambda c: c.start), sorted(doubtful, key=lambda c: c.start)


_AND = re.compile(r"\s?(?:和|跟|与|、|及|还有|以及|同)\s?")
_BOTH = re.compile(r"(?:女士|先生)?\s?(?:都|谁|哪个|俩|两|合并|分别|是同|的(?:电话|手机|地址|生日|资料|微信|邮箱|等级|保单))")


def _joined(text: str, doubtful: _Candidate, sure: _Candidate, times: Sequence[tuple[int, int]]) -> bool:
    """黄金和王姐: beside a client an everyday word is one too; a day or an adverb (马上和王姐说) only when both are spoken of."""
    first, second = sorted((doubtful, sure), key=lambda c: c.start)
    if _AND.fullmatch(text, first.end, second.start) is None:
        return False
    plain = doubtful.key not in ADVERBS and not any(doubtful.start < b and a < doubtful.end for a, b in times)
    return plain or _BOTH.match(text, second.end) is not None

def _cuts_time(candidate: _Candidate, others: list[_Candidate], times: Sequence[tuple[int, int]]) -> bool:
    """Would a shorter known name leave a time expression whole? 李明|明天 rather than 李明明|天."""
    cut = next((t for t in times if candidate.start < t[0] < candidate.end < t[1]), None)
    return cut is not None and any(c.start == candidate.start and c.end == cut[0] for c in others)


def _is_person(text: str, candidate: _Candidate, times: Sequence[tuple[int, int]]) -> bool | None:
    start, end = candidate.start, candidate.end
    by_given = _is_given(candidate)
    if candidate.key[1:] in _TITLES and any(a < start < b <= end for a, b in times):
        return True  # 这|周叔, and no 这周
    if _OF_THE_YEAR.match(text, end) and any(start < a < end < b for a, b in times):
        return True
    if candidate.key in COMMON or (by_given and candidate.key in GIVEN_WORDS) or any(start < b and a < end for a, b in times):
        return is_person(text, start, end, times)
    if by_given:
        return _is_called(text, start) and _ends_well(text, end)
    if text[end:end + 1] == text[end - 1] and candidate.key[-1] not in "生姐哥叔总" and not any(a == end for a, _b in times):
        return False  # 司马光光 is not 司马光
    if any(r.name == candidate.key for r in candidate.refs):
        return end - start != 2 or _ends_well(text, end)  # 王芳 inside 王芳菲 is somebody else
    return end - start != 2 or _begins_well(text, candidate)


_TITLES = frozenset("叔 总 姐 哥 姨 老师 经理 女士 先生 老板 阿姨 医生".split())
_OF_THE_YEAR = re.compile(r"年(?:金|收|薪|交|缴|入|龄)")  # 蔡明|年金, and no 明年


def _is_given(candidate: _Candidate) -> bool:
    """铁柱 of 赵铁柱, and of nobody who has it as his whole name."""
    return len(candidate.key) == 2 and all(r.name.endswith(candidate.key) and 2 < len(r.name) < 5 for r in candidate.refs)


_BEFORE_GIVEN = re.compile(r"(?:给|跟|和|与|同|找|约|查|看|把|让|叫|问|替|为|向|对|帮|见|那个|这个|那位|这位|嗯|呃|哎|诶|客户|联系|拜访|回访|通知|陪|请|送|去|是|下|记|备注|的|那|催|提醒|取消|掉|删|删除|移除|改|转|升|降|等|关于)$")


def _is_called(text: str, start: int) -> bool:
    """A given name stands where somebody is spoken of: 孙铁柱 is another one, and 在铁柱 no place of a name."""
    return start == 0 or not "\u4e00" <= text[start - 1] <= "\u9fff" or _BEFORE_GIVEN.search(text[max(0, start - 2):start]) is not None


def _begins_well(text: str, candidate: _Candidate) -> bool:
    """小明 is an alias, but 李小明 somebody else, when no 王小明."""
    at = candidate.start - 1
    if at < 0 or text[at] not in _SURNAMES_ONLY or not "\u4e00" <= candidate.key[0] <= "\u9fff":
        return True
    return not may_begin(text, at, set()) or any(r.name.startswith(text[at]) for r in candidate.refs)


def _ends_well(text: str, end: int) -> bool:
    rest = text[end:end + 2]
    if not rest or not "\u4e00" <= rest[0] <= "\u9fff" or rest[0] in FOLLOWS:
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


# 0101 behind a name is what its phone ends with: no amount begins with a nought.
_PHONE_TAIL = re.compile(
    r"\s*[(（]?\s*(?:手机|电话)?(?:尾号|尾数|后四位|末四位|后4位|末4位)(?:是|为|:)?\s*\d{3}[\dx](?!\d)(?:\s*[)）])?|[(（]?0\d{3}(?![\d.:%年月日号元块万])[)）]?"
)


def with_phone_tail(text: str, end: int) -> int:
    """Where a name ends together with the tail of the phone that tells its namesakes apart (王芳 尾号 0101, 王芳0101)."""
    match = _PHONE_TAIL.match(text, end)
    return match.end() if match else end


def title_after(text: str, end: int) -> int:
    """Where a title behind a name ends (王芳女士), `end` itself without one."""
    match = _TITLE.match(text, end)
    return match.end() if match else end


# 王芳，不对，是王方; 刘洋 哦不是 刘阳: whoever was named before is taken back.
_TAKEN_BACK = re.compile(
    r"(?:[\s,。.;…~、-]|呃|哦|噢|啊|嗯|唉|哎呀?|诶|额)+(?:(?:不对|不是|错了?|[说讲打记搞看弄]错了?|口误|no)[\s,。.;…~、-]*){1,3}"
    r"(?:我)?(?:应该|说的|要的|要|想|指的)?(?:是|找|查)?(?:说|找|查|要)?[\s,:]*(?:那个|这个|那位)?\s*"
)
_AGAIN_A_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_NO_SLIP = re.compile(r"(?:女士|先生)?(?:介绍|推荐|的(?:客户|朋友|同事|人)|带来)")


def taken_back(text: str, placed: Sequence[Placed]) -> tuple[list[Placed], list[tuple[int, int]]]:
    """(the clients still meant, where those stand who were taken back in the same breath, with the words that take back).

    Also when the one meant instead is in no book: then nobody is meant rather than the wrong one."""
    meant: list[Placed] = []
    gone = _not_meant(text, placed)
    for mention, start, end in placed:
        if any(a < start < b for a, b in gone):
            continue
        slip = None if any(a == end for a, _b in gone) else _TAKEN_BACK.match(text, end)
        after = slip.end() if slip is not None else 0
        behind = next((other for other in placed if other[1] == after and after), None)
        if slip is not None and _NO_SLIP.match(text, behind[2] if behind else after) is None and (behind is not None or _called_again(text, after)):
            gone.append((start, after))
        else:
            meant.append((mention, start, end))
    return meant, gone


# 我问的是马超不是马上: the second is whom nobody means.
_NOT_HIM = re.compile(r"[\s,]*(?:而)?(?:可)?不是(?:那个|这个)?\s*")
_MEANT = re.compile(r"(?:[问要说找查指讲]的?是|^是|[\s,]是)(?:那个|这个)?\s*$")


def _not_meant(text: str, placed: Sequence[Placed]) -> list[tuple[int, int]]:
    """Where the words stand that only say who is not meant."""
    return [(one[2], other[2]) for one, other in pairwise(placed)
            if _NOT_HIM.fullmatch(text, one[2], other[1]) and _MEANT.search(text, 0, one[1]) and _NO_SLIP.match(text, other[2]) is None]


def _called_again(text: str, at: int) -> bool:
    """Does what follows a slip open with a name that no book has?"""
    return may_begin(text, at, set()) and text[at:at + 1] in SURNAMES and _AGAIN_A_NAME.match(text, at) is not None and (at + 2 == len(text) or _ends_well(text, at + 2) or at + 3 == len(text) or _ends_well(text, at + 3))
