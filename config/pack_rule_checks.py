"""Checks of reminder rules against the fields, kinds and templates they name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from config.pack_columns import is_instant
from config.pack_entries import Entry, Finding, Known
from config.pack_fields import FieldSpec
from config.pack_models import BIRTHDAYS, SILENCE, Condition, Product, ReminderRule, Template
from config.pack_text import VARIABLES_OF

# What a rule may ask about, by where its date stands: an instalment knows its contract, a client has many.
_REACH = {
    "client": ("client",),
    "contract": ("client", "contract", "product"),
    "instalment": ("client", "contract", "product", "instalment"),
    "account": ("client", "account"),
    "transaction": ("client", "account", "transaction"),
    "interaction": ("client",),
}
_LUNAR_BIRTHDAY = "client.lunar_birthday"  # the one lunar day that is turned into dates
_NUMERIC = ("money", "percent", "integer", "lunar_day")


def check_rule(entry: Entry, known: Known) -> Iterator[Finding]:
    """Every reference of a reminder rule that leads nowhere or makes no sense."""
    rule = cast(ReminderRule, entry.item)
    if rule.category == "journey":
        yield entry.finding("分类 journey 是旅程的，规则请用别的分类", "category")
    if rule.suggests and rule.suggests not in known.families:
        yield entry.finding(f"产品类型「{rule.suggests}」不在 words.yaml 的产品词里", "suggests")
    yield from check_date(entry, rule, known)
    yield from _check_template(entry, rule, "template", ("reminder", "system"), known)
    yield from _check_template(entry, rule, "care_template", ("care",), known)


def check_date(entry: Entry, rule: ReminderRule, known: Known, *, instant: str | None = None) -> Iterator[Finding]:
    """The date of a rule, of which kinds of contracts it is and what else must hold; `instant` names a moment that
    may be counted from as well."""
    if rule.source != instant and rule.event is None:
        yield from _check_source(entry, rule, known)
    what, kinds = ("合同", list(known.kinds)) if rule.event is None else ("账户", _account_kinds(known))
    for index, kind in enumerate(rule.kinds):
        if kind not in kinds:
            yield entry.finding(f"没有{what}类别「{kind}」，可用：{'、'.join(kinds)}", "kinds", index)
    if rule.kinds and rule.source_record in ("client", "interaction"):
        yield entry.finding("客户日期和投诉的规则不能写 kinds", "kinds")
    for index, condition in enumerate(rule.where):
        for inside, reason in _problems(condition, rule, known):
            yield entry.finding(reason, "where", index, inside)


def _account_kinds(known: Known) -> list[str]:
    spec = known.fields.get("account.kind")
    return [choice.value for choice in spec.choices] if spec else []


def _check_source(entry: Entry, rule: ReminderRule, known: Known) -> Iterator[Finding]:
    if rule.yearly and rule.source in (SILENCE, *BIRTHDAYS):
        yield entry.finding("生日本来就每年提醒，久未联系没有日子，不能再写每年（yearly）", "yearly")
    if rule.source == SILENCE:
        return
    spec = known.fields.get(rule.source)
    if spec is None:
        yield entry.finding(f"没有字段「{rule.source}」", "source")
    elif spec.type == "lunar_day" and spec.path != _LUNAR_BIRTHDAY:
        yield entry.finding(f"「{rule.source}」（{spec.label}）是农历日，农历只能用 {_LUNAR_BIRTHDAY}", "source")
    elif spec.type not in ("date", "lunar_day") or spec.record not in _REACH:
        yield entry.finding(f"「{rule.source}」（{spec.label}）不是客户、合同或期次上的日期", "source")
    elif is_instant(spec.record, spec.name):
        yield entry.finding(f"「{rule.source}」（{spec.label}）记的是时刻，不是日子，不能用作提醒日期", "source")
    elif spec.sealed:
        yield entry.finding(f"「{spec.label}」是加密字段，不能用作提醒日期", "source")


def _check_template(
    entry: Entry, rule: ReminderRule, attribute: str, purposes: tuple[str, ...], known: Known
) -> Iterator[Finding]:
    name = getattr(rule, attribute)
    template = known.templates.get(name)
    if template is None:
        if name:
            yield entry.finding(f"没有模板「{name}」", attribute)
    elif template.purpose not in purposes:
        reason = f"模板「{name}」的用途是 {template.purpose}，这里要 {'、'.join(purposes)}"
        yield entry.finding(reason, attribute)
    elif unknown := out_of_reach(template, rule.source_record):
        reason = f"模板「{name}」用了 ${{{unknown[0]}}}，这条规则的日期给不出这个值"
        yield entry.finding(reason, attribute)


def out_of_reach(template: Template, record: str) -> list[str]:
    """The variables of a template that what is said of such a record has no value for."""
    known = VARIABLES_OF.get(record)
    return [name for name in template.variables if known is not None and name not in known]


def _problems(condition: Condition, rule: ReminderRule, known: Known) -> Iterator[tuple[str, str]]:
    spec = known.fields.get(condition.field)
    reach = _REACH.get(rule.source_record, ())
    if spec is None:
        yield "field", f"条件里的字段「{condition.field}」没有定义"
    elif reach and spec.record not in reach:
        yield "field", f"条件「{condition.field}」用不了：这条规则只能看 {'、'.join(reach)} 的字段"
    elif spec.record == "product" and spec.name not in Product.model_fields:
        yield "field", f"条件「{condition.field}」用不了：产品目录里没有这一项"
    elif spec.sealed:
        yield "field", f"「{spec.label}」是加密字段，不能用作条件"
    elif condition.op in (">=", "<=") and spec.type not in (*_NUMERIC, "date"):
        yield "op", f"「{spec.label}」不能比大小，请用 =、in 或 not in"
    else:
        yield from (("value", reason) for reason in _bad_values(condition, spec, known))


def _bad_values(condition: Condition, spec: FieldSpec, known: Known) -> Iterator[str]:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    allowed = [choice.value for choice in known.lists.get(spec.choices_from, spec.choices)]
    for value in values:
        if allowed and value not in allowed:
            yield f"「{spec.label}」没有「{value}」这个值，可用：{'、'.join(allowed)}"
        elif spec.type == "boolean" and not isinstance(value, bool):
            yield f"「{spec.label}」只能是 true 或 false"
        elif spec.type in _NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield f"「{spec.label}」要写数字，不能是「{value}」"
        elif spec.type == "date" and not _is_day(value):
            yield f"「{spec.label}」要写日期，例如 2026-10-01，不能是「{value}」"


def _is_day(value: object) -> bool:
    """One spelling alone, because dates that are kept as text are compared as text."""
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False
