"""The client's wish to renew, and when to talk again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.context import Context
from handlers.contracts.describing import named
from handlers.contracts.picking import holder_of, pick
from handlers.follow_ups import clash_hint
from handlers.language import Meaning, When
from handlers.renewals.meant import finish_shown, renewable
from handlers.router import command, confirmed
from storage.model.contracts import Contract
from storage.model.errors import Invalid
from storage.model.people import Client


@command(
    "renewal.intent", group="续保", help="记续保意向", example="王芳 续保意向 高 下周三下午再谈", client=True,
)
def intent(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Note high, medium or low; a time said becomes a follow-up in the diary (S05)."""
    level = meaning.get("level")
    if not level:
        raise Invalid(f"请说明意向高、中还是低，例如「{client.name} 续保意向 高」。")
    said = {"level": level, "content": meaning.get("content"), **_when(ctx, meaning)}
    contract = pick(ctx, client, renewable(ctx, client, meaning), "renewal.intent", **said)
    if contract:
        note_intent(ctx, client, contract, said)


@confirmed("renewal.intent")
def intent_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The policy was chosen."""
    note_intent(ctx, ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["chosen"]), data)


def _when(ctx: Context, meaning: Meaning) -> dict[str, Any]:
    said = meaning.get("when")
    if not isinstance(said, When):
        return {}
    if said.problem == "impossible" or meaning.clarify == "when":
        raise Invalid(f"没有「{said.text}」这个时间，请换个日期再说一次。")
    at = said.suggested_at(ctx.zone)
    if at <= ctx.now:
        raise Invalid(f"「{said.text or said.start}」已经过去了，请换个时间再说一次。")
    return {"at": at.isoformat(), "words": said.text}


def note_intent(ctx: Context, client: Client, contract: Contract, said: Mapping[str, Any]) -> None:
    """Write the wish down with its follow-up, and log the contact."""
    client = holder_of(ctx, contract, client)
    spec = ctx.uow.dictionary.field("contract", "renewal_intent")
    level = ctx.uow.dictionary.normalise(spec, said["level"])
    contract = ctx.uow.contracts.update(contract, renewal_intent=level)
    word = ctx.uow.dictionary.show(spec, level, ctx.user.role)
    finish_shown(ctx, contract, f"意向{word}")
    lines = [f"已记录「{client.name}」{named(ctx, contract)}的续保意向：{word}。"]
    at = datetime.fromisoformat(said["at"]) if said.get("at") else None
    if at:
        lines += _follow_up(ctx, client, contract, at, word)
    note = "，".join(filter(None, [f"续保意向{word}", said.get("words"), said.get("content")]))
    ctx.uow.interactions.add(client, "renewal", note, next_on=at.date() if at else None)
    ctx.uow.clients.touch(client)
    ctx.wrote("\n".join(lines), f"「{client.name}」的续保意向")


def _follow_up(ctx: Context, client: Client, contract: Contract, at: datetime, word: str) -> list[str]:
    # Talked about once more: the new date stands in place of the one agreed before.
    moved = ctx.uow.reminders.cancel_for("contract", contract.id, ("follow_up",), "改约")
    clash = clash_hint(ctx, at)
    ctx.uow.reminders.add(
        receiver_id=ctx.user.id, remind_at=at, due_on=at.date(), category="follow_up", client=client,
        text=f"谈续保：{client.name} 的{named(ctx, contract)}（意向{word}）",
        object_type="contract", object_id=contract.id,
    )
    before = "，原来约的时间已取消" if moved else ""
    return [f"已安排 {at:%Y-%m-%d %H:%M} 再谈{before}。", *([clash] if clash else [])]
