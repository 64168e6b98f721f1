"""Looking at clients: the short card, details by section, the time line, the family."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import READERS, command
from handlers.tier_words import change_text
from handlers.whose import number_mark
from reminders.retention import state_words
from storage.dictionary import HIDDEN
from storage.model.contracts import ContractHead
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, cut
from storage.model.people import Client
from storage.repositories.glances import Glance

PAGE = 10
# What others know of a client besides his fields, as blocks of lines under his details.
MORE_DETAILS: list[Callable[[Context, Client], list[str]]] = []


@command("client.lookup", group="客户", help="查客户", example="查客户 王芳", client=True, roles=READERS)
def look_up(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The short card, or one field when one was asked for."""
    if field := meaning.get("field"):
        _one_field(ctx, client, field)
    else:
        ctx.show(card(ctx, client))


def _one_field(ctx: Context, client: Client, name: str) -> None:
    spec = next((s for s in ctx.uow.dictionary.fields("client") if s.name == name), None)
    if spec is None:
        ctx.show(card(ctx, client))
        return
    ctx.uow.audit.read("client", client.id, client_id=client.id, section=spec.section or "record")
    text = ctx.uow.dictionary.show(spec, client.value(name), ctx.user.role)
    said = f"「{client.name}」的{spec.label}：{text}" if text else f"「{client.name}」还没有登记{spec.label}。"
    asked_why = "*" in text and IN_FULL.search(ctx.text)
    why = WHY_MASKED if name == "phone" else WHY_MASKED_TOO.format(label=spec.label)
    ctx.say(f"{said}\n{why}" if asked_why else said)


IN_FULL = re.compile(r"完整|全部|全号|看全|给全|显示全|明文|打码|掩码|脱敏|星号|中间的?(?:四|几)位")
FULL_PHONE = re.compile(
    r"(?:完整|全部|不打码|明文)的?.{0,2}(?:手机|电话|号码)|(?:手机|电话|号码).{0,3}(?:完整|全号|不打码|明文|打码)"
)
WHY_MASKED = "手机号按公司规定打码显示，这里看不到完整的；要联系客户请用企业微信，或在公司业务系统里按权限查看。"
MOST_LINES = 6  # that WeCom shows of a card
WHY_MASKED_TOO = "{label}按公司规定打码显示，这里看不到完整的；需要时请在公司业务系统里按权限查看。"


def card(ctx: Context, client: Client) -> Card:
    """At most 8 lines: who it is, then what matters first, each line only where there is something to say."""
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="card")
    glance = ctx.uow.glances.of_client(client.id, ctx.today, ctx.zone)
    lines = [
        Line(key, cut(value, 30))
        for key, value in (
            ("资料", state_words(client)),
            ("手机", _shown(ctx, client, "phone")),
            ("分层", " · ".join(filter(None, [client.bank_tier, client.insurance_tier]))),
            ("标签", tags_line(ctx, glance)),
            ("合同", _contracts_line(ctx, glance.contracts)),
            ("工单", _tickets_line(ctx, glance)),
            ("下一步", _next_line(ctx, glance)),
            ("联系", _contact_line(ctx, client)),
        )
        if value
    ][:MOST_LINES]
    return Card(
        "button_interaction", title=cut(client.name, 36), desc=cut(_who(ctx, client), 44),
        task_id=f"client-{new_token()}", lines=lines,
        buttons=[
            # Navigation may be tapped again and again and does what the member could type as well, so
            # these keys carry the command itself; buttons that write are bound to card_actions instead.
            Button("合同", f"go:contract.list:{client.id}", 2),
            Button("时间线", f"go:client.timeline:{client.id}", 2),
            Button("详情", f"go:client.details:{client.id}", 2),
        ],
    )


def _shown(ctx: Context, client: Client, name: str) -> str:
    spec = ctx.uow.dictionary.field("client", name)
    text = ctx.uow.dictionary.show(spec, client.value(name), ctx.user.role)
    return "" if text == HIDDEN else text


def _who(ctx: Context, client: Client) -> str:
    stage = ctx.packs.find_stage(client.stage)
    parts = [stage.label if stage else client.stage]
    if client.kind == "enterprise":
        parts += ["企业客户", client.industry or ""]
    else:
        parts += [{"M": "男", "F": "女"}.get(client.gender or "", ""), _age(client, ctx.today)]
        parts.append(_shown(ctx, client, "occupation"))
    parts += [_risk_class(ctx, client), _grade(ctx, client)]
    return " · ".join(filter(None, parts))


