"""Four eyes: a version is handed in by one member and approved by another; stopping a rule needs nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.pack import ReminderRule
from handlers.approvals import (
    OPS,
    PROPOSALS,
    Effect,
    Letter,
    Matter,
    Proposal,
    approver_of,
    ask_approver,
    check_was_in_force,
    proposal_in_hand,
    register,
    send_letter,
    tell_replaced,
)
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command, confirmed
from handlers.rule_words import changes_text, form_text, hides_from, rows_of, rule_text
from handlers.rules.drafts import Draft
from handlers.rules.forms import FORM, NO_DRAFT, draft_of, show, try_draft
from handlers.rules.numbers import of_pack, rule_id_said, rule_said
from handlers.rules.trying import trial_text
from reminders.planner import bring_in
from storage.model.errors import Conflict, Invalid, NotAllowed, NotFound
from storage.model.messages import Text
from storage.model.people import User
from storage.model.versions import Act, Version
from storage.rules import problems_of, rule_in

# ---------------------------------------------------------------- handing in


@command("rules.submit", group="运营", help="提交规则或分层标准，请第二个人审批", example="提交", roles=OPS)
def submit(ctx: Context, meaning: Meaning) -> None:
    """Hand the draft in for approval, whatever it proposes."""
    proposal_in_hand(ctx, NO_DRAFT).hand_in(ctx, str(meaning.get("to") or ""))


def hand_in(ctx: Context, to: str) -> None:
    """Hand the rule that is being written in."""
    draft = draft_of(ctx)
    if draft.missing(ctx) is not None:
        show(ctx, draft)
        return
    if draft.base is not None and (now := _overtaken(ctx, draft.rule_id, draft.base)) is not None:
        ctx.say("您起草以后，这条规则换过版本了。草稿已改为在现在的版本上写，请再看一遍，再发送「提交」。")
        show(ctx, Draft(draft.rule_id, draft.said, now.as_json()))
        return
    ctx.conversation.ask("form", FORM, **draft.to_json())
    rule = draft.rule(ctx)
    if draft.base is not None and rule.as_json() == rule_in(draft.base).as_json():
        raise Invalid("草稿和现在的版本一样，没有要提交的改动。")
    _hand_in(ctx, rule.id, rule.as_json(), "change" if draft.base else "create", to)


def _overtaken(ctx: Context, rule_id: str, base: Mapping[str, Any]) -> ReminderRule | None:
    """The rule as it is in force, when it is no longer what the draft began with: whoever changed or stopped it
    meanwhile would find that undone. Raises Conflict when it is gone."""
    now = ctx.uow.rules.in_force().find(rule_id)
    if now is None:
        raise Conflict("这条规则已经没有了，没有提交。发送「取消」放弃草稿，再新建一条。")
    return None if now.as_json() == rule_in(base).as_json() else now


PROPOSALS[FORM] = Proposal(try_draft, hand_in)


@confirmed(FORM, roles=OPS)
def submit_shown(ctx: Context, data: Mapping[str, Any]) -> None:
    """确认 under the form hands it in."""
    ctx.conversation.ask("form", FORM, **data)
    hand_in(ctx, "")


def _hand_in(ctx: Context, rule_id: str, body: Mapping[str, Any] | None, act: Act, to: str = "") -> None:
    """Ask who is to approve where several may; write the version down and send it to him."""
    ask_approver(ctx, "rules.hand_in", to, "这条规则", rule_id=rule_id, body=body, act=act)


@confirmed("rules.hand_in", roles=OPS)
def hand_in_to(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write the version down; the one who is to approve gets the whole of it and a card."""
    approver = approver_of(ctx, data)
    before = ctx.uow.rules.waiting(str(data["rule_id"]))
    version = ctx.uow.rules.submit(str(data["rule_id"]), data["body"], data["act"], approver.id)
    draft = ctx.conversation.draft
    if draft is not None and draft.about == FORM and draft.data["rule_id"] == version.subject:
        ctx.conversation.drop_draft()
    number = ctx.uow.rules.numbers()[version.subject]
    rule = rule_of(ctx, version)
    if hides_from(rule, ctx.uow.dictionary, approver.role):
        raise NotAllowed(f"规则里有{approver.name}无权查看的条件，不能由他审批。请换一位审批人，例如合规。")
    _send(ctx, version, rule, number, approver)
    tell_replaced(ctx, before, f"R{number} v{before.version}" if before else "", f"R{number} v{version.version}")
    ctx.wrote_for_good("提交规则")
    ctx.say(f"已提交 R{number} v{version.version}「{rule.label}」，等{approver.name}审批；批准后立即生效，不用重启。")


