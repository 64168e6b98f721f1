"""Whether the parts of a sentence are acts of their own, or one act told in two breaths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.language.carried import LISTS, hour_alone
from handlers.language.intents.pattern import WRITES
from handlers.language.meaning import Meaning

SURELY = 0.7  # how sure a part must be that writes


def without_echoes(parts: list[Meaning]) -> list[Meaning]:
    """The parts without those that only order once more what the one before is (…，记一笔; …基金户 标签)."""
    kept: list[Meaning] = []
    for part in parts:
        if not kept or not _is_echo(part, kept[-1]):
            kept.append(part)
    return kept


def _is_echo(part: Meaning, before: Meaning) -> bool:
    if part.intent != before.intent or part.intent not in {"note.add", "tag.add"}:
        return False
    return part.clarify == "content" or ("tag" in part.slots and part.slots["tag"] == before.slots.get("tag"))


def really_several(parts: list[Meaning], strong: bool, spaced: bool) -> bool:
    """Are the parts acts of their own? `strong`: a word says that another follows; `spaced`: only blanks stand between them."""
    intents = {p.intent for p in parts}
    if intents <= {"stats.me", "stats.team"} and len({p.slots.get("metric") for p in parts}) == 1:
        return False
    if any(p.intent == "reminder.create" and p.clarify in {"when", "content"} for p in parts):
        return False  # 后天签合同，提醒我提前半小时出发: what it lacks stands in the other clause
    if len(intents) == 1 and intents <= _ONCE:
        return False  # 短信别发了 取消授权: one wish in two clauses
    if len(intents) == 1 and len(parts) == 2 and _asks_again(*parts):
        return False  # 房贷利率降下来没有 现在几个点: one question in two breaths
    if len(intents) == 1 and intents <= LISTS and any(not p.slots for p in parts):
        return False  # 吴迪的投诉处理得怎么样了 我要看单子
    if intents == {"client.search"} and not strong:
        return False  # 年保费五万以上、还没配养老险的客户: one filter
    if intents <= LISTS:
        return len(intents) > 1 or not _same_slots(parts)
    if not spaced and for_others(parts) and (strong or intents <= WRITES):
        return all(p.confidence >= 0.62 for p in parts if p.intent in WRITES)
    if tuple(p.intent for p in parts) == TOLD:
        return False
    if _told_then_reminded(parts):
        return False
    if _each_by_itself(parts, strong):
        return True
    if strong and len(intents) == 1:
        return not _same_slots(parts)
    if not strong and (len(intents) < 2 or intents & LISTS or spaced):
        return False
    return all(p.confidence >= (0.62 if strong or p.intent not in WRITES else SURELY) or (strong and p.intent not in WRITES) for p in parts) and ((strong and len(intents) > 1) or not is_lead_in(parts))


# What a customer wants once, in however many clauses.
_ONCE = frozenset("self.complaint self.human self.consent_withdraw self.privacy_delete self.privacy_access self.surrender self.claim_report self.claim_howto self.claim_status".split())
_OF_ONE_FIELD = frozenset({"premium.lookup", "repayment.lookup"})


def _each_by_itself(parts: list[Meaning], strong: bool) -> bool:
    """Acts that differ in what they ask, change or remind of, so that neither can be a part of the other."""
    kinds = {p.intent for p in parts}
    if all(p.slots.get("ticket_no") for p in parts):
        return len({p.slots["ticket_no"] for p in parts}) == len(parts)
    if all(p.slots.get("index") for p in parts):
        return len({p.slots["index"] for p in parts}) == len(parts)
    if all(k.endswith((".lookup", ".list")) for k in kinds):
        asked = {(p.intent, p.slots.get("field"), p.slots.get("product"), str(p.slots.get("client_id"))) for p in parts}
        return len(asked) == len(parts) and (strong or all(p.slots.get("field") or p.intent in _OF_ONE_FIELD for p in parts))
    if kinds <= {"tag.add", "tag.remove"}:
        return len({(p.intent, str(p.slots.get("tag")), str(p.slots.get("client_id"))) for p in parts}) == len(parts) and all(p.slots.get("tag") for p in parts)
    if kinds == {"client.update"}:
        return len({p.slots.get("field") for p in parts}) == len(parts) and not any(p.clarify for p in parts)
    if kinds == {"reminder.create"} and not strong and parts[0].confidence < 0.62 <= parts[-1].confidence and hour_alone(parts[-1].slots.get("when")) is not None:
        return False  # 后天去见张总，两点提醒我带合同: the hour is on the day of the appointment
    return kinds == {"reminder.create"} and all(p.slots.get("content") and not p.clarify for p in parts) and times_differ(parts)


def times_differ(parts: list[Meaning]) -> bool:
    times = [p.slots.get("recurrence") or p.slots.get("when") for p in parts]
    return all(times) and len({getattr(t, "start", "") for t in times}) == len(parts)


_STATES = frozenset({"policy.update", "policy.add", "loan.add", "holding.add", "renewal.lost", "renewal.done", "renewal.intent"})


def _told_then_reminded(parts: list[Meaning]) -> bool:
    """丁总的车险下月2号到期，记个提醒提前一周联系: what was told only says of what to remind."""
    return len(parts) > 1 and parts[0].intent in _STATES and parts[1].intent in {"reminder.create", "reminder.postpone"} and not parts[1].slots.get("when")


def _asks_again(first: Meaning, then: Meaning) -> bool:
    """Does the second question ask for the same of the same client, in other words?"""
    return first.intent.endswith(".lookup") and first.slots.get("field") is not None and all(
        first.slots.get(name) == then.slots.get(name) for name in ("field", "client_id")) and then.slots.get("product") in {None, first.slots.get("product")}


def _same_slots(parts: list[Meaning]) -> bool:
    first: Mapping[str, Any] = parts[0].slots
    return all(dict(p.slots) == dict(first) for p in parts[1:])


def for_others(parts: list[Meaning]) -> bool:
    """Is each part for a client of its own, named in it?"""
    named = [str(p.slots.get("client_id") or p.slots["client"]) for p in parts if p.slots.get("client") and not p.slots.get("pronoun")]
    return len(set(named)) == len(parts)


# Pairs that are one act told in two breaths: what happened and the wish that follows from it.
_LEAD_INS = frozenset({
    ("renewal.lost", "client.delete"), ("note.add", "client.delete"),
    ("note.add", "draft.message"), ("note.add", "reminder.postpone"), ("claim.create", "draft.message"), ("note.add", "claim.create"), ("claim.create", "claim.create"), ("note.add", "note.add"),
    ("client.lookup", "client.lookup"), ("client.create", "client.update"), ("policy.lookup", "policy.update"), ("reminder.postpone", "reminder.create"), ("note.add", "client.update"),
    ("reminder.create", "reminder.create"), ("client.update", "client.update"), ("client.update", "note.add"), ("note.add", "policy.update"), ("reminder.complete", "note.add"),
    ("reminder.postpone", "reminder.postpone"), ("client.create", "client.create"), ("client.create", "note.add"), ("client.family_add", "note.add"), ("ticket.close", "note.add"), ("ticket.create", "ticket.create"),
})
TOLD = ("note.add", "client.family_add")  # 聊了旅游，另外她儿子明年上学: all of it is the note


def is_lead_in(parts: list[Meaning]) -> bool:
    told = parts[0].intent == "ticket.create" and bool(parts[1].slots.get("pronoun"))  # …开个工单，她要补打对账单
    return len(parts) == 2 and (told or (parts[0].intent, parts[1].intent) in _LEAD_INS) and not for_others(parts)
