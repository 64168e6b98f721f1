"""Figures in plain Chinese: one's own and the team's. What cannot be computed is said, with the nearest that can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.reminder_giving import colleague
from handlers.router import FRONT, command
from reminders.calendar import local_instant
from storage.model.people import User
from storage.model.values import money_text
from storage.repositories.figures import FigureRepository

Values = Mapping[str, int | Decimal]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included, with what people call them."""

    first: date
    last: date
    words: str

    def instants(self, ctx: Context) -> tuple[datetime, datetime]:
        """The first instant, and the first after the last day."""
        after = self.last + timedelta(days=1)
        return local_instant(self.first, time(), ctx.zone), local_instant(after, time(), ctx.zone)

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the day after the last."""
        return self.first, self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with its one definition. `part` and `whole` of a share, else `count` alone; `now` needs no span."""

    label: str
    definition: str
    count: Callable[[Context, Span], Values]
    whole: Callable[[Context, Span], Values] | None = None
    unit: str = ""
    now: bool = False


def _of(ctx: Context) -> FigureRepository:
    return FigureRepository(ctx.uow)


def _alive(ctx: Context, kinds: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    return {k.name: k.open_states for k in ctx.packs.kinds if not kinds or k.name in kinds}


METRICS: Mapping[str, Metric] = {
    "new_clients": Metric("新增客户", "期间内建档的客户数", lambda c, s: _of(c).new_clients(*s.instants(c)), unit="位"),
    "client_count": Metric("客户数", "现在名下的客户数", lambda c, s: _of(c).clients(), unit="位", now=True),
    "policy_count": Metric("保单数", "现在未终止的保单数", lambda c, s: _of(c).contracts(_alive(c, ("policy",))),
                           unit="份", now=True),
    "aum": Metric("管理资产", "客户资料里登记的管理资产合计", lambda c, s: _of(c).assets(), unit="元", now=True),
    "follow_ups": Metric("跟进次数", "期间内记下的联系次数", lambda c, s: _of(c).contacts(*s.instants(c)), unit="次"),
    "visits": Metric("拜访量", "期间内记下的拜访和面谈次数",
                     lambda c, s: _of(c).contacts(*s.instants(c), ("visit", "meeting")), unit="次"),
    "calls": Metric("电话量", "期间内记下的电话次数",
                    lambda c, s: _of(c).contacts(*s.instants(c), ("call",)), unit="次"),
    "deals": Metric("新签合同", "起始日在期间内的合同数，不含续保的下一期",
                    lambda c, s: _of(c).deals(*s.days), unit="份"),
    "premium": Metric("实缴保费", "期间内登记已缴的保费合计",
                      lambda c, s: _of(c).paid(*s.days, ("policy",)), unit="元"),
    "followup_rate": Metric("跟进率", "期间内联系过的客户 ÷ 名下客户",
                            lambda c, s: _of(c).clients_contacted(*s.instants(c)), lambda c, s: _of(c).clients()),
    "renewal_rate": Metric("续保率", "期间内到期的保单中已有下一期的 ÷ 期间内到期的保单",
                           lambda c, s: _of(c).policies_renewed(*s.days), lambda c, s: _of(c).policies_ended(*s.days)),
}  # fmt: skip
_SUMMARY = ("new_clients", "follow_ups", "deals", "premium", "renewal_rate", "client_count")
# What is asked for, and the nearest that can be computed.
_NEAREST = {
    "conversion": ("转化率", "deals"), "retention": ("留存率", "renewal_rate"), "claims": ("理赔数据", "policy_count"),
    "complaints": ("投诉数据", "follow_ups"), "response_time": ("响应时长", "follow_ups"),
    "satisfaction": ("满意度", "followup_rate"), "target_gap": ("目标差距", "premium"), "funnel": ("销售漏斗", "deals"),
    "daily_report_missing": ("日报提交情况", "follow_ups"), "commission": ("佣金", "premium"),
}


@command("stats.me", group="团队", help="我的数据", example="我这个月新增客户多少", roles=FRONT)
def mine(ctx: Context, meaning: Meaning) -> None:
    """The reader's own figures."""
    _answer(ctx, meaning, [ctx.user], "我的")


@command("stats.team", group="团队", help="团队数据", example="团队本月跟进次数排名", roles=("manager",))
def team(ctx: Context, meaning: Meaning) -> None:
    """Figures of the manager's people, member by member, or of one of them."""
    if name := meaning.get("member"):
        member = colleague(ctx, str(name))
        _answer(ctx, meaning, [member], f"{member.name}的")
    else:
        _answer(ctx, meaning, ctx.uow.users.team(), "团队")


def _answer(ctx: Context, meaning: Meaning, members: list[User], whose: str) -> None:
    asked, span = str(meaning.get("metric") or "performance"), span_of(ctx, meaning.get("range"))
    if asked in ("performance", "ranking") and asked not in METRICS:
        asked = "follow_ups" if asked == "ranking" else "performance"
    if asked == "performance":
        lines = [_line(ctx, METRICS[name], span, members) for name in _SUMMARY]
        ctx.say("\n".join([f"{whose}数据（{span.words}）", *lines]))
        return
    metric = METRICS.get(asked)
    if metric is None:
        _cannot(ctx, asked, span, members, whose)
        return
    lines = [f"{whose}{_line(ctx, metric, span, members)}{'' if metric.now else f'（{span.words}）'}"]
    if len(members) > 1:
        lines += _ranking(ctx, metric, span, members, str(meaning.get("order") or "desc"))
    if isinstance(meaning.get("compare"), When) and not metric.now:
        lines.append(_compared(ctx, metric, span, span_of(ctx, meaning.slots["compare"]), members))
    lines.append(f"口径：{metric.definition}。")
    ctx.say("\n".join(lines))


def _cannot(ctx: Context, asked: str, span: Span, members: list[User], whose: str) -> None:
    word, nearest = _NEAREST.get(asked, ("这个数", "follow_ups"))
    metric = METRICS[nearest]
    lines = [
        f"「{word}」现在算不了：系统里还没有登记这类数据，不猜。",
        f"最接近的是{whose}{_line(ctx, metric, span, members)}{'' if metric.now else f'（{span.words}）'}。",
    ]
    ctx.say("\n".join(lines))


def span_of(ctx: Context, said: object) -> Span:
    """The days meant; this month when none were said. Nothing after today counts."""
    if not isinstance(said, When) or said.problem == "impossible":
        return Span(ctx.today.replace(day=1), ctx.today, "本月至今")
    first, last = said.date, min(said.last_date, ctx.today)
    words = said.text or (f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}")
    return Span(first, max(first, last), words)


def _line(ctx: Context, metric: Metric, span: Span, members: list[User]) -> str:
    return f"{metric.label}：{_total(ctx, metric, span, [m.id for m in members])}"


def _total(ctx: Context, metric: Metric, span: Span, ids: list[str]) -> str:
    part = _sum(metric.count(ctx, span), ids)
    if metric.whole is not None:
        return _share(part, _sum(metric.whole(ctx, span), ids))
    return _amount(part, metric.unit)


def _sum(values: Values, ids: list[str]) -> Decimal:
    return sum((Decimal(values.get(i, 0)) for i in ids), Decimal(0))


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole * 100:.1f}%（{part:f}/{whole:f}）" if whole else "没有可算的数据"


