"""Orders about tickets whose words are the packs': T12, T12 接单, 同意 T12, 1 办结 已退费, T12 看资料, @周敏 看下 T12,
王芳 保全 换受益人."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_NUMBER = r"(?:工单|单号|单子)?\s*+t\s?(?P<no>\d{1,8})(?!\d)(?:号)?"
_HEAD = lazy(rf"^\W*+(?:查看?|看看?|打开)?\s*+{_NUMBER}[\s,，:：、的]*(?P<rest>.*)$")
_TAIL = lazy(rf"^\W*+(?P<rest>[^\d@]{{1,12}}?)[\s:：]*+{_NUMBER}[\s,，:：]*(?P<more>.*)$")
_PLACE = lazy(r"^\W*(?P<index>\d{1,2})[\s.、号]+(?P<rest>\D.*)$")
_GIVE = lazy(r"^(?:转派?给|派给|交给|转交给?|分给|改派给?|指派给|转给)\s*(?P<to>[\u4e00-\u9fff]{2,4})")
_NOTE = lazy(r"^(?:备注|补充|加一?条|记一?下|留言)[\s:：，,]*(?P<words>.+)$")
_PAPER = lazy(r"^(?:收到|已收|补交了?|交了|收齐)[\s了:：]*(?P<paper>.*)$")
_PAPER_AFTER = lazy(r"^(?P<paper>[^\s,，。]{2,20}?)(?:都|已经?|也|全)*(?:收到|收齐|交齐|补齐|拿到|齐)了?$")
_SEE = lazy(r"^(?:看看?|看一?下|查看|打开|调阅)[\s:：的]*(?P<paper>\S.*)$")
_PAPERS = lazy(r"^(?:(?:收到|已收|交)(?:了|过)?(?:的|(?=哪些|什么))|有|全部|所有|哪些|什么|的)*(?:资料|材料|附件|文件|照片|图片)(?:清单|列表|吧|有哪些)?$")
_EVERY = re.compile(r"全部|所有")
_SHARE = lazy(rf"^\W*@\s*(?P<to>[\u4e00-\u9fff]{{2,6}}?)\s*(?:帮忙|麻烦)?(?:看一?看?下?|过目|协助|来看)(?P<words>.*)$|^\W*(?:请|让)\s*(?P<who>[\u4e00-\u9fff]{{2,4}}?)\s*看一?下\s*{_NUMBER}(?P<more>.*)$")
_PART = lazy(r"^(?:分?派|安排|请|让)")  # 派老周 周三前: a part of the work, with a day
_ASKS = lazy(r"吗|么\W*$|没有?\W*$|[?？]|怎么|谁|哪|什么|多少|([行好对是能可成])(?:不|没)\1|可不可以|合不合适|(?:了|过|[对是])吧\W*$|要不要|该不该|能否|是否|呢\W*$")
_COURTESY = lazy(r"^(?:先|请|麻烦|帮我|帮忙)+(?!生)")
_TAKEN = lazy(r"(?:我|我来|由我)接(?:了|单|手|手了|单了)?")
_LATE = lazy(r"^\W*(?>看看?|查看?|现在|今天|还)*(?:有)?(?:谁|哪些(?:人|工单|单子)?|什么|哪张)?(?:的)?(?:工单|单子|投诉|需求)?(?:都)?(?:超时|逾期没?处理|过了时限)(?:了|的)?(?:工单|单子|有哪些|有几张)?\W*$")
_LONGEST = lazy(r"^\W*(?:看看?)?(?:谁|哪[个张位]人?)的?(?:事情?|工单|单子|案子|活儿?|投诉)?(?:拖|压|积压)[得的]?(?:最久|最长|太久)了?\W*$")
_SIMULATE = lazy(r"^\W*(?:模拟|演练|走一遍|试走)\s*(?:一?下)?\s*(?:流程)?[\s:：]*(?P<what>[^\s，,。]{1,12}?)(?:的?流程)?[\s。.]*$")
_MINE = lazy(r"^\W*(?:看看?|查看?)?我(?:提|开|报|登记)?(?:过|了)?的申请(?:到哪了?|进度|有哪些)?\W*$|^\W*(?:看看?|查看?)?我(?:手上|手里|名下)?(?:还有|有)?(?:哪些|几张)?的?(?:工单|待办工单|单子)(?:列表|清单|有哪些)?\W*$")


def acting(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of an order about a ticket."""
    if s.role == "customer" or s.dialogue.pending == "text":
        return None
    if s.dialogue.pending == "form":
        return _opened(s)  # 开户 赵磊 fills no draft
    if s.role in ("ops", "compliance") and (simulated := _SIMULATE.match(s.text)) is not None:
        return "flow.simulate", {"type": simulated["what"]}
    if _MINE.match(s.text):
        return "ticket.list", {}
    if (_LATE.match(s.text) and re.search(r"超时|时限|工单|单子", s.text)) or _LONGEST.match(s.text):
        return "ticket.list", {"status": "overdue"}
    return _shared(s) or _numbered(s) or _placed(s) or _alone(s) or _opened(s)


