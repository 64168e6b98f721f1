"""The made-up corp of the sandbox: its keys, its members and its departments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Corp:
    """One corp with one self-built app. `token` and `aes_key` (43 characters) are the callback's."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str

    @classmethod
    def sandbox(cls) -> Self:
        """Constant values that belong to nobody; no real corp id begins with `wwsandbox`."""
        return cls(
            corp_id="wwsandbox0000000001",
            agent_id=1000002,
            secret="sandbox-secret-not-a-real-one",
            token="sandboxcallbacktoken",
            aes_key="sandboxsandboxsandboxsandboxsandboxsandboxA",
        )


@dataclass(frozen=True)
class Member:
    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    leader: str = ""
    position: str = ""


@dataclass(frozen=True)
class Department:
    id: int
    name: str
    parent_id: int


@dataclass
class Directory:
    """Who works in the corp. Userids are compared without case, as WeCom does (path/90196)."""

    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=lambda: {1: Department(1, "演示公司", 0)})

    def add(self, member: Member) -> None:
        for department in member.departments:
            self.departments.setdefault(department, Department(department, f"部门 {department}", 1))
        self.members[member.userid.casefold()] = member

    def add_department(self, department: Department) -> None:
        self.departments[department.id] = department

    def find(self, userid: str) -> Member | None:
        return self.members.get(userid.casefold())

    def within(self, department_id: int, *, below: bool = False) -> list[Member]:
        """Members of a department; with `below`, of its whole subtree."""
        wanted = self.subtree(department_id) if below else {department_id}
        return [m for m in self.members.values() if wanted & set(m.departments)]

    def subtree(self, department_id: int) -> set[int]:
        children = {d.id for d in self.departments.values() if d.parent_id == department_id}
        return {department_id}.union(*(self.subtree(child) for child in children))

    def describe(self, member: Member) -> dict[str, Any]:
        """What user/get shows to an app made after June 2022: no phone, no mail, no picture."""
        return {
            "userid": member.userid,
            "name": member.name,
            "department": list(member.departments),
            "order": [0] * len(member.departments),
            "position": member.position,
            "is_leader_in_dept": [int(self._leads(member)) for _ in member.departments],
            "direct_leader": [member.leader] if member.leader else [],
            "main_department": member.departments[0],
            "status": 1,
            "alias": "",
            "extattr": {"attrs": []},
        }

    def _leads(self, member: Member) -> bool:
        return any(m.leader.casefold() == member.userid.casefold() for m in self.members.values())
