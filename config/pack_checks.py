"""Checks that need more than one entry: what one entry names must exist in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from config.pack_fields import Choice, FieldSpec, Item
from config.pack_models import (
    SILENCE,
    Condition,
    ContractKind,
    Product,
    RelationKind,
    ReminderRule,
    Stage,
    Tag,
    Template,
    TierScheme,
    Words,
)
from config.pack_yaml import Document, Where

Finding = tuple[str, int, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The typed columns of the tables in `storage.tables`. A field of a pack may use one, not invent one.
COLUMNS: Mapping[str, frozenset[str]] = {
    "client": _words(
        "kind name gender birthday birthday_calendar lunar_birthday stage bank_tier insurance_tier "
        "risk_class risk_class_expires_on id_expires_on licence_expires_on source preferred_channel industry "
        "aum last_contact_at next_follow_up_on owner_id loss_reason lost_at"
    ),
    "contract": _words(
        "kind product_code product_name state line starts_on ends_on amount premium currency pay_mode "
        "pay_years rate_percent renewal_intent balance"
    ),
    "party": _words("role client_id name share_percent"),
    "instalment": _words("number due_on grace_ends_on amount principal interest state paid_on"),
    "product": _words("code name kind family line risk_class grace_days cooling_off_days"),
    "interaction": _words("kind happened_at text next_on"),
}
_DATED = ("date", "lunar_day")


@dataclass(frozen=True)
class Entry:
    """An item and where it was written."""

    item: Item
    file: str
    document: Document
    where: Where

    @property
    def key(self) -> str:
        item = self.item
        if isinstance(item, FieldSpec):
            return item.path
        if isinstance(item, Words):
            return f"{item.kind}:{item.canonical}"
        return str(getattr(item, "id", None) or getattr(item, "code", None) or cast(Any, item).name)

    def line(self, *inside: str | int) -> int:
        return self.document.line(*self.where, *inside)

    def finding(self, reason: str, *inside: str | int) -> Finding:
        return self.file, self.line(*inside), reason


Entries = Mapping[str, Sequence[Entry]]


def check(entries: Entries) -> Iterator[Finding]:
    """Every broken reference as (file, line, Chinese reason)."""
    known = _Known(entries)
    for heading, one in _CHECKS.items():
        for entry in entries[heading]:
            yield from one(entry, known)


def with_choices(parts: Mapping[str, Sequence[Any]]) -> tuple[FieldSpec, ...]:
    """The fields, with `choices_from` replaced by the words of the list it names."""
    lists = _choice_lists(parts)
    return tuple(
        spec.model_copy(update={"choices": lists[spec.choices_from]}) if spec.choices_from else spec
        for spec in cast(Sequence[FieldSpec], parts["fields"])
    )


class _Known:
    """The names that may be referred to."""

    def __init__(self, entries: Entries) -> None:
        parts = {heading: [entry.item for entry in found] for heading, found in entries.items()}
        self.fields = {spec.path: spec for spec in cast(list[FieldSpec], parts["fields"])}
        self.kinds = {kind.name: kind for kind in cast(list[ContractKind], parts["kinds"])}
        self.templates = {t.id: t for t in cast(list[Template], parts["templates"])}
        self.stages = {stage.name for stage in cast(list[Stage], parts["stages"])}
        self.relations = {r.name: r for r in cast(list[RelationKind], parts["relations"])}
        schemes = cast(list[TierScheme], parts["tiers"])
        self.tiers = [tier.name for scheme in schemes for tier in scheme.tiers]
        words = cast(list[Words], parts["words"])
        self.words: dict[str, dict[str, list[FieldSpec]]] = {record: {} for record in COLUMNS}
        for spec in self.fields.values():
            for word in dict.fromkeys(word.lower() for word in spec.words):
                self.words[spec.record].setdefault(word, []).append(spec)
        self.families = {word.canonical for word in words if word.kind == "product"}
        self.lists = _choice_lists(parts)


def _choice_lists(parts: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Choice, ...]]:
    kinds = cast(Sequence[ContractKind], parts["kinds"])
    lists: dict[str, list[tuple[str, str, Sequence[str]]]] = {
        "kinds": [(k.name, k.label, k.synonyms) for k in kinds],
        "states": [(s.name, s.label, ()) for k in kinds for s in k.states],
        "roles": [(r.name, r.label, r.synonyms) for k in kinds for r in k.roles],
        "stages": [(s.name, s.label, s.synonyms) for s in parts["stages"]],
        "sources": [(s.name, s.name, s.synonyms) for s in parts["sources"]],
        "loss_reasons": [(r.name, r.name, r.synonyms) for r in parts["loss_reasons"]],
    }
    for scheme in cast(Sequence[TierScheme], parts["tiers"]):
        lists[f"tiers.{scheme.name}"] = [(t.name, t.name, t.synonyms) for t in scheme.tiers]
    return {name: _joined(rows) for name, rows in lists.items()}


def _joined(rows: Sequence[tuple[str, str, Sequence[str]]]) -> tuple[Choice, ...]:
    """One choice a value. Another label for the same value (有效, 持有中) becomes its synonym."""
    choices: dict[str, Choice] = {}
    for value, label, synonyms in rows:
        first = choices.get(value)
        words = (*synonyms, label) if first else tuple(synonyms)
        before = first.synonyms if first else ()
        names = dict.fromkeys(word for word in (*before, *words) if not first or word != first.label)
        choices[value] = Choice(value=value, label=first.label if first else label, synonyms=tuple(names))
    return tuple(choices.values())


def _check_field(entry: Entry, known: _Known) -> Iterator[Finding]:
    spec = cast(FieldSpec, entry.item)
    if spec.column and spec.name not in COLUMNS[spec.record]:
        yield entry.finding(f"「{spec.name}」不是表里的固定列，请去掉 column: true", "column")
    if not spec.column and spec.name in COLUMNS[spec.record]:
        yield entry.finding(f"「{spec.name}」是表里的固定列，请写上 column: true", "name")
    if spec.choices_from and spec.choices_from not in known.lists:
        reason = f"没有「{spec.choices_from}」这份选项，可用：{'、'.join(known.lists)}"
        yield entry.finding(reason, "choices_from")
    yield from _check_words(entry, spec, known)


def _check_words(entry: Entry, spec: FieldSpec, known: _Known) -> Iterator[Finding]:
    """A word means one field of a record, or a command could change the wrong one."""
    for word in spec.words:
        for other in known.words[spec.record].get(word.lower(), ()):
            if other.path == spec.path:
                break
            if "both" in (spec.applies_to, other.applies_to) or spec.applies_to == other.applies_to:
                yield entry.finding(f"「{word}」已经是「{other.label}」（{other.path}）的叫法", "synonyms")


def _check_kind(entry: Entry, known: _Known) -> Iterator[Finding]:
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


def _check_product(entry: Entry, known: _Known) -> Iterator[Finding]:
    product = cast(Product, entry.item)
    if product.kind not in known.kinds:
        yield entry.finding(f"没有合同类别「{product.kind}」，可用：{'、'.join(known.kinds)}", "kind")
    if product.family not in known.families:
        yield entry.finding(f"产品类型「{product.family}」不在 words.yaml 的产品词里", "family")


def _check_scheme(entry: Entry, known: _Known) -> Iterator[Finding]:
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


def _check_stage(entry: Entry, known: _Known) -> Iterator[Finding]:
    for move in cast(Stage, entry.item).moves:
        if move not in known.stages:
            yield entry.finding(f"没有阶段「{move}」", "moves")


def _check_relation(entry: Entry, known: _Known) -> Iterator[Finding]:
    relation = cast(RelationKind, entry.item)
    reverse = known.relations.get(relation.reverse)
    if reverse is None:
        yield entry.finding(f"反向关系「{relation.reverse}」没有定义", "reverse")
    elif reverse.reverse != relation.name:
        yield entry.finding(f"「{relation.reverse}」的反向应是「{relation.name}」", "reverse")


def _check_template(entry: Entry, known: _Known) -> Iterator[Finding]:
    for tier in cast(Template, entry.item).variants:
        if tier not in known.tiers:
            reason = f"没有客户等级「{tier}」，可用：{'、'.join(sorted(known.tiers))}"
            yield entry.finding(reason, "variants", tier)


def _check_rule(entry: Entry, known: _Known) -> Iterator[Finding]:
    rule = cast(ReminderRule, entry.item)
    yield from _check_source(entry, rule, known)
    for index, kind in enumerate(rule.kinds):
        if kind not in known.kinds:
            yield entry.finding(f"没有合同类别「{kind}」，可用：{'、'.join(known.kinds)}", "kinds", index)
    if rule.kinds and rule.source_record == "client":
        yield entry.finding("客户日期的规则不能写 kinds", "kinds")
    for attribute, purposes in (("template", ("reminder", "system")), ("care_template", ("care",))):
        name = getattr(rule, attribute)
        template = known.templates.get(name)
        if name and template is None:
            yield entry.finding(f"没有模板「{name}」", attribute)
        elif template is not None and template.purpose not in purposes:
            reason = f"模板「{name}」的用途是 {template.purpose}，这里要 {'、'.join(purposes)}"
            yield entry.finding(reason, attribute)
    for index, condition in enumerate(rule.where):
        yield from _check_condition(entry, index, condition, known)


def _check_source(entry: Entry, rule: ReminderRule, known: _Known) -> Iterator[Finding]:
    if rule.source == SILENCE:
        return
    spec = known.fields.get(rule.source)
    if spec is None:
        yield entry.finding(f"没有字段「{rule.source}」", "source")
    elif spec.type not in _DATED or spec.record not in ("client", "contract", "instalment"):
        yield entry.finding(f"「{rule.source}」（{spec.label}）不是客户、合同或期次上的日期", "source")
    elif spec.sealed:
        yield entry.finding(f"「{spec.label}」是加密字段，不能用作提醒日期", "source")


def _check_condition(entry: Entry, index: int, condition: Condition, known: _Known) -> Iterator[Finding]:
    spec = known.fields.get(condition.field)
    inside = ("where", index, "field")
    if spec is None:
        yield entry.finding(f"条件里的字段「{condition.field}」没有定义", *inside)
        return
    if spec.sealed:
        yield entry.finding(f"「{spec.label}」是加密字段，不能用作条件", *inside)
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    choices = known.lists.get(spec.choices_from, spec.choices)
    allowed = [choice.value for choice in choices]
    for value in values:
        if choices and value not in allowed:
            reason = f"「{spec.label}」没有「{value}」这个值，可用：{'、'.join(allowed)}"
            yield entry.finding(reason, "where", index, "value")


def _check_tag(entry: Entry, known: _Known) -> Iterator[Finding]:
    tag = cast(Tag, entry.item)
    if short := [word for word in tag.keywords if len(word) < 2]:
        yield entry.finding(f"关键词「{short[0]}」太短，至少两个字，否则会误判", "keywords")


_CHECKS = {
    "fields": _check_field,
    "kinds": _check_kind,
    "products": _check_product,
    "tags": _check_tag,
    "tiers": _check_scheme,
    "stages": _check_stage,
    "relations": _check_relation,
    "templates": _check_template,
    "rules": _check_rule,
}
