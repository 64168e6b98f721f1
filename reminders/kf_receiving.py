"""What customers write in 微信客服, from a page that was read to the member who is told.

A page is kept together with the cursor behind it, so that nothing is lost or kept twice whatever ends in between.
Then whoever has the client is told, talk by talk, each in one transaction with what is written on the time line; a
talk whose telling fails again and again is parked and holds up nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from reminders.first_answers import answered
from reminders.kf_attending import UNATTENDED, Attendant, Attended, attend, without_private
from reminders.kf_leads import ask_for_lead
from reminders.kf_line import Page
from reminders.kf_replies import tell_of_failure
from reminders.kf_telling import SERVICER, adviser_of, put
from reminders.kf_words import (
    bounced_words,
    notice_words,
    ownerless_words,
    parked_words,
    stranger_words,
    unattended_words,
)
from reminders.namesakes import full_name
from reminders.outgoing import Post
from storage.database import Database, UnitOfWork
from storage.model.clock import local_date
from storage.model.errors import Unavailable
from storage.model.kf import Heard, KfAccount, Talk
from storage.model.people import SYSTEM, Actor, Client, User
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.contacts import ContactRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository

log = structlog.get_logger(__name__)

BATCH = 100
# fail_type of msg_send_fail (path/94670)
_BOUNCES = {"4": "kf_late", "5": "kf_state", "6": "kf_count", "10": "kf_refused", "13": "content"}


class AlreadyTold(Exception):
    """Another process told of it meanwhile: nothing of ours may be committed."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of how many talks members were told, and of how many that failed."""

    done: int
    failed: int


