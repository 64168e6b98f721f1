"""What a flow does with a ticket: opening it, bringing it on, ending it, with all that follows in the same act.

Whoever acts may have no client before him at all (claims, risk); what the flow itself does to the client's record is
done by the system and stands so in the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.pack import WITHDRAW, Assignment, Effect, Flow, Move
from handlers.tickets.lacking import check_papers
from handlers.tickets.rights import is_meant, open_to, why_not
from handlers.tickets.standing_in import call_stand_in
from reminders.calendar import local_instant, next_workday
from reminders.ticket_limits import met_by, started
from reminders.working_hours import WorkingHours
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Conflict, Invalid, NotAllowed
from storage.model.messages import cut
from storage.model.people import Client, User
from storage.model.tickets import Origin, Ticket
from storage.repositories.ticket_papers import TicketPaperRepository

COMPLAINT, CLAIM = "complaint", "claim"
ACCEPT = "accept"
SENT_TWICE = timedelta(minutes=5)


# ---------------------------------------------------------------- opening


def open_ticket(
    uow: UnitOfWork, zone: ZoneInfo, flow: Flow, client: Client, details: Mapping[str, Any], *,
    origin: Origin = "member", contract_id: int | None = None, origin_key: str | None = None,
    assign: Sequence[Assignment] = (),
) -> Ticket:
    """A ticket of the client, with whom it goes to (by `assign`, else as the flow says) and its time limits. With an
    `origin_key` never a second one."""
    if origin_key is not None and (before := uow.tickets.opened_from(origin_key)) is not None:
        return before
    ticket = uow.tickets.open(
        flow, client, details, origin=origin, contract_id=contract_id, origin_key=origin_key,
        handler_id=handler.id if (handler := assigned(uow, flow, client, assign)) else None,
    )
    uow.ticket_limits.start(ticket, started(flow, ticket, WorkingHours.of(uow.packs, zone), uow.now))
    said = str(details.get("content") or "")
    if flow.id == COMPLAINT:
        uow.interactions.add(client, COMPLAINT, said or f"工单 {ticket.name}")
    else:
        _on_the_time_line(uow, client, f"工单 {ticket.name} {flow.label}：{cut(said, 200) or '已登记'}")
    _mark(uow, flow, client.id)
    _take_what_is_there(uow, zone, flow, ticket)
    if flow.effect is None:
        return ticket
    EFFECTS[flow.effect](uow, zone, ticket)
    return uow.tickets.get(ticket.id)


def running_one(uow: UnitOfWork, flow: Flow, client: Client) -> Ticket | None:
    """The open ticket of the client beside which no second one of its flow is opened."""
    if not flow.once:
        return None
    with as_system(uow):
        return next((each for each in uow.tickets.of_client(client.id, only_open=True) if each.flow == flow.id), None)


def said_just_now(uow: UnitOfWork, flow: Flow, client: Client, details: Mapping[str, Any]) -> Ticket | None:
    """The open ticket that the same person opened of the client in the same words a moment ago: sent twice."""
    with as_system(uow):
        running = uow.tickets.of_client(client.id, only_open=True)
    return next((
        each for each in running
        if each.flow == flow.id and each.opened_by == uow.actor.user_id and uow.now - each.created_at < SENT_TWICE
        and all(each.details.get(name) == details.get(name) for name in flow.opens_with)
    ), None)


def _take_what_is_there(uow: UnitOfWork, zone: ZoneInfo, flow: Flow, ticket: Ticket) -> None:
    """Tick the papers of which the client's record has one that is still good."""
    kept = [paper for paper in flow.papers if paper.good_until or paper.keeps_days]
    if not kept:
        return
    with as_system(uow):
        client, today, papers = uow.clients.get(ticket.client_id), local_date(uow.now, zone), TicketPaperRepository(uow)
        for paper in kept:
            until = client.value(paper.good_until) if paper.good_until else None
            on_record = until is not None and date.fromisoformat(str(until)) >= today
            before = papers.came_in(client, paper.name, days=paper.keeps_days) if paper.keeps_days else None
            if on_record or before is not None:
                papers.add(ticket, paper.name, since=before)


