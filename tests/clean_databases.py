"""Migrated, empty PostgreSQL databases. To make one costs more than most tests take, so one that a test left with its
schema whole is emptied and lent again; any other is thrown away."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

import psycopg

from tests.servers import PostgresServer

TEMPLATE = "template_of_tests"
# What stands in the tables of a fresh database is kept beside them.
_KEEP = """
DO $$ DECLARE t record; filled boolean; BEGIN
  CREATE SCHEMA fresh;
  FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', t.name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE fresh.%I AS TABLE public.%I', t.name, t.name); END IF;
  END LOOP;
END $$
"""
# No trigger and no foreign key stands in the way of a replica.
_EMPTY = """
DO $$ DECLARE t record; BEGIN
  SET LOCAL session_replication_role = 'replica';
  FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', t.name);
  END LOOP;
  FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'fresh' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM fresh.%I', t.name, t.name);
  END LOOP;
  PERFORM setval(s.seqrelid, s.seqstart, false) FROM pg_sequence s;
END $$
"""
# Tables, columns and indexes by name and kind, constraints and triggers by what they say.
_SCHEMA = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
  SELECT concat(c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat(conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat(tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat(s.setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database()
) AS lines
"""


class CleanDatabases:
    """Lends databases of one server."""

    def __init__(self, server: PostgresServer) -> None:
        self._server, self._numbers = server, count(1)
        self._clean: list[str] = []
        with psycopg.connect(server.url(TEMPLATE), autocommit=True) as template:
            template.execute(_KEEP)
            self._schema = template.execute(_SCHEMA).fetchone()

    def lend(self) -> str:
        """The name of a database that nobody else has."""
        if self._clean:
            return self._clean.pop()
        name = f"test_{next(self._numbers)}"
        self._server.create(name, TEMPLATE)
        return name

    def take_back(self, name: str) -> None:
        """Whatever a test did to it."""
        if self._empties(name):
            self._clean.append(name)
        else:
            self._server.drop(name)

    def _empties(self, name: str) -> bool:
        self._server.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        with suppress(psycopg.Error), psycopg.connect(self._server.url(name), autocommit=True) as database:
            database.execute("SET lock_timeout = '2s'")
            if database.execute(_SCHEMA).fetchone() == self._schema:
                database.execute(_EMPTY)
                return True
        return False
