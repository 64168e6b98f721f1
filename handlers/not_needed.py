"""「1 不需要」: taken off the list for good, with the reason. One that was not said is asked for, as on the card, and
until it comes the reminder stays where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.context import Context
from handlers.language import Dialogue, Meaning
from handlers.language.answers import is_no
from handlers.recurrence import arm_again
from handlers.reminder_acts import is_open, label_of, report
from handlers.reminder_items import STATE_WORDS, Item, item_of, numbered, title_of
from handlers.router import REMINDED, command, confirmed, free_answer, read
from handlers.whose import number_mark
from reminders.effects import REASONS
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.values import mask_free_text

ASKED = "item.dismiss.reason"
_LONGEST = 40  # characters of an answer that is a reason


@command("item.dismiss", group="待办", help="不需要处理，说明原因", example="3 不需要 客户已出国", roles=REMINDED)
def dismiss(ctx: Context, meaning: Meaning) -> None:
    """Take items off the list for good, with the reason."""
    reason = str(meaning.get("reason") or meaning.get("content") or "").strip()
    items = numbered(ctx, meaning)
    waiting = [item for item in items if item.reminder is not None and item.reminder.state == "open"]
    if not reason and waiting and all(item.reminder for item in items):
        _ask_why(ctx, waiting)
    else:
        _dismiss(ctx, items, reason)


def _dismiss(ctx: Context, items: Sequence[Item], reason: str) -> None:
    report(ctx, items, [drop(ctx, item, reason) for item in items], label_of("不需要", items))


def _ask_why(ctx: Context, items: Sequence[Item]) -> None:
    reminders = [item.reminder.id for item in items if item.reminder]
    ctx.conversation.ask("choice", ASKED, options=list(REASONS), then=ASKED, reminders=reminders)
    first = items[0].reminder
    what = f"「{title_of(first)}」" if len(items) == 1 and first else f"这 {len(items)} 项"
    ctx.say("\n".join([
        f"{what}为什么不需要？回复序号，或直接说原因：",
        " ".join(f"{number_mark(n)} {reason}" for n, reason in enumerate(REASONS, 1)),
        "没说原因之前，还留在待办里。",
    ]))  # fmt: skip


@free_answer(ASKED)
def reason_said(ctx: Context, text: str) -> Meaning | None:
    """Words that are no order by themselves: 客户已出国. An order is done, and the reminder stays on the list."""
    said = text.strip()
    core = said.removeprefix("因为").removeprefix("原因").lstrip("是:：, ，")
    alone = read(ctx, said, Dialogue()).intent
    if is_no(said) or read(ctx, said, ctx.conversation.dialogue()).intent == "clarify.cancel":
        return None
    if not core or len(core) > _LONGEST or (alone != "none" and core == said and core not in REASONS):
        return None
    return Meaning("clarify.answer", {"value": core}, rule="a reason")


@confirmed(ASKED, roles=REMINDED)
def dismiss_for(ctx: Context, data: Mapping[str, Any]) -> None:
    """The reason was picked or typed; what was dealt with meanwhile is left alone."""
    said = data["chosen"]
    reason = str(said.get("value") or "") if isinstance(said, Meaning) else str(said)
    items = [item_of(ctx, n, {"reminder": r}) for n, r in enumerate(data["reminders"], 1)]
    if items := [item for item in items if is_open(ctx, item)]:
        _dismiss(ctx, items, reason)


def drop(ctx: Context, item: Item, reason: str) -> tuple[bool, str]:
    """Dismiss one item; whether anything changed, and what to say."""
    reminder = item.reminder
    if reminder is None:
        raise Invalid("这一项不是提醒，不需要处理的话可以不管它。")
    if reminder.state != "open":
        return False, f"「{title_of(reminder)}」{STATE_WORDS[reminder.state]}，不用再处理。"
    kept = reason_kept(ctx, reason)
    ctx.uow.reminders.finish(reminder, "dismissed", reason=kept)
    line = f"已标为不需要：{title_of(reminder)}"
    line += f"（原因：{kept}）。" if kept else "。"
    return True, line + arm_again(ctx, reminder)


def reason_kept(ctx: Context, reason: str) -> str:
    """The reason as it is kept: a word of the dictionary of reasons where one fits, else masked text."""
    for known in ctx.packs.loss_reasons:
        if any(word in reason for word in (known.name, *known.synonyms)):
            return known.name if known.name == reason else cut(f"{known.name}：{mask_free_text(reason)}", 100)
    return mask_free_text(cut(reason, 100))
