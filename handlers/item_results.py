"""What an answer by number says of an item's contract: 「1 已缴」, 「1 已续 保费5200」, 「1 不续 太贵」.

The words do what the buttons on the item's own card do. An item that they cannot be true of is left as it is,
and what to say instead is told: only closing the reminder would let a policy lapse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from handlers.context import Context
from handlers.contracts.describing import is_open
from handlers.dues.payments import pay_or_ask, way_of
from handlers.dues.said import amount_said, number_said
from handlers.reminder_items import Item, own_client, title_of
from handlers.renewals.done import renew_or_ask
from handlers.renewals.lost import lost_or_ask
from storage.model.contracts import Contract
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.work import Reminder

Result = Literal["paid", "renewed", "lost", "not_yet"]

_NOT_YET = re.compile(
    r"(?:还没|没有|没|未|尚未|不)(?:能|有|肯|想|愿意?)?再?(?:缴|交|还款|还上|还清|付|扣)|(?:还没|没有|没|未|尚未)再?续|失败"
)
_LOST = re.compile(
    r"(?:不(?:想|再|愿意?)?续(?:保|费|约)?|流失)了?[\s,，:：]*"
    r"(?:(?:原因|理由|因为)(?:是|为)?[\s:：]*)?(?P<reason>.*)"
)
_RENEWED = re.compile(r"已续|续(?:保|费)?(?:了|好|上|成功|完成)")
_PAID = re.compile(
    r"已?(?:缴|交|付|还)(?:费|款|清)?(?:了|清|上|完|过)|已(?:缴|交|付|还)|(?:扣|划|代扣|划扣)(?:款|费)?(?:成功|了|到账)"
)
_HOW = {"paid": "已缴", "renewed": "已续 保费5200", "lost": "不续 原因"}


def result_in(words: str) -> Result | None:
    """What became of the contract, as far as the words say."""
    if _NOT_YET.search(words):
        return "not_yet"
    if _LOST.search(words):
        return "lost"
    if _RENEWED.search(words):
        return "renewed"
    return "paid" if _PAID.search(words) else None


def note_results(ctx: Context, items: Sequence[Item], words: str, result: Result) -> None:
    """Write it down for each item's contract, undone as one; asks where the amount or the reason is in doubt."""
    if result == "not_yet":
        raise Invalid(f"听起来还没有办成，没有做任何改动。要推迟请发送「{items[0].number} 稍后 明天上午」。")
    if len(items) > 1 and (result != "paid" or amount_said(f"这项 {words}")):
        raise Invalid(f"请一项一项说，例如「{items[0].number} {_HOW[result]}」。这次没有做任何改动。")
    labels = []
    for item in items:
        _note(ctx, item, words, result)
        labels += [ctx.undo_label] if ctx.undo_label else []
    ctx.undo_label = "、".join(labels)


def _note(ctx: Context, item: Item, words: str, result: Result) -> None:
    client, reminder = _open(ctx, item, result)
    if result == "paid":
        _pay(ctx, item, reminder, client, words)
        return
    contract = _renewable(ctx, item, reminder, result)
    if result == "renewed":
        renew_or_ask(ctx, client, contract, {"premium": amount_said(f"这项 {words}")})
    else:
        found = _LOST.search(words)
        lost_or_ask(ctx, client, contract, (found["reason"].strip() if found else "") or None)


def _open(ctx: Context, item: Item, result: Result) -> tuple[Client, Reminder]:
    if item.reminder is None:
        raise Invalid(f"第 {item.number} 项不能这样登记，请带上姓名，例如「{item.name} {_HOW[result]}」。")
    client = own_client(ctx, item.client_id)
    if client is None:
        raise Invalid(f"第 {item.number} 项「{title_of(item.reminder)}」不在您名下，没有登记。"
                      f"回复「{item.number} 已联系」可以告诉原负责人。")
    return client, item.reminder


def _pay(ctx: Context, item: Item, reminder: Reminder, client: Client, words: str) -> None:
    """As the button 已缴 does: for the very instalment that the reminder is about."""
    if reminder.object_type != "instalment" or reminder.object_id is None:
        raise Invalid(f"第 {item.number} 项「{title_of(reminder)}」没有对应的缴费或还款，没有登记。"
                      f"要记缴费请带上姓名，例如「{client.name} 已缴」；只是联系过请回复「{item.number} 已联系」。")
    part = ctx.uow.contracts.instalment(reminder.object_id)
    if part.state != "due":
        raise Invalid(f"「{client.name}」第 {part.number} 期已经记过了，不用再记。")
    said = number_said(words)
    if said not in (None, part.number):
        raise Invalid(f"第 {item.number} 项是第 {part.number} 期，您说的是第 {said} 期，没有登记。"
                      f"要记那一期请发送「{client.name} 第{said}期已缴」。")
    contract = ctx.uow.contracts.get(part.contract_id)
    pay_or_ask(ctx, client, contract, part, {"amount": amount_said(f"这项 {words}"), "paid_on": ctx.today.isoformat()},
               way_of(contract))


def _renewable(ctx: Context, item: Item, reminder: Reminder, result: Result) -> Contract:
    if reminder.object_type != "contract" or reminder.object_id is None or reminder.category != "renewal":
        raise Invalid(f"第 {item.number} 项「{title_of(reminder)}」不是续保，没有登记。"
                      f"请带上姓名，例如「{item.name} {_HOW[result]}」。")
    contract = ctx.uow.contracts.get(reminder.object_id)
    if not is_open(ctx, contract):
        raise Invalid(f"「{item.name}」的这份保单已经处理过了，不用再记。")
    return contract
