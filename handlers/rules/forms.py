"""Writing a rule in chat: read back as a form, asked for what is missing, corrected part by part, and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from config.pack import ReminderRule
from handlers.approvals import OPS, proposal_in_hand
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning, When
from handlers.router import command, form, free_answer
from handlers.rule_words import form_text, rule_text
from handlers.rules.drafts import Draft, care_labels
from handlers.rules.numbers import rule_said
from handlers.rules.reading import Reader
from handlers.rules.receivers import notes_on
from handlers.rules.trying import trial_text
from handlers.rules.trying_days import days_said, try_on
from storage.model.errors import Invalid

FORM = "rules.draft"
MOST_TEXTS = 8
EXAMPLE = "新建提醒规则 保单到期前60/30/7天 9点 提醒顾问 贵宾客户另提醒主管"
WHAT_NEXT = (
    "要改直接说，例如「提前 45/15 天」「条件 贵宾 且 30天未联系」「遇节假日提前」。"
    "发送「试算」看会提醒多少（「试算 6月20日」看那天谁收到什么），「提交」请第二个人审批，「取消」放弃。"
)
NO_DRAFT = (
    f"现在没有正在写的规则。新建例如「{EXAMPLE}」；改已有的例如「修改规则 R3 提前 45/15 天」；"
    "改分层标准例如「分层标准 贵宾 60万」。"
)


@command("rules.create", group="运营", help="新建提醒规则", example=EXAMPLE, roles=OPS)
def create(ctx: Context, meaning: Meaning) -> None:
    """Start a draft from what was said; nothing is in force before a second person approves."""
    _begin(ctx, Draft.new(), str(meaning.get("text") or ""))


@command("rules.change", group="运营", help="修改提醒规则", example="修改规则 R3 提前 45/15 天", roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """A draft that changes a rule in force."""
    _, rule = rule_said(ctx, meaning)
    if (waiting := ctx.uow.rules.waiting(rule.id)) is not None:
        ctx.note(f"「{rule.label}」的 v{waiting.version} 还在等审批：提交这一份以后它就撤下，只批新的这一版。")
    _begin(ctx, Draft(rule.id, base=rule.as_json()), str(meaning.get("text") or ""))


def _begin(ctx: Context, draft: Draft, text: str) -> None:
    if text.strip():
        draft.said |= reader_of(ctx, draft).parts(text)
    put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def reader_of(ctx: Context, draft: Draft | None = None) -> Reader:
    """For one member, of parts of the draft."""
    known = draft.parts(ctx) if draft is not None else {}
    ladder = tuple(known.get("offsets") or ())
    return Reader(ctx.uow.dictionary, ctx.user.role, ctx.today, str(known.get("source") or ""), ladder)


def draft_of(ctx: Context) -> Draft:
    """The rule being written. Raises Invalid when there is none."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(NO_DRAFT)
    return Draft.from_json(draft.data)


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it; ask for the first part that is missing."""
    ctx.conversation.ask("form", FORM, **draft.to_json())
    if (missing := draft.missing(ctx)) is not None:
        known = draft.parts(ctx)
        said = f"（已有：{known['label']}）" if known.get("label") else ""
        ctx.say(f"规则草稿还缺一项{said}：{draft.question(ctx, missing)}")
        return
    kind = "修改规则" if draft.base else "新规则"
    rule = draft.rule(ctx)
    text = form_text(rule, ctx.uow.dictionary, ctx.user.role)
    notes = [*notes_on(ctx, rule), *_about_the_text(ctx, rule)]
    ctx.say("\n".join([f"{kind}草稿（还没有提交）", text, *notes, WHAT_NEXT]))


def _about_the_text(ctx: Context, rule: ReminderRule) -> list[str]:
    """How the client would hear of it too, which no other part of the form asks."""
    if rule.care_template:
        return []
    usable = "、".join(care_labels(rule, ctx.packs)[:MOST_TEXTS])
    return [f"要给顾问备一段发给客户的话，请说「关怀文案 名称」，可用：{usable}。"] if usable else []


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft.from_json(data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    draft = Draft.from_json(data)
    return f"提醒规则「{draft.parts(ctx).get('label') or '未命名'}」"


# What opens so is about the draft, though it may be wrong.
_BEGINS_A_PART = re.compile(
    r"\W*(?:改成|改为)?(?:模板|话术|(?:关怀|客户|建议|给客户的?)文案|给客户的话|不带|条件|只限|仅限|权重|优先级|名称|有效期|生效|失效|提前|过后|当天|遇|"
    r"\d{1,2}[:：点]|(?:只|另|也)?提醒(?:顾问|客户|主管|合规|风控|理赔|运营|管理员|所有人))"
)


_ORDER = re.compile(r"\W*(?:[Rr]\s*\d+\s*)?(?:试算|试跑|模拟)")  # 试算 2025-08-01 holds a date and is no part of a rule


@free_answer(FORM)
def part_said(ctx: Context, text: str) -> Meaning | None:
    """A part of a rule and nothing else: 提前 45 天, 9点半, 条件 贵宾; anything else is no answer."""
    if _ORDER.match(text):
        return None
    try:
        parts = reader_of(ctx, draft_of(ctx)).parts(text)
    except Invalid:
        parts = {}
        if _BEGINS_A_PART.match(text) is None:
            return None
    return Meaning("form.answer", {"parts": parts, "text": text}, rule="a part of a rule")


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """Put what was said into the draft. What makes no sense is refused, and the draft stays as it was."""
    draft = draft_of(ctx)
    parts = meaning.get("parts") or reader_of(ctx, draft).parts(ctx.text)
    changed = draft.with_parts(parts)
    if changed.missing(ctx) is None:
        changed.rule(ctx)
    show(ctx, changed)


@command("rules.try", group="运营", help="试算规则或分层标准会怎样，也可以算某一天", example="试算 6月20日", roles=OPS)
def try_out(ctx: Context, meaning: Meaning) -> None:
    """What a rule would do in the week to come, or on a day that is said, by its number; else what the draft at hand
    would do. Without either, what the rules in force do on that day."""
    when, numbered = meaning.get("when"), meaning.get("number") is not None
    if isinstance(when, When):
        days = days_said(ctx, when)
        try_on(ctx, days, rule_said(ctx, meaning)[1] if numbered else _drafted(ctx))
    elif numbered:
        _, rule = rule_said(ctx, meaning)
        ctx.say(f"{rule_text(rule, ctx.packs)}\n{trial_text(ctx, rule)}")
    else:
        proposal_in_hand(ctx, NO_DRAFT).try_out(ctx)


def _drafted(ctx: Context) -> ReminderRule | None:
    """The rule that is being written, kept at hand; None without one. Raises Invalid for what is not finished."""
    if (found := ctx.conversation.draft) is None or found.about != FORM:
        return None
    draft = draft_of(ctx)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    if (missing := draft.missing(ctx)) is not None:
        raise Invalid(f"规则草稿还缺一项，补上才能试算：{draft.question(ctx, missing)}")
    return draft.rule(ctx)


def try_draft(ctx: Context) -> None:
    """What the rule that is being written would do in the week to come."""
    draft = draft_of(ctx)
    if draft.missing(ctx) is not None:
        show(ctx, draft)
        return
    rule = draft.rule(ctx)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    ctx.say(f"{rule_text(rule, ctx.packs)}\n{trial_text(ctx, rule)}\n发送「提交」请第二个人审批。")
