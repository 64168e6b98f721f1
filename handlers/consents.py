"""Which purposes a client agreed to: the card that asks after a new client, and the ledger behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import action, command, confirmed
from storage.model.errors import NotFound
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Option, Select
from storage.model.people import Client

PURPOSES = {"service": "服务联系", "care": "关怀提醒", "marketing": "产品推荐", "health": "健康信息（单独同意）"}
NOTICE = "2026-01"  # version of the privacy notice the purposes were explained with


def consent_card(ctx: Context, client: Client) -> Card:
    """Which purposes the client agreed to (PIPL art. 14, 17, 29): asked once at first contact."""
    task_id = f"consent-{new_token()}"
    key = ctx.uow.cards.bind(task_id, ctx.user.id, "consent.record", client_id=client.id)
    options = [Option(purpose, label) for purpose, label in PURPOSES.items()]
    return Card(
        "vote_interaction", title="客户同意了哪些用途", desc=f"「{client.name}」口头或书面同意的才勾选，可随时撤回。",
        task_id=task_id, checkbox=Select("purposes", "", options), checkbox_multi=True,
        submit=Button("提交", key),
    )


@command("consent.record", group="客户", help="登记客户授权（关怀、营销等）", example="陈静 同意营销", client=True)
def note_consent(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Write down one purpose that was said, or show the card to tick them all."""
    scope, granted = meaning.get("scope"), meaning.get("granted")
    if meaning.get("told"):
        _ask_whether_withdrawn(ctx, client, [str(scope), *filter(None, [meaning.get("also")])])
        return
    if granted is False and scope is None and not meaning.get("scope_said"):
        _ask_whether_withdrawn(ctx, client, ["marketing", "care"])  # 陈静 退订: nothing is to be sent any more
        return
    if granted is None or (scope not in PURPOSES and scope != "all"):
        ctx.show(consent_card(ctx, client))
        return
    chosen = list(PURPOSES) if scope == "all" else [scope]
    if granted and "health" in chosen and scope == "all":
        chosen.remove("health")  # separate consent is never inferred from a general one (PIPL art. 29)
    for purpose in chosen:
        ctx.uow.consents.record(client, purpose, bool(granted), channel="顾问口述登记", notice_version=NOTICE)
    words = "、".join(PURPOSES[p] for p in chosen)
    ctx.wrote_for_good("登记授权")
    ctx.say(f"已登记：「{client.name}」{'同意' if granted else '不同意'}{words}。如需更正，再说一次即可。")


def _ask_whether_withdrawn(ctx: Context, client: Client, purposes: list[str]) -> None:
    """A wish that was only told of: what it would mean is echoed, since a withdrawal cannot be undone."""
    words = "、".join(PURPOSES[p] for p in purposes)
    ctx.ask_to_confirm(
        f"要登记「{client.name}」撤回{words}的授权吗？确认后马上生效：这些消息都不再发，还没发出的也不会发；服务联系照旧。"
        f"（只记一笔跟进请发送「记 {client.name} ……」。）",
        "consent.withdraw", client_id=client.id, purposes=purposes, said=ctx.text,
    )


@confirmed("consent.withdraw")
def withdraw(ctx: Context, data: Mapping[str, Any]) -> None:
    """The client does not want these any more; counts for the next check of whatever is on its way."""
    client = ctx.uow.clients.get(data["client_id"])
    for purpose in data["purposes"]:
        ctx.uow.consents.record(
            client, purpose, False, channel="顾问转述登记", evidence=data["said"], notice_version=NOTICE,
        )
    ctx.wrote_for_good("登记授权")
    words = "、".join(PURPOSES[p] for p in data["purposes"])
    ctx.say(f"已登记：「{client.name}」撤回{words}的授权，马上生效。客户改变主意以后，请发送「{client.name} 同意营销」"
            f"或「{client.name} 同意关怀」。连电话也不要打的，请发送「{client.name} 联系限制 限制联系」。")


@action("consent.record")
def record_consent(ctx: Context, args: Mapping[str, Any]) -> None:
    """Write the ticked purposes into the ledger, the others as not given."""
    try:
        client = ctx.uow.clients.get(args["client_id"])
    except NotFound:
        ctx.grey_out("已失效")
        ctx.say("这位客户已不在您名下（建档已撤销或已移交），授权没有登记。")
        return
    chosen = set(args["selections"].get("purposes", ()))
    ctx.uow.cards.use(args["card"])
    for purpose in PURPOSES:
        ctx.uow.consents.record(
            client, purpose, purpose in chosen, channel="顾问在卡片上登记", notice_version=NOTICE,
        )
    ctx.wrote_for_good("登记授权")
    granted = "、".join(PURPOSES[p] for p in PURPOSES if p in chosen) or "无"
    options = [Option(p, label, p in chosen) for p, label in PURPOSES.items()]
    ctx.redraw(Card(
        "vote_interaction", title="客户同意了哪些用途", desc=f"「{client.name}」同意：{granted}",
        task_id=f"consent-{new_token()}", checkbox=Select("purposes", "", options), checkbox_multi=True,
        submit=Button("提交", "done"), replace_text="已登记",
    ))
