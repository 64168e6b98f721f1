"""Filling slots: clients, times, contents, products and amounts as the intents need them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.language import when as times
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.lexicon import Scanner, expand
from handlers.language.meaning import Mention, When
from handlers.language.sentence import Named, Sentence

_scanners: dict[int, Scanner] = {}


def word_in(table: dict[str, str], text: str) -> str | None:
    """The canonical word of the first (longest) synonym found in text."""
    found = scan(table, text)
    return found[0][2] if found else None


def scan(table: dict[str, str], text: str) -> list[tuple[int, int, str]]:
    """All synonyms of a vocabulary table in text; the table is a constant, since its scanner is kept under its identity."""
    scanner = _scanners.get(id(table))
    if scanner is None:
        scanner = _scanners[id(table)] = Scanner(expand(table))
    return scanner.find(text)


# ---------------------------------------------------------------- clients


def client(s: Sentence, *, needed: bool = True, place: int = 0) -> Slots:
    """`client`, `client_id` and what to ask back about them. The n-th mention, an unknown name, or the one in focus."""
    named = s.clients[place] if place < len(s.clients) else s.stranger if place == 0 else None
    if named is not None:
        return _of_mention(s, named.mention)
    if place == 0 and s.dialogue.focus is not None:
        line = {"index": s.line} if s.line else {}
        return {"client": s.dialogue.focus.name, "client_id": s.dialogue.focus.id, "pronoun": True, **line}
    return {"clarify": "client_missing"} if needed else {}


def _of_mention(s: Sentence, mention: Mention) -> Slots:
    if mention.how == "pronoun":
        if not mention.refs:
            return {"client": mention.text, "client_id": None, "clarify": "client_missing"}
        number = s.dialogue.items.index(mention.refs[0]) + 1 if mention.refs[0] in s.dialogue.items and (index_of(mention.text) or mention.text.strip().isdigit()) else None  # 第二个, under a list
        return {"client": mention.refs[0].name, "client_id": mention.refs[0].id, "pronoun": True, **({"index": number} if number else {})}
    ids = list(dict.fromkeys(r.id for r in mention.refs))
    if not ids:
        return {"client": mention.text, "client_id": None, "clarify": "not_found"}
    fuzzy = {"fuzzy": True} if mention.how == "homophone" else {}
    if len(ids) > 1:
        return {"client": mention.text, "client_id": ids, "clarify": "client", **fuzzy}
    return {"client": mention.text, "client_id": ids[0], **fuzzy}


def other(s: Sentence, named: Named | None, prefix: str) -> Slots:
    """A second person: `prefix` and `prefix_id`."""
    if named is None:
        return {}
    found = _of_mention(s, named.mention)
    return {prefix: found["client"], f"{prefix}_id": found["client_id"]}


def clients(s: Sentence) -> Slots:
    """One client, or `clients` and `client_ids` when several were named."""
    if len({c.mention.text for c in s.clients}) < 2:
        return client(s)
    found = [_of_mention(s, mention) for mention in {c.mention.text: c.mention for c in s.clients}.values()]
    slots: Slots = {"clients": [f["client"] for f in found], "client_ids": [f["client_id"] for f in found]}
    if any(isinstance(f["client_id"], list) for f in found):
        slots["clarify"] = "client"
    return slots


def each(s: Sentence, *, needed: bool = True) -> Slots:
    """The first client, and all of them when several were named together (王姐和李雷的保单)."""
    several = {k: v for k, v in clients(s).items() if k in {"clients", "client_ids"}}
    return {**client(s, needed=needed), **several}


def listed(s: Sentence) -> Slots:
    """The client at a position of the list shown before (第一个), with the position."""
    number = index_of(s.text)
    if number is None:
        return {}
    slots: Slots = {"index": number}
    items = s.dialogue.items
    if 0 < abs(number) <= len(items) and (ref := items[number - 1 if number > 0 else number]) is not None:
        slots.update(client=ref.name, client_id=ref.id)
    return slots


_INDEX = lazy(r"第([一二两三四五六七八九十]+|\d+)(?:个|位|条|项|单|笔|号)|(最后)一?(?:个|位|条)|(?<![\d.])(\d{1,2})号(?=客户|那)|([一二三四五六七八九十])号客户")


def index_of(text: str) -> int | None:
    """第二个 → 2, 最后一个 → -1."""
    from handlers.language.numerals import small

    match = _INDEX.search(text)
    if match is None:
        return None
    if match[2]:
        return -1
    return small(match[1] or match[3] or match[4])


# ---------------------------------------------------------------- times


def when(s: Sentence, policy: times.Policy, slot: str = "when") -> Slots:
    """The first point in time under `slot`, with `clarify` when it cannot be used."""
    points = s.points
    if not points:
        return {}
    found = s.when(points[0], policy)
    return {slot: found, **unusable(found, policy)}


def unusable(found: When, policy: times.Policy) -> Slots:
    """`clarify` for impossible and past times."""
    if found.problem == "impossible":
        return {"clarify": "when"}
    if found.problem == "past" and policy.refuse_past:
        return {"clarify": "past"}
    return {}


def span_of(s: Sentence, policy: times.Policy, default: str = "") -> Slots:
    """`range` for lists and figures."""
    points = s.points
    if not points:
        return {}
    found = s.when(points[0], policy)
    if found.problem == "impossible":
        return {"range": found, "clarify": "when"}
    return {"range": rest_of(s, points[0], _together(s, points, policy) or since(s, points[0], period(found)))}


def since(s: Sentence, said: times.Expression, found: When) -> When:
    """元旦以来 runs from that day until today."""
    tomorrow = (s.now.date() + timedelta(days=1)).isoformat()
    a_day = said.limit == "since" and found.end is not None and found.start < tomorrow and (found.last_date - found.date).days == 0
    return replace(found, end=tomorrow, grain="day", mod=None) if a_day else found


_AND = lazy(r"\s?(?:和|跟|与|及|、|,|还有|以及|加上?)?\s?")


def _together(s: Sentence, points: list[times.Expression], policy: times.Policy) -> When | None:
    """昨天跟前天, 周三周四: days side by side are one period."""
    if len(points) != 2 or _AND.fullmatch(s.text, points[0].end, points[1].start) is None:
        return None
    first, last = sorted((period(s.when(e, policy)) for e in points), key=lambda w: w.start)
    if first.end is None or last.end is None or first.end != last.start or "T" in first.start + last.end:
        return None
    return replace(first, end=last.end, part=None)


def rest_of(s: Sentence, said: times.Expression, found: When) -> When:
    """本周剩下几天 begins today."""
    today = s.now.date().isoformat()
    left = s.text[said.end:said.end + 3].lstrip("的").startswith(("剩", "余下"))
    return replace(found, start=today, grain="day") if left and found.end is not None and found.start < today < found.end else found


def period(found: When) -> When:
    """A point of a day as a period of that day."""
    if found.end is not None or not found.start:
        return found
    if found.deadline:
        return found
    day = found.date
    return replace(found, start=day.isoformat(), end=(day + timedelta(days=1)).isoformat(), grain="day", part=found.part)


# ---------------------------------------------------------------- contents

_FILLERS = lazy(
    r"^(?>\s|[,。、:;!?.]|请|帮我|帮忙|帮|麻烦|您|你|我(?=要|得|去|给|跟|和|提醒)|呃|嗯|啊|额|那个|就是|然后|到时候?|一下|一声|一哈|俺寻思着|俺|寻思着|记着|千万|马上|立刻|赶紧|"
    r"把|的时候|时|的|要(?=给|跟|去|和)|得(?=给|跟|去|和)|一条|一个|个|:|下(?=$|[,。])|(?:给|把|跟|和|与|替|为|帮)(?=$))+"
)
_TRAILERS = lazy(r"(?:\s|[,。、:;!?]|一下|一声|一哈|我|俺|你|哈|吧|啊|呀|哦|呗|了哦|谢谢|谢啦|别忘了?|记得|好吗|可以吗|行吗|下)+$")


def content(s: Sentence, cuts: Iterable[tuple[int, int]], drop: Lazy | None = None) -> str:
    """The user's words without the cut stretches of `text`, tidied at both ends."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(cuts):
        if start > at:
            pieces.append(s.said(at, start))
        at = max(at, end)
    pieces.append(s.said(at, len(s.text)))
    tidy = [_tidy(p, drop) for p in pieces]
    return " ".join(p for p in tidy if p)


