"""The schema: made by migrations alone, the same on both engines."""

from __future__ import annotations

from pathlib import Path

from storage.migrate import current, drift, head, upgrade


def test_a_new_database_is_brought_to_the_head(empty_url: str) -> None:
    assert current(empty_url) == ""

    assert upgrade(empty_url) == ""

    assert current(empty_url) == head()
