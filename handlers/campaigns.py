"""Campaigns (S16): an approved text to the clients of a segment. Each adviser confirms the own part on a card; who may
not be written to is left out and counted by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from config.pack import Journey, Template
from handlers.context import Context
from handlers.journeys.moving import check_takes_in, join_with_campaign
from handlers.journeys.words import meant
from handlers.language import Meaning
from handlers.router import FRONT, action, command, confirmed
from reminders.campaign_words import left_out_words, part_card
from reminders.ledger import DRAFTS, MOST_CLIENTS, Plan, confirm_part, enter_campaign, plan_campaign
from storage.conditions import View, compiled, describe, read
from storage.model.care import Campaign
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.repositories.campaigns import CampaignRepository
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.journeys import JourneyRepository

EXAMPLE = "群发 沉默贵宾 模板 季度回顾"
MOST_NAMES = 20


@command("campaign.start", group="关怀", help="给分群发审定的文案", example=EXAMPLE, roles=FRONT)
def start(ctx: Context, meaning: Meaning) -> None:
    """Say who would be written to and who not, and wait for 确认; nothing is made before."""
    template = _template(ctx, str(meaning.get("template") or ""))
    journey = _journey(ctx, str(meaning.get("journey") or ""))
    segment = str(meaning.get("segment") or "").strip()
    said, ids = _clients(ctx, segment)
    plan = plan_campaign(ctx.uow, template, ids, ctx.zone, ctx.company, keep=False)
    head = f"群发「{template.label}」给「{segment}」（{said}）：共 {len(ids)} 位客户。"
    hints = [_how_to_agree(plan), _begun_today(ctx, template)]
    if not plan.chosen:
        ctx.say(_lines(head, f"没有一位可以发：{left_out_words(plan.left_out)}。", *hints))
        return
    ctx.ask_to_confirm(
        _lines(head, f"可以发 {_who(ctx, plan)}", _not_who(plan), *hints, f"文案示例：{plan.sample}",
               f"确认后他们会加入{journey.label}。" if journey else "",
               "确认后每位顾问会收到自己的一份，由他再确认才生成企业微信任务。"),
        "campaign.start", segment=segment, template=template.id, journey=journey.id if journey else "",
    )


@confirmed("campaign.start")
def begin(ctx: Context, data: Mapping[str, Any]) -> None:
    """Make the drafts, and give each adviser the own part."""
    template = ctx.uow.templates.in_force().get(data["template"])
    said, ids = _clients(ctx, data["segment"])
    plan = plan_campaign(ctx.uow, template, ids, ctx.zone, ctx.company, keep=True)
    if not plan.chosen:
        before = _begun_today(ctx, template)
        raise Invalid(f"现在没有一位客户可以发了：{left_out_words(plan.left_out)}。没有再群发。{before}")
    campaign = enter_campaign(
        ctx.uow, plan, ctx.zone, name=template.label, segment=data["segment"], conditions=said
    )
    joined = _join(ctx, plan, campaign, data.get("journey") or "")
    ctx.wrote_for_good("群发")
    ctx.say(
        f"已生成草稿 {_who(ctx, plan)}，每位顾问确认自己的一份后才会发。{joined}"
        f"发送「活动效果 {template.label}」看进展。"
    )
    if plan.lacking:
        for member in ctx.uow.users.all("ops"):
            ctx.tell(member.id, Text(plan.lacking))
    for adviser_id, count in plan.by_adviser.items():
        card = part_card(ctx.uow, campaign, template, adviser_id, count)
        if adviser_id == ctx.user.id:
            ctx.show(card)
        else:
            ctx.tell(adviser_id, card)


def _template(ctx: Context, name: str) -> Template:
    """The approved text to clients of this name. Raises Invalid with those that come nearest."""
    known = {
        t.label: t for t in ctx.uow.templates.in_force().care
        if t.occasion not in ("", "welcome") and t.state == "approved"
    }
    wanted = name.strip("「」\"“” ")
    found = known.get(wanted) or next((t for t in known.values() if t.id == wanted), None)
    if found is None:
        near = get_close_matches(wanted, known, 3, 0.3) or list(known)[:5]
        raise Invalid(f"没有叫「{wanted}」的审定模板。相近的有：{'、'.join(near)}。例如「{EXAMPLE}」。")
    return found


def _journey(ctx: Context, name: str) -> Journey | None:
    """The journey that was asked for along with the text. Raises Invalid for one that takes nobody in."""
    if not name:
        return None
    journey = meant(ctx, name)
    check_takes_in(ctx, journey)
    return journey


def _join(ctx: Context, plan: Plan, campaign: Campaign, name: str) -> str:
    """Put those who are written to into the journey; says how many."""
    journey = _journey(ctx, name)
    if journey is None:
        return ""
    joined = join_with_campaign(ctx, journey, [asked.client for asked in plan.chosen], campaign.id)
    return f"{joined} 位已加入{journey.label}。"


def _clients(ctx: Context, segment: str) -> tuple[str, list[int]]:
    """What the segment means today, and its clients. Raises Unreadable, or Invalid when they are too many."""
    tree = read(segment, ctx.uow.dictionary, ctx.user.role, ctx.today, ctx.uow.segments.all())
    condition = compiled(tree, View(ctx.packs, ctx.today, ctx.zone))
    ids = ctx.uow.clients.ids_matching(condition, MOST_CLIENTS + 1)
    if len(ids) > MOST_CLIENTS:
        raise Invalid(f"「{segment}」超过 {MOST_CLIENTS} 位客户，请把条件收窄一些再群发。")
    if not ids:
        raise Invalid(f"「{segment}」（{describe(tree)}）里没有客户，没有群发。")
    return describe(tree), ids


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _who(ctx: Context, plan: Plan) -> str:
    names = {who: user.name if (user := ctx.uow.users.find(who)) else who for who in plan.by_adviser}
    parts = "、".join(f"{names[who]} {count} 位" for who, count in plan.by_adviser.items())
    return f"{len(plan.chosen)} 位（{parts}）"


def _not_who(plan: Plan) -> str:
    return f"不发 {sum(plan.left_out.values())} 位：{left_out_words(plan.left_out)}" if plan.left_out else ""


def _how_to_agree(plan: Plan) -> str:
    return "没有授权的，客户同意后由顾问发送「姓名 同意营销」登记。" if plan.left_out["no_consent"] else ""


def _begun_today(ctx: Context, template: Template) -> str:
    """That this text was sent round already today; "" when it was not."""
    latest = next(iter(CampaignRepository(ctx.uow).latest(template.label)), None)
    if latest is None or ctx.local(latest.created_at).date() != ctx.today:
        return ""
    at = f"{ctx.local(latest.created_at):%H:%M}"
    return f"「{template.label}」今天 {at} 已经群发过一次，发送「活动效果 {template.label}」看进展。"


# ---------------------------------------------------------------- an adviser's part


@action("campaign.send")
def send_part(ctx: Context, args: Mapping[str, Any]) -> None:
    """The adviser sends the own part; the gate is asked about each client again."""
    campaign = CampaignRepository(ctx.uow).get(args["campaign"])
    part = confirm_part(ctx.uow, campaign.id, ctx.user, ctx.zone)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已确认")
    ctx.wrote_for_good("群发")
    lines = [
        f"「{campaign.name}」已确认：{part.queued} 位正在生成待发送任务，还没有发给客户，"
        "请在企业微信「群发助手」里点发送。" if part.queued else f"「{campaign.name}」没有生成任务。"
    ]
    if part.expired:
        hours = ctx.packs.rhythm.expires_after
        lines.append(f"{part.expired} 位的草稿已过期（{hours} 小时内没有确认），没有发。还要发请重新群发。")
    if part.by_hand:
        names = "、".join(part.by_hand[:MOST_NAMES])
        how = f"发送「手动发送 {part.by_hand[0]}」拿文案。"
        lines.append(f"{len(part.by_hand)} 位没有绑定微信，要您手动发：{names}。{how}")
    if part.refused:
        codes = Counter(verdict.codes[0] for _name, verdict in part.refused)
        lines.append(f"{len(part.refused)} 位刚才又检查了一遍，不能发：{left_out_words(codes)}。")
    ctx.say("\n".join(lines))


@action("campaign.names")
def names_of_part(ctx: Context, args: Mapping[str, Any]) -> None:
    """Who is in the adviser's part."""
    found = ClientMessageRepository(ctx.uow).of_campaign(args["campaign"], ctx.user.id, DRAFTS)
    ctx.uow.audit.listed("client", [(m.client_id, m.client_id) for m in found], section="campaign")
    more = f"……共 {len(found)} 位" if len(found) > MOST_NAMES else ""
    names = "、".join(m.client_name for m in found[:MOST_NAMES])
    ctx.say(f"这次给：{names}{more}。不想给谁发，发送「取消发送 姓名」。" if found else "您的这一份已经处理过了。")


@action("campaign.skip")
def skip_part(ctx: Context, args: Mapping[str, Any]) -> None:
    """The adviser sends nothing to his clients."""
    messages = ClientMessageRepository(ctx.uow)
    found = messages.of_campaign(args["campaign"], ctx.user.id, DRAFTS)
    for message in found:
        messages.change(message, state="cancelled", done_at=ctx.now)
    runs = JourneyRepository(ctx.uow)
    for run in runs.of_campaign(args["campaign"], ctx.user.id):
        runs.end(run, "skipped")
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("不发")
    ctx.wrote_for_good("跳过群发")
    ctx.say(f"好的，您的 {len(found)} 位客户这次不发。")
