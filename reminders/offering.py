"""A client without an adviser of his own goes to one by rule, who accepts him or does not. Who says no, or nothing in
time, makes way for the next by rule; when there is none left, his manager has the client and is told.

Everything here is the rules' doing, not a member's: it is done as the system and stands so in the audit. An offer is
answered once, whoever comes first: a tap, a word, or its time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reminders.assigning import pick
from reminders.supervisors import supervisor_of
from reminders.ticket_limits import Nudge
from reminders.working_hours import WorkingHours
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, Option, Select, Text, cut
from storage.model.offers import ORIGIN_WORDS, Offer, OfferOrigin, OfferState, Prospect
from storage.model.people import Client, User
from storage.repositories.offers import prospect_of

ACCEPT, DECLINE, WHY = "offer.accept", "offer.decline", "why"
# Why an adviser may not want a client, to tap; others can be written.
REASONS: Mapping[str, str] = {
    "full": "手上客户太多", "far": "不在我的区域", "line": "不是我的业务", "conflict": "有利益关系", "other": "其他",
}  # fmt: skip
AT_ONCE = 100
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom the rules in force give a client to."""

    user: User
    rule: str
    label: str
    version: int


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What became of an offer that was not accepted: the next one, or else the `manager` who has the client now. Where
    there is nobody above either he stays with whom he was offered to. `moved`: he was somebody else's already."""

    offer: Offer | None = None
    manager: User | None = None
    moved: bool = False

    @property
    def words(self) -> str:
        """已转给下一位同事"""
        if self.moved:
            return "已经转给别人"
        nobody = "没有别的同事和主管可以转，还在原来的顾问名下，请联系运营"
        return "已转给下一位同事" if self.offer else "已转给主管" if self.manager else nobody


def choose(uow: UnitOfWork, prospect: Prospect, tried: Collection[str] = ()) -> Chosen | None:
    """Whom the rules in force give such a client to, but for those who were `tried`."""
    book = uow.assignments.in_force()
    people = [user for user in uow.users.all("adviser") if user.id not in tried]
    loads, away = uow.offers.loads([user.id for user in people]), uow.covers.stand_ins(uow.now)
    found = pick(book.now.rules, prospect, people, loads, away)
    return Chosen(found[0], found[1].id, found[1].label, book.number) if found else None


def enter(
    uow: UnitOfWork, zone: ZoneInfo, values: Mapping[str, Any], origin: OfferOrigin, by: str
) -> tuple[Client, Offer] | None:
    """Write down a client who has no adviser, with the one that the rules choose, and ask him; None where they choose
    nobody: then nothing is written."""
    chosen = choose(uow, prospect_of(0, values))
    if chosen is None:
        return None
    with as_system(uow):
        client = uow.clients.add(values, owner_id=chosen.user.id)
        return client, _ask(uow, zone, client, chosen, origin, by)


def give_to_rules(uow: UnitOfWork, zone: ZoneInfo, client: Client, by: str) -> Offer | None:
    """Have the rules give a client away whom his owner does not keep; None where they choose nobody else."""
    return _next(uow, zone, client, "manager", by, {client.owner_id})


def pass_on(uow: UnitOfWork, zone: ZoneInfo, offer: Offer, state: OfferState, reason: str = "") -> PassedOn | None:
    """Close an offer that was not accepted, and ask the next one; None where it was answered meanwhile."""
    if offer.owner_id != offer.user_id:
        state = "moved"
    if not uow.offers.decide(offer, state, reason):
        return None
    if state == "moved":
        return PassedOn(moved=True)
    with as_system(uow):
        client = uow.clients.get(offer.client_id)
        tried = {before.user_id for before in uow.offers.of_client(client.id)} | {offer.by_id}
        following = _next(uow, zone, client, offer.origin, offer.by_id, tried)
        if following is not None:
            return PassedOn(following)
        manager = supervisor_of(uow, offer.user_id)
        if manager is not None:
            uow.clients.hand_over(client, manager.id)
        return PassedOn(manager=manager)


def _next(
    uow: UnitOfWork, zone: ZoneInfo, client: Client, origin: OfferOrigin, by: str, tried: Collection[str]
) -> Offer | None:
    prospect = prospect_of(client.id, {name: client.value(name) for name in ("city", "bank_tier", "insurance_tier")})
    chosen = choose(uow, prospect, tried)
    if chosen is None:
        return None
    with as_system(uow):
        uow.clients.hand_over(client, chosen.user.id)
        return _ask(uow, zone, replace(client, owner_id=chosen.user.id), chosen, origin, by)


def _ask(
    uow: UnitOfWork, zone: ZoneInfo, client: Client, chosen: Chosen, origin: OfferOrigin, by: str
) -> Offer:
    hours = uow.assignments.in_force().now.hours
    due_at = WorkingHours.of(uow.packs, zone).after(uow.now, _HOUR * hours)
    return uow.offers.add(
        client, chosen.user, origin=origin, rule=chosen.rule, rule_version=chosen.version, by=by, due_at=due_at
    )


