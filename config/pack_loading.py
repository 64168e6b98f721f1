"""From folders to checked, merged entries. Every problem is collected with its file, line and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config.pack_advice import Hint, ScorePart
from config.pack_assignment import AssignmentRule
from config.pack_care import CareDate, Occasion, Purpose, Rhythm
from config.pack_checks import check
from config.pack_entries import Entry, with_choices
from config.pack_fields import FieldSpec, Item, Line
from config.pack_figures import Metric, Potential, Report, Signal
from config.pack_flows import Flow
from config.pack_hours import Escalation, Limit, Push, Receivers, Shift
from config.pack_journeys import STEP, Journey
from config.pack_lending import Bucket, ContactRules, RateCap
from config.pack_models import (
    ContractKind,
    LossReason,
    PackInfo,
    Product,
    RelationKind,
    ReminderRule,
    Source,
    Stage,
    Template,
    TierScheme,
    Words,
)
from config.pack_outside import OutsideCheck
from config.pack_questionnaires import Questionnaire
from config.pack_reasons import reason_for
from config.pack_retention import Forgotten, Kept
from config.pack_screening import Screened
from config.pack_service import Identity, Reply, Subject
from config.pack_tags import Tag
from config.pack_yaml import BadYaml, Document, Where, read

POTENTIAL, TAG, TIER = "potential:", "tag:", "tier:"
BUILT_IN = Path(__file__).parent / "packs"

# file → (heading in the file → what each entry below it is)
HEADINGS: dict[str, dict[str, type[Item]]] = {
    "fields.yaml": {"fields": FieldSpec},
    "contracts.yaml": {"kinds": ContractKind},
    "products.yaml": {"products": Product},
    "tags.yaml": {
        "tags": Tag, "tiers": TierScheme, "stages": Stage, "relations": RelationKind,
        "loss_reasons": LossReason, "sources": Source,
    },
    "rules.yaml": {"rules": ReminderRule},
    "journeys.yaml": {"journeys": Journey},
    "flows.yaml": {"flows": Flow},
    "hours.yaml": {
        "shifts": Shift, "pushes": Push, "receivers": Receivers, "limits": Limit, "escalations": Escalation,
    },
    "templates.yaml": {"templates": Template},
    "care.yaml": {"purposes": Purpose, "occasions": Occasion, "rhythms": Rhythm, "care_dates": CareDate},
    "words.yaml": {"words": Words},
    "figures.yaml": {"metrics": Metric, "signals": Signal, "potentials": Potential, "reports": Report},
    "service.yaml": {"identities": Identity, "subjects": Subject, "replies": Reply},
    "lending.yaml": {"rate_caps": RateCap, "contact_rules": ContactRules, "buckets": Bucket},
    "retention.yaml": {"kept": Kept, "forgotten": Forgotten},
    "assignment.yaml": {"assignments": AssignmentRule},
    "screening.yaml": {"screened": Screened},
    "outside.yaml": {"outside_checks": OutsideCheck},
    "questionnaires.yaml": {"questionnaires": Questionnaire},
    "advice.yaml": {"scores": ScorePart, "hints": Hint},
}


@dataclass(frozen=True, order=True)
class PackProblem:
    """One thing to mend: the file as `folder/name.yaml`, the line from 1, and why, in Chinese."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.reason}"


class PackError(Exception):
    """The packs cannot be used as they are. `problems` lists everything that was found."""

    def __init__(self, problems: list[PackProblem]) -> None:
        super().__init__("业务包有误：\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass
class _Reading:
    """What has been read so far, over all packs."""

    problems: list[PackProblem] = field(default_factory=list)
    infos: list[PackInfo] = field(default_factory=list)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)

    def report(self, file: str, line: int, reason: str) -> None:
        self.problems.append(PackProblem(file, line, reason))


def load(names_or_folders: Sequence[str | Path]) -> tuple[str, dict[str, tuple[Any, ...]], Mapping[str, Entry]]:
    """(version, merged parts by the attribute name they have in `Packs`; the rules, journeys, potentials, tags and
    tier schemes as written, by the id of the rule, by that of the rule of entry, behind `POTENTIAL`, `TAG` and `TIER`).
    Raises PackError."""
    reading = _Reading()
    reading.entries = {heading: [] for headings in HEADINGS.values() for heading in headings}
    for source in names_or_folders:
        _read_pack(folder_of(source), reading)
    _stop_on(reading)
    merged = {heading: _merge(heading, reading) for heading in reading.entries}
    _stop_on(reading)
    for problem in check(merged):
        reading.report(*problem)
    _stop_on(reading)
    parts: dict[str, tuple[Any, ...]] = {
        heading: tuple(entry.item for entry in entries) for heading, entries in merged.items()
    }
    parts["fields"] = with_choices(parts)
    written = {entry.key: entry for entry in merged["rules"]}
    written |= {f"{entry.key}{STEP}": entry for entry in merged["journeys"]}
    written |= {f"{POTENTIAL}{entry.key}": entry for entry in merged["potentials"]}
    written |= {f"{TAG}{entry.key}": entry for entry in merged["tags"]}
    written |= {f"{TIER}{entry.key}": entry for entry in merged["tiers"]}
    return reading.digest.hexdigest()[:12], parts | {"infos": tuple(reading.infos)}, written


