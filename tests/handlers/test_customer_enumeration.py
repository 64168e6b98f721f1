"""A thousand probes and more: clients' WeChats and nobody's get the same answers to the same words, in the same order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from handlers.self_service import SelfService
from reminders.kf_attending import Attended
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.kf import Heard, Said
from storage.model.people import Client
from storage.repositories.kf import KfRepository
from tests.builders import a_client, an_id_number, the_cast
from tests.reminders.firm import ZONE

CLIENTS, PROBES = 8, 600
BORN = date(1985, 6, 15)


class Prober:
    """Writes as one WeChat, which is linked to a client or to nobody."""

    def __init__(self, database: Database, clock: MovableClock, who: str, client: Client | None) -> None:
        self.database, self.clock, self.who, self.client = database, clock, who, client
        self.attendant = SelfService(ZONE, "青禾金融", sends_codes=True)

    def probes(self, text: str) -> Attended:
        with self.database.system(self.clock.now(), durable=False) as uow:
            kf = KfRepository(uow)
            said = Said(f"m{self.who}", self.who, "customer", "text", text, self.clock.now())
            talk = kf.talk("wk1", self.who, said.said_at, self.client)
            heard = Heard(
                1, "wk1", said.msgid, self.who, None, None, "customer", "text", text, said.said_at, {}, "new", 0
            )
            return self.attendant.attend(uow, talk, [heard], self.client)


def a_probe(chaos: random.Random) -> str:
    day = BORN + timedelta(days=chaos.randrange(1, 9000))
    return chaos.choice([
        f"验证码 {chaos.randrange(10**6):06d}", f"{chaos.randrange(10**4):04d} {day:%Y%m%d}", "验证码",
        "我的保单什么时候到期", f"查一下{chaos.choice('王李张')}芳的保单", "下个月要还多少钱",
        f"保单 P2025{chaos.randrange(10**4):04d} 还有效吗",
    ])  # fmt: skip


def test_a_thousand_probes_tell_no_client_from_nobody(sqlite_database: Database, clock: MovableClock) -> None:
    with sqlite_database.system(clock.now()) as uow:
        the_cast(uow)
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
        of_client, of_nobody = client.probes(probe), nobody.probes(probe)
        assert of_client.answer.encode() == of_nobody.answer.encode()
        assert replace(of_client, notes=()) == replace(of_nobody, notes=())
        locked += "已暂停" in of_client.answer
    assert locked > PROBES / 20
