"""Writing a change of the hours in chat: read back, corrected, tried out, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.pack import Escalation
from handlers.approvals import OPS
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.escalation_hours.reading import EXAMPLE, Change, changes_in
from handlers.escalation_hours.words import NAME, Limits, changes_text, label, limit_text
from handlers.language import Meaning
from handlers.router import command, form, free_answer
from reminders.working_hours import WorkingHours
from storage.escalation import with_hours
from storage.model.errors import Invalid, NotFound

FORM = "escalation.draft"
WHAT_NEXT = (
    "发送「试算」看会有多少件告诉主管，「提交」请第二个人审批，「取消」放弃。"
    "要改直接说，例如「续保 8小时」「漏办 20小时」。"
)
Hours = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Draft:
    """`hours` holds what is to change: (until it climbs, until it is missed) by category."""

    hours: Hours

    def to_json(self) -> dict[str, Any]:
        return {"hours": {name: list(pair) for name, pair in self.hours.items()}}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Draft:
        return Draft({name: (pair[0], pair[1]) for name, pair in data["hours"].items()})

    def limits(self, now: Limits) -> Limits:
        """The hours in force with the changes. Raises Invalid."""
        return with_hours(now, self.hours)


def now_in_force(ctx: Context) -> Limits:
    """Raises NotFound when nothing climbs by the packs."""
    limits = ctx.uow.escalations.in_force().limits
    if not limits:
        raise NotFound("业务包里没有会升级的提醒（hours.yaml 的 escalations），没有可以改的升级时间。")
    return limits


def draft_of(ctx: Context) -> Draft:
    """The change that is being written."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的升级时间。要改例如「{EXAMPLE}」。")
    return Draft.from_json(draft.data)


@command("escalation.change", group="运营", help="改提醒放多久告诉主管、算漏办", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said, or go on with it; nothing is in force before a second person approves."""
    open_one = ctx.conversation.draft
    before = Draft.from_json(open_one.data).hours if open_one is not None and open_one.about == FORM else {}
    _take(ctx, before, str(meaning.get("text") or ""))


def _take(ctx: Context, before: Hours, text: str) -> None:
    now = now_in_force(ctx)
    draft = Draft(_changed(now, before, changes_in(text, now, _hours_a_day(ctx))))
    if not changes_text(now, draft.limits(now)):
        raise Invalid("这和现在生效的一样，没有要改的。发送「升级时间」查看。")
    if not before:
        put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def _changed(now: Limits, before: Hours, said: list[Change]) -> Hours:
    """Raises Invalid for a category that would be missed before anybody is told."""
    hours: Hours = {name: before.get(name, (limit.to_manager, limit.missed)) for name, limit in now.items()}
    for one in said:
        for name in one.categories or tuple(now):
            up, missed = hours[name]
            hours[name] = (one.hours, missed) if one.mode == "to_manager" else (up, one.hours)
    wrong = [f"{label(name)}（升级 {up}，漏办 {missed}）" for name, (up, missed) in hours.items() if missed <= up]
    if wrong:
        raise Invalid(
            f"漏办时间要比升级时间长，没有改动：{'、'.join(wrong)}。"
            "可以一起改，例如「升级时间 改为 4小时 漏办 8小时」。"
        )
    return {name: pair for name, pair in hours.items() if pair != (now[name].to_manager, now[name].missed)}


def _hours_a_day(ctx: Context) -> float:
    return WorkingHours.of(ctx.packs, ctx.zone).hours_a_day


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    now = now_in_force(ctx)
    after = draft.limits(now)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    lines = [f"{label(name)}：{_before(now[name], limit)}{limit_text(limit)}" for name, limit in after.items()]
    ctx.say("\n".join([f"{NAME}草稿（还没有提交；按工作小时算，午休和节假日不算）", *lines, WHAT_NEXT]))


def _before(was: Escalation, limit: Escalation) -> str:
    return "" if was == limit else f"{limit_text(was)} → "


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft.from_json(data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return NAME


@free_answer(FORM)
def part_said(ctx: Context, text: str) -> Meaning | None:
    """A category, one of the two limits, and hours, and nothing else: 续保 8小时."""
    try:
        changes_in(text, now_in_force(ctx), _hours_a_day(ctx))
    except Invalid:
        return None
    return Meaning("form.answer", {"text": text}, rule="a part of the hours")


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Put what was said into the draft. What makes no sense is refused, and the draft stays as it was."""
    _take(ctx, draft_of(ctx).hours, str(meaning.get("text") or ctx.text))
