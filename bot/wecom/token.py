"""One valid access token, fetched once for everyone who waits.

developer.work.weixin.qq.com/document/path/91039: one token per app secret, 7,200 s, may die early; repeated
calls with a wrong secret get the server's address banned for an hour."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.wecom.errors import Misconfigured
from storage.model.clock import Clock

log = structlog.get_logger(__name__)

EARLY = timedelta(minutes=5)
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 3600.0
CLAIM_SECONDS = 15.0
WAIT_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; its value never shows when printed. `renew_at` is when to ask for the next one."""

    value: str = field(repr=False)
    renew_at: datetime
    expires_at: datetime

    @classmethod
    def fetched(cls, value: str, seconds: int, now: datetime) -> Token:
        """Renewed five minutes before its end, or at four fifths of its life when that is later.

        Near the end WeCom answers the same token again; a fixed margin would then ask at every call."""
        life = timedelta(seconds=seconds)
        return cls(value, now + life - min(EARLY, life / 5), now + life)

    def as_text(self) -> str:
        """For stores that keep strings; `from_text` reads it back."""
        return f"{self.renew_at.timestamp():.0f} {self.expires_at.timestamp():.0f} {self.value}"

    @classmethod
    def from_text(cls, text: str) -> Token:
        """ValueError when the text is not what `as_text` wrote."""
        renew, expires, value = text.split(" ", 2)
        return cls(value, datetime.fromtimestamp(int(renew), UTC), datetime.fromtimestamp(int(expires), UTC))


class TokenStore(Protocol):
    """Where processes share a token. It may forget at any time; its own faults read as "nothing there"."""

    async def get(self, key: str) -> Token | None: ...

    async def put(self, key: str, token: Token) -> None: ...

    async def discard(self, key: str, value: str) -> None:
        """Forget the token under the key only if it is still this value."""
        ...

    async def claim(self, key: str, seconds: float) -> bool:
        """Whether this process is the one to fetch a new token now. True for one asker in `seconds`."""
        ...


class MemoryTokenStore:
    """The store of a single process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    async def get(self, key: str) -> Token | None:
        return self._tokens.get(key)

    async def put(self, key: str, token: Token) -> None:
        self._tokens[key] = token

    async def discard(self, key: str, value: str) -> None:
        held = self._tokens.get(key)
        if held is not None and held.value == value:
            del self._tokens[key]

    async def claim(self, key: str, seconds: float) -> bool:
        return True


Fetch = Callable[[], Awaitable[tuple[str, int]]]


class TokenKeeper:
    """Hands out the token and renews it about five minutes before its end.

    key: names the app in the store (corp and agent id, never the secret). fetch: asks WeCom for
    (token, seconds); it may raise Misconfigured, which is then remembered: until its pause is over every
    `get` raises it again without asking, and the pause doubles up to an hour."""

    def __init__(self, key: str, fetch: Fetch, store: TokenStore, clock: Clock) -> None:
        self._key = key
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._held: Token | None = None
        self._last = ""
        self._turn = asyncio.Lock()
        self._fault: Misconfigured | None = None
        self._fault_until = clock.now()
        self._pause = FIRST_PAUSE

    async def get(self) -> str:
        """A token that should be good now. Raises Misconfigured, or what `fetch` raises."""
        self._raise_remembered()
        if self._held is not None and self._is_fresh(self._held):
            return self._held.value
        async with self._turn:
            if self._held is not None and self._is_fresh(self._held):  # fetched by whoever was before us
                return self._held.value
            self._raise_remembered()
            return (await self._renewed()).value

    async def drop(self, value: str) -> None:
        """WeCom refused this token. Forget it here and in the store, unless it was replaced meanwhile."""
        if self._held is not None and self._held.value == value:
            self._held = None
        await self._store.discard(self._key, value)

    def remember(self, fault: Misconfigured) -> Misconfigured:
        """Start or lengthen the pause after a set-up fault, and return the fault to raise."""
        pause = max(self._pause, fault.retry_after)
        self._fault = Misconfigured(fault.api, fault.errcode, fault.detail, pause)
        self._fault_until = self._clock.now() + timedelta(seconds=pause)
        log.error("wecom.misconfigured", api=fault.api, errcode=fault.errcode, pause_seconds=pause)
        self._pause = min(pause * 2, LONGEST_PAUSE)
        return self._fault

    def call_succeeded(self) -> None:
        """A call was accepted: the set-up is right again, the next fault starts with a short pause."""
        self._fault, self._pause = None, FIRST_PAUSE

    def _raise_remembered(self) -> None:
        if self._fault is None:
            return
        left = (self._fault_until - self._clock.now()).total_seconds()
        if 0 < left <= LONGEST_PAUSE:  # longer only if the clock was set back
            raise Misconfigured(self._fault.api, self._fault.errcode, self._fault.detail, left)
        self._fault = None

    def _is_fresh(self, token: Token) -> bool:
        return self._clock.now() < token.renew_at

    async def _renewed(self) -> Token:
        shared = await self._from_store()
        if shared is None and not await self._store.claim(self._claim_name(), CLAIM_SECONDS):
            shared = await self._from_another_process()
        self._held = shared or await self._fetched()
        self._last = self._held.value
        return self._held

    def _claim_name(self) -> str:
        """Processes that replace the same token compete; the claim of an earlier one is in nobody's way."""
        return f"{self._key}:{hashlib.sha256(self._last.encode()).hexdigest()[:12]}"

    async def _fetched(self) -> Token:
        try:
            value, seconds = await self._fetch()
        except Misconfigured as fault:
            raise self.remember(fault) from None
        token = Token.fetched(value, seconds, self._clock.now())
        await self._store.put(self._key, token)
        log.info("wecom.token_fetched", seconds=seconds)
        return token

    async def _from_store(self) -> Token | None:
        shared = await self._store.get(self._key)
        return shared if shared is not None and self._is_fresh(shared) else None

    async def _from_another_process(self) -> Token | None:
        """Wait a little for the process that fetches; None if it does not deliver."""
        for _ in range(30):
            await asyncio.sleep(WAIT_STEP)
            if (shared := await self._from_store()) is not None:
                return shared
        return None
