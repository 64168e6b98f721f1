"""Customers as WeCom tells of them (path/92114, 92994)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NO_CUSTOMERS = 84061


@dataclass(frozen=True, slots=True)
class Followed:
    """A customer as one member knows him: the name he shows, the member's remark, and the phones noted with it."""

    external_userid: str
    userid: str
    nickname: str
    remark: str = ""
    mobiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with every member that has him."""

    external_userid: str
    followers: tuple[Followed, ...]

    def of(self, userid: str) -> Followed | None:
        """As this member knows him; None when they are no contacts."""
        return next((f for f in self.followers if f.userid.casefold() == userid.casefold()), None)


def customer(answer: Mapping[str, Any]) -> Customer:
    person = answer.get("external_contact") or {}
    follows = [one for one in answer.get("follow_user") or [] if isinstance(one, Mapping)]
    return Customer(str(person.get("external_userid") or ""), tuple(_followed(person, one) for one in follows))


def followed(row: Mapping[str, Any]) -> Followed:
    """A row of batch/get_by_user, which gives one member's side alone."""
    return _followed(row.get("external_contact") or {}, row.get("follow_info") or {})


def _followed(person: Mapping[str, Any], follow: Mapping[str, Any]) -> Followed:
    return Followed(
        str(person.get("external_userid") or ""), str(follow.get("userid") or ""), str(person.get("name") or ""),
        str(follow.get("remark") or ""), tuple(str(m) for m in follow.get("remark_mobiles") or () if m),
    )
