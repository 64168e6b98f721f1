"""Orders about rules and conditions, which have a shape of their own: 新建提醒规则 …, 停用 R12, 筛选说明 王芳 …"""

from __future__ import annotations

import re

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence
from handlers.language.when import DUE

OPS = frozenset({"ops", "admin", "compliance"})  # whose bare 提交 and 试算 are about a rule
DECIDERS = OPS | {"manager"}  # whose bare 同意 may be about what waits for them
_R = r"(?:提醒)?(?:规则)?\s*[Rr]\s*(?P<number>\d{1,6})\s*(?:号|规则)?"
_TO = r"(?:给|请|找)?\s*(?P<to>[\u4e00-\u9fff]{2,4})?(?:审批|批准)?"
_VERSION = r"(?:的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)?"
_END = r"[。.!！?？吧呢\s]*$"

# (intent, shape, for operations alone); the first that fits decides.
_SHAPES: tuple[tuple[str, Lazy, bool], ...] = (
    ("rules.create", lazy(r"^\W*(?:新建|新增|添加|加|创建|设置|设)(?:一?[条个])?(?:新的?)?(?:提醒规则|规则)[\s:：,，]*(?P<text>.*)$"), False),
    ("rules.create", lazy(r"^\W*(?>我?(?:想要?|要|需要)|请|麻烦|帮我|给我)*(?:新建|新增|添加|加|创建|设置|设)(?:一?[条个])?(?:新的?)?提醒[\s:：,，]+(?P<text>\S.*)$"), True),
    ("rules.create", lazy(r"^\W*(?P<text>[^?？]*(?:\d+|[一二两三四五六七八九十]+)(?:天|个月|周)[^?？]*?提醒(?:他们?的?|客户的?)?(?:主管|顾问|客户经理|理财经理|经理|上级)\W*)$"), True),
    ("rules.change", lazy(rf"^\W*(?:修改|改一?下|改|编辑|调整){_R}[\s:：,，]*(?P<text>.*)$"), False),
    ("rules.change", lazy(rf"^\W*{_R}\s*(?:改成|改为|改)\s*(?P<text>.+)$"), False),
    ("rules.roll_back", lazy(rf"^\W*(?:回滚|回退|退回){_R}\s*(?:到|至)?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{{1,4}})(?:版)?{_END}"), False),
    ("rules.history", lazy(rf"^\W*(?:看看?|查看?)?(?:规则)?(?:历史|版本|历次版本){_R}{_END}"), False),
    ("rules.history", lazy(rf"^\W*(?:看看?|查看?)?{_R}的?(?:规则)?(?:历史|版本|历次版本){_END}"), False),
    ("rules.history", lazy(rf"^\W*(?:看看?|查一?下)?{_R}(?:是)?(?:谁|什么时候|几时|啥时候)(?:改|动|设|建|批)(?:过|了)?的?{_END}"), False),
    ("rules.stop", lazy(rf"^\W*(?:停用|停掉|停止|关闭|关掉|暂停|禁用){_R}{_END}"), False),
    ("rules.stop", lazy(rf"^\W*{_R}\s*(?:先|给我)?(?:停用|停掉|停止|关闭|关掉|暂停|禁用){_END}"), False),
    ("rules.start", lazy(rf"^\W*(?:重新)?(?:启用|开启|恢复|打开){_R}{_TO}{_END}"), False),
    ("rules.try", lazy(rf"^\W*(?:试算|试跑|模拟){_R}{_END}"), False),
    ("rules.approve", lazy(rf"^\W*(?:同意|批准|通过){_R}{_VERSION}{_END}"), False),
    ("rules.reject", lazy(rf"^\W*(?:驳回|拒绝|不同意|不批准){_R}{_VERSION}[\s,，:：]*(?P<reason>.*)$"), False),
    ("rules.show", lazy(rf"^\W*(?:看看?|查看?|打开)?{_R}{_END}"), False),
    ("rules.try", lazy(rf"^\W*(?:试算|试跑)(?:一下|规则)?{_END}"), True),
    ("rules.submit", lazy(rf"^\W*(?:提交|启用|送审)(?:规则|审批)?\s*{_TO}{_END}"), True),
    ("reminder.why", lazy(rf"^\W*为什么(?:会|要)?(?:提醒我?)?\s*第?(?P<index>\d{{1,3}})(?:条|项)?{_END}"), False),
    ("reminder.why", lazy(rf"^\W*(?:为什么|为啥|凭什么)(?:会|要)?(?:提醒|推送?)(?:给?我)?(?:这个|这条|它|他|她)?(?:客户|提醒)?{_END}"), False),
    ("reminder.why", lazy(rf"^\W*第?(?P<index>\d{{1,3}})(?:条|项)?\s*(?:为什么|为啥|是什么规则|什么规则){_END}"), False),
)
_TRY = r"(?:试算|试跑|模拟)(?:一下|看看)?"
_ON = r"(?:在|到)?\s*(?:的?(?:那|这|当)一?天)?\s*(?:会提醒(?:谁|什么|多少|哪些人?)?)?[。.!！?？吧呢吗的\s,，:：]*"
_TRY_ON = (lazy(rf"\W*{_TRY}[\s:：]*(?:规则)?\s*(?:{_R})?\s*{_ON}"), lazy(rf"\W*{_R}\s*{_TRY}\s*{_ON}"))
_WAITING = lazy(rf"^\W*(?:今天|现在|看看?|看一下|查一?下)?(?:我这)?(?:还)?有(?:没有)?(?:什么|啥|哪些)?(?:事情?|东西|申请|单子)?(?:要|等|待|需要)(?:着)?我?(?:来)?(?:审批|审核|批准|批|审)的?(?:吗)?{_END}|^\W*(?:看看?|查看?|有没有|有哪些)?(?:待|等|要)(?:着)?我?(?:来)?(?:审批|批准|批)的?(?:事项|事情|列表|清单|规则|申请|东西)?(?:有哪些|有吗)?{_END}")
_TAKE_BACK = lazy(rf"^\W*(?:撤回|收回|撤下)(?:一下)?(?:我的?|刚才的?|这个)?(?:申请|提交|送审|审批申请)(?:\W*(?P<what>\S.*?))?{_END}")
_BARE = lazy(r"^\W*(?:第?(?P<index>\d{1,2})(?:条|项|个)?\s*)?(?:同意|批准|通过|驳回|退回|不同意|不批准)[了吧。.!！\s]*$")
_EXPLAIN = lazy(r"^\W*(?:筛选说明|说明筛选|解释筛选|条件说明)\s*[:：]?\s*")
_WHY_NOT = lazy(r"^\W*(?:为什么|为啥|怎么)(?:没有?|不)(?:给我|给)?(?:提醒|推送?)(?:我|过我)?\s*(?P<rest>.*)$")


