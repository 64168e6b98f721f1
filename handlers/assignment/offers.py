"""分配 王芳, 接受 王芳, 不接受 王芳 手上客户太多: a client goes to an adviser by rule, who says yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import action, command, confirmed
from reminders.offering import (
    ACCEPT,
    DECLINE,
    REASONS,
    WHY,
    choose,
    give_to_rules,
    moment,
    news_of,
    offer_card,
    pass_on,
    rule_label,
)
from storage.acting import as_system
from storage.model.errors import Invalid
from storage.model.messages import Text, cut
from storage.model.offers import Offer
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.repositories.offers import prospect_of

NOTHING = "没有等您答复的客户分配。"
_GONE = "这次分配已经答复过了，或客户已经转给别人，不用再处理。"


# ---------------------------------------------------------------- a manager gives one to the rules


@command(
    "assign.client", group="团队", help="把客户按规则分给顾问", example="分配 王芳", client=True, roles=("manager",),
)
def give(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Echo who would get the client; done after 确认."""
    _check_free(ctx, client)
    ctx.uow.clients.refuse_if_locked(client)
    chosen = choose(ctx.uow, prospect_of(client.id, _facts(client)), {client.owner_id})
    if chosen is None:
        raise Invalid("按现在的规则没有合适的顾问（都满了，或没有别人）。请按姓名移交，例如"
                      f"「把{client.name}移交给 姓名」；规则请发送「客户分配 规则 查看」。")
    rule = f"（按规则「{chosen.label}」）"
    ctx.ask_to_confirm(
        f"把「{client.name}」分给 {chosen.user.name}{rule}？合同、记录和未完成的提醒会一起过去，"
        "对方接受或不接受都会告诉您。",
        "assign.client", client=client.id, to=chosen.user.id,
    )


def _facts(client: Client) -> dict[str, Any]:
    return {name: client.value(name) for name in ("city", "bank_tier", "insurance_tier")}


def _check_free(ctx: Context, client: Client) -> None:
    """Raises Invalid while somebody is still to answer."""
    offer = ctx.uow.offers.open_of(client.id)
    if offer is None:
        return
    if offer.owner_id != offer.user_id:
        ctx.uow.offers.decide(offer, "moved")
        return
    name = ctx.uow.users.names().get(offer.user_id, offer.user_id)
    raise Invalid(f"「{client.name}」已经分给 {name}，等他在 {moment(offer.due_at, ctx.zone)} 前答复。")


@confirmed("assign.client", roles=("manager",))
def given(ctx: Context, data: Mapping[str, Any]) -> None:
    """Give it as it was echoed; where the rules choose another by now, echo again."""
    client = ctx.uow.clients.get(int(data["client"]))
    _check_free(ctx, client)
    chosen = choose(ctx.uow, prospect_of(client.id, _facts(client)), {client.owner_id})
    if chosen is None or chosen.user.id != data["to"]:
        ctx.say("刚才到现在情况有变化，没有分，请看新的安排：")
        give(ctx, Meaning("assign.client", {}), client)
        return
    before = client.owner_id
    offer = give_to_rules(ctx.uow, ctx.zone, client, ctx.user.id)
    assert offer is not None  # chosen in this very transaction
    tell_asked(ctx, offer)
    if before not in (ctx.user.id, offer.user_id):
        words = f"{ctx.user.name} 已把「{client.name}」按规则分给 {chosen.user.name}，相关提醒一并转走。"
        ctx.tell(before, Text(words))
    ctx.wrote_for_good(f"分配「{client.name}」")
    ctx.say(asked_text(ctx, client.name, offer))


def asked_text(ctx: Context, name: str, offer: Offer) -> str:
    """「王芳」按规则「其他客户」分给 李想，请他在 06-09 13:30 前答复。"""
    to = ctx.uow.users.names().get(offer.user_id, offer.user_id)
    rule = rule_label(ctx.uow, offer.rule)
    due = moment(offer.due_at, ctx.zone)
    return f"「{name}」按规则「{rule}」分给 {to}，请他在 {due} 前答复；不接受就给下一位，结果会告诉您。"


def tell_asked(ctx: Context, offer: Offer) -> None:
    """The card to who is asked."""
    with as_system(ctx.uow):
        ctx.tell(offer.user_id, offer_card(ctx.uow, ctx.zone, offer))


# ---------------------------------------------------------------- the adviser answers


