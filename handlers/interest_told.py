"""刘洋 有兴趣: what a client thinks of an offer, told by name and without 已联系.

It answers the event that lies before the member; where there is none it is a contact like any other, and nothing is
guessed about what the interest is in."""

from __future__ import annotations

from handlers.context import Context
from handlers.follow_ups import kind_of, log_contact, plan_next
from handlers.interest import in_hand, interest_in
from handlers.language import Meaning
from handlers.reminder_acts import agreed_in, finish
from handlers.reminder_items import item_of, show_reminders
from handlers.router import command
from storage.model.messages import cut
from storage.model.people import Client


@command("interest.told", group="跟进", help="记下客户有没有兴趣", example="刘洋 有兴趣 周五签", client=True)
def told(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Finish the event it answers, opening an opportunity; several are shown to choose from. Else note it."""
    words = str(meaning.get("content") or "").strip()
    found = in_hand(ctx, words, client.id)
    if len(found) > 1:
        show_reminders(ctx, f"有 {len(found)} 条可能的提醒，回复例如「1 已联系 {cut(words, 20)}」：", found)
    elif found:
        item = item_of(ctx, 1, {"reminder": found[0].id})
        finish(ctx, [item], words, agreed_in(meaning))
    else:
        _note(ctx, meaning, client, words)


def _note(ctx: Context, meaning: Meaning, client: Client, words: str) -> None:
    agreed = agreed_in(meaning)
    written = log_contact(ctx, client, kind_of(words), words, next_on=agreed.date if agreed else None)
    lines = [f"已记录「{client.name}」的跟进：{cut(written.text, 80)}"]
    lines += plan_next(ctx, client, agreed, words) if agreed else []
    if interest_in(words) == "interested":
        lines.append(f"要记商机，请说明是什么产品，例如「{client.name} 商机 理财 20万 周五签」。")
    ctx.wrote("\n".join(lines), f"「{client.name}」的跟进记录")
