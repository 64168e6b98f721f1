"""After 撤销: colleagues who were given something, or lost it, were told so, and are told that it was taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.context import Context
from storage.journal import Change
from storage.model.messages import Text
from storage.model.people import SYSTEM

# True from who asked first, because the word may mean a step of something that is open.
ASKS_FIRST: list[Callable[[Context, str], bool]] = []
_WHOSE = {"reminders": "receiver_id", "clients": "owner_id"}


def tell_taken_back(ctx: Context, label: str, undone: Sequence[Change]) -> int:
    """Tell everybody concerned but the one who took it back; how many. `undone` are the changes as they were undone."""
    words: dict[str, str] = {}
    for change in undone:
        for user_id, said in _concerned(ctx, change, label):
            words.setdefault(user_id, said)
    for nobody in (ctx.user.id, SYSTEM.user_id):  # a client's ticket was opened by the system
        words.pop(nobody, None)
    for user_id, said in words.items():
        ctx.tell(user_id, Text(f"{ctx.user.name} {said}"))
    return len(words)


def _concerned(ctx: Context, change: Change, label: str) -> list[tuple[str, str]]:
    if change.table == "covers":
        row = change.before or change.after or {}
        away = ctx.uow.users.find(row["away_id"])
        people = [row["cover_id"], row["away_id"], *([away.manager_id] if away and away.manager_id else [])]
        return [(str(user_id), f"已撤回「{label}」的安排。发送「谁代班」查看现在的安排。") for user_id in people]
    if change.table == "tickets":
        return _of_ticket(ctx, change, label)
    column = _WHOSE.get(change.table)
    if column is None or change.before is None:
        return []
    had, has = str(change.before[column]), str(change.after[column]) if change.after else None
    if had == has or (has is None and change.table == "clients"):
        return []
    lost = (had, f"已撤回「{label}」：刚才交给您的不用再处理。发送「今日待办」查看最新清单。")
    return [lost, (has, "已撤回刚才的移交或转交，客户和提醒回到您这里。发送「今日待办」查看。")] if has else [lost]


def _of_ticket(ctx: Context, change: Change, label: str) -> list[tuple[str, str]]:
    """Whoever has it or had it, its pool where nobody did; of one that goes on also who opened it and the adviser."""
    rows = [row for row in (change.before, change.after) if row is not None]
    handlers = [row["handler_id"] for row in rows if row["handler_id"]]
    pool = [] if handlers else [user.id for user in ctx.uow.users.all() if user.role == rows[0]["pool"]]
    if change.after is None:
        said = f"已撤回「{label}」：工单 T{rows[0]['number']} 不用再处理。"
        return [(user_id, said) for user_id in (*handlers, *pool)]
    name = f"T{change.after['number']}"
    said = f"已撤回「{label}」：工单 {name} 回到上一步。发送「{name}」查看。"
    return [(user_id, said) for user_id in (*handlers, *pool, rows[0]["opened_by"], rows[0]["owner_id"])]
