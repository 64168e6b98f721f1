"""The same pace for several processes, kept in Redis; each falls back on its own count when Redis is gone.

That it is gone, the cache says: once for all that use it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Protocol

from bot.wecom.pacing import PER_HOUR, PER_MINUTE, MemberPacer

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


class Scripts(Protocol):
    """The one method of `RedisCache` that is used here."""

    async def evaluate(self, script: str, key: str, *arguments: Any) -> Any | None:
        """What a Lua script answers on a key; None while Redis is away."""
        ...


class SharedPacer:
    """A `Pacer` over Redis. The local count goes on beside it: losing Redis does not start from zero."""

    def __init__(
        self, cache: Scripts, local: MemberPacer | None = None, *, prefix: str = "pace:",
        per_minute: int = PER_MINUTE, per_hour: int = PER_HOUR,
    ) -> None:  # fmt: skip
        self._cache = cache
        self._local = local or MemberPacer(per_minute, per_hour)
        self._prefix = prefix
        self._limits = (per_minute, per_hour)

    async def reserve(self, user: str, now: datetime) -> float:
        wait = self._local.delay(user, now) or await self._shared(user, now)
        if not wait:
            self._local.record(user, now)
        return wait

    def record(self, user: str, at: datetime) -> None:
        """Into the local count only: Redis was told when the message went."""
        self._local.record(user, at)

    async def _shared(self, user: str, now: datetime) -> float:
        arguments = (f"{now.timestamp():.6f}", *self._limits, secrets.token_hex(8))
        wait = await self._cache.evaluate(SCRIPT, self._prefix + user.casefold(), *arguments)
        return float(wait or 0.0)
