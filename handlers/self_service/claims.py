"""Claims: how one goes about it, the report with what it needs asked one by one, and how far it is."""

from __future__ import annotations

import re
from typing import cast

from config.pack import Flow
from handlers.language import Meaning, When
from handlers.language.answers import is_no
from handlers.self_service.identity import ask_who
from handlers.self_service.matters import facts, meant
from handlers.self_service.reading import understood
from handlers.self_service.tickets import CLAIM, flow_of, open_matter, stands
from handlers.self_service.visit import Visit, answers
from handlers.tickets.asking import understood as answer_read
from handlers.tickets.lacking import missing_papers
from storage.model.errors import Invalid
from storage.model.people import Client
from storage.model.tickets import Ticket
from storage.model.values import mask_free_text
from storage.repositories.ticket_papers import TicketPaperRepository

_ASKED = "claim"
_BARE = re.compile(r"\W*(?:我?要|帮我|给我|我想)?报(?:个|一个|一下)?案\W*")  # nothing is said of what happened
_COVERAGE = re.compile(r"(?<!要)(?<!收)多少|几成|比例|保什么|保啥|保哪些|包含|包括|涵盖|范围|管不管|保不保")
_ASKS_PAID = re.compile(
    r"[,，。;；\s]*(?:请问|这种?|这个|那|你们?|保险|公司|[,，\s])*(?:能不能|可不可以|能|可以|会|给|算)?"
    r"(?:理?赔|报销|报|管|保)(?:付|偿|得了|不赔|不报|不管)?(?:吗|么|嘛|不|呢|啊)?[?？!！。\s]*$"
)
_JUST_NOW = re.compile(r"刚才?|我[^,，]{0,12}了")
# Heard whatever the question was; any other matter only where its words ask, or are no answer.
_ABOUT_SOMETHING_ELSE = (
    "self.human", "self.complaint", "self.consent_withdraw", "self.consent_restore", "self.complaint_withdraw",
    "self.ticket", "help",
)
_NO_MATTER = ("none", "chitchat", "self.claim_report")
_ASKS = re.compile(r"[吗么呢?？]\W*$|怎么|多少|什么|哪些|能不能|可不可以|有没有")
_NOT_REPORTED = re.compile(
    r"\W*(?:算了|那就?|先|我|哦|啊|不用|不是|[,，。\s])*(?:不(?:用|想|要|是)?(?:要)?报(?:案)?(?:了|啦)?|没(?:有)?要报案|不是(?:要)?报案)(?:吧|了|的|哈|\W)*"
)


def _told(visit: Visit) -> Meaning | None:
    """The report in a question that tells what happened to him, and when: 昨天骑车摔断了胳膊，能赔吗."""
    event = _ASKS_PAID.sub("", visit.text)
    if event == visit.text:
        return None
    meaning = understood(visit, event)
    day = meaning.get("date")
    happened = isinstance(day, When) and day.problem is None and day.date <= visit.today
    return meaning if meaning.intent == "self.claim_report" and (happened or _JUST_NOW.search(event)) else None


@answers("self.claim_howto")
def claim_howto(visit: Visit, meaning: Meaning) -> None:
    """How one goes about it, or the report where it has happened; what a contract covers, and how much of it is paid,
    is for a person."""
    if _COVERAGE.search(visit.text):
        visit.hand_over("coverage", facts(visit, meaning, ("policy",)))
    elif (told := _told(visit)) is not None:
        visit.say("claim_judged")
        claim_report(visit, told)
    else:
        visit.say("claim_howto")


@answers("self.claim_report")
def claim_report(visit: Visit, meaning: Meaning) -> None:
    """A person hears at once; the ticket is opened once it is known who reports, and when and where it happened."""
    flow = flow_of(visit, CLAIM)
    if flow is None or visit.client is None:
        visit.hand_over("claim_reported", "客户在报案。")
        visit.note(facts(visit, meaning, ("policy",)))
        if flow is not None:
            ask_who(visit)
        return
    policies = meant(visit, meaning, ("policy",))
    said = {} if _BARE.fullmatch(visit.text) else {"content": mask_free_text(visit.text)}
    day = meaning.get("date")
    if isinstance(day, When) and day.problem is None and day.date <= visit.today:
        said["happened_on"] = day.date.isoformat()
    visit.memory.form = {"said": said, "contract_id": policies[0].id if len(policies) == 1 else None}
    _go_on(visit, flow)


