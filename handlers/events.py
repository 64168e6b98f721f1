"""WeCom events: one `@event` function each. Events nobody handles are kept in the inbox and acknowledged."""

from __future__ import annotations

import structlog

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import event, run
from reminders.gate import may_welcome
from storage.model.care import Contact
from storage.model.incoming import Event
from storage.model.messages import Text, Welcome
from storage.repositories.contacts import APART, ContactRepository

log = structlog.get_logger(__name__)

CUSTOMERS = "change_external_contact"


def concerned(incoming: Event) -> str | None:
    """The member whose customer a system event is about; None for other events."""
    userid = incoming.raw.get("UserID")
    return userid.strip().casefold() if incoming.event == CUSTOMERS and isinstance(userid, str) else None


@event("subscribe")
def joined(ctx: Context, incoming: Event) -> None:
    """A member came into the app's visible range: say what can be done here."""
    ctx.say(f"{ctx.user.name}，您好。我是您的客户助手，直接打字就行。")
    run(ctx, Meaning("help", rule="subscribe"))


# ---------------------------------------------------------------- customers (path/92130)


@event(CUSTOMERS, "add_external_contact")
@event(CUSTOMERS, "add_half_external_contact")
def customer_added(ctx: Context, incoming: Event) -> None:
    """Greet within twenty seconds, and have WeCom asked who it is."""
    external = _id(incoming, "ExternalUserID")
    if not external:
        return
    contact = ContactRepository(ctx.uow).added(ctx.user.id, external)
    if code := _id(incoming, "WelcomeCode"):
        _welcome(ctx, contact, code)


def _welcome(ctx: Context, contact: Contact, code: str) -> None:
    template = next(iter(ctx.uow.templates.in_force().for_occasion("welcome")), None)
    values = {"adviser_name": ctx.user.name, "company_name": ctx.company}
    text, verdict = may_welcome(ctx.uow, contact, template, values)
    if verdict.allowed:
        ctx.show(Welcome(code, text))
        ctx.uow.audit.record("welcome", "template", template.id if template else "")
        return
    log.warning("welcome.none", template=template.id if template else "", codes=verdict.codes)
    for member in ctx.uow.users.all("ops"):
        ctx.tell(member.id, Text(f"欢迎语没有发出：{verdict.words}"))


@event(CUSTOMERS, "edit_external_contact")
def customer_edited(ctx: Context, incoming: Event) -> None:
    """The member may have noted the phone now: look again at whom we do not know. Not where he unlinked one."""
    contacts = ContactRepository(ctx.uow)
    known = contacts.added(ctx.user.id, _id(incoming, "ExternalUserID"))
    if known.client_id is None and known.how != APART:
        contacts.look_again(known, ctx.now)


@event(CUSTOMERS, "del_external_contact")
def removed_by_adviser(ctx: Context, incoming: Event) -> None:
    """The member has deleted the customer."""
    _lost(ctx, incoming, "adviser")


@event(CUSTOMERS, "del_follow_user")
def removed_by_customer(ctx: Context, incoming: Event) -> None:
    """The customer has deleted the member."""
    _lost(ctx, incoming, "client")


def _lost(ctx: Context, incoming: Event, by: str) -> None:
    contacts = ContactRepository(ctx.uow)
    contact = contacts.find(ctx.user.id, _id(incoming, "ExternalUserID"))
    if contact is None or not contacts.lost(contact, by):
        return
    what = "客户已把您从微信里删除" if by == "client" else "您已删除这位微信客户"
    ctx.say(f"{name_of(ctx, contact)}：{what}，不能再用群发任务给他发消息。可以电话联系，或发文案时手动发。")


def name_of(ctx: Context, contact: Contact) -> str:
    """The client's name, else what WeCom shows."""
    heads = ctx.uow.clients.heads([contact.client_id]) if contact.client_id else {}
    head = heads.get(contact.client_id or 0)
    return f"「{head.name}」" if head else f"微信客户「{contact.nickname or '未知'}」"


def _id(incoming: Event, name: str) -> str:
    value = incoming.raw.get(name, "")
    return value.strip() if isinstance(value, str) else ""
