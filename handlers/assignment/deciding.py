"""The rules of assignment as a setting: in force at once when a second person has approved a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.approvals import Effect
from handlers.assignment.forms import FORM, draft_of
from handlers.assignment.trying import trial_text
from handlers.assignment.words import NAME, Names, changes_text, rows_of
from handlers.context import Context
from handlers.language import Meaning
from handlers.versioned import Setting, establish
from storage.assignments import SETTING as SUBJECT
from storage.assignments import Assignments, assignments_in, assignments_of, body_of
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository


@dataclass(frozen=True)
class Told:
    """The rules, and how the members in them are called."""

    rules: Assignments
    names: Names


class AssignmentRules(Setting[Told]):
    """There is one set of rules for the whole firm."""

    key, noun, group, example, form = "assign", NAME, "运营", f"{NAME} v1", FORM

    def versions(self, ctx: Context) -> VersionRepository[Any]:
        return ctx.uow.assignments

    def subject(self, ctx: Context, meaning: Meaning) -> str:
        return SUBJECT

    def now(self, ctx: Context, subject: str) -> Told:
        return Told(ctx.uow.assignments.in_force().now, ctx.uow.users.names())

    def set_by(self, ctx: Context, subject: str) -> Version | None:
        return ctx.uow.assignments.in_force().version

    def held_in(self, ctx: Context, version: Version) -> Told:
        own = version.body is None
        rules = assignments_of(ctx.packs) if own else assignments_in(ctx.packs, version.body or {})
        return Told(rules, ctx.uow.users.names())

    def own(self, ctx: Context, subject: str) -> Told:
        return Told(assignments_of(ctx.packs), ctx.uow.users.names())

    def drafted(self, ctx: Context) -> tuple[str, Told]:
        return SUBJECT, Told(draft_of(ctx), ctx.uow.users.names())

    def body_of(self, value: Told) -> Mapping[str, Any]:
        return body_of(value.rules)

    def changes(self, subject: str, before: Told, after: Told) -> str:
        return changes_text(before.rules, after.rules, after.names)

    def rows(self, subject: str, value: Told) -> Mapping[str, str]:
        return rows_of(value.rules, value.names)

    def trial(self, ctx: Context, subject: str, value: Told, *, names: bool) -> str:
        return trial_text(ctx, ctx.uow.assignments.in_force().now, value.rules)

    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        return Effect("", "已生效，从下一位没有顾问的新客户起按它分")


SETTING = AssignmentRules()
establish(SETTING)
