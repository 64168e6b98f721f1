"""Talks of 微信客服 that are moved to whoever serves customers in WeCom's own tool.

    (none) ─▶ wanted ─▶ trying ─▶ moved          a refusal leads back to (none): members go on answering from here
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update

from storage.model.kf import Session, Talk
from storage.repositories.base import Repository
from storage.tables import client_messages, kf_replies, kf_talks

_TALK = tuple(Talk.__slots__)
_ON_THE_WAY = ("queued", "sending")


class KfSessionRepository(Repository):
    def want(self, talk: Talk, servicer_id: str) -> None:
        """From the next turn on, a member is to serve the customer in WeCom's own tool."""
        self._change(talk, session="wanted", servicer_id=servicer_id, session_look_at=self.uow.now, session_tries=0)

    def claim(self, at_most: int, lease: timedelta) -> list[Session]:
        """Talks to be moved now, each with one more try; nobody else gets them before the lease is over. Not before all
        that was said from here has left: a talk that a person serves takes nothing from us."""
        c = kf_talks.c
        said = exists().where(kf_replies.c.talk_id == c.id, kf_replies.c.state.in_(_ON_THE_WAY))
        written = exists().where(client_messages.c.talk_id == c.id, client_messages.c.state.in_(_ON_THE_WAY))
        due = (
            select(c.id).where(c.session_look_at <= self.uow.now, c.session.in_(("wanted", "trying")), ~said, ~written)
            .order_by(c.session_look_at, c.id).limit(at_most).with_for_update(skip_locked=True, of=kf_talks)
        )
        ids = list(self.uow.conn.execute(due).scalars())
        taken = update(kf_talks).where(c.id.in_(ids)).values(
            session="trying", session_tries=c.session_tries + 1, session_look_at=self.uow.now + lease
        ).returning(*(c[name] for name in _TALK), c.servicer_id, c.session_tries)
        rows = self.uow.conn.execute(taken).all() if ids else []
        return [
            Session(Talk(**{name: getattr(row, name) for name in _TALK}), row.servicer_id, row.session_tries)
            for row in rows
        ]

    def moved(self, session: Session) -> bool:
        """A person serves the customer now; False where somebody else wrote down what came of it, or it was asked for
        anew."""
        return self._settle(session, session="moved", session_at=self.uow.now)

    def given_up(self, session: Session) -> bool:
        """It cannot be."""
        return self._settle(session, session="")

    def try_again(self, session: Session, at: datetime) -> None:
        """WeCom did not say."""
        self._settle(session, session="trying", session_look_at=at)

    def servicer(self, talk: Talk) -> str | None:
        """Whom the talk was moved to last."""
        query = select(kf_talks.c.servicer_id).where(kf_talks.c.id == talk.id, kf_talks.c.session == "moved")
        return self.uow.conn.execute(query).scalar_one_or_none()

    def _settle(self, of: Session, **values: Any) -> bool:
        c = kf_talks.c
        mine = (c.id == of.talk.id) & (c.session == "trying") & (c.session_tries == of.tries)
        done = {"session_look_at": None, **values}
        return bool(self.uow.conn.execute(update(kf_talks).where(mine).values(**done)).rowcount)

    def _change(self, talk: Talk, **values: Any) -> None:
        self.uow.conn.execute(update(kf_talks).where(kf_talks.c.id == talk.id).values(**values))
