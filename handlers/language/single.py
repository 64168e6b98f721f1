"""One act: the rule that fits best, what may not be taken for an order, and what to say when nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType

from handlers.language.intents import fills, mood, rules_for
from handlers.language.intents.evidence import by_evidence
from handlers.language.intents.order_evidence import by_order
from handlers.language.intents.pattern import WRITES, Rule, Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import Meaning
from handlers.language.orders import is_pasted, is_plain_order, is_reproach, why_no_order
from handlers.language.sentence import Sentence, take_apart
from handlers.language.tales import tells
from handlers.language.unwilled import begins_a_clause
from handlers.language.whom import whom

NO_ORDER = "talk, no order"  # the rule of a sentence that speaks of a change without wanting it
NOTHING_FITS = "nothing fits"
_NOISE = lazy(r"^[\W\d_a-z]{0,3}$|^\W*$|^(.)\1{3,}$")


_SURE = 55
_FOUND = "by what was found"  # the rule of a look-up for which only the words speak
Fitting = tuple[Rule, "re.Match[str] | None"]


def single(s: Sentence) -> Meaning:
    """The one act of a sentence or clause, found out once."""
    found: Meaning | None = s.memo.get("single")
    if found is None:
        found = s.memo["single"] = _single(s)
    return found


_LONGEST = 400  # characters; a longer text is not read again for a name that may be an everyday word


def _single(s: Sentence) -> Meaning:
    """The one act of a sentence or clause; `intent` "none" when nothing fits.

    When a client is needed and nobody named, an everyday word that is somebody's name (周一) is read as that client."""
    if is_pasted(s):
        return meaning_of(s, "none", {}, "a pasted message", 0.8, ())
    if is_reproach(s):
        return _no_order(s)
    found = _best(s)
    if s.doubtful and len(s.text) <= _LONGEST and (found.clarify == "client_missing" or found.intent == "none" or found.rule == _FOUND or _may_be_theirs(s, found)):
        again = _best(take_apart(s.normal.said, s.now, s.role, s.book, s.dialogue, s.lexicon, doubt=False))
        bare = again.intent == "client.lookup" and found.intent == "none" and not again.get("field") and again.rule == _FOUND
        if again.intent not in {"none", "chitchat", "help"} and again.get("client_id") is not None and not bare:
            return again
    return found


# What a sentence about nobody in particular comes to; 高兴那笔房贷几号还款 may be about somebody all the same.
_OF_ANYBODY = frozenset({"repayment.list", "policy.search", "client.search", "birthday.list", "maturity.list", "stats.me", "chitchat", "draft.message"})


def _may_be_theirs(s: Sentence, found: Meaning) -> bool:
    """Does an everyday word that is a name lead straight on to what is wanted, where nobody else and no group is spoken of?"""
    if found.intent not in _OF_ANYBODY or found.get("client") or found.get("audience") or s.has("list", "all", "customer_book", "team", "mine"):
        return False
    end = s.doubtful[0].end
    return re.match(r"\s?[\u4e00-\u9fff]", s.text[end:end + 2]) is not None


def _no_order(s: Sentence) -> Meaning:
    """Talk, with the client it is about: nothing is changed, and what comes next may be about the same one."""
    return meaning_of(s, "none", _about(s), NO_ORDER, 0.6, ())


def _about(s: Sentence) -> Slots:
    """The client whom a sentence is about that comes to nothing."""
    about = fills.client(s, needed=False) if s.clients else {}
    return {name: about[name] for name in ("client", "client_id") if name in about}


def _best(s: Sentence) -> Meaning:
    fitting = _fitting(s)
    refused: str | None = None
    for rule, match in fitting:
        slots = rule.fill(s, match)
        if slots is None:
            continue
        if rule.intent in _LISTS and not mood.asks(s) and not s.has("lookup", "search", "list") and tells(s.shape, rule.intent):
            refused = refused or "talk"  # 系统自动给我建了个提醒
            continue
        if rule.intent in WRITES and (reason := why_no_order(s, rule.intent)):
            if reason == "noted":
                continue
            refused = rule.intent if reason == "question" and refused in {None, "talk"} else refused or "talk"
            continue
        if refused == "talk" and not s.has("ask", "lookup"):
            break  # what was told is no look-up either
        if rule.intent in WRITES and _is_incomplete(rule.intent, slots) and not (is_plain_order(s) or _reminds_outright(s)):
            refused = refused or "talk"  # 车险4300 比去年贵了五百: about nobody, and nobody orders anything
            continue
        if rule.intent in WRITES:
            slots = whom(s, slots)
        return meaning_of(s, rule.intent, slots, rule.name, min(0.99, rule.score / 90), _two_others(rule, fitting))
    if refused == "talk":
        return _no_order(s)
    return _asked(s, refused) or (None if refused else _by_order(s)) or _by_evidence(s) or _leftover(s)


_LISTS = frozenset({"reminder.list", "ticket.list", "agenda.today", "agenda.day"})
# What is known of a client; a sentence that names none must order it plainly to be asked back.
_ABOUT_ONE = frozenset(
    "client.update client.delete client.family_add tag.add tag.remove tier.set policy.add policy.update holding.add loan.add credit.add lease.add note.add "
    "contract.party_add claim.create claim.update opportunity.create opportunity.update premium.paid repayment.paid".split()
)


def _is_incomplete(intent: str, slots: Slots) -> bool:
    """Lacks it what only somebody who orders outright is asked for?"""
    lacks = slots.get("clarify")
    return (intent in _ABOUT_ONE and lacks == "client_missing") or (intent == "reminder.create" and lacks == "when")


