"""Figures: one's own, a colleague's, the team's; the digest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.colleagues import colleagues
from handlers.language.intents.pattern import Rule, Slots, nothing, rule
from handlers.language.lazy import lazy
from handlers.language.meaning import When
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import METRICS

_COMPARE = lazy(r"(?:跟|和|与|比|对比|较|环比|同比|比起|相比)\s*$")
# Counted doings: the verb says what is counted.
_COUNTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple((metric, re.compile(words)) for metric, words in (
    ("daily_report_missing", r"(?:日报|周报)[^,。]{0,4}(?:交|写)(?:齐|全|完|上来)(?:没|了)|(?:没|未|漏)(?:有)?(?:交|写|提交|发|报).{0,2}(?:日报|晚报|周报)|(?:日报|周报).{0,4}(?:没|未|漏)(?:交|写|提交|发)|(?:日报|周报).{0,6}(?:缺|谁没)"),
    ("follow_ups", r"跟进(?:了|过)?(?:多少|几)"), ("target_gap", r"指标.{0,6}(?:完成|几|多少)|完成了?(?:多少|百分之|几成)|差多少|差几|还差|目标|完成率|达成|达标|缺口|(?<!个)(?<!的)任务(?!没|未).{0,6}(?:完成|差|还剩|多少)|kpi"),
    ("calls", r"(?:打|拨|通|接)(?:了|过|的|得)?.{0,6}电话|电话.{0,4}(?:打|拨|量|数|最)|(?<!的)电话(?:几|多少)(?:个|通)|外呼|通话"),
    ("deals", r"(?:开|签|成|谈成|拿下|促成)(?:了|过)?(?:多少|几|最多|的)?(?:个)?单|成交|签单|开单|成单|出单(?!量)"),
    ("new_clients", r"新(?:增|进|开|拉|加|来|拓)?(?:的|了)?(?:多少|几)?个?(?:客户|客)|拉(?:了|来|到)?(?:多少|几)个?(?:新?客|人)|拓(?:了|展|客)|(?:加|增)了(?:多少|几)(?:个|位)?(?:客户|人)"),
    ("visits", r"(?:见|拜访|走访|跑|面访|约见|面谈)(?:了|过)?(?:多少|几)|(?:拜访|面访|面谈)(?:量|次|数|最|几|多|少)?|见客户"),
    ("followup_rate", r"跟进率|跟进.{0,2}比例"), ("response_time", r"(?:响应|回复|回)(?:得)?(?:客户)?(?:时间|时长|速度|多快|多久|慢|快)"),
    ("renewal_rate", r"续(?:保|期|费|约)率|继续率|续(?:保|期)(?:情况|比例)"), ("retention", r"留存|流失|丢了(?:多少|几)"),
    ("conversion", r"转化|成[功交单]率|谈单率|签单率"), ("funnel", r"漏斗"), ("satisfaction", r"满意度|好评|评分|打分"), ("commission", r"佣金|提成|奖金|挣了?多少|赚了?多少"),
    ("complaints", r"投诉(?:量|率|数|最|几|多少)|客诉(?:量|数)|(?:多少|几)(?:个|起|件|次)?(?:投诉|客诉)"), ("claims", r"理赔(?:件|量|数|率|了?(?:多少|几))"),
    ("client_count", r"(?:客户|客人)(?:总数|数量|数|量|一共|总共|有)?(?:多少|几)?(?:户|个|位|人)?(?:了)?(?=\W*$|多少)|(?:多少|几)(?:个|位|户|名)?客户|(?:客户|客人).{0,6}(?:多少|几)(?:户|个|位|人)"),
    ("policy_count", r"(?:多少|几)(?:张|份|件)(?:保)?单?|件数|单量|保单数|出(?:了)?(?:多少|几)单"),
    ("premium", r"保费|标保|收了多少"), ("aum", r"aum|资产|管理规模"), ("follow_ups", r"跟进"),
))
_RANK = lazy(r"排名|排行|第几|榜|名次|排个?序")


def _metric(s: Sentence) -> str | None:
    found = next((metric for metric, words in _COUNTED if words.search(s.text)), None)
    if found is not None:
        return found
    if _RANK.search(s.text):
        return "ranking"
    names = [name for _s, _e, name in fills.scan(METRICS, s.text)]
    return next(iter([n for n in names if n != "performance"] or names), None)


def _order(text: str) -> str | None:
    if re.search(r"倒数|最低|最差|最少|从低到高|垫底|最慢|末位|最后|升序|吊车尾|最拉|拖后腿|由低到高|从少到多", text):
        return "asc"
    return "desc" if re.search(r"最高|最好|最多|从高到低|前[一二三四五六七八九十\d]|第一名?|最牛|冠军|最快|降序|领先|最强|由高到低|从多到少|top", text) else None


_BARE_QUARTER = lazy(r"(?<![每按上下这本当个一二三四1-4首末])季度(?!目标|会|末|初|底)")


def _quarter(s: Sentence) -> When | None:
    """团队季度业绩: the quarter that runs, where no time was said."""
    if s.points or _BARE_QUARTER.search(s.text) is None:
        return None
    return fills.period(times.when(times.find("本季度")[0], s.now, times.LOOK_BACK, "本季度"))


def stats(s: Sentence, match: re.Match[str] | None) -> Slots:
    metric = _metric(s)
    compare = next((e for e in s.points if _COMPARE.search(s.text[max(0, e.start - 3):e.start])), None)
    main = next((e for e in s.points if e is not compare), None)
    slots: Slots = {"metric": metric, "order": _order(s.text), "member": _member(s)}
    if main is not None:
        slots["range"] = fills.since(s, main, fills.period(s.when(main, times.LOOK_BACK)))
    elif (quarter := _quarter(s)) is not None:
        slots["range"] = quarter
    if compare is not None:
        slots["compare"] = _compared(s, compare.end, fills.period(s.when(compare, times.LOOK_BACK)), slots.get("range"))
    return fills.merged(slots)


_SAME_BEFORE = lazy(r"^的?(?:同期|同月|这个?时候|同季)")


def _compared(s: Sentence, end: int, said: When, main: When | None) -> When:
    """跟去年同期比: the same stretch a year before; 比前一个季度: the stretch before the one asked about."""
    if main is None or not main.start or not main.end:
        return said
    if _SAME_BEFORE.search(s.text[end:]):
        return replace(said, start=_shifted(main.start, -12), end=_shifted(main.end, -12), grain=main.grain)
    if re.search(r"前一?个?(?:季度|月|周|年)$", s.text[:end]) and main.grain in {"month", "quarter"}:
        months = _months(main.start, main.end)
        return replace(said, start=_shifted(main.start, -months), end=main.start, grain=main.grain, within=None)
    return said


def _months(start: str, end: str) -> int:
    a, b = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    return (b.year - a.year) * 12 + b.month - a.month


def _shifted(day: str, months: int) -> str:
    d = date.fromisoformat(day[:10])
    year, month = divmod(d.year * 12 + d.month - 1 + months, 12)
    return date(year, month + 1, min(d.day, 28) if d.day > 28 else d.day).isoformat()


_OTHERS = lazy(r"\bteam\b|全队|整个组|是(?:谁|哪(?:个|位)?)\W*$|谁(?!.{0,4}(?:生日|到期|续保(?!率)|还款|逾期|没联系))|哪(?:个|位|几个|几位|些)(?:人|顾问|同事|业务员|组员|成员|经理)?(?=.{0,10}(?:最|多|少|高|低|没交|没写|第一|垫底|业绩))|各人|每个人|人均|排行榜|各自|大家|全员|团队|部门|全组|组里|组内|我们组|咱们组|小组|队里|下属|组员|手下|同事")
_OF_ME = lazy(r"(?:我|俺|本人|自己)(?!们)")
_ASKED = lazy(r"多少|几|怎么样|咋样|如何|怎样|排|看看|看一下|看下|情况|统计|数据|报表|查|率|量|业绩|漏斗|最|比|多了没|少了没|差|谁|完成|达成|总数|总共|一共|佣金|提成|满意度|aum|汇总|列|[TD]|吗|高不高|了没|没交|没写|未交|未提交|时间|时长|报(?:一下|下|给|个数)|告诉我|发我|看")


def _member(s: Sentence) -> str | None:
    people = [p.name for p in colleagues(s)]
    return people[0] if len(people) == 1 else s.clients[0].mention.text if s.clients and not people else None


def _is_asked(s: Sentence) -> bool:
    """A figure, and asked for: 新增客户 李强 is none, 几张工单 is one of tickets."""
    metric = _metric(s)
    if re.search(r"(?:要|该|得|会)(?:交|缴|还|续)|没交保费|欠|未缴|到期", s.text):
        return False  # a due list
    if re.search(r"谁(?:比较|更|最)?(?:好|划算|合适|值得|有戏)", s.text) and s.has("contact_verb"):
        return False
    if re.search(r"假如|假设|如果|要是|万一", s.text):
        return False
    if metric is None or _ASKED.search(s.shape) is None or (s.has("ticket") and metric not in {"complaints", "satisfaction", "response_time"}):
        return False
    return not s.has("create") or re.search(r"多少|几|谁|排|最|怎么样|咋样|情况|新增客户|新客|总数|比|[多少]了", s.text) is not None


def of_team(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """Asked about a colleague, the team, or who is first."""
    if not _is_asked(s):
        return None
    if _OF_ME.search(s.text) and re.search(r"第几|排名|名次|排", s.text):
        return None
    of_all = s.role == "manager" and _OF_ME.search(s.text) is None
    if not of_all and _OTHERS.search(s.text) is None and not colleagues(s) and not re.search(r"倒数|垫底|吊车尾|末位|冠军|第一名", s.text):
        return None
    return stats(s, match)


_DID = lazy(r"(?:都|到底|究竟|一共)*(?:干|做|忙)(?:了|过)?(?:些|点)?(?:什么|啥|哪些事)(?:啊|呀|呢|事|活|\W)*$")


def of_a_colleague(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """李想这周干了啥: a manager asks what one of the team did."""
    people = colleagues(s)
    if s.role != "manager" or len(people) != 1 or people[0].start > 3 or not s.points or _OF_ME.search(s.text):
        return None
    between = s.text[people[0].end:]
    for time in s.points:
        between = between.replace(s.text[time.start:time.end], "", 1)
    return {**stats(s, match), "metric": "performance"} if _DID.match(between.strip()) else None


def of_ranking(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """本月保费排名: of everybody, unless my own place is asked."""
    return None if _OF_ME.search(s.text) or _metric(s) in {None, "ranking"} else stats(s, match)


def of_me(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = _metric(s)
    if not _is_asked(s) or s.clients or (s.has("search") and re.search(r"哪些|筛|找出|名单|谁", s.text)):
        return None
    if found == "new_clients" and re.search(r"(?:加|增|来|录|建)的新?(?:客|人)", s.text):
        return None  # the clients themselves are asked for
    if s.role == "manager" and not _OF_ME.search(s.text):
        return None  # a manager who says nothing else asks of the team
    if not _OF_ME.search(s.text) and (colleagues(s) or _OTHERS.search(s.text)):
        return None
    if found in {"follow_ups", "premium", "aum", "claims", "client_count", "performance"} and not (_OF_ME.search(s.text) or s.points) and not re.search(r"率|量|情况|业绩|几|多少", s.text):
        return None
    return {k: v for k, v in stats(s, match).items() if k != "member"}


_BESIDE = lazy(
    r"看看?|查看?|统计一?下?|列出?|对比|比较|各个?(?:顾问|人|成员|同事|客户经理)|每个?(?:顾问|人|成员|同事|客户经理)|按(?:顾问|人)分?|分别|团队|全队|我们组?|本组"
    r"|大家|我|的|各?是?多少|趋势|走势|怎么样|情况|一起|并排|排名|排行|和|与|及|以及|跟|还有|[\s,，、。.?？!！:：]"
)
_EACH = re.compile(r"各|每个|按|团队|全队|我们|本组|大家")
_OVER_TIME = re.compile("趋势|走势")
_OF_SERVICE = frozenset({"tickets", "complaint_rate", "response_time"})  # words that are asked for alone


def by_name(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of figures that are named as the packs name them and nothing else besides whose and when: 本月 各顾问
    工单数 首答时长 和 保费."""
    if s.role not in ("adviser", "manager") or s.clients or s.dialogue.pending not in ("none", "list") or not s.lexicon.metrics:
        return None
    people = colleagues(s)
    text = s.text
    for start, end in sorted([(t.start, t.end) for t in s.times] + [(p.start, p.end) for p in people], reverse=True):
        text = f"{text[:start]} {text[end:]}"
    named = _named(text, s.lexicon.metrics)
    if named is None or (len(named) == 1 and named[0] not in _OF_SERVICE) or len(people) > 1:
        return None
    if len(named) > 1 and _OVER_TIME.search(text):
        return None
    slots: Slots = {"metric": named[0], "metrics": named, "member": people[0].name if people else None}
    if s.times:
        slots["range"] = fills.period(s.when(s.times[0], times.LOOK_BACK))
    of_team = people or _EACH.search(text) or (s.role == "manager" and not _OF_ME.search(text))
    return ("stats.team" if of_team else "stats.me"), fills.merged(slots)


