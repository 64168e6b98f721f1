"""A client complains: it goes on the time line, counts for the tags, and offers to him wait until it is dealt with."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.help import not_open
from handlers.language import Meaning
from handlers.router import command
from handlers.whose import resolve
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.people import Client

OPEN = "complaint_open"
_AGAIN = re.compile(  # what the time line says of it anyway
    r"^(?:登记|记一下|记|今天|刚刚?|来电|打电话来?|打来|要|来|\s)*(?:投诉|客诉)(?:了|说(?!话))?[：:，,\s]*"
)
# Whose complaint it is, or whether it is one yet, is not plain.
_HEARD = re.compile(
    r"^.{0,8}说(?:过|是|了)?[他她它]?(?:还|也|就|可能)?[想要会].{0,3}投诉|投诉过"
    r"|^的?(?:朋友|同事|家人|家里人|老公|老婆|爱人|爸|妈|亲戚|邻居|领导).{0,6}投诉"
)


@command("ticket.create", group="跟进", help="登记客户的投诉", example="王芳 投诉 等了太久没人回电", client=True)
def note_complaint(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Write a complaint down and mark it as open. Other tickets are not kept yet, which is said."""
    if meaning.get("type") != "complaint":
        not_open(ctx, meaning)
        return
    if _HEARD.search(str(meaning.get("content") or "")):
        raise Invalid(f"这句话像是转述，没有登记投诉。要登记请直接发送「{client.name} 投诉 内容」。")
    said = _AGAIN.sub("", str(meaning.get("content") or "").strip())
    if not said:
        raise Invalid(f"请带上投诉的内容，例如「{client.name} 投诉 等了太久没人回电」。")
    written = ctx.uow.interactions.add(client, "complaint", said)
    lines = [f"已记录「{client.name}」的投诉：{cut(written.text, 80)}"]
    if not client.value(OPEN) and f"client.{OPEN}" in ctx.packs.paths:
        ctx.uow.clients.update(client, **{OPEN: True})
        lines.append(f"投诉处理中，营销消息先不发。处理完发送「{client.name} 投诉处理完了」。")
    counted = ctx.uow.glances.of_client(client.id, ctx.today, ctx.zone).counted
    lines += [
        f"标签「{tag.name}」：{tag.counted.told(counted[tag.name])}。" for tag in ctx.packs.counted_tags
        if tag.counted and "complaint" in tag.counted.kinds and tag.name in counted
    ]
    ctx.wrote("\n".join(lines), f"「{client.name}」的投诉")


@command("ticket.close", group="跟进", help="投诉处理完了", example="王芳 投诉处理完了")
def end_complaint(ctx: Context, meaning: Meaning) -> None:
    """The client's complaint is dealt with: what waited for it may go on. Other tickets are not kept yet."""
    if meaning.get("ticket_no") or not meaning.get("client"):
        not_open(ctx, meaning)
        return
    client = resolve(ctx, meaning)
    if client is None:
        return
    if not client.value(OPEN):
        ctx.say(f"「{client.name}」没有处理中的投诉，没有做任何改动。")
        return
    ctx.uow.clients.update(client, **{OPEN: False})
    ctx.wrote(f"「{client.name}」的投诉已处理完，不再暂停营销消息。", f"「{client.name}」投诉处理完")
