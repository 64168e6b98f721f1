"""Pictures that WeCom holds for us, by the digest of what they show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.repositories.base import Repository
from storage.tables import uploads


class UploadRepository(Repository):
    def find(self, digest: str) -> str:
        """The media id of a picture that still lives, else ""."""
        query = select(uploads.c.media_id).where(uploads.c.digest == digest, uploads.c.expires_at > self.uow.now)
        found: str | None = self.uow.conn.execute(query).scalar_one_or_none()
        return found or ""

    def keep(self, digest: str, media_id: str, expires_at: datetime) -> str:
        """Keep a media id unless there is a living one; the one that stands."""
        self.uow.conn.execute(
            delete(uploads).where(uploads.c.digest == digest, uploads.c.expires_at <= self.uow.now)
        )
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        row = {"digest": digest, "media_id": media_id, "expires_at": expires_at}
        self.uow.conn.execute(make(uploads).values(row).on_conflict_do_nothing())
        return self.find(digest) or media_id

    def forget(self, digest: str) -> None:
        self.uow.conn.execute(delete(uploads).where(uploads.c.digest == digest))

    def purge(self) -> int:
        """Delete those that WeCom has forgotten; how many went."""
        return self.uow.conn.execute(delete(uploads).where(uploads.c.expires_at <= self.uow.now)).rowcount
