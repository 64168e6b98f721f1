"""Checks that need more than one entry: what one entry names must exist in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from config.pack_columns import COLUMNS, WITHOUT_OWN_FIELDS, types_of
from config.pack_entries import Entries, Entry, Finding, Known
from config.pack_fields import FieldSpec
from config.pack_models import ContractKind, Product, RelationKind, Stage, Tag, Template, TierScheme
from config.pack_rule_checks import check_rule


def check(entries: Entries) -> Iterator[Finding]:
    """Every broken reference as (file, line, Chinese reason)."""
    known = Known(entries)
    for heading, one in CHECKS.items():
        for entry in entries[heading]:
            yield from one(entry, known)


def _check_field(entry: Entry, known: Known) -> Iterator[Finding]:
    spec = cast(FieldSpec, entry.item)
    yield from _check_place(entry, spec)
    if spec.choices_from and spec.choices_from not in known.lists:
        reason = f"没有「{spec.choices_from}」这份选项，可用：{'、'.join(known.lists)}"
        yield entry.finding(reason, "choices_from")
    yield from _check_words(entry, spec, known)


def _check_place(entry: Entry, spec: FieldSpec) -> Iterator[Finding]:
    """Where the values are kept: a column of the table, as what it is, or among the record's own fields."""
    if spec.name not in COLUMNS[spec.record]:
        if spec.column:
            yield entry.finding(f"「{spec.name}」不是表里的固定列，请去掉 column: true", "column")
        elif spec.record in WITHOUT_OWN_FIELDS:
            yield entry.finding(f"「{spec.path}」没有地方保存：{spec.record} 只有固定列，不能加自己的字段", "name")
    elif not spec.column:
        yield entry.finding(f"「{spec.name}」是表里的固定列，请写上 column: true", "name")
    elif spec.type not in (allowed := types_of(spec.record, spec.name)):
        reason = f"「{spec.name}」是表里的固定列，type 只能是 {'、'.join(allowed)}，不能是「{spec.type}」"
        yield entry.finding(reason, "type")


def _check_words(entry: Entry, spec: FieldSpec, known: Known) -> Iterator[Finding]:
    """A word means one field of a record, or a command could change the wrong one."""
    for word in spec.words:
        for other in known.spoken[spec.record, word.lower()]:
            if other.path == spec.path:
                break
            if "both" in (spec.applies_to, other.applies_to) or spec.applies_to == other.applies_to:
                yield entry.finding(f"「{word}」已经是「{other.label}」（{other.path}）的叫法", "synonyms")


def _check_kind(entry: Entry, known: Known) -> Iterator[Finding]:
    kind = cast(ContractKind, entry.item)
    names = [state.name for state in kind.states]
    if kind.initial not in names:
        yield entry.finding(f"初始状态「{kind.initial}」不在 states 里", "initial")
    for index, state in enumerate(kind.states):
        if names.index(state.name) != index:
            yield entry.finding(f"状态「{state.name}」写了两次", "states", index)
        for move in state.moves:
            if move not in names:
                reason = f"状态「{state.label}」要变成的「{move}」不在 states 里"
                yield entry.finding(reason, "states", index, "moves")
        if state.final == bool(state.moves):
            reason = "是终态，不能再有 moves" if state.final else "没有 moves，请补上，或写 final: true"
            yield entry.finding(f"状态「{state.label}」{reason}", "states", index)
    for index, name in enumerate(kind.fields):
        if f"contract.{name}" not in known.fields:
            yield entry.finding(f"字段「contract.{name}」没有定义", "fields", index)


def _check_product(entry: Entry, known: Known) -> Iterator[Finding]:
    product = cast(Product, entry.item)
    if product.kind not in known.kinds:
        yield entry.finding(f"没有合同类别「{product.kind}」，可用：{'、'.join(known.kinds)}", "kind")
    if product.family not in known.families:
        yield entry.finding(f"产品类型「{product.family}」不在 words.yaml 的产品词里", "family")


def _check_scheme(entry: Entry, known: Known) -> Iterator[Finding]:
    scheme = cast(TierScheme, entry.item)
    if f"client.{scheme.name}" not in known.fields:
        yield entry.finding(f"没有字段「client.{scheme.name}」存放这个等级", "name")
    ranks = [tier.rank for tier in scheme.tiers]
    for index, tier in enumerate(scheme.tiers):
        # A template's variant and a spoken 「贵宾」 name a tier without its scheme.
        if known.tiers.count(tier.name) > 1:
            yield entry.finding(f"等级「{tier.name}」重名，各套等级里的名称不能相同", "tiers", index)
        if ranks.count(tier.rank) > 1:
            yield entry.finding(f"等级「{tier.name}」的 rank 和别的等级相同", "tiers", index)


def _check_stage(entry: Entry, known: Known) -> Iterator[Finding]:
    for move in cast(Stage, entry.item).moves:
        if move not in known.stages:
            yield entry.finding(f"没有阶段「{move}」", "moves")


def _check_relation(entry: Entry, known: Known) -> Iterator[Finding]:
    relation = cast(RelationKind, entry.item)
    reverse = known.relations.get(relation.reverse)
    if reverse is None:
        yield entry.finding(f"反向关系「{relation.reverse}」没有定义", "reverse")
    elif reverse.reverse != relation.name:
        yield entry.finding(f"「{relation.reverse}」的反向应是「{relation.name}」", "reverse")


def _check_template(entry: Entry, known: Known) -> Iterator[Finding]:
    for tier in cast(Template, entry.item).variants:
        if tier not in known.tiers:
            reason = f"没有客户等级「{tier}」，可用：{'、'.join(sorted(known.tiers))}"
            yield entry.finding(reason, "variants", tier)


def _check_tag(entry: Entry, known: Known) -> Iterator[Finding]:
    tag = cast(Tag, entry.item)
    if short := [word for word in tag.keywords if len(word) < 2]:
        yield entry.finding(f"关键词「{short[0]}」太短，至少两个字，否则会误判", "keywords")


CHECKS = {
    "fields": _check_field,
    "kinds": _check_kind,
    "products": _check_product,
    "tags": _check_tag,
    "tiers": _check_scheme,
    "stages": _check_stage,
    "relations": _check_relation,
    "templates": _check_template,
    "rules": check_rule,
}
