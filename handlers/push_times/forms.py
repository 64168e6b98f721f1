"""Writing a change of the firm's hour for the brief or the digest: read back, corrected, kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from handlers.approvals import OPS
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning
from handlers.preferences import clock_said
from handlers.push_times.words import EXAMPLE, change_text, name_of, reach_text
from handlers.router import command, form, free_answer
from storage.model.errors import Invalid
from storage.push_times import LABELS, checked

FORM = "push.draft"


@dataclass(frozen=True)
class Draft:
    """The new hour of a push, as 08:45."""

    push: str
    at: str

    @property
    def clock(self) -> time:
        return time.fromisoformat(self.at)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def draft_of(ctx: Context) -> Draft:
    """The change that is being written. Raises Invalid when there is none."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的推送时间。要改例如「{EXAMPLE}」。")
    return Draft(**draft.data)


@command("push.change", group="运营", help="改全公司早报、日报的时间", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said; nothing is in force before a second person approves."""
    _take(ctx, str(meaning.get("push") or "brief"), str(meaning.get("text") or ""), fresh=True)


def _take(ctx: Context, push: str, text: str, *, fresh: bool) -> None:
    at = checked(push, clock_said(text))
    now = ctx.uow.push_times.in_force().of(push)
    if at == now:
        raise Invalid(f"{name_of(push)}现在就是 {now:%H:%M}，没有要改的。")
    draft = Draft(push, f"{at:%H:%M}")
    if fresh:
        put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    now = ctx.uow.push_times.in_force().of(draft.push)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    own = "只改自己的说「我的早报 时间改 9:00」。" if draft.push == "brief" else ""
    ctx.say("\n".join([
        f"全公司{name_of(draft.push)}草稿（还没有提交）：{change_text(draft.push, now, draft.clock)}",
        reach_text(ctx, draft.push),
        f"发送「提交」请第二个人审批，「取消」放弃。要改直接说时间，例如「9:00」。{own}",
    ]))  # fmt: skip


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft(**data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return f"{LABELS[str(data['push'])]}时间"


@free_answer(FORM)
def hour_said(ctx: Context, text: str) -> Meaning | None:
    """A time of day, and nothing else."""
    try:
        clock_said(text)
    except Invalid:
        return None
    return Meaning("form.answer", {"text": text}, rule="an hour") if len(text) <= _SHORT else None


_SHORT = 12  # characters of 改成上午8点45分


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Another hour for the draft. What makes no sense is refused, and the draft stays as it was."""
    _take(ctx, draft_of(ctx).push, str(meaning.get("text") or ctx.text), fresh=False)
