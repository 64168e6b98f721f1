"""What the answer to an event says of the client's interest: 已联系 有兴趣 周五签.

Who is interested has an opportunity from then on, and the day that was agreed becomes a follow-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from handlers.context import Context
from handlers.follow_ups import check_when, plan_next
from handlers.language import Dialogue, When
from handlers.opportunities import open_one
from handlers.reminder_items import own_client
from handlers.router import read
from storage.model.work import Reminder

Interest = Literal["interested", "declined"]
EVENT = "event"

_DECLINED = re.compile(
    r"(?:没有?|不|无|暂无|未)(?:太|大|怎么|很|什么)?(?:感?兴趣|意向|意愿|想法|考虑|愿意|需要|想买|想做|打算)|拒绝|婉拒|不买|不做|算了"
)
_INTERESTED = re.compile(
    r"感?兴趣|有(?:点|些|很|较?大|强|明确)*(?:意向|意愿|想法)|意向(?:很|较|比较)?(?:强|高|大)|愿意"
    r"|想(?:买|做|配|投|了解|试)|打算|考虑|同意|答应|要买|要做|签(?!收|字不)|约(?:好|了|在)|认购|申购"
)
_SIGNING = re.compile(r"签|认购|申购|要买|成交")
_OPENING = re.compile(
    r"^\W*(?:都|已经|已)?(?:联系|打|聊|沟通|办|处理)(?:过|了|好|完)*(?:客户|电话|他|她)?(?:了|过)?[\s,，:：。;；]*"
)


def interest_in(words: str) -> Interest | None:
    """Whether the client wants what was offered, as far as the words say."""
    if _DECLINED.search(words):
        return "declined"
    return "interested" if _INTERESTED.search(words) else None


def said_after(text: str) -> str:
    """The answer without the words that only say that it is one: 有兴趣 周五签."""
    return _OPENING.sub("", text).strip()


def in_hand(ctx: Context, words: str, client_id: object = None) -> list[Reminder]:
    """The events that such an answer without a number may be about: those of the client that was named, else of the
    one in mind, else all that lie before the member."""
    if interest_in(words) is None:
        return []
    found = [
        r for r in ctx.uow.reminders.open_until(ctx.user.id, ctx.now) if r.category == EVENT and r.client_id is not None
    ]
    if client_id is not None:
        return [r for r in found if r.client_id == client_id]
    focus = ctx.conversation.focus
    own = [r for r in found if focus is not None and r.client_id == focus.id]
    return own or found


def note_interest(ctx: Context, reminder: Reminder, words: str) -> str:
    """Open the opportunity and set the follow-up; what to say, nothing where no interest was told of.

    Raises Invalid for a day that does not exist or is over."""
    client = own_client(ctx, reminder.client_id)
    if reminder.category != EVENT or client is None or interest_in(words) != "interested":
        return ""
    told = read(ctx, f"{client.name} 商机 {words}", Dialogue())
    expected = told.get("expected")
    agreed = expected if isinstance(expected, When) else None
    if agreed is not None:
        check_when(agreed)
        agreed = agreed if agreed.date >= ctx.today else None
    rule = ctx.uow.rules.in_force().find(reminder.rule)
    product = str(told.get("product") or (rule and (rule.suggests or rule.label)) or "产品")
    stage = "negotiation" if _SIGNING.search(words) else "contacted"
    line = open_one(
        ctx, client, product, stage, expected_on=agreed.date if agreed else None, note=words,
        reminder_id=reminder.id, more=_amount(told.slots),
    )
    return "\n".join([line, *(plan_next(ctx, client, agreed, words) if agreed else [])])


def _amount(slots: Mapping[str, Any]) -> dict[str, Decimal]:
    amount = slots.get("amount")
    return {"amount": Decimal(str(amount))} if isinstance(amount, int | float) else {}
