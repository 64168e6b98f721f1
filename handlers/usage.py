"""使用率: how many advisers use the assistant, and how much was not understood; of the firm for operations (numbers
alone), of their team for managers."""

from __future__ import annotations

from datetime import date

from handlers.approvals import DECIDERS
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import command
from reminders.calendar import DAY
from reminders.figures import Span
from reminders.team_day import first_few
from reminders.usage import KEPT_DAYS, WEEKS, Usage, usage
from storage.model.errors import Invalid

EXAMPLE = "使用率 近30天"
_NAMED = 20


@command("usage.show", group="运营", help="看有多少顾问在用", example=EXAMPLE, roles=DECIDERS)
def show(ctx: Context, meaning: Meaning) -> None:
    """Who used it over the days said (the last four weeks otherwise), week by week."""
    found = usage(ctx.uow, _span(ctx, meaning), ctx.zone)
    ctx.uow.audit.record("read", "user", "*", section="usage", count=len(found.members))
    whose, count = "团队" if ctx.user.role == "manager" else "全公司", len(found.members)
    title = f"{whose}使用率 {found.span.words}"
    if not count:
        ctx.say(f"{title}：现在没有在职的顾问和主管。")
        return
    lines = [f"{title}：{count} 位顾问和主管中 {_share(found.active, count)}用过"]
    if found.weeks and found.weeks[0][0].first > found.span.first:  # one week is told by the first line
        lines += [f"{week.words}：{_share(active, count)}" for week, active in found.weeks]
    ctx.say("\n".join([*lines, *_unused(ctx, found), _unread(ctx, found), "怎么算的发送「口径 使用率」。"]))


def _share(active: frozenset[str], count: int) -> str:
    return f"{len(active)} 位（{round(100 * len(active) / count)}%）"


def _unused(ctx: Context, found: Usage) -> list[str]:
    """Who did not, for their own manager alone; not he himself, whose question is being handled just now."""
    if ctx.user.role != "manager":
        return []
    unused = set(found.members) - found.active - {ctx.user.id}
    names = [user.name for user in ctx.uow.users.team() if user.id in unused]
    return [f"这段时间没用过：{first_few(names, _NAMED)}"] if names else []


def _unread(ctx: Context, found: Usage) -> str:
    if not found.unread:
        return "没有听不懂的话。"
    more = "" if ctx.user.role == "manager" else "，发送「听不懂的话」看是哪些"
    return f"没听懂 {found.unread} 句，来自 {found.unread_from} 人{more}。"


def _span(ctx: Context, meaning: Meaning) -> Span:
    """Raises Invalid for days that are not kept any more, or are still to come."""
    said, today = meaning.get("range"), ctx.today
    if not isinstance(said, When):
        return _named(today - DAY * (7 * WEEKS - 1), today, f"近 {WEEKS} 周")
    if said.problem == "impossible" or said.date > today:
        raise Invalid(f"「{said.text}」没有使用情况可看。请换一段已经过去的日子，例如「{EXAMPLE}」。")
    if said.date <= today - DAY * KEPT_DAYS:
        raise Invalid(f"发来的消息只留 {KEPT_DAYS} 天，「{said.text}」的使用率算不了。请换近的，例如「{EXAMPLE}」。")
    return _named(said.date, min(said.last_date, today), said.text)


def _named(first: date, last: date, words: str) -> Span:
    return Span(first, last, f"{words}（{first:%m-%d} 至 {last:%m-%d}）")
