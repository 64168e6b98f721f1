"""A client answers a questionnaire by himself, one question a message, and may break off and go on (S19)."""

from __future__ import annotations

from config.pack import Questionnaire
from handlers.assessing import BACK, LEAVES
from handlers.language import Meaning
from handlers.self_service.reading import understood
from handlers.self_service.visit import Visit, answers
from reminders.assessing import Sitting, choice, outcome_of, sit_down, take, take_back
from storage.model.errors import Conflict
from storage.model.people import Client

_ASKED = "assessment"


@answers("self.assessment", personal=True)
def begin(visit: Visit, meaning: Meaning) -> None:
    """Begin, or go on where it was broken off, by himself or by his adviser."""
    asked, client = visit.packs.find_questionnaire(str(meaning.get("questionnaire") or "")), visit.client
    if asked is None or client is None or client.kind != "individual":
        visit.hand_over("to_person", "客户要做测评，不能由智能助手来问。")
        return
    sitting = sit_down(visit.uow, client, asked)
    visit.say("assessment_begun", name=asked.label)
    visit.note(f"客户在做{asked.label}，已答 {sitting.place} 题。")
    _ask(visit, sitting)


def takes_choice(visit: Visit) -> bool:
    """Whether the message answers the question that was asked last; if so it is dealt with."""
    asked, client = visit.packs.find_questionnaire(str(visit.memory.form.get("questionnaire", ""))), visit.client
    if visit.memory.asked != _ASKED or asked is None or client is None:
        return False
    sitting, form = sit_down(visit.uow, client, asked), visit.memory.form
    is_same = (sitting.assessment.id, sitting.place) == (form["assessment"], form["place"])
    place = choice(sitting.question, visit.text) if sitting.question is not None else None
    if LEAVES.fullmatch(visit.text):
        _leave(visit)
        visit.say("assessment_left", name=asked.label)
    elif not is_same:
        _ask(visit, sitting)  # his adviser went on meanwhile, or the questions were changed
    elif BACK.fullmatch(visit.text) and sitting.place:
        _ask(visit, take_back(visit.uow, sitting))
    elif place is not None:
        _take(visit, client, sitting, place)
    elif understood(visit, visit.text).intent not in ("none", "chitchat"):
        _leave(visit)
        return False
    else:
        _ask(visit, sitting)
    return True


def _take(visit: Visit, client: Client, sitting: Sitting, place: int) -> None:
    asked = sitting.questionnaire
    try:
        sitting = take(visit.uow, visit.zone, sitting, place)
    except Conflict:  # his adviser was quicker
        sitting = sit_down(visit.uow, client, asked)
    if sitting.question is not None:
        _ask(visit, sitting)
    else:
        _finish(visit, asked, sitting)


def _ask(visit: Visit, sitting: Sitting) -> None:
    visit.memory.asked = _ASKED
    visit.memory.form = {
        "questionnaire": sitting.questionnaire.id, "assessment": sitting.assessment.id, "place": sitting.place,
    }
    visit.ask(sitting.words)


def _finish(visit: Visit, asked: Questionnaire, sitting: Sitting) -> None:
    _leave(visit)
    outcome = outcome_of(visit.packs, asked, sitting.assessment)
    visit.tell(visit.packs.reply("assessment_done").render(name=asked.label, result=outcome))
    visit.note(f"客户自己完成了{asked.label}：{outcome}。")


def _leave(visit: Visit) -> None:
    visit.memory.asked, visit.memory.form = "", {}
