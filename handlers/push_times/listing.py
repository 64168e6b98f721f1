"""The firm's hours of the brief, the digest and the reports in force and who set them."""

from __future__ import annotations

from handlers.approvals import OPS
from handlers.context import Context
from handlers.language import Meaning
from handlers.push_times.deciding import SETTING
from handlers.push_times.words import EXAMPLES, hour_text, name_of, reach_text
from handlers.router import command


@command("push.show", group="运营", help="看全公司早报、日报、周报、月报的时间", example="早报时间", roles=OPS)
def show_time(ctx: Context, meaning: Meaning) -> None:
    """The hour, the version and its author, whom it reaches, and what waits for approval."""
    push, book = str(meaning.get("push") or "brief"), ctx.uow.push_times.in_force()
    ctx.say("\n".join([
        f"全公司{name_of(push)}：{hour_text(push, book.of(push))}（{SETTING.origin(ctx, push)}）",
        reach_text(ctx, push),
        *SETTING.waiting_line(ctx, push),
        *(["批准过的版本现在不能用，按业务包的来。"] if push in book.broken else []),
        f"要改例如「{EXAMPLES[push]}」。",
    ]))  # fmt: skip