# ---------------------------------------------------------------- what is said


def offer_card(uow: UnitOfWork, zone: ZoneInfo, offer: Offer) -> Card:
    """The card with which an adviser is asked. The unit of work sees the client."""
    client, task = uow.clients.heads([offer.client_id])[offer.client_id], f"offer-{offer.id}-{new_token()}"
    accept, decline = (uow.cards.bind(task, offer.user_id, act, offer=offer.id) for act in (ACCEPT, DECLINE))
    row = uow.clients.rows([offer.client_id])[0]
    shown = {
        "电话": row.masked_phone, "等级": row.bank_tier or row.insurance_tier or "", "来源": ORIGIN_WORDS[offer.origin],
        "规则": rule_label(uow, offer.rule),
    }  # fmt: skip
    return Card(
        "button_interaction", title=cut(f"分给您的客户：{client.name}", 36), task_id=task,
        desc=cut(f"请在 {moment(offer.due_at, zone)} 前答复", 44),
        sub_title=cut(f"不接受请先选原因。也可回复「接受 {client.name}」「不接受 {client.name} 原因」。", 160),
        lines=[Line(name, cut(value, 30)) for name, value in shown.items() if value],
        selection=Select(WHY, "不接受的原因", [Option(key, words) for key, words in REASONS.items()]),
        buttons=[Button("接受", accept, 1), Button("不接受", decline, 3)],
    )


def rule_label(uow: UnitOfWork, rule: str) -> str:
    """What people call a rule that is in force; "" for one that is not any more."""
    return next((each.label for each in uow.assignments.in_force().now.rules if each.id == rule), "")


def moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def told_nobody(uow: UnitOfWork, offer: Offer, name: str) -> str:
    """To the manager who has a client now whom nobody accepted."""
    names = uow.users.names()
    said = [
        f"{names.get(each.user_id, each.user_id)}：{'不接受' if each.state == 'declined' else '没有按时答复'}"
        f"{f'（{each.reason}）' if each.reason else ''}"
        for each in uow.offers.of_client(offer.client_id)
    ]
    return (
        f"客户「{name}」按分配规则没有顾问接受，已转到您名下：{'；'.join(said)}。\n"
        f"请移交给合适的顾问，例如「把{name}移交给 姓名」。"
    )


# ---------------------------------------------------------------- the time is over


def lapsed(uow: UnitOfWork, zone: ZoneInfo) -> Iterator[Nudge]:
    """Whom to tell of offers that nobody answered in time; each is passed on in the same unit of work."""
    for offer in uow.offers.due(AT_ONCE):
        passed = pass_on(uow, zone, offer, "lapsed")
        if passed is None or passed.moved:
            continue
        yield from news_of(uow, zone, offer, passed)


def news_of(uow: UnitOfWork, zone: ZoneInfo, offer: Offer, passed: PassedOn) -> Iterator[Nudge]:
    """Who hears that an offer went on: who had it and let it lapse, who has the client now, and who brought him. The
    unit of work sees the client."""
    name = uow.clients.heads([offer.client_id])[offer.client_id].name
    before, fresh = uow.users.find(offer.user_id), uow.offers.find(offer.id)
    if before is not None and before.active and fresh is not None and fresh.state == "lapsed":
        words = f"客户「{name}」没有在 {moment(offer.due_at, zone)} 前接受，{passed.words}，不用再处理。"
        stays = f"客户「{name}」等您答复的时间已过，没有别的同事和主管可以转，还在您名下，请尽快联系客户。"
        yield before, Text(words if passed.offer or passed.manager else stays), f"offer:{offer.id}:lapsed"
    if passed.offer is not None and (to := uow.users.find(passed.offer.user_id)) is not None:
        yield to, offer_card(uow, zone, passed.offer), f"offer:{passed.offer.id}"
    elif passed.manager is not None:
        yield passed.manager, Text(told_nobody(uow, offer, name)), f"offer:{offer.id}:nobody"
    by = uow.users.find(offer.by_id)
    if by is not None and by.active and by not in (before, passed.manager) and fresh is not None:
        yield by, Text(_went_on(uow, zone, fresh, name, passed)), f"offer:{offer.id}:by"


def _went_on(uow: UnitOfWork, zone: ZoneInfo, offer: Offer, name: str, passed: PassedOn) -> str:
    """李想 不接受客户「王芳」（手上客户太多），已分给 周敏，请他在 06-09 13:30 前答复。"""
    names = uow.users.names()
    said = "不接受" if offer.state == "declined" else "没有按时答复"
    why = f"（{offer.reason}）" if offer.reason else ""
    head = f"{names.get(offer.user_id, offer.user_id)} {said}客户「{name}」{why}，"
    if passed.offer is None:
        return f"{head}{f'没有别的顾问，已转给主管 {passed.manager.name}' if passed.manager else passed.words}。"
    to = names.get(passed.offer.user_id, passed.offer.user_id)
    return f"{head}已分给 {to}，请他在 {moment(passed.offer.due_at, zone)} 前答复。"
