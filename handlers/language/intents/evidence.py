"""What a member wants to see, by evidence: a thing and a wish to know it, in any words and any order.

Asked only when no rule fired. Every reading weighs what was found for it (the thing, the client whose it is, how the wish
was said), and the heaviest one wins. Readings only look up: weak evidence changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.language.intents import (
    claims,
    clients,
    consents,
    contracts,
    figures,
    lists,
    mood,
    reminders,
    search,
    tickets,
)
from handlers.language.intents.pattern import Fill, Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence
from handlers.language.tales import clauses, orders, tells
from handlers.language.unwilled import names_a_thing

# ---------------------------------------------------------------- the wish

_WISH = lazy(
    r"查|看(?!法|好|来|护|病)|翻(?!脸)|瞅|瞄|瞧|调(?:出|一?下|取)|找(?:一?下|出|找)|搜|拉(?:出|一?[下份]|个)|捞|甩|扒|圈|挑|列|盘一?下|捋|汇总|统计|核对?一?下|对一?下|过一?下|给我|发我|发给我|报(?:一?下|给)|告诉我|说说|讲讲|念|想知道|"
    r"了解一?下|打听|确认|show|来(?:一?份|个)|有数|底细?\W*$|呢\W*$|的(?:工单|投诉|提醒|待办|保单|贷款|理财|存单|商机|客户|单子)\W*$"
)
_OF_MANY = lazy(r"捞|扒|甩|拎|揪|都给我|(?:列|筛|挑|圈|拉)(?:一?下|出|个|一?遍)|谁|哪|几(?!号|点)|多少|名单|清单|列|有没有|都有|还有|所有|的(?:工单|投诉|提醒|待办|保单|贷款|理财|存单|单子)\W*$|全部|捋|盘|拉|汇总|统计|多不多")
_SAYS = lazy(r"说(?!说|明|一?下)|嫌|觉得|担心|抱怨|要求|本来|后来|因为|所以|听说|[让叫劝](?:他|她|我|C|老|家)")
_DOES = lazy(r"[了过](?!\W*$)|记得|想|要|[去给得]|不")
_SHORT = 14  # characters of a bare phrase: 琳琳的月收入

# ---------------------------------------------------------------- the things


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence may ask for; `fill` may find that it does not."""

    intent: str
    things: Lazy
    fill: Fill
    weight: int
    products: tuple[str, ...] = ()


