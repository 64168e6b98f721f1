"""The hours of escalation in words."""

from __future__ import annotations

from collections.abc import Mapping

from config.pack import Escalation
from handlers.rule_words import CATEGORY_WORDS

NAME = "升级时间"
Limits = Mapping[str, Escalation]


def limit_text(limit: Escalation) -> str:
    """15 小时告诉主管，38 小时算漏办"""
    return f"{limit.to_manager} 小时告诉主管，{limit.missed} 小时算漏办"


def rows_of(limits: Limits) -> dict[str, str]:
    """15 小时告诉主管，38 小时算漏办 by 续保."""
    return {label(name): limit_text(limit) for name, limit in limits.items()}


def changes_text(before: Limits, after: Limits) -> str:
    """续保 告诉主管 15 → 4 小时，漏办 38 → 8 小时；…; "" when nothing changes."""
    told = []
    for name, limit in after.items():
        was = before.get(name)
        parts = [
            f"{what} {old} → {new} 小时" for what, old, new in (
                ("告诉主管", was.to_manager, limit.to_manager), ("漏办", was.missed, limit.missed),
            ) if old != new
        ] if was else [limit_text(limit)]  # fmt: skip
        told += [f"{label(name)} {'，'.join(parts)}"] if parts else []
    return "；".join(told)


def label(category: str) -> str:
    return CATEGORY_WORDS.get(category, category)
