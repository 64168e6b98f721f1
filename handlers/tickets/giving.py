"""Others on a ticket: T12 转给 周敏, @风控李 看下 T12, T12 派 老周 周三前 查勘, T12 备注 …"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from config.pack import Flow, Who
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.reminder_giving import member_named
from handlers.router import EVERYBODY, action, command
from handlers.tickets.rights import is_meant, works_on
from handlers.tickets.showing import TO, named, ticket_message
from reminders.calendar import local_instant
from storage.model.errors import Invalid, NotAllowed
from storage.model.messages import Text, cut
from storage.model.people import User
from storage.model.tickets import Ticket
from storage.model.values import mask_free_text

_PART = re.compile(
    r"(?:分?派|安排|请|让)(?:给)?\s*(?P<to>[\u4e00-\u9fff]{2,4}?)(?=\s|$|今|明|后|周|下|本|这|月|\d|去|来|在|查|于)"
)
_TAKERS: tuple[Who, ...] = ("handler", "manager", "superior")  # who may give a ticket to somebody else
WEIGHT = 80


def _member(ctx: Context, name: str) -> User:
    """An active member of the firm who is called so, 小王 and 风控李 included. Raises Invalid."""
    people = ctx.uow.users.all()
    if not name:
        raise Invalid("请说明是哪位同事。")
    for title, role in (("风控", "risk"), ("理赔", "claims"), ("合规", "compliance"), ("运营", "ops")):
        if name.startswith(title) and len(name) > len(title):
            found = [user for user in people if user.role == role and user.name.startswith(name.removeprefix(title))]
            if len(found) == 1:
                return found[0]
    listed = f"同事有：{'、'.join(user.name for user in people[:8])}。"
    return member_named(people, name, listed)


@command("ticket.assign", group="工单", help="把工单转给同事", example="T12 转给 周敏", roles=EVERYBODY)
def give(ctx: Context, meaning: Meaning) -> None:
    """Let a colleague have it. Of a flow that may be about the client's adviser that one never gets it."""
    _give(ctx, named(ctx, meaning), _member(ctx, str(meaning.get("assignee") or "")))


@action("ticket.give", roles=("manager",))
def give_to_picked(ctx: Context, args: Mapping[str, Any]) -> None:
    """A button of the card under 谁超时了. The card stays alive: its other tickets may be given, too."""
    picked = args["selections"].get(TO) or ()
    to = next((user for user in ctx.uow.users.team() if user.id in picked), None)
    if to is None:
        raise Invalid("请先在「转给」里选一位同事，再点工单。")
    _give(ctx, ctx.uow.tickets.get(int(args["ticket"])), to)


def _give(ctx: Context, ticket: Ticket, to: User) -> None:
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    check_may_have(ctx, ticket, flow, to)
    if ticket.handler_id == to.id:
        ctx.say(f"工单 {ticket.name} 本来就由 {to.name} 经办。")
        return
    given = ctx.uow.tickets.give(ticket, to)
    ctx.wrote(f"工单 {ticket.name} 已转给 {to.name}，时限照旧。", f"转给 {to.name} 的 {ticket.name}")
    if to.id != ctx.user.id:
        ctx.tell(to.id, ticket_message(ctx, given, to, f"{ctx.user.name} 转给您"))


def check_may_have(ctx: Context, ticket: Ticket, flow: Flow, to: User) -> None:
    """Raises Invalid, NotAllowed."""
    if not ticket.is_open:
        raise Invalid(f"工单 {ticket.name} 已经结束，不用再转。")
    free = ticket.handler_id is None and flow.pool == ctx.user.role
    if not free and not any(is_meant(ctx.uow, ticket, ctx.user, who) for who in _TAKERS):
        raise NotAllowed("转工单要由经办人或上级来做。")
    if _would_choose_the_decider(ticket, flow, ctx.user):
        raise NotAllowed("您是登记人，或刚刚办了上一步，不能挑由谁来审批。请由审批人或他的上级来转。")
    if flow.silent and to.id == ticket.owner_id:
        raise NotAllowed(f"{flow.label}不能交给客户自己的顾问 {to.name}，请换一位。")


def _would_choose_the_decider(ticket: Ticket, flow: Flow, user: User) -> bool:
    """Whether giving it away settles who decides about what the giver himself asked for or did."""
    follows_the_handler = any(
        move.four_eyes and {"handler", "superior"} & set(move.by) for move in flow.moves_from(ticket.state)
    )
    return follows_the_handler and user.id in (ticket.opened_by, ticket.moved_by)


