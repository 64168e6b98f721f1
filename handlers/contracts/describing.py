"""Contracts in the words of the chat. Numbers show their last four digits only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from handlers.context import Context
from storage.dictionary import HIDDEN
from storage.model.contracts import Contract, Instalment, Party
from storage.model.values import money_text

ENDED = "已到期"
_PER = {"annual": "/年", "semiannual": "/半年", "quarterly": "/季", "monthly": "/月", "single": "（一次缴清）"}


def named(ctx: Context, contract: Contract) -> str:
    """安康重疾险（尾号 1234）"""
    tail = f"（尾号 {contract.number_tail}）" if contract.number_tail else ""
    return f"{contract.product_name or ctx.packs.kind(contract.kind).label}{tail}"


def shown(ctx: Context, contract: Contract, field: str) -> str:
    """A field as the reader may see it; empty when there is nothing or no right."""
    spec = ctx.uow.dictionary.field("contract", field)
    text = ctx.uow.dictionary.show(spec, contract.value(field), ctx.user.role)
    return "" if text == HIDDEN else text


def state_text(ctx: Context, contract: Contract) -> str:
    """有效; 有效（不续） for a policy that will not be renewed; 已到期 from the day after the last one, although
    a renewal may still be noted for a while."""
    kind = ctx.packs.kind(contract.kind)
    label = kind.state_label(contract.state)
    if not is_open(ctx, contract):
        return label
    if _has_ended(ctx, contract):
        label = ENDED if contract.state == kind.initial or label == ENDED else f"{label}（{ENDED}）"
    return f"{label}（不续）" if contract.renewal_intent == "none" else label


def _has_ended(ctx: Context, contract: Contract) -> bool:
    # The date of a fund is the end of its closed period: it is held on.
    return contract.ends_on is not None and contract.ends_on < ctx.today and contract.kind != "fund"


def is_open(ctx: Context, contract: Contract) -> bool:
    """Not in a final state."""
    return contract.state in ctx.packs.kind(contract.kind).open_states


def left_text(day: date, today: date) -> str:
    """还有 30 天 · 今天到期 · 已过 3 天"""
    days = (day - today).days
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"


def premium_text(ctx: Context, contract: Contract) -> str:
    """5,200 元/年; empty when there is none or no right."""
    text = shown(ctx, contract, "premium")
    return f"{text}{_PER.get(contract.pay_mode or '', '')}" if text else ""


def role_text(ctx: Context, contract: Contract, client_id: int, people: Sequence[Party]) -> str:
    """投保人、被保险人: what a client is on a contract."""
    kind = ctx.packs.kind(contract.kind)
    roles = [p.role for p in people if p.contract_id == contract.id and p.client_id == client_id]
    if not roles and contract.client_id == client_id and kind.roles:
        roles = [kind.roles[0].name]
    labels = (role.label if (role := kind.role(name)) else name for name in roles)
    return "、".join(dict.fromkeys(labels))


def line(ctx: Context, contract: Contract, client_id: int, people: Sequence[Party]) -> str:
    """A contract in a list: what it is, its state, the client's role, and its figures."""
    kind = ctx.packs.kind(contract.kind)
    parts = [named(ctx, contract), state_text(ctx, contract)]
    if contract.kind == "policy" or contract.client_id != client_id:
        parts.append(role_text(ctx, contract, client_id, people))
    parts += figures(ctx, contract)
    if contract.ends_on:
        parts.append(f"{kind.ends_on_label} {contract.ends_on}")
    return " · ".join(filter(None, parts))


def figures(ctx: Context, contract: Contract) -> list[str]:
    """The amounts that matter for the kind, each with its label."""
    kind = ctx.packs.kind(contract.kind)
    amount, rate = shown(ctx, contract, "amount"), shown(ctx, contract, "rate_percent")
    if contract.kind == "policy":
        premium = premium_text(ctx, contract)
        return [f"保费 {premium}"] if premium else [f"{kind.amount_label} {amount}"] if amount else []
    found = [f"{kind.amount_label} {amount}"] if amount else []
    if contract.kind == "credit_line":
        return [*found, *(f"{label} {money_text(value)}" for label, value in credit_parts(contract))]
    balance = shown(ctx, contract, "balance")
    if balance and contract.balance != contract.amount:
        found.append(f"{'市值' if contract.kind == 'fund' else '余额'} {balance}")
    return [*found, f"年利率 {rate}"] if rate and contract.kind != "fund" else found


def credit_parts(contract: Contract) -> list[tuple[str, Decimal]]:
    """Used and left of a credit line, as far as they are known."""
    granted, left = contract.amount, contract.balance
    used = contract.value("used_amount")
    used = None if used is None else Decimal(str(used))
    if granted is not None and left is None and used is not None:
        left = granted - used
    if granted is not None and used is None and left is not None:
        used = granted - left
    return [(label, value) for label, value in (("已用", used), ("可用", left)) if value is not None]


def instalment_text(part: Instalment, today: date, consequence: str = "") -> str:
    """第 4 期 5,200 元，2025-05-20 应缴，已逾期 20 天，宽限期至 2025-07-19（还有 40 天）"""
    text = f"第 {part.number} 期 {money_text(part.amount)}，{part.due_on} 到期"
    if part.state == "paid":
        return f"{text}，{part.paid_on or ''} 已缴".replace("， 已缴", "，已缴")
    if not part.is_overdue(today):
        days = (part.due_on - today).days
        return f"{text}（{'今天' if days == 0 else f'还有 {days} 天'}）"
    text += f"，已逾期 {(today - part.due_on).days} 天"
    return f"{text}，{consequence}" if consequence else text


def grace_text(part: Instalment, today: date) -> str:
    """The last day of grace of an overdue premium and what comes after (Insurance Law art. 36, 37)."""
    if part.grace_ends_on is None or part.grace_ends_on == part.due_on:
        return "没有宽限期，保单效力可能已中止，请尽快核实"
    if part.is_in_grace(today):
        left = (part.grace_ends_on - today).days
        when = "今天是最后一天" if left == 0 else f"还有 {left} 天"
        return f"宽限期至 {part.grace_ends_on}（{when}），过后仍未缴，保单效力中止"
    return f"宽限期已于 {part.grace_ends_on} 结束，保单效力中止，两年内可申请复效"


def owner_names(ctx: Context) -> dict[str, str]:
    """Names of the advisers for readers who see more than their own book; empty for advisers."""
    if ctx.uow.scope == "own":
        return {}
    return {user.id: user.name for user in ctx.uow.users.all()}
