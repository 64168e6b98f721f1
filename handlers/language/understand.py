"""The way from a sentence to its meaning: take apart → answer to the bot's question? → rules → several acts?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers.language.after_a_change import of_the_ticket
from handlers.language.by_lines import by_lines
from handlers.language.courtesy import essence
from handlers.language.each import each_of
from handlers.language.gate import refusal
from handlers.language.intents import assignments, deals, escalation, figures, kf, ops, push_times, search, tiers
from handlers.language.intents.assessments import assessing
from handlers.language.intents.causes import of_tickets
from handlers.language.intents.covers import away
from handlers.language.intents.customer_follow_ups import answering, following
from handlers.language.intents.customer_hints import hinted
from handlers.language.intents.customer_matters import own_matter
from handlers.language.intents.effects import effective
from handlers.language.intents.few_words import in_few_words
from handlers.language.intents.handovers import leaving
from handlers.language.intents.journeys import journeying
from handlers.language.intents.lending import lending
from handlers.language.intents.pattern import Slots
from handlers.language.intents.reports import promising
from handlers.language.intents.sending import sending
from handlers.language.intents.tags import tagged
from handlers.language.intents.tasks import given_by_name
from handlers.language.intents.templates import wording
from handlers.language.intents.ticket_acts import acting, asks_a_colleague
from handlers.language.lazy import compile_all
from handlers.language.lexicon import Lexicon
from handlers.language.meaning import Book, Dialogue, EmptyBook, Meaning
from handlers.language.misspelt import is_fit, respelt
from handlers.language.plain import at_a_glance
from handlers.language.sentence import Sentence, take_apart
from handlers.language.several import left_unread, several
from handlers.language.single import NO_ORDER, NOTHING_FITS, meaning_of, single
from handlers.language.slips import after_a_slip
from handlers.language.turns import is_own_command, turn


def understand(
    text: str, *, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon
) -> Meaning:
    """What `text` means to somebody of `role` ("customer" or any member's role) at `now` (aware, local zone).

    Never raises, never guesses on a write: an unsure client, time or content sets `clarify`. Asks the book at most twice."""
    plain, book = at_a_glance(text, role, book, dialogue, lexicon)
    return plain or closely(text, now, role, book, dialogue, lexicon)


def closely(text: str, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon) -> Meaning:
    """The long way, which every sentence but the plainest goes."""
    if (answer := kf.head_of(text, role)) is not None:
        head = take_apart(f"回复 {answer[0]}", now.replace(tzinfo=None), role, book, dialogue, lexicon)
        if (reply := kf.replying(head, *answer)) is not None:
            return meaning_of(head, *reply, "words to a client in 微信客服", 0.95)
    if (reworded := wording(text, role, dialogue.pending)) is not None:
        return Meaning(*reworded, rule="words of a template", confidence=0.95)
    whole = dialogue.pending not in {"none", "list"} or asks_a_colleague(text)
    start, end = (0, len(text)) if whole else essence(text)
    s, after = after_a_slip(take_apart(text[start:end], now.replace(tzinfo=None), role, book, dialogue, lexicon))
    meaning = _as_it_sounds(s, _meaning(s))
    return _moved(meaning, start + after) if start + after else meaning


def _as_it_sounds(s: Sentence, meaning: Meaning) -> Meaning:
    """What came to nothing is read once more with the words of the trade that were typed by their sound; a customer's words may
    hint at something all the same."""
    if meaning.rule != NOTHING_FITS or s.dialogue.pending not in {"none", "list"}:
        return meaning
    right = respelt(s.normal, [(c.start, c.end) for c in s.clients])
    if right is not None:
        again = _meaning(take_apart(s.normal.said, s.now, s.role, s.book, s.dialogue, s.lexicon, normal=right))
        if is_fit(again):
            return again
    hint = hinted(s)
    return meaning if hint is None else meaning_of(s, *hint, "a hint", 0.4)


def deal_said(text: str, *, now: datetime, role: str, lexicon: Lexicon) -> Meaning:
    """What words about a client say of an opportunity (product, amount, expected), whatever else they may mean. Asks no
    book."""
    s = take_apart(text, now.replace(tzinfo=None), role, EmptyBook(), Dialogue(), lexicon)
    return meaning_of(s, "opportunity.create", deals.opportunity(s, None), "words about an opportunity", 0.95)


def _moved(meaning: Meaning, by: int) -> Meaning:
    """The spans counted from the beginning of the whole text."""
    spans = tuple(replace(s, start=s.start + by, end=s.end + by) for s in meaning.spans)
    return replace(meaning, spans=spans, parts=tuple(_moved(p, by) for p in meaning.parts))


Reader = Callable[[Sentence], "tuple[str, Slots] | None"]


def _filtering(s: Sentence) -> tuple[str, Slots] | None:
    found = search.filtering(s)
    return None if found is None else ("client.search", found)


# What reads whole sentences by words of its own, before the turns and the scored rules; the first that knows one has it.
_READERS: tuple[tuple[Reader, str], ...] = (
    (own_matter, "a customer's own matter"),
    (answering, "what a customer was asked for"),
    (following, "what a customer asks on"),
    (lending, "words of lending"),
    (in_few_words, "a few words of their own"),
    (of_tickets, "what tickets come from"),
    (acting, "an order about a ticket"),
    (given_by_name, "a task for a colleague"),
    (ops.ordered, "an order of operations"),
    (tiers.ordered, "an order about tiers"),
    (tagged, "a question about tags"),
    (promising, "who may buy more"),
    (escalation.ordered, "an order about escalation"),
    (push_times.ordered, "an order about the hours of pushes"),
    (assignments.ordered, "an order about who gets clients"),
    (effective, "what reminders came to"),
    (figures.by_name, "figures by their names"),
    (_filtering, "conditions after 筛选"),
    (search.segment, "a segment by its name"),
    (sending, "words about sending"),
    (kf.serving, "words about 微信客服"),
    (assessing, "a questionnaire of a client"),
    (leaving, "who leaves"),
    (away, "who is away"),
    (journeying, "words about a journey"),
)


def _meaning(s: Sentence) -> Meaning:
    for read, name in _READERS:
        if (found := read(s)) is not None and not refusal(s, *found):
            talk = read is journeying and found[0] == "none"
            return of_the_ticket(s, meaning_of(s, *found, NO_ORDER if talk else name, 0.95))
    answer = turn(s)
    if answer is not None and not (answer[0] in {"form.correct", "form.answer"} and is_own_command(s, single(s))):
        intent, rule, slots = answer
        return meaning_of(s, intent, slots, f"turn:{rule}", 0.95)
    acts = by_lines(s) or several(s)
    if acts is not None:
        return acts
    one = of_the_ticket(s, single(s))
    return left_unread(s, one) or each_of(s, one)


_COMMON = ("提醒我农历八月初三下午三点给王芳打电话", "新增客户 李强 13800000001 老师 月入2万", "30天内到期的有谁？")


def warm_up(lexicon: Lexicon, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Compile and load what waits for its first use, so that no member waits for it: seconds of work, which ends early
    once it is stopped.

    The tables that the sentences load come first: what they give back is room for the expressions."""
    from handlers.language.meaning import EmptyBook
    from handlers.language.sounds import load

    load()
    now = datetime(2025, 1, 1)  # noqa: DTZ001 - any moment will do
    for role in ("adviser", "customer"):
        for text in _COMMON:
            if is_stopped():
                return
            understand(text, now=now, role=role, book=EmptyBook(), dialogue=Dialogue(), lexicon=lexicon)
    compile_all(is_stopped)
