"""Payment plans of contracts: made from what is known of a contract, shown, and made anew on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from config.pack import ContractKind, Product
from handlers.context import Context
from handlers.contracts.describing import instalment_text, named
from handlers.contracts.picking import holder_of, matching, pick
from handlers.contracts.shelf import LOANS, product_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import READERS, command, confirmed
from handlers.whose import resolve
from storage.model.contracts import Contract
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.people import Client
from storage.model.plans import Due, Method, level_plan, premium_plan, repayment_plan, terms_between, total
from storage.model.values import money_text
from storage.repositories.contracts import NOT_FOUND

WITH_PLAN = ("policy", *LOANS)


def plan_for(ctx: Context, values: Mapping[str, Any], product: Product | None) -> tuple[Due, ...]:
    """The instalments of a contract with these values; none when too little is known or nothing is paid in parts.

    A policy under underwriting and a loan not paid out yet have none either."""
    kind = ctx.packs.kind(values["kind"])
    if kind.name not in WITH_PLAN or values.get("state") not in (None, kind.initial):
        return ()
    return _premiums(values, product) if kind.name == "policy" else _repayments(values)


def _premiums(values: Mapping[str, Any], product: Product | None) -> tuple[Due, ...]:
    premium, mode = values.get("premium"), values.get("pay_mode")
    if not premium or not mode or not values.get("starts_on"):
        return ()
    grace = product.grace_days if product else None
    return premium_plan(premium, values["starts_on"], mode, values.get("pay_years") or 1, grace)


def _repayments(values: Mapping[str, Any]) -> tuple[Due, ...]:
    amount, rate, terms = values.get("amount"), values.get("rate_percent"), _number(values.get("term_months"))
    starts_on, day = values.get("starts_on"), _number(values.get("repay_day"))
    if not starts_on or not terms:
        return ()
    if amount and rate is not None:
        method = cast(Method, values.get("repay_mode") or "equal_instalment")
        return repayment_plan(amount, rate, terms, starts_on, method, day)
    if values["kind"] == "lease" and values.get("premium"):
        return level_plan(values["premium"], starts_on, 1, terms)
    return ()


def rows(plan: Sequence[Due], today: date) -> list[dict[str, Any]]:
    """As they are written. What fell due before today counts as paid: the contract is entered as being in force.

    A premium that is still within its grace stays due, for it may well be open."""
    return [
        due.row() | ({"state": "paid", "paid_on": due.due_on} if _is_past(due, today) else {}) for due in plan
    ]


def _is_past(due: Due, today: date) -> bool:
    first_of_policy = due.number == 1 and due.grace_ends_on is not None and due.due_on <= today
    return first_of_policy or (due.due_on < today and (due.grace_ends_on or due.due_on) < today)


def plan_text(plan: Sequence[Due], kind: ContractKind, today: date) -> str:
    """共 12 期，每期 17,769.76 元（末期 17,769.72 元），首期 2025-07-09，合计 21.32 万元"""
    label = kind.instalment_label or "应缴"
    amounts = [due.amount for due in plan]
    if len(plan) == 1:
        paid = "，按已缴记" if _is_past(plan[0], today) else ""
        return f"{label}计划：共 1 期 {money_text(amounts[0])}，{plan[0].due_on} 到期{paid}"
    each = f"每期 {money_text(amounts[0])}"
    if len(set(amounts[:-1])) > 1:
        each = f"首期 {money_text(amounts[0])}，逐期递减"
    elif len(amounts) > 1 and amounts[-1] != amounts[0]:
        each += f"（末期 {money_text(amounts[-1])}）"
    past = sum(1 for due in plan if _is_past(due, today))
    text = f"{label}计划：共 {len(plan)} 期，{each}，首期 {plan[0].due_on}，合计 {money_text(total(plan))}"
    return f"{text}；其中 {past} 期按已缴记" if past else text


def values_of(contract: Contract) -> dict[str, Any]:
    """What `plan_for` needs of a contract that exists."""
    names = ("kind", "state", "amount", "premium", "pay_mode", "pay_years", "rate_percent", "starts_on",
             "repay_mode", "repay_day", "term_months")
    values = {name: contract.value(name) for name in names}
    if not values["term_months"] and contract.kind in LOANS and contract.starts_on and contract.ends_on:
        values["term_months"] = terms_between(contract.starts_on, contract.ends_on)
    return values


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


# ---------------------------------------------------------------- asking for a plan


@command("contract.plan", group="合同", help="看或生成还款、缴费计划", example="刘洋 还款计划", roles=READERS)
def plan(ctx: Context, meaning: Meaning) -> None:
    """Show the plan of a contract; make one where there is none, or when new terms were said."""
    number = meaning.get("policy_no")
    if number and meaning.get("client_id") is None and not meaning.get("client"):
        found = ctx.uow.contracts.with_number(str(number))
        if not found:
            raise NotFound(NOT_FOUND)
        client: Client | None = ctx.uow.clients.get(found[0].client_id)
    else:
        client = resolve(ctx, meaning)
        found = matching(ctx, client, meaning, WITH_PLAN) if client else []
    if client is None:
        return
    preferred = [c for c in found if c.kind in LOANS] or found
    said = {"terms": meaning.get("terms"), "amount": _text(meaning.get("amount"))}
    if start := meaning.get("start"):
        said["start"] = getattr(start, "start", str(start))[:10]
    contract = pick(ctx, client, preferred, "contract.plan", **said)
    if contract:
        _show_or_make(ctx, client, contract, said)


@confirmed("contract.plan")
def plan_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The contract was chosen."""
    contract = ctx.uow.contracts.get(data["chosen"])
    _show_or_make(ctx, ctx.uow.clients.get(contract.client_id), contract, data)


