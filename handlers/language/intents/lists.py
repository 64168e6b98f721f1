"""Due lists: birthdays, renewals, maturities, repayments, and everything that falls due."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers.language import when as times
from handlers.language.intents import fills, mood
from handlers.language.intents.pattern import Fill, Rule, Slots, nothing, rule
from handlers.language.meaning import When
from handlers.language.sentence import Sentence

_DAYS = re.compile(r"(\d{1,3})\s*天|(\d{1,2})\s*个?月")


_OF_ONE = re.compile(r".{0,6}(?:啥时候|什么时候|几号|哪天|何时|几时)到期\W*$")


_THEIR_BIRTHDAY = re.compile(r"\W*(?:那|的)?生日(?:是)?(?:哪天|几号|什么时候|啥时候|几月几号|多少)(?:来着|啊|呀|呢|\W)*$")  # of the client in mind


def due(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """`range` looks ahead; 续保清单 30天 counts as 30 天内. 车险啥时候到期 is about the client in mind."""
    if s.dialogue.focus is not None and _OF_ONE.match(s.text):
        return None
    return fills.merged(fills.product(s), _ahead(s), _calendar(s), _overdue(s))


def _ahead(s: Sentence) -> Slots:
    if s.points:
        found = fills.period(s.when(s.points[0], times.DUE))
        if found.problem == "impossible":
            return {"range": found, "clarify": "when"}
        return {"range": fills.rest_of(s, s.points[0], _until(found, s))}
    bare = next((e for e in s.times if e.is_duration), None)
    if bare is None:
        return {}
    count, unit, _suffix, minutes = bare.slots["duration"]
    return {"range": s.when(replace(bare, slots={"duration": (count, unit, "within", minutes)}), times.DUE)}


def _until(found: When, s: Sentence) -> When:
    """年底前: from today up to and with that day."""
    if not found.deadline:
        return found
    return replace(found, start=s.now.date().isoformat(), end=(found.date + timedelta(days=1)).isoformat(), grain="day", deadline=False, mod=None)


def _calendar(s: Sentence) -> Slots:
    if re.search(r"农历|阴历", s.text):
        return {"calendar": "lunar"}
    return {"calendar": "solar"} if re.search(r"阳历|公历", s.text) else {}


def _overdue(s: Sentence) -> Slots:
    return {"status": "overdue"} if re.search(r"逾期|过期|欠|超期", s.text) else {}


_AGAIN = {"renewals": "renewal.list", "renewal.list": "renewal.list", "birthdays": "birthday.list", "birthday.list": "birthday.list",
          "maturities": "maturity.list", "maturity.list": "maturity.list", "repayments": "repayment.list", "repayment.list": "repayment.list", "due": "due.list",
          "due.list": "due.list", "reminders": "reminder.list", "reminder.list": "reminder.list", "premiums": "premium.list", "premium.list": "premium.list"}
_ELLIPSIS = r"^\W*(?:那|那么|换成|改成|看看|再看看)?(?:看)?[TD](?:的|内)?(?:呢|有哪些|的呢)?\W*$"


def again(intent: str) -> Fill:
    """「那 60 天的呢」 asks the list shown before for another period."""
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        if intent == "reminder.list" and s.dialogue.choices < 2:
            return None  # 1小时后, of the one reminder shown
        return _ahead(s) or None
    return fill


_MANY = re.compile(r"谁|哪些|哪几|哪个|有没有|名单|清单|列表|几(?:个|位|单|份|笔|张|户|家)|多少|都有|列|捋|拉|盘一?下|汇总|查|看|筛|找|调|有啥|有什么|客户|的?(?:人|户|承租人|借款人|企业|公司)\W*$|[要该快]\S{1,6}的\W*$|(?:要|该|快|得)[续交缴还到]\S{0,4}的\S{2,6}\W*$|的(?:单子|保单|单|人)?\W*$|给我|一览|边个|邊個")
_TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("birthday.list", re.compile(r"生日|寿星|过寿|做寿|大寿|生辰|诞辰")),
    ("repayment.list", re.compile(r"(?:还款|还贷|还钱|还息|还本|月供|租金|扣款|供楼|供车|催收|催一?下|结息)|(?:贷|借款|授信|租赁)[^,。]{0,6}(?:到期|逾期|该还|要还|没还|拖欠|欠)|(?:逾期|拖欠|没还|欠)[^,。]{0,6}(?:贷|款|的客户|的\W*$)|(?:到期|要还|该还)的?[^,。]{0,4}(?:贷|借款|授信)")),
    ("maturity.list", re.compile(r"到期的?[^,。]{0,2}(?:钱|资金)|(?:理财|存单|存款|定存|定期|基金|私募|信托|国债|产品)[^,。]{0,8}(?:到期|满期|期满|开放|要到|快到)|(?:到期|满期|期满|要到|快到)[^,。]{0,6}(?:理财|存单|存款|定存|定期|基金|私募|信托|国债|产品)|满期")),
    ("premium.list", re.compile(r"(?:要|该|得|需要?|快|没|未)(?:交|缴)(?:钱|费|保费)|(?:缴|交)(?:保)?费(?!方式|期)|宽限期")),
    ("renewal.list", re.compile(r"续(?!写|上了|好了|率|[保期]率)|到期|脱保|断保|满期")),
)


def listed(intent: str) -> Fill:
    """A due list by its topic, when many are asked for and nobody is named."""
    def fill(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        if s.dialogue.focus is not None and _THEIR_BIRTHDAY.match(s.text):
            return None
        if mood.reminding(s) is not None or mood.supposes(s) or s.has("complaint") or topic(s) != intent or not (_MANY.search(s.text) or mood.asks(s)):
            return None
        return due(s, match)
    return fill


def topic(s: Sentence) -> str:
    """What falls due."""
    return next((name for name, words in _TOPICS if words.search(s.text) is not None), "")


_OPENING = r"^\W{0,3}(?:看看?|查看?|查一?下|看一?下|列一?下|列出|打开|我的|我名下|团队的?|团队里|名下|给我|帮我|所有|全部|\s){0,5}"
_NO = "remind note create draft cancel postpone update renewed not_renewed wish handover opportunity"
RULES: tuple[Rule, ...] = (
    *(rule(name, 63, "list ask time length product renewal repayment birthday maturity", listed(name), no="client note draft renewed wish handover opportunity tag consent create", name=f"{name} by its topic", quiet=True)
      for name, _words in _TOPICS),
    *(rule(name, 78, "renewal repayment premium", listed(name), no="client note draft renewed wish handover opportunity tag consent create", name=f"{name} of what is still to be done", quiet=True,
           shape=r"(?:要|该|得|需要?|快)(?:交|缴|续|还)")  # a due list, no figure: 下周要交保费的有谁
      for name in ("premium.list", "renewal.list", "repayment.list")),
    rule("overdue.list", 72, "any", nothing, no="client stranger remind note create draft loan product_loan policy premium repayment reminder_thing ticket", name="what is late",
         shape=rf"{_OPENING}(?:谁|哪些客户|哪些人|哪几个|有谁|有没有(?:人|客户)?|客户)?(?:都|还|已经?|是|有|现在|T){{0,4}}逾期(?:了|的|没缴|没交|未缴|未交|没还|未还|没付){{0,3}}(?:款项|客户|人)?(?:名单|清单|列表|情况)?(?:有谁|有哪些|是谁|有几个|吗)?\W{{0,3}}$"),
    rule("client.silent", 79, "any", nothing, no="client stranger remind create draft length time", name="whom nobody has met for long",
         shape=rf"{_OPENING}(?:谁|哪些客户|哪些人|哪几个|有谁|有没有)?(?:是|都|已经?|有){{0,3}}(?:久未联系|沉默|(?:好久|很久|许久|长期|长时间|太久|久)(?:都)?(?:没有?|未)(?:再)?(?:联系|跟进|回访|拜访|沟通)(?:过|了)?)(?:的)?(?:客户|人)?(?:名单|清单|列表)?(?:有谁|有哪些|是谁|有几个|吗)?\W{{0,3}}$"),
    rule("birthday.list", 69, "birthday", due, no=_NO + " client stranger", name="whose birthday",
         shape=r"谁|哪些|有没有|名单|清单|列表|几个|多少|有人|寿星|客户|[TD].{0,6}(?:生日|过寿)|生日.{0,4}[TD]|哪位|哪几"),
    rule("birthday.list", 60, "birthday", due, no=_NO + " client stranger focus", shape=r"^\W*(?:查看?|看看?)?(?:生日)(?:提醒|名单|列表|清单)?\W*$"),
    rule("renewal.list", 70, "renewal", due, no=_NO + " client stranger product_wealth product_deposit product_fund product_loan loan stats maturing team",
         shape=r"续[保费期约]|保单|谁|哪些|单|险|X"),
    rule("renewal.list", 71, "not_renewed renewal", due, need="list", no="remind note create draft client stranger product_wealth loan", shape=r"(?:谁|哪些).{0,6}(?:没|未|还没)续"),
    rule("renewal.list", 66, "renewal", due, need="list", no=_NO + " client stranger product_wealth product_deposit product_fund product_loan holding loan stats"),
    rule("renewal.list", 67, "renewal", due, need="policy time", no=_NO + " client stranger ask_stats"),
    rule("maturity.list", 73, "maturity", due, no=_NO + " client stranger product_policy policy", shape=r"理财|存单|存款|定存|基金|私募|产品|X|满期|持仓|信托"),
    rule("maturity.list", 74, "maturity", due, no=_NO + " client stranger product_policy policy loan product_loan", shape=r"^\W*到期(?:清单|名单|列表)"),
    rule("repayment.list", 74, "repayment loan product_loan", due, no=_NO + " client stranger money stats paid complaint", shape=r"还款|还贷|月供|扣款|还钱|催收|贷款.{0,4}到期|贷.{0,4}到期|到期的?.{0,3}(?:贷|X)"),
    rule("repayment.list", 72, "loan product_loan", due, need="list", no=_NO + " client stranger money stats paid", shape=r"逾期|到期|欠"),
    rule("due.list", 68, "maturity renewal", due, no=_NO + " client stranger holding product policy loan stats list premium", shape=r"[TD]\W*(?:的)?(?:要|会|快)?(?:到期|满期)(?:的|清单|列表|名单)?\W*$|到期(?:清单|列表|提醒)?\s?[TD]?\W*$"),
    *(rule(intent, 88, f"list_{kind}", again(intent), no="who remind create update lookup birthday renewal cancel postpone", shape=_ELLIPSIS, name=f"again:{kind}")
      for kind, intent in _AGAIN.items()),
)
