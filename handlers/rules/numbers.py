"""Which rule is meant: R12."""

from __future__ import annotations

from config.pack import ReminderRule
from handlers.context import Context
from handlers.language import Meaning
from storage.model.errors import NotFound


def rule_said(ctx: Context, meaning: Meaning) -> tuple[int, ReminderRule]:
    """The number that was said, and its rule in force (switched on or off). Raises NotFound."""
    number, rule_id = rule_id_said(ctx, meaning)
    rule = ctx.uow.rules.in_force().find(rule_id)
    if rule is None:
        why = ctx.uow.rules.in_force().broken.get(rule_id)
        raise NotFound(f"R{number} 现在没有生效的版本。{why or ''}发送「规则历史 R{number}」查看。")
    return number, rule


def rule_id_said(ctx: Context, meaning: Meaning) -> tuple[int, str]:
    """The number that was said, and the id it stands for. Raises NotFound."""
    number = int(meaning.get("number") or 0)
    rule_id = ctx.uow.rules.id_of(number)
    if rule_id is None:
        raise NotFound(f"没有规则 R{number}。发送「提醒规则」查看编号。")
    return number, rule_id


def of_pack(ctx: Context, rule_id: str) -> ReminderRule | None:
    """The rule as its pack has it; None for one that operations made."""
    return next((rule for rule in ctx.packs.rules if rule.id == rule_id), None)

