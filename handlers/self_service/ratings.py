"""What a client thinks of how a matter of his own ended, when he was asked (`reminders.ticket_news`); of a bad mark a
manager hears."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from handlers.self_service.visit import Visit
from storage.model.tickets import Ticket
from storage.repositories.ratings import RatingRepository

AWAITED_FOR = timedelta(days=7)
BAD = 2
_SCORE = re.compile(
    r"\W*(?:我?(?:打|给|评)个?)?(?P<score>[1-5一二三四五两])\s*(?:分|星|颗星)\W*|\W*(?P<bare>[1-5])\W*"
)
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def takes_mark(visit: Visit) -> bool:
    """Whether the message is a mark for a ticket that has ended; if so it is kept."""
    found = _SCORE.fullmatch(unicodedata.normalize("NFKC", visit.text))
    if found is None or visit.known is None:
        return False
    ratings = RatingRepository(visit.uow)
    ticket = ratings.awaited(visit.known.id, visit.now - AWAITED_FOR)
    if ticket is None:
        return False
    said = found["score"] or found["bare"]
    score = _NUMERALS.get(said) or int(said)
    ratings.add(ticket, score)
    visit.note(f"客户给工单 {ticket.name} 打了 {score} 分。")
    if score > BAD:
        visit.say("rated")
    else:
        visit.say("rated_low")
        _call_back(visit, ticket, score)
    return True


def _call_back(visit: Visit, ticket: Ticket, score: int) -> None:
    """The one above whoever answers for the client calls, for it may be he who is meant."""
    adviser, client = visit.adviser, visit.known
    if adviser is None or client is None:
        return
    receiver = adviser.manager_id or adviser.id
    visit.uow.reminders.add(
        receiver_id=receiver, remind_at=visit.now, due_on=visit.today, category="follow_up", timed=False,
        text=f"{client.name}：给工单 {ticket.name} 打了 {score} 分，请回访", client=client,
    )
    visit.write_to_manager(f"「{client.name}」给工单 {ticket.name} 打了 {score} 分，已给您建了回访待办。")
