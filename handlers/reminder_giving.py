"""Giving things to do to a colleague of one's own team, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from handlers.context import Context
from handlers.follow_ups import moment_text
from handlers.language import Meaning
from handlers.reminder_acts import is_open
from handlers.reminder_items import numbered, title_of
from handlers.router import command
from reminders.calendar import local_instant
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import Role, User
from storage.model.work import Reminder

_RECEIVERS: tuple[Role, ...] = ("adviser", "manager")


@command("item.hand_over", group="待办", help="转交给同事", example="1 转交 小王")
def hand_over(ctx: Context, meaning: Meaning) -> None:
    """Give items to a colleague of one's own team, who is told."""
    to = colleague(ctx, str(meaning.get("to") or ""))
    given = []
    for item in numbered(ctx, meaning):
        if is_open(ctx, item) and item.reminder is not None:
            give(ctx, item.reminder, to)
            given.append(title_of(item.reminder))
    if given:
        ctx.wrote(f"已转交给 {to.name}：{'、'.join(given)}。对方会收到通知。", "转交待办")


def give(ctx: Context, reminder: Reminder, to: User) -> None:
    """Let a colleague do it, and tell him or her."""
    ctx.uow.reminders.hand_over(reminder, to.id)
    due = moment_text(ctx, local_instant(reminder.due_on, time(), ctx.zone), timed=False)
    letter = f"{ctx.user.name} 转交给您一项待办：{title_of(reminder)}（{due}）。"
    ctx.tell(to.id, Text(f"{letter}\n发送「今日待办」查看，处理后回复序号和结果。"))


def colleagues(ctx: Context) -> list[User]:
    """Whom the reader may hand things to: peers under the same manager, that manager, and the own people."""
    me = ctx.user
    return [
        user for user in ctx.uow.users.all()
        if user.id != me.id and user.role in _RECEIVERS and (
            (me.manager_id is not None and me.manager_id in (user.manager_id, user.id))
            or (me.role == "manager" and user.path.startswith(me.path))
        )
    ]


def colleague(ctx: Context, name: str) -> User:
    """The colleague of this name, 小王 and 王主管 included. Raises Invalid when there is none or several."""
    people = colleagues(ctx)
    listed = f"可以转交给：{'、'.join(user.name for user in people[:6]) or '（暂无）'}。"
    if not name:
        raise Invalid(f"请说明转交给谁，例如「1 转交 {people[0].name if people else '小王'}」。{listed}")
    return member_named(people, name, listed)


def member_named(people: Sequence[User], name: str, listed: str) -> User:
    """The one of `people` who is called so, 小王 and 王主管 included. Raises Invalid, with `listed` as what to choose
    from, when there is none or several."""
    found = [user for user in people if user.name == name or user.id == name.casefold()]
    core = name.lstrip("小老阿").removesuffix("主管").removesuffix("经理").removesuffix("顾问")
    found = found or [user for user in people if core and core in user.name]
    if len(found) > 1 and name.startswith("小"):  # nobody calls the boss 小王
        found = [user for user in found if user.role != "manager"]
    if len(found) != 1:
        problem = f"团队里没有「{name}」" if not found else f"团队里有 {len(found)} 位「{name}」，请说全名"
        raise Invalid(f"{problem}。{listed}")
    return found[0]
