"""For compliance: who looked at a client and what was changed, and whether the trail still holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.router import command, confirmed
from handlers.whose import choice_line, number_mark, resolve
from reminders.calendar import DAY, local_instant
from storage import audit
from storage.model.errors import Invalid, NotFound
from storage.model.messages import cut
from storage.model.people import Client, Role, User

Days = tuple[date, date]
WATCHERS: tuple[Role, ...] = ("compliance",)
USUAL_DAYS = 30
# Walking the chain holds the one database thread of SQLite; longer trails are for the command line.
MOST_IN_CHAT = 50_000
_MOST, _SHOWN = 1000, 200
_ACTIONS = {
    "read": "查看", "list": "列表", "search": "查找", "create": "新建", "update": "修改", "delete": "删除",
    "tag": "加标签", "untag": "去标签", "relate": "记关系", "consent": "登记授权", "hand_over": "移交",
    "done": "完成提醒", "dismissed": "标为不需要", "cancelled": "取消提醒", "snooze": "推迟提醒",
    "pay": "登记缴费", "undo": "撤销", "refuse": "被拒绝", "look_up": "审计查询", "draft": "起草文案",
    "confirm_draft": "文案定稿", "adviser_sent": "顾问称已发送", "block_wording": "拦截用语",
    "export": "导出", "merge": "合并", "plan": "登记缴费计划", "replan": "重排缴费计划",
    "ask_change": "申请修改", "freeze": "冻结", "rate": "评价", "bind": "核实身份", "revoke": "作废核实",
    "change": "提交改动", "stop": "停用", "start": "启用", "roll_back": "提交回滚",
    "approve": "批准", "withdraw": "撤回申请", "try": "试算", "compute": "重算等级", "give_back": "交还等级",
    "enter": "加入", "leave": "停止", "finish": "走完", "tell": "转告留言",
    "link": "绑定", "unlink": "解绑", "lose": "失去", "move": "进展",
    "assign": "转交", "detail": "补充", "share": "请人看", "note": "备注", "attach": "收资料",
    "recommend": "推荐产品", "import": "同步流水", "end": "提前结束",
    "offer": "按规则分配", "offer_accepted": "接受分配", "offer_declined": "不接受分配", "offer_lapsed": "分配超时",
    "offer_moved": "分配作废", "ask_outside": "外部查询", "outside_answer": "外部查询结果",
    "reuse_outside": "沿用外部查询",
    "screen": "名单筛查",
}
_OBJECTS = {
    "client": "客户资料", "contract": "合同", "instalment": "缴费计划", "interaction": "互动记录", "reminder": "提醒",
    "consent": "授权同意", "user": "成员", "audit": "审计记录", "rule": "提醒规则",
    "tier": "", "tier_standard": "分层标准", "journey": "客户旅程", "assignment": "客户分配",
    "escalation": "升级时间", "push_time": "推送时间", "template": "模板",
    "client_message": "给客户的消息", "contact": "微信客户",
    "account": "账户", "opportunity": "商机", "cover": "代班", "ticket": "工单", "paper": "工单资料",
}
_SECTIONS = {
    "card": "名片", "record": "资料", "timeline": "时间线", "reminder": "提醒卡片",
    "containing": "按姓名查找", "choice": "同名或多位供选择", "number": "按合同号查找", "newest": "我的客户",
    "segment": "筛选", "conditions": "筛选说明", "rule": "规则样本", "reasons": "提醒原因", "tiers": "分层",
    "journey": "旅程", "churn": "流失预警", "potential": "高潜客户", "campaign": "群发活动", "tags": "标签",
    "assets": "管理资产", "consents": "授权", "messages": "发送记录", "plan": "还款计划", "team": "团队",
    "kf": "微信客服",
    "accounts": "账户", "transactions": "流水", "score": "评分", "advice": "推荐依据", "opportunities": "商机",
    "tickets": "工单", "ticket": "工单", "papers": "工单资料", "effects": "提醒效果", "usage": "使用率",
    "causes": "工单原因", "birthdays": "生日", "digest": "日报", "ending": "到期", "states": "按状态",
    "due": "应缴应还", "reminders": "待办",
}
_SEARCHES = {"phone": "按手机号", "phone_tail": "按手机尾号", "id_number": "按证件号"}
_SEEING = ("read", "list", "search")


@command("audit.lookup", group="合规", help="查谁看过、改过某位客户，或某位成员做过什么",
         example="审计 王芳 近30天", roles=WATCHERS)
def look_up(ctx: Context, meaning: Meaning) -> None:
    """The trail about a client, or of what a member did; asks when both bear the name."""
    days = _range(ctx, meaning)
    said = rest_of(ctx.text, meaning)
    members = [user for user in ctx.uow.users.all() if user.name == (said or meaning.get("client"))]
    clients = sorted({hit.client_id for hit in ctx.uow.clients.named([members[0].name])}) if members else []
    if len(members) + len(clients) > 1 and members:
        _ask_whom(ctx, members, clients, days)
    elif members:
        _of_member(ctx, members[0], days)
    elif said and meaning.get("pronoun") and said not in _SHE:
        raise NotFound(f"没有找到叫「{said}」的客户或成员，没有查询。请核对姓名。")
    elif client := resolve(ctx, meaning):
        _about_client(ctx, client, days, ctx.text)


_WHO_CHANGED, _WHO_SAW = re.compile(r"谁改过"), re.compile(r"谁[看查]过")
_OF_FIELD = re.compile(r"的(?P<field>[\u4e00-\u9fff]{2,10})\W*$")
_ASKING = re.compile(
    r"^\W*(?:审计|谁看过|谁改过|谁查过)\s*(?:成员|同事|客户|顾问)?|审计记录|的?(?:全部|所有|操作)?(?:记录|日志|痕迹|轨迹)$|[\s,，。?？的]+"
    r"|(?:都|最近|一共)*(?:看|查|改|动|翻)(?:了|过)(?:谁|哪些|哪几位|什么|多少)(?:客户|人|资料)?"
)
_SHE = ("她", "他", "这位", "这个客户", "这位客户", "该客户")


def rest_of(text: str, meaning: Meaning) -> str:
    """The name in the words of the question: what is left without its time."""
    for span in meaning.spans:
        if span.kind == "time":
            text = text.replace(span.text, " ")
    return re.sub(_ASKING, "", text)


def _ask_whom(ctx: Context, members: Sequence[User], clients: Sequence[int], days: Days) -> None:
    """A numbered choice between members and clients of one name."""
    rows = ctx.uow.clients.rows(clients)
    labels = [f"成员 {m.name}（{m.id}）" for m in members] + [f"客户 {choice_line(row, exact=False)}" for row in rows]
    ctx.conversation.ask(
        "choice", "audit", then="audit.lookup", options=[*(m.id for m in members), *(row.id for row in rows)],
        labels=labels, days=[day.isoformat() for day in days],
    )
    head = f"「{members[0].name}」有 {len(labels)} 位，回复序号选择："
    ctx.say("\n".join([head, *(f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1))]))


@confirmed("audit.lookup", roles=WATCHERS)
def look_up_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The member or the client was chosen."""
    first, last = (date.fromisoformat(day) for day in data["days"])
    if isinstance(data["chosen"], str):
        _of_member(ctx, ctx.uow.users.get(data["chosen"]), (first, last))
    else:
        _about_client(ctx, ctx.uow.clients.get(data["chosen"]), (first, last))


