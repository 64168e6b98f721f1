"""Turns that answer the bot: a number, a yes, a correction. Read before anything else when the bot waits for one."""

from __future__ import annotations

import re

from handlers.language import answers
from handlers.language.after_a_change import goes_on_with
from handlers.language.asked_again import asked_again, of_customer
from handlers.language.choosing import by_description, by_place, spelt, what_is_meant
from handlers.language.intents import fills
from handlers.language.intents.correcting import correction
from handlers.language.intents.pattern import Slots
from handlers.language.just_set import answers_when, said_of_it
from handlers.language.lazy import lazy
from handlers.language.lexicon import plain
from handlers.language.meaning import Meaning
from handlers.language.sentence import Sentence
from handlers.language.shown_all import for_all_shown
from handlers.language.single import single
from handlers.language.slips import meant_instead

Turn = tuple[str, str, Slots]  # intent, rule, slots

_TAIL = lazy(r"(?:尾号|后四位|末四位|尾数|电话尾|手机尾)(?:是|为|\s)*(\d{4})|(?:^|\D)(\d{4})\s*(?:的|那个|那位|结尾)*(?:那个|那位)?\W*$")


def turn(s: Sentence) -> Turn | None:
    """The answer to what the bot waits for, or None when the sentence is something else."""
    waiting = s.dialogue.pending
    said = _short(s, waiting)
    if said is not None:
        return said
    if (again := asked_again(s) or meant_instead(s) or of_customer(s)) is not None:
        return again
    if waiting in {"none", "list"} and (more := said_of_it(s) or goes_on_with(s) or for_all_shown(s)) is not None:
        return more
    if waiting == "none":
        return _chosen(s) if s.dialogue.choices and s.dialogue.list_kind else None
    if waiting == "list":
        return _chosen(s)
    if waiting == "choice":
        return _choice(s)
    if waiting == "text":
        return answers_when(s) or _name_alone(s)
    return _form(s) if waiting == "form" else None


_ASKS_BACK = re.compile(r"了(?:吗|没)|还能不能|还能.{1,6}吗|是不是|有没有|不是(?:要|让|叫)|哪|谁|什么|啥|怎么|为何|没\W*$")  # 取消的是哪一条 takes nothing back


def _short(s: Sentence, waiting: str) -> Turn | None:
    """Yes, no, take back, go on; a number under a list comes first."""
    text = s.text if s.text.strip() else s.normal.said.strip()  # 👌 is no word
    if waiting == "form" and answers.not_yet(s.text):
        return "draft.keep", "not yet", {}
    if waiting == "confirm" and answers.agrees_to_call_off(text, s.dialogue.labels):
        return "confirm.yes", "yes", {}
    if waiting in {"choice", "confirm", "form", "text"} and answers.is_no(text) and not _is_place(s, waiting):
        return ("confirm.no", "no", {}) if waiting == "confirm" else ("clarify.cancel", "no", {})
    if waiting in {"confirm", "form"} and (answers.is_yes(text) or answers.repeats(s.text, s.dialogue.labels)):
        return "confirm.yes", "yes", {}
    if s.role == "customer":
        return None
    if answers.takes_back(s.text) and _ASKS_BACK.search(answers.without_reproach(s.text)) is None and not s.has("money", "phone", "consent_scope"):
        return "undo", "take back", {}
    listed = waiting in {"list", "choice"} or bool(s.dialogue.list_kind)
    if not s.has("who") and answers.goes_on(s.text, listed=listed) and (not _is_place(s, waiting) or (waiting == "list" and answers.wants_rest(s.text))):
        return "page.next", "go on", {}
    return None


def _is_place(s: Sentence, waiting: str) -> bool:
    place = by_place(s.text, s.dialogue.choices) if waiting in {"choice", "list"} else None
    return place is not None and (waiting == "choice" or place <= max(s.dialogue.choices, 1) or s.text.strip().isdigit())


def _chosen(s: Sentence) -> Turn | None:
    """A bare number under a list."""
    number = by_place(s.text, s.dialogue.choices)
    return None if number is None else ("clarify.answer", "a number", _numbered(s, number))


def _numbered(s: Sentence, number: int) -> Slots:
    items = s.dialogue.items
    if 0 < number <= len(items) and (ref := items[number - 1]) is not None:
        return {"index": number, "client": ref.name, "client_id": ref.id}
    return {"index": number}


_NAME_ONLY = lazy(r"\W*(?:我?(?:说的?|要|选|找|查|指的?)?(?:就?是|的是)?(?:客户)?)?C(?:那个|那位|吧|的|啊|呀|呢|客户|\s|,|。)*\W*")
_ORDERS = ("remind", "create", "undo", "help", "details", "timeline", "draft", "agenda", "handover", "export", "update", "policy", "claim", "note")


def _choice(s: Sentence) -> Turn | None:
    text = what_is_meant(s.text)
    number = by_place(text, s.dialogue.choices)
    if number is not None:
        aged = by_description(f"{number}岁", s.dialogue.labels) if number > s.dialogue.choices else None  # 52那个, of two clients
        return "clarify.answer", "a number", _numbered(s, aged or number)
    if len(s.text) > 20 or _of_somebody_else(s):
        return None
    tail = _TAIL.search(s.text)
    if tail is not None and len(s.text) <= 14:
        digits = tail[1] or tail[2]
        ending = [n for n, label in enumerate(s.dialogue.labels, 1) if digits in label]
        return "clarify.answer", "a phone tail", {"phone_tail": digits, **(_numbered(s, ending[0]) if len(ending) == 1 else {})}
    return _named_choice(s) or _by_alias(s, text) or _described(s, text)


