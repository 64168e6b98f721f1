"""The look at all debts, once every working day when it begins: cases are opened and given to whoever works on their
bucket, promises that were broken go up, and what was repaid is closed.

What is due is a question to the data: a look that was missed is made up by the next one, and a second one finds
nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from config.pack import Flow
from handlers.contracts.shelf import LOANS
from handlers.lending.cases import FLOW, assignments, bucket_of, details_of, late_parts
from handlers.lending.contacts import NO_PROMISE
from handlers.tickets.engine import advance, assigned, open_ticket
from handlers.tickets.rights import meant
from reminders.ticket_limits import Nudge
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.contracts import Contract, Instalment
from storage.model.messages import Text
from storage.model.people import User
from storage.model.tickets import Ticket

MOST, SHOWN = 2000, 20
LINE = "lending"
News = tuple[User, str]  # whom it concerns, and a line about it


def look_at_debts(uow: UnitOfWork, zone: ZoneInfo) -> Iterator[Nudge]:
    """Bring all cases up to date, as the system; one message for everybody whom something of it concerns."""
    flow, today = uow.packs.find_flow(FLOW), local_date(uow.now, zone)
    told: dict[str, list[str]] = {}
    for user, line in _found(_Look(uow, zone, flow, today)) if flow is not None else ():
        told.setdefault(user.id, []).append(line)
    for user_id, lines in told.items():
        more = [f"还有 {len(lines) - SHOWN} 笔。"] if len(lines) > SHOWN else []
        head, foot = f"今天的催收，有变化的 {len(lines)} 笔：", "发送「催收清单」查看全部。"
        text = "\n".join([head, *lines[:SHOWN], *more, foot])
        yield uow.users.get(user_id), Text(text), f"debts:{today}:{user_id}"


def _found(look: _Look) -> Iterator[News]:
    uow = look.uow
    running = {ticket.contract_id: ticket for ticket in uow.tickets.running(MOST, FLOW)}
    late = dict(uow.contracts.overdue(LINE, LOANS, look.today))
    for contract_id, oldest in late.items():
        if (ticket := running.get(contract_id)) is None:
            yield from look.opens(contract_id, oldest)
        else:
            yield from look.regroups(ticket, oldest)
    for ticket in running.values():
        if ticket.contract_id in late:
            yield from look.asks_for_promise(uow.tickets.get(ticket.id))
        else:
            yield from look.settles(ticket)


@dataclass(frozen=True)
class _Look:
    uow: UnitOfWork
    zone: ZoneInfo
    flow: Flow
    today: date

    def opens(self, contract_id: int, oldest: date) -> Iterator[News]:
        """A case for a debt that reached the first bucket; one that was closed by hand stays closed."""
        bucket = bucket_of(self.uow, oldest, self.today)
        if bucket is None:
            return
        contract, late = self.uow.contracts.get(contract_id), self._late(self._parts(contract_id))
        client = self.uow.clients.get(contract.client_id)
        details = details_of(self.uow, _label(contract), late, self.today)
        ticket = open_ticket(
            self.uow, self.zone, self.flow, client, details, contract_id=contract_id,
            assign=assignments(bucket), origin_key=f"{FLOW}:{contract_id}:{oldest}",
        )
        if ticket.is_open and ticket.version == 1:
            yield from self._tell(ticket, self._handler(ticket), f"{ticket.details['content']}，请联系客户。")

    def regroups(self, ticket: Ticket, oldest: date) -> Iterator[News]:
        """Another bucket: the case goes to whoever works on that one."""
        bucket = bucket_of(self.uow, oldest, self.today)
        if bucket is None or ticket.details.get("bucket") == bucket.label or ticket.contract_id is None:
            return
        contract = self.uow.contracts.get(ticket.contract_id)
        late = self._late(self._parts(contract.id))
        ticket = self.uow.tickets.note_details(ticket, details_of(self.uow, _label(contract), late, self.today))
        to = assigned(self.uow, self.flow, self.uow.clients.get(ticket.client_id), assignments(bucket))
        if to is not None and to.id != ticket.handler_id:
            ticket = self.uow.tickets.give(ticket, to)
        yield from self._tell(ticket, to, f"进入 {bucket.label}：{ticket.details['content']}，请跟进。")

    def asks_for_promise(self, ticket: Ticket) -> Iterator[News]:
        """A promise whose day is over: kept where something was paid since, else it goes up."""
        promised_on = ticket.details.get("promise_on")
        if not promised_on or date.fromisoformat(promised_on) >= self.today or ticket.state != self.flow.first.name:
            return
        since = date.fromisoformat(ticket.details["promised_at"])
        if any(part.paid_on is not None and part.paid_on >= since for part in self._parts(ticket.contract_id)):
            self.uow.tickets.note_details(ticket, NO_PROMISE)
            return
        move = self.flow.move("broken")
        moved, _ = advance(self.uow, self.zone, ticket, self.flow, move, self._somebody(ticket), {})
        for user in {user.id: user for who in ("manager", "handler") for user in meant(self.uow, moved, who)}.values():
            yield from self._tell(moved, user, f"客户承诺 {promised_on} 还款，没有兑现，请跟进。")

    def settles(self, ticket: Ticket) -> Iterator[News]:
        """Nothing is late any more."""
        move = self.flow.move("repaid")
        moved, _ = advance(self.uow, self.zone, ticket, self.flow, move, self._somebody(ticket), {})
        yield from self._tell(moved, self._handler(moved), "逾期已经还清，自动结案。")

    def _parts(self, contract_id: int | None) -> list[Instalment]:
        return self.uow.contracts.instalments([contract_id]) if contract_id is not None else []

    def _late(self, parts: list[Instalment]) -> list[Instalment]:
        return late_parts(parts, self.today)

    def _handler(self, ticket: Ticket) -> User | None:
        return self.uow.users.find(ticket.handler_id) if ticket.handler_id else None

    def _somebody(self, ticket: Ticket) -> User:
        """Who has it from now on where nobody had."""
        return self._handler(ticket) or self.uow.users.get(ticket.owner_id)

    def _tell(self, ticket: Ticket, user: User | None, words: str) -> Iterator[News]:
        if user is not None and user.active:
            yield user, f"· {ticket.name} {ticket.client_name}：{words}"


def _label(contract: Contract) -> str:
    return f"{contract.product_name}（尾号 {contract.number_tail}）" if contract.number_tail else contract.product_name