def _amount(value: Decimal, unit: str) -> str:
    return money_text(value) if unit == "元" else f"{value:f} {unit}".rstrip()


def _ranking(ctx: Context, metric: Metric, span: Span, members: list[User], order: str) -> list[str]:
    """Members by the figure, the best first (or last, when asked so), those at nought included."""
    parts = metric.count(ctx, span)
    wholes = metric.whole(ctx, span) if metric.whole else {}

    def value(user: User) -> Decimal:
        part = Decimal(parts.get(user.id, 0))
        return part if not metric.whole else part / max(Decimal(1), Decimal(wholes.get(user.id, 0)))

    ranked = sorted(members, key=lambda m: (-value(m) if order != "asc" else value(m), m.id))
    return [f"{n}. {m.name} {_total(ctx, metric, span, [m.id])}" for n, m in enumerate(ranked[:15], 1)]


def _compared(ctx: Context, metric: Metric, span: Span, before: Span, members: list[User]) -> str:
    ids = [m.id for m in members]
    text = f"对比{before.words}：{_total(ctx, metric, before, ids)}"
    if metric.whole is not None:
        return text
    change = _sum(metric.count(ctx, span), ids) - _sum(metric.count(ctx, before), ids)
    word = "增加" if change > 0 else "减少"
    return f"{text}，{word} {_amount(abs(change), metric.unit)}" if change else f"{text}，持平"
