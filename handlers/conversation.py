"""What a conversation remembers between messages: the client in mind, a question asked, a list shown.

It is saved (encrypted) with every message's unit of work, so a draft or an open question survives a restart.
Values are plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from handlers.language import ClientRef, Dialogue

FOCUS_FOR = timedelta(minutes=10)  # R305: 她的保单呢 works for 10 minutes
ANSWER_WITHIN = timedelta(minutes=30)
DRAFT_FOR = timedelta(days=7)
LIST_FOR = timedelta(hours=18)  # a morning brief is still answered by number in the evening
KEPT_FOR = timedelta(minutes=2)  # what was asked for keeps its numbers, also when a list comes by itself meanwhile
TEXT_FOR = timedelta(days=3)  # a text written for a client waits as long as its card's buttons live

SAID_AT_MOST = 60  # a longer command is not asked again in two words

Kind = Literal["choice", "confirm", "form", "text"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A question the bot asked: `about` names the action or form that takes the answer, with its `data`."""

    kind: Kind
    about: str
    data: Mapping[str, Any]
    until: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A numbered list that was shown: `items` in order, each with what the next command needs
    (reminder, client_id, name …). `asked`: the member asked for it, it did not come by itself."""

    kind: str
    items: tuple[Mapping[str, Any], ...]
    until: datetime
    page: int = 0
    asked: bool = True

    @property
    def keeps_until(self) -> datetime:
        """Until when a list that comes by itself must not take its place."""
        return self.until - LIST_FOR + (KEPT_FOR if self.asked else timedelta())

    def to_json(self) -> list[Any]:
        return [self.kind, [dict(item) for item in self.items], self.until.isoformat(), self.page, self.asked]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Listing:
        kind, items, until, page, *asked = kept
        return cls(kind, tuple(items), datetime.fromisoformat(until), page, *asked)


@dataclass
class Conversation:
    """The state of one member's chat. `dirty` once anything changed."""

    now: datetime
    focus: ClientRef | None = None
    focus_until: datetime | None = None
    pending: Pending | None = None
    draft: Pending | None = None
    in_hand: bool = False  # the last turn was about the draft
    aside: list[Pending] = field(default_factory=list)  # drafts that a newer one was begun over, the latest last
    listing: Listing | None = None
    pushed: Listing | None = None  # came by itself; counts once the one before it has been kept long enough
    leaf: Listing | None = None  # shown last without numbers: 更多 turns its pages, numbers still mean `listing`
    texts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    said: str = ""  # the command before, which 「那梁静的呢」 asks again of somebody else
    said_until: datetime | None = None
    ticket: int | None = None  # the number of the one looked at last, which a photo belongs to
    ticket_until: datetime | None = None
    question: Mapping[str, Any] = field(default_factory=dict)  # about figures, asked last; 「存为周报」 keeps it
    question_until: datetime | None = None
    dirty: bool = field(default=False, compare=False)
    moved_on: bool = field(default=False, compare=False)  # this turn was about something else
    let_go: Pending | None = field(default=None, compare=False)  # the question that this turn let go

    # ------------------------------------------------------------ changing

    def remember(self, text: str) -> None:
        """Keep a command in mind as long as its client."""
        whole = text if len(text) <= SAID_AT_MOST else ""  # a part of it may say something else
        self.said, self.said_until, self.dirty = whole, self.now + FOCUS_FOR, True

    def look_at(self, client_id: int, name: str) -> bool:
        """Keep this client in mind for ten minutes; True when another one was in mind before."""
        switched = self.focus is not None and self.focus.id != client_id
        self.focus, self.focus_until, self.dirty = ClientRef(client_id, name), self.now + FOCUS_FOR, True
        return switched

    def ask(self, kind: Kind, about: str, /, **data: Any) -> None:
        """Wait for an answer to a question: half an hour. A draft form lies beside it, and waits for a week."""
        self.dirty = True
        if kind == "form":
            self.draft, self.in_hand = Pending(kind, about, data, self.now + DRAFT_FOR), True
        else:
            self.pending = Pending(kind, about, data, self.now + ANSWER_WITHIN)

    def look_at_ticket(self, number: int) -> None:
        """Keep a ticket in mind for half an hour."""
        self.ticket, self.ticket_until, self.dirty = number, self.now + ANSWER_WITHIN, True

    def answered(self) -> None:
        """The open question is dealt with."""
        if self.pending is not None:
            self.pending, self.dirty = None, True

    def move_on(self) -> None:
        """The member turned to something else: a later 「1」 or 「确认」 must not meet a question nobody thinks of any
        more. What was typed into a draft stays, aside."""
        self.let_go = self.pending
        self.answered()
        self.moved_on = True
        if self.in_hand:
            self.in_hand, self.dirty = False, True

    def drop_draft(self) -> None:
        """The draft was saved or given up."""
        if self.draft is not None:
            self.draft, self.in_hand, self.dirty = None, False, True

    def put_draft_aside(self) -> None:
        """A newer draft is begun: the open one waits, and comes back when the newer one is done with."""
        if self.draft is not None:
            self.aside = [*self.aside, self.draft]
            self.drop_draft()

    def show_list(self, kind: str, items: Sequence[Mapping[str, Any]], page: int = 0) -> None:
        """Remember a numbered list, so that 「1 已联系」 and 「更多」 can be understood."""
        shown = Listing(kind, tuple(items), self.now + LIST_FOR, page)
        if not page:  # another page of a list is no newer list
            self.pushed = None
        self.listing, self.leaf, self.dirty = shown, None, True

    def show_leaf(self, kind: str, items: Sequence[Mapping[str, Any]], page: int = 0) -> None:
        """Remember what was shown page by page without numbers: it takes them from no list."""
        self.leaf, self.dirty = Listing(kind, tuple(items), self.now + LIST_FOR, page), True

    def push_list(self, kind: str, items: Sequence[Mapping[str, Any]]) -> None:
        """The same of a list that comes by itself: whoever has just asked for another one types its numbers."""
        pushed = Listing(kind, tuple(items), self.now + LIST_FOR, asked=False)
        self.dirty = True
        if self.listing is not None and self.now < self.listing.keeps_until:
            self.pushed = pushed
        else:
            self.listing, self.pushed = pushed, None
        if self.leaf is not None and self.now >= self.leaf.keeps_until:
            self.leaf = None

    def keep_question(self, question: Mapping[str, Any]) -> None:
        """Remember the question about figures that was asked last."""
        self.question, self.question_until, self.dirty = question, self.now + ANSWER_WITHIN, True

    def keep_text(self, key: str, **text: Any) -> None:
        """Keep a text that is being written for a client; the one kept last comes last in `texts`."""
        self.texts = {k: t for k, t in self.texts.items() if k != key}
        self.texts[key], self.dirty = {**text, "until": (self.now + TEXT_FOR).isoformat()}, True

    def drop_text(self, key: str) -> None:
        """The text was sent or given up."""
        self.texts, self.dirty = {k: t for k, t in self.texts.items() if k != key}, True

    # ------------------------------------------------------------ reading

    @property
    def turned_to_a_client(self) -> bool:
        """Was a client looked at after the ticket?"""
        if self.focus_until is None or self.ticket_until is None:
            return self.focus_until is not None
        return self.focus_until - FOCUS_FOR > self.ticket_until - ANSWER_WITHIN

    @property
    def is_draft_fresh(self) -> bool:
        """Was the draft shown in the last turn, not long ago? Then 「确认」 can only mean it."""
        asked_at = self.draft_shown_at
        return self.in_hand and asked_at is not None and self.now - asked_at <= ANSWER_WITHIN

    @property
    def draft_shown_at(self) -> datetime | None:
        """When the draft was echoed last."""
        return self.draft.until - DRAFT_FOR if self.draft else None

    @property
    def pages(self) -> Listing | None:
        """What 更多 turns: whatever was shown last, numbered or not."""
        return self.leaf or self.listing

    def dialogue(self) -> Dialogue:
        """What understanding needs to know. A short question comes before the draft that it may lie upon."""
        pending, listing = self.pending or self.draft, self.listing or self.leaf
        choices = len(pending.data.get("options", ())) if pending else 0
        items = self._offered()
        return Dialogue(
            focus=self.focus,
            pending=pending.kind if pending else "list" if listing else "none",
            choices=choices or len(items),
            form=pending.about if pending and pending.kind == "form" else "",
            subject=str(pending.data.get("typed", {}).get("name", "")) if pending and pending.kind == "form" else "",
            list_kind=listing.kind if listing else "",
            items=items,
            labels=tuple(pending.data.get("labels", ())) if pending else (),
            said=self.said,
        )

    def _offered(self) -> tuple[ClientRef | None, ...]:
        """The clients to choose from: of the question that is open, else of the list shown last."""
        pending = self.pending
        if pending is not None and pending.kind == "choice":
            named = pending.data.get("names", ()) if pending.about == "client" else ()
            return tuple(ClientRef(i, name) for i, name in zip(pending.data["options"], named, strict=False))
        return tuple(
            ClientRef(item["client_id"], item.get("name", "")) if item.get("client_id") else None
            for item in (self.listing.items if self.listing else ())
        )

    # ------------------------------------------------------------ keeping

    def to_json(self) -> dict[str, Any]:
        state: dict[str, Any] = {}
        if self.focus and self.focus_until:
            state["focus"] = [self.focus.id, self.focus.name, self.focus_until.isoformat()]
        if self.said and self.said_until:
            state["said"] = [self.said, self.said_until.isoformat()]
        if self.ticket and self.ticket_until:
            state["ticket"] = [self.ticket, self.ticket_until.isoformat()]
        if self.question and self.question_until:
            state["question"] = [dict(self.question), self.question_until.isoformat()]
        if self.pending:
            p = self.pending
            state["pending"] = [p.kind, p.about, dict(p.data), p.until.isoformat()]
        if self.draft:
            d = self.draft
            state["draft"] = [d.about, dict(d.data), d.until.isoformat(), self.in_hand]
        if self.aside:
            state["aside"] = [[d.about, dict(d.data), d.until.isoformat()] for d in self.aside]
        if self.listing:
            state["listing"] = self.listing.to_json()
        if self.pushed:
            state["pushed"] = self.pushed.to_json()
        if self.leaf:
            state["leaf"] = self.leaf.to_json()
        if self.texts:
            state["texts"] = {key: dict(text) for key, text in self.texts.items()}
        return state

    @classmethod
    def from_json(cls, state: Mapping[str, Any], now: datetime) -> Conversation:
        """What was saved, less what ran out meanwhile."""
        conversation = cls(now)
        if (focus := state.get("focus")) and datetime.fromisoformat(focus[2]) > now:
            conversation.focus = ClientRef(focus[0], focus[1])
            conversation.focus_until = datetime.fromisoformat(focus[2])
        if (said := state.get("said")) and datetime.fromisoformat(said[1]) > now:
            conversation.said, conversation.said_until = said[0], datetime.fromisoformat(said[1])
        if (ticket := state.get("ticket")) and datetime.fromisoformat(ticket[1]) > now:
            conversation.ticket, conversation.ticket_until = ticket[0], datetime.fromisoformat(ticket[1])
        if (asked := state.get("question")) and datetime.fromisoformat(asked[1]) > now:
            conversation.question, conversation.question_until = asked[0], datetime.fromisoformat(asked[1])
        if (p := state.get("pending")) and datetime.fromisoformat(p[3]) > now:
            conversation._put(Pending(p[0], p[1], p[2], datetime.fromisoformat(p[3])))
        if (d := state.get("draft")) and datetime.fromisoformat(d[2]) > now:
            conversation.draft = Pending("form", d[0], d[1], datetime.fromisoformat(d[2]))
            conversation.in_hand = d[3]
        conversation._take_up_aside(state.get("aside", ()))
        for name in ("listing", "pushed", "leaf"):
            if (kept := state.get(name)) and (listing := Listing.from_json(kept)).until > now:
                setattr(conversation, name, listing)
        if conversation.pushed and (conversation.listing is None or now >= conversation.listing.keeps_until):
            conversation.listing, conversation.pushed = conversation.pushed, None
        conversation.texts = {
            key: text for key, text in state.get("texts", {}).items()
            if datetime.fromisoformat(text["until"]) > now
        }
        return conversation

    def _take_up_aside(self, kept: Sequence[Sequence[Any]]) -> None:
        """The drafts put aside; the latest is the draft again where there is no newer one."""
        found = [Pending("form", about, data, datetime.fromisoformat(until)) for about, data, until in kept]
        self.aside = [draft for draft in found if draft.until > self.now]
        if self.draft is None and self.aside:
            self.draft = self.aside.pop()

    def _put(self, kept: Pending) -> None:
        """A draft that an earlier release kept in the place of the question goes to its own."""
        if kept.kind == "form":
            self.draft, self.in_hand = kept, True
        else:
            self.pending = kept
