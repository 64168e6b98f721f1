"""The firm's hours of the brief, the digest and the reports as settings, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.approvals import Effect
from handlers.context import Context
from handlers.language import Meaning
from handlers.push_times.forms import FORM, draft_of
from handlers.push_times.words import change_text, hour_text, name_of, reach_text
from handlers.versioned import Setting, establish
from storage.model.versions import Version
from storage.push_times import PushHour, body_of, hour_in, hour_of
from storage.repositories.versions import VersionRepository


class PushTime(Setting[PushHour]):
    """The subject is the push: brief, digest, weekly, monthly."""

    key, noun, group, example, form = "push", "推送时间", "运营", "早报时间 v1", FORM

    def versions(self, ctx: Context) -> VersionRepository[Any]:
        return ctx.uow.push_times

    def name(self, ctx: Context, subject: str) -> str:
        return name_of(subject)

    def subject(self, ctx: Context, meaning: Meaning) -> str:
        return str(meaning.get("push") or "brief")

    def now(self, ctx: Context, subject: str) -> PushHour:
        return ctx.uow.push_times.in_force().of(subject)

    def set_by(self, ctx: Context, subject: str) -> Version | None:
        return ctx.uow.push_times.in_force().versions.get(subject)

    def held_in(self, ctx: Context, version: Version) -> PushHour:
        return hour_of(ctx.packs, version.subject) if version.body is None else hour_in(version)

    def own(self, ctx: Context, subject: str) -> PushHour:
        return hour_of(ctx.packs, subject)

    def drafted(self, ctx: Context) -> tuple[str, PushHour]:
        draft = draft_of(ctx)
        return draft.push, draft.hour

    def body_of(self, value: PushHour) -> Mapping[str, Any]:
        return body_of(value)

    def changes(self, subject: str, before: PushHour, after: PushHour) -> str:
        return change_text(subject, before, after)

    def rows(self, subject: str, value: PushHour) -> Mapping[str, str]:
        return {"时间": hour_text(subject, value)}

    def trial(self, ctx: Context, subject: str, value: PushHour, *, names: bool) -> str:
        return f"试算：{reach_text(ctx, subject)}"

    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        return Effect("", f"已生效，从下一次起 {hour_text(version.subject, self.held_in(ctx, version))} 推送")


SETTING = PushTime()
establish(SETTING)
