"""Which client a WeChat customer is: by the phone that the adviser noted with him, by hand, or by asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from handlers.consents import consent_card
from handlers.context import Context
from handlers.events import name_of
from handlers.language import Meaning
from handlers.router import FRONT, action, command
from handlers.tickets.screening import hearers_of, screen_client
from handlers.whose import choice_line
from reminders.offering import enter, moment, offer_card, rule_label
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.care import Contact
from storage.model.errors import Invalid
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Message, Option, Select, Text, cut
from storage.model.offers import Offer
from storage.model.people import Client, ClientRow, User
from storage.model.values import read_phone
from storage.repositories.contacts import APART, UNKNOWN, ContactRepository

MOST_CHOICES = 9
LONGEST_NAME = 40
_UNKNOWN = "未知"
NONE_OF_THEM = "none"
BY_NAME = "发送「绑定微信 姓名」绑定；还没建档的，先发送「新增客户 姓名 手机号」。"


@dataclass(frozen=True, slots=True)
class Known:
    """What WeCom tells of a customer as the member knows him."""

    nickname: str
    remark: str
    mobiles: Sequence[str]

    @property
    def name(self) -> str:
        return self.remark or self.nickname or _UNKNOWN


def match_contact(uow: UnitOfWork, user: User, contact: Contact, known: Known) -> Client | None:
    """Link a customer that WeCom told of to the one client of the member's own with the phone noted; None when there
    is none, or when the member has taken such a link away. The unit of work is the member's."""
    contacts = ContactRepository(uow)
    if contact.how == APART:
        contacts.unmatched(contact, known.name)
        return None
    phones = {phone for said in known.mobiles if (phone := _phone(said))}
    found = {row.id for phone in phones for row in uow.clients.with_phone(phone) if row.owner_id == user.id}
    if len(found) != 1:
        contacts.unmatched(contact, known.name)
        return None
    client = uow.clients.get(found.pop())
    contacts.link(contact, client, "phone", known.nickname)
    return client


def _phone(said: str) -> str:
    try:
        return read_phone(said)
    except Invalid:
        return ""


def lead_of(
    uow: UnitOfWork, zone: ZoneInfo, user: User, contact: Contact, known: Known
) -> list[tuple[str, Message, str]] | None:
    """A customer whom a member without clients of his own has added (by a link or a code of the firm) becomes a client
    of the adviser that the rules choose: whom to tell of it, what, and under which key. None where he or the phone is
    a client's already, WeCom tells no name, or no rule has anybody: then it stays with the member."""
    phone = next((phone for said in known.mobiles if (phone := _phone(said))), "")
    if known.name == _UNKNOWN or contact.how == APART:
        return None
    with as_system(uow):
        contacts = ContactRepository(uow)
        is_known = contacts.client_of(contact.external_userid) is not None
        if is_known or (phone and uow.clients.duplicates({"phone": phone}).alike):
            return None
        values = {"name": known.name[:LONGEST_NAME], **({"phone": phone} if phone else {})}
        entered = enter(uow, zone, values, "contact", user.id)
        if entered is None:
            return None
        client, offer = entered
        contacts.link(contact, client, "phone" if phone else "asked", known.nickname)
        return list(_lead_news(uow, zone, user, contact, client, offer))


def _lead_news(
    uow: UnitOfWork, zone: ZoneInfo, user: User, contact: Contact, client: Client, offer: Offer
) -> Iterator[tuple[str, Message, str]]:
    """To the member, to the adviser who is asked, and to compliance where they must look first."""
    to, due = uow.users.get(offer.user_id), moment(offer.due_at, zone)
    words = (
        f"微信客户「{client.name}」没有顾问，已建档并按规则「{rule_label(uow, offer.rule)}」分给 {to.name}，"
        f"请他在 {due} 前答复。请把他的名片推荐给客户。"
    )
    yield user.id, Text(words), f"contact:{contact.id}:lead"
    yield to.id, offer_card(uow, zone, offer), f"offer:{offer.id}"
    if (ticket := screen_client(uow, zone, client.id)) is not None:
        said = Text(f"「{client.name}」待合规复核，工单 {ticket.name}。发送「{ticket.name}」查看和处理。")
        yield from ((each.id, said, f"screening:{ticket.id}:{each.id}") for each in hearers_of(uow, ticket))


