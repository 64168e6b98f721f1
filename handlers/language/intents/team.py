"""Figures, tickets, hand-overs, opportunities, consents, import and export, settings."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CONSENT_SCOPES, METRICS, STAGES, TICKET_STATUS

# ---------------------------------------------------------------- figures

_COMPARE = lazy(r"(?:跟|和|与|比|对比|较|环比|同比)\s*$")


def stats(s: Sentence, match: re.Match[str] | None) -> Slots:
    metric = _metric(s)
    points = s.points
    compare = next((e for e in points if _COMPARE.search(s.text[max(0, e.start - 3):e.start])), None)
    main = next((e for e in points if e is not compare), None)
    slots: Slots = {"metric": metric, "order": _order(s.text), "member": _member(s)}
    if main is not None:
        slots["range"] = fills.period(s.when(main, times.LOOK_BACK))
    if compare is not None:
        slots["compare"] = fills.period(s.when(compare, times.LOOK_BACK))
    return fills.merged(slots)


def new_of_team(s: Sentence, match: re.Match[str] | None) -> Slots:
    """团队新增多少: of clients, when nothing else was said."""
    return {**stats(s, match), "metric": "new_clients"} if not s.has("policy", "premium", "loan", "holding") else stats(s, match)


def _metric(s: Sentence) -> str | None:
    found = fills.scan(METRICS, s.text)
    names = [name for _s, _e, name in found]
    if "target_gap" in names:
        return "target_gap"
    if "ranking" in names and len(names) > 1:
        return next(n for n in names if n != "ranking")
    specific = [n for n in names if n not in {"performance"}]
    return next(iter(specific or names), None)


def _order(text: str) -> str | None:
    if re.search(r"倒数|最低|最差|最少|从低到高|垫底", text):
        return "asc"
    return "desc" if re.search(r"最高|最好|最多|从高到低|前[一二三四五六七八九十\d]|第一名", text) else None


_MEMBER = lazy(r"(?:^|看看|看一下|看|查|查一下|查看|，|,)(?P<m>小[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3})(?:的|这个月|本月|上周|本周|今天|上个月)")


def _member(s: Sentence) -> str | None:
    people = [*s.clients, *([s.stranger] if s.stranger else [])]
    return people[0].mention.text if people else None


_DIGEST_SECTIONS = {"overdue": "超时 逾期 超期", "new_clients": "新客户 新增客户 新客", "follow_ups": "跟进 拜访", "renewals": "续保", "premium": "保费", "tickets": "工单",
                    "complaints": "投诉", "silent": "沉默 久未联系", "inactive": "未登录 不活跃", "due": "到期", "done": "完成"}


def digest(s: Sentence, match: re.Match[str] | None) -> Slots:
    section = fills.word_in(_DIGEST_SECTIONS, s.text)
    return fills.merged({"section": section}, fills.span_of(s, times.LOOK_BACK))


# ---------------------------------------------------------------- tickets

_ASSIGNEE = lazy(r"(?:派给|指派给|分给|转给|交给|让|分配给|安排给?|叫|由)\s*(?P<a>[CS]|[\u4e00-\u9fff]{2,3}?)(?:去|来)?(?:跟|处理|负责|跟进|办|接|$|一下|\W)")
_PRIORITY = {"urgent": "紧急 加急 特急 很急 马上处理 火急 急", "high": "优先 重要 高优先级", "normal": "普通 一般 不急"}
_TICKET_CUT = lazy(r"^需求\s*|(?:帮我|请)?(?:提|建|开|新建|登记|创建|记|生成|录)(?:一?个|一?张|一?条|一下)?(?:的)?(?:工单|投诉单|投诉|需求单|需求|单子|单|客诉)|(?:加急|紧急|急)$")


def ticket(s: Sentence, match: re.Match[str] | None) -> Slots:
    kind = "demand" if "需求" in s.text or (re.search(r"(?:想要?|希望|咨询|申请|建议|需要)(?!投诉)", s.text) and not s.has("complaint")) else "complaint"
    text = fills.content(s, [(c.start, c.end) for c in s.clients], _TICKET_CUT)
    assignee = _assignee(s)
    due = next((s.when(e, times.REMIND) for e in s.points if e.limit in {"before", "within"} or "duration" in e.slots), None)
    urgent = fills.word_in(_PRIORITY, s.text) if re.search(r"紧急|加急|特急|急|优先|重要", s.text) else None
    return fills.merged(fills.client(s), {"type": kind, "content": text or None, "assignee": assignee, "due": due, "priority": urgent})


def _assignee(s: Sentence) -> str | None:
    match = _ASSIGNEE.search(s.shape)
    return s.cut(*match.span("a")) if match else None


def assign(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    to = _assignee(s)
    if to is None:
        return None
    named = [c for c in s.clients if c.mention.text != to]
    who = fills.client(s, place=s.clients.index(named[0])) if named else {}
    due = {"due": s.when(s.points[0], times.REMIND)} if s.points else {}
    return fills.merged(who, fills.number_of(s), {"assignee": to}, due)


def close(s: Sentence, match: re.Match[str] | None) -> Slots:
    spans = [(p.start - 1 if s.text[p.start - 1:p.start] == "#" else p.start, p.end) for p in s.protected if p.kind == "ticket_no"]
    text = fills.content(s, [*spans, *((c.start, c.end) for c in s.clients)], lazy(r"(?:的)?(?:工单|投诉|单子|单号)|可以|已经|结案|关闭|关掉|关了|办结|销单|#"))
    who = fills.client(s, needed=False) if s.clients else {}
    return fills.merged(who, fills.number_of(s), {"content": text or None})


def tickets(s: Sentence, match: re.Match[str] | None) -> Slots:
    kind = "complaint" if re.search(r"投诉|客诉", s.text) else "demand" if "需求" in s.text else None
    who = fills.client(s, needed=False) if s.clients else {}
    return fills.merged(who, {"type": kind, "status": fills.word_in(TICKET_STATUS, s.text), "assignee": None}, fills.span_of(s, times.LOOK_BACK))


# ---------------------------------------------------------------- hand-over

_FROM_TO = lazy(
    r"(?:把|将)?(?P<f>[CS]|[\u4e00-\u9fff]{2,3}?)?(?:名下|手上|手里|手头|那边)?的?(?P<what>[^,。]*?(?:客户|人|[CS])?(?:们)?)(?:全部|都|所有|统统|一起|先|暂时|临时)*"
    r"(?:移交|转交|转移|转|交接|划|分|交|过户|移)(?:给|到)(?P<t>[CS]|[\u4e00-\u9fff]{2,3}?)(?=$|[\s,。]|吧|了|接|负责|跟进|代|来|名下|管|,)"
)
_LEFT = lazy(r"(?:离职交接|离职|交接)\s*(?P<f>[CS]|小[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3})$|(?P<g>[CS]|小[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3}?)(?:离职|请假|休假|休产假|产假|出差)")
_COVER = lazy(r"(?P<t>[CS]|小[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3}?)(?:代班|代管|代|接手|接管|接)(?:\W|$|几天|一下|跟进|处理)")


def handover(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    found = _FROM_TO.search(s.shape)
    slots: Slots = {}
    if found is not None:
        slots["to"] = s.cut(*found.span("t"))
        owner = s.cut(*found.span("f")) if found["f"] else None
        slots |= _moved_clients(s, owner, slots["to"])
    else:
        cover = _COVER.search(s.shape) if "离职" not in s.text else None
        slots["to"] = s.cut(*cover.span("t")) if cover else None
    left = _LEFT.search(s.shape)
    if left is not None and "from" not in slots:
        slots.setdefault("scope", "all" if "离职" in s.text else None)
        slots["from"] = s.cut(*left.span("f" if left["f"] else "g"))
    if re.search(r"全部|所有|都|名下|手上|手里|统统|的客户(?:转|移|交|划|分)", s.text) and "clients" not in slots:
        slots["scope"] = "all"
    if s.points:
        slots["until"] = s.when(s.points[-1], times.REMIND)
    return fills.merged(slots) if slots.get("to") or slots.get("from") else None


def _moved_clients(s: Sentence, owner: str | None, to: str) -> Slots:
    """把周敏的客户… names the adviser; 把王芳、李雷转给… names the clients."""
    people = [c for c in s.clients if c.mention.text != to]
    if owner and re.search(re.escape(owner.lower()) + r"(?:名下|手上|手里|手头|那边)?的?(?:[\u4e00-\u9fff]{0,6})?(?:客户|人)", s.text):
        return {"from": owner}
    if people:
        found = fills.clients(s)
        names = [c.mention.text for c in people]
        ids = [c.mention.refs[0].id if len(c.mention.refs) == 1 else [r.id for r in c.mention.refs] or None for c in people]
        unknown = _unknown_beside(s, to)
        names, ids = [*names, *unknown], [*ids, *(None for _ in unknown)]
        return {"clients": names, "client_ids": ids, "client": names[0], "client_id": ids[0]} if len(people) else found
    return {"from": owner} if owner and owner not in {"我", "我的"} else {}


_GIVEN = lazy(r"(?:移交|转交|转移|转|交接|划|分|交|过户|移)(?:给|到)")
_NOT_A_NAME = lazy(r"请|麻烦|帮我|帮忙|(?:老|新|vip)?客户们?|以后|全部|所有|统统|一起|暂时|临时|[我他她]?名下|手[上里]|(?:这|那|[两二三四五几\d])+(?:个|位|名)人?|他们|她们|[都先的]$|^vip$")
_JOINED = re.compile(r"[\s、,;()]+|和|跟|与|及|还有|以及")


def _unknown_beside(s: Sentence, to: str) -> list[str]:
    """钱无名 in 把钱无名和赵磊移交给…: names nobody bears, joined to known ones. They must not be passed over."""
    given = _GIVEN.search(s.text)
    if given is None:
        return []
    listed = s.text[:given.start()]
    for named in reversed([c for c in s.clients if c.end <= given.start()]):
        listed = f"{listed[:named.start]}C{listed[named.end:]}"
    listed = re.sub(r"^.*(?:把|将)", "", listed)
    pieces = [_NOT_A_NAME.sub("", piece) for piece in _JOINED.split(listed)]
    return [p for p in pieces if len(pieces) > 1 and "C" not in p and len(p) > 1 and p != to]


def handover_cancel(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s, needed=False) if s.clients else {}


# ---------------------------------------------------------------- opportunities, consents

def opportunity(s: Sentence, match: re.Match[str] | None) -> Slots:
    stage = fills.word_in(STAGES, s.text)
    due = next((s.when(e, times.DUE) for e in s.points), None)
    text = fills.content(s, [(c.start, c.end) for c in s.clients], lazy(r"(?:新建|新增|录|加|记|建|登记)(?:一?个|一?条)?(?:商机|机会)|商机"))
    return fills.merged(fills.client(s), fills.product(s), {"stage": stage, "amount": fills.money(s, any_role=True), "expected": due, "content": text or None})


_REFUSED = lazy(r"不同意|撤回|撤销|退订|拒绝|拒收|不接收|取消|收回|别再|不想|不要|不愿|没同意|关掉|停止")
_GRANTED = lazy(r"同意(?!书)|勾选|(?:已经?|做|完成)了?(?:授权|签)|授权(?:了|过|成功)|[CS]\s*授权")
# The purposes the house keeps consent for, by the finer words of customers and regulators.
_PURPOSES = {"personal_info": "service", "privacy_policy": "service", "marketing": "marketing", "sms_marketing": "marketing", "phone_marketing": "marketing", "health": "health"}
_PLAIN_PURPOSES = {"care": "关怀 提醒 祝福 问候 生日祝福 节日祝福", "service": "服务联系 服务", "marketing": "产品推荐 推荐产品 推销", "all": "全部 所有 一切 任何"}


def consent(s: Sentence, match: re.Match[str] | None) -> Slots:
    """`granted` is absent when neither a yes nor a no was said (登记授权), `scope` when no purpose was."""
    refused = _REFUSED.search(s.text) is not None
    granted = False if refused else True if _GRANTED.search(s.shape) else None
    return fills.merged(fills.client(s), {"granted": granted}, _scope(s) or ({"scope": "marketing"} if refused and re.search(r"发|推|消息", s.text) else {}))


def _scope(s: Sentence) -> Slots:
    """`scope` (service, care, marketing, health, all) and the finer word behind it, `scope_said`."""
    fine = fills.word_in(CONSENT_SCOPES, s.text)
    if fine in _PURPOSES:
        return {"scope": _PURPOSES[fine], "scope_said": fine}
    plain = fills.word_in(_PLAIN_PURPOSES, s.text)
    return {"scope": plain} if plain else {"scope_said": fine} if fine else {}


def consents(s: Sentence, match: re.Match[str] | None) -> Slots:
    status = "withdrawn" if re.search(r"撤回|撤销|退订|拒绝|拒收", s.text) else "missing" if re.search(r"没(?:有)?(?:授权|同意|签)|未(?:授权|同意|签)|缺|还没", s.text) else "granted"
    who = fills.client(s, needed=False) if s.clients else {}
    return fills.merged(who, {"status": status}, _scope(s))


# ---------------------------------------------------------------- import, export, settings

_WHAT = {"policies": "保单 policies policy", "holdings": "持仓 理财 holdings", "loans": "贷款 loans", "claims": "理赔 claims", "notes": "跟进 拜访记录 备注 notes", "reminders": "提醒 待办 日程 reminders",
         "renewals": "续保 到期清单", "audit_log": "审计 日志 操作记录", "wecom_contacts": "企微 企业微信 微信好友 外部联系人 通讯录", "clients": "客户 名单 clients 花名册 资料"}
_FORMAT = {"excel": "excel xlsx xls 表格 表", "csv": "csv", "pdf": "pdf"}


def data_import(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.merged({"what": fills.word_in(_WHAT, s.text), "format": _format(s.text)})


def _format(text: str) -> str | None:
    return fills.word_in(_FORMAT, text)


def data_export(s: Sentence, match: re.Match[str] | None) -> Slots:
    everything = re.search(r"所有数据|全部数据|所有资料|全部资料", s.text) is not None
    return fills.merged({"what": "all" if everything else fills.word_in(_WHAT, s.text), "format": _format(s.text)}, fills.span_of(s, times.LOOK_BACK))


def settings(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    clock = next((s.when(e, times.DUE) for e in s.points if "clock" in e.slots), None)
    at = _literal_clock(s) or (clock.start[11:16] if clock is not None and clock.has_clock else None)
    if re.search(r"英文|英语|english|中文|繁体|语言", s.text):
        return {"key": "language", "value": "en" if re.search(r"英|english", s.text) else "zh-Hant" if "繁" in s.text else "zh"}
    if re.search(r"免打扰|勿扰|别(?:打扰|推|发)|安静", s.text):
        return fills.merged({"key": "quiet_hours", "value": _hours(s)})
    if re.search(r"日报|晚报|团队日报|汇总", s.text):
        return fills.merged({"key": "daily_digest_time", "value": at}, {} if at else {"clarify": "value"})
    if re.search(r"早报|晨报|简报|早上推送|早间|每日推送|晨会", s.text):
        return fills.merged({"key": "morning_brief_time", "value": at}, {} if at else {"clarify": "value"})
    if re.search(r"默认.{0,4}提醒|提醒时间|提醒.{0,2}默认", s.text):
        return fills.merged({"key": "default_reminder_time", "value": at}, {} if at else {"clarify": "value"})
    return None


def _literal_clock(s: Sentence) -> str | None:
    """8:30 in a setting is 08:30, not this evening; a part of day still counts."""
    for expression in s.times:
        if "clock" in expression.slots and "part" not in expression.slots:
            hour, minute, _second, _how = expression.slots["clock"]
            return f"{hour % 24:02d}:{minute:02d}"
    return None


def _hours(s: Sentence) -> str | None:
    for expression in s.times:
        if expression.until is not None:
            read = s.when(expression, times.DUE)
            if read.end:
                return f"{read.start[11:16]}-{read.end[11:16]}"
        if "clock" in expression.slots:
            return s.when(expression, times.DUE).start[11:16]
    return None


_STATS_WORDS = (
    r"业绩|漏斗|拜访量|转化率|续保率|排名|排行|排第几|第几|成交|佣金|提成|完成率|达成|目标|新增客户|新客|客户数|签单|出单|满意度|投诉率|响应|开单|跟进率|电话量|几单|多少单|多少客户|差多少|留存|件数|续期率|好评率|"
    r"多少.{0,4}(?:保费|电话|拜访|客户|单)|(?:拜访|跟进|打了|见了|签了|出了|开了|收了).{0,4}(?:多少|几)|人均|aum|资产规模|没交日报|没写日报|指标|数据|理赔件数"
)
_NO = "remind note draft"
RULES: tuple[Rule, ...] = (
    rule("stats.team", 72, "stats", stats, need="team", no=_NO + " handover ticket_close", name="team figures", shape=_STATS_WORDS + "|日报|保费|跟进|拜访"),
    rule("stats.team", 72, "team", new_of_team, no=_NO + " who", name="new clients of the team", shape=r"新增(?:了)?(?:多少|几)|(?:多少|几)(?:个|位)?新增|新增(?:情况|数量?)"),
    rule("stats.team", 67, "stats", stats, need="stranger", no=_NO + " product policy money", name="a member's figures", shape=r"S.{0,8}(?:业绩|拜访|成交|签单|开单|续保率|转化|跟进|新增)|谁.{0,6}(?:业绩|最多|最高|第一)"),
    rule("stats.team", 66, "stats", stats, no=_NO + " client stranger mine", shape=r"谁.{0,8}(?:最多|最高|最好|最差|最少|第一|垫底|没交日报|没写日报)|排行榜|各人|每个人"),
    rule("stats.me", 63, "stats", stats, no=_NO + " client stranger team product_policy customer_lookup birthday digest_only renewal_list", name="my figures", shape=_STATS_WORDS),
    rule("stats.me", 75, "stats", stats, no=_NO + " client stranger team", shape=r"完成率|达成率|达标率|离目标|差多少"),
    rule("stats.me", 64, "ask", stats, no=_NO + " client stranger team", shape=r"(?:打了?|拜访了?|跟进了?|见了?|签了?|出了?|开了?|收了?)(?:多少|几)(?!钱)"),
    rule("stats.me", 65, "stats", stats, need="mine", no=_NO + " client stranger team", shape=_STATS_WORDS),
    rule("stats.digest", 74, "digest", digest, no=_NO + " settings stats_missing client", shape=r"^\W*(?:看看?|查看?|打开|团队|今天的?|今日|昨天的?|T的?)*(?:团队)?(?:日报|晨报|简报|晚报)\W*$"),
    rule("stats.digest", 89, "any", digest, no=_NO + " who", shape=r"^\W*展开\s*\S+"),
    rule("ticket.create", 74, "ticket complaint demand", ticket, need="who", no="ask remind list settle note", shape=r"(?:提|建|开|新建|登记|创建|生成|录|记).{0,4}(?:工单|投诉|需求|单)|工单\W*$", name="open a ticket"),
    rule("ticket.create", 64, "complaint", ticket, need="who", no="ask remind list note finish", shape=r"[CS].{0,4}(?:要?投诉|反映|抱怨|不满|反馈)"),
    rule("ticket.create", 72, "demand", ticket, need="who", no="ask remind list note opportunity", shape=r"^\W*需求\s?[CS]|[CS].{0,3}需求"),
    rule("ticket.assign", 78, "ticket ticket_no handover complaint", assign, no="ask remind create", shape=r"(?:单|工单|投诉|N|需求).{0,6}(?:派给|指派|分给|转给|交给|让|分配给|安排|由).{0,4}|(?:派给|指派给|分给|转给|让|安排).{1,4}(?:跟|处理|负责)"),
    rule("ticket.close", 80, "ticket ticket_no", close, no="ask remind list", shape=r"结案|关闭|关掉|关了|办结|销单|关单|结了"),
    rule("ticket.list", 70, "ticket complaint demand", tickets, need="list", no="remind draft create stats_rate", shape=r"工单|投诉|需求|单子|客诉|单"),
    rule("ticket.list", 66, "ticket", tickets, no="remind create draft note handover money", shape=r"(?:查看?|看看?|列出?|我的|未处理|没处理|没关|超时|逾期|待处理).{0,8}(?:工单|投诉|需求单)|(?:工单|投诉)(?:列表|清单|情况|进度)"),
    rule("handover.create", 79, "handover", handover, no="ask remind item ticket_no", shape=r"客户|[CS].{0,12}(?:给|接)|离职|请假|名下|代"),
    rule("handover.create", 76, "any", handover, no="ask remind", shape=r"离职交接|(?:请假|休假|休产假|出差).{0,16}代"),
    rule("handover.cancel", 83, "handover", handover_cancel, need="cancel", no="ask remind", shape=r"移交|交接|转移|接管|代管"),
    rule("handover.cancel", 83, "handover", handover_cancel, need="undo", no="ask remind", shape=r"移交|交接|转移|接管"),
    rule("opportunity.create", 76, "opportunity", opportunity, no="ask remind list", need="who", shape=r"商机|意向单|机会"),
    rule("opportunity.update", 79, "opportunity", opportunity, no="ask remind list", need="who", shape=r"(?:推进|进展|改|到了|更新|阶段|赢单|丢单|黄了|输单|转到|变成)"),
    rule("opportunity.update", 64, "any", opportunity, no="ask remind list note create claim", need="client", shape=r"(?:推进\s?C?\s?到|进入谈判|谈判阶段|赢单|丢单|已报方案|黄了)"),
    rule("consent.record", 79, "consent", consent, need="who", no="ask list note", name="consent to care",
         shape=r"^\W*[CS]\s*(?:本人|已经?|也|都|口头)*(?:不同意|同意|撤回|撤销|拒绝|拒收|不接收)(?:接收|接受|收到|了|对|我们?|的)*\s*(?:关怀|生日|节日|祝福|服务|问候)*(?:和|、)?(?:关怀|提醒|祝福|问候|消息)(?:的?授权)?了?\W*$"),
    rule("consent.record", 78, "consent", consent, need="who", no="ask remind list note", shape=r"授权|同意|退订|拒收|撤回|撤销|别再发|不接收|拒绝接收"),
    rule("consent.list", 79, "consent", consents, need="list", no="remind create client", shape=r"授权|同意|退订|拒收|隐私|协议"),
    rule("consent.list", 72, "consent", consents, need="ask who", no="remind create"),
    rule("data.import", 78, "import", data_import, no="remind who"),
    rule("data.export", 78, "export", data_export, no="remind client portability"),
    rule("settings.set", 81, "settings digest", settings, no="ask who", shape=r"时间.{0,4}(?:改|设|调)|设(?:置|成|为|到)|切换|改(?:到|成|为)?\s?T|调(?:到|成|整)|免打扰|勿扰|换成(?:英文|中文)|T(?:到|至)?.{0,4}(?:别打扰|勿扰|免打扰)"),
)
