"""Clients, the people who serve them, and how clients are related."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Role = Literal["adviser", "manager", "ops", "compliance", "claims", "risk", "admin", "system"]
ClientKind = Literal["individual", "enterprise"]


@dataclass(frozen=True, slots=True)
class User:
    """A member of the firm. `id` is the WeCom userid, case-folded; `path` is the line of command from
    the top, e.g. "/wangke/lixiang/", so that a manager's subtree is everything below the own path."""

    id: str
    name: str
    role: Role
    manager_id: str | None = None
    path: str = ""
    line: str = ""
    active: bool = True
    preferences: Mapping[str, Any] = field(default_factory=dict)
    covers_until: datetime | None = None  # he covers for nobody from this instant on; None: he never did

    @property
    def serves_clients(self) -> bool:
        """Advisers and their managers, who do what a client needs."""
        return self.role in ("adviser", "manager")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking. Everything a unit of work reads is cut to what this person may see."""

    user_id: str
    role: Role
    path: str = ""
    name: str = ""
    covers_until: datetime | None = None

    @staticmethod
    def of(user: User) -> Actor:
        return Actor(user.id, user.role, user.path, user.name, user.covers_until)


SYSTEM = Actor("system", "system", "/", "系统")


@dataclass(frozen=True, slots=True)
class Cover:
    """From `begins_at` up to and without `ends_at` a member is away and a colleague stands in for him."""

    id: int
    away_id: str
    cover_id: str
    begins_at: datetime
    ends_at: datetime

    def is_on(self, now: datetime) -> bool:
        return self.begins_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Client:
    """A client, individual or enterprise.

    `lunar_birthday` is month * 100 + day, negative in a leap month. Fields of the dictionary that are
    no attribute here live in `attrs` or, above level 2 and where people write sentences, in `secrets` (encrypted
    at rest)."""

    id: int
    kind: ClientKind
    owner_id: str
    name: str
    gender: str | None = None
    birthday: date | None = None
    birthday_calendar: Literal["solar", "lunar"] = "solar"
    lunar_birthday: int | None = None
    stage: str = "lead"
    bank_tier: str | None = None
    insurance_tier: str | None = None
    risk_class: str | None = None
    risk_class_expires_on: date | None = None
    id_expires_on: date | None = None
    licence_expires_on: date | None = None
    source: str | None = None
    preferred_channel: str | None = None
    industry: str | None = None
    aum: Decimal | None = None
    last_contact_at: datetime | None = None
    next_follow_up_on: date | None = None
    loss_reason: str | None = None
    lost_at: datetime | None = None
    attrs: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    created_at: datetime | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    updated_by: str = ""
    erased_at: datetime | None = None
    kept_until: date | None = None

    @property
    def is_locked(self) -> bool:
        """He had his data erased: what the law keeps of him is neither used nor changed (PIPL art. 47)."""
        return self.erased_at is not None

    def value(self, name: str) -> Any:
        """The value of a dictionary field, wherever it is kept; None when it is empty."""
        if name in COLUMNS:
            return getattr(self, name)
        return self.secrets.get(name, self.attrs.get(name))  # a write leaves it in one of them only


COLUMNS = frozenset(
    "kind owner_id name gender birthday birthday_calendar lunar_birthday stage bank_tier insurance_tier "
    "risk_class risk_class_expires_on id_expires_on licence_expires_on source preferred_channel industry aum "
    "last_contact_at next_follow_up_on loss_reason lost_at".split()
)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in a list: enough to tell apart two people of one name, nothing that is secret."""

    id: int
    name: str
    kind: ClientKind
    owner_id: str
    masked_phone: str
    bank_tier: str | None
    insurance_tier: str | None
    stage: str


@dataclass(frozen=True, slots=True)
class Relation:
    """`other` stands to the client in the relation `kind` (a RelationKind of the packs)."""

    id: int
    kind: str
    other_id: int
    other_name: str
    note: str = ""
