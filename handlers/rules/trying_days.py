"""Who gets what on a day of one's choice (试算 6月20日): by a rule that is written or in force, or by all in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from config.pack import ReminderRule
from handlers.context import Context
from handlers.language import When
from handlers.rule_words import rule_text
from handlers.rules.receivers import notes_on
from handlers.rules.trying import beside_of, difference, sample_text
from reminders.rules import BadRule
from reminders.trial import Share, shares_on, try_out
from storage.model.errors import Invalid

LONGEST = 31  # days
MOST_RECEIVERS = 8
_WEEKDAYS = "一二三四五六日"
Days = tuple[date, date]


def days_said(ctx: Context, said: When) -> Days:
    """The day or the period that was said. Raises Invalid for one that is not, or is too long to look at."""
    if said.problem == "impossible" or not said.start:
        raise Invalid(f"没有「{said.text}」这一天。请写例如「试算 6月20日」「试算 下周一」。")
    first, last = said.date, said.last_date
    if (last - first).days >= LONGEST:
        raise Invalid(f"一次最多试算 {LONGEST} 天，请写短一点，例如「试算 6月20日」「试算 下周」。")
    if abs((first - ctx.today).days) > 366 * 3:
        raise Invalid("只能试算前后三年以内的日子。")
    return first, last


def try_on(ctx: Context, days: Days, rule: ReminderRule | None) -> None:
    """Say who gets what; of a rule that is not in force as it stands also what differs from those that are."""
    in_force = ctx.uow.rules.in_force()
    current = in_force.find(rule.id) if rule is not None else None
    lines = in_force.enabled_lines if rule is None else rule.lines() if rule.enabled else ()
    beside = beside_of(ctx, rule) if rule is not None and rule != current else []
    faults: list[str] = []
    shares = shares_on(ctx.uow, lines, beside, days, ctx.zone, faults=faults, most=MOST_RECEIVERS)
    ctx.uow.audit.record("try", "rule", rule.id if rule else "all", hits=sum(share.count for share in shares))
    said = [rule_text(rule, ctx.packs)] if rule is not None else []
    said.append(_head(ctx, days, shares, rule))
    if rule is not None and rule != current:
        said.append(_compared(ctx, rule, beside, days))
    said += _shown(ctx, shares, one_rule=rule is not None, compared=bool(beside))
    said += [f"有 {len(set(faults))} 条规则按现在的资料执行不了，没有算在内。"] if faults else []
    ctx.say("\n".join([*said, *(notes_on(ctx, rule) if rule is not None else [])]))


def _head(ctx: Context, days: Days, shares: Sequence[Share], rule: ReminderRule | None) -> str:
    first, last = days
    when = f"{first}（周{_WEEKDAYS[first.weekday()]}）" + (f"到 {last}" if last > first else "")
    total, whose = sum(share.count for share in shares), sum(1 for share in shares if share.count)
    whom = "" if rule else "现有规则"
    found = f"{whom}会提醒 {total} 条，{whose} 位同事收到" if total else f"{whom}没有要提醒的"
    off = "（规则是停用的）" if rule is not None and not rule.enabled else ""
    past = "这天已经过去，" if last < ctx.today else ""
    return f"试算 {when}：{found}{off}。{past}按现在的资料算。"


def _compared(ctx: Context, rule: ReminderRule, beside: Sequence[ReminderRule], days: Days) -> str:
    try:
        trial = try_out(ctx.uow, rule, beside, days, ctx.zone)
    except BadRule:
        raise Invalid("这条规则按现在的资料执行不了，请看看条件。") from None
    return difference(trial, changed=ctx.uow.rules.in_force().find(rule.id) is not None)


def _shown(ctx: Context, shares: Sequence[Share], *, one_rule: bool, compared: bool) -> list[str]:
    """李顾问 3 条（现在 2 条）：续保 2、生日 1, and up to three of them; of who gets least the number alone.

    Clients' names are told to those who may see all clients."""
    names = ctx.uow.scope == "all"
    if names:
        seen = [(sample.client_id, sample.client_id) for share in shares for sample in share.samples]
        ctx.uow.audit.listed("client", seen, section="rule")
    above: Literal["whom", "rule"] = "rule" if one_rule else "whom"
    lines: list[str] = []
    for share in shares[:MOST_RECEIVERS]:
        receiver = ctx.uow.users.find(share.receiver_id)
        now = f"（现在 {share.before} 条）" if compared and share.before != share.count else ""
        what = "" if one_rule else "：" + "、".join(f"{label} {count}" for label, count in share.labels.items())
        lines.append(f"{receiver.name if receiver else share.receiver_id} {share.count} 条{now}{what}")
        lines += [f"　· {sample_text(ctx, sample, names=names, above=above)}" for sample in share.samples]
    more = shares[MOST_RECEIVERS:]
    return lines + ([f"另有 {len(more)} 位同事共 {sum(each.count for each in more)} 条。"] if more else [])