def contact_news(uow: UnitOfWork, user: User, contact: Contact, known: Known, client: Client | None) -> Message:
    """What the member is told of a new customer, or asked."""
    if client is None:
        return _question(uow, user, contact, known)
    head = f"微信客户「{known.name}」已按备注的手机号绑定到客户「{client.name}」。"
    return Text(f"{head}不对的话发送「解绑微信 {client.name}」。")


def _question(uow: UnitOfWork, user: User, contact: Contact, known: Known) -> Message:
    """Who is it? Clients of a like name to choose from, or how to say it."""
    rows = uow.clients.containing(known.name, MOST_CHOICES) if len(known.name) > 1 else []
    may_be_new = _may_be_new(uow, user, contact, known)
    if not rows and not may_be_new:
        return Text(f"新的微信客户「{known.name}」还没有对应的客户资料。{BY_NAME}")
    task_id = f"contact-{new_token()}"
    acts = {"绑定": "contact.choose"} if rows else {}
    acts |= {"建为潜在客户": "contact.lead"} if may_be_new else {}
    keys = {words: uow.cards.bind(task_id, user.id, act, contact=contact.id) for words, act in acts.items()}
    options = [*(_option(row) for row in rows), Option(NONE_OF_THEM, "都不是")]
    return Card(
        "button_interaction", title=cut(f"新的微信客户：{known.name}", 36), task_id=task_id,
        desc="是您的哪位客户？选好后点「绑定」" if rows else "还没有对应的客户资料",
        sub_title="" if rows else f"不是已有客户的，点一下建为潜在客户。{BY_NAME}",
        selection=Select("client", "客户", options) if rows else None,
        buttons=[Button(words, key) for words, key in keys.items()],
    )


def _may_be_new(uow: UnitOfWork, user: User, contact: Contact, known: Known) -> bool:
    """Whether a tap may make him a lead of the member's: nobody knows his WeChat, and no phone is noted, which would be
    lost."""
    is_known = ContactRepository(uow).client_of(contact.external_userid) is not None
    return user.serves_clients and not is_known and not known.mobiles and known.name != _UNKNOWN


def _option(row: ClientRow) -> Option:
    return Option(str(row.id), cut(choice_line(row, exact=False), 16))


@action("contact.choose")
def chosen(ctx: Context, args: Mapping[str, Any]) -> None:
    """The member says on the card who it is."""
    picked = next(iter(args["selections"].get("client", ())), "")
    if picked == NONE_OF_THEM:
        ctx.uow.cards.use(args["card"])
        ctx.grey_out("都不是")
        ctx.say(f"好的，先不绑定。{BY_NAME}")
        return
    if not picked.isdigit():
        raise Invalid("请先在卡片上选一位客户，再点「绑定」。")
    contact, client = ContactRepository(ctx.uow).get(args["contact"]), ctx.uow.clients.get(int(picked))
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已绑定")
    _link(ctx, contact, client, "asked")


@action("contact.lead", roles=FRONT)
def made_lead(ctx: Context, args: Mapping[str, Any]) -> None:
    """The member says that it is nobody we know: a lead of his own, under the name that WeChat shows."""
    contacts = ContactRepository(ctx.uow)
    contact = contacts.get(args["contact"])
    ctx.uow.cards.use(args["card"])
    is_known = contacts.client_of(contact.external_userid) is not None
    if contact.user_id != ctx.user.id or contact.state not in UNKNOWN or is_known:
        ctx.grey_out("已处理")
        ctx.say("这位微信客户已经绑定，或已不是好友，没有再建档。发送「微信客户」查看。")
        return
    ctx.grey_out("已建档")
    client = ctx.uow.clients.add({"name": contact.nickname[:LONGEST_NAME]}, owner_id=ctx.user.id)
    contacts.link(contact, client, "asked")
    ctx.conversation.look_at(client.id, client.name)
    how = f"问到手机号后发送「{client.name} 手机 号码」。"
    ctx.wrote(f"已建为潜在客户「{client.name}」，并绑定了微信。{how}", f"新增客户「{client.name}」")
    ctx.show(consent_card(ctx, client))


