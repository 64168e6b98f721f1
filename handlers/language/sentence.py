"""A sentence taken apart: protected spans, times, amounts, names, products and concept words, and its `shape`.

The shape is the normalised text with every span shrunk to one capital: C client, S unknown name, T time, R repeating time,
D length of time, M money, V percent, P phone, I document number, L licence code, N policy or ticket number, E e-mail or
address on the net, Q quotation, X product. Rules are written over shapes, so they need not know what the spans look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers.language import names, sounds, strangers
from handlers.language.amounts import Amount, find_amounts
from handlers.language.dialect import in_common_words, in_mandarin
from handlers.language.lazy import lazy
from handlers.language.lexicon import Lexicon
from handlers.language.meaning import Book, Dialogue, Mention, Recurrence, Span, When
from handlers.language.spans import Protected, protect, quotes
from handlers.language.times_meant import meant
from handlers.language.when import REMIND, Expression, Policy, find, repeating, when
from handlers.language.words import concepts_of
from storage.model.normal import Normal, normalise

MANY = 60  # more times or names than anybody puts into a message; the rest is not read
_HOUSE = re.compile(r"(?:[村路街巷弄道幢栋座苑园区里庄镇]|胡同|大厦|广场|小区)\d{1,4}号$")  # 中关村1号 is where somebody lives, and no day
_ALSO_WORDS = frozenset("单查别时和管任常连经成方安平高万钱全向申车古阿解老费房包满")  # a customer who says 解除 or 车祸 names nobody
_NOBODY = re.compile(r"张[发卡证单保凭收流对银信账存]|谢[啦了谢]")  # 给张发票, 谢啦
# 1 已续, 1-3 已缴, 2 不续 太贵: lines of the list shown. 3天后, 2万存款 and 1号 open with something else.
_LINES = re.compile(
    r"^\W*+第?(?P<n>\d{1,2})[个条项]?(?P<more>(?:\s*+(?:[、,和跟及到至~\-]\s*+|(?<=\s))第?\d{1,2}[个条项]?)*)"
    r"(?![\d.:%])(?!\s*(?:[点月号年万千百亿元块天日周分小刻人份户折岁倍成期张台套次单笔期页版位名.:%个]|星期|礼拜|工作日|角|工|钟|季))(?=[\s,:、.)]*[\u4e00-\u9fff])"
)
_CAPITAL = {"phone": "P", "phone_tail": "P", "id_number": "I", "card_no": "I", "licence_code": "L", "policy_no": "N",
            "ticket_no": "N", "number": "N", "email": "E", "url": "E", "quote": "Q"}


@dataclass(frozen=True, slots=True)
class Named:
    """A mention with its place in the normalised text."""

    mention: Mention
    start: int
    end: int


@dataclass(slots=True)
class Sentence:
    """Everything that was found. Offsets are into `text`, the normalised text."""

    normal: Normal
    now: datetime
    role: str
    dialogue: Dialogue
    lexicon: Lexicon
    book: Book
    protected: list[Protected]
    times: list[Expression]
    amounts: list[Amount]
    clients: list[Named]
    stranger: Named | None
    products: list[tuple[int, int, str]]
    fields: list[tuple[int, int, str]]
    words: dict[str, list[tuple[int, int]]]
    doubtful: list[Named] = field(default_factory=list)
    shape: str = ""
    line: int | None = None  # of the list shown, where one number opens the sentence
    by_line: bool = False  # one or several numbers do
    memo: dict[str, Any] = field(default_factory=dict)  # what rules found out about the whole sentence, once for all of them
    _at: list[int] = field(default_factory=list)
    _stops: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.normal.text

    def has(self, *concepts: str) -> bool:
        """Is any of these concepts there?"""
        return any(c in self.words for c in concepts)

    def place(self, shape_index: int) -> int:
        """Where a character of the shape begins in `text`."""
        return self._at[shape_index] if shape_index < len(self._at) else len(self.text)

    def cut(self, start: int, end: int) -> str:
        """The user's own words behind `shape[start:end]`, trimmed."""
        return self.normal.original(self.place(start), self.place(end)).strip(" ,，。、:：;；\n\t")

    def said(self, start: int, end: int) -> str:
        """The user's own words behind `text[start:end]`."""
        return self.normal.original(start, end)

    def when(self, expression: Expression, policy: Policy) -> When:
        return when(expression, self.now, policy, self.said(expression.start, expression.end))

    def repeating(self, expression: Expression) -> Recurrence | None:
        return repeating(expression, self.now, self.said(expression.start, expression.end))

    @property
    def points(self) -> list[Expression]:
        """Time expressions that are neither repeating nor bare lengths."""
        return [e for e in self.times if not e.recurs and not e.is_duration]

    def spans(self) -> tuple[Span, ...]:
        """What was found, for the understanding pane; offsets in the user's own text."""
        found = [*self._plain_spans(), *self._read_spans()]
        return tuple(sorted(found, key=lambda s: (s.start, s.end)))

    def _plain_spans(self) -> list[Span]:
        marked: list[tuple[int, int, str, Any]] = [(p.start, p.end, p.kind, p.value) for p in self.protected]
        marked += [(a.start, a.end, "percent" if a.unit == "percent" else "money", a.value)
                   for a in self.amounts if a.unit != "plain"]
        marked += [(s, e, "product", value) for s, e, value in self.products]
        return [self._span(*m) for m in marked]

    def _read_spans(self) -> list[Span]:
        found = [Span(c.mention.start, c.mention.end, "client", self.normal.said[c.mention.start:c.mention.end],
                      tuple(r.id for r in c.mention.refs)) for c in self.clients]
        if self.stranger is not None:
            found.append(self._span(self.stranger.start, self.stranger.end, "name", None))
        for e in self.times:
            value: Any = self.repeating(e) if e.recurs else None if e.is_duration else self.when(e, REMIND)
            found.append(self._span(e.start, e.end, "time", value))
        return found

    def _span(self, start: int, end: int, kind: str, value: Any) -> Span:
        a, b = self.normal.span(start, end)
        return Span(a, b, kind, self.normal.said[a:b], value)


