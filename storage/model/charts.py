"""Charts as values: what is drawn, not how. Made where the numbers are, drawn where they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

ChartKind = Literal["funnel", "bars", "columns", "line"]
MOST = 15  # rows or columns that a phone shows legibly


@dataclass(frozen=True, slots=True)
class Chart:
    """`labels`, `values` and `texts` (what is written at each value) go together; a value may be missing.

    funnel: each step a part of the one before. bars: one row each. columns and line: one point in time each."""

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not len(self.labels) == len(self.values) == len(self.texts):
            raise ValueError("a chart needs as many labels and texts as values")
        if not 1 <= len(self.labels) <= MOST:
            raise ValueError(f"a chart shows 1 to {MOST} values, not {len(self.labels)}")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Chart:
        lists = {name: tuple(data[name]) for name in ("labels", "values", "texts")}
        return cls(kind=data["kind"], title=data["title"], note=data["note"], **lists)
