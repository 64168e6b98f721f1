"""Tickets: complaints and demands, who works on them, how they end."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.adding import POLICY_SLIP
from handlers.language.intents.colleagues import colleagues, given_to, who_takes
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import TICKET_STATUS

_PRIORITY = {"urgent": "紧急 加急 特急 很急 马上处理 火急 急 急件 十万火急 尽快 立刻", "high": "优先 重要 高优先级 高优", "normal": "普通 一般 不急 不着急"}
_TICKET_CUT = lazy(r"^\W*(?:有|来)?(?:了)?(?:一?[个条])?(?:新)?需求[\s:,]*|(?:帮我|请)?(?:提|建|开|新建|登记|登|创建|记|生成|录|走|挂|报|下|起|补|立)(?:一?个|一?张|一?条|一下)?(?:的)?(?:工单|投诉工单|投诉单|投诉|需求单|需求工单|需求|单子|单|客诉)|(?:加急|紧急|急)$|给(?=$)")
_BARE = lazy(r"^\W*#?t?(?P<first>\d{4,8})(?=[\u4e00-\u9fff])(?!(?:年|月|元|块|万|多|左右|号线|人|个|户|份|次|天|点|保|的?保))|(?<![\d.a-z:年月-])#?t?(\d{3,8})(?=号?(?:工?单|指|搞|办|完|撤|客户|有人|没|怎|咋|进|卡|投诉|那[张个条单]|这[张个条单]|的|改|没人|派|分|给|交|转|让|由|归|关|结|可以|已|处理|是|谁|还|现在|到|,|\s|$))(?![年月日点元块])")


def number(s: Sentence) -> Slots:
    """The ticket's number, also without the word 工单 beside it (3391派给王磊)."""
    found = fills.number_of(s)
    if "ticket_no" in found:
        return {"ticket_no": found["ticket_no"]}
    match = _BARE.search(s.text)
    if match is None or any(a.unit != "plain" and a.start <= match.start(match.lastindex or 1) < a.end for a in s.amounts):
        return {}
    if any(p.kind != "ticket_no" and p.start <= match.start(match.lastindex or 1) < p.end for p in s.protected):
        return {}
    return {"ticket_no": match[match.lastindex or 1]}


def _priority(s: Sentence) -> str | None:
    return fills.word_in(_PRIORITY, s.text) if re.search(r"急|优先|优|重要|普通|尽快|立刻|马上处理", s.text) else None


_UNHAPPY = r"投诉|客诉|抱怨|不满|发火|生气|吐槽|骂|太慢|态度|没人(?:管|理|接)|反映|登录不上|故障|坏了|掉线|扣错|多扣|扣了两|没到账|吞卡|不到账|打不开|卡死|出错|被拒|闪退|恼火|炸毛|急眼|不高兴|意见很大"


def _kind(s: Sentence) -> str:
    if "需求" in s.text:
        return "demand"
    if re.search(_UNHAPPY, s.text) or s.has("complaint"):
        return "complaint"
    return "demand" if re.search(r"想|希望|咨询|申请|建议|需要|要(?!投诉)|补打|换成|开通|办理|改成|调整|增加", s.text) else "complaint"


