"""Registries of what can be asked, tapped and confirmed, and the way from an incoming message to its handler.

A command is one decorated function:

    @command("client.timeline", group="客户", help="时间线", example="王芳 时间线", client=True)
    def timeline(ctx: Context, meaning: Meaning, client: Client) -> None: ...

With `client=True` the router finds the client first: asks when several share the name, says the same words for
a foreign client and for none. `roles` says who may. Two functions of one name fail at import."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from config.pack import ROLES_REMINDED, Packs
from handlers.book import ScopedBook
from handlers.context import Context
from handlers.conversation import Pending
from handlers.guards import keep_to_rules, not_yours
from handlers.language import ClientRef, Dialogue, Lexicon, Meaning, lexicon_from, understand
from handlers.language.answers import is_no, looks
from handlers.no_orders import no_order
from handlers.questions import hears, not_done, number_of_a_question
from handlers.whose import find, of_client, resolve
from storage.model.errors import Invalid, NotAllowed, UserError
from storage.model.incoming import (
    CardClick,
    Event,
    Incoming,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    TextMessage,
)
from storage.model.people import Role

EVERYBODY: tuple[Role, ...] = ("adviser", "manager", "ops", "compliance", "claims", "risk", "admin")
FRONT: tuple[Role, ...] = ("adviser", "manager")
READERS: tuple[Role, ...] = ("adviser", "manager", "compliance")
REMINDED: tuple[Role, ...] = (*FRONT, *ROLES_REMINDED)  # whom rules may remind


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be asked for in words, by menu, or by a card."""

    name: str
    run: Callable[..., None]
    group: str
    help: str
    example: str
    roles: tuple[Role, ...]
    client: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """How a sentence was read, for the sandbox's understanding pane and the metrics."""

    text: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Form:
    """Something entered step by step: `take` a correction or an answer, `echo` the kept draft, say its `title`."""

    take: Callable[[Context, Meaning], None]
    echo: Callable[[Context, Mapping[str, Any]], None]
    title: Callable[[Context, Mapping[str, Any]], str]


# 继续 never saves: it shows the draft, and 确认 is waited for.
_GO_ON = re.compile(r"\W*(?:继续|接着)(?:吧|来|看|填|录|录入|编辑|处理|办)?\W*")
_OF_A_TICKET = re.compile(r"\W*(?:工单\s*)?[Tt]\s?\d")
_DRAFT = re.compile(
    r"\W*(?:看|看看|看一下|查看|打开|显示|继续|接着填|我的|之前的|刚才的|上次的|没保存的|未保存的)*草稿(?:箱|呢|在哪)?\W*"
)
_NOTE = re.compile(r"(?:记一下|记录一下|记录|记下|记)[\s:：，,]+")
# Where navigation buttons may lead: looking, never writing.
VIEWS = frozenset({"client.lookup", "client.details", "client.timeline", "client.family", "contract.list"})
_NO_COMMAND = frozenset({"none", "chitchat", "help", "clarify", "confirm", "form", "undo", "page", "multi", "draft"})
Action = Callable[[Context, Mapping[str, Any]], None]
COMMANDS: dict[str, Command] = {}
ACTIONS: dict[str, Action] = {}
CONFIRMED: dict[str, Action] = {}
FORMS: dict[str, Form] = {}
FREE_ANSWERS: dict[str, Callable[[Context, str], Meaning | None]] = {}
MENU_KEYS: set[str] = set()  # what the app's menu offers; handlers.menu fills it
MEDIA_TAKERS: list[Callable[[Context, MediaMessage], bool]] = []  # True from who had a use for the file
AFTERWARDS: list[Callable[[Context], None]] = []  # asked after everything that wrote something
EVENTS: dict[tuple[str, str], Callable[[Context, Event], None]] = {}
_lexicons: dict[str, Lexicon] = {}


def _register(registry: dict[Any, Any], kind: str, name: Any, function: Any) -> None:
    if name in registry:
        raise ValueError(f"{kind} {name!r} is registered twice")
    registry[name] = function