class KfReceiving:
    """Called in a database thread."""

    def __init__(
        self, database: Database, post: Post, zone: ZoneInfo, attendant: Attendant | None = None
    ) -> None:
        self._database, self._post, self._zone, self._attendant = database, post, zone, attendant

    def claim(self, owner: str, now: datetime) -> KfAccount | None:
        """An account that is to be read now."""
        with self._database.system(now) as uow:
            return KfRepository(uow).claim(owner)

    def keep(self, account: KfAccount, page: Page, now: datetime) -> bool:
        """Keep a page and how far it goes; False when the account is read by somebody else by now."""
        with self._database.system(now) as uow:
            kf = KfRepository(uow)
            if not kf.advance(account, page.cursor):
                log.info("kf.lease_lost", account=account.open_kfid)
                return False
            kept = sum(kf.keep(account.open_kfid, said) for said in page.said)
        if page.said:
            log.info("kf.read", account=account.open_kfid, rows=len(page.said), new=kept)
        return True

    def rest(self, account: KfAccount, pause: timedelta, now: datetime) -> None:
        """Done with the account for now."""
        with self._database.system(now) as uow:
            KfRepository(uow).rest(account, now + pause)

    def withdraw(self, account: KfAccount, now: datetime) -> None:
        """WeCom does not let us read the account any more."""
        with self._database.system(now) as uow:
            KfRepository(uow).withdrawn(account.open_kfid)
            KfRepository(uow).rest(account, now)

    # ------------------------------------------------------------ telling

    def tell(self, open_kfid: str, now: datetime) -> Told:
        """Tell of a batch of what was kept and not told yet."""
        with self._database.system(now) as uow:
            heard = KfRepository(uow).untold(open_kfid, BATCH)
        talks: dict[str, list[Heard]] = {}
        for one in heard:
            talks.setdefault(one.external_userid, []).append(one)
        done = sum(self._tell_safely(talk, now) for talk in talks.values())
        return Told(done, len(talks) - done)

    def _tell_safely(self, talk: Sequence[Heard], now: datetime) -> bool:
        """Whether it was told. A fault of the bot's own answering keeps nothing from the members."""
        if self._attendant is not None and self._answered_and_told(talk, self._attendant, now):
            return True
        try:
            with self._database.system(now) as uow:
                self._tell(uow, talk, None)
        except Unavailable:
            raise
        except Exception as error:
            log.error("kf.not_told", message=talk[0].id, error=type(error).__name__, exc_info=error)
            with self._database.system(now) as uow:
                states = [KfRepository(uow).put_off(heard) for heard in talk]
                if "parked" in states:
                    log.error("kf.parked", message=talk[0].id, rows=len(talk))
                    for user in uow.users.all("ops"):
                        self._put(uow, user, parked_words(len(talk)), f"kf:parked:{talk[0].id}:{user.id}")
            return False
        return True

    def _answered_and_told(self, talk: Sequence[Heard], attendant: Attendant, now: datetime) -> bool:
        try:
            with self._database.system(now) as uow:
                self._tell(uow, talk, attendant)
        except Unavailable:
            raise
        except Exception as error:
            log.error("kf.not_attended", message=talk[0].id, error=type(error).__name__, exc_info=error)
            return False
        return True

    def _tell(self, uow: UnitOfWork, talk: Sequence[Heard], attendant: Attendant | None) -> None:
        kf, first = KfRepository(uow), talk[0]
        client = self._client(uow, first.external_userid)
        for heard in talk:
            if not kf.told(heard, client):
                raise AlreadyTold
            if heard.origin == "system":
                self._event(uow, heard, attendant)
        if client is not None and any(heard.origin == "staff" for heard in talk):
            answered(uow, client.id, None)
        said = [heard for heard in _less_recalled(talk) if heard.origin == "customer"]
        if not said:
            return
        kept = kf.talk(first.open_kfid, first.external_userid, max(heard.said_at for heard in said), client)
        attended = attend(uow, attendant, kept, said, client) if attendant is not None else UNATTENDED
        said = without_private(said, attended)
        if client is not None:
            self._note(uow, client, said)
            self._notify_adviser(uow, client, said, attended)
        else:
            self._notify_servicers(uow, kept, said, attended)
        self._send_letters(uow, said, attended)

    @staticmethod
    def _client(uow: UnitOfWork, external_userid: str) -> Client | None:
        client_id = ContactRepository(uow).client_of(external_userid) if external_userid else None
        return uow.clients.get(client_id) if client_id is not None else None

    @staticmethod
    def _note(uow: UnitOfWork, client: Client, said: Sequence[Heard]) -> None:
        """On the time line. The silence clock goes on until somebody answers."""
        for heard in said:
            uow.interactions.add(client, "wechat", f"微信客服留言：{heard.words}", happened_at=heard.said_at)

    def _notify_adviser(self, uow: UnitOfWork, client: Client, said: Sequence[Heard], attended: Attended) -> None:
        user = adviser_of(uow, client)
        if user is None:
            self._tell_operations(uow, ownerless_words(), "ownerless")
            return
        uow.audit.record("tell", "client", client.id, client_id=client.id, section="kf", user=user.id)
        uow.act_as(Actor.of(user))  # namesakes are those of his own book
        shown = full_name(uow, client)
        uow.act_as(SYSTEM)
        words = notice_words(client.name, shown, said, attended, uow.now, self._zone)
        self._put(uow, user, words, f"kf:{said[-1].id}")

    def _send_letters(self, uow: UnitOfWork, said: Sequence[Heard], attended: Attended) -> None:
        """Others who must know, such as the manager of whoever is complained about."""
        for number, (user_id, words) in enumerate(attended.letters):
            if (user := uow.users.find(user_id)) is not None and user.active:
                self._put(uow, user, words, f"kf:letter:{said[-1].id}:{number}")

    def _notify_servicers(self, uow: UnitOfWork, talk: Talk, said: Sequence[Heard], attended: Attended) -> None:
        """Nobody knows who it is: who serves strangers hears what was said; without anybody, operations hear once a
        day that somebody is needed, and not what was said."""
        servicers = [user for user in uow.users.all() if user.preferences.get(SERVICER)]
        for user in servicers:
            self._put(uow, user, stranger_words(said, attended), f"kf:{said[-1].id}:{user.id}")
            if attended.interested:
                ask_for_lead(uow, self._post, user, talk, self._zone)
        if not servicers:
            self._tell_operations(uow, unattended_words(), "unattended")

    def _tell_operations(self, uow: UnitOfWork, words: str, why: str) -> None:
        """Once a day that somebody is needed."""
        for user in uow.users.all("ops"):
            self._put(uow, user, words, f"kf:{why}:{local_date(uow.now, self._zone)}:{user.id}")

    def _put(self, uow: UnitOfWork, user: User, words: str, key: str) -> None:
        put(uow, self._post, user, words, key, self._zone)

    # ------------------------------------------------------------ events

    def _event(self, uow: UnitOfWork, heard: Heard, attendant: Attendant | None) -> None:
        match heard.kind:
            case "event:enter_session" if attendant is not None and (code := heard.data.get("welcome_code")):
                words = attendant.welcome(uow)
                KfReplyRepository(uow).welcome(heard.open_kfid, heard.external_userid, code, words, heard.said_at)
            case "event:user_recall_msg":
                KfRepository(uow).recall(heard.open_kfid, heard.data.get("recall_msgid", ""))
            case "event:msg_send_fail":
                self._bounced(uow, heard.data.get("fail_msgid", ""), heard.data.get("fail_type", ""))

    def _bounced(self, uow: UnitOfWork, msgid: str, fail_type: str) -> None:
        """An answer that WeCom had taken did not arrive: said as it is. It is known to have left with that, also where
        the answer to the call was lost."""
        messages = ClientMessageRepository(uow)
        message = messages.answer_sent_as(msgid) if msgid else None
        reason = _BOUNCES.get(fail_type, "kf_failed")
        reply = KfReplyRepository(uow).sent_as(msgid) if msgid and message is None else None
        if reply is not None and KfReplyRepository(uow).move(reply, state="failed", reason=reason, look_at=None):
            tell_of_failure(uow, self._post, reply, reason, self._zone)
        if message is None or message.state not in ("sending", "sent"):
            return
        left = {"sent_at": message.sent_at or message.tried_at or uow.now, "done_at": uow.now, "look_at": None}
        if not messages.change(message, state="failed", reason=reason, **left):
            return
        user = uow.users.find(message.sender_id)
        if user is not None and user.active:
            self._put(uow, user, bounced_words(message.client_name, reason), f"kf:bounced:{message.id}")


def _less_recalled(talk: Sequence[Heard]) -> list[Heard]:
    """What was said, without the words of what was taken back before anybody was told."""
    taken_back = {heard.data.get("recall_msgid") for heard in talk if heard.kind == "event:user_recall_msg"}
    return [replace(heard, text="", kind="recalled") if heard.msgid in taken_back else heard for heard in talk]
