"""May this message to a member still go? Asked for every row of the outbox in the moment it is claimed: a question of
time alone. What may go to clients is asked of `reminders.gate`; here only when what had to wait for them leaves."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Literal

from storage.model.work import OutboxRow

Fate = Literal["go", "expired", "uncertain"]
# WeCom swallows identical JSON for four hours at most. A try whose outcome nobody knows may be repeated only
# within them, less what the try itself and two clocks may take (security.md 4.2).
PROTECTED_FOR = timedelta(hours=3, minutes=50)
# WeCom asks to keep away from minutes 0 and 30 (path/90236).
PAST_THE_HOUR, SPREAD = timedelta(minutes=1), timedelta(minutes=20)
LATE = timedelta(minutes=30)  # after so long nobody sits and waits for it


def may_go(row: OutboxRow, now: datetime) -> Fate:
    """expired: its time is over. uncertain: tried so long ago that one more try could show it twice."""
    if row.expires_at is not None and row.expires_at <= now:
        return "expired"
    if row.first_tried_at is not None and now - row.first_tried_at > PROTECTED_FOR:
        return "uncertain"
    return "go"


def may_wake(row: OutboxRow, now: datetime) -> bool:
    """Whether it goes at night too: what was said just now, what redraws a card without a sound, and what was tried
    already, whose protection would be over by the morning. The rest of an outage waits."""
    return now - row.created_at <= LATE or row.call == "update_card" or row.tries > 1


def leaves_at(not_before: datetime, client_id: int, now: datetime, until: datetime | None = None) -> datetime:
    """When a text to a client is looked at again: at once, or where it has to wait, a little after its instant. What
    waits for the same morning is spread over the minutes after it, each client's at the same one whoever computes it;
    but for what would be too late by then (`until`)."""
    if not_before <= now:
        return not_before
    share = zlib.crc32(f"{client_id}:{not_before:%Y-%m-%d}".encode()) % 1000 / 1000
    at = not_before + PAST_THE_HOUR + share * (SPREAD - PAST_THE_HOUR)
    return at if until is None or at < until else not_before
