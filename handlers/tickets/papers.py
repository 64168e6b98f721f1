"""The papers of a ticket: T12 收到 身份证, or a photo or file sent into the chat."""

from __future__ import annotations

from collections.abc import Sequence

from config.pack import Flow, Paper
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import EVERYBODY, MEDIA_TAKERS, command
from handlers.tickets.lacking import coming_papers, missing_papers
from handlers.tickets.rights import is_meant
from handlers.tickets.showing import named
from storage.model.errors import Invalid, NotAllowed
from storage.model.incoming import MediaMessage
from storage.model.tickets import Ticket
from storage.repositories.ticket_papers import TicketPaperRepository

MOST, MOST_NAMED = 50, 5
_ALL = frozenset({"", "齐了", "资料", "全部", "全部资料", "齐"})


@command("ticket.paper", group="工单", help="收到工单的资料", example="T12 收到 身份证", roles=EVERYBODY)
def received(ctx: Context, meaning: Meaning) -> None:
    """Tick the papers that were named; 收到 资料 means all that are needed."""
    ticket = named(ctx, meaning)
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    _check(ctx, ticket, flow)
    papers = papers_named(flow, str(meaning.get("content") or "").strip())
    repository = TicketPaperRepository(ctx.uow)
    for paper in papers:
        repository.add(ticket, paper.name)
    told = f"工单 {ticket.name} 已收到：{'、'.join(paper.label for paper in papers)}。"
    ctx.wrote(told + what_is_missing(ctx, ticket, flow), f"{ticket.name} 的资料")


def _check(ctx: Context, ticket: Ticket, flow: Flow) -> None:
    """Raises Invalid, NotAllowed."""
    if not flow.papers:
        raise Invalid(f"{flow.label}不用收资料。")
    if not ticket.is_open:
        raise Invalid(f"工单 {ticket.name} 已经结束，不再收资料。")
    if not _collects(ctx, ticket):
        raise NotAllowed("资料要由经办人、登记人或客户的顾问来收。")


def _collects(ctx: Context, ticket: Ticket) -> bool:
    """Whether papers of the ticket are the member's to take in."""
    return any(is_meant(ctx.uow, ticket, ctx.user, who) for who in ("handler", "opener", "adviser"))


def papers_named(flow: Flow, said: str) -> Sequence[Paper]:
    """Raises Invalid for one that the flow does not collect."""
    if said in _ALL:
        return [paper for paper in flow.papers if not paper.optional]
    found = [paper for paper in flow.papers if paper.label in said or said in paper.label]
    if not found:
        known = "、".join(paper.label for paper in flow.papers)
        raise Invalid(f"{flow.label}没有「{said}」这项资料，要收的是：{known}。")
    return found


def take_file(ctx: Context, message: MediaMessage) -> bool:
    """A photo or file is the next paper that the member's ticket lacks; which one it was taken for is said, and can be
    taken back. Where it may be for another one than he has in mind, he is asked. False where no ticket of his lacks
    anything."""
    if message.kind not in ("image", "file"):
        return False
    lacking = _lacking(ctx)
    waiting = _in_mind(ctx, lacking)
    if not lacking:
        return False
    if len(waiting) != 1:
        _ask_which(ctx, waiting or lacking)
        return True
    ticket, flow, paper = waiting[0]
    key = f"{ctx.user.id}:{message.msg_id}"
    if not TicketPaperRepository(ctx.uow).add(ticket, paper.name, origin_key=key, media_id=message.media_id):
        ctx.say("这个文件已经收过了。")
        return True
    told = f"已收到，记作工单 {ticket.name}（{ticket.client_name}）的「{paper.label}」。"
    wrong = f"不是这一项的话，请撤销后发送「{ticket.name} 收到 …」。"
    ctx.wrote(told + what_is_missing(ctx, ticket, flow) + wrong, f"{ticket.name} 的{paper.label}")
    return True


MEDIA_TAKERS.append(take_file)

Lacking = tuple[Ticket, Flow, Paper]  # with the paper that it needs next


def _lacking(ctx: Context) -> list[Lacking]:
    """All open tickets that lack a paper which the member takes in, whoever opened them."""
    found = []
    for ticket in ctx.uow.tickets.near(MOST):
        flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
        if flow.papers and _collects(ctx, ticket) and (paper := _next(ctx, ticket, flow)) is not None:
            found.append((ticket, flow, paper))
    return found


def _in_mind(ctx: Context, lacking: Sequence[Lacking]) -> list[Lacking]:
    """Those that he may mean: the ticket looked at last, or those of the client he turned to since; else all."""
    talk = ctx.conversation
    looked_at = [each for each in lacking if each[0].number == talk.ticket]
    client = talk.focus if talk.ticket is None or talk.turned_to_a_client else None
    if client is not None and client.id not in [ticket.client_id for ticket, _, _ in looked_at]:
        return [each for each in lacking if each[0].client_id == client.id]
    return looked_at if talk.ticket is not None else list(lacking)


def _ask_which(ctx: Context, lacking: Sequence[Lacking]) -> None:
    names = "、".join(f"{ticket.name}（{ticket.client_name}）" for ticket, _, _ in lacking[:MOST_NAMED])
    more = " 等" if len(lacking) > MOST_NAMED else ""
    example = lacking[0][0].name
    ctx.say(f"有 {len(lacking)} 张工单在收资料：{names}{more}。请先发送工单号，例如「{example}」，再发文件。")


def _next(ctx: Context, ticket: Ticket, flow: Flow) -> Paper | None:
    """The first needed paper that is not there."""
    missing = missing_papers(ctx.uow, ticket, flow)
    return next((paper for paper in flow.papers if missing and paper.label == missing[0]), None)


def what_is_missing(ctx: Context, ticket: Ticket, flow: Flow) -> str:
    """还缺：费用发票。 or 必备资料已收齐。"""
    if missing := missing_papers(ctx.uow, ticket, flow):
        return f"还缺：{'、'.join(missing)}。"
    return "必备资料都发来了，文件收好就齐了。" if coming_papers(ctx.uow, ticket, flow) else "必备资料已收齐。"
