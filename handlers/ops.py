"""For operations: how the system is. Rules are in `handlers.rules`."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from reminders.calendar import last_known_year
from storage.model.people import Role

RUNNERS: tuple[Role, ...] = ("ops", "admin", "compliance")
_INBOX = {"new": "待处理", "done": "已处理", "parked": "已搁置"}
_OUTBOX = {
    "new": "待发送", "sending": "发送中", "sent": "已发送", "refused": "被拒", "expired": "已过期",
    "uncertain": "结果不明", "parked": "已搁置",
}


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
        _calendar(ctx.today.year),
    ]
    if stuck := received.get("parked", 0) + sum(sent.get(s, 0) for s in ("parked", "uncertain", "refused")):
        lines.append(f"有 {stuck} 条需要人工处理，发送「失败消息」查看，再回复「重推 1」。")
    else:
        lines.append("没有需要人工处理的消息。")
    ctx.say("\n".join(lines))


def _calendar(year: int) -> str:
    """How far the holiday arrangements reach, and what is done beyond."""
    last = last_known_year()
    missing = f"{max(last + 1, year)} 年还没有，那时工作日先按周一到周五算，没有节假日和调休；公布后请升级系统"
    return f"放假安排：有到 {last} 年的" + (f"；{missing}。" if last <= year else "。")


def _counts(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    return "，".join(f"{word} {counts[state]}" for state, word in words.items() if counts.get(state)) or "无"