def _tidy(piece: str, drop: Lazy | None) -> str:
    if drop is not None:
        piece = drop.sub(" ", piece)
    previous = None
    while previous != piece:
        previous = piece
        piece = _TRAILERS.sub("", _FILLERS.sub("", piece.strip(" ,，。、:：;；!！?？\n"))).strip(" ,，。、:：;；!！?？")
    return re.sub(r"\s+", " ", piece)


def times_cut(s: Sentence, *, only: Sequence[times.Expression] | None = None) -> list[tuple[int, int]]:
    """The stretches of the time expressions."""
    return [(e.start, e.end) for e in (s.times if only is None else only)]


# ---------------------------------------------------------------- products, amounts


def product(s: Sentence) -> Slots:
    """`product` as the canonical word."""
    return {"product": s.products[0][2]} if s.products else {}


def number_of(s: Sentence) -> Slots:
    """`policy_no` or `ticket_no` as said."""
    return {p.kind: p.value for p in s.protected if p.kind in {"policy_no", "ticket_no"}}


def money(s: Sentence, *roles: str, any_role: bool = False) -> float | int | None:
    """The first amount in yuan with one of the roles; any amount without role when `any_role`."""
    for amount in s.amounts:
        if amount.unit == "yuan" and amount.role in roles:
            return whole(amount.value)
    if any_role:
        return next((whole(a.value) for a in s.amounts if a.unit == "yuan"), None)
    return None


def percent(s: Sentence) -> float | int | None:
    return next((whole(a.value) for a in s.amounts if a.unit == "percent"), None)


def whole(value: float) -> float | int:
    """2000.0 → 2000."""
    return int(value) if value == int(value) else round(value, 6)


def merged(*slots: Slots | None) -> Slots:
    """Later slots win, except that the first `clarify` stays."""
    out: Slots = {}
    for some in slots:
        for key, value in (some or {}).items():
            if key == "clarify" and out.get("clarify"):
                continue
            if value is not None or key.endswith("_id"):
                out[key] = value
    return out


def missing(text: str) -> Slots:
    """`clarify` "content" when nothing is left to note or remind of."""
    return {} if text else {"clarify": "content"}
