"""Tiers of clients: set by hand, or computed from their assets by the standard in force, or by the conditions of the
packs; and the history of all.

What somebody set by hand stays until it is given back. Clients whose assets are not known, and lost ones, keep the
tier they have. Every computation is one pass over all books in SQL, and a second one changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, null, or_, select, update

from storage.model.errors import Conflict
from storage.model.ids import new_id
from storage.model.people import Client
from storage.model.tiers import Mover, Moves, TierChange, TierReason
from storage.repositories.base import Repository
from storage.scope import binds
from storage.tables import clients, tier_history
from storage.tiers import Standard

_OF_CHANGE = [tier_history.c[name] for name in TierChange.__slots__]


class TierRepository(Repository):
    # ------------------------------------------------------------ by hand

    def marks(self, values: Mapping[str, Any], client: Client | None = None) -> dict[str, Any]:
        """What a write of these fields (of `client` as it was, or of a new one) says of who set the tier: the actor,
        nobody where it is taken away; empty where it does not change. The system's own writes set nothing by hand."""
        scheme = self.uow.packs.asset_scheme
        if scheme is None or scheme.name not in values or self.uow.actor.role == "system":
            return {}
        if client is not None and client.value(scheme.name) == values[scheme.name]:
            return {}
        return {"tier_set_by": self.uow.actor.user_id if values[scheme.name] else None}

    def note_by_hand(self, client: Client, values: Mapping[str, Any]) -> None:
        """Note in the history what such a write changed of `client` as it was."""
        scheme = self.uow.packs.asset_scheme
        if scheme is not None and self.marks(values, client):
            self._note(client, scheme.name, client.value(scheme.name), values[scheme.name], "hand")
        if self.uow.actor.role == "system":
            return
        for name in (scheme.name for scheme in self.uow.packs.condition_schemes):
            if name in values and client.value(name) != values[name]:
                self._note(client, name, client.value(name), values[name], "hand")

    def set_by(self, client_id: int) -> str | None:
        """Who set the tier of a client in scope by hand; None for one that is computed."""
        query = select(clients.c.tier_set_by).where(clients.c.id == client_id, self.mine(clients))
        found: str | None = self.uow.execute(query).scalar_one_or_none()
        return found

    def keep(self, client: Client, scheme: str) -> None:
        """Hold the tier that a client has, as if it had been set by hand."""
        tier = client.value(scheme)
        self._write(client, {"tier_set_by": self.uow.actor.user_id})
        self._note(client, scheme, tier, tier, "hand")
        self.uow.audit.record("update", "client", client.id, client_id=client.id, fields=[["tier_set_by", "", "hand"]])

    def keep_from_conditions(self, client: Client, scheme: str) -> None:
        """The same in a scheme by conditions, where the history alone tells a hand."""
        self._note(client, scheme, client.value(scheme), client.value(scheme), "hand")
        self.uow.audit.record("update", "client", client.id, client_id=client.id, fields=[[scheme, "", "hand"]])

    def is_computed(self, client_id: int, scheme: str) -> bool:
        """Whether a computation, not a hand, had the last word on a client in scope, in a scheme by conditions."""
        last = next((change for change in self.of_client(client_id) if change.scheme == scheme), None)
        return last is not None and last.reason != "hand"

    def give_back_to_conditions(self, client: Client, scheme: str) -> None:
        """Let conditions decide about a client again, from the next computation on."""
        self._note(client, scheme, client.value(scheme), client.value(scheme), "given_back")
        self.uow.audit.record("update", "client", client.id, client_id=client.id, fields=[[scheme, "hand", ""]])

    def give_back(self, client: Client, standard: Standard) -> str | None:
        """Let the standard decide about a client again, from now on; the tier that it gives. To be called with the
        standard held. Raises Conflict."""
        was = client.value(standard.scheme)
        became = was if client.aum is None or client.stage == "lost" else standard.tier_for(client.aum).name
        self._write(client, {"tier_set_by": None, standard.scheme: became})
        self._note(client, standard.scheme, was, became, "given_back", standard.version)
        changed = [[standard.scheme, was, became]] if was != became else []
        self.uow.audit.record(
            "update", "client", client.id, client_id=client.id, fields=[["tier_set_by", "hand", ""], *changed]
        )
        return became

    def by_hand(self, standard: Standard, limit: int) -> list[Mover]:
        """Clients in scope whose tier somebody set, with the one that the standard gives (None without assets); those
        first where the two differ, the largest assets first."""
        given = case((clients.c.aum.is_(None), null()), else_=_computed(standard))
        has = func.coalesce(clients.c.aum, literal(0, clients.c.aum.type))
        query = (
            select(clients.c.id, clients.c.name, clients.c.owner_id, clients.c[standard.scheme], given, clients.c.aum)
            .where(clients.c.tier_set_by.is_not(None), self.own(clients))
            .order_by(case((differs(standard), 0), else_=1), has.desc(), clients.c.id).limit(limit)
        )
        rows: Any = self.uow.execute(query)
        found = [Mover(*row) for row in rows]
        self.uow.audit.listed("client", [(row.client_id, row.client_id) for row in found], section="tiers")
        return found

    def count_by_hand(self, standard: Standard) -> tuple[int, int]:
        """How many clients in scope have a tier that somebody set, and for how many the standard gives another."""
        other = func.coalesce(func.sum(case((differs(standard), 1), else_=0)), 0)
        query = select(func.count(), other).where(clients.c.tier_set_by.is_not(None), self.own(clients))
        row: Any = self.uow.execute(query).one()
        return int(row[0]), int(row[1])

    def hands_by_owner(self, standard: Standard) -> list[tuple[str, int, int]]:
        """`count_by_hand` of every adviser, over all books, the most first: counts, and no client by himself."""
        other = func.sum(case((differs(standard), 1), else_=0))
        query = (
            select(clients.c.owner_id, func.count(), other).where(clients.c.tier_set_by.is_not(None))
            .group_by(clients.c.owner_id).order_by(func.count().desc(), clients.c.owner_id)
        )
        rows: Any = self.uow.conn.execute(query)
        return [(owner, int(count), int(differing)) for owner, count, differing in rows]

    def give_back_all(self, standard: Standard) -> int | None:
        """Let the standard decide about every client in scope whose tier somebody set, and give them the tier that it
        makes; the `change_id` that their lines of history have in common, None when there was nobody. Nobody else is
        touched. To be called with the standard held."""
        change_id, tier = new_id(), clients.c[standard.scheme]
        chosen = select(
            clients.c.id, literal(change_id), clients.c.owner_id, literal(standard.scheme), tier,
            case((differs(standard), _computed(standard)), else_=tier).label("became"),
            literal("given_back"), literal(standard.version), clients.c.aum, literal(self.uow.actor.user_id),
            literal(self.uow.now, tier_history.c.at.type),
        ).where(clients.c.tier_set_by.is_not(None), self.own(clients)).with_for_update().params(binds(self.uow.actor))
        names = "client_id change_id owner_id scheme was became reason version amount set_by at".split()
        self.uow.conn.execute(insert(tier_history).from_select(names, select(chosen.subquery())))
        given = self._moved(change_id)
        if not given:
            return None
        self._set(change_id, {"tier_set_by": None, standard.scheme: tier_history.c.became})
        self.uow.audit.record("give_back", "tier", standard.scheme, clients=given, count=len(given))
        return change_id

    def entrust(self) -> None:
        """Give every client whose assets are known to the computation, for records that come with their history."""
        self.uow.conn.execute(update(clients).where(clients.c.aum.is_not(None)).values(tier_set_by=None))

    # ------------------------------------------------------------ computed

    def would_move(self, standard: Standard) -> list[Moves]:
        """Who would change by a standard, over all books, by adviser; also those who stay because of a hand."""
        who = select(
            clients.c.owner_id, clients.c[standard.scheme].label("was"), _computed(standard).label("became"),
            case((clients.c.tier_set_by.is_not(None), 1), else_=0).label("by_hand"), clients.c.aum,
        ).where(differs(standard)).subquery()  # fmt: skip
        columns = (who.c.owner_id, who.c.was, who.c.became, who.c.by_hand)
        query = select(*columns, func.count(), func.sum(who.c.aum)).group_by(*columns)
        order = (who.c.owner_id, who.c.by_hand, func.count().desc(), who.c.became)
        found: Any = self.uow.conn.execute(query.order_by(*order))
        return [Moves(owner, was, became, bool(hand), count, aum) for owner, was, became, hand, count, aum in found]

    def would_move_first(self, standard: Standard, most: int) -> list[Mover]:
        """Some of those who would change, the largest assets first. Reads over all books: who asks must not be shown
        more of them than he may see."""
        query = (
            select(clients.c.id, clients.c.name, clients.c.owner_id, clients.c[standard.scheme],
                   _computed(standard), clients.c.aum)
            .where(differs(standard), clients.c.tier_set_by.is_(None))
            .order_by(clients.c.aum.desc(), clients.c.id).limit(most)
        )  # fmt: skip
        found: Any = self.uow.conn.execute(query)
        return [Mover(*row) for row in found]

    def compute(self, standard: Standard, reason: TierReason) -> int | None:
        """Give every client the tier that his assets make, with a line of history each; None when nobody changed,
        else the `change_id` that these lines have in common.

        The rows are locked as they are chosen, so one that somebody changes meanwhile is judged as he left it. To be
        called with the standard held."""
        change_id = new_id()
        chosen = select(
            clients.c.id, literal(change_id), clients.c.owner_id, literal(standard.scheme),
            clients.c[standard.scheme], _computed(standard), literal(reason), literal(standard.version),
            clients.c.aum, literal(self.uow.now, tier_history.c.at.type),
        ).where(differs(standard), clients.c.tier_set_by.is_(None)).with_for_update().subquery()  # fmt: skip
        names = "client_id change_id owner_id scheme was became reason version amount at".split()
        self.uow.conn.execute(insert(tier_history).from_select(names, select(chosen)))
        moved = self._moved(change_id)
        if not moved:
            return None
        self._set(change_id, {standard.scheme: tier_history.c.became})
        self.uow.audit.record(
            "compute", "tier", standard.scheme, clients=moved, reason=reason, version=standard.version, count=len(moved)
        )
        return change_id

    def compute_by_conditions(self, scheme: str, became: ColumnElement[str]) -> int | None:
        """Give every client of an empty or a computed tier the one that conditions make; None when nobody changed, else
        the `change_id` of their lines of history. The rows are locked as they are chosen."""
        change_id, tier = new_id(), clients.c[scheme]
        chosen = select(
            clients.c.id, literal(change_id), clients.c.owner_id, literal(scheme), tier, became,
            literal("condition"), literal(self.uow.now, tier_history.c.at.type),
        ).where(clients.c.stage != "lost", tier.is_distinct_from(became), _no_hand(scheme)).with_for_update()
        names = "client_id change_id owner_id scheme was became reason at".split()
        self.uow.conn.execute(insert(tier_history).from_select(names, select(chosen.subquery())))
        moved = self._moved(change_id)
        if not moved:
            return None
        self._set(change_id, {scheme: tier_history.c.became})
        self.uow.audit.record("compute", "tier", scheme, clients=moved, reason="condition", count=len(moved))
        return change_id

    # ------------------------------------------------------------ history

    def of_client(self, client_id: int) -> list[TierChange]:
        """The history of one client in scope, newest first."""
        query = select(*_OF_CHANGE).where(tier_history.c.client_id == client_id, self.mine(tier_history))
        found: Any = self.uow.execute(query.order_by(tier_history.c.at.desc(), tier_history.c.change_id.desc()))
        return [TierChange(*row) for row in found]

    def held(self, scheme: str) -> dict[str, tuple[int, Decimal]]:
        """How many clients in scope have each tier, and their assets in yuan; lost ones left out."""
        tier, has = clients.c[scheme], func.coalesce(clients.c.aum, literal(0, clients.c.aum.type))
        query = select(tier, func.count(), func.sum(has)).where(
            tier.is_not(None), clients.c.stage != "lost", self.mine(clients)
        )
        found: Any = self.uow.execute(query.group_by(tier))
        return {name: (count, amount) for name, count, amount in found}

    def moved_since(self, since: datetime, limit: int) -> list[Mover]:
        """Clients in scope whose tier changed since an instant, one line a change, newest first."""
        query = (
            select(tier_history.c.client_id, clients.c.name, tier_history.c.owner_id, tier_history.c.was,
                   tier_history.c.became, clients.c.aum)
            .join(clients, clients.c.id == tier_history.c.client_id)
            .where(self._changed(since), self.mine(tier_history))
            .order_by(tier_history.c.at.desc(), clients.c.aum.desc(), tier_history.c.client_id).limit(limit)
        )  # fmt: skip
        rows: Any = self.uow.execute(query)
        found = [Mover(*row) for row in rows]
        self.uow.audit.listed("client", [(row.client_id, row.client_id) for row in found], section="tiers")
        return found

    def moves_since(self, since: datetime) -> list[Moves]:
        """How many clients in scope changed since an instant, by adviser and tiers."""
        return self._counted(self._changed(since), self.mine(tier_history))

    def moves_of(self, change_id: int) -> list[Moves]:
        """The same of one computation, over all books."""
        return self._counted(tier_history.c.change_id == change_id)

    # ------------------------------------------------------------ inside

    def _counted(self, *which: ColumnElement[bool]) -> list[Moves]:
        columns = (tier_history.c.owner_id, tier_history.c.was, tier_history.c.became)
        has = func.coalesce(clients.c.aum, literal(0, clients.c.aum.type))
        query = (
            select(*columns, func.count(), func.sum(has)).join(clients, clients.c.id == tier_history.c.client_id)
            .where(*which).group_by(*columns).order_by(func.count().desc(), *columns)
        )  # fmt: skip
        found: Any = self.uow.execute(query)
        return [Moves(owner, was, became or "", False, count, aum) for owner, was, became, count, aum in found]

    def _changed(self, since: datetime) -> ColumnElement[bool]:
        became = func.coalesce(tier_history.c.became, "")
        return and_(tier_history.c.at >= since, func.coalesce(tier_history.c.was, "") != became)

    def _moved(self, change_id: int) -> Sequence[int]:
        query = select(tier_history.c.client_id).where(tier_history.c.change_id == change_id)
        return self.uow.conn.execute(query).scalars().all()

    def _set(self, change_id: int, values: Mapping[str, Any]) -> None:
        """Write values to every client of a change."""
        stamped = {"version": clients.c.version + 1, "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id}
        of_change = (tier_history.c.client_id == clients.c.id, tier_history.c.change_id == change_id)
        self.uow.conn.execute(update(clients).where(*of_change).values({**values, **stamped}))

    def _write(self, client: Client, values: Mapping[str, Any]) -> None:
        stamped = {
            **values, "version": client.version + 1, "updated_at": self.uow.now, "updated_by": self.uow.actor.user_id
        }
        if not self.uow.update(clients, {"id": client.id, "version": client.version}, stamped):
            raise Conflict()

    def _note(
        self, client: Client, scheme: str, was: str | None, became: str | None, reason: TierReason,
        version: int | None = None,
    ) -> None:
        self.uow.insert(tier_history, {
            "client_id": client.id, "change_id": new_id(), "owner_id": client.owner_id, "scheme": scheme, "was": was,
            "became": became, "reason": reason, "version": version, "amount": client.aum,
            "set_by": self.uow.actor.user_id, "at": self.uow.now,
        })


def _computed(standard: Standard) -> ColumnElement[str]:
    """The tier that a client's assets make."""
    lowest, *higher = standard.tiers
    steps = [(clients.c.aum >= tier.assets_from, tier.name) for tier in reversed(higher)]
    return case(*steps, else_=lowest.name) if steps else literal(lowest.name)


def _no_hand(scheme: str) -> ColumnElement[bool]:
    """Whose tier of a scheme by conditions is empty, or had its last change by a computation."""
    h = tier_history.c
    last = (
        select(h.reason).where(h.client_id == clients.c.id, h.scheme == scheme)
        .order_by(h.at.desc(), h.change_id.desc()).limit(1).correlate(clients).scalar_subquery()
    )
    return or_(clients.c[scheme].is_(None), last != "hand")


def differs(standard: Standard) -> ColumnElement[bool]:
    """Whose tier is not the one that his assets make."""
    tier = clients.c[standard.scheme]
    return and_(
        clients.c.aum.is_not(None), clients.c.stage != "lost", or_(tier.is_(None), tier != _computed(standard))
    )
