"""SOP 执行: which steps of the journeys were done, skipped or left, so that a standard service does not hang on who
serves (R259, S32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from config.pack import Journey, JourneyStep
from handlers.clients import MORE_DETAILS
from handlers.context import Context
from handlers.language import Meaning, When
from handlers.paging import show_lines
from handlers.reminder_giving import member_named
from handlers.router import FRONT, command
from reminders.calendar import DAY, local_instant
from storage.model.errors import Invalid
from storage.model.journeys import StepMade
from storage.model.people import Client, User
from storage.repositories.journeys import JourneyRepository

USUAL = timedelta(days=30)
LOOKED_BACK = timedelta(days=180)  # of one client
LEFT = ("skipped", "missed")
Known = tuple[Journey, JourneyStep]


@command("journey.steps", group="旅程", help="看标准服务步骤做了没有、跳过了哪些", example="SOP 执行", roles=FRONT)
def show_steps(ctx: Context, meaning: Meaning) -> None:
    """How many of each step were due, done, skipped and left in the last days, then the clients of those that were not
    done, what was due first at the head: of the team, of one of its members, of the own book."""
    first, last = _days(ctx, meaning.get("range"))
    member = _member(ctx, str(meaning.get("member") or ""))
    found = [
        made for made in JourneyRepository(ctx.uow).steps_due(_midnight(ctx, first), _midnight(ctx, last + DAY))
        if _step(ctx, made) and (member is None or made.receiver_id == member.id)
    ]
    whose = f"{member.name} 的" if member else "团队的" if ctx.user.role == "manager" else ""
    span = f"{first:%m-%d} 到 {last:%m-%d}"
    if not found:
        ctx.say(f"{whose}服务步骤：{span} 没有到期的。发送「旅程」看各个旅程。")
        return
    left = sorted(
        (made for made in found if made.fate(_midnight(ctx, ctx.today)) in LEFT), key=lambda made: made.remind_at
    )
    head = [f"{whose}服务步骤（{span} 到期）", *_counted(ctx, found)]
    head.append(f"跳过或没做的 {len(left)} 步：" if left else "没有跳过的，也没有漏做的。")
    names, people = ctx.uow.users.names(), ctx.uow.clients.heads({made.client_id for made in left})
    items = [
        {"client_id": who.id, "name": who.name, "line": f"{who.name} {_told(ctx, made, names[made.receiver_id])}"}
        for made in left if (who := people.get(made.client_id))
    ]
    ctx.uow.audit.listed("client", [(made.client_id, made.client_id) for made in left], section="journey")
    show_lines(ctx, "journey", "\n".join(head), items)


def left_out(ctx: Context, client: Client) -> list[str]:
    """The steps of a client that were skipped or left, a line each under a heading, for his details."""
    made = JourneyRepository(ctx.uow).steps_due(
        _midnight(ctx, ctx.today - LOOKED_BACK), _midnight(ctx, ctx.today), client.id
    )
    left = [each for each in made if each.fate(_midnight(ctx, ctx.today)) in LEFT and _step(ctx, each)]
    names = ctx.uow.users.names() if left else {}
    return ["【没做的服务步骤】", *(_told(ctx, each, names[each.receiver_id]) for each in left)] if left else []


MORE_DETAILS.append(left_out)


def _midnight(ctx: Context, day: date) -> datetime:
    """When a day begins here."""
    return local_instant(day, time(), ctx.zone)


def _days(ctx: Context, said: object) -> tuple[date, date]:
    """Raises Invalid for days that are all to come."""
    if isinstance(said, When) and said.problem != "impossible":
        if said.date > ctx.today:
            raise Invalid("这段时间还没有到，只能看已经到期的步骤，例如「SOP 执行 本月」。")
        return said.date, min(said.last_date, ctx.today)
    return ctx.today - USUAL, ctx.today


def _member(ctx: Context, name: str) -> User | None:
    """One of the team; everybody where nobody is named. Raises Invalid."""
    if not name or ctx.user.role != "manager":
        return None
    team = [user for user in ctx.uow.users.team() if user.serves_clients]
    return member_named(team, name, f"您的团队：{'、'.join(user.name for user in team[:8])}。")


def _step(ctx: Context, made: StepMade) -> Known | None:
    """The journey and the step, where the packs still have them."""
    journey_id, _, step_id = made.rule.partition("/")
    journey = ctx.packs.find_journey(journey_id)
    step = next((step for step in journey.steps if step.id == step_id), None) if journey else None
    return (journey, step) if journey and step else None


def _counted(ctx: Context, found: Sequence[StepMade]) -> Iterator[str]:
    """新客旅程 第 1 天 问候：到期 12，完成 9，跳过 2，没做 1"""
    steps: dict[str, Counter[str]] = {}
    for made in found:
        steps.setdefault(made.rule, Counter())[made.fate(_midnight(ctx, ctx.today))] += 1
    for label, _, fates in sorted(_ordered(ctx, found, steps), key=lambda one: one[1]):
        still = f"，今天要做 {fates['open']}" if fates["open"] else ""
        left = f"跳过 {fates['skipped']}，没做 {fates['missed']}"
        yield f"· {label}：到期 {fates.total()}，完成 {fates['done']}，{left}{still}"


def _ordered(
    ctx: Context, found: Iterable[StepMade], steps: dict[str, Counter[str]]
) -> Iterator[tuple[str, tuple[str, int], Counter[str]]]:
    for made in {made.rule: made for made in found}.values():
        if (known := _step(ctx, made)) is not None:
            journey, step = known
            yield f"{journey.label} 第 {step.day} 天 {step.label}", (journey.id, step.day), steps[made.rule]


def _told(ctx: Context, made: StepMade, whose: str) -> str:
    """新客旅程 第 1 天 问候（李想）：跳过，原因：已经认识"""
    known = _step(ctx, made)
    assert known is not None
    journey, step = known
    reason = f"，原因：{made.reason}" if made.reason else "，没有写原因"
    left = f"没做，{ctx.local(made.remind_at):%m-%d} 到期"
    fate = f"跳过{reason}" if made.fate(_midnight(ctx, ctx.today)) == "skipped" else left
    return f"{journey.label} 第 {step.day} 天 {step.label}（{whose}）：{fate}"