def ticket(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if re.search(r"哪些|列(?:出|一下|表)|清单|有几|多少(?:个|张|条)", s.text):
        return None
    text = fills.content(s, [(c.start, c.end) for c in s.clients], _TICKET_CUT)
    due = next((s.when(e, times.REMIND) for e in s.points if e.limit in {"before", "within"} or "duration" in e.slots), None)
    return fills.merged(fills.client(s), {"type": _kind(s), "content": text or None, "assignee": _assignee(s), "due": due, "priority": _priority(s)})


_SOMEBODY = r"有(?:一?[个位])(?:老|新)?客户"
_WANTS = r"(?:说|表示|问|提出|[他她]|本人|也|,|\s)*(?:想|希望|打算|准备|要求)(?:要|着)?"
_MOVED_BANK = r"[^,。]{0,12}?(?:换|转|挪|迁|搬|移)(?:成|到|去|为|过?来|回)?(?:我们|咱们?|本|别的?|其[他它]的?|另一?家|他)(?:家)?(?:银?行)(?!长|员)"


def wanted(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """刘洋 工资卡想换到我们行, 有个客户想…: what a client wants of the bank; of a client without a name it is asked who."""
    slots = ticket(s, match)
    if slots is None or match is None or not match.groupdict().get("somebody"):
        return slots
    nobody = {name: value for name, value in slots.items() if name not in {"client", "client_id", "pronoun", "clarify"}}
    return {**nobody, "content": s.normal.said.strip(" ,，。") or None, "clarify": "client_missing"}


def complained(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """王芳 投诉 理赔慢: what is complained about decides nothing, were it a claim or too many reminders."""
    return None if re.search(r"提醒(?:一?下)?我|记得|别忘", s.text) else ticket(s, match)


def _assignee(s: Sentence) -> str | None:
    """The colleague behind 派给, 让 …; not a client, of whom the ticket is."""
    found = given_to(s, colleagues(s))
    return s.said(found.start, found.end) if found else None


def assign(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = who_takes(s, colleagues(s))
    named = s.clients
    if found is not None:
        to = s.said(found.start, found.end)
    else:
        last = next((c for c in reversed(s.clients) if re.search(r"(?:派|给|让|转|由|归|叫|安排)\s*$", s.text[:c.start])), None)
        if last is None:
            return None
        to, named = last.mention.text, [c for c in s.clients if c is not last]
    who = fills.client(s, place=s.clients.index(named[0])) if named else {}
    due = {"due": s.when(s.points[0], times.REMIND)} if s.points else {}
    told = number(s)
    if not who and not told and not s.has("ticket", "complaint", "demand"):
        return None
    return fills.merged(who, told, {"assignee": to, "priority": _priority(s)}, due)


_CLOSE_CUT = lazy(r"(?:的)?(?:工单|投诉单?|单子|单号|那张|这张)|可以|已经|结案|结单|完结|销单|销了|关单|关闭|关掉|关了|结掉|结了|办结|#|^号")


def close(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    told = number(s)
    if not told and not s.has("ticket", "ticket_no", "complaint", "demand", "index"):
        return None
    cuts = [(m.start(), m.end()) for m in re.finditer(r"#?t?" + re.escape(told.get("ticket_no", "\0")), s.text)]
    text = fills.content(s, [*cuts, *((c.start, c.end) for c in s.clients)], _CLOSE_CUT)
    return fills.merged(fills.client(s, needed=False) if s.clients else {}, told, {"content": text or None})


def _status(s: Sentence) -> str | None:
    if re.search(r"超期|超时|逾期|过了时限", s.text):
        return "overdue"
    if re.search(r"(?:没|未|还没|没有)(?:人)?(?:分|派|认领|处理|解决|结|关|办|跟进|动|管|接|理|闭环|了结|完|好|回(?!款|电)|答)|挂着|压着|积压|待处理|没结|没关|未结|还剩|在手", s.text):
        return "open"
    if re.search(r"(?:关掉|关了|结掉|结案|办结|关闭|结了)的|已(?:经)?(?:关|结)", s.text):
        return "closed"
    return fills.word_in(TICKET_STATUS, s.text)


_SLIP_OF_POLICY = lazy(rf"(?<!工)(?<!诉){POLICY_SLIP}")


def _are_policies(s: Sentence) -> bool:
    """所有车险单子, 宽限期的单子: 单子 are policies where nothing else speaks of a ticket."""
    only = {s.text[a:b] for concept in ("ticket", "complaint", "demand") for a, b in s.words.get(concept, ())} == {"单子"}
    return only and (_LIST_OF.search(s.text) is not None or s.has("product_policy") or _OF_POLICIES.search(s.text) is not None)


_LIST_OF = lazy(r"(?:拉|列|出|做|打)(?:一?个|一?张|一?份)?单子")  # a list is to be made
_OF_POLICIES = lazy(r"(?:名下|手[上里])(?:都|现在|一共|总共|还)*有(?:些)?(?:啥|什么|哪些|几张)|宽限|续[保期费]|到期|保费|缴费|交费|失效|断保|生效|承保|出单")


def tickets(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    told = number(s)
    if not told and (not s.has("ticket", "complaint", "demand") or _SLIP_OF_POLICY.search(s.text) or _are_policies(s)):
        return None
    kind = "complaint" if re.search(r"投诉|客诉", s.text) else "demand" if "需求" in s.text else None
    people = colleagues(s) if not s.clients else []
    who = fills.client(s, needed=False) if s.clients else {}
    asked_close = told and re.search(r"[关结]了?(?:没|吗)|是不是", s.text)
    return fills.merged(who, told, {"type": kind, "status": None if asked_close else _status(s), "assignee": people[0].name if people else None,
                                    "priority": _priority(s)}, fills.span_of(s, times.LOOK_BACK))


_CLOSES = r"(?<![a-z])close[d]?(?![a-z])|收口|结案|关闭|关掉|关了|关单|结单|办结|销单|销了|销掉|完结|了结|结了|结掉|归档|关上|关吧|销吧|可以关|可以结|可以销|(?<=\s)结(?=\W*$)"
_CLOSES = rf"(?<![没未别不])(?:{_CLOSES})(?!的|(?:之|以)?前|不)"
_SETTLED = r"(?:投诉|客诉)[的事,\s]{0,3}(?:都|已经?|算|终于)*(?:解决|处理(?:完毕|妥当?)(?!(?:之|以)?前)|处理(?:完|好|掉)?(?=了|\W*$)|已处理|搞定|平息|撤(?:销|回)?)(?!不|得|方案|中|进)"
# 投诉过, 投诉的事, 投诉进度 speak of one that there is
_NO_NEW_ONE = r"\W*(?:的|已|过|吗|没|了吗|了没|处理|解决|进度|记录|怎么|情况|几|多少|单|工单|名单|列表|办|撤|结|关|平息|搞定|已经?处理|都处理|率|派|给|转|由|谁|渠道|电话)"
# A number that opens the sentence, and is none of a door, a port or an amount.
_NUMBER = r"^\W*(?:把|将)?#?(?:\d{3,8}(?!\d)|N)(?!\s?(?:端口|室|车位|房|路|楼|元|块|次|航班|号(?:车位|楼|房|线|院|地块)))"
_TICKETS = r"诉求|工单|投诉|需求|单子|客诉|[单N](?!\S{0,2}险)"
RULES: tuple[Rule, ...] = (
    rule("ticket.create", 76, "ticket complaint demand", ticket, need="who", no="remind settle", shape=r"(?:提|建|开|新建|登记|登|创建|生成|录|记|走|挂|报|起|补|立)(?:一?个|一?张|一?条|一下|一笔)?.{0,4}(?:工单|投诉|需求|诉求|客诉|单(?!期))|(?<!的)工单\W*$", name="open a ticket"),
    rule("ticket.create", 85, "ticket complaint demand", ticket, need="who", no="remind settle", name="at the end, open a ticket",
         shape=r"[,。;\s](?:请|麻烦|帮我?|给(?:他|她)|替我|先|就)*(?:提|建|开|新建|登记|登|录|记|走|挂|起|立)(?:一?个|一?张|一?条|一?下|一笔)?(?:的)?(?:加急|紧急)?(?:工单|投诉单?|需求单?|诉求|客诉|投诉工单|需求工单|单子)(?:吧|哈|催一催|加急|急)?\W*$"),
    rule("ticket.create", 64, "complaint", ticket, need="who", no="ask remind list note finish", shape=r"[CS].{0,4}(?:要?投诉|反映|抱怨|不满|反馈)"),
    rule("ticket.assign", 88, "complaint ticket", assign, no="ask remind list customer_book", name="a complaint is somebody's to settle", quiet=True,
         shape=r"(?:投诉|客诉|工单|需求)(?:的|那|这|嗰)?[^,。]{0,8}(?:交给|派(?:给|俾)?|转给|让|由|归|叫)[^,。\sT]{2,6}|(?:投诉|客诉|工单)[^。]{0,10}[\s,][\u4e00-\u9fffS]{2,3}(?:去|来)(?:处理|办|跟|接)"),
    rule("ticket.create", 87, "complaint", complained, need="who", no="ask list settle ticket_no", name="a complaint and what about", quiet=True,
         shape=rf"^(?:\W|记|登记|记一下|客户|T|刚刚?|刚才)*+[CS](?:\s|,|T|又|也|刚刚?|今天|来电|打电话|来|打来|本人|要|说|一直|在)*+(?:投诉|客诉)(?!{_NO_NEW_ONE})(?:了|说|我们?|:|,|\s)*[^\s吗?]"),
    rule("ticket.create", 87, "complaint", complained, need="who", no="ask list settle ticket_no", name="a complaint of whom and what about", quiet=True,
         shape=rf"^\W*(?:登记|记)?(?:一?[个条下])?(?:投诉|客诉)(?:一?[单件起个])?[\s:]*[CS][\s,:]+(?!{_NO_NEW_ONE})[^\s吗?]{{2,}}"),
    rule("ticket.create", 88, "demand", ticket, need="client", no="remind list note opportunity ticket_no settle", name="a demand is to be registered for somebody",
         shape=r"^\W*(?:帮|给|替)C(?:提|登记?|建|录|报|记)(?:一?[个条下份])?(?:诉求|需求|要求)[\s,:]+\S"),
    rule("ticket.create", 72, "demand", ticket, need="who", no="ask remind list note opportunity", shape=r"^\W*需求\s?[CS]|[CS].{0,3}需求"),
    rule("ticket.create", 88, "demand", ticket, need="client", no="ask remind list note opportunity ticket_no settle", name="a demand and what about",
         shape=r"^\W*(?:(?:有|来)?了?(?:一?[个条])?新?需求[\s:,]*C|C[\s,]*(?:有|提)?了?(?:一?[个条])?新?需求)[\s:,]+(?:[^\s,。?]{4,}|[^\s,。?]*[想要])"),
    rule("ticket.create", 88, "any", wanted, no="ask remind list note opportunity ticket_no settle", name="what a client wants of the bank",
         shape=rf"^\W*(?:C(?:的|\s|,)*+[^,。A-Z]{{0,6}}?|(?P<somebody>{_SOMEBODY})){_WANTS}(?:把|将)?{_MOVED_BANK}"),
    rule("ticket.assign", 80, "ticket ticket_no handover complaint demand assign", assign, no="ask remind create list customer_book",
         shape=r"(?:单|工单|投诉|客诉|N|需求|\d{3,8}).{0,24}(?:派|指派|分给|转给|转|交给|给|让|分配|安排|由|归|叫|请).{0,4}|(?:派|派给|指派给|分给|转给|让|安排).{1,6}(?:跟|处理|负责|接|办|搞定)|(?:单|投诉|客诉|需求).{0,6}(?:接|处理|跟|负责)"),
    rule("ticket.assign", 85, "any", assign, no="ask remind create list customer_book", name="a number to somebody", shape=_NUMBER + r"(?:号|那[张单个条]|这张)?.{0,12}(?:派|指派|给|让|转|分|由|归|安排)"),
    rule("ticket.assign", 86, "any", assign, no="ask remind create list", name="a number to somebody, and what he is to do",
         shape=_NUMBER + r"(?:号|那[张单个条]|这张)?(?:工单|单子?)?(?:派|指派|给|让|转|分|由|归|安排)(?:给)?[^,。\d]{1,4}?(?:跟进?|处理|办|接手?|负责|[\s,])"),
    rule("ticket.assign", 85, "ticket_no", assign, no="ask remind create list", name="this number to somebody", shape=_NUMBER + r"(?:这|那)?[张单个]?(?:先)?(?:给|派给|转给|交给)(?:S|[\u4e00-\u9fff]{2,3})(?=$|[\s,。])"),
    rule("ticket.close", 81, "ticket ticket_no complaint demand", close, no="remind list create", shape=_CLOSES),
    rule("ticket.close", 82, "complaint", close, need="who", no="ask remind list create", shape=_SETTLED, name="a complaint is settled"),
    rule("ticket.close", 80, "any", close, no="ask remind list create client_delete settings", name="close a number", shape=_NUMBER + r"(?:号|那[张单个条]|这张)?.{0,16}" + _CLOSES),
    rule("ticket.list", 71, "ticket complaint demand", tickets, need="list", no="remind draft stats_rate renewal policy", shape=_TICKETS),
    rule("ticket.list", 73, "ticket complaint demand ticket_no", tickets, need="ask", no="remind draft create money opportunity claim policy", name="a question about tickets", shape=r"工单|投诉|客诉|单子|N"),
    rule("ticket.list", 79, "ticket complaint demand", tickets, no="remind draft who", name="tickets that came", shape=r"新(?:增|来|进|建)(?:了|的)?(?:几|多少|哪些)?(?:个|张|条|起)?(?:投诉|工单|客诉|需求)(?!量|率)"),
    rule("ticket.list", 79, "ticket complaint demand", tickets, no="remind draft who", name="tickets nobody answered",
         shape=rf"^\W*(?>现在|还|都|看看?)*(?:有)?(?:哪些|什么|啥|哪几[个张条])(?:{_TICKETS})(?:还|都|一直)*(?:没|未)(?:有|人)*(?:回|答|处理|办|结|管|跟|理|接|动)"),
    rule("ticket.list", 70, "any", tickets, need="ask", no="remind draft create money", name="a question about a number", shape=r"^\W*#?\d{3,8}(?:号|那[张单个条]|这张)?.{0,10}(?:关|结|处理|谁|到哪|进度|派|分|有人|接手|接单|跟进)"),
    rule("ticket.list", 66, "ticket", tickets, no="remind create draft note handover money renewal", shape=r"(?:查看?|看看?|列出?|我的|未(?:处理|结|关|解决|派)|没(?:处理|关|结|派)|超时|逾期|待处理|处理中的?|在办的?|跟进中的?|[TS紧急]).{0,8}(?:工单|投诉|需求单|单子)|(?:工单|投诉|需求单?)(?:列表|清单|情况|进度|给我列|列列|汇总|有哪些|一览)"),
)