def _numbered(s: Sentence) -> tuple[str, Slots] | None:
    head = _HEAD.match(s.text)
    if head is not None:
        no, rest = {"ticket_no": head["no"]}, _COURTESY.sub("", head["rest"].strip(" 。.!！~"))
        if not rest or re.fullmatch(r"(?:进度|情况|详情|到哪了?|怎么样了?|呢|\W)+", rest):
            return "ticket.show", no
        if (to := _GIVE.match(rest)) is not None:
            return "ticket.assign", {**no, "assignee": to["to"]}
        if (noted := _NOTE.match(rest)) is not None:
            return "ticket.note", {**no, "content": _as_typed(s, noted["words"])}
        if (looked := _looked(rest)) is not None:
            return "ticket.papers", {**no, **looked}
        if (paper := _PAPER.match(rest)) is not None:
            return "ticket.paper", {**no, "content": paper["paper"].strip()}
        if (paper := _PAPER_AFTER.match(rest)) is not None and not _ASKS.search(rest) and not any(rest.startswith(w) for w in s.lexicon.moves):
            return "ticket.paper", {**no, "content": paper["paper"]}
        if _TAKEN.fullmatch(rest) and "接单" in s.lexicon.moves:
            return "ticket.move", {**no, "move": "接单"}
        moved = _moved(s, rest)
        if moved is None and _ASKS.search(rest) and any(rest.startswith(word) for word in s.lexicon.moves):
            return "ticket.show", no  # 同意 等额本息 行不行: how it stands is the answer
        return None if moved is None else ("ticket.move", {**no, **moved})
    tail = _TAIL.match(s.text)
    word = tail["rest"].strip() if tail is not None else ""
    if tail is not None and word in s.lexicon.moves and not _ASKS.search(s.text):
        return "ticket.move", {"ticket_no": tail["no"], "move": word, **_more(s, tail["more"])}
    return None


def _looked(rest: str) -> Slots | None:
    """看资料, 看 身份证: which papers are to be shown; nothing for the list of them."""
    seen = _SEE.match(rest)
    paper = seen["paper"].strip() if seen is not None else rest
    if _PAPERS.match(paper) is not None:
        return {"content": "全部"} if _EVERY.search(paper) else {}
    return {"content": paper} if seen is not None and not _ASKS.search(paper) else None


def _placed(s: Sentence) -> tuple[str, Slots] | None:
    """A number of a list of tickets and what to do with it."""
    placed = _PLACE.match(s.text) if s.dialogue.list_kind in ("tickets", "approvals") else None
    if placed is None or s.dialogue.pending == "choice":
        return None
    index, rest = {"index": int(placed["index"])}, placed["rest"].strip()
    if (to := _GIVE.match(rest)) is not None and s.dialogue.list_kind == "tickets":
        return "ticket.assign", {**index, "assignee": to["to"]}
    if s.dialogue.list_kind == "tickets" and (looked := _looked(rest)) is not None:
        return "ticket.papers", {**index, **looked}
    moved = _moved(s, rest)
    return None if moved is None else ("ticket.move", {**index, **moved})


def _alone(s: Sentence) -> tuple[str, Slots] | None:
    """接单: a word that is an order by itself, alone or before what belongs to it."""
    if s.dialogue.pending in ("choice", "confirm") or s.clients:
        return None
    text = s.text.strip(" 。.!！~")
    first, _, rest = text.partition(" ")
    if first not in s.lexicon.moves_alone or _ASKS.search(text):
        return None
    return "ticket.move", {"move": first, **_more(s, rest)}


def _moved(s: Sentence, rest: str) -> Slots | None:
    """The move that the words begin with, the longest one, and what is said to it."""
    if _ASKS.search(rest):
        return None
    word = max((word for word in s.lexicon.moves if rest.startswith(word)), key=len, default=None)
    return None if word is None else {"move": word, **_more(s, rest[len(word):])}


def _more(s: Sentence, words: str) -> Slots:
    words = words.strip(" ,，:：。.!！~了")
    due = {"due": s.when(s.points[0], times.REMIND)} if s.points and _PART.match(words) else {}
    return {"content": _as_typed(s, words), **due} if words else {}


def _as_typed(s: Sentence, words: str) -> str:
    """The words as they were typed: what is understood was folded."""
    at = s.text.rfind(words)
    if at < 0:
        return words
    start, end = s.normal.span(at, at + len(words))
    return s.normal.said[start:end].strip()


def asks_a_colleague(text: str) -> bool:
    """@周敏 看下 …: the name is no address that goes before an order."""
    return text.lstrip().startswith("@") and _SHARE.match(text.strip().lower()) is not None


def _shared(s: Sentence) -> tuple[str, Slots] | None:
    found = _SHARE.match(s.text)
    if found is None:
        return None
    to, words = found["to"] or found["who"], found["words"] or found["more"] or ""
    number = re.search(r"t\s?(\d{1,8})(?!\d)", s.text)
    words = re.sub(r"(?:工单)?\s*t\s?\d{1,8}", "", words).strip(" ,，的")
    no = {"ticket_no": number[1]} if number else {}
    return "ticket.share", {"assignee": to, **no, **({"content": _as_typed(s, words)} if words else {})}


def _opened(s: Sentence) -> tuple[str, Slots] | None:
    """王芳 保全 换受益人: a client, the word of a sort of ticket, and what about."""
    if not s.clients or s.dialogue.pending == "choice" or _ASKS.search(s.text):
        return None
    end, before = s.clients[0].end, s.text[: s.clients[0].start].strip()
    rest = s.text[end:].lstrip(" ,，:：的要")
    if before in s.lexicon.flows:  # 开户 赵磊
        return "ticket.create", {**fills.client(s), "type": s.lexicon.flows[before], **_said_of(s, rest)}
    if before.strip("给帮替为登记开提个"):
        return None
    word = max((word for word in s.lexicon.flows if rest.startswith(word)), key=len, default=None)
    if word is None or (len(rest) > len(word) and rest[len(word)] not in " ,，:：。"):
        return None
    return "ticket.create", {**fills.client(s), "type": s.lexicon.flows[word], **_said_of(s, rest[len(word):])}


def _said_of(s: Sentence, rest: str) -> Slots:
    content = rest.strip(" ,，:：。")
    return {"content": _as_typed(s, content)} if content else {}
