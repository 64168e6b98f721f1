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
from typing import Any

from config.pack import Packs
from handlers.book import ScopedBook
from handlers.context import Context
from handlers.language import ClientRef, Lexicon, Meaning, lexicon_from, understand
from storage.model.errors import NotAllowed, NotFound, UserError
from storage.model.messages import (
    CardClick,
    Event,
    Incoming,
    LinkMessage,
    LocationMessage,
    MediaMessage,
    MenuClick,
    TextMessage,
)
from storage.model.people import Client, ClientRow, Role
from storage.repositories.clients import NOT_FOUND

EVERYBODY: tuple[Role, ...] = ("adviser", "manager", "ops", "compliance", "claims", "risk", "admin")
FRONT: tuple[Role, ...] = ("adviser", "manager")
READERS: tuple[Role, ...] = ("adviser", "manager", "compliance")


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


_NOTE = re.compile(r"(?:记一下|记录一下|记录|记下|记)[\s:：，,]+")
# Sentences that deny what their words name.
_NOT_AN_ORDER = re.compile(r"(?:不要|别|先别|不用|暂不|先不)(?:再)?改|(?:还没|没有|还未|尚未|没)续")
_CHANGES = frozenset({"client.update", "renewal.done", "renewal.lost", "premium.paid"})
# Where navigation buttons may lead: looking, never writing.
VIEWS = frozenset({"client.lookup", "client.details", "client.timeline", "client.family", "contract.list"})
# Turns of a conversation that belong to an open question; any other command lets the question go.
TURNS = frozenset(
    {"clarify.answer", "clarify.cancel", "confirm.yes", "confirm.no", "form.correct", "form.answer", "none", "help"}
)

NOT_YOURS = "您的角色不能使用这个功能。发送「帮助」查看您可以做什么。"
Action = Callable[[Context, Mapping[str, Any]], None]

COMMANDS: dict[str, Command] = {}
ACTIONS: dict[str, Action] = {}
CONFIRMED: dict[str, Action] = {}
FORMS: dict[str, Callable[[Context, Meaning], None]] = {}
MENU_KEYS: set[str] = set()  # what the app's menu offers; handlers.menu fills it
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
            raise NotAllowed(NOT_YOURS)
        function(ctx, data)
    return checked


def form(name: str) -> Callable[[Callable[[Context, Meaning], None]], Callable[[Context, Meaning], None]]:
    """Register the function that takes corrections and answers (form.correct, form.answer) for an open form."""
    def register(function: Callable[[Context, Meaning], None]) -> Callable[[Context, Meaning], None]:
        _register(FORMS, "form", name, function)
        return function
    return register


def event(name: str, change_type: str = "") -> Callable[[Any], Any]:
    """Register the handler of a WeCom event."""
    def register(function: Callable[[Context, Event], None]) -> Callable[[Context, Event], None]:
        _register(EVENTS, "event", (name, change_type), function)
        return function
    return register


# ---------------------------------------------------------------- dispatch


def dispatch(ctx: Context, incoming: Incoming) -> Understood | None:
    """Let the right handler answer. User errors travel up as exceptions; nothing is committed here."""
    match incoming:
        case TextMessage(content=content):
            return _hear(ctx, content)
        case MenuClick(key=key) if key in MENU_KEYS:
            run(ctx, Meaning(key, rule="menu"))
        case MenuClick():
            ctx.say("这个菜单已经更新。请直接打字告诉我要做什么。")
        case CardClick():
            _tap(ctx, incoming)
        case MediaMessage(kind=kind):
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
    "image": "收到图片。目前还不能识别图片，请用文字告诉我要记什么。",
}


def _hear(ctx: Context, text: str) -> Understood:
    ctx.text = text.strip()
    meaning = _read(ctx, ctx.text)
    if meaning.intent == "none" and (noted := _NOTE.match(ctx.text)):
        # Whoever says 「记」 wants it kept, whatever the words after the name are.
        again = _read(ctx, f"跟进 {ctx.text[noted.end():]}")
        meaning = again if again.intent == "note.add" else meaning
    pending = ctx.conversation.pending
    if pending and pending.kind != "form" and meaning.intent not in TURNS:
        ctx.conversation.answered()  # a later 「1」 or 「确认」 must not meet a question nobody thinks of any more
    if meaning.intent in _CHANGES and _NOT_AN_ORDER.search(ctx.text):
        ctx.say("这句话看起来不是要改动，所以没有做任何修改。要改请直接说，例如「王芳 已续」。")
        return Understood(text.strip(), meaning)
    _run_parts(ctx, meaning.parts or (meaning,))
    return Understood(text.strip(), meaning)


def _read(ctx: Context, text: str) -> Meaning:
    return understand(
        text, now=ctx.local(ctx.now), role=ctx.user.role, book=ScopedBook(ctx.uow),
        dialogue=ctx.conversation.dialogue(), lexicon=lexicon_of(ctx.packs),
    )


