"""`python -m bot …`: every command with its help in Chinese and an exit status that tells success."""

from __future__ import annotations

import typer

from bot.commands import data, insight, members, service

app = typer.Typer(
    name="bot", help="企业微信客户顾问助手。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)
for command in (
    service.sandbox, service.serve, service.chat, insight.understand, insight.plan, insight.rules,
    insight.doctor, data.migrate, data.backup, data.restore,
):
    app.command()(command)
app.add_typer(members.user_app, name="user")
app.add_typer(data.keys_app, name="keys")
app.add_typer(data.audit_app, name="audit")
app.add_typer(data.messages_app, name="messages")


def main() -> None:
    """Run the command line."""
    app(prog_name="python -m bot")
