"""Files that members sent, from WeCom's media/get (path/90254)."""

from __future__ import annotations

from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Unreachable
from reminders.paper_files import GONE, TOO_LARGE, Fetched


class WeComMedia:
    """The `MediaSource` of the corp's app."""

    def __init__(self, client: WeComClient) -> None:
        self._client = client

    async def fetch(self, media_id: str, largest: int) -> Fetched:
        try:
            content = await self._client.download_media(media_id, largest)
        except (ApiBlocked, Unreachable):
            return Fetched()
        except CallFailed as error:
            return Fetched(refused=GONE) if error.rule.do is Do.MEDIA else Fetched()
        return Fetched(refused=TOO_LARGE) if content is None else Fetched(content)
