"""Which birthday a client keeps, when the next one is, and what is done in years that do not have its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reminders.calendar import lunar_date, next_lunar_birthday, next_solar_birthday
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.values import lunar_text

BIRTHDAYS = frozenset({"birthday", "birthday_calendar", "lunar_birthday"})


def with_its_day(client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to be written, with the lunar day of the solar birth date where lunar birthdays are to be kept and
    none is known. Raises Invalid for a birthday to be kept of which no day is known."""
    found = dict(values)
    calendar = values.get("birthday_calendar")
    born = values.get("birthday", client.birthday)
    if calendar == "lunar" and not values.get("lunar_birthday", client.lunar_birthday):
        if born is None:
            raise Invalid(f"还不知道「{client.name}」的生日，请告诉我是哪天，例如「{client.name} 生日 农历八月初三」。")
        _, month, day = lunar_date(born)
        found["lunar_birthday"] = (abs(month) * 100 + day) * (-1 if month < 0 else 1)
    elif calendar == "solar" and born is None:
        raise Invalid(f"还不知道「{client.name}」的阳历生日，请告诉我是哪天，例如「{client.name} 生日 1990-07-08」。")
    return found


def birthday_lines(client: Client, today: date) -> list[str]:
    """When the next birthday is by the calendar that is kept, and the rule for years without its day."""
    if client.birthday_calendar == "lunar" and (code := client.lunar_birthday):
        following = f"下一个生日是公历 {next_lunar_birthday(code, today):%Y-%m-%d}。"
        return [f"按农历过生日（{lunar_text(code)}），{following}{_without_its_day(client, code)}"]
    if client.birthday is None:
        return []
    month_day = client.birthday.month * 100 + client.birthday.day
    leap = "平年在 2 月 28 日提醒。" if month_day == 229 else ""
    return [f"按阳历过生日，下一个生日是 {next_solar_birthday(month_day, today):%Y-%m-%d}。{leap}"]


def _without_its_day(client: Client, code: int) -> str:
    month, day = divmod(abs(code), 100)
    words = ""
    if code < 0:
        ordinary = lunar_text(month * 100 + day)
        words = f"没有闰月的年份在{ordinary}提醒；想每年都在平月过，请发送「{client.name} 生日 {ordinary}」。"
    return words + ("这个月没有三十的年份在廿九提醒。" if day == 30 else "")
