"""The grounds on which a message to a client is refused or held, one function each.

A new ground is one more function in `CHECKS`. Open matters (complaints, claims) come from `OPEN_MATTERS`: whatever
knows of them adds a function there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.pack import Product
from reminders import bans
from reminders.calendar import DAY, clock_time, local_instant
from reminders.gate_reasons import Asked, Reason
from reminders.households import household
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.people import Client
from storage.repositories.client_messages import ClientMessageRepository

DIED = "身故或注销"  # the loss reason that says so
STILL_AWAKE = timedelta(minutes=30)  # after the client wrote himself
OPT_IN = "已征得同意的话，发送「{name} 同意{label}」登记后再发。"


# ---------------------------------------------------------------- the person


def no_limit(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Nobody writes to the dead, nor, but about a service, to somebody who is not to be contacted."""
    client = asked.client
    limit = client.value("contact_limit")
    if client.is_locked:
        yield Reason("erased", "refuse", f"「{client.name}」的资料已封存，不能再发。")
    elif limit == "deceased" or client.loss_reason == DIED:
        yield Reason("deceased", "refuse", f"「{client.name}」已登记身故（或注销），不能再发。")
    elif limit == "restricted" and asked.purpose != "service":
        yield Reason(
            "restricted", "refuse", f"「{client.name}」登记了限制联系，不能发。",
            "解除限制后请先改这位客户的「联系限制」。",
        )


