"""A question that leaves out what the one before said: 那保费呢, 那刘阳的呢, 上个月的呢, 只看车险的, 短一点.

Only what looks something up or words a text is asked again; no change is made a second time, but one that still waits
for its yes is given for the client who was meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.language.carried import LISTS, of_another_time
from handlers.language.choosing import spelt
from handlers.language.intents import fills
from handlers.language.intents.care import manner
from handlers.language.intents.contract_fields import asked_field
from handlers.language.intents.pattern import WRITES, Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import Dialogue, Meaning
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single
from handlers.language.vocabulary import CONTRACT_FIELDS, FINE_RELATIONS, METRICS

Turn = tuple[str, str, Slots]
_LONGEST = 24  # characters; whoever says more leaves nothing out


def asked_again(s: Sentence) -> Turn | None:
    """The command before with the one part changed that this sentence names; None where it says something of its own."""
    if not s.dialogue.said or len(s.text) > _LONGEST:
        return None
    if (other := _of_somebody_else(s) or _given_to_another(s)) is not None or s.dialogue.pending not in {"none", "list"} or s.role == "customer":
        return other
    return next((found for ask in _PARTS if (found := ask(s)) is not None), None)


def before(s: Sentence) -> Meaning:
    """What the command before meant."""
    found: Meaning | None = s.memo.get("before")
    if found is None:
        found = s.memo["before"] = _read(s, s.dialogue.said)
    return found


def _read(s: Sentence, said: str) -> Meaning:
    return single(take_apart(said, s.now, s.role, s.book, Dialogue(), s.lexicon))


def _with(of: Meaning, intent: str = "", **changed: object) -> Turn:
    slots = {**of.slots, **{name: value for name, value in changed.items() if value is not None}}
    return intent or of.intent, "again", {**slots, "clarify": of.clarify}


# ---------------------------------------------------------------- somebody else

# 那梁静的呢: the question before, of somebody else. 搞错了，不是他，是邓超: the order before, for somebody else.
_AND_OF = lazy(r"^\W*(?:(?:那|那么|还有|再|也|换|另外|顺便|看看?|查查?|帮我|给我|那个|那位|这个|一?下|个)\s*)*+C(?:的|呢|咧|嘞|咯|也|又|给我|发我|查|看|一?下|怎么样|咋样)*+\W*$")
_ANOTHER = lazy(r"那|还有|再|也|换|另外|顺便|呢|咧|嘞|C的")
_MEANT = lazy(r"^\W*(?:[^C]{0,8}(?:不是|不对|错|搞混|岔|no)[^C]{0,6}(?:C的?)?[\s,。]*(?>而?是|改成|换成|应该是|[是要]?[问查找](?:的是)?|我(?:说|要|指|找|查)的?(?:说|找|查)?是?|要的是|the one is)+\s*C|我(?:说|要|指|找|查|要找|要查)的是\s*C)(?:的|那个|啦|啊|吧|才对)*\W*$")


def _of_somebody_else(s: Sentence) -> Turn | None:
    waiting = s.dialogue.pending
    if not s.clients or s.clients[-1].mention.how == "pronoun" or not s.clients[-1].mention.refs:
        return _spelt(s) if waiting in {"none", "list"} else None
    asks = waiting in {"none", "list"} and _AND_OF.match(s.shape) is not None and _ANOTHER.search(s.shape) is not None
    meant = waiting in {"none", "list", "confirm"} and _MEANT.match(s.shape)
    return _for(s, s.clients[-1].mention.text) if asks or meant else None


def _for(s: Sentence, name: str) -> Turn | None:
    """The command before with this client in the place of its own."""
    whole = take_apart(s.dialogue.said, s.now, s.role, s.book, Dialogue(), s.lexicon)
    people = [c.mention for c in whole.clients if c.mention.how != "pronoun"] or ([whole.stranger.mention] if whole.stranger else [])
    if len(people) != 1:
        return None
    found = _read(s, s.dialogue.said[:people[0].start] + name + s.dialogue.said[people[0].end:])
    if found.intent in {"none", "chitchat", "help"} or (found.intent in WRITES and s.dialogue.pending != "confirm"):
        return None
    return _with(found)


# 不是，给李娜 denies and hands over; 不是给李娜 only denies.
_HANDS_INSTEAD = lazy(r"^\W*(?:错了?|不对|[搞说弄写]错了?|不是(?=[\s,。!])|哦|[,。!]|\s)++(?:是|应该)*+(?:移交给|转交给|交给|转给|划给|给)(?P<who>[\u4e00-\u9fff]{2,4}?)(?:吧|才对|的|\W)*$")


def _given_to_another(s: Sentence) -> Turn | None:
    """错了，是交给李娜: the hand-over that waits for its yes, to a colleague who was meant instead."""
    match = _HANDS_INSTEAD.match(s.text) if s.dialogue.pending == "confirm" else None
    to = before(s).get("to") if match is not None else None
    if match is None or before(s).intent != "handover.create" or not isinstance(to, str):
        return None
    found = _read(s, s.dialogue.said.replace(to, match["who"]))
    return _with(found) if found.intent == "handover.create" and found.get("to") == match["who"] else None


def _spelt(s: Sentence) -> Turn | None:
    """太阳的阳, after 刘洋 was shown: of the client whose name has that character."""
    one = spelt(s.text)
    who = before(s).get("client") if one is not None else None
    if one is None or not isinstance(who, str) or before(s).intent in WRITES:
        return None
    names = [who[:at] + one + who[at + 1:] for at in range(len(who)) if who[at] != one]
    known = s.book.named(names)
    return _for(s, next(iter(known))) if len(known) == 1 else None


# ---------------------------------------------------------------- another field of the same

_KINDS = {"policy.lookup": "policy", "premium.lookup": "policy", "contract.list": "policy", "loan.lookup": "loan", "repayment.lookup": "loan", "lease.lookup": "loan",
          "credit.lookup": "loan", "holding.lookup": "holding", "claim.lookup": "claim"}
_INTENTS = {"policy": "policy.lookup", "loan": "loan.lookup", "holding": "holding.lookup", "claim": "claim.lookup"}
_OF_ITS_OWN = ("remind", "note", "create", "update", "tag", "draft", "team", "mine", "all", "list", "search", "handover", "cancel", "consent", "export", "customer_book")
_ASKS_ON = lazy(r"^\W*(?:那|这|它|还|另外|再)|(?:呢|吗|么|没有?|啊|呀|咧|嘞|\?)\W*$|多少|几|什么|啥|谁|哪|怎么|咋|是否|有没有")


def _of_another_field(s: Sentence) -> Turn | None:
    """那保费呢, 那张单几多钱一年, 还有多少期: of the contract that was asked about."""
    if s.points or s.stranger or s.has(*_OF_ITS_OWN) or not _about_the_same(s) or _ASKS_ON.search(s.text) is None:
        return None
    of, kind = before(s), _KINDS.get(before(s).intent)
    if kind is None:
        return None
    field = asked_field(kind, s.text) or fills.word_in(CONTRACT_FIELDS, s.text)
    if field is None or (s.products and s.lexicon.kinds.get(s.products[0][2]) != s.lexicon.kinds.get(str(of.get("product")))):
        return None
    return _INTENTS[kind], "again", {**_same_client(s, of), "product": fills.product(s).get("product") or of.get("product"), "field": field}


_FIELD_ALONE = r"^\W*(?:那|那么|还有|另外|[他她](?:的)?)*{field}(?:是|有|呢|咧|嘞|多少|什么|啥|几号|哪天|什么时候|啥时候|记的|啊|呀|来着|\W)*$"


def _of_the_client(s: Sentence) -> Turn | None:
    """生日呢: a field of the client whose contract, or other field, was asked for."""
    if len(s.fields) != 1 or s.points or s.stranger or not _about_the_same(s):
        return None
    start, end, field = s.fields[0]
    if re.match(_FIELD_ALONE.format(field=re.escape(s.text[start:end])), s.text) is None or not before(s).intent.endswith(".lookup"):
        return None
    whose = _same_client(s, before(s))
    return ("client.lookup", "again", {**whose, "field": field}) if whose else None


def _about_the_same(s: Sentence) -> bool:
    return all(c.mention.how == "pronoun" and not c.mention.text.startswith("第") for c in s.clients)


def _same_client(s: Sentence, of: Meaning) -> Slots:
    if s.dialogue.focus is not None:
        return {"client": s.dialogue.focus.name, "client_id": s.dialogue.focus.id, "pronoun": True}
    return {name: of.slots[name] for name in ("client", "client_id") if name in of.slots} | ({"clarify": of.clarify} if of.clarify else {})


# ---------------------------------------------------------------- another time, figure, team

_TIME_ALONE = lazy(r"^\W*(?:那|那么|换成|看看|再看看?|也看看?)*[TD](?:同期|内|以内)?(?:的|呢|咧|嘞|么|怎么样|咋样|有吗)*\W*$")
_NOTHING_BUT_TIME = lazy(r"^\W*[TD]\W*$")


def _of_another_time(s: Sentence) -> Turn | None:
    """上个月呢, after a figure or a list was asked for."""
    if _TIME_ALONE.match(s.shape) is None or _NOTHING_BUT_TIME.match(s.shape) is not None:
        return None
    of = before(s)
    figure = of.intent.startswith("stats.")
    if not figure and of.intent not in LISTS:
        return None
    found = None if any(e.is_duration for e in s.times) else of_another_time(s, s.text, of)  # 60天的呢 is read by the list
    if found is None:
        return None
    return _with(found, "agenda.day" if of.intent == "agenda.today" else "")


_LEAD, _END = r"^\W*(?>那|那么|还有|另外|再看看?|再|看看?|我的?)*", r"(?:的|呢|咧|嘞|么|多少|是多少|怎么样|咋样|情况|啊|呀|\W)*$"
_FIGURE_ALONE = _LEAD + r"{figure}" + _END
_TEAM = lazy(r"^\W*(?:那|那么|还有|我们|咱们?|整个|全)*(?:团队|组里?|组内|大家|部门|全组)(?:整体|一共|总共|都)*" + _END)
_MINE = lazy(r"^\W*(?:那|那么)*我(?:自己|个人|本人)?(?:的|呢|咧)+\W*$")
_COMPARES = lazy(r"^\W*(?:那)?(?:跟|和|比|同|较)[TD](?:比|相比|比起来|的)?(?:呢|怎么样|如何|咋样|多了?还是少了?|\W)*$|^\W*(?:那)?(?:同比|环比)(?:呢|多少|怎么样|\W)*$")


def _of_another_figure(s: Sentence) -> Turn | None:
    """团队的呢, 那保费呢, 跟上个月比呢: of the same time."""
    if s.stranger or s.clients:
        return None
    team, mine, compared, metric = _TEAM.match(s.text), _MINE.match(s.text), _COMPARES.match(s.shape), _metric_alone(s)
    if not (team or mine or compared or metric) or not before(s).intent.startswith("stats."):
        return None
    if compared:
        found = _read(s, f"{s.dialogue.said} {s.said(0, len(s.text))}")
        return _with(found) if found.intent == before(s).intent and found.get("compare") else None
    if metric:
        return _with(before(s), metric=metric) if metric != before(s).get("metric") else None
    kept = {name: value for name, value in before(s).slots.items() if name != "member"}
    return "stats.team" if team else "stats.me", "again", kept


def _metric_alone(s: Sentence) -> str | None:
    named = fills.scan(METRICS, s.text)
    if len(named) != 1 or s.times:
        return None
    start, end, metric = named[0]
    return metric if re.match(_FIGURE_ALONE.format(figure=re.escape(s.text[start:end])), s.text) else None


# ---------------------------------------------------------------- fewer of them, other words

_DUE = frozenset({"renewal.list", "maturity.list", "repayment.list", "premium.list", "due.list", "policy.search", "overdue.list"})
_ONLY = lazy(r"^\W*(?>只|就|光|仅|单|单单|我|要|想|看看?|列|查|留|那|里面|里头|其中|当中|的|是)*X(?:的|呢|咧|单子?|保单|客户|那些|那几[个份张]|有哪些|有谁|就行|就好|吧|\W)*$")


def _fewer(s: Sentence) -> Turn | None:
    """只看车险的, of what falls due."""
    if len(s.products) != 1 or _ONLY.match(s.shape) is None or before(s).intent not in _DUE:
        return None
    return _with(before(s), product=s.products[0][2])


def _in_other_words(s: Sentence) -> Turn | None:
    """短一点 别这么客气, of the text that was just written."""
    wished = None if s.clients or s.stranger else manner(s.text)
    return None if wished is None or before(s).intent != "draft.message" else _with(before(s), **wished)


_OTHER_PRODUCT = lazy(r"^\W*(?:那|那么|还有|另外|再看看?|也看看?|[他她]的?)*+X(?:的|呢|咧|嘞|多少|\W)*$")


def _of_another_product(s: Sentence) -> Turn | None:
    """那重疾的呢: the same field of another contract of the same kind."""
    if len(s.products) != 1 or _OTHER_PRODUCT.match(s.shape) is None or not _about_the_same(s):
        return None
    of, kind = before(s), _KINDS.get(before(s).intent)
    if kind is None or not of.get("field"):
        return None
    product = s.products[0][2]
    was = s.lexicon.kinds.get(str(of.get("product")))
    if was is not None and was != s.lexicon.kinds.get(product):
        return None
    return _INTENTS[kind], "again", {**_same_client(s, of), "product": product, "field": of.get("field")}


_MEMBER_ALONE = lazy(r"^\W*(?:那|那么|还有|换|再看看?)*+(?P<who>[\u4e00-\u9fff]{2,4}?)(?:的|业绩)*(?:呢|咧|嘞|怎么样)+\W*$")


def _of_another_member(s: Sentence) -> Turn | None:
    """那王磊的呢, after the figures of a colleague."""
    match = None if s.times else _MEMBER_ALONE.match(s.text)
    member = before(s).get("member") if match is not None else None
    if match is None or not isinstance(member, str) or before(s).intent != "stats.team":
        return None
    found = _read(s, s.dialogue.said.replace(member, s.said(*match.span("who"))))
    return _with(found) if found.intent == "stats.team" and found.get("member") == match["who"] else None


_CONDITION = lazy(r"^\W*(?:那|那么|其中|里[面头]|当中|再看看?|看看)*+(?P<what>[^,。?]{2,12}?)(?:的|客户|人)*(?:呢|咧|嘞)\W*$")


def _of_other_people(s: Sentence) -> Turn | None:
    """A类的呢, 那北京的呢, after a list of clients by what they are."""
    match = _CONDITION.match(s.text)
    if match is None or s.clients or before(s).intent not in {"client.search", "client.list"}:
        return None
    found = _read(s, f"{s.said(*match.span('what'))}的客户")
    return _with(found) if found.intent == "client.search" and found.get("conditions") else None


_RELATIVE = r"^\W*(?:那|那么)?(?:[他她]|客户)?(?:的|家)?{word}(?:的)?(?:呢|咧|嘞|是谁|叫什么|叫啥)+\W*$"


def _of_a_relative(s: Sentence) -> Turn | None:
    """她老公呢, of the client who was shown."""
    named = fills.scan(FINE_RELATIONS, s.text)
    if len(named) != 1 or not _about_the_same(s):
        return None
    start, end, _relation = named[0]
    if re.match(_RELATIVE.format(word=re.escape(s.text[start:end])), s.text) is None or not before(s).intent.endswith(".lookup"):
        return None
    whose = _same_client(s, before(s))
    return ("client.lookup", "again", {**whose, "field": "family"}) if whose else None


_PARTS: tuple[Callable[[Sentence], Turn | None], ...] = (
    _of_another_time, _of_another_figure, _of_another_member, _of_another_field, _of_another_product, _of_a_relative, _of_the_client, _of_other_people, _fewer, _in_other_words,
)


def of_customer(s: Sentence) -> Turn | None:
    """那要准备哪些材料, 车险的: what a customer leaves out is what he asked before."""
    if s.role != "customer" or not s.dialogue.said or s.dialogue.pending not in {"none", "list", "text"} or len(s.text) > _LONGEST:
        return None
    if single(s).intent not in {"none", "clarify.answer"} and not (s.dialogue.pending == "text" and _SHORT.match(s.shape)):
        return None
    found = _read(s, f"{s.dialogue.said}，{s.normal.said}")
    return _with(found) if found.intent.startswith("self.") else None


_SHORT = lazy(r"^\W*(?:那|就|是)*[XTDCS](?:的|吧|那[个张份]|\W)*$")
