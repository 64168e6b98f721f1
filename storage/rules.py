"""The reminder rules in force: those of the packs, and over them what operations have put in force since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from config.pack import Packs, ReminderRule, rule_problems
from storage.conditions.checking import unreadable, untellable
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.versions import Version


@dataclass(frozen=True)
class RuleBook:
    """`rules` in the order of the packs, the rules of operations behind them in the order of their making; those that
    are switched off are among them. `steps` are those of the journeys, which are set in packs alone. `versions` by
    rule id, for rules that operations have set; `broken` says of rules that fit no longer (a template or a field was
    taken out of the packs since) why: until they are mended, the pack's own rule of that id counts, or none."""

    rules: tuple[ReminderRule, ...]
    steps: tuple[ReminderRule, ...]
    versions: Mapping[str, Version]
    broken: Mapping[str, str]

    @staticmethod
    def of(packs: Packs) -> RuleBook:
        """Nothing but the packs'."""
        return RuleBook(packs.rules, packs.steps, {}, {})

    @cached_property
    def lines(self) -> tuple[ReminderRule, ...]:
        """The rules by receiver, as they are planned."""
        return (*(line for rule in self.rules for line in rule.lines()), *self.steps)

    @cached_property
    def enabled_lines(self) -> tuple[ReminderRule, ...]:
        return tuple(line for line in self.lines if line.enabled)

    @cached_property
    def _by_id(self) -> Mapping[str, ReminderRule]:
        return {rule.id: rule for rule in (*self.lines, *self.rules)}

    def find(self, rule_id: str) -> ReminderRule | None:
        """The rule or line that made a reminder; None for one set by hand or by a rule that is no more."""
        return self._by_id.get(rule_id)


def overlaid(dictionary: Dictionary, versions: Iterable[Version]) -> RuleBook:
    """The packs' rules under the versions that are in force, oldest rule first."""
    rules: dict[str, ReminderRule] = {rule.id: rule for rule in dictionary.packs.rules}
    known, broken = {version.subject: version for version in versions}, {}
    for rule_id, version in known.items():
        if version.body is None:
            continue
        rule, why = _read(version.body, dictionary)
        if rule is not None:
            rules[rule_id] = rule
            continue
        broken[rule_id] = why
        if rule_id in rules and not version.body.get("enabled", True):
            rules[rule_id] = rules[rule_id].model_copy(update={"enabled": False})  # stopped stays stopped
    return RuleBook(tuple(rules.values()), dictionary.packs.steps, known, broken)


def _read(body: Mapping[str, object], dictionary: Dictionary) -> tuple[ReminderRule | None, str]:
    try:
        rule = rule_in(body)
    except Invalid as error:
        return None, str(error)
    why = "；".join(problems_of(rule, dictionary))
    return (None, why) if why else (rule, "")


def rule_in(body: Mapping[str, object]) -> ReminderRule:
    """The rule that a version holds, be it fit for the packs or not. Raises Invalid for one of an older form."""
    try:
        return ReminderRule.model_validate(body)
    except ValidationError:
        raise Invalid("规则的写法已经变了，请重新编辑。") from None


def problems_of(rule: ReminderRule, dictionary: Dictionary, role: str = "system") -> list[str]:
    """Everything that keeps a rule from being put in force by a member of `role`, in Chinese."""
    conditions = [reason for _, reason in (*unreadable(rule, dictionary, role), *untellable(rule, dictionary))]
    return [*rule_problems(rule, dictionary.packs), *conditions]
