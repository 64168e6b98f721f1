"""Four eyes: what operations hand in (rules, the tier standard …) is decided by a second person, never its author."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.router import CONFIRMED, action, command
from storage.model.errors import Invalid, NotAllowed, NotFound
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, Text, cut
from storage.model.people import User
from storage.model.versions import ACTS as ACTS
from storage.model.versions import DECIDERS as DECIDERS
from storage.model.versions import OPS as OPS
from storage.model.versions import Version, VersionState, may_decide
from storage.repositories.versions import VersionRepository

CARD_LINES = 6  # that WeCom shows; the text before the card has all
STATES: Mapping[VersionState, str] = {
    "submitted": "待审批", "in_force": "生效中", "retired": "已换下", "rejected": "已驳回", "withdrawn": "已撤下",
}
NOBODY = "没有可以审批的第二个人：要另一位运营、合规、管理员，或您的上级。请管理员先添加。"
NOT_YOURS_TO_DECIDE = "这个版本不能由您审批：提交的人不能自己批，审批人要是运营、合规、管理员或提交人的上级。"


# ---------------------------------------------------------------- drafts that can be tried out and handed in


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft that 试算 and 提交 are about: `try_out` says what it would do, `hand_in` asks for approval (of the member
    of that name, if one was named)."""

    try_out: Callable[[Context], None]
    hand_in: Callable[[Context, str], None]


PROPOSALS: dict[str, Proposal] = {}  # by form


def proposal_in_hand(ctx: Context, otherwise: str) -> Proposal:
    """What the draft at hand can do. Raises Invalid with the words `otherwise` when there is none of that sort."""
    draft = ctx.conversation.draft
    if draft is None or draft.about not in PROPOSALS:
        raise Invalid(otherwise)
    return PROPOSALS[draft.about]


# ---------------------------------------------------------------- who decides


def deciders(ctx: Context, author: User) -> list[User]:
    """Who may approve what an author hands in: operations, compliance, administrators, and the author's superior;
    never the author."""
    return [user for user in ctx.uow.users.all() if may_decide(user, author.id, author.manager_id)]


def may_decide_about(ctx: Context, version: Version) -> bool:
    """Whether the member may decide about a version."""
    author = ctx.uow.users.find(version.author_id)
    return may_decide(ctx.user, version.author_id, author.manager_id if author else None)


def ask_approver(ctx: Context, then: str, to: str, noun: str, **kept: Any) -> None:
    """Ask who is to approve where several may and none was named (`to`); then go on with `then`, a @confirmed
    function that gets what was `kept`, and the id of the one as `chosen`."""
    found = deciders(ctx, ctx.user)
    if to:
        found = [user for user in found if user.name == to]
        if not found:
            names = "、".join(user.name for user in deciders(ctx, ctx.user)) or "没有"
            raise NotFound(f"「{to}」不能审批{noun}，或没有这位同事。可以审批的：{names}。")
    if not found:
        raise NotFound(NOBODY)
    if len(found) == 1:
        CONFIRMED[then](ctx, {**kept, "chosen": found[0].id})
        return
    ctx.conversation.ask(
        "choice", "approver", options=[user.id for user in found], labels=[user.name for user in found],
        then=then, **kept,
    )
    lines = [f"{number}. {user.name}" for number, user in enumerate(found, 1)]
    ctx.say("\n".join(["请谁审批？回复序号：", *lines]))


def approver_of(ctx: Context, data: Mapping[str, Any]) -> User:
    """The one who was chosen to approve. Raises NotAllowed when he may not."""
    approver = ctx.uow.users.get(str(data["chosen"]))
    if not may_decide(approver, ctx.user.id, ctx.user.manager_id):
        raise NotAllowed(NOT_YOURS_TO_DECIDE)
    return approver


# ---------------------------------------------------------------- the letter and its card


@dataclass(frozen=True, slots=True)
class Letter:
    """What the approver is sent: the whole text, and a card whose buttons lead to `approve` and `reject`. `name` is
    how people call the version (R3 v2), `rows` the lines of the card."""

    name: str
    title: str
    text: str
    summary: str
    approve: str
    reject: str
    rows: Mapping[str, str] = field(default_factory=dict)


