"""Reading what customers write in 微信客服.

The callback is only a bell (WeCom: the content is to be pulled, path/94670), and bells may be late, twice or lost. So
an account is read when its bell rang, and now and then without: from the cursor kept, page by page, each committed
with its cursor, by one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from reminders.kf_line import KfLine
from reminders.kf_receiving import KfReceiving
from storage.database import Database
from storage.leases import lease_owner
from storage.model.clock import Clock
from storage.model.kf import KfAccount

log = structlog.get_logger(__name__)

TOKEN_FOR = timedelta(minutes=9)  # WeCom gives ten
PATROL = timedelta(minutes=15)  # without a bell; WeCom limits readings without a token more tightly
AGAIN = timedelta(seconds=10)
MOST_EMPTY_PAGES = 10  # in a row


class KfReading:
    """Reads accounts that are due, and has customers answered and members told. That takes `steady` seconds at least:
    how long it takes to look somebody up must not tell whether he is a client."""

    def __init__(
        self, database: Database, line: KfLine, receiving: KfReceiving, clock: Clock, *,
        on_queued: Callable[[], None] = lambda: None, steady: float = 0.0,
    ) -> None:
        self._on_queued, self._steady = on_queued, steady
        self._database, self._line, self._receiving, self._clock = database, line, receiving, clock
        self._owner = lease_owner()

    async def step(self) -> int:
        """Read one account that is due; 1 if there was one."""
        account = await self._database.run(partial(self._receiving.claim, self._owner, self._clock.now()))
        if account is None:
            return 0
        pause = await self._read(account)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._steady
        if await self._tell(account):
            pause = min(pause, AGAIN)
        await self._database.run(partial(self._receiving.rest, account, pause, self._clock.now()))
        await asyncio.sleep(max(0.0, ends - loop.time()))
        self._on_queued()
        return 1

    async def _tell(self, account: KfAccount) -> bool:
        """Have members told of all that was kept; True when some of it must be tried again."""
        failed = False
        while True:
            told = await self._database.run(partial(self._receiving.tell, account.open_kfid, self._clock.now()))
            failed = failed or bool(told.failed)
            if not told.done:
                return failed

    async def _read(self, account: KfAccount) -> timedelta:
        """Page by page to the end; how long to rest then."""
        cursor, token, empty = account.cursor, self._token(account), 0
        while empty < MOST_EMPTY_PAGES:
            page = await self._line.read(account.open_kfid, cursor, token)
            match page.state:
                case "token_late":
                    token = ""
                    continue
                case "withdrawn":
                    log.warning("kf.withdrawn", account=account.open_kfid)
                    await self._database.run(partial(self._receiving.withdraw, account, self._clock.now()))
                    return PATROL
                case "later":
                    return max(AGAIN, timedelta(seconds=page.retry_after))
                case "read":
                    if not await self._database.run(partial(self._receiving.keep, account, page, self._clock.now())):
                        return PATROL
                    if not page.more:
                        return PATROL
                    # An empty page is no end by itself (path/94670), but a cursor that stands still is one for now.
                    empty = empty + 1 if not page.said or page.cursor == cursor else 0
                    cursor = page.cursor
        return AGAIN

    def _token(self, account: KfAccount) -> str:
        fresh = account.token_at is not None and self._clock.now() - account.token_at < TOKEN_FOR
        return account.token if fresh else ""

