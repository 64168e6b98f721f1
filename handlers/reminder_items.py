"""Which reminder is meant: by its number in the list shown last, by client, by words, or 「刚才那个」."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context
from handlers.follow_ups import moment_text
from handlers.language import Meaning, Recurrence, When
from handlers.paging import NO_LIST, show_lines
from reminders.briefs import open_today
from reminders.calendar import add_months
from reminders.namesakes import marks
from reminders.wording import category_word
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.work import Reminder

FAR = timedelta(days=3660)
RUNG_FOR = timedelta(hours=2)  # 「过十分钟再叫我」 speaks of what rang within them
_LENGTH = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_NARROWING = ("client_id", "orig", "when", "content", "recurrence")
_NOT_ITS_END = ("anniversary",)
STATE_WORDS = {"done": "已完成", "dismissed": "已标为不需要", "cancelled": "已取消"}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a reminder, or (in a list of clients) just a client. A line of a due list tells the contract,
    and the instalment, that it is about."""

    number: int
    name: str
    client_id: int | None = None
    reminder: Reminder | None = None
    contract_id: int | None = None
    instalment_id: int | None = None


def title_of(reminder: Reminder) -> str:
    """What to call a reminder in an answer: its own words, else client and kind."""
    if reminder.text:
        return cut(reminder.text, 40)
    return f"{reminder.client_name}的{category_word(reminder.category)}提醒"


def numbered(ctx: Context, meaning: Meaning) -> list[Item]:
    """The items of the list shown last that were named by number.

    Raises Invalid when there is no list or no such number, NotFound for somebody else's reminder."""
    numbers = list(dict.fromkeys(meaning.get("indexes") or [meaning.get("index")]))
    return [_numbered(ctx, number) for number in numbers]


def _numbered(ctx: Context, number: Any) -> Item:
    listing = ctx.conversation.listing
    if listing is None or not listing.items:
        raise Invalid(NO_LIST)
    if not isinstance(number, int) or not 1 <= number <= len(listing.items):
        raise Invalid(f"清单里只有 {len(listing.items)} 项，没有第 {number} 项。请核对序号。")
    return item_of(ctx, number, listing.items[number - 1])


def item_of(ctx: Context, number: int, entry: Mapping[str, Any]) -> Item:
    """The item behind an entry of a listing."""
    found = ctx.uow.reminders.get(entry["reminder"]) if entry.get("reminder") else _about(ctx, entry)
    name = entry.get("name") or (found.client_name if found else "") or ""
    client_id = found.client_id if found else entry.get("client_id")
    if found is not None and (marked := _marked(ctx, found)):
        found = replace(found, client_name=marked)
    contract, part = entry.get("contract_id"), entry.get("instalment_id")
    if found is not None and not contract:
        contract = found.object_id if found.object_type == "contract" and found.category == "renewal" else None
        part = found.object_id if found.object_type == "instalment" else None
    return Item(number, name, client_id, found, contract, part or None)


def _marked(ctx: Context, reminder: Reminder) -> str | None:
    """王芳（尾号 0101） where the list shown last holds another client of that name."""
    listing = ctx.conversation.listing
    people = [(str(item.get("name") or ""), item.get("client_id")) for item in (listing.items if listing else ())]
    return marks(ctx.uow, people).get(reminder.client_id or 0)


def _about(ctx: Context, entry: Mapping[str, Any]) -> Reminder | None:
    """The reader's open reminder that a line of a due list speaks of, if one is shown by now."""
    listing = ctx.conversation.listing
    birthdays = listing is not None and listing.kind == "birthdays"
    if entry.get("client_id") is None or not (entry.get("contract_id") or birthdays):
        return None
    return next((
        r for r in ctx.uow.reminders.of_client(entry["client_id"])
        if ctx.uow.reminders.is_to_do(r) and r.remind_at <= ctx.now and _speaks_of(r, entry)
    ), None)


def _speaks_of(reminder: Reminder, entry: Mapping[str, Any]) -> bool:
    """A line about an instalment is spoken of by its own reminder alone, one about the end of a contract by none that
    is about an anniversary of it."""
    about = (reminder.object_type, reminder.object_id)
    if entry.get("instalment_id"):
        return about == ("instalment", entry["instalment_id"])
    if entry.get("contract_id"):
        return about == ("contract", entry["contract_id"]) and reminder.category not in _NOT_ITS_END
    return reminder.category == "birthday"


def by_words(ctx: Context, meaning: Meaning, act: str) -> Reminder | None:
    """The open reminder of the reader's that client, words, time or 「刚才」 point to.

    Several are shown as a list, with what to reply (`act`), and None is returned. Raises Invalid for none."""
    found = _matching(ctx, meaning)
    if not found:
        raise Invalid("没有找到这样的提醒。发送「我的提醒」查看全部，再按序号操作。")
    if len(found) == 1:
        return found[0]
    show_reminders(ctx, f"有 {len(found)} 条提醒符合，回复例如「1 {act}」：", found)
    return None


