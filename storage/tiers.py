"""The tier standard in force: from which assets a client belongs to which tier, by the pack or as operations set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from config.pack import Packs, Tier, TierScheme
from storage.model.errors import Invalid
from storage.model.values import money_text
from storage.model.versions import Version


@dataclass(frozen=True)
class Standard:
    """`scheme` is the client field that holds the tier; `tiers` begin at their `assets_from`, lowest first, which is 0.
    `version` is 0 for the pack's."""

    scheme: str
    label: str
    tiers: tuple[Tier, ...]
    version: int = 0

    @staticmethod
    def of(packs: Packs) -> Standard | None:
        """The pack's own; None when no scheme goes by assets."""
        scheme = packs.asset_scheme
        return None if scheme is None else Standard(scheme.name, scheme.label, _ordered(scheme))

    @cached_property
    def floors(self) -> Mapping[str, int]:
        """In yuan by the name of the tier, lowest first."""
        return {tier.name: tier.assets_from or 0 for tier in self.tiers}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """1 for the lowest."""
        return {tier.name: place for place, tier in enumerate(self.tiers, 1)}

    def tier_for(self, amount: Decimal) -> Tier:
        """Where an amount belongs; a debt counts as nothing."""
        reached = [tier for tier in self.tiers if amount >= (tier.assets_from or 0)]
        return reached[-1] if reached else self.tiers[0]

    def find(self, word: str) -> Tier | None:
        """The tier of this name or synonym."""
        return next((tier for tier in self.tiers if word == tier.name or word in tier.synonyms), None)

    def with_floors(self, floors: Mapping[str, int], version: int = 0) -> Standard:
        """The same tiers from other amounts. Raises Invalid with everything that makes no sense."""
        if problems := list(self._problems(floors)):
            raise Invalid("；".join(problems) + "。")
        tiers = tuple(tier.model_copy(update={"assets_from": floors[tier.name]}) for tier in self.tiers)
        return Standard(self.scheme, self.label, tiers, version)

    def _problems(self, floors: Mapping[str, int]) -> Sequence[str]:
        if set(floors) != set(self.floors):
            return ["这一版的等级和业务包里的不一样，请重新编辑"]
        names = [tier.name for tier in self.tiers]
        if floors[names[0]] != 0:
            return [f"「{names[0]}」是最低一档，从 0 起，不能改"]
        return [
            f"「{higher}」（{money_text(floors[higher])}）要高于「{lower}」（{money_text(floors[lower])}）"
            for lower, higher in pairwise(names) if floors[higher] <= floors[lower]
        ]


@dataclass(frozen=True)
class StandardBook:
    """`standard` is in force, None when no scheme of the packs goes by assets; `version` who set it, None for the
    pack's. `broken` says why a version that was approved fits the packs no longer: the pack's own counts meanwhile."""

    standard: Standard | None
    version: Version | None = None
    broken: str = ""


def overlaid(packs: Packs, versions: Sequence[Version]) -> StandardBook:
    """The pack's standard under the version of it that is in force."""
    own = Standard.of(packs)
    version = next((v for v in versions if own is not None and v.subject == own.scheme), None)
    if own is None or version is None:
        return StandardBook(own)
    if version.body is None:
        return StandardBook(Standard(own.scheme, own.label, own.tiers, version.version), version)
    try:
        return StandardBook(own.with_floors(floors_in(version.body), version.version), version)
    except Invalid as error:
        return StandardBook(own, None, str(error))


def floors_in(body: Mapping[str, Any]) -> Mapping[str, int]:
    """What a version holds. Raises Invalid for one of another form."""
    floors = body.get("floors")
    if not isinstance(floors, Mapping) or not all(isinstance(amount, int) for amount in floors.values()):
        raise Invalid("分层标准的写法已经变了，请重新编辑。")
    return floors


def _ordered(scheme: TierScheme) -> tuple[Tier, ...]:
    return tuple(sorted(scheme.tiers, key=lambda tier: tier.rank))