def _show_or_make(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any]) -> None:
    parts = ctx.uow.contracts.instalments([contract.id])
    if parts and not any(said.get(name) for name in ("terms", "amount", "start")):
        show_plan(ctx, client, contract)
        return
    if ctx.user.role not in ("adviser", "manager"):
        raise NotAllowed("这份合同还没有计划；您的角色不能生成。")
    made = _made(ctx, contract, said)
    if not made:
        raise Invalid(
            f"{named(ctx, contract)}缺少生成计划的资料：需要金额、起始日、期数和利率（保单需要保费和缴费方式）。"
        )
    kind = ctx.packs.kind(contract.kind)
    ctx.ask_to_confirm(
        f"将为「{client.name}」的{named(ctx, contract)}"
        f"{'重新' if parts else ''}生成{plan_text(made, kind, ctx.today)}。"
        + ("\n尚未缴的各期会被替换，已缴的保留。" if parts else ""),
        "contract.plan.write", contract_id=contract.id, version=contract.version, **_plain(said),
    )


@confirmed("contract.plan.write")
def write_plan(ctx: Context, data: Mapping[str, Any]) -> None:
    """Put the new plan in place of what is still due."""
    contract = ctx.uow.contracts.get(data["contract_id"])
    made = _made(ctx, contract, data)
    paid = [p.number for p in ctx.uow.contracts.instalments([contract.id]) if p.state != "due"]
    last = max(paid, default=0)
    ctx.uow.contracts.replace_unpaid(contract, [row for row in rows(made, ctx.today) if row["number"] > last])
    client = holder_of(ctx, contract, ctx.uow.clients.get(contract.client_id))
    text = plan_text(made, ctx.packs.kind(contract.kind), ctx.today)
    ctx.wrote(f"已生成{named(ctx, contract)}的{text}。", f"「{client.name}」的{named(ctx, contract)}计划")


def _made(ctx: Context, contract: Contract, said: Mapping[str, Any]) -> tuple[Due, ...]:
    values = values_of(contract)
    if said.get("terms"):
        values["term_months"] = int(said["terms"])
    if said.get("amount"):
        values["amount"] = Decimal(str(said["amount"]))
    if said.get("start"):
        values["starts_on"] = date.fromisoformat(str(said["start"]))
    values["state"] = ctx.packs.kind(contract.kind).initial
    return plan_for(ctx, values, product_of(ctx.packs, contract))


def show_plan(ctx: Context, client: Client, contract: Contract) -> None:
    """The plan as a list: sums first, then each instalment."""
    parts = ctx.uow.contracts.instalments([contract.id])
    unpaid = [p for p in parts if p.state == "due"]
    late = sum(1 for p in unpaid if p.is_overdue(ctx.today))
    owed = sum((p.amount for p in unpaid), Decimal(0))
    head = (
        f"「{client.name}」{named(ctx, contract)}：共 {len(parts)} 期，已缴 {len(parts) - len(unpaid)}，"
        f"待缴 {len(unpaid) - late}，逾期 {late}；还应付 {money_text(owed)}"
    )
    ordered = [*unpaid, *(p for p in parts if p.state != "due")]
    items = [
        {"client_id": client.id, "name": client.name, "contract_id": contract.id, "instalment_id": p.id,
         "line": instalment_text(p, ctx.today)}
        for p in ordered
    ]
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="plan")
    show_lines(ctx, "plan", head, items)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said.get(name) for name in ("terms", "amount", "start")}
