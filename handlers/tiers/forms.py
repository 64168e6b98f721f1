"""Writing a change of the tier standard in chat: read back, corrected, tried out, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.approvals import OPS
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning
from handlers.router import command, form, free_answer
from handlers.tier_words import NAME, NO_STANDARD, changes_text, floor_text
from handlers.tiers.by_condition import refuse_other_schemes
from handlers.tiers.reading import EXAMPLE, changes_in
from storage.model.errors import Invalid, NotFound
from storage.model.values import money_text
from storage.tiers import Standard

FORM = "standard.draft"
WHAT_NEXT = "发送「试算」看多少客户会换等级，「提交」请第二个人审批，「取消」放弃。要改直接说，例如「贵宾 65万」。"


@dataclass(frozen=True)
class Draft:
    """`floors` holds what is to change, in yuan by the name of the tier."""

    floors: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {"floors": dict(self.floors)}

    def standard(self, now: Standard) -> Standard:
        """The standard in force with the changes. Raises Invalid when it makes no sense."""
        return now.with_floors({**now.floors, **{n: f for n, f in self.floors.items() if n in now.floors}}, now.version)


def now_in_force(ctx: Context) -> Standard:
    """The standard in force. Raises NotFound when no scheme of the packs goes by assets."""
    standard = ctx.uow.standards.in_force().standard
    if standard is None:
        raise NotFound(NO_STANDARD)
    return standard


def draft_of(ctx: Context) -> Draft:
    """The change that is being written."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的分层标准。要改例如「{EXAMPLE}」。")
    return Draft(draft.data["floors"])


@command("standard.change", group="分层", help="改分层标准", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said; nothing is in force before a second person approves."""
    _take(ctx, {}, str(meaning.get("text") or ""))


def _take(ctx: Context, before: Mapping[str, int], text: str) -> None:
    refuse_other_schemes(ctx, text)
    now = now_in_force(ctx)
    said = changes_in(text, now)
    draft = Draft({**before, **{change.tier: change.new for change in said}})
    after = draft.standard(now)
    if not changes_text(now, after):
        raise Invalid("这和现在生效的标准一样，没有要改的。发送「分层标准」查看。")
    if not before:
        put_aside(ctx, FORM, draft.to_json())
    for one in said:
        if one.old is not None and one.old != now.floors[one.tier]:
            floor = floor_text(now.floors[one.tier])
            ctx.say(f"注意：「{one.tier}」现在生效的是{floor}，不是您写的 {money_text(one.old)}。")
    show(ctx, draft)


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    now = now_in_force(ctx)
    after = draft.standard(now)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    lines = []
    for name, yuan in reversed(list(after.floors.items())):
        was = f"{floor_text(now.floors[name])} → " if now.floors[name] != yuan else ""
        lines.append(f"{name}：{was}{floor_text(yuan)}")
    head = f"{NAME}草稿（还没有提交；现在生效的是 v{now.version}）"
    ctx.say("\n".join([head, *lines, WHAT_NEXT]))


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft(data["floors"]))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return NAME


@free_answer(FORM)
def part_said(ctx: Context, text: str) -> Meaning | None:
    """A tier and an amount, and nothing else: 贵宾 65万; what begins with a tier's name is about the draft."""
    now = now_in_force(ctx)
    try:
        changes_in(text, now)
    except Invalid:
        if not any(text.startswith(name) for name in now.floors) or not any(char.isdigit() for char in text):
            return None
    return Meaning("form.answer", {"text": text}, rule="a part of the standard")


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Put what was said into the draft. What makes no sense is refused, and the draft stays as it was."""
    _take(ctx, draft_of(ctx).floors, str(meaning.get("text") or ctx.text))