def _named(text: str, metrics: Mapping[str, str]) -> list[str] | None:
    """The metrics of a text that has nothing else; None for any other."""
    words, found, at = sorted(metrics, key=len, reverse=True), [], 0
    while at < len(text):
        word = next((word for word in words if text.startswith(word, at)), None)
        if word is not None:
            found.append(metrics[word])
        beside = _BESIDE.match(text, at) if word is None else None
        if word is None and beside is None:
            return None
        at += len(word) if word is not None else beside.end() - at if beside else 0
    return list(dict.fromkeys(found)) or None


_DIGEST_SECTIONS = {"overdue": "超时 逾期 超期", "new_clients": "新客户 新增客户 新客", "follow_ups": "跟进 拜访", "renewals": "续保", "premium": "保费", "tickets": "工单",
                    "complaints": "投诉", "silent": "沉默 久未联系", "inactive": "未登录 不活跃", "due": "到期", "done": "完成"}


def digest(s: Sentence, match: re.Match[str] | None) -> Slots:
    section = fills.word_in(_DIGEST_SECTIONS, s.text)
    return fills.merged({"section": section}, fills.span_of(s, times.LOOK_BACK))


def new_of_team(s: Sentence, match: re.Match[str] | None) -> Slots:
    """团队新增多少: of clients, when nothing else was said."""
    return {**stats(s, match), "metric": "new_clients"} if not s.has("policy", "premium", "loan", "holding") else stats(s, match)


