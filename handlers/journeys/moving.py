"""Into a journey and out of it: by hand, with a campaign, and at once when what ends it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.pack import Journey
from handlers.context import Context
from handlers.journeys.words import label_of, meant, next_text, standing
from handlers.language import Meaning
from handlers.router import afterwards, command
from reminders.journeys import obstacle, stop_now
from storage.model.errors import Invalid
from storage.model.journeys import WHY_WORDS, JourneyRun
from storage.model.people import Client
from storage.repositories.journeys import JourneyRepository


@command("journey.join", group="旅程", help="让客户加入旅程", example="王芳 加入 新客旅程", client=True)
def join(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Put the client in from today on; refused, with the reason, where something would end it at once."""
    _one_at_a_time(meaning)
    journey, runs = meant(ctx, str(meaning.get("journey") or "")), JourneyRepository(ctx.uow)
    if beside := str(meaning.get("beside") or "")[:20]:
        plain = f"{client.name} 加入 {journey.label}"
        raise Invalid(f"旅程从加入的当天算起，「{beside}」不能一起写，没有改动。今天就加入请发送「{plain}」。")
    check_takes_in(ctx, journey)
    if before := runs.running(client.id, journey.id):
        raise Invalid(f"「{client.name}」已经在{journey.label}里了（{standing(ctx, before)}），没有重复加入。")
    if why := obstacle(ctx.uow, journey, client, ctx.zone):
        raise Invalid(f"{WHY_WORDS[why]}，「{client.name}」现在不能加入{journey.label}。")
    run = runs.enter(client, journey.id, ctx.today)
    if run is None:
        raise Invalid(f"「{client.name}」刚刚已经加入{journey.label}了。")
    coming = next_text(ctx, journey, run, {})
    ctx.wrote(f"「{client.name}」已加入{journey.label}。{coming}。", f"「{client.name}」加入{journey.label}")


@command("journey.leave", group="旅程", help="让客户退出旅程", example="王芳 退出 新客旅程 原因 已有安排", client=True)
def leave(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Take the client out; open steps go along. Without a name, out of the only one he is in."""
    _one_at_a_time(meaning)
    runs, name = JourneyRepository(ctx.uow), str(meaning.get("journey") or "")
    going = [run for run in runs.of_client(client.id) if run.state == "running"]
    if name:
        wanted = meant(ctx, name)
        going = [run for run in going if run.journey == wanted.id]
        if not going:
            raise Invalid(f"「{client.name}」现在不在{wanted.label}里，没有改动。")
    if not going:
        raise Invalid(f"「{client.name}」现在不在任何旅程里，没有改动。")
    if len(going) > 1:
        labels = "、".join(label_of(ctx, run.journey) for run in going)
        raise Invalid(f"「{client.name}」在 {len(going)} 个旅程里：{labels}。请写明退出哪一个。")
    runs.end(going[0], "left", str(meaning.get("reason") or ""))
    label = label_of(ctx, going[0].journey)
    ctx.wrote(f"「{client.name}」已退出{label}，没做的步骤已取消。", f"「{client.name}」退出{label}")


def _one_at_a_time(meaning: Meaning) -> None:
    if meaning.get("several"):
        raise Invalid("加入、退出旅程一次说一位客户，例如「王芳 加入 新客旅程」。这次没有改动。")


def check_takes_in(ctx: Context, journey: Journey) -> None:
    """Raises Invalid for a journey that is switched off, or outside of its dates."""
    if not journey.enabled:
        raise Invalid(f"{journey.label}已停用，不能加入。")
    if not journey.takes_in_on(ctx.today):
        span = f"{journey.valid_from or '即日'} 到 {journey.valid_until or '长期'}"
        raise Invalid(f"{journey.label}只在 {span} 之间可以加入。")


def join_with_campaign(ctx: Context, journey: Journey, clients: Iterable[Client], campaign_id: int) -> int:
    """Put the clients of a campaign in, less those in it already and those whom something keeps out; how many came."""
    runs = JourneyRepository(ctx.uow)
    free = [client for client in clients if obstacle(ctx.uow, journey, client, ctx.zone) is None]
    entered = [runs.enter(c, journey.id, ctx.today, origin="campaign", origin_id=campaign_id) for c in free]
    return sum(run is not None for run in entered)


# ---------------------------------------------------------------- at once


@afterwards
def stop_what_ended(ctx: Context) -> None:
    """Whatever was just written down about clients, contracts or consents: end the journeys that it ends, within the
    same act, so that 撤销 takes both back."""
    touched = {_client_of(change.table, change.after) for change in ctx.uow.changes if change.after is not None}
    touched.discard(None)
    stopped = stop_now(ctx.uow, [found for found in touched if found is not None], ctx.zone) if touched else []
    if told := _told(ctx, stopped):
        ctx.say(told)


def _client_of(table: str, row: object) -> int | None:
    """Whose row it is, where it can end a journey."""
    column = {"clients": "id", "contracts": "client_id", "consents": "client_id"}.get(table)
    return row[column] if column and isinstance(row, dict) else None


def _told(ctx: Context, stopped: Sequence[JourneyRun]) -> str:
    """A line for each of a client in scope: what was just done may have taken the client out of it."""
    if not stopped:
        return ""
    runs = JourneyRepository(ctx.uow)
    people = ctx.uow.clients.heads(run.client_id for run in stopped)
    return "\n".join(
        f"「{people[run.client_id].name}」的{label_of(ctx, run.journey)}已停止：{WHY_WORDS[run.why]}。"
        for run in runs.numbered([run.id for run in stopped]) if run.why and run.client_id in people
    )
