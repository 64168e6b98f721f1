"""Four eyes for the hours of escalation: handed in by one member, approved by another; in force at once."""

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
from handlers.escalation_hours.forms import FORM, draft_of, now_in_force
from handlers.escalation_hours.trying import trial_text
from handlers.escalation_hours.words import NAME, Limits, changes_text, lines_of
from handlers.language import Meaning
from handlers.router import command, confirmed
from storage.escalation import SETTING, body_of, hours_in, hours_of, with_hours
from storage.model.errors import Invalid, NotFound
from storage.model.people import User
from storage.model.versions import Act, Version

# ---------------------------------------------------------------- trying out, handing in


def try_draft(ctx: Context) -> None:
    """What the draft would do."""
    draft, now = draft_of(ctx), now_in_force(ctx)
    after = draft.limits(now)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    ctx.say(f"{changes_text(now, after)}\n{trial_text(ctx, now, after)}\n发送「提交」请第二个人审批。")


def hand_in(ctx: Context, to: str) -> None:
    """Hand the change that is being written in."""
    now = now_in_force(ctx)
    after = draft_of(ctx).limits(now)
    if not changes_text(now, after):
        raise Invalid("草稿和现在生效的一样，没有要提交的改动。")
    _hand_in(ctx, body_of(after), "change", to)


PROPOSALS[FORM] = Proposal(try_draft, hand_in)


@confirmed(FORM, roles=OPS)
def hand_in_shown(ctx: Context, data: Mapping[str, Any]) -> None:
    """确认 under the form hands it in."""
    ctx.conversation.ask("form", FORM, **data)
    hand_in(ctx, "")


def _hand_in(ctx: Context, body: Mapping[str, Any] | None, act: Act, to: str) -> None:
    ask_approver(ctx, "escalation.hand_in", to, NAME, body=body, act=act)


@confirmed("escalation.hand_in", roles=OPS)
def hand_in_to(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write the version down; the one who is to approve gets the whole of it, what it would do, and a card."""
    approver = approver_of(ctx, data)
    before = ctx.uow.escalations.waiting(SETTING)
    version = ctx.uow.escalations.submit(SETTING, data["body"], data["act"], approver.id)
    tell_replaced(ctx, before, _name(before) if before else "", _name(version))
    draft = ctx.conversation.draft
    if draft is not None and draft.about == FORM:
        ctx.conversation.drop_draft()
    _send(ctx, version, approver)
    ctx.wrote_for_good("提交升级时间")
    ctx.say(f"已提交 {_name(version)}，等{approver.name}审批；批准后立即生效，不用重启。")


def _name(version: Version) -> str:
    return f"{NAME} v{version.version}"


def held_in(ctx: Context, version: Version) -> Limits:
    """The hours that a version holds. Raises Invalid for one that does not fit any more."""
    own = hours_of(ctx.packs)
    return own if version.body is None else with_hours(own, hours_in(version.body))


def _send(ctx: Context, version: Version, approver: User) -> None:
    limits, now = held_in(ctx, version), now_in_force(ctx)
    changed = changes_text(now, limits) or "和现在生效的一样"
    text = "\n".join([*lines_of(limits), f"改动：{changed}", trial_text(ctx, now, limits)])
    rows = dict(line.split("：", 1) for line in lines_of(limits))
    send_letter(ctx, approver, version, Letter(
        _name(version), f"{NAME}待审批", text, f"改动：{changed}", "escalation.approve", "escalation.reject", rows,
    ))


# ---------------------------------------------------------------- deciding


def _asked(ctx: Context, meaning: Meaning) -> Version:
    version = ctx.uow.escalations.waiting(SETTING)
    if version is None:
        raise NotFound("没有等待审批的升级时间。发送「升级时间 历史」查看。")
    return version


def _about(ctx: Context, version: Version) -> str:
    try:
        return f"（{changes_text(now_in_force(ctx), held_in(ctx, version)) or '和现在生效的一样'}）"
    except Invalid:
        return "（已经不能用）"


def _check(ctx: Context, version: Version) -> None:
    held_in(ctx, version)


def _put_to_work(ctx: Context, version: Version) -> Effect:
    return Effect("", "已生效，从下一个工作小时起按它告诉主管")


register(Matter(
    "escalation", NAME, "运营", f"{NAME} v1", lambda ctx: ctx.uow.escalations, lambda ctx, version: _name(version),
    _about, _asked, _check, _send, _put_to_work,
))  # fmt: skip


# ---------------------------------------------------------------- going back


@command("escalation.roll_back", group="运营", help="回到旧的升级时间", example="回滚 升级时间 v0", roles=OPS)
def roll_back(ctx: Context, meaning: Meaning) -> None:
    """Hand in an earlier version again; v0 is the pack's."""
    now, wanted = now_in_force(ctx), meaning.get("version")
    if wanted is None:
        raise Invalid("请写明回到哪一版，例如「回滚 升级时间 v0」；v0 是业务包原样。发送「升级时间 历史」查看版本。")
    book = ctx.uow.escalations.in_force()
    if wanted == (book.version.version if book.version else 0):
        ctx.say(f"{NAME}现在就是 v{wanted}。")
        return
    if wanted == 0:
        _hand_in(ctx, None, "roll_back", "")
        return
    version = next((v for v in ctx.uow.escalations.history(SETTING) if v.version == wanted), None)
    if version is None:
        raise NotFound(f"{NAME}没有 v{wanted}。发送「升级时间 历史」查看版本。")
    check_was_in_force(version, _name(version), "升级时间 历史")
    ctx.say(f"回到 v{wanted}：{changes_text(now, held_in(ctx, version)) or '和现在生效的一样'}")
    _hand_in(ctx, version.body, "roll_back", "")
