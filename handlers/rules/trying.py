"""What a rule would do in the week to come, beside what the rules in force do (试算)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from config.pack import AT, ReminderRule
from handlers.context import Context
from handlers.rules.receivers import notes_on
from reminders.trial import Sample, Trial, try_out

DAYS = 7
FURTHER = 60  # days: how far the first reminder is looked for when the week has none
MOST_DAYS = 7


def trial_text(ctx: Context, rule: ReminderRule, *, names: bool = True) -> str:
    """How many reminders for how many members, what differs from the rules in force, and three samples.

    Clients' names are told to those who may see all clients, and not in what goes to others (`names` False)."""
    names = names and ctx.uow.scope == "all"
    book = ctx.uow.rules.in_force()
    current = book.find(rule.id)
    trial = try_out(ctx.uow, rule, beside_of(ctx, rule), (ctx.today, ctx.today + timedelta(days=DAYS - 1)), ctx.zone)
    ctx.uow.audit.record("try", "rule", rule.id, hits=trial.total)
    if names:
        ctx.uow.audit.listed("client", [(s.client_id, s.client_id) for s in trial.samples], section="rule")
    days = "，".join(f"{ctx.local(at):%m-%d} {count} 条" for at, count in list(trial.by_day.items())[:MOST_DAYS])
    if trial.total:
        head = f"会提醒 {trial.total} 条，{len(trial.receivers)} 位同事收到。"
    else:
        head = f"没有要提醒的。{_later(ctx, rule)}"
    lines = [f"试算（今天起 {DAYS} 天）：{head}", *([days] if days else [])]
    lines += [difference(trial, changed=current is not None)] if current != rule else []
    lines += notes_on(ctx, rule)
    lines += [f"样本 {n}：{sample_text(ctx, sample, names=names)}" for n, sample in enumerate(trial.samples, 1)]
    return "\n".join(lines)


def beside_of(ctx: Context, rule: ReminderRule) -> list[ReminderRule]:
    """The lines in force that a rule is compared with: those of the version it changes, else those of its sort."""
    book = ctx.uow.rules.in_force()
    changes = book.find(rule.id) is not None
    return [
        line for line in book.enabled_lines
        if (line.id.partition(AT)[0] == rule.id if changes else line.source_record == rule.source_record
            and line.category == rule.category)
    ]


def _later(ctx: Context, rule: ReminderRule) -> str:
    """When the first one comes after the week in which there is none."""
    if not rule.enabled:
        return "规则是停用的。"
    span = ctx.today + timedelta(days=DAYS), ctx.today + timedelta(days=FURTHER)
    first = next(iter(try_out(ctx.uow, rule, (), span, ctx.zone).by_day.items()), None)
    if first is None:
        return f"往后 {FURTHER} 天也没有，请看看日期、天数、条件和有效期对不对。"
    return f"最近的一次是 {ctx.local(first[0]):%m-%d}，{first[1]} 条。"


def difference(trial: Trial, *, changed: bool) -> str:
    """What a trial says of the rules in force beside the one that is tried."""
    if changed:
        moved = f"新增 {trial.fresh} 件事，不再提醒 {trial.left_out} 件"
        return f"和现在的版本比：{trial.before} 条变 {trial.total} 条，{moved}。"
    if not trial.before and not trial.total:
        return "现有规则这几天也没有同类提醒。"
    if not trial.before:
        return "现有规则这几天没有同类提醒，这些都是新增的。"
    new = f"有 {trial.fresh} 件事是它们不会提醒的" if trial.fresh else "没有一件事是它们不会提醒的"
    return f"现有的同类规则这几天有 {trial.before} 条；新规则的 {trial.total} 条里，{new}。"


def sample_text(ctx: Context, sample: Sample, *, names: bool, above: Literal["", "whom", "rule"] = "") -> str:
    """06-10 08:30 提醒 李顾问：王*，日期 2025-07-10; without what stands `above` it already: whom, and which rule."""
    name = sample.client_name if names else masked(sample.client_name)
    receiver = ctx.uow.users.find(sample.receiver_id)
    whom = "" if above else f" 提醒 {receiver.name if receiver else sample.receiver_id}"
    label = f"{sample.label}，" if above == "whom" and sample.label else ""
    return f"{ctx.local(sample.remind_at):%m-%d %H:%M}{whom}：{name}，{label}日期 {sample.due_on}"


def masked(name: str) -> str:
    """王*, 宏******: the first character."""
    return f"{name[:1]}{'*' * (len(name) - 1)}"
