"""What ends a client's way through a journey, as conditions on the client: bought, opted out, a complaint …

The same grounds keep a client from coming in. Complaints and claims that only `OPEN_MATTERS` of the gate know of are
asked one client at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from config.pack import Condition, Journey, Packs
from reminders import gate_checks
from reminders.rule_conditions import compile_condition
from storage.database import UnitOfWork
from storage.model.journeys import Why
from storage.model.people import Client
from storage.tables import clients, consents, contracts, journey_runs

LOST = "lost"
_CLIENT = frozenset({"client"})


@dataclass(frozen=True, slots=True)
class Since:
    """From when on what a client buys counts, and which contract brought him in and does not: columns of a row of
    `journey_runs`, or what is about to become one."""

    at: ColumnElement[Any] = journey_runs.c.since
    origin: ColumnElement[Any] = journey_runs.c.origin
    origin_id: ColumnElement[Any] = journey_runs.c.origin_id


RUN = Since()


def stops(journey: Journey, packs: Packs, zone: ZoneInfo, since: Since = RUN) -> Mapping[Why, ColumnElement[bool]]:
    """The grounds on which the journey ends for a row of `clients`, the gravest first. Each is true or false, also
    where a field is empty."""
    wanted = set(journey.stop_on)
    found: dict[Why, ColumnElement[bool]] = {
        "deceased": or_(_says(packs, zone, "contact_limit", "deceased"), clients.c.loss_reason == gate_checks.DIED)
    }
    if "restricted" in wanted:
        found["restricted"] = _says(packs, zone, "contact_limit", "restricted")
    if "opted_out" in wanted:
        found["opted_out"] = _refuses(purposes_of(journey, packs))
    if "complaint" in wanted:
        found["complaint"] = _says(packs, zone, "complaint_open", True)
    if "claim" in wanted:
        found["claim"] = _says(packs, zone, "claim_open", True)
    if "lost" in wanted:
        found["lost"] = clients.c.stage == LOST
    if "bought" in wanted:
        found["bought"] = _bought(since)
    return {why: func.coalesce(ground, false()) for why, ground in found.items()}


def purposes_of(journey: Journey, packs: Packs) -> frozenset[str]:
    """What clients are written to for on the way; care, where nothing is written at all."""
    occasions = {packs.template(step.care).occasion for step in journey.steps if step.care}
    return frozenset(packs.occasion(name).purpose for name in occasions) or frozenset({"care"})


def _says(packs: Packs, zone: ZoneInfo, field: str, value: str | bool) -> ColumnElement[bool]:
    """The client's own record says so; never where the packs have no such field."""
    if f"client.{field}" not in packs.paths:
        return clients.c.id.is_(None)
    return compile_condition(Condition(field=f"client.{field}", op="=", value=value), packs, _CLIENT, zone)


def _refuses(purposes: Collection[str]) -> ColumnElement[bool]:
    """The client's last word on one of these purposes was no."""
    later = consents.alias("later")
    overruled = exists().where(
        later.c.client_id == consents.c.client_id, later.c.purpose == consents.c.purpose,
        or_(later.c.at > consents.c.at, and_(later.c.at == consents.c.at, later.c.id > consents.c.id)),
    )  # fmt: skip
    return exists().where(
        consents.c.client_id == clients.c.id, consents.c.purpose.in_(sorted(purposes)), consents.c.granted.is_(False),
        ~overruled,
    )  # fmt: skip


def _bought(since: Since) -> ColumnElement[bool]:
    """A contract was entered since, other than the one that brought the client in."""
    # What it is compared with may stand two statements further out, which is looked for only when it is said.
    return exists().where(
        contracts.c.client_id == clients.c.id, contracts.c.created_at > since.at,
        or_(since.origin != "contract", contracts.c.id != since.origin_id),
    ).correlate_except(contracts)  # fmt: skip


def by_open_matters(uow: UnitOfWork, among: Collection[int] | None = None) -> dict[int, Why]:
    """Runs in progress whose client has a complaint or claim that no field of the record tells of, by their ids."""
    if not _beside_the_record():
        return {}
    query = select(journey_runs.c.id, journey_runs.c.journey, journey_runs.c.client_id)
    if among is not None:
        query = query.where(journey_runs.c.client_id.in_(list(among)))
    found: dict[int, Why] = {}
    for run in uow.conn.execute(query.where(journey_runs.c.state == "running")).all():
        journey = uow.packs.find_journey(run.journey)
        if journey and (why := open_matter(uow, journey, uow.clients.get(run.client_id))):
            found[run.id] = why
    return found


def open_matter(uow: UnitOfWork, journey: Journey, client: Client) -> Why | None:
    """A complaint or claim that ends the journey and that no field of the client's record tells of."""
    codes = {matter.code for source in _beside_the_record() for matter in source(uow, client)}
    whys: tuple[Literal["complaint", "claim"], ...] = ("complaint", "claim")
    return next((why for why in whys if why in codes and why in journey.stop_on), None)


def _beside_the_record() -> list[gate_checks.OpenMatters]:
    return [source for source in gate_checks.OPEN_MATTERS if source is not gate_checks.matters_on_record]
