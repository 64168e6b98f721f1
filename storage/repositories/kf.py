"""微信客服: bells, readings by cursor, what customers said, and their talks.

An account is read by one process at a time, under a lease; a page is kept together with the cursor behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, case, delete, exists, func, or_, select, update

from storage.model.errors import Corrupt
from storage.model.ids import new_id
from storage.model.kf import WINDOW, Heard, HeardState, KfAccount, Said, Talk
from storage.model.people import Client
from storage.prepared import Prepared, insert_ignoring
from storage.repositories.base import Repository
from storage.tables import client_messages, kf_accounts, kf_messages, kf_replies, kf_talks

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
MOST_TRIES = 5
LONGEST_TEXT = 2048
UNREADABLE = "（这条留言在系统里读不出来，请到企业微信里看原文）"
SESSION_ENDED = "3"  # change_type of session_status_change (path/94670)
_PLACE = "kf_messages.text"
_OPEN = Prepared(insert_ignoring(kf_accounts, "open_kfid"))
_KEEP = Prepared(insert_ignoring(kf_messages, "key"))
_HEARD = tuple(f for f in Heard.__slots__ if f not in ("msgid", "text"))


class KfRepository(Repository):
    # ------------------------------------------------------------ accounts

    def rung(self, open_kfid: str, token: str, at: datetime) -> None:
        """A bell: something waits on the account. Bells may come late, twice, or in any order: the newest token
        stays."""
        self.uow.run(_OPEN, {
            "open_kfid": open_kfid, "cursor": "", "token": "", "token_at": None, "bells": 0, "closed": False,
            "look_at": self.uow.now, "lease_owner": None, "lease_until": None,
        })
        newer = or_(kf_accounts.c.token_at.is_(None), kf_accounts.c.token_at <= at)
        self.uow.conn.execute(
            update(kf_accounts).where(kf_accounts.c.open_kfid == open_kfid).values(
                token=case((newer, token), else_=kf_accounts.c.token),
                token_at=case((newer, at), else_=kf_accounts.c.token_at),
                bells=kf_accounts.c.bells + 1, look_at=self.uow.now, closed=False,
            )
        )

    def withdrawn(self, open_kfid: str) -> None:
        """The account was taken from the app: nothing can be read from it any more, until it rings again."""
        self.uow.conn.execute(update(kf_accounts).where(kf_accounts.c.open_kfid == open_kfid).values(closed=True))

    def claim(self, owner: str) -> KfAccount | None:
        """The account that has waited longest to be read, leased to `owner`; None when none waits."""
        now = self.uow.now
        free = or_(kf_accounts.c.lease_until.is_(None), kf_accounts.c.lease_until < now)
        query = (
            select(kf_accounts).where(kf_accounts.c.look_at <= now, kf_accounts.c.closed.is_(False), free)
            .order_by(kf_accounts.c.look_at, kf_accounts.c.open_kfid).limit(1)
        )
        if self.uow.conn.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        row = self.uow.conn.execute(query).first()
        if row is None:
            return None
        self.uow.conn.execute(
            update(kf_accounts).where(kf_accounts.c.open_kfid == row.open_kfid)
            .values(lease_owner=owner, lease_until=now + LEASE)
        )
        return KfAccount(row.open_kfid, row.cursor, row.token, row.token_at, row.bells, owner)

    def advance(self, account: KfAccount, cursor: str) -> bool:
        """Read up to here; False when another process reads the account by now, and nothing may be kept."""
        return self._held(account, cursor=cursor, lease_until=self.uow.now + LEASE)

    def rest(self, account: KfAccount, look_at: datetime) -> None:
        """Let the account go until then; at once where a bell rang meanwhile."""
        rang = kf_accounts.c.bells != account.bells
        at = case((rang, self.uow.now), else_=look_at)
        self._held(account, lease_owner=None, lease_until=None, look_at=at)

    def lease_owners(self) -> set[str]:
        """Who reads accounts now."""
        query = select(kf_accounts.c.lease_owner).where(kf_accounts.c.lease_owner.is_not(None)).distinct()
        return set(self.uow.conn.execute(query).scalars())

    def end_leases(self, owner: str) -> None:
        """An owner is no more: what he read is to be read by others, from where it was kept."""
        self.uow.conn.execute(
            update(kf_accounts).where(kf_accounts.c.lease_owner == owner)
            .values(lease_owner=None, lease_until=None, look_at=self.uow.now)
        )

    # ------------------------------------------------------------ what was said

    def keep(self, open_kfid: str, said: Said) -> bool:
        """Keep a message; False when it was kept before."""
        row_id = new_id()
        return bool(self.uow.run(_KEEP, {
            "id": row_id, "key": f"{open_kfid}:{said.msgid}", "open_kfid": open_kfid,
            "external_userid": said.external_userid, "client_id": None, "owner_id": None, "origin": said.origin,
            "kind": said.kind, "text": self._words(_PLACE, row_id, said.text, LONGEST_TEXT), "data": dict(said.data),
            "said_at": said.said_at, "created_at": self.uow.now, "state": "new", "tries": 0,
        }))

    def untold(self, open_kfid: str, limit: int) -> list[Heard]:
        """What nobody was told of yet, in the order in which it came."""
        query = select(kf_messages).where(kf_messages.c.state == "new", kf_messages.c.open_kfid == open_kfid)
        return self._read(query.order_by(kf_messages.c.id).limit(limit))

    def told(self, heard: Heard, client: Client | None) -> bool:
        """Done with; it tells of this client, or of nobody we know. False when somebody else was first."""
        whose = {"client_id": client.id, "owner_id": client.owner_id} if client else {}
        return self._change(heard, state="done", **whose)

    def put_off(self, heard: Heard) -> HeardState:
        """Telling failed: again later, and after some tries never; the state it is in now, done where somebody else
        told of it meanwhile."""
        state: HeardState = "parked" if heard.tries + 1 >= MOST_TRIES else "new"
        return state if self._change(heard, tries=heard.tries + 1, state=state) else "done"

    def recall(self, open_kfid: str, msgid: str) -> None:
        """The customer took a message back: its words are not kept."""
        self.uow.conn.execute(
            update(kf_messages).where(kf_messages.c.key == f"{open_kfid}:{msgid}").values(text=None, kind="recalled")
        )

    def conceal(self, heard: Heard) -> None:
        """What proves who somebody is was read, and is kept no longer."""
        self.uow.conn.execute(update(kf_messages).where(kf_messages.c.id == heard.id).values(text=None, kind="private"))

    def is_with_staff(self, talk: Talk) -> bool:
        """Whether a person serves the customer in WeCom's own tool: what is known last says so, within the window."""
        serving = or_(kf_messages.c.origin == "staff", kf_messages.c.kind == "event:session_status_change")
        query = select(kf_messages.c.origin, kf_messages.c.data, kf_messages.c.said_at).where(
            kf_messages.c.open_kfid == talk.open_kfid, kf_messages.c.external_userid == talk.external_userid, serving,
            kf_messages.c.said_at > self.uow.now - WINDOW,
        ).order_by(kf_messages.c.said_at.desc(), kf_messages.c.id.desc())
        row = self.uow.conn.execute(query.limit(1)).first()
        moved_at = self.uow.conn.execute(
            select(kf_talks.c.session_at).where(kf_talks.c.id == talk.id, kf_talks.c.session == "moved")
        ).scalar_one_or_none()
        if moved_at is not None and moved_at > self.uow.now - WINDOW and (row is None or row.said_at < moved_at):
            return True
        return row is not None and (row.origin == "staff" or row.data.get("change_type") != SESSION_ENDED)

    def of_client(self, client_id: int, limit: int = 20) -> list[Heard]:
        """What a client in scope, and staff in WeCom's own tool, said; the newest first."""
        query = select(kf_messages).where(
            kf_messages.c.client_id == client_id, self.mine(kf_messages), kf_messages.c.origin != "system"
        )
        return self._read(query.order_by(kf_messages.c.said_at.desc(), kf_messages.c.id.desc()).limit(limit))

    def purge(self, strangers_before: datetime, before: datetime) -> int:
        """Forget what was said long ago, earlier what nobody we know said; how many rows went."""
        strange = kf_messages.c.client_id.is_(None) & (kf_messages.c.created_at < strangers_before)
        gone = (
            delete(kf_messages).where(strange | (kf_messages.c.created_at < before), kf_messages.c.state != "new"),
            delete(kf_talks).where(kf_talks.c.client_id.is_(None), kf_talks.c.said_at < strangers_before),
        )
        return sum(self.uow.conn.execute(statement).rowcount for statement in gone)

    # ------------------------------------------------------------ talks

    def talk(self, open_kfid: str, external_userid: str, said_at: datetime, client: Client | None) -> Talk:
        """The talk after the customer said something (again), with who he is known to be now."""
        known = self._talk(kf_talks.c.open_kfid == open_kfid, kf_talks.c.external_userid == external_userid)
        client_id, owner_id = (client.id, client.owner_id) if client else (None, None)
        if known is None:
            made = Talk(new_id(), open_kfid, external_userid, client_id, owner_id, said_at)
            self.uow.conn.execute(kf_talks.insert().values({f: getattr(made, f) for f in Talk.__slots__}))
            return made
        now = replace(known, said_at=max(known.said_at, said_at), client_id=client_id, owner_id=owner_id)
        self.uow.conn.execute(
            update(kf_talks).where(kf_talks.c.id == now.id)
            .values(said_at=now.said_at, client_id=client_id, owner_id=owner_id)
        )
        return now

    def talk_of(self, client_id: int) -> Talk | None:
        """The talk in which a client in scope said something last."""
        return self._talk(kf_talks.c.client_id == client_id, self.mine(kf_talks))

    def who_wrote(self, client_ids: Collection[int]) -> set[int]:
        """Which of these clients in scope are in a talk."""
        query = select(kf_talks.c.client_id).where(kf_talks.c.client_id.in_(list(client_ids)), self.mine(kf_talks))
        return set(self.uow.execute(query).scalars())

    def unanswered(self, since: datetime, limit: int = 50) -> list[Heard]:
        """The last message of each client in scope who wrote since then and was not answered after it, by us or by
        staff in WeCom's own tool; the longest waiting first."""
        answers, staff = client_messages, kf_messages.alias("staff")
        went = answers.c.state.in_(("queued", "sending", "sent"))
        answered_at = func.coalesce(answers.c.sent_at, answers.c.tried_at, answers.c.created_at)
        by_bot = exists().where(
            kf_replies.c.talk_id == kf_talks.c.id, kf_replies.c.state.in_(("queued", "sending", "sent")),
            kf_replies.c.to_person.is_(False), kf_replies.c.created_at >= kf_talks.c.said_at,
        )
        by_us = exists().where(answers.c.talk_id == kf_talks.c.id, went, answered_at >= kf_talks.c.said_at)
        by_staff = exists().where(
            staff.c.open_kfid == kf_talks.c.open_kfid, staff.c.external_userid == kf_talks.c.external_userid,
            staff.c.origin == "staff", staff.c.said_at >= kf_talks.c.said_at,
        )
        last = (
            (kf_messages.c.open_kfid == kf_talks.c.open_kfid) & (kf_messages.c.said_at == kf_talks.c.said_at)
            & (kf_messages.c.external_userid == kf_talks.c.external_userid) & (kf_messages.c.origin == "customer")
            & (kf_messages.c.client_id == kf_talks.c.client_id)
        )
        query = (
            select(kf_messages).join(kf_talks, last)
            .where(self.mine(kf_talks), kf_talks.c.said_at >= since, ~by_us, ~by_staff, ~by_bot)
            .order_by(kf_talks.c.said_at, kf_messages.c.id).limit(limit)
        )
        of_talk = {(heard.open_kfid, heard.external_userid): heard for heard in self._read(query)}
        return list(of_talk.values())

    def adopt(self, talk: Talk, client: Client) -> None:
        """Nobody knew who he is; from now on the talk, and what was said in it, is this client's."""
        whose = {"client_id": client.id, "owner_id": client.owner_id}
        self.uow.conn.execute(update(kf_talks).where(kf_talks.c.id == talk.id).values(**whose))
        said = (
            kf_messages.c.open_kfid == talk.open_kfid, kf_messages.c.external_userid == talk.external_userid,
            kf_messages.c.client_id.is_(None), kf_messages.c.state != "new",
        )
        self.uow.conn.execute(update(kf_messages).where(*said).values(**whose))

    def hold(self, talk_id: int) -> Talk | None:
        """The talk, kept from all who would answer in it until this unit of work ends."""
        return self._talk(kf_talks.c.id == talk_id, lock=True)

    # ------------------------------------------------------------ inside

    def _held(self, account: KfAccount, **values: Any) -> bool:
        mine = (kf_accounts.c.open_kfid == account.open_kfid) & (kf_accounts.c.lease_owner == account.lease_owner)
        return bool(self.uow.conn.execute(update(kf_accounts).where(mine).values(**values)).rowcount)

    def _change(self, heard: Heard, **values: Any) -> bool:
        untold = (kf_messages.c.id == heard.id) & (kf_messages.c.state == "new")
        return bool(self.uow.conn.execute(update(kf_messages).where(untold).values(**values)).rowcount)

    def _talk(self, *where: Any, lock: bool = False) -> Talk | None:
        query = select(kf_talks).where(*where).order_by(kf_talks.c.said_at.desc(), kf_talks.c.id).limit(1)
        row = self.uow.execute(query.with_for_update() if lock else query).first()
        return Talk(**{f: getattr(row, f) for f in Talk.__slots__}) if row else None

    def _read(self, query: Select[Any]) -> list[Heard]:
        return [self._heard(row) for row in self.uow.execute(query)]

    def _heard(self, row: Any) -> Heard:
        return Heard(
            **{f: getattr(row, f) for f in _HEARD}, msgid=row.key.partition(":")[2],
            text=self._text(row),
        )

    def _text(self, row: Any) -> str:
        """The words. Where they do not open, that is said: he did write, and who serves him can look in WeCom."""
        try:
            return self.uow.unseal(_PLACE, row.id, row.text) or ""
        except Corrupt:
            log.error("kf.corrupt", message=row.id)
            return UNREADABLE
