"""The one gate before every act that writes, whoever read it out of the sentence: a scored rule, a reader of whole sentences, a
turn, one of several acts. Look-ups never pass here.

Each reader knows its own words; only the gate knows whether the speaker wants what they say. What an order carries (a note, a
reason, words to a client) is no part of the question, so it is left out before the mood is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.language.intents.pattern import WRITES
from handlers.language.orders import said_of_an_order, why_no_order
from handlers.language.sentence import Sentence, take_apart

# What is changed beside the records of clients: rules, standards, hours, texts, messages on their way, who stands in.
OF_THE_FIRM = frozenset(
    "rules.create rules.change rules.stop rules.start rules.submit rules.roll_back rules.approve rules.reject "
    "standard.change standard.roll_back standard.approve standard.reject escalation.change escalation.roll_back escalation.approve escalation.reject "
    "assign.change assign.roll_back assign.approve assign.reject push.change push.roll_back push.approve push.reject template.change template.roll_back template.approve template.reject "
    "tier.give_back tier.give_back_all approvals.take_back approvals.open care.cancel care.by_hand campaign.start contact.link contact.unlink "
    "kf.unbind kf.servicer cover.create cover.end segment.save segment.remove report.set report.receiver".split()
)
GATED = WRITES | OF_THE_FIRM
# Whose words are only carried; what a task or a rule is about belongs to the order itself.
_CARRYING = frozenset("ticket.note ticket.move ticket.share ticket.paper ticket.create collection.record asset.maintain renewal.lost rules.reject standard.reject escalation.reject "
                      "push.reject template.reject template.change assign.change assign.reject assign.decline journey.leave".split())
_CARRIED = ("content", "reason", "text", "words")


def refusal(s: Sentence, intent: str, slots: Mapping[str, Any]) -> str:
    """Why what a reader found is no order of the speaker's ("question", "talk", "noted"); "" for an order and for any look-up."""
    if intent not in GATED or (intent == "kf.servicer" and not slots.get("who") and not slots.get("stop")):
        return ""  # 客服接待是谁 is shown by the same command
    if said_of_an_order(s):
        return "talk"
    return why_no_order(_without_what_is_carried(s, slots) if intent in _CARRYING else s, intent)


def _without_what_is_carried(s: Sentence, slots: Mapping[str, Any]) -> Sentence:
    said = s.normal.said
    carried = [text for name in _CARRIED if isinstance(text := slots.get(name), str) and len(text) > 1 and text in said]
    if not carried:
        return s
    for text in carried:
        said = said.replace(text, " ", 1)
    return take_apart(said, s.now, s.role, s.book, replace(s.dialogue, pending="none"), s.lexicon)
