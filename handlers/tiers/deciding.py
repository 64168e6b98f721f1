"""Four eyes for the tier standard: handed in by one member, approved by another; then tiers are computed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.approvals import (
    OPS,
    PROPOSALS,
    Effect,
    Letter,
    Matter,
    Proposal,
    approver_of,
    ask_approver,
    check_was_in_force,
    register,
    send_letter,
    tell_replaced,
)
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command, confirmed
from handlers.tier_words import NAME, changes_text, standard_lines
from handlers.tiers.forms import FORM, draft_of, now_in_force, try_draft
from handlers.tiers.trying import trial_text
from reminders.tiers import recompute
from storage.model.errors import Invalid, NotFound
from storage.model.people import User
from storage.model.versions import Act, Version
from storage.tiers import Standard, floors_in

# ---------------------------------------------------------------- handing in


def hand_in(ctx: Context, to: str) -> None:
    """Hand the change that is being written in."""
    now = now_in_force(ctx)
    after = draft_of(ctx).standard(now)
    if not changes_text(now, after):
        raise Invalid("草稿和现在生效的标准一样，没有要提交的改动。")
    _hand_in(ctx, {"floors": dict(after.floors)}, "change", to)


PROPOSALS[FORM] = Proposal(try_draft, hand_in)


@confirmed(FORM, roles=OPS)
def hand_in_shown(ctx: Context, data: Mapping[str, Any]) -> None:
    """确认 under the form hands it in."""
    ctx.conversation.ask("form", FORM, **data)
    hand_in(ctx, "")


def _hand_in(ctx: Context, body: Mapping[str, Any] | None, act: Act, to: str) -> None:
    ask_approver(ctx, "standard.hand_in", to, NAME, body=body, act=act)


@confirmed("standard.hand_in", roles=OPS)
def hand_in_to(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write the version down; the one who is to approve gets the whole of it, what it would do, and a card."""
    approver = approver_of(ctx, data)
    scheme = now_in_force(ctx).scheme
    before = ctx.uow.standards.waiting(scheme)
    version = ctx.uow.standards.submit(scheme, data["body"], data["act"], approver.id)
    tell_replaced(ctx, before, _name(before) if before else "", _name(version))
    draft = ctx.conversation.draft
    if draft is not None and draft.about == FORM:
        ctx.conversation.drop_draft()
    _send(ctx, version, approver)
    ctx.wrote_for_good("提交分层标准")
    ctx.say(f"已提交 {_name(version)}，等{approver.name}审批；批准后立即生效并重算，不用重启。")


def _name(version: Version) -> str:
    return f"{NAME} v{version.version}"


def held_in(ctx: Context, version: Version) -> Standard:
    """The standard that a version holds. Raises Invalid for one that does not fit the packs any more."""
    own = Standard.of(ctx.packs)
    if own is None or own.scheme != version.subject:
        raise Invalid("这个版本的等级不在业务包里了，不能再用。")
    floors = own.floors if version.body is None else floors_in(version.body)
    return own.with_floors(floors, version.version)


def _send(ctx: Context, version: Version, approver: User) -> None:
    standard, now = held_in(ctx, version), now_in_force(ctx)
    changed = changes_text(now, standard) or "和现在生效的一样"
    text = "\n".join([*standard_lines(standard), f"改动：{changed}", trial_text(ctx, standard, names=False)])
    rows = dict(line.split("：", 1) for line in standard_lines(standard))
    send_letter(ctx, approver, version, Letter(
        _name(version), f"{NAME}待审批", text, f"改动：{changed}", "standard.approve", "standard.reject", rows,
    ))


# ---------------------------------------------------------------- deciding


def _asked(ctx: Context, meaning: Meaning) -> Version:
    version = ctx.uow.standards.waiting(now_in_force(ctx).scheme)
    if version is None:
        raise NotFound("没有等待审批的分层标准。发送「分层标准 历史」查看。")
    return version


def _about(ctx: Context, version: Version) -> str:
    try:
        return f"（{changes_text(now_in_force(ctx), held_in(ctx, version)) or '和现在生效的一样'}）"
    except Invalid:
        return "（已经不能用）"


def _check(ctx: Context, version: Version) -> None:
    held_in(ctx, version)


def _put_to_work(ctx: Context, version: Version) -> Effect:
    moved = recompute(ctx.uow, "standard", ctx.zone)
    counted = f"{moved} 位客户换了等级" if moved else "没有客户换等级"
    return Effect("", f"已生效，{counted}；历史已记，顾问在早报里看到，客户不会收到通知")


register(Matter(
    "standard", NAME, "分层", f"{NAME} v2", lambda ctx: ctx.uow.standards, lambda ctx, version: _name(version), _about,
    _asked, _check, _send, _put_to_work,
))  # fmt: skip


# ---------------------------------------------------------------- going back


@command("standard.roll_back", group="分层", help="回到旧的分层标准", example="回滚 分层标准 v1", roles=OPS)
def roll_back(ctx: Context, meaning: Meaning) -> None:
    """Hand in an earlier version again; v0 is the pack's."""
    now, wanted = now_in_force(ctx), meaning.get("version")
    if wanted is None:
        raise Invalid("请写明回到哪一版，例如「回滚 分层标准 v0」；v0 是业务包原样。发送「分层标准 历史」查看版本。")
    if wanted == now.version:
        ctx.say(f"{NAME}现在就是 v{wanted}。")
        return
    if wanted == 0:
        _hand_in(ctx, None, "roll_back", "")
        return
    version = next((v for v in ctx.uow.standards.history(now.scheme) if v.version == wanted), None)
    if version is None:
        raise NotFound(f"{NAME}没有 v{wanted}。发送「分层标准 历史」查看版本。")
    check_was_in_force(version, _name(version), "分层标准 历史")
    ctx.say(f"回到 v{wanted}：{changes_text(now, held_in(ctx, version)) or '和现在生效的一样'}")
    _hand_in(ctx, version.body, "roll_back", "")
