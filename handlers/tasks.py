"""Tasks given out from a list of clients, by a manager to their advisers, by an adviser to himself, and what became of
them (S16, S30)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from handlers.context import Context
from handlers.language import Meaning, When
from handlers.paging import NO_LIST, show_lines
from handlers.reminder_giving import member_named
from handlers.router import FRONT, command
from handlers.whose import resolve
from reminders.calendar import local_instant
from reminders.gate_checks import DIED, OPEN_MATTERS
from storage.model.errors import Invalid
from storage.model.messages import Text, cut
from storage.model.people import Actor, Client, User
from storage.model.values import mask_free_text
from storage.model.work import Reminder
from storage.scope import sees

EXAMPLE = "1-5 派任务 本周五前回访"
TO_ADVISERS = f"派给顾问回复「{EXAMPLE}」。"
TO_ONESELF = f"回复序号看客户；给自己安排回复「{EXAMPLE}」。"
FOLLOW_UP = "跟进"
LOOK_BACK, A_WEEK = timedelta(days=60), timedelta(days=7)
MOST = 50
WEIGHT = 80
_LONGEST = 60  # characters of what is to be done
_STATES = {"done": "已完成", "dismissed": "不需要", "cancelled": "已取消"}


def how_to_give(ctx: Context) -> str:
    """What to type under a list of clients to make tasks of it."""
    return TO_ADVISERS if ctx.user.role == "manager" else TO_ONESELF


@command("task.assign", group="团队", help="按清单给顾问派任务", example=EXAMPLE, roles=FRONT)
def assign(ctx: Context, meaning: Meaning) -> None:
    """One task a client of the list shown last, to the client's adviser, who is told once; or one for a colleague who
    is named (派任务 小李 周五前 回访王芳)."""
    if meaning.get("assignee"):
        _give_by_name(ctx, meaning)
        return
    items, content = _items(ctx, meaning), cut(str(meaning.get("content") or "回访"), _LONGEST)
    if content in {member.name for member in ctx.uow.users.team()}:
        raise Invalid(f"任务派给每位客户自己的顾问，不能指定「{content}」。请写要做什么，例如「{EXAMPLE}」。")
    due = _due(ctx, meaning, content)
    sparing = bool(meaning.get("all")) or content == FOLLOW_UP  # whoever is named for something else is meant
    spared = _spared(ctx, items) if sparing else {}
    _give(ctx, [item for item in items if item["client_id"] not in spared], content, due, list(spared.values()))


def _give_by_name(ctx: Context, meaning: Meaning) -> None:
    """A task for one member of the team, about a client where one was named."""
    team = ctx.uow.users.team()
    to = member_named(team, str(meaning.slots["assignee"]), f"团队里有：{'、'.join(user.name for user in team[:8])}。")
    content = cut(mask_free_text(str(meaning.get("content") or "")), _LONGEST)
    if not content:
        raise Invalid(f"请写要做什么，例如「派任务 {to.name} 周五前 回访王芳」。")
    due = _due(ctx, meaning, content)
    client = None
    if meaning.get("client") or meaning.get("client_id") is not None:
        if (client := resolve(ctx, meaning)) is None:
            return
        if not sees(Actor.of(to), ctx.uow.users.get(client.owner_id)):
            raise Invalid(f"{to.name} 看不到「{client.name}」，不能派给他。可以先移交客户，或派给这位客户的顾问。")
    ctx.uow.reminders.add(
        receiver_id=to.id, remind_at=local_instant(ctx.today, time(), ctx.zone), due_on=due, category="task",
        weight=WEIGHT, timed=False, client=client, data={"given_by": ctx.user.id}, text=content,
    )
    if to.id != ctx.user.id:
        ctx.tell(to.id, Text(f"{ctx.user.name} 派给您一件任务，{due:%m-%d} 前：{content}。\n发送「今日待办」查看。"))
    ctx.wrote(f"已派给 {to.name}：{content}，{due:%m-%d} 前。进度发送「派出的任务」。", f"派给 {to.name} 的任务")


def _spared(ctx: Context, items: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """王芳（已退订）, by client: whom a follow-up of an offer would annoy, for the reasons the gate would give."""
    clients = [ctx.uow.clients.get(item["client_id"]) for item in items]
    refusing = ctx.uow.consents.refusing("marketing", [client.id for client in clients])
    found = {client.id: _why_spared(ctx, client, client.id in refusing) for client in clients}
    return {client.id: f"{client.name}（{found[client.id]}）" for client in clients if found[client.id]}


def _why_spared(ctx: Context, client: Client, refuses: bool) -> str:
    if client.is_locked:
        return "资料已封存"
    limit = client.value("contact_limit")
    if limit == "deceased" or client.loss_reason == DIED:
        return "已故或注销"
    if limit == "restricted":
        return "限制联系"
    if refuses:
        return "已退订"
    return next((matter.words for source in OPEN_MATTERS for matter in source(ctx.uow, client)), "")


def _give(
    ctx: Context, items: Sequence[Mapping[str, Any]], content: str, due: date, spared: Sequence[str] = ()
) -> None:
    before = ctx.uow.reminders.given_by(ctx.user.id, ctx.now - LOOK_BACK)
    there = {task.client_id for task in before if task.state == "open"}
    given: dict[str, list[str]] = {}
    skipped: list[str] = []
    for item in items:
        client = ctx.uow.clients.get(item["client_id"])
        if client.id in there:
            skipped.append(client.name)
            continue
        why = f"（{item['why']}）" if item.get("why") else ""
        ctx.uow.reminders.add(
            receiver_id=client.owner_id, remind_at=local_instant(ctx.today, time(), ctx.zone), due_on=due,
            category="task", weight=WEIGHT, timed=False, client=client, data={"given_by": ctx.user.id},
            text=f"{content}：{client.name}{why}",
        )
        given.setdefault(client.owner_id, []).append(client.name)
    _tell(ctx, given, content, due)
    left = f"\n已有没办完的任务，没有重复派：{'、'.join(skipped)}。" if skipped else ""
    if spared:
        left += f"\n没有派（不宜再跟进）：{'、'.join(spared)}。确要联系请写明做什么，例如「1 派任务 周五前 处理投诉」。"
    if not given:
        ctx.say(f"没有新派任务。{left.strip()}")
        return
    ctx.wrote(f"{_told(ctx, given, content, due)}{left}\n进度发送「派出的任务」。", "派任务")


def _told(ctx: Context, given: Mapping[str, Sequence[str]], content: str, due: date) -> str:
    if set(given) == {ctx.user.id}:
        mine = given[ctx.user.id]
        return f"已给自己安排 {len(mine)} 件任务「{content}」，{due:%m-%d} 前：{'、'.join(mine)}。"
    names = _names(ctx)
    told = "；".join(f"{names.get(owner, owner)} {len(of)} 件（{'、'.join(of)}）" for owner, of in given.items())
    return f"已派 {sum(map(len, given.values()))} 件任务「{content}」，{due:%m-%d} 前：{told}。"


def _items(ctx: Context, meaning: Meaning) -> list[Mapping[str, Any]]:
    """The clients of the list shown last that were named by number."""
    listing = ctx.conversation.listing
    clients = [item for item in listing.items if item.get("client_id")] if listing else []
    if listing is not None and listing.kind == "campaign" and not clients:
        raise Invalid("这次群发还没有收到而没新签的客户，没有派任务。客户收到以后再看「活动效果」。")
    if listing is None or not clients:
        raise Invalid(f"{NO_LIST}派任务先发送「高潜客户」「流失预警」或「筛选 …」，再回复「{EXAMPLE}」。")
    numbers = list(dict.fromkeys(meaning.get("indexes") or ()))
    if meaning.get("all"):
        numbers = list(range(1, len(clients) + 1))
    if not numbers:
        raise Invalid(f"请写上序号，例如「{EXAMPLE}」。")
    if wrong := [n for n in numbers if not 1 <= n <= len(clients)]:
        raise Invalid(f"清单里只有 {len(clients)} 位，没有第 {wrong[0]} 位。请核对序号。")
    if len(numbers) > MOST:
        raise Invalid(f"一次最多派 {MOST} 件，请分几次。")
    return [clients[n - 1] for n in numbers]


def _due(ctx: Context, meaning: Meaning, content: str) -> date:
    """The day that was said; a follow-up (派跟进) needs none and has a week."""
    said = meaning.get("when")
    if said is None and content == FOLLOW_UP:
        return ctx.today + A_WEEK
    if not isinstance(said, When) or said.problem == "impossible":
        raise Invalid(f"请写上期限，例如「{EXAMPLE}」。")
    if said.last_date < ctx.today:
        raise Invalid(f"{said.last_date} 已经过了，请换一个期限，例如「{EXAMPLE}」。")
    return said.date if said.date >= ctx.today else said.last_date


def _tell(ctx: Context, given: Mapping[str, Sequence[str]], content: str, due: date) -> None:
    for owner, clients in given.items():
        if owner != ctx.user.id:
            words = f"{ctx.user.name} 派给您 {len(clients)} 件任务「{content}」，{due:%m-%d} 前完成"
            ctx.tell(owner, Text(f"{words}：{'、'.join(clients)}。\n发送「今日待办」查看，办完回复序号和结果。"))


@command("task.given", group="团队", help="派出的任务办得怎样", example="派出的任务", roles=FRONT)
def show_given(ctx: Context, meaning: Meaning) -> None:
    """The tasks given out in the last 60 days: overdue first, then open, then done."""
    found = ctx.uow.reminders.given_by(ctx.user.id, ctx.now - LOOK_BACK)
    if not found:
        ctx.say(f"近 60 天没有派出过任务。先发送「流失预警」，再回复「{EXAMPLE}」。")
        return
    late = [task for task in found if _is_late(task, ctx.today)]
    open_ones = [task for task in found if task.state == "open" and task not in late]
    over = [task for task in found if task.state != "open"]
    names = _names(ctx)
    done = sum(task.state == "done" for task in over)
    head = f"派出的任务 {len(found)} 件：逾期 {len(late)}，进行中 {len(open_ones)}，已完成 {done}"
    head += f"，不需要或取消 {len(over) - done}。" if len(over) > done else "。"
    show_lines(ctx, "given", head, [
        {"client_id": task.client_id, "name": task.client_name, "line": _line(ctx, task, names)}
        for task in (*late, *open_ones, *over)
    ])


def _is_late(task: Reminder, today: date) -> bool:
    return task.state == "open" and task.due_on < today


def _line(ctx: Context, task: Reminder, names: Mapping[str, str]) -> str:
    who, what = names.get(task.receiver_id, task.receiver_id), re.sub(r"（.*）$", "", task.text or "")
    if _is_late(task, ctx.today):
        return f"{who} {what}，逾期 {(ctx.today - task.due_on).days} 天"
    if task.state == "open":
        return f"{who} {what}，{task.due_on:%m-%d} 前"
    day = f" {ctx.local(task.done_at):%m-%d}" if task.done_at else ""
    said = task.result or task.reason
    return f"{who} {what}，{_STATES.get(task.state, task.state)}{day}{f'：{cut(said, 20)}' if said else ''}"


def _names(ctx: Context) -> dict[str, str]:
    members: list[User] = ctx.uow.users.team() if ctx.user.role == "manager" else [ctx.user]
    return {user.id: user.name for user in members}
