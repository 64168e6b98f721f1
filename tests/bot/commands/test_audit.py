"""The command line for the audit trail, as an administrator types it while the service is at work."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot.cli import app
from storage import audit


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty house that has been migrated; the service's database file in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.configure", lambda level: None)  # it would hold on to the runner's output
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
    (file,) = (tmp_path / "var").glob("*.db")
    return file


@pytest.mark.parametrize(("command", "step"), [("verify", "verify"), ("head", "head")])
def test_the_service_goes_on_writing_while_the_trail_is_read(
    house: Path, monkeypatch: pytest.MonkeyPatch, command: str, step: str
):
    written = []
    as_is = getattr(audit, step)

    def beside_a_writer(conn: Connection, *more: Any) -> Any:
        found = as_is(conn, *more)
        with closing(sqlite3.connect(house, timeout=0)) as service:
            service.execute("INSERT INTO job_runs VALUES ('brief', '2025-06-09', '2025-06-09 00:00:00', 'p1')")
            service.commit()
            written.append(command)
        return found

    monkeypatch.setattr(audit, step, beside_a_writer)
    done = CliRunner().invoke(app, ["audit", command])

    assert done.exit_code == 0, done.output
    assert written == [command]
