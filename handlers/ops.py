"""For operations: which rules are in force, and how the system is."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import command
from handlers.rule_words import rule_text
from storage.model.people import Role

RUNNERS: tuple[Role, ...] = ("ops", "admin", "compliance")
_INBOX = {"new": "待处理", "done": "已处理", "parked": "已搁置"}
_OUTBOX = {
    "new": "待发送", "sending": "发送中", "sent": "已发送", "refused": "被拒", "expired": "已过期",
    "uncertain": "结果不明", "parked": "已搁置",
}


@command("rules.list", group="待办", help="看提醒规则", example="提醒规则", roles=(*RUNNERS, "manager", "adviser"))
def list_rules(ctx: Context, meaning: Meaning) -> None:
    """Every rule of the packs: its date, its days, on or off."""
    rules = ctx.packs.rules
    if not rules:
        ctx.say("业务包里还没有提醒规则。")
        return
    on = sum(rule.is_valid_on(ctx.today) for rule in rules)
    head = f"提醒规则 {len(rules)} 条，启用 {on} 条（业务包版本 {ctx.packs.version}）"
    show_lines(ctx, "rules", head, [{"line": rule_text(rule, ctx.packs)} for rule in rules])


@command("system.status", group="运营", help="看系统状态", example="系统状态", roles=RUNNERS)
def status(ctx: Context, meaning: Meaning) -> None:
    """Messages in and out by state, what was set aside, the packs in force."""
    received, sent = ctx.uow.inbox.counts(), ctx.uow.outbox.counts()
    packs = "、".join(f"{info.label} {info.version}" for info in ctx.packs.infos)
    lines = [
        f"系统状态（{ctx.local(ctx.now):%m-%d %H:%M}）",
        f"收到的消息：{_counts(received, _INBOX)}",
        f"发出的消息：{_counts(sent, _OUTBOX)}",
        f"业务包：{packs}（版本 {ctx.packs.version}）",
    ]
    if stuck := received.get("parked", 0) + sum(sent.get(s, 0) for s in ("parked", "uncertain", "refused")):
        lines.append(f"有 {stuck} 条需要人工查看，请管理员在服务器上运行 python -m bot messages list 查看。")
    else:
        lines.append("没有需要人工处理的消息。")
    ctx.say("\n".join(lines))


def _counts(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    return "，".join(f"{word} {counts[state]}" for state, word in words.items() if counts.get(state)) or "无"
