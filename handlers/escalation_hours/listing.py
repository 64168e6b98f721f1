"""The hours of escalation in force and who set them."""

from __future__ import annotations

from handlers.approvals import DECIDERS
from handlers.context import Context
from handlers.escalation_hours.deciding import SETTING
from handlers.escalation_hours.forms import now_in_force
from handlers.escalation_hours.words import NAME, rows_of
from handlers.language import Meaning
from handlers.router import command
from storage.escalation import SETTING as SUBJECT
from storage.model.people import Role

READ: tuple[Role, ...] = (*DECIDERS, "adviser")


@command("escalation.hours", group="运营", help="看提醒放多久告诉主管、算漏办", example="升级时间", roles=READ)
def show_hours(ctx: Context, meaning: Meaning) -> None:
    """The limits by category, the version and its author, and what waits for approval."""
    limits, book = now_in_force(ctx), ctx.uow.escalations.in_force()
    ctx.say("\n".join([
        f"{NAME}（{SETTING.origin(ctx, SUBJECT)}），按工作小时算，午休和节假日不算：",
        *(f"{category}：{told}" for category, told in rows_of(limits).items()), *SETTING.waiting_line(ctx, SUBJECT),
        *([f"批准过的版本现在不能用：{book.broken}"] if book.broken else []),
    ]))  # fmt: skip
