"""Entering texts into the ledger of messages to clients, one by one or for a whole campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from config.pack import MissingVariable, Template
from reminders.gate import Asked, Verdict, may_send
from reminders.households import household
from reminders.lifetime import leaves_at
from reminders.wording import client_values
from storage.database import UnitOfWork
from storage.model.care import Campaign, ClientMessage, MessageState
from storage.model.clock import local_date
from storage.model.people import Client, User
from storage.repositories.campaigns import CampaignRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository

log = structlog.get_logger(__name__)

MOST_CLIENTS = 500  # of one campaign: the gate looks at each, in one transaction
DRAFTS: tuple[MessageState, ...] = ("drafted",)


def enter(
    uow: UnitOfWork, asked: Asked, zone: ZoneInfo, *, state: MessageState, sender_id: str, not_before: datetime,
    external_userid: str | None = None, reminder_id: int | None = None, campaign_id: int | None = None,
    talk_id: int | None = None, expires_at: datetime | None = None,
) -> ClientMessage | None:
    """A row for a text; None when the same one was entered at the same moment by somebody else. A draft waits for its
    adviser, the others go on from `not_before`. It expires as the rhythm says, unless told when."""
    messages = ClientMessageRepository(uow)
    subject = f"{asked.client.id}:{asked.occasion}:{campaign_id or local_date(uow.now, zone)}"
    waits = timedelta(hours=uow.packs.rhythm.expires_after)
    return messages.add(
        asked.client, key=f"{subject}:{messages.attempts(subject)}", sender_id=sender_id, purpose=asked.purpose,
        occasion=asked.occasion, template=asked.template, template_version=asked.template_version, own=asked.own,
        text=asked.text, route=asked.route, state=state, external_userid=external_userid, reminder_id=reminder_id,
        campaign_id=campaign_id, overrides=sorted(asked.overrides), not_before=not_before,
        look_at=leaves_at(not_before, asked.client.id, uow.now, expires_at) if state == "queued" else None,
        confirmed_at=None if state == "drafted" else uow.now,
        expires_at=expires_at or not_before + waits, talk_id=talk_id,
    )


# ---------------------------------------------------------------- campaigns


@dataclass
class Plan:
    """Who of many clients is written to, with what; `left_out` counts the others by the code of the reason."""

    template: Template
    chosen: list[Asked] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def by_adviser(self) -> Mapping[str, int]:
        """How many clients of each adviser."""
        return Counter(asked.client.owner_id for asked in self.chosen)

    @property
    def lacking(self) -> str:
        """What operations are told of texts that lack a value; "" when none does."""
        count = self.left_out["missing"]
        label = self.template.label
        return f"模板「{label}」有 {count} 位客户缺少变量，没有发给他们。请检查资料或模板。" if count else ""

    @property
    def sample(self) -> str:
        return self.chosen[0].text if self.chosen else ""


def plan_campaign(
    uow: UnitOfWork, template: Template, client_ids: Iterable[int], zone: ZoneInfo, company: str, *, keep: bool
) -> Plan:
    """Ask the gate about each client. What only has to wait for the hour counts as chosen; who has a draft of the
    same occasion lying with his adviser does not. With `keep` the verdicts are written down."""
    plan, ids = Plan(template), list(client_ids)
    early = _without_asking(uow, template, ids)
    advisers: dict[str, User | None] = {}
    reached: set[int] = set()
    for client_id in ids:
        if code := early.get(client_id):
            plan.left_out[code] += 1
            continue
        client = uow.clients.get(client_id)
        if client.owner_id not in advisers:
            advisers[client.owner_id] = uow.users.find(client.owner_id)
        why = _left_out(uow, plan, client, advisers[client.owner_id], reached, zone, company, keep=keep)
        if why:
            plan.left_out[why] += 1
    return plan


def _without_asking(uow: UnitOfWork, template: Template, client_ids: Collection[int]) -> dict[int, str]:
    """Those of whom the consents and the drafts tell alone that they are left out, with the code of the reason."""
    purpose = uow.packs.purpose(uow.packs.occasion(template.occasion).purpose)
    found = dict.fromkeys(ClientMessageRepository(uow).drafted(template.occasion), "drafted")
    if purpose.needs_consent:
        granting, refusing = uow.consents.granting(purpose.name), uow.consents.refusing(purpose.name, client_ids)
        found |= {i: "opted_out" if i in refusing else "no_consent" for i in client_ids if i not in granting}
    return found


def _left_out(
    uow: UnitOfWork, plan: Plan, client: Client, adviser: User | None, reached: set[int], zone: ZoneInfo, company: str,
    *, keep: bool,
) -> str:
    """The code of why a client is passed over; "" after he was chosen."""
    if adviser is None or not adviser.active or client.stage == "lost":
        return "handed_over" if client.stage != "lost" else "lost"
    template = plan.template
    text = _filled(template, client, adviser, company)
    if text is None:
        return "missing"
    contact = ContactRepository(uow).of_client(client.id, adviser.id)
    asked = Asked.about(
        uow.packs, client, template.occasion, text, "task" if contact else "hand", template=template.id,
        template_version=template.version,
    )
    verdict = may_send(uow, asked, zone, stage="draft", keep=keep)
    if not verdict.allowed and verdict.until is None:
        return verdict.codes[0]
    if uow.packs.occasion(template.occasion).per_household and not reached.isdisjoint(household(uow, client)):
        return "household"
    reached.add(client.id)
    plan.chosen.append(asked)
    return ""


def _filled(template: Template, client: Client, adviser: User, company: str) -> str | None:
    """The template's words for the client's tier, else the common ones; None when a value is missing."""
    values = client_values(client, adviser.name, company)
    for tiers in ((client.bank_tier, client.insurance_tier), ()):
        try:
            return template.render(values, *tiers)
        except MissingVariable as missing:
            log.warning("template.missing", template=template.id, client=client.id, variables=missing.names)
    return None


def enter_campaign(
    uow: UnitOfWork, plan: Plan, zone: ZoneInfo, *, name: str, segment: str, conditions: str
) -> Campaign:
    """Keep the campaign with a draft for each chosen client; each adviser's part waits for him."""
    template = plan.template
    campaign = CampaignRepository(uow).add(
        name, template=template.id, template_version=template.version, occasion=template.occasion, segment=segment,
        conditions=conditions, chosen=len(plan.chosen), left_out=plan.left_out,
    )
    for asked in plan.chosen:
        enter(
            uow, asked, zone, state="drafted", sender_id=asked.client.owner_id, not_before=uow.now,
            campaign_id=campaign.id,
        )
    return campaign


