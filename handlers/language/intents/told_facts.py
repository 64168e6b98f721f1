"""What is told of a client and changes a field without naming it: a date of birth, a death."""

from __future__ import annotations

import re

from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.intents.update import typed
from handlers.language.sentence import Sentence


def birthday_first(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """陈静8月8号生日: the day stands before the word; 陈静明天生日 tells of a day that comes, and of no date of birth."""
    said = next((e for e in s.points if e.slots.keys() & {"md", "ymd", "lunar"}), None)
    if said is None or mood.asks(s):
        return None
    return fills.merged(fills.client(s), typed(s, "birthday", said.start, said.end))


def deceased(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """陈静去世了: nobody is written to any more; 陈静的父亲去世了 is about somebody else, and only noted."""
    return None if mood.asks(s) else fills.merged(fills.client(s), {"field": "contact_limit", "value": "已故"})


RULES: tuple[Rule, ...] = (
    rule("client.update", 82, "time", birthday_first, need="client", no="remind create ask draft list", name="a date of birth before its word",
         shape=r"^\W*C的?(?:是|在|公历|阳历|\s)*T(?:的|日|出?生|过|\s)*(?:生日|生的|出生的?)\W*$"),
    rule("client.update", 82, "any", deceased, need="client", no="remind create draft list", name="a client has died",
         shape=r"^\W*C[\s,]*(?:(?>本人|先生|女士|老人家?|T|已经?|不幸|昨[天晚]|上周|刚刚?|突然|病重|人)*因[^,。]{1,6}){0,2}(?>本人|先生|女士|老人家?|T|已经?|不幸|昨[天晚]|上周|刚刚?|突然|病重|人)*(?:去世|过世|离世|辞世|逝世|病逝|病故|身故|亡故|已故|故去|走了,?(?:去世|过世))(?:了|的)?\W*(?:(?:请|麻烦|帮我)?(?:登记|记|更新|标)(?:一?下|上)?)?\W*$"),
)