def _risk_class(ctx: Context, client: Client) -> str:
    """风评 C3; 风评 C3 已过期: then nothing may be recommended."""
    if client.risk_class is None or not _shown(ctx, client, "risk_class"):
        return ""
    expires = client.risk_class_expires_on
    return f"风评 {client.risk_class}{' 已过期' if expires and expires < ctx.today else ''}"


def _grade(ctx: Context, client: Client) -> str:
    grade = _shown(ctx, client, "credit_grade") if client.value("credit_grade") else ""
    return f"信用 {grade}" if grade else ""


def _age(client: Client, today: date) -> str:
    if client.birthday is None or client.birthday.year < 1900:
        return ""
    born = client.birthday
    return f"{today.year - born.year - ((today.month, today.day) < (born.month, born.day))} 岁"


def tags_line(ctx: Context, glance: Glance) -> str:
    """常投诉（90天投诉2次）、高净值: those that follow from the records or a condition first, with their reasons."""
    follow = {
        tag.name: f"{tag.name}（{tag.counted.told(glance.counted[tag.name])}）" for tag in ctx.packs.counted_tags
        if tag.counted and tag.name in glance.counted
    }
    follow |= {earned.tag: f"{earned.tag}（{cut(earned.reason, 30)}）" for earned in glance.earned}
    return "、".join([*follow.values(), *(tag for tag in glance.tags if tag not in follow)])


def _tickets_line(ctx: Context, glance: Glance) -> str:
    """T12 投诉、T9 需求, the open ones."""
    labels = {flow.id: flow.label for flow in ctx.packs.flows}
    return "、".join(f"T{number} {labels.get(flow, flow)}" for number, flow in glance.tickets)


def _contracts_line(ctx: Context, contracts: Sequence[ContractHead]) -> str:
    alive = [c for c in contracts if c.state in ctx.packs.kind(c.kind).open_states]
    labels = [ctx.packs.kind(c.kind).label for c in alive]
    return " · ".join(f"{label} {labels.count(label)}" for label in dict.fromkeys(labels))


def _next_line(ctx: Context, glance: Glance) -> str:
    if step := glance.step:
        return f"{ctx.local(step.remind_at):%m-%d} {step.text or CATEGORY.get(step.category, '待办')}"
    ends = [c for c in glance.contracts if c.ends_on and c.ends_on >= ctx.today]
    return f"{ends[0].ends_on:%m-%d} {ends[0].product_name}到期" if ends else ""


CATEGORY = {
    "renewal": "续保", "premium": "缴费", "birthday": "生日", "follow_up": "回访", "maturity": "到期",
    "repayment": "还款", "expiry": "证件/测评到期", "silence": "久未联系", "anniversary": "周年",
    "event": "事件",
}


def _contact_line(ctx: Context, client: Client) -> str:
    prefers = f"偏好{_shown(ctx, client, 'preferred_channel')}" if client.preferred_channel else ""
    if client.last_contact_at is None:
        return prefers
    days = (ctx.today - ctx.local(client.last_contact_at).date()).days
    ago = "今天" if days <= 0 else f"{days} 天前"
    return "，".join(filter(None, [f"{ago}联系过", prefers]))


