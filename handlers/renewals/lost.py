"""Not renewed: a reason from the dictionary, the client's stage, and a date to win the client back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from handlers.context import Context
from handlers.contracts.changing import stop_pushes
from handlers.contracts.describing import is_open, named
from handlers.contracts.picking import holder_of, pick
from handlers.language import Meaning
from handlers.renewals.meant import finish_shown, renewable
from handlers.router import command, confirmed
from handlers.whose import number_mark
from reminders.calendar import is_workday, local_instant, next_workday, year_note
from storage.model.contracts import Contract
from storage.model.people import Client

WIN_BACK_AFTER = timedelta(days=90)
WIN_BACK_WEIGHT = 20
MORNING = time(8, 30)


@command("renewal.lost", group="续保", help="记不续及原因", example="陈静 不续 原因 保费太贵", client=True)
def lost(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The client will not renew; why is asked for if it was not said (R229)."""
    said = {"reason": re.sub(r"^(?:原因|理由)(?:是|为)?[\s:：]*", "", meaning.get("reason") or "") or None}
    contract = pick(ctx, client, renewable(ctx, client, meaning), "renewal.lost", **said)
    if contract:
        lost_or_ask(ctx, client, contract, said["reason"])


@confirmed("renewal.lost")
def lost_of_chosen(ctx: Context, data: Mapping[str, Any]) -> None:
    """The policy was chosen."""
    contract = ctx.uow.contracts.get(data["chosen"])
    lost_or_ask(ctx, ctx.uow.clients.get(data["client_id"]), contract, data.get("reason"))


def lost_or_ask(ctx: Context, client: Client, contract: Contract, said: str | None) -> None:
    """Go on with the reason said; ask with the whole list when it is none of the dictionary's."""
    reason = reason_named(ctx, said) if said else None
    if reason:
        _write(ctx, client, contract, reason, said or "")
        return
    names = [r.name for r in ctx.packs.loss_reasons]
    ctx.conversation.ask(
        "choice", "loss_reason", options=names, then="renewal.lost.reason", client_id=client.id,
        contract_id=contract.id, said=said,
    )
    head = f"「{said}」不在原因字典里。" if said else ""
    ctx.say("\n".join([
        f"{head}「{client.name}」的{named(ctx, contract)}不续，必须登记原因，回复序号选择：",
        *(f"{number_mark(n)} {name}" for n, name in enumerate(names, 1)),
    ]))


@confirmed("renewal.lost.reason")
def lost_for_reason(ctx: Context, data: Mapping[str, Any]) -> None:
    """The reason was chosen."""
    client, contract = ctx.uow.clients.get(data["client_id"]), ctx.uow.contracts.get(data["contract_id"])
    _write(ctx, client, contract, data["chosen"], data.get("said") or "")


def reason_named(ctx: Context, said: str) -> str | None:
    """The loss reason of the packs that words mean; the one with the longest word in common."""
    found = [
        (len(word), reason.name) for reason in ctx.packs.loss_reasons for word in (reason.name, *reason.synonyms)
        if word == said or word in said or (len(said) > 1 and said in word)
    ]
    return max(found)[1] if found else None


# ---------------------------------------------------------------- writing


def _write(ctx: Context, client: Client, contract: Contract, reason: str, said: str) -> None:
    client = holder_of(ctx, contract, client)
    ctx.conversation.answered()  # the reason may have been typed instead of picked from the list
    finish_shown(ctx, contract, "不续")
    stop_pushes(ctx, contract, "客户不续")
    contract = ctx.uow.contracts.update(contract, **_closed(ctx, contract, reason))
    heard = f"（{said}）" if said and said != reason else ""
    lines = [f"已登记：「{client.name}」的{named(ctx, contract)}不续，原因「{reason}」{heard}。提醒已停止。"]
    lines += _stage(ctx, client, contract, reason)
    lines += _win_back(ctx, client, contract, reason)
    ctx.uow.interactions.add(client, "renewal", f"{named(ctx, contract)}不续，原因：{reason}{heard}")
    ctx.uow.clients.touch(client)
    ctx.wrote("\n".join(lines), f"「{client.name}」不续")


def _closed(ctx: Context, contract: Contract, reason: str) -> dict[str, Any]:
    """The wish is "none", from today on. Cover lasts to its last day, so the state changes only when that is over."""
    note = "；".join(filter(None, [contract.value("contract_note"), f"不续原因：{reason}"]))
    values: dict[str, Any] = {"renewal_intent": "none", "contract_note": note, "renewal_lost_on": ctx.today}
    if contract.ends_on is not None and contract.ends_on <= ctx.today:
        values["state"] = "expired" if ctx.packs.kind(contract.kind).may_move(contract.state, "expired") else "lapsed"
    return values


def _stage(ctx: Context, client: Client, contract: Contract, reason: str) -> list[str]:
    """Lost when nothing else is left, else at risk; never against the order of stages."""
    others = [
        c for c in ctx.uow.contracts.of_client(client.id)
        if c.id != contract.id and c.client_id == client.id and is_open(ctx, c) and c.renewal_intent != "none"
        and (c.ends_on is None or c.ends_on >= ctx.today)
    ]
    wanted = "at_risk" if others else "lost"
    stage, before = ctx.packs.find_stage(wanted), ctx.packs.find_stage(client.stage)
    if stage is None or client.stage == wanted or (before is not None and wanted not in before.moves):
        return []
    gone = {"loss_reason": reason, "lost_at": ctx.now} if wanted == "lost" else {}
    ctx.uow.clients.update(client, stage=wanted, **gone)
    why = f"，名下还有 {len(others)} 份有效合同" if others else ""
    return [f"客户阶段改为「{stage.label}」{why}。"]


def _win_back(ctx: Context, client: Client, contract: Contract, reason: str) -> list[str]:
    day = ctx.today + WIN_BACK_AFTER
    day = day if is_workday(day) else next_workday(day)
    ctx.note(year_note(day, day))
    ctx.uow.reminders.add(
        receiver_id=ctx.user.id, remind_at=local_instant(day, MORNING, ctx.zone), due_on=day, timed=False,
        category="follow_up", weight=WIN_BACK_WEIGHT, client=client,
        text=f"挽回：{client.name} 的{named(ctx, contract)}未续（{reason}），再联系一次",
    )
    return [f"已安排 {day} 再联系，争取挽回。"]
