"""Choosing clients by conditions: 筛选 贵宾 且 30天未联系 且 持有基金 (R133)."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.conversation import Listing
from handlers.language import Meaning
from handlers.paging import NO_MORE, PAGE, pager
from handlers.router import READERS, command
from handlers.segment_words import in_words
from handlers.whose import number_mark
from storage.conditions import Test, Tree, Unreadable, View, compiled, describe, read, tests_of
from storage.model.people import ClientRow

_JOINED = re.compile(r"[()（）,，;；<>=]|且|或|\b(?:and|or|not)\b", re.IGNORECASE)
EXAMPLE = "筛选 贵宾 且 30天未联系 且 持有基金"
NO_CONDITION = f"请写出筛选的条件，例如「{EXAMPLE}」。"


@command("client.search", group="客户", help="按条件筛选客户", example=EXAMPLE, roles=READERS)
def search(ctx: Context, meaning: Meaning) -> None:
    """The clients in scope that satisfy what was said: how many, and the first page of them."""
    _show(ctx, _tree(ctx, meaning), 0)


def _tree(ctx: Context, meaning: Meaning) -> Tree:
    """What was asked for. What follows 筛选 is read as conditions; where nothing in it looks like those, as free
    speech, which may pass over words: so never where conditions are joined."""
    expression, spoken = str(meaning.get("expression") or ""), meaning.get("conditions") or ()
    if not expression and not spoken:
        raise Unreadable(NO_CONDITION)
    if not expression:
        return _read(ctx, in_words(meaning))
    try:
        return _read(ctx, expression)
    except Unreadable:
        if not spoken or _JOINED.search(expression):
            raise
    return _read(ctx, in_words(meaning))


def _read(ctx: Context, text: str) -> Tree:
    return read(text, ctx.uow.dictionary, ctx.user.role, ctx.today)


def _show(ctx: Context, tree: Tree, page: int) -> None:
    view = View(ctx.packs, ctx.today, ctx.zone)
    condition, said = compiled(tree, view), describe(tree)
    total = ctx.uow.clients.count(condition)
    rows = ctx.uow.clients.matching(condition, PAGE, page * PAGE)
    if not rows:
        ctx.say(NO_MORE if page else _nobody(ctx, tree, view))
        return
    part = f"（{page * PAGE + 1}–{page * PAGE + len(rows)}）" if total > PAGE else ""
    head = f"筛选：{said}\n共 {total} 位{part}，久未联系的在前。回复序号看客户。"
    lines = [f"{number_mark(n)} {_line(ctx, row)}" for n, row in enumerate(rows, 1)]
    more = ["发送「更多」看下一页。"] if total > (page + 1) * PAGE else []
    ctx.conversation.show_list("segment", [{"client_id": r.id, "name": r.name, "conditions": said} for r in rows], page)
    ctx.say("\n".join([head, *lines, *more]))


def _line(ctx: Context, row: ClientRow) -> str:
    owner = ctx.uow.users.find(row.owner_id) if row.owner_id != ctx.user.id else None
    tier = row.bank_tier or row.insurance_tier or ""
    return " ".join(filter(None, [row.name, row.masked_phone, tier, f"（{owner.name}）" if owner else ""]))


def _nobody(ctx: Context, tree: Tree, view: View) -> str:
    """Which of the conditions is the narrow one."""
    tests: list[Test] = list(tests_of(tree))
    lines = [f"筛选：{describe(tree)}", "没有符合的客户。"]
    if len(tests) > 1:
        lines += ["单看每个条件："]
        lines += [f"· {test.said}：{ctx.uow.clients.count(compiled(test, view))} 位" for test in tests[:8]]
    return "\n".join(lines)


@pager("segment")
def _page(ctx: Context, listing: Listing, page: int) -> None:
    _show(ctx, _read(ctx, str(listing.items[0]["conditions"])), page)
