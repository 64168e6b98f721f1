"""Contacts with debtors: written down (催收记录 LN20250012 电话 承诺周五还5000), and refused at night, too often, or
with anybody else than the debtor (给他妹妹打个电话). What was refused stands in the audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal, NoReturn
from zoneinfo import ZoneInfo

from config.pack import ContactRules
from handlers.context import Context
from handlers.dues.said import amount_said
from handlers.guards import guard, reading
from handlers.language import Meaning, When
from handlers.language.intents.lending import pressing
from handlers.lending.cases import COLLECTORS, FLOW, case_of, late_parts
from handlers.router import command, confirmed
from handlers.tickets.engine import advance, effect, legal
from reminders.calendar import local_instant
from storage.acting import as_system
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Invalid, NotAllowed
from storage.model.messages import cut
from storage.model.tickets import Ticket
from storage.model.values import mask_free_text, money_text

Rule = Literal["hours", "times", "others"]
CONTACT, _RECORD = "contact", "collection.record"
_NO_CONTACT = frozenset({_RECORD, "note.add", "ticket.note", "ticket.create", "collection.open", "collection.list"})
NO_PROMISE = {"promise_on": "", "promise_amount": "", "promised_at": ""}
_LONGEST, _WEIGHT = 500, 85


# ---------------------------------------------------------------- what is allowed


def refuse(uow: UnitOfWork, rule: Rule, client_id: int | None, ticket: Ticket | None = None) -> NoReturn:
    """Say which rule forbids it; the attempt is on the trail."""
    rules = uow.packs.contact_rule
    kind, object_id = ("ticket", ticket.id) if ticket is not None else ("client", client_id or "*")
    uow.audit.record("refuse", kind, object_id, client_id=client_id, outcome="denied", rule=f"collection.{rule}")
    raise NotAllowed({
        "hours": f"现在不能催收（规则：{rules.hours_rule}），请在 {rules.since} 到 {rules.until} 之间办理。",
        "times": f"今天已经联系 {rules.a_day} 次，不能再催收（规则：{rules.times_rule}），请明天再联系。",
        "others": f"不能办理（规则：{rules.others_rule}）。请只联系借款人本人或担保人。",
    }[rule] + "这次尝试已记入日志。")  # fmt: skip


def is_allowed_hour(rules: ContactRules, now: datetime, zone: ZoneInfo) -> bool:
    return rules.since <= f"{now.astimezone(zone):%H:%M}" < rules.until


def contacts_of_day(uow: UnitOfWork, client_id: int, zone: ZoneInfo) -> int:
    """How often a debtor was contacted today, whatever the debt and whoever did it."""
    today = local_date(uow.now, zone)
    with as_system(uow):
        cases = [ticket for ticket in uow.tickets.of_client(client_id) if ticket.flow == FLOW]
    steps = [step for case in cases for step in uow.tickets.steps(case)]
    return sum(step.move == CONTACT and local_date(step.at, zone) == today for step in steps)


@effect("check_contact")
def check_contact(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Raises NotAllowed at a forbidden hour, and for one contact too many in a day."""
    rules = uow.packs.contact_rule
    if not is_allowed_hour(rules, uow.now, zone):
        refuse(uow, "hours", ticket.client_id, ticket)
    done = contacts_of_day(uow, ticket.client_id, zone)
    if done > rules.a_day:
        refuse(uow, "times", ticket.client_id, ticket)
    return f"今天第 {done} 次联系，最多 {rules.a_day} 次。"


# ---------------------------------------------------------------- written down


@command(
    _RECORD, group="贷后", help="记一次催收联系", example="催收记录 陈记餐饮 电话 承诺周五还5000",
    roles=COLLECTORS,
)
def record(ctx: Context, meaning: Meaning) -> None:
    """Write a contact to the case; a promise makes a reminder of its day for whoever has the case."""
    words = cut(mask_free_text(str(meaning.get("content") or "").strip()), _LONGEST)
    if not words:
        raise Invalid("请写上怎么联系的、客户怎么说，例如「催收记录 T12 电话 承诺周五还5000」。")
    said = {CONTACT: words, **_promise(ctx, meaning)}
    ticket = case_of(ctx, meaning, _RECORD, said=said, others=meaning.get("others"))
    if ticket is not None:
        _record(ctx, ticket, said, meaning.get("others"))


_ABOUT_THE_DEBT = re.compile(
    r"催|欠|逾期|承诺|月供|贷款|还(?:不上|不了|不起|清|上|款|钱|贷|一?部分|了?[0-9一二三四五六七八九十两])"
    r"|[天日号周末一二三四五六底初]还(?![是有没要])"
)


@reading
def told_of_a_debtor(ctx: Context, meaning: Meaning) -> Meaning:
    """给尹玉兰打了电话，催她还钱，她说明天还: a talk about a debt that is collected is a contact."""
    client_id = meaning.get("client_id")
    told = meaning.intent == "note.add" and ctx.user.role in COLLECTORS and isinstance(client_id, int)
    if not told or not _ABOUT_THE_DEBT.search(ctx.text) or _case_of(ctx, client_id) is None:
        return meaning
    whom, due = pressing(ctx.text), meaning.get("next")
    slots = {"client": meaning.get("client"), "client_id": client_id, "content": meaning.get("content")}
    if whom not in (None, "debtor"):
        slots["others"] = whom
    if isinstance(due, When):
        said = amount_said(ctx.text)
        slots |= {"promised": True, "due": due, "amount": float(said) if said else None}
    return replace(meaning, intent=_RECORD, slots=slots)