_WORD = lazy(r"^\W*(?:是|我?(?:说|要|找|指)的是|那|就|在|住|做|肯定|应该)*(?P<word>[\u4e00-\u9fff]{2})(?:上班|工作|做事|那边|那儿)?的?(?:那个|那位|这个|这位)?(?:吧|啊|呀|嘛|\W)*$")


def _by_alias(s: Sentence, text: str) -> Turn | None:
    """建行那个: what the lines do not show, but one of the clients offered is called by (建行张伟, 张伟(建行))."""
    word = _WORD.match(text)
    people = [item for item in s.dialogue.items if item is not None]
    if word is None or len(people) < 2:
        return None
    known = s.book.named([key for name in {ref.name for ref in people} for key in (word["word"] + name, f"{name}({word['word']})")])
    meant = {ref.id for refs in known.values() for ref in refs}
    found = [n for n, item in enumerate(s.dialogue.items, 1) if item is not None and item.id in meant]
    return ("clarify.answer", "an alias", _numbered(s, found[0])) if len(found) == 1 else None


def _of_somebody_else(s: Sentence) -> bool:
    """A client is named who is not among those offered: a new command, whatever digits and words it holds."""
    offered = {item.id for item in s.dialogue.items if item is not None}
    named = [c.mention for c in s.clients if c.mention.how != "pronoun"]
    return bool(offered) and any(not any(ref.id in offered for ref in mention.refs) for mention in named) and not _NAME_ONLY.fullmatch(s.shape)


_POINTS_AT = lazy(r"那个|那位|那一[个位]|的\W*$")


def _named_choice(s: Sentence) -> Turn | None:
    if not s.clients or not _NAME_ONLY.fullmatch(s.shape):
        return None
    refs = s.clients[0].mention.refs
    offered = [n for n, item in enumerate(s.dialogue.items, 1) if item is not None and any(r.id == item.id for r in refs)]
    if len(offered) == 1:
        return "clarify.answer", "a name", _numbered(s, offered[0])
    if len(offered) > 1 and (number := by_description(s.text, [plain(label) for label in s.dialogue.labels])) is not None:
        return "clarify.answer", "a name", _numbered(s, number)
    if re.match(r"\W*[查找]", s.text):
        return None  # 查李雷: somebody else
    ids = [r.id for r in refs]
    return "clarify.answer", "a name", {"client": s.clients[0].mention.text, "client_id": ids[0] if len(ids) == 1 else ids, "text": s.normal.said.strip()}


def _described(s: Sentence, text: str) -> Turn | None:
    """What only one of the lines offered has: 建行那个, 太阳的阳."""
    points = _POINTS_AT.search(text) is not None or spelt(text) is not None
    more = s.times or s.amounts or s.protected or s.fields or s.products or len(text) > 8
    if not points and (more or s.has(*_ORDERS, "list", "ask")):
        return None  # it says more than who is meant
    if not points and single(s).intent.startswith("stats."):
        return None  # 贵宾联系率 asks for a figure, though one line says 贵宾
    number = by_description(text, [plain(label) for label in s.dialogue.labels])
    if number is not None:
        return "clarify.answer", "a description", _numbered(s, number)
    if len(text) <= 10 and re.search(r"那个|那位|的那|的$", text) and not s.has("remind", "create", "list"):
        return "clarify.answer", "a description", {"text": s.normal.said.strip()}
    return None


def _name_alone(s: Sentence) -> Turn | None:
    """The client's name, when the bot asked for it."""
    if not s.clients and (alone := _ONLY.sub("", s.text)) and (refs := s.book.named([alone]).get(alone)):
        ids = [r.id for r in refs]  # 周一, asked of whom
        return "clarify.answer", "a name", {"client": alone, "client_id": ids[0] if len(ids) == 1 else ids, "text": s.normal.said.strip()}
    if not s.clients or s.clients[0].mention.how == "pronoun" or not _NAME_ONLY.fullmatch(s.shape):
        return None
    return "clarify.answer", "a name", {**fills.client(s), "text": s.normal.said.strip()}


_ONLY = lazy(r"^\W*(?:是|给|就|那个|客户|我说|叫)*|(?:吧|的|啊|呀|呢|那个|那位|哈|\W)+$")
_COMMANDS = ("remind", "create", "lookup", "list", "undo", "help", "details", "timeline", "note", "draft", "agenda", "more", "handover", "export")


# 手机号是多少: no value of a form.
_ENDS_ASKING = lazy(r"(?:什么时候|什么|啥|多少|哪[天年里儿个位]?|几号|几时|何时|谁)(?:啊|呀|呢|来着|的|\W)*$")
_RETOLD = lazy(r"问|说|备注|想知道")


def _form(s: Sentence) -> Turn | None:
    """A correction or more fields for the open form. Commands for something else pass through."""
    if (s.has(*_COMMANDS) and not s.has("update")) or (_ENDS_ASKING.search(s.text) and not _RETOLD.search(s.text)):
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

    It is not when they have the name of the client whom the form is to create."""
    if own.intent.split(".")[0] in {"form", "clarify", "confirm", "none", "chitchat", "help"}:
        return False
    first = s.clients[0] if s.clients and s.clients[0].mention.how != "pronoun" else None
    if first is None or _OPENED.match(s.text[:first.start]) is None:
        return False
    same = s.dialogue.subject in {first.mention.text, *(ref.name for ref in first.mention.refs)}
    if own.confidence < 0.55:  # 刘洋的手机号 asks for what another client has
        return not same and bool(first.mention.refs) and own.intent == "client.lookup" and own.get("field") not in (None, "referrer")
    return not (same and own.intent == "client.update" and s.dialogue.form.startswith("client."))
