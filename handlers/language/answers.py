"""Yes, no, take it back, go on: the short answers, in as many words as people have for them.

An answer counts when the whole text is made of such words and fillers, so that 不对，是13900000009 is no mere no."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.language.answer_words import (
    ABOUT_A_CHANGE,
    ABOUT_DATA,
    ABOUT_TAKING_AWAY,
    ANY_ACT,
    FILLER,
    LOOKED,
    MORE,
    MORE_FILLER,
    MORE_SURELY,
    NO,
    NO_AT_THE_END,
    NOT_ASKED,
    SAME_ACT,
    THE_ACT,
    THE_DATA,
    THE_NEW,
    YES,
    YES_AT_THE_END,
)
from handlers.language.lazy import Lazy, lazy
from storage.model.normal import normalise

LONGEST = 24  # nobody says yes or no in more characters


def _made_of(text: str, piece: Callable[[int, int], bool], sure: Callable[[int, int], bool] | None = None) -> bool:
    """Can the text be cut into pieces, one of them a `sure` one where that is asked for?"""
    reached, surely = [True] + [False] * len(text), [False] * (len(text) + 1)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1) if reached[start] or surely[start] else ():
            is_sure = sure is not None and sure(start, end)
            if is_sure or piece(start, end):
                reached[end] = reached[end] or reached[start]
                surely[end] = surely[end] or surely[start] or is_sure
    return surely[-1] if sure is not None else reached[-1]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of answer: the words that make it one, and what an answer may be put together from."""

    words: Lazy
    piece: Lazy
    last: Lazy

    @classmethod
    def of(cls, words: str, fillers: str, last: str = "(?!)") -> _Kind:
        return cls(lazy(rf"{words}|(?:{last})$"), lazy(rf"{words}|{fillers}"), lazy(last))

    def fits(self, text: str) -> bool:
        """Is the whole text made of pieces? Each place is tried once, so that no text takes long."""
        return _made_of(text, lambda start, end: self.is_piece(text, start, end))

    def is_piece(self, text: str, start: int, end: int) -> bool:
        last = end == len(text) and self.last.fullmatch(text, start, end) is not None
        return last or self.piece.fullmatch(text, start, end) is not None


_YES, _NO = _Kind.of(YES, "(?!)", YES_AT_THE_END), _Kind.of(NO, FILLER, NO_AT_THE_END)
_BESIDE_YES = lazy(rf"{THE_ACT}|{THE_DATA}|{THE_NEW}|{LOOKED}|{FILLER}")
_MORE, _MORE_SURELY = _Kind.of(MORE, MORE_FILLER), lazy(MORE_SURELY)

_BACK = lazy(
    r"撤(?:销|回|消|了|掉)?|[弄找加搞整拿收捞要]回(?:来|去)|回退|回滚|还原|恢复|退回|倒回|改回|变回|undo|反悔|收回|作废|不算|不作数|不算数|别算|别当真|当我没(?:说|弄|做)|别(?:记|算|加|改|存|要)|取消|重来|revert|删(?:掉|了)|去掉"
)
_BACK_ALONE = lazy(
    r"^(?:[\s,。!~]|等等|等一?下|慢着|哦|诶|哎呀?|唉|啊|我|手滑|不好意思|糟|完了|坏了|麻烦|帮我|给我|请|能|可以|快|赶紧|不对)*(?:撤(?:销|回|消)|撤(?:了|掉)?|[弄找加搞整拿收捞要撤]回(?:来|去)|undo|反悔|revert|回退|回滚|还原|恢复(?:回来)?(?:成|到|为)?(?:原样|原来?先?的?(?:号码?|电话|地址|名字|等级|标签|状态|数据|值)?)?|改回(?:来|去|原来的?|之前的?|原样)|退回(?:去|上一步)|倒回去|"
    r"(?:恢复|还原|改|变|退|回)(?:到|成|回到?)?(?:之前|原来|原先|以前|刚才)(?:那样|的样子|的|那个|状态)*|标?签?(?:弄|搞|改|记|录|删|加|发|设|点|按|整|派|贴|标|升|降)(?:错|混|岔)(?:人|标签)?)(?:了|吧|一下|下|掉|操作|吗|么|的|喽|咯|啊|呀|呗|嘛|[\s,。!~?])*$"
)
# 咋给删了呢 快给我恢复: only what follows says what is wanted.
_REPROACH = lazy(r"^\W*(?:咋|怎么|干嘛|为啥|谁[让叫]你|不该|别)(?:给|把|都|就)*(?:我|它|[他她])?(?:的)?[删改加记录派设升降移撤合并发关取消]{1,2}(?:了|掉|的)*(?:呢|呀|啊|哦)?[\s,。!?]+")


def without_reproach(text: str) -> str:
    """What is wanted by 怎么删了 快恢复."""
    return _REPROACH.sub("", text)


