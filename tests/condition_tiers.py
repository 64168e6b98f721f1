"""The built-in packs with insurance tiers by condition, as the comment in `common/tags.yaml` shows it."""

from __future__ import annotations

import re
from dataclasses import replace

from config.pack import BUILT_IN, Packs, Tier

SAMPLE = re.compile(r"^#\s+- \{name: (\w+), rank: \d, .*?when: (.+)\}$", re.MULTILINE)


def written() -> dict[str, str]:
    """The conditions of the sample by tier, the highest first."""
    return dict(SAMPLE.findall((BUILT_IN / "common" / "tags.yaml").read_text()))


def insurance_by_condition(packs: Packs, **conditions: str | None) -> Packs:
    """With the conditions of the sample, or with these instead."""
    said = {**written(), **conditions}

    def conditioned(tier: Tier) -> Tier:
        return tier.model_copy(update={"when": said[tier.name]})

    schemes = tuple(
        s.model_copy(update={"tiers": tuple(map(conditioned, s.tiers))}) if s.name == "insurance_tier" else s
        for s in packs.tiers
    )
    return replace(packs, version=f"by conditions {said}", tiers=schemes)


def insurance_by_hand(packs: Packs) -> Packs:
    """Without any condition, as a firm has it that sets these tiers by hand."""
    return insurance_by_condition(packs, **dict.fromkeys(written()))
