"""Media ids kept in the database, so that any process sends the same bytes again after a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from storage.database import Database
from storage.model.clock import Clock
from storage.repositories.uploads import UploadRepository

T = TypeVar("T")


class StoredUploads:
    """See `bot.wecom.attachments.Uploads`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def find(self, digest: str, now: datetime) -> str:
        return await self._do(lambda uploads: uploads.find(digest))

    async def keep(self, digest: str, media_id: str, expires_at: datetime) -> str:
        return await self._do(lambda uploads: uploads.keep(digest, media_id, expires_at))

    async def forget(self, digest: str) -> None:
        await self._do(lambda uploads: uploads.forget(digest))

    async def _do(self, work: Callable[[UploadRepository], T]) -> T:
        def unit() -> T:
            with self._database.system(self._clock.now()) as uow:
                return work(UploadRepository(uow))

        return await self._database.run(unit)
