"""What other hours of escalation would do to what lies unhandled now (试算)."""

from __future__ import annotations

from datetime import timedelta

from handlers.context import Context
from handlers.escalation_hours.words import Limits, label
from reminders.working_hours import WorkingHours
from storage.repositories.unhandled import UnhandledRepository

_HOUR = timedelta(hours=1)


def trial_text(ctx: Context, before: Limits, after: Limits) -> str:
    """How many reminders of the whole firm have lain longer than the limits, by category; numbers alone, for
    operations see no clients."""
    new, old = _lying(ctx, after), _lying(ctx, before)
    ctx.uow.audit.record("try", "escalation", "*", hits=sum(new.values()))
    lines = [
        f"{label(name)}：{new.get(name, 0)} 件（现在的标准 {old.get(name, 0)} 件）"
        for name in after if new.get(name, 0) != old.get(name, 0)
    ]
    head = f"试算：按这个标准，放着没处理该告诉主管的有 {sum(new.values())} 件，现在的标准是 {sum(old.values())} 件。"
    return "\n".join([head, *lines, "已经告诉过主管的不再告诉一遍；批准后从下一个工作小时起按新的标准。"])


def _lying(ctx: Context, limits: Limits) -> dict[str, int]:
    hours = WorkingHours.of(ctx.packs, ctx.zone)
    return UnhandledRepository(ctx.uow).count(
        {name: hours.before(ctx.now, _HOUR * limit.to_manager) for name, limit in limits.items()}
    )
