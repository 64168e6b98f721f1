"""Times in text. `find` gives unresolved expressions; `when` and `repeating` turn one into what `Meaning` carries.

Reading rules
1. Weeks start on Monday. 下周X = in the next week; 这周/本周X = in this week; 下下周X = two weeks on. A bare 周X = the next
   such day from today (today counts unless its time is over).
2. 后天 +2, 大后天 +3, 半个月 = 15 days, 一个月后 = the same day next month, clipped to its end, N 天内 = today … today+N inclusive.
3. A clock hour without part of day, in a reminder: the first future one of {h, h+12} within 07:00–22:00; the other stays
   an alternative. 下午/晚上/傍晚 add 12.
4. 周末 = Saturday as a point, Saturday to Sunday as a range. 月底 = the last day, 年底 = 31 December, 本月 = the whole month.
   最近 N 天 looks back in reports, ahead in due lists; 未来/接下来 ahead.
5. A month and day without year is the next one in orders, the last one in reports. 2月29日 in a common year is refused.
6. Lunar dates are the next occurrence; leap months only when said; 小年 is 腊月二十三; a solar term is its date in UTC+8.
7. Bare 初一…初十 = the next such lunar day; 初一十五 repeating = lunar monthly.
8. The nth working day follows the State Council's calendar; Monday to Friday in years it has not published.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from handlers.language.meaning import Grain, Other, Part, Recurrence, When
from handlers.language.when import reasons
from handlers.language.when.combine import Expression, find_expressions
from handlers.language.when.recur import recurrence
from handlers.language.when.resolve import DUE, LOOK_BACK, REMIND, Policy, Reading, resolve

__all__ = ["DUE", "LOOK_BACK", "REMIND", "Expression", "Policy", "Reading", "find", "recurrence", "repeating", "resolve", "when"]

find = find_expressions


def when(expression: Expression, now: datetime, policy: Policy, text: str = "") -> When:
    """The expression under `policy`, as the slot value. `now` is local wall-clock time without zone."""
    reading = resolve(expression, now, policy)
    if reading.start is None:
        return When("", text=text, problem=reading.problem or "impossible", why=reading.why)
    return When(
        start=_iso(reading.start, reading.clock),
        end=_end(reading),
        grain=cast(Grain, "day" if reading.grain == "hour" else "minute" if reading.grain == "second" else reading.grain),
        part=cast("Part | None", reading.part),
        deadline=reading.limit == "before",
        text=text,
        alts=tuple(Other(_iso(a, reading.clock), reasons.other(expression.slots, a)) for a in reading.alts),
        problem=reading.problem,
        mod={"before": "before", "after": "after", "since": "after"}.get(reading.limit),
        within=reading.within,
        why=reading.why,
        note=reading.note,
    )


def repeating(expression: Expression, now: datetime, text: str = "") -> Recurrence | None:
    """The expression as a rule in time, None when it does not repeat."""
    found = recurrence(expression, now)
    if found is None:
        return None
    return Recurrence(found.rrule, _iso(found.start, found.clock), cast("Part | None", found.part), text)


def _end(reading: Reading) -> str | None:
    if reading.end is None or (reading.part is not None and not reading.period):
        return None
    midnight = (reading.end.hour, reading.end.minute) == (0, 0)
    return _iso(reading.end, reading.clock or not midnight)


def _iso(moment: datetime, clock: bool) -> str:
    return moment.isoformat(timespec="minutes") if clock else moment.date().isoformat()
