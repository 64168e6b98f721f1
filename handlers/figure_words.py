"""What a question about figures says in the words of the packs: which metric, which clients, split by what.

The language layer knows that a figure is asked for and of whom; the words of the packs decide which one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.pack import Metric
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.reminder_giving import colleague
from reminders.figures import Span
from reminders.questions import ME, PERIODS, TEAM, Period, Question, What
from storage.conditions import ClientField
from storage.conditions.facts import Tagged
from storage.conditions.vocabulary import Valued, vocabulary_of
from storage.model.errors import NotAllowed

_VAGUE = frozenset({"", "performance", "ranking", "retention"})  # metrics of the language layer that name no figure
_GROWN = re.compile(r"涨|增长|增加|变动|变化|减少|跌|净流入|净流出")
_SHARE = re.compile(r"[占比]率|占比|比例|百分之几|(?<![频效汇利费税])率(?!先)")
_TREND = re.compile(r"趋势|走势|逐月|按月|每个月|各月")
_SPLIT = re.compile(r"(?:按|各|每个|每种|不同|哪个|哪种|哪些|什么)(?P<by>渠道|来源|银行等级|保险等级|等级|阶段|性别)")
_FIELDS = {
    "渠道": "source", "来源": "source", "等级": "bank_tier", "银行等级": "bank_tier", "保险等级": "insurance_tier",
    "阶段": "stage", "性别": "gender",
}
_FILTER_FIELDS = frozenset({"source", "gender", "kind", "bank_tier", "insurance_tier"})
_BEHIND = r"(?:客户|客人|客群|等级|来源|渠道|来的|标签)?的?\s*(?:客户|客人|新增|新客)"
_ALWAYS = frozenset({"bank_tier", "insurance_tier"})  # words that mean nothing else
_OWN = re.compile(r"(?:我|俺|本人|自己)(?!们)")
# What may stand in a question besides its metric, days, clients and people.
_PLAIN = re.compile(
    r"请问|请|帮我|帮忙|给我|告诉我|看一?下|看看|查一?下|查查|统计|团队|全队|我们组?|咱们组?|本组|大家|我的?|俺|新增|新客|多少|几个|几位|"
    r"一共|总共|总数|怎么样|情况|数据|数量|有|是|了|的|吗|呢|啊|吧|名下|目前|现在|客户|客人|来|对比|相比|比|和|跟|与|同期|排名|排行|前|后|"
    r"手上|手里|管着|几次|几家|几户|哪个|哪位|组员|顾问|同事|下属|部门|小组|全组|队里|每个人|各|跑|见|"
    r"谁|最多|最少|最高|最低|分别|各自|\W|\d|[a-z]"
)


def question_of(ctx: Context, meaning: Meaning, whose: str) -> Question:
    """The question that a meaning of stats.me or stats.team asks."""
    text, said = ctx.text.lower(), str(meaning.get("metric") or "")
    metric = metric_said(ctx, text, said)
    if said == "funnel" or "漏斗" in text:
        return Question("funnel", whose=whose, conditions=_conditions(ctx, text, None), period=period_said(meaning))
    if len(several := meaning.get("metrics") or ()) > 1:
        return Question("several", " ".join(several), whose, _conditions(ctx, text, None), period=period_said(meaning))
    split = _SPLIT.search(text)
    if metric is None and said in ("", "performance") and split is None:
        return Question("summary", whose=whose, period=period_said(meaning))
    what: What = "trend" if _TREND.search(text) else "split" if split else "figure"
    return Question(
        what, metric.id if metric else "new_clients" if split else "follow_ups" if said == "ranking" else said, whose,
        _conditions(ctx, text, metric), _FIELDS[split["by"]] if split else "", period_said(meaning),
        ascending=meaning.get("order") == "asc", share=share_said(metric, text),
    )


def whose_said(ctx: Context) -> str:
    """A manager who names nobody means the team."""
    return TEAM if ctx.user.role == "manager" and ctx.text and not _OWN.search(ctx.text) else ME


def owner_said(ctx: Context, meaning: Meaning) -> str | None:
    """Whose clients a list is of: one member's, the reader's own; None: the team's, for a manager who names nobody.
    Raises NotAllowed for an adviser who names somebody else, Invalid for a name that nobody has."""
    name = str(meaning.get("member") or "")
    if not name:
        return None if whose_said(ctx) == TEAM else ctx.user.id
    if ctx.user.role != "manager" and name != ctx.user.name:
        raise NotAllowed("只能看自己名下的客户，别的顾问的客户由主管查看。")
    return ctx.user.id if name == ctx.user.name else colleague(ctx, name).id


def metric_said(ctx: Context, text: str, said: str = "") -> Metric | None:
    """The metric whose word is the longest in the text; a short word only where the language layer names none."""
    packs = ctx.packs
    found = max(
        ((len(word), metric) for metric in packs.metrics for word in metric.words if word.lower() in text),
        key=lambda pair: pair[0], default=None,
    )
    if found is not None and (found[0] >= 3 or said in _VAGUE):
        grown = found[1].id == "aum" and _GROWN.search(text)
        return packs.find_metric("aum_change") if grown else found[1]
    if said == "retention" and "流失" in text:
        return packs.find_metric("lost_clients")
    return packs.find_metric(said) if said else None


def share_said(metric: Metric | None, text: str) -> bool:
    """Whether a share was asked for of which only a count is defined: a count is no answer to that."""
    return metric is not None and metric.unit != "%" and not metric.nearest and bool(_SHARE.search(text))


def period_said(meaning: Meaning) -> Period:
    """What a kept question asks of: the week, month, quarter or year that was said, else the month."""
    said = meaning.get("range")
    grain = said.grain if isinstance(said, When) else "month"
    return next((period for period in PERIODS if period == grain), "month")


def unread(ctx: Context, question: Question, span: Span) -> str:
    """Words before 客户 that narrow a question and were not taken up; "" when there are none."""
    text = ctx.text.lower()
    for part in (span.words.lower(), *_words_of(ctx, question), *(user.name for user in ctx.uow.users.team())):
        text = text.replace(part, "　")
    before = re.match(r"(.*?)(?:的)?(?:客户|客人)", text)
    left = _PLAIN.sub("", before[1]) if before else ""
    return left if re.search(r"[\u4e00-\u9fff]{2}", left) else ""


def _words_of(ctx: Context, question: Question) -> Iterator[str]:
    metric = ctx.packs.find_metric(question.metric)
    yield from sorted((word.lower() for word in metric.words) if metric else (), key=len, reverse=True)
    yield from (word for word, _ in _filters(ctx, ctx.text.lower(), metric))
    if (split := _SPLIT.search(ctx.text)) is not None:
        yield split[0]


def _conditions(ctx: Context, text: str, metric: Metric | None) -> str:
    """The clients that are asked about, in the words of the condition language."""
    return " 且 ".join(dict.fromkeys(valued.label for _, valued in _filters(ctx, text, metric)))


def _filters(ctx: Context, text: str, metric: Metric | None) -> Iterator[tuple[str, Valued]]:
    """Words of tiers, sources, tags and the like that stand before 客户 or 新增, the longest first."""
    for word in sorted((word.lower() for word in metric.words) if metric else (), key=len, reverse=True):
        text = text.replace(word, "　" if word[:2] not in ("新客", "客户", "新增") else "新增", 1)
    values = vocabulary_of(ctx.uow.dictionary, ctx.user.role).values
    for word in sorted(values, key=len, reverse=True):
        if word not in text:
            continue
        for valued in values[word]:
            if _may_filter(valued, word, text):
                yield word, valued
                text = text.replace(word, "　")
                break


def _may_filter(valued: Valued, word: str, text: str) -> bool:
    fact = valued.fact
    if isinstance(fact, ClientField) and fact.spec.name in _ALWAYS:
        return True
    if isinstance(fact, ClientField) and fact.spec.name in _FILTER_FIELDS:
        return re.search(f"{re.escape(word)}性?{_BEHIND}", text) is not None
    return isinstance(fact, Tagged) and re.search(f"{re.escape(word)}{_BEHIND}", text) is not None
