"""Faults that can be switched on: what WeCom and the network do on a bad day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class CodeForCalls:
    """Answer the next `calls` calls (-1: until cleared) whose path holds `path` with `errcode`."""

    errcode: int
    calls: int = -1
    path: str = ""


@dataclass
class Faults:
    """All off at first. Counters count down by themselves; switches stay until cleared.

    API side: `slow_seconds` delays every answer (the work is done before), `down` cuts every connection,
    `expire_tokens` makes the token of the next N calls die with 42001, `code` forces an errcode,
    `http_500` breaks N answers before the work, `lost_answers` cuts N connections after the work,
    `drop` accepts messages and shows them to nobody.
    企业群发: `twice` makes each of the next N tasks twice, `late_tasks` cuts N connections and makes their tasks
    minutes later, `quota_used` lets every customer have had another group message today.
    微信客服: `lost_bells` tells the app of none of the next N messages, `kf_empty_pages` gives N empty pages with more
    behind them.
    Callback side: `duplicate_delivery` posts everything twice, `late_callbacks` treats every answer as
    later than five seconds, so that WeCom sends again."""

    slow_seconds: float = 0
    down: bool = False
    expire_tokens: int = 0
    code: CodeForCalls | None = None
    http_500: int = 0
    lost_answers: int = 0
    drop: bool = False
    twice: int = 0
    late_tasks: int = 0
    quota_used: bool = False
    lost_bells: int = 0
    kf_empty_pages: int = 0
    duplicate_delivery: bool = False
    late_callbacks: bool = False

    def clear(self) -> None:
        fresh = Faults()
        for name in (f.name for f in fields(self)):
            setattr(self, name, getattr(fresh, name))

    def forced_code(self, path: str) -> int:
        """The errcode to answer instead of working, 0 for none."""
        if self.code is None or self.code.path not in path:
            return 0
        errcode = self.code.errcode
        if self.code.calls > 0:
            self.code.calls -= 1
            if self.code.calls == 0:
                self.code = None
        return errcode

    def takes(self, name: str) -> bool:
        """Use up one of a counter."""
        left = int(getattr(self, name))
        if left:
            setattr(self, name, left - 1)
        return left > 0

    def as_dict(self) -> dict[str, Any]:
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        code = self.code
        plain["code"] = {"errcode": code.errcode, "calls": code.calls, "path": code.path} if code else None
        return plain

    def set(self, changes: dict[str, Any]) -> None:
        """Change by name. Raises ValueError for an unknown name or a wrong type."""
        for name, value in changes.items():
            setattr(self, name, self._checked(name, value))

    def _checked(self, name: str, value: Any) -> Any:
        if name == "code":
            return CodeForCalls(**value) if value else None
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        if name not in known:
            raise ValueError(f"no such fault: {name}")
        if isinstance(known[name], bool) != isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"wrong value for fault {name}")
        return value
