"""Clients are told of the states their tickets come to, where the flow says so (`tell_client`): once, by day, when the
move can be taken back no more, and only while the ticket still is there.

He is told in his talk in 微信客服 if he has proved there who he is and WeCom's window has room; else a member is asked
to tell him. When a matter that he brought himself has ended (and was not given up), he is asked for a mark in the same
breath."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from config.pack_text import render
from reminders.ages import is_minor
from reminders.gate import Asked
from reminders.gate_checks import first_hour, no_limit
from reminders.kf_answers import is_of, window_of
from reminders.kf_attending import KEPT_FOR_PEOPLE
from reminders.kf_telling import adviser_of, put
from reminders.kf_words import pass_on_words
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.model.clock import local_date
from storage.model.kf import Talk
from storage.model.people import Client, User
from storage.model.self_service import KfReply
from storage.model.tickets import Ticket, TicketNews
from storage.repositories.bindings import BindingRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository
from storage.repositories.ratings import RatingRepository

AT_ONCE = 200
_KEY = "ticket-news"


def tell_clients(database: Database, post: Post, zone: ZoneInfo, now: datetime) -> int:
    """What is due, all in one transaction; how many texts to clients and letters to members were queued."""
    with database.system(now) as uow:
        if first_hour(uow, zone) > now:
            return 0
        return sum(_tell(uow, post, zone, news) for news in uow.ticket_news.due(AT_ONCE))


def _tell(uow: UnitOfWork, post: Post, zone: ZoneInfo, news: TicketNews) -> int:
    uow.ticket_news.told(news)
    ticket = uow.tickets.get(news.ticket_id)
    client, said = uow.clients.get(ticket.client_id), state_words(uow, ticket, ticket.state)
    if any(no_limit(uow, Asked.answer(client, said, uow.now), zone)):
        return 0  # nobody can be told
    talk = _open_talk(uow, client)
    binding_id = proof_of(uow, talk, client, zone) if talk is not None else None
    count = 0
    if said and binding_id is None:
        count, said = int(ask_to_pass_on(uow, post, ticket, client, said, zone)), ""
    text = "\n".join(filter(None, [said, _asked_for_a_mark(uow, ticket)]))
    if talk is None or not text:
        return count
    return count + KfReplyRepository(uow).answer(
        talk, text, key=f"{_KEY}:{ticket.id}:{ticket.state}", client=client, binding_id=binding_id if said else None,
        to_person=True,  # whatever he asked last is not answered by it
        look_at=uow.now,
    )


def state_words(uow: UnitOfWork, ticket: Ticket, state: str) -> str:
    """What the client is told of a state; "" for nothing."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    return render(flow.state(state).tell_client, {"number": ticket.name})


def _asked_for_a_mark(uow: UnitOfWork, ticket: Ticket) -> str:
    """The question what he thinks of how a matter of his own ended, after he was told that it did; "" for none."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    if not flow.is_marked(ticket.state, ticket.origin) or RatingRepository(uow).has(ticket):
        return ""
    return uow.packs.reply("rate").render()


def tell_in_talk(uow: UnitOfWork, client: Client, text: str, key: str, zone: ZoneInfo) -> bool:
    """Queue a text about his own matter under a key that is used once; False where he has not proved who he is, or may
    not be written to now."""
    talk = _open_talk(uow, client)
    binding_id = proof_of(uow, talk, client, zone) if talk is not None else None
    return talk is not None and binding_id is not None and KfReplyRepository(uow).answer(
        talk, text, key=key, client=client, binding_id=binding_id, to_person=True, look_at=uow.now,
    )


def _open_talk(uow: UnitOfWork, client: Client) -> Talk | None:
    """Where he may be written to now, if anywhere."""
    talk = KfRepository(uow).talk_of(client.id)
    return talk if talk is not None and is_of(uow, talk, client) and _has_room(uow, talk) else None


def proof_of(uow: UnitOfWork, talk: Talk, client: Client, zone: ZoneInfo) -> int | None:
    """The proof that whoever reads the talk is the client; nobody tells a minor of his affairs."""
    binding = BindingRepository(uow).of(talk.external_userid)
    if binding is None or binding.client_id != client.id:
        return None
    return None if is_minor(client, local_date(uow.now, zone)) else binding.id


def _has_room(uow: UnitOfWork, talk: Talk) -> bool:
    window = window_of(uow, talk)
    is_open = not window.closed(uow.now) and window.left > KEPT_FOR_PEOPLE
    return is_open and not KfRepository(uow).is_with_staff(talk)


def ask_to_pass_on(
    uow: UnitOfWork, post: Post, ticket: Ticket, client: Client, text: str, zone: ZoneInfo
) -> bool:
    """Have a member tell the client; False where there is nothing to tell or nobody to do it, or he brought the ticket
    here himself and knows."""
    flow, user = uow.tickets.flows.of(ticket.flow, ticket.edition), _who_tells(uow, ticket, client)
    if not text or user is None or (ticket.origin == "member" and user.id == ticket.moved_by):
        return False
    words = pass_on_words(ticket.name, flow.label, client.name, text)
    put(uow, post, user, words, f"{_KEY}:{ticket.id}:{ticket.state}", zone)
    return True


def _who_tells(uow: UnitOfWork, ticket: Ticket, client: Client) -> User | None:
    """Whoever answers for the client; where it may be he who is meant, whoever has the ticket."""
    flow = uow.tickets.flows.of(ticket.flow, ticket.edition)
    if not flow.silent:
        return adviser_of(uow, client)
    handler = uow.users.find(ticket.handler_id) if ticket.handler_id else None
    return handler if handler is not None and handler.active else None


def ticket_of(uow: UnitOfWork, reply: KfReply) -> tuple[Ticket, str] | None:
    """The ticket of which a reply tells, and the state; None for any other reply."""
    kind, _, rest = reply.key.partition(":")
    if kind != _KEY:
        return None
    ticket_id, _, state = rest.partition(":")
    return uow.tickets.get(int(ticket_id)), state
