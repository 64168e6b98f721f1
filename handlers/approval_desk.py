"""What waits for a member's decision, over all that has versions; and taking back what he handed in himself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.approvals import ACTS, DECIDERS, MATTERS, OPS, Matter, may_decide_about, show_waiting, who_text
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import command, confirmed
from handlers.tickets import approving
from handlers.tickets.showing import show_ticket
from storage.model.errors import Conflict, Invalid, NotFound
from storage.model.people import Role
from storage.model.versions import Version

LIST = "approvals"
ASKED: tuple[Role, ...] = (*DECIDERS, "claims", "risk")  # who may have to decide about anything
NOTHING = "现在没有等您审批的。"
Found = tuple[Matter, Version]


@command("approvals.waiting", group="通用", help="看等我审批的", example="待我审批", roles=ASKED)
def show_all(ctx: Context, meaning: Meaning) -> None:
    """What the member may decide about, versions and tickets; one alone is shown with its text and buttons."""
    found = [(matter, version) for matter, version in _waiting(ctx) if may_decide_about(ctx, version)]
    tickets = approving.waiting(ctx)
    if not found and not tickets:
        ctx.say(NOTHING)
    elif len(found) + len(tickets) == 1:
        if tickets:
            show_ticket(ctx, tickets[0])
            ctx.conversation.show_list(LIST, approving.lines(ctx, tickets))  # 「1 同意」 means it too
        else:
            show_waiting(ctx, *found[0])
    else:
        how = "回复序号看全文和按钮；工单也可以直接回复「1 同意」。" if tickets else "回复序号看全文和按钮。"
        show_lines(ctx, LIST, f"等您审批的 {len(found) + len(tickets)} 件，{how}", [
            *approving.lines(ctx, tickets),
            *({"matter": matter.key, "version": version.id, "name": "", "line": _line(ctx, matter, version)}
              for matter, version in found),
        ])  # fmt: skip


@command("approvals.open", roles=ASKED)
def open_one(ctx: Context, meaning: Meaning) -> None:
    """同意 or 驳回 without saying what, or a number of the list: nobody decides about a text that he may not have read,
    so it is shown first."""
    listing, index = ctx.conversation.listing, meaning.get("index")
    if listing is None or listing.kind != LIST or not isinstance(index, int):
        show_all(ctx, meaning)
        return
    if not 1 <= index <= len(listing.items):
        raise Invalid(f"请回复 1 到 {len(listing.items)} 之间的序号。")
    item = listing.items[index - 1]
    if item.get("ticket"):
        show_ticket(ctx, ctx.uow.tickets.find(int(item["ticket"])))
        return
    matter = MATTERS[str(item["matter"])]
    version = matter.versions(ctx).find(int(item["version"]))
    if version is None or version.state != "submitted" or not may_decide_about(ctx, version):
        raise Conflict("这个版本已经处理过了，或被新的版本代替。发送「待我审批」看现在等您审批的。")
    show_waiting(ctx, matter, version)


def _waiting(ctx: Context) -> Iterator[Found]:
    for matter in MATTERS.values():
        for version in matter.versions(ctx).all_waiting():
            yield matter, version


def _line(ctx: Context, matter: Matter, version: Version) -> str:
    return f"{matter.name(ctx, version)}{matter.about(ctx, version)} {ACTS[version.act]}，{who_text(ctx, version)}"


# ---------------------------------------------------------------- taken back


@command("approvals.take_back", group="运营", help="撤回自己提交的", example="撤回申请 R3 v2", roles=OPS)
def take_back(ctx: Context, meaning: Meaning) -> None:
    """Ask, then withdraw what the member handed in and nobody decided about."""
    mine = [(matter, version) for matter, version in _waiting(ctx) if version.author_id == ctx.user.id]
    said = _plain(str(meaning.get("what") or ""))
    found = [each for each in mine if said in (_plain(each[0].name(ctx, each[1])), "")]
    if not found:
        others = "、".join(matter.name(ctx, version) for matter, version in mine)
        raise NotFound(f"您没有提交过等待审批的这一版。可以撤回的：{others}。" if mine else "您没有等待审批的提交。")
    if len(found) > 1:
        names = "」「撤回申请 ".join(matter.name(ctx, version) for matter, version in found)
        ctx.say(f"您有 {len(found)} 件等待审批，请写明撤回哪一件：「撤回申请 {names}」。")
        return
    matter, version = found[0]
    ctx.ask_to_confirm(
        f"撤回 {_line(ctx, matter, version)}？撤回后不用审批，现在生效的{matter.noun}没有变。",
        "approvals.take_back", matter=matter.key, version=version.id,
    )


@confirmed("approvals.take_back", roles=OPS)
def take_back_now(ctx: Context, data: Mapping[str, Any]) -> None:
    """Withdraw it after 确认."""
    matter = MATTERS[str(data["matter"])]
    version = matter.versions(ctx).find(int(data["version"]))
    if version is None or version.state != "submitted" or version.author_id != ctx.user.id:
        raise Conflict("这个版本已经处理过了，没有撤回。")
    matter.versions(ctx).take_back(version)
    ctx.wrote_for_good("撤回申请")
    ctx.say(f"已撤回 {matter.name(ctx, version)}，不再等待审批。还要改的话，请重新提交。")


def _plain(name: str) -> str:
    return "".join(name.split()).lower()