def takes_answer(visit: Visit) -> bool:
    """Whether the message answers what the report still needs; if so it is dealt with."""
    flow = flow_of(visit, CLAIM)
    if visit.memory.asked != _ASKED or flow is None or visit.client is None:
        return False
    visit.memory.asked = ""
    if is_no(visit.text) or _NOT_REPORTED.fullmatch(visit.text):
        visit.memory.form = {}
        visit.say("cancelled")
        return True
    wanted, intent = flow.ask(_open_ones(visit, flow)[0]), understood(visit, visit.text).intent
    try:
        answer = answer_read(visit, wanted, visit.text)
    except Invalid as error:
        if intent not in _NO_MATTER:
            return _leaves(visit)
        visit.ask(str(error))
    else:
        if intent in _ABOUT_SOMETHING_ELSE or (intent not in _NO_MATTER and _ASKS.search(visit.text)):
            return _leaves(visit)
        visit.memory.form["said"][wanted.name] = answer
    _go_on(visit, flow)
    return True


def _leaves(visit: Visit) -> bool:
    """He speaks of something else, which is answered; the report is not made, and a person knows of it."""
    visit.memory.form = {}
    visit.note("客户的报案没有说完，没有登记工单。")
    return False


def _open_ones(visit: Visit, flow: Flow) -> list[str]:
    said = visit.memory.form["said"]
    return [name for name in flow.opens_with if said.get(name) in (None, "")]


def _go_on(visit: Visit, flow: Flow) -> None:
    """Ask for the next thing that is needed, or open the ticket."""
    if still := _open_ones(visit, flow):
        visit.memory.asked = _ASKED
        visit.ask(f"{flow.ask(still[0]).question}（不报案了请回复「取消」。）")
        return
    form, visit.memory.form = visit.memory.form, {}
    said = dict(form["said"])
    visit.hand_over("claim_reported", "客户在报案。")
    open_matter(visit, CLAIM, said.pop("content"), contract_id=form["contract_id"], **said)
    papers = [paper.label for paper in flow.papers if not paper.optional]
    visit.say("claim_papers", papers="、".join(papers))


def takes_photo(visit: Visit) -> bool:
    """Whether a photo or file is the next paper that the client's claim lacks; if so it is kept there, and he reads
    what is still missing."""
    if visit.heard.kind not in ("image", "file") or visit.client is None:
        return False
    lacking = [(ticket, flow) for ticket in _claims(visit, visit.client) if (flow := _lacks(visit, ticket)) is not None]
    if len(lacking) != 1:
        return False
    ticket, flow = lacking[0]
    missing = missing_papers(visit.uow, ticket, flow)
    paper = next(each for each in flow.papers if each.label == missing[0])
    TicketPaperRepository(visit.uow).add(
        ticket, paper.name, origin="client", origin_key=f"kf:{visit.heard.id}",
        media_id=visit.heard.data.get("media_id"),
    )
    still = "、".join(missing_papers(visit.uow, ticket, flow))
    visit.say("paper", paper=paper.label, number=ticket.name, missing=f"还缺：{still}" if still else "资料齐了")
    visit.note(f"客户发来的文件记作工单 {ticket.name} 的「{paper.label}」。")
    return True


def _claims(visit: Visit, client: Client) -> list[Ticket]:
    return [ticket for ticket in visit.uow.tickets.of_client(client.id) if ticket.flow == CLAIM]


def _lacks(visit: Visit, ticket: Ticket) -> Flow | None:
    """The flow of a ticket that still waits for papers."""
    flow = visit.uow.tickets.flows.of(ticket.flow, ticket.edition)
    return flow if ticket.is_open and missing_papers(visit.uow, ticket, flow) else None


@answers("self.claim_status", personal=True)
def claim_status(visit: Visit, meaning: Meaning) -> None:
    """Each claim with where it stands and what is missing; without any, a person looks."""
    client = cast(Client, visit.client)
    claims = _claims(visit, client)
    if not claims:
        visit.hand_over("claim_status", "客户问理赔进度，系统里没有他的理赔工单。")
        return
    lines = []
    for ticket in claims:
        day = visit.local(ticket.created_at)
        lines.append(f"· {ticket.name}（{day.month} 月 {day.day} 日报案）：{stands(visit, ticket)}")
    visit.tell("\n".join(["您的理赔：", *lines]))
