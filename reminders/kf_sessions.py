"""Who asks for a person is given one: his talk is moved to whoever answers for him, in WeCom's own tool, where that
member serves customers there and is on duty. Else all stays as it was: he hears of it here and answers from here.

The intent commits before WeCom is asked, and WeCom says who serves a customer, so an unclear outcome is looked up. No
transaction is open meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from reminders.kf_answers import window_of
from reminders.kf_line import KfLine, Moved
from reminders.kf_telling import put
from reminders.kf_words import session_words
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.model.clock import Clock
from storage.model.kf import Session
from storage.repositories.kf import KfRepository
from storage.repositories.kf_sessions import KfSessionRepository

log = structlog.get_logger(__name__)

BATCH = 5  # two calls each, and all before `LEASE` is over
LEASE = timedelta(seconds=90)
PAUSE = 5.0  # seconds, at least, where WeCom was not asked
MOST_TRIES = 6


class KfSessions:
    """Any number of processes may do so side by side."""

    def __init__(
        self, database: Database, line: KfLine, post: Post, clock: Clock, zone: ZoneInfo, *,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._line, self._post, self._clock, self._zone = database, line, post, clock, zone
        self._on_queued = on_queued

    async def step(self) -> int:
        """One turn, one talk after the other; how many were looked at."""
        sessions = await self._database.run(partial(self._take, self._clock.now()))
        for session in sessions:
            talk = session.talk
            moved = await self._line.move(talk.open_kfid, talk.external_userid, session.servicer_id)
            await self._database.run(partial(self._record, session, moved, self._clock.now()))
        if sessions:
            self._on_queued()
        return len(sessions)

    def _take(self, now: datetime) -> Sequence[Session]:
        with self._database.system(now) as uow:
            claimed = KfSessionRepository(uow).claim(BATCH, LEASE)
            return [session for session in claimed if self._is_wanted(uow, session)]

    @staticmethod
    def _is_wanted(uow: UnitOfWork, session: Session) -> bool:
        """Whether it still makes sense; it is given up where it does not."""
        user = uow.users.find(session.servicer_id)
        served = KfRepository(uow).is_with_staff(session.talk)
        late = uow.now >= window_of(uow, session.talk).until or session.tries > MOST_TRIES
        if user is not None and user.active and not served and not late:
            return True
        KfSessionRepository(uow).given_up(session)
        log.info("kf.session_given_up", talk=session.talk.id, tries=session.tries, served=served)
        return False

    def _record(self, session: Session, moved: Moved, now: datetime) -> None:
        """Write down what WeCom said, and tell who serves the customer now."""
        with self._database.system(now) as uow:
            sessions = KfSessionRepository(uow)
            match moved.state:
                case "moved":
                    if sessions.moved(session):
                        self._tell(uow, session, moved)
                case "refused":
                    sessions.given_up(session)
                case "not_asked":
                    sessions.try_again(session, now + timedelta(seconds=max(moved.retry_after, PAUSE)))
                case "unclear":
                    sessions.try_again(session, now + LEASE)
        log.info("kf.session", talk=session.talk.id, state=moved.state, reason=moved.reason)

    def _tell(self, uow: UnitOfWork, session: Session, moved: Moved) -> None:
        user, client_id = uow.users.find(session.servicer_id), session.talk.client_id
        if user is None:
            return
        name = uow.clients.get(client_id).name if client_id is not None else "没绑定的微信用户"
        by_him = moved.servicer_id.casefold() in ("", session.servicer_id.casefold())
        key = f"kf:session:{session.talk.id}:{int(uow.now.timestamp())}"
        put(uow, self._post, user, session_words(name, by_him=by_him), key, self._zone)
