"""A reader's book, a clock that stands at Monday 2025-06-09 09:00, and `read`, which understands a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.language import ClientRef, Dialogue, Lexicon, Meaning, Recurrence, When, lexicon_from, understand
from handlers.language.command import RosterBook

NOW = datetime(2025, 6, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WANG_FANG = ClientRef(1, "王芳")
CLIENTS = [
    (1, "王芳", []), (2, "李雷", ["雷子"]), (3, "张敏", ["张姐"]), (4, "陈静", []), (5, "张伟", []), (6, "张伟", []), (7, "刘洋", ["刘总"]),
    (8, "欧阳娜", []), (9, "高兴", []), (10, "李明", []), (11, "周一", ["周老师"]), (12, "宏达", []), (13, "王小明", ["小明"]), (14, "马上", []),
    (15, "平安", []), (16, "阿依古丽·买买提", ["古丽"]), (17, "白雪", []), (18, "Tom Chen", ["Tom"]),
]
Reader = Callable[..., Meaning]


@pytest.fixture(scope="session")
def book() -> RosterBook:
    return RosterBook({"id": i, "name": n, "aliases": a} for i, n, a in CLIENTS)


@pytest.fixture(scope="session", params=["default words", "words of the packs"])
def lexicon(request: pytest.FixtureRequest) -> Lexicon:
    if request.param == "default words":
        return Lexicon.default()
    from config.pack import load_packs

    return lexicon_from(load_packs(("common", "bank", "insurance", "securities", "lending")))


@pytest.fixture
def read(book: RosterBook, lexicon: Lexicon) -> Reader:
    """`read("王芳 保单")`; `focus=True` puts 王芳 in mind; other words go into the dialogue."""

    def reader(text: str, *, role: str = "adviser", focus: bool = False, now: datetime = NOW, **dialogue: Any) -> Meaning:
        mind = WANG_FANG if focus else None
        return understand(text, now=now, role=role, book=book, dialogue=Dialogue(focus=mind, **dialogue), lexicon=lexicon)

    return reader


def plain(value: Any) -> Any:
    """Times and rules as the tables write them: "start", ("start", "end"), or the rule."""
    if isinstance(value, When):
        return (value.start, value.end) if value.end else value.start
    return value.rrule if isinstance(value, Recurrence) else value


@pytest.fixture(scope="session")
def check() -> Callable[[Meaning, str, dict[str, Any]], None]:
    """Intent and the named slots are right; a slot of None must be absent, `clarify` is compared too."""

    def checker(meaning: Meaning, intent: str, slots: dict[str, Any]) -> None:
        assert meaning.intent == intent, (meaning.rule, dict(meaning.slots))
        expected = {"clarify": None, **slots}
        clarify = expected.pop("clarify")
        assert meaning.clarify == clarify, dict(meaning.slots)
        assert {name: plain(meaning.get(name)) for name in expected} == expected

    return checker
