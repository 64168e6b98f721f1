"""Checks of journeys against the fields, kinds and templates they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from config.pack_entries import Entry, Finding, Known
from config.pack_journeys import CREATED, Journey, JourneyStep
from config.pack_rule_checks import check_date, out_of_reach
from config.pack_text import VARIABLES_OF, variables_in


def check_journey(entry: Entry, known: Known) -> Iterator[Finding]:
    """Every reference of a journey that leads nowhere or makes no sense."""
    journey = cast(Journey, entry.item)
    if journey.entry_rule is not None:
        rule = journey.entry_rule
        inside = Entry(rule, entry.file, entry.document, (*entry.where, "entry"))
        if rule.source_record not in ("client", "contract"):
            yield inside.finding("旅程的起点只能是客户或合同上的日期", "source")
        else:
            yield from check_date(inside, rule, known, instant=CREATED)
    for index, step in enumerate(journey.steps):
        yield from _check_step(entry, index, step, known)
    for word in journey.words:
        if (owner := known.journeys.get(word)) != journey.id:
            yield entry.finding(f"「{word}」已经是旅程「{owner}」的叫法", "synonyms")


def _check_step(entry: Entry, index: int, step: JourneyStep, known: Known) -> Iterator[Finding]:
    if unknown := [name for name in variables_in(step.task) if name not in VARIABLES_OF["journey"]]:
        yield entry.finding(f"task 用了 ${{{unknown[0]}}}，旅程给不出这个值", "steps", index, "task")
    if not step.care:
        return
    template = known.templates.get(step.care)
    if template is None or template.purpose != "care" or template.state != "approved" or not template.occasion:
        yield entry.finding(f"没有给客户的审定模板「{step.care}」", "steps", index, "care")
    elif unknown := out_of_reach(template, "journey"):
        reason = f"模板「{step.care}」用了 ${{{unknown[0]}}}，旅程给不出这个值"
        yield entry.finding(reason, "steps", index, "care")