@dataclass(frozen=True, slots=True)
class Part:
    """What became of an adviser's part of a campaign when he confirmed it; `expired`: he did so too late."""

    queued: int
    expired: int
    by_hand: list[str]
    refused: list[tuple[str, Verdict]]


def confirm_part(uow: UnitOfWork, campaign_id: int, adviser: User, zone: ZoneInfo) -> Part:
    """The adviser sends his part: tasks for whom he reaches in WeCom, the others wait for his own hand. The gate is
    asked again for each."""
    messages = ClientMessageRepository(uow)
    queued, expired, by_hand, refused = 0, 0, list[str](), list[tuple[str, Verdict]]()
    waits = timedelta(hours=uow.packs.rhythm.expires_after)
    for message in messages.of_campaign(campaign_id, adviser.id, DRAFTS):
        if uow.now >= message.expires_at:
            expired += messages.change(message, state="expired", done_at=uow.now)
            continue
        client = uow.clients.get(message.client_id)
        contact = ContactRepository(uow).of_client(client.id, adviser.id)
        asked = replace(Asked.of(message, client), route="task" if contact else "hand")
        verdict = may_send(uow, asked, zone, stage="draft")
        if not verdict.allowed and verdict.until is None:
            refused.append((client.name, verdict))
            messages.change(message, state="refused", reason=verdict.codes[0], done_at=uow.now)
        elif contact is None:
            by_hand.append(client.name)
            messages.change(
                message, state="by_hand", route="hand", confirmed_at=uow.now, not_before=verdict.until or uow.now,
                expires_at=(verdict.until or uow.now) + waits,
            )
        else:
            at = verdict.until or uow.now
            queued += messages.change(
                message, state="queued", route="task", external_userid=contact.external_userid, not_before=at,
                look_at=leaves_at(at, client.id, uow.now), confirmed_at=uow.now, expires_at=at + waits,
            )
    return Part(queued, expired, by_hand, refused)
