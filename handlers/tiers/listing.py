"""The tier standard in force, who set it, how many clients are where; and its versions."""

from __future__ import annotations

from handlers.approvals import ACTS, DECIDERS, STATES, who_text
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from handlers.tier_words import NAME, changes_text, floor_text
from handlers.tiers.deciding import held_in
from handlers.tiers.forms import now_in_force
from storage.model.errors import Invalid
from storage.model.people import Role
from storage.model.values import short_money
from storage.model.versions import Version
from storage.tiers import Standard

READ: tuple[Role, ...] = (*DECIDERS, "adviser")


@command("standard.show", group="分层", help="看分层标准", example="分层标准", roles=READ)
def show_standard(ctx: Context, meaning: Meaning) -> None:
    """The tiers with their thresholds, the version and its author; the reader's clients in each, where he has any."""
    standard, book = now_in_force(ctx), ctx.uow.standards.in_force()
    made = f"v{book.version.version}，{who_text(ctx, book.version)}" if book.version else "v0，业务包原样"
    held = ctx.uow.tiers.held(standard.scheme)
    lines = [f"{standard.label}的分层标准（{made}），按管理资产："]
    for name, yuan in reversed(list(standard.floors.items())):
        count, amount = held.get(name, (0, 0))
        told = f"，{count} 位，{short_money(amount)}元" if ctx.uow.scope != "none" else ""
        lines.append(f"{name}：{floor_text(yuan)}{told}")
    waiting = ctx.uow.standards.waiting(standard.scheme)
    lines += [f"有一个版本等待审批：v{waiting.version}，{who_text(ctx, waiting)}"] if waiting else []
    lines += [f"批准过的版本现在不能用：{book.broken}"] if book.broken else []
    ctx.say("\n".join(lines))


@command("standard.history", group="分层", help="看分层标准的历次版本", example="分层标准 历史", roles=DECIDERS)
def history(ctx: Context, meaning: Meaning) -> None:
    """The versions, the latest first: what each changed, who wrote and who approved it, and when."""
    now, own = now_in_force(ctx), Standard.of(ctx.packs)
    versions = ctx.uow.standards.history(now.scheme)
    lines = [f"{NAME}的版本，新的在前："]
    for version in versions:
        lines.append(f"v{version.version} {STATES[version.state]}：{ACTS[version.act]}，{who_text(ctx, version)}")
        before = next((v for v in versions if v.version < version.version and v.state in ("in_force", "retired")), None)
        lines += _details(ctx, version, _held(ctx, before) if before else own)
    lines.append("v0 业务包原样" + ("（生效中）" if ctx.uow.standards.in_force().version is None else ""))
    back = next((version.version for version in versions if version.state == "retired"), 0)
    lines += [f"要回到旧版本，例如「回滚 分层标准 v{back}」。"] if now.version else []
    ctx.say("\n".join(lines))


def _details(ctx: Context, version: Version, before: Standard | None) -> list[str]:
    """What it changed of the one that was in force before it, and why it was refused."""
    standard = _held(ctx, version)
    if standard is None:
        return ["　这个版本已经不能用了。"]
    changed = changes_text(before, standard) if before else ""
    return [*([f"　{changed}"] if changed else []), *([f"　驳回原因：{version.reason}"] if version.reason else [])]


def _held(ctx: Context, version: Version) -> Standard | None:
    """What a version holds; None for one that cannot be used any more."""
    try:
        return held_in(ctx, version)
    except Invalid:
        return None
