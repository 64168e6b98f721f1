"""Orders about the tier standard and the tiers of clients: 分层标准 贵宾 50万改60万, 为什么 王芳 贵宾, 分层变动 本月."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

_S = r"(?:客户)?(?:分层|分级|分档|等级)的?(?:标准|门槛)"
_VERSION = r"(?:的?\s*(?:[vV]|版本?|第)\s*(?P<version>\d{1,4})(?!\d)版?)"
_END = r"[。.!！?？吧呢\s]*$"

# (intent, shape); the first that fits decides.
_SHAPES: tuple[tuple[str, Lazy], ...] = (
    ("standard.show", lazy(rf"^\W*(?:看看?|查看?|现在的?|查询)?{_S}(?:是什么|是多少|是啥|怎么定的?|有哪些|多少)?{_END}")),
    ("standard.history", lazy(rf"^\W*(?:看看?|查看?)?(?:规则)?(?:历史版本|历史|版本|历次版本)\s*{_S}{_END}")),
    ("standard.history", lazy(rf"^\W*(?:看看?|查看?)?{_S}\s*的?(?:历史版本|版本历史|历史|版本|历次版本|变更记录){_END}")),
    ("standard.roll_back", lazy(rf"^\W*(?:回滚|回退)\s*{_S}\s*(?:到|至)?\s*{_VERSION}?{_END}")),
    ("standard.roll_back", lazy(rf"^\W*{_S}\s*(?:回滚|回退)\s*(?:到|至)?\s*{_VERSION}?{_END}")),
    ("standard.approve", lazy(rf"^\W*(?:同意|批准|通过)\s*{_S}\s*{_VERSION}?{_END}")),
    ("standard.reject", lazy(rf"^\W*(?:驳回|退回|拒绝|不同意|不批准)\s*{_S}\s*{_VERSION}?[\s,，:：]*(?P<reason>.*)$")),
    ("standard.approve", lazy(rf"^\W*{_S}\s*{_VERSION}?\s*(?:同意|批准|通过){_END}")),
    ("standard.reject", lazy(rf"^\W*{_S}\s*{_VERSION}?\s*(?:驳回|退回|拒绝|不同意|不批准)[\s,，:：]*(?P<reason>.*)$")),
    ("standard.change", lazy(rf"^\W*(?:请|帮我)?(?:修改|调整|更改|改|把|将)?\s*{_S}[\s:：,，]*(?P<text>.+)$")),
)
_ALL_BACK = (
    lazy(rf"^\W*手工(?:定的?)?(?:分层|等级)\s*(?:全部|都|一起)(?:交还|取消|改回|恢复)(?:计算|按资产|自动)?{_END}"),
    lazy(rf"^\W*(?:全部|都)?(?:交还|取消)(?:全部|所有)?的?手工(?:定的?)?(?:分层|等级)(?:计算)?{_END}"),
)
_BY_HAND = lazy(
    rf"^\W*(?:看看?|查看?)?(?:我的?|团队的?)?(?:有)?(?:哪些|多少)?(?:客户)?(?:是)?手工(?:定的?)?(?:分层|等级)的?"
    rf"(?:客户|名单|清单|列表)?(?:有)?(?:哪些|多少|几个|几位|是什么)?{_END}"
)
_DIGITS = "零一二两三四五六七八九十百千万亿"
_AMOUNT = lazy(rf"^[\d.,，{_DIGITS}wW]+(?:元|块|人民币)?(?:以上|起)?{_END}")
_TO_AMOUNT = lazy(
    r"^\W*(?:请|帮我|麻烦)?(?:把|将)?\s*(?P<tier>[\u4e00-\u9fffA-Za-z]{1,8}?)\s*(?:客户|等级)?的?(?:资产|准入)?(?:标准|门槛|起点)\s*"
    r"(?:从\s*(?P<old>\S+?)\s*)?(?P<verb>(?:提高|提升|调高|调低|降低|提|调|升|降|改|设)(?:到|为|成|至)?|是|要)?\s*(?P<new>\S+?)\s*$"
)
_FLOOR = lazy(
    rf"^\W*(?:看看?|查看?)?(?P<tier>[\u4e00-\u9fffA-Za-z]{{1,8}}?)\s*(?:客户|等级)?的?(?:资产|准入|分层)?(?:标准|门槛|起点)"
    rf"(?:现在|目前)?(?:是什么|是多少|是啥|怎么定的?|多少)?{_END}"
)
_WHY = lazy(r"为什么|为啥|凭什么|怎么(?=是|算|成)")
_ABOUT = frozenset({"等级", "分层", "级别", "这个等级", "这个级别", "这一档", "这档"})
_OF_WHY = lazy(r"现在|目前|没有|没|不|还|(?:升|降|掉|到|变|改|退)(?:到|为|成)?|的|是|算|属于|被|分到|分成|定为|定成|列为|评为|客户|[了呢吗啊?？。!！,，\s]")
_BACK = lazy(
    r"(?:的)?(?:(?:银行|保险)?等级|分层)\s*(?:改回|恢复|改为|改成|换回|交还|还给|交给)?\s*(?:按|由|跟着?|随)?\s*"
    r"(?:按资产|资产|按?条件|自动|系统|计算|交还计算|重新计算)(?:计算|分层|来|走|算|定)?"
    r"|(?:恢复|改回|交还)(?:自动|按资产)(?:分层|等级|计算)?|取消手工(?:分层|等级)|(?:分层|等级)取消手工"
)
_MOVES = lazy(r"^\W*(?:看看?|查看?)?(?:我的?|团队的?)?(?:客户)?(?:的)?(?:分层|等级)(?:的)?(?:变动|变化|升降|迁移)(?:情况|名单|分析)?(?P<rest>.{0,12})$")


def ordered(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of such an order."""
    if s.role == "customer":
        return None
    said = s.normal.said.strip()
    for intent, shape in _SHAPES:
        if (found := shape.match(said)) is not None:
            return intent, _slots(found)
    if _BY_HAND.match(said):
        return "tier.by_hand", {}
    if not s.clients and any(shape.match(said) for shape in _ALL_BACK):
        return "tier.give_back_all", {}
    floor = _FLOOR.match(said)
    if floor is not None and floor["tier"].lower() in s.lexicon.tiers:
        return "standard.show", {}
    return _to_an_amount(s, said) or _moves(s, said) or _why(s, said) or _given_back(s, said)


