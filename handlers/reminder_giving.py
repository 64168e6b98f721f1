"""Giving things to do to a colleague of one's own team, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from handlers.context import Context
from handlers.follow_ups import moment_text
from handlers.language import Meaning
from handlers.reminder_acts import is_open
from handlers.reminder_items import numbered, title_of
from handlers.router import command, confirmed
from reminders.calendar import local_instant
from reminders.wording import category_word
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.people import Actor, Role, User
from storage.model.work import Reminder
from storage.repositories.subjects import SubjectRepository
from storage.scope import sees

_RECEIVERS: tuple[Role, ...] = ("adviser", "manager")


@command("item.hand_over", group="待办", help="转交给同事", example="1 转交 小王")
def hand_over(ctx: Context, meaning: Meaning) -> None:
    """Give items to a colleague of one's own team, who is told; asks first when there is a doubt."""
    name = str(meaning.get("to") or "")
    to = colleague(ctx, name)
    found = [item.reminder for item in numbered(ctx, meaning) if is_open(ctx, item) and item.reminder is not None]
    if found:
        give_or_ask(ctx, found, to, name)


def give_or_ask(ctx: Context, found: Sequence[Reminder], to: User, said: str) -> bool:
    """Give at once to whom was named in full and sees the clients; else say what is doubtful and wait for 确认.
    Whether it was given."""
    doubts = []
    if said not in (to.name, to.id) and said.casefold() != to.id:
        doubts.append(f"「{said}」是指 {to.name}{'（主管）' if to.role == 'manager' else ''}吗？")
    if blind := [reminder for reminder in found if not _sees(ctx, to, reminder)]:
        names = "、".join(dict.fromkeys(f"「{reminder.client_name}」" for reminder in blind))
        doubts.append(
            f"{to.name} 看不到{names}的资料，只会收到姓名、事项、日期和打码的手机号，不能查客户、不能改合同。"
            f"要完整接手，请主管移交客户，例如「把{blind[0].client_name}移交给{to.name}」。"
        )
    if not doubts:
        _give_all(ctx, found, to)
        return True
    what = "、".join(title_of(reminder) for reminder in found)
    ctx.ask_to_confirm(
        "\n".join([*doubts, f"把「{what}」转交给 {to.name}？确认后马上通知对方。"]), "item.hand_over",
        to=to.id, reminders=[reminder.id for reminder in found],
    )
    return False


@confirmed("item.hand_over")
def surely_hand_over(ctx: Context, data: Mapping[str, Any]) -> None:
    """The colleague is the one meant, and may do it without seeing the client."""
    to = next((user for user in colleagues(ctx) if user.id == data["to"]), None)
    found = [ctx.uow.reminders.get(reminder_id) for reminder_id in data["reminders"]]
    if to is None or any(reminder.state != "open" for reminder in found):
        raise Invalid("情况刚刚有变化，没有转交。发送「今日待办」查看最新清单。")
    _give_all(ctx, found, to)


def _give_all(ctx: Context, found: Sequence[Reminder], to: User) -> None:
    titles = [title_of(reminder) for reminder in found]
    for reminder in found:
        _give(ctx, reminder, to)
    ctx.wrote(f"已转交给 {to.name}：{'、'.join(titles)}。对方会收到通知。", "转交待办")


def _sees(ctx: Context, to: User, reminder: Reminder) -> bool:
    """Whether the colleague may see the client that a reminder is about."""
    if reminder.client_id is None or reminder.owner_id == to.id:
        return True
    owner = ctx.uow.users.find(reminder.owner_id)
    return owner is not None and sees(Actor.of(to), owner)


def _give(ctx: Context, reminder: Reminder, to: User) -> None:
    """Let a colleague do it, and tell him or her; who cannot see the client gets what is needed with the item."""
    told = "" if _sees(ctx, to, reminder) else _needed(ctx, reminder)
    ctx.uow.reminders.hand_over(reminder, to.id, told)
    due = moment_text(ctx, local_instant(reminder.due_on, time(), ctx.zone), timed=False)
    letter = f"{ctx.user.name} 转交给您一项待办：{told or title_of(reminder)}（{due}）。"
    if told:
        letter += f"您看不到这位客户的资料，需要更多请联系 {ctx.user.name}。"
    ctx.tell(to.id, Text(f"{letter}\n发送「今日待办」查看，处理后回复序号和结果。"))


def _needed(ctx: Context, reminder: Reminder) -> str:
    """What can be acted on without seeing the record: 刘洋 稳盈半年享 到期 138****0201（代周敏）"""
    subject = SubjectRepository(ctx.uow).of([reminder])[reminder.id]
    rows = ctx.uow.clients.rows([reminder.client_id] if reminder.client_id else [])
    part = f"第 {subject.instalment.number} 期" if subject.instalment else ""
    what = reminder.text or " ".join(filter(None, [
        reminder.client_name, subject.contract.product_name if subject.contract else "", part,
        category_word(reminder.category),
    ]))
    name = "" if reminder.client_name in what else reminder.client_name
    phone = rows[0].masked_phone if rows else ""
    return " ".join(filter(None, [what, name, phone])) + f"（代{ctx.user.name}）"


def colleagues(ctx: Context) -> list[User]:
    """Whom the reader may hand things to."""
    return peers(ctx.uow.users.all(), ctx.user)


def peers(people: Iterable[User], of: User) -> list[User]:
    """Who works with a member: peers under the same manager, that manager, and the member's own people."""
    return [
        user for user in people
        if user.id != of.id and user.role in _RECEIVERS and (
            (of.manager_id is not None and of.manager_id in (user.manager_id, user.id))
            or (of.role == "manager" and user.path.startswith(of.path))
        )
    ]


def colleague(ctx: Context, name: str) -> User:
    """The colleague of this name, 小王 and 王主管 included. Raises Invalid when there is none or several."""
    people = colleagues(ctx)
    listed = f"可以转交给：{'、'.join(user.name for user in people[:6]) or '（暂无）'}。"
    if not name:
        raise Invalid(f"请说明转交给谁，例如「1 转交 {people[0].name if people else '小王'}」。{listed}")
    return member_named(people, name, listed)


def member_named(people: Sequence[User], name: str, listed: str) -> User:
    """The one of `people` who is called so, 小王 and 王主管 included. Raises Invalid, with `listed` as what to choose
    from, when there is none or several."""
    found = [user for user in people if user.name == name or user.id == name.casefold()]
    core = name.lstrip("小老阿").removesuffix("主管").removesuffix("经理").removesuffix("顾问")
    found = found or [user for user in people if core and core in user.name]
    if len(found) > 1 and name.startswith("小"):  # nobody calls the boss 小王
        found = [user for user in found if user.role != "manager"]
    if len(found) != 1:
        problem = f"团队里没有「{name}」" if not found else f"团队里有 {len(found)} 位「{name}」，请说全名"
        raise Invalid(f"{problem}。{listed}")
    return found[0]
