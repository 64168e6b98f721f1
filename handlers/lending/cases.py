"""Collection cases: opened by hand (催收 LN20250012) or by `watch`, one for a contract at a time, listed (催收清单)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from config.pack import Assignment, Bucket, Flow, Role
from handlers.context import Context
from handlers.contracts.describing import named as contract_named
from handlers.contracts.picking import matching, pick
from handlers.contracts.shelf import LOANS
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import EVERYBODY, command, confirmed
from handlers.tickets.engine import open_ticket
from handlers.tickets.opening import told_opened
from handlers.tickets.showing import LIST, list_line, show_ticket
from handlers.tickets.showing import named as ticket_named
from handlers.whose import number_mark, resolve
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.contracts import Contract, Instalment
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.model.values import money_text

FLOW = "collection"
COLLECTORS: tuple[Role, ...] = ("adviser", "manager", "risk")
MOST = 100
_OPEN = "collection.open"
_NONE = "没有找到这笔贷款的催收单，或它不归您看。要建一张，发送「催收 合同号」；发送「催收清单」查看。"


def flow_of(uow: UnitOfWork) -> Flow:
    """Raises Invalid where no pack has it."""
    flow = uow.packs.find_flow(FLOW)
    if flow is None:
        raise Invalid("这里没有启用催收，请联系运营。")
    return flow


# ---------------------------------------------------------------- what is owed


def late_parts(parts: Sequence[Instalment], today: date) -> list[Instalment]:
    return [part for part in parts if part.is_overdue(today)]


def debt_words(label: str, late: Sequence[Instalment], today: date) -> str:
    """禾光小微经营贷（尾号 4176） 逾期 2 期共 35,539.52 元，最早一期已逾期 34 天"""
    days, owed = (today - late[0].due_on).days, sum((part.amount for part in late), Decimal(0))
    return f"{label} 逾期 {len(late)} 期共 {money_text(owed)}，最早一期已逾期 {days} 天"


def bucket_of(uow: UnitOfWork, oldest: date, today: date) -> Bucket | None:
    return uow.packs.bucket((today - oldest).days)


def assignments(bucket: Bucket | None) -> tuple[Assignment, ...]:
    """Who works on debts of a bucket."""
    return (Assignment(to=bucket.to, same_line=True), Assignment(to=bucket.to)) if bucket is not None else ()


def details_of(uow: UnitOfWork, label: str, late: Sequence[Instalment], today: date) -> dict[str, Any]:
    bucket = bucket_of(uow, late[0].due_on, today)
    return {"content": debt_words(label, late, today), **({"bucket": bucket.label} if bucket is not None else {})}


# ---------------------------------------------------------------- opened by hand


@command("collection.open", group="贷后", help="给逾期的贷款建催收单", example="催收 陈记餐饮", roles=COLLECTORS)
def open_case(ctx: Context, meaning: Meaning) -> None:
    """Of the loan of a number, or of a client's that is late; the one that runs is shown instead of a second one."""
    number = meaning.get("policy_no")
    if number:
        found = ctx.uow.contracts.with_number(str(number))
        if not found:
            raise NotFound(_NONE)
        _open(ctx, found[0])
        return
    client = resolve(ctx, meaning)
    if client is None:
        return
    found = matching(ctx, client, meaning, LOANS)
    parts = late_parts(ctx.uow.contracts.instalments([c.id for c in found]), ctx.today)
    late = [contract for contract in found if contract.id in {part.contract_id for part in parts}]
    if not late:
        ctx.say(f"「{client.name}」没有逾期的贷款或租金，不用催收。")
        return
    contract = pick(ctx, client, late, _OPEN)
    if contract is not None:
        _open(ctx, contract)


