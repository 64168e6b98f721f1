"""Giving clients to another adviser: a manager's act, confirmed first; everything under the client goes along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.context import Context
from handlers.covers import EXAMPLE, arrange
from handlers.departures.leaving import EXAMPLE as LEAVING
from handlers.departures.leaving import propose
from handlers.language import Meaning
from handlers.reminder_giving import member_named
from handlers.router import FRONT, command, confirmed
from handlers.whose import choice_line, number_mark, resolve
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.messages import Text
from storage.model.people import Client, User

MOST = 20


@command("handover.create", group="团队", help="移交客户（主管）", example="把王芳移交给小李", roles=FRONT)
def hand_over(ctx: Context, meaning: Meaning) -> None:
    """Echo who goes to whom; done after 确认. All clients of a member until a day are not handed over: somebody stands
    in for him."""
    if meaning.get("until") and not (meaning.get("clients") or meaning.get("conditions")):
        arrange(ctx, meaning)
        return
    if ctx.user.role != "manager":
        raise NotAllowed("移交客户需要主管操作，请联系您的主管。单项待办可以发送「1 转交 同事姓名」。")
    if meaning.get("conditions"):
        raise Invalid(
            "还不能按条件移交。请按姓名移交，例如「把王芳移交给小李」，一次最多 20 位；"
            f"整本移交发送「{LEAVING}」，只是请假可以请同事代班，例如「{EXAMPLE}」。"
        )
    if meaning.get("scope") == "all":
        propose(ctx, meaning)
        return
    to = _receiver(ctx, str(meaning.get("to") or ""))
    names = [str(name) for name in meaning.get("clients") or ()]
    if len(names) > 1:
        _go_on(ctx, names, list(meaning.get("client_ids") or (None for _ in names)), to)
    elif clients := _clients(ctx, meaning):
        _confirm(ctx, clients, to)


def _go_on(ctx: Context, names: Sequence[str], ids: list[Any], to: User) -> None:
    """Echo those named together, after asking about each name that several have."""
    if len(names) > MOST:
        raise Invalid(f"一次最多移交 {MOST} 位，现在是 {len(names)} 位，请分几次。")
    found = [_of_name(ctx, name, known) for name, known in zip(names, ids, strict=True)]
    place = next((n for n, several in enumerate(found) if len(several) > 1), None)
    if place is None:
        _confirm(ctx, [ctx.uow.clients.get(several[0]) for several in found], to)
        return
    rows = ctx.uow.clients.rows(found[place])
    ctx.conversation.ask(
        "choice", "handover", options=[row.id for row in rows], then="handover.which", names=list(names),
        ids=[several[0] if len(several) == 1 else several for several in found], place=place, to=to.id,
    )
    lines = [f"{number_mark(n)} {choice_line(row, exact=True)}" for n, row in enumerate(rows, 1)]
    ctx.say("\n".join([f"有 {len(rows)} 位「{names[place]}」，移交哪一位？回复序号选择：", *lines]))


@confirmed("handover.which")
def one_was_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """Which of those with one name was said."""
    ids = list(data["ids"])
    ids[data["place"]] = data["chosen"]
    _go_on(ctx, data["names"], ids, ctx.uow.users.get(data["to"]))


def _confirm(ctx: Context, clients: Sequence[Client], to: User) -> None:
    moving = [client for client in clients if client.owner_id != to.id]
    if not moving:
        ctx.say(f"这些客户本来就在 {to.name} 名下，没有改动。")
        return
    names = "、".join(client.name for client in moving)
    ctx.ask_to_confirm(
        f"把「{names}」移交给 {to.name}？合同、记录和未完成的提醒会一起过去。", "handover.create",
        clients=[client.id for client in moving], to=to.id,
    )


def _receiver(ctx: Context, name: str) -> User:
    """An adviser or manager of the manager's team. Raises Invalid."""
    people = [user for user in ctx.uow.users.team() if user.role in ("adviser", "manager")]
    listed = f"可以移交给：{'、'.join(user.name for user in people[:8])}。"
    if not name:
        raise Invalid(f"请说明移交给谁。{listed}")
    return member_named(people, name, listed)


def _clients(ctx: Context, meaning: Meaning) -> list[Client]:
    """The one client named; empty after having asked which one is meant. Raises NotFound."""
    if meaning.get("client") is None and meaning.get("client_id") is None and meaning.get("from"):
        raise NotFound(f"没有找到客户「{meaning.slots['from']}」，没有移交。请写出客户的完整姓名。")
    ids = [found for found in meaning.get("client_ids") or () if isinstance(found, int)]
    if ids:
        return [ctx.uow.clients.get(client_id) for client_id in ids]
    found = resolve(ctx, meaning)
    return [found] if found else []


def _of_name(ctx: Context, name: str, known: object) -> list[int]:
    """The clients of this name; raises rather than leave one out."""
    if isinstance(known, int):
        return [known]
    found = list(known) if isinstance(known, list | tuple) else list(dict.fromkeys(
        hit.client_id for hit in ctx.uow.clients.named([name.lower()]) if hit.how != "initials"
    ))
    if not found:
        raise NotFound(f"没有找到客户「{name}」，这次一位都没有移交。请核对姓名后再说一次。")
    return [int(client_id) for client_id in found]


@confirmed("handover.create")
def do_hand_over(ctx: Context, data: Mapping[str, Any]) -> None:
    """Give the clients and their open reminders over, and tell both advisers."""
    to = ctx.uow.users.get(data["to"])
    clients = [ctx.uow.clients.get(client_id) for client_id in data["clients"]]
    moved = sum(_give(ctx, client, to) for client in clients)
    names = "、".join(client.name for client in clients)
    for owner in {client.owner_id for client in clients} - {to.id, ctx.user.id}:
        lost = "、".join(client.name for client in clients if client.owner_id == owner)
        ctx.tell(owner, Text(f"{ctx.user.name} 已把「{lost}」移交给 {to.name}，相关提醒一并转走。"))
    if to.id != ctx.user.id:
        letter = f"{ctx.user.name} 把「{names}」移交给您，请尽快联系客户。"
        ctx.tell(to.id, Text(f"{letter}发送「查客户 {clients[0].name}」查看。"))
    ctx.wrote(f"已把「{names}」移交给 {to.name}，{moved} 条提醒一并转过去。", f"移交「{names}」")


def _give(ctx: Context, client: Client, to: User) -> int:
    """Hand over one client; how many open reminders go along. Those a colleague was asked to do stay with him."""
    going = [r for r in ctx.uow.reminders.of_client(client.id) if r.receiver_id == client.owner_id]
    ctx.uow.clients.hand_over(client, to.id)
    return len(going)
