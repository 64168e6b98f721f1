"""Identifiers made before the row is written, because sealed values are bound to them."""

import os
import secrets
import threading
import time
from datetime import datetime

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC
_lock = threading.Lock()
_node = secrets.randbelow(1 << 10)
_last = 0
os.register_at_fork(after_in_child=lambda: globals().update(_node=secrets.randbelow(1 << 10)))


def new_id() -> int:
    """A 63-bit integer that grows with time: 41 bits of milliseconds, 10 of process, 12 of sequence."""
    global _last
    with _lock:
        tick = max((int(time.time() * 1000) - _EPOCH_MS) << 12, _last + 1)
        _last = tick
    return ((tick >> 12) << 22) | (_node << 12) | (tick & 0xFFF)


def first_id_at(at: datetime) -> int:
    """No id made at that instant or later is smaller: ids are their own index by time."""
    return max(0, int(at.timestamp() * 1000) - _EPOCH_MS) << 22


def new_token() -> str:
    """96 random bits as 24 hex characters: button ids, task ids, references nobody can guess."""
    return secrets.token_hex(12)
