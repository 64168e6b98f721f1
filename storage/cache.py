"""What may vanish at any moment: tokens, short locks, rates. In memory, or shared through Redis.

Nothing is kept here whose loss matters. When Redis is gone, each process goes on with a memory of its own; the
log says so once, and once more when Redis is back."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import structlog

from storage.model.errors import Corrupt
from storage.vault import Vault

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.get_logger(__name__)

T = TypeVar("T")
TIMEOUT = 0.5
RETRY_AFTER = 5.0
MOST_ENTRIES = 100_000

_DELETE_IF = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
# By the clock of Redis, so that processes with different clocks agree. ARGV: window in ms, a unique name.
_COUNT = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - ARGV[1])
redis.call('ZADD', KEYS[1], ms, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZCARD', KEYS[1])
"""


class Cache(Protocol):
    """Times are in seconds. No method ever raises for a cache that is away."""

    async def get(self, key: str) -> str | None:
        """The value, or None for one that is not there, has expired or was lost."""
        ...

    async def set(self, key: str, value: str, ttl: float) -> None: ...

    async def delete(self, key: str) -> None: ...

    async def compare_and_delete(self, key: str, value: str) -> bool:
        """Delete only if it still is this value; says whether it was. Also lets go of a lock."""
        ...

    async def lock(self, key: str, ttl: float) -> str | None:
        """Take a lock until it is let go or `ttl` is over: its token, or None while somebody has it."""
        ...

    async def count(self, key: str, window: float) -> int:
        """Note an event: how many there were within the last `window`, this one included."""
        ...


class MemoryCache:
    """The cache of a single process. The oldest entries go when there are too many."""

    def __init__(
        self, most: int = MOST_ENTRIES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._now = most, now
        self._values: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    async def get(self, key: str) -> str | None:
        return self._held(key)

    async def set(self, key: str, value: str, ttl: float) -> None:
        self._values[key] = (value, self._now() + ttl)
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    async def delete(self, key: str) -> None:
        self._values.pop(key, None)

    async def compare_and_delete(self, key: str, value: str) -> bool:
        if self._held(key) != value:
            return False
        del self._values[key]
        return True

    async def lock(self, key: str, ttl: float) -> str | None:
        if self._held(key) is not None:
            return None
        token = secrets.token_hex(8)
        await self.set(key, token, ttl)
        return token

    async def count(self, key: str, window: float) -> int:
        events, now = self._events.setdefault(key, deque()), self._now()
        self._events.move_to_end(key)
        while events and events[0] <= now - window:
            events.popleft()
        events.append(now)
        if len(self._events) > self._most:
            self._events.popitem(last=False)
        return len(events)

    def clear(self) -> None:
        self._values.clear()
        self._events.clear()

    def _held(self, key: str) -> str | None:
        value, until = self._values.get(key, ("", 0.0))
        if until > self._now():
            return value
        self._values.pop(key, None)
        return None


class RedisCache:
    """A cache shared by all processes on one Redis. With a vault, values lie sealed in Redis."""

    def __init__(
        self, url: str, vault: Vault | None = None, *, prefix: str = "bot:", retry_after: float = RETRY_AFTER
    ) -> None:
        # A single process does without Redis, and without the 6 MB of its client.
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError

        self._faults = (RedisError, OSError, TimeoutError)
        self.client: Redis = Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 1)
        )
        self._vault, self._prefix, self._retry_after = vault, prefix, retry_after
        self._memory = MemoryCache()
        self._away_until: float | None = None

    async def get(self, key: str) -> str | None:
        async def ask() -> str | None:
            return self._opened(key, await self.client.get(self._prefix + key))

        return await self._or_memory(ask, lambda: self._memory.get(key))

    async def set(self, key: str, value: str, ttl: float) -> None:
        async def ask() -> None:
            await self.client.set(self._prefix + key, self._sealed(key, value), px=_ms(ttl))

        await self._or_memory(ask, lambda: self._memory.set(key, value, ttl))

    async def delete(self, key: str) -> None:
        async def ask() -> None:
            await self.client.delete(self._prefix + key)

        await self._or_memory(ask, lambda: self._memory.delete(key))

    async def compare_and_delete(self, key: str, value: str) -> bool:
        async def ask() -> bool:
            held = await self.client.get(self._prefix + key)
            return self._opened(key, held) == value and bool(await self._run(_DELETE_IF, key, held))

        return await self._or_memory(ask, lambda: self._memory.compare_and_delete(key, value))

    async def lock(self, key: str, ttl: float) -> str | None:
        async def ask() -> str | None:
            token = secrets.token_hex(8)
            sealed = self._sealed(key, token)
            return token if await self.client.set(self._prefix + key, sealed, px=_ms(ttl), nx=True) else None

        return await self._or_memory(ask, lambda: self._memory.lock(key, ttl))

    async def count(self, key: str, window: float) -> int:
        async def ask() -> int:
            return int(await self._run(_COUNT, key, _ms(window), secrets.token_hex(8)))

        return await self._or_memory(ask, lambda: self._memory.count(key, window))

    async def evaluate(self, script: str, key: str, *arguments: Any) -> Any | None:
        """What a Lua script answers on a key; None while Redis is away."""

        async def ask() -> Any:
            return await self._run(script, key, *arguments)

        return await self._or_memory(ask, _nothing)

    async def close(self) -> None:
        await self.client.aclose()

    async def _run(self, script: str, key: str, *arguments: Any) -> Any:
        return await self.client.eval(script, 1, self._prefix + key, *arguments)

    async def _or_memory(self, ask: Callable[[], Awaitable[T]], fallback: Callable[[], Awaitable[T]]) -> T:
        if self._away_until is not None and time.monotonic() < self._away_until:
            return await fallback()
        try:
            answer = await ask()
        except self._faults as error:
            if self._away_until is None:
                log.warning("cache.degraded", error=type(error).__name__)
            self._away_until = time.monotonic() + self._retry_after
            return await fallback()
        if self._away_until is not None:
            log.info("cache.recovered")
            self._away_until = None
            self._memory.clear()  # what was kept meanwhile is older than what others put into Redis
        return answer

    def _sealed(self, key: str, value: str) -> bytes:
        return self._vault.seal("cache", key, value.encode()) if self._vault else value.encode()

    def _opened(self, key: str, held: Any) -> str | None:
        """What cannot be opened (another key file, somebody else's value) counts as not there."""
        if held is None:
            return None
        try:
            return (self._vault.open("cache", key, held) if self._vault else held).decode()
        except (Corrupt, UnicodeDecodeError):
            return None


async def _nothing() -> None:
    return None


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