def folder_of(source: str | Path) -> Path:
    bare = isinstance(source, str) and source.replace("-", "").replace("_", "").isalnum()
    built_in = BUILT_IN / source
    return built_in if bare and (built_in.is_dir() or not Path(source).is_dir()) else Path(source)


def _stop_on(reading: _Reading) -> None:
    if reading.problems:
        raise PackError(sorted(set(reading.problems)))


def _read_pack(folder: Path, reading: _Reading) -> None:
    if not folder.is_dir():
        known = "、".join(sorted(p.name for p in BUILT_IN.iterdir() if p.is_dir()))
        return reading.report(str(folder), 1, f"没有这个业务包或文件夹；自带的业务包有：{known}")
    info = _read_info(folder, reading)
    for path in sorted(folder.glob("*.y*ml")):
        if path.name in HEADINGS:
            _read_file(path, info.line if info else "common", reading)
        elif path.name != "pack.yaml":
            known = "、".join(["pack.yaml", *HEADINGS])
            reading.report(_shown(path), 1, f"不认识这个文件名，只能是：{known}")
    return None


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _open(path: Path, reading: _Reading) -> Document | None:
    try:
        document = read(path)
        reading.digest.update(_shown(path).encode() + b"\0" + path.read_bytes() + b"\0")
        return document
    except BadYaml as bad:
        reading.report(_shown(path), bad.line, bad.reason)
    except OSError as error:
        reading.report(_shown(path), 1, f"文件读不了（{error.strerror}）")
    return None


def _read_info(folder: Path, reading: _Reading) -> PackInfo | None:
    path = folder / "pack.yaml"
    if not path.is_file():
        reading.report(_shown(path), 1, "缺少 pack.yaml，请写上 name、label、version、line")
        return None
    document = _open(path, reading)
    info = document and _validated(PackInfo, document, (), document.data, _shown(path), reading)
    if not isinstance(info, PackInfo):
        return None
    if any(other.name == info.name for other in reading.infos):
        reading.report(_shown(path), 1, f"业务包「{info.name}」加载了两次")
    reading.infos.append(info)
    return info


def _read_file(path: Path, line: Line, reading: _Reading) -> None:
    document = _open(path, reading)
    if document is None or document.data is None:
        return
    headings, shown = HEADINGS[path.name], _shown(path)
    if not isinstance(document.data, dict):
        reading.report(shown, document.line(), f"最外层应是：{'、'.join(f'{h}:' for h in headings)}")
        return
    for heading, items in document.data.items():
        if heading not in headings:
            reason = f"不认识「{heading}」，这里只能写：{'、'.join(headings)}"
            reading.report(shown, document.line(heading), reason)
        elif items is not None and not isinstance(items, list):
            reading.report(shown, document.line(heading), f"「{heading}」下面应是列表，每项前加「- 」")
        else:
            for index in range(len(items or [])):
                _read_item(headings[heading], document, (heading, index), shown, line, reading)


def _read_item(
    model: type[Item], document: Document, where: tuple[str, int], shown: str, line: Line, reading: _Reading
) -> None:
    heading, index = where
    raw = _in_line(document.data[heading][index], model, line)
    item = _validated(model, document, where, raw, shown, reading)
    if isinstance(item, Item):
        reading.entries[heading].append(Entry(item, shown, document, where))


def _in_line(raw: Any, model: type[BaseModel], line: Line) -> Any:
    return {"line": line} | raw if isinstance(raw, dict) and "line" in model.model_fields else raw


def _validated(
    model: type[BaseModel], document: Document, where: Where, raw: Any, shown: str, reading: _Reading
) -> BaseModel | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            place: Where = (*where, *detail["loc"])
            reading.report(shown, document.line(*place), reason_for(detail, model))
        return None


def _merge(heading: str, reading: _Reading) -> list[Entry]:
    """Later packs may replace an entry, but only when they say so; anything else twice is a mistake."""
    merged: dict[str, Entry] = {}
    for entry in reading.entries[heading]:
        earlier = merged.get(entry.key)
        if earlier is None and entry.item.replace:
            reading.report(entry.file, entry.line(), f"「{entry.key}」写了 replace，但前面没有同名的可替换")
        elif earlier is not None and not entry.item.replace:
            first = f"{earlier.file} 第 {earlier.line()} 行"
            reason = f"「{entry.key}」已经有了（{first}）；要替换请加 replace: true"
            reading.report(entry.file, entry.line(), reason)
        merged[entry.key] = entry
    return list(merged.values())
