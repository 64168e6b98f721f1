"""Who gets a client by the rules of assignment: the first rule that fits him and has somebody, and of those who may
have him the one with the fewest clients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from config.pack import AssignmentRule
from storage.model.offers import Prospect
from storage.model.people import User

Rules = Sequence[AssignmentRule]
_Named = Sequence[tuple[AssignmentRule, Sequence[User]]]  # each rule with those whom it names, full or not


def pick(
    rules: Rules, prospect: Prospect, people: Iterable[User], loads: Mapping[str, int], away: Collection[str] = ()
) -> tuple[User, AssignmentRule] | None:
    """The adviser for a client and the rule that chose him; None where no rule has anybody."""
    return _first(_named(rules, list(people)), prospect, loads, away)


def dealt(
    rules: Rules, prospects: Iterable[Prospect], people: Sequence[User], loads: Mapping[str, int],
    away: Collection[str] = (),
) -> dict[str, int]:
    """How many of these clients each member would get, one after the other; "" for those whom nobody would."""
    named, running, got = _named(rules, people), dict(loads), dict[str, int]()
    for prospect in prospects:
        chosen = _first(named, prospect, running, away)
        name = chosen[0].id if chosen else ""
        running[name] = running.get(name, 0) + 1
        got[name] = got.get(name, 0) + 1
    return got


def _first(
    named: _Named, prospect: Prospect, loads: Mapping[str, int], away: Collection[str]
) -> tuple[User, AssignmentRule] | None:
    for rule, people in named:
        if _fits(rule, prospect) and (found := _takers(rule, prospect, people, loads, away)):
            return min(found, key=lambda user: (loads.get(user.id, 0), user.id)), rule
    return None


def _fits(rule: AssignmentRule, prospect: Prospect) -> bool:
    """Whether the rule is about such a client."""
    here = not rule.regions or any(prospect.city.startswith(region.rstrip("市省")) for region in rule.regions)
    return here and (not rule.tiers or bool(prospect.tiers & set(rule.tiers)))


def _takers(
    rule: AssignmentRule, prospect: Prospect, people: Sequence[User], loads: Mapping[str, int], away: Collection[str]
) -> Sequence[User]:
    """Who is not full; rather those who are there than away, of the client's line than of another, under the manager he
    should stay with than elsewhere."""
    found = [user for user in people if rule.most is None or loads.get(user.id, 0) < rule.most]
    there = [user for user in found if user.id not in away] or found
    of_line = [user for user in there if prospect.line and user.line == prospect.line] or there
    return [user for user in of_line if prospect.near and user.manager_id == prospect.near] or of_line


def _named(rules: Rules, people: Sequence[User]) -> _Named:
    return [(rule, [user for user in people if _names(rule, user)]) for rule in rules]


def _names(rule: AssignmentRule, user: User) -> bool:
    return (
        user.role == "adviser" and user.active
        and (not rule.lines or user.line in rule.lines)
        and (not rule.members or user.id in rule.members)
        and (not rule.teams or any(f"/{team}/" in user.path for team in rule.teams))
    )
