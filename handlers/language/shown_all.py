"""Orders for all the clients of the list shown: 把这几个都打上 春季回访, 给他俩也发个祝福文案, 这两个升到A类."""

from __future__ import annotations

from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import ClientRef
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

Turn = tuple[str, str, Slots]
_LONGEST = 80
_MOST = 10  # as many as one page shows: nobody orders what he has not seen
_ACTS = frozenset({"tag.add", "tag.remove", "tier.set", "handover.create", "draft.message", "reminder.create"})
_NO_PEOPLE = frozenset({"brief", "reminder.list", "reminders", "timeline", "tickets", "approvals", "papers"})
_OCCASIONS = {"birthdays": "birthday", "birthday.list": "birthday", "renewals": "renewal", "renewal.list": "renewal"}
_COUNTS = {"俩": 2, "两": 2, "三": 3, "仨": 3, "四": 4, "五": 5}
_ALL_OF_THEM = lazy(
    r"(?:上面|以上|列表里|名单里)?的?(?:(?:这|那)(?P<few>[几两俩三仨四五])(?:个|位|名)?(?:人|客户)?|这些(?:人|客户)?|[他她](?P<both>[俩仨])|[他她]们(?P<two>[俩两三几])?(?:个|位)?(?:人)?|以上(?:客户|人|几位))"
    r"(?![年月天周份]|都?(?:说|讲|问|想|觉得|希望|反映|表示|打算|同意|不|自己|已经?|是|有|没|要(?![打加贴升降移])))"
)
# 都打上 春季回访, 全部升A: the words that name them are left out.
_LEFT_OUT = lazy(r"^\W*(?:帮我|请|麻烦)?(?:都|全都?|全部|统统)(?:给我|帮我)?(?=(?:打上|打个?标签?|贴上?|加[上个]?标签?|标上|升|降|移交|转给)(?!了|过|着|完))")
# 这几个都贴了春联: a past that is told, and no order.
_TOLD = lazy(r"(?:都|全都?|全部|已经?|早就?)(?:打|贴|加|标|挂|升|降|移交|转|发)(?:上|个|好|完)?(?:标签?)?(?:了|过)(?=[^\s,。!?吧哈啊呢嘛])")


def for_all_shown(s: Sentence) -> Turn | None:
    """The order, read with the clients' names in the place of the word that stands for all of them."""
    people = _shown(s) if len(s.text) <= _LONGEST else []
    if not people or any(c.mention.how != "pronoun" for c in s.clients) or _TOLD.search(s.text) is not None:
        return None
    names = "、".join(ref.name for ref in people)
    found = _ALL_OF_THEM.search(s.text)
    if found is not None:
        count = _COUNTS.get(found["few"] or found["both"] or found["two"] or "")
        said = s.said(0, found.start()) + names + s.said(found.end(), len(s.text))
        if count is not None and count != len(people):
            return None
    elif (opened := _LEFT_OUT.match(s.text)) is not None:
        said = f"给{names}{s.said(opened.end(), len(s.text))}"
    else:
        return None
    return _ordered(s, said, people)


def _shown(s: Sentence) -> list[ClientRef]:
    """The clients of the list, where each line is one and they stand on one page."""
    items = [ref for ref in s.dialogue.items if ref is not None]
    if s.dialogue.pending not in {"none", "list"} or s.dialogue.list_kind in _NO_PEOPLE or not 1 < len(items) <= _MOST:
        return []
    return items if len(items) == len(s.dialogue.items) == len({ref.id for ref in items}) else []


def _ordered(s: Sentence, said: str, people: list[ClientRef]) -> Turn | None:
    found = single(take_apart(said, s.now, s.role, s.book, s.dialogue, s.lexicon))
    if found.intent not in _ACTS or found.clarify not in {None, "client"}:
        return None
    occasion = _OCCASIONS.get(s.dialogue.list_kind) if found.intent == "draft.message" else None
    whose: Slots = {"clients": [ref.name for ref in people], "client_ids": [ref.id for ref in people]}
    kept = {name: value for name, value in found.slots.items() if name not in {"client", "client_id", "pronoun", "index"}}
    return found.intent, "all that were shown", {**({"occasion": occasion} if occasion else {}), **kept, **whose}
