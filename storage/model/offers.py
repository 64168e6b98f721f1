"""A client without an adviser of his own is offered to one, who accepts him or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# offered: waits for his word; accepted; declined: he said no, with a reason; lapsed: he said nothing in time; moved:
# the client was given to somebody else meanwhile.
OfferState = Literal["offered", "accepted", "declined", "lapsed", "moved"]
# How the client came: entered by operations or given to the rules by a manager, a customer whom a member without
# clients of his own has added in WeCom, somebody who wrote to 微信客服.
OfferOrigin = Literal["entered", "manager", "contact", "kf"]
ORIGIN_WORDS: dict[OfferOrigin, str] = {
    "entered": "运营登记", "manager": "主管交给规则分", "contact": "企业微信新加的客户",
    "kf": "微信客服新朋友",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """`user_id` is asked; `owner_id` has the client by now. `rule` chose him, in version `rule_version` of the rules
    (0: the packs'). `by_id` brought the client. Until `due_at` he may say it; then the next one is asked."""

    id: int
    client_id: int
    owner_id: str
    user_id: str
    origin: OfferOrigin
    rule: str
    rule_version: int
    by_id: str
    state: OfferState
    offered_at: datetime
    due_at: datetime
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the rules look at: the city and the tiers of a client, the line that he is of, where that is known, and the
    manager under whom he should stay."""

    id: int
    city: str = ""
    tiers: frozenset[str] = frozenset()
    line: str = ""
    near: str | None = None
