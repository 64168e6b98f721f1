"""Changing contracts: a field, a state through the state machine, a further person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from config.pack import ContractKind, FieldSpec, State
from handlers.client_forms import as_typed
from handlers.context import Context
from handlers.contracts.describing import is_open, named
from handlers.contracts.people import person_named
from handlers.contracts.picking import matching, pick
from handlers.contracts.planning import plan_for, plan_text, rows, values_of
from handlers.contracts.shelf import product_of, products_named
from handlers.contracts.through_tickets import ask_for_role, ask_for_state, changed_to, is_wanted
from handlers.language import Meaning
from handlers.router import command, confirmed
from storage.model.contracts import Contract
from storage.model.errors import Invalid, NotAllowed
from storage.model.people import Client

# Whatever was pushed about a contract that has come to its end is no longer to be done.
ABOUT_CONTRACTS = ("renewal", "premium", "maturity", "repayment", "anniversary")
# Their change would break plans or identity, or has a way of its own.
_FIXED = ("kind", "line", "product_code", "currency")


@command("policy.update", group="合同", help="改保单或其他合同", example="王芳 重疾险 保费改成 5300", client=True)
def update(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Change one field, or move the state; a move the state machine does not know is refused with the legal ones."""
    said = {name: value for name in ("field", "status") if (value := meaning.get(name))}
    if meaning.get("value") is not None:
        said["value"] = as_typed(meaning.slots["value"])
    if meaning.clarify == "value" or not (said.get("status") or ("field" in said and "value" in said)):
        raise Invalid(f"请说明要改成什么，例如「{client.name} 重疾险 保费改成 5300」或「{client.name} 保单 已退保」。")
    said |= {"wanted": is_wanted(ctx.text), "replaces": changed_to(ctx.text)}
    named_one = meaning.get("product") or meaning.get("policy_no")
    found = matching(ctx, client, meaning, () if named_one else ("policy",))
    contract = pick(ctx, client, [c for c in found if is_open(ctx, c)] or found, "policy.update", **said)
    if contract:
        _update(ctx, client, contract, said)


