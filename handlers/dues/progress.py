"""Premiums and repayments: what is due, what is late, and what comes of it (R034, R051, R063, S06)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import grace_text, instalment_text, is_open, named, owner_names
from handlers.contracts.picking import matching
from handlers.contracts.planning import show_plan
from handlers.contracts.shelf import LOANS, answers_to
from handlers.dues.lists import MONTH, MOST
from handlers.dues.ranges import Days, days_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import READERS, command
from reminders.calendar import DAY
from storage.model.contracts import Contract, Instalment
from storage.model.people import Client
from storage.model.values import money_text

# How far back unpaid instalments are looked for: a policy can be reinstated for two years.
BACK = timedelta(days=731)
WEEK = 7
Line = Callable[[Context, Contract, Instalment], str]


@command("premium.list", group="到期", help="保费进度：待缴、宽限期、逾期", example="保费进度", roles=READERS)
def premiums(ctx: Context, meaning: Meaning) -> None:
    """All open premiums: those in grace first, the last day of grace soonest, then lapsed, then coming ones. What was
    paid since the first of the month is counted."""
    days = days_of(ctx, meaning, MONTH)
    found = _open_parts(ctx, meaning, days, ("policy",))
    grace = [p for p in found if p.is_in_grace(ctx.today)]
    lapsed = [p for p in found if p.is_overdue(ctx.today) and not p.is_in_grace(ctx.today)]
    coming = [p for p in found if not p.is_overdue(ctx.today)]
    paid = sum(ctx.uow.figures.payments(ctx.today.replace(day=1), ctx.today + DAY, ("policy",)).values())
    if not found:
        ctx.say(f"保费进度（{days}）：没有待缴或逾期的保费，本月已缴 {paid} 期。发送「保费进度 60天」可以看得更远。")
        return
    counts = f"宽限期 {len(grace)} · 已过宽限 {len(lapsed)} · 待缴 {len(coming)} · 本月已缴 {paid}"
    head = f"保费进度（{days}）：{counts}"
    grace.sort(key=lambda p: (p.grace_ends_on or p.due_on, p.id))
    _show(ctx, "premiums", head, _asked(meaning, grace, lapsed, coming), _premium)


@command("repayment.list", group="到期", help="还款清单", example="还款清单 7天", roles=READERS)
def repayments(ctx: Context, meaning: Meaning) -> None:
    """Repayments and rents that are late, then those that fall due in these days."""
    days = days_of(ctx, meaning, WEEK)
    found = _open_parts(ctx, meaning, days, LOANS)
    late = [p for p in found if p.is_overdue(ctx.today)]
    coming = sorted([*(p for p in found if not p.is_overdue(ctx.today)), *_ends_unplanned(ctx, meaning, days, found)],
                    key=lambda p: p.due_on)
    if not late and not coming:
        ctx.say(f"还款清单（{days}）：没有待还或逾期的款项。发送「还款清单 30天」可以看得更远。")
        return
    head = f"还款清单（{days}）：逾期 {len(late)} · 待还 {len(coming)}"
    _show(ctx, "repayments", head, _asked(meaning, late, [], coming), _repayment)


@command("overdue.list", group="到期", help="逾期没缴的保费和没还的款", example="谁逾期了", roles=READERS)
def overdue(ctx: Context, meaning: Meaning) -> None:
    """Premiums and repayments that are late, those first whose day is over for longest."""
    today = Days(ctx.today, ctx.today)
    found = [p for p in _open_parts(ctx, meaning, today, ("policy", *LOANS)) if p.is_overdue(ctx.today)]
    if not found:
        ctx.say("没有逾期的保费和还款。要看将到期的，发送「保费进度」或「还款清单」。")
        return
    kinds = {c.id: c.kind for c in ctx.uow.contracts.contracts_of(found).values()}
    premiums = sum(kinds[part.contract_id] == "policy" for part in found)
    head = f"逾期 {len(found)} 笔：保费 {premiums} · 还款 {len(found) - premiums}"
    _show(ctx, "overdue", head, sorted(found, key=lambda part: (part.due_on, part.id)), _late)


def _late(ctx: Context, contract: Contract, part: Instalment) -> str:
    return (_premium if contract.kind == "policy" else _repayment)(ctx, contract, part)


def _open_parts(ctx: Context, meaning: Meaning, days: Days, kinds: Collection[str]) -> list[Instalment]:
    """Unpaid instalments of contracts in force, the late ones included unless other days were asked for."""
    first = min(days.first, ctx.today - BACK) if days.first <= ctx.today else days.first
    found = ctx.uow.contracts.due_between(first, days.last, kinds)
    said = meaning.get("product")
    known = ctx.uow.contracts.contracts_of(found)
    return [
        part for part in found
        if (contract := known.get(part.contract_id)) and is_open(ctx, contract)
        and (not said or answers_to(ctx.packs, contract, str(said)))
    ]


def _ends_unplanned(
    ctx: Context, meaning: Meaning, days: Days, planned: Sequence[Instalment]
) -> list[Instalment]:
    """Loans that end in these days without a plan: all that is owed is due then."""
    known = {part.contract_id for part in planned}
    states = {state for kind in LOANS for state in ctx.packs.kind(kind).open_states}
    said = meaning.get("product")
    return [
        Instalment(0, c.id, c.client_id, c.owner_id, 0, c.ends_on, c.balance or c.amount or Decimal(0))
        for c in ctx.uow.contracts.ending(days.first, days.last, LOANS, states)
        if c.ends_on and c.id not in known and c.balance != 0 and (not said or answers_to(ctx.packs, c, str(said)))
    ]


def _asked(
    meaning: Meaning, first: list[Instalment], second: list[Instalment], coming: list[Instalment]
) -> list[Instalment]:
    return [*first, *second] if meaning.get("status") in ("overdue", "lapsed") else [*first, *second, *coming]


def _show(ctx: Context, kind: str, head: str, found: Sequence[Instalment], line: Line) -> None:
    listed = found[:MOST]
    contracts = ctx.uow.contracts.contracts_of(listed)
    heads = ctx.uow.clients.heads(p.client_id for p in listed)
    owners = owner_names(ctx)
    items: list[dict[str, Any]] = []
    for part in listed:
        client, contract = heads[part.client_id], contracts[part.contract_id]
        owner = owners.get(client.owner_id, "") if client.owner_id != ctx.user.id else ""
        text = " · ".join(filter(None, [
            client.name, named(ctx, contract), line(ctx, contract, part), f"顾问 {owner}" if owner else "",
        ]))
        items.append({"client_id": client.id, "name": client.name, "contract_id": contract.id,
                      "instalment_id": part.id, "line": text})
    ctx.uow.audit.record("list", "instalment", kind, count=len(found))
    if not items:
        ctx.say(f"{head}。没有逾期的。")
        return
    show_lines(ctx, kind, head, items)


def _premium(ctx: Context, contract: Contract, part: Instalment) -> str:
    """One premium: late ones say since when, until when grace runs and what happens then."""
    late = (ctx.today - part.due_on).days
    if part.is_in_grace(ctx.today):
        return f"{money_text(part.amount)} 逾期 {late} 天，宽限至 {part.grace_ends_on}，过后效力中止"
    if part.is_overdue(ctx.today):
        return f"{money_text(part.amount)} 逾期 {late} 天，已过宽限期，效力中止"
    return f"{money_text(part.amount)} {part.due_on:%m-%d} 应缴（{_in_days(part.due_on, ctx.today)}）"


def _repayment(ctx: Context, contract: Contract, part: Instalment) -> str:
    text = f"第 {part.number} 期 {money_text(part.amount)}" if part.number else f"到期还清 {money_text(part.amount)}"
    if part.is_overdue(ctx.today):
        return f"{text} 逾期 {(ctx.today - part.due_on).days} 天（{part.due_on} 应还）"
    return f"{text} {part.due_on:%m-%d} 应还（{_in_days(part.due_on, ctx.today)}）"


def _in_days(day: date, today: date) -> str:
    days = (day - today).days
    return "今天" if days == 0 else f"还有 {days} 天"


# ---------------------------------------------------------------- one client


@command("premium.lookup", group="到期", help="某位客户的保费", example="王芳 保费", client=True, roles=READERS)
def premium_of(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Instalments paid, due and overdue of each policy; what is overdue tells its grace and its consequence."""
    _show_of(ctx, meaning, client, ("policy",), "保费")


