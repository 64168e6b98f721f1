"""Noting that a premium or repayment was paid: the instalment said, else the oldest open one; its pushes stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.contracts.changing import ABOUT_CONTRACTS, finish_shown, stop_pushes
from handlers.contracts.describing import is_open, named
from handlers.contracts.picking import holder_of, line_shown, matching, pick
from handlers.contracts.shelf import LOANS
from handlers.dues.said import amount_said, number_said
from handlers.language import Meaning, When
from handlers.router import action, command, confirmed
from storage.model.contracts import Contract, Instalment
from storage.model.errors import Invalid, NotFound
from storage.model.people import Client
from storage.model.values import money_text

# What is due later than this was probably not meant by 已缴.
SOON = timedelta(days=60)
_CLOSE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Way:
    """The words for one sort of payment, and the state a contract recovers to."""

    command: str
    kinds: tuple[str, ...]
    paid: str
    what: str
    done: str


PREMIUM = Way("premium.paid", ("policy",), "已缴", "保费", "应缴")
REPAYMENT = Way("repayment.paid", LOANS, "已还", "还款", "应还")

# A late contract whose instalments are all paid again: from which state to which.
_RECOVERY = {"policy": ("grace", "active"), "loan": ("overdue", "repaying"), "lease": ("overdue", "active")}


def way_of(contract: Contract) -> Way:
    """A premium for a policy, a repayment for anything else."""
    return PREMIUM if contract.kind == "policy" else REPAYMENT


@command("premium.paid", group="到期", help="记保费已缴", example="王芳 已缴", client=True)
def premium_paid(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The client paid the oldest open premium; grace ends, the pushes stop (S06)."""
    _note(ctx, meaning, client, PREMIUM)


