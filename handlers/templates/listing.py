"""The texts to clients in force, and one of them in full."""

from __future__ import annotations

from handlers.approvals import DECIDERS
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import command
from handlers.templates.deciding import SETTING
from handlers.templates.words import EXAMPLE, label_of, template_named, text_of
from storage.model.messages import cut


@command("template.list", group="运营", help="看给客户的话有哪些模板", example="模板", roles=DECIDERS)
def list_all(ctx: Context, meaning: Meaning) -> None:
    """Every text to clients with its version, and the beginning of its words."""
    book = ctx.uow.templates.in_force()
    lines = []
    for template in book.care:
        version = book.versions.get(template.id)
        mark = f" v{version.version}" if version else ""
        lines.append({"line": f"{label_of(template)}{mark}：{cut(template.text, 40)}"})
    show_lines(ctx, "templates", f"给客户的话 {len(lines)} 个模板，看全文发送「模板 名称」：", lines)


@command("template.show", group="运营", help="看一个模板的全文", example="模板 季度回顾", roles=DECIDERS)
def show_one(ctx: Context, meaning: Meaning) -> None:
    """The whole text, the version and its author, and what waits for approval."""
    template = template_named(ctx, str(meaning.get("name") or ""))
    broken = template.id in ctx.uow.templates.in_force().broken
    ctx.say("\n".join([
        f"模板 {label_of(template)}（{SETTING.origin(ctx, template.id)}）：", text_of(template),
        *SETTING.waiting_line(ctx, template.id),
        *(["批准过的版本现在不能用，按业务包的来。"] if broken else []),
        f"要改例如「{EXAMPLE}」。",
    ]))  # fmt: skip
