"""A brake on sending: when nothing gets through, wait, then let one message go ahead of all the others."""

from __future__ import annotations

from datetime import datetime, timedelta

FAILURES = 3  # tries in a row without an answer before the brake closes
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=30)
PROBE_WITHIN = timedelta(seconds=60)  # a probe that never reports back is forgotten after this
DEFAULT_BLOCK = timedelta(seconds=30)


class Brake:
    """Says how many messages may be taken now; hears what became of them."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._closed_at: datetime | None = None
        self._closed_until: datetime | None = None
        self._probe_since: datetime | None = None

    def limit(self, now: datetime, most: int) -> int:
        """`most` in good times, 0 while closed, 1 for the probe after a pause."""
        if self._closed_until is None:
            return most
        if self._is_closed(now) or self._is_probing(now):
            return 0
        self._probe_since = now
        return 1

    def unused(self) -> None:
        """The probe found nothing to send: the next may try."""
        self._probe_since = None

    def answered(self) -> None:
        """WeCom answered, well or badly: the way is open."""
        self._failures, self._pause = 0, FIRST_PAUSE
        self._closed_at = self._closed_until = self._probe_since = None

    def failed(self, now: datetime) -> None:
        """A try got no answer."""
        self._failures += 1
        if self._probe_since is None and (self._failures < FAILURES or self._is_closed(now)):
            return  # those that were under way when it closed do not lengthen the pause
        self._close(now, self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def blocked(self, now: datetime, seconds: float | None) -> None:
        """The sender says for how long trying is of no use."""
        pause = DEFAULT_BLOCK if seconds is None else timedelta(seconds=seconds)
        if self._closed_until is None or now + pause > self._closed_until or not self._is_closed(now):
            self._close(now, pause)

    def _close(self, now: datetime, pause: timedelta) -> None:
        self._closed_at, self._closed_until, self._probe_since = now, now + pause, None

    def _is_closed(self, now: datetime) -> bool:
        # A clock that was set back must not keep it closed for longer than was meant.
        return (
            self._closed_at is not None and self._closed_until is not None
            and self._closed_at <= now < self._closed_until
        )  # fmt: skip

    def _is_probing(self, now: datetime) -> bool:
        return self._probe_since is not None and timedelta(0) <= now - self._probe_since < PROBE_WITHIN