def _matching(ctx: Context, meaning: Meaning) -> list[Reminder]:
    found = open_reminders(ctx)
    if meaning.get("ref") == "last":
        if meaning.get("rung") and (rung := _rung(ctx, found)):
            return rung
        own = [r for r in found if r.rule == "manual"]
        return [max(own, key=lambda r: r.id)] if own else []
    if not any(meaning.get(name) for name in _NARROWING):
        raise Invalid("请说明是哪一条，例如带上序号、客户或内容。发送「我的提醒」查看全部。")
    if said := meaning.get("client_id"):
        ids = said if isinstance(said, list | tuple) else (said,)
        found = [r for r in found if r.client_id in ids]
    for name in ("orig", "when"):
        said = meaning.get(name)
        if isinstance(said, When):
            if said.problem == "impossible":
                raise Invalid(f"没有「{said.text or said.start}」这一天，请换一个日期。")
            found = [r for r in found if _is_at(ctx, r, said)]
    if isinstance(rule := meaning.get("recurrence"), Recurrence):
        found = [r for r in found if _frequency(r.data.get("rrule", "")) == _frequency(rule.rrule)]
    if words := _words(meaning.get("content")):
        found = _most_alike(found, words)
    return found


def _rung(ctx: Context, found: list[Reminder]) -> list[Reminder]:
    """What was pushed last, not long ago: a reminder of its own, or the lines of a brief."""
    pushed = {r.id: r.pushed_at for r in found if r.pushed_at is not None and ctx.now - r.pushed_at <= RUNG_FOR}
    latest = max(pushed.values(), default=None)
    return [r for r in found if latest is not None and pushed.get(r.id) == latest]


def _frequency(rrule: str) -> str:
    return rrule.partition("FREQ=")[2].partition(";")[0]


def _is_at(ctx: Context, reminder: Reminder, when: When) -> bool:
    local = ctx.local(reminder.remind_at)
    if when.has_clock:
        return local == when.at(ctx.zone)
    return when.date <= local.date() <= when.last_date


def _words(content: Any) -> set[str]:
    """Pairs of neighbouring characters: enough to compare two short sentences."""
    text = "".join(ch for ch in str(content or "") if ch.isalnum())
    return {text[i : i + 2] for i in range(len(text) - 1)}


def best(found: list[Reminder], content: str) -> list[Reminder]:
    """Those that share the most words with `content`; none where nothing is shared, all where nothing was said."""
    words = _words(content)
    return _most_alike(found, words) if words else found


def _most_alike(found: list[Reminder], words: set[str]) -> list[Reminder]:
    scores = {r.id: len(words & _words(f"{r.client_name}{title_of(r)}")) for r in found}
    top = max(scores.values(), default=0)
    return [r for r in found if top and scores[r.id] == top]


def open_reminders(ctx: Context) -> list[Reminder]:
    """Everything the reader has open, soonest first."""
    return ctx.uow.reminders.open_between(ctx.user.id, ctx.now - FAR, ctx.now + FAR)


def show_reminders(
    ctx: Context, head: str, found: Iterable[Reminder], others: Iterable[Mapping[str, Any]] = ()
) -> None:
    """A numbered list of reminders with their times, and after them other items that have a `line`."""
    items: list[Mapping[str, Any]] = [
        {
            "reminder": r.id, "client_id": r.client_id, "name": r.client_name,
            "line": f"{moment_text(ctx, r.remind_at, timed=r.timed)} {_line(r)}",
        }
        for r in found
    ]
    show_lines(ctx, "reminders", head, [*items, *others])


def _line(reminder: Reminder) -> str:
    title = title_of(reminder)
    name = reminder.client_name
    again = "（重复）" if reminder.data.get("rrule") else ""
    return f"{title}{again}" if not name or name in title else f"{name}：{title}{again}"


def own_client(ctx: Context, client_id: int | None) -> Client | None:
    """The client, if there is one and the reader may see it."""
    if client_id is None or not ctx.uow.clients.rows([client_id]):
        return None
    return ctx.uow.clients.get(client_id)


def shifted(moment: datetime, delay: str, ctx: Context) -> datetime:
    """`moment` moved by an ISO 8601 length such as PT1H, P3D or -P1D. Raises Invalid for anything else."""
    found = _LENGTH.fullmatch(delay)
    if not found or not any(found.groups()[1:]):
        raise Invalid("没看懂要推迟多久，例如「2 稍后 1 小时」或「2 稍后 周三上午」。")
    sign = -1 if found[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (int(g or 0) for g in found.groups()[1:])
    local = ctx.local(moment)
    local = datetime.combine(add_months(local.date(), sign * (years * 12 + months)), local.timetz())
    return local + sign * timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def left_today(ctx: Context) -> int:
    """How many things of today the reader still has open: what the list of today counts."""
    return len(open_today(ctx.uow, ctx.user, ctx.zone))