def _run_parts(ctx: Context, parts: Sequence[Meaning]) -> None:
    """All acts of a sentence or none: when a later one fails, the answer says that nothing was kept."""
    for number, part in enumerate(parts):
        try:
            run(ctx, part)
        except UserError as error:
            if number and ctx.uow.changes:
                raise UserError(f"{error}\n这句话里前面的改动也没有保存，请改正后再说一次。") from error
            raise


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
    known = COMMANDS.get(meaning.intent) or COMMANDS["none"]
    if ctx.user.role not in known.roles:
        ctx.uow.audit.record("refuse", "command", known.name, outcome="denied")
        ctx.say(NOT_YOURS)
    elif known.client:
        if client := resolve(ctx, meaning):
            known.run(ctx, meaning, client)
    else:
        known.run(ctx, meaning)


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
        if ctx.conversation.pending and ctx.conversation.pending.kind != "form":
            ctx.conversation.answered()
        ACTIONS[bound.action](ctx, {**bound.args, "selections": dict(click.selections), "card": bound})


def _navigate(ctx: Context, key: str) -> None:
    """Follow a navigation button: only to views, and only of clients in scope."""
    _, intent, client_id = (*key.split(":"), "", "")[:3]
    if intent in VIEWS and client_id.isascii() and client_id.isdigit():
        run(ctx, Meaning(intent, {"client_id": int(client_id)}, rule="card"))
    else:
        ctx.say("这个按钮已经失效。请直接打字告诉我要看什么。")


# ---------------------------------------------------------------- which client


def resolve(ctx: Context, meaning: Meaning) -> Client | None:
    """The client a meaning speaks of, or None after having asked which one is meant."""
    found = meaning.get("client_id")
    if isinstance(found, list | tuple):
        _choose(ctx, meaning, list(found))
        return None
    if found is None:
        return _by_words(ctx, meaning)
    if meaning.get("fuzzy"):
        _choose(ctx, meaning, [found])
        return None
    client = ctx.uow.clients.get(found)
    ctx.look_at(client)
    return client


def _by_words(ctx: Context, meaning: Meaning) -> Client | None:
    """Look by phone, tail, document number or a part of the name; nobody found reads like a foreign client."""
    if meaning.get("phone"):
        rows = ctx.uow.clients.with_phone(meaning.slots["phone"])
    elif meaning.get("phone_tail"):
        rows = ctx.uow.clients.with_phone_tail(meaning.slots["phone_tail"])
    elif meaning.get("id_number"):
        rows = ctx.uow.clients.with_id_number(meaning.slots["id_number"])
    elif meaning.get("client") and meaning.clarify != "client_missing" and not meaning.get("pronoun"):
        rows = ctx.uow.clients.containing(meaning.slots["client"])
    else:
        ctx.conversation.ask("text", "client", text=ctx.text)
        ctx.say("请问是哪位客户？请带上姓名再说一次，例如「查客户 王芳」。")
        return None
    if not rows:
        name = meaning.get("client")
        raise NotFound(f"没有找到客户「{name}」。发送「新增客户 {name}」可新建。" if name else NOT_FOUND)
    by_name = meaning.get("client") and not any(meaning.get(k) for k in ("phone", "phone_tail", "id_number"))
    if len(rows) > 1 or by_name:
        _offer(ctx, meaning, rows)
        return None
    client = ctx.uow.clients.get(rows[0].id)
    ctx.look_at(client)
    return client


def _choose(ctx: Context, meaning: Meaning, ids: list[int]) -> None:
    rows = ctx.uow.clients.rows(ids)
    if not rows:
        raise NotFound(NOT_FOUND)
    _offer(ctx, meaning, rows)


def _offer(ctx: Context, meaning: Meaning, rows: list[ClientRow]) -> None:
    """A numbered choice with masked phone and tier; nothing else is shown before the choice (R306)."""
    said = meaning.get("client") or ""
    exact = all(row.name == said for row in rows)
    ctx.conversation.ask(
        "choice", "client", options=[row.id for row in rows], text=ctx.text, intent=meaning.intent, said=said,
    )
    head = f"有 {len(rows)} 位「{said}」" if exact and said else f"没有完全同名的「{said}」，找到相近的 {len(rows)} 位"
    lines = [f"{number_mark(n)} {choice_line(row, exact=exact)}" for n, row in enumerate(rows, 1)]
    ctx.say("\n".join([f"{head}，回复序号选择：" if said else f"找到 {len(rows)} 位，回复序号选择：", *lines]))


def choice_line(row: ClientRow, *, exact: bool) -> str:
    """What tells two clients of one name apart: masked phone and tier."""
    tier = row.bank_tier or row.insurance_tier or "未分层"
    return " ".join(filter(None, ["" if exact else row.name, row.masked_phone or "无手机号", tier]))


def number_mark(number: int) -> str:
    """① … ⑳, plain digits beyond."""
    return chr(0x245F + number) if 1 <= number <= 20 else f"{number}."


def resume_with(ctx: Context, data: Mapping[str, Any], client_id: int) -> None:
    """Run the sentence that led to a choice again, now that the client is known."""
    client = ctx.uow.clients.get(client_id)
    ctx.text = data["text"]
    ref = ClientRef(client.id, client.name)
    meaning = understand(
        ctx.text, now=ctx.local(ctx.now), role=ctx.user.role, book=ScopedBook(ctx.uow),
        dialogue=replace(ctx.conversation.dialogue(), pending="none", focus=ref), lexicon=lexicon_of(ctx.packs),
    )
    for part in meaning.parts or (meaning,):
        wanted = part.get("client") in (data.get("said"), None, "") or part.intent == data["intent"]
        slots = {**part.slots, "client_id": client.id, "fuzzy": False} if wanted else part.slots
        run(ctx, replace(part, slots=slots, clarify=None if part.clarify == "client" else part.clarify))
