"""What the bench prints: figures first, then ratios, each beside its goal."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """The lines of one part."""

    title: str
    figures: list[str] = field(default_factory=list)
    goals: list[tuple[str, float, str, bool]] = field(default_factory=list)

    def figure(self, text: str) -> None:
        """A figure that depends on the machine."""
        self.figures.append(text)

    def at_least(self, what: str, value: float, goal: float, unit: str = "×") -> None:
        self.goals.append((what, value, f"≥ {goal:g} {unit}", value >= goal))

    def at_most(self, what: str, value: float, goal: float, unit: str = "×") -> None:
        self.goals.append((what, value, f"≤ {goal:g} {unit}", value <= goal))

    @property
    def missed(self) -> int:
        return sum(not met for *_, met in self.goals)

    def __str__(self) -> str:
        lines = [f"## {self.title}", *self.figures, ""]
        lines += ["| ratio | measured | goal | |", "|---|---:|---:|---|"]
        lines += [
            f"| {what} | {value:.2f} {goal.rsplit(' ', 1)[1]} | {goal} | {'met' if met else 'MISSED'} |"
            for what, value, goal, met in self.goals
        ]
        return "\n".join([*lines, ""])
