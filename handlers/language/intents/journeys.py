"""What is said about journeys in the words of a command: 旅程, 王芳 加入 新客旅程, 旅程 王芳, 试算 新客旅程.

A journey's name ends in 旅程, which tells it from a client's. What denies or asks puts nobody in and takes nobody out."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.lexicon import plain
from handlers.language.orders import why_no_order
from handlers.language.sentence import Sentence
from handlers.language.when import DUE

_NAME = r"(?P<journey>(?!的)[^\s,，。;；:：]{1,18}?旅程)"
_END = r"[\s。.!！?？吧呢吗了]*$"
_ALL = lazy(rf"^\W*+(?:查?看?看?)?(?:我的|客户|所有|全部)?(?:客户)?旅程(?:列表|清单|有哪些|情况|进度|统计)?{_END}")
_TRY = lazy(rf"^\W*+(?:试算|试跑|模拟)(?:一下)?\s*[:：]?\s*{_NAME}{_END}")
_JOIN = lazy(
    rf"(?:加入|加到|加进|进入|放进|放入|放到|参加)(?:到)?\s*[:：]?\s*(?:{_NAME}|旅程)里?(?:{_END}|(?:(?=从|自|原因)|[\s,，;；]+)(?P<rest>.*)$)"
)
_SHORT = lazy(
    rf"^\W*+(?:把|让|请|给)?\s*(?:(?P<join>加入|加到|加进|进入|放进|放入|参加)|退出|离开|移出)(?:了|到)?\s*[:：]?\s*(?P<journey>\S{{1,12}}?)里?{_END}"
)
_WHY = r"(?:[\s,，;；:：]*(?:原因|理由|因为|由于)?(?:是|为)?[\s:：]*(?P<reason>.*))?$"
_LEAVE = lazy(rf"(?:退出|离开|移出|停止|停掉|中止)[了\s]*的?\s*[:：]?\s*(?:{_NAME}|旅程){_WHY}")
_STOPPED = lazy(rf"{_NAME}\s*(?:停掉|停了|停止|停下|退出)了?{_WHY}")
_NO_REASON = lazy(r"^(?:的?提醒|了|过)?(?:[吗么呢吧啊没]|没有)?\W*$")  # what may follow the name and tells nothing
_EVERY = lazy(r"^(?:所有|全部)的?旅程$")
_DENIED = lazy(r"(?:(?<![能要可])不|别|没|未|无需)(?:有|再|要|用|必|想|让|把|给|将|叫|打算|愿意?|能|可以|需要|她|他|\s)*$")
_WISHED = lazy(r"(?<!我)(?<!我们)(?:想要?|要求|希望|打算|申请|提出要?|考虑|愿意)(?:着|了|过)?\s*$")  # the client's will, not the order
_LATER = lazy(r"明天|后天|下周|下个?月|下星期|以后|(?:周|星期)[一二三四五六日天]|\d\s*[号日天月]")
_NOTED = lazy(r"^\W*+(?:记一下|记录一下|记录|记下|记|备注|跟进)[\s:：，,]")
_SET = lazy(rf"^\W*+(?:停用|启用|删除|删掉|新增|新建|添加|修改|编辑)(?:一个|一下)?\s*[:：]?\s*(?:{_NAME}|旅程){_END}")
_WHICH = lazy(r"(?:什么|哪个|哪些|哪几个|几个)旅程里?")
_SHOW = lazy(rf"旅程(?:到哪(?:一步)?了?|走到哪(?:一步)?了?|进度|情况)?{_END}")
_NAMED = lazy(rf"^\W*+(?:查?看?看?)?(?:旅程\s*)?(?:谁在|哪些客户在)?{_NAME}(?:的?步骤|有谁|里面?(?:有谁)?|有哪些客户)?{_END}")
_SOP = lazy(
    r"^\W*+(?:看看?一?下?|查看?|查一下)?\s*(?P<who>(?:(?!跳过|漏|没|标准|服务)[\u4e00-\u9fff]){1,4}?)?(?:的|都|还|有|最近|\s)*"
    r"(?:(?:跳过|漏做|漏掉|没做|没有做|没完成|没按)(?:了|的|完|过)*(?:哪些|什么|多少)?\s*(?:SOP|sop|Sop|标准|服务|标准服务)?的?(?:步骤|流程)"
    r"|(?:SOP|sop|Sop|(?:标准)?服务(?:步骤|流程)|标准(?:步骤|流程))\s*的?(?:执行|完成|落实|做)?(?:情况|得怎么样|怎么样|进度|率|检查|清单|统计|跳过了?(?:哪些|什么)?|没做的?)?)"
    r"(?:有哪些|有什么|是哪些)?[\s。.!！?？吧呢吗了]*$"
)
_TEAM = frozenset({"团队", "全队", "大家", "谁", "有谁", "哪些人", "今天", "现在", "我们", "各顾问", "客户", "顾问"})
_QUOTES = lazy(r"[「」『』《》“”\"]")
_AND = lazy(r"[和跟与及、]")


def journeying(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots), or None for any other sentence; the intent "none" where a change is spoken of and not wanted.
    `wish`: a client is said to want it, which changes nothing. `several`: more than one client seems to be named. `beside`: what joining cannot take, a later day for one. `set`:
    the journey itself is to be changed."""
    said = _QUOTES.sub(" ", s.normal.said).strip()
    if s.role == "customer" or _NOTED.match(said):
        return None
    if (carried := _carried_out(s, said)) is not None:
        return carried
    if "旅程" not in said:
        return _by_short_name(s, said)
    if _ALL.match(said):
        return "journey.list", {}
    if match := _TRY.match(said):
        return "journey.try", {"journey": match["journey"]}
    if not s.clients and (match := _SET.match(said)):
        return "journey.describe", {"journey": match["journey"], "set": True}
    if _WHICH.search(said):
        return "journey.show", fills.client(s)
    return _moving(s, _without_clients(s, said)) or _looking(s, said)


