"""Why a client satisfies conditions, or does not: 筛选说明 王芳 贵宾 且 30天未联系."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import READERS, command
from storage.conditions import Clause, ClientField, Test, Tree, Unreadable, View, describe, outline, read
from storage.conditions.asset_change import AssetChange
from storage.conditions.facts import Age, Silence
from storage.conditions.window_facts import HowOften
from storage.model.clock import local_date
from storage.model.people import Client
from storage.model.values import money_text

MARKS = {True: "✓", False: "✗"}
EXAMPLE = "筛选说明 王芳 贵宾 且 30天未联系"
HOW_TO = f"请写出客户和条件，例如「{EXAMPLE}」；也可以先筛选，再发送「筛选说明 王芳」。"


@command("segment.explain", group="客户", help="看客户为什么符合条件", example=EXAMPLE, client=True, roles=READERS)
def explain(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Which of the conditions hold of a client; those of the list on show where none were written."""
    tree = _tree(ctx, str(meaning.get("expression") or "").strip())
    clauses = list(outline(tree, View(ctx.packs, ctx.today, ctx.zone)))
    holds = ctx.uow.clients.judge(client.id, [clause.condition for clause in clauses])
    verdict = "符合" if holds[0] else "不符合"
    counted = _counted(ctx, client, clauses)
    lines = [
        f"{'　' * clause.depth}{MARKS[held]} {clause.said}{counted.get(n) or _now(ctx, client, clause)}"
        for n, (clause, held) in enumerate(zip(clauses, holds, strict=True))
    ]
    ctx.say("\n".join([f"「{client.name}」{verdict}：{describe(tree)}", *lines]))


def _tree(ctx: Context, written: str) -> Tree:
    listing, dictionary, role = ctx.conversation.listing, ctx.uow.dictionary, ctx.user.role
    if written:
        return read(written, dictionary, role, ctx.today, ctx.uow.segments.all())
    if listing is None or listing.kind != "segment":
        raise Unreadable(HOW_TO)
    return read(str(listing.items[0]["conditions"]), dictionary, role, ctx.today, kept=True)


def _counted(ctx: Context, client: Client, clauses: Sequence[Clause]) -> dict[int, str]:
    """The derived numbers that decide, by the place of their clause."""
    measures = {n: clause.measure for n, clause in enumerate(clauses) if clause.measure is not None}
    found = ctx.uow.clients.measured(client.id, list(measures.values()))
    return {n: f"（现在：{_told(clauses[n], number)}）" for n, number in zip(measures, found, strict=True)}


def _told(clause: Clause, number: Any) -> str:
    match clause.test:
        case Test(fact=AssetChange()):
            change = Decimal(number or 0) / 100
            return f"{'+' if change > 0 else ''}{money_text(change)}"
        case Test(fact=HowOften(), value=(doing, _, _)):
            return f"{number} {doing.unit}"
    return str(number)


def _now(ctx: Context, client: Client, clause: Clause) -> str:
    """What the record says, where one value decides."""
    fact = clause.test.fact if clause.test else None
    match fact:
        case ClientField(spec):
            value = ctx.uow.dictionary.show(spec, client.value(spec.name), ctx.user.role)
            return f"（现在：{value or '没有登记'}）"
        case Silence():
            met = client.last_contact_at
            return f"（上次联系：{local_date(met, ctx.zone)}）" if met else "（没有联系过）"
        case Age():
            return f"（生日：{client.birthday}）" if client.birthday else "（没有登记生日）"
    return ""
