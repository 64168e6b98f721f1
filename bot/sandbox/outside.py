"""The outside source of the sandbox: it knows everybody, but for some."""

from __future__ import annotations

from reminders.outside import Answer, Identity

STRANGE, SILENT = "查无", "无应答"  # what is in the name of a client whom it knows otherwise, and not at all


class DemoSource:
    """`reminders.outside.OutsideSource`: it agrees about everybody, but not about a name with 查无, and it does not
    reply about one with 无应答."""

    async def ask(self, who: Identity) -> Answer:
        if SILENT in who.name:
            return Answer("later", why="外部系统没有应答")
        return Answer("differs" if STRANGE in who.name else "agrees", f"DEMO-{who.reference[-6:]}")
