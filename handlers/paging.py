"""Turning the pages of whatever list was shown last.

A list whose items carry their own `line` is paged here by itself: call `show_lines`. A list that is asked for
page by page registers how:

    @pager("timeline")
    def timeline_page(ctx: Context, listing: Listing, page: int) -> None: ...

The function shows page `page` (from 0) and calls `ctx.conversation.show_list`, or says that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.clients import show_clients, show_timeline
from handlers.context import Context
from handlers.conversation import Listing
from handlers.language import Meaning
from handlers.router import EVERYBODY, command
from handlers.whose import number_mark
from reminders.namesakes import marks

PAGE, MOST = 10, 200
NO_LIST = "现在没有正在看的清单。发送「今日待办」或「我的客户」可以打开一个。"
GONE = "（现在不在您可以看的范围内）"
NO_MORE = "已经全部显示了，没有更多。"

Pager = Callable[[Context, Listing, int], None]
PAGERS: dict[str, Pager] = {}


def pager(kind: str) -> Callable[[Pager], Pager]:
    """Register how lists of a kind show another page."""
    def register(function: Pager) -> Pager:
        if kind in PAGERS:
            raise ValueError(f"pager {kind!r} is registered twice")
        PAGERS[kind] = function
        return function
    return register


def show_lines(ctx: Context, kind: str, head: str, items: Sequence[Mapping[str, Any]], page: int = 0) -> None:
    """Show one page of a numbered list and remember all of it. Each item has its text in `line`;
    numbers run on over the pages, so 「12 已联系」 means the twelfth line on whatever page. Of a very long one only the
    first `MOST` are kept: the list stands in the conversation, which is read with every message."""
    if len(items) > MOST:
        head, items = f"{head}\n（只列前 {MOST} 项，共 {len(items)} 项；请加条件缩小范围）", items[:MOST]
    kept = [{**item, "head": head} for item in items[:1]] + [dict(item) for item in items[1:]]
    shown = items[page * PAGE : (page + 1) * PAGE]
    names = marks(ctx.uow, ((str(item.get("name") or ""), item.get("client_id")) for item in items))
    lines = [f"{number_mark(n)} {_line(item, names)}" for n, item in enumerate(shown, page * PAGE + 1)]
    more = len(items) - (page + 1) * PAGE
    ctx.conversation.show_list(kind, kept, page)
    ctx.say("\n".join([head, *lines, *([f"还有 {more} 项，发送「更多」查看。"] if more > 0 else [])]))


def _line(item: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """The item's text; of several clients with one name it says which."""
    marked = names.get(item.get("client_id") or 0)
    return str(item["line"]).replace(str(item["name"]), marked, 1) if marked else str(item["line"])


@command("page.next", group="通用", help="看下一页", example="更多", roles=EVERYBODY)
def next_page(ctx: Context, meaning: Meaning) -> None:
    """The next page of the list shown last."""
    _turn(ctx, 1)


@command("page.previous", group="通用", help="看上一页", example="上一页", roles=EVERYBODY)
def previous_page(ctx: Context, meaning: Meaning) -> None:
    """The page before."""
    _turn(ctx, -1)


def _turn(ctx: Context, step: int) -> None:
    listing = ctx.conversation.pages
    if listing is None:
        ctx.say(NO_LIST)
    elif listing.page + step < 0:
        ctx.say("已经是第一页了。")
    else:
        PAGERS.get(listing.kind, _slice)(ctx, listing, listing.page + step)


def _slice(ctx: Context, listing: Listing, page: int) -> None:
    if page * PAGE >= len(listing.items) or "line" not in listing.items[0]:
        ctx.say(NO_MORE)
        return
    show_lines(ctx, listing.kind, str(listing.items[0].get("head", "")), _still_seen(ctx, listing.items, page), page)


def _still_seen(ctx: Context, items: Sequence[Mapping[str, Any]], page: int) -> list[Mapping[str, Any]]:
    """The lines as they were kept; on the page that is turned to none about whom the reader sees no more, as after the
    days of a cover. Numbers stay."""
    turned = items[page * PAGE : (page + 1) * PAGE]
    reminders = [item["reminder"] for item in turned if item.get("reminder")]
    people = [item["client_id"] for item in turned if item.get("client_id") and not item.get("reminder")]
    seen = {reminder.id for reminder in ctx.uow.reminders.numbered(reminders)} if reminders else set()
    known = {row.id for row in ctx.uow.clients.rows(people)} if people else set()

    def one(item: Mapping[str, Any]) -> Mapping[str, Any]:
        gone = item["reminder"] not in seen if item.get("reminder") else item.get("client_id") not in {None, *known}
        return {**item, "line": GONE, "name": ""} if gone else item

    return [*items[: page * PAGE], *map(one, turned), *items[(page + 1) * PAGE :]]


@pager("timeline")
def _timeline(ctx: Context, listing: Listing, page: int) -> None:
    client = ctx.uow.clients.get(listing.items[0]["client_id"])
    show_timeline(ctx, client, page)


@pager("clients")
def _clients(ctx: Context, listing: Listing, page: int) -> None:
    show_clients(ctx, page)