def take_apart(
    said: str, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon, *, doubt: bool = True, normal: Normal | None = None
) -> Sentence:
    """One pass over the text; asks the book once, and once more when it knows no name in it.

    Without `doubt`, an everyday word that may be a client (周一) is one; `normal` is the text to be read where that is known."""
    if normal is None:
        normal = in_common_words(in_mandarin(normalise(said))) if role == "customer" else in_mandarin(normalise(said))
    text = normal.text
    line, by_line, dialogue = _by_line(text, dialogue)
    quoted = quotes(text)
    taken = [(q.start, q.end) for q in quoted]
    protected = [p for p in protect(text) if not any(a <= p.start < b for a, b in taken)]
    taken += [(p.start, p.end) for p in protected]
    expressions = [e for e in _outside(find(text)[:MANY], taken) if not _HOUSE.search(text[max(0, e.end - 8):e.end])]
    if not normal.rearranged and (as_meant := meant(normal, expressions)) is not None:
        return take_apart(said, now, role, book, dialogue, lexicon, doubt=doubt, normal=as_meant)
    words, products, fields = _known_words(text, lexicon, quoted)
    clients, doubtful, gone = _clients(normal, taken, expressions, book, doubt)
    if gone:
        return take_apart(said, now, role, book, dialogue, lexicon, doubt=doubt, normal=_without(normal, gone))
    stranger = None
    if not clients:
        starts = {start for places in words.values() for start, end in places if end - start > 1} | {p[0] for p in products} | {f[0] for f in fields}
        busy = [*taken, *((e.start, e.end) for e in expressions if not e.is_duration)]
        clients, stranger = _unknown(normal, busy, starts, book, dialogue, by_place=role != "customer")
        clients, stranger = _heard(clients, stranger, role, words, protected)
    clients = [replace(c, end=c.end if c.mention.how == "pronoun" else names.with_phone_tail(text, c.end)) for c in clients]
    expressions = _outside(expressions, [(c.start, c.end) for c in clients if c.mention.how != "pronoun"])
    busy = [*taken, *((e.start, e.end) for e in expressions if not e.is_duration), *((c.start, c.end) for c in clients)]
    amounts = find_amounts(text, busy)
    products = [p for p in products if not _inside(p, clients)]
    fields = [own for f in fields for own in _beyond(text, f, clients, lexicon)]
    words = _beside(words, clients)
    _polite(text, words)
    _recalled(text, words)
    _wants_to_see(text, words)
    sentence = Sentence(normal, now, role, dialogue, lexicon, book, [*protected, *quoted], expressions, amounts, clients,
                        stranger, products, fields, words, doubtful, line=line, by_line=by_line)
    _evidence(sentence)
    _draw(sentence)
    return sentence


