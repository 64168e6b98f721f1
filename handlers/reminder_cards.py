"""The buttons of reminder cards and of the morning brief. Cards are redrawn in place; a second tap does nothing twice.

`reminder.*` act on one reminder, `brief.*` on the item that was picked in the list of the brief's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.not_needed import drop
from handlers.paging import NO_MORE
from handlers.putting_off import LATER, put_off, usual_moment
from handlers.reminder_acts import complete, left_words
from handlers.reminder_giving import colleagues, give_or_ask
from handlers.reminder_items import STATE_WORDS, item_of, title_of
from handlers.router import REMINDED, action
from reminders.briefs import QUESTION, Brief, brief_page
from reminders.cards import reminder_card
from reminders.effects import REASONS
from reminders.namesakes import told_apart
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Option, Select, cut
from storage.model.work import Reminder

TO, REASON = "to", "reason"
MOST_OPTIONS = 10


# ---------------------------------------------------------------- one reminder


@action("reminder.done", roles=REMINDED)
def done(ctx: Context, args: Mapping[str, Any]) -> None:
    """Finish the reminder of the card."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    _, line = complete(ctx, item_of(ctx, 1, {"reminder": reminder.id}), "")
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已完成")
    ctx.wrote("\n".join(filter(None, [line, left_words(ctx, reminder)])), f"完成「{title_of(reminder)}」")


def _of_card(ctx: Context, args: Mapping[str, Any]) -> Reminder | None:
    """The reminder of a card, still open; None after having greyed out the card of one that is not."""
    reminder = ctx.uow.reminders.get(args["reminder"])
    if reminder.state == "open":
        return reminder
    ctx.grey_out(STATE_WORDS[reminder.state])
    ctx.say(f"「{title_of(reminder)}」{STATE_WORDS[reminder.state]}，不用再处理。")
    return None


@action("reminder.snooze", roles=REMINDED)
def snooze(ctx: Context, args: Mapping[str, Any]) -> None:
    """Later: at one of the usual moments, or (`until` "ask") with a choice of them."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    if args.get("until") not in LATER:
        card = args["card"]
        ctx.redraw(later_card(ctx, reminder, card.task_id))
        return
    line = put_off(ctx, reminder, usual_moment(ctx, args["until"]), timed=True)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out(f"{LATER[args['until']]}提醒")
    ctx.wrote(line, f"推迟「{title_of(reminder)}」")


def later_card(ctx: Context, reminder: Reminder, task_id: str) -> Card:
    """A choice of moments. A typed time is taken too: the question stays open for half an hour."""
    ctx.conversation.ask("choice", "snooze", options=list(LATER), then="snooze", reminders=[reminder.id])
    return Card(
        "button_interaction", title=cut(title_of(reminder), 36), desc="什么时候再提醒？", task_id=task_id,
        sub_title="也可以直接说时间，例如「稍后 周三上午」。",
        buttons=[
            Button(words, ctx.uow.cards.bind(
                task_id, ctx.user.id, "reminder.snooze", reminder=reminder.id, until=choice,
            ), 2)
            for choice, words in LATER.items()
        ],
    )  # fmt: skip


@action("reminder.dismiss", roles=REMINDED)
def dismiss(ctx: Context, args: Mapping[str, Any]) -> None:
    """Ask why it is not needed, in the same card."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    task_id = args["card"].task_id
    key = ctx.uow.cards.bind(task_id, ctx.user.id, "reminder.dismissed", reminder=reminder.id)
    options = [Option(reason, reason) for reason in REASONS]
    ctx.redraw(Card(
        "button_interaction", title=cut(title_of(reminder), 36), desc="为什么不需要？", task_id=task_id,
        sub_title="别的原因也可以直接说，例如「1 不需要 客户已出国」。",
        selection=Select(REASON, "原因", options, options[0].id), buttons=[Button("不需要", key)],
    ))  # fmt: skip


@action("reminder.dismissed", roles=REMINDED)
def dismissed(ctx: Context, args: Mapping[str, Any]) -> None:
    """Take it off the list, with the reason that was picked."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    reason = _picked(args, REASON)
    if reason not in REASONS:
        ctx.say("请先在「原因」里选一项，再点「不需要」。")
        return
    _, line = drop(ctx, item_of(ctx, 1, {"reminder": reminder.id}), reason)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("不需要")
    ctx.wrote("\n".join(filter(None, [line, left_words(ctx, reminder)])), f"不需要「{title_of(reminder)}」")


@action("reminder.hand_over")
def hand_over(ctx: Context, args: Mapping[str, Any]) -> None:
    """Show the colleagues to choose from, in the same card."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    if card := give_card(ctx, reminder, args["card"].task_id):
        ctx.redraw(card)