def rule_of(ctx: Context, version: Version) -> ReminderRule:
    """The rule that a version holds. Raises Invalid for one that does not fit the packs any more."""
    if version.body is not None:
        return checked(ctx, version.body)
    rule = of_pack(ctx, version.subject)
    if rule is None:
        raise Invalid("这条规则不在业务包里了，回不到业务包的版本。")
    return rule


def checked(ctx: Context, body: Mapping[str, Any]) -> ReminderRule:
    """The rule in a body, when it fits the packs in force. Raises Invalid."""
    rule = rule_in(body)
    if problems := problems_of(rule, ctx.uow.dictionary):
        raise Invalid("这个版本已经不能用了：" + "；".join(problems))
    return rule


def _send(ctx: Context, version: Version, rule: ReminderRule, number: int, approver: User) -> None:
    before = ctx.uow.rules.in_force().find(rule.id)
    eyes = (ctx.uow.dictionary, approver.role)
    changed = f"\n改动：{changes_text(before, rule, *eyes) or '无'}" if before else ""
    rows = rows_of(rule, *eyes)
    shown = ("事件" if rule.event else "日期", "天数", "时刻", "条件", "客户文案", "节假日")
    send_letter(ctx, approver, version, Letter(
        f"R{number} v{version.version}", f"规则待审批：R{number} {rule.label}",
        f"{form_text(rule, *eyes)}{changed}\n{trial_text(ctx, rule, names=False)}", f"提醒：{rows['提醒']}",
        "rules.approve", "rules.reject", {name: rows[name] for name in shown},
    ))  # fmt: skip


# ---------------------------------------------------------------- deciding


def _asked(ctx: Context, meaning: Meaning) -> Version:
    number, rule_id = rule_id_said(ctx, meaning)
    version = ctx.uow.rules.waiting(rule_id)
    if version is None:
        raise NotFound(f"R{number} 没有等待审批的版本。")
    return version


def _name(ctx: Context, version: Version) -> str:
    return f"R{ctx.uow.rules.numbers()[version.subject]} v{version.version}"


def _about(ctx: Context, version: Version) -> str:
    try:
        return f"「{rule_of(ctx, version).label}」"
    except Invalid:
        return "（已经不能用）"


def _check(ctx: Context, version: Version) -> None:
    if hides_from(rule_of(ctx, version), ctx.uow.dictionary, ctx.user.role):
        raise NotAllowed("规则里有您无权查看的条件，不能由您批准。请让提交人换一位审批人，例如合规。")


def _put_to_work(ctx: Context, version: Version) -> Effect:
    rule, name = rule_of(ctx, version), _name(ctx, version)
    effect = bring_in(ctx.uow, version.subject, ctx.today, ctx.zone)
    if effect.faults:
        raise Invalid(
            f"{name}「{rule.label}」按现在的资料执行不了，没有批准。请提交人改过再提交，或发送「驳回 {name} 原因」。"
        )
    if rule.valid_from and rule.valid_from > ctx.today:
        return Effect(f"「{rule.label}」", f"已批准，{rule.valid_from} 起生效")
    said = f"已生效：今天新增 {effect.added} 条提醒，取消 {effect.cancelled} 条"
    return Effect(f"「{rule.label}」", said)


def _show(ctx: Context, version: Version, to: User) -> None:
    _send(ctx, version, rule_of(ctx, version), ctx.uow.rules.numbers()[version.subject], to)


register(Matter(
    "rules", "规则", "运营", "R3 v2", lambda ctx: ctx.uow.rules, _name, _about, _asked, _check, _show, _put_to_work,
))  # fmt: skip


# ---------------------------------------------------------------- stopping, starting, going back


