"""Members and departments as WeCom lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """A member; apps made after 2022-06-20 get neither phone nor mail. status: 1 active, 2 disabled,
    4 not activated, 5 left (0 when the call does not say). Userids keep WeCom's spelling."""

    userid: str
    name: str
    departments: tuple[int, ...] = ()
    position: str = ""
    direct_leaders: tuple[str, ...] = ()
    status: int = 0


@dataclass(frozen=True, slots=True)
class Department:
    """A department; the root is 1."""

    id: int
    name: str
    parent_id: int
    order: int = 0


def member(answer: Mapping[str, Any]) -> Member:
    return Member(
        userid=str(answer.get("userid", "")),
        name=str(answer.get("name", "")),
        departments=tuple(d for d in _list(answer, "department") if isinstance(d, int)),
        position=str(answer.get("position", "")),
        direct_leaders=tuple(str(u) for u in _list(answer, "direct_leader")),
        status=_int(answer, "status"),
    )


def department(answer: Mapping[str, Any]) -> Department:
    return Department(
        id=_int(answer, "id"),
        name=str(answer.get("name", "")),
        parent_id=_int(answer, "parentid"),
        order=_int(answer, "order"),
    )


def _list(answer: Mapping[str, Any], name: str) -> list[Any]:
    value = answer.get(name)
    return value if isinstance(value, list) else []


def _int(answer: Mapping[str, Any], name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) else 0
