"""The year behind the demo data: when clients came, what they had under management, who renewed and who left.

It has random numbers of its own, so that the rest of the demo data stays as it is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from reminders.tiers import made_by
from storage.database import UnitOfWork
from storage.model.people import SYSTEM, Client
from storage.repositories.assets import AssetRepository

SEED = 20250610
MONTHS = 12
_NOON = time(4, 0, tzinfo=UTC)
_BASE = {"大众": 30_000, "优质": 120_000, "贵宾": 900_000, "私行": 7_000_000}
_SOURCES = ("自拓", "自拓", "转介绍", "转介绍", "网点", "线上", "活动")
_REASONS = ("价格太高", "转投同业", "服务不满意", "需求消失", "收益不满意", "迁居或出国")
LIUYANG = (620, 640, 660, 655, 700, 720, 760, 780, 810, 850, 880, 900)  # thousand yuan at the ends of the last months


class History:
    """Gives the clients of the demo data a past."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self.uow, self.today = uow, today
        self.random = random.Random(SEED)
        self.assets = AssetRepository(uow)
        self.falls = 0

    def came(self, client: Client, latest: datetime, days: int | None = None) -> None:
        """So many days ago, else somewhen in the last year; not after `latest`, the last contact."""
        days = days or self.random.choice((2, 5, 9, 20, 40, *range(50, 400, 7)))
        at = datetime.combine(self.today - timedelta(days=days), _NOON)
        self.uow.clients.entered(client.id, min(at, latest - timedelta(hours=1)))

    def source(self) -> str:
        return self.random.choice(_SOURCES)

    def has(self, client: Client) -> Client:
        """Assets that wander by the month; those of a few clients fell in the last weeks."""
        amount = Decimal(_BASE.get(client.bank_tier or "", 50_000)) * self.random.randint(6, 18) / 10
        falls = client.bank_tier == "贵宾" and self.falls < 3 and self.random.random() < 0.2
        course = [amount := (amount * self.random.randint(96, 106) / 100).quantize(Decimal(100)) for _ in range(MONTHS)]
        self._write(client, course)
        if falls:
            self.falls += 1
            amount = (amount * self.random.randint(55, 75) / 100).quantize(Decimal(100))
        return self.uow.clients.update(client, aum=amount)

    def of_liuyang(self, client: Client) -> None:
        """A rising year with a small step back at its end, for the story of a client's assets."""
        self._write(client, [Decimal(thousand * 1000) for thousand in LIUYANG])

    def ranks(self, zone: ZoneInfo) -> None:
        """Whose assets are known has the tier that they make; who has policies the one of the packs' conditions."""
        self.uow.act_as(SYSTEM)
        self.uow.tiers.entrust()
        if standard := self.uow.standards.held():
            self.uow.tiers.compute(standard, "assets")
        for scheme in self.uow.packs.condition_schemes:
            self.uow.tiers.compute_by_conditions(scheme.name, made_by(self.uow, scheme, zone))

    def left(self, client: Client) -> None:
        """Lost within the last half year, with the reason that the product asks for."""
        at = datetime.combine(self.today - timedelta(days=self.random.randint(3, 170)), _NOON)
        self.uow.clients.update(client, stage="lost", lost_at=at, loss_reason=self.random.choice(_REASONS))

    def _write(self, client: Client, course: Sequence[Decimal]) -> None:
        """One amount at the beginning of each of the last months, oldest first."""
        month = self.today.replace(day=1)
        days = []
        for _ in course:
            days.append(month)
            month = (month - timedelta(days=1)).replace(day=1)
        known = None
        for day, amount in zip(reversed(days), course, strict=True):
            if amount != known:
                self.assets.note(client, day, amount)
            known = amount
