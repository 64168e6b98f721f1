"""Campaigns: one approved text to the clients of a segment, each adviser for the own ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, insert, or_, select

from storage.model.care import Campaign
from storage.model.errors import NotFound
from storage.model.ids import new_id
from storage.repositories.base import Repository
from storage.scope import visible
from storage.tables import campaigns, client_messages, clients, contracts, interactions

_PLACE = "campaigns.conditions"
_SEGMENT = "campaigns.segment"  # conditions as they were typed, or the name of some
SAME_DAY = timedelta(hours=24)
TALKS = ("call", "visit", "meeting", "wechat", "note")  # kinds of contact in which somebody spoke


@dataclass(frozen=True, slots=True)
class Effect:
    """Of clients who have a campaign's text: how many, with how many somebody spoke after it, how many bought."""

    reached: int
    spoken: int
    bought: int


@dataclass(frozen=True, slots=True)
class Left:
    """Clients who have a campaign's text and signed nothing since: how many, with how many of them nobody spoke after
    it, and the first of them."""

    count: int
    silent: int
    first: list[Reached]


@dataclass(frozen=True, slots=True)
class Reached:
    """A client who has a campaign's text since `at`; whether somebody spoke with him after it."""

    client_id: int
    name: str
    owner_id: str
    at: datetime
    spoken: bool


class CampaignRepository(Repository):
    def add(
        self, name: str, *, template: str, template_version: str, occasion: str, segment: str, conditions: str,
        chosen: int, left_out: Mapping[str, int],
    ) -> Campaign:
        """Keep what was decided, as the actor."""
        campaign = Campaign(
            new_id(), self.uow.actor.user_id, name, template, template_version, occasion, segment, chosen,
            dict(left_out), self.uow.now,
        )
        sealed = self.uow.seal(_PLACE, campaign.id, conditions) if conditions else None
        row = {f: getattr(campaign, f) for f in Campaign.__slots__}
        row |= {"segment": self.uow.seal(_SEGMENT, campaign.id, segment), "conditions": sealed}
        self.uow.conn.execute(insert(campaigns).values(row))
        self.uow.audit.record(
            "create", "campaign", campaign.id, template=template, chosen=chosen, left_out=dict(left_out)
        )
        return campaign

    def latest(self, name: str) -> list[Campaign]:
        """The newest campaign of a name that the reader, or somebody below, began or has a part of, with those of the
        same day: of a festival each adviser has one of his own. Empty when there is none."""
        query = select(campaigns).where(campaigns.c.name == name, self._known())
        found = self._read(query.order_by(campaigns.c.created_at.desc(), campaigns.c.id.desc()).limit(500))
        return [c for c in found if found[0].created_at - c.created_at < SAME_DAY]

    def names(self, limit: int = 10) -> list[str]:
        """Names of the newest campaigns that the reader may see, each once."""
        query = select(campaigns.c.name).where(self._known())
        found = self.uow.execute(query.order_by(campaigns.c.id.desc()).limit(200))
        return list(dict.fromkeys(row.name for row in found))[:limit]

    def _known(self) -> ColumnElement[bool]:
        """Begun by the reader or somebody below, or with a text to a client in scope."""
        part = exists().where(client_messages.c.campaign_id == campaigns.c.id, self.mine(client_messages))
        return or_(visible(self.uow.own_scope, campaigns.c.user_id), part)

    def effect(self, campaign_ids: Collection[int]) -> Effect:
        """What followed with the clients in scope who have the text, or whose adviser says so."""
        got = self._got(campaign_ids)
        query = select(
            func.count().label("reached"), func.count().filter(_spoken(got)).label("spoken"),
            func.count().filter(_bought(got)).label("bought"),
        ).select_from(got)  # fmt: skip
        return Effect(**self.uow.execute(query).one()._mapping)

    def not_bought(self, campaign_ids: Collection[int], limit: int) -> Left:
        """Clients in scope who have the text and signed nothing since, not lost: those with whom nobody spoke first."""
        got = self._got(campaign_ids)
        spoken = case((_spoken(got), 1), else_=0).label("spoken")
        left = (
            select(clients.c.id, clients.c.name, clients.c.owner_id, got.c.done_at, spoken)
            .select_from(got.join(clients, clients.c.id == got.c.client_id))
            .where(~_bought(got), clients.c.stage != "lost").cte("left_to_ask")
        )
        counted = select(left, func.count().over().label("total"), func.sum(left.c.spoken).over().label("talked"))
        found = self.uow.execute(counted.order_by(left.c.spoken, left.c.owner_id, left.c.id).limit(limit)).all()
        first = [Reached(row.id, row.name, row.owner_id, row.done_at, bool(row.spoken)) for row in found]
        return Left(found[0].total, found[0].total - int(found[0].talked), first) if found else Left(0, 0, first)

    def _got(self, campaign_ids: Collection[int]) -> Subquery:
        """(client_id, done_at) of clients in scope who have the text, by what WeCom or the adviser says; of several
        texts, since the first."""
        m = client_messages.c
        return select(m.client_id, func.min(m.done_at).label("done_at")).where(
            m.campaign_id.in_(list(campaign_ids)), self.mine(client_messages), m.state.in_(("delivered", "told_sent"))
        ).group_by(m.client_id).subquery()

    def get(self, campaign_id: int) -> Campaign:
        """A campaign by its id, whoever began it: advisers below are given their part of it. Raises NotFound."""
        found = self._read(select(campaigns).where(campaigns.c.id == campaign_id))
        if not found:
            raise NotFound("没有找到这次群发活动。")
        return found[0]

    def _read(self, query: Select[Any]) -> list[Campaign]:
        rows = self.uow.execute(query)
        return [self._campaign(row) for row in rows]

    def _campaign(self, row: Any) -> Campaign:
        values = {f: getattr(row, f) for f in Campaign.__slots__}
        return Campaign(**values | {"segment": self.uow.unseal(_SEGMENT, row.id, row.segment)})


def _spoken(got: Subquery) -> ColumnElement[bool]:
    return exists().where(
        interactions.c.client_id == got.c.client_id, interactions.c.happened_at > got.c.done_at,
        interactions.c.kind.in_(TALKS), interactions.c.author_id != "system",
    )


def _bought(got: Subquery) -> ColumnElement[bool]:
    return exists().where(contracts.c.client_id == got.c.client_id, contracts.c.created_at > got.c.done_at)
