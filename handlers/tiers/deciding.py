"""The tier standard as a setting: once a second person has approved a version, tiers are computed at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.approvals import Effect
from handlers.context import Context
from handlers.language import Meaning
from handlers.tier_words import NAME, changes_text, rows_of
from handlers.tiers.forms import FORM, draft_of, now_in_force
from handlers.tiers.trying import trial_text
from handlers.versioned import Setting, establish
from reminders.tiers import recompute
from storage.model.errors import Invalid
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.tiers import Standard, floors_in


class TierStandard(Setting[Standard]):
    """The subject is the scheme."""

    key, noun, group, example, form = "standard", NAME, "分层", f"{NAME} v1", FORM
    approved = "立即生效并重算"

    def versions(self, ctx: Context) -> VersionRepository[Any]:
        return ctx.uow.standards

    def subject(self, ctx: Context, meaning: Meaning) -> str:
        return now_in_force(ctx).scheme

    def now(self, ctx: Context, subject: str) -> Standard:
        return now_in_force(ctx)

    def set_by(self, ctx: Context, subject: str) -> Version | None:
        return ctx.uow.standards.in_force().version

    def held_in(self, ctx: Context, version: Version) -> Standard:
        own = Standard.of(ctx.packs)
        if own is None or own.scheme != version.subject:
            raise Invalid("这个版本的等级不在业务包里了，不能再用。")
        floors = own.floors if version.body is None else floors_in(version.body)
        return own.with_floors(floors, version.version)

    def own(self, ctx: Context, subject: str) -> Standard | None:
        return Standard.of(ctx.packs)

    def drafted(self, ctx: Context) -> tuple[str, Standard]:
        now = now_in_force(ctx)
        return now.scheme, draft_of(ctx).standard(now)

    def body_of(self, value: Standard) -> Mapping[str, Any]:
        return {"floors": dict(value.floors)}

    def changes(self, subject: str, before: Standard, after: Standard) -> str:
        return changes_text(before, after)

    def rows(self, subject: str, value: Standard) -> Mapping[str, str]:
        return rows_of(value)

    def trial(self, ctx: Context, subject: str, value: Standard, *, names: bool) -> str:
        return trial_text(ctx, value, names=names)

    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        moved = recompute(ctx.uow, "standard", ctx.zone)
        counted = f"{moved} 位客户换了等级" if moved else "没有客户换等级"
        return Effect("", f"已生效，{counted}；历史已记，顾问在早报里看到，客户不会收到通知")


SETTING = TierStandard()
establish(SETTING)