@command("contact.link", group="关怀", help="把微信客户绑定到客户", example="绑定微信 王芳", client=True)
def link(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Link the WeChat customer nobody knows yet; of several the member chooses."""
    contacts = ContactRepository(ctx.uow)
    if (known := contacts.of_client(client.id, ctx.user.id)) is not None:
        head = f"「{client.name}」已绑定微信客户「{known.nickname or '未知'}」。"
        ctx.say(f"{head}要换请先发送「解绑微信 {client.name}」。")
        return
    found = contacts.of_user(ctx.user.id, ("new", "unmatched"))
    if not found:
        ctx.say(f"没有还没绑定的微信客户。请先在企业微信里加「{client.name}」为客户，加上后会自动问您。")
    elif len(found) == 1:
        _link(ctx, found[0], client, "hand")
    else:
        ctx.show(_which(ctx, client, found[:MOST_CHOICES]))


def _which(ctx: Context, client: Client, found: Sequence[Contact]) -> Card:
    task_id = f"contact-{new_token()}"
    key = ctx.uow.cards.bind(task_id, ctx.user.id, "contact.pick", client=client.id)
    options = [Option(str(c.id), cut(f"{c.nickname or '未知'} {ctx.local(c.added_at):%m-%d}", 16)) for c in found]
    return Card(
        "button_interaction", title=cut(f"绑定微信：{client.name}", 36), desc="是哪位微信客户？选好后点「绑定」",
        task_id=task_id, selection=Select("contact", "微信客户", options), buttons=[Button("绑定", key)],
    )


@action("contact.pick")
def picked_contact(ctx: Context, args: Mapping[str, Any]) -> None:
    """The member says on the card which of the unknown customers it is."""
    picked = next(iter(args["selections"].get("contact", ())), "")
    if not picked.isdigit():
        raise Invalid("请先在卡片上选一位微信客户，再点「绑定」。")
    contact, client = ContactRepository(ctx.uow).get(int(picked)), ctx.uow.clients.get(args["client"])
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已绑定")
    _link(ctx, contact, client, "hand")


def _link(ctx: Context, contact: Contact, client: Client, how: str) -> None:
    if contact.user_id != ctx.user.id:
        raise Invalid("这位微信客户是同事的，只有他能绑定。")
    ContactRepository(ctx.uow).link(contact, client, how)
    nickname = contact.nickname or "未知"
    ctx.wrote(
        f"已把微信客户「{nickname}」绑定到「{client.name}」，以后可以用企业微信群发任务给他发文案（每次都要您确认）。",
        f"「{client.name}」的微信绑定",
    )


@command("contact.unlink", group="关怀", help="解除微信绑定", example="解绑微信 王芳", client=True)
def unlink(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Forget which WeChat is the client's, until the member links one by hand."""
    contacts = ContactRepository(ctx.uow)
    contact = contacts.of_client(client.id, ctx.user.id)
    if contact is None:
        ctx.say(f"「{client.name}」没有绑定微信。")
        return
    contacts.unlink(contact)
    head = f"已解除「{client.name}」和微信客户「{contact.nickname or '未知'}」的绑定，以后不会再按手机号自动绑上。"
    words = f"{head}要绑回来请发送「绑定微信 {client.name}」。"
    ctx.wrote(words, f"解除「{client.name}」的微信绑定")


@command("contact.list", group="关怀", help="看微信客户的绑定情况", example="微信客户", roles=FRONT)
def listed(ctx: Context, meaning: Meaning) -> None:
    """How many customers are linked, and who is not, or not any more."""
    contacts = ContactRepository(ctx.uow)
    linked = contacts.of_user(ctx.user.id, ("linked",))
    unknown = contacts.of_user(ctx.user.id, ("new", "unmatched"))
    lost = [c for c in contacts.of_user(ctx.user.id, ("lost",)) if c.client_id][:10]
    lines = [f"微信客户：已绑定 {len(linked)} 位，未绑定 {len(unknown)} 位。"]
    lines += [f"· 未绑定：{c.nickname or '未知'}（{ctx.local(c.added_at):%m-%d} 添加）" for c in unknown[:10]]
    lines += [f"· 已不是好友：{name_of(ctx, c)}" for c in lost]
    ctx.say("\n".join([*lines, *([BY_NAME] if unknown else [])]))
