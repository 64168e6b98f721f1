"""Figures by name (口径 流失率, 保费趋势), reports that come by themselves, assets over time, churn and tasks given out."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.colleagues import colleagues
from handlers.language.intents.figures import stats
from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.intents.pointing import indexes
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence

_MINE = r"(?:我的?|团队的?|全队的?|我们组的?|[TD]的?|\s){0,4}"
_TAIL = r"[\sTD]{0,4}(?:呢|吗|看看|多少|情况|怎么样)?\W{0,3}$"


def definition(s: Sentence, match: re.Match[str] | None) -> Slots:
    """口径 流失率, 流失率的口径, 续保率是怎么算的"""
    said = re.sub(r"口径|数据|指标|定义|是?(?:怎么|如何|咋)(?:计?算|统计|定义)(?:出来)?的?|的$|[\s:：?？。]", "", s.normal.said)
    return {"name": said.removesuffix("的")} if said else {}


def figure(s: Sentence, match: re.Match[str] | None) -> Slots:
    slots = stats(s, match)
    return {"metric": "renewal_rate", **slots} if re.search(r"续[保期]", s.text) and "metric" not in slots else slots


def assets(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s)


def movers(s: Sentence, match: re.Match[str] | None) -> Slots:
    """AUM 变动 前10, 李想 资产变动 本月"""
    said = re.search(r"(?:前|top)\s?(\d{1,2}|[一二三五]?十)", s.text)
    count = {"count": int(said[1]) if said[1].isdigit() else 10} if said else {}
    people = [p.name for p in colleagues(s)]
    return {**count, **fills.span_of(s, times.LOOK_BACK), **({"member": people[0]} if len(people) == 1 else {})}


_PROMISING = lazy(
    r"^\W*(?:看看?|查查?|列出?|团队的?|全队的?|我的?|\s){0,3}(?:(?P<who>[^\s我的]{2,4})的\s?)?(?:高潜力?|(?:最|比较)?有潜力的?|潜力)(?:客户|名单|清单)(?:清单|名单|列表|排名|打分|评分)?"
    r"\s*(?:的?(?:前|top)\s?(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?[位个名]?)?(?:有哪些|是谁|有谁)?\W*$"
    r"|^\W*(?:哪些|谁|哪几个)(?:个|位)?(?:客户)?(?:最|比较)?(?:有潜力|可能再买|会再买)\W*$",
)
_FIRST = lazy(r"前\s?(\d{1,3})")
_POINTS = lazy(
    r"^\W*(?:数据|指标)?口径\W*高潜力?(?:客户)?(?:打?分)?\W*$"
    r"|^\W*高潜力?客户的?(?:口径|打?分数?(?:是)?(?:怎么|如何)(?:算|来|打)的?|(?:是)?(?:怎么|如何)(?:打分|算)的?)\W*$"
)


_HEAD = r"^\W*(?:看看?|查查?|列出?|团队的?|全队的?|我的?|谁的?|哪些|哪几个|有没有|\s){0,3}"
_VALUABLE = lazy(_HEAD + r"(?:高价值|最有价值的?)(?:客户)?(?:清单|名单|列表)?\s*(?:的?(?:前|top)\s?(?P<count>\d{1,3})\s?[位个名]?)?(?:有哪些|是谁|有谁)?\W*$")
_RISKY = lazy(_HEAD + r"(?:潜在的?|可能的?)?(?:有)?风险的?客户(?:清单|名单|列表|预警)?(?:有哪些|是谁|有谁)?\W*$")
_NEAR = lazy(
    _HEAD + r"(?:客户)?\s*(?:快要?|临近|接近|即将|马上|就要)(?:能|会|可以|要)?(?P<way>升|降|掉)(?:级|档|等级|档次)?(?:为|到|成|出)?"
    r"(?P<tier>[\u4e00-\u9fff]{0,6}?)(?:了)?(?:的?客户)?(?:清单|名单|列表)?(?:有哪些|是谁|有谁)?\W*$"
)


def ready_made(said: str) -> tuple[str, Slots] | None:
    """高价值客户, 潜在风险客户, 快升贵宾的客户: lists that need no condition."""
    if match := _VALUABLE.match(said):
        return "value.list", fills.merged({"count": int(match["count"]) if match["count"] else None})
    if _RISKY.match(said):
        return "churn.list", {}
    if match := _NEAR.match(said):
        way = "up" if match["way"] == "升" else "down"
        return "tier.border", fills.merged({"way": way, "tier": match["tier"] or None})
    return None


def promising(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of 高潜客户 前10 and 口径 高潜客户, whose first letter looks like a surname; None for all else."""
    said = s.normal.said.strip()
    if s.role == "customer":
        return None
    if _POINTS.match(said):
        return "potential.define", {}
    if found := ready_made(said.lower()):
        return found
    match = _PROMISING.match(said.lower())
    if match is None:
        return None
    count = match["count"]
    return "potential.list", fills.merged({
        "count": (int(count) if count.isdigit() else small(count)) if count else None, "member": match["who"],
    })