def _slots(found: re.Match[str]) -> Slots:
    said = {name: value.strip() for name, value in found.groupdict().items() if value}
    return {name: int(value) if name == "version" else value for name, value in said.items()}


def _to_an_amount(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """把贵宾标准提到60万: of a tier that there is."""
    found = _TO_AMOUNT.match(said)
    if found is None or found["tier"].lower() not in s.lexicon.tiers:
        return None
    if not (re.search(rf"[\d{_DIGITS}]", found["new"]) if found["verb"] else _AMOUNT.match(found["new"])):
        return None
    return "standard.change", {"text": " ".join(filter(None, (found["tier"], found["old"], "改", found["new"])))}


def _moves(s: Sentence, said: str) -> tuple[str, Slots] | None:
    found = _MOVES.match(said)
    if found is None or s.clients:
        return None
    since = s.when(s.times[0], times.LOOK_BACK) if s.times else None
    if found["rest"].strip() and since is None:
        return None
    return "tier.moves", {"range": since} if since else {}


def _why(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """为什么 王芳 贵宾: a client, and a tier or the word for it; nothing else."""
    whom = fills.client(s, needed=False)
    name = str(whom.get("client") or "")
    if not name or _WHY.search(said) is None:
        return None
    rest = _OF_WHY.sub("", _WHY.sub("", said.replace(name, "", 1))).lstrip("她他")
    about = next((word for word in _ABOUT if rest.startswith(word) and rest != word), "")
    tier = s.lexicon.tiers.get(rest.removeprefix(about).lower())
    return ("tier.why", {**whom, **({"tier": tier} if tier else {})}) if tier or rest in _ABOUT else None


def _given_back(s: Sentence, said: str) -> tuple[str, Slots] | None:
    """王芳 分层 按资产: a client, and the words that give the tier back to the computation."""
    found = _BACK.search(said)
    if found is None:
        return None
    whom = fills.client(s)
    rest = (said[: found.start()] + said[found.end():]).replace(str(whom.get("client") or ""), "", 1)
    way = {"way": "condition"} if "条件" in found[0] else {}
    return ("tier.give_back", {**whom, **way}) if len(rest.strip(" ，,。！!？?：:的给把请一下她他")) <= 1 else None
