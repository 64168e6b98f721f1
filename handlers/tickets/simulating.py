"""模拟 流程 投诉: what a flow allows, walked from its beginning to its ends before anybody opens a ticket of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from config.pack import CLOCK, POOLS, Flow, Move, Who
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command
from handlers.tickets.rights import WHO_WORDS
from storage.model.errors import Invalid
from storage.model.people import User

MOST = 12
COUNTED = 1000  # a flow of many states has more ways than anybody can count
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Way:
    """Moves from the first state to an end, through no state twice."""

    moves: tuple[Move, ...]


def ways(flow: Flow) -> Iterator[Way]:
    """All of them, those of few moves first where they branch early."""
    yield from _on(flow, (), (flow.first.name,))


def _on(flow: Flow, made: tuple[Move, ...], seen: tuple[str, ...]) -> Iterator[Way]:
    if flow.state(seen[-1]).ends:
        yield Way(made)
        return
    for move in flow.moves_from(seen[-1]):
        if move.to not in seen:
            yield from _on(flow, (*made, move), (*seen, move.to))


def candidates(flow: Flow, who: Who, people: Iterable[User]) -> list[User]:
    """The members whom a word may stand for, of one ticket or another."""
    people = list(people)
    serving = [user for user in people if user.serves_clients]
    above = {user.manager_id for user in people}
    match who:
        case "handler":
            given = [candidates(flow, rule.to, people) for rule in flow.assign if rule.to != "handler"]
            return list({user.id: user for found in given for user in found}.values())
        case "opener":
            return [user for user in people if user.role in flow.opened_by]
        case "adviser":
            return serving
        case "manager":
            return [user for user in serving if user.role == "manager"]
        case "superior":
            return [user for user in people if user.id in above]
        case role:
            return [user for user in people if user.role == role]


def why_nobody(flow: Flow, move: Move, people: Iterable[User]) -> str:
    """Why no member of now could ever make a move; "" when somebody could, or the clock does."""
    if CLOCK in move.by:
        return ""
    people = list(people)
    able = {user.id for who in move.by for user in candidates(flow, who, people)}
    if not able:
        return f"没有{'、'.join(WHO_WORDS[who] for who in move.by)}"
    before = {user.id for user in candidates(flow, "opener", people)}
    if move.four_eyes and able == before and len(able) == 1:
        return "要由另一个人做，但只有一位成员"
    return ""


@command(
    "flow.simulate", group="运营", help="模拟一种工单怎么走", example="模拟 流程 投诉", roles=("ops", "compliance"),
)
def simulate(ctx: Context, meaning: Meaning) -> None:
    """The ways from the beginning to an end, who may do what, and what nobody can do with the members of now."""
    name = str(meaning.get("type") or "").strip()
    flow = next((each for each in ctx.packs.flows if name == each.id or name in each.said), None)
    if flow is None:
        raise Invalid(f"没有「{name}」这种流程，有：{'、'.join(each.label for each in ctx.packs.flows)}。")
    ctx.say("\n".join(told(flow, [user for user in ctx.uow.users.all() if user.active])))


def told(flow: Flow, people: list[User]) -> list[str]:
    """The lines of the answer."""
    found = list(islice(ways(flow), COUNTED))
    count = f"{COUNTED} 种以上" if len(found) == COUNTED else f"{len(found)} 种"
    lines = [f"{flow.label}（版本 {flow.edition}），从「{flow.first.label}」到结束有 {count}走法："]
    lines += [f"{n}. {_way_words(flow, way)}" for n, way in enumerate(found[:MOST], 1)]
    lines += ["其余没有列出。"] if len(found) > MOST else []
    lines += ["谁能做：", *(f"· {_move_words(flow, move, people)}" for move in flow.moves)]
    stuck = [f"「{move.label}」{why}" for move in flow.moves if (why := why_nobody(flow, move, people))]
    lines.append(f"现在没有人能做：{'；'.join(stuck)}。" if stuck else "每一步现在都有人能做。")
    return lines


def _way_words(flow: Flow, way: Way) -> str:
    """待处理 →接单→ 处理中 →答复→ 已答复"""
    steps = "".join(f" →{move.label}→ {flow.state(move.to).label}" for move in way.moves)
    return f"{flow.first.label}{steps}"


def _move_words(flow: Flow, move: Move, people: Iterable[User]) -> str:
    people = list(people)
    by = []
    for who in move.by:
        names = [user.name for user in candidates(flow, who, people)] if who in POOLS else []
        listed = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
        by.append(f"{WHO_WORDS[who]}（{listed}）" if names else WHO_WORDS[who])
    rules = [f"{move.ceiling.most:,.0f} 元以内"] if move.ceiling else []
    rules += ["换一个人"] if move.four_eyes else []
    rules += [f"要有{'、'.join(flow.ask(name).label for name in move.asks)}"] if move.asks else []
    rules += ["资料要收齐"] if move.papers else []
    bounds = f"（{'；'.join(rules)}）" if rules else ""
    return f"{move.label}：{'、'.join(by)}{bounds}"
