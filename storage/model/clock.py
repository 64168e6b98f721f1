"""The one clock. Code that needs the time is given `now`; only edges hold a `Clock`."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where `now` comes from."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that can be set forward or back and then runs on; for the sandbox and for tests.

    With `frozen`, it stands still until moved."""

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        self._frozen = frozen
        self._offset = timedelta()
        self._still = datetime.now(UTC)
        if at is not None:
            self.move_to(at)

    def now(self) -> datetime:
        return self._still if self._frozen else datetime.now(UTC) + self._offset

    def move_to(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock is moved to an aware datetime")
        self._still = at.astimezone(UTC)
        self._offset = self._still - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        self.move_to(self.now() + by)


def local_date(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day that `now` falls on for people in `zone`."""
    return now.astimezone(zone).date()
