"""The same pace for several processes, kept in Redis; each falls back on its own count when Redis is gone."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, Protocol, cast

import structlog
from redis.exceptions import RedisError

from bot.wecom.pacing import PER_HOUR, PER_MINUTE, MemberPacer

log = structlog.get_logger(__name__)

TIMEOUT = 0.5
RETRY_AFTER = 5.0

# KEYS[1] the member's sends by instant; ARGV now, limit a minute, limit an hour, a unique name for this send.
# Entries from the future (a clock was set back) count as sent now. Answers the seconds to wait, as text.
SCRIPT = """
local key, now = KEYS[1], tonumber(ARGV[1])
for _, late in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. ARGV[1], '+inf')) do
  redis.call('ZADD', key, ARGV[1], late)
end
redis.call('ZREMRANGEBYSCORE', key, '-inf', now - 3600)
local held, wait = redis.call('ZCARD', key), 0
for i, window in ipairs({60, 3600}) do
  local limit = tonumber(ARGV[i + 1])
  if held >= limit then
    local at = redis.call('ZRANGE', key, held - limit, held - limit, 'WITHSCORES')[2]
    wait = math.max(wait, tonumber(at) + window - now)
  end
end
if wait > 0 then return tostring(wait) end
redis.call('ZADD', key, ARGV[1], ARGV[4])
redis.call('EXPIRE', key, 3700)
return '0'
"""


class ScriptRunner(Protocol):
    """The one method of `redis.asyncio.Redis` that is used here."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Any: ...


class SharedPacer:
    """A `Pacer` over Redis. The local count goes on beside it: losing Redis does not start from zero."""

    def __init__(
        self, redis: ScriptRunner, local: MemberPacer | None = None, *, prefix: str = "pace:",
        per_minute: int = PER_MINUTE, per_hour: int = PER_HOUR,
    ) -> None:  # fmt: skip
        self._redis = redis
        self._local = local or MemberPacer(per_minute, per_hour)
        self._prefix = prefix
        self._limits = (per_minute, per_hour)
        self._gone_until: float | None = None

    async def reserve(self, user: str, now: datetime) -> float:
        wait = self._local.delay(user, now) or await self._shared(user, now)
        if not wait:
            self._local.record(user, now)
        return wait

    def record(self, user: str, at: datetime) -> None:
        """Into the local count only: Redis was told when the message went."""
        self._local.record(user, at)

    async def _shared(self, user: str, now: datetime) -> float:
        if self._gone_until is not None and time.monotonic() < self._gone_until:
            return 0.0
        try:
            wait = await self._ask(user, now)
        except (RedisError, OSError, TimeoutError) as error:
            self._note_gone(error)
            return 0.0
        self._note_back()
        return wait

    async def _ask(self, user: str, now: datetime) -> float:
        arguments = (f"{now.timestamp():.6f}", *self._limits, secrets.token_hex(8))
        async with asyncio.timeout(TIMEOUT):
            asked = self._redis.eval(SCRIPT, 1, self._prefix + user.casefold(), *arguments)
            return float(await cast(Awaitable[bytes | str], asked))

    def _note_gone(self, error: BaseException) -> None:
        if self._gone_until is None:  # said once, not for every message
            log.warning("wecom.pacing_local", error=type(error).__name__)
        self._gone_until = time.monotonic() + RETRY_AFTER

    def _note_back(self) -> None:
        if self._gone_until is not None:
            self._gone_until = None
            log.info("wecom.pacing_shared_again")
