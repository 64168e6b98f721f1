"""Credit lines that are there: their amount changes, and parts of them are drawn. Never a second line for that."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import credit_parts, is_open, named
from handlers.contracts.picking import matching, pick
from handlers.language import Meaning
from handlers.router import command, confirmed
from storage.model.contracts import Contract
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.values import money_text

KINDS = ("credit_line",)


@command("credit.change", group="合同", help="调整授信额度", example="宏达 授信提到8000万", client=True)
def change(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Set the granted amount of the line, with what is left of it."""
    amount = _amount(client, meaning, f"{client.name} 授信提到8000万")
    if line := pick(ctx, client, _lines(ctx, client, meaning), "credit.change", amount=str(amount)):
        _change(ctx, client, line, amount)


@confirmed("credit.change")
def change_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The line was chosen."""
    client = ctx.uow.clients.get(data["client_id"])
    _change(ctx, client, ctx.uow.contracts.get(data["chosen"]), Decimal(data["amount"]))


def _change(ctx: Context, client: Client, line: Contract, amount: Decimal) -> None:
    used = _used(line)
    if amount < used:
        raise Invalid(f"已用额度 {money_text(used)}，授信额度不能低于它，没有改动。请核对金额。")
    if amount == line.amount:
        ctx.say(f"「{client.name}」的{named(ctx, line)}额度本来就是 {money_text(amount)}，没有改动。")
        return
    before = money_text(line.amount) if line.amount is not None else "（空）"
    changed = ctx.uow.contracts.update(line, amount=amount, balance=amount - used)
    ctx.wrote(
        f"已更新「{client.name}」的{named(ctx, changed)}：\n"
        f"授信额度：{before} → {money_text(amount)}\n{_parts(changed)}",
        f"「{client.name}」的授信额度",
    )


@command("credit.draw", group="合同", help="登记用信", example="宏达用信3000万", client=True)
def draw(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Echo what would be used and left, and wait for 确认."""
    amount = _amount(client, meaning, f"{client.name}用信3000万")
    if line := pick(ctx, client, _lines(ctx, client, meaning), "credit.draw", amount=str(amount)):
        _ask(ctx, client, line, amount)


@confirmed("credit.draw")
def draw_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The line was chosen."""
    client = ctx.uow.clients.get(data["client_id"])
    _ask(ctx, client, ctx.uow.contracts.get(data["chosen"]), Decimal(data["amount"]))


def _ask(ctx: Context, client: Client, line: Contract, amount: Decimal) -> None:
    used, granted = _used(line), line.amount or Decimal(0)
    if used + amount > granted:
        raise Invalid(
            f"「{client.name}」的{named(ctx, line)}可用额度只有 {money_text(granted - used)}，"
            f"用信 {money_text(amount)} 超过了，没有登记。请核对金额，或先调整授信额度。"
        )
    ctx.ask_to_confirm(
        f"「{client.name}」的{named(ctx, line)}用信 {money_text(amount)}：\n"
        f"已用 {money_text(used)} → {money_text(used + amount)}，可用 {money_text(granted - used - amount)}。",
        "credit.draw.write", client_id=client.id, contract_id=line.id, amount=str(amount), used=str(used),
    )


@confirmed("credit.draw.write")
def write_draw(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write what was confirmed, unless the line was drawn on meanwhile."""
    client, line = ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["contract_id"])
    used, amount = _used(line), Decimal(data["amount"])
    if used != Decimal(data["used"]):
        _ask(ctx, client, line, amount)
        return
    values = {"used_amount": used + amount, "balance": (line.amount or Decimal(0)) - used - amount}
    drawn = ctx.uow.contracts.update(line, **values)
    ctx.wrote(
        f"已登记「{client.name}」用信 {money_text(amount)}：{named(ctx, drawn)}{_parts(drawn)}。",
        f"「{client.name}」的用信 {money_text(amount)}",
    )


def _lines(ctx: Context, client: Client, meaning: Meaning) -> list[Contract]:
    found = matching(ctx, client, meaning, KINDS)
    return [line for line in found if is_open(ctx, line)] or found


def _amount(client: Client, meaning: Meaning, example: str) -> Decimal:
    amount = meaning.get("amount")
    if not amount or meaning.clarify == "amount":
        raise Invalid(f"请说明「{client.name}」的金额是多少，例如「{example}」，没有改动。")
    return Decimal(str(amount))


def _used(line: Contract) -> Decimal:
    return dict(credit_parts(line)).get("已用", Decimal(0))


def _parts(line: Contract) -> str:
    return "，".join(f"{label} {money_text(value)}" for label, value in credit_parts(line))