@command("client.details", group="客户", help="客户详情，可带分区", example="王芳 详情", client=True, roles=READERS)
def details(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Every field that is filled in and that the reader may see, by section."""
    wanted = meaning.get("section")
    dictionary = ctx.uow.dictionary
    blocks = []
    for section in dictionary.sections("client", applies_to=client.kind):
        if wanted and wanted not in (section, None):
            continue
        lines = []
        for spec in dictionary.fields("client", applies_to=client.kind, section=section):
            text = dictionary.show(spec, client.value(spec.name), ctx.user.role)
            if text and text != HIDDEN and spec.name not in ("owner_id",):
                lines.append(f"{spec.label}：{text}")
        if lines:
            ctx.uow.audit.read("client", client.id, client_id=client.id, section=section)
            blocks.append("\n".join([f"【{section}】", *lines]))
    if not wanted:
        blocks += ["\n".join(lines) for more in MORE_DETAILS if (lines := more(ctx, client))]
    if not blocks:
        ctx.say(f"「{client.name}」{wanted or ''}还没有资料。可以直接说，例如「{client.name} 职业 教师」。")
        return
    ctx.say("\n".join([f"「{client.name}」详情", *blocks]))


@command("client.timeline", group="客户", help="看互动记录", example="王芳 时间线", client=True, roles=READERS)
def timeline(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The last ten contacts and changes of the tier; 更多 pages on."""
    show_timeline(ctx, client, 0)


def show_timeline(ctx: Context, client: Client, page: int) -> None:
    """One page of the time line."""
    changes = ctx.uow.tiers.of_client(client.id)
    total = ctx.uow.interactions.count(client.id) + len(changes)
    events = [*_contacts(ctx, client, (page + 1) * PAGE), *((c.at, f"分层：{change_text(ctx, c)}") for c in changes)]
    found = sorted(events, key=lambda event: event[0], reverse=True)[page * PAGE : (page + 1) * PAGE]
    if not found:
        empty = "没有更多记录了。" if page else f"还没有互动记录。发送「记 {client.name} 今天电话聊了……」可记录。"
        ctx.say(f"「{client.name}」{empty}")
        return
    ctx.uow.audit.read("interaction", client.id, client_id=client.id, section="timeline")
    lines = [f"「{client.name}」时间线（{page * PAGE + 1}–{page * PAGE + len(found)} / {total}）"]
    lines += [f"{ctx.local(at):%Y-%m-%d} {said}" for at, said in found]
    if total > (page + 1) * PAGE:
        lines.append("发送「更多」看下一页。")
    ctx.conversation.show_leaf("timeline", [{"client_id": client.id, "name": client.name}], page)
    ctx.say("\n".join(lines))


def _contacts(ctx: Context, client: Client, most: int) -> list[tuple[datetime, str]]:
    """(when, 电话：谈了续保) of the latest contacts."""
    spec = ctx.uow.dictionary.field("interaction", "kind")
    return [
        (contact.happened_at, f"{ctx.uow.dictionary.show(spec, contact.kind, ctx.user.role)}：{cut(contact.text, 60)}")
        for contact in ctx.uow.interactions.of_client(client.id, most)
    ]


@command("client.family", group="客户", help="家庭与关系", example="王芳 家庭", client=True, roles=READERS)
def family(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Relatives and other related clients."""
    relations = ctx.uow.clients.relations(client.id)
    notes = [_shown(ctx, client, name) for name in ("marital_status", "children", "family_notes")
             if any(s.name == name for s in ctx.uow.dictionary.fields("client"))]
    lines = [f"「{client.name}」的家庭与关系"]
    for relation in relations:
        kind = ctx.packs.find_relation(relation.kind)
        lines.append(f"{kind.label if kind else relation.kind}：{relation.other_name} {relation.note}".rstrip())
    if any(notes):
        lines.append("备注：" + "，".join(filter(None, notes)))
    if len(lines) == 1:
        lines = [f"「{client.name}」还没有登记家庭关系。例如发送「张敏 是 {client.name} 的 配偶」。"]
    ctx.say("\n".join(lines))


@command("client.list", group="客户", help="我的客户", example="我的客户", roles=READERS)
def list_clients(ctx: Context, meaning: Meaning) -> None:
    """The newest clients of the book, a page at a time."""
    show_clients(ctx, 0)


def show_clients(ctx: Context, page: int) -> None:
    """One page of the book, newest first."""
    total = ctx.uow.clients.count()
    rows = ctx.uow.clients.newest(PAGE, page * PAGE)
    if not rows:
        ctx.say("没有更多了。" if page else "名下还没有客户。发送「新增客户 姓名 手机号」开始建档。")
        return
    lines = [f"名下客户 {total} 位（{page * PAGE + 1}–{page * PAGE + len(rows)}）"]
    lines += [
        f"{number_mark(n)} {row.name} {row.masked_phone} {row.bank_tier or row.insurance_tier or ''}".rstrip()
        for n, row in enumerate(rows, 1)
    ]
    lines += ["发送「更多」看下一页。"] if total > (page + 1) * PAGE else []
    ctx.conversation.show_list("clients", [{"client_id": r.id, "name": r.name} for r in rows], page)
    ctx.say("\n".join(lines))


