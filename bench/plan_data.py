"""Contracts by the million with their clients and instalments, made in SQL.

A tenth of them, the *near* ones, hold everything that falls due around the day that is planned; the others,
the *far* ones, are as many rows and nothing of theirs is due. So the same day can be planned over a tenth of
the stock and over all of it, with the same reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from storage.database import Database
from storage.model.clock import SystemClock

DAY = date(2025, 6, 9)
ADVISERS = 200
CONTRACTS_EACH = 3  # of a client
FIRST_CONTRACT, FIRST_INSTALMENT = 1_000_000_000, 2_000_000_000
FIRST_ACCOUNT, FIRST_TRANSACTION = 3_000_000_000, 4_000_000_000
LAST_MONTH = DAY.year * 12 + DAY.month - 2  # the month before the day, as the sums of months count


@dataclass(frozen=True)
class Dialect:
    """How one engine writes what the other writes differently."""

    numbers: str  # a table n(i) from :first to :last
    day: str  # the day `{days}` days after DAY
    at: str  # the instant `{days}` days before DAY, in UTC
    empty: str  # an empty JSON object
    mark: str  # sixteen bytes or so of an account's own


SQLITE = Dialect(
    "(WITH RECURSIVE c(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM c WHERE i < :last) SELECT i FROM c) AS n",
    f"date('{DAY}', ({{days}}) || ' days')",
    f"strftime('%Y-%m-%d 08:00:00.000000', '{DAY}', '-' || ({{days}}) || ' days')", "'{}'",
    "CAST('a' || i AS BLOB)",
)  # fmt: skip
POSTGRES = Dialect(
    "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n(i)",
    f"(DATE '{DAY}' + CAST(({{days}}) AS integer))",
    f"(TIMESTAMPTZ '{DAY} 08:00:00+00' - CAST(({{days}}) AS integer) * INTERVAL '1 day')", "'{}'::jsonb",
    "convert_to('a' || i, 'UTF8')",
)  # fmt: skip

_CLIENTS = """
INSERT INTO clients (id, kind, owner_id, name, birthday_calendar, birth_day, lunar_birthday, stage, bank_tier,
    risk_class_expires_on, id_expires_on, next_follow_up_on, last_contact_at, attrs,
    version, created_at, created_by, updated_at, updated_by)
SELECT i, CASE WHEN i % 20 = 0 THEN 'enterprise' ELSE 'individual' END, 'u' || (i % {advisers}), '客户' || i,
    CASE WHEN {near} AND i % 10 = 3 THEN 'lunar' ELSE 'solar' END, {birth_month} * 100 + 1 + i / 12 % 28,
    CASE WHEN {near} AND i % 10 = 3 THEN (1 + i % 12) * 100 + 1 + i / 12 % 29 END,
    CASE WHEN i % 50 = 7 THEN 'lost' ELSE 'client' END,
    CASE i % 8 WHEN 0 THEN '贵宾' WHEN 1 THEN '优质' WHEN 2 THEN '大众' WHEN 3 THEN '私行' END,
    {expiry}, {licence}, {follow_up}, {contact}, {empty}, 1, {long_ago}, 'system', {long_ago}, 'system'
FROM {numbers}
"""
_CONTRACTS = """
INSERT INTO contracts (id, client_id, owner_id, kind, line, state, number_tail, product_code, product_name,
    starts_on, ends_on, amount, currency, attrs, version, created_at, created_by, updated_at, updated_by)
SELECT {first_contract} + i, 1 + (i - 1) / {each}, 'u' || ((1 + (i - 1) / {each}) % {advisers}),
    CASE WHEN i % 10 < 4 THEN 'policy' WHEN i % 10 < 6 THEN 'loan' WHEN i % 10 = 6 THEN 'deposit'
         WHEN i % 10 = 7 THEN 'wealth' WHEN i % 10 = 8 THEN 'fund' ELSE 'lease' END, '',
    CASE WHEN i % 10 IN (4, 5) THEN 'repaying' WHEN i % 97 = 0 THEN 'cancelled' ELSE 'active' END, '',
    CASE WHEN i % 10 < 4 THEN CASE i / 10 % {shelf} {products} END END, '', {starts}, {ends}, 1000000, 'CNY',
    {empty}, 1, {long_ago}, 'system', {long_ago}, 'system'
FROM {numbers}
"""
_INSTALMENTS = """
INSERT INTO instalments (id, contract_id, client_id, owner_id, number, due_on, grace_ends_on, amount, state, version)
SELECT {first_instalment} + i * 2 + p, {first_contract} + i, 1 + (i - 1) / {each},
    'u' || ((1 + (i - 1) / {each}) % {advisers}), 1 + p, {due}, {grace}, 1000,
    CASE p WHEN 0 THEN 'due' ELSE 'paid' END, 1
FROM {numbers} CROSS JOIN (SELECT 0 AS p UNION ALL SELECT 1) AS two
WHERE i % 10 < 6 OR i % 10 = 9
"""
_ACCOUNTS = """
INSERT INTO accounts (id, client_id, owner_id, kind, state, number_tail, number_index, currency, updated_at)
SELECT {first_account} + i, i, 'u' || (i % {advisers}), CASE WHEN i % 5 = 0 THEN 'savings' ELSE 'salary' END,
    CASE WHEN i % 41 = 0 THEN 'closed' ELSE 'open' END, '0000', {mark}, 'CNY', {long_ago}
