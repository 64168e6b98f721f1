"""Who is whose customer in WeCom, and which client that is.

A relation belongs to the member who has it there (`user_id`); what it tells of a client follows the client's owner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from storage.model.care import Contact
from storage.model.errors import NotFound
from storage.model.ids import new_id
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import contacts

_PLACE = "contacts.nickname"
LONGEST_NICKNAME = 60
UNKNOWN = ("new", "unmatched")  # states in which it is open who a customer is
APART = "apart"  # a value of `how`: the member took the link away, so no phone brings it back


class ContactRepository(Repository):
    def added(self, user_id: str, external_userid: str) -> Contact:
        """A customer has added the member (again): to be looked up at once. What was linked stays linked."""
        known = self.find(user_id, external_userid)
        if known is None:
            row_id = new_id()
            self.uow.insert(contacts, {
                "id": row_id, "user_id": user_id, "external_userid": external_userid, "state": "new", "how": "",
                "added_at": self.uow.now, "look_at": self.uow.now, "lost_by": "",
            })
            self.uow.audit.record("add", "contact", row_id)
        elif known.state in ("lost", "kf"):
            state = "linked" if known.client_id is not None else "new"
            self._change(known, state=state, lost_at=None, lost_by="", added_at=self.uow.now, look_at=self.uow.now)
        return self._known(user_id, external_userid)

    def find(self, user_id: str, external_userid: str, *, lock: bool = False) -> Contact | None:
        """The relation of a member with a customer, lost or not. With `lock` kept from others until the unit ends."""
        query = select(contacts).where(
            contacts.c.user_id == user_id, contacts.c.external_userid == external_userid
        )
        return next(iter(self._read(query.with_for_update() if lock else query)), None)

    def get(self, contact_id: int) -> Contact:
        """A relation of a member in the reader's scope. Raises NotFound."""
        found = self._read(select(contacts).where(contacts.c.id == contact_id, self._theirs()))
        if not found:
            raise NotFound("没有找到这位微信客户，可能已不是好友。")
        return found[0]

    def of_client(self, client_id: int, user_id: str) -> Contact | None:
        """The relation by which the member can reach the client; of several the newest."""
        query = select(contacts).where(
            contacts.c.client_id == client_id, contacts.c.user_id == user_id, contacts.c.state == "linked"
        )
        return next(iter(self._read(query.order_by(contacts.c.added_at.desc(), contacts.c.id.desc()))), None)

    def client_of(self, external_userid: str) -> int | None:
        """Which client a customer is, whoever of the members has him: of several links the one that the client's own
        adviser made, then one that still stands, then the newest. A friendship that has ended still says who it was."""
        linked = self._read(select(contacts).where(
            contacts.c.external_userid == external_userid, contacts.c.client_id.is_not(None)
        ))
        best = max(
            linked, key=lambda c: (c.user_id == c.owner_id, c.state == "linked", c.added_at, c.id), default=None
        )
        return best.client_id if best else None

    def of_user(self, user_id: str, states: Collection[str]) -> list[Contact]:
        """The member's relations in these states, the newest first."""
        query = select(contacts).where(contacts.c.user_id == user_id, contacts.c.state.in_(list(states)))
        return self._read(query.order_by(contacts.c.added_at.desc(), contacts.c.id.desc()))

    def to_look_up(self, limit: int) -> list[Contact]:
        """Relations of which WeCom is to be asked who it is, the longest waiting first."""
        due = or_(contacts.c.look_at.is_(None), contacts.c.look_at <= self.uow.now)
        query = select(contacts).where(contacts.c.state == "new", due)
        return self._read(query.order_by(contacts.c.look_at, contacts.c.id).limit(limit))

    def look_again(self, contact: Contact, at: datetime) -> bool:
        """Ask WeCom (again) at that instant; False when it is known by now who it is, or the relation has ended."""
        return any(
            self.uow.update(
                contacts, {"id": contact.id, "state": state, "client_id": None}, {"state": "new", "look_at": at}
            )
            for state in UNKNOWN
        )

    def unmatched(self, contact: Contact, nickname: str) -> None:
        """Looked up, and no client found: the adviser is asked. A link made meanwhile stays."""
        values = {"state": "unmatched", "look_at": None, "nickname": self._sealed(contact, nickname)}
        self.uow.update(contacts, {"id": contact.id, "client_id": None}, values)

    def link(self, contact: Contact, client: Client, how: str, nickname: str = "") -> None:
        """This customer is that client. `how`: phone, hand or asked."""
        self.refuse_if_locked(client)
        kept = {"nickname": self._sealed(contact, nickname)} if nickname else {}
        self._change(
            contact, state="linked", client_id=client.id, owner_id=client.owner_id, how=how, look_at=None, **kept,
        )
        self.uow.audit.record("link", "contact", contact.id, client_id=client.id, how=how)

    def met_in_kf(self, user_id: str, external_userid: str, client: Client) -> None:
        """The member says that who wrote to 微信客服 is this client, whether he is a friend of the member or not."""
        contact = self.find(user_id, external_userid)
        if contact is not None:
            self.link(contact, client, "asked")
            return
        row_id = new_id()
        self.uow.insert(contacts, {
            "id": row_id, "user_id": user_id, "external_userid": external_userid, "client_id": client.id,
            "owner_id": client.owner_id, "state": "kf", "how": "asked", "added_at": self.uow.now, "lost_by": "",
        })
        self.uow.audit.record("link", "contact", row_id, client_id=client.id, how="asked")

    def unlink(self, contact: Contact) -> None:
        """It is not who the member thought; from now on only he says who it is."""
        self._change(contact, state="unmatched", client_id=None, owner_id=None, how=APART)
        self.uow.audit.record("unlink", "contact", contact.id, client_id=contact.client_id)

    def lost(self, contact: Contact, by: str) -> bool:
        """The relation has ended; False when that was known. `by`: client, adviser, or pull."""
        if contact.state == "lost":
            return False
        self._change(contact, state="lost", lost_at=self.uow.now, lost_by=by, look_at=None)
        self.uow.audit.record("lose", "contact", contact.id, client_id=contact.client_id, by=by)
        return True

    # ------------------------------------------------------------ inside

    def _theirs(self) -> Any:
        return visible(self.uow.own_scope, contacts.c.user_id)

    def _known(self, user_id: str, external_userid: str) -> Contact:
        found = self.find(user_id, external_userid)
        assert found is not None
        return found

    def _change(self, contact: Contact, **values: Any) -> None:
        self.uow.update(contacts, {"id": contact.id}, values)

    def _sealed(self, contact: Contact, nickname: str) -> bytes | None:
        return self._words(_PLACE, contact.id, nickname, LONGEST_NICKNAME)

    def _read(self, query: Select[Any]) -> list[Contact]:
        return [self._contact(row) for row in self.uow.execute(query)]

    def _contact(self, row: Any) -> Contact:
        return Contact(
            row.id, row.user_id, row.external_userid, row.client_id, row.owner_id,
            self.uow.unseal(_PLACE, row.id, row.nickname) or "", row.state, row.how, row.added_at, row.lost_at,
            row.lost_by, row.look_at,
        )
