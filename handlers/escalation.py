"""What lies unhandled in the team: the supervisor's list, and a word to whoever has it (R150)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from config.pack import role_reminded
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.reminder_acts import is_open
from handlers.reminder_giving import colleague
from handlers.reminder_items import numbered, title_of
from handlers.router import command
from reminders.cards import reminder_card
from reminders.escalation import KIND, items_of, missed
from reminders.push_times import whom
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import Actor, User
from storage.model.work import Reminder
from storage.scope import sees

_HOW = "回复「1 催办」提醒本人，「1 转交 姓名」换人处理。"


@command("escalation.list", group="团队", help="放了很久没处理的待办", example="漏办清单", roles=("manager",))
def list_unhandled(ctx: Context, meaning: Meaning) -> None:
    """Everything in the team that climbed to its supervisor and is still open, the longest waiting first; of one
    member, or only what counts as missed care, where that was asked."""
    one = colleague(ctx, str(meaning.slots["member"])) if meaning.get("member") else None
    found = missed(ctx.uow, ctx.zone) if meaning.get("missed") else ctx.uow.reminders.escalated()
    found = [r for r in found if (r.receiver_id == one.id if one else r.receiver_id != ctx.user.id)]
    what = "漏办" if meaning.get("missed") else "放了很久没处理"
    if not found:
        ctx.say(f"{one.name if one else '团队里'}没有{what}的待办。")
        return
    names = ctx.uow.users.names()
    counts = Counter(names.get(r.receiver_id, r.receiver_id) for r in found)
    told = "" if one else f"（{'、'.join(f'{name} {number}' for name, number in counts.most_common())}）"
    head = f"{one.name if one else ''}{what}的待办 {len(found)} 件{told}。{_HOW}"
    show_lines(ctx, KIND, head, items_of(ctx.uow, ctx.user, found, ctx.zone))


@command("item.nudge", group="团队", help="催同事处理", example="1 催办", roles=("manager",))
def nudge(ctx: Context, meaning: Meaning) -> None:
    """Send whoever has the items a word and the card of each, to be finished right there."""
    if not meaning.get("indexes"):
        raise Invalid("请说明催哪一件：先发送「漏办清单」，再回复例如「1 催办」。")
    found = [item.reminder for item in numbered(ctx, meaning) if is_open(ctx, item) and item.reminder is not None]
    names = [_nudge(ctx, reminder) for reminder in found]
    if names:
        ctx.wrote_for_good("催办")
        ctx.say(f"已提醒{'、'.join(dict.fromkeys(names))}：{'、'.join(title_of(reminder) for reminder in found)}。")


def without_name(ctx: Context, reminder: Reminder, receiver: User) -> Reminder:
    """The reminder as its receiver reads it: a member of a role is not told by a superior whose client it is. The same
    object when he may know."""
    if role_reminded(reminder.rule) is None:
        return reminder
    owner = ctx.uow.users.get(reminder.owner_id)
    return reminder if sees(Actor.of(receiver), owner) else replace(reminder, client_name=f"{owner.name}的客户")


def _nudge(ctx: Context, reminder: Reminder) -> str:
    """Raises Invalid for one's own item or one of somebody who has left; says who was told."""
    receiver = ctx.uow.users.find(whom(reminder, ctx.uow.covers.stand_ins(ctx.now)))
    if reminder.receiver_id == ctx.user.id:
        raise Invalid(f"「{title_of(reminder)}」在您自己名下，没有人可催。发送「今日待办」处理。")
    if receiver is None or not receiver.active:
        raise Invalid(f"「{title_of(reminder)}」的负责人已经离开，催不到人。请回复「1 转交 姓名」换人处理。")
    told = without_name(ctx, reminder, receiver)
    ctx.tell(receiver.id, Text(f"{ctx.user.name} 提醒您：「{title_of(told)}」放了一段时间了，请尽快处理。"))
    if told is reminder:
        ctx.tell(receiver.id, reminder_card(ctx.uow, reminder, receiver, ctx.zone, company=ctx.company))
    ctx.uow.audit.record("nudge", "reminder", reminder.id, client_id=reminder.client_id, to=receiver.id)
    return receiver.name
