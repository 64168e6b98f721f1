"""Checks that need more than one entry: what one entry names must exist in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from config.pack_advice import Hint
from config.pack_assignment import AssignmentRule
from config.pack_care import CareDate, Occasion
from config.pack_columns import COLUMNS, WITHOUT_OWN_FIELDS, types_of
from config.pack_entries import Entries, Entry, Finding, Known
from config.pack_fields import FieldSpec
from config.pack_figures import Metric
from config.pack_flows import Flow
from config.pack_hours import Shift
from config.pack_journey_checks import check_journey
from config.pack_models import ContractKind, Product, RelationKind, Stage, Template, TierScheme
from config.pack_questionnaires import Questionnaire
from config.pack_retention import Forgotten, Kept
from config.pack_rule_checks import check_rule
from config.pack_tags import Tag


def check(entries: Entries) -> Iterator[Finding]:
    """Every broken reference as (file, line, Chinese reason)."""
    known = Known({heading: [entry.item for entry in found] for heading, found in entries.items()})
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
    parts = [("states", index, state.label, state.through) for index, state in enumerate(kind.states)]
    parts += [("roles", index, role.label, role.through) for index, role in enumerate(kind.roles)]
    for place, index, label, flow in parts:
        if flow and flow not in known.flow_words.values():
            yield entry.finding(f"「{label}」要走的流程「{flow}」没有定义", place, index, "through")
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
    if scheme.by_condition:
        yield from _check_steps(entry, scheme, known)
    elif scheme.by_assets:
        yield from _check_floors(entry, scheme, known)


def _check_floors(entry: Entry, scheme: TierScheme, known: Known) -> Iterator[Finding]:
    """Assets decide in one scheme only, and there every amount belongs to one tier."""
    if known.by_assets and known.by_assets[0] != scheme.name:
        yield entry.finding(f"已经有一套等级按管理资产分（{known.by_assets[0]}），只能有一套写 assets_from", "name")
    if f"client.{scheme.name}" in known.fields and not known.fields[f"client.{scheme.name}"].column:
        yield entry.finding("按管理资产分的等级要存在固定列里，name 用 bank_tier 或 insurance_tier", "name")
    ordered = sorted(scheme.tiers, key=lambda tier: tier.rank)
    for lower, tier in zip((None, *ordered), ordered, strict=False):
        index = scheme.tiers.index(tier)
        if tier.assets_from is None:
            yield entry.finding(f"等级「{tier.name}」没有写 assets_from，同一套等级要写就都要写", "tiers", index)
        elif lower is None and tier.assets_from:
            yield entry.finding(f"最低一档「{tier.name}」要从 0 起", "tiers", index, "assets_from")
        elif lower is not None and lower.assets_from is not None and tier.assets_from <= lower.assets_from:
            yield entry.finding(f"「{tier.name}」的 assets_from 要大于「{lower.name}」", "tiers", index, "assets_from")


def _check_steps(entry: Entry, scheme: TierScheme, known: Known) -> Iterator[Finding]:
    """Conditions alone decide in the scheme, and only its lowest tier may take whoever is left."""
    if f"client.{scheme.name}" in known.fields and not known.fields[f"client.{scheme.name}"].column:
        yield entry.finding("按条件分的等级要存在固定列里，name 用 bank_tier 或 insurance_tier", "name")
    lowest = min(scheme.tiers, key=lambda tier: tier.rank)
    for index, tier in enumerate(scheme.tiers):
        if tier.assets_from is not None:
            reason = f"等级「{tier.name}」写了 assets_from，同一套等级里 assets_from 和 when 只能写一种"
            yield entry.finding(reason, "tiers", index, "assets_from")
        elif tier.when is None and tier is not lowest:
            yield entry.finding(f"等级「{tier.name}」没有写 when，只有最低一档可以不写", "tiers", index)


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


def _check_occasion(entry: Entry, known: Known) -> Iterator[Finding]:
    if (purpose := cast(Occasion, entry.item).purpose) not in known.purposes:
        yield entry.finding(f"没有用途「{purpose}」，可用：{'、'.join(sorted(known.purposes))}", "purpose")


def _check_care_date(entry: Entry, known: Known) -> Iterator[Finding]:
    for index, name in enumerate(cast(CareDate, entry.item).templates):
        template = known.templates.get(name)
        if template is None or template.purpose != "care" or not template.occasion:
            yield entry.finding(f"没有给客户的模板「{name}」", "templates", index)


def _check_template(entry: Entry, known: Known) -> Iterator[Finding]:
    template = cast(Template, entry.item)
    if template.occasion and template.occasion not in known.occasions:
        yield entry.finding(f"没有场合「{template.occasion}」，请先在 care.yaml 里定", "occasion")
    for tier in template.variants:
        if tier not in known.tiers:
            reason = f"没有客户等级「{tier}」，可用：{'、'.join(sorted(known.tiers))}"
            yield entry.finding(reason, "variants", tier)


def _check_assignment(entry: Entry, known: Known) -> Iterator[Finding]:
    for index, tier in enumerate(cast(AssignmentRule, entry.item).tiers):
        if tier not in known.tiers:
            yield entry.finding(f"没有客户等级「{tier}」，可用：{'、'.join(sorted(known.tiers))}", "tiers", index)


def _check_tag(entry: Entry, known: Known) -> Iterator[Finding]:
    tag = cast(Tag, entry.item)
    if short := [word for word in tag.keywords if len(word) < 2]:
        yield entry.finding(f"关键词「{short[0]}」太短，至少两个字，否则会误判", "keywords")
    if tag.counted is None:
        return
    contact = known.fields.get("interaction.kind")
    sorts = {"contract": list(known.kinds), "contact": [choice.value for choice in contact.choices] if contact else []}
    allowed = sorts.get(tag.counted.of, [])
    for kind in tag.counted.kinds:
        if kind not in allowed:
            ways = f"可用：{'、'.join(allowed)}" if allowed else "请去掉 kinds"
            yield entry.finding(f"{tag.counted.of} 没有「{kind}」这一种，{ways}", "counted", "kinds")


def _check_flow(entry: Entry, known: Known) -> Iterator[Finding]:
    """What marks clients must be a field of theirs, and a word names one flow."""
    flow = cast(Flow, entry.item)
    marked = known.fields.get(f"client.{flow.mark}") if flow.mark else None
    if flow.mark and (marked is None or marked.type != "boolean"):
        yield entry.finding(f"客户没有「{flow.mark}」这个是/否字段", "mark")
    named = [("asks", ask.on_record) for ask in flow.asks] + [("papers", paper.good_until) for paper in flow.papers]
    for part, name in named:
        if name and f"client.{name}" not in known.fields:
            yield entry.finding(f"客户没有「{name}」这个字段", part)
    if flow.effect == "screen" and not {"freeze", "release"} <= {move.name for move in flow.moves}:
        yield entry.finding("名单筛查要有 freeze（转合规复核）和 release（放行）两个动作", "effect")
    for word in flow.said:
        if known.flow_words[word] != flow.id:
            yield entry.finding(f"「{word}」已经是流程「{known.flow_words[word]}」的叫法", "words")


def _check_questionnaire(entry: Entry, known: Known) -> Iterator[Finding]:
    """It sets fields of the client that are there, to values that they take."""
    asked = cast(Questionnaire, entry.item)
    field = known.fields.get(f"client.{asked.field}")
    allowed = {choice.value for choice in field.choices} if field is not None else set()
    if not set(asked.results) <= allowed:
        needed = "、".join(asked.results)
        yield entry.finding(f"客户没有「{asked.field}」这个选项字段，或它没有这些选项：{needed}", "bands")
    for key, name in (("expires", asked.expires), ("taken_on", asked.taken_on)):
        day = known.fields.get(f"client.{name}") if name else None
        if name and (day is None or day.type != "date"):
            yield entry.finding(f"客户没有「{name}」这个日期字段", key)


def _check_shift(entry: Entry, known: Known) -> Iterator[Finding]:
    shift = cast(Shift, entry.item)
    for other in known.shifts:
        if other.name == shift.name:
            break
        if shift.begins < other.ends and other.begins < shift.ends:
            yield entry.finding(f"和班次「{other.label}」（{other.begins}–{other.ends}）重叠", "begins")


def _check_metric(entry: Entry, known: Known) -> Iterator[Finding]:
    metric = cast(Metric, entry.item)
    if metric.nearest and metric.nearest not in known.computed:
        yield entry.finding(f"最接近的指标「{metric.nearest}」没有口径，请写一个能算的", "nearest")
    for word in metric.words:
        if known.figures[word.lower()] != metric.id:
            yield entry.finding(f"「{word}」已经是指标「{known.figures[word.lower()]}」的叫法", "synonyms")


def _check_hint(entry: Entry, known: Known) -> Iterator[Finding]:
    hint = cast(Hint, entry.item)
    for heading, families in (("having", hint.having), ("lacking", hint.lacking)):
        for index, family in enumerate(families):
            if family not in known.families:
                yield entry.finding(f"产品类型「{family}」不在 words.yaml 的产品词里", heading, index)


def _check_kept(entry: Entry, known: Known) -> Iterator[Finding]:
    kept = cast(Kept, entry.item)
    for index, name in enumerate(kept.fields):
        if f"client.{name}" not in known.fields:
            yield entry.finding(f"没有客户字段「{name}」", "fields", index)
    kind = known.fields.get("interaction.kind")
    kinds = {choice.value for choice in kind.choices} if kind else set()
    for index, name in enumerate(kept.time_line):
        if name not in kinds:
            yield entry.finding(f"没有互动方式「{name}」，可用：{'、'.join(sorted(kinds))}", "time_line", index)


def _check_forgotten(entry: Entry, known: Known) -> Iterator[Finding]:
    flows = set(known.flow_words.values())
    for index, name in enumerate(cast(Forgotten, entry.item).flows):
        if name not in flows:
            yield entry.finding(f"没有流程「{name}」", "flows", index)


CHECKS = {
    "fields": _check_field,
    "kinds": _check_kind,
    "products": _check_product,
    "tags": _check_tag,
    "tiers": _check_scheme,
    "stages": _check_stage,
    "relations": _check_relation,
    "templates": _check_template,
    "occasions": _check_occasion,
    "care_dates": _check_care_date,
    "rules": check_rule,
    "journeys": check_journey,
    "flows": _check_flow,
    "questionnaires": _check_questionnaire,
    "shifts": _check_shift,
    "metrics": _check_metric,
    "hints": _check_hint,
    "kept": _check_kept,
    "forgotten": _check_forgotten,
    "assignments": _check_assignment,
}
