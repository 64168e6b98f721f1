"""The conditions of reminder rules, read when the rules are: what cannot be read is refused before it is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

from config.pack import POTENTIAL, SILENCE, TAG, TIER, FieldSpec, Packs, ReminderRule
from storage.conditions.asset_change import AssetChange
from storage.conditions.facts import Age, Birthday, FieldFact, Tagged
from storage.conditions.party_facts import PATHS, Party, PartyOf
from storage.conditions.reading import Unreadable, read
from storage.conditions.record_facts import LastContact, Overdue
from storage.conditions.tree import Tree, tests_of
from storage.conditions.window_facts import COUNTS_BY, HowOften
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.people import SYSTEM

Place = tuple[str | int, ...]
_ANY_DAY = date(2025, 6, 9)  # 今天 in a condition is a different day each day; whether it can be read is not
_READERS: Mapping[str, tuple[str, str]] = {
    "owner": ("adviser", "顾问"), "supervisor": ("manager", "主管"), "compliance": ("compliance", "合规"),
    "risk": ("risk", "风控"), "claims": ("claims", "理赔"), "ops": ("ops", "运营"),
}


def check_conditions(packs: Packs) -> Iterator[tuple[str, Place, str]]:
    """What of the conditions of rules, journeys, potentials, tags and tiers cannot be read or must not be told: (what
    it is written under in `load`, place inside, reason in Chinese)."""
    dictionary = Dictionary(packs)
    for rule in packs.rules:
        for inside, reason in (*unreadable(rule, dictionary), *untellable(rule, dictionary)):
            yield rule.id, inside, reason
    for entry in (journey.entry_rule for journey in packs.journeys):
        if entry is not None:
            for inside, reason in (*unreadable(entry, dictionary), *untellable(entry, dictionary)):
                yield entry.id, ("entry", *inside), reason
    for potential in packs.potentials:
        for reason in _bad_for_advisers(potential.when, dictionary):
            yield f"{POTENTIAL}{potential.id}", ("when",), reason
    for tag in packs.earned_tags:
        for reason in _bad_for_cards(tag.when or "", dictionary, "标签", "打标签"):
            yield f"{TAG}{tag.name}", ("when",), reason
    for scheme in packs.condition_schemes:
        for index, tier in enumerate(scheme.tiers):
            for reason in _bad_for_cards(tier.when or "", dictionary, "等级", "分等级"):
                yield f"{TIER}{scheme.name}", ("tiers", index, "when"), reason


def _bad_for_cards(text: str, dictionary: Dictionary, what: str, use: str) -> Iterator[str]:
    """Why the condition of a tag or a tier cannot stand: whoever sees a card sees the outcome, so he must see what it
    is made of; and what is computed by a condition is no part of another one, or their order would decide."""
    if not text:
        return
    try:
        tree = read(text, dictionary, SYSTEM.role, _ANY_DAY)
    except Invalid as error:
        yield str(error)
        return
    by_condition = {tag.name for tag in dictionary.packs.earned_tags}
    for test in tests_of(tree):
        named = test.value if isinstance(test.value, tuple) else (test.value,)
        if isinstance(test.fact, Tagged) and (test.value is None or by_condition & {*named}):
            yield f"{what}的条件里不能再用按条件来的标签，请直接写它的条件"
    if what == "等级":
        yield from _circular(tree, dictionary.packs)
    for role, name in (("adviser", "顾问"), ("manager", "主管"), ("compliance", "合规")):
        for label in withheld(text, dictionary, role) or ():
            yield f"「{label}」{name}无权查看，不能用来{use}：看到{what}就等于知道了。"


def _circular(tree: Tree, packs: Packs) -> Iterator[str]:
    """A tier by condition that asks for such a tier."""
    computed = {f"client.{scheme.name}" for scheme in packs.condition_schemes}
    for fact in (test.fact for test in tests_of(tree)):
        if isinstance(fact, FieldFact) and fact.spec.path in computed:
            yield f"等级的条件里不能再用按条件分的等级（{fact.spec.label}），请直接写它的条件"


def _bad_for_advisers(text: str, dictionary: Dictionary) -> Iterator[str]:
    """Why a condition whose outcome is shown to advisers cannot stand."""
    try:
        read(text, dictionary, SYSTEM.role, _ANY_DAY)
    except Invalid as error:
        yield str(error)
        return
    for label in withheld(text, dictionary, "adviser") or ():
        yield f"「{label}」顾问无权查看，不能用来打分：看到分数的原因就等于知道了。"


def unreadable(
    rule: ReminderRule, dictionary: Dictionary, role: str = SYSTEM.role
) -> Iterator[tuple[Place, str]]:
    """The conditions of one rule that a reader of `role` cannot use: (place inside of the rule, reason)."""
    said = [(("when",), rule.when), *((("receivers", n, "when"), r.when) for n, r in enumerate(rule.receivers))]
    for inside, text in said:
        if text:
            try:
                read(text, dictionary, role, _ANY_DAY)
            except Invalid as error:
                yield inside, str(error)


def untellable(rule: ReminderRule, dictionary: Dictionary) -> Iterator[tuple[Place, str]]:
    """What a receiver would learn from the reminder itself, though his role may not see it: (place, reason)."""
    for n, receiver in enumerate(rule.receivers):
        role, name = _READERS[receiver.to]
        for place, label in _asked(rule, n, dictionary, role):
            yield place, f"「{label}」{name}无权查看，不能用在提醒{name}的规则里：收到提醒就等于知道了。"


def _asked(rule: ReminderRule, receiver: int, dictionary: Dictionary, role: str) -> Iterator[tuple[Place, str]]:
    """The fields that decide whether a receiver is reminded and that `role` may not see: (place, label)."""
    said: tuple[tuple[Place, str], ...] = (
        (("when",), rule.when), (("receivers", receiver, "when"), rule.receivers[receiver].when),
    )
    for place, text in said:
        yield from ((place, label) for label in (withheld(text, dictionary, role) or ()))
    paths: list[tuple[Place, str]] = [(("where", n), condition.field) for n, condition in enumerate(rule.where)]
    if rule.source != SILENCE:
        paths.append((("source",), rule.source))
    for place, path in paths:
        with suppress(KeyError):  # what names no field is found by the check of references
            spec = dictionary.field(*path.split(".", 1))
            if not dictionary.may(role, "see", spec):
                yield place, spec.label


def withheld(text: str, dictionary: Dictionary, role: str) -> list[str] | None:
    """The labels of the fields that a condition asks for and `role` may not see; None when it cannot be read."""
    if not text:
        return []
    try:
        tree = read(text, dictionary, SYSTEM.role, _ANY_DAY, kept=True)
    except Unreadable:
        return None
    asked = dict.fromkeys(spec for test in tests_of(tree) for spec in _specs(test.fact, dictionary))
    return [spec.label for spec in asked if not dictionary.may(role, "see", spec)]


def _specs(fact: object, dictionary: Dictionary) -> tuple[FieldSpec, ...]:
    match fact:
        case LastContact(spec=spec):
            return (spec, dictionary.field("client", "last_contact_at"))
        case FieldFact(spec=spec):
            return (spec,)
        case Party() | PartyOf():
            return tuple(dictionary.field(*path.split(".")) for path in PATHS if path in dictionary.packs.paths)
        case Overdue():
            return (dictionary.field("instalment", "state"), dictionary.field("instalment", "due_on"))
        case Age() | Birthday():
            return (dictionary.field("client", "birthday"),)
        case AssetChange():
            return (dictionary.field("client", "aum"),)
        case HowOften(of=sort) if COUNTS_BY[sort] in dictionary.packs.paths:
            return (dictionary.field(*COUNTS_BY[sort].split(".", 1)),)
    return ()


def rule_condition(rule: ReminderRule, dictionary: Dictionary, today: date) -> Tree | None:
    """What a rule of one receiver asks of the client besides its `where`; None where it asks nothing.

    Raises Unreadable when the packs have changed since it was checked."""
    return read(rule.when, dictionary, SYSTEM.role, today, kept=True) if rule.when else None
