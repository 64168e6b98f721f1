"""Four eyes for the firm's hours of the brief and the digest: handed in by one member, approved by another."""

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
from handlers.push_times.forms import FORM, draft_of
from handlers.push_times.words import change_text, held_in, name_of, reach_text, version_name
from handlers.router import command, confirmed
from storage.model.errors import Invalid, NotFound
from storage.model.people import User
from storage.model.versions import Act, Version
from storage.push_times import body_of


def try_draft(ctx: Context) -> None:
    """Whom the draft would reach."""
    draft = draft_of(ctx)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    ctx.say(f"试算：{reach_text(ctx, draft.push)}\n发送「提交」请第二个人审批。")


def hand_in(ctx: Context, to: str) -> None:
    """Hand the change that is being written in."""
    draft = draft_of(ctx)
    if draft.clock == ctx.uow.push_times.in_force().of(draft.push):
        raise Invalid("草稿和现在生效的一样，没有要提交的改动。")
    _hand_in(ctx, draft.push, body_of(draft.clock), "change", to)


PROPOSALS[FORM] = Proposal(try_draft, hand_in)


@confirmed(FORM, roles=OPS)
def hand_in_shown(ctx: Context, data: Mapping[str, Any]) -> None:
    """确认 under the form hands it in."""
    ctx.conversation.ask("form", FORM, **data)
    hand_in(ctx, "")


def _hand_in(ctx: Context, push: str, body: Mapping[str, Any] | None, act: Act, to: str) -> None:
    ask_approver(ctx, "push.hand_in", to, name_of(push), push=push, body=body, act=act)


@confirmed("push.hand_in", roles=OPS)
def hand_in_to(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write the version down; the one who is to approve gets the whole of it and a card."""
    approver, push = approver_of(ctx, data), str(data["push"])
    before = ctx.uow.push_times.waiting(push)
    version = ctx.uow.push_times.submit(push, data["body"], data["act"], approver.id)
    tell_replaced(ctx, before, version_name(before) if before else "", version_name(version))
    draft = ctx.conversation.draft
    if draft is not None and draft.about == FORM:
        ctx.conversation.drop_draft()
    _send(ctx, version, approver)
    ctx.wrote_for_good(f"提交{name_of(push)}")
    ctx.say(f"已提交 {version_name(version)}，等{approver.name}审批；批准后立即生效，不用重启。")


def _send(ctx: Context, version: Version, approver: User) -> None:
    change = _about(ctx, version).strip("（）")
    text = f"改动：{change}\n{reach_text(ctx, version.subject)}"
    send_letter(ctx, approver, version, Letter(
        version_name(version), f"{name_of(version.subject)}待审批", text, f"改动：{change}",
        "push.approve", "push.reject", {"时间": change},
    ))  # fmt: skip


# ---------------------------------------------------------------- deciding


def _asked(ctx: Context, meaning: Meaning) -> Version:
    push = str(meaning.get("push") or "brief")
    version = ctx.uow.push_times.waiting(push)
    if version is None:
        raise NotFound(f"没有等待审批的{name_of(push)}。发送「{name_of(push)} 历史」查看。")
    return version


def _about(ctx: Context, version: Version) -> str:
    now = ctx.uow.push_times.in_force().of(version.subject)
    try:
        return f"（{change_text(version.subject, now, held_in(ctx, version)) or '和现在生效的一样'}）"
    except Invalid:
        return "（已经不能用）"


def _check(ctx: Context, version: Version) -> None:
    held_in(ctx, version)


def _put_to_work(ctx: Context, version: Version) -> Effect:
    return Effect("", f"已生效，从下一次起 {held_in(ctx, version):%H:%M} 推送")


register(Matter(
    "push", "推送时间", "运营", "早报时间 v1", lambda ctx: ctx.uow.push_times,
    lambda ctx, version: version_name(version), _about, _asked, _check, _send, _put_to_work,
))  # fmt: skip


# ---------------------------------------------------------------- going back


@command("push.roll_back", group="运营", help="回到旧的早报、日报时间", example="回滚 早报时间 v0", roles=OPS)
def roll_back(ctx: Context, meaning: Meaning) -> None:
    """Hand in an earlier version again; v0 is the pack's."""
    push, wanted = str(meaning.get("push") or "brief"), meaning.get("version")
    name, history = name_of(push), f"{name_of(push)} 历史"
    if wanted is None:
        raise Invalid(f"请写明回到哪一版，例如「回滚 {name} v0」；v0 是业务包原样。发送「{history}」查看版本。")
    book = ctx.uow.push_times.in_force()
    if wanted == (book.versions[push].version if push in book.versions else 0):
        ctx.say(f"{name}现在就是 v{wanted}。")
        return
    version = next((v for v in ctx.uow.push_times.history(push) if v.version == wanted), None)
    if wanted != 0 and version is None:
        raise NotFound(f"{name}没有 v{wanted}。发送「{history}」查看版本。")
    if version is not None:
        check_was_in_force(version, version_name(version), history)
        ctx.say(f"回到 v{wanted}{_about(ctx, version)}")
    _hand_in(ctx, push, version.body if version else None, "roll_back", "")
