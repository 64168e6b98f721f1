"""A task for a colleague by name: 派任务 小李 周五前 回访王芳."""

from __future__ import annotations

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

_GIVEN = lazy(r"^\W*(?:给)?(?:派|布置|安排|指派|下达)(?:个|一个|一下)?任务(?:给)?[\s:：,，]*(?P<to>[\u4e00-\u9fff]{2,4}?)[\s:：,，]+(?P<rest>\S.*)$")
_EDGES = " ,，:：。.!！~"


def given_by_name(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of a task for one colleague; the day and the client as far as they were said."""
    match = _GIVEN.match(s.text) if s.role in ("manager", "adviser") else None
    if match is None:
        return None
    begins = match.start("rest")
    points = [point for point in s.points if point.start >= begins]
    due = {"when": s.when(points[0], times.REMIND)} if points else {}
    ends = points[0].end if points else begins
    start, end = s.normal.span(max(begins, ends), len(s.text))
    content = s.normal.said[start:end].strip(_EDGES).removeprefix("前").strip(_EDGES)
    who = fills.client(s, needed=False) if s.clients else {}
    return "task.assign", {**who, **due, "assignee": match["to"], "content": content}
