"""How much of a meaning is right: intent, client, and every slot that the gold names.

A record has `text, role, now, context, intent, slots` and perhaps `accept`, other intents that count. Only slots of
the gold are compared. Times count by their start and, where the gold has one, their last day; `alt` gives other
readings; words of `content_kw` must stand in the content; a name counts when it stands in the answer or the reverse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from handlers.language.command import RosterBook, described, read_record

SENTENCES = Path(__file__).parent / "sentences"
WRITES = frozenset(
    "client.create client.update client.delete client.merge client.family_add privacy.delete tag.add tag.remove tier.set policy.add "
    "policy.update holding.add loan.add claim.create claim.update note.add reminder.create reminder.complete reminder.postpone "
    "reminder.cancel reminder.update ticket.create ticket.assign ticket.close handover.create handover.cancel opportunity.create "
    "opportunity.update consent.record settings.set".split()
)
# Slots that say how sure the reader is, or that repeat another one.
_NOT_SCORED = frozenset({"client", "client_ids", "fuzzy", "clarify", "resumed", "relation", "scope", "sentiment", "ref", "conditions"})


@dataclass(frozen=True)
class Score:
    """What was right of one record."""

    intent: bool
    client: bool
    frame: bool
    false_write: bool


@cache
def book() -> RosterBook:
    return RosterBook(json.loads((SENTENCES / "clients.json").read_text(encoding="utf-8"))["clients"])


def records(name: str) -> list[dict[str, Any]]:
    """The records of one file of sentences."""
    return [json.loads(line) for line in (SENTENCES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def score(record: Mapping[str, Any]) -> Score:
    """Read a record and compare."""
    now = datetime.fromisoformat(record["now"]).replace(tzinfo=None)
    got = described(read_record(record, book()), now)
    wanted = {record["intent"], *record.get("accept", ())}
    intent = got["intent"] in wanted
    client = _client(record["slots"], got["slots"])
    other = got["intent"] != record["intent"]
    frame = intent and (other or (client and _slots(record["slots"], got["slots"])))
    return Score(intent, client, frame, bool(set(_acts(got)) & WRITES and not wanted & (WRITES | {"multi"})))


def _acts(got: Mapping[str, Any]) -> Iterator[str]:
    yield from (part["intent"] for part in got["slots"].get("parts", ())) if got["intent"] == "multi" else (got["intent"],)


def _client(gold: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    if "client_id" not in gold:
        return True
    wanted, found = gold["client_id"], got.get("client_id")
    if isinstance(wanted, list):
        return (isinstance(found, list) and set(found) == set(wanted)) or got.get("clarify") == "client"
    return found == wanted


def _slots(gold: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    if "parts" in gold:
        found = list(got.get("parts", ()))
        return len(found) == len(gold["parts"]) and all(
            part["intent"] == mine["intent"] and _client(part["slots"], mine["slots"]) and _slots(part["slots"], mine["slots"])
            for part, mine in zip(gold["parts"], found, strict=True)
        )
    return all(_same(name, wanted, got) for name, wanted in gold.items() if name not in _NOT_SCORED | {"client_id"})


def _same(name: str, wanted: Any, slots: Mapping[str, Any]) -> bool:
    if name == "content_kw":
        return all(word in str(slots.get("content", "")) for word in wanted)
    found = slots.get(name)
    if isinstance(wanted, dict):
        return _time(wanted, found)
    if isinstance(wanted, list):
        return isinstance(found, Sequence) and {str(w) for w in wanted} <= {str(f) for f in found}
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return wanted is None or (found is not None and (str(wanted) in str(found) or str(found) in str(wanted)))
    return isinstance(found, int | float) and abs(found - wanted) < 0.005


def _time(wanted: Mapping[str, Any], found: Any) -> bool:
    if not isinstance(found, dict):
        return False
    if "rrule" in wanted:
        return set(str(found.get("rrule", "")).split(";")) >= {p for p in wanted["rrule"].split(";") if not p.startswith("BYHOUR")}
    start, end = str(found.get("start", "")), found.get("end")
    if wanted.get("deadline"):
        return wanted["start"][:10] in {start[:10], _last_day(end)} or wanted.get("end", "")[:10] in {start[:10], str(end)[:10]}
    starts = {wanted.get("start"), *map(_start, wanted.get("alt", ()))}
    length = 10 if wanted.get("part") or len(str(wanted.get("start"))) <= 10 else 16
    on_time = any(s and start[:length] == s[:length] for s in starts)
    return on_time and ("end" not in wanted or bool(wanted.get("alt")) or _last_day(end) == _last_day(wanted["end"]))


def _start(reading: Any) -> Any:
    """Of another reading: its start, [start, end] or a record."""
    return reading[0] if isinstance(reading, list) else reading.get("start") if isinstance(reading, dict) else reading


def _last_day(end: Any) -> str:
    """The last day of a period whose end is exclusive."""
    return (datetime.fromisoformat(end) - timedelta(microseconds=1)).date().isoformat() if end else ""