def _carried_out(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """SOP 执行, 跳过的步骤, 谁没做服务步骤: of the team, of a colleague, or in a span that is said."""
    if s.clients or not ("sop" in said.lower() or "步骤" in said or "流程" in said):
        return None
    spans = [(when.start, when.end) for when in s.points]
    rest = said
    for start, end in reversed(spans):
        rest = f"{rest[:start]} {rest[end:]}"
    if (match := _SOP.match(rest)) is None:
        return None
    who = (match["who"] or "").strip()
    slots: Slots = {"member": who} if who and who not in _TEAM else {}
    return "journey.steps", {**slots, **({"range": s.when(s.points[0], DUE)} if s.points else {})}


def _by_short_name(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """王芳 加入 新客: a client who is named, and nothing but the name of a journey behind the word."""
    found = _SHORT.match(_without_clients(s, said)) if s.clients else None
    label = s.lexicon.journeys.get(plain(found["journey"])) if found else None
    if found is None or label is None:
        return None
    return _ordered(s, "", "journey.join" if found["join"] else "journey.leave", {"journey": label})


def _moving(s: Sentence, rest: str) -> tuple[str, Slots] | None:
    if match := _LEAVE.search(rest) or _STOPPED.search(rest):
        told = (match["reason"] or "").strip()
        reason = None if _NO_REASON.match(told) else told
        name = None if match["journey"] and _EVERY.match(match["journey"]) else match["journey"]
        return _ordered(s, rest[: match.start()], "journey.leave", {"journey": name, "reason": reason})
    if match := _JOIN.search(rest):
        before = rest[: match.start()]
        later = _LATER.search(before)
        beside = (match["rest"] or "").strip() or (later[0] if later else None)
        return _ordered(s, before, "journey.join", {"journey": match["journey"], "beside": beside})
    return None


def _ordered(s: Sentence, before: str, intent: str, slots: Slots) -> tuple[str, Slots]:
    """The order; what is asked for instead, where it is only a question or a denial. A reason is no part of it."""
    if _DENIED.search(before):
        return "none", {}
    if s.clients and _WISHED.search(before):
        return "journey.show", {**fills.client(s), "wish": "leave" if intent == "journey.leave" else "join"}
    refused = "" if slots.get("reason") else why_no_order(s, intent)
    if refused == "question":
        return "journey.show", fills.client(s)
    if refused:
        return "none", {}
    return intent, fills.merged(fills.client(s), slots, _several(s, before))


def _looking(s: Sentence, said: str) -> tuple[str, Slots] | None:
    if s.clients and _SHOW.search(_without_clients(s, said)):
        return "journey.show", fills.client(s)
    if match := _NAMED.match(said):
        return "journey.describe", {"journey": match["journey"]}
    return ("journey.show", fills.client(s)) if s.stranger is not None else None


def _without_clients(s: Sentence, said: str) -> str:
    """What is said besides the names: 王芳的新客旅程 is hers."""
    for named in s.clients:
        said = said.replace(s.normal.said[named.mention.start:named.mention.end], " ", 1)
    return said


def _several(s: Sentence, before: str) -> Slots:
    names = {named.mention.text for named in s.clients}
    return {"several": True} if len(names) > 1 or _AND.search(before) else {}
