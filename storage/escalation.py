"""When reminders that nobody handles climb: the hours of the packs, or as operations set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from config.pack import Escalation, Packs
from storage.model.errors import Invalid
from storage.model.versions import Version

SETTING = "escalation"  # what versions of the hours are versions of


@dataclass(frozen=True)
class EscalationBook:
    """`limits` are in force, by category in the order of the packs; `version` set them, None for the packs' own.
    `broken` says why a version that was approved fits the packs no longer: the packs' count meanwhile."""

    limits: Mapping[str, Escalation]
    version: Version | None = None
    broken: str = ""


def overlaid(packs: Packs, versions: Sequence[Version]) -> EscalationBook:
    """The packs' hours under the version of them that is in force."""
    own = hours_of(packs)
    version = next((found for found in versions if found.subject == SETTING), None)
    if version is None or version.body is None:
        return EscalationBook(own, version)
    try:
        return EscalationBook(with_hours(own, hours_in(version.body)), version)
    except Invalid as error:
        return EscalationBook(own, None, str(error))


def hours_of(packs: Packs) -> Mapping[str, Escalation]:
    """The packs' own."""
    return {limit.name: limit for limit in packs.escalations}


def with_hours(own: Mapping[str, Escalation], hours: Mapping[str, tuple[int, int]]) -> Mapping[str, Escalation]:
    """The same categories with other hours: (until it climbs, until it is missed). A category that is not named keeps
    its own, one that the packs have no more is left out. Raises Invalid for hours that make no sense."""
    try:
        return {name: _changed(limit, hours.get(name)) for name, limit in own.items()}
    except ValidationError:
        raise Invalid("升级时间要写 1 到 2000 的整数小时，漏办时间要比它长。") from None


def _changed(limit: Escalation, hours: tuple[int, int] | None) -> Escalation:
    return limit if hours is None else Escalation(name=limit.name, to_manager=hours[0], missed=hours[1])


def hours_in(body: Mapping[str, Any]) -> Mapping[str, tuple[int, int]]:
    """What a version holds. Raises Invalid for one of another form."""
    hours = body.get("hours")
    if not isinstance(hours, Mapping) or not all(_is_pair(pair) for pair in hours.values()):
        raise Invalid("升级时间的写法已经变了，请重新编辑。")
    return {name: (pair[0], pair[1]) for name, pair in hours.items()}


def body_of(limits: Mapping[str, Escalation]) -> dict[str, Any]:
    """The hours as a version holds them."""
    return {"hours": {name: [limit.to_manager, limit.missed] for name, limit in limits.items()}}


def _is_pair(found: object) -> bool:
    return isinstance(found, list | tuple) and len(found) == 2 and all(isinstance(hours, int) for hours in found)