def consent(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Consent for the purpose; a no, or a yes taken back, counts for every purpose. Who asks wants to be answered."""
    if asked.answers is not None:
        return
    purpose, client = uow.packs.purpose(asked.purpose), asked.client
    label = purpose.label.partition("（")[0]
    if opted_out(uow, client.id, asked.purpose):
        yield Reason("opted_out", "refuse", f"「{client.name}」已退订{label}消息，不能再给这位客户准备文案。")
    elif purpose.needs_consent and asked.purpose not in uow.consents.granted(client.id):
        yield Reason(
            "no_consent", "refuse", f"「{client.name}」还没有登记{label}授权。",
            OPT_IN.format(name=client.name, label=label),
        )


def opted_out(uow: UnitOfWork, client_id: int, purpose: str) -> bool:
    """Whether the client said no to a purpose, or took a yes back (PIPL art. 15: as easily as it was given)."""
    return purpose in uow.consents.asked(client_id) and purpose not in uow.consents.granted(client_id)


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A complaint or claim of the client that is not settled."""

    code: str
    words: str


OpenMatters = Callable[[UnitOfWork, Client], Iterator[OpenMatter]]


def matters_on_record(uow: UnitOfWork, client: Client) -> Iterator[OpenMatter]:
    """What the client's own record says."""
    if client.value("complaint_open"):
        yield OpenMatter("complaint", "投诉处理中")
    if client.value("claim_open"):
        yield OpenMatter("claim", "理赔处理中")


OPEN_MATTERS: list[OpenMatters] = [matters_on_record]


def no_open_matter(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Festive words do not fit an open complaint or claim: the adviser decides; nothing is sold meanwhile."""
    how = uow.packs.purpose(asked.purpose).in_dispute
    if how == "allow":
        return
    found = {m.code: m for source in OPEN_MATTERS for m in source(uow, asked.client)}
    for matter in found.values():
        label = uow.packs.occasion(asked.occasion).label
        words = f"「{asked.client.name}」有{matter.words}的事项，这时发{label}消息不合适。"
        yield Reason(matter.code, how, words, "" if how == "ask" else "办结后再发。")


# ---------------------------------------------------------------- the text


def clean_words(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Nothing that the law forbids to say."""
    if not asked.text.strip():
        yield Reason("empty", "refuse", "文案是空的。", "请用「改写 新的文案」写上内容。")
    read = bans.check(asked.text)
    if read.blocked:
        words = f"这段文案有不能对客户说的内容：\n{read.marked}\n"
        yield Reason("wording", "refuse", words, f"{read.advice}\n请改好后再发送「改写 新的文案」。")


def approved_text(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """The template is approved and still says what it said when the text was made from it."""
    purpose = uow.packs.purpose(asked.purpose)
    if asked.own or not asked.template:
        if purpose.approved_only:
            yield Reason("own_words", "refuse", f"{purpose.label}只能用审定的模板，不能自己写。")
        return
    template = uow.templates.in_force().find(asked.template)
    if template is None or template.state != "approved":
        yield Reason("template", "refuse", "用的模板没有审定或已停用，不能发。", "请重新起草，或联系运营。")
    elif asked.template_version and template.version != asked.template_version:
        words = f"模板「{template.label}」的内容改过了，不能发旧的。"
        yield Reason("template_changed", "refuse", words, "请重新起草。")


def suitable(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """A product that the text names, and that the client does not hold, must fit the client's risk class."""
    named = [p for p in uow.packs.products if p.risk_class and _names(p, asked.text)]
    if not named:
        return
    held = {known for c in uow.contracts.of_client(asked.client.id) for known in (c.product_code, c.product_name)}
    today = local_date(uow.now, zone)
    for product in named:
        if held.isdisjoint((product.code, product.name)) and (why := unfit(asked.client, product, today.isoformat())):
            yield Reason("unsuitable", "refuse", f"文案提到「{product.name}」（{product.risk_class}），{why}。")


def _names(product: Product, text: str) -> bool:
    return any(word in text for word in (product.name, *(w for w in product.synonyms if len(w) > 2)))


def unfit(client: Client, product: Product, today: str) -> str:
    """Why a product with a risk class must not be recommended to a client, after 「产品」; "" when it may."""
    if client.risk_class is None:
        return f"而「{client.name}」没有风险测评，不能推荐"
    expires = client.risk_class_expires_on
    if expires is not None and expires.isoformat() < today:
        return f"而「{client.name}」的风险测评已过期，不能推荐"
    if int(client.risk_class[1:]) < int((product.risk_class or "R5")[1:]):
        return f"高于「{client.name}」的承受等级 {client.risk_class}，不能推荐"
    return ""


# ---------------------------------------------------------------- how often, and when


def not_again(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Once an occasion for a client; once a household where the occasion is for all of it. Counted in days of the
    calendar, so that what is due on the next day may be said at an earlier hour. WeCom itself counts the answers to
    what the client wrote."""
    if asked.answers is not None:
        return
    occasion, messages = uow.packs.occasion(asked.occasion), ClientMessageRepository(uow)
    first = local_date(uow.now, zone) - DAY * (occasion.repeats_after - 1)
    since = local_instant(first, time(), zone)
    own = [r for r in messages.recent([asked.client.id], since, asked.message_id) if r.occasion == asked.occasion]
    if own:
        done = own[-1].state in ("delivered", "told_sent")
        words = "已经发过了" if done else "已经在发送中"
        advice = f"拿文案请发送「手动发送 {asked.client.name}」。" if own[-1].state == "by_hand" else ""
        yield Reason("already", "refuse", f"「{asked.client.name}」的{occasion.label}文案{words}，不再重复发。", advice)
        return
    if not occasion.per_household:
        return
    family = household(uow, asked.client)
    found = [r for r in messages.recent(list(family), since) if r.occasion == asked.occasion] if family else []
    if found:
        name = family[found[-1].client_id]
        yield Reason("household", "refuse", f"同一家的「{name}」已有{occasion.label}消息，一家只发一位。")


def not_too_often(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Over all occasions, rules and advisers; a text about a service the client has is not kept back."""
    if asked.purpose == "service":
        return
    rhythm, messages = uow.packs.rhythm, ClientMessageRepository(uow)
    found = messages.recent([asked.client.id], uow.now - DAY * rhythm.within_days, asked.message_id)
    if len(found) >= rhythm.at_most:
        again = local_date(found[-rhythm.at_most].at + DAY * rhythm.within_days, zone)
        yield Reason(
            "too_often", "refuse",
            f"「{asked.client.name}」近 {rhythm.within_days} 天已有 {len(found)} 条消息（上限 {rhythm.at_most} 条）。",
            f"{again.month} 月 {again.day} 日以后再发。",
        )


def one_task_a_day(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """WeCom lets a customer have one group message a day (path/92135): a second one would fail. What waits for another
    day has that day for itself."""
    if asked.route != "task":
        return
    today = local_date(uow.now, zone)
    midnight = local_instant(today, time(), zone)
    messages = ClientMessageRepository(uow)
    found = messages.recent([asked.client.id], midnight, asked.message_id)
    taken = {local_date(r.at, zone) for r in found if r.route == "task"}
    if messages.hit_quota(asked.client.id, midnight):
        taken.add(today)
    first = day = local_date(first_hour(uow, zone), zone)
    while day in taken:
        day += DAY
    if day > first:
        when = "今天" if first == today else f" {first.month} 月 {first.day} 日"
        words = f"「{asked.client.name}」{when}已有一条群发（企业微信每天限一条）。"
        yield Reason("quota", "wait", words, until=_morning(uow, day, zone))


def at_a_decent_hour(uow: UnitOfWork, asked: Asked, zone: ZoneInfo) -> Iterator[Reason]:
    """Nobody is disturbed in the evening and at night, but who has just written waits for the answer."""
    if asked.answers is not None and uow.now - asked.answers <= STILL_AWAKE:
        return
    until, rhythm = first_hour(uow, zone), uow.packs.rhythm
    if until > uow.now:
        words = f"现在不打扰客户（{rhythm.quiet_from} 到次日 {rhythm.quiet_until}）。"
        yield Reason("quiet", "wait", words, until=until)


def first_hour(uow: UnitOfWork, zone: ZoneInfo) -> datetime:
    """The first instant from now on at which a client may be disturbed."""
    at, rhythm = uow.now.astimezone(zone).time(), uow.packs.rhythm
    if clock_time(rhythm.quiet_until, time(8, 30)) <= at < clock_time(rhythm.quiet_from, time(21)):
        return uow.now
    return _morning(uow, local_date(uow.now, zone) + int(at >= time(12)) * DAY, zone)


def _morning(uow: UnitOfWork, day: date, zone: ZoneInfo) -> datetime:
    return local_instant(day, clock_time(uow.packs.rhythm.quiet_until, time(8, 30)), zone)


CHECKS = (
    no_limit, consent, no_open_matter, clean_words, approved_text, suitable, not_again, not_too_often, one_task_a_day,
    at_a_decent_hour,
)  # fmt: skip
