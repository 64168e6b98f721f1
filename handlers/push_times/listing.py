"""The firm's hours of the brief and the digest in force, who set them, and their versions."""

from __future__ import annotations

from handlers.approvals import ACTS, DECIDERS, OPS, STATES, who_text
from handlers.context import Context
from handlers.language import Meaning
from handlers.push_times.words import EXAMPLE, held_in, name_of, reach_text
from handlers.router import command
from storage.model.errors import Invalid
from storage.model.versions import Version


@command("push.show", group="运营", help="看全公司早报、日报的时间", example="早报时间", roles=OPS)
def show_time(ctx: Context, meaning: Meaning) -> None:
    """The hour, the version and its author, whom it reaches, and what waits for approval."""
    push, book = str(meaning.get("push") or "brief"), ctx.uow.push_times.in_force()
    set_by = book.versions.get(push)
    made = f"v{set_by.version}，{who_text(ctx, set_by)}" if set_by else "v0，业务包原样"
    waiting = ctx.uow.push_times.waiting(push)
    ctx.say("\n".join([
        f"全公司{name_of(push)}：{book.of(push):%H:%M}（{made}）", reach_text(ctx, push),
        *([f"有一个版本等待审批：v{waiting.version}，{who_text(ctx, waiting)}"] if waiting else []),
        *(["批准过的版本现在不能用，按业务包的来。"] if push in book.broken else []),
        f"要改例如「{EXAMPLE if push == 'brief' else '日报时间 改为 17:30'}」。",
    ]))  # fmt: skip


@command("push.history", group="运营", help="看早报、日报时间的历次版本", example="早报时间 历史", roles=DECIDERS)
def history(ctx: Context, meaning: Meaning) -> None:
    """The versions, the latest first: the hour of each, who wrote and who approved it, and when."""
    push = str(meaning.get("push") or "brief")
    name, versions = name_of(push), ctx.uow.push_times.history(push)
    lines = [f"{name}的版本，新的在前："]
    for version in versions:
        refused = f"，驳回原因：{version.reason}" if version.reason else ""
        head = f"v{version.version} {STATES[version.state]}：{ACTS[version.act]}为 {_hour(ctx, version)}"
        lines.append(f"{head}，{who_text(ctx, version)}{refused}")
    in_force = ctx.uow.push_times.in_force().versions.get(push)
    lines.append("v0 业务包原样" + ("（生效中）" if in_force is None else ""))
    back = next((version.version for version in versions if version.state == "retired"), 0)
    lines += [f"要回到旧版本，例如「回滚 {name} v{back}」。"] if in_force else []
    ctx.say("\n".join(lines))


def _hour(ctx: Context, version: Version) -> str:
    try:
        return f"{held_in(ctx, version):%H:%M}"
    except Invalid:
        return "（已经不能用）"
