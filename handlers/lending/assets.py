"""Leased assets: 租赁物 EX-03, 租赁物 EX-03 状态 维修中, 登记维保 EX-03 换液压泵 8000 下次9月.

An asset is what a lease is about; its code, state and place are fields of the contract. Its maintenance log are lines
of the client's time line."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from config.pack import ContractKind
from handlers.context import Context
from handlers.contracts.describing import named, state_text
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import READERS, command
from reminders.calendar import local_instant
from storage.model.contracts import Contract
from storage.model.errors import Invalid, NotFound
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text, money_text

KIND, ASSET = "lease", "asset"
MOST, SHOWN, LOOKED_AT, LONGEST = 500, 10, 200, 300
_FIELDS = ("asset_state", "asset_place", "maintenance_on")


@command("asset.show", group="贷后", help="看租赁物的状态、地点、维保", example="租赁物 EX-03", roles=READERS)
def show(ctx: Context, meaning: Meaning) -> None:
    """Where an asset is, how it is, and what was done to it."""
    contract = _of_code(ctx, str(meaning.get("code") or ""))
    client = ctx.uow.clients.get(contract.client_id)
    ctx.look_at(client)
    log = _log(ctx, contract, client)
    lines = [f"租赁物 {_title(contract)}（{client.name}）", *_fields(ctx, contract)]
    lines += [f"合同：{named(ctx, contract)} {state_text(ctx, contract)}"]
    lines += ["维保记录：", *log] if log else ["还没有维保记录。"]
    ctx.say("\n".join([*lines, f"登记维保发送「登记维保 {contract.value('asset_code')} 做了什么 费用 下次9月」。"]))


@command("asset.list", group="贷后", help="看名下的租赁物", example="租赁物", roles=READERS)
def list_assets(ctx: Context, meaning: Meaning) -> None:
    """All that are out, those first whose maintenance comes first."""
    found = sorted(_leased(ctx), key=lambda contract: _next_on(contract) or date.max)
    if not found:
        ctx.say("没有登记租赁物。在租赁合同里补上租赁物编号即可，例如「宏达 租赁物编号 EX-05」。")
        return
    heads = ctx.uow.clients.heads({contract.client_id for contract in found})
    show_lines(ctx, "assets", f"租赁物 {len(found)} 件：", [
        {"client_id": contract.client_id, "name": heads[contract.client_id].name, "contract_id": contract.id,
         "line": " · ".join([heads[contract.client_id].name, _title(contract), *_fields(ctx, contract)])}
        for contract in found
    ])  # fmt: skip


@command("asset.update", group="贷后", help="改租赁物的状态或地点", example="租赁物 EX-03 状态 维修中")
def update(ctx: Context, meaning: Meaning) -> None:
    """Another state or place."""
    contract = _of_code(ctx, str(meaning.get("code") or ""))
    spec = ctx.uow.dictionary.field("contract", str(meaning.get("field")))
    value = ctx.uow.dictionary.normalise(spec, mask_free_text(str(meaning.get("value") or "")), ctx.today)
    ctx.uow.contracts.update(contract, **{spec.name: value})
    shown = ctx.uow.dictionary.show(spec, value, ctx.user.role)
    ctx.wrote(f"租赁物 {_title(contract)} 的{spec.label}已改为「{shown}」。", f"{_title(contract)} 的{spec.label}")


@command("asset.maintain", group="贷后", help="登记租赁物的维保", example="登记维保 EX-03 换液压泵 8000 下次9月")
def maintain(ctx: Context, meaning: Meaning) -> None:
    """Write down what was done and what it cost; the day of the next time makes a reminder."""
    contract = _of_code(ctx, str(meaning.get("code") or ""))
    done, cost = cut(mask_free_text(str(meaning.get("content") or "").strip()), LONGEST), meaning.get("amount")
    if not done:
        raise Invalid(f"请写上做了什么，例如「登记维保 {contract.value('asset_code')} 换液压泵 8000 下次9月」。")
    next_on, client = _day(ctx, meaning.get("due")), ctx.uow.clients.get(contract.client_id)
    told = done + (f"，费用 {money_text(Decimal(str(cost)))}" if cost is not None else "")
    ctx.uow.interactions.add(client, "system", f"{_head(contract)}{told}")
    lines = [f"已登记租赁物 {_title(contract)} 的维保：{told}。"]
    if next_on is not None:
        lines.append(_plan_next(ctx, contract, client, next_on))
    ctx.wrote("\n".join(lines), f"{_title(contract)} 的维保")


def _plan_next(ctx: Context, contract: Contract, client: Client, day: date) -> str:
    ctx.uow.contracts.update(contract, maintenance_on=day)
    for planned in ctx.uow.reminders.of_client(client.id):
        if planned.data.get(ASSET) == contract.id:
            ctx.uow.reminders.finish(planned, "done", result="已登记维保")
    ctx.uow.reminders.add(
        receiver_id=client.owner_id, remind_at=local_instant(day, time(), ctx.zone), due_on=day, category="maturity",
        timed=False, client=client, text=f"{client.name} 的租赁物 {_title(contract)} 该维保了",
        data={ASSET: contract.id},
    )
    return f"下次 {day}，当天提醒{'您' if client.owner_id == ctx.user.id else '客户经理'}。"


def _day(ctx: Context, said: object) -> date | None:
    """Raises Invalid for a day that is over, or that does not exist."""
    if not isinstance(said, When):
        return None
    if said.problem == "impossible" or said.last_date <= ctx.today:
        raise Invalid("下次维保要写今天以后的日子，例如「下次9月」「下次12月10日」。")
    return max(said.date, ctx.today)


# ---------------------------------------------------------------- finding one


def _leased(ctx: Context) -> list[Contract]:
    """The leases that run and say what is leased."""
    kind: ContractKind = ctx.packs.kind(KIND)
    found = ctx.uow.contracts.in_states((KIND,), kind.open_states, MOST)
    return [contract for contract in found if contract.value("asset_code")]


def _of_code(ctx: Context, code: str) -> Contract:
    """Raises NotFound, in the same words for a foreign one."""
    found = [contract for contract in _leased(ctx) if str(contract.value("asset_code")).upper() == code.upper()]
    if not found:
        raise NotFound(f"没有找到租赁物「{cut(code, 30)}」。发送「租赁物」查看名下的。")
    return found[0]


def _title(contract: Contract) -> str:
    """EX-03 液压升降货梯"""
    return " ".join(filter(None, (str(contract.value("asset_code")), str(contract.value("asset_name") or ""))))


def _fields(ctx: Context, contract: Contract) -> list[str]:
    specs = [ctx.uow.dictionary.field("contract", name) for name in _FIELDS]
    shown = ((spec, ctx.uow.dictionary.show(spec, contract.value(spec.name), ctx.user.role)) for spec in specs)
    return [f"{spec.label}：{value}" for spec, value in shown if value]


def _next_on(contract: Contract) -> date | None:
    said = contract.value("maintenance_on")
    return date.fromisoformat(str(said)) if said else None


def _head(contract: Contract) -> str:
    return f"维保 {contract.value('asset_code')}："


def _log(ctx: Context, contract: Contract, client: Client) -> list[str]:
    """The latest lines of the maintenance log."""
    head, names = _head(contract), ctx.uow.users.names()
    found = [each for each in ctx.uow.interactions.of_client(client.id, LOOKED_AT) if each.text.startswith(head)]
    return [
        f"· {ctx.local(each.happened_at):%Y-%m-%d} {each.text.removeprefix(head)}（{names[each.author_id]}）"
        for each in found[:SHOWN]
    ]
