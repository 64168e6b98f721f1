"""The `Sender` that delivery uses in service: one outbox row to one member, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import structlog

from bot.wecom.attachments import Attachments, InMemory, Papers, Uploads
from bot.wecom.client import WeComClient
from bot.wecom.errors import ApiBlocked, CallFailed, Do, Misconfigured, Unreachable
from bot.wecom.pacing import Breaker, MemberPacer, Pacer
from reminders.sending import UPLOADED, Outcome, Outgoing
from storage.model.clock import Clock
from storage.model.errors import Unavailable

log = structlog.get_logger(__name__)

# On a later try these mean that an earlier one got through and only its answer was lost: the task_id of a
# card is ours alone, and a response_code or a welcome code is used up by one call.
_DONE_BEFORE = {42014, 60140, 41051}
_AGAIN = {Do.RETRY, Do.TOKEN, Do.SLOW}


class WeComSender:
    """Sends through WeCom within its limits. Never raises for what WeCom or the network does."""

    def __init__(
        self, client: WeComClient, clock: Clock, pacer: Pacer | None = None, uploads: Uploads | None = None,
        papers: Papers | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._pacer = pacer or MemberPacer()
        self._breaker = Breaker()
        self._attachments = Attachments(client, uploads or InMemory(), clock, papers=papers)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One attempt. See `Outcome` for what its states ask of the caller."""
        now = self._clock.now()
        if wait := self._breaker.admit(now):
            return Outcome("blocked", 0, "unreachable", retry_after=wait)
        if outgoing.call != "update_card" and (wait := await self._pacer.reserve(outgoing.recipient, now)):
            self._breaker.unused(now)
            return Outcome("retry", 0, "paced", retry_after=wait)
        try:
            outcome = await self._attempt(outgoing)
        except Unreachable as error:
            self._breaker.failed(self._clock.now())
            outcome = Outcome("retry", 0, error.reason)
        except Unavailable:  # of our own database, where media ids are kept
            self._breaker.unused(now)
            outcome = Outcome("retry", 0, "database_away")
        except CallFailed as error:
            self._breaker.answered()
            outcome = _failed(error, outgoing.tries)
            if outgoing.call in UPLOADED and error.rule.do is Do.MEDIA:
                await self._attachments.forget(outgoing.body)
                outcome = Outcome("retry", error.errcode, error.rule.reason)
        else:
            self._breaker.answered()
        if outcome.state != "sent":
            _log(outgoing, outcome)
        return outcome

    async def _attempt(self, outgoing: Outgoing) -> Outcome:
        if outgoing.call == "welcome":
            answer = await self._client.send_welcome(outgoing.body)
        elif outgoing.call == "update_card":
            answer = await self._client.update_card(outgoing.body)
        elif outgoing.call in UPLOADED:
            answer = await self._client.send_message(await self._attachments.body(outgoing.body, outgoing.tries))
        else:
            answer = await self._client.send_message(outgoing.body)
        return _accepted(answer, outgoing.recipient)


def _accepted(answer: Mapping[str, Any], recipient: str) -> Outcome:
    """errcode 0 may still have left our one receiver out (userids come back in lower case)."""
    for name, reason in (("invaliduser", "invalid_user"), ("unlicenseduser", "unlicensed_user")):
        if recipient.casefold() in _userids(answer.get(name)):
            return Outcome("refused", 0, reason)
    return Outcome(
        "sent", 0, "",
        msgid=str(answer.get("msgid") or ""), response_code=str(answer.get("response_code") or ""),
    )  # fmt: skip


def _userids(value: object) -> set[str]:
    """message/send joins them by "|", update_template_card gives a list."""
    names = value.split("|") if isinstance(value, str) else value if isinstance(value, list) else []
    return {str(name).casefold() for name in names}


def _failed(error: CallFailed, tries: int) -> Outcome:
    code, reason = error.errcode, error.rule.reason
    if tries > 1 and code in _DONE_BEFORE:
        return Outcome("sent", code, reason)
    if isinstance(error, Misconfigured | ApiBlocked):
        return Outcome("blocked", code, reason, retry_after=error.retry_after)
    if error.rule.do in _AGAIN:
        # Jitter, so that those refused together do not come back together.
        pause = random.uniform(1.0, 3.0) if error.rule.do is Do.SLOW else None
        return Outcome("retry", code, reason, retry_after=pause)
    if error.rule.do is Do.DONE:
        return Outcome("sent", code, reason)
    return Outcome("refused", code, reason)


def _log(outgoing: Outgoing, outcome: Outcome) -> None:
    log.info(
        "wecom.not_sent", id=outgoing.id, state=outcome.state, errcode=outcome.errcode,
        reason=outcome.reason, retry_after=outcome.retry_after,
    )  # fmt: skip
