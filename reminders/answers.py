"""Answers to questions about figures: the numbers in words, with their definition, and a chart where one helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, and_

from config.pack import Metric
from reminders import funnel
from reminders.calendar import DAY
from reminders.figures import COMPUTATIONS, Figure, Ledger, Span, amount_text, figure, months_back
from reminders.questions import ME, TEAM, Question, clients_asked, members_asked
from storage.model.charts import MOST, Chart, ChartKind
from storage.model.messages import Picture
from storage.model.people import User
from storage.model.values import short_money
from storage.tables import clients

SUMMARY = ("new_clients", "follow_ups", "deals", "premium", "renewal_rate", "client_count", "aum")
SERVICE = ("tickets", "response_time", "complaint_rate", "satisfaction", "followup_rate")  # beside sales, if any
WITH_TREND = ("renewal_rate", "aum")  # figures that are shown with the year behind them
MONTHS = 12
RANKED = 15
UNKNOWN = "未登记"
_NOT_YET = {"renewal_rate": "还没有保单到期"}  # what a share is of, in words


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    picture: Picture | None = None


def answer(ledger: Ledger, user: User, question: Question, span: Span, before: Span | None = None) -> Answer:
    """What a question comes to over a span, compared with `before` where that was asked.

    Raises NotFound for a member who has left, Unreadable for conditions that no longer make sense."""
    return _Asked(replace(ledger, which=clients_asked(ledger, user, question)), user, question, span, before).answer()


@dataclass(frozen=True)
class _Asked:
    """One question being answered; `ledger` is cut to the clients it is about."""

    ledger: Ledger
    user: User
    question: Question
    span: Span
    before: Span | None

    def answer(self) -> Answer:
        members = members_asked(self.ledger.uow, self.user, self.question)
        if self.question.what == "summary":
            return Answer("\n".join([f"{self._whose(members)}数据（{self.span.words}）", *self._summary(members)]))
        if self.question.what == "funnel":
            return self._funnel(members)
        if self.question.what == "several":
            return self._several(members)
        metric = self.ledger.uow.packs.find_metric(self.question.metric)
        if metric is None or metric.id not in COMPUTATIONS or metric.nearest:
            return self._cannot(metric, members)
        if self.question.share:
            return self._no_share(metric, members)
        ways = {"trend": self._trend, "split": self._split}
        return ways.get(self.question.what, self._figure)(metric, members)

    # ------------------------------------------------------------ ways to answer

    def _summary(self, members: Sequence[User]) -> list[str]:
        ids = [member.id for member in members]
        known = [metric for metric in map(self.ledger.uow.packs.find_metric, SUMMARY) if metric and not metric.nearest]
        told = [f"{m.label}：{figure(self.ledger, m, self.span).text(ids)}" for m in known]
        served = [figure(self.ledger, m, self.span) for m in map(self.ledger.uow.packs.find_metric, SERVICE) if m]
        shown = [f"{each.metric.label} {each.text(ids)}" for each in served if each.is_any(ids)]
        return [*told, *([f"服务：{'，'.join(shown)}"] if shown else [])]

    def _figure(self, metric: Metric, members: Sequence[User]) -> Answer:
        found, ids = figure(self.ledger, metric, self.span), [member.id for member in members]
        lines = [f"{self._whose(members)}{metric.label}：{found.text(ids)}{found.when}"]
        nothing = found.counts_nothing(ids)
        lines += self._month_before(metric, members) if nothing else []
        if len(members) > 1 and not nothing:
            lines += _ranking(found, members, ascending=self.question.ascending)
        if self.before is not None and not metric.now:
            lines.append(_compared(found, figure(self.ledger, metric, self.before), ids))
        if metric.id not in WITH_TREND:
            return Answer("\n".join([*lines, *self._foot(metric.definition)]))
        chart = self._months(metric, members)
        return Answer("\n".join([*lines, in_words(chart), *self._foot(metric.definition)]), _picture(chart))

    def _several(self, members: Sequence[User]) -> Answer:
        """Figures side by side, in all and member by member, by the first of them."""
        asked = [self.ledger.uow.packs.find_metric(name) for name in self.question.metric.split()]
        known = [metric for metric in asked if metric and metric.id in COMPUTATIONS and not metric.nearest]
        lines = [
            f"「{metric.label}」算不了：系统里还没有登记{metric.missing}，不猜。"
            for metric in asked if metric and metric.nearest
        ]
        found, ids = [figure(self.ledger, metric, self.span) for metric in known], [member.id for member in members]
        lines = [f"{self._whose(members)}数据（{self.span.words}）", *lines]
        lines += [f"{each.metric.label}：{each.text(ids)}" for each in found]
        if len(members) > 1 and found:
            ranked = sorted(members, key=lambda member: (-found[0].value([member.id]), member.id))
            lines += [f"{n}. {member.name} {_beside(found, member)}" for n, member in enumerate(ranked[:RANKED], 1)]
        return Answer("\n".join([*lines, *filter(None, [self._filter()]), *(f"口径：{m.definition}。" for m in known)]))

    def _month_before(self, metric: Metric, members: Sequence[User]) -> list[str]:
        """Of a share with nothing to share yet: that this is so, and the month before."""
        last = self.span.first.replace(day=1) - DAY
        span, ids = Span(last.replace(day=1), last, f"{last.month} 月"), [member.id for member in members]
        before = figure(self.ledger, metric, span)
        days = f"{self.span.first:%m-%d} 到 {self.span.last:%m-%d}"
        ask = f"{self._whose(members)}{metric.label} {last.year} 年 {last.month} 月"
        why, lacking = _NOT_YET.get(metric.id, "还没有可以计入的"), "比率" if metric.unit == "%" else "平均数"
        return [
            f"{days} 之间{why}，所以没有{lacking}。",
            f"{span.words}：{before.text(ids)}，发送「{ask}」看明细。",
        ]

    def _trend(self, metric: Metric, members: Sequence[User]) -> Answer:
        if metric.now:
            head = f"「{metric.label}」只有现在的数，没有每个月的，趋势算不了。"
            return Answer(f"{head}\n{self._figure(metric, members).text}")
        chart = self._months(metric, members)
        return Answer("\n".join([chart.title, in_words(chart), *self._foot(metric.definition)]), _picture(chart))

    def _split(self, metric: Metric, members: Sequence[User]) -> Answer:
        """The figure by the values of a client field, the largest first."""
        ids, field = [member.id for member in members], self.question.by
        rows = [(label, figure(self._only(condition), metric, self.span)) for label, condition in self._values(field)]
        ranked = sorted(rows, key=lambda row: -row[1].value(ids))
        shown = [(label, found) for label, found in ranked if found.value(ids)]
        label = self.ledger.uow.dictionary.field("client", field).label
        title = f"{self._whose(members)}{metric.label}，按{label}分{'' if metric.now else f'（{self.span.words}）'}"
        if not shown:
            return Answer("\n".join([f"{title}：都是 0。", *self._foot(metric.definition)]))
        lines = [f"{n}. {name} {found.text(ids)}" for n, (name, found) in enumerate(shown, 1)]
        picture = _picture(_bars(title, shown[:MOST], ids))
        return Answer("\n".join([title, *lines, *self._foot(metric.definition)]), picture)

    def _funnel(self, members: Sequence[User]) -> Answer:
        ids = [member.id for member in members]
        steps = funnel.steps(self.ledger, self.span)
        counts = [step.count(ids) for step in steps]
        title = f"{self._whose(members)}漏斗（{self.span.words}）"
        rows = enumerate(zip(steps, counts, strict=True))
        lines = [title, *(f"{step.label} {count} 位{_conversion(counts, n)}" for n, (step, count) in rows)]
        if len(members) > 1:
            lines += _by_member(steps, members)
        if self.question.whose != ME or self.user.role != "manager":
            now = "，".join(f"{label} {count}" for label, count in funnel.stages(self.ledger) if count)
            lines.append(f"客户现在的阶段：{now or '无'}")
        if not counts[0]:
            lines.append("这段时间没有建档的客户，换一段试试，例如「漏斗 今年」。")
            return Answer("\n".join([*lines, *self._foot(funnel.DEFINITION)]))
        texts = tuple(f"{count}{_share_of(counts, n)}" for n, count in enumerate(counts))
        chart = Chart("funnel", title, tuple(s.label for s in steps), tuple(map(float, counts)), texts, self._filter())
        return Answer("\n".join([*lines, *self._foot(funnel.DEFINITION)]), _picture(chart))

    def _cannot(self, metric: Metric | None, members: Sequence[User]) -> Answer:
        """Says so, with the nearest that can be computed: never an invented number."""
        packs = self.ledger.uow.packs
        nearest = packs.find_metric(metric.nearest if metric else "follow_ups")
        said = f"「{metric.label}」" if metric else "这个数"
        why = f"系统里还没有登记{metric.missing}，不猜" if metric else "指标口径里没有它，发送「口径」可以看全部"
        lines = [f"{said}算不了：{why}。"]
        if nearest is not None:
            instead = self._split(nearest, members) if self.question.what == "split" else self._figure(nearest, members)
            lines += ["能算的里面，最接近的是：", instead.text]
        return Answer("\n".join(lines))

    def _no_share(self, metric: Metric, members: Sequence[User]) -> Answer:
        """A share without a definition: said so, and the count beside."""
        head = f"「{metric.label}」的比率算不了：指标口径里只有它的数，没有比率的算法，发送「口径」可以看全部。"
        counted = replace(self, question=replace(self.question, share=False)).answer()
        return Answer(f"{head}\n能算的里面，最接近的是：\n{counted.text}", counted.picture)

    # ------------------------------------------------------------ pieces

    def _months(self, metric: Metric, members: Sequence[User]) -> Chart:
        """The last twelve months; this one as far as it is."""
        ids, months = [member.id for member in members], months_back(self.ledger.today, MONTHS)
        found = [figure(self.ledger, metric, month) for month in months]
        values = tuple(_drawn(one, ids) for one in found)
        title = f"{self._whose(members)}{metric.label}，近 {MONTHS} 个月"
        kind: ChartKind = "line" if metric.unit in ("%", "小时") else "columns"
        labels = tuple(month.words for month in months)
        texts = tuple(_short(value, metric.unit) for value in values)
        return Chart(kind, title, labels, values, texts, self._filter())

    def _values(self, field: str) -> list[tuple[str, ColumnElement[bool]]]:
        spec, column = self.ledger.uow.dictionary.field("client", field), clients.c[field]
        known: list[tuple[str, ColumnElement[bool]]] = [(c.label, column == c.value) for c in spec.choices]
        return [*known, (UNKNOWN, column.is_(None))]

    def _only(self, condition: ColumnElement[bool]) -> Ledger:
        which = self.ledger.which
        return replace(self.ledger, which=condition if which is None else and_(which, condition))

    def _whose(self, members: Sequence[User]) -> str:
        if self.question.whose == ME:
            return "我的"
        return "团队" if self.question.whose == TEAM else f"{members[0].name}的"

    def _filter(self) -> str:
        return f"只算：{self.question.conditions}" if self.question.conditions else ""

    def _foot(self, definition: str) -> list[str]:
        return [*filter(None, [self._filter()]), f"口径：{definition}。"]


# ---------------------------------------------------------------- words and pictures


def _ranking(found: Figure, members: Sequence[User], *, ascending: bool) -> list[str]:
    """Members by the figure, the best first (or last, when asked so), those at nought included."""
    sign = 1 if ascending else -1
    ranked = sorted(members, key=lambda member: (sign * found.value([member.id]), member.id))
    return [f"{n}. {member.name} {found.text([member.id])}" for n, member in enumerate(ranked[:RANKED], 1)]


def _beside(found: Sequence[Figure], member: User) -> str:
    """工单数 3 件，首答时长 0.5 小时（2 件），实缴保费 5,200 元"""
    return "，".join(f"{each.metric.label} {each.text([member.id])}" for each in found)


def _compared(found: Figure, before: Figure, ids: Sequence[str]) -> str:
    text = f"对比{before.span.words}：{before.text(ids)}"
    if found.wholes is not None:
        return text
    change = found.part(ids) - before.part(ids)
    word = "增加" if change > 0 else "减少"
    return f"{text}，{word} {amount_text(abs(change), found.metric.unit)}" if change else f"{text}，持平"


def _conversion(counts: Sequence[int], n: int) -> str:
    return f"，占上一步 {counts[n] / counts[n - 1]:.0%}" if n and counts[n - 1] else ""


def _share_of(counts: Sequence[int], n: int) -> str:
    return f"（{counts[n] / counts[0]:.0%}）" if n and counts[0] else ""


def _by_member(steps: Sequence[funnel.Step], members: Sequence[User]) -> list[str]:
    rows = [(member.name, steps[0].count([member.id]), steps[2].count([member.id])) for member in members]
    ranked = sorted((row for row in rows if row[1]), key=lambda row: (-row[2] / row[1], row[0]))
    return [f"{name}：建档 {entered}，签约 {won}，转化 {won / entered:.0%}" for name, entered, won in ranked[:RANKED]]


def _drawn(found: Figure, ids: Sequence[str]) -> float | None:
    """Percent for a share, none where there was nothing to share or to average."""
    if found.wholes is None:
        return float(found.value(ids))
    whole = sum(Decimal(found.wholes.get(i, 0)) for i in ids)
    scale = 100 if found.metric.unit == "%" else 1
    return float(found.value(ids) * scale) if whole else None


def _short(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    if unit == "元":
        return short_money(Decimal(value))
    return f"{value:.1f}" if unit == "小时" else f"{value:.0f}{'%' if unit == '%' else ''}"


def _bars(title: str, rows: Sequence[tuple[str, Figure]], ids: Sequence[str]) -> Chart:
    values = tuple(_drawn(found, ids) or 0.0 for _, found in rows)
    texts = tuple(_short(value, found.metric.unit) for value, (_, found) in zip(values, rows, strict=True))
    return Chart("bars", title, tuple(label for label, _ in rows), values, texts)


def in_words(chart: Chart) -> str:
    """7月 3，8月 5"""
    return "，".join(f"{label} {text}" for label, text in zip(chart.labels, chart.texts, strict=True))


def _picture(chart: Chart) -> Picture:
    return Picture(chart, f"「{chart.title}」的图没能发出，数字以上面的文字为准。")
