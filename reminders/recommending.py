"""Which products may be recommended to a client, and why: rules that can be told, no model that cannot.

What the client's risk class does not cover is never among them (适当性); the gate asks the same before anything is
sent. Of those that fit, what goes on from something that ends soon comes first, and what suits money that is left of
the months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from config.pack import Product
from reminders.gate_checks import DIED, OPEN_MATTERS, unfit
from reminders.scoring import surplus_by_month
from storage.database import UnitOfWork
from storage.model.contracts import Contract
from storage.model.people import Client
from storage.model.values import money_text

MOST = 3
SOON = timedelta(days=60)
SHORT_TERM = 366  # days
STEADY = ("R1", "R2")  # what is left of a salary is to be kept, not ventured
SURPLUS_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that fits; `reasons` the most telling first."""

    product: Product
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a client when products are weighed. `ending`: what is held and ends soon, the soonest first,
    with its sort; `surplus`: what was left of the last months together, where each left something; `invested`: the
    kinds of contracts into which money is put, all of whose products have a risk class."""

    client: Client
    held: frozenset[str]
    ending: tuple[tuple[Contract, str], ...]
    invested: frozenset[str]
    surplus: Decimal | None
    today: date


def objection(uow: UnitOfWork, client: Client) -> str:
    """Why nothing is to be sold to this client now; "" when nothing speaks against it."""
    if client.is_locked:
        return f"「{client.name}」的资料已封存，不能推荐产品。"
    limit = client.value("contact_limit")
    if limit == "deceased" or client.loss_reason == DIED:
        return f"「{client.name}」已登记身故（或注销），不能推荐产品。"
    if limit == "restricted":
        return f"「{client.name}」登记了限制联系，不能推荐产品。解除限制后请先改这位客户的「联系限制」。"
    matter = next((m for source in OPEN_MATTERS for m in source(uow, client)), None)
    return f"「{client.name}」有{matter.words}的事项，办结以前不推荐产品。" if matter else ""


def class_missing(client: Client, today: date) -> str:
    """Why products with a risk class cannot be recommended at all, and what to do; "" when the class is good."""
    if client.risk_class is None:
        return f"「{client.name}」没有风险测评，不能推荐。请先请客户做风险测评：发送「{client.name} 风险测评」。"
    expires = client.risk_class_expires_on
    if expires is not None and expires < today:
        how = f"请先请客户重新测评：发送「{client.name} 风险测评」。"
        return f"「{client.name}」的风险测评（{client.risk_class}）{expires} 已过期，不能推荐。{how}"
    return ""


def offers(uow: UnitOfWork, client: Client, shelf: Iterable[Product], today: date) -> list[Offer]:
    """At most three products of the shelf that fit, the best first."""
    facts = _facts(uow, client, today)
    found = [_weighed(product, facts) for product in shelf if not _too_risky(client, product, today)]
    return sorted(found, key=lambda offer: (-offer.points, offer.product.term_days or 0, offer.product.code))[:MOST]


def too_risky(client: Client, shelf: Iterable[Product], today: date) -> int:
    """How many of the shelf the client's class does not cover."""
    return sum(_too_risky(client, product, today) for product in shelf)


def _too_risky(client: Client, product: Product, today: date) -> bool:
    return bool(product.risk_class and unfit(client, product, today.isoformat()))


def hint(uow: UnitOfWork, client: Client, today: date) -> str:
    """The first of the packs' hints that fits what the client holds and speaks of nothing that only goes beyond the
    risk class; "" when none does."""
    held = {c.product_code for c in _alive(uow, client)}
    sorts = {product.family for product in uow.packs.products if product.code in held}
    allowed = {product.family for product in uow.packs.products if not _too_risky(client, product, today)}
    fitting = (h for h in uow.packs.hints if sorts.issuperset(h.having) and sorts.isdisjoint(h.lacking))
    return next((h.text for h in fitting if not allowed.isdisjoint(h.lacking)), "")


def _facts(uow: UnitOfWork, client: Client, today: date) -> Facts:
    own = _alive(uow, client)
    soon = [c for c in own if c.ends_on and today <= c.ends_on <= today + SOON]
    sorts = {product.code: product.family for product in uow.packs.products}
    nets = surplus_by_month(uow, client, today, SURPLUS_MONTHS)
    running = len(nets) == SURPLUS_MONTHS and all(net > 0 for net in nets.values())
    return Facts(
        client, frozenset(c.product_code for c in own if c.product_code),
        tuple((c, sorts.get(c.product_code or "", "")) for c in sorted(soon, key=lambda c: (c.ends_on or today, c.id))),
        frozenset({p.kind for p in uow.packs.products} - {p.kind for p in uow.packs.products if not p.risk_class}),
        sum(nets.values(), Decimal(0)) if running else None, today,
    )


def _alive(uow: UnitOfWork, client: Client) -> Sequence[Contract]:
    return [
        c for c in uow.contracts.of_client(client.id)
        if c.client_id == client.id and c.state in uow.packs.kind(c.kind).open_states
    ]


def _weighed(product: Product, facts: Facts) -> Offer:
    found = list(_grounds(product, facts))
    return Offer(product, sum(points for points, _ in found), tuple(words for _, words in found if words))


def _goes_on(product: Product, facts: Facts) -> Contract | None:
    """What ends soon and this product follows: money that is free again goes into any product of the kind, a cover is
    followed by one of its own sort."""
    return next(
        (c for c, sort in facts.ending
         if c.kind == product.kind and (product.kind in facts.invested or sort == product.family)), None,
    )  # fmt: skip


def _grounds(product: Product, facts: Facts) -> Iterator[tuple[int, str]]:
    """(points, words) of each thing that speaks for or against it."""
    if product.risk_class and facts.client.risk_class:
        below = int(facts.client.risk_class[1:]) - int(product.risk_class[1:])
        yield max(0, 2 - below), f"{product.risk_class} 在承受等级 {facts.client.risk_class} 以内"
    going_on = _goes_on(product, facts)
    if going_on is not None and going_on.ends_on is not None:
        days = (going_on.ends_on - facts.today).days
        when = f" {days} 天后" if days else "今天"
        yield 3, f"持有的{going_on.product_name}{when}到期，可以接续"
    kept = product.kind in facts.invested and product.risk_class in STEADY
    if facts.surplus is not None and kept and product.term_days is not None and product.term_days <= SHORT_TERM:
        yield 2, f"近 {SURPLUS_MONTHS} 个月账户结余 {money_text(facts.surplus)}，可以放 {product.term_days} 天"
    if product.code in facts.held:
        yield -2, "已经持有这一款"
    else:
        yield 1, "" if product.risk_class else "还没有这一款"