def assigned(uow: UnitOfWork, flow: Flow, client: Client, rules: Sequence[Assignment] = ()) -> User | None:
    """Who gets it: the first assignment that fits and has somebody; never the client's adviser where the flow is silent
    about him, nor who opens it where the next step needs another."""
    others = all(move.four_eyes or move.name == WITHDRAW for move in flow.moves_from(flow.first.name))
    for rule in (*rules, *flow.assign):
        if rule.tiers and not {client.bank_tier, client.insurance_tier} & set(rule.tiers):
            continue
        found = [
            user for user in _candidates(uow, rule, client)
            if user.active and not (flow.silent and user.id == client.owner_id)
            and not (others and user.id == uow.actor.user_id)
        ]
        if found:
            load = uow.tickets.load([user.id for user in found])
            return min(found, key=lambda user: (load[user.id], user.id))
    return None


def _candidates(uow: UnitOfWork, rule: Assignment, client: Client) -> list[User]:
    owner = uow.users.find(client.owner_id)
    if rule.to in ("adviser", "opener", "handler"):
        return [owner] if owner is not None else []
    if rule.to in ("manager", "superior"):
        manager = uow.users.find(owner.manager_id) if owner is not None and owner.manager_id else None
        return [manager] if manager is not None else []
    there = [user for user in uow.users.all() if user.role == rule.to]
    if rule.same_line and owner is not None:
        there = [user for user in there if user.line == owner.line]
    return there


# ---------------------------------------------------------------- going on


def legal(uow: UnitOfWork, ticket: Ticket, flow: Flow, names: list[str], user: User) -> Move:
    """The move of one of these names that a member may make now. Raises Conflict where the ticket is not at a place
    where any of them leads on, NotAllowed where it is somebody else's."""
    there = [move for move in flow.moves_from(ticket.state) if move.name in names]
    if not ticket.is_open or not there:
        label = flow.move(names[0]).label
        may = "、".join(dict.fromkeys(move.label for move in open_to(uow, ticket, flow, user)))
        ways = f"您现在可以：{may}。" if may else ""
        raise Conflict(f"工单 {ticket.name} 现在是「{flow.state(ticket.state).label}」，不能「{label}」。{ways}")
    refusals = {move.name: why_not(uow, ticket, flow, move, user) for move in there}
    for move in there:
        if not refusals[move.name]:
            return move
    uow.audit.record("refuse", "ticket", ticket.id, client_id=ticket.client_id, outcome="denied", move=there[0].name)
    raise NotAllowed(max(refusals.values(), key=len))


def unanswered(ticket: Ticket, move: Move, said: Mapping[str, Any]) -> list[str]:
    """What the move needs and nobody has said, in order."""
    known = said if move.anew else {**ticket.details, **said}
    return [name for name in move.asks if known.get(name) in (None, "")]


def advance(
    uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket, flow: Flow, move: Move, user: User, said: Mapping[str, Any],
    words: str = "",
) -> tuple[Ticket, str]:
    """Make a move that is legal, with what was said for it, and all that follows; the ticket as it is then, and what
    its effect tells. Raises Invalid where something is missing."""
    check_papers(uow, ticket, flow, move)
    if unanswered(ticket, move, said):
        raise Invalid(f"「{move.label}」还缺内容：{flow.ask(unanswered(ticket, move, said)[0]).label}。")
    nobodys = ticket.handler_id is None and ticket.state == flow.first.name
    takes_it = move.name == ACCEPT and not is_meant(uow, ticket, user, "handler")
    taken_by = user.id if nobodys or takes_it else None
    moved = uow.tickets.move(ticket, flow, move, said=said, words=words, handler_id=taken_by)
    uow.ticket_limits.stop(moved, met_by(flow, move.name))
    told = ""
    if move.effect is not None:
        told, moved = EFFECTS[move.effect](uow, zone, moved), uow.tickets.get(moved.id)
    if not moved.is_open:
        _ended(uow, zone, moved, flow, move)
    return moved, told + call_stand_in(uow, moved, flow)


