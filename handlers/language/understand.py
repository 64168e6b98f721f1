"""The way from a sentence to its meaning: take apart → answer to the bot's question? → rules → several acts?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.language.courtesy import essence
from handlers.language.intents import search
from handlers.language.lazy import compile_all
from handlers.language.lexicon import Lexicon
from handlers.language.meaning import Book, Dialogue, Meaning
from handlers.language.sentence import Sentence, take_apart
from handlers.language.several import each_of, left_unread, several
from handlers.language.single import meaning_of, single
from handlers.language.slips import after_a_slip
from handlers.language.turns import is_own_command, turn


def understand(
    text: str, *, now: datetime, role: str, book: Book, dialogue: Dialogue, lexicon: Lexicon
) -> Meaning:
    """What `text` means to somebody of `role` ("customer" or any member's role) at `now` (aware, local zone).

    Never raises, never guesses on a write: an unsure client, time or content sets `clarify`. Asks the book at most twice."""
    start, end = (0, len(text)) if dialogue.pending not in {"none", "list"} else essence(text)
    s, after = after_a_slip(take_apart(text[start:end], now.replace(tzinfo=None), role, book, dialogue, lexicon))
    meaning = _meaning(s)
    return _moved(meaning, start + after) if start + after else meaning


def _moved(meaning: Meaning, by: int) -> Meaning:
    """The spans counted from the beginning of the whole text."""
    spans = tuple(replace(s, start=s.start + by, end=s.end + by) for s in meaning.spans)
    return replace(meaning, spans=spans, parts=tuple(_moved(p, by) for p in meaning.parts))


def _meaning(s: Sentence) -> Meaning:
    if (filtering := search.filtering(s)) is not None:
        return meaning_of(s, "client.search", filtering, "conditions after 筛选", 0.95)
    if (named := search.segment(s)) is not None:
        return meaning_of(s, *named, "a segment by its name", 0.95)
    answer = turn(s)
    if answer is not None and not (answer[0] in {"form.correct", "form.answer"} and is_own_command(s, single(s))):
        intent, rule, slots = answer
        return meaning_of(s, intent, slots, f"turn:{rule}", 0.95)
    acts = several(s)
    if acts is not None:
        return acts
    one = single(s)
    return left_unread(s, one) or each_of(s, one)


_COMMON = ("提醒我农历八月初三下午三点给王芳打电话", "新增客户 李强 13800000001 老师 月入2万", "30天内到期的有谁？")


def warm_up(lexicon: Lexicon) -> None:
    """Compile and load what waits for its first use, so that no member waits for it (about 0.4 s).

    The tables that the sentences load come first: what they give back is room for the expressions."""
    from handlers.language.meaning import EmptyBook
    from handlers.language.sounds import load

    load()
    now = datetime(2025, 1, 1)  # noqa: DTZ001 - any moment will do
    for role in ("adviser", "customer"):
        for text in _COMMON:
            understand(text, now=now, role=role, book=EmptyBook(), dialogue=Dialogue(), lexicon=lexicon)
    compile_all()
