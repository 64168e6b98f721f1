"""What is to be done: today, on another day, and all reminders of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from handlers import reminder_cards, reminder_setting  # noqa: F401  (registers their actions and commands)
from handlers.context import Context
from handlers.conversation import Conversation, Listing
from handlers.follow_ups import moment_text
from handlers.language import Meaning, When
from handlers.paging import NO_MORE, pager
from handlers.reminder_items import FAR, open_reminders, show_reminders
from handlers.router import REMINDED, command
from reminders.briefs import NOTHING, Brief, agenda, brief_page, open_today
from reminders.calendar import DAY, day_bounds, local_instant
from reminders.cards import reminder_card
from reminders.preview import coming
from reminders.wording import category_word
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.work import Reminder

_STATUSES = {"open": "未完成", "overdue": "逾期", "done": "近 30 天已完成", "cancelled": "近 30 天已取消"}


def remember_list(uow: UnitOfWork, user: User, kind: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Keep a numbered list that was pushed as the member's current one, so that 「1 已联系」 is understood; one that he
    asked for a moment ago keeps its numbers first."""
    conversation = Conversation.from_json(uow.conversations.load(user.id), uow.now)
    conversation.push_list(kind, items)
    uow.conversations.save(user.id, conversation.to_json())


@command("agenda.today", group="待办", help="今天要做的事", example="今日待办", roles=REMINDED)
def today(ctx: Context, meaning: Meaning) -> None:
    """Everything open for today and from before, the most pressing first, numbered."""
    found = agenda(ctx.uow, ctx.user, ctx.zone)
    if found is None:
        ctx.say(NOTHING)
    else:
        _show(ctx, found)


def _show(ctx: Context, found: Brief) -> None:
    ctx.show(found.message)
    ctx.conversation.show_list("brief", found.items, found.page)


@pager("brief")
def brief_pages(ctx: Context, listing: Listing, page: int) -> None:
    """Another page of the brief: numbers stay what they were."""
    ids = [item["reminder"] for item in listing.items]
    found = brief_page(ctx.uow, ctx.user, ctx.zone, ids, page)
    if found is None:
        ctx.say(NO_MORE)
    else:
        _show(ctx, found)


@command("suggest.next", group="待办", help="接下来先做什么", example="接下来做什么", roles=REMINDED)
def next_thing(ctx: Context, meaning: Meaning) -> None:
    """The card of the most pressing open item."""
    found = open_today(ctx.uow, ctx.user, ctx.zone)
    if not found:
        ctx.say(NOTHING)
        return
    ctx.say(f"今天还有 {len(found)} 件，先做这件：")
    ctx.show(reminder_card(ctx.uow, found[0], ctx.user, ctx.zone, company=ctx.company))


@command("agenda.day", group="待办", help="看某天的日程", example="明天日程", roles=REMINDED)
def day(ctx: Context, meaning: Meaning) -> None:
    """What is set for the days said, in the order of time; tomorrow when none were said."""
    said = meaning.get("range")
    first = last = ctx.today + timedelta(days=1)
    if isinstance(said, When) and said.problem != "impossible":
        first, last = said.date, said.last_date
    if first == last == ctx.today:
        today(ctx, meaning)
        return
    start, _ = day_bounds(first, ctx.zone)
    _, end = day_bounds(last, ctx.zone)
    found = ctx.uow.reminders.open_between(ctx.user.id, start, end)
    planned = _planned(ctx, first, last)
    words = f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
    if not found and not planned:
        ctx.say(f"{words} 还没有安排。例如发送「周三下午3点 提醒我见王芳」可安排。")
        return
    show_reminders(ctx, f"{words} 日程 {len(found) + len(planned)} 项：", found, planned)


def _planned(ctx: Context, first: date, last: date) -> list[dict[str, Any]]:
    """What the rules will bring up on these days, as far as they lie ahead; at most two weeks of them."""
    days = [first + DAY * n for n in range(min((last - first).days, 13) + 1)]
    coming_up = [(day, c) for day in days if day > ctx.today for c in coming(ctx.uow, ctx.user, day, ctx.zone)]
    heads = ctx.uow.clients.heads({c.client_id for _, c in coming_up})
    return [
        {
            "client_id": c.client_id, "name": heads[c.client_id].name,
            "line": f"{_day_text(ctx, day)} {heads[c.client_id].name} {category_word(c.category)}（系统提醒）",
        }
        for day, c in coming_up if c.client_id in heads
    ]


def _day_text(ctx: Context, day: date) -> str:
    return moment_text(ctx, local_instant(day, time(), ctx.zone), timed=False)


@command("reminder.list", group="待办", help="我设的和系统提的全部提醒", example="我的提醒", roles=REMINDED)
def list_reminders(ctx: Context, meaning: Meaning) -> None:
    """The reader's reminders: open ones, or overdue, done or cancelled ones; of some days or one client."""
    status = str(meaning.get("status") or "open")
    found = _overdue(ctx) if status == "overdue" else open_reminders(ctx)
    if status in ("done", "cancelled"):
        found = ctx.uow.reminders.closed_since(ctx.user.id, ctx.now - timedelta(days=30), status)
    if isinstance(meaning.get("client_id"), int):
        found = [r for r in found if r.client_id == meaning.slots["client_id"]]
    said = meaning.get("range")
    if isinstance(said, When) and said.problem != "impossible":
        found = [r for r in found if said.date <= ctx.local(r.remind_at).date() <= said.last_date]
    word = _STATUSES.get(status, "")
    if not found:
        ctx.say(f"没有{word}的提醒。")
        return
    show_reminders(ctx, f"{word}的提醒 {len(found)} 条：", found)


def _overdue(ctx: Context) -> list[Reminder]:
    """Open and shown since yesterday or longer."""
    start, _ = day_bounds(ctx.today, ctx.zone)
    return ctx.uow.reminders.open_between(ctx.user.id, ctx.now - FAR, start)
