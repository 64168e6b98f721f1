"""What the answer to an event says of the client's interest: 已联系 有兴趣 周五签.

Who is interested has an opportunity from then on, and the day that was agreed becomes a follow-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from handlers.context import Context
from handlers.follow_ups import check_when, plan_next
from handlers.language import When, deal_said
from handlers.opportunities import open_one
from handlers.reminder_items import own_client
from handlers.router import lexicon_of
from storage.model.work import Reminder

Interest = Literal["interested", "declined", "unclear"]
EVENT = "event"
_ON_ACCOUNTS = ("account", "transaction")  # of what happened there something may be offered, of a complaint not
HOW = "客户要不要，没有听明白，没有开商机。有意向请发送「{name} 商机 {product}」，带上金额和日期更好。"

_WISH = (
    r"感?兴趣|意向|意愿|想法|愿意|考虑|打算|想(?:买|做|配|投|了解|试)|同意|答应|接受|签(?!收|证)|约(?:好|了|在|到)|认购|申购"
)
_NOT_YET = re.compile(r"(?:还没|尚未|没有?|未)(?:来得及)?(?:签(?!收|证)|约(?:好|到|了)|认购|申购)")  # is no refusal
_DENIED = re.compile(
    rf"(?:没有?|不|无|未)(?:太|大|怎么|很|什么|是|会|肯|能|再|想|要|用|有|感|多少|特别|那么|明确){{0,3}}(?:{_WISH}|需要)"
    r"|[不没](?:想|会|肯|打算|考虑|要)?(?:买|做|投|配)|拒绝|婉拒|算了(?!一?下)"
    r"|(?:兴趣|意向|意愿)(?:并|都|也)?(?:不|没|一般)|(?:同意|答应|签|约|买|做|投)不(?:了|成|起)"
)
_INTERESTED = re.compile(
    r"感?兴趣|有(?:点|些|很|较?大|强|明确)*(?:意向|意愿|想法)|意向(?:很|较|比较)?(?:强|高|大)|愿意"
    r"|想(?:买|做|配|投|了解|试)|打算|考虑|同意|答应|接受|要买|要做|签(?!收|证)|约(?:好|了|在)|认购|申购"
)
_SIGNING = re.compile(r"签|认购|申购|要买|成交")
_OPENING = re.compile(
    r"^\W*(?:都|已经|已)?(?:联系|打|聊|沟通|办|处理)(?:过|了|好|完)*(?:客户|电话|他|她)?(?:了|过)?[\s,，:：。;；]*"
)


def interest_in(words: str) -> Interest | None:
    """Whether the client wants what was offered, as far as the words say; "unclear" where a part of them denies it and
    another does not."""
    words = _NOT_YET.sub("，", words)
    rest = _DENIED.sub("，", words)
    wanted = _INTERESTED.search(rest) is not None
    if rest == words:
        return "interested" if wanted else None
    return "unclear" if wanted else "declined"


def said_after(text: str) -> str:
    """The answer without the words that only say that it is one: 有兴趣 周五签."""
    return _OPENING.sub("", text).strip()


def in_hand(ctx: Context, words: str, client_id: object = None) -> list[Reminder]:
    """The events that such an answer without a number may be about: those of the client that was named, else of the
    one in mind, else all that lie before the member."""
    if interest_in(words) is None:
        return []
    found = [
        r for r in ctx.uow.reminders.open_until(ctx.user.id, ctx.now) if _may_interest(r) and r.client_id is not None
    ]
    if client_id is not None:
        return [r for r in found if r.client_id == client_id]
    focus = ctx.conversation.focus
    own = [r for r in found if focus is not None and r.client_id == focus.id]
    return own or found


def _may_interest(reminder: Reminder) -> bool:
    return reminder.category == EVENT and reminder.object_type in _ON_ACCOUNTS


def note_interest(ctx: Context, reminder: Reminder, words: str, following: When | None = None) -> str:
    """Open the opportunity and set the follow-up; what to say, nothing where no interest was told of. `following` is
    the next date that the answer names, for where the opportunity's own words tell none.

    Raises Invalid for a day that does not exist or is over."""
    client, interest = own_client(ctx, reminder.client_id), interest_in(words)
    if not _may_interest(reminder) or client is None or interest in (None, "declined"):
        return ""
    told = deal_said(words, now=ctx.local(ctx.now), role=ctx.user.role, lexicon=lexicon_of(ctx.packs))
    rule = ctx.uow.rules.in_force().find(reminder.rule)
    product = str(told.get("product") or (rule and (rule.suggests or rule.label)) or "产品")
    if interest == "unclear":
        said = [HOW.format(name=client.name, product=product)]
        return "\n".join([*said, *(plan_next(ctx, client, following, words) if following else [])])
    agreed = _agreed(ctx, told.get("expected")) or following
    stage = "negotiation" if _SIGNING.search(_NOT_YET.sub("", words)) else "contacted"
    line = open_one(
        ctx, client, product, stage, expected_on=agreed.date if agreed else None, note=words,
        reminder_id=reminder.id, more=_amount(told.slots),
    )
    return "\n".join([line, *(plan_next(ctx, client, agreed, words) if agreed else [])])


def _agreed(ctx: Context, said: object) -> When | None:
    """The day that was agreed, when it is to come. Raises Invalid for one that does not exist or is over."""
    if not isinstance(said, When):
        return None
    check_when(said)
    return said if said.date >= ctx.today else None


def _amount(slots: Mapping[str, Any]) -> dict[str, Decimal]:
    amount = slots.get("amount")
    return {"amount": Decimal(str(amount))} if isinstance(amount, int | float) else {}
