"""What is uploaded in the moment of sending (media/upload, path/90253; a media id lives three days): images that are
drawn then, and papers of tickets that are opened then.

A retry must send the same bytes, or WeCom's duplicate check would let it through: so the media id of what was uploaded
is kept under its digest before it is first used, and asked for again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable
from bot.wecom.media import BadMedia
from reminders.sending import canonical
from storage.model.charts import Chart
from storage.model.clock import Clock
from storage.model.errors import Corrupt

log = structlog.get_logger(__name__)

LIVES = timedelta(days=3) - timedelta(hours=4)  # as long as a retry of the same bytes may still come
UPLOAD_TRIES = 3  # from this try on, nothing is uploaded and the words go instead

Draw = Callable[[Mapping[str, Any]], bytes]


class _Enough(Exception):
    """Uploading was tried often enough: it may be what uses up the time of a message, and those behind it wait."""


class _Gone(Exception):
    """The paper is not kept any more."""


class Uploads(Protocol):
    """Remembers media ids by the digest of what they show."""

    async def find(self, digest: str, now: datetime) -> str: ...

    async def keep(self, digest: str, media_id: str, expires_at: datetime) -> str:
        """Keep it, unless another process was quicker; the id that stands."""
        ...

    async def forget(self, digest: str) -> None: ...


class Papers(Protocol):
    """Opens the files that were kept with tickets."""

    async def content(self, paper_id: int) -> bytes | None:
        """The bytes; None where none are kept. Raises Corrupt where they are not what was kept."""
        ...


class InMemory:
    """Uploads of one process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime]] = {}

    async def find(self, digest: str, now: datetime) -> str:
        media_id, expires_at = self._kept.get(digest, ("", now))
        return media_id if now < expires_at else ""

    async def keep(self, digest: str, media_id: str, expires_at: datetime) -> str:
        self._kept[digest] = (media_id, expires_at)
        return media_id

    async def forget(self, digest: str) -> None:
        self._kept.pop(digest, None)


def draw_chart(data: Mapping[str, Any]) -> bytes:
    """The PNG of a chart as JSON. The drawing library is loaded with the first picture, not with the product."""
    from reminders.charts import png

    return png(Chart.from_json(data))


class Attachments:
    """Turns the body of an image or a paper as the outbox keeps it (what is to be shown in place of a media id) into
    what WeCom takes."""

    def __init__(
        self, client: WeComClient, uploads: Uploads, clock: Clock, draw: Draw = draw_chart,
        papers: Papers | None = None,
    ) -> None:
        self._client, self._uploads, self._clock = client, uploads, clock
        self._draw, self._papers = draw, papers

    async def body(self, kept: bytes, tries: int) -> bytes:
        """The final bytes: with the media id, or the words instead where nothing can be shown.

        Raises Unreachable, Misconfigured and CallFailed for what passes: the same row may be tried again."""
        request = json.loads(kept)
        words, damaged = request.pop("instead"), request.pop("damaged", "")
        try:
            media_id = await self._media_id(request, may_upload=tries < UPLOAD_TRIES)
        except (Unreachable, CallFailed) as error:
            if isinstance(error, Misconfigured) or (tries < UPLOAD_TRIES and _passes(error)):
                raise
            log.warning("attachment.not_uploaded", error=type(error).__name__, attempt=tries)
        except _Enough:
            log.warning("attachment.words_instead", attempt=tries)
        except _Gone:
            log.warning("attachment.gone", paper=_shown(request).get("id"))
        except Corrupt:
            log.error("attachment.damaged", paper=_shown(request).get("id"))
            words = damaged
        except (BadMedia, ValueError, OSError) as error:
            log.error("attachment.not_made", error=type(error).__name__, exc_info=error)
        else:
            return canonical({**request, request["msgtype"]: {"media_id": media_id}})
        del request[request["msgtype"]]
        request.pop("safe", None)
        return canonical({**request, "msgtype": "text", "text": {"content": words}})

    async def forget(self, kept: bytes) -> None:
        """WeCom does not know the media id any more: it was not sent, and is uploaded anew."""
        await self._uploads.forget(_digest(_shown(json.loads(kept))))

    async def _media_id(self, request: Mapping[str, Any], *, may_upload: bool) -> str:
        """What was uploaded before, or is now. Raises _Enough where nothing is known and no more is to be tried."""
        digest = _digest(_shown(request))
        if known := await self._uploads.find(digest, self._clock.now()):
            return known
        if not may_upload:
            raise _Enough
        filename, content = await self._made(_shown(request))
        fresh = await self._client.upload_media(request["msgtype"], filename, content)
        return await self._uploads.keep(digest, fresh, self._clock.now() + LIVES)

    async def _made(self, shown: Mapping[str, Any]) -> tuple[str, bytes]:
        """File name and bytes of a chart, or of a kept paper. Raises _Gone, Corrupt."""
        if "filename" not in shown:
            return "chart.png", await asyncio.to_thread(self._draw, shown)
        content = await self._papers.content(shown["id"]) if self._papers else None
        if content is None:
            raise _Gone
        return shown["filename"], content


def _shown(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The chart, or which paper."""
    shown: Mapping[str, Any] = request[request["msgtype"]]
    return shown


def _passes(error: Unreachable | CallFailed) -> bool:
    # An upload that is rate-limited must not hold up the messages behind it.
    return isinstance(error, Unreachable) or (
        not isinstance(error, ApiBlocked) and error.rule.do in (Do.RETRY, Do.TOKEN, Do.SLOW)
    )


def _digest(shown: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(shown)).hexdigest()
