"""Erasing what is known of a client, but for what the law has kept: one call, one transaction, no way back.

Nothing of it is noted for undo. Contracts, accounts and the audit are records of the firm and stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from storage import journal, tables
from storage.model.people import COLUMNS, Client
from storage.model.tickets import Ticket
from storage.naming import name_keys
from storage.repositories.base import Repository
from storage.repositories.contacts import APART

CAUSE = "资料已封存"
LOST = "lost"
IDENTITY = "id_number"  # how it was checked who he is (`outside_queries`) is kept as long as this, and no longer
_KEPT_COLUMNS = ("kind", "owner_id", "birthday_calendar", "stage", "loss_reason", "name")  # set in words of their own
_MARKS: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone_index", "phone_tail_index"), "id_number": ("id_number_index",), "licence_code": ("licence_index",),
    "birthday": ("birth_day",),
}
# All of these rows of his go.
_GONE = (
    tables.client_tags, tables.earned_tags, tables.opportunities, tables.journey_runs, tables.asset_history,
    tables.tier_history, tables.kf_replies, tables.binding_codes, tables.offers,
)
_UNSENT = ("drafted", "queued", "by_hand")  # messages that still lie here


class ErasureRepository(Repository):
    def had(self, client: Client) -> set[str]:
        """What the client has or had with the firm: contract, account, complaint."""
        t = tables
        found = {
            "contract": [(t.contracts, t.contracts.c.client_id), (t.parties, t.parties.c.client_id)],
            "account": [(t.accounts, t.accounts.c.client_id)],
            "complaint": [(t.tickets, t.tickets.c.client_id), (t.interactions, t.interactions.c.client_id)],
        }
        told = {t.tickets: t.tickets.c.flow == "complaint", t.interactions: t.interactions.c.kind == "complaint"}
        return {
            what for what, places in found.items()
            if any(self._any(table, column == client.id, *([told[table]] if table in told else []))
                   for table, column in places)
        }

    def ends(self, client: Client) -> dict[str, date | None]:
        """When the last of each ended; None while one goes on, or where its end is not known."""
        c, p, a, t = tables.contracts.c, tables.parties.c, tables.accounts.c, tables.tickets.c
        party = c.id.in_(select(p.contract_id).where(p.client_id == client.id))
        mine = select(c.ends_on).where(or_(c.client_id == client.id, party))
        ends_on = [row.ends_on for row in self.uow.conn.execute(mine)]
        accounts = self.uow.conn.execute(select(a.state, a.updated_at).where(a.client_id == client.id)).all()
        told = select(t.ended_at).where(t.client_id == client.id, t.flow == "complaint")
        complaints = [row.ended_at for row in self.uow.conn.execute(told)]
        noted = select(func.max(tables.interactions.c.happened_at)).where(
            tables.interactions.c.client_id == client.id, tables.interactions.c.kind == "complaint"
        )
        if (last := self.uow.conn.execute(noted).scalar_one_or_none()) is not None:
            complaints.append(last)
        return {
            "contract": None if None in ends_on else max(ends_on, default=None),
            "account": max((row.updated_at.date() for row in accounts), default=None)
            if all(row.state == "closed" for row in accounts) else None,
            "complaint": None if None in complaints else max(complaints, default=self.uow.now).date(),
        }

    def erase(
        self, client: Client, ticket: Ticket, *, fields: Collection[str], time_line: Collection[str],
        placeholder: str, loss_reason: str, until: date | None,
    ) -> dict[str, int]:
        """Leave the client fields and the contacts of the kinds that are named; how many rows went, by table. Without
        any field nothing stays but `placeholder` as his name."""
        with self._overwriting():
            return self._erased(client, ticket, fields, time_line, placeholder, loss_reason, until)

    # ------------------------------------------------------------ the parts

    def _erased(
        self, client: Client, ticket: Ticket, fields: Collection[str], time_line: Collection[str],
        placeholder: str, loss_reason: str, until: date | None,
    ) -> dict[str, int]:
        counts = {str(table.name): self._delete(table, table.c.client_id == client.id) for table in _GONE}
        r, i = tables.relations.c, tables.interactions.c
        counts["relations"] = self._delete(tables.relations, or_(r.client_id == client.id, r.other_id == client.id))
        counts["interactions"] = self._delete(
            tables.interactions, i.client_id == client.id, i.kind.not_in(list(time_line))
        )
        counts |= self._silence(client)
        counts |= self._forget_talk(client)
        if IDENTITY not in fields:
            counts["outside_queries"] = self._delete(
                tables.outside_queries, tables.outside_queries.c.client_id == client.id
            )
        if not fields:
            counts |= self._empty_records(client, ticket)
        counts["undo_steps"] = self._forget_undo(client)
        counts["fields"] = self._strip(client, fields, placeholder, loss_reason, until)
        return {name: count for name, count in counts.items() if count}

    def _strip(
        self, client: Client, fields: Collection[str], placeholder: str, loss_reason: str, until: date | None
    ) -> int:
        """The client's own row and names; how many fields went."""
        kept = {name: value for name, value in client.secrets.items() if name in fields}
        name = client.name if "name" in fields else placeholder
        gone = [c for c in COLUMNS if c not in fields and c not in _KEPT_COLUMNS and getattr(client, c) is not None]
        marks = [mark for source, marks in _MARKS.items() if source not in fields for mark in marks]
        self.uow.conn.execute(update(tables.clients).where(tables.clients.c.id == client.id).values(
            **dict.fromkeys([*(c for c in COLUMNS if c not in fields and c not in _KEPT_COLUMNS), *marks]),
            name=name, stage=LOST, loss_reason=loss_reason, tier_set_by=None,
            attrs={name: value for name, value in client.attrs.items() if name in fields},
            secrets=self.uow.seal("clients.secrets", client.id, kept) if kept else None,
            erased_at=self.uow.now, kept_until=until, version=client.version + 1, updated_at=self.uow.now,
            updated_by=self.uow.actor.user_id,
        ))  # fmt: skip
        self._delete(tables.client_names, tables.client_names.c.client_id == client.id)
        for how, key in sorted(name_keys(name, (), enterprise=client.kind == "enterprise")):
            if how == "name":
                self.uow.insert(tables.client_names, {
                    "client_id": client.id, "owner_id": client.owner_id, "how": how, "key": key,
                })  # fmt: skip
        bags = [n for n in (*client.attrs, *client.secrets) if n not in fields]
        return len(gone) + len(bags)

    def _silence(self, client: Client) -> dict[str, int]:
        """Nothing is done or sent for him any more, and what was to be is without words."""
        c, m = tables.reminders.c, tables.client_messages
        wordless: dict[str, Any] = {"text": None, "result": None, "reason": None, "data": {}}
        self.uow.conn.execute(update(tables.reminders).where(c.client_id == client.id).values(**wordless))
        cancelled = self.uow.conn.execute(
            update(tables.reminders).where(c.client_id == client.id, c.state == "open").values(
                state="cancelled", cause=CAUSE, done_at=self.uow.now, done_by=self.uow.actor.user_id,
                version=c.version + 1,
            )
        ).rowcount
        self.uow.conn.execute(update(m).where(m.c.client_id == client.id, m.c.state.in_(_UNSENT)).values(
            state="cancelled", reason="erased", look_at=None, version=m.c.version + 1,
        ))  # fmt: skip
        messages = list(self.uow.conn.execute(select(m.c.id).where(m.c.client_id == client.id)).scalars())
        for row_id in messages:
            empty = self.uow.seal("client_messages.text", row_id, "")
            self.uow.conn.execute(update(m).where(m.c.id == row_id).values(text=empty))
        return {"reminders": cancelled, "client_messages": len(messages)}

    def _forget_talk(self, client: Client) -> dict[str, int]:
        """What he said in 微信客服, the proof of who he is, and which WeChat is his."""
        k, t, c, b = tables.kf_messages.c, tables.kf_talks.c, tables.contacts.c, tables.bindings.c
        who = {
            row.external_userid for column in (k, t, c, b)
            for row in self.uow.conn.execute(select(column.external_userid).where(column.client_id == client.id))
        }
        self._delete(tables.customer_states, tables.customer_states.c.external_userid.in_(who))
        said = self._set(
            tables.kf_messages, or_(k.client_id == client.id, k.external_userid.in_(who)), text=None, data={}
        )
        self._set(tables.kf_talks, t.client_id == client.id, client_id=None, owner_id=None)
        self._set(tables.contacts, c.client_id == client.id, c.state == "linked", state="unmatched")
        self._set(
            tables.contacts, c.client_id == client.id, client_id=None, owner_id=None, nickname=None, how=APART,
            look_at=None,
        )
        bound = self._set(
            tables.bindings, b.client_id == client.id, b.revoked_at.is_(None), revoked_at=self.uow.now,
            revoked_by=self.uow.actor.user_id,
        )
        return {"kf_messages": said, "bindings": bound}

    def _empty_records(self, client: Client, ticket: Ticket) -> dict[str, int]:
        """Of whom nothing is kept: other tickets without words or papers, no questionnaires, no words of consents."""
        t, s = tables.tickets.c, tables.ticket_steps.c
        others = list(self.uow.conn.execute(
            select(t.id).where(t.client_id == client.id, t.id != ticket.id)
        ).scalars())  # fmt: skip
        for row_id in others:
            self._set(tables.tickets, t.id == row_id, details=self.uow.seal("tickets.details", row_id, {}))
        self._set(tables.ticket_steps, s.ticket_id.in_(others), words=None)
        self._set(tables.consents, tables.consents.c.client_id == client.id, evidence=None)
        return {
            "tickets": len(others), "ticket_papers": self._delete(
                tables.ticket_papers, tables.ticket_papers.c.ticket_id.in_(others)
            ),
            "assessments": self._delete(tables.assessments, tables.assessments.c.client_id == client.id),
        }

    def _forget_undo(self, client: Client) -> int:
        """Acts about him that could still be taken back would bring back what is gone."""
        u = tables.undo_steps.c
        found = [
            row.id for row in self.uow.conn.execute(select(u.id, u.changes)).all()
            if any(_is_about(change, client.id) for change in
                   journal.load(self.uow.vault.open("undo_steps.changes", row.id, row.changes)))
        ]
        return self._delete(tables.undo_steps, u.id.in_(found))

    # ------------------------------------------------------------ inside

    @contextmanager
    def _overwriting(self) -> Iterator[None]:
        """SQLite leaves what was deleted in the file until its place is used again, unless it is told not to."""
        sqlite = self.uow.conn.dialect.name == "sqlite"
        before = self.uow.conn.exec_driver_sql("PRAGMA secure_delete").scalar_one() if sqlite else None
        if sqlite:
            self.uow.conn.exec_driver_sql("PRAGMA secure_delete=ON")
        try:
            yield
        finally:
            if sqlite:
                self.uow.conn.exec_driver_sql(f"PRAGMA secure_delete={before}")

    def _any(self, table: Table, *where: ColumnElement[bool]) -> bool:
        return self.uow.conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one() > 0

    def _delete(self, table: Table, *where: ColumnElement[bool]) -> int:
        return self.uow.conn.execute(delete(table).where(*where)).rowcount

    def _set(self, table: Table, *where: ColumnElement[bool], **values: Any) -> int:
        return self.uow.conn.execute(update(table).where(*where).values(**values)).rowcount


def _is_about(change: journal.Change, client_id: int) -> bool:
    images = [image for image in (change.before, change.after) if image is not None]
    column = "id" if change.table == "clients" else "client_id"
    return any(client_id in (image.get(column), image.get("other_id")) for image in images)