def ordered(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such an order."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    if (on_a_day := _tried_on(s)) is not None:
        return on_a_day
    for intent, shape, for_ops in _SHAPES:
        if (not for_ops or s.role in OPS) and (found := shape.match(said)) is not None:
            return intent, _slots(found)
    return _deciding(s, said) or _explained(s, said) or _why_not(s, said)


def _tried_on(s: Sentence) -> tuple[str, Slots] | None:
    """试算 6月20日, R3 试算 下周一: nothing beside the day but the order and the rule."""
    if len(s.points) != 1 or not any(word in s.text for word in ("试算", "试跑", "模拟")):
        return None
    day = s.points[0]
    rest = f"{s.text[:day.start]} {s.text[day.end:]}"
    found = next((match for shape in _TRY_ON if (match := shape.fullmatch(rest))), None)
    return None if found is None else ("rules.try", {**_slots(found), "when": s.when(day, DUE)})


def _deciding(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """待我审批, 撤回申请 R3 v2, and 同意 where nothing else was asked."""
    if _WAITING.match(said):
        return "approvals.waiting", {}
    if match := _TAKE_BACK.match(said):
        return "approvals.take_back", {"what": match["what"]} if match["what"] else {}
    match = _BARE.match(said) if s.role in DECIDERS and s.dialogue.pending in ("none", "list") else None
    if match is None or (match["index"] and s.dialogue.list_kind != "approvals"):
        return None
    return "approvals.open", {"index": int(match["index"])} if match["index"] else {}


def _slots(found: re.Match[str]) -> Slots:
    said = {name: value.strip() for name, value in found.groupdict().items() if value}
    return {name: int(value) if name in ("number", "version", "index") else value for name, value in said.items()}


def _explained(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """The client, and what is written behind the name: conditions in their own language, not free speech."""
    opened = _EXPLAIN.match(said)
    if opened is None:
        return None
    whom = fills.client(s)
    behind = _behind(str(whom.get("client") or ""), said[opened.end():])
    return "segment.explain", {**whom, "expression": re.sub(r"^\s*(?:是否|是不是)?(?:符合|满足)?[\s:：,，]*", "", behind)}


def _why_not(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """为什么没有提醒 王芳 续保: of a client who is named."""
    opened = _WHY_NOT.match(said)
    if opened is None or not s.clients:
        return None
    whom = fills.client(s)
    about = _behind(str(whom.get("client") or ""), opened["rest"])
    return "reminder.why_not", {**whom, "about": re.sub(r"^[\s的,，]+|[\s了吗呢?？。!！]+$", "", about)}


def _behind(name: str, text: str) -> str:
    return text.partition(name)[2] if name and name in text else text
