import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.codec import Codec
from storage.model.clock import MovableClock

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# A larger collection of vectors and samples, read where it lies beside the project.
COLLECTION = Path(os.environ.get("WECOM_SAMPLES", ROOT.parent / "shared" / "wecom"))


def _vectors() -> list[dict]:
    files = [HERE / "data" / "vectors.json", COLLECTION / "vectors.json"]
    found = {v["id"]: v for f in files if f.exists() for v in json.loads(f.read_text())["vectors"]}
    return list(found.values())


def _samples() -> list[tuple[Path, dict]]:
    folders = [f for f in (HERE / "data" / "xml", COLLECTION / "xml") if (f / "index.json").exists()]
    indexes = [(folder, json.loads((folder / "index.json").read_text())["samples"]) for folder in folders]
    return [(folder / sample["file"], sample) for folder, samples in indexes for sample in samples]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "vector" in metafunc.fixturenames:
        metafunc.parametrize("vector", _vectors(), ids=lambda v: v["id"])
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", _samples(), ids=lambda s: s[0].stem)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 0, 10, tzinfo=UTC), frozen=True)


@pytest.fixture
def codec() -> Codec:
    return Codec("callbacktoken", "a" * 42 + "A", "wwcorp0000000001")
