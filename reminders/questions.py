"""Questions about figures: what is asked, of whom, of which clients. They may be kept, and asked again every week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement

from reminders.calendar import DAY, add_months
from reminders.figures import Ledger, Span
from storage.conditions import View, compiled, read
from storage.database import UnitOfWork
from storage.model.errors import NotFound
from storage.model.people import User

What = Literal["summary", "figure", "several", "trend", "split", "funnel"]
Period = Literal["week", "month", "quarter", "year"]
ME, TEAM = "me", "team"
PERIODS: Mapping[Period, str] = {"week": "本周", "month": "本月", "quarter": "本季度", "year": "今年"}


@dataclass(frozen=True, slots=True)
class Question:
    """`metric` is an id of the packs, of `several` theirs with blanks between; `whose` is `ME`, `TEAM` or a member's
    id; `conditions` are words of the condition language; `by` is the client field that a split goes by; `period` is
    what is asked of when the question comes by itself; `share`: a share of the metric is asked for, of which only a
    count is defined."""

    what: What
    metric: str = ""
    whose: str = ME
    conditions: str = ""
    by: str = ""
    period: Period = "month"
    ascending: bool = False
    share: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        return cls(**data)


def members_asked(uow: UnitOfWork, user: User, question: Question) -> list[User]:
    """Whom a question is about. Raises NotFound for a member who is no longer in the team."""
    if question.whose == ME:
        return [user]
    team = uow.users.team()
    if question.whose == TEAM:
        return team
    found = [member for member in team if member.id == question.whose]
    if not found:
        raise NotFound("这位同事已经不在您的团队里。")
    return found


def clients_asked(ledger: Ledger, user: User, question: Question) -> ColumnElement[bool] | None:
    """Which clients a question is about. Raises Unreadable when a word of it is no longer known."""
    if not question.conditions:
        return None
    tree = read(question.conditions, ledger.uow.dictionary, user.role, ledger.today, kept=True)
    return compiled(tree, View(ledger.uow.packs, ledger.today, ledger.zone))


def period_of(day: date, period: Period) -> Span:
    """The week, month, quarter or year of a day, up to that day."""
    firsts = {
        "week": day - DAY * day.weekday(), "month": day.replace(day=1),
        "quarter": add_months(day.replace(day=1), -((day.month - 1) % 3)), "year": day.replace(month=1, day=1),
    }
    return Span(firsts[period], day, f"{firsts[period]:%m-%d} 至 {day:%m-%d}")
