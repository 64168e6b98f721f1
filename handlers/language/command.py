"""`python -m bot understand [--time | --amounts]`: JSON lines in, JSON lines out, as pure functions over lines.

Plain: the first line is `{"roster": {...}}`, whose clients become the speaker's book; then one record a line (`id, role, now,
context, text`). `--time` reads `id, text, now, prefer`; `--amounts` reads `id, text`. One answer a line, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.language import when as times
from handlers.language.amounts import find_amounts
from handlers.language.lazy import lazy
from handlers.language.lexicon import Lexicon, plain
from handlers.language.meaning import Book, ClientRef, Dialogue, EmptyBook, Meaning, Pending, Recurrence, When
from handlers.language.spans import protect
from handlers.language.understand import understand
from storage.model.normal import normalise


class RosterBook:
    """A book in memory, made from a roster."""

    def __init__(self, clients: Iterable[Mapping[str, Any]]) -> None:
        from storage.naming import name_keys

        self._by_key: dict[str, tuple[ClientRef, ...]] = {}
        for entry in clients:
            ref = ClientRef(entry["id"], entry["name"])
            for key in {k for _how, k in name_keys(entry["name"], entry.get("aliases", ()))}:
                for form in {key, plain(key)}:
                    held = self._by_key.get(form, ())
                    if ref not in held:
                        self._by_key[form] = (*held, ref)

    def named(self, keys: Collection[str]) -> Mapping[str, tuple[ClientRef, ...]]:
        return {key: self._by_key[key] for key in keys if key in self._by_key}


def answers(lines: Iterable[str]) -> Iterator[str]:
    """Meanings of records, one JSON line each."""
    book: Book = EmptyBook()
    for record in _records(lines):
        if "roster" in record:
            book = RosterBook(record["roster"].get("clients", ()))
            continue
        now = datetime.fromisoformat(record["now"]).replace(tzinfo=None)
        yield _dump({"id": record.get("id"), **described(read_record(record, book), now)})


def read_record(record: Mapping[str, Any], book: Book) -> Meaning:
    """The meaning of one record, its earlier turns taken into account."""
    now = datetime.fromisoformat(record["now"])
    role = record.get("role", "adviser")
    lexicon = Lexicon.default()
    own: Book = EmptyBook() if role == "customer" else book
    dialogue = dialogue_of(record.get("context", ()), own)
    return understand(record["text"], now=now, role=role, book=own, dialogue=dialogue, lexicon=lexicon)


# The product tells apart more than language.md does; its finer intents under the names written there.
_DESCRIBED: dict[str, tuple[str, dict[str, Any]]] = {
    "assets.lookup": ("client.lookup", {"field": "aum"}), "agenda.today": ("reminder.list", {}), "agenda.day": ("reminder.list", {}), "item.done": ("reminder.complete", {}),
    "item.snooze": ("reminder.postpone", {}), "item.dismiss": ("reminder.cancel", {}), "client.details": ("client.lookup", {}),
    "client.timeline": ("client.lookup", {"field": "last_note"}), "client.family": ("client.lookup", {"field": "family"}),
    "client.list": ("client.search", {}), "contract.list": ("policy.lookup", {}), "credit.lookup": ("loan.lookup", {}), "lease.lookup": ("loan.lookup", {}),
    "credit.add": ("loan.add", {}), "credit.change": ("policy.update", {"field": "amount"}), "credit.draw": ("policy.update", {"field": "used_amount"}), "lease.add": ("loan.add", {}), "repayment.lookup": ("loan.lookup", {}), "due.list": ("renewal.list", {}),
    "overdue.list": ("repayment.list", {"status": "overdue"}), "client.silent": ("client.search", {}), "interest.told": ("note.add", {}),
    "premium.list": ("renewal.list", {}), "premium.lookup": ("policy.lookup", {"field": "premium"}), "renewal.done": ("policy.update", {}),
    "renewal.lost": ("policy.update", {}), "renewal.intent": ("note.add", {}), "premium.paid": ("note.add", {}), "repayment.paid": ("note.add", {}),
    "contract.party_add": ("policy.update", {}), "stats.digest": ("stats.team", {}), "care.rewrite": ("draft.message", {}), "form.correct": ("client.update", {}), "form.answer": ("clarify.answer", {}), "draft.keep": ("clarify.cancel", {}),
}


def described(meaning: Meaning, now: datetime) -> dict[str, Any]:
    """{"intent", "slots"} in the words of language.md."""
    intent, extra = _DESCRIBED.get(meaning.intent, (meaning.intent, {}))
    slots = {**extra, **slots_of(meaning)}
    if meaning.intent == "agenda.today":
        slots["range"] = {"start": now.date().isoformat(), "end": (now.date() + timedelta(days=1)).isoformat(), "grain": "day"}
    if meaning.intent == "contract.party_add" and "party" in slots:
        slots[str(slots.get("role"))] = slots["party"]
    if meaning.intent == "client.relate" and slots.get("relation") == "referrer" and slots.get("client_id"):
        intent, slots = "client.update", {**slots, "field": "referrer", "value": slots.get("other")}
    elif meaning.intent == "client.relate" and slots.get("relation") == "referrer":  # somebody new, by whom
        intent, slots = "client.create", {**slots, "referrer": slots.get("other")}
    if slots.get("field") == "children":
        slots["field"] = "family"
    if "scope_said" in slots:  # language.md keeps the finer purposes apart
        slots["scope"] = slots.pop("scope_said")
    if meaning.parts:
        slots = {"parts": [described(part, now) for part in meaning.parts]}
    return {"intent": intent, "slots": slots}


def _records(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# ---------------------------------------------------------------- earlier turns

_ITEM = lazy(r"(?:(?:^|[\s:：。；;？?，,！!）)])(\d{1,2})[.、．)）]|([①②③④⑤⑥⑦⑧⑨⑩]))\s*((?:\d{1,2}:\d\d|[^\d\s①-⑩])[^；;①-⑩]*?)(?=(?:[\s；;）)](?:\d{1,2}[.、．)）]))|[①-⑩]|$)")
_ASKS = lazy(r"指的是|您?(?:要|找|说)的是|请?(?:回复)?(?:选择|选一|序号|编号|哪一?[位个条]|第几)|\?|？")
_CONFIRMS = lazy(r"确认|确定.{0,14}吗|是否|吗[？?]?$|对吗|可以吗|要不要")
_LISTS = (("生日", "birthday.list"), ("续保|续期|要续|待续|保单", "renewal.list"), ("理财|存单|满期", "maturity.list"), ("还款|贷款", "repayment.list"),
          ("提醒|待办|日程|安排|任务|未完成|没完成|[没要][弄做办]|件事|[啥么]事", "reminder.list"))


def dialogue_of(context: Iterable[str], book: Book) -> Dialogue:
    """The state of the conversation after its earlier turns, as well as the words tell."""
    turns = list(context)
    if not turns:
        return Dialogue()
    said, asked = (_latest(turns, who) for who in ("助手", "用户"))
    labels = [match.group(3).strip() for match in _ITEM.finditer(said)]
    items = [_named_in(label, book) for label in labels]
    pending = _pending(said, len(items))
    offered = pending == "choice"
    return Dialogue(focus=None if offered else _focus(_but_lists(turns, items, pending), book), pending=pending, choices=len(items),
                    list_kind="" if offered else _list_kind(asked, said, listed=bool(items) or pending == "list"), items=tuple(items),
                    labels=tuple(labels) or ((said,) if pending in {"confirm", "text"} else ()), said=asked, ticket=_ticket(turns))


_TICKET = lazy(r"工单\s*#?(\d{3,6})|#?(\d{3,6})号?工单")


def _ticket(turns: Sequence[str]) -> str | None:
    found = next((match for turn in reversed(turns) if (match := _TICKET.search(turn)) is not None), None)
    return None if found is None else found[1] or found[2]


def _latest(turns: Sequence[str], who: str) -> str:
    turn = next((t for t in reversed(turns) if t.startswith(who)), "")
    return re.sub(rf"^{who}[:：]", "", turn)


# 共 31 位，第 1/4 页：1. 李雷 …: more than was shown.
_PAGED = lazy(r"显示\s*(?:前\s*)?\d|第\s*\d+\s*[–—\-/~至到]\s*\d+\s*[页位条份笔个张件]?|共\s*\d+\s*[位条份笔个张件户].{0,12}1[.、．)）]|(?:…|\.{3})\s*$")


def _pending(said: str, items: int) -> Pending:
    """What the bot waits for after these words."""
    if items > 1 and _ASKS.search(said):
        return "choice"
    if items > 1 or (items and _PAGED.search(said)):
        return "list"
    if _CONFIRMS.search(said):
        return "confirm"
    return "text" if re.search(r"[？?]\s*$|请(?:告诉我|输入|提供|说|补充|回复)", said) else "list" if _PAGED.search(said) and re.search(r"\d\s*[位条份笔个张件户]", said) else "none"


def _list_kind(asked: str, said: str, *, listed: bool) -> str:
    first = _ITEM.search(said)
    head = asked + (said[:first.start()] if first is not None else said)  # 1. 催还款 is a line of any list
    kind = next((name for words, name in _LISTS if re.search(words, head)), "")
    reminded = kind == "reminder.list" and re.search(r"⏰|提醒[:：你您]", said)
    return kind if listed or "份" in said or "位" in said or reminded else ""


def _named_in(text: str, book: Book) -> ClientRef | None:
    from handlers.language.names import find_mentions

    found = find_mentions(normalise(text), (), (), book)
    mentions = found.named or found.doubtful
    refs = mentions[0][0].refs if mentions else ()
    if len(refs) < 2:
        return refs[0] if refs else None
    whole = re.findall(r"[\u4e00-\u9fff]{2,}", text.replace(refs[0].name, " "))
    words = [*whole, *(w[i:i + 2] for w in whole for i in range(len(w) - 1))]
    keys = [key for word in words for key in (f"{refs[0].name}({word})", word + refs[0].name)]
    told = [r for known in book.named(keys).values() for r in known]
    return told[0] if told else refs[0]


def _but_lists(turns: list[str], items: list[ClientRef | None], pending: Pending) -> list[str]:
    """The turns without the list of several clients shown last: it makes one think of none of them."""
    several = len({item.id for item in items if item is not None}) > 1 or (pending == "list" and len(items) < 2)
    return turns[:-1] if several and turns[-1].startswith("助手") else turns


def _focus(turns: list[str], book: Book) -> ClientRef | None:
    for turn in reversed(turns):
        found = _named_in(re.sub(r"^(?:用户|助手)[:：]", "", turn), book)
        if found is not None:
            return found
    return None


# ---------------------------------------------------------------- shapes


def slots_of(meaning: Meaning) -> dict[str, Any]:
    """Slots as plain JSON values."""
    if meaning.parts:
        return {"parts": [{"intent": p.intent, "slots": slots_of(p)} for p in meaning.parts]}
    slots = {name: _plain(value) for name, value in meaning.slots.items()}
    return slots | ({"clarify": meaning.clarify} if meaning.clarify else {})


def _plain(value: Any) -> Any:
    if isinstance(value, When):
        return _when(value)
    if isinstance(value, Recurrence):
        return {k: v for k, v in (("rrule", value.rrule), ("start", value.start), ("part", value.part)) if v is not None}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def _when(value: When) -> dict[str, Any]:
    grain = "day" if value.grain in {"week", "year"} else value.grain
    shown: dict[str, Any] = {"start": value.start, "grain": grain, "end": value.end, "part": value.part, "mod": value.mod, "within": value.within,
                             "problem": value.problem, "alt": [other.start for other in value.alts] or None}
    return {k: v for k, v in shown.items() if v is not None} | ({"deadline": True} if value.deadline else {})


# ---------------------------------------------------------------- times and amounts alone


def time_answers(lines: Iterable[str]) -> Iterator[str]:
    """Time expressions of each text."""
    for record in _records(lines):
        now = datetime.fromisoformat(record["now"]).replace(tzinfo=None)
        policy = times.LOOK_BACK if record.get("prefer") == "past" else times.DUE
        yield _dump({"id": record.get("id"), "entities": time_entities(record["text"], now, policy)})


def time_entities(text: str, now: datetime, policy: times.Policy = times.DUE) -> list[dict[str, Any]]:
    """{"text","start","length","start_iso","end_iso","grain","kind","recurrence","duration","mod"} per expression."""
    normal = normalise(text)
    taken = [(p.start, p.end) for p in protect(normal.text) if p.kind != "number"]
    found = []
    for expression in times.find(normal.text):
        if any(expression.start < b and a < expression.end for a, b in taken):
            continue
        start, end = normal.span(expression.start, expression.end)
        entity = _entity(expression, now, policy)
        if entity is not None:
            found.append({"text": text[start:end], "start": start, "length": end - start, **entity})
    return found


def _entity(e: times.Expression, now: datetime, policy: times.Policy) -> dict[str, Any] | None:
    nothing: dict[str, Any] = {"start_iso": None, "end_iso": None, "grain": None, "recurrence": None, "duration": None, "mod": None}
    if e.recurs:
        rule = times.recurrence(e, now)
        return None if rule is None else {**nothing, "kind": "set", "start_iso": rule.start.isoformat(), "grain": "minute" if rule.clock else "day", "recurrence": rule.rrule}
    if e.is_duration:
        return {**nothing, "kind": "duration", "duration": _iso_duration(e.slots["duration"])}
    r = times.resolve(e, now, policy)
    if r.start is None:
        return None
    start, end, mod = r.start.isoformat(), r.end.isoformat() if r.end else None, None
    if r.limit == "before":
        start, end, mod = None, r.start.isoformat(), "before"  # type: ignore[assignment]
    elif r.limit == "since":
        end, mod = None, "after"
    elif r.limit == "after":
        start, end, mod = (r.end or r.start).isoformat() if not r.clock else start, None, "after"
    ranged = r.period or r.limit != ""
    kind = ("datetimerange" if r.clock or r.part else "daterange") if ranged else "datetime" if r.clock or r.part else "date"
    return {**nothing, "kind": kind, "start_iso": start, "end_iso": end, "grain": r.grain, "mod": mod}


_CODES = {"year": "Y", "month": "M", "week": "W", "day": "D", "workday": "D"}


def _iso_duration(duration: tuple[float, str, str, int]) -> str:
    count, unit, _suffix, minutes = duration
    whole = int(count)
    half = count - whole >= 0.5
    if unit in {"hour", "minute", "second", "quarter_hour"}:
        seconds = int(count * {"hour": 3600, "minute": 60, "second": 1, "quarter_hour": 900}[unit]) + minutes * 60
        hours, rest = divmod(seconds, 3600)
        return "PT" + "".join(f"{n}{c}" for n, c in ((hours, "H"), (rest // 60, "M"), (rest % 60, "S")) if n) if seconds else "PT0S"
    if unit == "quarter":
        return f"P{int(count * 3)}M"
    if not half:
        return f"P{whole}{_CODES[unit]}"
    return {"week": f"P{whole * 7 + 3}DT12H", "year": f"P{whole}Y6M" if whole else "P6M", "month": f"P{whole}M15D" if whole else "P15D"}.get(unit, f"P{whole}DT12H" if whole else "PT12H")


def amount_answers(lines: Iterable[str]) -> Iterator[str]:
    """Amounts of each text, in yuan, percent or plain."""
    for record in _records(lines):
        yield _dump({"id": record.get("id"), "entities": amount_entities(record["text"])})


def amount_entities(text: str) -> list[dict[str, Any]]:
    """{"text","start","length","value","unit"} per amount."""
    normal = normalise(text)
    taken = [(p.start, p.end) for p in protect(normal.text)]
    taken += [(e.start, e.end) for e in times.find(normal.text) if not e.is_duration]
    found = []
    for amount in find_amounts(normal.text, taken):
        start, end = normal.span(amount.start, amount.end)
        value = int(amount.value) if amount.value == int(amount.value) else round(amount.value, 6)
        found.append({"text": text[start:end], "start": start, "length": end - start, "value": value, "unit": amount.unit})
    return found