_JUST = lazy(r"刚才|刚刚|刚(?=那|的|改|加|记|录|设|发|删|弄|下|做|打|贴|升|降|调|建|存|标|派|转|提交|确认)|刚(?:才|刚)?给[^,。\s]{1,6}?[派加改设记录打贴发升降转标](?=的|了)|方才|头先|上一?(?:步|条|个|次|笔|项)|前一?(?:步|条|个|次)|那一?(?:步|下)|最后(?:一)?(?:步|条|个|次)|那个操作|这步|这次操作")
_SLIP = lazy(r"^\W*不是(?:他|她|这个|这位|[^,。!~\s]{2,4})[,。!~\s]|手滑|手抖|点岔|(?:弄|搞|改|记|录|删|加|发|设|点|按|打|写|整|看|选|说|派|转|贴|标)(?:错|混|岔|反)|错人|打标错|误操作|误点|不小心")
_OTHER_THING = lazy(r"提醒|待办|日程|闹钟|移交|交接|授权|同意|退订|营销|工单|投诉|怎么|如何|咋|提到|说过|[她他客户]说|记一?下|拜访|会议|预约")

_REST = lazy(r"(?:后面|后边|后头|下面|下边|底下|其余|剩)的?(?:人|客户|几?(?:个|位))?(?:呢|还有|有吗|有谁|是谁|也|看|都|继续|列|发|给)")


def wants_rest(text: str) -> bool:
    """后面的呢 under a list wants the next page, not the last line."""
    return _REST.search(text) is not None


def _is(answer: _Kind, text: str) -> bool:
    plain = text.strip(" ,。!~.…?")
    return 0 < len(plain) <= LONGEST and answer.words.search(plain) is not None and answer.fits(plain)


def is_no(text: str) -> bool:
    """取消, 先不改了, 算了 我自己来 …"""
    return _is(_NO, text)


_NOT_YET = lazy(
    r"(?:先|还|暂时?|现在|千万|这次|这个|草稿|那|就|你|再)*(?:(?:别|不要|不用|甭|莫|勿|先不|暂不|暂时不)(?:急着?|忙着?|着急|先|马上|这么快|给我|帮我)*(?:提交|保存|确认|存|交|录|入库|执行|办|送审|发)(?:上去|进去|出去|掉|入|上|下)?"
    r"|等等|等一?下|等会儿?|稍等|慢着|稍后|晚点|回头|改天|以后|过会儿|(?:先)?(?:放着|放一?放|留着|搁着|存着草稿)|(?:再)?(?:想想|考虑一?下|看看再说))"
    r"(?:再)?(?:提交|保存|确认|说|弄|填|看)?(?:吧|了|啊|呀|哈|先|一下|草稿|\W){0,5}$"
)


def not_yet(text: str) -> bool:
    """别提交, 先别保存, 等等, 晚点再说: what was typed so far is to wait; 不提交了 and 算了 give it up."""
    return 0 < len(text) <= LONGEST and _NOT_YET.match(text.strip(" ,。!~.…?")) is not None


def is_yes(text: str) -> bool:
    """确认, 嗯嗯对 就这么改, 可以 提交吧 …; whoever asks back (删吗), or wants to look, has agreed to nothing.

    A verb alone (删吧) is no yes here; `repeats` knows what was asked about."""
    plain = _plain(text)
    if not 0 < len(plain) <= LONGEST or _YES.words.search(plain) is None or not _agrees_at_all(text):
        return False
    return _made_of(plain, lambda start, end: _BESIDE_YES.fullmatch(plain, start, end) is not None, lambda start, end: _YES.is_piece(plain, start, end))


def _plain(text: str) -> str:
    return text.strip(" ,。!~.…?")


def _agrees_at_all(text: str) -> bool:
    return not is_no(text) and not looks(text) and _ASKS.search(text) is None


_ACT, _DATA_ARE, _NEW = lazy(THE_ACT), lazy(THE_DATA), lazy(THE_NEW)
_FILLS, _ANY = lazy(rf"{FILLER}|{LOOKED}"), lazy(ANY_ACT)
_OF_A_DRAFT = lazy(r"提交|保?存|录入?|登记|入库|建|生成|确认")
_SAME = tuple((lazy(said), lazy(asked)) for said, asked in SAME_ACT)
_NOT_ASKED, _CHANGE, _TAKES_AWAY, _OF_DATA = lazy(NOT_ASKED), lazy(ABOUT_A_CHANGE), lazy(ABOUT_TAKING_AWAY), lazy(ABOUT_DATA)


