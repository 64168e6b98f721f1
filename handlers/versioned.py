"""Settings: what operations set as a whole and of which one version is in force, like the tier standard. A version is
tried out, handed in, decided by a second person, listed and gone back to in the same way for each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from handlers.approvals import (
    ACTS,
    DECIDERS,
    OPS,
    PROPOSALS,
    STATES,
    Effect,
    Letter,
    Matter,
    Proposal,
    approver_of,
    ask_approver,
    check_was_in_force,
    register,
    send_letter,
    tell_replaced,
    who_text,
)
from handlers.context import Context
from handlers.language import Meaning
from handlers.router import command, confirmed
from storage.model.errors import Invalid, NotFound
from storage.model.people import User
from storage.model.versions import Act, Version
from storage.repositories.versions import VersionRepository

V = TypeVar("V")
SAME = "和现在生效的一样"


class Setting(ABC, Generic[V]):
    """`V` is what a version holds. `key` begins the intents (standard.approve), `noun` and `example` are what people
    call it and a version of it, `form` is where its drafts are written; `approved` is what approving does.

    `subject` tells those apart that are set one by one: the hour of the brief, the hour of the digest."""

    key: ClassVar[str]
    noun: ClassVar[str]
    group: ClassVar[str]
    example: ClassVar[str]
    form: ClassVar[str]
    approved: ClassVar[str] = "立即生效"

    @abstractmethod
    def versions(self, ctx: Context) -> VersionRepository[Any]:
        """Where its versions are kept."""

    @abstractmethod
    def subject(self, ctx: Context, meaning: Meaning) -> str:
        """Which one is meant. Raises NotFound where the packs have none."""

    @abstractmethod
    def now(self, ctx: Context, subject: str) -> V:
        """What is in force. Raises NotFound where the packs have none."""

    @abstractmethod
    def set_by(self, ctx: Context, subject: str) -> Version | None:
        """The version that is in force; None for the packs' own."""

    @abstractmethod
    def held_in(self, ctx: Context, version: Version) -> V:
        """What a version holds. Raises Invalid for one that does not fit the packs any more."""

    @abstractmethod
    def own(self, ctx: Context, subject: str) -> V | None:
        """What the packs say."""

    @abstractmethod
    def drafted(self, ctx: Context) -> tuple[str, V]:
        """The subject and the content of the draft at hand. Raises Invalid when there is none."""

    @abstractmethod
    def body_of(self, value: V) -> Mapping[str, Any]:
        """The content as a version holds it."""

    @abstractmethod
    def changes(self, subject: str, before: V, after: V) -> str:
        """贵宾 50 万元起 → 60 万元起; "" when nothing changes."""

    @abstractmethod
    def rows(self, subject: str, value: V) -> Mapping[str, str]:
        """The content line by line, for a letter and its card."""

    @abstractmethod
    def trial(self, ctx: Context, subject: str, value: V, *, names: bool) -> str:
        """What it would do beside what is in force. No client is named without `names`."""

    @abstractmethod
    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        """What follows from an approval at once."""

    def name(self, ctx: Context, subject: str) -> str:
        """What people call it: 分层标准, 早报时间, 模板 季度回顾."""
        return self.noun

    def version_name(self, ctx: Context, version: Version) -> str:
        """分层标准 v2"""
        return f"{self.name(ctx, version.subject)} v{version.version}"

    def origin(self, ctx: Context, subject: str) -> str:
        """Which version is in force and whose it is: v2，何运营 … 提交，沈合规 … 批准."""
        version = self.set_by(ctx, subject)
        return f"v{version.version}，{who_text(ctx, version)}" if version else "v0，业务包原样"

    def waiting_line(self, ctx: Context, subject: str) -> list[str]:
        """A line on what waits for approval; none where nothing does."""
        waiting = self.versions(ctx).waiting(subject)
        return [f"有一个版本等待审批：v{waiting.version}，{who_text(ctx, waiting)}"] if waiting else []