def _about_client(ctx: Context, client: Client, days: Days, asked: str = "") -> None:
    """Reads and changes of one client, newest first, with the lists and searches that showed the client; only what
    was asked for, where that was who saw or changed something."""
    entries = audit.entries_about(ctx.uow.conn, client.id, _MOST, **_between(ctx, days))
    entries = [entry for entry in entries if _is_asked_for(ctx, entry, asked)]
    said: dict[str, Any] = _said(days)
    ctx.uow.audit.record("look_up", "audit", client.id, client_id=client.id, **said)
    _show(ctx, f"「{client.name}」", days, entries, named=False)


def _is_asked_for(ctx: Context, entry: audit.Entry, asked: str) -> bool:
    """谁改过陈静的手机号: changes of that field; 谁看过陈静: what was seen."""
    if _WHO_SAW.search(asked):
        return entry.action in _SEEING
    if not _WHO_CHANGED.search(asked):
        return True
    named = _OF_FIELD.search(asked)
    spec = ctx.uow.dictionary.find("client", named["field"]) if named is not None else None
    fields = {change[0] for change in entry.detail.get("fields", ()) if isinstance(change, list | tuple)}
    return entry.action not in (*_SEEING, "look_up") and (spec is None or spec.name in fields)


def _of_member(ctx: Context, member: User, days: Days) -> None:
    """What one member saw and changed, newest first, with whose it was."""
    entries = audit.entries_by(ctx.uow.conn, member.id, _MOST, **_between(ctx, days))
    said: dict[str, Any] = _said(days)
    ctx.uow.audit.record("look_up", "audit", member.id, **said)
    _show(ctx, f"成员「{member.name}」", days, entries, named=True)


def _show(ctx: Context, whose: str, days: Days, entries: Sequence[audit.Entry], *, named: bool) -> None:
    """The look-up itself is on the trail, and that is said."""
    span = f"{days[0]:%Y-%m-%d} 至 {days[1]:%Y-%m-%d}"
    if not entries:
        ctx.say(f"{whose}{span} 没有查看或改动记录。本次查询已记入日志。")
        return
    reads = sum(entry.action in _SEEING for entry in entries)
    count = f"最近 {_MOST} 条" if len(entries) == _MOST else f"共 {len(entries)} 条"
    head = f"审计{whose}{span}：{count}，查看 {reads} 条，其他 {len(entries) - reads} 条。本次查询已记入日志。"
    names = {user.id: user.name for user in ctx.uow.users.all()}
    shown = entries[:_SHOWN]
    heads = ctx.uow.clients.heads({e.client_id for e in shown if e.client_id}) if named else {}
    clients = {client_id: head.name for client_id, head in heads.items()}
    show_lines(ctx, "audit", head, [{"line": line(ctx, entry, names, clients)} for entry in shown])


