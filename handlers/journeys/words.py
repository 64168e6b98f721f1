"""Journeys in words: which one is meant, where a client stands in it, how many are where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from difflib import get_close_matches

from config.pack import Journey, JourneyStep
from handlers.context import Context
from reminders.calendar import DAY, shifted_day
from storage.model.errors import Invalid
from storage.model.journeys import STATE_WORDS, WHY_WORDS, JourneyRun, Why
from storage.repositories.journeys import Count

_STEP_WORDS: Mapping[str, str] = {
    "done": "已完成", "dismissed": "不需要", "cancelled": "已取消", "open": "在待办里",
}  # fmt: skip


def meant(ctx: Context, name: str) -> Journey:
    """The journey of a name. Raises Invalid with those that come nearest."""
    wanted = name.strip("「」\"“” ")
    found = ctx.packs.find_journey(wanted)
    if found is None:
        known = {word: journey.label for journey in ctx.packs.journeys for word in journey.words}
        near = [known[word] for word in get_close_matches(wanted, known, 3, 0.3)] or list(known.values())
        if not near:
            raise Invalid("业务包里还没有旅程。请联系运营在 journeys.yaml 里添加。")
        unknown = f"没有叫「{wanted}」的旅程" if wanted else "请写明哪个旅程"
        raise Invalid(f"{unknown}。可用的有：{'、'.join(dict.fromkeys(near))}。")
    return found


def label_of(ctx: Context, journey_id: str) -> str:
    """What a journey is called, also one that the packs have no more."""
    found = ctx.packs.find_journey(journey_id)
    return found.label if found else f"旅程 {journey_id}（业务包里已没有）"


def due_on(run: JourneyRun, step: JourneyStep) -> date:
    """The day on which a step is shown."""
    return shifted_day(run.entered_on + DAY * step.day, step.shift)


def standing(ctx: Context, run: JourneyRun) -> str:
    """06-09 加入（手动加入），已停止：客户已签新合同（06-12）"""
    text = f"{run.entered_on:%m-%d} 加入，{STATE_WORDS[run.state]}"
    if run.why:
        text += f"：{WHY_WORDS[run.why]}"
    if run.reason:
        text += f"（{run.reason}）"
    return text + (f"，{ctx.local(run.ended_at):%m-%d}" if run.ended_at else "")


def next_step(journey: Journey, run: JourneyRun, made: Mapping[str, str]) -> JourneyStep | None:
    """The step that comes next: the earliest that is not made yet."""
    coming = [step for step in journey.steps if f"{journey.id}/{step.id}" not in made]
    return min(coming, key=lambda step: step.day) if run.state == "running" and coming else None


def next_text(ctx: Context, journey: Journey, run: JourneyRun, made: Mapping[str, str]) -> str:
    """下一步 06-12（第 3 天）：了解需求; "" where nothing comes."""
    step = next_step(journey, run, made)
    if step is None:
        return ""
    day = max(due_on(run, step), ctx.today)
    when = "下一次排程（每天 07:50）" if day == ctx.today else f"{day:%m-%d}"
    return f"下一步 {when}（第 {step.day} 天）：{step.label}"


def step_line(ctx: Context, journey: Journey, run: JourneyRun, step: JourneyStep, made: Mapping[str, str]) -> str:
    """✓ 第 1 天 问候：已完成"""
    state = made.get(f"{journey.id}/{step.id}")
    mark = {"done": "✓", "open": "→"}.get(state or "", "·")
    told = _STEP_WORDS[state] if state else f"{due_on(run, step):%m-%d}" if run.state == "running" else "没有做"
    return f"{mark} 第 {step.day} 天 {step.label}：{told}"


def counted(counts: Mapping[Count, int], journey_id: str) -> str:
    """进行中 3 · 已停止 2（客户已签新合同 1、手动退出 1） · 已走完 4"""
    states, whys = Counter[str](), Counter[Why]()
    for (journey, state, why), count in counts.items():
        if journey == journey_id:
            states[state] += count
            if why:
                whys[why] += count
    parts = [f"{word} {states[state]}" for state, word in STATE_WORDS.items()]
    if whys:
        parts[1] += f"（{'、'.join(f'{WHY_WORDS[why]} {count}' for why, count in whys.most_common())}）"
    return " · ".join(parts)


def week_of(ctx: Context) -> tuple[date, date]:
    """Today and the six days after."""
    return ctx.today, ctx.today + timedelta(days=6)
