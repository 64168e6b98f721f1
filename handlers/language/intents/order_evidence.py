"""What a member orders, by evidence: a deed and what it is done to, in any words and any order.

Asked only when no rule fired at all. Every reading needs the deed itself in the sentence, and passes the gate of questions,
quotations and tales like the rules do; what it finds is shown before it is done, or can be taken back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.language.intents import clients, deals, fills, handovers, mood, put_right, reminders, tagging
from handlers.language.intents.pattern import WRITES, Fill, Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.orders import why_no_order
from handlers.language.sentence import Sentence
from handlers.language.unwilled import ends


@dataclass(frozen=True, slots=True)
class Reading:
    """An order: the concepts that must be there and must not, and the deed in the shape of the sentence."""

    intent: str
    deed: Lazy
    fill: Fill
    needs: tuple[str, ...] = ("client",)
    never: tuple[str, ...] = ()


def _tier(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    return fills.merged(fills.clients(s), {"tier": match["tier"].upper()}) if match is not None else None


_END = r"(?:去|算了|好了|吧|了|先|哈|咯|呗|啊|哦|嘛|呢|谢谢|辛苦|[\s,，。!！~])*+$"
_LIST = r"(?:名下|列表|名单|手[上里头]|通讯录|客户(?:里|名单|列表|库)|我(?:这|那)(?:儿|里|边)?)(?:里|上|中|面)*+"
_GOES = r"删|划(?:走|掉)|移(?:走|出|除|掉)|清(?:掉|走|出)|去掉|拿(?:掉|走)|踢|剔|抹|除名|挪走"
_ONE_PERSON = r"一个人|一位|一人|重复|重了|[录建加登]重|[录建加登]了两[遍次]|两个号"
_DEAL = r"(?:那|这)?(?:一?[单笔个张])(?:子|生意)?(?!车|位|据|独|身)|商机|项目(?!部|组|经理)|生意|意向"
_LOST = r"黄了|丢了|没了|吹了|飞了|泡汤|谈崩|没戏|没成|搅黄|跑单|(?:被|让|给)[^,。]{1,8}(?:抢|撬|截|挖)"

_COMES_TO = r"签|拿|取|交|办|面|谈|开|补|缴|存|续|看|做|送|收|网点|公司|店|柜|行里|我们|咱"  # what a client comes for
_DOES = rf"催|盯|送|寄|取|拿|带|交|办|签|约|打(?:个)?电话|回(?:个)?[电话访]|发|报|见|补|拜|陪|接|缴|递|领|准备|整理|对账|开会|面签|走访|外访|体检|复查|过户|汇报|来(?={_COMES_TO})|到店|上门(?={_COMES_TO})"
_READINGS: tuple[Reading, ...] = (
    Reading("client.update", lazy(put_right.WRONG), put_right.put_right, needs=("client", "field"), never=("policy", "loan", "holding", "product", "premium", "ticket", "tag")),
    Reading("client.merge", lazy(rf"C[^,。]{{0,6}}[CS][^。]{{0,16}}(?:{_ONE_PERSON})[^。]{{0,16}}(?:合|并)|C[^,。]{{0,4}}[CS](?!的)[^。]{{0,12}}(?:合(?:并|[到成]一(?:个|条|份|起(?!拍|吃|玩|去))|了(?!影|照|伙|作|同)|掉|起来)|并(?:成|到|为|一下|了(?!购)|掉|起|档))"), clients.several),
    Reading("client.delete", lazy(rf"(?:{_LIST}[^,。A-Z]{{0,6}}|把C(?:这个?人|这位|客户|那边|给我|也|都|先|彻底|直接|整个|,|\s)*+)(?:{_GOES}){clients.NOTHING_ELSE}|(?:名单|列表|名下)[^,。]{{0,6}}(?:不要|别|不想)(?:再)?(?:看到|见到|出现|留|有|挂){clients.NOTHING_ELSE}"), clients.one,
            never=("tag", "remind", "reminder_thing", "policy", "product", "opportunity", "claim", "ticket", "consent")),
    Reading("tier.set", lazy(r"(?:C|^|[,\s]|评级|等级|级别)(?:和|跟|C|也|都|就|先|直接|给我|给|等级|级别|从\s?[a-ds](?:类|级|档)?|,|\s)*+(?:放|归|掉|降|升|调|定|列|划|转|评|打|提|改|设)(?:级|档)?(?:到|成|为|个|进|入|回|在|去)*+\s?(?P<tier>[a-ds])(?:类|级|档|那[类档])?里?(?:去|算了|好了|吧|了|先|哈|咯|呗|啊|哦|嘛)*+(?:$|[\s,，。!])"), _tier,
            never=("policy", "loan", "holding", "ticket")),
    Reading("tag.add", lazy(rf"C[^,。]{{0,6}}(?:打|贴|挂|加|标)(?:上|个|一个|成|为|了)++\s*[^,。A-Z\s]{{2,8}}{_END}"), tagging.add_known_tag, never=("remind", "reminder_thing", "ticket")),
    Reading("tag.remove", lazy(rf"(?:摘|撕)(?:掉|了|下)?\s?[^,。A-Z\s]{{2,8}}{_END}|身上(?:那个|的)?[^,。A-Z]{{2,8}}?(?:撕|摘|去|拿|删)(?:掉|下来)(?!了){_END}"), tagging.remove_tag, never=("remind", "reminder_thing", "ticket", "product")),
    Reading("opportunity.update", lazy(rf"C[^,。]{{0,6}}(?:{_DEAL})[^,。]{{0,4}}(?:{_LOST})|(?:{_LOST})[^,。]{{0,3}}C[^,。]{{0,6}}(?:{_DEAL})"), deals.opportunity, never=("claim", "ticket")),
    Reading("reminder.cancel", lazy(r"(?:提醒|闹钟|闹铃|待办|日程)[^,。]{0,4}(?:别|不用|不要|不必)(?:再)?(?:要|响|提|叫|弹|搞)?(?:我|了|啦)*+\W*$|(?:那|这)[个条](?:就|都|也|以后|先)*+(?:别|不用|不要)(?:再)?提(?:醒|我)|C[^,。]{1,8}那个(?:就|都|也)*+(?:别|不用|不要|不使)(?:再)?提[了啦]?\W*$|(?:别|不用|不要)(?:再)?(?:响|弹|提我|催我)"), reminders.cancel, needs=("any",), never=("tag", "ticket", "consent", "product")),
    Reading("reminder.create", lazy(rf"^\W*T[上里]?(?:\s?T)?[\s,]*(?:要|得|去|该|记得|我|还|再|先|,|\s)*+(?:(?:给|跟|和|找|约|帮|陪|替)[CS]|C(?=(?:来|过来|到店|上门)(?:{_COMES_TO})))?[^,。\s]{{0,2}}?(?:{_DOES})(?!了|过|的)[^。?]{{0,30}}$"), reminders.to_be_done, needs=("time", "client"), never=("past", "happened", "stats", "draft", "birthday", "list", "ticket", "claim")),
    Reading("reminder.complete", lazy(rf"^(?=[^,。]{{0,12}}[\d一二两三四五六七八九十])(?:\W|第|把|和|跟|还有|那|个|条|件|项|号|[\d一二两三四五六七八九十])++(?:都|全|也|我|已经?|刚)*+(?:整|弄|办|搞|做|干|忙|处理|跑|联系|打|回|交|发)(?:完|好|妥|定|掂|利索|过|掉)?了?{_END}"),
            reminders.complete, needs=("any",), never=("ticket", "claim", "who")),
    Reading("handover.cancel", lazy(r"(?:移交|(?:转给|交给|转到|划给)(?![^,。]{1,4}的(?!客户|那批|人|几个|单))|(?:客户|名下)[^,。]{0,8}给|给[^,。]{1,4}(?:的)?(?:那批|客户(?!的)|那?几个客户))[^。]{0,12}(?:不(?:移交|转|交|划)了|作废|撤(?:了|回|销|掉)|收回|取消|暂时不|先不)"), handovers.handover_cancel, needs=("any",), never=("ticket", "ticket_no", "consent", "reminder_thing", "policy", "product", "tag")),
)


_THEIR_WORDS = lazy(r"C(?:[他她T]|本人|又|也|还|今天|刚才?)*+(?:说|讲|问|要求|想|要(?!升|降)|让|叫|喊|嫌|觉得|提出)")  # what a client says is not ordered
_LONGEST = 60  # characters; a longer text is somebody's report and no order


def by_order(s: Sentence) -> tuple[str, Slots] | None:
    """The order that the deed in the sentence speaks for, if its speaker wants it done."""
    if s.role == "customer" or len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"} or mood.asks(s) or mood.supposes(s) or mood.reminding(s) is not None or s.has("quote"):
        return None
    shape = ends(s.shape)
    for reading in _READINGS:
        deed = reading.deed.search(shape) if all(s.has(need) for need in reading.needs) and not s.has(*reading.never) else None
        if deed is None or _THEIR_WORDS.search(shape, 0, deed.end()) is not None:
            continue
        if reading.intent in WRITES and why_no_order(s, reading.intent):
            continue
        slots = reading.fill(s, deed)
        if slots is not None and slots.get("clarify") in {None, "client"}:
            return reading.intent, slots
    return None

