"""The steps of a message to a client that are taken in the database: each one transaction, each said to the adviser.

    queued ─gate─▶ creating ─▶ task_created ─▶ adviser_sent ─▶ delivered
       └─▶ refused, cancelled      └─▶ failed, expired, cancelled"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from reminders.care_words import CareNews
from reminders.gate import Asked, against_it_now, may_send
from reminders.group_sends import Created, ReceiptState, ReplyState
from reminders.lifetime import leaves_at
from reminders.outgoing import Post
from reminders.senders import as_sender
from storage.database import Database, UnitOfWork
from storage.model.care import ClientMessage
from storage.model.errors import NotFound
from storage.model.people import SYSTEM, Client
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository

log = structlog.get_logger(__name__)

SETTLES = timedelta(minutes=10)  # after an unclear outcome, until WeCom's list is trusted to show the task
MOST_TRIES = 3
FIRST_LOOK = timedelta(seconds=75)  # WeCom dispatches for a minute and answers 41063 before
AGAIN_SOON = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(days=7)  # without a receipt, or any answer at all
NUDGES_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What WeCom said of one message: `created`; or, after an unclear outcome, `found` (its task) or `nowhere`; or
    `receipt`, with `found` where another task took the place of ours, `alone` when there is none but ours, and
    `nudged` where the adviser was reminded."""

    message: ClientMessage
    created: Created | None = None
    found: str = ""
    nowhere: bool = False
    receipt: ReceiptState | None = None
    alone: bool = False
    nudged: ReplyState | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a turn is about: messages whose intent was just written, and those that WeCom is to be asked about.
    `count` is of all that were claimed, `queued` of the messages to advisers."""

    to_create: list[ClientMessage]
    under_way: list[ClientMessage]
    count: int
    queued: int


class CareSteps:
    """Called in a database thread."""

    def __init__(self, database: Database, post: Post, zone: ZoneInfo) -> None:
        self._database, self._post, self._zone = database, post, zone

    # ------------------------------------------------------------ before the talk

    def take(self, owner: str, limit: int, now: datetime) -> Taken:
        """Claim what is due. What was queued is asked about at the gate, and its intent written down."""
        news = CareNews()
        with self._database.system(now) as uow:
            claimed = ClientMessageRepository(uow).claim(owner, limit)
            for unreadable in claimed:
                if unreadable.state == "failed":
                    news.add(unreadable)
            new = [m for one in claimed if one.state == "queued" and (m := self._admit(uow, one, news))]
            others = [one for one in claimed if one.state not in ("queued", "failed")]
            under_way = [_past_its_time(self._still_wanted(uow, one), now) for one in others]
            queued = news.post(uow, self._post, self._zone)
        return Taken(new, under_way, len(claimed), queued)

    def known(self, msgids: Sequence[str], now: datetime) -> set[str]:
        """Which tasks stand in the ledger."""
        with self._database.system(now) as uow:
            return ClientMessageRepository(uow).known_tasks(msgids)

    def should_nudge(self, message: ClientMessage, now: datetime) -> bool:
        """The adviser has had the task for hours; WeCom may remind him three times a day, and not at night."""
        rhythm = self._database.packs.current.rhythm
        since = message.nudged_at or message.task_at
        local = now.astimezone(self._zone).strftime("%H:%M")
        awake = rhythm.quiet_until <= local < rhythm.quiet_from
        return (
            awake and since is not None and now - since >= timedelta(hours=rhythm.nudge_after)
            and self._nudges_today(message, now) < NUDGES_A_DAY
        )

    @staticmethod
    def _nudges_today(message: ClientMessage, now: datetime) -> int:
        recent = message.nudged_at is not None and now - message.nudged_at < timedelta(hours=24)
        return message.nudged if recent else 0

    def _admit(self, uow: UnitOfWork, message: ClientMessage, news: CareNews) -> ClientMessage | None:
        """The message as it stands after the gate; None when there is nothing to ask WeCom."""
        if message.wanted or uow.now >= message.expires_at:
            state = message.wanted or "expired"
            self._move(uow, message, news, state=state, look_at=None, done_at=uow.now)
            return None
        client = as_sender(uow, message)
        values = self._judged(uow, message, client) if client else _closed(uow, "refused", "handed_over")
        uow.act_as(SYSTEM)
        if values is None:
            intent: dict[str, Any] = {
                "state": "creating", "tried_at": uow.now, "tries": message.tries + 1, "look_at": uow.now + SETTLES,
            }
            if not ClientMessageRepository(uow).change(message, **intent):
                return None
            return replace(message, **intent, version=message.version + 1)
        self._move(uow, message, news, **values)
        return None

    def _still_wanted(self, uow: UnitOfWork, message: ClientMessage) -> ClientMessage:
        """A task in WeCom waits for hours: what happened to its client meanwhile calls it back."""
        if message.state != "task_created" or message.wanted:
            return message
        client = as_sender(uow, message)
        why = against_it_now(uow, Asked.of(message, client), self._zone) if client else "handed_over"
        uow.act_as(SYSTEM)
        if not why:
            return message
        log.info("care.called_back", id=message.id, reason=why)
        return ClientMessageRepository(uow).want_back(message, why)

    def _judged(self, uow: UnitOfWork, message: ClientMessage, client: Client) -> dict[str, Any] | None:
        """What the gate makes of it; None when it may go."""
        contact = ContactRepository(uow).of_client(client.id, message.sender_id)
        if contact is None or contact.external_userid != message.external_userid:
            return _closed(uow, "failed", "unlinked" if contact is None else "not_friend")
        verdict = may_send(uow, Asked.of(message, client), self._zone, stage="send")
        if verdict.allowed:
            return None
        if verdict.until is not None and verdict.until < message.expires_at:
            return {"not_before": verdict.until, "look_at": leaves_at(verdict.until, client.id, uow.now)}
        return _closed(uow, "refused", verdict.codes[0])

    # ------------------------------------------------------------ after the talk

    def record(self, findings: Sequence[Finding], now: datetime) -> int:
        """Write down what WeCom said, and tell the advisers; how many messages were queued to them."""
        news = CareNews()
        with self._database.system(now) as uow:
            messages = ClientMessageRepository(uow)
            for finding in findings:
                # Others may have moved it meanwhile, as by 取消发送: what WeCom said still counts.
                fresh = messages.find(finding.message.id)
                if fresh is not None and _still_about(fresh, finding):
                    self._record_one(uow, fresh, finding, news)
            return news.post(uow, self._post, self._zone)

    def _record_one(self, uow: UnitOfWork, message: ClientMessage, finding: Finding, news: CareNews) -> None:
        if finding.created is not None:
            values = self._after_creating(uow, message, finding.created)
        elif finding.receipt is not None:
            values = self._after_asking(uow, message, finding)
        elif finding.found:
            values = self._task(uow, message, finding.found)
        else:
            values = self._nowhere(uow, message)
        self._move(uow, message, news, **values)

    def _after_creating(self, uow: UnitOfWork, message: ClientMessage, created: Created) -> dict[str, Any]:
        match created.state:
            case "created":
                return self._task(uow, message, created.msgid)
            case "refused":
                if created.reason == "nobody":
                    self._lose_contact(uow, message)
                return _closed(uow, "failed", created.reason)
            case "not_asked":
                wait = timedelta(seconds=max(created.retry_after, 5.0))
                return {"state": "queued", "tries": message.tries - 1, "look_at": uow.now + wait}
            case "unclear":
                return {"look_at": max(message.look_at or uow.now, uow.now + SETTLES)}

    @staticmethod
    def _task(uow: UnitOfWork, message: ClientMessage, msgid: str) -> dict[str, Any]:
        look = uow.now if message.wanted else uow.now + FIRST_LOOK
        waits = timedelta(hours=uow.packs.rhythm.expires_after)
        return {
            "state": "task_created", "msgid": msgid, "task_at": uow.now, "look_at": look,
            "expires_at": uow.now + waits,
        }

    @staticmethod
    def _nowhere(uow: UnitOfWork, message: ClientMessage) -> dict[str, Any]:
        if message.wanted:
            return _closed(uow, message.wanted, "")
        if message.tries >= MOST_TRIES:
            return _closed(uow, "failed", "unclear")
        return {"state": "queued", "look_at": uow.now}

    def _after_asking(self, uow: UnitOfWork, message: ClientMessage, finding: Finding) -> dict[str, Any]:
        kept: dict[str, Any] = {"msgid": finding.found} if finding.found else {}
        if finding.alone and message.alone_at is None:
            kept["alone_at"] = uow.now
        return {**kept, **self._by_receipt(uow, message, finding)}

    def _by_receipt(self, uow: UnitOfWork, message: ClientMessage, finding: Finding) -> dict[str, Any]:
        match finding.receipt:
            case "delivered":
                return {**_closed(uow, "delivered", ""), "sent_at": message.sent_at or uow.now}
            case "quota" | "not_friend" | "gone" as reason:
                if reason == "not_friend":
                    self._lose_contact(uow, message)
                return _closed(uow, "failed", reason)
            case "cancelled":
                return _closed(uow, message.wanted or finding.message.wanted or "cancelled", message.reason)
            case "adviser_sent":
                sent_at = message.sent_at or uow.now
                look = None if uow.now - sent_at > GIVE_UP_AFTER else uow.now + _pause(uow.now - sent_at)
                return {"state": "adviser_sent", "sent_at": sent_at, "look_at": look, "wanted": "", "reason": ""}
            case "waiting":
                return {"look_at": self._next_look(uow, message), **self._nudged(uow, message, finding.nudged)}
            case _:
                return self._asked_again(uow, message)

    @staticmethod
    def _asked_again(uow: UnitOfWork, message: ClientMessage) -> dict[str, Any]:
        """WeCom did not say. One day it is given up; what the adviser has confirmed still counts as on its way."""
        if uow.now < message.expires_at + GIVE_UP_AFTER:
            return {"look_at": uow.now + AGAIN_SOON}
        return {"look_at": None} if message.state == "adviser_sent" else _closed(uow, "failed", "unclear")

    @staticmethod
    def _next_look(uow: UnitOfWork, message: ClientMessage) -> datetime:
        if message.wanted:
            return uow.now + AGAIN_SOON
        next_look = uow.now + _pause(uow.now - (message.task_at or uow.now))
        return min(next_look, max(message.expires_at, uow.now + AGAIN_SOON))

    def _nudged(self, uow: UnitOfWork, message: ClientMessage, reply: ReplyState | None) -> dict[str, Any]:
        if reply not in ("done", "too_many"):
            return {}
        count = NUDGES_A_DAY if reply == "too_many" else self._nudges_today(message, uow.now) + 1
        return {"nudged": count, "nudged_at": uow.now}

    @staticmethod
    def _lose_contact(uow: UnitOfWork, message: ClientMessage) -> None:
        contact = ContactRepository(uow).find(message.sender_id, message.external_userid or "")
        if contact is not None:
            ContactRepository(uow).lost(contact, "pull")

    # ------------------------------------------------------------ both

    def _move(self, uow: UnitOfWork, message: ClientMessage, news: CareNews, **values: Any) -> None:
        if not ClientMessageRepository(uow).change(message, **values):
            return
        state = values.get("state", message.state)
        if state == message.state:
            return
        moved = replace(message, **values)
        log.info("care.moved", id=message.id, before=message.state, after=state, reason=values.get("reason", ""))
        if state == "delivered":
            self._delivered(uow, moved)
        news.add(moved)

    def _delivered(self, uow: UnitOfWork, message: ClientMessage) -> None:
        """WeCom says that the client has it: on the time line, and the silence clock starts again."""
        client = as_sender(uow, message)
        if client is not None:
            label = uow.packs.occasion(message.occasion).label
            uow.interactions.add(client, "care", f"{label}文案已送达（企业微信确认）：{message.text}")
            uow.clients.touch(client)
            self._finish_reminder(uow, message)
        uow.act_as(SYSTEM)

    @staticmethod
    def _finish_reminder(uow: UnitOfWork, message: ClientMessage) -> None:
        if message.reminder_id is None:
            return
        try:
            reminder = uow.reminders.get(message.reminder_id)
        except NotFound:
            return
        greeted = reminder.category == message.occasion == "birthday"
        if reminder.state == "open" and (greeted or reminder.category == "journey"):
            uow.reminders.finish(reminder, "done", result="企业微信确认已送达", reason="")


def _still_about(fresh: ClientMessage, finding: Finding) -> bool:
    """Whether the message stands where WeCom was asked about it. Another process may have begun the next try since:
    of an earlier one only a task that there is now counts, or the message would be asked for once more."""
    asked = finding.message
    task = finding.found or (finding.created is not None and finding.created.state == "created")
    same_try = (fresh.tries, fresh.tried_at) == (asked.tries, asked.tried_at)
    return fresh.state == asked.state and (same_try or bool(task))


def _past_its_time(message: ClientMessage, now: datetime) -> ClientMessage:
    """A task that the adviser has not confirmed in time is to be called back."""
    late = message.state == "task_created" and not message.wanted and now >= message.expires_at
    return replace(message, wanted="expired") if late else message


def _closed(uow: UnitOfWork, state: str, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason, "done_at": uow.now, "look_at": None}


def _pause(age: timedelta) -> timedelta:
    """A few looks a day at what is old, more often at what is fresh (protocol: do not poll all the time)."""
    if age < timedelta(minutes=10):
        return AGAIN_SOON
    return timedelta(minutes=10) if age < timedelta(hours=2) else timedelta(minutes=30)
