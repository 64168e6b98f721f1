"""离职交接 小陈, 离职交接 小陈 给 周敏, 把小陈的客户全部移交给周敏: a whole book changes hands after a manager's yes.

Who leaves loses his access with the order itself, before anything is confirmed. What was given cannot be taken back
with 撤销, as a book is large; it is handed over again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from handlers.context import Context
from handlers.departures.sharing import Shares, share_out
from handlers.language import Meaning
from handlers.reminder_giving import member_named
from handlers.router import command, confirmed
from reminders.calendar import add_workdays, local_instant
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.offers import Prospect
from storage.model.people import User
from storage.repositories.departures import DepartureRepository, Introduction

EXAMPLE = "离职交接 小陈"
PER_DAY = 10  # introductions that an adviser is asked for on one working day
_DAYS = 2  # working days that he has for each
_WEIGHT = 80
_NAMED = 8
_AT_ONCE = re.compile(r"\W*离职交接")
_LEAVES = re.compile(r"离职|辞职|不干了")
_THINGS = {
    "clients": "客户 {} 位", "reminders": "待办 {} 条", "tickets": "工单 {} 张", "texts": "未发文案 {} 条",
    "journeys": "进行中的旅程 {} 个", "opportunities": "商机 {} 个",
}  # fmt: skip


# ---------------------------------------------------------------- proposing


def propose(ctx: Context, meaning: Meaning) -> None:
    """Say who would get how many clients; done after 确认. 离职交接 cuts the member's access at once."""
    leaver = _leaver(ctx, str(meaning.get("from") or ""))
    to = _receiver(ctx, leaver, str(meaning.get("to"))) if meaning.get("to") else None
    leaves = _LEAVES.search(ctx.text) is not None
    if leaves and leaver.active and _AT_ONCE.match(ctx.text):
        _cut_off(ctx, leaver)
    _ask(ctx, leaver, to, leaves=leaves)


def _leaver(ctx: Context, name: str) -> User:
    """Whose book it is: somebody below the manager, who may be disabled already. Raises Invalid."""
    below = [user for user in (*ctx.uow.users.team(), *ctx.uow.users.gone()) if user.id != ctx.user.id]
    if not name:
        raise Invalid(f"请写明是谁，例如「{EXAMPLE}」。")
    leaver = member_named(below, name, f"您的团队：{'、'.join(user.name for user in below[:_NAMED])}。")
    if people := [user.name for user in ctx.uow.users.all() if user.manager_id == leaver.id]:
        raise Invalid(f"{leaver.name} 还有下属：{'、'.join(people[:_NAMED])}。请先由管理员把下属调到别的主管名下。")
    return leaver


def _receiver(ctx: Context, leaver: User, name: str) -> User:
    """Raises Invalid."""
    people = [user for user in ctx.uow.users.team() if user.serves_clients and user.id != leaver.id]
    return member_named(people, name, f"可以移交给：{'、'.join(user.name for user in people[:_NAMED])}。")


def _cut_off(ctx: Context, leaver: User) -> None:
    ctx.uow.users.deactivate(leaver)
    ctx.wrote_for_good(f"停用 {leaver.name} 的账号")


def _ask(ctx: Context, leaver: User, to: User | None, *, leaves: bool) -> None:
    shares, is_gone = _shares(ctx, leaver, to), not ctx.uow.users.get(leaver.id).active
    lines = [f"{leaver.name} 的账号已停用，不能再查看、修改和导出任何资料。"] if is_gone else []
    lines += _proposal(ctx, leaver, to, shares)
    along = "提醒、工单、旅程和没发的文案一并移交"
    lines.append(f"{along}，其余待办转给您。" if leaves else f"{along}。")
    if leaves and not is_gone:
        lines.append(f"确认后马上停用 {leaver.name} 的账号。")
    if is_gone:
        lines.append(f"停用错了请发送「恢复账号 {leaver.name}」。")
    ctx.ask_to_confirm(
        "\n".join(lines), "departure", leaver=leaver.id, to=to.id if to else None, leaves=leaves, counts=_counts(shares)
    )


def _proposal(ctx: Context, leaver: User, to: User | None, shares: Shares) -> list[str]:
    if not shares:
        return [f"{leaver.name} 名下没有客户。"]
    total = sum(map(len, shares.values()))
    if to is not None:
        return [f"把 {leaver.name} 名下的 {total} 位客户全部移交给 {to.name}。"]
    head = f"{leaver.name} 名下的 {total} 位客户，按「客户分配」规则分给手上客户少的同事，有关系的客户不拆开，拟移交："
    other = f"要全部交给一位，请发送「离职交接 {leaver.name} 给 姓名」。"
    return [head, *_share_lines(ctx, shares), other]


def _shares(ctx: Context, leaver: User, to: User | None) -> Shares:
    """Who gets which clients: one member all of them, else the team by rule, the manager where there is nobody."""
    repository = DepartureRepository(ctx.uow)
    book = repository.book(leaver)
    if to is not None:
        return {to.id: book} if book else {}
    people = [user for user in ctx.uow.users.team() if user.id != leaver.id]
    return share_out(
        ctx.uow.assignments.in_force().now.rules, _prospects(ctx, leaver, book), repository.related(leaver), people,
        ctx.uow.offers.loads([user.id for user in people]), ctx.uow.covers.stand_ins(ctx.now), otherwise=ctx.user,
    )


