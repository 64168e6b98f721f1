"""What may not be done, whatever was meant: asked before every order, and of every part of one.

A guard raises NotAllowed with the rule that forbids it; what it writes to the audit as refused stays there. Before
that, a reading may say what an order comes to by what is known of the client (a call about a debt collected)."""

from __future__ import annotations

from collections.abc import Callable

from handlers.context import Context
from handlers.language import Meaning

_NOT_YOURS = "您的角色不能使用这个功能。"
_FOR_ALL = (
    "要提醒全公司的顾问，发送「新建提醒规则 …」，例如「新建提醒规则 客户生日前3天 9点 提醒顾问」；"
    "要改多久没人处理就告诉主管，发送「升级时间」。"
)
# What a member of a role meant for everybody when he used the words of those who set it for themselves.
_INSTEAD = {
    ("ops", intent): _FOR_ALL for intent in ("reminder.create", "renewal.list", "policy.search", "client.search")
}

Guard = Callable[[Context, Meaning], None]
GUARDS: list[Guard] = []
Reading = Callable[[Context, Meaning], Meaning]
READINGS: list[Reading] = []


def guard(function: Guard) -> Guard:
    """Register one."""
    GUARDS.append(function)
    return function


def reading(function: Reading) -> Reading:
    """Register one."""
    READINGS.append(function)
    return function


def keep_to_rules(ctx: Context, meaning: Meaning) -> Meaning:
    """What the order comes to. Raises NotAllowed."""
    for read in READINGS:
        meaning = read(ctx, meaning)
    for each in GUARDS:
        each(ctx, meaning)
    return meaning


def not_yours(role: str, intent: str) -> str:
    """What to say to who may not use a command: where to do instead what he may have meant."""
    return _NOT_YOURS + _INSTEAD.get((role, intent), "发送「帮助」查看您可以做什么。")
