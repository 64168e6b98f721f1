"""What stands between a rule's text and the client: the gate's answer to 为什么没有提醒."""

from __future__ import annotations

from collections.abc import Iterable

from config.pack import ReminderRule
from handlers.care_texts import occasion_label
from handlers.context import Context
from reminders.cards import care_text
from reminders.gate import Asked, Verdict, may_send
from reminders.reasons import Matter
from reminders.rules import BIRTHDAYS
from reminders.wording import Suggestion
from storage.model.care import Route
from storage.model.people import Client
from storage.model.work import Reminder
from storage.repositories.contacts import ContactRepository


def at_the_gate(ctx: Context, rules: Iterable[tuple[ReminderRule, Matter]], client: Client) -> list[str]:
    """Of each text that these rules suggest for the client: whether it might go now, and if not, why and what to do.

    Nothing is kept of it: nobody wants to send anything yet."""
    said: dict[str, list[str]] = {}
    for rule, matter in {rule.care_template: (rule, matter) for rule, matter in rules if rule.care_template}.values():
        label, words = _of_rule(ctx, rule, matter, client)
        said.setdefault(words, []).append(label)
    return [f"发给客户的{'、'.join(dict.fromkeys(labels))}：{words}" for words, labels in said.items()]


def _of_rule(ctx: Context, rule: ReminderRule, matter: Matter, client: Client) -> tuple[str, str]:
    template = ctx.uow.templates.in_force().get(rule.care_template)
    occasion = template.occasion or rule.category
    made = _filled(ctx, rule, matter, client)
    text = (made.text if made else "") or template.text_for(client.bank_tier, client.insurance_tier)
    asked = Asked.about(
        ctx.packs, client, occasion, text, _route(ctx, client), template=template.id, template_version=template.version,
    )  # fmt: skip
    verdict = may_send(ctx.uow, asked, ctx.zone, stage="draft", keep=False)
    stops = [made.problem] if made and made.problem else []
    label = occasion_label(ctx.packs, occasion)
    return label, "".join([*stops, *_said(ctx, verdict)]) or "现在没有什么拦着，顾问确认后可以发。"


def _said(ctx: Context, verdict: Verdict) -> list[str]:
    """The gate's reasons with what to do about each, and when it opens by itself."""
    words = [line for line in verdict.words.split("\n") if line]
    return words + ([f"{ctx.local(verdict.until):%m-%d %H:%M} 以后可以发。"] if verdict.until else [])


def _route(ctx: Context, client: Client) -> Route:
    return "task" if ContactRepository(ctx.uow).of_client(client.id, client.owner_id) else "hand"


def _filled(ctx: Context, rule: ReminderRule, matter: Matter, client: Client) -> Suggestion | None:
    """The text as it would be offered with the rule's reminder; a birthday's on the day itself."""
    on = matter.on if matter.on and rule.source not in BIRTHDAYS else ctx.today
    reminder = Reminder(
        0, "", rule.lines()[0].id, rule.category, client.owner_id, client.owner_id, client.id, rule.source_record,
        matter.id, on, 0, ctx.now, rule.weight, client_name=client.name,
    )  # fmt: skip
    return care_text(ctx.uow, reminder, ctx.uow.users.get(client.owner_id), ctx.zone, company=ctx.company)
