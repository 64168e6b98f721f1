"""The load of a crash test: members with clients, what they say, and the answers that must come exactly once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import func, select

from storage.database import Database
from storage.model.people import Actor
from storage.tables import inbox, interactions, outbox, reminders
from tests.builders import a_client, a_user
from tests.crash.fleet import Fleet, Watcher

_SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕张"
_FIRST, _SECOND = "晓雨佳思雅子文嘉梓欣", "涵琪轩怡萱妍彤宁悦瑶"
CLIENTS_EACH, REMINDERS_EACH = 8, 2


@dataclass(frozen=True)
class Say:
    """A member says something; exactly one message must answer it, known by how it begins or what it holds."""

    member: str
    text: str
    name: str

    def is_answered_by(self, bubble: dict[str, Any]) -> bool:
        is_note = bubble["text"].startswith("已记录")
        return self.name in bubble["text"] and not bubble["text"].startswith("已切换") and is_note == self.text.startswith("记")


@dataclass(frozen=True)
class Load:
    """Who says what, in each member's order; and the texts of the reminders that fall due meanwhile."""

    says: tuple[Say, ...]
    reminders: dict[str, str]

    @property
    def members(self) -> list[str]:
        return sorted({say.member for say in self.says})


def a_load(members: int) -> Load:
    """Each member looks up every client of his and then writes a note about each."""
    names = ("".join(parts) for parts in product(_SURNAMES, _FIRST, _SECOND))
    says: list[Say] = []
    for number in range(members):
        member = f"adviser{number:03d}"
        for name in [next(names) for _ in range(CLIENTS_EACH)]:
            says += [Say(member, f"查 {name}", name), Say(member, f"记 {name} 电话沟通了家庭保障", name)]
    texts = {
        f"整理第 {turn + 1} 组档案（{member}）": member
        for member in sorted({say.member for say in says}) for turn in range(REMINDERS_EACH)
    }  # fmt: skip
    return Load(tuple(says), texts)


def prepare(database: Database, load: Load, now: datetime, last: timedelta, chance: random.Random) -> None:
    """Members, their clients, and reminders that fall due between now and `last` from now."""
    with database.system(now) as uow:
        for member in load.members:
            a_user(uow, member, name=member)
        for say in load.says:
            if say.text.startswith("查"):
                a_client(uow, say.name, owner_id=say.member)
    for text, member in load.reminders.items():
        with database.transaction(Actor(member, "adviser"), now) as uow:
            at = now + last * chance.random()
            uow.reminders.add(receiver_id=member, remind_at=at, due_on=at.date(), category="todo", text=text)


async def speak(watcher: Watcher, load: Load, fleet: Fleet, kills: int, chance: random.Random) -> None:
    """Members mixed, each in his own order; spread over the kills, so that each one interrupts something."""
    order = [say.member for say in load.says]
    chance.shuffle(order)
    lines = {member: iter([say for say in load.says if say.member == member]) for member in load.members}
    for number, member in enumerate(order):
        await fleet.was_killed(number * kills // len(order))
        say = next(lines[member])
        await watcher.steer("say", {"userid": member, "text": say.text, "wait": False})
        await asyncio.sleep(1.0 * kills / len(order))


@dataclass(frozen=True)
class Reckoning:
    """What the outside world says at the end: nothing missing, nothing twice."""

    lost: list[str]
    doubled: list[str]
    given_up: int
    seen: int
    swallowed: int
    dropped: int


def reckon(load: Load, seen: dict[str, Any]) -> Reckoning:
    """Every accepted message answered once, every reminder shown once, as people saw it on their phones."""
    bubbles: dict[str, list[dict[str, Any]]] = {}
    for bubble in seen["seen"]:
        bubbles.setdefault(bubble["userid"], []).append(bubble)
    refused = [d["plain"] for d in seen["deliveries"] if not d["accepted"]]
    answers = {say: sum(map(say.is_answered_by, bubbles.get(say.member, []))) for say in load.says}
    shown = {
        text: sum(text in bubble["text"] for bubble in bubbles.get(member, []))
        for text, member in load.reminders.items()
    }  # fmt: skip
    expected = {say.text: count for say, count in answers.items() if not any(say.text in plain for plain in refused)}
    counted = Counter(expected) + Counter(shown)
    return Reckoning(
        lost=[text for text in (*expected, *shown) if not counted[text]],
        doubled=[text for text, count in {**{s.text: c for s, c in answers.items()}, **shown}.items() if count > 1],
        given_up=len(refused), seen=len(seen["seen"]), swallowed=len(seen["duplicates_swallowed"]),
        dropped=len(seen["dropped"]),
    )  # fmt: skip


def notes_written(database: Database) -> dict[int, int]:
    """How often each client was written a note."""
    with database.engine.connect() as conn:
        query = select(interactions.c.client_id, func.count().label("count")).group_by(interactions.c.client_id)
        return {row.client_id: row.count for row in conn.execute(query)}


def left_to_do(database: Database) -> int:
    """How much waits in the mailboxes or was told to nobody yet; looks on without the lock that the writers need."""
    waiting = (inbox.c.state == "new", outbox.c.state.in_(("new", "sending")), reminders.c.pushed_at.is_(None))
    with database.snapshot() as conn:
        return sum(conn.execute(select(func.count()).where(still)).scalar_one() for still in waiting)
