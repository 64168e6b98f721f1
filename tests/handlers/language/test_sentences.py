"""Sentences as people write them, read whole. `built_on` is built on, `to_read` will be next, `scored` is only scored and
never looked into."""

from __future__ import annotations

import sys

import pytest

from tests.handlers.language.scoring import Score, records, score

pytestmark = pytest.mark.parametrize(
    ("name", "intents", "clients", "frames", "false_writes"),
    [("built_on", 0.97, 0.98, 0.96, 0.002), ("to_read", 0.87, 0.97, 0.84, 0.0), ("scored", 0.94, 0.98, 0.92, 0.0)],
)


def test_so_much_is_read_rightly(name: str, intents: float, clients: float, frames: float, false_writes: float) -> None:
    """Floors, so that a change that breaks more than it mends is noticed. `-s` shows the figures."""
    found = [score(record) for record in records(name)]
    named = [s for s, record in zip(found, records(name), strict=True) if "client_id" in record["slots"]]

    def share(what: str, among: list[Score]) -> float:
        return sum(getattr(s, what) for s in among) / len(among)

    sys.stdout.write(
        f"\n{name}: {len(found)} sentences, intent {share('intent', found):.1%}, client {share('client', named):.1%}, "
        f"whole {share('frame', found):.1%}, false writes {sum(s.false_write for s in found)}\n"
    )
    assert share("intent", found) >= intents
    assert share("client", named) >= clients
    assert share("frame", found) >= frames
    assert share("false_write", found) <= false_writes
