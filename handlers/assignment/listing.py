"""The rules of assignment in force, who set them, and what the advisers have."""

from __future__ import annotations

from handlers.approvals import DECIDERS
from handlers.assignment.deciding import SETTING
from handlers.assignment.reading import EXAMPLE
from handlers.assignment.words import NAME, rows_of
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from storage.assignments import SETTING as SUBJECT

MOST_LINES = 20


@command("assign.show", group="运营", help="看没有顾问的新客户分给谁", example="客户分配 规则 查看", roles=DECIDERS)
def show_rules(ctx: Context, meaning: Meaning) -> None:
    """The rules, the version and its author, what waits for approval, and how many clients each adviser has: a manager
    reads of his team, the others of everybody."""
    book = ctx.uow.assignments.in_force()
    ctx.say("\n".join([
        f"{NAME}规则（{SETTING.origin(ctx, SUBJECT)}），从上往下第一条合适的算：",
        *(f"{name}：{row}" for name, row in rows_of(book.now, ctx.uow.users.names()).items()),
        "不接受或没有按时答复的给下一位；没有人接受的转给主管。", *SETTING.waiting_line(ctx, SUBJECT),
        *([f"批准过的版本现在不能用：{book.broken}"] if book.broken else []), *_loads(ctx),
        *([f"要改例如「{EXAMPLE}」。"] if ctx.user.role != "manager" else []),
    ]))  # fmt: skip


def _loads(ctx: Context) -> list[str]:
    """李想 12 位，1 位待接受"""
    is_manager = ctx.user.role == "manager"
    people = [user for user in (ctx.uow.users.team() if is_manager else ctx.uow.users.all()) if user.role == "adviser"]
    ids = [user.id for user in people]
    loads, waiting = ctx.uow.offers.loads(ids), ctx.uow.offers.open_counts(ids)
    lines = [
        f"· {user.name} {loads[user.id]} 位{f'，{waiting[user.id]} 位待接受' if user.id in waiting else ''}"
        for user in sorted(people, key=lambda one: (-loads[one.id], one.id))
    ]
    more = [f"……共 {len(lines)} 位顾问"] if len(lines) > MOST_LINES else []
    return ["您的团队现在：" if is_manager else "各位顾问现在：", *lines[:MOST_LINES], *more] if lines else []