def _does_as_asked(text: str, asked: Sequence[str]) -> bool:
    """删吧, 按新的来, 名字没错 by themselves: a yes where that is what was asked. A draft has no question, and is only saved."""
    plain = _plain(text)
    if not 0 < len(plain) <= LONGEST or not _agrees_at_all(text):
        return False
    questions = [_NOT_ASKED.sub(" ", normalise(q).text) for q in asked]

    def answers(start: int, end: int) -> bool:
        if (act := _ACT.fullmatch(plain, start, end)) is not None:
            return _is_asked(act["act"], questions)
        if _NEW.fullmatch(plain, start, end) is not None:
            return any(_CHANGE.search(q) for q in questions)
        right = _DATA_ARE.fullmatch(plain, start, end) is not None
        return right and (not questions or any(_OF_DATA.search(q) and _TAKES_AWAY.search(q) is None for q in questions))

    return _made_of(plain, lambda start, end: _FILLS.fullmatch(plain, start, end) is not None, answers)


def _is_asked(act: str, questions: Sequence[str]) -> bool:
    if _ANY.fullmatch(act) is not None:
        return True
    if not questions:
        return _OF_A_DRAFT.fullmatch(act) is not None
    asked = [pattern for said, pattern in _SAME if said.fullmatch(act) is not None]
    return any(pattern.search(q) for pattern in asked for q in questions) or (len(act) > 1 and any(act in q for q in questions))


_ASKS = lazy(r"(?:吗|么|\?)[\s,。!~?]*$")


_LOOKS = lazy(r"^(?:[\s,。!~.…?]|帮我|给我|让我|请|麻烦|你|再|先|来|吧|呢|一下|下|一眼)*(?:看|瞧|瞅|瞄)(?:[\s,。!~.…?]|看|瞧|瞅|一下|下|一眼|吧|呢|呀|啊|嘛)*$")


def looks(text: str) -> bool:
    """看看, 帮我看看, 再看一下吧: nothing but a wish to see it."""
    return 0 < len(text) <= LONGEST and _LOOKS.match(text) is not None


_REPEATS = lazy(
    r"^\W*(?:对|是|嗯|好|可以|没错|行|确认|ok)[\w]?[\s,。]*(?P<how>(?:就|那就|直接|帮我|是|都|全)*(?:(?:移|转)?交?给|转给?|派给?|(?:推|挪|延|移|放|换|定)(?:迟|后)?[到成在]|改成?|改为|设成?|设为|调到?|调成|升到?|降到?|记|加上?|标上?|打上?|换成?|更新为?|存|是)?)\s*(?P<value>[^\s,。]{1,14}?)(?:吧|了|类|级|的|没错)*\W*$"
)
_NUMBER_OR_DATE = lazy(r"[\da-z:.\-]{2,}|\d{1,2}[月点号]\S{0,6}")


_GIVES = lazy(r"(?:给|转|派)$")  # 转给陈静 is no yes where 陈静 is who gives


def repeats(text: str, asked: Sequence[str]) -> bool:
    """对，就改成A, 删吧, when that is what was asked about; the same with another value or act is no yes, nor is the value that goes."""
    if _does_as_asked(text, asked):
        return True
    match = None if _ASKS.search(text) else _REPEATS.match(text)
    if match is None or not (match["how"] or _NUMBER_OR_DATE.fullmatch(match["value"])):
        return False
    value = ("给" if _GIVES.search(match["how"]) else "") + match["value"]
    gone = _goes_from(match["value"])
    return any(value in question and gone.search(question) is None for question in (normalise(q).text for q in asked))


def _goes_from(value: str) -> re.Pattern[str]:
    """从 B 类, 由 B: where a value stands that is to be changed."""
    return re.compile(rf"[从由]\s?{re.escape(value)}")


_CALLS_OFF = lazy(r"^\W*(?:对+|是的?|嗯+|好的?|可以|没错|行|确认|ok)[\s,。]*(?:就|都|全部?|那就|给我|帮我)*(?P<act>取消|撤销|撤回|作废|停掉?|不要)(?:掉|吧|了|它|\W)*$")
_IS_CALLED_OFF = r"^(?:请?确[认定](?:要)?|您?(?:是)?要|将(?:要|会)?|把|即将)[^,。?]{{0,20}}?{act}"


def agrees_to_call_off(text: str, asked: Sequence[str]) -> bool:
    """对 取消吧, where the question was whether to call something off: 将取消全部 8 条提醒，确认？"""
    match = _CALLS_OFF.match(text)
    return match is not None and any(re.match(_IS_CALLED_OFF.format(act=match["act"]), normalise(q).text) for q in asked)


def takes_back(text: str) -> bool:
    """撤销, 刚才那个不算, 手滑点错了 撤回 …; not what takes back a reminder or a consent."""
    text = without_reproach(text)
    if len(text) > 30 or _OTHER_THING.search(text) is not None:
        return False
    if _BACK_ALONE.match(text) is not None:
        return True
    return _BACK.search(text) is not None and (_JUST.search(text) is not None or _SLIP.search(text) is not None)


def goes_on(text: str, *, listed: bool) -> bool:
    """下一页, 还有呢, 剩下的看看; the vaguer ones only under a list."""
    return _is(_MORE, text) and (listed or _MORE_SURELY.search(text) is not None)