def _reminds_outright(s: Sentence) -> bool:
    """提醒我问问王芳受益人是谁 orders, whatever the reminder is to ask."""
    order = mood.reminding(s)
    return order is not None and begins_a_clause(s.text[:order.start()])


def _two_others(best: Rule, fitting: Iterator[Fitting]) -> tuple[str, ...]:
    """What else it may have been; only looked for when the best rule is not sure of itself."""
    others: list[str] = []
    if best.score < _SURE:
        for rule, _match in fitting:
            if rule.intent != best.intent and not rule.quiet and rule.intent not in others:
                others.append(rule.intent)
                if len(others) == 2:
                    break
    return tuple(others)


# What a question about a change asks for: 王芳的电话改了吗 wants to see the phone.
_READS = {
    "client.update": "client.lookup", "tag.add": "client.lookup", "tag.remove": "client.lookup", "tier.set": "client.lookup",
    "policy.add": "policy.lookup", "policy.update": "policy.lookup", "renewal.done": "policy.lookup", "renewal.lost": "policy.lookup",
    "renewal.intent": "policy.lookup", "premium.paid": "premium.lookup", "repayment.paid": "repayment.lookup", "holding.add": "holding.lookup",
    "loan.add": "loan.lookup", "note.add": "client.timeline", "claim.create": "claim.lookup", "claim.update": "claim.lookup",
    "reminder.create": "reminder.list", "reminder.complete": "reminder.list", "reminder.cancel": "reminder.list", "reminder.postpone": "reminder.list",
    "ticket.create": "ticket.list", "ticket.close": "ticket.list", "consent.record": "consent.list",
}


def _asked(s: Sentence, refused: str | None) -> Meaning | None:
    """The look-up behind a question that sounded like a change."""
    intent = _READS.get(refused or "")
    if intent is None or not s.clients:
        return None
    slots = fills.merged(fills.client(s), fills.product(s), {"field": s.fields[0][2] if s.fields and intent == "client.lookup" else None})
    return meaning_of(s, intent, slots, f"asked:{refused}", 0.6, ())


def _by_order(s: Sentence) -> Meaning | None:
    """The order that the words found speak for, where no rule fired."""
    found = by_order(s)
    return None if found is None else meaning_of(s, found[0], whom(s, found[1]), "an order by what was found", 0.5)


def _by_evidence(s: Sentence) -> Meaning | None:
    """What the words found speak for, where no rule fired; only ever a look-up."""
    found = by_evidence(s)
    return None if found is None else meaning_of(s, *found, _FOUND, 0.5, _nearest(s))


def _fitting(s: Sentence) -> Iterator[Fitting]:
    """The rules that fire, the highest score first; a rule is only tried when those above it did not do."""
    for rule in _candidates(s.role, tuple(s.words)):
        match = None if rule.shape is None else rule.shape.search(s.shape)
        if match is not None or rule.shape is None:
            yield rule, match


@lru_cache(maxsize=512)  # people say the same kinds of things over and over
def _candidates(role: str, words: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules for these concepts, the highest score first; of equal ones that of the concept found first."""
    table, there = rules_for(role), frozenset(words)
    found = {id(rule): rule for concept in words for rule in table.get(concept, ()) if rule.no.isdisjoint(there) and rule.need <= there}
    return tuple(sorted(found.values(), key=_score))


def _score(rule: Rule) -> int:
    return -rule.score


def _leftover(s: Sentence) -> Meaning:
    """Nothing fitted: small talk, a pending free text, or nothing that can be used."""
    if s.dialogue.pending == "text" and s.text.strip():
        return meaning_of(s, "clarify.answer", _free_answer(s), "free text", 0.5, ())
    if s.dialogue.pending == "form" and s.text.strip():
        return meaning_of(s, "form.answer", {"text": s.normal.said.strip(), "fields": {}}, "free text", 0.4, ())
    if _NOISE.match(s.text.strip()) or not re.search(r"[\u4e00-\u9fffa-z]", s.text):
        return meaning_of(s, "none", {}, "noise", 0.9, ())
    return meaning_of(s, "none", _about(s), NOTHING_FITS, 0.2, _nearest(s))


def _free_answer(s: Sentence) -> Slots:
    return {"text": s.normal.said.strip(), **(fills.client(s, needed=False) if s.has("who") else {})}


def _nearest(s: Sentence) -> tuple[str, ...]:
    """Two intents that share words with the sentence, for 「您是不是想…」."""
    table = rules_for(s.role)
    names = [rule.intent for concept, places in s.words.items() if places for rule in table.get(concept, ()) if not rule.quiet]
    return tuple(dict.fromkeys(names))[:2]


def meaning_of(s: Sentence, intent: str, slots: Slots, rule: str, confidence: float, others: tuple[str, ...] = ()) -> Meaning:
    """`slots` as a meaning; its `clarify` becomes the meaning's own."""
    if slots.get("clarify") == "not_found" and intent in _NEED_NOBODY:
        slots = {k: v for k, v in slots.items() if k != "clarify"}
    clarify = slots.get("clarify")
    plain = {k: v for k, v in slots.items() if k != "clarify" and (v is not None or k.endswith("_id"))}
    return Meaning(intent, MappingProxyType(plain), s.spans(), rule, round(confidence, 2), clarify, others)


# A name nobody bears is no obstacle here: a reminder may be about anyone, a new client is new.
_NEED_NOBODY = frozenset({"client.create", "reminder.create", "stats.team", "stats.me", "draft.message", "ticket.assign", "client.relate"})