_NOUNS = (
    r"保费(?=.{0,8}(?:报一?下|给我|发我))|业绩|漏斗|拜访|转化|续保率|续期率|继续率|排名|排行|排第几|第几|名次|榜|成交|佣金|提成|奖金|完成率|达成|达标|目标|任务|kpi|新增客户|新客|新客户|客户(?:总)?数|签单|出单|成单|满意度|好评|评分|投诉(?:率|量|最)|响应|开单|跟进率|电话|几单|多少单|"
    r"差多少|留存|流失|件数|人均|aum|资产规模|管理规模|没交日报|没写日报|交日报|日报.{0,4}交|写日报|日报没|指标|理赔件数|垫底|吊车尾|战绩|成绩"
)
_VERBS = (r"(?:多少|几).{0,4}(?:保费|电话|拜访|客户|单|新客|户)|(?:拜访|跟进|打|见|签|出|开|收|做|拉|跑|拓|谈成)(?:了|过|得|的)?.{0,6}(?:多少|几|最多|最少)|(?:客户|客人).{0,6}(?:多少|几)(?:户|个|位|人)?|"
          r"(?:保费|跟进|拜访|新增|业绩|出单).{0,6}(?:多少|几|最[多少高低好差]|怎么样|咋样|情况|谁|垫底|排)|谁的?.{0,8}(?:业绩|保费|客户|单|新客|电话|跟进).{0,4}(?:多|少|高|低|好|差)|新增(?:了)?(?:多少|几)")
