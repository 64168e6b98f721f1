"""Packs: the business words of a line as data. Import from here; the other `pack_` files are its inside.

A pack is a folder: `pack.yaml` and any of fields, contracts, products, tags, rules, journeys, flows, hours, templates,
care, service, words, figures, questionnaires, screening, lending, retention,
advice, assignment, outside.
`load_packs` merges several into one frozen `Packs`; `PackStore` keeps the last good one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path

from config.pack_advice import Hint, ScorePart
from config.pack_assignment import AssignmentRule
from config.pack_care import CareDate, Occasion, Purpose, Rhythm
from config.pack_entries import Entry, Known
from config.pack_events import EVENT, Complaint, Event, Movement, Surplus
from config.pack_fields import Checks, Choice, FieldSpec, FieldType, Line, Record, Role
from config.pack_figures import Metric, Potential, Report, Signal
from config.pack_flows import (
    ANSWER,
    CLOCK,
    POOLS,
    WITHDRAW,
    Ask,
    Assignment,
    Ceiling,
    Effect,
    Flow,
    Move,
    Paper,
    RedFlag,
    TimeLimit,
    Who,
)
from config.pack_hours import PUSHED_BETWEEN, Escalation, Limit, Push, Receivers, Shift
from config.pack_journeys import CREATED, ENDING, ENTERED, STEP, Journey, JourneyStep, Stop
from config.pack_lending import Bucket, ContactRules, RateCap
from config.pack_loading import BUILT_IN, POTENTIAL, TAG, TIER, PackError, PackProblem, folder_of, load
from config.pack_models import (
    AT,
    BIRTHDAYS,
    ROLES_REMINDED,
    SILENCE,
    Condition,
    ContractKind,
    LossReason,
    PackInfo,
    PartyRole,
    Product,
    Receiver,
    RelationKind,
    ReminderRule,
    Source,
    Stage,
    State,
    Template,
    Tier,
    TierScheme,
    Words,
    role_reminded,
)
from config.pack_outside import OutsideCheck
from config.pack_questionnaires import Question, Questionnaire
from config.pack_retention import Forgotten, Kept
from config.pack_rule_checks import check_rule
from config.pack_screening import Screened
from config.pack_service import Identity, Reply, Subject
from config.pack_tags import Counted, Tag
from config.pack_text import VARIABLES, VARIABLES_OF, MissingVariable
from config.pack_yaml import Document

__all__ = [
    "ANSWER",
    "AT",
    "BIRTHDAYS",
    "BUILT_IN",
    "CLOCK",
    "CREATED",
    "ENDING",
    "ENTERED",
    "EVENT",
    "POOLS",
    "POTENTIAL",
    "PUSHED_BETWEEN",
    "ROLES_REMINDED",
    "SILENCE",
    "STEP",
    "TAG",
    "TIER",
    "VARIABLES",
    "VARIABLES_OF",
    "WITHDRAW",
    "Ask",
    "Assignment",
    "AssignmentRule",
    "Bucket",
    "CareDate",
    "Ceiling",
    "Checks",
    "Choice",
    "Complaint",
    "Condition",
    "ContactRules",
    "ContractKind",
    "Counted",
    "Effect",
    "Escalation",
    "Event",
    "FieldSpec",
    "FieldType",
    "Flow",
    "Forgotten",
    "Hint",
    "Identity",
    "Journey",
    "JourneyStep",
    "Kept",
    "Line",
    "LossReason",
    "Metric",
    "MissingVariable",
    "Move",
    "Movement",
    "Occasion",
    "OutsideCheck",
    "PackError",
    "PackInfo",
    "PackProblem",
    "PackStore",
    "Packs",
    "Paper",
    "PartyRole",
    "Potential",
    "Product",
    "Purpose",
    "Push",
    "Question",
    "Questionnaire",
    "RateCap",
    "Receiver",
    "Receivers",
    "Record",
    "RedFlag",
    "RelationKind",
    "ReminderRule",
    "Reply",
    "Report",
    "Rhythm",
    "Role",
    "RuleCheck",
    "ScorePart",
    "Screened",
    "Shift",
    "Signal",
    "Source",
    "Stage",
    "State",
    "Stop",
    "Subject",
    "Surplus",
    "Tag",
    "Template",
    "Tier",
    "TierScheme",
    "TimeLimit",
    "Who",
    "Words",
    "load_packs",
    "role_reminded",
    "rule_problems",
]


@dataclass(frozen=True)
class Packs:
    """Everything the loaded packs declare, merged, cross-checked and in reading order.

    `version` changes whenever a byte of any file does."""

    version: str
    infos: tuple[PackInfo, ...]
    fields: tuple[FieldSpec, ...]
    kinds: tuple[ContractKind, ...]
    products: tuple[Product, ...]
    tags: tuple[Tag, ...]
    tiers: tuple[TierScheme, ...]
    stages: tuple[Stage, ...]
    relations: tuple[RelationKind, ...]
    loss_reasons: tuple[LossReason, ...]
    sources: tuple[Source, ...]
    rules: tuple[ReminderRule, ...]
    journeys: tuple[Journey, ...]
    flows: tuple[Flow, ...]
    questionnaires: tuple[Questionnaire, ...]
    screened: tuple[Screened, ...]
    outside_checks: tuple[OutsideCheck, ...]
    shifts: tuple[Shift, ...]
    pushes: tuple[Push, ...]
    receivers: tuple[Receivers, ...]
    limits: tuple[Limit, ...]
    escalations: tuple[Escalation, ...]
    templates: tuple[Template, ...]
    purposes: tuple[Purpose, ...]
    occasions: tuple[Occasion, ...]
    rhythms: tuple[Rhythm, ...]
    care_dates: tuple[CareDate, ...]
    words: tuple[Words, ...]
    metrics: tuple[Metric, ...]
    signals: tuple[Signal, ...]
    potentials: tuple[Potential, ...]
    reports: tuple[Report, ...]
    scores: tuple[ScorePart, ...]
    hints: tuple[Hint, ...]
    identities: tuple[Identity, ...]
    subjects: tuple[Subject, ...]
    replies: tuple[Reply, ...]
    rate_caps: tuple[RateCap, ...]
    contact_rules: tuple[ContactRules, ...]
    buckets: tuple[Bucket, ...]
    kept: tuple[Kept, ...]
    forgotten: tuple[Forgotten, ...]
    assignments: tuple[AssignmentRule, ...]

    @cached_property
    def _by_path(self) -> dict[str, FieldSpec]:
        return {spec.path: spec for spec in self.fields}

    @cached_property
    def _by_kind(self) -> dict[str, ContractKind]:
        return {kind.name: kind for kind in self.kinds}

    @cached_property
    def _by_code(self) -> dict[str, Product]:
        return {product.code: product for product in self.products}

    @cached_property
    def _by_template(self) -> dict[str, Template]:
        told = (text for journey in self.journeys for text in journey.texts)
        return {template.id: template for template in (*self.templates, *told)}

    @cached_property
    def _by_rule(self) -> dict[str, ReminderRule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _by_stage(self) -> dict[str, Stage]:
        return {stage.name: stage for stage in self.stages}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The fields that any loaded pack declares, as `record.name`."""
        return frozenset(self._by_path)

    def field(self, record: str, name: str) -> FieldSpec:
        """Raises KeyError for a field no loaded pack declares."""
        return self._by_path[f"{record}.{name}"]

    def kind(self, name: str) -> ContractKind:
        """Raises KeyError for a kind no loaded pack declares."""
        return self._by_kind[name]

    def product(self, code: str) -> Product:
        """Raises KeyError for a code no loaded pack declares."""
        return self._by_code[code]

    def template(self, id: str) -> Template:
        """Raises KeyError for a template no loaded pack declares."""
        return self._by_template[id]

    def rule(self, id: str) -> ReminderRule:
        """Raises KeyError for a rule no loaded pack declares."""
        return self._by_rule[id]

    @cached_property
    def steps(self) -> tuple[ReminderRule, ...]:
        """The steps of all journeys, as rules."""
        return tuple(rule for journey in self.journeys for rule in journey.rules)

    def find_journey(self, name: str) -> Journey | None:
        """By its id or one of its words."""
        return next((journey for journey in self.journeys if name == journey.id or name in journey.words), None)

    def find_flow(self, id: str) -> Flow | None:
        """None for a flow that no pack declares, or that is switched off."""
        return next((flow for flow in self.flows if flow.id == id and flow.enabled), None)

    @cached_property
    def _by_result(self) -> dict[str, Questionnaire]:
        return {name: each for each in self.questionnaires for name in each.fields}

    def questionnaire_of(self, field: str) -> Questionnaire | None:
        """By whose answers alone a field of clients is set; None for one that may be set by hand."""
        return self._by_result.get(field)

    def find_questionnaire(self, id: str) -> Questionnaire | None:
        return next((each for each in self.questionnaires if each.id == id), None)

    def find_metric(self, name: str) -> Metric | None:
        """By its id or one of its words."""
        said = name.strip().lower()
        return next((m for m in self.metrics if said == m.id or said in map(str.lower, m.words)), None)

    @cached_property
    def counted_tags(self) -> tuple[Tag, ...]:
        """The tags that follow from records."""
        return tuple(tag for tag in self.tags if tag.counted)

    @cached_property
    def earned_tags(self) -> tuple[Tag, ...]:
        """The tags that follow from a condition."""
        return tuple(tag for tag in self.tags if tag.when)

    def signal(self, id: str) -> Signal | None:
        """None for a signal that no pack declares or that weighs nothing."""
        return next((signal for signal in self.signals if signal.id == id and signal.weight), None)

    @cached_property
    def asset_scheme(self) -> TierScheme | None:
        """The scheme whose tiers begin at an amount of assets; checked to be one at most."""
        return next((scheme for scheme in self.tiers if scheme.by_assets), None)

    @cached_property
    def condition_schemes(self) -> tuple[TierScheme, ...]:
        """The schemes whose tiers go by conditions."""
        return tuple(scheme for scheme in self.tiers if scheme.by_condition)

    def scheme_of(self, tier: str) -> TierScheme | None:
        """The scheme that has a tier of this name; checked to be one."""
        return next((scheme for scheme in self.tiers if any(t.name == tier for t in scheme.tiers)), None)

    def find_stage(self, name: str) -> Stage | None:
        return self._by_stage.get(name)

    def find_relation(self, name: str) -> RelationKind | None:
        return next((relation for relation in self.relations if relation.name == name), None)

    def purpose(self, name: str) -> Purpose:
        """The purpose of a name; one that no pack declares needs consent."""
        return next((p for p in self.purposes if p.name == name), Purpose(name=name, label=name))

    def occasion(self, name: str) -> Occasion:
        """The occasion of a name; one that no pack declares is care."""
        return next((o for o in self.occasions if o.name == name), Occasion(name=name, label="关怀"))

    @property
    def identity(self) -> Identity:
        """How customers prove who they are."""
        return self.identities[-1] if self.identities else Identity()

    def rate_cap(self, day: date) -> RateCap | None:
        """The cap in force on a day: the one that came into force last; None where no pack sets one."""
        return max((cap for cap in self.rate_caps if cap.since <= day), key=lambda cap: cap.since, default=None)

    @property
    def contact_rule(self) -> ContactRules:
        """When and how often debtors may be contacted."""
        return self.contact_rules[-1] if self.contact_rules else ContactRules()

    def bucket(self, days: int) -> Bucket | None:
        """The bucket of a debt so many days overdue; None before the first one begins."""
        return max((b for b in self.buckets if b.days <= days), key=lambda b: b.days, default=None)

    @cached_property
    def _by_reply(self) -> dict[str, Reply]:
        return {reply.name: reply for reply in self.replies}

    def reply(self, name: str) -> Reply:
        """Words to customers. Raises KeyError where no loaded pack has them."""
        return self._by_reply[name]

    def words_of(self, subject: str) -> tuple[str, ...]:
        """Words upon which a customer is answered in this way whatever else he says."""
        return next((s.words for s in self.subjects if s.name == subject), ())

    @property
    def rhythm(self) -> Rhythm:
        """How often and when clients are written to."""
        return self.rhythms[-1] if self.rhythms else Rhythm()


