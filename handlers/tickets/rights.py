"""Who is meant by the flows' words for people, and who may make which move."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from config.pack import Ceiling, Flow, Move, Who
from reminders.supervisors import is_above
from storage.database import UnitOfWork
from storage.model.people import User
from storage.model.tickets import Ticket

WHO_WORDS: dict[Who, str] = {
    "handler": "经办人", "opener": "登记人", "adviser": "客户的顾问", "manager": "顾问的上级",
    "superior": "经办人的上级", "claims": "理赔", "risk": "风控", "compliance": "合规", "ops": "运营",
    "clock": "系统（夜间自动）",
}  # fmt: skip


def is_meant(uow: UnitOfWork, ticket: Ticket, user: User, who: Who) -> bool:
    """Whether a member is one of those that the word stands for, of this ticket."""
    match who:
        case "handler":
            his_own = ticket.handler_id is not None and ticket.handler_id == ticket.owner_id
            return ticket.handler_id == user.id or (his_own and is_meant(uow, ticket, user, "adviser"))
        case "opener":
            return ticket.opened_by == user.id
        case "adviser":
            covers = user.covers_until is not None and user.covers_until > uow.now  # else there is nothing to ask
            return user.id == ticket.owner_id or (
                covers and user.id == uow.covers.stand_ins(uow.now).get(ticket.owner_id)
            )
        case "manager":
            return user.role == "manager" and is_above(user, uow.users.find(ticket.owner_id))
        case "superior":
            return bool(ticket.handler_id) and is_above(user, uow.users.find(str(ticket.handler_id)))
        case "clock":
            return False
        case role:
            return user.role == role


def works_on(uow: UnitOfWork, ticket: Ticket, user: User) -> bool:
    """Whether the ticket is a member's own business, and he was not merely asked to look at it."""
    own: tuple[Who, ...] = ("handler", "opener", "adviser", "manager", "superior", "compliance")
    return user.role == ticket.pool or any(is_meant(uow, ticket, user, who) for who in own)


def meant(uow: UnitOfWork, ticket: Ticket, who: Who) -> list[User]:
    """All active members that the word stands for; of those above somebody the nearest one."""
    if who in ("manager", "superior"):
        below = ticket.owner_id if who == "manager" else ticket.handler_id
        member = uow.users.find(below) if below else None
        while member is not None and member.manager_id:
            member = uow.users.find(member.manager_id)
            if member is not None and member.active and is_meant(uow, ticket, member, who):
                return [member]
        return []
    return [user for user in uow.users.all() if is_meant(uow, ticket, user, who)]


def why_not(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move, user: User) -> str:
    """Why a member may not make a move, in Chinese; "" when he may."""
    takes_part = any(is_meant(uow, ticket, user, who) for who in move.by)
    if not takes_part and not (user.role == "manager" and stand_in(uow, ticket, flow, move) == user):
        return f"「{move.label}」要由{'、'.join(WHO_WORDS[who] for who in move.by)}来做。"
    return _against(uow, ticket, flow, move, user)


def _against(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move, user: User) -> str:
    """What speaks against one of those whose move it is."""
    if move.four_eyes and user.id in (ticket.moved_by, ticket.opened_by):
        return f"「{move.label}」要由另一个人来做：您是登记人，或刚刚办了上一步。"
    if move.apart_from and user.id in uow.tickets.made_by(ticket, move.apart_from):
        before = "、".join(dict.fromkeys(flow.move(name).label for name in move.apart_from))
        return f"「{move.label}」要由另一个人来做：您办过这张工单的「{before}」。"
    ceiling = move.ceiling
    if ceiling is not None and _amount(ticket, ceiling) > ceiling.most:
        others = [other for other in flow.moves_from(ticket.state) if other.to == move.to and other is not move]
        whom = "、".join(dict.fromkeys(WHO_WORDS[who] for other in others for who in other.by)) or "更高的审批人"
        return f"{flow.ask(ceiling.field).label}超过 {ceiling.most:,.0f} 元，要由{whom}来批。"
    return ""


def may_anybody(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move) -> bool:
    """Whether any of those whose move it is, or another one to the same place, may make it."""
    return any(
        not _against(uow, ticket, flow, way, user)
        for way in flow.moves_from(ticket.state) if way.to == move.to for user in _may_be_meant(uow, ticket, way)
        if any(is_meant(uow, ticket, user, who) for who in way.by)
    )


def _may_be_meant(uow: UnitOfWork, ticket: Ticket, move: Move) -> Iterator[User]:
    """Those to be asked about, and not the whole firm: who has to do with the ticket, who stands above them, and the
    members of the roles that the move names."""
    own = [uow.users.find(user_id) for user_id in (ticket.owner_id, ticket.handler_id) if user_id]
    ids = {ticket.opened_by, uow.covers.stand_ins(uow.now).get(ticket.owner_id)}
    ids |= {part for user in own if user is not None for part in user.path.split("/")}
    found = (uow.users.find(user_id) for user_id in sorted(filter(None, ids)))
    yield from (user for user in found if user is not None and user.active)
    for who in move.by:
        match who:
            case "claims" | "risk" | "compliance" | "ops":
                yield from uow.users.all(who)


def stand_in(uow: UnitOfWork, ticket: Ticket, flow: Flow, move: Move) -> User | None:
    """The manager who takes the place of those above the adviser where a second person is needed and none of them may
    (a manager opened it himself): one of the adviser's line before others. Nobody chooses him. None where he is not
    needed, or there is none."""
    if not (move.four_eyes and "manager" in move.by) or may_anybody(uow, ticket, flow, move):
        return None
    owner = uow.users.find(ticket.owner_id)
    others = [user for user in uow.users.all("manager") if not _against(uow, ticket, flow, move, user)]
    return min(others, key=lambda user: (owner is None or user.line != owner.line, user.id), default=None)


def _amount(ticket: Ticket, ceiling: Ceiling) -> Decimal:
    """What the ceiling is held against; one that nobody said is over every ceiling."""
    said = ticket.details.get(ceiling.field)
    return Decimal(str(said)) if said not in (None, "") else Decimal("Infinity")


def open_to(uow: UnitOfWork, ticket: Ticket, flow: Flow, user: User) -> list[Move]:
    """The moves that a member may make now."""
    if not ticket.is_open:
        return []
    return [move for move in flow.moves_from(ticket.state) if not why_not(uow, ticket, flow, move, user)]
