"""When the morning brief and the digest come: the hours of the packs, or as operations set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

from config.pack import PUSHED_BETWEEN, Packs
from storage.model.errors import Invalid
from storage.model.versions import Version

PushName = Literal["brief", "digest"]
LABELS: Mapping[str, str] = {"brief": "早报", "digest": "日报"}
_USUAL: Mapping[str, time] = {"brief": time(8, 30), "digest": time(18)}  # where no pack says


@dataclass(frozen=True)
class PushTimes:
    """The firm's hours in force; `versions` are those that set them, by push, none for the packs' own. `broken` says of
    which an approved version can be used no more: the packs' hour counts meanwhile."""

    brief: time
    digest: time
    versions: Mapping[str, Version] = field(default_factory=dict)
    broken: tuple[str, ...] = ()

    def of(self, push: str) -> time:
        return self.digest if push == "digest" else self.brief


def overlaid(packs: Packs, versions: Sequence[Version]) -> PushTimes:
    """The packs' hours under the versions of them that are in force."""
    times, set_by, broken = {push: hour_of(packs, push) for push in LABELS}, {}, []
    for version in versions:
        try:
            times[version.subject] = hour_of(packs, version.subject) if version.body is None else hour_in(version)
            set_by[version.subject] = version
        except Invalid:
            broken.append(version.subject)
    return PushTimes(times["brief"], times["digest"], set_by, tuple(broken))


def hour_of(packs: Packs, push: str) -> time:
    """The packs' own."""
    return next((known.clock for known in packs.pushes if known.name == push), _USUAL[push])


def hour_in(version: Version) -> time:
    """What a version with a body holds. Raises Invalid for one that cannot be used."""
    said = (version.body or {}).get("at")
    try:
        at = time.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        at = None
    if at is None:
        raise Invalid(f"{LABELS[version.subject]}时间的写法已经变了，请重新提交。")
    return checked(version.subject, at)


def checked(push: str, at: time) -> time:
    """Raises Invalid for an hour at which it makes no sense."""
    first, last = PUSHED_BETWEEN[push]
    if not first <= at <= last:
        raise Invalid(f"{LABELS[push]}的时间要在 {first:%H:%M} 到 {last:%H:%M} 之间，请换一个时间。")
    return at


def body_of(at: time) -> dict[str, Any]:
    """An hour as a version holds it."""
    return {"at": f"{at:%H:%M}"}
