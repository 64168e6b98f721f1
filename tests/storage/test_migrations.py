"""The schema: made by migrations alone, the same on both engines, safe to run at any time."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from storage import migrate
from storage.database import Database
from storage.engine import open_engine
from storage.migrate import SchemaUnknown, current, drift, head, upgrade


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty 100%.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


def test_an_empty_database_is_brought_to_the_head(empty_url: str) -> None:
    assert current(empty_url) == ""

    assert upgrade(empty_url) == head()

    assert current(empty_url) == head()


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(database_url: str) -> None:
    assert drift(database_url) == []


def test_a_column_that_no_migration_makes_is_noticed(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as conn:
        conn.execute(text("ALTER TABLE job_runs DROP COLUMN owner"))
    engine.dispose()

    assert [(step[0], step[3].name) for step in drift(database_url)] == [("add_column", "owner")]


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO job_runs VALUES ('brief', '2025-06-09', '2025-06-09 00:00:00', 'p1')"))

    upgrade(database_url)

    with engine.begin() as conn:
        assert conn.execute(text("SELECT job FROM job_runs")).scalars().all() == ["brief"]
    engine.dispose()


def test_processes_that_start_together_upgrade_once(empty_url: str) -> None:
    outcomes: list[object] = []
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        try:
            outcomes.append(upgrade(empty_url))
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [head()] * 4
    assert drift(empty_url) == []


def test_processes_that_open_a_new_file_together_all_can(tmp_path: Path) -> None:
    outcomes: list[object] = []

    def run(url: str, start: threading.Barrier) -> None:
        engine = open_engine(url)
        start.wait()
        try:
            engine.connect().close()
            outcomes.append("open")
        except Exception as error:
            outcomes.append(error)
        engine.dispose()

    for n in range(60):  # one time in twenty they met before
        start = threading.Barrier(6)
        threads = [threading.Thread(target=run, args=(f"sqlite:///{tmp_path}/{n}.db", start)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == ["open"] * 360


def test_who_starts_beside_a_long_migration_waits_for_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    upgrade(url)
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.01)
    migrating = sqlite3.connect(tmp_path / "bot.db", isolation_level=None, check_same_thread=False)
    migrating.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, migrating.rollback)
    end.start()
    assert current(url) == head()
    end.join()
    migrating.close()


def test_a_step_that_fails_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_conn: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrate, "_check_references", fail)
    with pytest.raises(RuntimeError):
        upgrade(empty_url)
    monkeypatch.undo()

    assert current(empty_url) == ""
    upgrade(empty_url)
    assert current(empty_url) == head()


def filled_at_0006(url: str) -> None:
    """A database from before tiers followed the assets, with a client who has a tier and one who has none."""
    with migrate._locked(url) as conn:
        config = migrate._config()
        config.attributes["connection"] = conn
        command.upgrade(config, "0006")
        at = "'2025-06-09 00:00:00+00:00'"
        conn.exec_driver_sql(
            "INSERT INTO users (id, name, role, path, line, active, preferences, created_at)"
            f" VALUES ('li', '李想', 'adviser', '/li/', '', TRUE, '{{}}', {at})"
        )
        for number, (name, tier) in enumerate((("王芳", "'贵宾'"), ("陈静", "NULL")), 1):
            conn.exec_driver_sql(
                "INSERT INTO clients (id, kind, owner_id, name, birthday_calendar, stage, attrs, bank_tier, version,"
                f" created_at, created_by, updated_at, updated_by) VALUES ({number}, 'individual', 'li', '{name}',"
                f" 'solar', 'active', '{{}}', {tier}, 1, {at}, 'li', {at}, 'wang')"
            )


def hands(url: str) -> dict[str, tuple[str | None, str | None]]:
    """The tier of each client, and who set it."""
    engine = create_engine(url)
    with engine.begin() as conn:
        found = conn.execute(text("SELECT name, bank_tier, tier_set_by FROM clients")).all()
    engine.dispose()
    return {row.name: (row.bank_tier, row.tier_set_by) for row in found}


def test_tiers_from_before_they_followed_the_assets_count_as_set_by_hand(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_at_0006(empty_url)

    def fail(_conn: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrate, "_check_references", fail)
    with pytest.raises(RuntimeError):
        upgrade(empty_url)
    monkeypatch.undo()
    assert current(empty_url) == "0006"

    upgrade(empty_url)
    assert hands(empty_url) == {"王芳": ("贵宾", "wang"), "陈静": (None, None)}
    assert drift(empty_url) == []


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    engine = create_engine(open_engine(database_url).url)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(SchemaUnknown, match="9999"):
        upgrade(database_url)

    assert current(database_url) == "9999"


def test_rows_that_point_nowhere_stop_an_upgrade(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as conn:
        conn.execute(text(
            "INSERT INTO client_tags (id, client_id, owner_id, tag, created_at)"
            " VALUES (1, 1, 'nobody', 'x', '2025-06-09 00:00:00')"
        ))  # fmt: skip
    engine.dispose()

    with pytest.raises(SchemaUnknown, match="1 行"):
        upgrade(sqlite_url)


def test_the_migrations_travel_with_the_package() -> None:
    folder = Path(migrate.__file__).parent / "migrations"

    assert {"env.py", "__init__.py"} <= {path.name for path in folder.iterdir()}
    assert (folder / "versions" / "__init__.py").exists()  # or setuptools would leave the folder out


def test_postgres_can_scan_names_by_prefix_on_an_index(postgres_database: Database) -> None:
    with postgres_database.engine.connect() as conn:
        conn.execute(text("SET enable_seqscan = off"))
        plan = conn.execute(text(
            "EXPLAIN SELECT client_id FROM client_names WHERE owner_id = 'li' AND key LIKE '王%'"
        )).scalars().all()  # fmt: skip

    assert any("Index Cond" in line and ">= '王'" in line for line in plan)


def test_clients_from_before_are_found_by_their_given_name(empty_url: str) -> None:
    filled_at_0006(empty_url)
    names = ("赵铁柱", "欧阳欣怡", "王芳", "Tom")
    engine = create_engine(empty_url)
    with engine.begin() as conn:
        for number, name in enumerate(names, 11):
            conn.execute(text(
                "INSERT INTO clients (id, kind, owner_id, name, birthday_calendar, stage, attrs, version, created_at, created_by,"
                " updated_at, updated_by) SELECT :id, kind, owner_id, :name, birthday_calendar, stage, attrs, version, created_at,"
                " created_by, updated_at, updated_by FROM clients WHERE id = 1"
            ), {"id": number, "name": name})
            conn.execute(text("INSERT INTO client_names VALUES (:id, 'li', 'name', :key)"), {"id": number, "key": name.lower()})

    upgrade(empty_url)

    with engine.begin() as conn:
        given = conn.execute(text("SELECT key, client_id FROM client_names WHERE how = 'given'")).all()
    engine.dispose()
    assert {tuple(row) for row in given} == {("铁柱", 11), ("欣怡", 12)}
