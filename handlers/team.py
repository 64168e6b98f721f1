"""The team: the digest on demand, the lists behind it; figures, hand-overs and settings register from here."""

from __future__ import annotations

from datetime import date

from handlers import figures, handover, preferences  # noqa: F401  (registers their commands)
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.router import FRONT, command
from reminders.calendar import DAY
from reminders.digests import digest, digest_section
from reminders.push_times import NOON, digest_at
from storage.model.errors import NotAllowed

# The words of the sections, by the names that the language layer knows them under.
_SECTIONS = {
    "overdue": "超时", "new_clients": "新增", "follow_ups": "跟进", "renewals": "续保", "due": "续保",
    "premium": "保费", "silent": "沉默", "inactive": "无动作",
}


@command("stats.digest", group="团队", help="日报：主管看团队，顾问看自己", example="日报", roles=FRONT)
def show_digest(ctx: Context, meaning: Meaning) -> None:
    """The team's day, or the list behind one of its figures. WeCom has one menu for all members: an adviser who
    taps the entry gets what is his own, and nothing of the team."""
    if ctx.user.role != "manager":
        if _unfolded(ctx, meaning):
            raise NotAllowed("团队日报和明细只给主管看。您自己的请发送「我的数据」「今日待办」或「我的提醒」。")
        ctx.say("团队日报只给主管看，这是您自己的数据：")
        figures.mine(ctx, meaning)
        return
    if _unfolded(ctx, meaning):
        unfold(ctx, meaning)
    else:
        ctx.conversation.keep_question({})  # 存为周报 must not keep a figure that was asked before
        ctx.show(digest(ctx.uow, ctx.user, day_told(ctx, meaning.get("range")), ctx.zone))


@command("stats.unfold", group="团队", help="展开日报里的一项，可只看一位", example="展开 超时", roles=("manager",))
def unfold(ctx: Context, meaning: Meaning) -> None:
    """The list behind one figure of the digest."""
    day = day_told(ctx, meaning.get("range"))
    ctx.say(digest_section(ctx.uow, ctx.user, day, _unfolded(ctx, meaning), ctx.zone))


def _unfolded(ctx: Context, meaning: Meaning) -> str:
    """What is to be unfolded, in the member's own words: 逾期 and 超时 are two figures, and a name may follow."""
    return ctx.text.partition("展开")[2].strip() or _SECTIONS.get(str(meaning.get("section") or ""), "")


def day_told(ctx: Context, said: object) -> date:
    """The day said, else the one that the latest digest tells of: in the morning of who gets it in the
    morning, the day before."""
    if isinstance(said, When) and said.problem != "impossible":
        return min(said.date, ctx.today)
    morning = ctx.local(ctx.now).time() < NOON and digest_at(ctx.user, ctx.uow.push_times.in_force()) < NOON
    return ctx.today - DAY if morning else ctx.today
