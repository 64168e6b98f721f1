"""Writing a change of the rules in chat: read back, corrected, tried out, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.approvals import OPS
from handlers.assignment.reading import EXAMPLE, WAYS, changed
from handlers.assignment.words import NAME, changes_text, rows_of
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning
from handlers.router import command, form, free_answer
from storage.assignments import Assignments, assignments_in, body_of
from storage.model.errors import Invalid

FORM = "assign.draft"
WHAT_NEXT = f"发送「试算」看谁会分到几位，「提交」请第二个人审批，「取消」放弃。要改直接说，例如{WAYS}。"


@dataclass(frozen=True)
class Draft:
    """The whole of the rules as they would be."""

    body: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"body": dict(self.body)}


def draft_of(ctx: Context) -> Assignments:
    """The change that is being written. Raises Invalid when there is none."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的分配规则。要改例如「{EXAMPLE}」。")
    return assignments_in(ctx.packs, draft.data["body"])


@command("assign.change", group="运营", help="改没有顾问的新客户分给谁", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said, or go on with it; nothing is in force before a second person approves."""
    open_one = ctx.conversation.draft
    goes_on = open_one is not None and open_one.about == FORM
    _take(ctx, draft_of(ctx) if goes_on else ctx.uow.assignments.in_force().now, str(meaning.get("text") or ""))


def _take(ctx: Context, before: Assignments, text: str) -> None:
    now = ctx.uow.assignments.in_force().now
    value = changed(text, before, ctx.packs, ctx.uow.users.all())
    if not changes_text(now, value, ctx.uow.users.names()):
        raise Invalid("这和现在生效的一样，没有要改的。发送「客户分配 规则 查看」查看。")
    draft = Draft(body_of(value))
    if before == now:
        put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    names, value = ctx.uow.users.names(), assignments_in(ctx.packs, draft.body)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    lines = [f"{name}：{row}" for name, row in rows_of(value, names).items()]
    changes = changes_text(ctx.uow.assignments.in_force().now, value, names)
    ctx.say("\n".join([f"{NAME}草稿（还没有提交；从上往下第一条合适的算）：", *lines, f"改动：{changes}", WHAT_NEXT]))


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft(data["body"]))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return NAME


@free_answer(FORM)
def part_said(ctx: Context, text: str) -> Meaning | None:
    """A change that can be read, and nothing else: 2 最多 80位."""
    try:
        changed(text, draft_of(ctx), ctx.packs, ctx.uow.users.all())
    except Invalid:
        return None
    return Meaning("form.answer", {"text": text}, rule="a part of the rules")


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Put what was said into the draft. What makes no sense is refused, and the draft stays as it was."""
    _take(ctx, draft_of(ctx), str(meaning.get("text") or ctx.text))