@command("repayment.lookup", group="到期", help="某位客户的还款", example="刘洋 还款", client=True, roles=READERS)
def repayment_of(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Repayments of each loan and lease."""
    _show_of(ctx, meaning, client, LOANS, "还款")


def _show_of(ctx: Context, meaning: Meaning, client: Client, kinds: Sequence[str], title: str) -> None:
    found = [c for c in matching(ctx, client, meaning, kinds) if is_open(ctx, c)]
    parts = ctx.uow.contracts.instalments([c.id for c in found])
    blocks, items = [], []
    if kinds == LOANS and len(found) == 1 and parts:
        show_plan(ctx, client, found[0])
        return
    for contract in sorted(found, key=lambda c: _urgency(c, parts, ctx.today)):
        own = [p for p in parts if p.contract_id == contract.id]
        if own:
            blocks.append(_block(ctx, contract, own, len(found)))
            items.append({"client_id": client.id, "name": client.name, "contract_id": contract.id})
    ctx.uow.audit.read("client", client.id, client_id=client.id, section=title)
    if not blocks:
        ctx.say(f"「{client.name}」名下没有{title}计划。发送「{client.name} 生成缴费计划」可生成。")
        return
    ctx.conversation.show_leaf("payments", items)
    ctx.say("\n".join([f"「{client.name}」{title}", *blocks]))


def _urgency(contract: Contract, parts: Sequence[Instalment], today: date) -> tuple[bool, date]:
    """What is owed first comes first, what is all paid last."""
    first = min((p.due_on for p in parts if p.contract_id == contract.id and p.state == "due"), default=None)
    return first is None, first or today


def _block(ctx: Context, contract: Contract, parts: Sequence[Instalment], among: int) -> str:
    """Counts, then each overdue instalment (three at most), then the next."""
    unpaid = [p for p in parts if p.state == "due"]
    late = [p for p in unpaid if p.is_overdue(ctx.today)]
    coming = [p for p in unpaid if not p.is_overdue(ctx.today)]
    paid = len(parts) - len(unpaid)
    lines = [f"{named(ctx, contract)}：共 {len(parts)} 期，已缴 {paid}，待缴 {len(coming)}，逾期 {len(late)}"]
    for part in late[: 3 if among == 1 else 1]:
        consequence = grace_text(part, ctx.today) if contract.kind == "policy" else ""
        lines.append(f"逾期：{instalment_text(part, ctx.today, consequence)}")
    if len(late) > 1:
        lines.append(f"逾期合计 {money_text(sum((p.amount for p in late), Decimal(0)))}")
    if coming:
        lines.append(f"下期：{instalment_text(coming[0], ctx.today)}")
    if not unpaid:
        lines.append("已全部缴清。")
    return "\n".join(lines)