def _heard(clients: list[Named], stranger: Named | None, role: str, words: dict[str, list[tuple[int, int]]],
           protected: Sequence[Protected]) -> tuple[list[Named], Named | None]:
    """A stranger who sounds like a client is one, unless somebody is to be created; a customer's 解除 is nobody."""
    if stranger is None or (role == "customer" and (stranger.mention.text[0] in _ALSO_WORDS or _NOBODY.match(stranger.mention.text))):
        return clients, None
    if stranger.mention.refs and "create" not in words and not any(p.kind == "phone" for p in protected):
        return [stranger], None
    return clients, stranger


def _without(normal: Normal, gone: Sequence[tuple[int, int]]) -> Normal:
    """The text with blanks where something was taken back."""
    text = normal.text
    for start, end in gone:
        text = text[:start] + " " * (end - start) + text[end:]
    return replace(normal, text=text)


def _by_line(text: str, dialogue: Dialogue) -> tuple[int | None, bool, Dialogue]:
    """A number that opens the sentence says whose line is meant: that client is in mind, and nobody else is.

    (the line, where it is one; whether any number opens it; the dialogue with whom it makes one think of)"""
    found = _LINES.match(text) if dialogue.pending in {"none", "list"} else None
    if found is None:
        return None, False, dialogue
    number = None if found["more"] else int(found["n"])
    ref = dialogue.items[number - 1] if number and number <= len(dialogue.items) else None
    return number, True, replace(dialogue, focus=ref)


def _outside(expressions: list[Expression], taken: Sequence[tuple[int, int]]) -> list[Expression]:
    return [e for e in expressions if not any(e.start < b and a < e.end for a, b in taken)] if taken else expressions


def _covered(piece: tuple[int, int, str], quoted: Sequence[Protected]) -> bool:
    return any(q.start <= piece[0] < q.end for q in quoted)


