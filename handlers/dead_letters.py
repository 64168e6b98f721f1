"""For operations: messages that stopped, and letting them go again (R268). Nobody's words are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import NO_LIST, show_lines
from handlers.router import command, confirmed
from storage.model.errors import Invalid
from storage.model.people import Role
from storage.repositories.dead_letters import DeadLetter, DeadLetterRepository

LIST = "dead_letters"
MENDERS: tuple[Role, ...] = ("ops", "admin")
_STATES = {"uncertain": "结果不明，对方可能已看到", "refused": "企业微信拒收", "parked": "多次处理失败"}


@command("messages.dead", group="运营", help="没处理成、没发成的消息", example="失败消息", roles=MENDERS)
def list_dead(ctx: Context, meaning: Meaning) -> None:
    """What waits for a person, numbered."""
    found = DeadLetterRepository(ctx.uow).all()
    if not found:
        ctx.say("没有失败的消息。")
        return
    names = {user.id: user.name for user in ctx.uow.users.all()}
    head = f"失败的消息 {len(found)} 条。回复「重推 1」再试一次，「重推 全部」全部再试。"
    show_lines(ctx, LIST, head, [
        {"box": letter.box, "id": letter.id, "line": _line(ctx, letter, names)} for letter in found
    ])  # fmt: skip


def _line(ctx: Context, letter: DeadLetter, names: Mapping[str, str]) -> str:
    who = names.get(letter.who, letter.who)
    what = f"发给 {who}" if letter.box == "out" else f"{who} 发来"
    why = f"，{letter.why}" if letter.why else ""
    return f"{ctx.local(letter.at):%m-%d %H:%M} {what}：{_STATES.get(letter.state, letter.state)}{why}"


@command("messages.again", group="运营", help="重推失败的消息", example="重推 1", roles=MENDERS)
def again(ctx: Context, meaning: Meaning) -> None:
    """Let some of the listed messages go again, or all; asked first, since a person may have seen one already."""
    chosen = _chosen(ctx, meaning)
    ctx.ask_to_confirm(
        f"重推 {len(chosen)} 条消息？结果不明的那些，对方可能已经收到过一次。", "messages.again",
        letters=[[letter["box"], letter["id"]] for letter in chosen],
    )  # fmt: skip


def _chosen(ctx: Context, meaning: Meaning) -> list[Mapping[str, Any]]:
    listing = ctx.conversation.listing
    if meaning.get("scope") == "all":
        return [{"box": letter.box, "id": letter.id} for letter in _all(ctx)]
    if listing is None or listing.kind != LIST:
        raise Invalid(f"请先发送「失败消息」，再回复例如「重推 1」。{'' if listing else NO_LIST}")
    numbers = meaning.get("indexes") or ()
    if not numbers or any(not 1 <= number <= len(listing.items) for number in numbers):
        raise Invalid(f"清单里有 {len(listing.items)} 条，请核对序号，例如「重推 1」。")
    return [listing.items[number - 1] for number in numbers]


def _all(ctx: Context) -> list[DeadLetter]:
    found = DeadLetterRepository(ctx.uow).all()
    if not found:
        raise Invalid("没有失败的消息，不用重推。")
    return found


@confirmed("messages.again", roles=MENDERS)
def surely_again(ctx: Context, data: Mapping[str, Any]) -> None:
    """They go; what somebody else let go meanwhile is left."""
    letters = DeadLetterRepository(ctx.uow)
    freed = sum(letters.again(box, row_id) for box, row_id in data["letters"])
    left = len(data["letters"]) - freed
    ctx.wrote_for_good("重推消息")
    ctx.say(f"已重推 {freed} 条。" + (f"另有 {left} 条没有重推：已经处理过，或内容已无法打开。" if left else ""))
