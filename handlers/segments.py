"""Choosing clients by conditions: 筛选 贵宾 且 30天未联系 且 持有基金 (R133)."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.conversation import Listing
from handlers.language import Meaning
from handlers.paging import NO_MORE, PAGE, pager
from handlers.router import READERS, command
from handlers.segment_words import bare, check_all_read, in_words
from handlers.whose import number_mark
from storage.conditions import ClientField, Test, Tree, Unreadable, View, check_name, compiled, describe, read, tests_of
from storage.model.errors import Invalid, NotFound
from storage.model.people import ClientRow

_JOINED = re.compile(r"[\s()（）,，;；<>=]|且|或|\b(?:and|or|not)\b", re.IGNORECASE)
MOST_SEGMENTS = 50
EXAMPLE = "筛选 贵宾 且 30天未联系 且 持有基金"
NO_CONDITION = f"请写出筛选的条件，例如「{EXAMPLE}」。"


@command("client.search", group="客户", help="按条件筛选客户", example=EXAMPLE, roles=READERS)
def search(ctx: Context, meaning: Meaning) -> None:
    """The clients in scope that satisfy what was said: how many, and the first page of them."""
    _show(ctx, _tree(ctx, meaning), 0)


def _tree(ctx: Context, meaning: Meaning) -> Tree:
    """What was asked for. What follows 筛选 is read as conditions; where nothing in it looks like those, as free
    speech, which may pass over words: so never where conditions are joined."""
    expression, spoken = str(meaning.get("expression") or "").strip(), meaning.get("conditions") or ()
    if not expression and not spoken:
        raise Unreadable(NO_CONDITION)
    try:
        return _read(ctx, expression or bare(ctx.text))
    except Unreadable:
        if not spoken or _JOINED.search(expression):
            raise
    check_all_read(meaning, ctx.text, [user.name for user in ctx.uow.users.all()])
    return _read(ctx, in_words(meaning, ctx.text))


def _read(ctx: Context, text: str) -> Tree:
    return read(text, ctx.uow.dictionary, ctx.user.role, ctx.today, ctx.uow.segments.all())


def _show(ctx: Context, tree: Tree, page: int) -> None:
    view = View(ctx.packs, ctx.today, ctx.zone)
    condition, said = compiled(tree, view), describe(tree)
    total = ctx.uow.clients.count(condition)
    rows = ctx.uow.clients.matching(condition, PAGE, page * PAGE)
    if not rows and page:
        ctx.say(NO_MORE)
        return
    if not rows:
        # What finds nobody today may be kept under a name all the same.
        ctx.conversation.show_list("segment", [{"conditions": said}])
        ctx.say(_nobody(ctx, tree, view))
        return
    part = f"（{page * PAGE + 1}–{page * PAGE + len(rows)}）" if total > PAGE else ""
    head = f"筛选：{said}\n共 {total} 位{part}，久未联系的在前。回复序号看客户。"
    lines = [f"{number_mark(n)} {_line(ctx, row)}" for n, row in enumerate(rows, 1)]
    more = ["发送「更多」看下一页。"] if total > (page + 1) * PAGE else []
    kept = [{"client_id": r.id, "name": r.name} for r in rows]
    ctx.conversation.show_list("segment", [{**kept[0], "conditions": said}, *kept[1:]], page)
    ctx.say("\n".join([head, *lines, *more]))


def _line(ctx: Context, row: ClientRow) -> str:
    owner = ctx.uow.users.find(row.owner_id) if row.owner_id != ctx.user.id else None
    tier = row.bank_tier or row.insurance_tier or ""
    return " ".join(filter(None, [row.name, row.masked_phone, tier, f"（{owner.name}）" if owner else ""]))


def _nobody(ctx: Context, tree: Tree, view: View) -> str:
    """Which of the conditions is the narrow one."""
    tests: list[Test] = list(tests_of(tree))
    lines = [f"筛选：{describe(tree)}", "没有符合的客户。"]
    lines += [f"要找含有这个词的，请用「包含」：筛选 {test.fact.label} 包含 {test.value}" for test in tests
              if test.op == "=" and test.fact.type == "text" and isinstance(test.fact, ClientField)]
    if len(tests) > 1:
        lines += ["单看每个条件："]
        lines += [f"· {test.said}：{ctx.uow.clients.count(compiled(test, view))} 位" for test in tests[:8]]
    return "\n".join(lines)


@command("segment.save", group="客户", help="给刚才的筛选起个名字", example="存为 沉默贵宾", roles=READERS)
def save(ctx: Context, meaning: Meaning) -> None:
    """Keep the conditions of the list on show under a name; they are evaluated anew whenever it is used."""
    name, listing = str(meaning.get("name") or "").strip(), ctx.conversation.listing
    if listing is None or listing.kind != "segment":
        ctx.say(f"请先筛选，再存为分群。例如先发送「{EXAMPLE}」，再发送「存为 沉默贵宾」。")
        return
    check_name(name, ctx.uow.dictionary, ctx.user.role, ctx.today)
    if len(kept := ctx.uow.segments.all()) >= MOST_SEGMENTS and name not in kept:
        raise Invalid(f"最多存 {MOST_SEGMENTS} 个分群，请先删一个，例如「删除分群 {next(iter(kept))}」。")
    conditions = str(listing.items[0]["conditions"])
    if ctx.uow.segments.save(name, conditions):
        before = f"\n（原来的条件：{kept[name]}）" if name in kept else ""
        use = f"以后发送「筛选 {name}」即可，每次都按当天的资料重新计算。"
        ctx.wrote(f"已存为分群「{name}」：{conditions}{before}\n{use}", "存分群")
    else:
        ctx.say(f"分群「{name}」已经是这个条件了。")


@command("segment.list", group="客户", help="看存下的分群", example="我的分群", roles=READERS)
def show_segments(ctx: Context, meaning: Meaning) -> None:
    """All segments of the member with their conditions."""
    kept = ctx.uow.segments.all()
    if not kept:
        ctx.say(f"还没有存过分群。先发送「{EXAMPLE}」，再发送「存为 沉默贵宾」。")
        return
    ctx.say("\n".join(["我的分群（发送「筛选 名称」查看）", *(f"· {name}：{said}" for name, said in kept.items())]))


@command("segment.remove", group="客户", help="删除一个分群", example="删除分群 沉默贵宾", roles=READERS)
def remove(ctx: Context, meaning: Meaning) -> None:
    """Forget a segment; the clients in it are not touched."""
    name = str(meaning.get("name") or "").strip()
    if not ctx.uow.segments.remove(name):
        raise NotFound(f"没有叫「{name}」的分群。发送「我的分群」可以查看。")
    ctx.wrote(f"已删除分群「{name}」，客户资料没有改动。", "删除分群")


@pager("segment")
def _page(ctx: Context, listing: Listing, page: int) -> None:
    conditions = str(listing.items[0]["conditions"])
    _show(ctx, read(conditions, ctx.uow.dictionary, ctx.user.role, ctx.today, kept=True), page)