def establish(setting: Setting[Any]) -> None:
    """Make the commands, answers and buttons of a setting."""
    key, example = setting.key, setting.example
    PROPOSALS[setting.form] = Proposal(partial(_try_draft, setting), partial(_hand_in_draft, setting))
    confirmed(setting.form, roles=OPS)(partial(_hand_in_shown, setting))
    confirmed(f"{key}.hand_in", roles=OPS)(partial(_hand_in_to, setting))
    register(Matter(
        key, setting.noun, setting.group, example, setting.versions, setting.version_name,
        partial(_about, setting), partial(_asked, setting), partial(_check, setting), partial(_send, setting),
        setting.put_to_work,
    ))  # fmt: skip
    command(
        f"{key}.roll_back", group=setting.group, help=f"回到旧的{setting.noun}", example=f"回滚 {example}", roles=OPS
    )(partial(_roll_back, setting))
    command(
        f"{key}.history", group=setting.group, help=f"看{setting.noun}的历次版本",
        example=f"{example.rpartition(' ')[0]} 历史", roles=DECIDERS,
    )(partial(_history, setting))


# ---------------------------------------------------------------- trying out, handing in


def _try_draft(setting: Setting[V], ctx: Context) -> None:
    """What the draft at hand would do; it stays at hand."""
    subject, value = setting.drafted(ctx)
    draft = ctx.conversation.draft
    if draft is not None:
        ctx.conversation.ask("form", setting.form, **draft.data)
    changes = setting.changes(subject, setting.now(ctx, subject), value)
    ctx.say(f"{changes}\n{setting.trial(ctx, subject, value, names=True)}\n发送「提交」请第二个人审批。")


def _hand_in_draft(setting: Setting[V], ctx: Context, to: str) -> None:
    subject, value = setting.drafted(ctx)
    if not setting.changes(subject, setting.now(ctx, subject), value):
        raise Invalid(f"草稿{SAME}，没有要提交的改动。")
    _hand_in(setting, ctx, subject, setting.body_of(value), "change", to)


def _hand_in_shown(setting: Setting[V], ctx: Context, data: Mapping[str, Any]) -> None:
    """确认 under the form hands it in."""
    ctx.conversation.ask("form", setting.form, **data)
    _hand_in_draft(setting, ctx, "")


def _hand_in(
    setting: Setting[V], ctx: Context, subject: str, body: Mapping[str, Any] | None, act: Act, to: str = ""
) -> None:
    name = setting.name(ctx, subject)
    ask_approver(ctx, f"{setting.key}.hand_in", to, name, subject=subject, body=body, act=act)


def _hand_in_to(setting: Setting[V], ctx: Context, data: Mapping[str, Any]) -> None:
    """Write the version down; the one who is to approve gets the whole of it, what it would do, and a card."""
    approver, subject, versions = approver_of(ctx, data), str(data["subject"]), setting.versions(ctx)
    before = versions.waiting(subject)
    version = versions.submit(subject, data["body"], data["act"], approver.id)
    name = setting.version_name(ctx, version)
    tell_replaced(ctx, before, setting.version_name(ctx, before) if before else "", name)
    draft = ctx.conversation.draft
    if draft is not None and draft.about == setting.form:
        ctx.conversation.drop_draft()
    _send(setting, ctx, version, approver)
    ctx.wrote_for_good(f"提交{setting.name(ctx, subject)}")
    ctx.say(f"已提交 {name}，等{approver.name}审批；批准后{setting.approved}，不用重启。")


def _send(setting: Setting[V], ctx: Context, version: Version, approver: User) -> None:
    subject, value = version.subject, setting.held_in(ctx, version)
    changed = setting.changes(subject, setting.now(ctx, subject), value) or SAME
    rows = setting.rows(subject, value)
    lines = [*(f"{name}：{row}" for name, row in rows.items()), f"改动：{changed}"]
    send_letter(ctx, approver, version, Letter(
        setting.version_name(ctx, version), f"{setting.name(ctx, subject)}待审批",
        "\n".join([*lines, setting.trial(ctx, subject, value, names=False)]), f"改动：{changed}",
        f"{setting.key}.approve", f"{setting.key}.reject", rows,
    ))  # fmt: skip