# What is wrong with the rules of packs and cannot be seen here: (rule id, place inside of the rule, reason).
RuleCheck = Callable[[Packs], Iterable[tuple[str, tuple[str | int, ...], str]]]


def load_packs(names_or_folders: Sequence[str | Path], check: RuleCheck | None = None) -> Packs:
    """Read and check packs in order. A bare name is a built-in pack, anything else a folder.

    Raises PackError, which lists every problem with its file, line and reason in Chinese."""
    version, merged, written = load(names_or_folders)
    packs = Packs(version, **merged)
    findings = [written[rule].finding(reason, *inside) for rule, inside, reason in check(packs)] if check else []
    if findings:
        raise PackError(sorted({PackProblem(*finding) for finding in findings}))
    return packs


def rule_problems(rule: ReminderRule, packs: Packs) -> list[str]:
    """Every reference of a rule, written anywhere, that leads nowhere under these packs or makes no sense."""
    known = Known({part.name: getattr(packs, part.name) for part in fields(packs) if part.name != "version"})
    return [reason for _, _, reason in check_rule(Entry(rule, "", Document(None), ()), known)]


class PackStore:
    """The packs in force. A reload that fails leaves them as they were, and `problems` says why it failed."""

    def __init__(self, names_or_folders: Sequence[str | Path], check: RuleCheck | None = None) -> None:
        self._sources, self._check = tuple(names_or_folders), check
        self._seen = self._look()
        self.current: Packs = load_packs(self._sources, check)
        self.problems: tuple[PackProblem, ...] = ()

    def reload(self) -> Packs:
        """Read the files again. Raises PackError and keeps `current` when any of them is bad."""
        self._seen = self._look()
        try:
            self.current = load_packs(self._sources, self._check)
        except PackError as error:
            self.problems = tuple(error.problems)
            raise
        self.problems = ()
        return self.current

    def has_changed(self) -> bool:
        """Whether any file was touched since it was last read, well or badly."""
        return self._look() != self._seen

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        files = sorted(path for source in self._sources for path in folder_of(source).glob("*.yaml"))
        return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
