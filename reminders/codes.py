"""Codes on their way to a client's phone: claim → sender → what became of it. No transaction is open meanwhile.

A code that nobody's phone is meant for goes the same way as far as the sender, so that nothing tells it apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, Protocol

import structlog

from storage.database import Database
from storage.leases import lease_owner
from storage.model.clock import Clock
from storage.model.self_service import Code, CodeState
from storage.repositories.binding_codes import CodeRepository

log = structlog.get_logger(__name__)

BATCH = 5
MOST_TRIES = 3
RETRY = timedelta(seconds=20)
Handed = Literal["sent", "refused", "later"]


class CodeSender(Protocol):
    """A way to a phone, such as text messages. Never raises for anything the network does."""

    async def send(self, phone: str, text: str) -> Handed:
        """Bring the text to the phone; "later" where it may be tried again."""


@dataclass(frozen=True, slots=True)
class _Leaving:
    code: Code
    phone: str
    text: str


class CodeDelivery:
    """Moves codes on through a `CodeSender`."""

    def __init__(self, database: Database, sender: CodeSender, clock: Clock, company: str) -> None:
        self._database, self._sender, self._clock, self._company = database, sender, clock, company or "我们公司"
        self._owner = lease_owner()

    async def step(self) -> int:
        """One turn, one code after the other; how many were looked at."""
        leaving = await self._database.run(partial(self._take, self._clock.now()))
        for out in leaving:
            handed = await self._sender.send(out.phone, out.text) if out.phone else "refused"
            await self._database.run(partial(self._record, out, handed, self._clock.now()))
        return len(leaving)

    def _take(self, now: datetime) -> Sequence[_Leaving]:
        with self._database.system(now) as uow:
            codes = CodeRepository(uow)
            leaving = []
            for code in codes.claim(self._owner, BATCH):
                client = uow.clients.get(code.client_id) if code.client_id is not None else None
                phone = str(client.value("phone") or "") if client is not None else ""
                minutes = int((code.expires_at - code.created_at).total_seconds() // 60)
                leaving.append(_Leaving(code, phone, self._words(codes.digits(code), minutes)))
            return leaving

    def _words(self, digits: str, minutes: int) -> str:
        warning = "不是您本人操作的话，请不要告诉任何人。"
        return f"【{self._company}】验证码 {digits}，{minutes} 分钟内有效。{warning}"

    def _record(self, out: _Leaving, handed: Handed, now: datetime) -> None:
        state: CodeState = "sent" if handed == "sent" else "failed" if out.phone else "nobody"
        again = handed == "later" and out.code.tries < MOST_TRIES
        with self._database.system(now) as uow:
            if again:
                CodeRepository(uow).move(out.code, "queued", now + RETRY)
            else:
                CodeRepository(uow).move(out.code, state)
        log.info("code.moved", id=out.code.id, state="queued" if again else state)
