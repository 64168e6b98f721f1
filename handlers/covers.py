"""A colleague stands in while a member is away: his reminders and clients come along for those days, and go by
themselves (R251)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.context import Context
from handlers.follow_ups import moment_text
from handlers.language import Meaning, When
from handlers.reminder_giving import member_named, peers
from handlers.router import FRONT, READERS, afterwards, command, confirmed
from reminders.calendar import DAY, local_instant
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.messages import Text
from storage.model.people import Cover, User

EXAMPLE = "请假 6月10日到6月15日 小周代班"
LONGEST = timedelta(days=180)


@command("cover.create", group="团队", help="请假，同事代班", example=EXAMPLE, roles=FRONT)
def arrange(ctx: Context, meaning: Meaning) -> None:
    """Echo who is away and when, and who stands in; done after 确认."""
    away, (first, last) = _who_is_away(ctx, str(meaning.get("from") or "")), _days(ctx, meaning)
    people = peers(ctx.uow.users.all(), away)
    listed = f"可以代班的：{'、'.join(user.name for user in people[:6]) or '（暂无）'}。"
    if not meaning.get("to"):
        raise Invalid(f"请说明由谁代班，例如「{EXAMPLE}」。{listed}")
    cover = member_named(people, str(meaning.get("to")), listed)
    whose = "您" if away.id == ctx.user.id else f" {away.name} "
    ctx.ask_to_confirm(
        f"{_span_text(ctx, first, last)}{whose}请假，由 {cover.name} 代班？这几天{whose}名下客户的提醒发给对方，"
        f"对方可以查看和办理{whose}名下的客户，都记进日志；到期自动收回。",
        "cover.create", away=away.id, cover=cover.id, first=first.isoformat(), last=last.isoformat(),
    )


def _who_is_away(ctx: Context, name: str) -> User:
    """The member himself, or one of the manager's people. Raises Invalid, NotAllowed."""
    if name in ("", ctx.user.name, ctx.user.id):
        return ctx.user
    if ctx.user.role != "manager":
        raise NotAllowed(f"同事的请假要由本人或主管安排。给自己请假不用写姓名，例如「{EXAMPLE}」。")
    team = [user for user in ctx.uow.users.team() if user.serves_clients]
    return member_named(team, name, f"您的团队：{'、'.join(user.name for user in team[:8])}。")


def _days(ctx: Context, meaning: Meaning) -> tuple[date, date]:
    """The first and the last day of absence. Raises Invalid for days that are over, do not exist or are too many."""
    said = meaning.get("range") or meaning.get("until")
    if not isinstance(said, When):
        raise Invalid(f"请说明请假到哪天，例如「{EXAMPLE}」。")
    if said.problem == "impossible":
        raise Invalid(f"没有「{said.text}」这一天，没有安排。请核对日期再说一次。")
    whole = meaning.get("range") is not None or said.last_date > said.date
    first, last = max(said.date if whole else ctx.today, ctx.today), said.last_date
    if last < ctx.today:
        raise Invalid(f"{last:%Y-%m-%d} 已经过去了，没有安排。请核对日期再说一次。")
    if last - first > LONGEST:
        raise Invalid(f"{first:%Y-%m-%d} 到 {last:%Y-%m-%d} 太长了：一次最多安排 {LONGEST.days} 天，这次没有安排。"
                      "请核对起止日期，结束那天要在开始那天之后。")
    return first, last


def _span_text(ctx: Context, first: date, last: date) -> str:
    """06-10（周二）到 06-15（周日）, or the one day."""
    days = [moment_text(ctx, local_instant(day, time(), ctx.zone), timed=False) for day in dict.fromkeys((first, last))]
    return "到 ".join(days)


