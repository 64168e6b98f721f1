"""What goes on with the change that the command before made: 地址也得变 通州梨园那边, and the tag that comes off again."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from handlers.language.asked_again import before
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import ClientRef, Dialogue, Meaning
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

Turn = tuple[str, str, Slots]
_LONGEST = 60
_ASKS = lazy(r"(?:吗|么|没有?|呢|\?)\W*$|多少|什么|谁|哪|怎么|是不是|有没有|要不要")


def goes_on_with(s: Sentence) -> Turn | None:
    """The next change of the same client; None where the sentence says something of its own."""
    if not s.dialogue.said or s.dialogue.pending not in {"none", "list"} or s.role == "customer" or len(s.text) > _LONGEST or _ASKS.search(s.text):
        return None
    if any(c.mention.how != "pronoun" for c in s.clients):
        return None
    return _field_too(s) or _tag_off_again(s)


_ALSO = lazy(r"\s*(?:也|都|还)(?:得|要|需要|该|一起|一并|顺便|给我|帮我|跟着)*(?:变|改|换|更新|动|调)(?:了|一?下|掉)?(?:成|为|到|是)?[\s,:]*")
_BESIDE = lazy(r"^\W*(?:还有|另外|再有|以及|对了|再|顺便)(?:把|将|[他她]的)?\s*$")
_BARE = lazy(r"^\W*(?:还有|另外|再有|以及|对了|再|顺便)?(?:把|将|[他她]的)?\s*$")
_THEREABOUTS = lazy(r"(?:那边|那儿|那块|那一片)\W*$")


def _field_too(s: Sentence) -> Turn | None:
    """地址也得变 通州梨园那边, 还有地址 通州梨园: one more field, with its value."""
    if not s.fields or before(s).intent != "client.update" or (single(s).intent == "client.update" and not single(s).clarify):
        return None
    start, end, field = s.fields[0]
    also = _ALSO.match(s.text, end)
    if also is None and (_BESIDE.match(s.text[:start]) is None or s.text[end:end + 1] not in {" ", ":", ","}):
        return None
    value = s.said(also.end() if also is not None else end, len(s.text)).strip(" ,，。:：")
    who = s.dialogue.focus or _ref(before(s))
    if not value or who is None or _BARE.match(s.text[:start]) is None:
        return None
    value = _THEREABOUTS.sub("", value) if field == "address" else value
    found = single(take_apart(f"{s.said(start, end)}改成{value}", s.now, s.role, s.book, Dialogue(focus=who), s.lexicon))
    return (found.intent, "a field too", dict(found.slots)) if found.intent == "client.update" and not found.clarify else None


def _ref(of: Meaning) -> ClientRef | None:
    found = of.get("client_id")
    return None if found is None or isinstance(found, list) else ClientRef(found, str(of.get("client", "")))


_OFF = r"(?:拿掉|去掉|摘掉?|撤掉|撕掉|抹掉|移除|去除|拿下来)"
_TAG_OFF = lazy(
    rf"^\W*(?:还是|算了|那|把|给我|就)*(?:(?:这|那)个|刚(?:才|刚)?[加打贴标挂]?的?(?:那个)?)?标签?(?:还是|都|也|给我|先|就)*(?:{_OFF}|不要|不用|删掉?|撤|取消)(?:了|吧|掉|算了|\W)*$"
    rf"|^\W*(?:还是|算了|那|给我|就|先)*(?:{_OFF}|(?:不要|删掉?|取消)(?=.{{0,6}}标签))(?:了|吧|掉)?(?:(?:这|那)个|刚(?:才|刚)?[加打贴标挂]?的?)?(?:标签)?(?:了|吧|\W)*$"
)


def _tag_off_again(s: Sentence) -> Turn | None:
    """标签还是拿掉吧, right after one was put on: that one, and no other."""
    of = before(s)
    if of.intent != "tag.add" or of.clarify or _TAG_OFF.match(s.text) is None:
        return None
    return "tag.remove", "the tag comes off again", dict(of.slots)


def of_the_ticket(s: Sentence, meaning: Meaning) -> Meaning:
    """这张单子给王磊: the ticket that was spoken of, where the sentence has no number of its own."""
    if s.dialogue.ticket is None or not meaning.intent.startswith("ticket.") or not {"ticket_no", "index"}.isdisjoint(meaning.slots) or _THIS_ONE.search(s.text) is None:
        return meaning
    return replace(meaning, slots=MappingProxyType({**meaning.slots, "ticket_no": s.dialogue.ticket}))


_THIS_ONE = lazy(r"(?:这|那)(?:个|张|条|一?单|件)|它|工单")