@command("rules.stop", group="运营", help="停用一条规则", example="停用 R3", roles=OPS)
def stop(ctx: Context, meaning: Meaning) -> None:
    """Ask, then stop it at once: what reminds nobody needs no second person."""
    number, rule = rule_said(ctx, meaning)
    if not rule.enabled:
        ctx.say(f"R{number}「{rule.label}」已经是停用的。")
        return
    ctx.ask_to_confirm(
        f"停用 R{number}「{rule.label}」后马上不再提醒，还没办的提醒会取消；重新启用要第二个人审批。",
        "rules.stop", rule_id=rule.id, number=number,
    )


@confirmed("rules.stop", roles=OPS)
def stop_now(ctx: Context, data: Mapping[str, Any]) -> None:
    """Stop a rule after 确认."""
    rule = ctx.uow.rules.in_force().find(data["rule_id"])
    if rule is None or not rule.enabled:
        raise Conflict("这条规则刚刚被停用或改过，请发送「提醒规则」查看。")
    version, withdrawn = ctx.uow.rules.stop(rule.id, rule.model_copy(update={"enabled": False}).as_json())
    effect = bring_in(ctx.uow, rule.id, ctx.today, ctx.zone)
    ctx.wrote_for_good("停用规则")
    name = f"R{data['number']}"
    for waited in withdrawn:
        ctx.tell(waited.author_id, Text(
            f"{ctx.user.name} 停用了 {name}「{rule.label}」，您提交的 {name} v{waited.version} 一并撤下；"
            f"仍然需要的话，请重新提交。"
        ))
    gone = "".join(f"等待审批的 v{waited.version} 一并撤下。" for waited in withdrawn)
    ctx.say(f"已停用 {name}「{rule.label}」（v{version.version}），取消了 {effect.cancelled} 条没办的提醒。{gone}")


@command("rules.start", group="运营", help="重新启用一条规则", example="启用 R3", roles=OPS)
def start(ctx: Context, meaning: Meaning) -> None:
    """Hand in the version that was in force before it was stopped."""
    number, rule_id = rule_id_said(ctx, meaning)
    rule = ctx.uow.rules.in_force().find(rule_id)
    if rule is not None and rule.enabled:
        ctx.say(f"R{number}「{rule.label}」已经是启用的。")
        return
    _hand_in(ctx, rule_id, _body_to_start(ctx, rule_id, rule), "start", str(meaning.get("to") or ""))


def _body_to_start(ctx: Context, rule_id: str, stopped: ReminderRule | None) -> Mapping[str, Any] | None:
    """What was in force before it was stopped: the latest version that was switched on, else the pack's rule."""
    pack = of_pack(ctx, rule_id)
    for version in ctx.uow.rules.history(rule_id):
        on = version.body.get("enabled", True) if version.body is not None else pack is not None and pack.enabled
        if version.state == "retired" and on:
            return version.body
    if pack is not None and pack.enabled:
        return None
    rule = pack or stopped
    if rule is None:
        raise NotFound("这条规则没有可以启用的版本，请重新提交。")
    return rule.model_copy(update={"enabled": True}).as_json()


@command("rules.roll_back", group="运营", help="回到规则的旧版本", example="回滚 R3 v1", roles=OPS)
def roll_back(ctx: Context, meaning: Meaning) -> None:
    """Hand in an earlier version again; v0 is the pack's."""
    number, rule_id = rule_id_said(ctx, meaning)
    wanted = int(meaning.get("version") or 0)
    if wanted == 0:
        if of_pack(ctx, rule_id) is None:
            raise NotFound(f"R{number} 不是业务包里的规则，没有 v0。发送「规则历史 R{number}」查看版本。")
        if rule_id not in ctx.uow.rules.in_force().versions:
            ctx.say(f"R{number} 现在就是 v0，业务包原样。")
            return
        _hand_in(ctx, rule_id, None, "roll_back")
        return
    version = next((v for v in ctx.uow.rules.history(rule_id) if v.version == wanted), None)
    if version is None:
        raise NotFound(f"R{number} 没有 v{wanted}。发送「规则历史 R{number}」查看版本。")
    if version.state == "in_force":
        ctx.say(f"R{number} 现在就是 v{wanted}。")
        return
    check_was_in_force(version, f"R{number} v{wanted}", f"规则历史 R{number}")
    rule = rule_of(ctx, version)
    ctx.say(f"回到 v{wanted}：{rule_text(rule, ctx.packs)}")
    _hand_in(ctx, rule_id, version.body, "roll_back")


