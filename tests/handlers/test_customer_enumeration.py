"""Five thousand probes and more tell no client from nobody: the same words, in the same order, by the same work, and an
end of it when too many fail."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import event

from handlers.self_service import SelfService
from reminders.kf_attending import Attended
from reminders.kf_telling import SERVICER
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.kf import Heard, Said
from storage.model.people import Client
from storage.repositories.bindings import BindingRepository
from storage.repositories.kf import KfRepository
from tests.builders import a_client, a_policy, an_id_number, the_cast
from tests.reminders.firm import ZONE

CLIENTS, PROBES = 8, 600
PAIRS, AT_ONCE = 1250, 50  # by each sort of asker; under one transaction
BORN = date(1985, 6, 15)
LATER = timedelta(minutes=20)  # between the transactions, so that a lock ends and is earned again


class Prober:
    """Writes as one WeChat, which is linked to a client or to nobody."""

    def __init__(self, database: Database, clock: MovableClock, who: str, client: Client | None) -> None:
        self.database, self.clock, self.who, self.client = database, clock, who, client
        self.attendant, self.ids = SelfService(ZONE, "青禾金融", sends_codes=True), count(1)

    def probes(self, *texts: str) -> list[Attended]:
        with self.database.system(self.clock.now(), durable=False) as uow:
            kf = KfRepository(uow)
            talk = kf.talk("wk1", self.who, self.clock.now(), self.client)
            return [self.attendant.attend(uow, talk, [self._heard(text)], self.client) for text in texts]

    def _heard(self, text: str) -> Heard:
        said = Said(f"m{self.who}", self.who, "customer", "text", text, self.clock.now())
        return Heard(next(self.ids), "wk1", said.msgid, self.who, None, None, "customer", "text", text, said.said_at, {}, "new", 0)


# ---------------------------------------------------------------- whose WeChat it is


def a_probe(chaos: random.Random) -> str:
    day = BORN + timedelta(days=chaos.randrange(1, 9000))
    return chaos.choice([
        f"验证码 {chaos.randrange(10**6):06d}", f"{chaos.randrange(10**4):04d} {day:%Y%m%d}", "验证码",
        "我的保单什么时候到期", f"查一下{chaos.choice('王李张')}芳的保单", "下个月要还多少钱",
        f"保单 P2025{chaos.randrange(10**4):04d} 还有效吗",
    ])  # fmt: skip


def as_he_sees_it(attended: Attended) -> Attended:
    """Without what members hear, and which of them is to serve him; that somebody is stays."""
    return replace(attended, notes=(), servicer_id="somebody" if attended.servicer_id else "")


def test_a_thousand_probes_tell_no_client_s_wechat_from_nobody_s(sqlite_database: Database, clock: MovableClock) -> None:
    with sqlite_database.system(clock.now()) as uow:
        cast = the_cast(uow)
        uow.users.prefer(cast.chenmo, **{SERVICER: True})  # who serves strangers
        known = [a_client(uow, "王芳", birthday=BORN, id_number=an_id_number(BORN, n)) for n in range(CLIENTS)]
    pairs = [
        (Prober(sqlite_database, clock, f"wm{n}", client), Prober(sqlite_database, clock, f"no{n}", None))
        for n, client in enumerate(known)
    ]
    chaos, locked = random.Random(7), 0
    for n in range(PROBES):
        if n % 100 == 99:
            clock.advance(timedelta(minutes=30))
        client, nobody = chaos.choice(pairs)
        probe = a_probe(chaos)
        (of_client,), (of_nobody,) = client.probes(probe), nobody.probes(probe)
        assert of_client.answer.encode() == of_nobody.answer.encode()
        assert as_he_sees_it(of_client) == as_he_sees_it(of_nobody)
        locked += "已暂停" in of_client.answer
    assert locked > PROBES / 20


# ---------------------------------------------------------------- whom it is about


@dataclass(frozen=True)
class Person:
    """Whom a probe is about: by name, phone, policy and identity number; a client, or invented."""

    name: str
    phone: str
    policy: str
    id_number: str

    @property
    def told(self) -> tuple[str, ...]:
        return self.name, self.phone, self.policy, self.id_number[-4:]


CLIENT_NAMES, OTHER_NAMES = ("张敏", "李雷", "赵敏", "孙丽", "吴静"), ("张琳", "李涛", "赵颖", "孙杰", "吴越")
ABOUT = (
    "查一下{0}的保单", "{0}的手机号是多少", "{0}是你们的客户吗", "我是{0}，我的保单什么时候到期", "{0}的贷款还完了吗",
    "{0}的理赔到哪一步了", "手机 {1} 登记的是谁", "查 {1} 的保单", "我的手机是 {1}，查保单", "保单 {2} 还有效吗",
    "{2} 什么时候到期", "证件尾号 {3} 是谁", "{3} 19850615", "后四位{3} 生日1985年6月15日", "验证码 {3}00", "转人工，找{0}",
)  # fmt: skip


def people(names: Sequence[str], of: int) -> list[Person]:
    """With tails of four digits each, so that the probes are of one shape."""
    numbers = (number for n in count(of * 100) if (number := an_id_number(BORN, n)).isdigit())
    return [
        Person(name, f"1380000{of}{n:03d}", f"P2024{of}{n:03d}", number)
        for n, (name, number) in enumerate(zip(names, numbers, strict=False))
    ]


def keep(database: Database, clock: MovableClock, known: Sequence[Person]) -> None:
    """They are clients, each with a policy."""
    with database.system(clock.now()) as uow:
        the_cast(uow)
        for person in known:
            client = a_client(uow, person.name, phone=person.phone, birthday=BORN, id_number=person.id_number)
            a_policy(uow, client, number=person.policy, state="active")


def nobodies(database: Database, clock: MovableClock) -> list[Prober]:
    return [Prober(database, clock, f"no{n}", None) for n in range(2)]


def proved_clients(database: Database, clock: MovableClock) -> list[Prober]:
    """Two clients with the same on record, who have proved who they are."""
    probers = []
    with database.system(clock.now()) as uow:
        for n in range(2):
            client = a_client(uow, "王芳", birthday=BORN, id_number=an_id_number(BORN, 900 + n))
            a_policy(uow, client, number=f"P2025{n}0001", state="active")
            BindingRepository(uow).bind(client, f"wm{n}", "code", timedelta(days=3650))
            probers.append(Prober(database, clock, f"wm{n}", client))
    return probers


@contextmanager
def counting(database: Database) -> Iterator[Counter[str]]:
    """The statements that the database is asked meanwhile."""
    asked: Counter[str] = Counter()

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        asked[statement] += 1

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def without(known: Sequence[Person], attended: Attended) -> str:
    """All that came of it, but for the words that the probes themselves brought."""
    said = replace(attended, binding_id=attended.binding_id and 1)
    names = {word: f"<{number}>" for number, person in enumerate(known) for word in person.told}
    return re.sub("|".join(sorted(names, key=len, reverse=True)), lambda found: names[found[0]], repr(said))


@pytest.mark.parametrize("askers", [nobodies, proved_clients])
def test_five_thousand_probes_about_clients_and_nobody_are_answered_alike(
    sqlite_database: Database, clock: MovableClock, askers: Callable[[Database, MovableClock], list[Prober]]
) -> None:
    clients, others = people(CLIENT_NAMES, 1), people(OTHER_NAMES, 2)
    keep(sqlite_database, clock, clients)
    about_clients, about_others = askers(sqlite_database, clock)
    chaos, locked = random.Random(11), 0
    for _ in range(PAIRS // AT_ONCE):
        clock.advance(LATER)
        drawn = [(chaos.choice(ABOUT), chaos.randrange(len(clients))) for _ in range(AT_ONCE)]
        with counting(sqlite_database) as of_clients:
            answers = about_clients.probes(*(words.format(*clients[n].told) for words, n in drawn))
        with counting(sqlite_database) as of_others:
            same = about_others.probes(*(words.format(*others[n].told) for words, n in drawn))
        for (words, _), one, other in zip(drawn, answers, same, strict=True):
            assert one.answer.encode() == other.answer.encode(), words
            assert without(clients, one) == without(others, other), words
        assert of_clients == of_others
        locked += sum("已暂停" in one.answer for one in answers)
    assert locked > PAIRS / 20


def test_when_all_together_fail_too_often_all_must_wait_and_operations_are_told(
    sqlite_database: Database, clock: MovableClock
) -> None:
    (known,) = people(CLIENT_NAMES[:1], 1)
    keep(sqlite_database, clock, [known])
    probers = [Prober(sqlite_database, clock, f"no{n}", None) for n in range(45)]
    outcomes = [each for prober in probers for each in prober.probes(*[f"{known.id_number[-4:]} 19850615"] * 5)]
    refused = ["没有对上" in each.answer for each in outcomes]
    assert refused == [True] * 200 + [False] * 25
    assert [letter[0] for each in outcomes for letter in each.letters] == ["hexin"]
    assert "已暂停" in outcomes[-1].answer