@confirmed(_OPEN, roles=COLLECTORS)
def open_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The contract was chosen."""
    _open(ctx, ctx.uow.contracts.get(data["chosen"]))


def _open(ctx: Context, contract: Contract) -> None:
    flow = flow_of(ctx.uow)
    if (running := ctx.uow.tickets.of_contract(contract, FLOW)) is not None:
        ctx.say(f"这笔贷款已经在催收，工单 {running.name}。")
        show_ticket(ctx, ctx.uow.tickets.get(running.id))
        return
    label, late = contract_named(ctx, contract), late_parts(ctx.uow.contracts.instalments([contract.id]), ctx.today)
    if not late:
        ctx.say(f"{label}没有逾期，不用催收。")
        return
    if ctx.user.role not in flow.opened_by:
        raise NotAllowed("您的角色不能建催收单。")
    client, details = ctx.uow.clients.get(contract.client_id), details_of(ctx.uow, label, late, ctx.today)
    bucket = bucket_of(ctx.uow, late[0].due_on, ctx.today)
    ticket = open_ticket(
        ctx.uow, ctx.zone, flow, client, details, contract_id=contract.id, assign=assignments(bucket)
    )
    ctx.say(f"{details['content']}。")
    told_opened(ctx, flow, ticket)


# ---------------------------------------------------------------- finding one


def case_of(ctx: Context, meaning: Meaning, then: str, **kept: Any) -> Ticket | None:
    """The open case that a sentence speaks of, by its own number, the loan's or the client; None after having asked
    which one: the answer goes to `@confirmed(then)` as `chosen`, with what was kept.

    Raises NotFound, in the same words for one that is foreign and for none."""
    if meaning.get("ticket_no") or meaning.get("index"):
        ticket = ticket_named(ctx, meaning)
        if ticket.flow != FLOW:
            raise Invalid(f"工单 {ticket.name} 不是催收单。发送「催收清单」查看。")
        return ticket
    if number := meaning.get("policy_no"):
        return _of_number(ctx, str(number))
    client = resolve(ctx, meaning)
    if client is None:
        return None
    found = [ticket for ticket in ctx.uow.tickets.of_client(client.id, only_open=True) if ticket.flow == FLOW]
    if not found:
        raise NotFound(f"「{client.name}」没有催收单。要建一张，发送「催收 {client.name}」。")
    if len(found) == 1:
        return found[0]
    _ask_which(ctx, client, found, then, **kept)
    return None


def _ask_which(ctx: Context, client: Client, found: Sequence[Ticket], then: str, **kept: Any) -> None:
    labels = [f"{ticket.name} {ticket.details['content']}" for ticket in found]
    ctx.conversation.ask(
        "choice", "collection", options=[ticket.id for ticket in found], labels=labels, then=then, **kept
    )
    lines = [f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1)]
    ctx.say("\n".join([f"「{client.name}」有 {len(found)} 张催收单，回复序号选择：", *lines]))


def _of_number(ctx: Context, number: str) -> Ticket:
    """Whoever works on a case may have no contract before him."""
    with as_system(ctx.uow):
        found = ctx.uow.contracts.with_number(number)
        case = next((case for c in found if (case := ctx.uow.tickets.of_contract(c, FLOW)) is not None), None)
    if case is None:
        raise NotFound(_NONE)
    try:
        return ctx.uow.tickets.get(case.id)
    except NotFound as error:
        raise NotFound(_NONE) from error


@command("collection.list", group="贷后", help="看催收清单", example="催收清单", roles=EVERYBODY)
def list_cases(ctx: Context, meaning: Meaning) -> None:
    """The open ones that the member sees, with their buckets."""
    found = ctx.uow.tickets.running(MOST, FLOW)
    if not found:
        ctx.say("没有正在催收的贷款。")
        return
    names = ctx.uow.users.names()
    show_lines(ctx, LIST, f"催收中 {len(found)} 笔，回复序号查看。", [
        {"ticket": ticket.number, "client_id": ticket.client_id, "name": ticket.client_name,
         "line": "，".join(filter(None, (list_line(ctx, ticket, (), names), str(ticket.details.get("bucket") or ""))))}
        for ticket in found
    ])  # fmt: skip
