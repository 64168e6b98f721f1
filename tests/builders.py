"""Records for tests: say what matters, the rest is filled in. And the cast that all stories share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import update

from config.pack import ReminderRule
from storage.database import UnitOfWork
from storage.model.accounts import Account, Entry
from storage.model.contracts import Contract
from storage.model.people import Actor, Client, Role, User
from storage.rules import problems_of
from storage.tables import reminders

_numbers = count(1)


def a_phone(number: int | None = None) -> str:
    """A well-formed phone number that nobody has."""
    return f"199{next(_numbers) if number is None else number:08d}"


def an_id_number(born_on: date = date(1985, 6, 15), serial: int | None = None, *, female: bool = True) -> str:
    """A well-formed identity number with a right check digit, in a district that does not exist (990000)."""
    serial = next(_numbers) if serial is None else serial
    order = serial % 499 * 2 + (0 if female else 1)
    body = f"99{serial // 499:04d}{born_on:%Y%m%d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@dataclass(frozen=True)
class Cast:
    """李顾问 and her team lead 王珂; 陈默, an outsider in the team of 周宁; compliance and operations."""

    lixiang: User
    wangke: User
    chenmo: User
    zhouning: User
    shenyue: User
    hexin: User

    @property
    def li(self) -> Actor:
        return Actor.of(self.lixiang)

    @property
    def wang(self) -> Actor:
        return Actor.of(self.wangke)

    @property
    def chen(self) -> Actor:
        return Actor.of(self.chenmo)

    @property
    def zhou(self) -> Actor:
        return Actor.of(self.zhouning)

    @property
    def shen(self) -> Actor:
        return Actor.of(self.shenyue)

    @property
    def he(self) -> Actor:
        return Actor.of(self.hexin)


def the_cast(uow: UnitOfWork) -> Cast:
    """The fixed cast, added to the database."""
    wangke = a_user(uow, "wangke", name="王珂", role="manager", line="insurance")
    zhouning = a_user(uow, "zhouning", name="周宁", role="manager", line="bank")
    return Cast(
        lixiang=a_user(uow, "lixiang", name="李顾问", manager_id="wangke", line="insurance"),
        wangke=wangke,
        chenmo=a_user(uow, "chenmo", name="陈默", manager_id="zhouning", line="bank"),
        zhouning=zhouning,
        shenyue=a_user(uow, "shenyue", name="沈合规", role="compliance"),
        hexin=a_user(uow, "hexin", name="何运营", role="ops"),
    )


def a_user(
    uow: UnitOfWork, user_id: str = "lixiang", *, name: str = "李顾问", role: Role = "adviser",
    manager_id: str | None = None, line: str = "",
) -> User:  # fmt: skip
    return uow.users.add(user_id, name, role, manager_id, line)


def a_client(
    uow: UnitOfWork, name: str = "王芳", *, owner_id: str = "lixiang", aliases: Iterable[str] = (),
    **values: Any,
) -> Client:  # fmt: skip
    """An individual with a phone of her own; `phone=None` for one without. Values by dictionary names."""
    filled = {"kind": "individual", "name": name, "phone": a_phone(), "stage": "active", **values}
    return uow.clients.add({k: v for k, v in filled.items() if v is not None}, owner_id, aliases)


def a_firm(uow: UnitOfWork, name: str = "宏达科技有限公司", *, owner_id: str = "lixiang", **values: Any) -> Client:
    """An enterprise client."""
    return a_client(uow, name, owner_id=owner_id, kind="enterprise", phone=values.pop("phone", None), **values)


def a_contract(
    uow: UnitOfWork, client: Client, kind: str, *, people: Iterable[tuple[str, str, int | None]] = (),
    **values: Any,
) -> Contract:  # fmt: skip
    """A contract of a kind, in the kind's first state unless one is given."""
    spec = uow.packs.kind(kind)
    filled = {
        "kind": kind, "line": spec.line, "state": spec.initial, "number": f"T2025{next(_numbers):09d}",
        "starts_on": date(2024, 7, 9), "ends_on": date(2025, 7, 9), **values,
    }  # fmt: skip
    return uow.contracts.add(client, {k: v for k, v in filled.items() if v is not None}, people)


def a_policy(
    uow: UnitOfWork, client: Client, *, grace_days: int = 60, due_on: Iterable[date] = (),
    premium: Decimal | int = 12000, **values: Any,
) -> Contract:  # fmt: skip
    """A policy that the client holds; a premium is due on each day of `due_on`."""
    policy = a_contract(
        uow, client, "policy", people=[("holder", client.name, client.id)],
        **{"product_name": "康佑重疾险", "amount": Decimal(500_000), "premium": Decimal(premium), **values},
    )  # fmt: skip
    uow.contracts.add_instalments(policy, [
        {"number": i, "due_on": day, "amount": Decimal(premium),
         "grace_ends_on": day + timedelta(days=grace_days)}
        for i, day in enumerate(due_on, 1)
    ])  # fmt: skip
    return policy


def a_deposit(uow: UnitOfWork, client: Client, **values: Any) -> Contract:
    return a_contract(uow, client, "deposit", **{"amount": Decimal(200_000), **values})


def told_to_supervisors(uow: UnitOfWork, ids: Iterable[int]) -> None:
    """These reminders have climbed just now."""
    uow.conn.execute(update(reminders).where(reminders.c.id.in_(list(ids))).values(escalated_at=uow.now))


def a_rule(uow: UnitOfWork, **values: Any) -> ReminderRule:
    """A rule of operations, handed in and approved: policies that end, seven days before, unless said otherwise."""
    rule = ReminderRule.model_validate({
        "id": "ops_rule", "label": "保单到期前", "category": "renewal", "source": "contract.ends_on",
        "kinds": ["policy"], "offsets": [-7], "template": "renewal", **values,
    })
    assert not problems_of(rule, uow.dictionary)
    uow.rules.decide(uow.rules.submit(rule.id, rule.as_json(), "create"), approved=True)
    return rule


def a_loan(
    uow: UnitOfWork, client: Client, *, due_on: Iterable[date] = (), repayment: Decimal | int = 8600,
    **values: Any,
) -> Contract:  # fmt: skip
    """A loan; a repayment is due on each day of `due_on`."""
    loan = a_contract(
        uow, client, "loan", people=[("borrower", client.name, client.id)],
        **{"amount": Decimal(300_000), "balance": Decimal(200_000), "rate_percent": Decimal("4.35"), **values},
    )  # fmt: skip
    uow.contracts.add_instalments(loan, [
        {"number": i, "due_on": day, "amount": Decimal(repayment)} for i, day in enumerate(due_on, 1)
    ])  # fmt: skip
    return loan


def an_account(uow: UnitOfWork, client: Client, kind: str = "salary", **values: Any) -> Account:
    """An account of the client's, a salary account unless said otherwise, with a number of its own."""
    return uow.accounts.put(client, f"62229900{next(_numbers):08d}", kind, **values)


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def months_of(uow: UnitOfWork, account: Account, nets: Mapping[str, int], year: int = 2025) -> None:
    """What is left of months of a year, in thousands of yuan: {"mar": 21}. A salary comes in, the rest of it goes out."""
    for name, net in nets.items():
        month, salary = _MONTHS.index(name) + 1, Decimal(100_000)
        uow.accounts.enter(account, [
            Entry(date(year, month, 5), salary, "salary", f"in{next(_numbers)}"),
            Entry(date(year, month, 20), net * 1000 - salary, "consumption", f"out{next(_numbers)}"),
        ])  # fmt: skip
