"""The hours of escalation in force and who set them; and their versions."""

from __future__ import annotations

from handlers.approvals import ACTS, DECIDERS, STATES, who_text
from handlers.context import Context
from handlers.escalation_hours.deciding import held_in
from handlers.escalation_hours.forms import now_in_force
from handlers.escalation_hours.words import NAME, Limits, changes_text, lines_of
from handlers.language import Meaning
from handlers.router import command
from storage.escalation import SETTING, hours_of
from storage.model.errors import Invalid
from storage.model.people import Role
from storage.model.versions import Version

READ: tuple[Role, ...] = (*DECIDERS, "adviser")


@command("escalation.hours", group="运营", help="看提醒放多久告诉主管、算漏办", example="升级时间", roles=READ)
def show_hours(ctx: Context, meaning: Meaning) -> None:
    """The limits by category, the version and its author, and what waits for approval."""
    limits, book = now_in_force(ctx), ctx.uow.escalations.in_force()
    made = f"v{book.version.version}，{who_text(ctx, book.version)}" if book.version else "v0，业务包原样"
    waiting = ctx.uow.escalations.waiting(SETTING)
    ctx.say("\n".join([
        f"{NAME}（{made}），按工作小时算，午休和节假日不算：", *lines_of(limits),
        *([f"有一个版本等待审批：v{waiting.version}，{who_text(ctx, waiting)}"] if waiting else []),
        *([f"批准过的版本现在不能用：{book.broken}"] if book.broken else []),
    ]))  # fmt: skip


@command("escalation.history", group="运营", help="看升级时间的历次版本", example="升级时间 历史", roles=DECIDERS)
def history(ctx: Context, meaning: Meaning) -> None:
    """The versions, the latest first: what each changed, who wrote and who approved it, and when."""
    versions = ctx.uow.escalations.history(SETTING)
    lines = [f"{NAME}的版本，新的在前："]
    for version in versions:
        lines.append(f"v{version.version} {STATES[version.state]}：{ACTS[version.act]}，{who_text(ctx, version)}")
        before = next((v for v in versions if v.version < version.version and v.state in ("in_force", "retired")), None)
        lines += _details(ctx, version, _held(ctx, before) if before else hours_of(ctx.packs))
    now = ctx.uow.escalations.in_force().version
    lines.append("v0 业务包原样" + ("（生效中）" if now is None else ""))
    back = next((version.version for version in versions if version.state == "retired"), 0)
    lines += [f"要回到旧版本，例如「回滚 升级时间 v{back}」。"] if now else []
    ctx.say("\n".join(lines))


def _details(ctx: Context, version: Version, before: Limits | None) -> list[str]:
    """What it changed of the one that was in force before it, and why it was refused."""
    limits = _held(ctx, version)
    if limits is None:
        return ["　这个版本已经不能用了。"]
    changed = changes_text(before, limits) if before else ""
    return [*([f"　{changed}"] if changed else []), *([f"　驳回原因：{version.reason}"] if version.reason else [])]


def _held(ctx: Context, version: Version) -> Limits | None:
    """What a version holds; None for one that cannot be used any more."""
    try:
        return held_in(ctx, version)
    except Invalid:
        return None
