"""Counts and sums over the reader's scope, per member: the one computation behind every figure.

Spans are given as [first, end) instants or days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, distinct, exists, func, or_, select

from storage.repositories.base import Repository
from storage.repositories.effects import fired, led_somewhere, of_rules
from storage.scope import visible
from storage.tables import clients, contracts, instalments, interactions, ratings, reminders, tickets, tier_history

if TYPE_CHECKING:
    from storage.database import UnitOfWork

LOST, REFERRAL = "lost", "转介绍"


class FigureRepository(Repository):
    """Each method returns {member id: figure}; members without anything are left out.

    `which` is a condition on `clients`: only what concerns those clients counts."""

    def __init__(self, uow: UnitOfWork, which: ColumnElement[bool] | None = None) -> None:
        super().__init__(uow)
        self._which = which

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The scope, and the clients that count."""
        seen = self.own(table)
        if self._which is None:
            return seen
        chosen = self._which if table is clients else table.c.client_id.in_(select(clients.c.id).where(self._which))
        return and_(seen, chosen)

    def new_clients(self, first: datetime, end: datetime, *conditions: ColumnElement[bool]) -> dict[str, int]:
        """Clients entered in the span, by their present owner."""
        query = select(clients.c.owner_id, func.count()).where(
            self.mine(clients), clients.c.created_at >= first, clients.c.created_at < end, *conditions
        )
        return self._counts(query.group_by(clients.c.owner_id))

    def referrals(self, first: datetime, end: datetime) -> dict[str, int]:
        """Of the clients entered in the span, those that somebody sent."""
        return self.new_clients(first, end, clients.c.source == REFERRAL)

    def referrals_won(self, first: datetime, end: datetime) -> dict[str, int]:
        """Of those, the ones that hold a contract."""
        return self.new_clients(first, end, clients.c.source == REFERRAL, _has_contracts(1))

    def reached(self, first: datetime, end: datetime) -> dict[str, int]:
        """Of the clients entered in the span, those that were contacted or hold a contract."""
        return self.new_clients(first, end, or_(clients.c.last_contact_at.is_not(None), _has_contracts(1)))

    def won(self, first: datetime, end: datetime, at_least: int = 1) -> dict[str, int]:
        """Of the clients entered in the span, those that hold so many contracts; a renewal is none of its own."""
        return self.new_clients(first, end, _has_contracts(at_least))

    def stages(self) -> dict[str, int]:
        """Clients now by their stage, over all members."""
        query = select(clients.c.stage, func.count()).where(self.mine(clients)).group_by(clients.c.stage)
        return self._counts(query)

    def lost(self, first: datetime, end: datetime) -> dict[str, int]:
        """Clients that were lost in the span and still are."""
        query = select(clients.c.owner_id, func.count()).where(self.mine(clients), *_lost(first, end))
        return self._counts(query.group_by(clients.c.owner_id))

    def kept(self, first: datetime, end: datetime | None = None) -> dict[str, int]:
        """Clients entered before `first` and not lost by then; with `end`, those of them lost before `end`."""
        there = or_(clients.c.stage != LOST, clients.c.lost_at >= first)
        query = select(clients.c.owner_id, func.count()).where(self.mine(clients), clients.c.created_at < first, there)
        return self._counts(query.where(*(_lost(first, end) if end else ())).group_by(clients.c.owner_id))

    def having(self, condition: ColumnElement[bool]) -> dict[str, int]:
        """Clients that satisfy a condition now."""
        query = select(clients.c.owner_id, func.count()).where(self.mine(clients), condition)
        return self._counts(query.group_by(clients.c.owner_id))

    def tier_changes(self, first: datetime, end: datetime, ranks: Mapping[str, int], *, up: bool) -> dict[str, int]:
        """Changes of a tier in the span that went up, or down, by present owner; no tier ranks lowest."""
        was, became = (case(dict(ranks), value=tier_history.c[name], else_=0) for name in ("was", "became"))
        query = select(tier_history.c.owner_id, func.count()).where(
            self.mine(tier_history), tier_history.c.at >= first, tier_history.c.at < end,
            became > was if up else became < was,
        )
        return self._counts(query.group_by(tier_history.c.owner_id))

    def clients(self) -> dict[str, int]:
        """Clients in the book now."""
        query = select(clients.c.owner_id, func.count()).where(self.mine(clients))
        return self._counts(query.group_by(clients.c.owner_id))

    def assets(self) -> dict[str, Decimal]:
        """Assets under management now, in yuan, as entered with the clients."""
        query = select(clients.c.owner_id, func.sum(clients.c.aum)).where(self.mine(clients))
        return self._sums(query.where(clients.c.aum.is_not(None)).group_by(clients.c.owner_id))

    def contacts(self, first: datetime, end: datetime, kinds: Collection[str] = ()) -> dict[str, int]:
        """Contacts written down in the span, by author; of some kinds if given. Notes of the system do not count."""
        query = select(interactions.c.author_id, func.count()).where(
            visible(self.uow.own_scope, interactions.c.author_id), interactions.c.author_id != "system",
            interactions.c.happened_at >= first, interactions.c.happened_at < end,
        )
        if kinds:
            query = query.where(interactions.c.kind.in_(list(kinds)))
        if self._which is not None:
            query = query.where(self.mine(interactions))
        return self._counts(query.group_by(interactions.c.author_id))

    def clients_contacted(self, first: datetime, end: datetime) -> dict[str, int]:
        """Different clients with at least one contact in the span, by their owner. What a client wrote in 微信客服 is
        none before somebody answers."""
        query = select(interactions.c.owner_id, func.count(distinct(interactions.c.client_id))).where(
            self.mine(interactions), interactions.c.happened_at >= first, interactions.c.happened_at < end,
            or_(interactions.c.author_id != "system", interactions.c.kind != "wechat"),
        )
        return self._counts(query.group_by(interactions.c.owner_id))

    def contracts(self, states: Mapping[str, Collection[str]]) -> dict[str, int]:
        """Contracts now, of the kinds and in the states given ({kind: states})."""
        found: dict[str, int] = {}
        for kind, wanted in states.items():
            query = select(contracts.c.owner_id, func.count()).where(
                self.mine(contracts), contracts.c.kind == kind, contracts.c.state.in_(list(wanted))
            )
            for owner, count in self._counts(query.group_by(contracts.c.owner_id)).items():
                found[owner] = found.get(owner, 0) + count
        return found

    def deals(self, first: date, end: date) -> dict[str, int]:
        """Contracts that start in the span; the next term of a renewed policy is no new one."""
        query = select(contracts.c.owner_id, func.count()).where(
            self.mine(contracts), contracts.c.starts_on >= first, contracts.c.starts_on < end,
            contracts.c.previous_id.is_(None),
        )
        return self._counts(query.group_by(contracts.c.owner_id))

    def paid(self, first: date, end: date, kinds: Collection[str]) -> dict[str, Decimal]:
        """What was paid in the span on instalments of contracts of these kinds, in yuan."""
        query = (
            select(instalments.c.owner_id, func.sum(instalments.c.amount))
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(self.mine(instalments), contracts.c.kind.in_(list(kinds)), instalments.c.state == "paid")
            .where(instalments.c.paid_on >= first, instalments.c.paid_on < end)
        )
        return self._sums(query.group_by(instalments.c.owner_id))

    def policies_ended(self, first: date, end: date) -> dict[str, int]:
        """Policies whose term ends in the span."""
        return self._counts(self._ended(first, end).group_by(contracts.c.owner_id))

    def policies_renewed(self, first: date, end: date) -> dict[str, int]:
        """Of those, the ones that have a following term."""
        later = contracts.alias("later")
        follows = select(later.c.previous_id).where(later.c.previous_id.is_not(None))
        query = self._ended(first, end).where(contracts.c.id.in_(follows))
        return self._counts(query.group_by(contracts.c.owner_id))

    def renewals(self, first: datetime, end: datetime) -> dict[str, int]:
        """Policies that follow another one and were entered in the span."""
        query = select(contracts.c.owner_id, func.count()).where(
            self.mine(contracts), contracts.c.previous_id.is_not(None), contracts.c.kind == "policy",
            contracts.c.created_at >= first, contracts.c.created_at < end,
        )
        return self._counts(query.group_by(contracts.c.owner_id))

    def payments(self, first: date, end: date, kinds: Collection[str] = ()) -> dict[str, int]:
        """Premiums and repayments noted as paid in the span; of contracts of these kinds, if any are given."""
        query = select(instalments.c.owner_id, func.count()).where(
            self.mine(instalments), instalments.c.state == "paid",
            instalments.c.paid_on >= first, instalments.c.paid_on < end,
        )
        if kinds:
            query = query.where(
                instalments.c.contract_id.in_(select(contracts.c.id).where(contracts.c.kind.in_(list(kinds))))
            )
        return self._counts(query.group_by(instalments.c.owner_id))

    def ratings(self, first: datetime, end: datetime, at_least: int = 1) -> dict[str, int]:
        """Marks of this or a better score that clients gave in the span."""
        query = select(ratings.c.owner_id, func.count()).where(
            self.mine(ratings), ratings.c.at >= first, ratings.c.at < end, ratings.c.score >= at_least,
        )
        return self._counts(query.group_by(ratings.c.owner_id))

    def tickets(self, first: datetime, end: datetime, flow: str = "") -> dict[str, int]:
        """Tickets opened in the span, of one flow if given, by who serves the client."""
        return self._counts(self._opened(func.count(), first, end, flow))

    def clients_with_tickets(self, first: datetime, end: datetime, flow: str) -> dict[str, int]:
        """Different clients with a ticket of a flow opened in the span."""
        return self._counts(self._opened(func.count(distinct(tickets.c.client_id)), first, end, flow))

    def first_answers(self, first: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
        """(who serves the client, opened, answered) of each ticket that got its first answer in the span."""
        query = select(tickets.c.owner_id, tickets.c.created_at, tickets.c.answered_at).where(
            self.mine(tickets), tickets.c.answered_at >= first, tickets.c.answered_at < end
        )
        return [tuple(row) for row in self.uow.execute(query)]

    def _opened(self, counted: ColumnElement[int], first: datetime, end: datetime, flow: str) -> Select[Any]:
        query = select(tickets.c.owner_id, counted).where(
            self.mine(tickets), tickets.c.created_at >= first, tickets.c.created_at < end
        )
        query = query.where(tickets.c.flow == flow) if flow else query
        return query.group_by(tickets.c.owner_id)

    def unpaid_before(self, day: date, states: Collection[str]) -> dict[str, int]:
        """Instalments whose day is over, of contracts in these states."""
        query = (
            select(instalments.c.owner_id, func.count())
            .join(contracts, contracts.c.id == instalments.c.contract_id)
            .where(self.mine(instalments), instalments.c.state == "due", instalments.c.due_on < day)
            .where(contracts.c.state.in_(list(states)))
        )
        return self._counts(query.group_by(instalments.c.owner_id))

    def reminders_done(self, first: datetime, end: datetime) -> dict[str, int]:
        """Reminders dealt with in the span, by who did it."""
        query = select(reminders.c.done_by, func.count()).where(
            visible(self.uow.own_scope, reminders.c.receiver_id), reminders.c.state.in_(("done", "dismissed")),
            reminders.c.done_at >= first, reminders.c.done_at < end,
        )
        if self._which is not None:
            query = query.where(self.mine(reminders))
        return self._counts(query.group_by(reminders.c.done_by))

    def fired(
        self, first: datetime, end: datetime, *, rules: Collection[str] | None = None, done: bool = False,
        accepted: bool = False,
    ) -> dict[str, int]:  # fmt: skip
        """Reminders that rules (or these lines of rules) made in the span, by receiver; of these, what is `done`, or
        those whose answer opened an opportunity (`accepted`)."""
        query = select(reminders.c.receiver_id, func.count()).where(
            *fired(first, end), visible(self.uow.own_scope, reminders.c.receiver_id)
        )
        query = query.where(of_rules(rules)) if rules is not None else query
        query = query.where(reminders.c.state == "done") if done else query
        query = query.where(led_somewhere()) if accepted else query
        query = query.where(self.mine(reminders)) if self._which is not None else query
        return self._counts(query.group_by(reminders.c.receiver_id))

    def _ended(self, first: date, end: date) -> Select[Any]:
        return select(contracts.c.owner_id, func.count()).where(
            self.mine(contracts), contracts.c.kind == "policy",
            contracts.c.ends_on >= first, contracts.c.ends_on < end,
        )

    def _counts(self, query: Select[Any]) -> dict[str, int]:
        found: Any = self.uow.execute(query)
        return {member: int(count) for member, count in found}

    def _sums(self, query: Select[Any]) -> dict[str, Decimal]:
        found: Any = self.uow.execute(query)
        return {member: Decimal(total or 0) for member, total in found}


def _lost(first: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return clients.c.stage == LOST, clients.c.lost_at >= first, clients.c.lost_at < end


def _has_contracts(at_least: int) -> ColumnElement[bool]:
    mine = (contracts.c.client_id == clients.c.id) & contracts.c.previous_id.is_(None)
    if at_least == 1:
        return exists().where(mine)
    return select(func.count()).where(mine).scalar_subquery() >= at_least
