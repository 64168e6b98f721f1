"""Answers in 微信客服: the steps that are taken in the database, each one transaction.

    queued ─window, gate─▶ sending ─▶ sent (─▶ failed, where WeCom says later that it did not arrive)
       └─▶ refused, expired   └─▶ expired, failed

The window (48 hours, 5 answers) is counted in the ledger, under a lock on the talk, at the moment of sending. The
intent (`sending`) commits with the id under which WeCom takes the text once; so after an unclear outcome the same id
is tried again, and no customer gets a text twice. Each try asks first whose the talk is by now, and the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from reminders.care_words import CareNews
from reminders.first_answers import answered
from reminders.gate import Asked, Verdict, may_send
from reminders.kf_line import Answered, Leaving
from reminders.lifetime import leaves_at
from reminders.outgoing import Post
from reminders.senders import as_sender
from storage.database import Database, UnitOfWork
from storage.model.care import UNCLEAR, ClientMessage
from storage.model.clock import local_date
from storage.model.kf import KfWindow, Talk
from storage.model.messages import cut
from storage.model.people import SYSTEM, Client, User
from storage.model.work import Reminder
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository

log = structlog.get_logger(__name__)

MOST_TRIES = 6
RETRY = timedelta(seconds=90)  # longer than the calls of one turn may take
BEHIND = timedelta(seconds=2)
LATE_REASONS = ("kf_late", "kf_count")


def window_of(uow: UnitOfWork, talk: Talk) -> KfWindow:
    """How often, and until when, the customer may be answered."""
    by_members = ClientMessageRepository(uow).answers_since(talk.id, talk.said_at)
    return KfWindow(talk.said_at, by_members + KfReplyRepository(uow).answers_since(talk.id, talk.said_at))


def is_of(uow: UnitOfWork, talk: Talk, client: Client) -> bool:
    """Whether the customer of a talk is still known to be this client: a link can be mended after he wrote."""
    return talk.client_id == client.id == ContactRepository(uow).client_of(talk.external_userid)


def call_instead(uow: UnitOfWork, user: User, client: Client, text: str, zone: ZoneInfo) -> Reminder:
    """A task for who could not answer in 微信客服: to reach the client in another way, with what was to be said."""
    return uow.reminders.add(
        receiver_id=user.id, remind_at=uow.now, due_on=local_date(uow.now, zone), category="task", timed=False,
        text=f"联系{client.name}：微信客服已不能回复，要说的是「{cut(text, 120)}」", client=client,
    )


class KfAnswers:
    """Called in a database thread."""

    def __init__(self, database: Database, post: Post, zone: ZoneInfo) -> None:
        self._database, self._post, self._zone = database, post, zone

    # ------------------------------------------------------------ before the call

    def take(self, owner: str, limit: int, now: datetime) -> tuple[list[Leaving[ClientMessage]], int]:
        """(answers whose intent is written, how many were looked at)."""
        news = CareNews()
        with self._database.system(now) as uow:
            claimed = ClientMessageRepository(uow).claim(owner, limit, kf=True)
            # By talk, as their locks are taken: of two processes neither waits for the other's.
            claimed.sort(key=lambda message: (message.talk_id or 0, message.id))
            for message in claimed:
                if message.state == "failed":  # its words do not open
                    news.add(message)
            readable = [message for message in claimed if message.state != "failed"]
            leaving = [out for message in readable if (out := self._admit(uow, message, news))]
            news.post(uow, self._post, self._zone)
        return leaving, len(claimed)

    def _admit(self, uow: UnitOfWork, message: ClientMessage, news: CareNews) -> Leaving[ClientMessage] | None:
        """The answer as it stands with its intent written; None when nothing is to be sent now."""
        messages = ClientMessageRepository(uow)
        talk = KfRepository(uow).hold(message.talk_id) if message.talk_id else None
        if message.state == "queued" and messages.is_behind_another(message):
            messages.change(message, look_at=uow.now + BEHIND)
            return None
        values = self._judged(uow, message, talk)
        uow.act_as(SYSTEM)
        if values is not None or talk is None:
            self._move(uow, message, news, **(values or _closed(uow, "failed", "request")))
            return None
        intent: dict[str, Any] = {
            "state": "sending", "msgid": f"a{message.id}", "tries": message.tries + 1, "look_at": uow.now + RETRY,
            "tried_at": message.tried_at or uow.now,
        }
        if not messages.change(message, **intent):
            return None
        moved = replace(message, **intent, version=message.version + 1)
        return Leaving(moved, talk.open_kfid, message.external_userid or "", moved.msgid or "", message.text)

    def _judged(self, uow: UnitOfWork, message: ClientMessage, talk: Talk | None) -> dict[str, Any] | None:
        """What the window and the gate make of it; None when it may go."""
        if talk is None:
            return _closed(uow, "failed", "request")
        tried = message.state == "sending"  # and it is not known what became of it
        client, window = as_sender(uow, message), window_of(uow, talk)
        if client is None or not is_of(uow, talk, client):
            why = "handed_over" if client is None else "unlinked"
            return _closed(uow, "failed", UNCLEAR) if tried else _closed(uow, "refused", why)
        if tried and (message.tries >= MOST_TRIES or uow.now >= window.until):
            return _closed(uow, "failed", UNCLEAR)
        if not tried and (why := window.closed(uow.now)):
            return _closed(uow, "expired", why)
        asked = replace(Asked.of(message, client), answers=talk.said_at)
        return _held(uow, message, window, may_send(uow, asked, self._zone, stage="send"))

    # ------------------------------------------------------------ after it

    def record(self, message: ClientMessage, answered: Answered, now: datetime) -> None:
        """Write down what WeCom said, and tell who answered."""
        news = CareNews()
        with self._database.system(now) as uow:
            fresh = ClientMessageRepository(uow).find(message.id)
            if fresh is None or fresh.state != "sending":
                return
            self._move(uow, fresh, news, **self._after(uow, fresh, answered))
            news.post(uow, self._post, self._zone)

    @staticmethod
    def _after(uow: UnitOfWork, message: ClientMessage, answered: Answered) -> dict[str, Any]:
        tried_before = message.tries > 1
        match answered.state:
            case "sent":
                return {"state": "sent", "sent_at": uow.now, "done_at": uow.now, "look_at": None}
            case "closed" | "refused" if tried_before:
                return _closed(uow, "failed", UNCLEAR)  # an earlier try may have got through
            case "closed":
                state = "expired" if answered.reason in LATE_REASONS else "failed"
                return _closed(uow, state, answered.reason)
            case "refused":
                return _closed(uow, "failed", answered.reason)
            case "not_asked":
                wait = timedelta(seconds=max(answered.retry_after, 5.0))
                back = {} if tried_before else {"state": "queued", "tried_at": None}
                return {**back, "tries": message.tries - 1, "look_at": uow.now + wait}
            case "unclear":
                return {"look_at": uow.now + RETRY}

    # ------------------------------------------------------------ both

    def _move(self, uow: UnitOfWork, message: ClientMessage, news: CareNews, **values: Any) -> None:
        if not ClientMessageRepository(uow).change(message, **values):
            return
        state = values.get("state", message.state)
        if state == message.state:
            return
        moved = replace(message, **values)
        log.info("kf.moved", id=message.id, before=message.state, after=state, reason=values.get("reason", ""))
        if state in ("sent", "expired"):
            self._follow_up(uow, moved)
        news.add(moved)

    def _follow_up(self, uow: UnitOfWork, message: ClientMessage) -> None:
        """What was sent is on the time line, and the silence clock starts again; what came too late is a task."""
        client, sender = as_sender(uow, message), uow.users.find(message.sender_id)
        if message.state == "expired":
            if client is not None and sender is not None:
                call_instead(uow, sender, client, message.text, self._zone)
        else:
            if client is None:  # handed over since: sent it was, all the same
                uow.act_as(SYSTEM)
                client = uow.clients.get(message.client_id)
            uow.interactions.add(client, "wechat", f"微信客服回复：{message.text}")
            uow.clients.touch(client)
            uow.act_as(SYSTEM)
            answered(uow, client.id, sender)
        uow.act_as(SYSTEM)


def _closed(uow: UnitOfWork, state: str, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason, "done_at": uow.now, "look_at": None}


def _held(uow: UnitOfWork, message: ClientMessage, window: KfWindow, verdict: Verdict) -> dict[str, Any] | None:
    """What comes of the gate's verdict; None when the answer may go. Of one that was tried nobody can say that it was
    not sent."""
    if verdict.allowed:
        return None
    tried = message.state == "sending"
    if verdict.until is not None and verdict.until < window.until:
        if tried:
            return {"look_at": verdict.until}
        at = leaves_at(verdict.until, message.client_id, uow.now, window.until)
        return {"look_at": at, "not_before": verdict.until}
    return _closed(uow, "failed", UNCLEAR) if tried else _closed(uow, "refused", verdict.codes[0])
