"""When a member is left alone. The firm's nights hold for everyone; each may ask for longer ones and for free days.

What a member set for a clock time of his own still comes at its minute; what is late, and what others send, waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.calendar import DAY, QUIET_FROM, QUIET_UNTIL, clock_time, is_workday, local_instant
from storage.model.clock import local_date
from storage.model.people import User

STILL_HERE = timedelta(minutes=15)  # whoever did something is awake for so long
EARLIEST_EVENING, LATEST_MORNING = time(17), time(12)  # how far a member may stretch his night


@dataclass(frozen=True, slots=True)
class Quiet:
    """A night from `begins` to `ends` of the next morning, and whether days off are free as well."""

    begins: time = QUIET_FROM
    ends: time = QUIET_UNTIL
    days_off: bool = False

    @classmethod
    def of(cls, user: User) -> Quiet:
        """As the member likes it, never shorter than the firm's nights."""
        begins, _, ends = str(user.preferences.get("quiet", "")).partition("-")
        return cls(
            min(QUIET_FROM, clock_time(begins, QUIET_FROM)), max(QUIET_UNTIL, clock_time(ends, QUIET_UNTIL)),
            user.preferences.get("days_off") == "quiet",
        )

    def covers(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether the member is to be left alone at this instant."""
        local = now.astimezone(zone)
        return self.is_free(local.date()) or local.time() >= self.begins or local.time() < self.ends

    def is_free(self, day: date) -> bool:
        """Whether nothing is sent on this whole day."""
        return self.days_off and not is_workday(day)

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first instant from `now` on at which the member may be spoken to."""
        if not self.covers(now, zone):
            return now
        day = local_date(now, zone)
        if now >= local_instant(day, self.begins, zone):
            day += DAY
        while self.is_free(day):
            day += DAY
        return max(now, local_instant(day, self.ends, zone))