def send_letter(ctx: Context, approver: User, version: Version, letter: Letter) -> None:
    """Send it to the one who is to approve."""
    author = ctx.uow.users.get(version.author_id).name
    ctx.tell(approver.id, Text(f"{author} 提交 {letter.name}（{ACTS[version.act]}），请您审批：\n{letter.text}"))
    task = f"approve-{version.id}-{new_token()}"
    bind = ctx.uow.cards.bind
    ctx.tell(approver.id, Card(
        "button_interaction", title=cut(letter.title, 36), task_id=task,
        desc=cut(f"{author} {ACTS[version.act]}，v{version.version}", 44),
        sub_title=cut(f"{letter.summary}。也可回复「同意 {letter.name}」「驳回 {letter.name} 原因」。", 160),
        lines=[Line(cut(name, 5), cut(value, 30)) for name, value in islice(letter.rows.items(), CARD_LINES)],
        buttons=[
            Button("同意", bind(task, approver.id, letter.approve, version=version.id), 1),
            Button("驳回", bind(task, approver.id, letter.reject, version=version.id), 3),
        ],
    ))  # fmt: skip


def tell_replaced(ctx: Context, before: Version | None, name: str, new_name: str) -> None:
    """Tell the author of a version that waited that somebody else's has taken its place."""
    if before is not None and before.author_id != ctx.user.id:
        ctx.tell(before.author_id, Text(
            f"{ctx.user.name} 提交了 {new_name}，您提交的 {name} 还没有批，已撤下。还要改的话，请看过新的一版再提交。"
        ))  # fmt: skip


# ---------------------------------------------------------------- deciding


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of an approval: `title` is what the version is called behind its name, `said` what it did."""

    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A sort of thing that a second person decides about.

    `key` begins its intents (rules.approve), `noun` is what people call it, `example` how they name a version;
    `asked` finds the version that waits (raises NotFound), `about` says in a few words what it is; `check` raises
    Invalid for one that fits the packs no more and NotAllowed where the member may not approve it; `send` shows it with
    its card; `effect` puts it to work and may raise to stop the approval."""

    key: str
    noun: str
    group: str
    example: str
    versions: Callable[[Context], VersionRepository[Any]]
    name: Callable[[Context, Version], str]
    about: Callable[[Context, Version], str]
    asked: Callable[[Context, Meaning], Version]
    check: Callable[[Context, Version], None]
    send: Callable[[Context, Version, User], None]
    effect: Callable[[Context, Version], Effect]


MATTERS: dict[str, Matter] = {}  # by key


def register(matter: Matter) -> None:
    """Make the buttons and commands by which a second person decides about such a matter."""
    MATTERS[matter.key] = matter
    for approved, verb, words in ((True, "approve", "同意"), (False, "reject", "驳回")):
        reason = "" if approved else " 原因"
        action(f"{matter.key}.{verb}", roles=DECIDERS)(partial(_tap, matter=matter, approved=approved))
        command(
            f"{matter.key}.{verb}", group=matter.group, help=f"{words}一版{matter.noun}",
            example=f"{words} {matter.example}{reason}", roles=DECIDERS,
        )(partial(_said, matter=matter, approved=approved))


def _tap(ctx: Context, args: Mapping[str, Any], *, matter: Matter, approved: bool) -> None:
    """A button of the card: decide once, and say so on the card."""
    version = matter.versions(ctx).find(int(args["version"]))
    if version is None or version.state != "submitted":
        ctx.grey_out("已处理")
        ctx.say("这个版本已经处理过了，或被新的版本代替。")
        return
    _decide(ctx, matter, version, approved=approved)
    ctx.uow.cards.use(args["card"])
    ctx.grey_out("已同意" if approved else "已驳回")