def give_card(ctx: Context, reminder: Reminder, task_id: str) -> Card | None:
    """The list of colleagues with a button; None after having said that there is nobody."""
    people = colleagues(ctx)
    if not people:
        ctx.say("团队里还没有可以转交的同事。")
        return None
    options = [Option(user.id, cut(user.name, 16)) for user in people[:MOST_OPTIONS]]
    key = ctx.uow.cards.bind(task_id, ctx.user.id, "reminder.give", reminder=reminder.id)
    more = "人多时可以直接说，例如「1 转交 姓名」。" if len(people) > MOST_OPTIONS else ""
    return Card(
        "button_interaction", title=cut(title_of(reminder), 36), desc="转交给谁？", task_id=task_id, sub_title=more,
        selection=Select(TO, "同事", options, options[0].id), buttons=[Button("转交", key)],
    )  # fmt: skip


@action("reminder.give")
def give_to_picked(ctx: Context, args: Mapping[str, Any]) -> None:
    """Hand the reminder to the colleague that was picked."""
    reminder = _of_card(ctx, args)
    if reminder is None:
        return
    picked = _picked(args, TO)
    to = next((user for user in colleagues(ctx) if user.id == picked), None)
    if to is None:
        ctx.say("请先在「同事」里选一位，再点「转交」。")
        return
    given = give_or_ask(ctx, [reminder], to, to.name)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已转交" if given else "等您确认")


def _picked(args: Mapping[str, Any], question: str) -> str:
    chosen = args["selections"].get(question) or ()
    return str(chosen[0]) if chosen else ""


# ---------------------------------------------------------------- an item of the brief


@action("brief.done", roles=REMINDED)
def brief_done(ctx: Context, args: Mapping[str, Any]) -> None:
    """Finish the picked item and redraw the list."""
    if reminder := _of_brief(ctx, args):
        _, line = complete(ctx, item_of(ctx, 1, {"reminder": reminder.id}), "")
        ctx.wrote("\n".join(filter(None, [line, left_words(ctx, reminder)])), f"完成「{title_of(reminder)}」")
        _redraw(ctx, args)


@action("brief.open", roles=REMINDED)
def brief_open(ctx: Context, args: Mapping[str, Any]) -> None:
    """Show the picked item's own card."""
    if reminder := _of_brief(ctx, args):
        ctx.show(reminder_card(ctx.uow, reminder, ctx.user, ctx.zone, company=ctx.company))
        _redraw(ctx, args)


@action("brief.snooze", roles=REMINDED)
def brief_snooze(ctx: Context, args: Mapping[str, Any]) -> None:
    """Ask when, on a card of the picked item's own."""
    if reminder := _of_brief(ctx, args):
        ctx.show(later_card(ctx, reminder, f"later-{new_token()}"))
        _redraw(ctx, args)


@action("brief.hand_over")
def brief_hand_over(ctx: Context, args: Mapping[str, Any]) -> None:
    """Ask to whom, on a card of the picked item's own."""
    if reminder := _of_brief(ctx, args):
        if card := give_card(ctx, reminder, f"give-{new_token()}"):
            ctx.show(card)
        _redraw(ctx, args)


@action("brief.more", roles=REMINDED)
def brief_more(ctx: Context, args: Mapping[str, Any]) -> None:
    """The next page, below; the tapped page stays."""
    found = _page(ctx, args, args["page"] + 1)
    if found is None:
        ctx.say(NO_MORE)
        return
    ctx.show(found.message)
    if same := _page(ctx, args, args["page"]):
        ctx.redraw(same.message)
    ctx.conversation.show_list("brief", found.items, found.page)


def _of_brief(ctx: Context, args: Mapping[str, Any]) -> Reminder | None:
    """The picked item, if it is open; None after having said why not."""
    number = _picked(args, QUESTION)
    if not number.isdigit() or not 1 <= int(number) <= len(args["items"]):
        ctx.say("请先在「选择一项」里选一项，再点按钮。")
        return None
    picked = ctx.uow.reminders.get(args["items"][int(number) - 1])
    listed = told_apart(ctx.uow, ctx.uow.reminders.numbered(args["items"]))
    reminder = next((shown for shown in listed if shown.id == picked.id), picked)
    if reminder.state == "open":
        return reminder
    ctx.say(f"「{title_of(reminder)}」{STATE_WORDS[reminder.state]}，不用再处理。")
    _redraw(ctx, args)
    return None


def _page(ctx: Context, args: Mapping[str, Any], page: int) -> Brief | None:
    return brief_page(ctx.uow, ctx.user, ctx.zone, args["items"], page)


def _redraw(ctx: Context, args: Mapping[str, Any]) -> None:
    """Show what became of the items, in place, and let numbers mean what the card shows now."""
    if found := _page(ctx, args, args["page"]):
        ctx.redraw(found.message)
        ctx.conversation.show_list("brief", found.items, found.page)
