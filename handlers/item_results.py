"""What an answer by number says of an item's contract: 「1 已缴」, 「1 已续 保费5200」, 「1 不续 太贵」.

The words do what the buttons on the item's own card do. An item that they cannot be true of is left as it is,
and what to say instead is told: only closing the reminder would let a policy lapse."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Context
from handlers.contracts.describing import is_open
from handlers.dues.payments import pay_or_ask, way_of
from handlers.dues.said import amount_said, number_said
from handlers.item_words import Result, might_be_booked, reason_in
from handlers.reminder_items import Item, own_client, title_of
from handlers.renewals.done import renew_or_ask
from handlers.renewals.lost import lost_or_ask
from handlers.renewals.meant import can_be_renewed
from storage.model.contracts import Contract
from storage.model.errors import Invalid
from storage.model.people import Client

_HOW = {"paid": "已缴", "renewed": "已续 保费5200", "lost": "不续 原因"}


def note_results(ctx: Context, items: Sequence[Item], words: str, result: Result) -> None:
    """Write it down for each item's contract, undone as one; asks where the amount or the reason is in doubt."""
    if result == "not_yet":
        raise Invalid(f"听起来还没有办成，没有做任何改动。要推迟请发送「{items[0].number} 稍后 明天上午」。")
    if result == "unclear":
        raise Invalid(_which_of_both(items[0]))
    if len(items) > 1 and (result != "paid" or amount_said(f"这项 {words}")):
        raise Invalid(f"请一项一项说，例如「{items[0].number} {_HOW[result]}」。这次没有做任何改动。")
    labels = []
    for item in items:
        _note(ctx, item, words, result)
        labels += [ctx.undo_label] if ctx.undo_label else []
    ctx.undo_label = "、".join(labels)


def _which_of_both(item: Item) -> str:
    """The words are no plain statement: the adviser says it again, so that nothing is booked that was only told of."""
    renewal = item.reminder is not None and item.reminder.category == "renewal"
    ways = f"钱已收到请回复「{item.number} 已缴」"
    if renewal:
        ways = f"已续保请回复「{item.number} 已续」，不续请回复「{item.number} 不续」"
    return f"没有听明白办成没有，没有做任何改动。{ways}，只是联系过请回复「{item.number} 已联系 …」。"


def say_unbooked(ctx: Context, items: Sequence[Item], words: str) -> None:
    """Where a contact was noted whose words speak of money or of the next term: nothing of it was booked."""
    for item in items:
        if item.reminder is not None and might_be_booked(words, item.reminder.category):
            what, how = "缴款", f"{item.name} 已缴"
            if item.reminder.category == "renewal":
                what, how = "续保", f"{item.name} 已续」或「{item.name} 不续"
            ctx.say(f"只记了联系，没有登记{what}。已经办成的话，请再发送「{how}」。")
            return


def _note(ctx: Context, item: Item, words: str, result: Result) -> None:
    client = _own(ctx, item, result)
    if result == "paid":
        _pay(ctx, item, client, words)
        return
    contract = _renewable(ctx, item, result)
    if result == "renewed":
        renew_or_ask(ctx, client, contract, {"premium": amount_said(f"这项 {words}")})
    else:
        lost_or_ask(ctx, client, contract, reason_in(words))


def _own(ctx: Context, item: Item, result: Result) -> Client:
    if item.reminder is None and item.contract_id is None:
        raise Invalid(f"第 {item.number} 项不能这样登记，请带上姓名，例如「{item.name} {_HOW[result]}」。")
    client = own_client(ctx, item.client_id)
    if client is None:
        raise Invalid(f"第 {item.number} 项「{_title(item)}」不在您名下，没有登记。"
                      f"回复「{item.number} 已联系」可以告诉原负责人。")
    return client


def _title(item: Item) -> str:
    return title_of(item.reminder) if item.reminder else item.name


def _pay(ctx: Context, item: Item, client: Client, words: str) -> None:
    """As the button 已缴 does: for the very instalment that the reminder, or the line of the due list, is about."""
    if item.instalment_id is None:
        raise Invalid(f"第 {item.number} 项「{_title(item)}」没有对应的缴费或还款，没有登记。"
                      f"要记缴费请带上姓名，例如「{client.name} 已缴」；只是联系过请回复「{item.number} 已联系」。")
    part = ctx.uow.contracts.instalment(item.instalment_id)
    if part.state != "due":
        raise Invalid(f"「{client.name}」第 {part.number} 期已经记过了，不用再记。")
    said = number_said(words)
    if said not in (None, part.number):
        raise Invalid(f"第 {item.number} 项是第 {part.number} 期，您说的是第 {said} 期，没有登记。"
                      f"要记那一期请发送「{client.name} 第{said}期已缴」。")
    contract = ctx.uow.contracts.get(part.contract_id)
    pay_or_ask(ctx, client, contract, part, {"amount": amount_said(f"这项 {words}"), "paid_on": ctx.today.isoformat()},
               way_of(contract))


def _renewable(ctx: Context, item: Item, result: Result) -> Contract:
    contract = ctx.uow.contracts.get(item.contract_id) if item.contract_id and not item.instalment_id else None
    if contract is None or not can_be_renewed(ctx, contract):
        raise Invalid(f"第 {item.number} 项「{_title(item)}」不是续保，没有登记。"
                      f"请带上姓名，例如「{item.name} {_HOW[result]}」。")
    if not is_open(ctx, contract):
        raise Invalid(f"「{item.name}」的这份保单已经处理过了，不用再记。")
    return contract
