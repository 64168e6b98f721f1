"""VIPs with funds whom nobody has called for weeks: whom the story of a campaign is about (S16).

One is reached in WeCom, two are written to by hand; of the others each is left out for a reason of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from handlers.consents import NOTICE
from storage.database import UnitOfWork
from storage.model.people import Actor

_TEN = time(2, 0, tzinfo=UTC)
FUND = "SEC-MX-01"


@dataclass(frozen=True)
class SilentVip:
    """`marketing`: agreed to, refused, or never asked (None)."""

    name: str
    adviser: str
    phone: str
    gender: str
    days: int
    marketing: bool | None
    more: dict[str, Any] = field(default_factory=dict)


SILENT_VIPS = (
    SilentVip("苏婷", "chenmo", "13800000401", "F", 41, True),
    SilentVip("韩立", "chenmo", "13800000402", "M", 36, True),
    SilentVip("罗静", "zhoumin", "13800000403", "F", 38, True),
    SilentVip("郭芸", "chenmo", "13800000404", "F", 45, None),
    SilentVip("宋平", "zhoumin", "13800000405", "M", 33, True, {"complaint_open": True}),
    SilentVip("何晓", "chenmo", "13800000406", "M", 52, False),
)


def write_silent_vips(uow: UnitOfWork, today: date) -> None:
    """Enter them with their fund, their last call and what they agreed to."""
    product = uow.packs.product(FUND)
    for number, vip in enumerate(SILENT_VIPS, 1):
        uow.act_as(Actor.of(uow.users.get(vip.adviser)))
        values = {"name": vip.name, "phone": vip.phone, "gender": vip.gender, "bank_tier": "贵宾", "stage": "active",
                  "source": "转介绍", **vip.more}
        client = uow.clients.add(values, vip.adviser)
        called = datetime.combine(today - timedelta(days=vip.days), _TEN)
        uow.interactions.add(client, "call", "电话聊了基金的波动，客户想再看看", happened_at=called)
        uow.clients.contacted(client.id, called)
        amount = Decimal(80_000 + 20_000 * number)
        uow.contracts.add(client, {
            "kind": product.kind, "line": product.line, "state": uow.packs.kind(product.kind).initial,
            "number": f"SEC20250004{number:02}", "product_code": product.code, "product_name": product.name,
            "starts_on": today - timedelta(days=300), "amount": amount, "balance": amount,
        }, [("account_holder", client.name, client.id)])
        if vip.marketing is not None:
            uow.consents.record(client, "marketing", vip.marketing, channel="签约时书面登记", notice_version=NOTICE)
