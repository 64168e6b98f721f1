"""What goes on with the change that the command before made: 地址也得变 通州梨园那边, and the tag that comes off again."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from handlers.language.asked_again import before
from handlers.language.intents.newcomers import is_name
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
    return _field_too(s) or _field_of_the_new(s) or _one_more_new(s) or _tag_off_again(s) or _tag_too(s) or _to_somebody_else(s)


_ALSO = lazy(r"\s*(?:也|都|还)(?:得|要|需要|该|一起|一并|顺便|给我|帮我|跟着)*(?:变|改|换|更新|动|调)(?:了|一?下|掉)?(?:成|为|到|是)?[\s,:]*")
_BESIDE = lazy(r"^\W*(?:还有|另外|再有|以及|对了|再|顺便)(?:把|将|[他她]的)?\s*$")
_OPENS_FIELD = lazy(r"^\W*(?:还有|另外|再有|以及|对了|再|顺便)?(?:把|将|[他她]的)?\s*$")
# 微信还没加, 地址待定: that there is no value yet is no value.
_NO_VALUE = lazy(
    r"(?:还|暂时?|先|都|也|就|目前|现在|[,\s])*+(?:没\S*|待[定补填问确核]\S*|未(?:知|定|填|留|加|问|提供)\S*|不(?:详|知|清楚|记得|便|肯|想|用|要|愿|给|方便|填|对|变|动)\S*|无|缺|空着?|暂缺|保密|再[说问补填讲看]\S*|(?:晚点|稍后|之后|回头|以后|改天|等会儿?|等|过[几两]?天)\S*)(?:吧|了|\W)*"
)
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
    if not value or who is None or _OPENS_FIELD.match(s.text[:start]) is None or _NO_VALUE.fullmatch(value) is not None:
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
    if _TAG_OFF.match(s.text) is None or (of := before(s)).intent != "tag.add" or of.clarify:
        return None
    return "tag.remove", "the tag comes off again", dict(of.slots)


_TAG_TOO = lazy(r"^\W*(?P<more>也|再|还|另外|顺便)*(?:给|帮)?(?:[他她]|C)?(?P<too>也|再|还)*(?:要)?(?:加|打|贴|标|挂)(?:上|一?个)*+(?P<named>标签?)?+[\s:]*+(?P<tag>[^\s,。!?]{2,8}?)(?:的?标签)?(?:吧|哈|\W)*$")
_NAMES_TAG = lazy(r"的?标签(?:吧|哈|\W)*$")
_NO_TAG = lazy(r"标签|提醒|待办|备注|跟进|记录|客户$|电话|微信|地址|保单|商机|工单|任务|日程|理赔|家人|[老儿女]|条件|人$|[条笔次份张]|下$|[TDRMXNP]|班|钱|油")


# 再打个招呼, 也打个折: where no word says that it is a tag, it is one that there is, or a kind of client.
_KIND_OF_CLIENT = lazy(r"[高中低]\S+|\S*(?:意向|优质|潜力|潜在|重点|[客大小农业商住]户|[\u4e00-\u9fff]族|[\u4e00-\u9fff]妈|[\u4e00-\u9fff]爸|业主|老板|高管|人群|客群)\S*")


def _is_tag(s: Sentence, tag: str) -> bool:
    return _KIND_OF_CLIENT.fullmatch(tag) is not None or any((start, end) == (0, len(tag)) for start, end, *_ in s.lexicon.scanner("tags").find(tag))


def _tag_too(s: Sentence) -> Turn | None:
    """也给她加个高意向, right after a tag was put on: one more, of the same client."""
    match = _TAG_TOO.match(s.shape)
    if match is None or not (match["more"] or match["too"]) or _NO_TAG.search(match["tag"]) or (of := before(s)).intent != "tag.add" or of.clarify:
        return None
    tag = s.cut(*match.span("tag"))
    if not (match["named"] or _NAMES_TAG.search(s.text) or _is_tag(s, match["tag"])):
        return None
    who = {"client": s.dialogue.focus.name, "client_id": s.dialogue.focus.id, "pronoun": True} if s.dialogue.focus is not None else {k: of.slots[k] for k in ("client", "client_id")}
    return "tag.add", "a tag too", {**who, "tag": tag, "tags": [tag]}


_ONE_MORE = lazy(r"^\W*(?:再|还有|另外|接着)+(?:加|建|来|录|新增|新建|存|有|登记)*(?:[一1]?(?P<unit>[个位名]))(?P<person>新?客户?)?[\s,:]*(?P<rest>\S.+)$")


def _one_more_new(s: Sentence) -> Turn | None:
    """再加一个 戚薇 31岁 护士, right after a client was created."""
    match = _ONE_MORE.match(s.text)
    if match is None or before(s).intent != "client.create":
        return None
    found = single(take_apart(f"新客户 {s.said(*match.span('rest'))}", s.now, s.role, s.book, Dialogue(), s.lexicon))
    told = found.slots.keys() - {"name", "client", "kind"}
    if found.intent != "client.create" or not found.get("client") or not (told or match["person"] or match["unit"] != "个"):
        return None  # 再加一个保单 is about no client
    if not _is_somebody(found):
        return None  # 再来一位服务员, 还有一位家属要来
    return found.intent, "one more new", {**found.slots, "clarify": found.clarify}


def _is_somebody(found: Meaning) -> bool:
    """Is the new client called by what looks like a name, which is not also told of them (服务员, by trade 服务员)?"""
    name = str(found.get("client"))
    return is_name(name) and all(found.get(slot) != name for slot in found.slots.keys() - {"name", "client"})


def _field_of_the_new(s: Sentence) -> Turn | None:
    """电话13800135577, right after a client was created: what is still to be said of that one."""
    if not s.fields or (of := before(s)).intent != "client.create" or of.get("client") is None:
        return None
    start, end, _field = s.fields[0]
    value = s.said(end, len(s.text)).strip(" ,，。:：是")
    if _OPENS_FIELD.match(s.text[:start]) is None or not value or _NO_VALUE.fullmatch(value) is not None:
        return None
    who = s.dialogue.focus or ClientRef(0, str(of.get("client")))
    found = single(take_apart(f"{s.said(start, end)}改成{value}", s.now, s.role, s.book, Dialogue(focus=who), s.lexicon))
    if found.intent != "client.update" or found.clarify:
        return None
    return "client.update", "a field of the new one", {**found.slots, **({} if s.dialogue.focus is not None else {"client_id": None})}


# 不是 给李娜 denies and gives; 不是给李娜 only denies.
_GIVES_INSTEAD = lazy(r"^\W*(?:错了?|不对|[搞派弄说]错了?|哦|不是?(?=[\s,。!])|还是|那|[\s,。!])*+(?:是|应该)?(?:换成|改成|换|改派给?|改|转给|转派给?|派给|交给|给)(?P<who>[\u4e00-\u9fff]{2,4}?)(?:吧|处理|跟进?|来|办|去|\W)*$")


def _to_somebody_else(s: Sentence) -> Turn | None:
    """换成李娜, of the ticket that was just given to somebody."""
    match = None if s.times else _GIVES_INSTEAD.match(s.text)
    if match is None or (of := before(s)).intent != "ticket.assign" or not of.get("ticket_no"):
        return None
    found = single(take_apart(f"{of.get('ticket_no')}派给{match['who']}", s.now, s.role, s.book, Dialogue(), s.lexicon))
    return (found.intent, "to somebody else", dict(found.slots)) if found.intent == "ticket.assign" and found.get("assignee") == match["who"] else None


def of_the_ticket(s: Sentence, meaning: Meaning) -> Meaning:
    """这张单子给王磊: the ticket that was spoken of, where the sentence has no number of its own."""
    if s.dialogue.ticket is None or not meaning.intent.startswith("ticket.") or not {"ticket_no", "index"}.isdisjoint(meaning.slots) or _THIS_ONE.search(s.text) is None:
        return meaning
    return replace(meaning, slots=MappingProxyType({**meaning.slots, "ticket_no": s.dialogue.ticket}))


_THIS_ONE = lazy(r"(?:这|那)(?:个|张|条|一?单|件)|它|工单")
