"""What became of a campaign: sent, answered, bought; whom to follow up, by number or all (S16, R235, R248)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handlers.campaigns import EXAMPLE
from handlers.context import Context
from handlers.journeys.words import counted, label_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import FRONT, command
from reminders.campaign_words import left_out_words
from reminders.figures import Ledger, figure, last_days
from storage.model.care import STATE_WORDS, Campaign, MessageState
from storage.repositories.campaigns import CampaignRepository, Left, Reached
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.journeys import JourneyRepository
from storage.scope import sees

MOST_LISTED = 50
VIPS = "vip_activity"
_ORDER: tuple[MessageState, ...] = (
    "delivered", "told_sent", "adviser_sent", "task_created", "creating", "queued", "by_hand", "drafted", "failed",
    "expired", "cancelled", "refused",
)


@command(
    "campaign.result", group="关怀", help="看群发活动的效果，派跟进", example="活动效果 季度回顾", roles=FRONT
)
def result(ctx: Context, meaning: Meaning) -> None:
    """How many clients it reached, by what WeCom or the adviser says, what followed, and who is left to be asked."""
    campaigns, name = CampaignRepository(ctx.uow), str(meaning.get("name") or "").strip("「」 ")
    found = campaigns.latest(name) if name else []
    if not found:
        known = campaigns.names()
        hint = f"有过的活动：{'、'.join(known)}。" if known else f"还没有群发过。例如「{EXAMPLE}」。"
        ctx.say(f"没有叫「{name}」的活动。{hint}" if name else f"请带上活动名称。{hint}")
        return
    ctx.say("\n".join([*_how_far(ctx, found), *_what_followed(ctx, found)]))
    left = campaigns.not_bought([campaign.id for campaign in found], MOST_LISTED)
    if left.count:
        _show_left(ctx, found[0], left)
    else:
        ctx.conversation.show_list("campaign", [])  # 全部派跟进 must not reach a list that was shown before


def _how_far(ctx: Context, found: Sequence[Campaign]) -> list[str]:
    ids = [campaign.id for campaign in found]
    counts = ClientMessageRepository(ctx.uow).counts(ids)
    by_state, reasons = Counter[MessageState](), Counter[str]()
    for (state, reason), number in counts.items():
        by_state[state] += number
        if state in ("failed", "refused") and reason:
            reasons[reason] += number
    # Whom somebody above left out of the whole firm is none of the reader's business.
    whole = [c for c in found if (by := ctx.uow.users.find(c.user_id)) is not None and sees(ctx.uow.actor, by)]
    left_out = sum((Counter(campaign.left_out) for campaign in whole), Counter[str]())
    lines = [f"「{found[0].name}」{ctx.local(found[0].created_at):%m-%d}：选中 {sum(by_state.values())} 位"]
    lines += [f"· {STATE_WORDS[state]}：{by_state[state]}" for state in _ORDER if by_state[state]]
    lines += [f"· 没发成的原因：{left_out_words(reasons)}"] if reasons else []
    lines += [f"· 一开始就没有选：{left_out_words(left_out)}"] if left_out else []
    in_journeys = JourneyRepository(ctx.uow).counts(ids)
    for journey in dict.fromkeys(journey for journey, _state, _why in in_journeys):
        lines.append(f"· {label_of(ctx, journey)}：{counted(in_journeys, journey)}")
    return lines


def _what_followed(ctx: Context, found: Sequence[Campaign]) -> list[str]:
    """The way from the text to the contract, and how many of the clients in high tiers were met lately."""
    effect = CampaignRepository(ctx.uow).effect([campaign.id for campaign in found])
    lines = [
        f"收到 {effect.reached} 位（含顾问称已发）→ 之后有联系 {effect.spoken} 位 → 新签 {effect.bought} 位",
        "企业微信不提供客户已读和回复；有联系按顾问之后记的跟进算。",
    ]
    metric = ctx.packs.find_metric(VIPS)
    if metric is not None and (span := last_days(metric, ctx.today)):
        members = ctx.uow.users.team() if ctx.user.role == "manager" else [ctx.user]
        share = figure(Ledger(ctx.uow, ctx.zone), metric, span).text(member.id for member in members)
        lines.append(f"{metric.label}（{span.words}）：{share}")
    return lines


def _show_left(ctx: Context, campaign: Campaign, left: Left) -> None:
    names = {user.id: user.name for user in ctx.uow.users.team()} if ctx.user.role == "manager" else {}
    ctx.uow.audit.listed("client", [(one.client_id, one.client_id) for one in left.first], section="campaign")
    how = "回复「全部派跟进」，或挑几位「1-2 派跟进 周五前」。"
    part = f"下面是前 {len(left.first)} 位。" if left.count > len(left.first) else ""
    head = f"还没有新签的 {left.count} 位，其中 {left.silent} 位之后没有联系。{part}{how}"
    show_lines(ctx, "campaign", head, [
        {
            "client_id": one.client_id, "name": one.name, "why": f"{campaign.name}，{_since(ctx, one)}",
            "line": f"{' '.join(filter(None, [one.name, names.get(one.owner_id, '')]))}：{_since(ctx, one)}",
        }
        for one in left.first
    ])  # fmt: skip


def _since(ctx: Context, one: Reached) -> str:
    return f"{ctx.local(one.at):%m-%d} 收到，{'有联系，还没买' if one.spoken else '之后没有联系'}"
