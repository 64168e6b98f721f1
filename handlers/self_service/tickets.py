"""What a customer wants becomes a ticket of his, once, and whoever has it hears; where no flow takes it, a task."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, cast

from config.pack import Flow
from handlers.language import Meaning
from handlers.self_service.visit import LINE, Visit, answers
from handlers.tickets.engine import open_ticket, running_one
from handlers.tickets.lacking import coming_papers, missing_papers
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.tickets import Ticket, number_of
from storage.model.values import mask_free_text

CLAIM, COMPLAINT, DEMAND, RIGHTS, SUGGESTION = "claim", "complaint", "demand", "rights", "suggestion"
MOST_SHOWN = 6
ONE_COMPLAINT = timedelta(hours=2)


def flow_of(visit: Visit, name: str) -> Flow | None:
    """The flow in which clients may open tickets themselves."""
    return next((f for f in visit.packs.flows if f.id == name and f.enabled and f.by_client), None)


def open_matter(visit: Visit, flow_name: str, content: str, *, contract_id: int | None = None, **said: Any) -> None:
    """A ticket of whom he is known to be, one for each matter of a message; its number is told to who has proved who
    he is alone, for nobody else is to learn whether he is a client."""
    if visit.known is None:
        return
    flow = flow_of(visit, flow_name)
    if flow is None:
        visit.give_task(f"{visit.name}：{content}")
        return
    if (running := running_one(visit.uow, flow, visit.known)) is not None:
        visit.note(f"{flow.label}工单 {running.name} 还没办结，没有再登记。发送「{running.name}」查看。")
        _say_number(visit, running)
        return
    if (begun := _just_complained_of(visit, flow)) is not None:
        _add_to(visit, begun, flow, content)
        return
    ticket = open_ticket(
        visit.uow, visit.zone, flow, visit.known, {"content": content, **said}, origin="client",
        contract_id=contract_id, origin_key=_key(visit, flow_name, content),
    )
    _tell_of(visit, ticket, flow)
    _say_number(visit, ticket)


def _just_complained_of(visit: Visit, flow: Flow) -> Ticket | None:
    """The complaint he made a while ago and goes on with: who is angry says it more than once."""
    if flow.id != COMPLAINT or visit.known is None:
        return None
    found = [
        ticket for ticket in visit.uow.tickets.of_client(visit.known.id, only_open=True)
        if ticket.flow == COMPLAINT and ticket.origin == "client" and visit.uow.now - ticket.created_at <= ONE_COMPLAINT
    ]
    return max(found, key=lambda ticket: ticket.number, default=None)


def _add_to(visit: Visit, ticket: Ticket, flow: Flow, content: str) -> None:
    words = mask_free_text(content)
    visit.uow.tickets.note(ticket, f"客户又说：{words}")
    visit.note(f"已补充到{flow.label}工单 {ticket.name}，没有再登记。发送「{ticket.name}」查看。")
    if ticket.handler_id and (visit.adviser is None or ticket.handler_id != visit.adviser.id):
        visit.write_to(ticket.handler_id, f"「{visit.name}」对{flow.label}工单 {ticket.name} 又说：{cut(words, LINE)}")
    _say_number(visit, ticket)


def _say_number(visit: Visit, ticket: Ticket) -> None:
    if visit.client is not None:
        visit.say("ticket", number=ticket.name)


def _key(visit: Visit, flow_name: str, content: str) -> str:
    """The same for the same matter whenever the message is read again."""
    return f"kf:{visit.heard.id}:{flow_name}:{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _tell_of(visit: Visit, ticket: Ticket, flow: Flow) -> None:
    """Whoever answers for the client, and whoever has the ticket, or all of its pool."""
    adviser, about = visit.adviser, cut(str(ticket.details.get("content") or ""), LINE)
    handler = visit.uow.users.find(ticket.handler_id) if ticket.handler_id else None
    whose = f"由 {handler.name} 经办" if handler else "等人接单"
    visit.note(f"已登记{flow.label}工单 {ticket.name}，{whose}。发送「{ticket.name}」查看。")
    hearers = [handler] if handler else [user for user in visit.uow.users.all() if flow.pool and user.role == flow.pool]
    for user in hearers:
        if adviser is None or user.id != adviser.id:
            visit.write_to(user.id, f"「{visit.name}」在微信客服的{flow.label}，工单 {ticket.name}：{about}。"
                                    f"发送「{ticket.name}」查看和处理。")


@answers("self.ticket", personal=True)
def how_far(visit: Visit, meaning: Meaning) -> None:
    """One of his own by its number, else all that run; of flows in which customers open tickets alone."""
    number = number_of(str(meaning.get("ticket_no") or ""))
    found = [
        ticket for ticket in visit.uow.tickets.of_client(cast(Client, visit.client).id)
        if _flow(visit, ticket).by_client and (ticket.number == number if number else ticket.is_open)
    ]
    if not found:
        visit.say("no_ticket")
        return
    lines = [f"· {ticket.name} {_flow(visit, ticket).label}：{stands(visit, ticket)}" for ticket in found[:MOST_SHOWN]]
    visit.tell("\n".join(["您的工单：", *lines]))


def stands(visit: Visit, ticket: Ticket) -> str:
    """收资料，还缺：病历，正在收取：身份证"""
    flow, parts = _flow(visit, ticket), list[str]()
    if ticket.is_open:
        found = {"还缺": missing_papers(visit.uow, ticket, flow), "正在收取": coming_papers(visit.uow, ticket, flow)}
        parts = [f"{word}：{'、'.join(labels)}" for word, labels in found.items() if labels]
    return "，".join([flow.state(ticket.state).label, *parts])


def _flow(visit: Visit, ticket: Ticket) -> Flow:
    return visit.uow.tickets.flows.of(ticket.flow, ticket.edition)
