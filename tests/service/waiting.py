"""Waiting in tests: for a condition, and never longer than said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], Awaitable[bool]], within: float, every: float = 0.05) -> float:
    """Wait until the condition holds; the seconds it took. TimeoutError after `within`."""
    started = time.monotonic()
    while time.monotonic() - started < within:
        if await holds():
            return time.monotonic() - started
        await asyncio.sleep(every)
    raise TimeoutError(f"not within {within} seconds")
