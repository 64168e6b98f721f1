"""Due lists over contracts: what is to be renewed, what matures, what ends at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import left_text, named, owner_names, premium_text, shown, state_text
from handlers.contracts.shelf import HOLDINGS, LOANS, answers_to, is_renewable, kinds_meant
from handlers.dues.ranges import Days, days_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import READERS, command
from storage.model.contracts import Contract
from storage.repositories.clients import ClientHead

MONTH = 30
MOST = 200  # more is no list to work by, and a conversation is kept with every message
Figures = Callable[[Context, Contract, ClientHead], Sequence[str]]


@command("renewal.list", group="到期", help="续保清单", example="续保清单 30天", roles=READERS)
def renewals(ctx: Context, meaning: Meaning) -> None:
    """Policies to renew, the most urgent first: product, tail, premium, wish, last contact (S05)."""
    days = days_of(ctx, meaning, MONTH)
    found = [c for c in _ending(ctx, meaning, days, ("policy",)) if is_renewable(ctx.packs, c)]
    wanted = meaning.get("status")
    if wanted in ("high", "medium", "low", "none"):
        found = [c for c in found if c.renewal_intent == wanted]
    else:
        found = [c for c in found if c.renewal_intent != "none"]
    _show(ctx, "renewals", f"续保清单（{days}）", found, _renewal, days, "续保清单 60天")


@command("maturity.list", group="到期", help="存款、理财、基金到期清单", example="到期清单 30天", roles=READERS)
def maturities(ctx: Context, meaning: Meaning) -> None:
    """Deposits, wealth products and funds that mature; loans and others when they are named."""
    days = days_of(ctx, meaning, MONTH)
    kinds = _kinds_said(ctx, meaning) or HOLDINGS
    _show(ctx, "maturities", f"到期清单（{days}）", _ending(ctx, meaning, days, kinds), _amount, days, "60天内到期")


@command("due.list", group="到期", help="所有合同到期清单", example="30天内到期", roles=READERS)
def due(ctx: Context, meaning: Meaning) -> None:
    """Contracts of every kind that end in these days."""
    days = days_of(ctx, meaning, MONTH)
    kinds = _kinds_said(ctx, meaning) or tuple(kind.name for kind in ctx.packs.kinds)
    _show(ctx, "due", f"到期合同（{days}）", _ending(ctx, meaning, days, kinds), _any, days, "60天内到期")


@command("policy.search", group="到期", help="按状态找保单", example="失效的保单有哪些", roles=READERS)
def search(ctx: Context, meaning: Meaning) -> None:
    """Policies of a state, product or insurer; those in force when no state was said."""
    kind, said = ctx.packs.kind("policy"), meaning.get("status")
    # 失效 in people's mouths is both: suspended, which can be put right, and lapsed for good.
    states = {"lapsed": ("suspended", "lapsed")}.get(str(said), (str(said),)) if said else kind.open_states
    found = ctx.uow.contracts.in_states(("policy",), states)
    if product := meaning.get("product"):
        found = [c for c in found if answers_to(ctx.packs, c, str(product))]
    if insurer := meaning.get("insurer"):
        found = [c for c in found if str(insurer) in str(c.value("insurer") or "")]
    if meaning.get("range"):
        days = days_of(ctx, meaning, MONTH)
        found = [c for c in found if c.ends_on and c.ends_on in days]
    if not found:
        ctx.say("没有找到这样的保单。换个状态或产品再试试，例如「失效的保单有哪些」。")
        return
    _show_all(ctx, "policies", "保单", found, lambda ctx, c, _client: [state_text(ctx, c), *_any(ctx, c, _client)])


def _kinds_said(ctx: Context, meaning: Meaning) -> tuple[str, ...]:
    said = meaning.get("product")
    every = tuple(kind.name for kind in ctx.packs.kinds)
    return tuple(kinds_meant(ctx.packs, str(said), every)) if said else ()


def _ending(ctx: Context, meaning: Meaning, days: Days, kinds: Collection[str]) -> list[Contract]:
    states = {state for kind in kinds for state in ctx.packs.kind(kind).open_states}
    found = ctx.uow.contracts.ending(days.first, days.last, kinds, states)
    said = meaning.get("product")
    return [c for c in found if not said or answers_to(ctx.packs, c, str(said))]


# ---------------------------------------------------------------- showing


def _show(
    ctx: Context, kind: str, title: str, found: list[Contract], figures: Figures, days: Days, wider: str
) -> None:
    if not found:
        hint = f"发送「{wider}」可以看得更远。" if days.count < 60 else "换个时间范围再试试。"
        ctx.say(f"{title}：没有到期的合同。{hint}")
        return
    _show_all(ctx, kind, title, found, figures)


def _show_all(ctx: Context, kind: str, title: str, found: list[Contract], figures: Figures) -> None:
    heads = ctx.uow.clients.heads(c.client_id for c in found)
    owners = owner_names(ctx)
    items = [_item(ctx, c, heads[c.client_id], owners, figures) for c in found[:MOST]]
    ctx.uow.audit.record("list", "contract", kind, count=len(found))
    head = f"{title} {len(found)} 份" + (f"，列出前 {MOST} 份" if len(found) > MOST else "")
    show_lines(ctx, kind, f"{head}：", items)


def _item(
    ctx: Context, contract: Contract, client: ClientHead, owners: dict[str, str], figures: Figures
) -> dict[str, Any]:
    ends_on = contract.ends_on
    ends = f"{ends_on:%m-%d}（{left_text(ends_on, ctx.today)}）" if ends_on else ""
    parts = [client.name, named(ctx, contract), ends]
    parts += figures(ctx, contract, client)
    if client.owner_id != ctx.user.id and client.owner_id in owners:
        parts.append(f"顾问 {owners[client.owner_id]}")
    return {
        "client_id": client.id, "name": client.name, "contract_id": contract.id,
        "line": " · ".join(filter(None, parts)),
    }


def _renewal(ctx: Context, contract: Contract, client: ClientHead) -> list[str]:
    premium = premium_text(ctx, contract)
    wish = shown(ctx, contract, "renewal_intent")
    return [f"保费 {premium}" if premium else "", f"意向 {wish or '未记'}", contacted(ctx, client)]


def contacted(ctx: Context, client: ClientHead) -> str:
    """今天联系过 · 12 天前联系 · 未联系过"""
    if client.last_contact_at is None:
        return "未联系过"
    days = (ctx.today - ctx.local(client.last_contact_at).date()).days
    return "今天联系过" if days <= 0 else f"{days} 天前联系"


def _amount(ctx: Context, contract: Contract, client: ClientHead) -> list[str]:
    return [shown(ctx, contract, "balance") if contract.kind in LOANS else shown(ctx, contract, "amount")]


def _any(ctx: Context, contract: Contract, client: ClientHead) -> list[str]:
    if contract.kind == "policy":
        premium = premium_text(ctx, contract)
        return [f"保费 {premium}" if premium else ""]
    return _amount(ctx, contract, client)
