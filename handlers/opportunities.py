"""Opportunities: opened by a sentence or by the answer to a reminder, moved on, won or lost, and listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.context import Context
from handlers.follow_ups import check_when
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import FRONT, READERS, command
from handlers.whose import resolve
from storage.model.errors import Invalid
from storage.model.opportunities import CLOSED, Opportunity
from storage.model.people import Client
from storage.model.values import money_text

MOST = 50
FIRST = "contacted"
HOW = "例如发送「{name} 商机 理财 20万 周五签」。"


@command("opportunity.list", group="商机", help="我的商机，或一位客户的", example="我的商机", roles=READERS)
def list_them(ctx: Context, meaning: Meaning) -> None:
    """The open ones of the book or the team, soonest first; of one client also those that are over."""
    if meaning.get("client") or meaning.get("client_id") is not None:
        client = resolve(ctx, meaning)
        if client is not None:
            _of_client(ctx, client)
        return
    found = ctx.uow.opportunities.running(MOST)
    counts = ctx.uow.opportunities.counts()
    told = "，".join(f"{_stage(ctx, stage)} {count}" for stage, count in counts.items() if stage in CLOSED)
    if not found:
        ctx.say(f"没有进行中的商机{f'（{told}）' if told else ''}。{HOW.format(name='客户姓名')}")
        return
    names = {user.id: user.name for user in ctx.uow.users.team()} if ctx.user.role != "adviser" else {}
    count = sum(number for stage, number in counts.items() if stage not in CLOSED)
    part = f"，列最近的 {len(found)} 个" if count > len(found) else ""
    head = f"进行中的商机 {count} 个{f'（{told}）' if told else ''}{part}，回复序号看客户。"
    show_lines(ctx, "opportunities", head, [
        {"client_id": each.client_id, "name": each.client_name,
         "line": f"{each.client_name} {_line(ctx, each)} {names.get(each.owner_id, '')}".rstrip()}
        for each in found
    ])  # fmt: skip


def _of_client(ctx: Context, client: Client) -> None:
    found = ctx.uow.opportunities.of_client(client.id)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="opportunities")
    if not found:
        ctx.say(f"「{client.name}」还没有商机。{HOW.format(name=client.name)}")
        return
    ctx.say("\n".join([f"「{client.name}」商机 {len(found)} 个", *(f"· {_line(ctx, each)}" for each in found)]))


def _line(ctx: Context, found: Opportunity) -> str:
    """理财 待签约 20 万元 预计 06-13"""
    parts = [found.product, _stage(ctx, found.stage)]
    parts += [money_text(found.amount)] if found.amount is not None else []
    parts += [f"预计 {_day(ctx, found.expected_on)}"] if found.expected_on and found.is_open else []
    late = found.expected_on is not None and found.is_open and found.expected_on < ctx.today
    return " ".join(parts) + ("（已过预计日）" if late else "")


def _day(ctx: Context, day: date) -> str:
    return f"{day:%m-%d}" if day.year == ctx.today.year else f"{day}"


def _stage(ctx: Context, stage: str) -> str:
    return ctx.uow.dictionary.show(ctx.uow.dictionary.field("opportunity", "stage"), stage, ctx.user.role)


# ---------------------------------------------------------------- writing


@command(
    "opportunity.create", group="商机", help="记一个商机", example="刘洋 商机 理财 20万 周五签", client=True,
    roles=FRONT,
)
def create(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Product, amount, day and stage as far as they were said."""
    product = str(meaning.get("product") or "").strip()
    if not product:
        raise Invalid(f"请说明是什么产品，{HOW.format(name=client.name)}没有改动。")
    values = _values(ctx, meaning)
    found = ctx.uow.opportunities.add(
        client, product, str(values.get("stage") or FIRST), amount=values.get("amount"),
        expected_on=values.get("expected_on"), note=str(meaning.get("content") or ""),
    )
    ctx.wrote(f"已记商机：「{client.name}」{_line(ctx, found)}", f"「{client.name}」的商机")


@command("opportunity.update", group="商机", help="推进商机", example="刘洋 商机 已成交", client=True, roles=FRONT)
def update(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Stage, amount or day of the open one; where there are several, of the one whose product was named."""
    values = _values(ctx, meaning)
    if not values:
        raise Invalid(f"请说明改成什么，例如「{client.name} 商机 已成交」「{client.name} 商机 推进到方案」，没有改动。")
    found = _meant(ctx, client, str(meaning.get("product") or ""))
    changed = ctx.uow.opportunities.update(found, **values)
    ctx.wrote(
        f"已更新商机：「{client.name}」{_line(ctx, found)} → {_line(ctx, changed)}", f"「{client.name}」的商机",
    )


def _meant(ctx: Context, client: Client, product: str) -> Opportunity:
    """Raises Invalid when there is none, or several and nothing tells them apart."""
    found = [each for each in ctx.uow.opportunities.of_client(client.id) if each.is_open]
    if not found:
        raise Invalid(f"「{client.name}」没有进行中的商机。{HOW.format(name=client.name)}")
    named = [each for each in found if product and (product in each.product or each.product in product)] or found
    if len(named) > 1:
        lines = "；".join(_line(ctx, each) for each in named)
        raise Invalid(f"「{client.name}」有 {len(named)} 个进行中的商机：{lines}。请带上产品，没有改动。")
    return named[0]


def _values(ctx: Context, meaning: Meaning) -> dict[str, Any]:
    """What was said, by the names of the columns. Raises Invalid for an amount that is none, for a day that does not
    exist, and for one that is over, unless the opportunity is."""
    values: dict[str, Any] = {}
    if meaning.get("stage"):
        values["stage"] = str(meaning.slots["stage"])
    if meaning.get("amount"):
        values["amount"] = Decimal(str(meaning.slots["amount"]))
        if values["amount"] <= 0:
            raise Invalid("金额要大于 0，没有改动。")
    if isinstance(said := meaning.get("expected"), When):
        check_when(said)
        values["expected_on"] = said.last_date if said.end else said.date
        if values["expected_on"] < ctx.today and values.get("stage") not in CLOSED:
            raise Invalid(f"「{said.text or said.start}」已经过去了，请换一个以后的日子，没有改动。")
    return values


def open_one(
    ctx: Context, client: Client, product: str, stage: str, *, expected_on: date | None, note: str, reminder_id: int,
    more: Mapping[str, Any],
) -> str:
    """Open the opportunity that an answer to a reminder speaks of, or move the one on that is open; what to say."""
    alike = [o for o in ctx.uow.opportunities.of_client(client.id) if o.is_open and o.product == product]
    if alike:
        values = {"stage": stage, **more} | ({"expected_on": expected_on} if expected_on else {})
        return f"已更新商机：{_line(ctx, ctx.uow.opportunities.update(alike[0], **values))}。"
    found = ctx.uow.opportunities.add(
        client, product, stage, expected_on=expected_on, note=note, reminder_id=reminder_id, **more
    )
    return f"已开商机：{_line(ctx, found)}，发送「我的商机」查看。"