@command("ticket.share", group="工单", help="请同事看一张工单", example="@周敏 看下 T12 额度", roles=EVERYBODY)
def share(ctx: Context, meaning: Meaning) -> None:
    """Let a colleague see it and write to it; what he sees of the client goes by his role."""
    ticket, to = named(ctx, meaning), _member(ctx, str(meaning.get("assignee") or ""))
    if not works_on(ctx.uow, ticket, ctx.user):
        raise NotAllowed(f"请谁一起看，要由工单 {ticket.name} 的经办人、登记人、顾问或他们的上级决定。")
    words = cut(mask_free_text(str(meaning.get("content") or "")), 300)
    ctx.uow.tickets.ask(ticket, to, words)
    ctx.wrote(f"已请 {to.name} 看工单 {ticket.name}{f'：{words}' if words else ''}。", f"请 {to.name} 看 {ticket.name}")
    if to.id != ctx.user.id:
        asked = f"{ctx.user.name} 请您看工单 {ticket.name}（{ticket.client_name}）{f'：{words}' if words else ''}。"
        ctx.tell(to.id, Text(f"{asked}\n发送「{ticket.name}」查看，「{ticket.name} 备注 …」回复。"))


@command("ticket.note", group="工单", help="给工单写备注", example="T12 备注 客户明天再来", roles=EVERYBODY)
def note(ctx: Context, meaning: Meaning) -> None:
    """Write something to it; whoever has it is told."""
    ticket, words = named(ctx, meaning), str(meaning.get("content") or "").strip()
    if not words:
        raise Invalid(f"请写上备注，例如「{ticket.name} 备注 客户明天再来」。")
    write_down(ctx, ticket, words)


def write_down(ctx: Context, ticket: Ticket, words: str, *more: str) -> None:
    """Keep words with a ticket, and say so, with `more` to say; whoever has it is told."""
    ctx.uow.tickets.note(ticket, words)
    said = f"已记在工单 {ticket.name}：{cut(mask_free_text(words), 80)}"
    ctx.wrote("\n".join([said, *more]), f"{ticket.name} 的备注")
    if ticket.handler_id and ticket.handler_id != ctx.user.id:
        said = cut(mask_free_text(words), 200)
        ctx.tell(ticket.handler_id, Text(f"{ctx.user.name} 在工单 {ticket.name} 备注：{said}"))


# ---------------------------------------------------------------- a part of the work


def wants_part(content: str) -> bool:
    """Whether the words give a part of the work to somebody: 派老周 周三前."""
    return _PART.match(content) is not None


def give_part(ctx: Context, ticket: Ticket, flow: Flow, meaning: Meaning, what: str) -> None:
    """A task with a day for a colleague, who sees the ticket from now on."""
    content = str(meaning.get("content") or "")
    match = _PART.match(content)
    to = _member(ctx, match["to"] if match else "")
    due = meaning.get("due")
    if not isinstance(due, When) or due.problem == "impossible":
        raise Invalid(f"请写上期限，例如「{ticket.name} {what} 派{to.name} 周三前」。")
    if due.last_date < ctx.today:
        raise Invalid(f"{due.last_date} 已经过了，请换一个期限。")
    day = due.date if due.date >= ctx.today else due.last_date
    ctx.uow.tickets.ask(ticket, to, f"{what}，{day:%m-%d} 前")
    ctx.uow.reminders.add(
        receiver_id=to.id, remind_at=local_instant(ctx.today, time(), ctx.zone), due_on=day, category="task",
        timed=False, weight=WEIGHT, text=f"{what}：工单 {ticket.name}（{flow.label}），{day:%m-%d} 前",
        data={"given_by": ctx.user.id, "ticket": ticket.number},
    )
    ctx.wrote(f"已派 {to.name} {what}（工单 {ticket.name}），{day:%m-%d} 前。", f"派给 {to.name} 的{what}")
    if to.id != ctx.user.id:
        of = f"工单 {ticket.name}（{flow.label}·{ticket.client_name}）"
        how = f"发送「{ticket.name}」查看，办完发送「{ticket.name} 备注 结果」。"
        ctx.tell(to.id, Text(f"{ctx.user.name} 派给您：{what}，{of}，{day:%m-%d} 前。\n{how}"))
