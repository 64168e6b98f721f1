"""Renewed: the next term is a contract of its own, the old one is closed, its pushes stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.contracts.changing import stop_pushes
from handlers.contracts.describing import named
from handlers.contracts.picking import holder_of, pick
from handlers.contracts.shelf import grace_days
from handlers.language import Meaning
from handlers.renewals.meant import finish_shown, renewable
from handlers.renewals.other import pay_chosen, premium_meant, put_in_force, renewed_before
from handlers.router import command, confirmed
from storage.model.contracts import Contract
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.plans import add_months, premium_plan, terms_between
from storage.model.values import money_text

# They belong to the old term alone.
_NOT_CARRIED_OVER = ("number", "recording_reference", "cooling_off_ends_on", "underwriting_note", "contract_note")
_COLUMNS_CARRIED = ("kind", "line", "product_code", "product_name", "amount", "currency", "pay_mode")


@command("renewal.done", group="续保", help="记已续保，自动建下一期", example="王芳 已续 保费5200", client=True)
def done(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The policy was renewed, at the premium said or the old one (S05)."""
    premium = meaning.get("premium")
    said = {"premium": None if premium is None else str(premium)}
    if put_in_force(ctx, client, meaning) or renewed_before(ctx, client, meaning):
        return
    if premium_meant(ctx, client, meaning, said):
        return
    contract = pick(ctx, client, renewable(ctx, client, meaning), "renewal.done", **said)
    if contract:
        renew_or_ask(ctx, client, contract, said)


@confirmed("renewal.done")
def done_for_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The policy was chosen, or the premium of one that is not near its end."""
    if (part := data.get("parts", {}).get(str(data["chosen"]))) is not None:
        pay_chosen(ctx, data["client_id"], part, data.get("premium"))
        return
    renew_or_ask(ctx, ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["chosen"]), data)


@confirmed("renewal.done.sure")
def done_surely(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser insists on the premium."""
    contract = ctx.uow.contracts.get(data["contract_id"])
    renew(ctx, ctx.uow.clients.get(data["client_id"]), contract, Decimal(data["premium"]))


def renew_or_ask(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any]) -> None:
    """Renew; ask when the premium is ten times the old one or a tenth of it: a digit may be missing."""
    spec = ctx.uow.dictionary.field("contract", "premium")
    premium = ctx.uow.dictionary.normalise(spec, said["premium"]) if said.get("premium") else contract.premium
    if not premium:
        raise Invalid(f"请带上新一期保费，例如「{client.name} 已续 保费5200」。")
    old = contract.premium
    if old and not old / 10 < premium < old * 10:
        ctx.ask_to_confirm(
            f"「{client.name}」的{named(ctx, contract)}上一期保费 {money_text(old)}，这次 {money_text(premium)}，"
            "相差较大，确定吗？",
            "renewal.done.sure", client_id=client.id, contract_id=contract.id, premium=str(premium),
        )
        return
    renew(ctx, client, contract, premium)


def renew(ctx: Context, client: Client, old: Contract, premium: Decimal) -> None:
    """Close the old term, open the next, with its people and its premiums."""
    client = holder_of(ctx, old, client)
    finish_shown(ctx, old, "已续保")
    stopped = stop_pushes(ctx, old, "已续保")
    ctx.uow.contracts.update(old, state="renewed")
    new = ctx.uow.contracts.add(client, _next_term(ctx, old, premium), [
        (p.role, p.name, p.client_id) for p in ctx.uow.contracts.parties([old.id])
    ])
    _write_premiums(ctx, new, premium)
    lines = [
        f"已续保：「{client.name}」的{named(ctx, old)}。",
        f"新一期 {new.starts_on} 至 {new.ends_on}，保费 {money_text(premium)}，首期已按今天缴费登记。",
    ]
    if old.ends_on and new.starts_on and new.starts_on > old.ends_on:
        lines.append(f"注意：{old.ends_on} 到 {new.starts_on} 之间没有保障。")
    lines.append(f"旧保单已改为「已续保」，{f'{stopped} 条后续提醒已停止' if stopped else '不再提醒'}。")
    lines += _welcome_back(ctx, client)
    ctx.uow.interactions.add(client, "renewal", f"{named(ctx, old)}已续保，保费 {money_text(premium)}")
    ctx.uow.clients.touch(client)
    ctx.wrote("\n".join(lines), f"「{client.name}」的续保")


def _next_term(ctx: Context, old: Contract, premium: Decimal) -> dict[str, Any]:
    carried = {name: getattr(old, name) for name in _COLUMNS_CARRIED}
    extra = {k: v for k, v in {**old.attrs, **old.secrets}.items() if k not in _NOT_CARRIED_OVER}
    starts_on = _starts_on(ctx, old)
    months = terms_between(old.starts_on, old.ends_on) if old.starts_on and old.ends_on else 12
    return {
        **carried, **extra, "state": ctx.packs.kind(old.kind).initial, "premium": premium, "pay_years": 1,
        "pay_mode": old.pay_mode or "annual", "starts_on": starts_on, "ends_on": _ends_on(old, starts_on, months),
        "previous_id": old.id,
    }


def _starts_on(ctx: Context, old: Contract) -> date:
    """Where the old term ends; today when that is longer ago than the grace of the product."""
    if old.ends_on is None:
        return ctx.today
    within = old.ends_on + timedelta(days=grace_days(ctx.packs, old) if old.product_code else 0)
    return old.ends_on if ctx.today <= within else ctx.today


def _ends_on(old: Contract, starts_on: date, months: int) -> date:
    # A term that began on 29 February ends on the 28th of common years and comes back to the 29th.
    day = old.starts_on.day if old.starts_on and starts_on == old.ends_on else None
    return add_months(starts_on, months, day)


def _write_premiums(ctx: Context, new: Contract, premium: Decimal) -> None:
    """The premiums of the new term; the first was paid with the renewal."""
    assert new.starts_on is not None
    plan = premium_plan(premium, new.starts_on, new.pay_mode or "annual", 1, grace_days(ctx.packs, new))
    ctx.uow.contracts.add_instalments(new, [
        due.row() | ({"state": "paid", "paid_on": ctx.today} if due.number == 1 else {}) for due in plan
    ])


def _welcome_back(ctx: Context, client: Client) -> list[str]:
    """A client who was given up or at risk is so no more."""
    stage = {"at_risk": "active", "lost": "won_back"}.get(client.stage)
    found = ctx.packs.find_stage(stage) if stage else None
    if found is None:
        return []
    ctx.uow.clients.update(client, stage=found.name)
    return [f"客户阶段改为「{found.label}」。"]
