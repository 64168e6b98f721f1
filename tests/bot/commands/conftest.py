"""The command line as it is typed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

Type = Callable[..., Result]


def _types(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


@pytest.fixture(autouse=True)
def _logs_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.logs.configure", lambda level: None)  # it would hold on to the runner's output


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been migrated, with three members; made once, to be copied."""
    folder = tmp_path_factory.mktemp("firm") / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.logs.configure", lambda level: None)
        patch.setenv("BOT_DATA_DIR", str(folder))
        assert _types("migrate").exit_code == 0
        for row in (("wangke", "manager", ""), ("zhouning", "manager", ""), ("lixiang", "adviser", "wangke")):
            under = ("--manager", row[2]) if row[2] else ()
            assert _types("user", "add", "--id", row[0], "--name", "某人", "--role", row[1], *under).exit_code == 0
    return folder


@pytest.fixture
def types(firm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types `python -m bot …` in a house of its own."""
    shutil.copytree(firm, tmp_path / "var")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    return _types
