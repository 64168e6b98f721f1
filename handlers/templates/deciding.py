"""Texts to clients as settings, one by one. What was drafted from the words before keeps their version, and the gate
asks for a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.pack import Template
from handlers.approvals import Effect
from handlers.context import Context
from handlers.language import Meaning
from handlers.templates.forms import FORM, check, draft_of
from handlers.templates.words import change_text, name_of, own_of, template_named
from handlers.versioned import Setting, establish
from storage.model.errors import Invalid, NotFound
from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.templates import body_of, reworded

_SAMPLE: Mapping[str, str] = {
    "client_name": "王女士", "salutation": "王女士", "adviser_name": "李顾问", "tier": "贵宾", "kind_label": "保单",
    "contract_name": "示例保单（尾号 0001）", "product_name": "示例产品", "number_tail": "0001", "due_on": "2025-07-01",
    "days_left": "7", "days_over": "3", "amount": "1,000 元", "instalment_number": "2", "grace_ends_on": "2025-08-30",
    "birthday": "6月15日", "last_contact_on": "2025-05-01", "silent_days": "40", "account_name": "工资卡（尾号 0001）",
    "event": "连续 3 个月结余超过 2 万元",
}  # fmt: skip


class Wording(Setting[Template]):
    """The subject is the template."""

    key, noun, group, example, form = "template", "模板", "运营", "模板 季度回顾 v1", FORM

    def versions(self, ctx: Context) -> VersionRepository[Any]:
        return ctx.uow.templates

    def name(self, ctx: Context, subject: str) -> str:
        return name_of(ctx, subject)

    def subject(self, ctx: Context, meaning: Meaning) -> str:
        """By its name; by its id where it has left the packs and a version of it still waits."""
        said = str(meaning.get("name") or "")
        if any(version.subject == said for version in ctx.uow.templates.all_waiting()):
            return said
        return template_named(ctx, said).id

    def now(self, ctx: Context, subject: str) -> Template:
        found = ctx.uow.templates.in_force().find(subject)
        if found is None:
            raise NotFound("业务包里已经没有这个模板。发送「模板」看全部。")
        return found

    def set_by(self, ctx: Context, subject: str) -> Version | None:
        return ctx.uow.templates.in_force().versions.get(subject)

    def held_in(self, ctx: Context, version: Version) -> Template:
        """Raises Invalid also for words that may not go to a client any more."""
        try:
            own = own_of(ctx, version.subject)
        except NotFound as error:
            raise Invalid(str(error)) from None
        if version.body is None:
            return own
        template = reworded(own, version.body)
        check(ctx, template)
        return template

    def own(self, ctx: Context, subject: str) -> Template | None:
        return next((template for template in ctx.packs.templates if template.id == subject), None)

    def drafted(self, ctx: Context) -> tuple[str, Template]:
        draft = draft_of(ctx)
        template = draft.of(ctx)
        check(ctx, template)
        return draft.template, template

    def body_of(self, value: Template) -> Mapping[str, Any]:
        return body_of(value)

    def changes(self, subject: str, before: Template, after: Template) -> str:
        return change_text(before, after)

    def rows(self, subject: str, value: Template) -> Mapping[str, str]:
        return {"文字": value.text, **value.variants}

    def trial(self, ctx: Context, subject: str, value: Template, *, names: bool) -> str:
        return "\n".join(["试算（人名和数字是编的）：", _sample(ctx, value), *_used_by(ctx, value)])

    def put_to_work(self, ctx: Context, version: Version) -> Effect:
        return Effect("", "已生效；按旧文字起草、还没发出的，发送前会请顾问重新起草")


def _sample(ctx: Context, template: Template) -> str:
    """How it reads with made-up values."""
    values = {**_SAMPLE, "company_name": ctx.company or "本公司"}
    tiers = [f"（{tier}）{template.render(values, tier)}" for tier in template.variants]
    return "\n".join([template.render(values), *tiers])


def _used_by(ctx: Context, template: Template) -> list[str]:
    """The rules and dates that suggest it."""
    rules = [rule.label for rule in ctx.uow.rules.in_force().rules if rule.care_template == template.id]
    dates = [entry.label for entry in ctx.packs.care_dates if template.id in entry.templates]
    found = list(dict.fromkeys([*rules, *dates]))
    return [f"用到它的：{'、'.join(found[:8])}。"] if found else []


SETTING = Wording()
establish(SETTING)
