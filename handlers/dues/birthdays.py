"""Who has a birthday: solar and lunar, with the age reached; never a phone number."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.context import Context
from handlers.contracts.describing import owner_names
from handlers.dues.lists import MOST
from handlers.dues.ranges import Days, days_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import READERS, command
from reminders.calendar import next_lunar_birthday, next_solar_birthday
from storage.model.people import Client
from storage.model.values import lunar_text

WEEK = 7
_WEEKDAYS = "一二三四五六日"


@command("birthday.list", group="到期", help="生日名单，阳历农历都算", example="谁下周生日", roles=READERS)
def birthdays(ctx: Context, meaning: Meaning) -> None:
    """Birthdays in these days, soonest first."""
    days = days_of(ctx, meaning, WEEK)
    found = _born(ctx, days, meaning.get("calendar"))
    title = f"生日名单（{days}）"
    if not found:
        ctx.say(f"{title}：没有客户过生日。发送「下个月谁过生日」可以看得更远。")
        return
    owners = owner_names(ctx)
    items = [
        {"client_id": client.id, "name": client.name, "line": _line(ctx, client, day, owners)}
        for day, client in found[:MOST]
    ]
    ctx.uow.audit.record("list", "client", "birthdays", first=str(days.first), last=str(days.last), count=len(found))
    show_lines(ctx, "birthdays", f"{title} {len(found)} 位：", items)


def _born(ctx: Context, days: Days, calendar: str | None) -> list[tuple[date, Client]]:
    # One day more on both ends: 29 February is celebrated on the 28th of common years.
    one = timedelta(days=1)
    found = []
    for client in ctx.uow.clients.born_between(days.first - one, days.last + one):
        if client.stage == "lost" or (calendar in ("solar", "lunar") and client.birthday_calendar != calendar):
            continue
        day = _celebrated(client, days.first)
        if day is not None and day in days:
            found.append((day, client))
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def _celebrated(client: Client, after: date) -> date | None:
    if client.birthday_calendar == "lunar":
        return next_lunar_birthday(client.lunar_birthday, after) if client.lunar_birthday else None
    if client.birthday is None:
        return None
    return next_solar_birthday(client.birthday.month * 100 + client.birthday.day, after)


def _line(ctx: Context, client: Client, day: date, owners: dict[str, str]) -> str:
    when = "今天" if day == ctx.today else f"{day:%m-%d} 周{_WEEKDAYS[day.weekday()]}"
    parts = [client.name, when]
    if client.birthday_calendar == "lunar" and client.lunar_birthday:
        parts.append(lunar_text(client.lunar_birthday))
    if client.birthday is not None:
        parts.append(f"{day.year - client.birthday.year} 岁")
    parts.append(client.insurance_tier or client.bank_tier or "")
    if client.owner_id != ctx.user.id and client.owner_id in owners:
        parts.append(f"顾问 {owners[client.owner_id]}")
    return " · ".join(filter(None, parts))
