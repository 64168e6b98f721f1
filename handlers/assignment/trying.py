"""What other rules would do (试算): who would have got how many of the clients of the last months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handlers.context import Context
from reminders.assigning import dealt
from storage.assignments import Assignments

LOOKED_BACK = 90  # days
MOST_LINES = 15
MOST_DEALT = 1000  # clients; more tell nothing else, and operations wait for the answer
_NOBODY = "没有人合适（留给主管）"


def trial_text(ctx: Context, before: Assignments, after: Assignments) -> str:
    """Numbers alone, for operations see no clients; beside each what it is by the rules in force."""
    since = ctx.now - timedelta(days=LOOKED_BACK)
    prospects = ctx.uow.offers.prospects_since(since, MOST_DEALT)[::-1]
    people = ctx.uow.users.all("adviser")
    loads = ctx.uow.offers.loads([user.id for user in people])
    away = ctx.uow.covers.stand_ins(ctx.now)
    new, old = (dealt(value.rules, prospects, people, loads, away) for value in (after, before))
    ctx.uow.audit.record("try", "assignment", "*", hits=len(prospects))
    count = len(prospects)
    who = f"客户里最后的 {count} 位" if count == MOST_DEALT else f" {count} 位客户"
    head = f"试算：近 {LOOKED_BACK} 天新建的{who}，要是都按规则分，从现在各人手上的客户数算起："
    return "\n".join([head, *_lines(ctx, new, old), "已经有顾问的客户不动；批准后只管新来的和离职交接的。"])


def _lines(ctx: Context, new: Mapping[str, int], old: Mapping[str, int]) -> list[str]:
    names = ctx.uow.users.names() | {"": _NOBODY}
    told = sorted({*new, *old}, key=lambda user: (-new.get(user, 0), user))
    lines = [
        f"{names.get(user, user)}：{new.get(user, 0)} 位（现在的规则 {old.get(user, 0)} 位）"
        for user in told[:MOST_LINES]
    ]
    return lines + ([f"……还有 {len(told) - MOST_LINES} 位同事"] if len(told) > MOST_LINES else [])
