"""What will fire in the next days, for the page: with the rule and its date, and of what is passed over the reason."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from config.pack import AT
from handlers.rule_words import CATEGORY_WORDS, asked_text, offsets_text, source_text
from reminders.forecast import Expected, forecast
from reminders.reasons import judge
from storage.database import UnitOfWork
from storage.model.clock import local_date

DAYS = 30
MOST_PASSED_OVER = 60  # each is asked one by one for what stopped it


def coming_days(uow: UnitOfWork, zone: ZoneInfo) -> list[dict[str, Any]]:
    """[{day, items: [{who, client, what, rule, why, fires, stopped}]}] of the days after today."""
    today = local_date(uow.now, zone)
    found = forecast(uow, today + timedelta(days=1), today + timedelta(days=DAYS), zone)
    spoken_of = {_fact(e) for e in found if e.fires}
    passed_over = [e for e in found if _fact(e) not in spoken_of]
    shown = [e for e in found if e.fires] + passed_over[:MOST_PASSED_OVER]
    shown.sort(key=lambda e: (e.remind_at, not e.fires, -e.line.weight, e.object_id))
    page = _Page(uow, zone, shown)
    by_day = groupby(shown, key=lambda e: local_date(e.remind_at, zone))
    return [{"day": day.isoformat(), "items": [page.item(e) for e in items]} for day, items in by_day]


def _fact(e: Expected) -> tuple[str, int, date]:
    """What is reminded of: a rule for another sort of products passes over what its neighbour speaks of."""
    return e.line.source_record, e.object_id, e.due_on


class _Page:
    """Names and numbers for the items."""

    def __init__(self, uow: UnitOfWork, zone: ZoneInfo, shown: list[Expected]) -> None:
        self._uow, self._zone = uow, zone
        self._people = {user.id: user.name for user in uow.users.all()}
        self._clients = uow.clients.heads({e.client_id for e in shown})
        self._numbers = uow.rules.numbers()

    def item(self, e: Expected) -> dict[str, Any]:
        number = self._numbers.get(e.line.id.partition(AT)[0])  # the steps of journeys have none
        head = self._clients.get(e.client_id)
        return {
            "who": self._people.get(e.receiver_id, ""), "client": head.name if head else "",
            "what": CATEGORY_WORDS.get(e.line.category, ""),
            "rule": f"R{number} {e.line.label}" if number else e.line.label,
            "why": f"{source_text(e.line, self._uow.packs)} {e.due_on}，{offsets_text([e.offset])}",
            "fires": e.fires, "stopped": "" if e.fires else self._stopped(e),
        }  # fmt: skip

    def _stopped(self, e: Expected) -> str:
        verdicts = judge(self._uow, e.line, e.object_id, local_date(self._uow.now, self._zone), self._zone)
        failed = [asked_text(verdict, self._uow.packs) for verdict in verdicts if not verdict.holds]
        return f"不满足：{'；'.join(failed)}" if failed else ""
