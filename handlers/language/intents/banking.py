"""What is asked of a client's money at the bank, and what might suit him: 刘洋 账户, 刘洋 近30天交易, 给刘洋推荐理财, 刘洋 评分."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.sentence import Sentence


def whose(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s)


def moved(s: Sentence, match: re.Match[str] | None) -> Slots:
    """The span of time looks back: 上个月, 近30天."""
    return fills.merged(fills.client(s), fills.span_of(s, times.LOOK_BACK))


_SPENT_ON = re.compile(r"保费|保险|贷款|月供|还款|理赔|医疗|住院")


def spent(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """上个月花了多少: the same as what went in and out, unless it is asked what a contract took."""
    return None if _SPENT_ON.search(s.text) else moved(s, match)


def wanted(s: Sentence, match: re.Match[str] | None) -> Slots:
    """The sort of product, in the words of the shelf; a sort of contracts where no product is named."""
    kind = re.search(r"保险|贷款|存款", s.text)
    return fills.merged(fills.client(s), fills.product(s) or ({"product": kind[0]} if kind else {}))


_LEVEL = re.compile(r"r\s?([1-5])(?!\d)", re.IGNORECASE)


def suits(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """A risk level, or a product that was named; neither asks nothing of suitability."""
    level = _LEVEL.search(s.text)
    what = {"level": f"R{level[1]}"} if level is not None else fills.product(s)
    return fills.merged(fills.client(s), what) if what else None


def credit(s: Sentence, match: re.Match[str] | None) -> Slots:
    return {**fills.client(s), "field": "credit_grade"}


_LOOK = r"^\W*(?:请|麻烦|帮我|帮忙|给我)?(?:查询|查看|查查|查一下|查下|查|看看|看一下|看下|看)?\s?"
_END = r"(?:吗|呢|吧|啊|呀|一下|\W)*$"
_OF = r"(?:名下|这边|那边|现在|的|\s|都|有)*"
_MOVED = r"(?:账户|卡)?(?:交易|流水|收支|进出账|资金往来|资金进出)(?:记录|明细|情况|汇总|流水)?"
_SORT = r"(?>一?下|一?[款个点些]|[几两三3]款|点|些|什么|哪些|稳健型?|低风险|合适|适合|的|\s|X|产品|理财|保险|贷款)*"
RULES: tuple[Rule, ...] = (
    rule("account.list", 88, "who", whose, name="a client's accounts", no="remind note",
         shape=_LOOK + r"[CS]" + _OF + r"(?:银行)?(?:账户|帐户)(?:余额|明细|情况|列表|信息|清单|有哪些|有几个|几个)?" + _END),
    rule("account.transactions", 88, "who", moved, name="what went in and out", no="remind note",
         shape=_LOOK + r"(?:(?:T|D|最近)的?\s?)?[CS]" + _OF + r"(?:(?:在|最近|近期|近|过去)?\s?(?:T|D)?\s?(?:以?来|内|里)?的?\s?)" + _MOVED + r"(?:\s?(?:T|D))?" + _END),
    rule("account.list", 88, "who", whose, name="how much there is in the accounts", no="remind note",
         shape=_LOOK + r"[CS]" + _OF + r"(?:(?:银行|工资|储蓄|代发|活期)?(?:账户|帐户|账上|账里|[借工资储蓄银行]{2}卡|卡)(?:里面?|上|中|的|\s){0,3}(?:余额|存款|钱|还|现在|有|剩|是|的|\s){0,6}(?:多少|几)?钱?|(?:账户|帐户)?余额(?:是|有|还有|还剩|现在){0,3}(?:多少|几)钱?)" + _END),
    rule("account.transactions", 89, "who", spent, name="how much was spent or came in", no="remind note",
         shape=_LOOK + r"(?:T|D|\s|最近){0,4}[CS]" + _OF + r"(?:(?:T|D|最近|近期|一共|总共|总的|平均|每个?月|卡上|账上|\s){0,6})(?:花|消费|支出|开销|用|转出|刷|取|转入|进账|入账|进|到账|收支|流出|流入)(?:了|掉|去|过|来|的|\s){0,4}(?:T|D|一共|总共|\s){0,4}(?:多少|几)(?:钱|笔|万)?" + _END),
    rule("product.recommend", 89, "who", wanted, name="what suits a client", no="remind note family",
         shape=r"^\W*(?:请|麻烦|帮我|帮忙)?(?:给|为|帮|替|向)?\s?[CS](?:的|\s)*推荐(?!的|过|了|人|我|来|她|他)" + _SORT + _END
         + r"|^\W*(?:请|麻烦|帮我|帮忙)?(?:产品)?推荐" + _SORT + r"(?:给|，|,|\s)*[CS]" + _SORT + _END
         + r"|" + _LOOK + r"[CS](?:的|\s|现在)*(?:适合|可以|能|该)(?:买|配|做|投|办)?" + r"(?:什么|哪些|哪款|啥)" + _SORT + _END
         + r"|^\W*(?:有)?(?:什么|哪些|哪款|啥)(?:X|产品|理财|的)*(?:适合|可以推荐给|能推荐给)[CS]" + _END),
    rule("product.suits", 89, "who", suits, name="whether a product suits a client", no="remind note family",
         shape=_LOOK + r"[CS](?:的|\s|,|现在|这个|客户|能不能|可不可以|是不是|还|也){0,6}(?:能不能|可不可以|能|可以|想要?|要|适不适合|适合|该不该)(?:再)?(?:买|投|配|认购|申购|上|碰)(?!了|过|的是)[^,。?？]{0,18}?"
         r"(?:[,，\s]*(?:行不行?|行吗|行么|可以吗|可不可以|合不合适|合适吗|能不能|吗|么|不)(?:啊|呀)?|[?？])\W*$"
         + r"|" + _LOOK + r"[CS](?:的|\s|,|现在|这个|客户){0,4}(?:能不能|可不可以|适不适合|该不该)(?:再)?(?:买|投|配|认购|申购|上|碰)[^,。?？]{0,18}\W*$"),
    rule("client.score", 88, "who", whose, name="a client's score", no="remind note",
         shape=_LOOK + r"[CS]" + _OF + r"(?:客户|风险|信用|综合)?评分(?:多少|是多少|原因|怎么来的|情况)?" + _END),
    rule("client.lookup", 89, "who", credit, name="the credit grade", no="remind note update",
         shape=_LOOK + r"[CS]" + _OF + r"(?:信用等级|信用评级|资信等级)(?:是?多少|是?什么|是?几级)?" + _END),
)