@confirmed("cover.create")
def do_arrange(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write it down and tell whoever is concerned: the cover, the one who is away, his manager."""
    away, cover = ctx.uow.users.get(data["away"]), ctx.uow.users.get(data["cover"])
    first, last = (date.fromisoformat(data[name]) for name in ("first", "last"))
    people = peers(ctx.uow.users.all(), away)  # asked again: somebody may have left or moved since
    if not away.active or cover not in people or not _may_arrange(ctx, away):
        raise Invalid("情况刚刚有变化，没有安排。发送「谁代班」查看。")
    begins_at, ends_at = (local_instant(day, time(), ctx.zone) for day in (first, last + DAY))
    ctx.uow.covers.add(away, cover, begins_at, ends_at)
    span = _span_text(ctx, first, last)
    _tell(ctx, away, cover, f"{span}{away.name} 请假，由 {cover.name} 代班。", {
        cover.id: f"这几天 {away.name} 名下客户的提醒会发给您，可以直接查看和办理；到期自动收回。发送「谁代班」查看。",
    })
    ctx.wrote(f"已安排：{span}{away.name} 请假，由 {cover.name} 代班，到期自动收回。", f"{away.name} 请假")


def _may_arrange(ctx: Context, away: User) -> bool:
    """Oneself, or a manager for people below him."""
    return away.id == ctx.user.id or (ctx.user.role == "manager" and away.path.startswith(ctx.user.path))


def _tell(ctx: Context, away: User, cover: User, news: str, more: Mapping[str, str] | None = None) -> None:
    """Tell everyone concerned but the one who said it."""
    for user_id in dict.fromkeys(filter(None, (cover.id, away.id, away.manager_id))):
        if user_id != ctx.user.id:
            ctx.tell(user_id, Text(f"{news}{(more or {}).get(user_id, '')}"))


@command("cover.list", group="团队", help="看谁请假、谁代班", example="谁代班", roles=READERS)
def show(ctx: Context, meaning: Meaning) -> None:
    """Who is away now or soon, and who stands in: the reader's own, his team's, and those that he covers."""
    found = ctx.uow.covers.coming()
    if not found:
        ctx.say(f"现在没有请假和代班的安排。请假发送例如「{EXAMPLE}」。")
        return
    names = {user.id: user.name for user in ctx.uow.users.all()}
    lines = [f"· {cover_text(ctx, cover, names)}{'（代班中）' if cover.is_on(ctx.now) else ''}" for cover in found]
    ctx.say("\n".join(["请假和代班：", *lines, "提前回来发送「取消请假」，主管发送「姓名 取消请假」。"]))


def cover_text(ctx: Context, cover: Cover, names: Mapping[str, str]) -> str:
    """06-10（周二）到 06-15（周日）李想 请假，周敏 代班"""
    span = _span_text(ctx, _day(ctx, cover.begins_at), _day(ctx, cover.ends_at - timedelta(microseconds=1)))
    away, stand_in = (names.get(who, who) for who in (cover.away_id, cover.cover_id))
    return f"{span}{away} 请假，{stand_in} 代班"


def _day(ctx: Context, instant: datetime) -> date:
    return ctx.local(instant).date()


@command("cover.end", group="团队", help="提前回来，结束代班", example="取消请假", roles=FRONT)
def end(ctx: Context, meaning: Meaning) -> None:
    """End the absence that is on, else call off the next one; undoable, and told to whoever is concerned."""
    away = _who_is_away(ctx, str(meaning.get("member") or ""))
    found = ctx.uow.covers.of(away.id)
    if not found:
        raise NotFound(f"{'您' if away.id == ctx.user.id else f'{away.name} '}现在没有请假的安排。发送「谁代班」查看。")
    names = {user.id: user.name for user in ctx.uow.users.all()}
    text, was_on = cover_text(ctx, found[0], names), found[0].is_on(ctx.now)
    ctx.uow.covers.end(found[0])
    done = "已结束，代班的权限马上收回" if was_on else "已取消"
    _tell(ctx, away, ctx.uow.users.get(found[0].cover_id), f"{text}：{done}。")
    more = f"\n之后还有：{'；'.join(cover_text(ctx, cover, names) for cover in found[1:])}。" if found[1:] else ""
    ctx.wrote(f"{text}：{done}。{more}", f"结束 {away.name} 的请假" if was_on else f"取消 {away.name} 的请假")


@afterwards
def say_whose_reminder_it_is(ctx: Context) -> None:
    """What a cover sets for himself about a covered client is the adviser's once the cover is over: that is said."""
    if not (covered := ctx.uow.covers.stands_in_for()):
        return
    made = [change.after for change in ctx.uow.changes if change.table == "reminders" and change.before is None]
    whose = {row["receiver_id"] for row in made if row and row["receiver_id"] in covered}
    if whose:
        names = "、".join(ctx.uow.users.get(user_id).name for user_id in sorted(whose))
        ctx.say(f"这条提醒记在 {names} 名下：代班期间提醒您，之后提醒 {names}。")
