"""Which rules are in force, by their numbers; one of them in full, and its versions."""

from __future__ import annotations

from config.pack import ReminderRule
from handlers.approvals import ACTS, DECIDERS, STATES, who_text
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import command
from handlers.rule_words import changes_text, form_text, rule_text
from handlers.rules.deciding import checked
from handlers.rules.numbers import of_pack, rule_id_said, rule_said
from storage.model.errors import Invalid, NotFound
from storage.model.people import Role
from storage.model.versions import Version

READ: tuple[Role, ...] = (*DECIDERS, "adviser")

@command("rules.list", group="待办", help="看提醒规则", example="提醒规则", roles=READ)
def list_rules(ctx: Context, meaning: Meaning) -> None:
    """Every rule in force with its number: its date, its days, on or off."""
    book, numbers = ctx.uow.rules.in_force(), ctx.uow.rules.numbers()
    if not book.rules:
        ctx.say("业务包里还没有提醒规则。")
        return
    on = sum(rule.is_valid_on(ctx.today) for rule in book.rules)
    head = f"提醒规则 {len(book.rules)} 条，启用 {on} 条（业务包版本 {ctx.packs.version}）"
    lines = [f"R{numbers[rule.id]} {rule_text(rule, ctx.packs)}" for rule in book.rules]
    lines += [f"R{numbers[rule_id]} 的新版本不能用：{why}" for rule_id, why in book.broken.items()]
    show_lines(ctx, "rules", head, [{"line": line} for line in lines])


@command("rules.show", group="运营", help="看一条规则的全部内容", example="规则 R3", roles=READ)
def show_rule(ctx: Context, meaning: Meaning) -> None:
    """All parts of a rule, and what waits for approval."""
    number, rule = rule_said(ctx, meaning)
    version, waiting = ctx.uow.rules.in_force().versions.get(rule.id), ctx.uow.rules.waiting(rule.id)
    made = f"v{version.version}，{who_text(ctx, version)}" if version else "业务包原样"
    lines = [f"R{number}（{made}）", form_text(rule, ctx.uow.dictionary, ctx.user.role)]
    lines += [f"有一个版本等待审批：v{waiting.version}，{who_text(ctx, waiting)}"] if waiting else []
    ctx.say("\n".join(lines))


@command("rules.history", group="运营", help="看一条规则的历次版本", example="规则历史 R3", roles=DECIDERS)
def history(ctx: Context, meaning: Meaning) -> None:
    """The versions, the latest first: what each changed, who wrote and who approved it, and when."""
    number, rule_id = rule_id_said(ctx, meaning)
    versions, pack = ctx.uow.rules.history(rule_id), of_pack(ctx, rule_id)
    if not versions and pack is None:
        raise NotFound(f"R{number} 没有版本记录。")
    label = _label(versions, pack)
    lines = [f"R{number}「{label}」的版本，新的在前："]
    for version in versions:
        lines.append(f"v{version.version} {STATES[version.state]}：{ACTS[version.act]}，{who_text(ctx, version)}")
        lines += _details(ctx, version, versions, pack)
    changed = rule_id in ctx.uow.rules.in_force().versions
    if pack is not None:
        lines.append("v0 业务包原样" + ("" if changed else "（生效中）"))
    back = next((v.version for v in versions if v.state == "retired"), 0 if changed and pack is not None else None)
    lines += [f"要回到旧版本，例如「回滚 R{number} v{back}」。"] if back is not None else []
    ctx.say("\n".join(lines))


def _details(
    ctx: Context, version: Version, versions: list[Version], pack: ReminderRule | None
) -> list[str]:
    """What it changed of the one before it, and why it was refused."""
    before = next((v for v in versions if v.version == version.version - 1), None)
    old, new = _rule(ctx, before, pack), _rule(ctx, version, pack)
    changed = changes_text(old, new, ctx.uow.dictionary, ctx.user.role) if old and new else ""
    lines = [f"　{changed}"] if changed else []
    lines += ["　这个版本已经不能用了。"] if new is None and version.body is not None else []
    return lines + ([f"　驳回原因：{version.reason}"] if version.reason else [])


def _rule(ctx: Context, version: Version | None, pack: ReminderRule | None) -> ReminderRule | None:
    """What a version holds; None for one that cannot be used any more."""
    if version is None or version.body is None:
        return pack
    try:
        return checked(ctx, version.body)
    except Invalid:
        return None


def _label(versions: list[Version], pack: ReminderRule | None) -> str:
    written = next((v.body.get("label") for v in versions if v.body is not None), None)
    return str(written or (pack.label if pack else ""))