@confirmed("policy.update")
def update_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The contract was chosen."""
    _update(ctx, ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["chosen"]), data)


def _update(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any]) -> None:
    if said.get("status") or said.get("field") in ("status", "state"):
        _move(ctx, client, contract, str(said.get("status") or said["value"]), wanted=bool(said.get("wanted")))
        return
    if said["field"] in ("beneficiary", "insured", "guarantor", "co_borrower"):
        _add_party(ctx, client, contract, {**said, "role": said["field"], "party": said["value"]})
        return
    spec = _spec(ctx, str(said["field"]))
    kind = ctx.packs.kind(contract.kind)
    values = _new_values(ctx, contract, spec, said["value"])
    before = {name: contract.value(name) for name in values}
    changes = ctx.uow.dictionary.differences("contract", before, values)
    if not changes:
        ctx.say(f"「{client.name}」的{named(ctx, contract)}本来就是这样，没有改动。")
        return
    updated = ctx.uow.contracts.update(contract, **values)
    labels = {"amount": kind.amount_label, "premium": kind.premium_label, "ends_on": kind.ends_on_label}
    lines = [f"已更新「{client.name}」的{named(ctx, updated)}："]
    lines += [
        f"{labels.get(c.name) or c.label}：{c.old or '（空）'} → {c.new}" for c in changes if c.name != "product_code"
    ]
    lines += _replan(ctx, updated, spec.name)
    ctx.wrote("\n".join(lines), f"修改「{client.name}」的{named(ctx, updated)}")


def _spec(ctx: Context, said: str) -> FieldSpec:
    spec = ctx.uow.dictionary.find("contract", said)
    if spec is None or spec.name in _FIXED:
        raise Invalid(f"合同上没有可以改的「{said}」。可以改保费、保额、到期日、缴费方式、状态等。")
    if not ctx.uow.dictionary.may(ctx.user.role, "edit", spec):
        raise NotAllowed(f"您的角色不能修改「{spec.label}」。")
    return spec


def _new_values(ctx: Context, contract: Contract, spec: FieldSpec, said: Any) -> dict[str, Any]:
    value = ctx.uow.dictionary.normalise(spec, said, ctx.today)
    values = {spec.name: value}
    if spec.name == "product_name":
        found = products_named(ctx.packs, str(value), (contract.kind,))
        if len(found) == 1:
            values = {"product_name": found[0].name, "product_code": found[0].code}
    starts_on, ends_on = values.get("starts_on", contract.starts_on), values.get("ends_on", contract.ends_on)
    if starts_on and ends_on and ends_on <= starts_on:
        raise Invalid("到期日应晚于起始日，请核对。", "ends_on")
    return values


def _replan(ctx: Context, contract: Contract, changed: str) -> list[str]:
    """A new premium holds for the premiums that are still to come, not for those already called."""
    parts = ctx.uow.contracts.instalments([contract.id])
    coming = [p for p in parts if p.state == "due" and p.due_on >= ctx.today]
    if changed == "premium" and contract.kind == "policy" and coming and contract.premium:
        kept = [p for p in parts if p.state == "due" and p.due_on < ctx.today]
        ctx.uow.contracts.replace_unpaid(contract, [
            {"number": p.number, "due_on": p.due_on, "grace_ends_on": p.grace_ends_on,
             "amount": p.amount if p in kept else contract.premium}
            for p in (*kept, *coming)
        ])
        return [f"今后 {len(coming)} 期保费已按新金额调整。"]
    if changed in ("pay_mode", "pay_years", "rate_percent", "term_months", "repay_mode", "starts_on") and parts:
        return ["缴费计划没有自动改动，需要时发送「生成缴费计划」重新生成。"]
    return []


# ---------------------------------------------------------------- states


def _move(ctx: Context, client: Client, contract: Contract, said: str, *, wanted: bool) -> None:
    kind = ctx.packs.kind(contract.kind)
    state = _state(ctx, kind, said)
    before = kind.state_label(contract.state)
    if state.name == contract.state:
        ctx.say(f"「{client.name}」的{named(ctx, contract)}已经是「{state.label}」。")
        return
    if wanted and kind.may_move(contract.state, state.name) and ask_for_state(ctx, client, contract, state):
        return
    moved = ctx.uow.contracts.update(contract, state=state.name)
    lines = [f"「{client.name}」的{named(ctx, moved)}：{before} → {state.label}。"]
    if state.final:
        stopped = stop_pushes(ctx, moved, f"合同{state.label}")
        lines += [f"相关的 {stopped} 条提醒已停止。"] if stopped else []
    elif state.name == kind.initial and not ctx.uow.contracts.instalments([moved.id]):
        lines += _first_plan(ctx, moved, kind)
    ctx.wrote("\n".join(lines), f"「{client.name}」的{named(ctx, moved)}状态")


def _state(ctx: Context, kind: ContractKind, said: str) -> State:
    """The state of the kind that a word names. Raises Invalid with the words that can be used."""
    word = said.strip()
    canonical = next(
        (w.canonical for w in ctx.packs.words if w.kind == "status" and word in (w.canonical, *w.synonyms)), word
    )
    for state in kind.states:
        if word in (state.name, state.label) or canonical == state.label or word in state.label:
            return state
    raise Invalid(f"{kind.label}没有「{said}」这个状态，可用：{'、'.join(s.label for s in kind.states)}。")


def _first_plan(ctx: Context, contract: Contract, kind: ContractKind) -> list[str]:
    """A contract that comes into force gets its instalments."""
    plan = plan_for(ctx, values_of(contract), product_of(ctx.packs, contract))
    ctx.uow.contracts.add_instalments(contract, rows(plan, ctx.today))
    return [f"已生成{plan_text(plan, kind, ctx.today)}。"] if plan else []


def stop_pushes(ctx: Context, contract: Contract, reason: str) -> int:
    """Cancel what is open about a contract and its instalments; says how many."""
    stopped = ctx.uow.reminders.cancel_for("contract", contract.id, (*ABOUT_CONTRACTS, "follow_up"), reason)
    for part in ctx.uow.contracts.instalments([contract.id]):
        if part.state == "due":
            stopped += ctx.uow.reminders.cancel_for("instalment", part.id, ABOUT_CONTRACTS, reason)
    return stopped


def finish_shown(
    ctx: Context, client_id: int, about: tuple[str, int], categories: Collection[str], result: str
) -> None:
    """What was already pushed about a contract or an instalment is done, with this result; what would have come later
    is for `stop_pushes`."""
    while due := next((
        r for r in ctx.uow.reminders.of_client(client_id)
        if (r.object_type, r.object_id) == about and r.category in categories and r.remind_at <= ctx.now
    ), None):
        ctx.uow.reminders.finish(due, "done", result=result)


# ---------------------------------------------------------------- people


@command(
    "contract.party_add", group="合同", help="加被保险人、受益人、担保人",
    example="王芳 重疾险 受益人 小雨", client=True,
)
def add_party(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Put a person into a role of one of the client's contracts (R036)."""
    said = {"role": meaning.get("role"), "party": meaning.get("party"), "party_id": meaning.get("party_id")}
    said["replaces"] = changed_to(ctx.text)
    if not said["role"] or not said["party"]:
        raise Invalid(f"请说明是谁、什么角色，例如「{client.name} 重疾险 受益人 小雨」。")
    found = [c for c in matching(ctx, client, meaning) if is_open(ctx, c)]
    fitting = [c for c in found if ctx.packs.kind(c.kind).role(str(said["role"]))]
    if not fitting:
        raise Invalid(f"「{client.name}」名下没有可以加这个角色的合同。")
    contract = pick(ctx, client, fitting, "contract.party_add", **said)
    if contract:
        _add_party(ctx, client, contract, said)


@confirmed("contract.party_add")
def add_party_to_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The contract was chosen."""
    _add_party(ctx, ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["chosen"]), data)


def _add_party(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any]) -> None:
    kind = ctx.packs.kind(contract.kind)
    role = kind.role(str(said["role"]))
    if role is None:
        raise Invalid(f"{kind.label}没有这个角色，可用：{'、'.join(r.label for r in kind.roles)}。")
    if (who := str(said.get("replaces") or "")) and ask_for_role(ctx, client, contract, role, who):
        return
    person = person_named(ctx, client, role.name, str(said["party"]))
    person_id = said["party_id"] if isinstance(said.get("party_id"), int) else person.client_id
    known = ctx.uow.contracts.parties([contract.id])
    if any(p.role == role.name and p.name == person.name for p in known):
        ctx.say(f"「{person.name}」已经是{named(ctx, contract)}的{role.label}。")
        return
    if role.name == kind.roles[0].name and any(p.role == role.name for p in known):
        raise Invalid(f"{named(ctx, contract)}已有{role.label}，变更{role.label}请走合同变更手续。")
    ctx.uow.contracts.add_party(contract.id, contract.owner_id, role.name, person.name, person_id)
    ctx.uow.audit.record("update", "contract", contract.id, client_id=contract.client_id, party=role.name)
    outside = "" if person_id else "（不在您的客户中，只记姓名）"
    ctx.wrote(
        f"已登记：「{client.name}」的{named(ctx, contract)}，{role.label} {person.name}{outside}。",
        f"{named(ctx, contract)}的{role.label}「{person.name}」",
    )