@command("assign.waiting", group="客户", help="看等我接受的客户", example="待接受的客户", roles=("adviser",))
def waiting(ctx: Context, meaning: Meaning) -> None:
    """The clients that were given to the member and that he has not answered yet."""
    found = ctx.uow.offers.waiting_for(ctx.user.id)
    if not found:
        ctx.say(NOTHING)
        return
    heads = ctx.uow.clients.heads([offer.client_id for offer in found])
    ctx.uow.audit.listed("client", [(offer.client_id, offer.client_id) for offer in found], section="offers")
    lines = [f"· {heads[offer.client_id].name}：请在 {moment(offer.due_at, ctx.zone)} 前答复" for offer in found]
    name = heads[found[0].client_id].name
    ctx.say("\n".join(["等您答复的客户：", *lines, f"回复「接受 {name}」或「不接受 {name} 原因」。"]))


@command("assign.accept", group="客户", help="接受分给我的客户", example="接受 王芳", client=True, roles=("adviser",))
def accept(ctx: Context, meaning: Meaning, client: Client) -> None:
    _accept(ctx, _asked_of(ctx, client))


@command(
    "assign.decline", group="客户", help="不接受分给我的客户", example="不接受 王芳 不在我的区域", client=True,
    roles=("adviser",),
)
def decline(ctx: Context, meaning: Meaning, client: Client) -> None:
    offer = _asked_of(ctx, client)
    reason = str(meaning.get("reason") or "").strip()
    if not reason:
        raise Invalid(f"请写上原因，例如「不接受 {client.name} 手上客户太多」。")
    _decline(ctx, offer, reason)


def _asked_of(ctx: Context, client: Client) -> Offer:
    """Raises Invalid where the member was not asked."""
    offer = ctx.uow.offers.open_of(client.id)
    if offer is None or offer.user_id != ctx.user.id:
        raise Invalid(f"「{client.name}」没有在等您答复。发送「待接受的客户」查看。")
    return offer


@action(ACCEPT, roles=("adviser",))
def tapped_accept(ctx: Context, args: Mapping[str, Any]) -> None:
    if (offer := _of_card(ctx, args)) is not None:
        ctx.uow.cards.use(args["card"])
        ctx.grey_out("已接受")
        _accept(ctx, offer)


@action(DECLINE, roles=("adviser",))
def tapped_decline(ctx: Context, args: Mapping[str, Any]) -> None:
    """With the reason that is picked on the card."""
    offer = _of_card(ctx, args)
    if offer is None:
        return
    reason = REASONS.get(next(iter(args["selections"].get(WHY, ())), ""))
    if reason is None:
        raise Invalid("请先在卡片上选不接受的原因，再点「不接受」。")
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("不接受")
    _decline(ctx, offer, reason)


def _of_card(ctx: Context, args: Mapping[str, Any]) -> Offer | None:
    """The offer of a card while it is open; None after having greyed out the card of one that is not."""
    offer = ctx.uow.offers.find(int(args["offer"]))
    if offer is not None and offer.state == "offered" and offer.owner_id == ctx.user.id:
        return offer
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已失效")
    ctx.say(_GONE)
    return None


def _accept(ctx: Context, offer: Offer) -> None:
    client = ctx.uow.clients.get(offer.client_id)
    if not ctx.uow.offers.decide(offer, "accepted"):
        raise Invalid(_GONE)
    ctx.wrote_for_good(f"接受「{client.name}」")
    ctx.conversation.look_at(client.id, client.name)
    ctx.say(f"已接受「{client.name}」，现在是您的客户。请尽快联系，发送「查客户 {client.name}」查看。")
    if offer.by_id != ctx.user.id and ctx.uow.users.find(offer.by_id) is not None:
        ctx.tell(offer.by_id, Text(f"{ctx.user.name} 接受了客户「{client.name}」。"))


def _decline(ctx: Context, offer: Offer, reason: str) -> None:
    name, said = ctx.uow.clients.get(offer.client_id).name, cut(mask_free_text(reason), 100)
    passed = pass_on(ctx.uow, ctx.zone, offer, "declined", said)
    if passed is None:
        raise Invalid(_GONE)
    ctx.wrote_for_good(f"不接受「{name}」")
    gone = passed.offer or passed.manager
    ctx.say(f"好的，「{name}」不分给您了（{said}），{passed.words}。" if gone else f"「{name}」{passed.words}。")
    if passed.moved:
        return
    with as_system(ctx.uow):
        for user, message, _ in news_of(ctx.uow, ctx.zone, offer, passed):
            ctx.tell(user.id, message)
