"""The small turns of a talk: greetings, help, suggestions, what was not understood, and what only a person answers."""

from __future__ import annotations

import re

from handlers.language import Meaning
from handlers.self_service.matters import complaint
from handlers.self_service.reading import understood
from handlers.self_service.tickets import SUGGESTION, open_matter
from handlers.self_service.visit import Visit, answers

MOST_MISSES = 2
_THANKS = re.compile(r"谢|辛苦|再见|拜拜|^\W*(?:好的?|嗯+|哦+|收到|知道了|明白了?|行|可以|ok)\W*$", re.IGNORECASE)
_ASKS = re.compile(r"[?？]|什么|哪|怎么|吗\W*$")
_TURNS_TO = re.compile(r"找|告|打|去|向|到|给|联系|反映|投诉|举报|起诉|曝光")
_ASKS_THE_WAY = re.compile(r"(?:投诉|举报)?(?:电话|热线|号码|渠道|地址|网站)|多少|[?？]|什么|哪|是不是|吗\W*$")


def hears_a_subject(visit: Visit) -> bool:
    """Whether the words are such that a person answers, or a suggestion; if so it is dealt with."""
    if hears_a_risk(visit):
        return True
    if visit.text.startswith(visit.packs.words_of("suggestion")) and not _ASKS.search(visit.text):
        _take_suggestion(visit)
        return True
    return False


def hears_a_risk(visit: Visit) -> bool:
    """Whether the words are such that a person must look at once, whatever else was being asked; if so he is called.
    Who turns to a regulator, a court or the press because of the firm complains by it, at any hour."""
    threatens = _threatens(visit)
    if not threatens and not any(word in visit.text for word in visit.packs.words_of("risky")):
        return False
    visit.write_to_manager(f"「{visit.name}」在微信客服说到敏感的事，已转给顾问：{visit.shortly}")
    if threatens:
        complaint(visit, Meaning("self.complaint"))
    visit.call_a_person("to_person", f"客户说到敏感的事，请马上看：{visit.shortly}")
    return True


def _threatens(visit: Visit) -> bool:
    """Whether he says that he turns to a regulator; who only asks for its telephone, or whether it licensed the firm,
    does so only where the rest of his words is a complaint by itself."""
    words = visit.packs.words_of("regulators")
    if not any(word in visit.text for word in words):
        return False
    if _ASKS_THE_WAY.search(visit.text) is None and _TURNS_TO.search(visit.text):
        return True
    rest = re.sub("|".join(map(re.escape, words)), "", _ASKS_THE_WAY.sub("", visit.text))
    return understood(visit, rest).intent == "self.complaint"


def _take_suggestion(visit: Visit) -> None:
    """A ticket of whom he is known to be, for the weekly list; those who can act on it hear of it at once."""
    visit.say("suggestion")
    open_matter(visit, SUGGESTION, visit.text)
    for user in visit.uow.users.all("ops"):
        visit.write_to(user.id, f"客户在微信客服提了建议：{visit.shortly}")


def takes_up(visit: Visit, meaning: Meaning) -> Meaning:
    """What the sentence means after what the bot has asked: a bare time answers when the appointment is to be."""
    if visit.memory.asked != "appointment":
        return meaning
    visit.memory.asked = ""
    if meaning.intent == "none":
        return understood(visit, f"约{visit.text}见面")
    return meaning


def missed(visit: Visit) -> None:
    """Once is asked again; twice a person takes over, and is told what it was about."""
    visit.memory.misses += 1
    if visit.memory.misses < MOST_MISSES:
        visit.missed = True
        visit.say("not_understood")
        return
    visit.memory.misses, visit.interested = 0, True
    before = "；".join(visit.memory.said)
    visit.call_a_person("to_person", f"智能助手两次没听懂。{f'前面说过：{before}' if before else ''}")


@answers("help")
def show_help(visit: Visit, meaning: Meaning) -> None:
    visit.say("help")


@answers("chitchat")
def greet(visit: Visit, meaning: Meaning) -> None:
    """Who thanks has what he wanted."""
    if _THANKS.search(visit.text):
        visit.say("thanks")
    else:
        visit.say("greeting", company=visit.company)


@answers("self.human")
def human(visit: Visit, meaning: Meaning) -> None:
    """To his adviser, or to the one above."""
    if meaning.get("target") == "manager":
        visit.call_a_person("to_manager", "客户要找负责人，已告诉主管。")
        visit.write_to_manager(f"「{visit.name}」在微信客服要找负责人：{visit.shortly}{_context(visit)}")
    else:
        visit.interested = True
        visit.call_a_person("to_person", f"客户要人工。{_context(visit)}")


def _context(visit: Visit) -> str:
    return f"\n前面说过：{'；'.join(visit.memory.said)}" if visit.memory.said else ""
