"""`python -m bot …`: every command with its help in Chinese and an exit status that tells success."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from bot.commands import data, insight, members, service
from bot.commands.common import fail
from bot.commands.faults import sentence_for


class Commands(TyperGroup):
    """All commands; what lies outside of them (disk, database) ends any of them with a sentence, not a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read our output has seen enough: typer ends quietly
        except Exception as error:
            if sentence := sentence_for(error):
                fail(sentence)
            raise


app = typer.Typer(
    name="bot", cls=Commands, help="企业微信客户顾问助手。", no_args_is_help=True, add_completion=False,
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
