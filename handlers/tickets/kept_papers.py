"""The papers that came in for a ticket, and their files for whoever may see it: T12 看资料, T12 看 身份证."""

from __future__ import annotations

from collections.abc import Sequence

from config.pack import Flow
from handlers.context import Context
from handlers.language import Meaning
from handlers.paging import show_lines
from handlers.router import EVERYBODY, command
from handlers.tickets.papers import papers_named, what_is_missing
from handlers.tickets.showing import named
from storage.model.errors import Invalid
from storage.model.messages import PaperFile
from storage.model.tickets import Ticket, TicketPaper
from storage.repositories.ticket_papers import TicketPaperRepository

LIST = "papers"
MOST = 6  # files in one answer
_EVERY = frozenset({"全部", "所有", "全部资料", "所有资料"})
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_STATES = {"ticked": "只登记，没有文件", "fetching": "正在收取", "kept": "", "gone": "已过保存期，已清除"}
_CARE = "仅供办理这张工单，请勿外传；本次查看已记入日志。"


@command("ticket.papers", group="工单", help="看工单收到的资料和照片", example="T12 看资料", roles=EVERYBODY)
def look(ctx: Context, meaning: Meaning) -> None:
    """The papers of a ticket; of one that is named, or the only one, the file as well."""
    ticket, said = named(ctx, meaning), str(meaning.get("content") or "")
    ctx.conversation.look_at_ticket(ticket.number)
    flow = ctx.uow.tickets.flows.of(ticket.flow, ticket.edition)
    papers = TicketPaperRepository(ctx.uow).of(ticket)
    if (place := _place(ctx, meaning)) is not None:
        _open(ctx, ticket, flow, [paper for paper in papers if paper.id == place])
    elif not papers:
        ctx.say(f"工单 {ticket.name} 还没有收到资料。{what_is_missing(ctx, ticket, flow) if flow.papers else ''}")
    elif said and said not in _EVERY:
        wanted = {paper.name for paper in papers_named(flow, said)}
        _open(ctx, ticket, flow, [paper for paper in papers if paper.paper in wanted])
    else:
        _list(ctx, ticket, flow, papers)
        files = [paper for paper in papers if paper.state == "kept"]
        if said in _EVERY or len(files) == 1:
            _send(ctx, ticket, flow, files)


def _place(ctx: Context, meaning: Meaning) -> int | None:
    """Which paper a number under the list of them means."""
    index, listing = meaning.get("index"), ctx.conversation.listing
    if not isinstance(index, int) or meaning.get("ticket_no") or listing is None or listing.kind != LIST:
        return None
    return int(listing.items[index - 1]["paper"])  # within the list: `named` found its ticket there


def _list(ctx: Context, ticket: Ticket, flow: Flow, papers: Sequence[TicketPaper]) -> None:
    head = f"工单 {ticket.name}（{ticket.client_name}）的资料 {len(papers)} 份，回复序号打开："
    show_lines(ctx, LIST, head, [
        {"ticket": ticket.number, "paper": paper.id, "client_id": ticket.client_id, "line": _line(ctx, flow, paper)}
        for paper in papers
    ])  # fmt: skip


def _line(ctx: Context, flow: Flow, paper: TicketPaper) -> str:
    """身份证（图片 320 KB），06-09 10:12 李顾问"""
    kind = "图片" if _is_image(paper) else "PDF"
    what = _STATES[paper.state] or f"{kind} {max(1, round(paper.size / 1024))} KB"
    who = ctx.uow.users.names().get(paper.added_by, "客户本人")
    return f"{_label(flow, paper)}（{what}），{ctx.local(paper.added_at):%m-%d %H:%M} {who}"


def _open(ctx: Context, ticket: Ticket, flow: Flow, papers: Sequence[TicketPaper]) -> None:
    """Send the files of these. Raises Invalid where there is none."""
    files = [paper for paper in papers if paper.state == "kept"]
    if not files:
        waits = any(paper.state == "fetching" for paper in papers)
        why = "文件正在收取，请过一分钟再看" if waits else "只登记了收到，没有文件" if papers else "还没有收到"
        raise Invalid(f"工单 {ticket.name} 的这份资料{why}。")
    ctx.say(f"工单 {ticket.name} 的{'、'.join(f'「{_label(flow, paper)}」' for paper in files[:MOST])}见下。{_CARE}")
    _send(ctx, ticket, flow, files)


def _send(ctx: Context, ticket: Ticket, flow: Flow, files: Sequence[TicketPaper]) -> None:
    for paper in files[:MOST]:
        TicketPaperRepository(ctx.uow).opens(ticket, paper)
        ctx.show(_file(ticket, flow, paper))
    if len(files) > MOST:
        ctx.say(f"一次最多发 {MOST} 份，其余的请写上名称或回复序号。")


def _file(ticket: Ticket, flow: Flow, paper: TicketPaper) -> PaperFile:
    label = _label(flow, paper)
    return PaperFile(
        paper.id, f"{ticket.name}-{label}.{_ENDINGS[str(paper.media_type)]}", "image" if _is_image(paper) else "file",
        instead=f"工单 {ticket.name} 的「{label}」没能发出，请稍后再发送「{ticket.name} 看资料」。",
        damaged=f"工单 {ticket.name} 的「{label}」已损坏（与收到时不一致），没有发出。请再收一份，并告诉管理员。",
    )


def _label(flow: Flow, paper: TicketPaper) -> str:
    return next((each.label for each in flow.papers if each.name == paper.paper), paper.paper)


def _is_image(paper: TicketPaper) -> bool:
    return str(paper.media_type).startswith("image/")