def _prospects(ctx: Context, leaver: User, book: Sequence[int]) -> list[Prospect]:
    """His clients as the rules look at them: rather to his own line, and under his own manager."""
    known = {prospect.id: prospect for prospect in ctx.uow.offers.prospects_of(leaver.id)}
    return [replace(known[client], line=leaver.line or known[client].line, near=leaver.manager_id) for client in book]


def _share_lines(ctx: Context, shares: Shares) -> list[str]:
    names, loads = ctx.uow.users.names(), ctx.uow.offers.loads(list(shares))
    return [f"· {names[user]} {len(found)} 位（现有 {loads[user]} 位）" for user, found in shares.items()]


def _counts(shares: Shares) -> dict[str, int]:
    return {user: len(found) for user, found in shares.items()}


# ---------------------------------------------------------------- doing


@confirmed("departure", roles=("manager",))
def hand_over(ctx: Context, data: Mapping[str, Any]) -> None:
    """Give everything away as it was proposed; where it would come out otherwise by now, propose again."""
    leaver, leaves = ctx.uow.users.get(data["leaver"]), bool(data["leaves"])
    to = ctx.uow.users.get(data["to"]) if data["to"] else None
    shares = _shares(ctx, leaver, to)
    if _counts(shares) != data["counts"]:
        ctx.say("刚才到现在情况有变化，没有移交，请看新的方案：")
        _ask(ctx, leaver, to, leaves=leaves)
        return
    if leaves and leaver.active:
        _cut_off(ctx, leaver)
    repository = DepartureRepository(ctx.uow)
    moved = {user: repository.give(leaver, ctx.uow.users.get(user), found) for user, found in shares.items()}
    rest = repository.give_the_rest(leaver, ctx.user) if leaves else Counter[str]()
    for user, found in shares.items():
        _introduce(ctx, leaver, user, found)
    ctx.wrote_for_good(f"移交 {leaver.name} 的客户")
    ctx.say(_receipt(ctx, leaver, moved, rest, leaves=leaves))


def _introduce(ctx: Context, leaver: User, user_id: str, found: Sequence[int]) -> None:
    """A task for each client, spread over working days by what they bring, and one message."""
    heads = ctx.uow.clients.heads(found)
    DepartureRepository(ctx.uow).introduce([
        Introduction(
            client_id, user_id, due_on=add_workdays(ctx.today, n // PER_DAY + _DAYS),
            remind_at=local_instant(add_workdays(ctx.today, n // PER_DAY), time(), ctx.zone), weight=_WEIGHT,
            text=f"向客户介绍自己（原顾问 {leaver.name}）：{heads[client_id].name}",
        )
        for n, client_id in enumerate(found)
    ], ctx.user.id)
    if user_id != ctx.user.id:
        ctx.tell(user_id, Text(_letter(ctx, leaver, [heads[client_id].name for client_id in found])))


def _letter(ctx: Context, leaver: User, names: Sequence[str]) -> str:
    more = f"等 {len(names)} 位" if len(names) > _NAMED else f"共 {len(names)} 位"
    return (
        f"{ctx.user.name} 把 {leaver.name} 的客户移交给您：{'、'.join(names[:_NAMED])}，{more}。\n"
        f"每位客户有一件「向客户介绍自己」的待办，每个工作日 {PER_DAY} 件。没发出的文案请改好署名再发。\n"
        "发送「今日待办」查看。"
    )


def _receipt(
    ctx: Context, leaver: User, moved: Mapping[str, Counter[str]], rest: Counter[str], *, leaves: bool
) -> str:
    names = ctx.uow.users.names()
    lines = [f"已完成 {leaver.name} 的{'离职交接' if leaves else '整本移交'}："]
    lines += [f"· {names[user]}：{_things(counts)}" for user, counts in moved.items()]
    if things := _things(rest):
        lines.append(f"· {ctx.user.name}：{things}（不属于移交客户的）")
    if moved:
        lines.append(f"已通知接手的同事，每位客户有一件自我介绍的待办，每人每个工作日 {PER_DAY} 件。")
        lines.append("企业微信里的好友关系请在管理后台做「离职继承」。")
    lines.append("这次移交不能撤销；要调整请按姓名移交，例如「把王芳移交给小李」。")
    return "\n".join(lines)


def _things(counts: Mapping[str, int]) -> str:
    return "，".join(words.format(counts[name]) for name, words in _THINGS.items() if counts.get(name))


@command("member.restore", group="团队", help="恢复停用的账号", example="恢复账号 小陈", roles=("manager",))
def restore(ctx: Context, meaning: Meaning) -> None:
    """Let a disabled member of the team back in, with the clients that he still has."""
    gone = ctx.uow.users.gone()
    if not gone:
        raise Invalid("您的团队里没有停用的账号。")
    listed = f"停用的有：{'、'.join(user.name for user in gone[:_NAMED])}。"
    member = member_named(gone, str(meaning.get("member") or ""), listed)
    ctx.uow.users.activate(member)
    ctx.wrote_for_good(f"恢复 {member.name} 的账号")
    count = ctx.uow.clients.count(owner_id=member.id)
    ctx.say(f"已恢复 {member.name} 的账号，名下有 {count} 位客户。已移交走的客户不会自动回来。")
