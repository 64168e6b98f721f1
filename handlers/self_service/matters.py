"""What a person must deal with: complaints, surrender, prepayment. The bot takes it in, with the facts."""

from __future__ import annotations

from config.pack import WITHDRAW
from handlers.contracts.shelf import LOANS, answers_to
from handlers.language import Meaning
from handlers.self_service.contracts import contracts_of, named, policy_text
from handlers.self_service.tickets import COMPLAINT, DEMAND, open_matter, stands
from handlers.self_service.visit import Visit, answers
from storage.model.contracts import Contract
from storage.model.people import Client
from storage.model.values import money_text

MOST_FACTS = 3


@answers("self.complaint")
def complaint(visit: Visit, meaning: Meaning) -> None:
    """On record at once, so that nothing is sold to him meanwhile; the manager hears of it in any case."""
    visit.hand_over("complained", "客户在投诉，营销消息先不发。")
    open_matter(visit, COMPLAINT, visit.text)
    visit.write_to_manager(f"「{visit.name}」在微信客服投诉：{visit.shortly}")


@answers("self.complaint_withdraw")
def drop_complaint(visit: Visit, meaning: Meaning) -> None:
    """Nothing ends by it: whoever has the complaint makes sure, and brings it to its end. Who has proved who she is
    hears where none is open any more."""
    if visit.client is not None and COMPLAINT not in visit.uow.tickets.open_flows(visit.client.id):
        _tell_that_none_is_open(visit, visit.client)
        return
    visit.hand_over("complaint_dropped", "客户想撤回投诉。")
    if visit.known is None:
        return
    adviser, flows = visit.adviser, visit.uow.tickets.flows
    for ticket in visit.uow.tickets.of_client(visit.known.id, only_open=True):
        if ticket.flow != COMPLAINT:
            continue
        label = flows.of(ticket.flow, ticket.edition).move(WITHDRAW).label
        how = f"跟客户确认以后，由经办人发送「{ticket.name} {label}」"
        visit.note(f"没办结的投诉 {ticket.name}：{how}。")
        if ticket.handler_id and (adviser is None or ticket.handler_id != adviser.id):
            visit.write_to(ticket.handler_id, f"「{visit.name}」想撤回投诉 {ticket.name}：{visit.shortly}。{how}。")


def _tell_that_none_is_open(visit: Visit, client: Client) -> None:
    ended = [ticket for ticket in visit.uow.tickets.of_client(client.id) if ticket.flow == COMPLAINT]
    if not ended:
        visit.say("complaint_none")
        return
    last = max(ended, key=lambda ticket: ticket.number)
    visit.say("complaint_over", number=last.name, state=stands(visit, last))
    visit.note(f"客户想撤回投诉，{last.name} 已经结束，已这样答复。")


@answers("self.surrender")
def surrender(visit: Visit, meaning: Meaning) -> None:
    """Never decided here: a person talks it over, with the facts before him."""
    visit.hand_over("surrender", facts(visit, meaning, ("policy",)))
    open_matter(visit, DEMAND, f"退保意向：{visit.text}")


@answers("self.loan_prepay")
def prepay(visit: Visit, meaning: Meaning) -> None:
    visit.hand_over("prepay", facts(visit, meaning, LOANS))
    open_matter(visit, DEMAND, f"提前还款：{visit.text}")


def facts(visit: Visit, meaning: Meaning, kinds: tuple[str, ...]) -> str:
    """For the member: the contracts that it may be about."""
    lines = [
        policy_text(visit, c) if c.kind == "policy" else
        named(visit, c) + (f"，剩余本金 {money_text(c.balance)}" if c.balance is not None else "")
        for c in meant(visit, meaning, kinds)[:MOST_FACTS]
    ]
    return "\n".join(["可能说的是：", *(f"· {line}" for line in lines)]) if lines else ""


def meant(visit: Visit, meaning: Meaning, kinds: tuple[str, ...]) -> list[Contract]:
    """The contracts of whom he is known to be that the words may mean."""
    if visit.known is None:
        return []
    found, said = contracts_of(visit, visit.known, kinds), meaning.get("product")
    return [c for c in found if said and answers_to(visit.packs, c, str(said))] or found
