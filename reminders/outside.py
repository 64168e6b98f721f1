"""Outside sources: whether the police and the credit bureau know a client as he says he is.

A query is a row, asked for on a ticket; it is claimed, asked with no transaction open, and answered. Whatever is no
plain answer (no source, no reply, words that mean nothing here, a client who is put down otherwise by now) is told as
such and leaves the check to a person: it never passes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import structlog

from config.pack import OutsideCheck, Packs
from reminders.outgoing import Post
from reminders.quiet import Quiet
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.messages import Text
from storage.model.outside import OutsideQuery, OutsideState
from storage.model.tickets import Ticket
from storage.model.work import DUE
from storage.repositories.outside import OutsideRepository

log = structlog.get_logger(__name__)

OUTSIDE, AGREES, DIFFERS = "outside", "一致", "不一致"
NOBODY = "外部系统没有应答"
OTHERWISE = "客户资料刚改过，请重新查询"
CHECK: Literal["identity"] = "identity"
BATCH = 5
RETRY = timedelta(seconds=20)
Result = Literal["agrees", "differs", "unclear", "later"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the source is asked about. `reference` is ours, and the same when it is asked again."""

    reference: str
    name: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`later`: it may be asked again. `reference` is the source's own, kept as the proof; `why` says in a few words why
    nothing came of it."""

    result: Result
    reference: str = ""
    why: str = ""


class OutsideSource(Protocol):
    """One outside source, or several behind one door. Never raises for anything the network does."""

    async def ask(self, who: Identity) -> Answer:
        """What it says of a person."""


class NoSource:
    """There is none: a person has to check."""

    async def ask(self, who: Identity) -> Answer:
        return Answer("unclear", why="没有接外部查询系统")


def check_of(packs: Packs) -> OutsideCheck:
    """How long answers and authorisations count, and how long a source may take."""
    usual = OutsideCheck(name=CHECK, label="外部")
    return next((check for check in packs.outside_checks if check.name == CHECK), usual)


class OutsideDelivery:
    """Asks an `OutsideSource` what waits to be asked."""

    def __init__(
        self, database: Database, source: OutsideSource, post: Post, clock: Clock, zone: ZoneInfo, *,
        on_queued: Callable[[], None],
    ) -> None:
        self._database, self._source, self._post, self._clock, self._zone = database, source, post, clock, zone
        self._on_queued = on_queued

    async def step(self) -> int:
        """One turn, one query after the other; how many were looked at."""
        waiting = await self._database.run(partial(self._take, self._clock.now()))
        for query, who in waiting:
            answer = await self._ask(query, who)
            await self._database.run(partial(self._record, query, answer, self._clock.now()))
        if waiting:
            self._on_queued()
        return len(waiting)

    def _take(self, now: datetime) -> list[tuple[OutsideQuery, Identity]]:
        with self._database.system(now) as uow:
            claimed = OutsideRepository(uow).claim(BATCH)
            return [(query, _identity(uow, query)) for query in claimed if self._is_wanted(uow, query)]

    @staticmethod
    def _is_wanted(uow: UnitOfWork, query: OutsideQuery) -> bool:
        """Whether its ticket still runs; nobody is asked about a client for one that ended."""
        if uow.tickets.get(query.ticket_id).is_open:
            return True
        OutsideRepository(uow).answered(query, "unclear", "")
        log.info("outside.not_asked", query=query.id)
        return False

    async def _ask(self, query: OutsideQuery, who: Identity) -> Answer:
        check = check_of(self._database.packs.current)
        if not who.id_number:
            return Answer("unclear", why="客户没有登记证件号")
        if query.tries > check.tries:  # whoever tried before has died of it
            return Answer("unclear", why=NOBODY)
        try:
            async with asyncio.timeout(check.timeout_seconds):
                return await self._source.ask(who)
        except TimeoutError:
            return Answer("later", why=NOBODY)

    def _record(self, query: OutsideQuery, answer: Answer, now: datetime) -> None:
        with self._database.system(now) as uow:
            outside = OutsideRepository(uow)
            if answer.result == "later" and query.tries < check_of(uow.packs).tries:
                outside.again(query, now + RETRY)
                return
            if outside.mark_of(uow.clients.get(query.client_id)) != query.mark:
                answer = replace(answer, result="unclear", why=OTHERWISE)
            state: OutsideState = "unclear" if answer.result == "later" else answer.result
            if outside.answered(query, state, answer.reference):
                self._tell(uow, query, state, answer)
        log.info("outside.answered", query=query.id, state=state, tries=query.tries)

    def _tell(self, uow: UnitOfWork, query: OutsideQuery, state: OutsideState, answer: Answer) -> None:
        ticket = uow.tickets.get(query.ticket_id)
        words = answered_words(check_of(uow.packs).label, state, answer)
        tick(uow, ticket, state, words)
        for user_id in dict.fromkeys((query.asked_by, ticket.handler_id or "")):
            user = uow.users.find(user_id) if user_id else None
            if user is not None and user.active:
                told = f"工单 {ticket.name}（{ticket.client_name}）{words}\n发送「{ticket.name}」查看。"
                awake = Quiet.of(user).over_at(uow.now, self._zone)
                key = f"outside:{query.id}:{user.id}"
                self._post.put(uow, user.id, Text(told), key=key, priority=DUE, not_before=awake)


def _identity(uow: UnitOfWork, query: OutsideQuery) -> Identity:
    client = uow.clients.get(query.client_id)
    return Identity(
        str(query.id), client.name, str(client.value("id_number") or ""), str(client.value("phone") or "")
    )


def answered_words(label: str, state: OutsideState, answer: Answer) -> str:
    """外部查询（公安和征信）：一致，凭证 A1。"""
    head = f"外部查询（{label}）："
    if state == "unclear":
        why = answer.why or "答复看不懂"
        return f"{head}没有结果（{why}），待人工核验：人工查过以后发送「外部核验 一致」或「外部核验 不一致」。"
    proof = f"，凭证 {answer.reference}" if answer.reference else ""
    more = "" if state == "agrees" else "不能完成开户，请核实资料，或转合规复核。"
    return f"{head}{AGREES if state == 'agrees' else DIFFERS}{proof}。{more}"


def tick(uow: UnitOfWork, ticket: Ticket, state: OutsideState, words: str) -> Ticket:
    """Put the answer on the ticket, where it still stands at its checks; what is unclear is only noted."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    move = next((move for move in flow.moves_from(ticket.state) if move.asks == (OUTSIDE,)), None)
    if not ticket.is_open or move is None or state == "unclear":
        uow.tickets.note(ticket, words)
        return ticket
    said = {OUTSIDE: AGREES if state == "agrees" else DIFFERS}
    return uow.tickets.move(ticket, flow, move, said=said, words=words)
