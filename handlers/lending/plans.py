"""The repayment plan of a loan's ticket: 还款计划 T12."""

from __future__ import annotations

from handlers.context import Context
from handlers.contracts.planning import show_plan
from handlers.language import Meaning
from handlers.lending.intake import FLOW
from handlers.lending.loans import cost_words, plan_of
from handlers.paging import show_lines
from handlers.router import EVERYBODY, command
from handlers.tickets.showing import named
from storage.acting import as_system
from storage.model.errors import Invalid
from storage.model.plans import Due, total
from storage.model.tickets import Ticket
from storage.model.values import money_text


@command("loan.plan", group="贷款", help="看一笔进件的还款计划", example="还款计划 T12", roles=EVERYBODY)
def plan(ctx: Context, meaning: Meaning) -> None:
    """What is paid when: of the contract where the loan was paid out, else as it would be if it were today."""
    ticket = named(ctx, meaning)
    if ticket.flow != FLOW:
        raise Invalid(f"工单 {ticket.name} 不是进件，没有还款计划。")
    if ticket.contract_id is None:
        _trial(ctx, ticket)
        return
    with as_system(ctx.uow):
        contract = ctx.uow.contracts.get(ticket.contract_id)
        show_plan(ctx, ctx.uow.clients.get(ticket.client_id), contract)
    ctx.uow.audit.read("client", ticket.client_id, client_id=ticket.client_id, section="plan")


def _trial(ctx: Context, ticket: Ticket) -> None:
    plan = plan_of(ticket, ctx.uow, ctx.zone)
    method = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition).ask("method")
    decided = next((c.label for c in method.choices if c.value == ticket.details.get("method")), "")
    how = decided or f"{method.choices[0].label}，还款方式未定"
    head = (
        f"{ticket.name} {ticket.client_name}：试算（按今天放款，{how}）\n"
        f"{cost_words(ticket, ctx.uow, ctx.zone)}；共 {len(plan)} 期，合计 {money_text(total(plan))}"
    )
    show_lines(ctx, "plan", head, [{"line": line_of(due), "name": ""} for due in plan])


def line_of(due: Due) -> str:
    """第 1 期 2025-07-09 17,769.76 元（本金 15,769.76 元，利息 2,000 元）"""
    parts = (("本金", due.principal), ("利息", due.interest))
    told = "，".join(f"{label} {money_text(value)}" for label, value in parts if value is not None)
    return f"第 {due.number} 期 {due.due_on} {money_text(due.amount)}（{told}）"
