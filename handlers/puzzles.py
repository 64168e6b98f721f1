"""Sentences that were not understood: kept without names for operations, who teach new words through the packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta

from handlers.context import Context
from handlers.keywords import keywords_of
from handlers.language import Meaning, When
from handlers.ops import RUNNERS
from handlers.paging import show_lines
from handlers.router import command
from reminders.calendar import DAY, local_instant
from storage.model.messages import cut

LONGEST = 60
USUAL = timedelta(days=7)
_NAMES = frozenset({"client", "name"})
_WORDS_SHOWN = 6


def keep(ctx: Context, meaning: Meaning) -> None:
    """Remember what was said, without the names in it; noise is not worth it."""
    if meaning.rule != "noise":
        ctx.uow.puzzles.add(cut(without_names(ctx.text, meaning), LONGEST))


def without_names(text: str, meaning: Meaning) -> str:
    """王芳的那个啥咋弄 → 〔客户〕的那个啥咋弄"""
    for span in sorted(meaning.spans, key=lambda span: -span.start):
        if span.kind in _NAMES and text[span.start:span.end] == span.text:
            text = f"{text[:span.start]}〔客户〕{text[span.end:]}"
    return text


@command("puzzles.list", group="运营", help="看没听懂的话", example="听不懂的话 本周", roles=RUNNERS)
def list_puzzles(ctx: Context, meaning: Meaning) -> None:
    """What nobody could read in the days said (the last seven otherwise), the most frequent first, and its words."""
    first, last = _days(ctx, meaning)
    found = ctx.uow.puzzles.said_between(
        local_instant(first, time(), ctx.zone), local_instant(last + DAY, time(), ctx.zone)
    )
    span = f"{first:%m-%d} 至 {last:%m-%d}"
    if not found:
        ctx.say(f"{span} 没有听不懂的话。")
        return
    sentences = [text for _who, text in found]
    head = f"{span} 没听懂 {len(found)} 句，来自 {len({who for who, _ in found})} 人。"
    if words := _frequent(ctx, sentences):
        head += f"\n常见的词：{words}\n教会它：在业务包的 words.yaml 里加同义词，保存后立即生效。"
    lines = [{"line": f"{text}（{count} 次）"} for text, count in Counter(sentences).most_common()]
    show_lines(ctx, "puzzles", head, lines)


def _days(ctx: Context, meaning: Meaning) -> tuple[date, date]:
    said = meaning.get("range")
    if isinstance(said, When) and said.problem is None:
        return said.date, min(said.last_date, ctx.today)
    return ctx.today - USUAL + DAY, ctx.today


def _frequent(ctx: Context, sentences: Sequence[str]) -> str:
    known = keywords_of(ctx.packs)
    counted = Counter(word for text in sentences for word in known.of(text.replace("〔客户〕", " ")))
    return "、".join(f"{word} {count}" for word, count in counted.most_common(_WORDS_SHOWN) if count > 1)
