"""Rewording a text to clients: checked, read back, kept; nothing is in force before a second person approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from config.pack import Template
from handlers.approvals import OPS
from handlers.context import Context
from handlers.drafts_aside import put_aside
from handlers.language import Meaning
from handlers.router import command, form
from handlers.templates.words import EXAMPLE, changed_parts, name_of, own_of, template_named, text_of
from reminders import bans
from storage.model.errors import Invalid
from storage.templates import out_of_place, reworded

FORM = "template.draft"
HOW = f"要改的话，再说一遍「{EXAMPLE}」；某个等级的文字写「改模板 生日祝福（贵宾）……」。"


@dataclass(frozen=True)
class Draft:
    """What is to change: the words for everybody ("" where they stay), and those of tiers."""

    template: str
    text: str
    variants: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "variants": dict(self.variants)}

    def of(self, ctx: Context) -> Template:
        """The template in force with the changes. Raises Invalid, NotFound."""
        now = ctx.uow.templates.in_force().find(self.template) or own_of(ctx, self.template)
        body = {"text": self.text or now.text, "variants": {**now.variants, **self.variants}}
        return reworded(own_of(ctx, self.template), body)


def draft_of(ctx: Context) -> Draft:
    """The change that is being written. Raises Invalid when there is none."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM:
        raise Invalid(f"现在没有正在改的模板。要改例如「{EXAMPLE}」。")
    return Draft(**draft.data)


@command("template.change", group="运营", help="改给客户的话", example=EXAMPLE, roles=OPS)
def change(ctx: Context, meaning: Meaning) -> None:
    """Start or go on with a draft from the new words. Raises Invalid for words that may not go to a client, and for
    variables that have no value there."""
    name, text = str(meaning.get("name") or ""), str(meaning.get("text") or "").strip()
    template, tier = template_named(ctx, name), str(meaning.get("tier") or "")
    if not text:
        raise Invalid(f"请把新的文字写在模板名后面，例如「{EXAMPLE}」。现在的文字：\n{text_of(template)}")
    before = _so_far(ctx, template)
    draft = before or Draft(template.id, "", {})
    more = {_tier(ctx, tier): text} if tier else {}
    draft = replace(draft, text=draft.text if tier else text, variants={**draft.variants, **more})
    check(ctx, draft.of(ctx))
    if not changed_parts(template, draft.of(ctx)):
        raise Invalid(f"这和现在生效的文字一样，没有要改的。发送「模板 {template.label}」查看。")
    if before is None:
        put_aside(ctx, FORM, draft.to_json())
    show(ctx, draft)


def _so_far(ctx: Context, template: Template) -> Draft | None:
    """The draft about this template, if that is at hand."""
    draft = ctx.conversation.draft
    if draft is None or draft.about != FORM or draft.data.get("template") != template.id:
        return None
    return Draft(**draft.data)


def _tier(ctx: Context, said: str) -> str:
    """The tier of this name. Raises Invalid."""
    known = [tier for scheme in ctx.packs.tiers for tier in scheme.tiers]
    tiers = {word: tier.name for tier in known for word in (tier.name, *tier.synonyms)}
    if said not in tiers:
        raise Invalid(f"没有「{said}」这个等级，没有改动。可以写：{'、'.join(dict.fromkeys(tiers.values()))}。")
    return tiers[said]


def check(ctx: Context, template: Template) -> None:
    """Raises Invalid for words that may not go to a client, or variables that are not known where it is used."""
    own = own_of(ctx, template.id)
    if lacking := out_of_place(template, own, ctx.uow.rules.in_force().lines):
        raise Invalid(f"用这个模板的地方不知道「{'、'.join(lacking)}」，不能用这些变量，没有改动。")
    for text in (template.text, *template.variants.values()):
        if (read := bans.check(text)).blocked:
            raise Invalid(f"有不能对客户说的内容，没有改动：\n{read.marked}\n{read.advice}")


def show(ctx: Context, draft: Draft) -> None:
    """Read the draft back and keep it."""
    template, now = draft.of(ctx), ctx.uow.templates.in_force().get(draft.template)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    warned = [read.advice for text in (template.text, *template.variants.values()) if (read := bans.check(text)).hits]
    changed = "、".join(changed_parts(now, template))
    ctx.say("\n".join([
        f"{name_of(ctx, draft.template)} 草稿（还没有提交，改的是{changed}）：", text_of(template),
        *[f"请留意：{advice}" for advice in dict.fromkeys(warned)],
        f"发送「试算」看套用后的样子，「提交」请第二个人审批，「取消」放弃。{HOW}",
    ]))  # fmt: skip


def echo(ctx: Context, data: Mapping[str, Any]) -> None:
    show(ctx, Draft(**data))


def title(ctx: Context, data: Mapping[str, Any]) -> str:
    return name_of(ctx, str(data["template"]))


@form(FORM, echo=echo, title=title)
def take(ctx: Context, meaning: Meaning) -> None:
    """What is said under the form is not taken for words to clients."""
    draft = draft_of(ctx)
    ctx.conversation.ask("form", FORM, **draft.to_json())
    ctx.say(f"{name_of(ctx, draft.template)} 的草稿还在，没有改动。{HOW}「提交」请第二个人审批，「取消」放弃。")
