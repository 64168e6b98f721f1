"""Looking at contracts: policies in any role, holdings, loans, credit lines, leases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from config.pack import ContractKind
from handlers.context import Context
from handlers.contracts import fields
from handlers.contracts.describing import (
    figures,
    grace_text,
    instalment_text,
    is_open,
    left_text,
    line,
    named,
    premium_text,
    role_text,
    shown,
    state_text,
)
from handlers.contracts.picking import matching
from handlers.contracts.shelf import HOLDINGS
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import READERS, command
from handlers.whose import resolve
from storage.model.contracts import Contract, Instalment
from storage.model.errors import NotFound
from storage.model.people import Client
from storage.model.values import money_text
from storage.repositories.contracts import NOT_FOUND


@command("contract.list", group="合同", help="查名下所有合同", example="王芳 合同", client=True, roles=READERS)
def everything(ctx: Context, meaning: Meaning, client: Client) -> None:
    """All contracts of a client, of whatever kind."""
    _show(ctx, meaning, client, (), "合同")


@command("policy.lookup", group="合同", help="查保单或保单的某一项", example="王芳 保单", roles=READERS)
def policies(ctx: Context, meaning: Meaning) -> None:
    """Policies in which the client has any role: holder, insured, beneficiary (R036)."""
    _look_up(ctx, meaning, ("policy",), "保单", whatever=_POLICY.search(ctx.text) is None)


@command("holding.lookup", group="合同", help="查存款、理财和基金", example="刘洋 持有", roles=READERS)
def holdings(ctx: Context, meaning: Meaning) -> None:
    """Deposits, wealth products and funds, with the days they mature (R020)."""
    _look_up(ctx, meaning, HOLDINGS, "持有")


@command("loan.lookup", group="合同", help="查贷款", example="刘洋 贷款", roles=READERS)
def loans(ctx: Context, meaning: Meaning) -> None:
    """Loans with what is still owed."""
    _look_up(ctx, meaning, ("loan",), "贷款")


@command("credit.lookup", group="合同", help="查授信额度", example="宏达 授信", roles=READERS)
def credit(ctx: Context, meaning: Meaning) -> None:
    """Credit lines: granted, used, left, and when they end (R026)."""
    _look_up(ctx, meaning, ("credit_line",), "授信")


@command("lease.lookup", group="合同", help="查租赁合同", example="宏达 租赁", roles=READERS)
def leases(ctx: Context, meaning: Meaning) -> None:
    """Leases with their rents."""
    _look_up(ctx, meaning, ("lease",), "租赁合同")


_POLICY = re.compile(r"保|险|受益人|现金价值")


def _look_up(ctx: Context, meaning: Meaning, kinds: Sequence[str], title: str, *, whatever: bool = False) -> None:
    """`whatever`: nothing in the words says which kind, so one who has none of it has something else (刘洋买了啥)."""
    number = meaning.get("policy_no")
    named_client = meaning.get("client") or meaning.get("client_id") is not None
    if number and not named_client:
        found = ctx.uow.contracts.with_number(str(number))
        if not found:
            raise NotFound(NOT_FOUND)
        client = ctx.uow.clients.get(found[0].client_id)
        ctx.look_at(client)
        _show_found(ctx, meaning, client, found, title)
    elif client_found := resolve(ctx, meaning):
        held = {contract.kind for contract in ctx.uow.contracts.of_client(client_found.id)} if whatever else set()
        others = bool(held) and held.isdisjoint(kinds)
        _show(ctx, meaning, client_found, () if others else kinds, "合同" if others else title)


def _show(ctx: Context, meaning: Meaning, client: Client, kinds: Sequence[str], title: str) -> None:
    try:
        found = matching(ctx, client, meaning, kinds)
    except NotFound:
        if kinds != HOLDINGS or meaning.get("product") or not ctx.uow.contracts.of_client(client.id):
            raise
        found = []
    _show_found(ctx, meaning, client, found, title)


def _show_found(ctx: Context, meaning: Meaning, client: Client, found: list[Contract], title: str) -> None:
    for kind in {c.kind for c in found} or {title}:
        ctx.uow.audit.read("client", client.id, client_id=client.id, section=kind)
    ordered = sorted(found, key=lambda c: (not is_open(ctx, c), c.ends_on is None, c.ends_on or ctx.today, c.id))
    if field := meaning.get("field"):
        ctx.say(fields.answer(ctx, client, [c for c in ordered if is_open(ctx, c)] or ordered, field))
    elif len(ordered) == 1:
        _show_one(ctx, client, ordered[0])
    else:
        _show_list(ctx, client, ordered, title)


def _show_list(ctx: Context, client: Client, found: list[Contract], title: str) -> None:
    people = ctx.uow.contracts.parties([c.id for c in found])
    items = [
        {"client_id": client.id, "name": client.name, "contract_id": c.id, "line": line(ctx, c, client.id, people)}
        for c in found
    ]
    head = f"「{client.name}」{title} {len(found)} 份"
    if title == "持有":
        head = f"「{client.name}」持有 {len(found)} 项{_sum(found)}{_besides(ctx, client)}"
    if not items:
        ctx.say(f"{head}。")
        return
    show_lines(ctx, "contracts", head, items)


def _sum(found: list[Contract]) -> str:
    values = [c.balance if c.balance is not None else c.amount for c in found if c.currency == "CNY"]
    total = sum(value for value in values if value is not None)
    return f"，合计 {money_text(total)}" if total else ""


def _besides(ctx: Context, client: Client) -> str:
    """What else is in the portfolio (R020): policies and loans are counted, not listed."""
    others = [c for c in ctx.uow.contracts.of_client(client.id) if c.kind not in HOLDINGS and is_open(ctx, c)]
    counts = Counter(ctx.packs.kind(c.kind).label for c in others)
    return f"；另有{'、'.join(f'{label} {n} 份' for label, n in counts.items())}" if counts else ""


def _show_one(ctx: Context, client: Client, contract: Contract) -> None:
    """All that matters of one contract, in at most eight lines."""
    kind = ctx.packs.kind(contract.kind)
    people = ctx.uow.contracts.parties([contract.id])
    parts = [p for p in ctx.uow.contracts.instalments([contract.id]) if p.state == "due" and is_open(ctx, contract)]
    pairs = [
        ("", f"「{client.name}」{named(ctx, contract)} · {state_text(ctx, contract)}"),
        ("", "，".join(f"{_label(kind, p.role)} {p.name}" for p in people)
         or (f"角色：{role_text(ctx, contract, client.id, people)}" if contract.client_id != client.id else "")),
        ("", " · ".join(_money(ctx, contract))),
        ("期间", _period(ctx, contract)),
        ("承保公司", shown(ctx, contract, "insurer") if contract.kind == "policy" else ""),
        (f"下期{kind.instalment_label or '应缴'}", _due(ctx, contract, parts)),
        ("续保意向", shown(ctx, contract, "renewal_intent")),
    ]
    lines = [f"{label}：{text}" if label else text for label, text in pairs if text]
    item = {"client_id": client.id, "name": client.name, "contract_id": contract.id, "line": lines[0]}
    ctx.conversation.show_leaf("contracts", [item])
    ctx.say("\n".join(lines))


def _label(kind: ContractKind, role: str) -> str:
    found = kind.role(role)
    return found.label if found else role


def _money(ctx: Context, contract: Contract) -> list[str]:
    if contract.kind != "policy":
        return figures(ctx, contract)
    amount, premium = shown(ctx, contract, "amount"), premium_text(ctx, contract)
    years = f"，缴 {contract.pay_years} 年" if contract.pay_years and contract.pay_mode != "single" else ""
    return [*([f"保额 {amount}"] if amount else []), *([f"保费 {premium}{years}"] if premium else [])]


def _period(ctx: Context, contract: Contract) -> str:
    if contract.ends_on is None:
        return f"{contract.starts_on} 起，长期" if contract.starts_on else ""
    start = f"{contract.starts_on} 至 " if contract.starts_on else "至 "
    return f"{start}{contract.ends_on}（{left_text(contract.ends_on, ctx.today)}）"


def _due(ctx: Context, contract: Contract, unpaid: list[Instalment]) -> str:
    if not unpaid:
        return ""
    consequence = grace_text(unpaid[0], ctx.today) if contract.kind == "policy" else ""
    return instalment_text(unpaid[0], ctx.today, consequence)
