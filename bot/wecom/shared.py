"""What several processes share through Redis, or one process keeps for itself: tokens and member limits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wecom.pacing import MemberPacer, Pacer
from bot.wecom.shared_pacing import SharedPacer
from bot.wecom.token import MemoryTokenStore, Token, TokenStore
from storage.cache import Cache, RedisCache
from storage.vault import Vault


@dataclass(frozen=True)
class Shared:
    """The token store and the pacer in use."""

    tokens: TokenStore
    pacer: Pacer
    cache: Cache | None = None

    async def close(self) -> None:
        if isinstance(self.cache, RedisCache):
            await self.cache.close()


class CachedTokens:
    """A `TokenStore` over a shared cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def get(self, key: str) -> Token | None:
        return _token(await self._cache.get(f"token:{key}"))

    async def put(self, key: str, token: Token) -> None:
        await self._cache.set(f"token:{key}", token.as_text(), ttl=7200.0)

    async def discard(self, key: str, value: str) -> None:
        held = await self._cache.get(f"token:{key}")
        if held and (token := _token(held)) and token.value == value:
            await self._cache.compare_and_delete(f"token:{key}", held)

    async def claim(self, key: str, seconds: float) -> bool:
        return await self._cache.lock(f"token-lock:{key}", ttl=seconds) is not None


def _token(text: str | None) -> Token | None:
    """The token in a cached text; None for nothing and for what cannot be read."""
    try:
        return Token.from_text(text) if text else None
    except ValueError:
        return None


def open_shared(redis_url: str, vault: Vault | None = None) -> Shared:
    """Shared through Redis when there is one, else in memory. With a vault, the token lies sealed in Redis."""
    if not redis_url:
        return Shared(MemoryTokenStore(), MemberPacer())
    cache = RedisCache(redis_url, vault)
    return Shared(CachedTokens(cache), SharedPacer(cache), cache)