def _between(ctx: Context, days: Days) -> dict[str, Any]:
    first, last = days
    return {"first": local_instant(first, time(), ctx.zone), "last": local_instant(last + DAY, time(), ctx.zone)}


def _said(days: Days) -> dict[str, str]:
    return {"first": days[0].isoformat(), "last": days[1].isoformat()}


def _range(ctx: Context, meaning: Meaning) -> Days:
    said = meaning.get("range")
    if isinstance(said, When) and said.problem == "impossible":
        raise Invalid(f"没有「{said.text}」这一天，没有查询。请核对日期再说一次，例如「近30天」。")
    if not isinstance(said, When):
        return ctx.today - timedelta(days=USUAL_DAYS), ctx.today
    return said.date, max(said.date, min(said.last_date, ctx.today))


def line(
    ctx: Context, entry: audit.Entry, names: Mapping[str, str], clients: Mapping[int, str] = MappingProxyType({})
) -> str:
    """06-09 09:00 李顾问 修改 客户资料：职业 （空）→教师; with whose it was where `clients` knows."""
    who = names.get(entry.actor, "系统" if entry.actor == "system" else entry.actor)
    if covering := entry.detail.get("covering"):
        who += f"（代{'、'.join(names.get(away, away) for away in covering)}）"
    what = f"{_ACTIONS.get(entry.action, entry.action)} {_OBJECTS.get(entry.object_type, entry.object_type)}"
    whose = f"「{clients[entry.client_id]}」" if entry.client_id and entry.client_id in clients else ""
    if entry.object_type == "cover" and "away" in entry.detail:
        away, cover = (names.get(member, member) for member in (entry.detail["away"], entry.detail["cover"]))
        whose = f"：{away} 由 {cover} 代"
    denied = "" if entry.outcome == "ok" else "（未获准）"
    return cut(f"{ctx.local(entry.at):%m-%d %H:%M} {who} {what}{whose}{_detail(ctx, entry.detail)}{denied}", 120)


def _detail(ctx: Context, detail: Mapping[str, Any]) -> str:
    """Sections read, lists and searches with how many they showed, or fields changed with old and new as the trail
    has them: masked."""
    if detail.get("section") == "papers" and "paper" in detail:
        return f"：T{detail['number']} {_paper_label(ctx, detail['paper'])}"
    if section := detail.get("section"):
        kinds = {kind.name: kind.label for kind in ctx.packs.kinds}
        listed = f"，共 {detail['count']} 条" if "count" in detail else ""
        return f"：{_SECTIONS.get(section) or kinds.get(section, section)}{listed}"
    if by := detail.get("by"):
        return f"：{_SEARCHES.get(by, by)}，共 {len(detail.get('ids', ()))} 条"
    changes = [_change(ctx, *change) for change in detail.get("fields", ())]
    # An undo names what it put back; columns that are ours alone (the row version) say nothing to a reader.
    known = {spec.name for spec in ctx.packs.fields}
    changes += [_label(ctx, column) for column in detail.get("columns", ()) if column in known]
    return f"：{'，'.join(changes)}" if changes else ""


def _paper_label(ctx: Context, name: str) -> str:
    return next((paper.label for flow in ctx.packs.flows for paper in flow.papers if paper.name == name), name)


def _change(ctx: Context, name: str, *values: str) -> str:
    """Old and new; of prose the trail keeps only that it was changed."""
    if name == "tier_set_by":
        return "等级 按资产算→手工定" if values[-1] else "等级 手工定→按资产算"
    label = _label(ctx, name)
    return f"{label} {values[-2] or '（空）'}→{values[-1] or '（空）'}" if len(values) > 1 else f"{label}{values[0]}"


def _label(ctx: Context, name: str) -> str:
    found = next((spec for spec in ctx.packs.fields if spec.name == name), None)
    return found.label if found else name


@command("audit.verify", group="合规", help="校验日志是否被改动", example="校验日志", roles=WATCHERS)
def verify(ctx: Context, meaning: Meaning) -> None:
    """Walk the chain of the audit trail and name the first entry that does not hold."""
    count, _ = audit.head(ctx.uow.conn)
    if count > MOST_IN_CHAT:
        ctx.say(f"日志有 {count} 条，请在服务器上运行 python -m bot audit verify 校验，避免影响大家使用。")
        return
    broken = audit.verify(ctx.uow.conn, ctx.uow.vault)
    ctx.uow.audit.record("verify", "audit", count, holds=broken is None)
    if broken is None:
        ctx.say(f"日志完整：{count} 条记录首尾相接，没有发现改动或缺失。")
    else:
        why = _REASONS.get(broken.reason, broken.reason)
        ctx.say(f"日志异常：第 {broken.seq} 条开始对不上（{why}）。请立即保全数据库并联系管理员。")


_REASONS = {
    "entry missing": "记录缺失", "content altered": "内容被改动",
    "not chained to the entry before it": "与上一条不相接",
    "entries missing at the end": "末尾缺失",
}
