"""WeCom events: one `@event` function each. Events nobody handles are kept in the inbox and acknowledged."""

from __future__ import annotations

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import event, run
from storage.model.messages import Event


@event("subscribe")
def joined(ctx: Context, incoming: Event) -> None:
    """A member came into the app's visible range: say what can be done here."""
    ctx.say(f"{ctx.user.name}，您好。我是您的客户助手，直接打字就行。")
    run(ctx, Meaning("help", rule="subscribe"))
