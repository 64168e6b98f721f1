"""What a rule is. Rules are data: what must be there, what must not, the shape, and how to fill the slots."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

Slots = dict[str, Any]
Fill = Callable[[Sentence, "re.Match[str] | None"], Slots | None]

# Intents that change something or reach somebody: never taken from a question or from between quotation marks.
WRITES = frozenset(
    "client.create client.update client.delete client.merge client.relate client.family_add privacy.delete tag.add tag.remove tier.set "
    "policy.add policy.update holding.add loan.add credit.add credit.change credit.draw lease.add contract.party_add premium.paid repayment.paid "
    "renewal.intent renewal.done renewal.lost claim.create claim.update note.add reminder.create reminder.complete "
    "reminder.postpone reminder.cancel reminder.update item.done item.snooze item.dismiss item.hand_over ticket.create ticket.assign "
    "loan.intake collection.open collection.record asset.maintain asset.update ticket.close ticket.move ticket.share ticket.note ticket.paper handover.create handover.cancel member.restore assessment.start opportunity.create opportunity.update consent.record settings.set task.assign report.save report.remove journey.join journey.leave interest.told assign.client assign.accept assign.decline".split()
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires on any concept of `on` when all of `need` and none of `no` are there and `shape` is found.

    The highest `score` wins. `fill` may return None: the rule looked closer and does not apply."""

    name: str
    intent: str
    on: tuple[str, ...]
    score: int
    shape: Lazy | None
    need: frozenset[str]
    no: frozenset[str]
    fill: Fill
    quiet: bool = False  # decides in `fill`, so that its firing says nothing about what else may be meant


@cache
def _concepts(words: str) -> frozenset[str]:
    """One set for all rules that name the same concepts."""
    return frozenset(map(sys.intern, words.split()))


def rule(
    intent: str, score: int, on: str, fill: Fill, *, shape: str | None = None, need: str = "", no: str = "", name: str = "", quiet: bool = False,
) -> Rule:
    """A rule in one line: concepts are separated by spaces. In `shape`, `.` never crosses a sentence end."""
    return Rule(
        name or f"{intent}:{score}", sys.intern(intent), tuple(map(sys.intern, on.split())), score, lazy(shape) if shape else None,
        _concepts(need), _concepts(no), fill, quiet,
    )


def nothing(s: Sentence, match: re.Match[str] | None) -> Slots:
    """For intents without slots."""
    return {}