@command("repayment.paid", group="到期", help="记还款已还", example="刘洋 已还", client=True)
def repayment_paid(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The client paid the oldest open repayment or rent."""
    _note(ctx, meaning, client, REPAYMENT)


def _note(ctx: Context, meaning: Meaning, client: Client, way: Way) -> None:
    amount, number = amount_said(ctx.text, meaning.get("amount")), number_said(ctx.text)
    line = line_shown(ctx, meaning, client) or {}
    if number is None and line.get("instalment_id"):
        number = ctx.uow.contracts.instalment(line["instalment_id"]).number
    said = {
        "paid_on": _paid_on(ctx, meaning.get("date")), "amount": amount, "number": number,
        **({"unsure": True} if meaning.get("unsure") else {}),
    }
    found = [c for c in matching(ctx, client, meaning, way.kinds) if is_open(ctx, c)]
    parts = ctx.uow.contracts.instalments([c.id for c in found])
    if not any(part.state == "due" for part in parts):
        raise NotFound(f"「{client.name}」名下没有待{way.paid[1]}的{way.what}。")
    if not (spoken_of := _spoken_of(parts, number)):
        raise Invalid(_no_such_part(client, parts, number, way))
    meant = _meant(ctx, found, spoken_of, amount)
    contract = pick(ctx, client, meant, way.command, **said)
    if contract:
        _check(ctx, client, contract, said, way)


def _spoken_of(parts: Sequence[Instalment], number: int | None) -> dict[int, Instalment]:
    """Of each contract the unpaid instalment of this number, else the oldest unpaid one."""
    found: dict[int, Instalment] = {}
    for part in parts:
        if part.state == "due" and number in (None, part.number):
            found.setdefault(part.contract_id, part)
    return found


def _no_such_part(client: Client, parts: Sequence[Instalment], number: int | None, way: Way) -> str:
    """Why nothing was noted: that instalment was paid before, or there is none."""
    paid = next((p for p in parts if p.number == number and p.state == "paid"), None)
    oldest = next(p for p in parts if p.state == "due")
    why = f"第 {number} 期已经记过{way.paid}了" if paid else f"没有第 {number} 期"
    return (f"「{client.name}」的{way.what}{why}，没有登记。最早未{way.paid[1]}的是第 {oldest.number} 期"
            f"（{oldest.due_on}，{money_text(oldest.amount)}）。")


def _meant(
    ctx: Context, found: Sequence[Contract], first: Mapping[int, Instalment], amount: str | None
) -> list[Contract]:
    """The contracts that may be meant: by the amount said, else the late ones, else those due soon."""
    payable = [c for c in found if c.id in first]
    same = [c for c in payable if amount and abs(first[c.id].amount - Decimal(amount)) < _CLOSE]
    late = [c for c in payable if first[c.id].is_overdue(ctx.today)]
    soon = [c for c in payable if first[c.id].due_on <= ctx.today + SOON]
    return same or late or soon or payable


def _paid_on(ctx: Context, said: Any) -> str:
    if not isinstance(said, When):
        return ctx.today.isoformat()
    if said.problem == "impossible" or said.date > ctx.today:
        raise Invalid("缴款日期不能在今天以后，请核对。")
    return said.date.isoformat()


def _check(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any], way: Way) -> None:
    """Note the instalment spoken of; ask first when it is not the oldest, not due for long, when the amount differs, or
    where it was not said what was paid for (`unsure`)."""
    parts = ctx.uow.contracts.instalments([contract.id])
    part = _spoken_of(parts, said.get("number")).get(contract.id)
    if part is None:
        raise NotFound(f"{named(ctx, contract)}没有待{way.paid[1]}的{way.what}了。")
    unsure = [f"{part.due_on} 应缴 {money_text(part.amount)}，您没说交的是什么钱"] if said.get("unsure") else []
    pay_or_ask(ctx, client, contract, part, said, way, [*unsure, *_doubts(ctx, parts, part, way)])


def _doubts(ctx: Context, parts: Sequence[Instalment], part: Instalment, way: Way) -> list[str]:
    """What speaks against this instalment being the one that was paid."""
    oldest = next(p for p in parts if p.state == "due")
    doubts = []
    if oldest.number != part.number:
        doubts.append(f"第 {oldest.number} 期（{oldest.due_on}，{money_text(oldest.amount)}）还没{way.paid[1]}")
    if part.due_on > ctx.today + SOON:
        doubts.append(f"这一期 {part.due_on} 才到期")
    return doubts


def pay_or_ask(
    ctx: Context, client: Client, contract: Contract, part: Instalment, said: Mapping[str, Any], way: Way,
    doubts: Sequence[str] = (),
) -> None:
    """Note an instalment as paid; with doubts, or when the amount said is not what is owed, only after 确认."""
    amount = Decimal(str(said.get("amount") or part.amount))
    differs = abs(amount - part.amount) >= _CLOSE
    data = {"client_id": client.id, "contract_id": contract.id, "paid_on": said["paid_on"], "number": part.number}
    if not differs and not doubts:
        _pay(ctx, data, way)
        return
    asked = "；".join([*([_difference(part, amount, way)] if differs else []), *doubts])
    in_part = _PART_ONLY if differs and amount < part.amount else ""
    ctx.ask_to_confirm(
        f"「{client.name}」的{named(ctx, contract)}第 {part.number} 期：{asked}。{in_part}"
        f"仍然把第 {part.number} 期整期记为{way.paid}吗？",
        f"{way.command}.sure", **data, **({"received": str(amount)} if differs else {}),
    )


_PART_ONLY = "系统按整期登记，只收到一部分请回复「取消」，收齐后再记。\n"


def _difference(part: Instalment, amount: Decimal, way: Way) -> str:
    gap = abs(amount - part.amount)
    return (f"{way.done} {money_text(part.amount)}，您说的是 {money_text(amount)}，"
            f"{'少' if amount < part.amount else '多'} {money_text(gap)}")


@confirmed("premium.paid")
def premium_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The policy was chosen."""
    _check_chosen(ctx, data, PREMIUM)


@confirmed("repayment.paid")
def repayment_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The loan or lease was chosen."""
    _check_chosen(ctx, data, REPAYMENT)


def _check_chosen(ctx: Context, data: Mapping[str, Any], way: Way) -> None:
    contract = ctx.uow.contracts.get(data["chosen"])
    _check(ctx, ctx.uow.clients.get(data["client_id"]), contract, data, way)


@confirmed("premium.paid.sure")
def premium_surely_paid(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser insists."""
    _pay(ctx, data, PREMIUM)


@confirmed("repayment.paid.sure")
def repayment_surely_paid(ctx: Context, data: Mapping[str, Any]) -> None:
    """The adviser insists."""
    _pay(ctx, data, REPAYMENT)


@action("instalment.paid")
def tap_paid(ctx: Context, args: Mapping[str, Any]) -> None:
    """The button 已缴 or 已还 on a reminder card."""
    part = ctx.uow.contracts.instalment(args["instalment_id"])
    if part.state != "due":
        ctx.grey_out("已处理")
        ctx.say(f"第 {part.number} 期已经记过了，不用再记。")
        return
    if not ctx.uow.cards.use(args["card"]):
        ctx.say("这张卡片已经处理过了，不会重复执行。")
        return
    contract = ctx.uow.contracts.get(part.contract_id)
    way = way_of(contract)
    _pay(ctx, {"client_id": part.client_id, "contract_id": part.contract_id, "number": part.number,
               "paid_on": ctx.today.isoformat()}, way)
    ctx.grey_out(way.paid)


# ---------------------------------------------------------------- writing


def _pay(ctx: Context, data: Mapping[str, Any], way: Way) -> None:
    contract = ctx.uow.contracts.get(data["contract_id"])
    client = holder_of(ctx, contract, ctx.uow.clients.get(data["client_id"]))
    parts = ctx.uow.contracts.instalments([contract.id])
    part = next((p for p in parts if p.number == data["number"] and p.state == "due"), None)
    if part is None:
        raise Invalid(f"{named(ctx, contract)}第 {data['number']} 期已经记过了。")
    ctx.uow.contracts.pay(part, date.fromisoformat(data["paid_on"]))
    finish_shown(ctx, contract.client_id, ("instalment", part.id), ABOUT_CONTRACTS, way.paid)
    ctx.uow.reminders.cancel_for("instalment", part.id, ABOUT_CONTRACTS, way.paid)
    rest = [p for p in parts if p.state == "due" and p.id != part.id]
    lines = [f"已记「{client.name}」的{named(ctx, contract)}第 {part.number} 期 {money_text(part.amount)} {way.paid}，"
             "相关提醒已停止。"]
    lines += _recover(ctx, contract, part, rest)
    lines += _what_is_left(ctx, rest, way)
    received = f"（实收 {money_text(Decimal(data['received']))}）" if data.get("received") else ""
    note = f"{named(ctx, contract)}第 {part.number} 期{way.what}{way.paid}{received}"
    ctx.uow.interactions.add(client, "payment", note)
    ctx.wrote("\n".join(lines), f"「{client.name}」第 {part.number} 期{way.what}{way.paid}")


def _recover(ctx: Context, contract: Contract, part: Instalment, rest: Sequence[Instalment]) -> list[str]:
    """Bring the balance and the state in line with what was paid."""
    kind = ctx.packs.kind(contract.kind)
    values: dict[str, Any] = {}
    if part.principal is not None and contract.balance is not None:
        values["balance"] = max(Decimal(0), contract.balance - part.principal)
    late, well = _RECOVERY.get(contract.kind, ("", ""))
    settled = not rest and kind.may_move(contract.state, "settled")
    if settled:
        values["state"] = "settled"
    elif contract.state == late and not any(p.is_overdue(ctx.today) for p in rest):
        values["state"] = well
    if values:
        contract = ctx.uow.contracts.update(contract, **values)
    if settled:
        stop_pushes(ctx, contract, "已结清")
    if "state" in values:
        return [f"合同状态已改为「{kind.state_label(values['state'])}」。"]
    if contract.state == "suspended":
        return ["这份保单效力已中止，补缴后还要办理复效。"]
    return []


def _what_is_left(ctx: Context, rest: Sequence[Instalment], way: Way) -> list[str]:
    late = [p for p in rest if p.is_overdue(ctx.today)]
    if late:
        return [f"还有 {len(late)} 期逾期，共 {money_text(sum((p.amount for p in late), Decimal(0)))}。"]
    if rest:
        return [f"下期 {rest[0].due_on} {way.done} {money_text(rest[0].amount)}。"]
    return ["已全部缴清。"]
