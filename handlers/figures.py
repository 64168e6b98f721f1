"""Figures in plain Chinese: one's own and the team's. What cannot be computed is said, with the nearest that can."""

from __future__ import annotations

from handlers.context import Context
from handlers.figure_words import metric_said, question_of, unread, whose_said
from handlers.language import Meaning, When
from handlers.reminder_giving import colleague
from handlers.router import FRONT, READERS, command
from reminders.answers import answer
from reminders.figures import BY_MEMBER_ALONE, Ledger, Span, last_days
from reminders.questions import TEAM, Question, period_of


@command("stats.me", group="团队", help="我的数据、漏斗、趋势（带图）", example="我这个月新增客户多少", roles=FRONT)
def mine(ctx: Context, meaning: Meaning) -> None:
    """The reader's own figures; the team's where a manager names nobody."""
    _answer(ctx, meaning, question_of(ctx, meaning, whose_said(ctx)))


@command("stats.team", group="团队", help="团队数据", example="团队本月跟进次数排名", roles=("manager",))
def team(ctx: Context, meaning: Meaning) -> None:
    """Figures of the manager's people, member by member, or of one of them."""
    name = meaning.get("member")
    whose = colleague(ctx, str(name)).id if name else TEAM
    _answer(ctx, meaning, question_of(ctx, meaning, whose))


@command("stats.define", group="团队", help="一个数是怎么算的", example="口径 流失率", roles=(*READERS, "ops", "admin"))
def define(ctx: Context, meaning: Meaning) -> None:
    """The definition of a metric from the packs; all of them when none is named."""
    name = str(meaning.get("name") or "").strip()
    metric = ctx.packs.find_metric(name) or (metric_said(ctx, name.lower()) if name else None)
    if metric is None:
        known = "、".join(m.label for m in ctx.packs.metrics if m.definition)
        head = f"口径里没有「{name}」。" if name else ""
        ctx.say(f"{head}能算的指标：{known}。发送「口径 续保率」看怎么算。")
        return
    others = f"（也叫：{'、'.join(metric.synonyms)}）" if metric.synonyms else ""
    if metric.nearest:
        nearest = ctx.packs.find_metric(metric.nearest)
        instead = f"最接近的是「{nearest.label}」：{nearest.definition}。" if nearest else ""
        ctx.say(f"「{metric.label}」{others}算不了：还没有登记{metric.missing}。{instead}")
        return
    usual = f"近 {metric.days} 天" if metric.days else "本月至今"
    when = "现在的数，不分期间" if metric.now else f"按期间算，没说期间就是{usual}"
    by = "顾问" if metric.id in BY_MEMBER_ALONE else "顾问、等级、来源、标签"
    ctx.say(f"{metric.label}{others}\n口径：{metric.definition}。\n单位：{metric.unit}；{when}。可以按{by}分。")


def _answer(ctx: Context, meaning: Meaning, question: Question) -> None:
    span = span_of(ctx, meaning.get("range"))
    if question.what == "funnel" and not isinstance(meaning.get("range"), When):
        span, question = _this_year(ctx), Question(**{**question.as_json(), "period": "year"})
    elif not isinstance(meaning.get("range"), When):
        span = _usual(ctx, question) or span
    compare = meaning.get("compare")
    before = span_of(ctx, compare) if isinstance(compare, When) else None
    found = answer(Ledger(ctx.uow, ctx.zone), ctx.user, question, span, before)
    left = unread(ctx, question, span) if question.what not in ("summary", "several") else ""
    warning = f"注意：「{left}」没有看懂，下面的数没有按它分。\n" if left else ""
    ctx.say(f"{warning}{found.text}")
    if found.picture is not None:
        ctx.show(found.picture)
    ctx.conversation.keep_question(question.as_json())


def _usual(ctx: Context, question: Question) -> Span | None:
    """The last days that a metric is of where no span was said; None for those of the month."""
    metric = ctx.packs.find_metric(question.metric)
    return last_days(metric, ctx.today) if metric else None


def _this_year(ctx: Context) -> Span:
    year = period_of(ctx.today, "year")
    return Span(year.first, year.last, "今年")


def span_of(ctx: Context, said: object) -> Span:
    """The days meant; this month when none were said. Nothing after today counts."""
    if not isinstance(said, When) or said.problem == "impossible":
        return Span(ctx.today.replace(day=1), ctx.today, "本月至今")
    first, last = said.date, min(said.last_date, ctx.today)
    words = said.text or (f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}")
    return Span(first, max(first, last), words)