@confirmed(_RECORD, roles=COLLECTORS)
def record_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The case was chosen."""
    _record(ctx, ctx.uow.tickets.get(data["chosen"]), data["said"], data.get("others"))


def _record(ctx: Context, ticket: Ticket, said: Mapping[str, Any], others: str | None) -> None:
    if others:
        refuse(ctx.uow, "others", ticket.client_id, ticket)
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    move = legal(ctx.uow, ticket, flow, [CONTACT], ctx.user)
    moved, told = advance(ctx.uow, ctx.zone, ticket, flow, move, ctx.user, said, said[CONTACT])
    lines = [f"已记在催收单 {ticket.name}（{ticket.client_name}）：{said[CONTACT]}", told]
    if "promise_on" in said:
        lines.append(_remind(ctx, moved, date.fromisoformat(said["promise_on"])))
    ctx.wrote("\n".join(lines), f"{ticket.name} 的催收记录")


def _promise(ctx: Context, meaning: Meaning) -> dict[str, Any]:
    """What the debtor promised. Raises Invalid where no day was said, or one that is over."""
    if not meaning.get("promised"):
        return {}
    due = meaning.get("due")
    if not isinstance(due, When) or due.problem == "impossible":
        raise Invalid("请写上承诺哪天还，例如「催收记录 T12 电话 承诺周五还5000」。")
    if due.last_date < ctx.today:
        raise Invalid(f"{due.last_date} 已经过了，请写上今天或以后的日子。")
    amount = meaning.get("amount")
    day = max(due.date, ctx.today)
    return {
        "promise_on": day.isoformat(), "promised_at": ctx.today.isoformat(),
        "promise_amount": f"{amount:.2f}" if amount is not None else "",
    }


def _remind(ctx: Context, ticket: Ticket, day: date) -> str:
    amount = ticket.details.get("promise_amount")
    what = f"承诺还 {money_text(Decimal(str(amount)))}" if amount else "承诺还款"
    text = f"{ticket.client_name} {what}（催收单 {ticket.name}），请核对到账"
    ctx.uow.reminders.add(
        receiver_id=ticket.handler_id or ctx.user.id, remind_at=local_instant(day, time(), ctx.zone), due_on=day,
        category="repayment", timed=False, weight=_WEIGHT, text=text, data={"ticket": ticket.number},
    )
    return f"{what}，{day} 提醒核对；到期没有还会升级给主管。"


# ---------------------------------------------------------------- about to be contacted


@guard
def keep_to_contact_rules(ctx: Context, meaning: Meaning) -> None:
    """Somebody would contact a debtor, or someone near him. Of a client whose debt is not collected, only the hours
    count.

    What was already done is written down whatever it was."""
    whom = pressing(ctx.text) if ctx.text and meaning.intent not in _NO_CONTACT else None
    if whom is None:
        return
    client_id, rules = _client_in_mind(ctx, meaning), ctx.packs.contact_rule
    case = _case_of(ctx, client_id)
    if whom != "debtor":
        if case is not None:
            refuse(ctx.uow, "others", case.client_id, case)
    elif not is_allowed_hour(rules, ctx.now, ctx.zone):
        refuse(ctx.uow, "hours", client_id, case)
    elif case is not None and contacts_of_day(ctx.uow, case.client_id, ctx.zone) >= rules.a_day:
        refuse(ctx.uow, "times", case.client_id, case)


def _client_in_mind(ctx: Context, meaning: Meaning) -> int | None:
    """The client, if it is plain who is meant."""
    said, focus = meaning.get("client_id"), ctx.conversation.focus
    if isinstance(said, int):
        return said
    in_mind = focus.id if said is None and not meaning.get("client") and focus is not None else None
    return in_mind if isinstance(in_mind, int) else None


def _case_of(ctx: Context, client_id: int | None) -> Ticket | None:
    found = ctx.uow.tickets.of_client(client_id, only_open=True) if client_id is not None else []
    return next((ticket for ticket in found if ticket.flow == FLOW), None)


# ---------------------------------------------------------------- promises kept, debts repaid


@effect("keep_promise")
def keep_promise(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Raises Invalid where nothing was promised."""
    if not ticket.details.get("promise_on"):
        raise Invalid(f"催收单 {ticket.name} 没有还没兑现的承诺。")
    uow.tickets.note_details(ticket, NO_PROMISE)
    return ""


@effect("check_repaid")
def check_repaid(uow: UnitOfWork, zone: ZoneInfo, ticket: Ticket) -> str:
    """Raises Invalid while something is late."""
    with as_system(uow):
        parts = uow.contracts.instalments([ticket.contract_id]) if ticket.contract_id is not None else []
    if late := late_parts(parts, local_date(uow.now, zone)):
        how = f"客户还了款请先登记，例如「{ticket.client_name} 已还」。"
        raise Invalid(f"还有 {len(late)} 期逾期，不能按还清结案。{how}")
    return ""
