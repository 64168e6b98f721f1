"""Tiers that go by conditions of the packs: what these are, why a client has such a tier, and it given back to them."""

from __future__ import annotations

from config.pack import Tier, TierScheme
from handlers.context import Context
from handlers.tier_words import NO_TIER, change_text, named
from storage.conditions import describe, read
from storage.model.errors import Invalid
from storage.model.people import SYSTEM, Client

LINES_OF_HISTORY = 5
REST = "其余客户"
IN_THE_PACK = "改条件请管理员改业务包的 tags.yaml（tiers 里的 when），对话里不能改"


def spoken(ctx: Context, tier: Tier) -> str:
    """每期金额 不低于 5 万元; for the tier of whoever is left, that."""
    if tier.when is None:
        return REST
    return describe(read(tier.when, ctx.uow.dictionary, SYSTEM.role, ctx.today))


def standards(ctx: Context) -> list[str]:
    """Each scheme by conditions with its tiers from the top, and where they are changed."""
    lines = []
    for scheme in ctx.packs.condition_schemes:
        lines.append(f"{scheme.label}按条件分，从上往下第一个符合的算，每天早上按资料重算；{IN_THE_PACK}：")
        lines += [f"{tier.name}：{spoken(ctx, tier)}" for tier in scheme.from_the_top]
    return lines


def refuse_other_schemes(ctx: Context, text: str) -> None:
    """Raises Invalid for a change that begins with a tier of a scheme which does not go by assets."""
    for scheme in (scheme for scheme in ctx.packs.tiers if not scheme.by_assets):
        said = next((t.name for t in scheme.tiers if text.strip().startswith((t.name, *t.synonyms))), "")
        if said and scheme.by_condition:
            raise Invalid(f"「{said}」是{scheme.label}，按条件分，没有改动。{IN_THE_PACK}。发送「分层标准」查看条件。")
        if said:
            raise Invalid(f"「{said}」是{scheme.label}，由人工定，没有金额标准。定等级例如「王芳 等级 {said}」。")


def why(ctx: Context, client: Client, scheme: TierScheme, asked: str) -> list[str]:
    """The tier of the client in a scheme that does not go by assets, and whose hand or which condition made it."""
    tier = client.value(scheme.name)
    history = [change for change in ctx.uow.tiers.of_client(client.id) if change.scheme == scheme.name]
    lines = [f"「{client.name}」现在不是「{asked}」。"] if asked != tier else []
    lines.append(f"「{client.name}」的{scheme.label}：{tier or NO_TIER}")
    last = history[0] if history else None
    by_hand = tier is not None and (last is None or last.reason == "hand")
    if not scheme.by_condition:
        lines.append(f"原因：{scheme.label}由人工定。要改例如「{client.name} 等级 {asked}」。")
    elif by_hand:
        who = f"{named(ctx, last.set_by)} {ctx.local(last.at):%Y-%m-%d} 手工定的" if last else "登记时的等级"
        lines.append(f"原因：{who}，不随条件变。要按条件算，发送「{client.name} 分层 按条件」。")
    elif client.stage == "lost":
        lines.append("原因：已流失的客户保持原来的等级。")
    elif last is None or last.reason in ("given_back", "hand"):
        lines.append("原因：还没有按条件算过，明天早上会算。")
    else:
        lines.append(f"原因：{_because(ctx, scheme, tier)}，{ctx.local(last.at):%Y-%m-%d} 起。")
    if scheme.by_condition:
        lines += _now(ctx, client, scheme, asked)
    if history:
        lines.append("变动，新的在前：")
        lines += [change_text(ctx, change, with_day=True) for change in history[:LINES_OF_HISTORY]]
    return lines


def _because(ctx: Context, scheme: TierScheme, tier: str | None) -> str:
    found = next((one for one in scheme.tiers if one.name == tier), None)
    if found is None:
        return "没有一档的条件符合，按业务包的条件算"
    said = "上面各档的条件都不符合" if found.when is None else f"符合「{spoken(ctx, found)}」"
    return f"{said}，按业务包的条件算"


def _now(ctx: Context, client: Client, scheme: TierScheme, asked: str) -> list[str]:
    """How to look whether the condition of the tier that was asked about holds now."""
    found = next((one for one in scheme.tiers if one.name == asked and one.when), None)
    if found is None:
        return []
    return [f"「{asked}」的条件：{spoken(ctx, found)}。看现在符不符合，请发送「筛选说明 {client.name} {found.when}」。"]


def give_back(ctx: Context, client: Client) -> None:
    """What somebody set by hand goes by the conditions again, from the next morning on."""
    schemes = ctx.packs.condition_schemes
    if not schemes:
        ctx.say("业务包里没有按条件分的等级，没有改动。")
        return
    held = [s for s in schemes if client.value(s.name) is not None and not ctx.uow.tiers.is_computed(client.id, s.name)]
    if not held:
        ctx.say(f"「{client.name}」的{schemes[0].label}本来就按条件算，没有改动。")
        return
    for scheme in held:
        ctx.uow.tiers.give_back_to_conditions(client, scheme.name)
    labels = "、".join(scheme.label for scheme in held)
    said = f"「{client.name}」的{labels}交还给按条件算，明天早上重算，在那以前不变。"
    ctx.wrote(said, f"交还「{client.name}」的等级")