def churn(s: Sentence, match: re.Match[str] | None) -> Slots:
    people = [p.name for p in colleagues(s)]
    first = _FIRST.search(s.text)
    count = {"count": int(first[1])} if first else {}
    return {**fills.span_of(s, times.LOOK_BACK), **({"member": people[0]} if len(people) == 1 else {}), **count}


def task(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """1-5 派任务 本周五前回访: numbers, a deadline, and what is to be done."""
    numbers, end = indexes(s.text)
    everyone = not numbers and re.match(r"\W*(?:全部|全都|都|所有)", s.text) is not None
    if not numbers and not everyone:
        return {} if re.fullmatch(r"\W*派(?:任务|跟进)\W*", s.text) else None
    due = s.points[0] if s.points else None
    rest = s.text[end:] if due is None else s.text[end:due.start] + " " + s.text[due.end:]
    content = re.sub(r"^\W*(?:全部|全都|都|所有)?\s*(?:派任务|派个任务|派活|派给(?:各自的?)?顾问|分派|派)\W*|^\W+|\W+$|(?<=\s)前|之前|以前", "", rest.strip())
    whom: Slots = {"all": True} if everyone else {"indexes": numbers}
    return fills.merged({**whom, "content": content.strip(" ,，。:：") or None}, {"when": s.when(due, times.DUE)} if due else {})


def _every(s: Sentence) -> Slots:
    return {"every": "monthly" if re.search(r"月报|月度", s.text) else "weekly"}


def report(s: Sentence, match: re.Match[str] | None) -> Slots:
    return _every(s)


def timing(s: Sentence, match: re.Match[str] | None) -> Slots:
    """周报 时间改 周一9点, 停周报, 开月报"""
    how = "stop" if re.match(r"\W*(?:停|关|取消|别发|不要)", s.text) else "start" if re.match(r"\W*(?:开|恢复|打开)", s.text) else None
    return fills.merged(_every(s), {"how": how})


def receiver(s: Sentence, match: re.Match[str] | None) -> Slots:
    """日报 加收件人 小王"""
    said = re.search(r"收件人\W*(\S{2,8}?)\W*$|(?:也|抄送|不再|别再?)?(?:发|抄送)给\W*(\S{2,8}?)\W*$", s.normal.said)
    how = "remove" if re.search(r"去掉|删|减|移除|取消|不再|别", s.text) else "add"
    return fills.merged({"how": how, "to": next(filter(None, said.groups()), None) if said else None})


def number(s: Sentence, match: re.Match[str] | None) -> Slots:
    said = re.search(r"\d{1,2}", s.text)
    return {"index": int(said[0])} if said else {}


_ASSETS = r"(?:aum|管理资产|资产规模|资产)"
_EACH = r"(?:各个?|按|每个|每种|不同)"
_TIERS = r"(?:银行|保险)?(?:客户)?(?:等级|层级|档次?)的?"
_EVERYBODY = _EACH + r"(?:顾问|客户经理|同事|组员|成员|人)的?"
_GROWTH = _ASSETS + r"(?:的?(?:净?(?:增长|增加|变动|变化|减少|流失|流入|流出)))?"
_CLIENTS = r"(?:客户)?(?:总)?(?:数量?|总数|人数|多少)"
RULES: tuple[Rule, ...] = (
    rule("stats.define", 89, "any", definition, name="how a figure is defined", shape=r"^\W{0,3}(?:数据|指标)?口径(?:[\s:：]*\S{0,12})?\W*$|^\W{0,3}\S{2,12}的?口径\W*$|^\W{0,3}\S{2,10}?(?:是|要)?(?:怎么|如何|咋)(?:计?算|统计|定义)(?:出来)?的\W*$"),
    rule("stats.team", 89, "any", figure, no="client remind note", name="a figure of the team over the months", shape=r"^\W{0,3}[TD\s]{0,4}(?:团队|全队|我们组)的?\S{1,10}(?:趋势|走势)" + _TAIL),
    rule("stats.me", 88, "any", figure, no="client remind note team", name="a figure over the months", shape=r"^\W{0,3}" + _MINE + r"(?:续保率?|保费|aum|资产|管理资产|新增客户|新客|跟进|拜访|电话|成交|签单|流失率?|留存率?|转化率?|签约|缴费)的?(?:趋势|走势)" + _TAIL),
    rule("stats.me", 89, "any", figure, no="client remind note", name="how many of the high tiers were met", shape=r"^[\sTD]{0,4}" + _MINE + r"(?:高等级|贵宾|vip)(?:客户)?的?(?:联系率|活跃度)" + _TAIL),
    rule("stats.me", 89, "any", figure, no="client remind note draft", name="a figure by tier", shape=r"^\W{0,3}" + _MINE + _EACH + _TIERS + r"(?:客户)?(?:" + _GROWTH + "|" + _CLIENTS + r"|(?:新增|流失|沉默|转介绍)客户|转化率?|流失率|留存率)" + _TAIL),
    rule("stats.team", 89, "any", figure, no="client remind note draft", name="assets by member", shape=r"^\W{0,3}[TD\s]{0,4}(?:团队的?)?(?:" + _EVERYBODY + r"[TD\s]{0,4}" + _GROWTH + "|" + _GROWTH + r"[TD\s]{0,6}" + _EVERYBODY + r")[TD\s]{0,4}(?:排名|多少|情况)?\W{0,3}$"),
    rule("stats.me", 89, "any", figure, no="client remind note draft", name="referrals, and what came of them", shape=r"^\W{0,3}" + _MINE + r"转介绍(?:的?客户)?的?(?:数量?|转化率?|率|占比|比例)?" + _TAIL),
    rule("stats.me", 89, "any", figure, no="client remind note draft team", name="how many clients", shape=r"^\W{0,3}" + _MINE + r"客户(?:总数量?|数量?|总量)" + _TAIL),
    rule("stats.team", 89, "team", figure, no="client remind note draft", name="how many clients of the team", shape=r"^\W{0,3}" + _MINE + r"客户(?:总数量?|数量?|总量)" + _TAIL),
    rule("tier.analysis", 89, "any", nothing, no="client remind note draft", name="tiers with clients, assets and moves", shape=r"^\W{0,3}" + _MINE + r"(?:客户)?(?:的)?(?:分层|等级|层级)(?:的)?(?:分析|分布|结构|洞察|统计|情况)(?:报告)?" + _TAIL),
    rule("stats.me", 88, "any", figure, no="client team", name="assets by one word", shape=r"^\W{0,3}" + _MINE + r"(?:aum|管理资产|资产规模)" + _TAIL),
    rule("stats.team", 89, "any", figure, no="client remind note draft", name="which source brings most", shape=r"(?:哪个|哪种|哪些|什么|各|按|每个|不同)(?:渠道|来源)(?:的)?.{0,4}(?:客户|新增|新客|保费).{0,6}(?:赚|利润|最|多|贡献|好|数|$)|(?:各|按|每个)(?:渠道|来源|等级|阶段)的?(?:新增|客户|保费|跟进|新客)"),
    rule("assets.lookup", 89, "any", assets, name="a client's assets over time", shape=r"^\W{0,3}(?:看看?|查查?|看一?下)?C(?:的|\s){0,3}(?:aum|管理资产)(?:的|\s){0,2}(?:趋势|走势|变化|变动|动态)?\W{0,3}$|^\W{0,3}C(?:的|\s){0,3}" + _ASSETS + r"(?:的|\s){0,2}(?:趋势|走势|变化|变动|动态)\W{0,3}$"),
    rule("assets.movers", 89, "any", movers, no="client remind note", name="whose assets moved", shape=r"^\W{0,3}(?:[TD\s]|团队的?|全队的?|我的?|\S{2,4}的?\s){0,3}" + _ASSETS + r"\s?(?:变动|异动|变化|流失|流出)(?:最大)?(?:的?客户)?[\sTD]*(?:(?:前|top)\s?\S{1,3}|排名|榜|有哪些|名单)?[\sTD]*\W{0,3}$"),
    rule("churn.list", 89, "any", churn, no="client remind note draft", name="who may leave", shape=r"^\W{0,3}(?:看看?|查查?|团队|我的?|\s|\S{2,4}的){0,3}(?:客户)?流失(?:风险)?(?:预警|预测|名单|风险)(?:客户|名单|清单)?[\sTD]{0,4}(?:的?前\s?\d{1,3}\s?[位个名]?)?\W{0,3}$|(?:哪些|谁|哪几个).{0,4}(?:可能|快要?|要).{0,2}(?:流失|跑了|走了)"),
    rule("churn.reasons", 89, "any", churn, no="client remind note draft", name="why clients left", shape=r"^\W{0,3}[TD\s]{0,4}(?:团队|我的?)?(?:客户)?(?:流失|丢失)(?:的)?(?:主要)?原因(?:分析|分布|统计)?[\sTD]{0,4}(?:有哪些|是什么)?\W{0,3}$|^\W{0,3}[TD\s]{0,4}(?:客户)?(?:为什么|为啥|为何)(?:会)?流失\W{0,3}$"),
    rule("task.assign", 89, "any", task, name="tasks by number", shape=r"^\W{0,3}(?:[\d一二三四五六七八九十、,，\s~到至和-]{1,20}|全部|全都|都|所有)?\s{0,2}(?:派任务|派个任务|派活|派跟进|派给(?:各自的?)?顾问|分派任务)"),
    rule("task.given", 89, "any", nothing, no="client", name="tasks given out", shape=r"^\W{0,3}(?:看看?|查查?)?(?:我)?(?:派出?|派出去|布置|分派)的?任务(?:进度|情况|完成情况|办得怎么?样)?\W{0,3}$|^\W{0,3}任务(?:进度|完成情况)\W{0,3}$"),
    rule("report.save", 89, "any", report, name="the last question every week", shape=r"^\W{0,3}(?:把(?:这个|它))?(?:存|保存|设|设置)(?:为|成|到)?(?:每)?(?:周报|月报|每周报表|每月报表)"),
    rule("report.set", 89, "any", timing, no="client remind", name="when the week report comes", shape=r"^\W{0,3}(?:团队)?(?:周报|月报)(?:的|\s){0,2}(?:推送)?(?:时间)?(?:改|设|调|换)(?:到|成|为)?|^\W{0,3}(?:停|停止|关|关掉|取消|开|恢复|打开)(?:推送|发送)?(?:团队)?(?:周报|月报)\W{0,3}$"),
    rule("report.receiver", 89, "any", receiver, no="client remind", name="who else gets the digest", shape=r"^\W{0,3}(?:团队)?(?:日报|周报|月报)\s{0,2}(?:加|添加|增加|去掉|删掉?|删除|移除|取消|减)(?:一?个)?\s{0,2}收件人|^\W{0,3}(?:团队)?(?:日报|周报|月报)\s{0,2}(?:也|抄送|不再|别再?)(?:发|抄送)?给"),
    rule("report.list", 89, "any", nothing, name="reports that come by themselves", shape=r"^\W{0,3}(?:看看?|查看)?(?:我的|我存的|自动|定时)(?:报表|周报|月报|推送)(?:列表|清单|有哪些)?\W{0,3}$"),
    rule("report.remove", 89, "any", number, name="a kept report by its number", shape=r"^\W{0,3}(?:删除?|删掉|停掉|取消)(?:第)?\s{0,2}(?:报表)?\s{0,2}(?:第)?\d{1,2}\s{0,2}(?:个|号)?报表?\W{0,3}$|^\W{0,3}(?:删除?|删掉|停掉|取消)报表\s{0,2}(?:第)?\d{0,2}(?:个)?\W{0,3}$"),
    rule("report.show", 89, "any", report, no="client", name="the team's week or month", shape=r"^\W{0,3}(?:看看?|查看|打开|团队的?|\s){0,3}(?:周报|月报)\W{0,3}$"),
)