def _beyond(text: str, field: tuple[int, int, str], clients: Sequence[Named], lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """The field where it is no part of a name; 年收入 where the name took the first character of 一年收入 (丁一年收入)."""
    name = next((c for c in clients if field[0] < c.end and c.start < field[1]), None)
    if name is None:
        return [field]
    if name.end >= field[1] or field[0] < name.start:
        return []
    return [(start + name.end, end + name.end, value) for start, end, value in lexicon.scanner("fields").find(text[name.end:field[1]])]


def _inside(piece: tuple[int, int, str], clients: Sequence[Named]) -> bool:
    return any(piece[0] < c.end and c.start < piece[1] for c in clients)


def _clients(normal: Normal, taken: list[tuple[int, int]], expressions: list[Expression], book: Book,
             doubt: bool) -> tuple[list[Named], list[Named], list[tuple[int, int]]]:
    """(the clients named, the everyday words that may be clients, where those stand who were taken back)."""
    found = names.find_mentions(normal, taken, [(e.start, e.end) for e in expressions], book)
    meant, gone = names.taken_back(normal.text, found.named)
    named, doubtful = ([Named(m, start, names.title_after(normal.text, end)) for m, start, end in placed]
                       for placed in (meant, found.doubtful))
    return (doubtful[:1], [], gone) if doubtful and not doubt else (named, doubtful, gone)


def _unknown(normal: Normal, busy: list[tuple[int, int]], starts: set[int], book: Book, dialogue: Dialogue, *,
             by_place: bool) -> tuple[list[Named], Named | None]:
    """Nobody is named outright: whoever sounds like it, the client of a pronoun, or a stranger."""
    guess = strangers.guess_name(normal, busy, starts)
    heard, guess = sounds.find_by_sound(normal, busy, starts, guess, book)
    guess = guess or (strangers.name_by_place(normal, busy, starts) if by_place else None)
    stranger = Named(guess[0], guess[1], names.title_after(normal.text, guess[2])) if guess else None
    if heard:
        return [Named(m, start, names.title_after(normal.text, end)) for m, start, end in heard], None
    pronoun = names.find_listed(normal, dialogue) or names.find_pronoun(normal, dialogue.focus)
    spoken_of = stranger is not None and stranger.start < pronoun[1] if pronoun else False
    if pronoun is None or (spoken_of and stranger is not None and (pronoun[1] <= stranger.end + 1 or stranger.mention.refs)):
        return [], stranger
    return [Named(*pronoun)], None


def _known_words(text: str, lexicon: Lexicon, quoted: Sequence[Protected]) -> tuple[
    dict[str, list[tuple[int, int]]], list[tuple[int, int, str]], list[tuple[int, int, str]]
]:
    """Concepts, products and fields outside quotations."""
    words: dict[str, list[tuple[int, int]]] = {}
    for piece in concepts_of(lexicon).everywhere(text):
        if not _covered(piece, quoted) and not (piece[2] == "ask" and text[max(0, piece[0] - 1):piece[0] + 1] == "不怎"):
            for concept in piece[2].split("|"):
                words.setdefault(concept, []).append(piece[:2])
    products, fields = ([p for p in lexicon.scanner(kind).find(text) if not _covered(p, quoted)] for kind in ("products", "fields"))
    return words, products, [f for f in fields if f[2] not in _CHANNELS or not (_is_used(text, f) or text[max(0, f[0] - 1):f[0] + 1] == "不怎")]


_CHANNELS = frozenset({"phone", "wechat", "email"})
_USED_BEFORE = lazy(r"(?:打|接|回|挂|拨|通|来|去)(?:了|过|个|完|通|的|一|[两二三几\d])*(?:次|个|通|趟)?$|(?:[打接回通](?:不|得)|用|通过|走)$")
_USED_BEHIND = lazy(r"(?:上|里)?(?:联系|回访|沟通|聊|拜访|约|通知|问|说|讲|谈|没(?:人)?接|没(?:打)?通|不通|打|过去|催|邀|跟进|没回|回了|已读|视频|[^,。\s]{1,6}(?:没(?:人)?接|没打通|不接|打不通|没回))(?!号|的是|码)|里(?:面)?[^,。]|上(?:问|说|聊|发|讲)")


def _is_used(text: str, field: tuple[int, int, str]) -> bool:
    """打电话给王芳, 微信联系: a way to talk with somebody, and no field of a client."""
    return _USED_BEFORE.search(text[max(0, field[0] - 5):field[0]]) is not None or _USED_BEHIND.match(text, field[1]) is not None


def _beside(words: dict[str, list[tuple[int, int]]], clients: Sequence[Named]) -> dict[str, list[tuple[int, int]]]:
    """The concepts that are not part of a client's name."""
    if not clients:
        return words
    outside = {concept: [p for p in places if not any(p[0] < c.end and c.start < p[1] for c in clients)]
               for concept, places in words.items()}
    return {concept: places for concept, places in outside.items() if places}


_POLITE = re.compile(r"(?:能不能|可不可以|可否|能否|能|可以|麻烦|请).{0,4}(?:帮|给我|替我).*(?:吗|么|不|呢|\?)?\W*$|(?:能|可以|方便)(?:麻烦|劳烦|请)你.*(?:吗|么|不|呢|\?)?\W*$|(?:好吗|好不好|行吗|行不行|可以吗|好么|可以不)\W*$")
_ASKING_NICELY = frozenset({"吗", "呢", "?", "能不能", "可不可以", "是否"})


def _polite(text: str, words: dict[str, list[tuple[int, int]]]) -> None:
    """能帮我…吗 asks for a favour, not for knowledge."""
    asked = words.get("ask")
    if asked and _POLITE.search(text) and all(text[a:b] in _ASKING_NICELY for a, b in asked):
        del words["ask"]


def _recalled(text: str, words: dict[str, list[tuple[int, int]]]) -> None:
    """我记得他是四川人 asks for no reminder."""
    if "我记得" in text and all(text[max(0, a - 1):b] == "我记得" for a, b in words.get("remind", ())):
        words.pop("remind", None)


_SEES = re.compile(r"^\W*我(?:就|也|还|现在)?(?:(?:想要?|要)(?:先|再)?(?:看|知道|了解|查|问|晓得)|(?:先|来)?(?:看看|瞅瞅|瞧瞧|看下|看一下))")


def _wants_to_see(text: str, words: dict[str, list[tuple[int, int]]]) -> None:
    """我想看看谁新增客户最多 asks for nothing of the speaker's own."""
    head = _SEES.match(text)
    if head is None or "mine" not in words:
        return
    words["mine"] = [place for place in words["mine"] if place[0] >= head.end()]
    if not words["mine"]:
        del words["mine"]


def _evidence(s: Sentence) -> None:
    """What was found counts as concepts too, so that rules can ask for it."""
    marks: list[tuple[str, Any]] = [
        ("client", s.clients), ("stranger", s.stranger), ("product", s.products), ("field", s.fields),
        ("money", [a for a in s.amounts if a.unit == "yuan"]), ("percent", [a for a in s.amounts if a.unit == "percent"]),
        ("repeating", [e for e in s.times if e.recurs]), ("length", [e for e in s.times if e.is_duration]),
        ("time", s.points), (f"pending_{s.dialogue.pending}", True), ("focus", s.dialogue.focus),
        (f"list_{s.dialogue.list_kind}", s.dialogue.list_kind), ("line", s.by_line),
    ]
    marks += [(p.kind, True) for p in s.protected]
    marks += [("who", s.clients or s.stranger)]
    for concept, there in marks:
        if there:
            s.words.setdefault(concept, [])
    kinds = {s.lexicon.kinds.get(p[2], "") for p in s.products}
    for kind in kinds:
        s.words.setdefault(f"product_{kind}", [])
    s.words.setdefault("any", [])


def _draw(s: Sentence) -> None:
    pieces: list[tuple[int, int, str]] = [(p.start, p.end, _CAPITAL.get(p.kind, "N")) for p in s.protected]
    pieces += [(e.start, e.end, "R" if e.recurs else "D" if e.is_duration else "T") for e in s.times]
    pieces += [(c.start, c.end, "C") for c in s.clients]
    if s.stranger is not None:
        pieces.append((s.stranger.start, s.stranger.end, "S"))
    pieces += [(a.start, a.end, "V" if a.unit == "percent" else "M") for a in s.amounts if a.unit != "plain"]
    pieces += [(start, end, "X") for start, end, _value in s.products]
    characters: list[str] = []
    at = 0
    for start, end, capital in sorted(pieces, key=lambda p: (p[0], p[0] - p[1])):
        if start < at:
            continue
        characters.append(s.text[at:start])
        s._at.extend(range(at, start))
        characters.append(capital)
        s._at.append(start)
        at = end
    characters.append(s.text[at:])
    s._at.extend(range(at, len(s.text) + 1))
    s.shape = "".join(characters)
