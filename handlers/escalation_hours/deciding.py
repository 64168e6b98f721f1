"""The hours of escalation as a setting: in force at once when a second person has approved a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.approvals import Effect
from handlers.context import Context
from handlers.escalation_hours.forms import FORM, draft_of, now_in_force
from handlers.escalation_hours.trying import trial_text
from handlers.escalation_hours.words import NAME, Limits, changes_text, rows_of
from handlers.language import Meaning
from handlers.versioned import Setting, establish
from storage.escalation import SETTING as SUBJECT
from storage.escalation import body_of, hours_in, hours_of, with_hours
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository


class EscalationHours(Setting[Limits]):
    """There is one for the whole firm."""

    key, noun, group, example, form = "escalation", NAME, "运营", f"{NAME} v1", FORM

    def versions(self, ctx: Context) -> VersionRepository[Any]:
        return ctx.uow.escalations

    def subject(self, ctx: Context, meaning: Meaning) -> str:
        return SUBJECT

    def now(self, ctx: Context, subject: str) -> Limits:
        return now_in_force(ctx)

    def set_by(self, ctx: Context, subject: str) -> Version | None:
        return ctx.uow.escalations.in_force().version

    def held_in(self, ctx: Context, version: Version) -> Limits:
        own = hours_of(ctx.packs)
        return own if version.body is None else with_hours(own, hours_in(version.body))

    def own(self, ctx: Context, subject: str) -> Limits:
        return hours_of(ctx.packs)

    def drafted(self, ctx: Context) -> tuple[str, Limits]:
        return SUBJECT, draft_of(ctx).limits(now_in_force(ctx))

    def body_of(self, value: Limits) -> Mapping[str, Any]:
        return body_of(value)

    def changes(self, subject: str, before: Limits, after: Limits) -> str:
        return changes_text(before, after)

    def rows(self, subject: str, value: Limits) -> Mapping[str, str]:
        return rows_of(value)

    def trial(self, ctx: Context, subject: str, value: Limits, *, names: bool) -> str:
        return trial_text(ctx, now_in_force(ctx), value)

    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        return Effect("", "已生效，从下一个工作小时起按它告诉主管")


SETTING = EscalationHours()
establish(SETTING)
