"""The bot's own answers in 微信客服: the steps that are taken in the database, each one transaction.

    queued ─window, binding, gate─▶ sending ─▶ sent (─▶ failed, where WeCom says later that it did not arrive)
       └─▶ expired, failed             └─▶ failed

As with members' answers the intent commits with the id under which WeCom takes the text once. What tells of a client
leaves only while the binding that it stands on holds and the gate has nothing against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from reminders.gate import Asked, may_send
from reminders.gate_checks import STILL_AWAKE, first_hour
from reminders.kf_answers import MOST_TRIES, RETRY, is_of
from reminders.kf_attending import KEPT_FOR_PEOPLE
from reminders.kf_line import Answered, Leaving
from reminders.kf_telling import adviser_of, put
from reminders.kf_words import bot_failed_words
from reminders.outgoing import Post
from reminders.ticket_news import ask_to_pass_on, state_words, ticket_of
from storage.database import Database, UnitOfWork
from storage.model.care import UNCLEAR
from storage.model.kf import MOST_ANSWERS, WINDOW, Talk
from storage.model.messages import cut
from storage.model.self_service import KfReply
from storage.repositories.bindings import BindingRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository

log = structlog.get_logger(__name__)

WELCOME_WITHIN = timedelta(seconds=18)  # WeCom gives 20 (path/95122)
LONGEST_NOTED = 200
STALE = "moved_on"  # why news of a ticket is not sent: nobody misses it


class KfReplies:
    """Called in a database thread."""

    def __init__(self, database: Database, post: Post, zone: ZoneInfo) -> None:
        self._database, self._post, self._zone = database, post, zone

    def take(self, owner: str, limit: int, now: datetime) -> tuple[list[Leaving[KfReply]], int]:
        """(answers whose intent is written, how many were looked at)."""
        with self._database.system(now) as uow:
            claimed = KfReplyRepository(uow).claim(owner, limit)
            leaving = [out for reply in claimed if (out := self._admit(uow, reply)) is not None]
        return leaving, len(claimed)

    def _admit(self, uow: UnitOfWork, reply: KfReply) -> Leaving[KfReply] | None:
        """The answer as it stands with its intent written; None when nothing is to be sent now."""
        values = self._judged(uow, reply)
        if values is not None:
            self._move(uow, reply, **values)
            return None
        intent: dict[str, Any] = {
            "state": "sending", "tries": reply.tries + 1, "look_at": uow.now + RETRY,
            "tried_at": reply.tried_at or uow.now,
        }
        if not KfReplyRepository(uow).move(reply, **intent):
            return None
        return Leaving(
            replace(reply, **intent), reply.open_kfid, reply.external_userid, reply.msgid, reply.text,
            reply.welcome_code,
        )

    def _judged(self, uow: UnitOfWork, reply: KfReply) -> dict[str, Any] | None:
        """What speaks against it; None when it may go."""
        tried = reply.state == "sending"  # and it is not known what became of it
        lasts = WELCOME_WITHIN if reply.welcome_code else WINDOW
        if not reply.text:
            return _ended("failed", "unreadable")
        if not tried and _is_stale(uow, reply):
            return _ended("expired", STALE)
        if uow.now >= reply.said_at + lasts or reply.tries >= MOST_TRIES:
            return _ended("failed", UNCLEAR) if tried else _ended("expired", "kf_late")
        if reply.welcome_code:
            return None
        talk = KfRepository(uow).hold(reply.talk_id) if reply.talk_id else None
        if talk is None:
            return _ended("failed", "request")
        if not tried and not _has_room(uow, reply, talk):
            return _ended("expired", "kf_count")
        return self._told_of_a_client(uow, reply, talk) or self._too_late_an_hour(uow, reply)

    def _told_of_a_client(self, uow: UnitOfWork, reply: KfReply, talk: Talk) -> dict[str, Any] | None:
        if reply.binding_id is None:
            return None
        client = uow.clients.get(reply.client_id) if reply.client_id is not None else None
        if client is None or not is_of(uow, talk, client) or not BindingRepository(uow).holds(reply.binding_id):
            return _ended("failed", "unlinked")
        verdict = may_send(uow, Asked.answer(client, reply.text, reply.said_at), self._zone, stage="send")
        if verdict.allowed:
            return None
        return {"look_at": verdict.until} if verdict.until else _ended("failed", verdict.codes[0])

    def _too_late_an_hour(self, uow: UnitOfWork, reply: KfReply) -> dict[str, Any] | None:
        """Who wrote long ago may be asleep by now."""
        at = first_hour(uow, self._zone)
        return {"look_at": at} if at > uow.now and uow.now - reply.said_at > STILL_AWAKE else None

    def record(self, row: KfReply, answered: Answered, now: datetime) -> None:
        """Write down what WeCom said."""
        with self._database.system(now) as uow:
            self._move(uow, row, **_after(uow, row, answered))

    def _move(self, uow: UnitOfWork, reply: KfReply, **values: Any) -> None:
        if not KfReplyRepository(uow).move(reply, **values):
            return
        state = values.get("state", reply.state)
        if state == reply.state:
            return
        log.info("kf.reply_moved", id=reply.id, before=reply.state, after=state, reason=values.get("reason", ""))
        if state in ("failed", "expired") and not reply.welcome_code and values["reason"] != STALE:
            tell_of_failure(uow, self._post, reply, values["reason"], self._zone)
        elif state == "sent" and reply.binding_id is not None and reply.client_id is not None:
            client = uow.clients.get(reply.client_id)
            uow.interactions.add(client, "wechat", f"智能助手答复：{cut(reply.text, LONGEST_NOTED)}")


def tell_of_failure(uow: UnitOfWork, post: Post, reply: KfReply, reason: str, zone: ZoneInfo) -> None:
    """Whoever has the client believes him answered: he hears that he is not. News of a ticket he is to pass on."""
    client = uow.clients.get(reply.client_id) if reply.client_id is not None else None
    if client is not None and (news := ticket_of(uow, reply)) is not None:
        ask_to_pass_on(uow, post, news[0], client, state_words(uow, *news), zone)
        return
    user = adviser_of(uow, client) if client is not None else None
    if client is not None and user is not None:
        put(uow, post, user, bot_failed_words(client.name, reason), f"kf:reply:{reply.id}", zone)


def _is_stale(uow: UnitOfWork, reply: KfReply) -> bool:
    """Whether it tells of a ticket that is somewhere else by now."""
    news = ticket_of(uow, reply)
    return news is not None and news[0].state != news[1]


def _has_room(uow: UnitOfWork, reply: KfReply, talk: Talk) -> bool:
    """Whether the window still holds an answer besides the one that is kept for people."""
    by_members = ClientMessageRepository(uow).answers_since(talk.id, talk.said_at)
    by_bot = KfReplyRepository(uow).answers_since(talk.id, talk.said_at, but=reply.id)
    return by_members + by_bot + KEPT_FOR_PEOPLE < MOST_ANSWERS


def _after(uow: UnitOfWork, reply: KfReply, answered: Answered) -> dict[str, Any]:
    tried_before = reply.tries > 1
    match answered.state:
        case "sent":
            return {"state": "sent", "sent_at": uow.now, "look_at": None}
        case "closed" | "refused":
            # An earlier try may have got through.
            return _ended("failed", UNCLEAR if tried_before else answered.reason)
        case "not_asked":
            wait = timedelta(seconds=max(answered.retry_after, 5.0))
            back = {} if tried_before else {"state": "queued", "tried_at": None}
            return {**back, "tries": reply.tries - 1, "look_at": uow.now + wait}
        case "unclear":
            return {"look_at": uow.now + RETRY}


def _ended(state: str, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason, "look_at": None}
