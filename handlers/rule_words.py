"""Reminder rules of the packs in words."""

from __future__ import annotations

from collections.abc import Sequence

from config.pack import SILENCE, Packs, ReminderRule


def offsets_text(offsets: Sequence[int]) -> str:
    """提前 60、30 天，当天，过后 10 天"""
    before = [str(-n) for n in sorted(offsets) if n < 0]
    after = [str(n) for n in sorted(offsets) if n > 0]
    parts = [f"提前 {'、'.join(before)} 天"] if before else []
    parts += ["当天"] if 0 in offsets else []
    parts += [f"过后 {'、'.join(after)} 天"] if after else []
    return "，".join(parts)


def source_text(rule: ReminderRule, packs: Packs) -> str:
    """What the rule counts from: 保单的到期日, 客户的生日 …"""
    if rule.source == SILENCE:
        return "超过等级规定的联系天数"
    record = {"client": "客户", "contract": "合同", "instalment": "每期"}.get(rule.source_record, "")
    kinds = "、".join(packs.kind(kind).label for kind in rule.kinds)
    return f"{kinds or record}的{packs.field(rule.source_record, rule.source_field).label}"


def rule_text(rule: ReminderRule, packs: Packs) -> str:
    """One rule in a line: 续保：保单的到期日，提前 60、30、7、1 天，当天（08:30，启用）"""
    switched = "启用" if rule.enabled else "停用"
    return f"{rule.label}：{source_text(rule, packs)}，{offsets_text(rule.offsets)}（{rule.hour}，{switched}）"
