"""Turns that answer the bot: a number, a yes, a correction. Read before anything else when the bot waits for one."""

from __future__ import annotations

import re

from handlers.language.intents.pattern import Slots
from handlers.language.intents.update import correction
from handlers.language.lazy import lazy
from handlers.language.meaning import Meaning
from handlers.language.numerals import small
from handlers.language.sentence import Sentence

Turn = tuple[str, str, Slots]  # intent, rule, slots

_YES = lazy(
    r"^\W*(?:确认|确定|是的?|对的?|没错|好的?|可以的?|行|没问题|ok|okay|yes|y|嗯+|提交|保存|就这样|就这么办|同意|要|发吧|发|办吧|继续|正确|当然|中|成|妥|好滴|好哒|恩|确认无误|对对对?|好好好?|是是是?)"
    r"(?:吧|了|呀|啊|哦|的|哈|呢|保存|提交|无误|发送)*\W*$"
)
_NO = lazy(r"^\W*(?:取消|都不是|不是|不要|不用|不对|算了|先不|否|no|n|别|不行|不确认|放弃|不|不了|不保存|不发|错了|等等|等一下|先别|还是算了|不存|作废|不改了|退出)(?:吧|了|呀|啊|哦|的|它|这个|发|改|保存)*\W*$")
_NUMBER = lazy(
    r"^\W*(?:我?(?:要|选|选择|就|是|查|看)(?:的是)?)?(?:第)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,2})\s*(?:个|位|条|项|号|张)?(?:那个|那位|吧|的|呢|啊)?\W*$"
)
_LAST = lazy(r"^\W*(?:选|要|就)?(?:最后|最下面|倒数第?一)(?:一?个|那个|一?位|那位)?(?:吧|的)?\W*$")
_FIRST = lazy(r"^\W*(?:选|要|就)?(?:前面|上面|前一个|上面那个|头一个|前面那个|第一)(?:一?个|那个|一?位|那位)?(?:吧)?\W*$")
_LATTER = lazy(r"^\W*(?:选|要|就)?(?:后面|下面|后者|后一个|另一个|另外那个|另外一个)(?:一?个|那个|一?位|那位)?(?:吧)?\W*$")
_TAIL = lazy(r"(?:尾号|后四位|末四位|尾数)?\s*(\d{4})\s*(?:的|那个|那位)*(?:那个|那位)?\W*$")


def turn(s: Sentence) -> Turn | None:
    """The answer to what the bot waits for, or None when the sentence is something else."""
    waiting = s.dialogue.pending
    if waiting == "none":
        return _chosen(s) if s.dialogue.choices and s.dialogue.list_kind else None
    if waiting == "list":
        return _chosen(s)
    plain = _plain_answer(s, waiting)
    if plain is not None:
        return plain
    if waiting == "choice":
        return _choice(s)
    if waiting == "form":
        return _form(s)
    return None


def _plain_answer(s: Sentence, waiting: str) -> Turn | None:
    if _NO.match(s.text):
        return ("confirm.no", "no", {}) if waiting == "confirm" else ("clarify.cancel", "no", {})
    if waiting in {"confirm", "form"} and _YES.match(s.text):
        return "confirm.yes", "yes", {}
    return None


def _chosen(s: Sentence) -> Turn | None:
    """A bare number under a list."""
    number = _number(s)
    if number is None:
        return None
    slots: Slots = {"index": number}
    items = s.dialogue.items
    if 0 < number <= len(items) and (ref := items[number - 1]) is not None:
        slots |= {"client": ref.name, "client_id": ref.id}
    return "clarify.answer", "a number", slots


def _number(s: Sentence) -> int | None:
    match = _NUMBER.match(s.text)
    if match is not None:
        return small(match.group(1))
    count = s.dialogue.choices
    if _LAST.match(s.text):
        return count or -1
    if _FIRST.match(s.text):
        return 1
    return (2 if count <= 2 else count) if _LATTER.match(s.text) else None


def _choice(s: Sentence) -> Turn | None:
    chosen = _chosen(s)
    if chosen is not None:
        return chosen
    tail = _TAIL.search(s.text)
    if tail is not None and len(s.text) <= 14:
        return "clarify.answer", "a phone tail", {"phone_tail": tail.group(1)}
    if s.clients and len(s.shape) <= 8 and re.fullmatch(r"\W*(?:我?(?:说的?|要|选)?(?:是|的是)?)?C(?:那个|那位|吧|的|啊|呀)*\W*", s.shape):
        refs = s.clients[0].mention.refs
        ids = [r.id for r in refs]
        return "clarify.answer", "a name", {"client": s.clients[0].mention.text, "client_id": ids[0] if len(ids) == 1 else ids, "text": s.normal.said.strip()}
    if len(s.text) <= 10 and re.search(r"那个|那位|的那|的$", s.text) and not s.has("remind", "create", "list"):
        return "clarify.answer", "a description", {"text": s.normal.said.strip()}
    return None


_COMMANDS = ("remind", "create", "lookup", "list", "undo", "help", "details", "timeline", "note", "draft", "agenda", "more", "handover", "export")


def _form(s: Sentence) -> Turn | None:
    """A correction or more fields for the open form. Commands for something else pass through."""
    if s.has(*_COMMANDS) and not s.has("update"):
        return None
    found = correction(s)
    if found is None:
        return None
    if len(found.get("fields", ())) > 1 and not s.has("update"):
        return "form.answer", "more fields", {**found, "text": s.normal.said.strip()}
    return "form.correct", "a correction", found


_OPENED = lazy(r"^\W*(?:请|帮我?|给|把|替|为|查一?下?|看一?下?|记一?下?|新增|跟进)?\s*$")


def is_own_command(s: Sentence, own: Meaning) -> bool:
    """Under an open form: does the sentence open with a client, and is it a command for them by itself?

    The client in mind may be the one of the form, whose fields are then meant."""
    if own.intent.split(".")[0] in {"form", "clarify", "confirm", "none", "chitchat", "help"} or own.confidence < 0.55:
        return False
    first = s.clients[0] if s.clients and s.clients[0].mention.how != "pronoun" else None
    if first is None or _OPENED.match(s.text[:first.start]) is None:
        return False
    focus = s.dialogue.focus
    same = focus is not None and any(r.id == focus.id for r in first.mention.refs)
    return not (same and own.intent == "client.update" and s.dialogue.form.startswith("client."))