def _policies(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """所有车险单子列一下: policies by their product or state; what falls due is another list."""
    slots = contracts.policy_search(s, match)
    return slots if (s.has("product_policy") or slots.get("status")) and "range" not in slots else None


_OF_SOMEBODY: tuple[Reading, ...] = (
    Reading("claim.lookup", lazy(r"还?(?:差|缺|少)(?:什么|啥|哪些)[^,。]{0,4}没[交补]|理赔|赔|报[^,。]{0,5}案|出险|案子|定损|核赔"), claims.claim_lookup, 4),
    Reading("loan.lookup", lazy(r"还(?:银行|行里|我们行)|每个?月还|贷|月供|按揭|抵押|欠(?:款|我们|咱|行里)|放款|担保|逾期|授信|额度|还款|还钱"), contracts.lookup_in("loan"), 3, ("product_loan", "product_credit_line")),
    Reading("holding.lookup", lazy(r"理财|基金|存单|存款|定存|持仓|持有|份额|(?<!高)净值|收益|赎回|浮盈|浮亏|赚|亏|(?:放|存|买|投)了?(?:些|点)?(?:啥|什么|哪些)(?:产品|东西)?"), contracts.lookup_in("holding"), 3, ("product_wealth", "product_deposit", "product_fund")),
    Reading("policy.lookup", lazy(r"(?:名下|手[上里])[^,。]{0,6}单子|保单|保险|(?<!风)险(?!些)|投保|受益人|被保|保额|保费|缴费|交费|续[保期费]|现金?价值?|免赔|保障|保(?:了|到|多少|几)"), contracts.lookup_in("policy"), 3, ("product_policy",)),
    Reading("ticket.list", lazy(r"工单|投诉|客诉|需求单"), tickets.tickets, 3),
    Reading("consent.list", lazy(r"授权|退订|同意书|营销|告知书"), consents.consents, 4),
    Reading("reminder.list", lazy(r"提醒(?:我)?(?:有没有)?(?:设|定|建|加|弄)(?:了|过|好|上)*+(?:没|吗|么)|(?:设|定|建|加)(?:了|过|好)?[^,。]{0,10}提醒(?:没|吗|么)|(?:那|这)[个条件][^,。]{0,12}(?:做|办|弄|处理|搞|送|打|发|交)(?:完|好|了|过)*+没"), reminders.listing, 6),
    Reading("reminder.list", lazy(r"提醒|待办|日程|安排|事项"), reminders.listing, 2),
)
_OF_MANY_KINDS: tuple[Reading, ...] = (
    Reading("policy.search", lazy(r"(?:保单|[Xx险]的?单子?|单子).{0,10}(?:列|捞|拉|查|找|看|清单|有几|多少)|(?:有效|失效|在保|断保|停效)[^,。]{0,4}(?:保单|单子|险)"), _policies, 4),
    Reading("birthday.list", lazy(r"生日|寿星|[过做大]寿|生辰"), lists.due, 3),
    Reading("repayment.list", lazy(r"逾期|还不上|收本|收息|该还|欠着|拖着没还|还款|还贷|月供|还钱|催收|贷.{0,4}(?:到期|逾期)|逾期.{0,4}贷"), lists.due, 3),
    Reading("maturity.list", lazy(r"到期的?[^,。]{0,2}(?:钱|资金|产品)|(?:理财|存单|存款|定存|基金|信托).{0,8}(?:到期|满期|到)|到期.{0,4}(?:理财|存单|存款|定存)"), lists.due, 3),
    Reading("renewal.list", lazy(r"宽限期|续[保期费约]|(?:保单|险).{0,6}到期|到期.{0,4}(?:保单|险)|断保|脱保"), lists.due, 3),
    Reading("ticket.list", lazy(r"工单|投诉|客诉|需求单"), tickets.tickets, 3),
    Reading("reminder.list", lazy(r"提醒|待办|日程|安排|事项|[没未](?:办|做|弄|搞|处理|完成|干)|活儿?|要(?:办|做|忙)|约了(?:谁|哪|几)|(?:要|得)见(?:谁|哪|几)"), reminders.listing, 2),
    Reading("client.search", lazy(r"捞|扒|拎|揪|圈出|筛|挑出|客户|客人|[的](?:人|户)|谁|哪(?:些|几|个|位)"), search.search_strict, 1),
)


_LONGEST = 80  # characters; a longer text is somebody's report and no wish


def by_evidence(s: Sentence) -> tuple[str, Slots] | None:
    """The look-up that what was found speaks for, if any does plainly enough."""
    if s.role == "customer" or len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"} or mood.reminding(s) or mood.supposes(s) or tells(s.shape, "client.lookup"):
        return None
    if not names_a_thing(s.shape) and any(orders(clause) for clause in clauses(s.shape)):
        return None  # something is to be done that no rule understood; showing something instead would be beside the point
    if (s.has("quote") and not s.has("tag")) or _OPINION.search(s.text) is not None or _ASKED_BY_OTHERS.search(s.shape) is not None:
        return None
    if not _is_wished(s):
        found = None if s.clients or s.stranger is not None else search.search_by_several(s, None)
        return None if found is None else ("client.search", found)
    if s.clients or (s.stranger is not None and s.stranger.mention.refs):
        return _of_somebody(s)
    return None if s.stranger is not None and not s.has("customer_book") else _of_many(s)


_DUE_IS = {"maturity.list": ("product_wealth", "product_deposit", "product_fund"), "repayment.list": ("product_loan", "product_credit_line"), "renewal.list": ("product_policy",)}


def _falls_due(s: Sentence) -> bool:
    """年前到期的大额存单: a time, what falls due, and the kind of contract, with no word of asking."""
    return bool(s.points) and _DUE.search(s.shape) is not None and any(s.has(*kinds) for kinds in _DUE_IS.values())


_DUE = lazy(r"(?:到期|满期|该还|要还|要收|收本|该续|要续|要交|该交)[^,。]{0,2}的?[X单客款]")


# What asks for a judgement, or for nothing that stands in the records.
_OPINION = lazy(r"有用[吗么没]|算不算|值不值|该不该|应不应该|合不合适|好不好用|真的假的|对不对|什么用|至于吗|想不通|搞不懂|不明白|不理解|纳闷|奇怪|要不要|何必|干嘛|怎么办|咋办")
_ABOUT_THEM = lazy(r"是[^,。]{1,8}[吗么]\W*$|谁|什么|啥|哪|多(?:少|大|高|久)|几|咋样|怎么样|如何|呢\W*$|来着|在不在|有没有|登记|情况|介绍|查|看|找|翻|调|发我|给我")
_ASKED_BY_OTHERS = lazy(r"(?:客户|人家|对方|C|S|[他她])(?:刚才?|昨天|T|今天)?(?:问|让我问|打听|想知道)")


def _is_wished(s: Sentence) -> bool:
    return _falls_due(s) or names_a_thing(s.shape) or mood.asks(s) or _WISH.search(s.text) is not None or (
        len(s.text) <= _SHORT and _SAYS.search(s.text) is None and _DOES.search(s.text) is None and not s.amounts and not s.protected)


def _of_somebody(s: Sentence) -> tuple[str, Slots] | None:
    found = [(r.weight, r.intent, r.fill) for r in _OF_SOMEBODY if _is_there(s, r)]
    if s.has("tier") and (mood.asks(s) or _WISH.search(s.text) is not None):
        found.append((3, "client.lookup", _tier_of))
    if clients.field_asked(s):
        found.append((3, "client.lookup", clients.lookup))
    asked = mood.asks(s) or _WISH.search(s.text) is not None
    if not found and asked and _SAYS.search(s.text) is None and _ABOUT_THEM.search(s.text) is not None:
        found.append((1, "client.lookup", clients.lookup))
    return _heaviest(s, found)


def _tier_of(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """丁总是不是已经A类了: the tier as it stands."""
    return {**(clients.lookup(s, match) or {}), "field": "tier"}


def _of_many(s: Sentence) -> tuple[str, Slots] | None:
    wanted = _falls_due(s) or names_a_thing(s.shape) or _OF_MANY.search(s.text) is not None or bool(s.points)
    found = [(r.weight, r.intent, r.fill) for r in _OF_MANY_KINDS if wanted and _is_there(s, r)]
    for intent, fill in (("stats.team", figures.of_team), ("stats.me", figures.of_me)):
        found.append((2, intent, fill))
    return _heaviest(s, found)


def _is_there(s: Sentence, reading: Reading) -> bool:
    return reading.things.search(s.text) is not None or s.has(*reading.products)


def _heaviest(s: Sentence, found: list[tuple[int, str, Fill]]) -> tuple[str, Slots] | None:
    for _weight, intent, fill in sorted(found, key=lambda f: -f[0]):
        slots = fill(s, None)
        if slots is not None:
            return intent, slots
    return None
