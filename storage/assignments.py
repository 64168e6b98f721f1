"""Who gets a client without an adviser: the rules of the packs, or as operations set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from config.pack import AssignmentRule, Packs
from storage.model.errors import Invalid
from storage.model.versions import Version

SETTING = "assignment"  # what versions of the rules are versions of
USUAL_HOURS = 4  # where no pack says
LONGEST = 200  # working hours


@dataclass(frozen=True)
class Assignments:
    """`rules` in the order in which they are asked, and within how many working hours an adviser is to accept."""

    rules: tuple[AssignmentRule, ...]
    hours: int


@dataclass(frozen=True)
class AssignmentBook:
    """What is in force; `version` set it, None for the packs' own. `broken` says why a version that was approved fits
    the packs no longer: the packs' own counts meanwhile."""

    now: Assignments
    version: Version | None = None
    broken: str = ""

    @property
    def number(self) -> int:
        """The version's; 0 for the packs' own."""
        return self.version.version if self.version else 0


def overlaid(packs: Packs, versions: Sequence[Version]) -> AssignmentBook:
    """The packs' rules under the version of them that is in force."""
    version = next((found for found in versions if found.subject == SETTING), None)
    if version is None or version.body is None:
        return AssignmentBook(assignments_of(packs), version)
    try:
        return AssignmentBook(assignments_in(packs, version.body), version)
    except Invalid as error:
        return AssignmentBook(assignments_of(packs), None, str(error))


def assignments_of(packs: Packs) -> Assignments:
    """The packs' own."""
    hours = next((limit.hours for limit in packs.limits if limit.name == "accept"), USUAL_HOURS)
    return Assignments(tuple(sorted(packs.assignments, key=lambda rule: rule.order)), hours)


def assignments_in(packs: Packs, body: Mapping[str, Any]) -> Assignments:
    """What a version holds. Raises Invalid for one that does not fit the packs any more."""
    try:
        found = tuple(AssignmentRule.model_validate(rule) for rule in body["rules"])
        hours = int(body["hours"])
    except (ValidationError, KeyError, TypeError, ValueError):
        raise Invalid("客户分配规则的写法已经变了，请重新编辑。") from None
    known = {tier.name for scheme in packs.tiers for tier in scheme.tiers}
    if gone := [tier for rule in found for tier in rule.tiers if tier not in known]:
        raise Invalid(f"没有客户等级「{gone[0]}」了，请重新编辑客户分配规则。")
    return checked(Assignments(found, hours))


def checked(value: Assignments) -> Assignments:
    """Raises Invalid for rules that make no sense."""
    if not 1 <= value.hours <= LONGEST:
        raise Invalid(f"接受时间要写 1 到 {LONGEST} 个工作小时。")
    if not value.rules:
        raise Invalid("至少要留一条分配规则。")
    return value


def body_of(value: Assignments) -> dict[str, Any]:
    """The rules as a version holds them."""
    rules = [rule.model_dump(mode="json", exclude_defaults=True) for rule in value.rules]
    return {"rules": rules, "hours": value.hours}
