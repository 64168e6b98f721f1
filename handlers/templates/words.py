"""Texts to clients and their versions, in words."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from config.pack import Template
from handlers.context import Context
from storage.model.errors import NotFound
from storage.model.messages import cut

SHOWN = 80  # characters of a wording where it is set beside another
EXAMPLE = "改模板 季度回顾 ${salutation}，……"
_STATES = {"approved": "", "draft": "（还没审定）", "retired": "（已停用）"}


def template_named(ctx: Context, name: str) -> Template:
    """The text to clients of this name, as it is in force. Raises NotFound with those that come nearest."""
    known = {template.label: template for template in ctx.uow.templates.in_force().care}
    wanted = name.strip("「」\"“” ")
    found = known.get(wanted) or next((t for t in known.values() if t.id == wanted), None)
    if found is None:
        near = get_close_matches(wanted, known, 4, 0.3) or list(known)[:6]
        raise NotFound(f"没有叫「{wanted}」的模板。相近的有：{'、'.join(near)}。发送「模板」看全部。")
    return found


def own_of(ctx: Context, template_id: str) -> Template:
    """The pack's own. Raises NotFound for one that no pack has any more."""
    own = next((template for template in ctx.packs.templates if template.id == template_id), None)
    if own is None:
        raise NotFound("业务包里已经没有这个模板。发送「模板」看全部。")
    return own


def name_of(ctx: Context, template_id: str) -> str:
    """模板 季度回顾"""
    own = next((template for template in ctx.packs.templates if template.id == template_id), None)
    return f"模板 {own.label if own else template_id}"


def text_of(template: Template) -> str:
    """The words, those for single tiers behind them."""
    variants = [f"（{tier}）{text}" for tier, text in template.variants.items()]
    return "\n".join([template.text, *variants])


def changed_parts(before: Template, after: Template) -> list[str]:
    """通用文字, 贵宾的文字: which wordings differ."""
    return [what for what, old, new in _pairs(before, after) if old != new]


def change_text(before: Template, after: Template) -> str:
    """通用文字「…」→「…」, a line each; "" when nothing changes."""
    return "\n".join(
        f"{what}「{cut(old, SHOWN)}」→「{cut(new, SHOWN)}」" for what, old, new in _pairs(before, after) if old != new
    )


def _pairs(before: Template, after: Template) -> Iterator[tuple[str, str, str]]:
    yield "通用文字", before.text, after.text
    for tier in dict.fromkeys((*before.variants, *after.variants)):
        yield f"{tier}的文字", before.variants.get(tier, ""), after.variants.get(tier, "")


def label_of(template: Template) -> str:
    return f"{template.label}{_STATES[template.state]}"