_NO = "remind note draft policy_no phone claim_no birthday"
RULES: tuple[Rule, ...] = (
    rule("stats.team", 80, "digest stats", of_team, no="remind who_client client settings", name="who wrote no report", shape=r"(?:谁|哪|几个|还有|多少人|人).{0,8}(?:没|未|漏|缺)(?:有)?(?:交|写|提交|发|报).{0,3}(?:日报|周报|晚报)|(?:日报|周报|晚报).{0,6}(?:谁|哪|几个|还有).{0,6}(?:没|未|漏)|(?:没|未)(?:交|写|提交)(?:日报|周报)(?:的|名单|\W*$)"),
    rule("stats.team", 77, "stats ask team premium list claim complaint", of_team, no=_NO + " client handover ticket_no customer_book_filter", name="of the team or a colleague", shape=_NOUNS + "|" + _VERBS),
    rule("stats.team", 76, "time", of_a_colleague, no="client remind note draft", name="what a colleague did", quiet=True),
    rule("stats.team", 76, "stranger", of_team, need="time", no=_NO + " client handover ticket_no product", name="a colleague's figures", shape=r"^\W*(?:看看?|查查?|看下)?S(?:的|\s)*[TD](?:的|\s)*(?:" + _NOUNS + r"|保费|新增客户|新客|电话量|拜访量?|跟进)"),
    rule("stats.team", 79, "stats premium", of_ranking, no=_NO + " client mine handover", name="who ranks how", shape=r"(?:排名|排行榜?|龙虎榜)\W*$"),
    rule("stats.team", 70, "team", of_team, no="remind draft client handover", name="the team's figures", shape=_NOUNS + "|" + _VERBS + "|日报|保费|跟进|拜访"),
    rule("stats.team", 72, "team", new_of_team, no=_NO + " who", name="new clients of the team", shape=r"新增(?:了)?(?:多少|几)|(?:多少|几)(?:个|位)?新增|新增(?:情况|数量?)"),
    rule("stats.me", 88, "any", nothing, name="my figures by name", shape=r"^\W*(?:看看?|查看?|打开)?我的(?:数据|统计|报表|战报)\W*$"),
    rule("stats.me", 75, "stats ask mine premium list claim", of_me, no=_NO + " client team product_policy customer_lookup maturity renewal_list policy birthday", name="my figures", shape=_NOUNS + "|" + _VERBS),
    rule("stats.me", 78, "mine", of_me, no="remind note draft client", name="my own figures", shape=r"^\W*(?>那|看看|查|帮我看看?|请问|问下)*(?:[TD])?(?:我|俺)(?!们).*(?:" + _NOUNS + "|" + _VERBS + ")"),
    rule("stats.digest", 79, "digest", digest, no="ask settings stats_missing client", shape=r"^\W*(?>给我|帮我|请|我要|我想|发(?:我(?![要想]))?|调出?|看(?:一?下)?|来份|查|打开|团队|今天的?|今日|昨天的?|T的?)*(?:团队)?(?:日报|晨报|简报|晚报)\W*$"),
    rule("stats.digest", 79, "team", digest, no="client", name="how the team does", shape=r"^\W*T?(?:咱们?|我们?|我的?)?团队(?:T|的|情况|干得|做得|表现|最近)*(?:怎么样|咋样|如何)(?:了|啊|呀)?\W*$"),
    rule("stats.digest", 89, "any", digest, name="one heading of the digest", shape=r"^\W*展开\s*\S+"),
)
