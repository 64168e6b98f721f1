"""One question, one line: 王芳的保费多少、还剩几期、受益人是谁、什么时候到期."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from handlers.context import Context
from handlers.contracts.describing import (
    credit_parts,
    grace_text,
    instalment_text,
    left_text,
    named,
    premium_text,
    shown,
    state_text,
)
from storage.dictionary import HIDDEN
from storage.model.contracts import Contract, Instalment
from storage.model.people import Client
from storage.model.values import money_text

Answer = Callable[[Context, Contract], tuple[str, str]]
LINES = 7


def answer(ctx: Context, client: Client, contracts: Sequence[Contract], field: str) -> str:
    """The field of each contract, one a line; says so when none has it."""
    found = [(c, *_asked(ctx, c, field)) for c in contracts]
    known = [(c, label, text) for c, label, text in found if text]
    if not known:
        return f"「{client.name}」的{named(ctx, contracts[0])}还没有登记{found[0][1]}。"
    if len(known) == 1:
        contract, label, text = known[0]
        return f"「{client.name}」{named(ctx, contract)}的{label}：{text}"
    lines = [f"{named(ctx, c)}：{label} {text}" for c, label, text in known[:LINES]]
    rest = len(known) - LINES
    return "\n".join([f"「{client.name}」：", *lines, *([f"另有 {rest} 份，带上产品名可单独查。"] if rest > 0 else [])])


def _asked(ctx: Context, contract: Contract, field: str) -> tuple[str, str]:
    special = _ANSWERS.get(field)
    if special is not None:
        return special(ctx, contract)
    spec = ctx.uow.dictionary.find("contract", field)
    if spec is None:
        return "这一项", ""
    text = ctx.uow.dictionary.show(spec, contract.value(spec.name), ctx.user.role)
    return spec.label, "" if text == HIDDEN else text


# ---------------------------------------------------------------- answers that are more than a stored value


def _ends(ctx: Context, contract: Contract) -> tuple[str, str]:
    label = ctx.packs.kind(contract.kind).ends_on_label
    if contract.ends_on:
        return label, f"{contract.ends_on}（{left_text(contract.ends_on, ctx.today)}）"
    return label if contract.kind != "policy" else "下次缴费", _next_due(ctx, contract)[1]


def _next_due(ctx: Context, contract: Contract) -> tuple[str, str]:
    unpaid = _unpaid(ctx, contract)
    label = f"下期{ctx.packs.kind(contract.kind).instalment_label or '应缴'}"
    if unpaid:
        return label, instalment_text(unpaid[0], ctx.today)
    day = contract.value("repay_day")
    return label, f"每月 {day} 日" if day else ""


def _remaining(ctx: Context, contract: Contract) -> tuple[str, str]:
    unpaid = _unpaid(ctx, contract)
    if unpaid:
        owed = sum((part.amount for part in unpaid), Decimal(0))
        return "剩余期数", f"{len(unpaid)} 期，共 {money_text(owed)}"
    if ctx.uow.contracts.instalments([contract.id]):
        return "剩余期数", "0 期，已全部缴清"
    return "剩余期数", shown(ctx, contract, "remaining_terms")


def _overdue(ctx: Context, contract: Contract) -> tuple[str, str]:
    late = [part for part in _unpaid(ctx, contract) if part.is_overdue(ctx.today)]
    if not late:
        return "逾期", "没有逾期"
    text = f"{len(late)} 期，共 {money_text(sum((p.amount for p in late), Decimal(0)))}"
    consequence = f"，{grace_text(late[0], ctx.today)}" if contract.kind == "policy" else ""
    return "逾期", f"{text}，最早一期已 {(ctx.today - late[0].due_on).days} 天{consequence}"


def _amount(ctx: Context, contract: Contract) -> tuple[str, str]:
    return ctx.packs.kind(contract.kind).amount_label, shown(ctx, contract, "amount")


def _premium(ctx: Context, contract: Contract) -> tuple[str, str]:
    return ctx.packs.kind(contract.kind).premium_label or "每期金额", premium_text(ctx, contract)


def _balance(ctx: Context, contract: Contract) -> tuple[str, str]:
    if contract.kind == "credit_line":
        return "额度", "，".join(f"{label} {money_text(value)}" for label, value in credit_parts(contract))
    return "余额", shown(ctx, contract, "balance") or (
        shown(ctx, contract, "amount") if contract.kind in ("deposit", "wealth", "fund") else ""
    )


def _status(ctx: Context, contract: Contract) -> tuple[str, str]:
    return "状态", state_text(ctx, contract)


def _number(ctx: Context, contract: Contract) -> tuple[str, str]:
    label = ctx.packs.kind(contract.kind).number_label
    return label, f"尾号 {contract.number_tail}" if contract.number_tail else ""


def _people(role: str) -> Answer:
    def answer_for(ctx: Context, contract: Contract) -> tuple[str, str]:
        known = ctx.packs.kind(contract.kind).role(role)
        names = [p.name for p in ctx.uow.contracts.parties([contract.id]) if p.role == role]
        note = shown(ctx, contract, "beneficiary_note") if role == "beneficiary" and not names else ""
        return known.label if known else role, "、".join(names) or note
    return answer_for


def _unpaid(ctx: Context, contract: Contract) -> list[Instalment]:
    return [p for p in ctx.uow.contracts.instalments([contract.id]) if p.state == "due"]


_ANSWERS: Mapping[str, Answer] = {
    "due_date": _ends, "ends_on": _ends,
    "repay_date": _next_due, "payment": _next_due, "repay_amount": _next_due,
    "remaining_terms": _remaining, "overdue": _overdue,
    "amount": _amount, "sum_insured": _amount, "premium": _premium, "balance": _balance,
    "status": _status, "state": _status, "policy_no": _number, "number": _number,
    "holder": _people("holder"), "insured": _people("insured"), "beneficiary": _people("beneficiary"),
    "guarantor": _people("guarantor"),
}
