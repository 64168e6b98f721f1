"""Advisers and their clients for the bench: written in bulk, with sealed phones and the real name index."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import insert

from storage.database import Database, UnitOfWork
from storage.model.clock import SystemClock
from storage.model.ids import new_id
from storage.model.people import Actor, User
from storage.naming import name_keys
from storage.tables import client_names, clients

SOUGHT = "王芳"
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余"
_GIVEN = "伟敏静丽强磊洋艳勇军杰娟涛超秀霞平刚桂文辉玲红建国华志明春梅兰英晓东海燕宏宇晨思佳"
_CHUNK = 5000


def fill(database: Database, advisers: Sequence[str], clients_each: int) -> None:
    """Give each adviser a book of `clients_each` clients, one of them the client everybody looks for."""
    chance = random.Random(20250609)
    with database.system(SystemClock().now()) as uow:
        people = [uow.users.add(name, f"顾问{n}", "adviser", line="insurance") for n, name in enumerate(advisers)]
    rows = (_client(chance, person.id) for person in people for _ in range(clients_each - 1))
    while _write(database, rows):
        pass
    for person in people:
        with database.transaction(Actor.of(person), SystemClock().now()) as uow:
            _add_sought(uow, person)


def _write(database: Database, rows: Iterator[dict[str, Any]]) -> int:
    """The next few thousand clients in one commit; how many there were."""
    chunk = [row for row, _ in zip(rows, range(_CHUNK), strict=False)]
    if not chunk:
        return 0
    now = SystemClock().now()
    with database.system(now) as uow:
        stamps = {"created_at": now, "created_by": "system", "updated_at": now, "updated_by": "system"}
        uow.conn.execute(insert(clients), [{**_sealed(uow, row), **stamps} for row in chunk])
        uow.conn.execute(insert(client_names), [
            {"client_id": row["id"], "owner_id": row["owner_id"], "how": how, "key": key}
            for row in chunk for how, key in _keys(row["name"])
        ])  # fmt: skip
    return len(chunk)


def _client(chance: random.Random, owner_id: str) -> dict[str, Any]:
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    name = SOUGHT
    while name == SOUGHT:
        name = chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
    return {
        "id": new_id(), "owner_id": owner_id, "name": name, "kind": "individual", "stage": "client",
        "birthday": born, "birth_day": born.month * 100 + born.day, "birthday_calendar": "solar",
        "bank_tier": "贵宾", "gender": chance.choice("MF"), "attrs": {}, "phone": f"199{chance.randrange(10**8):08d}",
    }  # fmt: skip


def _sealed(uow: UnitOfWork, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its phone sealed and indexed as the repository does it."""
    phone = row["phone"]
    return {name: value for name, value in row.items() if name != "phone"} | {
        "secrets": uow.seal("clients.secrets", row["id"], {"phone": phone}),
        "phone_index": uow.vault.blind("phone", phone),
        "phone_tail_index": uow.vault.blind("phone_tail", phone[-4:]),
    }


@cache
def _keys(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(name_keys(name)))


def _add_sought(uow: UnitOfWork, adviser: User) -> None:
    """A client whose card has every line: phone, tier, tag, contracts, next step, last contact."""
    client = uow.clients.add({
        "kind": "individual", "name": SOUGHT, "phone": "19900000001", "stage": "client", "gender": "F",
        "birthday": date(1985, 6, 15), "bank_tier": "贵宾",
    }, adviser.id)  # fmt: skip
    today = uow.now.date()
    for kind, months in (("policy", 2), ("deposit", 5)):
        uow.contracts.add(client, {
            "kind": kind, "line": "insurance", "state": "active", "number": f"B{client.id}{months}",
            "product_name": "康佑重疾险", "amount": Decimal(500_000), "starts_on": today - timedelta(days=300),
            "ends_on": today + timedelta(days=30 * months),
        }, [("holder", client.name, client.id)])  # fmt: skip
    uow.clients.add_tag(client, "高净值")
    uow.clients.touch(client, uow.now - timedelta(days=3))
    uow.reminders.add(
        receiver_id=adviser.id, remind_at=uow.now + timedelta(days=2), due_on=today + timedelta(days=2),
        category="follow_up", text="回访", client=client,
    )
