"""What may be uploaded, checked before it travels (developer.work.weixin.qq.com/document/path/90253)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import aiohttp

MediaKind = Literal["image", "voice", "video", "file"]

_MB = 1024 * 1024
_LIMITS: dict[MediaKind, int] = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')


class BadMedia(ValueError):
    """WeCom would refuse this file. A bug of ours, found before sending."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for `media/upload`. Raises BadMedia when WeCom would refuse its size or format."""

    kind: MediaKind
    filename: str
    content: bytes

    def __post_init__(self) -> None:
        limit = _LIMITS.get(self.kind)
        if limit is None:
            raise BadMedia(f"there is no media kind {self.kind!r}")
        if not 5 < len(self.content) <= limit:
            raise BadMedia(f"{self.kind} takes 6 to {limit} bytes, not {len(self.content)}")
        if not _looks_like(self.kind, self.content):
            raise BadMedia(f"the content is not a format that WeCom takes as {self.kind}")

    def form(self) -> aiohttp.FormData:
        """A fresh multipart body; the name goes as plain UTF-8, which is what members then see."""
        form = aiohttp.FormData(quote_fields=False)
        name = _UNSAFE.sub("_", self.filename).strip() or self.kind
        form.add_field("media", self.content, filename=name, content_type="application/octet-stream")
        return form


def _looks_like(kind: MediaKind, content: bytes) -> bool:
    match kind:
        case "image":
            return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        case "voice":
            return content.startswith(b"#!AMR")
        case "video":
            return content[4:8] == b"ftyp"
        case "file":
            return True
