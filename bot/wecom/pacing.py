"""How fast we may talk, kept below what WeCom allows, because above it messages vanish without an error.

developer.work.weixin.qq.com/document/path/90312: one app to one member 30 a minute and 1,000 an hour, then
dropped silently; 45009 closes an API for the window that was exceeded (a minute, then an hour)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Protocol

MINUTE, HOUR = 60.0, 3600.0
PER_MINUTE, PER_HOUR = 28, 950
MAX_MEMBERS = 50_000


class Pacer(Protocol):
    """Decides when the next message to a member may go."""

    async def reserve(self, user: str, now: datetime) -> float:
        """0.0 when the message may go now, and it is counted; else the seconds to wait, nothing counted."""
        ...

    def record(self, user: str, at: datetime) -> None:
        """Count a message that went at an instant, by whoever sent it."""
        ...


class MemberPacer:
    """Moving windows per member, in this process. Userids are compared case-folded.

    What was sent within the last hour is remembered, at most `per_hour` instants a member and at most
    `max_members` members (the longest silent are forgotten first)."""

    def __init__(
        self, per_minute: int = PER_MINUTE, per_hour: int = PER_HOUR, max_members: int = MAX_MEMBERS
    ) -> None:
        self._per_minute = per_minute
        self._per_hour = per_hour
        self._max_members = max_members
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def delay(self, user: str, now: datetime) -> float:
        """Seconds until the next message to this member may go; 0.0 for now."""
        sent = self._sent.get(user.casefold())
        return 0.0 if sent is None else self._delay(sent, now.timestamp())

    def take(self, user: str, now: datetime) -> bool:
        """Count a message that goes now. False, and nothing counted, when it must wait."""
        if self.delay(user, now) > 0:
            return False
        self.record(user, now)
        return True

    def record(self, user: str, at: datetime) -> None:
        """Count a message that went at an instant, asked or not: after a restart, those of the last hour
        from the outbox, oldest first."""
        key = user.casefold()
        sent = self._sent.setdefault(key, deque(maxlen=self._per_hour))
        sent.append(at.timestamp())
        self._sent.move_to_end(key)
        self._forget(at.timestamp())

    async def reserve(self, user: str, now: datetime) -> float:
        wait = self.delay(user, now)
        if not wait:
            self.record(user, now)
        return wait

    def _delay(self, sent: deque[float], now: float) -> float:
        if sent and sent[-1] > now:  # the clock was set back: what was sent counts as sent just now
            for i, at in enumerate(sent):
                sent[i] = min(at, now)
        return max(_wait(sent, self._per_minute, MINUTE, now), _wait(sent, self._per_hour, HOUR, now))

    def _forget(self, now: float) -> None:
        while self._sent:
            oldest = next(iter(self._sent))
            if len(self._sent) <= self._max_members and self._sent[oldest][-1] > now - HOUR:
                return
            del self._sent[oldest]


def _wait(sent: deque[float], limit: int, window: float, now: float) -> float:
    """The limit is kept if the message `limit` places back left the window."""
    return max(0.0, sent[-limit] + window - now) if len(sent) >= limit else 0.0


class ApiBlocks:
    """APIs that WeCom closed (45009): first for a minute; when it closes again soon after, for an hour."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def block(self, api: str, now: datetime) -> float:
        """Close an API; the seconds it stays closed."""
        last = self._until.get(api)
        again = last is not None and timedelta(0) <= now - last < timedelta(seconds=HOUR)
        seconds = HOUR if again else MINUTE
        self._until[api] = now + timedelta(seconds=seconds)
        return seconds

    def remaining(self, api: str, now: datetime) -> float:
        """Seconds until the API opens; 0.0 when it is open."""
        until = self._until.get(api)
        left = 0.0 if until is None else (until - now).total_seconds()
        if left > HOUR:  # the clock was set back
            del self._until[api]
            return 0.0
        return max(0.0, left)


class Breaker:
    """After three calls without an answer, one probe at a time instead of a storm.

    The pause between probes doubles from one second to thirty; the first answer opens the way for all."""

    FAILURES, LONGEST, PROBE = 3, 30.0, 15.0

    def __init__(self) -> None:
        self._failures = 0
        self._pause = 1.0
        self._closed_until: datetime | None = None
        self._probing = False

    def admit(self, now: datetime) -> float:
        """0.0 when the caller may go; else the seconds to wait."""
        if self._closed_until is None:
            return 0.0
        left = (self._closed_until - now).total_seconds()
        if 0 < left <= max(self.LONGEST, self.PROBE):
            return left
        # One goes ahead. Should it never report back (cancelled, killed), the next may try after PROBE.
        self._probing = True
        self._closed_until = now + timedelta(seconds=self.PROBE)
        return 0.0

    def failed(self, now: datetime) -> None:
        """A call got no usable answer."""
        self._failures += 1
        if self._failures < self.FAILURES or (self._closed_until is not None and not self._probing):
            return  # those that were under way when it closed do not lengthen the pause
        if self._probing:
            self._pause = min(self._pause * 2, self.LONGEST)
        self._probing = False
        self._closed_until = now + timedelta(seconds=self._pause)

    def unused(self, now: datetime) -> None:
        """Who was admitted does not go after all: the next may."""
        if self._probing:
            self._closed_until = now

    def answered(self) -> None:
        """A call got an answer, good or bad."""
        if self._failures:
            self._failures, self._pause, self._closed_until, self._probing = 0, 1.0, None, False


class Gate:
    """At most so many calls at a time, first come, first served; half as many after a 45033, then slowly more again."""

    def __init__(self, most: int = 32) -> None:
        self._most = float(most)
        self._allowed = float(most)
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._waiting and self._inside < self.allowed:
            self._inside += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # let in and called off in the same moment
                self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        self._inside -= 1
        while self._waiting and self._inside < self.allowed:
            turn = self._waiting.popleft()
            if not turn.done():
                self._inside += 1
                turn.set_result(None)

    @property
    def allowed(self) -> int:
        return int(self._allowed)

    def narrow(self) -> None:
        self._allowed = max(1.0, self._allowed / 2)

    def widen(self) -> None:
        self._allowed = min(self._most, self._allowed + 1 / self._allowed)
