"""提醒效果: what reminders came to, rule by rule, for operations (numbers of the firm) and managers (their team)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from handlers.approvals import DECIDERS
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import command
from handlers.rule_words import CATEGORY_WORDS
from handlers.rules.numbers import rule_id_said
from reminders.effects import Effect, effects, total
from reminders.figures import Span
from storage.model.errors import Invalid, NotFound

EXAMPLE = "提醒效果 续保 近30天"
USUAL_DAYS = 30
METRIC = "reminder_uptake"


@command("effects.show", group="运营", help="提醒办了多少、推迟、不需要、漏办", example=EXAMPLE, roles=DECIDERS)
def show(ctx: Context, meaning: Meaning) -> None:
    """The total and a line for each rule: fired, done, put off, not needed and why, told to the supervisor, missed."""
    span, wanted = _span(ctx, meaning), _wanted(ctx, meaning)
    found = [effect for effect in effects(ctx.uow, span, ctx.zone) if wanted(effect)]
    about = str(meaning.get("about") or (f"R{meaning.get('number')}" if meaning.get("number") else ""))
    whose = "全公司" if ctx.uow.own_scope in ("none", "all") else "团队"
    title = " ".join(filter(None, ["提醒效果", about, f"{whose}{span.words}"]))
    if not found:
        ctx.say(f"{title}：没有触发过这样的提醒。")
        return
    ctx.uow.audit.record("read", "rule", "*", section="effects", count=len(found))
    numbers = ctx.uow.rules.numbers()
    head = f"{title}：{effect_text(total(found))}。怎么算的发送「口径 提醒办结率」。"
    show_lines(ctx, "effects", head, [
        {"line": f"{rule_name(ctx, effect, numbers.get(effect.rule))}：{effect_text(effect)}"} for effect in found
    ])  # fmt: skip


def effect_text(effect: Effect) -> str:
    """触发 40 件，办结 30（75%），推迟过 5，不需要 4（客户已办理 2、其他 2），告诉过主管 2，漏办 1，还没处理 6"""
    ranked = sorted(effect.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    reasons = "、".join(f"{reason} {count}" for reason, count in ranked)
    parts = [
        (f"开商机 {effect.accepted}（采纳 {_percent(effect.accepted, effect.fired)}%）", effect.accepted),
        (f"推迟过 {effect.snoozed}", effect.snoozed),
        (f"不需要 {effect.dismissed}（{reasons}）", effect.dismissed),
        (f"告诉过主管 {effect.escalated}", effect.escalated), (f"漏办 {effect.missed}", effect.missed),
        (f"还没处理 {effect.left}", effect.left),
    ]  # fmt: skip
    done = f"触发 {effect.fired} 件，办结 {effect.done}（{_percent(effect.done, effect.fired)}%）"
    return "，".join([done, *(text for text, count in parts if count)])


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def rule_name(ctx: Context, effect: Effect, number: int | None) -> str:
    """R3 续保; of a rule that is no more, what it was about."""
    rule = ctx.uow.rules.in_force().find(effect.rule)
    word = CATEGORY_WORDS.get(effect.category, effect.category)
    label = rule.label if rule else f"{word}（已撤下的规则）"
    return f"R{number} {label}" if number else label


def _span(ctx: Context, meaning: Meaning) -> Span:
    """The days that were said, up to today; the last thirty otherwise. Raises Invalid."""
    said = meaning.get("range")
    if not isinstance(said, When):
        return _named(ctx.today - timedelta(days=USUAL_DAYS - 1), ctx.today, f"近 {USUAL_DAYS} 天")
    if said.problem == "impossible" or said.date > ctx.today:
        raise Invalid(f"「{said.text}」没有提醒可看。请换一段已经过去的日子，例如「{EXAMPLE}」。")
    return _named(said.date, min(said.last_date, ctx.today), said.text)


def _named(first: date, last: date, words: str) -> Span:
    return Span(first, last, f"{words}（{first:%m-%d} 至 {last:%m-%d}）")


def _wanted(ctx: Context, meaning: Meaning) -> Callable[[Effect], bool]:
    """Which rules were asked for: by number, by category, or by a part of their names. Raises NotFound."""
    if meaning.get("number"):
        _, rule_id = rule_id_said(ctx, meaning)
        return lambda effect: effect.rule == rule_id
    about = str(meaning.get("about") or "")
    if not about:
        return lambda effect: True
    categories = {name for name, word in CATEGORY_WORDS.items() if word in (about, about.removesuffix("提醒"))}
    rules = ctx.uow.rules.in_force().rules
    named = {rule.id for rule in rules if about in rule.label}
    if not categories and not named:
        known = "、".join(CATEGORY_WORDS.values())
        raise NotFound(f"没有叫「{about}」的提醒。可以看：{known}，或规则编号，例如「提醒效果 R3」。")
    return lambda effect: effect.category in categories or effect.rule in named