# ---------------------------------------------------------------- deciding, going back


def _asked(setting: Setting[V], ctx: Context, meaning: Meaning) -> Version:
    subject = setting.subject(ctx, meaning)
    version = setting.versions(ctx).waiting(subject)
    if version is None:
        name = setting.name(ctx, subject)
        raise NotFound(f"没有等待审批的{name}。发送「{name} 历史」查看。")
    return version


def _check(setting: Setting[Any], ctx: Context, version: Version) -> None:
    setting.held_in(ctx, version)


def _about(setting: Setting[V], ctx: Context, version: Version) -> str:
    try:
        now, value = setting.now(ctx, version.subject), setting.held_in(ctx, version)
    except (Invalid, NotFound):
        return "（已经不能用）"
    return f"（{setting.changes(version.subject, now, value) or SAME}）"


def _roll_back(setting: Setting[V], ctx: Context, meaning: Meaning) -> None:
    """Hand in an earlier version again; v0 is the packs'."""
    subject, wanted = setting.subject(ctx, meaning), meaning.get("version")
    name, history = setting.name(ctx, subject), f"{setting.name(ctx, subject)} 历史"
    if wanted is None:
        raise Invalid(f"请写明回到哪一版，例如「回滚 {name} v0」；v0 是业务包原样。发送「{history}」查看版本。")
    in_force = setting.set_by(ctx, subject)
    if wanted == (in_force.version if in_force else 0):
        ctx.say(f"{name}现在就是 v{wanted}。")
        return
    if wanted == 0:
        _hand_in(setting, ctx, subject, None, "roll_back")
        return
    version = next((v for v in setting.versions(ctx).history(subject) if v.version == wanted), None)
    if version is None:
        raise NotFound(f"{name}没有 v{wanted}。发送「{history}」查看版本。")
    check_was_in_force(version, setting.version_name(ctx, version), history)
    changed = setting.changes(subject, setting.now(ctx, subject), setting.held_in(ctx, version))
    ctx.say(f"回到 v{wanted}：{changed or SAME}")
    _hand_in(setting, ctx, subject, version.body, "roll_back")


# ---------------------------------------------------------------- versions


def _history(setting: Setting[V], ctx: Context, meaning: Meaning) -> None:
    """The versions, the latest first: what each changed, who wrote and who approved it, and when."""
    subject = setting.subject(ctx, meaning)
    versions, in_force = setting.versions(ctx).history(subject), setting.set_by(ctx, subject)
    lines = [f"{setting.name(ctx, subject)}的版本，新的在前："]
    for version in versions:
        lines.append(f"v{version.version} {STATES[version.state]}：{ACTS[version.act]}，{who_text(ctx, version)}")
        before = next((v for v in versions if v.version < version.version and v.state in ("in_force", "retired")), None)
        lines += _details(setting, ctx, version, before)
    lines.append("v0 业务包原样" + ("（生效中）" if in_force is None else ""))
    back = next((version.version for version in versions if version.state == "retired"), 0)
    lines += [f"要回到旧版本，例如「回滚 {setting.name(ctx, subject)} v{back}」。"] if in_force else []
    ctx.say("\n".join(lines))


def _details(setting: Setting[V], ctx: Context, version: Version, before: Version | None) -> list[str]:
    """What it changed of the one that was in force before it, and why it was refused."""
    value = _held(setting, ctx, version)
    if value is None:
        return ["　这个版本已经不能用了。"]
    old = _held(setting, ctx, before) if before else setting.own(ctx, version.subject)
    changed = setting.changes(version.subject, old, value) if old is not None else ""
    return [*([f"　{changed}"] if changed else []), *([f"　驳回原因：{version.reason}"] if version.reason else [])]


def _held(setting: Setting[V], ctx: Context, version: Version) -> V | None:
    """What a version holds; None for one that cannot be used any more."""
    try:
        return setting.held_in(ctx, version)
    except Invalid:
        return None
