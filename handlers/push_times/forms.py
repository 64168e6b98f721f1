"""Writing a change of the firm's hour for the brief, the digest or a report: read back, corrected, kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any, cast

from handlers.approvals import OPS
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning
from handlers.preferences import clock_said
from handlers.push_times.words import EXAMPLE, EXAMPLES, change_text, hour_text, name_of, reach_text
from handlers.reports import day_and_clock
from handlers.router import command, form, free_answer
from reminders.reports import Every
from storage.model.errors import Invalid
from storage.push_times import LABELS, LAST_DAY, PushHour, checked

FORM = "push.draft"


@dataclass(frozen=True)
class Draft:
    """The new hour of a push, as 08:45, and the day of a report."""

    push: str
    at: str
    day: int | None = None

    @property
    def hour(self) -> PushHour:
        return PushHour(time.fromisoformat(self.at), self.day)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def draft_of(ctx: Context) -> Draft:
    """The change that is being written. Raises Invalid when there is none."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的推送时间。要改例如「{EXAMPLE}」。")
    return Draft(**draft.data)


@command("push.change", group="运营", help="改全公司早报、日报、周报、月报的时间", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said; nothing is in force before a second person approves."""
    _take(ctx, str(meaning.get("push") or "brief"), str(meaning.get("text") or ""), fresh=True)


def _take(ctx: Context, push: str, text: str, *, fresh: bool) -> None:
    now = ctx.uow.push_times.in_force().of(push)
    hour = checked(push, _hour_said(push, text, now if fresh else draft_of(ctx).hour))
    if hour == now:
        raise Invalid(f"{name_of(push)}现在就是 {hour_text(push, now)}，没有要改的。")
    draft = Draft(push, f"{hour.at:%H:%M}", hour.day)
    if fresh:
        put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def _hour_said(push: str, text: str, known: PushHour) -> PushHour:
    """What was said over what is known: of a report the day or the time of day may be said alone. Raises Invalid."""
    if push not in LAST_DAY:
        return PushHour(clock_said(text))
    day, at = day_and_clock(text, cast(Every, push))
    if day is None and at is None:
        raise Invalid(f"没看懂{LABELS[push]}的时间，请写上哪天、几点，例如「{EXAMPLES[push]}」。")
    return PushHour(at or known.at, day or known.day)


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    now = ctx.uow.push_times.in_force().of(draft.push)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    own = "只改自己的说「我的早报 时间改 9:00」。" if draft.push == "brief" else ""
    again = "周二 9:00" if draft.push == "weekly" else "5号 9:00" if draft.push == "monthly" else "9:00"
    ctx.say("\n".join([
        f"全公司{name_of(draft.push)}草稿（还没有提交）：{change_text(draft.push, now, draft.hour)}",
        reach_text(ctx, draft.push),
        f"发送「提交」请第二个人审批，「取消」放弃。要改直接说时间，例如「{again}」。{own}",
    ]))  # fmt: skip


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft(**data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return f"{LABELS[str(data['push'])]}时间"


@free_answer(FORM)
def hour_said(ctx: Context, text: str) -> Meaning | None:
    """A time of day (of a report also a day), and nothing else."""
    try:
        draft = draft_of(ctx)
        _hour_said(draft.push, text, draft.hour)
    except Invalid:
        return None
    return Meaning("form.answer", {"text": text}, rule="an hour") if len(text) <= _SHORT else None


_SHORT = 12  # characters of 改成上午8点45分


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Another hour for the draft. What makes no sense is refused, and the draft stays as it was."""
    _take(ctx, draft_of(ctx).push, str(meaning.get("text") or ctx.text), fresh=False)