def command(
    *names: str, group: str = "", help: str = "", example: str = "", roles: tuple[Role, ...] = FRONT,
    client: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the handler of one or several intents. `help` and `example` are what 帮助 shows."""
    def register(function: Callable[..., None]) -> Callable[..., None]:
        for name in names:
            _register(COMMANDS, "command", name,
                      Command(name, function, group, help, example, roles, client))
        return function
    return register


def action(name: str, roles: tuple[Role, ...] = FRONT) -> Callable[[Action], Action]:
    """Register what a card button does; it gets the arguments bound to the button. The role is checked when
    it is tapped: a card may be older than its holder's rights."""
    def register(function: Action) -> Action:
        _register(ACTIONS, "action", name, _for_roles(roles, function))
        return function
    return register


def confirmed(name: str, roles: tuple[Role, ...] = FRONT) -> Callable[[Action], Action]:
    """Register what is done after 确认; it gets the data kept with the question. Roles as in `action`."""
    def register(function: Action) -> Action:
        _register(CONFIRMED, "confirmation", name, _for_roles(roles, function))
        return function
    return register


def _for_roles(roles: tuple[Role, ...], function: Action) -> Action:
    def checked(ctx: Context, data: Mapping[str, Any]) -> None:
        if ctx.user.role not in roles:
            raise NotAllowed(not_yours(ctx.user.role, ""))
        function(ctx, data)
    return checked


def form(
    name: str, *, echo: Callable[[Context, Mapping[str, Any]], None],
    title: Callable[[Context, Mapping[str, Any]], str],
) -> Callable[[Callable[[Context, Meaning], None]], Callable[[Context, Meaning], None]]:
    """Register the function that takes corrections and answers (form.correct, form.answer) for an open form;
    `echo` shows the kept draft again, `title` says in a few words whose and what it is."""
    def register(function: Callable[[Context, Meaning], None]) -> Callable[[Context, Meaning], None]:
        _register(FORMS, "form", name, Form(function, echo, title))
        return function
    return register


def free_answer(about: str) -> Callable[[Any], Any]:
    """Register what reads free words in answer to a choice `about` something: a clarify.answer, or None."""
    def register(function: Callable[[Context, str], Meaning | None]) -> Callable[[Context, str], Meaning | None]:
        _register(FREE_ANSWERS, "free answer", about, function)
        return function
    return register


def afterwards(function: Callable[[Context], None]) -> Callable[[Context], None]:
    """Register what is to be done in the same act after anything was written down."""
    AFTERWARDS.append(function)
    return function


def event(name: str, change_type: str = "") -> Callable[[Any], Any]:
    """Register the handler of a WeCom event."""
    def register(function: Callable[[Context, Event], None]) -> Callable[[Context, Event], None]:
        _register(EVENTS, "event", (name, change_type), function)
        return function
    return register


# ---------------------------------------------------------------- dispatch


def dispatch(ctx: Context, incoming: Incoming) -> Understood | None:
    """Let the right handler answer, and whatever follows from what it wrote. User errors travel up as exceptions;
    nothing is committed here."""
    understood = _answer(ctx, incoming)
    for follow in AFTERWARDS if ctx.uow.changes else ():
        follow(ctx)
    ctx.add_notes()
    return understood


def _answer(ctx: Context, incoming: Incoming) -> Understood | None:
    match incoming:
        case TextMessage(content=content):
            return _hear(ctx, content)
        case MenuClick(key=key) if key in MENU_KEYS:
            hears(ctx.conversation, key)
            run(ctx, Meaning(key, rule="menu"))
        case MenuClick():
            ctx.say("这个菜单已经更新。请直接打字告诉我要做什么。")
        case CardClick():
            hears(ctx.conversation, "tap")
            _tap(ctx, incoming)
        case MediaMessage(kind=kind) if not any(take(ctx, incoming) for take in MEDIA_TAKERS):
            ctx.say(_MEDIA.get(kind, "暂时不能处理这种消息，请用文字告诉我。"))
        case LinkMessage():
            ctx.say("收到链接。目前还不能读取链接里的内容，请用文字告诉我要记什么。")
        case LocationMessage():
            ctx.say("收到位置。目前还不能按位置处理，请用文字告诉我要做什么。")
        case Event(event=name, change_type=change):
            if handler := EVENTS.get((name, change)) or EVENTS.get((name, "")):
                handler(ctx, incoming)
    return None


_MEDIA = {
    "voice": "企业微信没有提供语音转文字，我听不到内容。请用文字再说一次。",
    "image": "收到图片。现在没有在收资料的工单；要记什么请用文字告诉我。",
}


def _hear(ctx: Context, text: str) -> Understood:
    ctx.text = text.strip()
    meaning = _read(ctx, ctx.text)
    if meaning.intent == "none" and (noted := _NOTE.match(ctx.text)):
        # Whoever says 「记」 wants it kept, whatever the words after the name are.
        again = _read(ctx, f"跟进 {ctx.text[noted.end():]}")
        meaning = again if again.intent == "note.add" else meaning
    if unanswered := number_of_a_question(ctx.conversation, meaning):
        ctx.say(unanswered)
        return Understood(text.strip(), meaning)
    hears(ctx.conversation, meaning.intent)
    ctx.note(not_done(ctx.conversation))
    if meaning.intent.partition(".")[0] not in _NO_COMMAND and meaning.rule != "turn:again":
        ctx.conversation.remember(ctx.text)
    if refusal := no_order(meaning, ctx.text):
        ctx.say(refusal)
        return Understood(text.strip(), meaning)
    run_all(ctx, meaning.parts or (meaning,))
    return Understood(text.strip(), meaning)


def _read(ctx: Context, text: str) -> Meaning:
    """What a sentence means. What answers no short question may be about the draft that lies below it."""
    dialogue = ctx.conversation.dialogue()
    pending, draft = ctx.conversation.pending, ctx.conversation.draft
    again = _GO_ON.fullmatch(text) or (ctx.conversation.in_hand and looks(text))
    if _DRAFT.fullmatch(text) or (draft and not pending and again):
        return Meaning("draft.show", rule="the draft")
    of_draft = FREE_ANSWERS.get(draft.about) if draft and ctx.conversation.in_hand and not pending else None
    if of_draft and (part := of_draft(ctx, text)):
        return part
    if pending and pending.kind == "text" and _OF_A_TICKET.match(text):
        dialogue = replace(dialogue, pending="none")  # no client's name, but an order of its own
    meaning = read(ctx, text, dialogue)
    if meaning.intent == "none" and is_no(text):
        return Meaning("clarify.cancel", rule="no")  # a no where nothing is open
    answers = FREE_ANSWERS.get(pending.about) if pending and meaning.intent != "clarify.answer" else None
    if answers and (answer := answers(ctx, text)):
        return answer
    if draft and pending and meaning.intent.partition(".")[0] not in ("clarify", "confirm"):
        below = read(ctx, text, replace(dialogue, pending="form", choices=0, form=draft.about))
        if below.intent == "form.correct" or below.get("fields"):
            return below
    return meaning


def read(ctx: Context, text: str, dialogue: Dialogue) -> Meaning:
    """What a sentence means to the member, in the turn of the talk that `dialogue` tells of."""
    return understand(
        text, now=ctx.local(ctx.now), role=ctx.user.role, book=ScopedBook(ctx.uow), dialogue=dialogue,
        lexicon=lexicon_of(ctx.packs),
    )


def lexicon_of(packs: Packs) -> Lexicon:
    """The words of the packs in force, made once for each version of them."""
    found = _lexicons.get(packs.version)
    if found is None:
        found = lexicon_from(packs)
        _lexicons.clear()
        _lexicons[packs.version] = found
    return found


def run(ctx: Context, meaning: Meaning) -> None:
    """Run the command for a meaning: role first, then the client, then the handler."""
    meaning = keep_to_rules(ctx, meaning)
    known = COMMANDS.get(meaning.intent) or COMMANDS["none"]
    ctx.note_times(meaning.slots.values())
    if ctx.user.role not in known.roles:
        ctx.uow.audit.record("refuse", "command", known.name, outcome="denied")
        ctx.say(not_yours(ctx.user.role, known.name))
    elif known.client:
        if client := resolve(ctx, meaning):
            known.run(ctx, meaning, client)
    else:
        known.run(ctx, meaning)


# ---------------------------------------------------------------- several acts in one sentence


def run_all(ctx: Context, parts: Sequence[Meaning], known: Mapping[str, int] | None = None) -> None:
    """All acts of a sentence or none, and undone as one: the clients of all are found before the first is done.
    `known` are those that were chosen already, by the place of the act."""
    parts = [one for part in parts for one in _of_each(part)]
    ready = _with_clients(ctx, parts, known or {}) if len(parts) > 1 or known else list(parts)
    labels: list[str] = []
    asked = False
    for number, part in enumerate(ready):
        before, ctx.undo_label = _questions(ctx), ""
        try:
            run(ctx, part)
            if asked and _questions(ctx) != before:
                raise Invalid("这句话里有两件事都要先问清楚，请分成两句说。")
        except UserError as error:
            if number and ctx.uow.changes:
                raise type(error)(f"{error}\n这句话里前面的改动也没有保存，请改正后再说一次。") from error
            raise
        asked = asked or _questions(ctx) != before
        labels += [ctx.undo_label] if ctx.undo_label else []
    ctx.undo_label = "、".join(labels)


_FOR_EACH = frozenset({"tag.add", "tag.remove", "tier.set"})


def _of_each(part: Meaning) -> list[Meaning]:
    """A look-up of several clients, or a tag or tier for them, one for each; a name that is not clear yet is asked
    about in its turn."""
    names, ids = part.get("clients") or (), part.get("client_ids") or ()
    if not (part.intent.endswith(".lookup") or part.intent in _FOR_EACH) or len(ids) < 2 or len(names) != len(ids):
        return [part]
    rest = {k: v for k, v in part.slots.items() if k not in {"clients", "client_ids"}}
    return [
        replace(part, slots=MappingProxyType({**rest, "client": name, "client_id": found}),
                clarify="client" if isinstance(found, list) else "not_found" if found is None else None)
        for name, found in zip(names, ids, strict=True)
    ]


def _questions(ctx: Context) -> tuple[Pending | None, Pending | None]:
    return ctx.conversation.pending, ctx.conversation.draft


def _with_clients(ctx: Context, parts: Sequence[Meaning], known: Mapping[str, int]) -> list[Meaning]:
    """The acts, each with its client; none after having asked about one of them."""
    ready: list[Meaning] = []
    before: int | None = None  # whom the act before spoke of: 「她」 means that one
    for place, part in enumerate(parts):
        found = known.get(str(place))
        if found is None and before is not None and (part.get("pronoun") or part.clarify == "client_missing"):
            found = before
        elif found is None and _needs_client(ctx, part):
            found = find(ctx, part, place=place, known=dict(known))
            if found is None:
                return []
        ready.append(part if found is None else of_client(part, found))
        said = ready[-1].get("client_id")
        before = said if isinstance(said, int) else before
    return ready


def _needs_client(ctx: Context, part: Meaning) -> bool:
    command, asked = COMMANDS.get(part.intent), isinstance(part.get("client_id"), list | tuple) or part.get("fuzzy")
    return command is not None and ctx.user.role in command.roles and bool(command.client or asked)


def resume_with(ctx: Context, data: Mapping[str, Any], client_id: int) -> None:
    """Do what the sentence that led to a question asked for, now that the client is known."""
    client = ctx.uow.clients.get(client_id)
    ctx.text = data["text"]
    kept = data.get("focus") or [client.id, client.name]
    dialogue = replace(ctx.conversation.dialogue(), pending="none", focus=ClientRef(kept[0], kept[1]))
    meaning = read(ctx, ctx.text, dialogue)
    run_all(ctx, meaning.parts or (meaning,), {**data.get("known", {}), str(data.get("place", 0)): client.id})


# ---------------------------------------------------------------- taps


def _tap(ctx: Context, click: CardClick) -> None:
    ctx.click = click
    if click.key.startswith("go:"):
        _navigate(ctx, click.key)
        return
    bound = ctx.uow.cards.find(click.key, ctx.user.id)
    if bound is None:
        ctx.say("这张卡片不是发给您的，或已经失效。发送「今日待办」查看最新清单。")
    elif bound.expires_at < ctx.now:
        ctx.grey_out("已过期")
        ctx.say("这张卡片已过期。发送「今日待办」查看最新清单。")
    elif bound.used_at is not None:
        ctx.say("这张卡片已经处理过了，不会重复执行。")
    else:
        ACTIONS[bound.action](ctx, {**bound.args, "selections": dict(click.selections), "card": bound})


def _navigate(ctx: Context, key: str) -> None:
    """Follow a navigation button: only to views, and only of clients in scope."""
    _, intent, client_id = (*key.split(":"), "", "")[:3]
    if intent in VIEWS and client_id.isascii() and client_id.isdigit():
        run(ctx, Meaning(intent, {"client_id": int(client_id)}, rule="card"))
    else:
        ctx.say("这个按钮已经失效。请直接打字告诉我要看什么。")
