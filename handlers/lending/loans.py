"""What the moves of a loan's ticket do besides: its annual cost is checked, and the money that leaves makes the
contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from handlers.tickets.engine import effect
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Invalid
from storage.model.plans import Due, Method, annual_cost, repayment_plan, total
from storage.model.tickets import Ticket
from storage.model.values import money_text, percent_text

LOAN: Method = "equal_instalment"


def plan_of(ticket: Ticket, uow: UnitOfWork, zone: ZoneInfo) -> tuple[Due, ...]:
    """The plan that the loan has if it is paid out today, by equal instalments where nothing else was decided."""
    said = ticket.details
    method = cast(Method, said.get("method") or LOAN)
    day = local_date(uow.now, zone)
    return repayment_plan(Decimal(said["amount"]), Decimal(said["rate"]), int(said["terms"]), day, method)


def cost_of(ticket: Ticket, uow: UnitOfWork, zone: ZoneInfo) -> Decimal:
    """Its annual cost in percent, fees included. Raises Invalid."""
    received = Decimal(ticket.details["amount"]) - Decimal(ticket.details.get("fee") or 0)
    return annual_cost(received, plan_of(ticket, uow, zone), local_date(uow.now, zone))


def cost_words(ticket: Ticket, uow: UnitOfWork, zone: ZoneInfo) -> str:
    """综合年化 12%，上限 24%"""
    cap = uow.packs.rate_cap(local_date(uow.now, zone))
    limit = f"，上限 {percent_text(cap.percent)}" if cap is not None else ""
    return f"综合年化（含费用）{percent_text(cost_of(ticket, uow, zone))}{limit}"


@effect("check_rate")
def check_rate(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Keep what the loan costs. Raises Invalid where that is more than is allowed today."""
    cap, cost = uow.packs.rate_cap(local_date(uow.now, zone)), cost_of(ticket, uow, zone)
    if cap is not None and cost > cap.percent:
        over = f"综合年化（含费用）{percent_text(cost)}，超过上限 {percent_text(cap.percent)}（规则：{cap.rule}）"
        raise Invalid(f"{over}，不能办理。请调低利率或费用后再办。")
    uow.tickets.note_details(ticket, {"cost": str(cost)})
    return f"{cost_words(ticket, uow, zone)}。"


@effect("pay_out")
def pay_out(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """The loan as a contract of the client's, with its instalments. Raises Invalid like `check_rate`."""
    check_rate(uow, zone, ticket)
    ticket = uow.tickets.get(ticket.id)
    plan = plan_of(ticket, uow, zone)
    number = f"LN{local_date(uow.now, zone).year}{ticket.number:04d}"
    with as_system(uow):
        client = uow.clients.get(ticket.client_id)
        values = _values(uow, zone, ticket, plan) | {"number": number}
        contract = uow.contracts.add(client, values, [("borrower", client.name, client.id)])
        uow.contracts.add_instalments(contract, [due.row() for due in plan])
    uow.tickets.note_details(ticket, {"contract_no": number}, contract_id=contract.id)
    return f"合同 {number}，{plan_words(plan)}。发送「还款计划 {ticket.name}」查看每一期。"


def _values(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket, plan: tuple[Due, ...]) -> dict[str, Any]:
    said, day, kind = ticket.details, local_date(uow.now, zone), uow.packs.kind("loan")
    name = str(said["product"])
    product = next((p for p in uow.packs.products if p.kind == "loan" and name in (p.name, *p.synonyms)), None)
    return {
        "kind": kind.name, "line": kind.line, "state": kind.initial, "product_name": product.name if product else name,
        "product_code": product.code if product else None, "amount": Decimal(said["amount"]),
        "balance": Decimal(said["amount"]), "rate_percent": Decimal(said["rate"]), "starts_on": day,
        "ends_on": plan[-1].due_on, "premium": plan[0].amount, "term_months": int(said["terms"]),
        "repay_mode": said["method"], "disbursed_on": day,
        **({"loan_purpose": said["purpose"]} if said.get("purpose") else {}),
    }


def plan_words(plan: tuple[Due, ...]) -> str:
    """还款计划共 12 期，首期 2025-07-09 还 17,769.76 元，末期 2026-06-09 还 17,769.72 元，本息合计 21.32 万元"""
    first, last = plan[0], plan[-1]
    each = f"首期 {first.due_on} 还 {money_text(first.amount)}，末期 {last.due_on} 还 {money_text(last.amount)}"
    return f"还款计划共 {len(plan)} 期，{each}，本息合计 {money_text(total(plan))}"
