"""What tickets and complaints came from, month by month: 本月投诉原因, 工单原因 前5."""

from __future__ import annotations

from handlers.context import Context
from handlers.figures import span_of
from handlers.language import Meaning
from handlers.router import READERS, command
from reminders.calendar import DAY, add_months
from reminders.causes import causes
from reminders.figures import Span
from storage.model.errors import Invalid

USUAL, MOST = 5, 20


@command(
    "ticket.causes", group="工单", help="投诉、工单的主要原因", example="本月投诉原因", roles=(*READERS, "ops"),
)
def show(ctx: Context, meaning: Meaning) -> None:
    """The causes of those that ended in a span, the most frequent first, beside the span before."""
    said, span = str(meaning.get("type") or ""), span_of(ctx, meaning.get("range"))
    flow = next((flow for flow in ctx.packs.flows if said in flow.said), None) if said else None
    if said and flow is None:
        raise Invalid(f"没有「{said}」这种工单。发送「工单原因」看全部。")
    label, before = flow.label if flow else "工单", _before(span)
    found = causes(ctx.uow, ctx.zone, span, before, flow.id if flow else "")
    ctx.uow.audit.record("read", "ticket", "*", section="causes", count=len(found))
    if not found:
        ctx.say(f"{label}原因（{span.words}）：没有办结时记了原因的{label}。")
        return
    total, most = sum(cause.count for cause in found), min(MOST, int(meaning.get("count") or USUAL))
    labels = {each.id: f"{each.label}·" for each in ctx.packs.flows} if flow is None else {}
    lines = [
        f"{n}. {labels.get(cause.flow, '')}{cause.words} {cause.count} 件（{cause.count / total:.0%}），"
        f"上期 {cause.before} 件"
        for n, cause in enumerate(found[:most], 1)
    ]
    more = [f"还有 {len(found) - most} 种，发送「{label}原因 前{MOST}」。"] if len(found) > most else []
    head = f"{label}原因（{span.words}），办结 {total} 件，上期是 {before.words}："
    ctx.say("\n".join([head, *lines, *more, "口径：期间内结束的工单，按办结时选的原因算。"]))


def _before(span: Span) -> Span:
    """The month before one that begins with its first day, else as many days before."""
    days, last = span.last + DAY - span.first, span.first - DAY
    first = add_months(span.first, -1) if span.first.day == 1 else span.first - days
    return Span(first, last, f"{first:%m-%d} 至 {last:%m-%d}")
