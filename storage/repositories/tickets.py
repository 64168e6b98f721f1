"""Tickets, their steps, and who works on them.

A member sees the tickets of clients in his scope, those that he has or was asked to look at, and those of the pool of
his role. A ticket that is none of these and one that does not exist cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from config.pack import ANSWER, POOLS, Flow, Move
from storage.model.contracts import Contract
from storage.model.errors import Conflict, NotFound
from storage.model.ids import new_id
from storage.model.people import Client, User
from storage.model.tickets import Origin, StepKind, Ticket, TicketStep
from storage.repositories.base import Repository
from storage.repositories.flow_editions import FlowEditions
from storage.scope import covered, covers_somebody
from storage.tables import clients, counters, ticket_limits, ticket_members, ticket_steps, tickets

_DETAILS, _WORDS = "tickets.details", "ticket_steps.words"
_COLUMNS = [tickets.c[name] for name in Ticket.__slots__ if name != "client_name"]


class TicketRepository(Repository):
    @cached_property
    def flows(self) -> FlowEditions:
        """The flows that tickets go by."""
        return FlowEditions(self.uow)

    # ------------------------------------------------------------ opening

    def open(
        self, flow: Flow, client: Client, details: Mapping[str, Any], *, origin: Origin = "member",
        handler_id: str | None = None, contract_id: int | None = None, origin_key: str | None = None,
    ) -> Ticket:
        """A new one in the first state of its flow, as the actor. With an `origin_key` a second one is never opened:
        the first is given again."""
        if origin_key is not None and (before := self.opened_from(origin_key)) is not None:
            return before
        row_id, by, now = new_id(), self.uow.actor.user_id, self.uow.now
        self.uow.insert(tickets, {
            "id": row_id, "number": self._next_number(), "flow": flow.id, "edition": self.flows.keep(flow),
            "client_id": client.id, "owner_id": client.owner_id, "contract_id": contract_id,
            "state": flow.first.name, "pool": flow.pool or "", "handler_id": handler_id, "opened_by": by,
            "origin": origin, "origin_key": origin_key, "moved_by": by,
            "details": self.uow.seal(_DETAILS, row_id, dict(details)), "cause": flow.cause_in(details),
            "version": 1, "created_at": now, "created_by": by, "updated_at": now, "updated_by": by,
        })  # fmt: skip
        made = self._one(tickets.c.id == row_id)
        self._step(made, "opened", to_id=handler_id)
        self.uow.audit.record("create", "ticket", row_id, client_id=client.id, flow=flow.id, number=made.number)
        return made

    def _next_number(self) -> int:
        """The next number that people will say; whoever asks at the same time waits for this one to commit."""
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        first = make(counters).values(name="ticket", value=1)
        later = first.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        return int(self.uow.conn.execute(later.returning(counters.c.value)).scalar_one())

    def opened_from(self, origin_key: str) -> Ticket | None:
        """The one that was opened under this key before."""
        found = self._read(self._query(tickets.c.origin_key == origin_key))
        return found[0] if found else None

    # ------------------------------------------------------------ reading

    def find(self, number: int) -> Ticket:
        """The one of this number. Raises NotFound, in the same words for a foreign one."""
        found = self._read(self._query(tickets.c.number == number, self._seen()))
        if not found:
            raise NotFound(f"没有找到工单 T{number}，或它不归您看。发送「我的工单」查看。")
        self.uow.audit.read("ticket", found[0].id, client_id=found[0].client_id, section="ticket")
        return found[0]

    def get(self, ticket_id: int) -> Ticket:
        """The one of this id. Raises NotFound."""
        found = self._read(self._query(tickets.c.id == ticket_id, self._seen()))
        if not found:
            raise NotFound("没有找到这张工单，或它不归您看。发送「我的工单」查看。")
        return found[0]

    def in_hand(self, limit: int) -> list[Ticket]:
        """The open ones that the actor has, opened, was asked to look at, that wait for his role, or that lie with an
        adviser whom he covers; oldest first."""
        waiting = and_(tickets.c.pool == self.uow.actor.role, tickets.c.pool != "", tickets.c.handler_id.is_(None))
        opened = tickets.c.opened_by == self.uow.actor.user_id
        mine = or_(self._has(), opened, waiting, *self._covered())
        return self._listed(mine, self._seen(), tickets.c.ended_at.is_(None), limit=limit)

    def near(self, limit: int) -> list[Ticket]:
        """The open ones that the actor has, opened, or that are about his own clients or those of whom he covers,
        whoever opened them; oldest first."""
        me = self.uow.actor.user_id
        his = [tickets.c.opened_by == me, tickets.c.owner_id == me]
        his += [tickets.c.owner_id.in_(covered())] if covers_somebody(self.uow.scope) else []
        return self._listed(or_(self._has(), *his), self._seen(), tickets.c.ended_at.is_(None), limit=limit)

    def running(self, limit: int, flow: str | None = None) -> list[Ticket]:
        """All open ones that the actor sees, oldest first; of one flow if given."""
        of_flow = [tickets.c.flow == flow] if flow else []
        return self._listed(self._seen(), tickets.c.ended_at.is_(None), *of_flow, limit=limit)

    def opened_between(self, flow: str, start: datetime, end: datetime, limit: int) -> list[Ticket]:
        """Those of a flow that were opened in [start, end) about the actor's own clients, oldest first."""
        c = tickets.c
        return self._listed(
            c.flow == flow, c.created_at >= start, c.created_at < end, self.own(tickets), limit=limit
        )

    def over_time(self, limit: int) -> list[Ticket]:
        """The open ones that the actor sees of which something takes longer than was promised, oldest first."""
        c = ticket_limits.c
        late = select(c.ticket_id).where(c.stopped_at.is_(None), c.limit_at < self.uow.now)
        return self._listed(self._seen(), tickets.c.ended_at.is_(None), tickets.c.id.in_(late), limit=limit)

    def standing_at(self, is_meant: Callable[[Flow, str], bool], limit: int) -> list[Ticket]:
        """The open ones that the actor sees in states of their flows that are meant, oldest first."""
        c, is_open = tickets.c, (self._seen(), tickets.c.ended_at.is_(None))
        places = self.uow.execute(select(c.flow, c.edition, c.state).where(*is_open).distinct())
        there = [
            and_(c.flow == place.flow, c.edition == place.edition, c.state == place.state)
            for place in places if is_meant(self.flows.of(place.flow, place.edition), place.state)
        ]
        return self._listed(*is_open, or_(*there), limit=limit) if there else []

    def of_client(self, client_id: int, *, only_open: bool = False) -> list[Ticket]:
        """Those of a client that the actor sees, open ones first, then the latest first."""
        which = [tickets.c.client_id == client_id, self._seen()]
        which += [tickets.c.ended_at.is_(None)] if only_open else []
        found = self._read(self._query(*which))
        return sorted(found, key=lambda ticket: (not ticket.is_open, -ticket.number))

    def open_flows(self, client_id: int) -> set[str]:
        """Of which flows a client has open tickets, whoever sees them."""
        query = select(tickets.c.flow).where(tickets.c.client_id == client_id, tickets.c.ended_at.is_(None))
        return set(self.uow.conn.execute(query.distinct()).scalars())

    def steps(self, ticket: Ticket) -> list[TicketStep]:
        """What was done with it, in order."""
        c = ticket_steps.c
        query = select(*(c[name] for name in TicketStep.__slots__)).where(c.ticket_id == ticket.id).order_by(c.id)
        return [
            TicketStep(**row._asdict() | {"words": self.uow.unseal(_WORDS, row.id, row.words) or ""})
            for row in self.uow.conn.execute(query)
        ]

    def made_by(self, ticket: Ticket, moves: Collection[str]) -> set[str]:
        """Who made any of these moves of it, however long ago."""
        c = ticket_steps.c
        query = select(c.member_id).where(c.ticket_id == ticket.id, c.kind == "moved", c.move.in_(list(moves)))
        return set(self.uow.conn.execute(query).scalars())

    def members(self, ticket: Ticket) -> list[str]:
        """Who was asked to look at it."""
        c = ticket_members.c
        query = select(c.user_id).where(c.ticket_id == ticket.id).order_by(c.added_at, c.user_id)
        return list(self.uow.conn.execute(query).scalars())

    def load(self, user_ids: Collection[str]) -> dict[str, int]:
        """How many open tickets each of these members has."""
        query = (
            select(tickets.c.handler_id, func.count())
            .where(tickets.c.handler_id.in_(list(user_ids)), tickets.c.ended_at.is_(None))
            .group_by(tickets.c.handler_id)
        )
        found: Any = self.uow.conn.execute(query)
        return dict.fromkeys(user_ids, 0) | dict(tuple(row) for row in found)

    # ------------------------------------------------------------ going on

    def move(
        self, ticket: Ticket, flow: Flow, move: Move, *, said: Mapping[str, Any] | None = None, words: str = "",
        handler_id: str | None = None,
    ) -> Ticket:
        """Bring it where the move leads, with what was said for it. Raises Conflict when somebody was quicker."""
        details = {**ticket.details, **(said or {})}
        now, by = self.uow.now, self.uow.actor.user_id
        values: dict[str, Any] = {
            "state": move.to, "details": self.uow.seal(_DETAILS, ticket.id, details), "cause": flow.cause_in(details),
            "moved_by": by, "handler_id": handler_id or ticket.handler_id,
            "ended_at": now if flow.state(move.to).ends else None,
        }
        if move.name == ANSWER and ticket.answered_at is None:
            values["answered_at"] = now
        moved = self._change(ticket, values)
        self._step(moved, "moved", move=move.name, words=words)
        if moved.state != ticket.state:
            is_told = bool(flow.state(moved.state).tell_client) or flow.is_marked(moved.state, moved.origin)
            self.uow.ticket_news.entered(moved, is_told=is_told)
        self.uow.audit.record(
            "move", "ticket", ticket.id, client_id=ticket.client_id, move=move.name, before=ticket.state, after=move.to,
            said=sorted(said or ()),
        )
        return moved

    def answered(self, ticket: Ticket, by: User | None) -> None:
        """Somebody answered the client beside the ticket: the first answer counts, and the ticket stays where it is."""
        noted = self._change(ticket, {"answered_at": self.uow.now})
        who = by.name if by is not None else "客服人员"
        self._step(noted, "noted", words=f"{who} 在微信客服答复了客户")
        self.uow.audit.record("answer", "ticket", ticket.id, client_id=ticket.client_id)

    def give(self, ticket: Ticket, to: User, words: str = "") -> Ticket:
        """Let another member have it. Raises Conflict when somebody was quicker."""
        given = self._change(ticket, {"handler_id": to.id})
        self._step(given, "given", to_id=to.id, words=words)
        self.uow.audit.record("assign", "ticket", ticket.id, client_id=ticket.client_id, to=to.id)
        return given

    def note_details(self, ticket: Ticket, details: Mapping[str, Any], *, contract_id: int | None = None) -> Ticket:
        """Keep more of what is known, and the contract it is about. Raises Conflict when somebody was quicker."""
        known = {**ticket.details, **details}
        cause = self.flows.of(ticket.flow, ticket.edition).cause_in(known)
        values = {"details": self.uow.seal(_DETAILS, ticket.id, known), "cause": cause}
        about = {"contract_id": contract_id} if contract_id is not None else {}
        noted = self._change(ticket, {**values, **about})
        self.uow.audit.record("detail", "ticket", ticket.id, client_id=ticket.client_id, said=sorted(details))
        return noted

    def of_contract(self, contract: Contract, flow: str) -> Ticket | None:
        """The open one of a flow about a contract, whoever sees it."""
        c = tickets.c
        of_it = c.client_id == contract.client_id, c.contract_id == contract.id, c.flow == flow
        found = self._read(self._query(*of_it, c.ended_at.is_(None)))
        return found[0] if found else None

    def hand_over(self, client: Client, to: str) -> None:
        """The open ones of a client that lie with his adviser go on with the next one."""
        c = tickets.c
        with_him = select(c.id).where(c.client_id == client.id, c.handler_id == client.owner_id, c.ended_at.is_(None))
        for ticket in [self._one(c.id == found) for found in self.uow.conn.execute(with_him).scalars().all()]:
            self._change(ticket, {"handler_id": to})

    def ask(self, ticket: Ticket, to: User, words: str = "") -> None:
        """Let a colleague see it and say something to it."""
        if to.id not in self.members(ticket):
            self.uow.insert(ticket_members, {
                "ticket_id": ticket.id, "user_id": to.id, "owner_id": ticket.owner_id,
                "added_by": self.uow.actor.user_id, "added_at": self.uow.now,
            })  # fmt: skip
        self._step(ticket, "asked", to_id=to.id, words=words)
        self.uow.audit.record("share", "ticket", ticket.id, client_id=ticket.client_id, to=to.id)

    def note(self, ticket: Ticket, words: str) -> None:
        """Write something down that moves nothing."""
        self._step(ticket, "noted", words=words)
        self.uow.audit.record("note", "ticket", ticket.id, client_id=ticket.client_id)

    def _change(self, ticket: Ticket, values: Mapping[str, Any]) -> Ticket:
        stamps = {"version": ticket.version + 1, "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id}
        if not self.uow.update(tickets, {"id": ticket.id, "version": ticket.version}, {**values, **stamps}):
            raise Conflict(f"工单 {ticket.name} 刚刚被别人处理了。发送「{ticket.name}」看现在的进度。")
        return self._one(tickets.c.id == ticket.id)

    def _step(
        self, ticket: Ticket, kind: StepKind, *, move: str | None = None, to_id: str | None = None, words: str = ""
    ) -> None:
        row_id = new_id()
        self.uow.insert(ticket_steps, {
            "id": row_id, "ticket_id": ticket.id, "owner_id": ticket.owner_id, "kind": kind, "move": move,
            "state": ticket.state, "member_id": self.uow.actor.user_id, "to_id": to_id, "at": self.uow.now,
            "words": self._words(_WORDS, row_id, words, 1000),
        })  # fmt: skip

    # ------------------------------------------------------------ inside

    def _seen(self) -> ColumnElement[bool]:
        pool = self.uow.actor.role if self.uow.actor.role in POOLS else ""
        in_pool = [tickets.c.pool == pool] if pool else []
        return or_(self.mine(tickets), self._has(), *in_pool)

    def _has(self) -> ColumnElement[bool]:
        me = self.uow.actor.user_id
        asked = select(ticket_members.c.ticket_id).where(ticket_members.c.user_id == me)
        return or_(tickets.c.handler_id == me, tickets.c.id.in_(asked))

    def _covered(self) -> list[ColumnElement[bool]]:
        if not covers_somebody(self.uow.scope):
            return []
        return [and_(tickets.c.handler_id == tickets.c.owner_id, tickets.c.owner_id.in_(covered()))]

    def _listed(self, *conditions: ColumnElement[bool], limit: int) -> list[Ticket]:
        found = self._read(self._query(*conditions).order_by(tickets.c.number).limit(limit))
        self.uow.audit.listed("ticket", [(each.id, each.client_id) for each in found], section="tickets")
        return found

    def _query(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        named = select(*_COLUMNS, clients.c.name.label("client_name"))
        return named.join(clients, clients.c.id == tickets.c.client_id).where(*conditions)

    def _one(self, condition: ColumnElement[bool]) -> Ticket:
        return self._read(self._query(condition))[0]

    def _read(self, query: Select[Any]) -> list[Ticket]:
        return [
            Ticket(**row._asdict() | {"details": self.uow.unseal(_DETAILS, row.id, row.details)})
            for row in self.uow.execute(query)
        ]

