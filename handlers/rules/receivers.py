"""What is to be known of whom a rule reminds: a role that nobody has, what a role is told that sees no clients, and
an adviser without superior."""

from __future__ import annotations

from config.pack import ReminderRule
from handlers.context import Context
from handlers.rule_words import RECEIVERS
from storage.model.people import Client
from storage.scope import sees_no_client


def notes_on(ctx: Context, rule: ReminderRule) -> list[str]:
    """For who writes, tries out or approves a rule."""
    roles = [role for line in rule.lines() if (role := line.role_reminded)]
    empty = [RECEIVERS[role] for role in roles if not ctx.uow.users.all(role)]
    blind = [RECEIVERS[role] for role in roles if sees_no_client(role)]
    notes = [f"注意：现在没有{'、'.join(empty)}岗位的同事，提醒不到他们。"] if empty else []
    if blind:
        notes.append(f"{'、'.join(blind)}看不到客户资料，收到的提醒只写顾问姓名、事项和日期，不写是哪位客户。")
    return notes


def nobody_for(ctx: Context, line: ReminderRule, client: Client) -> str:
    """Why the line of a rule reaches nobody of this client; "" when it reaches somebody."""
    if line.role_reminded is not None:
        return "" if ctx.uow.users.all(line.role_reminded) else f"现在没有{RECEIVERS[line.to]}岗位的同事。"
    if line.to == "supervisor" and ctx.uow.users.get(client.owner_id).manager_id is None:
        return "顾问没有登记上级。"
    return ""