def _ended(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket, flow: Flow, move: Move) -> None:
    uow.ticket_limits.stop(ticket, {limit.name for limit in flow.limits})
    with as_system(uow):
        client = uow.clients.get(ticket.client_id)
    state = flow.state(ticket.state).label
    result = str(ticket.details.get("result") or ticket.details.get("answer") or "")
    told = f"：{cut(result, 200)}" if result else ""
    _on_the_time_line(uow, client, f"工单 {ticket.name} {flow.label} {state}{told}")
    _mark(uow, flow, ticket.client_id)
    if flow.afterwards and move.name != WITHDRAW:
        _care_afterwards(uow, zone, flow, client, ticket)


def _care_afterwards(uow: UnitOfWork, zone: ZoneInfo, flow: Flow, client: Client, ticket: Ticket) -> None:
    """What the adviser does when it is over, on the next working day."""
    day = next_workday(local_date(uow.now, zone))
    uow.reminders.add(
        receiver_id=client.owner_id, remind_at=local_instant(day, time(), zone), due_on=day, category="follow_up",
        timed=False, client=client, text=f"{client.name}：{flow.afterwards}（{ticket.name}）",
    )


def _mark(uow: UnitOfWork, flow: Flow, client_id: int) -> None:
    """The client's field says whether a ticket of such a flow is open."""
    if flow.mark is None or f"client.{flow.mark}" not in uow.packs.paths:
        return
    marked = {other.id for other in uow.packs.flows if other.mark == flow.mark} | {flow.id}
    is_open = bool(marked & uow.tickets.open_flows(client_id))
    with as_system(uow):
        client = uow.clients.get(client_id)
        if bool(client.value(flow.mark)) != is_open:
            uow.clients.update(client, **{flow.mark: is_open})


def refuse_to_unmark(uow: UnitOfWork, client: Client, values: Mapping[str, Any]) -> None:
    """Raises NotAllowed where a field would say by hand that nothing is open while a ticket is."""
    running = uow.tickets.open_flows(client.id)
    for flow in uow.packs.flows:
        if flow.mark is not None and flow.id in running and values.get(flow.mark, True) in (False, None):
            label = uow.packs.field("client", flow.mark).label
            raise NotAllowed(f"「{label}」跟着工单走：还有没办结的{flow.label}，办结后自动改，不能手工改。")


def _on_the_time_line(uow: UnitOfWork, client: Client, words: str) -> None:
    with as_system(uow):
        uow.interactions.add(client, "system", words)


# ---------------------------------------------------------------- what moves do besides


# What a move does with the ticket as it is after it; what is to be told of that, or "". Raises UserError where it may
# not be made.
Work = Callable[[UnitOfWork, ZoneInfo, Ticket], str]
EFFECTS: dict[Effect, Work] = {}


def effect(name: Effect) -> Callable[[Work], Work]:
    """Register what a move of this `effect` does besides."""
    def register(work: Work) -> Work:
        EFFECTS[name] = work
        return work
    return register


@effect("change_field")
def _change_field(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Put the new value into the client's record. Raises Conflict where the old one is no longer what was to be
    replaced, Invalid where the new one no longer passes its check."""
    name, old, value = str(ticket.details["field"]), ticket.details.get("old"), ticket.details["new"]
    with as_system(uow):
        client = uow.clients.get(ticket.client_id)
        spec = uow.dictionary.field("client", name)
        if str(client.value(name) or "") != str(old or ""):
            raise Conflict(f"{spec.label}在提交以后改过，和工单里的原值不一样了。请驳回，核对后重新提交。")
        uow.clients.update(client, **{name: uow.dictionary.normalise(spec, value, local_date(uow.now, zone))})
    return ""
