"""When the morning brief, the digest and the reports of a team come: as the packs say, or as operations set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

from config.pack import PUSHED_BETWEEN, Packs
from storage.model.errors import Invalid
from storage.model.versions import Version

PushName = Literal["brief", "digest", "weekly", "monthly"]
LABELS: Mapping[str, str] = {"brief": "早报", "digest": "日报", "weekly": "周报", "monthly": "月报"}
LAST_DAY: Mapping[str, int] = {"weekly": 7, "monthly": 28}  # of those that come on one day of a week or a month


@dataclass(frozen=True, slots=True)
class PushHour:
    """When a push comes. A report has a `day` as well: 1 (Monday) to 7 of a week, 1 to 28 of a month; `off`: it comes
    to nobody who did not set an hour of his own."""

    at: time
    day: int | None = None
    off: bool = False


# Where no pack says.
_USUAL: Mapping[str, PushHour] = {
    "brief": PushHour(time(8, 30)), "digest": PushHour(time(18)),
    **{report: PushHour(time(9), 1, off=True) for report in LAST_DAY},
}


@dataclass(frozen=True)
class PushTimes:
    """The firm's hours in force, by push; `versions` are those that set them, none for the packs' own. `broken` says of
    which an approved version can be used no more: the packs' hour counts meanwhile."""

    hours: Mapping[str, PushHour]
    versions: Mapping[str, Version] = field(default_factory=dict)
    broken: tuple[str, ...] = ()

    def of(self, push: str) -> PushHour:
        return self.hours[push]


def overlaid(packs: Packs, versions: Sequence[Version]) -> PushTimes:
    """The packs' hours under the versions of them that are in force."""
    hours, set_by, broken = {push: hour_of(packs, push) for push in LABELS}, {}, []
    for version in versions:
        try:
            hours[version.subject] = hour_of(packs, version.subject) if version.body is None else hour_in(version)
            set_by[version.subject] = version
        except Invalid:
            broken.append(version.subject)
    return PushTimes(hours, set_by, tuple(broken))


def hour_of(packs: Packs, push: str) -> PushHour:
    """The packs' own."""
    if push in LAST_DAY:
        reports = (PushHour(time.fromisoformat(r.hour), r.day, not r.enabled) for r in packs.reports if r.id == push)
        return next(reports, _USUAL[push])
    return next((PushHour(known.clock) for known in packs.pushes if known.name == push), _USUAL[push])


def hour_in(version: Version) -> PushHour:
    """What a version with a body holds. Raises Invalid for one that cannot be used."""
    body = version.body or {}
    said, day = body.get("at"), body.get("day")
    try:
        at = time.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        at = None
    if at is None or not isinstance(day, int | None) or (day is None) == (version.subject in LAST_DAY):
        raise Invalid(f"{LABELS[version.subject]}时间的写法已经变了，请重新提交。")
    return checked(version.subject, PushHour(at, day))


def checked(push: str, hour: PushHour) -> PushHour:
    """Raises Invalid for a day or an hour at which it makes no sense."""
    first, last = PUSHED_BETWEEN[push]
    if not first <= hour.at <= last:
        raise Invalid(f"{LABELS[push]}的时间要在 {first:%H:%M} 到 {last:%H:%M} 之间，请换一个时间。")
    if hour.day is not None and not 1 <= hour.day <= LAST_DAY[push]:
        which = "周报的日子是周一到周日" if push == "weekly" else "月报的日子请选 1 到 28 号，每个月都有"
        raise Invalid(f"{which}，请换一天。")
    return hour


def body_of(hour: PushHour) -> dict[str, Any]:
    """An hour as a version holds it."""
    return {"at": f"{hour.at:%H:%M}"} | ({} if hour.day is None else {"day": hour.day})
