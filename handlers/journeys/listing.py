"""Looking at journeys: 旅程, 新客旅程, 旅程 王芳, and what one is about to bring (试算 新客旅程)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.pack import Journey
from handlers.approvals import OPS
from handlers.context import Context
from handlers.journeys.words import counted, label_of, meant, next_text, standing, step_line, week_of
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import EVERYBODY, READERS, command
from handlers.rule_words import condition_text, date_words, may_read, spoken_text
from reminders.trial import try_out
from storage.model.errors import Invalid
from storage.model.journeys import WHY_WORDS
from storage.model.people import Client
from storage.repositories.journeys import JourneyRepository

HOW = "「王芳 加入 新客旅程」加入，「王芳 退出 新客旅程 原因 …」退出，「旅程 王芳」看一位客户走到哪。"
MOST_RUNS = 3
MOST_LISTED = 200


@command("journey.list", group="旅程", help="各个旅程有多少客户", example="旅程", roles=READERS)
def show_all(ctx: Context, meaning: Meaning) -> None:
    """Each journey with its counts in scope, then those that clients are in though the packs have them no more."""
    counts = JourneyRepository(ctx.uow).counts()
    if not ctx.packs.journeys and not counts:
        ctx.say("业务包里还没有旅程。请联系运营在 journeys.yaml 里添加。")
        return
    ids = dict.fromkeys([*(j.id for j in ctx.packs.journeys), *(journey for journey, _state, _why in counts)])
    lines = [f"· {_named(ctx, journey_id)}：{counted(counts, journey_id)}" for journey_id in ids]
    ctx.say("\n".join(["客户旅程", *lines, HOW]))


def _named(ctx: Context, journey_id: str) -> str:
    found = ctx.packs.find_journey(journey_id)
    off = "（已停用）" if found and not found.enabled else ""
    return f"{label_of(ctx, journey_id)}{off}"


@command("journey.describe", group="旅程", help="看旅程的步骤", example="新客旅程", roles=EVERYBODY)
def describe(ctx: Context, meaning: Meaning) -> None:
    """Its steps, who comes in, what ends it; then the clients in scope that are in it, as a numbered list."""
    if meaning.get("set"):
        raise Invalid("旅程由运营在 journeys.yaml 里定，聊天里不能新增、修改、停用。发送「旅程」看现有的旅程。")
    journey, runs = meant(ctx, str(meaning.get("journey") or "")), JourneyRepository(ctx.uow)
    drafted = "（建议文案，您确认才发）"
    steps = [f"第 {step.day} 天 {step.label}{drafted if step.care else ''}" for step in journey.steps]
    head = [f"「{_named(ctx, journey.id)}」", f"步骤：{'；'.join(steps)}", f"加入：{_entry(ctx, journey)}",
            f"停止：{_stops(journey)}"]  # fmt: skip
    found = runs.in_journey(journey.id, MOST_LISTED)
    if not found:
        ctx.say("\n".join([*head, counted(runs.counts(), journey.id)]))
        return
    people = ctx.uow.clients.heads(run.client_id for run in found)
    items = [
        {"client_id": who.id, "name": who.name, "line": f"{who.name}：{standing(ctx, run)}"}
        for run in found if (who := people[run.client_id])
    ]
    ctx.uow.audit.listed("client", [(run.client_id, run.client_id) for run in found], section="journey")
    show_lines(ctx, "journey", "\n".join([*head, counted(runs.counts(), journey.id)]), items)


def _entry(ctx: Context, journey: Journey) -> str:
    entry, dictionary, role = journey.entry, ctx.uow.dictionary, ctx.user.role
    if entry is None:
        return "手动加入，或群发时加入"
    asked = [condition_text(one, ctx.packs) for one in entry.where if may_read(one, dictionary, role)]
    asked += [spoken_text(entry.when, dictionary, role)] if entry.when else []
    also = f"（{'；'.join(asked)}）" if asked else ""
    return f"{date_words(entry.source, entry.kinds, ctx.packs)}{also}自动加入，也可以手动加入"


def _stops(journey: Journey) -> str:
    return "、".join(dict.fromkeys([*(WHY_WORDS[why] for why in journey.stop_on), WHY_WORDS["deceased"]]))


@command("journey.show", group="旅程", help="客户走到旅程的哪一步", example="旅程 王芳", client=True, roles=READERS)
def show(ctx: Context, meaning: Meaning, client: Client) -> None:
    """The client's journeys, those that go on with all their steps, the latest others in a line each."""
    runs = JourneyRepository(ctx.uow)
    found = runs.of_client(client.id)
    ctx.uow.audit.read("client", client.id, client_id=client.id, section="journey")
    if not found:
        known = ctx.packs.journeys[0].label if ctx.packs.journeys else "新客旅程"
        ctx.say(f"「{client.name}」没有加入过旅程，没有改动。发送「{client.name} 加入 {known}」可加入。")
        return
    going = [run for run in found if run.state == "running"]
    over = [run for run in found if run.state != "running"][:MOST_RUNS]
    lines = [f"「{client.name}」的旅程"]
    for run in going:
        journey, made = ctx.packs.find_journey(run.journey), runs.steps_made(run)
        lines.append(f"{label_of(ctx, run.journey)}：{standing(ctx, run)}")
        if journey is not None:
            lines += [step_line(ctx, journey, run, step, made) for step in journey.steps]
            lines += [text] if (text := next_text(ctx, journey, run, made)) else []
    lines += [f"{label_of(ctx, run.journey)}：{standing(ctx, run)}" for run in over]
    if meaning.get("wish"):
        how = f"退出 {label_of(ctx, going[0].journey)} 原因 …" if going else "加入 旅程名称"
        lines.append(f"没有改动。客户想这样的话，请发送「{client.name} {how}」。")
    ctx.say("\n".join(lines))


@command("journey.try", group="旅程", help="试算一个旅程", example="试算 新客旅程", roles=OPS)
def try_journey(ctx: Context, meaning: Meaning) -> None:
    """How many reminders the steps will bring all books in the week to come, of who is in it now. Names nobody."""
    journey, days = meant(ctx, str(meaning.get("journey") or "")), week_of(ctx)
    found = [(rule, try_out(ctx.uow, rule, (), days, ctx.zone)) for rule in journey.rules]
    receivers = {who for _, trial in found for who in trial.receivers}
    total = sum(trial.total for _, trial in found)
    ctx.uow.audit.record("try", "journey", journey.id, hits=total)
    lines = [f"试算「{journey.label}」（今天起 7 天）：会提醒 {total} 条，{len(receivers)} 位同事收到。"]
    lines += [_of_step(ctx, rule.label, trial.by_day) for rule, trial in found if trial.total]
    ctx.say("\n".join([*lines, "只算现在已经在旅程里的客户；新加入的从第二天起排。"]))


def _of_step(ctx: Context, label: str, by_day: Mapping[Any, int]) -> str:
    days = "，".join(f"{ctx.local(at):%m-%d} {count} 条" for at, count in by_day.items())
    return f"· {label}：{days}"