def _said(ctx: Context, meaning: Meaning, *, matter: Matter, approved: bool) -> None:
    """Decide about the version that waits, when it is the one that was named; else it is shown, for nobody decides
    about a text that he may not have read."""
    version = matter.asked(ctx, meaning)
    _check_decider(ctx, matter, version)
    if meaning.get("version") == version.version:
        _decide(ctx, matter, version, approved=approved, reason=str(meaning.get("reason") or ""))
    else:
        show_waiting(ctx, matter, version, meaning.get("version"))


def show_waiting(ctx: Context, matter: Matter, version: Version, named: int | None = None) -> None:
    """Show a version that waits for the member, with its buttons and what to type; `named` is the other one that he
    named. Raises Invalid for one that cannot
    be approved any more."""
    name = matter.name(ctx, version)
    try:
        matter.check(ctx, version)
    except Invalid as error:
        raise Invalid(f"{error}\n可以驳回它：发送「驳回 {name} 原因」。") from None
    other = f"v{named} 没有在等审批。" if named else ""
    ctx.say(f"{other}等待审批的是 {name}，请看过再定：点卡片上的按钮，或回复「同意 {name}」「驳回 {name} 原因」。")
    matter.send(ctx, version, ctx.user)


def _check_decider(ctx: Context, matter: Matter, version: Version) -> None:
    """Raises NotAllowed, and notes the attempt, when the member may not decide about a version."""
    if not may_decide_about(ctx, version):
        record = matter.versions(ctx).record
        ctx.uow.audit.record("refuse", record, version.subject, outcome="denied", version=version.version)
        raise NotAllowed(NOT_YOURS_TO_DECIDE)


def _decide(ctx: Context, matter: Matter, version: Version, *, approved: bool, reason: str = "") -> None:
    _check_decider(ctx, matter, version)
    if approved:
        matter.check(ctx, version)
    decided = matter.versions(ctx).decide(version, approved=approved, reason=reason)
    ctx.wrote_for_good(f"审批{matter.noun}")
    name = matter.name(ctx, version)
    if not approved:
        _tell_refused(ctx, decided, name, matter.noun)
        return
    effect = matter.effect(ctx, version)
    ctx.say(f"{name}{effect.title or ' '}{effect.said}。")
    ctx.tell(version.author_id, Text(f"{ctx.user.name} 批准了 {name}{effect.title}，{effect.said}。"))


def _tell_refused(ctx: Context, decided: Version, name: str, noun: str) -> None:
    """Say that a version was refused, here and to its author."""
    told = f"，原因：{decided.reason}" if decided.reason else f"。下次可以带上原因，例如「驳回 {name} 原因」"
    ctx.say(f"已驳回 {name}{told}。现在生效的{noun}没有变。")
    ctx.tell(decided.author_id, Text(f"{ctx.user.name} 驳回了 {name}{told if decided.reason else ''}。"))


# ---------------------------------------------------------------- going back


def check_was_in_force(version: Version, name: str, history_words: str) -> None:
    """Raises Invalid for a version that nobody approved: there is no way back to it."""
    if version.state not in ("in_force", "retired"):
        raise Invalid(f"{name} {STATES[version.state]}，没有生效过，不能回滚到它。发送「{history_words}」查看版本。")


# ---------------------------------------------------------------- telling of versions


def who_text(ctx: Context, version: Version) -> str:
    """何运营 2025-06-09 09:00 提交，沈合规 06-09 09:05 批准"""
    author = ctx.uow.users.find(version.author_id)
    said = f"{author.name if author else version.author_id} {ctx.local(version.created_at):%Y-%m-%d %H:%M} 提交"
    if version.state == "submitted" and version.approver_id is not None:
        asked = ctx.uow.users.find(version.approver_id)
        return f"{said}，请{asked.name if asked else version.approver_id}审批"
    if version.decided_by is None or version.decided_at is None or version.act == "stop":
        return said
    found = ctx.uow.users.find(version.decided_by)
    decider = found.name if found else version.decided_by
    word = {"rejected": "驳回", "withdrawn": "撤下"}.get(version.state, "批准")
    return f"{said}，{decider} {ctx.local(version.decided_at):%m-%d %H:%M} {word}"
