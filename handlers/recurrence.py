"""Repeating reminders: one row at a time. When one is finished, the next occurrence is set (`arm_again`).

Rules are the subset of RFC 5545 that the language layer writes: FREQ DAILY, WEEKLY, MONTHLY or YEARLY with
INTERVAL, BYDAY (also 2MO, -1FR), BYMONTHDAY (also -1), BYMONTH, COUNT, UNTIL; RSCALE=CHINESE counts months and days by
the lunar calendar (RFC 7529), X-WORKDAY=CN keeps Chinese working days alone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.context import Context
from handlers.follow_ups import moment_text
from reminders.calendar import DAY, is_workday, lunar_date, year_note
from storage.model.work import Reminder

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_KNOWN = frozenset(
    "FREQ INTERVAL BYDAY BYMONTHDAY BYMONTH COUNT UNTIL RSCALE X-WORKDAY BYHOUR BYMINUTE WKST SKIP".split()
)
_HORIZON = 366 * 9  # far enough for 29 February and leap months


class NotSupported(ValueError):
    """A rule beyond the subset; the caller says so and sets a single reminder at most."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule; `start` is the day of its first occurrence."""

    start: date
    frequency: str
    interval: int
    days: tuple[tuple[int, int], ...]  # (ordinal or 0, weekday)
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    lunar: bool
    workdays: bool
    until: date | None

    def falls_on(self, day: date) -> bool:
        """Whether the rule has an occurrence on `day`."""
        if day < self.start or (self.until and day > self.until) or (self.workdays and not is_workday(day)):
            return False
        match self.frequency:
            case "DAILY":
                return (day - self.start).days % self.interval == 0 and self._weekday_fits(day)
            case "WEEKLY":
                weeks = (_monday(day) - _monday(self.start)).days // 7
                # A make-up day (调休) is a working day although it is a Saturday or Sunday.
                return weeks % self.interval == 0 and (self.workdays or self._weekday_fits(day))
            case _:
                return self._in_month(day)

    def _weekday_fits(self, day: date) -> bool:
        wanted = [weekday for _, weekday in self.days]
        if not wanted:
            return self.frequency == "DAILY" or day.weekday() == self.start.weekday()
        return day.weekday() in wanted

    def _in_month(self, day: date) -> bool:
        year, month, number = lunar_date(day) if self.lunar else (day.year, day.month, day.day)
        first = lunar_date(self.start) if self.lunar else (self.start.year, self.start.month, self.start.day)
        if self.frequency == "MONTHLY" and not self.lunar:
            if ((year - first[0]) * 12 + month - first[1]) % self.interval:
                return False
        elif self.frequency == "YEARLY" and (year - first[0]) % self.interval:
            return False
        months = self.months or ((first[1],) if self.frequency == "YEARLY" else ())
        if months and month not in months:
            return False
        if self.days:
            return any(_is_nth(day, nth, weekday) for nth, weekday in self.days)
        return number in self._numbers(day, first[2])

    def _numbers(self, day: date, usual: int) -> tuple[int, ...]:
        """The days of this month that are meant; a day that it does not have is taken as its last."""
        last = _last_number(day, lunar=self.lunar)
        wanted = self.month_days or (usual,)
        return tuple(last + 1 + n if n < 0 else min(n, last) for n in wanted)


def parse(rrule: str, start: date) -> Rule:
    """The rule behind the text. Raises NotSupported."""
    parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
    if parts.get("FREQ") not in _FREQUENCIES or not parts.keys() <= _KNOWN or "COUNT" in parts:
        raise NotSupported(rrule)
    return Rule(
        start=start, frequency=parts["FREQ"], interval=max(1, int(parts.get("INTERVAL", "1"))),
        days=tuple(_weekday(word) for word in parts.get("BYDAY", "").split(",") if word),
        month_days=_numbers_in(parts.get("BYMONTHDAY", "")), months=_numbers_in(parts.get("BYMONTH", "")),
        lunar=parts.get("RSCALE") == "CHINESE", workdays=parts.get("X-WORKDAY") == "CN",
        until=_day(parts.get("UNTIL", "")),
    )


def next_day(rrule: str, start: date, after: date) -> date | None:
    """The first occurrence after a day; None when there is none. Raises NotSupported."""
    rule = parse(rrule, start)
    days = (after + DAY * n for n in range(1, _HORIZON))
    return next((day for day in days if rule.falls_on(day)), None)


def repeating(rrule: str, start: datetime) -> Mapping[str, str]:
    """What a reminder keeps in its data so that it comes again. Raises NotSupported."""
    parse(rrule, start.date())
    return {"rrule": rrule, "start": start.isoformat()}


def arm_again(ctx: Context, reminder: Reminder) -> str:
    """Set the next occurrence of a repeating reminder that was just finished; what to say, or nothing."""
    if not reminder.data.get("rrule"):
        return ""
    start = datetime.fromisoformat(reminder.data["start"])
    passed = max(reminder.due_on, ctx.today)
    day = next_day(reminder.data["rrule"], start.date(), passed)
    if day is None:
        return "这是最后一次。"
    if "X-WORKDAY" in reminder.data["rrule"]:
        ctx.note(year_note(day, day))
    at = datetime.combine(day, start.timetz().replace(tzinfo=None), ctx.zone)
    client = ctx.uow.clients.rows([reminder.client_id]) if reminder.client_id else []
    ctx.uow.reminders.add(
        receiver_id=reminder.receiver_id, remind_at=at, due_on=day, category=reminder.category,
        text=reminder.text, client=ctx.uow.clients.get(client[0].id) if client else None, timed=reminder.timed,
        weight=reminder.weight, data=reminder.data,
    )
    return f"下一次：{moment_text(ctx, at, timed=reminder.timed)}。"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekday(word: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)", word)
    if not found:
        raise NotSupported(word)
    return int(found[1] or 0), _DAYS.index(found[2])


def _is_nth(day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    return nth in (0, (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1))


def _last_number(day: date, *, lunar: bool) -> int:
    if not lunar:
        return calendar.monthrange(day.year, day.month)[1]
    while lunar_date(day + DAY)[1] == lunar_date(day)[1]:
        day += DAY
    return lunar_date(day)[2]


def _numbers_in(text: str) -> tuple[int, ...]:
    # A leap month of RFC 7529 is written 5L; here it counts as the negative number.
    return tuple(-int(w[:-1]) if w.endswith("L") else int(w) for w in text.split(",") if w)


def _day(text: str) -> date | None:
    return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}") if len(text) >= 8 else None