FROM {numbers}
"""
# Of a tenth of the near accounts the row of months becomes full with the last month, of another it was full before.
_MONTHS = """
INSERT INTO account_months (account_id, month, owner_id, money_in, money_out, net)
SELECT {first_account} + i, {last_month} - p, 'u' || (i % {advisers}), 9000000, 9000000 - {net}, {net}
FROM {numbers} CROSS JOIN (SELECT 0 AS p UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS four
"""
_TRANSACTIONS = """
INSERT INTO transactions (id, account_id, client_id, owner_id, happened_on, amount, category, reference)
SELECT {first_transaction} + i * 2 + p, {first_account} + i, i, 'u' || (i % {advisers}), {moved_on},
    CASE WHEN i % 50 = 1 THEN -60000000 ELSE -100000 END, 'transfer', 't' || p
FROM {numbers} CROSS JOIN (SELECT 0 AS p UNION ALL SELECT 1) AS two
"""


def add_contracts(database: Database, how_many: int) -> None:
    """The near tenth of `how_many` contracts, with advisers, clients and instalments."""
    with database.system(SystemClock().now()) as uow:
        for number in range(ADVISERS):
            uow.users.add(f"u{number}", f"顾问{number}", "adviser")
    _add(database, 1, how_many // 10, near=True)


def add_far_ones(database: Database, how_many: int) -> None:
    """The other nine tenths."""
    _add(database, how_many // 10 + 1, how_many, near=False)


def _add(database: Database, first: int, last: int, *, near: bool) -> None:
    dialect = POSTGRES if database.is_postgres else SQLITE
    words = _words(dialect, near) | _shelf(database)
    clients = {"first": (first - 1) // CONTRACTS_EACH + 1, "last": last // CONTRACTS_EACH}
    with database.engine.connect() as conn:
        _make_loading_quick(conn)
        for statement in (_CLIENTS, _ACCOUNTS, _MONTHS, _TRANSACTIONS):
            conn.execute(text(statement.format(**words)), clients)
        for statement in (_CONTRACTS, _INSTALMENTS):
            conn.execute(text(statement.format(**words)), {"first": first, "last": last})
        conn.commit()
    with database.engine.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _make_loading_quick(conn: Connection) -> None:
    """What a loader may do and the product does not: no foreign keys while millions of rows come in."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        conn.execute(text("COMMIT"))  # the pragma counts outside of a transaction only
        for pragma in ("foreign_keys = OFF", "cache_size = -300000"):
            conn.execute(text(f"PRAGMA {pragma}"))
        conn.execute(text("BEGIN IMMEDIATE"))


def _shelf(database: Database) -> dict[str, Any]:
    """Policies take turns over the insurance products, and one in so many names none."""
    codes = [product.code for product in database.packs.current.products if product.line == "insurance"]
    picked = " ".join(f"WHEN {number} THEN '{code}'" for number, code in enumerate(codes))
    return {"shelf": len(codes) + 1, "products": picked}


def _words(dialect: Dialect, near: bool) -> dict[str, Any]:
    def day(days: str) -> str:
        return dialect.day.format(days=days)

    near_or_far: dict[str, str] = {
        "birth_month": "(1 + i % 12)", "expiry": day("i % 400 - 100"), "licence": day("i % 700 - 100"),
        "follow_up": day("i % 60 - 20"), "contact": dialect.at.format(days="i / 8 % 200"),
        "ends": day("i / 10 % 100 - 30"), "due": day("i / 10 % 110 - 60"), "grace": day("i / 10 % 110"),
        "starts": day("-700 - i / 10 % 400"),
        "net": "CASE WHEN i % 10 = 3 AND p < 3 OR i % 10 = 7 THEN 2500000 ELSE 100000 END",
        "moved_on": day("0 - i / 50 % 30"),
    } if near else {
        "birth_month": "CASE WHEN i % 12 = 5 THEN 7 ELSE 1 + i % 12 END", "expiry": day("200 + i % 400"),
        "licence": day("200 + i % 400"), "follow_up": day("100 + i % 60"), "contact": dialect.at.format(days="1"),
        "ends": day("100 + i / 10 % 1000"), "due": day("100 + i / 10 % 1000"), "grace": day("160 + i / 10 % 1000"),
        "starts": day("-900"),
        "net": "100000", "moved_on": day("-200 - i % 100"),
    }  # fmt: skip
    return near_or_far | {
        "numbers": dialect.numbers, "empty": dialect.empty, "near": "1 = 1" if near else "1 = 0",
        "advisers": ADVISERS, "each": CONTRACTS_EACH, "first_contract": FIRST_CONTRACT,
        "first_instalment": FIRST_INSTALMENT,
        "first_account": FIRST_ACCOUNT, "first_transaction": FIRST_TRANSACTION, "last_month": LAST_MONTH,
        "mark": dialect.mark, "long_ago": dialect.at.format(days="900"), "long_ago_day": day("-900"),
    }
